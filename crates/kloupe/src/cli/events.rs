//! `kloupe events`: events by the time at which they really happened, of one object or of all that belongs to it.

use clap::{Arg, ArgAction, ArgMatches};
use jiff::Timestamp;
use kloupe_cluster::cluster::{JSON, escape};
use kloupe_cluster::family::uid;
use kloupe_cluster::{Discovery, Family, Resource};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_views::layout::Aligner;
use kloupe_views::output::{Format, Known, sort_by, typed};
use kloupe_views::{age, columns};
use serde_json::Value;

use super::manual::Manual;
use super::mirror::target::unknown;
use super::mirror::{self, Out, Session, Stop, commas, connection, duration, is_set, switch, text, unlisted, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "events", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| events(matches, session, out))
}

fn events(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let kinds: Vec<String> = commas(matches, "types");
    if kinds.iter().any(|it| !it.eq_ignore_ascii_case("Normal") && !it.eq_ignore_ascii_case("Warning")) {
        return Err(Stop("error: valid --types are Normal or Warning".into()));
    }
    let format = match text(matches, "output") {
        None | Some("") => None,
        Some(typed) => Format::parse(typed, text(matches, "template").unwrap_or_default(), Known::Objects)?
            .map(|format| format.as_they_stand().show_managed_fields(is_set(matches, "show-managed-fields"))),
    };
    let since = match text(matches, "since") {
        None => None,
        Some(typed) => {
            Some(duration(typed).ok_or_else(|| Stop(format!("error: invalid argument \"{typed}\" for \"--since\"")))?)
        }
    };
    let everywhere = is_set(matches, "all-namespaces");
    let namespace = session.cluster.namespace.clone();
    let mut query = String::new();
    let mut tree = Vec::new();
    let mut path =
        if everywhere { "/api/v1/events".to_owned() } else { format!("/api/v1/namespaces/{namespace}/events") };
    if let Some(about) = text(matches, "for").filter(|it| !it.is_empty()) {
        let (kind, name) = about_whom(about)?;
        let discovery = session.discovery()?;
        // kubectl says this one without "error: ".
        let resource = discovery.find(kind).ok_or_else(|| Stop(unknown(kind)))?;
        if is_set(matches, "tree") {
            tree = below(session, &discovery, resource, name, out)?;
            if !resource.namespaced {
                "/api/v1/events".clone_into(&mut path);
            }
        } else if is_set(matches, "by-uid") {
            let object =
                session.wait(session.cluster.get(&format!("{}/{name}", resource.path(Some(&namespace))), JSON))?;
            let uid = object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
            query = format!("fieldSelector={}", escape(&format!("involvedObject.uid={uid}")));
            if !resource.namespaced {
                "/api/v1/events".clone_into(&mut path);
            }
        } else {
            let selector = format!(
                "involvedObject.apiVersion={},involvedObject.kind={},involvedObject.name={name}",
                resource.api_version(),
                resource.kind
            );
            query = format!("fieldSelector={}", escape(&selector));
        }
    }
    let mut events = session.wait(session.cluster.list(&path, &query))?;
    let now = session.cluster.now();
    let reasons = commas(matches, "reason");
    let sources = commas(matches, "source");
    events.retain(|event| {
        one_of(&kinds, str_at(event, "/type"))
            && one_of(&reasons, str_at(event, "/reason"))
            && (sources.is_empty()
                || one_of(&sources, str_at(event, "/source/component"))
                || one_of(&sources, str_at(event, "/reportingComponent")))
            && since.is_none_or(|since| {
                when(event).is_some_and(|time| now.as_second() - time.as_second() <= since.as_secs().cast_signed())
            })
            && (tree.is_empty() || tree.iter().any(|uid| uid == str_at(event, "/involvedObject/uid")))
    });
    let times: Vec<Option<Timestamp>> = events.iter().map(when).collect();
    let order = sort_by::places(events.len(), |a, b| times[a] < times[b]);
    let events: Vec<Value> = order.into_iter().map(|at| std::mem::take(&mut events[at])).collect();
    if events.is_empty() {
        out.remarks.push(if everywhere {
            "No events found.".to_owned()
        } else {
            format!("No events found in {namespace} namespace.")
        });
        return Ok(());
    }
    out.text = match format {
        // kubectl aligns at tabs here, whatever the format.
        Some(format) => Aligner::table().align(&format.print(&typed::events(&events))?),
        None => columns::events(&events, now, everywhere, is_set(matches, "no-headers")),
    };
    Ok(())
}

fn one_of(wanted: &[String], value: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|it| it.eq_ignore_ascii_case(value))
}

fn str_at<'a>(event: &'a Value, path: &str) -> &'a str {
    event.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// The time at which it was seen last: of a series, of a counted event, of a single one.
fn when(event: &Value) -> Option<Timestamp> {
    ["/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/firstTimestamp", "/metadata/creationTimestamp"]
        .iter()
        .find_map(|path| age::parse(event.pointer(path)?.as_str()?))
}

fn about_whom(about: &str) -> Result<(&str, &str), Stop> {
    let Some((kind, name)) = about.split_once('/') else {
        return Err(Stop("error: --for must be in resource/name form".into()));
    };
    if name.contains('/') {
        return Err(Stop("error: arguments in resource/name form may not have more than one slash".into()));
    }
    Ok((kind, name))
}

/// The uids of an object and of all that it owns, through any number of owners.
fn below(
    session: &Session,
    discovery: &Discovery,
    resource: &Resource,
    name: &str,
    out: &mut Out,
) -> Result<Vec<String>, Stop> {
    let cluster = &session.cluster;
    let namespace = resource.namespaced.then_some(cluster.namespace.as_str());
    let root = session.wait(cluster.get(&format!("{}/{name}", resource.path(namespace)), JSON))?;
    let family = session.wait(Family::read(cluster, discovery, namespace));
    out.remarks.extend(unlisted::remark(session.lang, &family.unread));
    let owned = family.below(uid(&root)).into_iter().flat_map(|member| known_as(member.resource, &member.object));
    Ok(known_as(resource, &root).into_iter().chain(owned).collect())
}

/// The uids under which events speak of an object: the kubelet takes a node's name, and of a static pod the hash of its file.
fn known_as(resource: &Resource, object: &Value) -> Vec<String> {
    let other = match resource.full_name().as_str() {
        "nodes" => str_at(object, "/metadata/name"),
        "pods" => str_at(object, "/metadata/annotations/kubernetes.io~1config.mirror"),
        _ => "",
    };
    [uid(object), other].into_iter().filter(|uid| !uid.is_empty()).map(str::to_owned).collect()
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let which = say!(lang, en: "Which events", zh: "哪些事件");
    let own = [
        switch("all-namespaces").short('A').help(say!(lang, en: "Of all namespaces", zh: "所有命名空间")),
        value("for", "TYPE/NAME").help(say!(lang, en: "Of one object", zh: "某个对象的事件")),
        switch("tree").help(
            say!(lang, en: "With --for: also of everything that it owns", zh: "与 --for 一起：包括它拥有的所有对象"),
        ),
        switch("by-uid").help(say!(
            lang,
            en: "With --for: only of the object that is there now, not of an older one of its name",
            zh: "与 --for 一起：只含当前对象的事件，不含同名旧对象的事件"
        )),
        value("types", "TYPE,…")
            .action(ArgAction::Append)
            .help(say!(lang, en: "Normal or Warning", zh: "Normal 或 Warning")),
        value("reason", "REASON,…")
            .action(ArgAction::Append)
            .help(say!(lang, en: "With one of these reasons", zh: "原因为其中之一")),
        value("source", "NAME,…")
            .action(ArgAction::Append)
            .help(say!(lang, en: "From one of these components", zh: "来自其中一个组件")),
        value("since", "TIME").help(say!(lang, en: "Seen within this time: 10m", zh: "在此时长内出现过：10m")),
        value("output", "FORMAT")
            .short('o')
            .help(say!(lang, en: "json, yaml, jsonpath=…, …", zh: "json、yaml、jsonpath=… 等")),
        value("template", "TEMPLATE").hide(true),
        switch("show-managed-fields").hide(true),
        switch("no-headers").help(say!(lang, en: "Without the heading line", zh: "不显示表头")),
        value("chunk-size", "N").hide(true),
    ];
    own.into_iter().map(|argument| argument.help_heading(which.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show events by time", zh: "按时间显示事件"),
        usage: "kloupe events [--for TYPE/NAME] [--from PATH…]",
        examples: &[
            "kloupe events --for deploy/web --tree",
            "kloupe events -A --types Warning --since 10m",
            "kloupe events --reason FailedMount,BackOff --from dump/",
        ],
        details: say!(
            lang,
            en: "\
## Which time
Of a series the last one counts, else `lastTimestamp`, else `eventTime`. With `--from`, `--since` and the ages count from the time of the capture, or from `--as-of`.
",
            zh: "\
## 以哪个时间为准
系列事件取最后一次，否则取 `lastTimestamp`，再否则取 `eventTime`。使用 `--from` 时，`--since` 与时长从采集的时刻起算，或从 `--as-of` 起算。
"
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_kubelet_speaks_of_nodes_and_static_pods_by_other_uids() {
        let known =
            |plural: &str, object: Value| known_as(&Resource { plural: plural.into(), ..Resource::default() }, &object);
        assert_eq!(known("nodes", json!({"metadata": {"uid": "u", "name": "node-1"}})), ["u", "node-1"]);
        let mirror = json!({"metadata": {"uid": "u", "annotations": {"kubernetes.io/config.mirror": "hash"}}});
        assert_eq!(known("pods", mirror.clone()), ["u", "hash"]);
        assert_eq!(known("secrets", mirror), ["u"]);
    }

    #[test]
    fn the_last_time_of_a_series_counts_before_the_others() {
        let time = |text: &str| age::parse(text);
        let series =
            json!({"series": {"lastObservedTime": "2026-01-03T00:00:00Z"}, "eventTime": "2026-01-01T00:00:00Z"});
        assert_eq!(when(&series), time("2026-01-03T00:00:00Z"));
        let null = json!({"lastTimestamp": null, "eventTime": "2026-01-01T00:00:00Z"});
        assert_eq!(when(&null), time("2026-01-01T00:00:00Z"));
    }
}

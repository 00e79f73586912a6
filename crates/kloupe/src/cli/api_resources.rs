//! `kloupe api-resources`: what the cluster serves, and with `--health` what it should serve and does not.

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_cluster::{Discovery, Resource};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_views::layout::Aligner;
use kloupe_views::output::{Format, Known};
use serde_json::{Value, json};

use super::manual::Manual;
use super::mirror::{self, Out, Session, Stop, commas, connection, is_set, list, switch, text, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "api-resources", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| resources(matches, session, out))
}

fn resources(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let extra = list(matches, "extra");
    if !extra.is_empty() {
        return Err(Stop::usage("api-resources", &format!("unexpected arguments: [{}]", extra.join(" "))));
    }
    let sort = text(matches, "sort-by").unwrap_or_default();
    if !matches!(sort, "" | "name" | "kind") {
        return Err(Stop("error: --sort-by accepts only name or kind".into()));
    }
    let output = text(matches, "output").unwrap_or_default();
    let format = match output {
        "" | "wide" | "name" => None,
        typed if ["json", "yaml", "kyaml"].iter().any(|it| it.eq_ignore_ascii_case(typed)) => {
            Format::parse(typed, "", Known::Objects)?.map(Format::as_they_stand)
        }
        other => {
            return Err(Stop(format!(
                "error: unable to match a printer suitable for the output format {other:?}, allowed formats are: \
                 json,kyaml,name,wide,yaml"
            )));
        }
    };
    let discovery = session.discovery()?;
    if is_set(matches, "health") {
        health(session, &discovery, out);
        return Ok(());
    }
    let verbs: Vec<String> = commas(matches, "verbs");
    let categories: Vec<String> = commas(matches, "categories");
    let namespaced = matches.get_one::<bool>("namespaced").copied();
    let group = text(matches, "api-group");
    let mut chosen: Vec<&Resource> = discovery
        .preferred()
        .into_iter()
        .filter(|it| !it.verbs.is_empty())
        .filter(|it| group.is_none_or(|group| it.group == group))
        .filter(|it| namespaced.is_none_or(|namespaced| it.namespaced == namespaced))
        .filter(|it| verbs.iter().all(|verb| it.verbs.contains(verb)))
        .filter(|it| categories.iter().all(|category| it.categories.contains(category)))
        .collect();
    chosen.sort_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
    match sort {
        "name" => chosen.sort_by(|a, b| a.plural.cmp(&b.plural)),
        "kind" => chosen.sort_by(|a, b| a.kind.cmp(&b.kind)),
        _ => {}
    }
    match format {
        Some(format) => out.text = format.print(&as_list(&chosen))?,
        None if output == "name" => chosen.iter().for_each(|it| out.text.push_str(&format!("{}\n", it.full_name()))),
        None => out.text = table(&chosen, output == "wide", is_set(matches, "no-headers")),
    }
    if !discovery.failed.is_empty() {
        let mut failed: Vec<String> = discovery.failed.iter().map(|(group, why)| format!("{group}: {why}")).collect();
        failed.sort();
        out.error(format!("error: unable to retrieve the complete list of server APIs: {}", failed.join(", ")));
    }
    Ok(())
}

fn table(resources: &[&Resource], wide: bool, no_headers: bool) -> String {
    let mut text = String::new();
    if !no_headers {
        text.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        text.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    for it in resources {
        let version = it.api_version();
        text.push_str(&format!("{}\t{}\t{version}\t{}\t{}", it.plural, it.short.join(","), it.namespaced, it.kind));
        if wide {
            text.push_str(&format!("\t{}\t{}", it.verbs.join(","), it.categories.join(",")));
        }
        text.push('\n');
    }
    Aligner::table().align(&text)
}

fn as_list(resources: &[&Resource]) -> Value {
    let items: Vec<Value> = resources
        .iter()
        .map(|it| {
            let mut item = json!({"name": it.plural, "singularName": it.singular, "namespaced": it.namespaced});
            if !it.group.is_empty() {
                item["group"] = json!(it.group);
            }
            item["version"] = json!(it.version);
            item["kind"] = json!(it.kind);
            item["verbs"] = json!(it.verbs);
            for (key, values) in [("shortNames", &it.short), ("categories", &it.categories)] {
                if !values.is_empty() {
                    item[key] = json!(values);
                }
            }
            item
        })
        .collect();
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": items})
}

/// Which `APIService` and which CRD is not served, and why.
fn health(session: &Session, discovery: &Discovery, out: &mut Out) {
    let mut lines = String::from("KIND\tNAME\tSERVED\tREASON\tMESSAGE\n");
    let mut bad = 0;
    let asked = [
        ("APIService", "/apis/apiregistration.k8s.io/v1/apiservices", "Available"),
        ("CustomResourceDefinition", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "Established"),
    ];
    for (kind, path, wanted) in asked {
        let objects = match session.wait(session.cluster.list(path, "")) {
            Ok(objects) => objects,
            Err(refusal) => {
                out.refuse(&refusal);
                continue;
            }
        };
        for object in &objects {
            let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            for (reason, message) in ill(object, wanted) {
                bad += 1;
                lines.push_str(&format!("{kind}\t{name}\tfalse\t{reason}\t{message}\n"));
            }
        }
    }
    for (group, why) in &discovery.failed {
        bad += 1;
        lines.push_str(&format!("Discovery\t{group}\tfalse\t\t{why}\n"));
    }
    out.text = if bad > 0 {
        Aligner::table().align(&lines)
    } else if out.errors.is_empty() {
        say!(
            session.lang,
            en: "All API groups, APIServices and CRDs are served.\n",
            zh: "所有 API 组、APIService 和 CRD 均正常提供服务。\n"
        )
    } else {
        String::new()
    };
}

/// The conditions that say that something is not served.
fn ill(object: &Value, wanted: &str) -> Vec<(String, String)> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    let of = |condition: &Value, key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_ill = |condition: &&Value| {
        let (kind, status) = (of(condition, "type"), of(condition, "status"));
        matches!(kind.as_str(), "NamesAccepted") && status == "False" || kind == wanted && status != "True"
    };
    conditions
        .into_iter()
        .flatten()
        .filter(is_ill)
        .map(|condition| (of(condition, "reason"), of(condition, "message").replace('\n', " ")))
        .collect()
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "Which resources", zh: "哪些资源");
    let own = [
        Arg::new("extra").num_args(0..).action(ArgAction::Append).hide(true),
        value("api-group", "GROUP").help(say!(lang, en: "Of one group", zh: "只列出某个组")),
        switch("namespaced").help(say!(lang, en: "With true those in namespaces, with false the others", zh: "true 只列出命名空间级的，false 只列出其余的")),
        value("verbs", "VERB,…").action(ArgAction::Append).help(say!(lang, en: "That take all these verbs", zh: "支持所有这些动词")),
        value("categories", "NAME,…").action(ArgAction::Append).help(say!(lang, en: "In all these categories", zh: "属于所有这些类别")),
        switch("health").help(say!(
            lang,
            en: "What should be served and is not: group, APIService, CRD, and why",
            zh: "应当提供而未提供的组、APIService、CRD 及其原因"
        )),
        value("sort-by", "KEY").help(say!(lang, en: "name or kind", zh: "name 或 kind")),
        value("output", "FORMAT").short('o').help(say!(lang, en: "wide, name, json or yaml", zh: "wide、name、json 或 yaml")),
        switch("no-headers").help(say!(lang, en: "Without the heading line", zh: "不显示表头")),
        switch("cached").hide(true),
    ];
    own.into_iter().map(|argument| argument.help_heading(what.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "List what the API server serves", zh: "列出 API server 提供的资源"),
        usage: "kloupe api-resources [--from PATH…]",
        examples: &[
            "kloupe api-resources -o wide",
            "kloupe api-resources --api-group=apps --verbs=get -o name",
            "kloupe api-resources --health",
        ],
        details: say!(
            lang,
            en: "\
## One dead group hides nothing
What could be asked is listed; a group that does not answer is named on standard error, and the exit status is 1, as kubectl's is.
",
            zh: "\
## 一个失效的组不影响其余
能查询到的都会列出；没有应答的组在标准错误中说明，退出码为 1，与 kubectl 一致。
"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_served_is_ill() {
        let service = |status: &str| json!({"status": {"conditions": [{"type": "Available", "status": status, "reason": "MissingEndpoints", "message": "a\nb"}]}});
        assert_eq!(ill(&service("False"), "Available"), [("MissingEndpoints".to_owned(), "a b".to_owned())]);
        assert!(ill(&service("True"), "Available").is_empty());
    }
}

//! `kloupe describe`: objects in words, with their events.

use clap::{Arg, ArgAction, ArgMatches};
use jiff::tz::TimeZone;
use kloupe_cluster::cluster::{JSON, escape};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_views::age::Clock;
use kloupe_views::describe::{describe as describe_one, failed, queries, typed};
use serde_json::Value;

use super::manual::Manual;
use super::mirror::target::{self, Asked, asked};
use super::mirror::{self, Out, Session, Stop, connection, is_set, list, related, switch, text, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "describe", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| describe(matches, session, out))
}

fn describe(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let arguments = list(matches, "what");
    if arguments.is_empty() {
        return Err(Stop(
            "error: You must specify the type of resource to describe. Use \"kloupe api-resources\" for a complete list of supported resources."
                .into(),
        ));
    }
    let everywhere = is_set(matches, "all-namespaces");
    let selector = text(matches, "selector").filter(|it| !it.is_empty());
    let discovery = session.discovery()?;
    let asked = asked(&discovery, &arguments)?;
    if asked.iter().any(|it| !it.names.is_empty()) && selector.is_some() {
        return Err(Stop("error: name cannot be provided when a selector is specified".into()));
    }
    let mut found = Vec::new();
    let mut by_prefix = false;
    for it in &asked {
        read(session, it, everywhere, selector, &mut found, out);
    }
    // One name that is not there may be the start of several.
    if let [it] = asked.as_slice()
        && let ([name], false, [_]) = (it.names.as_slice(), it.slashed, out.errors.as_slice())
        && found.is_empty()
        && out.errors[0].starts_with("Error from server (NotFound)")
    {
        let path = it.resource.path(Some(&session.cluster.namespace));
        let all = session.wait(session.cluster.list(&path, ""))?;
        found.extend(all.into_iter().filter(|object| name_of(object).starts_with(name.as_str())));
        by_prefix = !found.is_empty();
        if by_prefix {
            out.errors.clear();
        }
    }
    if found.is_empty() && out.errors.is_empty() {
        out.nothing(session, everywhere);
    }
    let alone = found.len() == 1 && out.errors.is_empty() && !by_prefix;
    let with_events = matches.get_one::<bool>("show-events").copied().unwrap_or(alone);
    let with_additions = is_set(matches, "typed");
    let clock = Clock { now: session.cluster.now(), zone: TimeZone::system() };
    for (at, object) in found.iter().enumerate() {
        let mut asks = queries(object, with_events);
        if with_additions {
            asks.extend(typed::queries(object));
        }
        let related = related::read(session, asks);
        out.remarks.extend(failed(&related).into_iter().map(|(_, why)| why.to_owned()));
        if at > 0 && !by_prefix {
            out.text.push_str("\n\n");
        }
        out.text.push_str(&describe_one(object, &related, &clock, with_events));
        if with_additions {
            out.text.push_str(&typed::addition(object, &related, &clock, session.lang));
        }
        if by_prefix {
            out.text.push('\n');
        }
    }
    out.remarks.dedup();
    Ok(())
}

fn read(
    session: &Session,
    asked: &Asked<'_>,
    everywhere: bool,
    selector: Option<&str>,
    found: &mut Vec<Value>,
    out: &mut Out,
) {
    let namespace = (!everywhere).then_some(session.cluster.namespace.as_str());
    let path = asked.resource.path(namespace);
    if asked.names.is_empty() {
        let query = selector.map(|it| format!("labelSelector={}", escape(it))).unwrap_or_default();
        match session.wait(session.cluster.list(&path, &query)) {
            Ok(objects) => found.extend(objects),
            Err(refusal) => out.refuse(&asked.of_list(refusal, selector.unwrap_or_default(), "")),
        }
    }
    for name in &asked.names {
        match target::object(session, asked.resource, &format!("{path}/{name}"), JSON) {
            Ok(object) => found.push(object),
            Err(refusal) => out.refuse(&refusal),
        }
    }
}

fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "What to describe", zh: "描述什么");
    let own = [
        Arg::new("what").value_name("TYPE [NAME]").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "Types and names: pod web-0 · deploy/web · nodes; a name may be cut short",
            zh: "类型与名称：pod web-0 · deploy/web · nodes；名称可以只写开头"
        )),
        switch("all-namespaces").short('A').help(say!(lang, en: "In all namespaces", zh: "所有命名空间")),
        value("selector", "SELECTOR").short('l').help(say!(lang, en: "By labels: app=web", zh: "按标签筛选：app=web")),
        switch("show-events").help(say!(
            lang,
            en: "With events; without this flag they are shown where one object is described",
            zh: "显示事件；未指定时仅在描述单个对象时显示"
        )),
        switch("typed").help(say!(
            lang,
            en: "Say more of kinds that kubectl shows field by field: custom resources, leases, webhooks …",
            zh: "对 kubectl 只逐字段显示的类型（自定义资源、Lease、webhook 等）补充解读"
        )),
        value("chunk-size", "N").hide(true),
    ];
    own.into_iter().map(|argument| argument.help_heading(what.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show objects in detail, as kubectl describe does", zh: "显示对象详情，与 kubectl describe 相同"),
        usage: "kloupe describe TYPE [NAME] [--from PATH…]",
        examples: &[
            "kloupe describe pod web-0 -n shop",
            "kloupe describe deploy/web --from dump/",
            "kloupe describe nodes",
            "kloupe describe widget main -n shop --typed",
        ],
        details: say!(
            lang,
            en: "\
## What is said besides
Where a part could not be read (events without the right to list them), standard error says so; the text shows `<none>` as kubectl's does.

## What --typed adds
Below the fields of a custom resource, a definition of one, a lease, an admission webhook or policy, or an API service: whether its
controller has taken in the last change, its conditions with their ages, who owns it and who wrote which part, what a deletion waits for;
and by kind: versions and conversion, holder and last renewal, the server that is called, whether it is there and its certificates hold.
",
            zh: "\
## 额外说明
某部分无法读取时（例如无权列出事件），标准错误会说明；正文与 kubectl 一样显示 `<none>`。

## --typed 补充什么
在自定义资源及其定义、Lease、准入 webhook 与策略、APIService 的字段之后，说明：控制器是否已处理最近的修改，各状况持续多久，所有者是谁、
哪部分由谁写入，删除在等什么；并按类型说明：版本与转换方式，持有者与最近续期，所调用的服务是否存在、证书是否有效。
"
        ),
    }
}

//! `kloupe tree`: the owners of an object up to the root, and everything that it owns, each with how it fares.

mod kin;
mod trouble;

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ArgMatches};
use jiff::Timestamp;
use kloupe_cluster::cluster::{JSON, escape};
use kloupe_model::{Lang, say};
use kloupe_report::{Style, plain};
use kloupe_views::output::{Format, Known};
use kloupe_views::state::State;
use kloupe_views::{age, tree};
use serde_json::{Value, json};

use super::manual::Manual;
use super::mirror::target::{Asked, asked};
use super::mirror::{self, Out, Session, Stop, connection, list, text, unlisted, value};
use super::{Answer, Command};
use crate::error::Failure;
use kin::{Kin, Place, Tree};
use trouble::Trouble;

pub(crate) const COMMAND: Command = Command { name: "tree", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| show(matches, session, out))
}

fn show(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let lang = session.lang;
    let as_json = match text(matches, "output").unwrap_or_default() {
        "" => false,
        "json" => true,
        other => {
            return Err(Stop(say!(
                lang,
                en: "error: -o cannot be \"{other}\": it can be json",
                zh: "error: -o 不能是 \"{other}\"：可以是 json"
            )));
        }
    };
    let discovery = session.discovery()?;
    let asked = asked(&discovery, &list(matches, "what"))?;
    let [Asked { resource, names, .. }] = asked.as_slice() else { return Err(which(lang)) };
    let [name] = names.as_slice() else { return Err(which(lang)) };
    let path = format!("{}/{}", resource.path(Some(&session.cluster.namespace)), escape(name));
    let object = session.wait(session.cluster.get(&path, JSON))?;
    let tree = session.wait(Tree::read(&session.cluster, &discovery, resource, object));
    let places = tree.places();
    if as_json {
        out.text = Format::parse("json", "", Known::Objects)?.map_or(Ok(String::new()), |json| {
            json.as_they_stand().print(&document(&tree, &places, session.cluster.now()))
        })?;
    } else {
        out.text = drawn(&tree, &places, session.cluster.now(), lang);
    }
    out.remarks.extend(unlisted::remark(lang, &tree.unlisted));
    for kin in tree.kin.values() {
        if let Some(Trouble::Unread(why)) = &kin.trouble {
            let (kind, name) = (kin.kind_and_version().0, kin.text("name"));
            out.remarks
                .push(say!(lang, en: "{kind}/{name} could not be read: {why}", zh: "无法读取 {kind}/{name}：{why}"));
        }
    }
    out.remarks.extend(tree.unread.iter().map(|(resource, why)| {
        let kind = resource.full_name();
        say!(lang, en: "the state of {kind} could not be read: {why}", zh: "无法读取 {kind} 的状态：{why}")
    }));
    Ok(())
}

fn which(lang: Lang) -> Stop {
    Stop::usage(
        "tree",
        &say!(lang, en: "name one object: TYPE/NAME or TYPE NAME", zh: "请写出一个对象：TYPE/NAME 或 TYPE NAME"),
    )
}

fn drawn(tree: &Tree, places: &[Place], now: Timestamp, lang: Lang) -> String {
    let groups: BTreeSet<(String, String)> = tree.kin.values().map(|kin| kind_and_group(kin)).collect();
    let rows: Vec<tree::Row> = places.iter().map(|place| row(tree, place, &groups, now, lang)).collect();
    // Of an owner that nobody serves it is not known where it was.
    let there = tree.kin.values().filter(|kin| kin.trouble.is_none());
    let namespaces: BTreeSet<String> = there.map(|kin| kin.text("namespace")).collect();
    tree::print(&rows, namespaces.len() > 1)
}

fn row(tree: &Tree, place: &Place, groups: &BTreeSet<(String, String)>, now: Timestamp, lang: Lang) -> tree::Row {
    let kin = &tree.kin[&place.uid];
    let (kind, group) = kind_and_group(kin);
    // A kind that two groups have is told apart by its group.
    let shared = groups.iter().filter(|(known, _)| *known == kind).count() > 1;
    let kind = if shared && !group.is_empty() { format!("{kind}.{group}") } else { kind };
    let mut name = format!("{kind}/{}", kin.text("name"));
    if place.uid == tree.asked {
        name.push_str(" ◀");
    }
    if place.again {
        name.push_str(&say!(lang, en: " (see above)", zh: "（见上文）"));
    }
    let mut state = kin.state(now);
    if let Some(trouble) = &kin.trouble {
        state.status = trouble.said(lang);
    }
    let created = kin.object["metadata"]["creationTimestamp"].as_str();
    tree::Row {
        depth: place.depth,
        namespace: one_line(&kin.text("namespace")),
        name: one_line(&name),
        state: State { ready: one_line(&state.ready), status: one_line(&state.status) },
        age: created.map_or_else(|| "-".to_owned(), |created| age::since(now, Some(created))),
    }
}

/// Safe for a terminal and for a table.
fn one_line(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kind_and_group(kin: &Kin) -> (String, String) {
    let (kind, version) = kin.kind_and_version();
    (kind, version.split_once('/').map_or_else(String::new, |(group, _)| group.to_owned()))
}

/// What programs read: the objects in the order in which they are drawn.
fn document(tree: &Tree, places: &[Place], now: Timestamp) -> Value {
    let objects: Vec<Value> = places.iter().map(|place| entry(tree, place, now)).collect();
    let unread: Vec<Value> = tree
        .unlisted
        .iter()
        .chain(&tree.unread)
        .map(|(resource, why)| json!({"resource": resource.full_name(), "why": why}))
        .collect();
    json!({"version": "1", "objects": objects, "unread": unread})
}

fn entry(tree: &Tree, place: &Place, now: Timestamp) -> Value {
    let kin = &tree.kin[&place.uid];
    let (kind, version) = kin.kind_and_version();
    let state = kin.state(now);
    let mut entry = json!({
        "depth": place.depth,
        "apiVersion": version,
        "kind": kind,
        "name": kin.text("name"),
        "uid": kin.text("uid"),
        "ready": state.ready,
        "status": state.status,
    });
    for (key, value) in [("namespace", kin.text("namespace")), ("created", kin.text("creationTimestamp"))] {
        if !value.is_empty() {
            entry[key] = value.into();
        }
    }
    for (key, is) in [("asked", place.uid == tree.asked), ("again", place.again)] {
        if is {
            entry[key] = true.into();
        }
    }
    if let Some(trouble) = &kin.trouble {
        entry["trouble"] = trouble.id().into();
    }
    entry
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "Which object", zh: "哪个对象");
    let own = [
        Arg::new("what").value_name("TYPE/NAME").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "One object of any kind: deploy/web · pod web-0 · foos.example.com/berlin",
            zh: "任意类型的一个对象：deploy/web · pod web-0 · foos.example.com/berlin"
        )),
        value("output", "FORMAT").short('o').help(say!(lang, en: "json: for programs", zh: "json：供程序读取")),
    ];
    own.into_iter().map(|argument| argument.help_heading(what.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(
            lang,
            en: "Show the owners of an object and everything that it owns",
            zh: "显示对象的所有者以及它拥有的一切"
        ),
        usage: "kloupe tree TYPE/NAME [--from PATH…]",
        examples: &[
            "kloupe tree deploy/web -n shop",
            "kloupe tree pod web-0",
            "kloupe tree foos.example.com/berlin -o json --from dump/",
        ],
        details: say!(
            lang,
            en: "\
## What it shows
The owners stand above the object (`◀`), what it owns below it, through any number of owners and whatever their kind. READY is what `kubectl get` shows of pods and workloads, else the condition `Ready` or the one that takes its place; STATUS is the reason, or the phase. An owner that does not exist any more is said, and so is an object whose owner had the same name and is gone.

## What it reads
The metadata of every kind that can be listed, side by side, and of what belongs to the tree the objects; never what a Secret holds. Kinds that could not be listed are named on standard error.

## -o json
`objects` in the order drawn, each with its `depth`; `asked` marks the one that was asked for, `again` one that stands further up in full, `trouble` a broken bond to an owner (`owner-gone`, `owner-replaced`, `owner-not-captured`, `owner-unread`, `owner-kind-unserved`, `owner-out-of-reach`, `orphan`). `unread` names what could not be read, and why.
",
            zh: "\
## 显示什么
所有者在对象（以 `◀` 标记）之上，它拥有的在其下，不论层数和类型。READY 对 Pod 和工作负载与 `kubectl get` 相同，其他类型取 `Ready` 状况或相当的状况；STATUS 是其原因或阶段。所有者已不存在会说明；所有者是已消失的同名对象时也会说明。

## 读取什么
并行读取所有可列出类型的元数据，以及树中各对象；绝不读取 Secret 的内容。未能列出的类型写在标准错误中。

## -o json
`objects` 按显示顺序排列，每项带 `depth`；`asked` 标记所问的对象，`again` 表示上文已完整出现，`trouble` 表示与所有者的关系有问题（`owner-gone`、`owner-replaced`、`owner-not-captured`、`owner-unread`、`owner-kind-unserved`、`owner-out-of-reach`、`orphan`）。`unread` 列出未能读取的内容及原因。
"
        ),
    }
}

//! `kloupe get`: objects as a table or in any of kubectl's formats.

mod tables;
mod watch;

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_cluster::cluster::{JSON, TABLE, escape, items, with_query};
use kloupe_cluster::{Refusal, Resource};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_views::columns::{self, Options};
use kloupe_views::output::{self, Format, Known, sort_by};
use kloupe_views::table::Table;
use serde_json::Value;

use super::manual::Manual;
use super::mirror::target::{self, Asked, asked};
use super::mirror::{self, Out, Session, Stop, connection, is_set, list, switch, text, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "get", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| get(matches, session, out))
}

/// What the flags ask for.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Plan {
    everywhere: bool,
    watch: bool,
    watch_only: bool,
    watch_events: bool,
    /// Whether the server makes the tables.
    server_print: bool,
    selector: String,
    field_selector: String,
    query: String,
    page: u32,
    /// What is wrong with it is said when something is to be printed.
    format: Result<Option<Format>, String>,
    options: Options,
    show_kind: bool,
    sort_by: Option<String>,
    ignore_missing: bool,
    subresource: String,
}

fn get(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    if let Some(path) = text(matches, "raw") {
        out.text = session.wait(session.cluster.text(path))?;
        return Ok(());
    }
    let arguments = list(matches, "what");
    let plan = plan(matches)?;
    if plan.watch && plan.sort_by.is_some() {
        // At once: what is collected is said when a command ends.
        crate::terminal::remark(if plan.watch_only {
            "warning: --watch-only requested, --sort-by will be ignored"
        } else {
            "warning: --watch requested, --sort-by will be ignored for watch events received"
        });
    }
    if arguments.is_empty() {
        return Err(nothing_named(plan.watch));
    }
    if plan.watch_events && !plan.watch {
        return Err(Stop("error: --output-watch-events option can only be used with --watch or --watch-only".into()));
    }
    let discovery = session.discovery()?;
    let asked = asked(&discovery, &arguments)?;
    let by_name = asked.iter().any(|it| !it.names.is_empty());
    if by_name && plan.everywhere {
        return Err(Stop("error: a resource cannot be retrieved by name across all namespaces".into()));
    }
    if by_name && text(matches, "selector").or(text(matches, "field-selector")).is_some_and(|it| !it.is_empty()) {
        let which = if text(matches, "selector").is_some() { "selector" } else { "field selector" };
        return Err(Stop(match which {
            "selector" => "error: name cannot be provided when a selector is specified".into(),
            _ => "error: field selectors are not supported when resources are requested by name".to_owned(),
        }));
    }
    if plan.watch {
        return watch::run(session, &plan, &asked, out);
    }
    match &plan.format {
        Ok(Some(format)) => as_objects(session, &plan, Ok(format), &asked, out),
        Err(error) => as_objects(session, &plan, Err(error), &asked, out),
        Ok(None) => as_tables(session, &plan, &asked, out),
    }
}

fn nothing_named(watch: bool) -> Stop {
    if watch {
        return Stop(
            "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   \
             '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"
                .into(),
        );
    }
    // What follows is kubectl's: the kinds that a cluster serves are explained there.
    let Stop(usage) = Stop::usage(
        "get",
        "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl \
         explain pods).",
    );
    Stop(format!(
        "You must specify the type of resource to get. Use \"kloupe api-resources\" for a complete list of supported resources.\n\n{usage}"
    ))
}

fn plan(matches: &ArgMatches) -> Result<Plan, Stop> {
    let mut query = Vec::new();
    for (flag, key) in [("selector", "labelSelector"), ("field-selector", "fieldSelector")] {
        if let Some(typed) = text(matches, flag).filter(|typed| !typed.is_empty()) {
            query.push(format!("{key}={}", escape(typed)));
        }
    }
    let sort_by = text(matches, "sort-by").filter(|path| !path.is_empty()).map(str::to_owned);
    let page = text(matches, "chunk-size").unwrap_or("500");
    let page = page
        .parse::<u32>()
        .map_err(|_| {
            Stop(format!(
                "error: invalid argument \"{page}\" for \"--chunk-size\" flag: strconv.ParseInt: parsing \"{page}\": invalid syntax\n\
                 See 'kloupe get --help' for usage."
            ))
        })?;
    let everywhere = is_set(matches, "all-namespaces");
    let output = text(matches, "output").unwrap_or_default();
    let wide = output == "wide";
    let format =
        Format::parse(output, text(matches, "template").unwrap_or_default(), Known::WithTables).map(|format| {
            let format = format?.show_managed_fields(is_set(matches, "show-managed-fields"));
            let allow_missing = matches.get_one::<bool>("allow-missing-template-keys").is_none_or(|allow| *allow);
            Some(format.no_headers(is_set(matches, "no-headers")).allow_missing_keys(allow_missing))
        });
    let given = |flag: &str| text(matches, flag).unwrap_or_default().to_owned();
    let watch_only = is_set(matches, "watch-only");
    Ok(Plan {
        everywhere,
        watch: watch_only || is_set(matches, "watch"),
        watch_only: watch_only && !is_set(matches, "watch"),
        watch_events: is_set(matches, "output-watch-events"),
        server_print: matches.get_one::<bool>("server-print").is_none_or(|print| *print),
        selector: given("selector"),
        field_selector: given("field-selector"),
        query: query.join("&"),
        // What is sorted is read at once.
        page: if sort_by.is_some() { 0 } else { page },
        format,
        options: Options {
            no_headers: is_set(matches, "no-headers"),
            wide,
            with_namespace: everywhere,
            with_kind: None,
            show_labels: is_set(matches, "show-labels"),
            label_columns: list(matches, "label-columns")
                .iter()
                .flat_map(|it| it.split(','))
                .map(str::to_owned)
                .collect(),
            event: None,
        },
        show_kind: is_set(matches, "show-kind"),
        sort_by,
        ignore_missing: is_set(matches, "ignore-not-found"),
        subresource: text(matches, "subresource").map(|it| format!("/{it}")).unwrap_or_default(),
    })
}

/// Where a list or one object is read.
fn path(session: &Session, plan: &Plan, resource: &Resource, name: Option<&str>) -> String {
    let namespace = (!plan.everywhere).then_some(session.cluster.namespace.as_str());
    let list = resource.path(namespace);
    match name {
        Some(name) => format!("{list}/{name}{}", plan.subresource),
        None => list,
    }
}

/// What of the query belongs to tables that are sorted.
fn extra(plan: &Plan, accept: &str) -> &'static str {
    if accept == TABLE && plan.sort_by.is_some() { "includeObject=Object" } else { "" }
}

/// Reads everything that is asked for; what fails is said and the rest goes on.
fn read(session: &Session, plan: &Plan, asked: &[Asked<'_>], accept: &str, out: &mut Out) -> Vec<(usize, Value)> {
    let mut answers = Vec::new();
    each(session, plan, asked, accept, out, |at, answer| answers.push((at, answer)));
    answers
}

/// The same, each answer as it comes.
fn each(
    session: &Session,
    plan: &Plan,
    asked: &[Asked<'_>],
    accept: &str,
    out: &mut Out,
    mut found: impl FnMut(usize, Value),
) {
    let mut uncaptured: Vec<(String, Refusal)> = Vec::new();
    let mut any = false;
    for (at, it) in asked.iter().enumerate() {
        if it.names.is_empty() {
            match each_page(session, plan, it, accept, |page| found(at, page)) {
                Ok(()) => any = true,
                Err(refusal) if it.of_category && refusal.is_not_captured() => {
                    uncaptured.push((it.resource.full_name(), refusal));
                }
                Err(refusal) => out.refuse(&refusal),
            }
        }
        for name in &it.names {
            match one(session, plan, it.resource, name, accept) {
                Ok(answer) => found(at, answer),
                Err(refusal) if plan.ignore_missing && refusal.is_not_found() => {}
                Err(refusal) => out.refuse(&refusal),
            }
        }
    }
    skip(session, &uncaptured, !any, out);
}

fn list_pages(session: &Session, plan: &Plan, asked: &Asked<'_>, accept: &str) -> Result<Vec<Value>, Refusal> {
    let mut pages = Vec::new();
    each_page(session, plan, asked, accept, |page| pages.push(page))?;
    Ok(pages)
}

fn each_page(
    session: &Session,
    plan: &Plan,
    asked: &Asked<'_>,
    accept: &str,
    found: impl FnMut(Value),
) -> Result<(), Refusal> {
    let parts = [plan.query.as_str(), extra(plan, accept)];
    let query = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    let path = path(session, plan, asked.resource, None);
    session
        .wait(session.cluster.each_page(&path, &query, accept, plan.page, found))
        .map_err(|refusal| asked.of_list(refusal, &plan.selector, &plan.field_selector))
}

fn one(session: &Session, plan: &Plan, resource: &Resource, name: &str, accept: &str) -> Result<Value, Refusal> {
    let path = path(session, plan, resource, Some(name));
    target::object(session, resource, &with_query(&path, extra(plan, accept)), accept)
}

/// Says which kinds of a category the capture does not hold. Where it holds none of them, each says so for itself.
fn skip(session: &Session, uncaptured: &[(String, Refusal)], all: bool, out: &mut Out) {
    if all {
        for (_, refusal) in uncaptured {
            out.refuse(refusal);
        }
    } else if !uncaptured.is_empty() {
        let names: Vec<&str> = uncaptured.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(", ");
        out.remarks.push(say!(session.lang, en: "not captured: {names}", zh: "未采集：{names}"));
    }
}

fn as_objects(
    session: &Session,
    plan: &Plan,
    format: Result<&Format, &String>,
    asked: &[Asked<'_>],
    out: &mut Out,
) -> Result<(), Stop> {
    let lone = matches!(asked, [it] if it.names.len() == 1);
    // A list that is not sorted is printed as it comes.
    let mut pieces = format.ok().filter(|_| !lone && plan.sort_by.is_none()).map(Format::pieces);
    let mut objects: Vec<Value> = Vec::new();
    let mut any = false;
    each(session, plan, asked, JSON, out, |at, answer| {
        let found = if asked[at].names.is_empty() { items(answer) } else { vec![answer] };
        any |= !found.is_empty();
        match &mut pieces {
            Some(pieces) => pieces.add(found),
            None => objects.extend(found),
        }
    });
    if !any && (lone || plan.ignore_missing) {
        return Ok(());
    }
    let format = format.map_err(String::clone)?;
    if let Some(pieces) = pieces {
        return Ok(pieces.finish(&mut out.text)?);
    }
    if let Some(path) = plan.sort_by.as_ref().filter(|_| !lone) {
        let order = sort_by::objects(objects.iter(), path)?;
        objects = tables::reordered(objects, &order);
    }
    if format.is_name() {
        for object in &objects {
            format.print_to(object, &mut out.text)?;
        }
        return Ok(());
    }
    match (lone, objects.pop()) {
        (true, Some(object)) => format.print_to(&object, &mut out.text)?,
        (_, last) => {
            objects.extend(last);
            format.print_to(&output::list(objects), &mut out.text)?;
        }
    }
    Ok(())
}

fn as_tables(session: &Session, plan: &Plan, asked: &[Asked<'_>], out: &mut Out) -> Result<(), Stop> {
    let accept = if plan.server_print { TABLE } else { JSON };
    let mut answers = read(session, plan, asked, accept, out);
    if let Some(path) = plan.sort_by.as_ref().filter(|_| answers.len() > 1) {
        // kubectl looks for the field in the tables themselves then.
        let order = sort_by::objects(answers.iter().map(|(_, answer)| answer), path)?;
        answers = tables::reordered(answers, &order);
    }
    let several = plan.show_kind || {
        let mut kinds: Vec<usize> = answers.iter().map(|(at, _)| *at).collect();
        kinds.dedup();
        kinds.len() > 1
    };
    let mut groups: Vec<(&Resource, Table)> = Vec::new();
    for (at, answer) in answers {
        let resource = asked[at].resource;
        let now = session.cluster.now();
        let mut table = if plan.server_print { tables::table(answer, now) } else { tables::plain(answer, now) };
        // What cannot be sorted is not printed; kubectl says nothing else about it.
        if let Some(path) = &plan.sort_by
            && !tables::sort_rows(&mut table, path)?
        {
            continue;
        }
        match groups.last_mut() {
            Some((last, group)) if *last == resource => group.rows.extend(table.rows),
            _ => groups.push((resource, table)),
        }
    }
    for (resource, table) in groups {
        if table.rows.is_empty() {
            continue;
        }
        let options = Options {
            with_namespace: plan.everywhere && resource.namespaced,
            with_kind: several.then(|| kind_prefix(resource)),
            ..plan.options.clone()
        };
        if !out.text.is_empty() && !plan.options.no_headers {
            out.text.push('\n');
        }
        out.text.push_str(&columns::print(&table, &options));
    }
    if out.text.is_empty() && out.errors.is_empty() && !plan.ignore_missing {
        let everywhere = plan.everywhere || asked.iter().all(|it| !it.resource.namespaced);
        out.nothing(session, everywhere);
    }
    Ok(())
}

/// `pod`, `deployment.apps`.
fn kind_prefix(resource: &Resource) -> String {
    let kind = resource.kind.to_lowercase();
    if resource.group.is_empty() { kind } else { format!("{kind}.{}", resource.group) }
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "What to get", zh: "获取什么");
    let how = say!(lang, en: "Output", zh: "输出");
    let own = [
        Arg::new("what").value_name("TYPE [NAME…]").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "Types and names: pods · deploy/web · pod,svc · foos.example.com NAME",
            zh: "类型与名称：pods · deploy/web · pod,svc · foos.example.com NAME"
        )),
        switch("all-namespaces").short('A').help(say!(lang, en: "In all namespaces", zh: "所有命名空间")),
        value("selector", "SELECTOR")
            .short('l')
            .help(say!(lang, en: "By labels: app=web,tier!=db", zh: "按标签筛选：app=web,tier!=db")),
        value("field-selector", "SELECTOR")
            .help(say!(lang, en: "By fields: status.phase=Running", zh: "按字段筛选：status.phase=Running")),
        switch("ignore-not-found").help(say!(lang, en: "A missing object is no error", zh: "对象不存在时不报错")),
        switch("watch").short('w').help(say!(lang, en: "Then each change as it comes", zh: "随后持续显示每次变化")),
        switch("watch-only").help(say!(lang, en: "Only changes from now on", zh: "只显示此后的变化")),
        switch("output-watch-events")
            .help(say!(lang, en: "With --watch: what happened too", zh: "与 --watch 一起：同时显示事件类型")),
        value("chunk-size", "N").hide(true),
        switch("server-print").hide(true),
        value("subresource", "NAME").hide(true),
        value("raw", "PATH").help(say!(lang, en: "Read a path of the API server", zh: "读取 API server 的某个路径")),
    ];
    let output = [
        value("output", "FORMAT").short('o').help(say!(
            lang,
            en: "wide, name, json, yaml, kyaml, jsonpath=…, go-template=…, custom-columns=…",
            zh: "wide、name、json、yaml、kyaml、jsonpath=…、go-template=…、custom-columns=…"
        )),
        value("template", "TEMPLATE").hide(true),
        switch("allow-missing-template-keys").hide(true),
        value("sort-by", "PATH").help(say!(lang, en: "By a field: .metadata.name", zh: "按字段排序：.metadata.name")),
        value("label-columns", "LABEL").short('L').action(ArgAction::Append).help(say!(
            lang,
            en: "A column for a label",
            zh: "为某个标签增加一列"
        )),
        switch("show-labels").help(say!(lang, en: "A column with all labels", zh: "增加一列显示所有标签")),
        switch("show-kind").help(say!(lang, en: "The kind before each name", zh: "在名称前显示类型")),
        switch("show-managed-fields")
            .help(say!(lang, en: "Keep managedFields in json and yaml", zh: "在 json 与 yaml 中保留 managedFields")),
        switch("no-headers").help(say!(lang, en: "Without the heading line", zh: "不显示表头")),
    ];
    let own = own.into_iter().map(|argument| argument.help_heading(what.clone()));
    let output = output.into_iter().map(|argument| argument.help_heading(how.clone()));
    own.chain(output).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show objects, as kubectl get does", zh: "显示对象，与 kubectl get 相同"),
        usage: "kloupe get TYPE [NAME…] [--from PATH…]",
        examples: &[
            "kloupe get pods -A",
            "kloupe get deploy,rs -n shop -o wide",
            "kloupe get foos.example.com berlin -o jsonpath='{.metadata.finalizers}' --from dump/",
        ],
        details: say!(
            lang,
            en: "\
## Live or from files
Flags, output and messages are kubectl's. With `--from` the same is read from saved files; what they do not hold is said. They do not change, so a watch of them ends after what there is.
",
            zh: "\
## 在线或离线
参数、输出和消息与 kubectl 一致。使用 `--from` 时从保存的文件读取；文件中没有的内容会说明。文件不会变化，因此监视它们时显示现有内容后即结束。
"
        ),
    }
}

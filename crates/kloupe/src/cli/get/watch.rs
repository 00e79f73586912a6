//! `get --watch`: what there is, then each change as it comes, until the server ends the watch.

use std::time::Duration;

use futures::io::AsyncBufReadExt;
use kloupe_cluster::Cluster;
use kloupe_cluster::cluster::{JSON, TABLE, escape, items, with_query};
use kloupe_model::say;
use kloupe_views::columns::{Growing, Options};
use kloupe_views::layout::Aligner;
use kloupe_views::output::Format;
use serde_json::Value;

use super::super::mirror::target::Asked;
use super::super::mirror::{Out, Session, Stop};
use super::{Plan, path, tables};
use crate::terminal;

/// Prints what is asked for and its changes.
pub(super) fn run(session: &Session, plan: &Plan, asked: &[Asked<'_>], out: &mut Out) -> Result<(), Stop> {
    let [it] = asked else { return Err(Stop("error: you may only specify a single resource type".into())) };
    let accept = if matches!(plan.format, Ok(None)) && plan.server_print { TABLE } else { JSON };
    let (answers, single) = match it.names.as_slice() {
        [] => (super::list_pages(session, plan, it, accept)?, None),
        names => {
            let mut objects = Vec::new();
            for name in names {
                match super::one(session, plan, it.resource, name, accept) {
                    Err(refusal) if plan.ignore_missing && refusal.is_not_found() => return Ok(()),
                    answer => objects.push(answer?),
                }
            }
            (objects, (names.len() == 1).then(|| names[0].clone()))
        }
    };
    let mut printer = Printer::of(&session.cluster, plan, it)?;
    // A watch begins where the list ended; of a single object it begins with the object itself.
    let version = answers.first().and_then(|it| it.pointer("/metadata/resourceVersion")?.as_str());
    let version = if single.is_some() { "0" } else { version.unwrap_or_default() }.to_owned();
    // Rows are laid out together, all else is printed object by object.
    let one_by_one = printer.format.is_some();
    let objects = |it: Value| if one_by_one && it.get("items").is_some() { items(it) } else { vec![it] };
    printer.print_all(answers.into_iter().flat_map(objects).collect())?;
    if it.names.len() > 1 {
        let why = "you may only watch a single resource or type of resource at a time";
        return Err(Stop(format!("error: {why}")));
    }
    if !session.cluster.is_live() {
        out.remarks.push(say!(
            session.lang,
            en: "saved files do not change: there is nothing to watch",
            zh: "保存下来的文件不会变化：没有可监视的内容"
        ));
        return Ok(());
    }
    // The first event of a single object is the object, which was printed.
    printer.silent = single.is_some();
    follow(session, plan, it, &version, single.as_deref(), accept, &mut printer)
}

fn follow(
    session: &Session,
    plan: &Plan,
    asked: &Asked<'_>,
    version: &str,
    single: Option<&str>,
    accept: &str,
    printer: &mut Printer,
) -> Result<(), Stop> {
    let mut query = match single {
        Some(name) => vec![format!("fieldSelector={}", escape(&format!("metadata.name={name}")))],
        None => vec![plan.query.clone()].into_iter().filter(|it| !it.is_empty()).collect(),
    };
    query.push(format!("resourceVersion={version}&watch=true"));
    if accept == TABLE && plan.sort_by.is_some() {
        query.push("includeObject=Object".to_owned());
    }
    let path = with_query(&path(session, plan, asked.resource, None), &query.join("&"));
    let mut events = session.wait(session.cluster.stream(&path, accept))?;
    // As with kubectl, the time limit of a request is that of the whole watch, and its end is no failure.
    let limit = session.cluster.timeout.unwrap_or(Duration::MAX);
    let until = std::time::Instant::now().checked_add(limit);
    loop {
        let mut line = String::new();
        let read = async {
            let reading = events.read_line(&mut line);
            match until {
                Some(until) => tokio::time::timeout_at(until.into(), reading).await.unwrap_or(Ok(0)),
                None => reading.await,
            }
        };
        // However a watch ends, kubectl ends with it and says nothing.
        if session.wait(read).unwrap_or(0) == 0 {
            return Ok(());
        }
        let Ok(Value::Object(mut event)) = serde_json::from_str::<Value>(&line) else { return Ok(()) };
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let object = event.remove("object").unwrap_or_default();
        if kind != "BOOKMARK" && printer.print(&kind, object).is_err() {
            return Ok(());
        }
        printer.silent = false;
    }
}

/// Prints objects one by one, as they come.
struct Printer<'a> {
    cluster: &'a Cluster,
    plan: &'a Plan,
    format: Option<&'a Format>,
    options: Options,
    growing: Growing,
    /// Nothing is printed; of a table its columns are kept.
    silent: bool,
    /// Something was printed.
    follows: bool,
    aligner: Aligner,
}

impl<'a> Printer<'a> {
    fn of(cluster: &'a Cluster, plan: &'a Plan, asked: &Asked<'_>) -> Result<Printer<'a>, String> {
        let format = plan.format.as_ref().map_err(String::clone)?.as_ref();
        let kind = super::kind_prefix(asked.resource);
        let options = Options { with_kind: plan.show_kind.then_some(kind), ..plan.options.clone() };
        let silent = plan.watch_only;
        Ok(Printer {
            cluster,
            plan,
            format,
            options,
            growing: Growing::default(),
            silent,
            follows: false,
            aligner: Aligner::table(),
        })
    }

    /// What there is already: printed at once, so that its columns are aligned together.
    fn print_all(&mut self, objects: Vec<Value>) -> Result<(), String> {
        let mut text = String::new();
        for object in objects {
            text.push_str(&self.lines("ADDED", object)?);
        }
        self.write(&text)
    }

    fn print(&mut self, event: &str, object: Value) -> Result<(), String> {
        let text = self.lines(event, object)?;
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        let text = if self.format.is_some() { self.aligner.align(text) } else { text.to_owned() };
        terminal::print(&text).map_err(|error| error.to_string())
    }

    fn lines(&mut self, event: &str, object: Value) -> Result<String, String> {
        let Some(format) = self.format else { return self.rows(event, object) };
        if self.silent {
            return Ok(String::new());
        }
        let follows = std::mem::replace(&mut self.follows, true);
        if self.plan.watch_events {
            format.print_event(event, &object, follows)
        } else {
            format.print_next(&object, follows)
        }
    }

    fn rows(&mut self, event: &str, object: Value) -> Result<String, String> {
        let is_failure = object.get("kind").and_then(Value::as_str) == Some("Status");
        let mut table = match () {
            () if is_failure => tables::failure(&object),
            () if self.plan.server_print => tables::table(object, self.cluster.now()),
            () => tables::plain(object, self.cluster.now()),
        };
        if let Some(path) = &self.plan.sort_by {
            tables::sort_rows(&mut table, path)?;
        }
        if self.silent {
            table.rows.clear();
        }
        let event = self.plan.watch_events.then(|| format!("{event:<8}"));
        Ok(self.growing.print(table, &Options { event, ..self.options.clone() }))
    }
}

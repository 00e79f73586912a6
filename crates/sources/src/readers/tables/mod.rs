//! Tables that `kubectl get` prints: partial objects, and events. A table begins with a line of column heads in capitals.

mod events;
mod grid;
mod headless;
mod rows;

use kloupe_model::{Object, ObjectRef, Text};
use serde_json::{Map, Value, json};

use super::collector::is_error;
use super::{Reader, Section, describe};
use crate::found::{Found, OpenList};
use crate::kinds::{Resource, cluster_scoped, guess_from_plural};

pub(in crate::readers) use events::{Context, is_events, read as read_events};
pub(in crate::readers) use grid::Grid;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: true, probe, read, list: None };

/// What the first column of a table may be called.
const FIRST: &[&str] =
    &["NAME", "NAMESPACE", "LAST SEEN", "LASTSEEN", "FIRSTSEEN", "FIRST SEEN", "CLUSTER", "KIND", "OBJECT", "TYPE"];

fn probe(section: &Section) -> bool {
    let first = section.text.lines().find(|line| !is_noise(line)).unwrap_or_default();
    is_header(first)
        || is_none_found(first)
        || describe::events_head(first)
        || events::is_cut_out(first)
        || ends_a_description(section)
        || headless::head(section).is_some()
}

/// The last lines of a description and its events: what was copied begins in the midst of it.
fn ends_a_description(section: &Section) -> bool {
    const LOOKED_AT: usize = 60;
    let lines = section.text.lines().filter(|line| !is_noise(line)).take(LOOKED_AT);
    let before: Vec<&str> = lines.clone().take_while(|line| !describe::events_head(line)).collect();
    let described = |line: &&str| {
        let pair = line.split_once(':').is_some_and(|(key, value)| {
            key.len() < 40 && !key.contains(['"', '{', '=']) && (value.is_empty() || value.starts_with("  "))
        });
        line.starts_with("  ") || pair
    };
    lines.clone().nth(before.len() + 1).is_some_and(events::is_cut_out) && before.iter().all(described)
}

/// Blank lines and what kubectl says before its answer.
fn is_noise(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with("Warning: ") || line.contains("memcache.go:")
}

fn is_none_found(line: &str) -> bool {
    line.trim_end().trim_end_matches('.') == "No resources found"
        || (line.starts_with("No resources found in ") && line.len() < 200)
}

/// Column heads: two or more, all in capitals, the first one a known one.
pub(in crate::readers) fn is_header(line: &str) -> bool {
    let is_head = |text: &str| {
        let outside = text.split('(').next().unwrap_or_default();
        outside.bytes().any(|byte| byte.is_ascii_uppercase())
            && outside
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -_/%.".contains(&byte))
    };
    if line.starts_with(' ') || line.len() > 1000 || !FIRST.iter().any(|first| line.starts_with(first)) {
        return false;
    }
    let grid = Grid::of(line);
    FIRST.contains(&grid.names()[0].as_str())
        && (grid.names().len() > 1 && grid.names().iter().all(|name| is_head(name)))
        && (!matches!(grid.names()[0].as_str(), "KIND" | "OBJECT" | "TYPE" | "CLUSTER") || is_events(&grid))
}

fn read(section: &Section, found: &mut Found) -> bool {
    let lines: Vec<&str> = section.text.lines().collect();
    let mut any = false;
    let mut at = 0;
    if let Some(head) = headless::head(section).filter(|_| !lines.iter().any(|line| is_header(line))) {
        let rows: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
        table(&head, &rows, section, found);
        return true;
    }
    while at < lines.len() {
        let line = lines[at];
        if is_none_found(line) {
            any = true;
            none_found(line, section, found);
        } else if is_header(line) || events::is_cut_out(line) {
            let end = block_end(&lines, at + 1);
            table(line, &lines[at + 1..end], section, found);
            any = true;
            at = end;
            continue;
        } else if is_error(line) {
            found.gap(section.source(), line.trim());
        } else if describe::starts(&lines[at..]) {
            let rest = lines[at..].join("\n");
            return describe::read(&section.with(&rest, at as u64), found) || any;
        }
        at += 1;
    }
    any
}

/// A table ends at a blank line, at the next header, or where kubectl says what it could not get.
fn block_end(lines: &[&str], start: usize) -> usize {
    (start..lines.len())
        .find(|at| lines[*at].trim().is_empty() || is_header(lines[*at]) || is_error(lines[*at]))
        .unwrap_or(lines.len())
}

fn table(header: &str, lines: &[&str], section: &Section, found: &mut Found) {
    let header = header.trim_end();
    let cut_out = !is_header(header);
    let grid = Grid::of(header);
    if is_events(&grid) {
        let about = ObjectRef::default();
        let context = Context {
            about: cut_out.then_some(&about),
            namespace: section.namespace().unwrap_or_default(),
            file: section.file,
        };
        found.facts.events.extend(read_events(&grid, lines.iter().copied(), &context));
        return;
    }
    if grid.column(&["APIVERSION"]).is_some() && grid.column(&["NAMESPACED"]).is_some() {
        return; // `kubectl api-resources` lists kinds, not objects.
    }
    let Some(name) = grid.column(&["NAME"]) else { return };
    let asked =
        section.asked("get").or_else(|| section.asked("top")).and_then(super::super::command::Command::resource);
    let first = lines.first().map(|line| grid.row(line)[name]).unwrap_or_default();
    let kind = rows::kind_of(grid.names(), first);
    let resource = match asked {
        Some(resource) if resource.known => resource,
        Some(resource) => Resource { kind: guess_from_plural(&resource.kind), ..resource },
        None => Resource::parse(kind),
    };
    for line in lines {
        let cells = grid.row(line);
        if let Some(object) = object(&grid, &cells, name, &resource, section) {
            found.facts.objects.push(object);
        }
    }
    listed(section, None, found);
}

fn object(grid: &Grid, cells: &[&str], name: usize, resource: &Resource, section: &Section) -> Option<Object> {
    let (resource, name) = match cells[name].split_once('/') {
        Some((prefix, name)) => (Resource::parse(prefix), name),
        None => (resource.clone(), cells[name]),
    };
    // Without a kind the row says nothing about any object.
    if name.is_empty() || name.contains(' ') || resource.kind.is_empty() {
        return None;
    }
    let cells: rows::Cells = grid.names().iter().map(String::as_str).zip(cells.iter().copied()).collect();
    let namespace = cells.get("NAMESPACE").copied().or_else(|| section.namespace()).unwrap_or_default();
    let namespace = if cluster_scoped(&resource.kind) { "" } else { namespace };
    let mut value = rows::value(&resource.kind, &cells);
    let mut metadata = value.remove("metadata").unwrap_or_else(|| json!({}));
    metadata["name"] = json!(name);
    if !namespace.is_empty() {
        metadata["namespace"] = json!(namespace);
    }
    let labels = cells.get("LABELS").map(|cell| rows::pairs(cell)).unwrap_or_default();
    if !labels.is_empty() {
        metadata["labels"] = Value::Object(labels);
    }
    value.insert("metadata".to_owned(), metadata);
    let columns: Map<String, Value> = cells.iter().map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect();
    value.insert("columns".to_owned(), Value::Object(columns));
    let reference = ObjectRef::new(&resource.kind, &resource.group, namespace, name);
    Some(Object { reference, body: Value::Object(value).into(), whole: false, file: section.file.to_owned() })
}

fn none_found(line: &str, section: &Section, found: &mut Found) {
    let named = line.strip_prefix("No resources found in ").and_then(|rest| rest.split(' ').next());
    if section.asked("get").or_else(|| section.asked("describe")).is_none() {
        found.gap(
            section.file,
            Text {
                en: "\"No resources found\", without the command that says of what",
                zh: "只有 \"No resources found\"，没有说明查询对象的命令",
            },
        );
    }
    listed(section, named, found);
}

/// A command that asks for all objects of a kind says that this is all of them, if it says where.
fn listed(section: &Section, named: Option<&str>, found: &mut Found) {
    let failed = section.failed || section.text.lines().any(is_error);
    let Some(command) = section.command.filter(|command| command.lists_all() && !failed) else { return };
    let namespace = command.namespace().or(named);
    for resource in command.resources().into_iter().flat_map(all_of) {
        if resource.kind == "Event" {
            continue;
        }
        if !command.all_namespaces && namespace.is_none() && !cluster_scoped(&resource.kind) {
            continue;
        }
        if resource.known {
            found.listed(&resource.kind, namespace, section.file);
        } else {
            let (namespace, file) = (namespace.map(str::to_owned), section.file.to_owned());
            found.open_lists.push(OpenList { plural: resource.kind, group: resource.group, namespace, file });
        }
    }
}

/// The kinds of the category `all`.
fn all_of(resource: Resource) -> Vec<Resource> {
    const ALL: [&str; 10] = [
        "Pod",
        "ReplicationController",
        "Service",
        "DaemonSet",
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
        "HorizontalPodAutoscaler",
        "CronJob",
        "Job",
    ];
    if resource.kind.eq_ignore_ascii_case("all") { ALL.map(Resource::parse).to_vec() } else { vec![resource] }
}

#[cfg(test)]
mod tests;

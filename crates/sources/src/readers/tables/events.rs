//! Tables of events: `kubectl get events` in its old, new and wide layouts, `kubectl events`, and the table at the end of
//! `kubectl describe`.

use kloupe_model::{Event, ObjectRef, Stamp};

use super::grid::Grid;
use crate::kinds::{Resource, cluster_scoped};
use crate::when::age_and_count;

/// Whether these are the columns of a table of events.
pub(in crate::readers) fn is_events(grid: &Grid) -> bool {
    grid.column(&["REASON", "Reason"]).is_some() && grid.column(&["MESSAGE", "Message"]).is_some()
}

/// Whether a line heads an event table of `kubectl describe` that was cut out of its description.
pub(super) fn is_cut_out(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("Type" | "FirstSeen")) && {
        let rest: Vec<&str> = words.collect();
        ["Reason", "From", "Message"].iter().all(|word| rest.contains(word)) && rest.len() <= 7
    }
}

/// What the table itself does not say.
pub(in crate::readers) struct Context<'a> {
    /// The object that the events are about.
    pub(in crate::readers) about: Option<&'a ObjectRef>,
    /// The namespace.
    pub(in crate::readers) namespace: &'a str,
    /// The file.
    pub(in crate::readers) file: &'a str,
}

struct Columns {
    last: Option<usize>,
    count: Option<usize>,
    kind: Option<usize>,
    reason: Option<usize>,
    message: Option<usize>,
    source: Option<usize>,
    object: Option<usize>,
    object_kind: Option<usize>,
    name: Option<usize>,
    namespace: Option<usize>,
}

impl Columns {
    fn of(grid: &Grid) -> Columns {
        Columns {
            last: grid.column(&["LAST SEEN", "LASTSEEN", "Age", "LastSeen", "AGE"]),
            count: grid.column(&["COUNT", "Count"]),
            kind: grid.column(&["TYPE", "Type"]),
            reason: grid.column(&["REASON", "Reason"]),
            message: grid.column(&["MESSAGE", "Message"]),
            source: grid.column(&["SOURCE", "From", "FROM"]),
            object: grid.column(&["OBJECT"]),
            object_kind: grid.column(&["KIND"]),
            name: grid.column(&["NAME"]),
            namespace: grid.column(&["NAMESPACE"]),
        }
    }
}

/// Reads the rows below a header.
pub(in crate::readers) fn read<'a>(grid: &Grid, rows: impl Iterator<Item = &'a str>, context: &Context) -> Vec<Event> {
    let columns = Columns::of(grid);
    let mut events: Vec<Event> = Vec::new();
    for line in rows {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with("----") {
            continue;
        }
        match event(&columns, &grid.row(line), context) {
            Some(event) => events.push(event),
            // A message of several lines goes on below its row.
            None => {
                if let Some(last) = events.last_mut() {
                    last.message.push('\n');
                    last.message.push_str(trimmed);
                }
            }
        }
    }
    events
}

fn event(columns: &Columns, cells: &[&str], context: &Context) -> Option<Event> {
    let cell = |column: Option<usize>| column.and_then(|at| cells.get(at)).copied().unwrap_or_default();
    let last_seen = cell(columns.last);
    let (age, repeated) = age_and_count(last_seen);
    let last = if age.is_none() { Stamp::parse_rfc3339(last_seen) } else { None };
    let is_row = columns.last.is_none() || age.is_some() || last.is_some() || last_seen.starts_with('<');
    let is_type = cell(columns.kind).chars().all(char::is_alphanumeric);
    let reason = cell(columns.reason);
    if !is_row || !is_type || reason.contains(' ') || (reason.is_empty() && cell(columns.message).is_empty()) {
        return None;
    }
    let count = cell(columns.count).parse().ok().or(repeated);
    Some(Event {
        about: about(columns, cell, context),
        kind: cell(columns.kind).to_owned(),
        reason: reason.to_owned(),
        message: without_field(cell(columns.message)).to_owned(),
        source: cell(columns.source).split(',').next().unwrap_or_default().trim().to_owned(),
        count: count.unwrap_or(1).max(1),
        first: None,
        last,
        age,
        file: context.file.to_owned(),
    })
}

fn about<'a>(columns: &Columns, cell: impl Fn(Option<usize>) -> &'a str, context: &Context) -> ObjectRef {
    if let Some(about) = context.about {
        return about.clone();
    }
    let object = cell(columns.object);
    let (kind, name) = match object.split_once('/') {
        Some(both) => both,
        None if !object.is_empty() => ("", object),
        None => match cell(columns.object_kind).split_once('/') {
            Some(both) => both,
            None => (cell(columns.object_kind), without_hash(cell(columns.name))),
        },
    };
    let resource = Resource::parse(kind);
    let namespace = match cell(columns.namespace) {
        "" => context.namespace,
        namespace => namespace,
    };
    let namespace = if cluster_scoped(&resource.kind) { "" } else { namespace };
    ObjectRef::new(&resource.kind, &resource.group, namespace, name)
}

/// `kubectl describe` writes before the message which part of the object it is about: `spec.containers{manager}: Container started`.
fn without_field(message: &str) -> &str {
    let container = ["spec.containers{", "spec.initContainers{", "spec.ephemeralContainers{"]
        .iter()
        .find_map(|start| message.strip_prefix(start));
    container.and_then(|rest| rest.split_once("}: ")).map_or(message, |(_, message)| message)
}

/// The name of an event is its object's name and a number in hexadecimal.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((object, hash)) if hash.len() >= 13 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => object,
        _ => name,
    }
}

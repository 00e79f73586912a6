//! Tables as kubectl prints them: byte for byte, its padding and its escaping included.

use crate::age::since;
use crate::layout::{Aligner, escape};
use crate::selector::{label_set, or_none};
use crate::table::{Column, Row, Table};
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;

/// What `kubectl get` may be told about its tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Options {
    /// No line with the names of the columns.
    pub no_headers: bool,
    /// The columns of `-o wide` too.
    pub wide: bool,
    /// The namespace as first column.
    pub with_namespace: bool,
    /// What stands before each name: `deployment.apps`.
    pub with_kind: Option<String>,
    /// All labels as last column.
    pub show_labels: bool,
    /// A column for each of these labels.
    pub label_columns: Vec<String>,
    /// What happened to the objects, as first column.
    pub event: Option<String>,
}

/// After how many rows kubectl writes what it has; only then can a later block be laid out otherwise.
const FLUSH: usize = 100;

/// A table that grows while one looks: its columns get wider and never narrower, and their names are written once.
#[derive(Debug)]
pub struct Growing {
    aligner: Aligner,
    columns: Vec<Column>,
    headed: bool,
}

impl Default for Growing {
    fn default() -> Growing {
        Growing { aligner: Aligner::table(), columns: Vec::new(), headed: false }
    }
}

impl Growing {
    /// More rows. A table without columns has those of the one before it.
    pub fn print(&mut self, mut table: Table, options: &Options) -> String {
        if table.columns.is_empty() {
            table.columns.clone_from(&self.columns);
        } else if table.columns != self.columns {
            self.columns.clone_from(&table.columns);
            self.headed = false;
        }
        let options = Options { no_headers: options.no_headers || self.headed, ..options.clone() };
        self.headed |= !table.rows.is_empty();
        write(&table, &options, &mut self.aligner)
    }
}

/// The table as text; nothing where it has no rows.
pub fn print(table: &Table, options: &Options) -> String {
    write(table, options, &mut Aligner::table())
}

fn write(table: &Table, options: &Options, aligner: &mut Aligner) -> String {
    let heads: Vec<(Cow<str>, bool)> = heads(table, options);
    let shown: Vec<usize> = heads.iter().enumerate().filter(|(_, head)| head.1).map(|(index, _)| index).collect();
    if table.rows.is_empty() {
        return String::new();
    }
    let name = table.columns.iter().position(|column| column.format == "name" && column.r#type == "string");
    let rows: Vec<Vec<Cow<str>>> = table.rows.iter().map(|row| cells(row, table, name, options)).collect();
    // kubectl pads its first line to the longest cell, in bytes and before a cell is cut, whatever the aligner does later.
    let widest = |index: usize| rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.len()).max().unwrap_or(0);
    let last = shown.last().copied();
    let pad = |line: &mut String, index: usize, written: usize| {
        if Some(index) != last {
            line.extend(std::iter::repeat_n(' ', widest(index).saturating_sub(written)));
        }
    };

    let (mut out, mut pending) = (String::new(), String::new());
    if !options.no_headers {
        for (nth, &index) in shown.iter().enumerate() {
            if nth > 0 {
                pending.push('\t');
            }
            let head = heads[index].0.to_uppercase();
            pending.push_str(&head);
            pad(&mut pending, index, head.len());
        }
        pending.push('\n');
    }
    for (nth_row, row) in rows.iter().enumerate() {
        let present = shown.iter().copied().filter(|&index| index < row.len());
        for (nth, index) in present.enumerate() {
            if nth > 0 {
                pending.push('\t');
            }
            pending.push_str(&cut(&row[index]));
            if options.no_headers && nth_row == 0 {
                pad(&mut pending, index, row[index].len());
            }
        }
        pending.push('\n');
        if (nth_row + 1) % FLUSH == 0 {
            out.push_str(&aligner.align(&pending));
            pending.clear();
        }
    }
    out + &aligner.align(&pending)
}

/// The columns with those that the options add, and whether each is shown.
fn heads<'a>(table: &'a Table, options: &'a Options) -> Vec<(Cow<'a, str>, bool)> {
    let own = |column: &'a Column| (Cow::from(column.name.as_str()), options.wide || column.priority == 0);
    let label = |label: &'a String| (Cow::from(label.rsplit('/').next().unwrap_or(label)), true);
    let namespace = options.with_namespace.then_some((Cow::from("Namespace"), true));
    let labels = options.show_labels.then_some((Cow::from("Labels"), true));
    let event = options.event.is_some().then_some((Cow::from("Event"), true));
    let columns = table.columns.iter().map(own);
    event
        .into_iter()
        .chain(namespace)
        .chain(columns)
        .chain(options.label_columns.iter().map(label))
        .chain(labels)
        .collect()
}

/// The cells of a row with those that the options add.
fn cells<'a>(row: &'a Row, table: &Table, name: Option<usize>, options: &'a Options) -> Vec<Cow<'a, str>> {
    let metadata = &row.object["metadata"];
    let mut cells: Vec<Cow<str>> = row.cells.iter().map(written).collect();
    if let (Some(kind), Some(name)) = (&options.with_kind, name)
        && let Some(cell) = cells.get_mut(name)
        && !kind.is_empty()
    {
        *cell = format!("{}/{cell}", kind.to_lowercase()).into();
    }
    if options.show_labels || !options.label_columns.is_empty() {
        // A row with too few or too many cells keeps its label columns in place.
        cells.resize(table.columns.len(), Cow::default());
    }
    if options.with_namespace {
        cells.insert(0, metadata["namespace"].as_str().unwrap_or_default().into());
    }
    if let Some(event) = &options.event {
        cells.insert(0, event.as_str().into());
    }
    let labels = &metadata["labels"];
    cells.extend(options.label_columns.iter().map(|label| Cow::from(labels[label].as_str().unwrap_or_default())));
    if options.show_labels {
        cells.push(or_none(label_set(labels)).into());
    }
    cells
}

/// A cell as Go prints it.
fn written(cell: &Value) -> Cow<'_, str> {
    match cell {
        Value::Null => Cow::default(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

/// A cell up to its first line break, and safe for a terminal.
fn cut(cell: &str) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(end) => escape(&cell[..end]) + "...",
        None => escape(cell),
    }
}

/// What `kubectl events` prints; the events come in the order in which they are to stand.
pub fn events(events: &[Value], now: Timestamp, all_namespaces: bool, no_headers: bool) -> String {
    let mut text = String::new();
    if !no_headers {
        text.push_str(if all_namespaces { "NAMESPACE\t" } else { "" });
        text.push_str("LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
    }
    for event in events {
        let field = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if all_namespaces {
            text.push_str(field("/metadata/namespace"));
            text.push('\t');
        }
        let line = [
            interval(event, now),
            escape(field("/type")),
            escape(field("/reason")),
            format!("{}/{}", escape(field("/involvedObject/kind")), escape(field("/involvedObject/name"))),
            escape(field("/message").trim()),
        ];
        text.push_str(&line.join("\t"));
        text.push('\n');
    }
    Aligner::table().align(&text)
}

/// When an event was last seen, and how often since when.
fn interval(event: &Value, now: Timestamp) -> String {
    let first = since(now, event["eventTime"].as_str().or_else(|| event["firstTimestamp"].as_str()));
    let count = event["count"].as_i64().unwrap_or(0);
    let series = &event["series"];
    if !series.is_null() {
        let times = series["count"].as_i64().unwrap_or(0);
        return format!("{} (x{times} over {first})", since(now, series["lastObservedTime"].as_str()));
    }
    if count > 1 {
        return format!("{} (x{count} over {first})", since(now, event["lastTimestamp"].as_str()));
    }
    first
}

#[cfg(test)]
mod tests;

//! Answers as tables: those that a server made, and those that are made of objects where it made none.

use jiff::Timestamp;
use kloupe_cluster::cluster::items;
use kloupe_views::age;
use kloupe_views::output::sort_by;
use kloupe_views::table::{self, Column, Row, Table};
use serde_json::{Value, json};

/// A table as the server made it; where it made none, names and ages.
pub(super) fn table(answer: Value, now: Timestamp) -> Table {
    if answer.get("kind").and_then(Value::as_str) == Some("Table") {
        return from_answer(&answer);
    }
    let version = answer.get("apiVersion").and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = answer.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let objects = if answer.get("items").is_some() { items(answer) } else { vec![answer] };
    let objects: Vec<&Value> = objects.iter().collect();
    table::of(&version, kind.strip_suffix("List").unwrap_or(&kind), &objects, now)
}

/// What kubectl makes of objects by itself, whatever their kind.
pub(super) fn plain(answer: Value, now: Timestamp) -> Table {
    let objects = if answer.get("items").is_some() { items(answer) } else { vec![answer] };
    let row = |object: Value| {
        let metadata = &object["metadata"];
        let created = age::since(now, metadata["creationTimestamp"].as_str());
        Row { cells: vec![metadata["name"].clone(), created.into()], object }
    };
    Table { columns: vec![name(), column("Age")], rows: objects.into_iter().map(row).collect() }
}

/// What kubectl makes of a failure in a watch.
pub(super) fn failure(status: &Value) -> Table {
    let cells = ["status", "reason", "message"].map(|key| status[key].clone());
    let columns = ["Status", "Reason", "Message"].map(column);
    Table { columns: columns.into(), rows: vec![Row { cells: cells.into(), object: json!({}) }] }
}

fn name() -> Column {
    Column { format: "name".to_owned(), ..column("Name") }
}

fn column(name: &str) -> Column {
    Column { name: name.to_owned(), r#type: "string".to_owned(), ..Column::default() }
}

/// A table as it came over the wire.
fn from_answer(answer: &Value) -> Table {
    let list = |key: &str| answer.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let column = |value: &Value| Column {
        name: text(value, "name"),
        format: text(value, "format"),
        r#type: text(value, "type"),
        description: text(value, "description"),
        priority: value.get("priority").and_then(Value::as_i64).unwrap_or_default(),
    };
    let row = |value: &Value| Row {
        cells: value.get("cells").and_then(Value::as_array).cloned().unwrap_or_default(),
        object: value.get("object").cloned().unwrap_or_default(),
    };
    Table {
        columns: list("columnDefinitions").iter().map(column).collect(),
        rows: list("rows").iter().map(row).collect(),
    }
}

/// Sorts the rows by what their objects hold; says whether it could.
pub(super) fn sort_rows(table: &mut Table, path: &str) -> Result<bool, String> {
    if table.rows.len() > 1 {
        let objects: Vec<&Value> = table.rows.iter().map(|row| &row.object).collect();
        let Some(order) = sort_by::rows(&objects, path)? else { return Ok(false) };
        table.rows = reordered(std::mem::take(&mut table.rows), &order);
    }
    Ok(true)
}

/// The elements in another order.
pub(super) fn reordered<T>(elements: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut elements: Vec<Option<T>> = elements.into_iter().map(Some).collect();
    order.iter().filter_map(|at| elements[*at].take()).collect()
}

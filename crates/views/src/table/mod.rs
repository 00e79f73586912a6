//! Objects as the API server tabulates them: one row an object, the columns that `kubectl get` shows.
//!
//! Each kind has a `Printer`; kinds of one area share a file. What no printer knows gets a name and the time of its creation, as
//! the server does it. Fields that the server would fill in when it reads an object count as filled in.

mod custom;
mod field;
mod path;

mod admission;
mod autoscaling;
mod batch;
mod certificates;
mod core;
mod events;
mod extensions;
mod flow;
mod networking;
mod nodes;
mod pods;
mod rbac;
mod resources;
mod scheduling;
mod services;
mod storage;
mod workloads;

use jiff::Timestamp;
use serde_json::Value;

pub use custom::custom;

/// A table as the API server answers with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// A row for each object.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The name; kubectl writes it in capitals.
    pub name: String,
    /// `name` for the column that holds the object's name, else what the type needs to be precise.
    pub format: String,
    /// The `OpenAPI` type of the cells.
    pub r#type: String,
    /// What the column is about; empty where its name says it.
    pub description: String,
    /// 0 for what is always shown, more for what only `-o wide` shows.
    pub priority: i64,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The cells: text, number, boolean or null.
    pub cells: Vec<Value>,
    /// The object.
    pub object: Value,
}

/// How the objects of one kind are tabulated.
pub(crate) struct Printer {
    group: &'static str,
    kind: &'static str,
    columns: &'static [Head],
    cells: fn(&Value, &Scene) -> Vec<Value>,
}

/// What a printer may look at besides the object.
pub(crate) struct Scene<'a> {
    now: Timestamp,
    api_version: &'a str,
    /// The objects of the same answer, where the answer is a list.
    list: &'a [&'a Value],
}

impl Scene<'_> {
    /// How old the object is.
    fn age(&self, object: &Value) -> String {
        self.since(object, "/metadata/creationTimestamp")
    }

    /// How long ago the time in a field was.
    fn since(&self, object: &Value, field: &str) -> String {
        crate::age::since(self.now, object.pointer(field).and_then(Value::as_str))
    }
}

/// A column of a printer.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    name: &'static str,
    format: &'static str,
    r#type: &'static str,
    priority: i64,
}

const NAME: Head = Head { format: "name", ..text("Name") };
const AGE: Head = text("Age");

/// A column of text.
const fn text(name: &'static str) -> Head {
    Head { name, format: "", r#type: "string", priority: 0 }
}

/// A column of text that only `-o wide` shows.
const fn wide(name: &'static str) -> Head {
    Head { priority: 1, ..text(name) }
}

/// A column of whole numbers.
const fn int(name: &'static str) -> Head {
    Head { r#type: "integer", ..text(name) }
}

/// A column of yes and no.
const fn flag(name: &'static str) -> Head {
    Head { r#type: "boolean", ..text(name) }
}

/// The cells of a row.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$(serde_json::Value::from($cell)),*] };
}
use cells;

/// Every area, with the kinds that it knows.
static AREAS: &[&[Printer]] = &[
    admission::PRINTERS,
    autoscaling::PRINTERS,
    batch::PRINTERS,
    certificates::PRINTERS,
    core::PRINTERS,
    events::PRINTERS,
    extensions::PRINTERS,
    flow::PRINTERS,
    networking::PRINTERS,
    nodes::PRINTERS,
    pods::PRINTERS,
    rbac::PRINTERS,
    resources::PRINTERS,
    scheduling::PRINTERS,
    services::PRINTERS,
    storage::PRINTERS,
    workloads::PRINTERS,
];

/// What kinds without a printer get.
static PLAIN: Printer = Printer {
    group: "",
    kind: "",
    columns: &[NAME, Head { r#type: "date", ..text("Created At") }],
    cells: |object, _| cells![field::name(object), field::created(object)],
};

/// The answer to a list of objects of one built-in kind.
pub fn of(api_version: &str, kind: &str, objects: &[&Value], now: Timestamp) -> Table {
    build(api_version, kind, objects, &Scene { now, api_version, list: objects })
}

/// The answer to the question for one object by name. It differs from a list of one where a row depends on its neighbours: the
/// server marks the default storage class only in lists.
pub fn single(api_version: &str, kind: &str, object: &Value, now: Timestamp) -> Table {
    build(api_version, kind, &[object], &Scene { now, api_version, list: &[] })
}

fn build(api_version: &str, kind: &str, objects: &[&Value], scene: &Scene) -> Table {
    let printer = printer(api_version, kind);
    let row = |object: &&Value| Row { cells: (printer.cells)(object, scene), object: (*object).clone() };
    Table { columns: printer.columns.iter().map(Column::from).collect(), rows: objects.iter().map(row).collect() }
}

/// The printer of a kind, whatever the version. Kinds that moved out of the group `extensions` look as they do in their new home.
fn printer(api_version: &str, kind: &str) -> &'static Printer {
    let group = api_version.split_once('/').map_or("", |parts| parts.0);
    let fits = |printer: &&Printer| printer.kind == kind && (printer.group == group || group == "extensions");
    AREAS.iter().copied().flatten().find(fits).unwrap_or(&PLAIN)
}

impl From<&Head> for Column {
    fn from(head: &Head) -> Column {
        Column {
            name: head.name.to_owned(),
            format: head.format.to_owned(),
            r#type: head.r#type.to_owned(),
            description: String::new(),
            priority: head.priority,
        }
    }
}

#[cfg(test)]
mod tests;

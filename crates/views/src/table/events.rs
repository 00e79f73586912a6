//! Events, of the core group and of their own.

use super::field::{at, int, text, text_or};
use super::{Head, Printer, Scene, cells, text as column, wide};
use serde_json::Value;

const COLUMNS: &[Head] = &[
    column("Last Seen"),
    column("Type"),
    column("Reason"),
    column("Object"),
    wide("Subobject"),
    wide("Source"),
    column("Message"),
    wide("First Seen"),
    wide("Count"),
    Head { format: "name", ..wide("Name") },
];

/// Where an event of an API group keeps what.
struct Places {
    object: &'static str,
    message: &'static str,
    first: &'static str,
    last: &'static str,
    count: &'static str,
    component: &'static str,
    host: &'static str,
    reporter: &'static str,
}

static CORE: Places = Places {
    object: "/involvedObject",
    message: "/message",
    first: "/firstTimestamp",
    last: "/lastTimestamp",
    count: "/count",
    component: "/source/component",
    host: "/source/host",
    reporter: "/reportingComponent",
};

static OWN: Places = Places {
    object: "/regarding",
    message: "/note",
    first: "/deprecatedFirstTimestamp",
    last: "/deprecatedLastTimestamp",
    count: "/deprecatedCount",
    component: "/deprecatedSource/component",
    host: "/deprecatedSource/host",
    reporter: "/reportingController",
};

pub(super) static PRINTERS: &[Printer] = &[
    Printer { group: "", kind: "Event", columns: COLUMNS, cells: |event, scene| cells(event, scene, &CORE) },
    Printer {
        group: "events.k8s.io",
        kind: "Event",
        columns: COLUMNS,
        cells: |event, scene| cells(event, scene, &OWN),
    },
];

fn cells(event: &Value, scene: &Scene, places: &Places) -> Vec<Value> {
    let object = at(event, places.object).unwrap_or(&Value::Null);
    let mut target = text(object, "/kind").to_lowercase();
    if !text(object, "/name").is_empty() {
        target = format!("{target}/{}", text(object, "/name"));
    }
    let first = scene.since(event, if at(event, places.first).is_some() { places.first } else { "/eventTime" });
    let (last, count) = if at(event, "/series").is_some() {
        (scene.since(event, "/series/lastObservedTime"), int(event, "/series/count"))
    } else {
        let last = if at(event, places.last).is_some() { scene.since(event, places.last) } else { first.clone() };
        (last, int(event, places.count).max(1))
    };
    let component = text_or(event, places.component, text(event, places.reporter));
    let source = match text_or(event, places.host, text(event, "/reportingInstance")) {
        "" => component.to_owned(),
        host => format!("{component}, {host}"),
    };
    cells![
        last,
        text(event, "/type"),
        text(event, "/reason"),
        target,
        text(object, "/fieldPath"),
        source,
        text(event, places.message).trim(),
        first,
        count,
        text(event, "/metadata/name"),
    ]
}

//! What keeps pods running.

use super::field::{at, containers, int, int_or, labels, list, name, selector, text};
use super::{AGE, Head, NAME, Printer, Scene, cells, int as number, text as column, wide};
use serde_json::Value;

const TEMPLATE: &str = "/spec/template/spec/containers";
const REPLICAS: &[Head] = &[
    NAME,
    number("Desired"),
    number("Current"),
    number("Ready"),
    AGE,
    wide("Containers"),
    wide("Images"),
    wide("Selector"),
];

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "apps",
        kind: "Deployment",
        columns: &[
            NAME,
            column("Ready"),
            column("Up-to-date"),
            column("Available"),
            AGE,
            wide("Containers"),
            wide("Images"),
            wide("Selector"),
        ],
        cells: |object, scene| {
            let (names, images) = containers(object, TEMPLATE);
            cells![
                name(object),
                ready(object),
                int(object, "/status/updatedReplicas"),
                int(object, "/status/availableReplicas"),
                scene.age(object),
                names,
                images,
                whole_selector(object),
            ]
        },
    },
    Printer {
        group: "apps",
        kind: "ReplicaSet",
        columns: REPLICAS,
        cells: |object, scene| replicas(object, scene, selector(object, "/spec/selector")),
    },
    Printer {
        group: "",
        kind: "ReplicationController",
        columns: REPLICAS,
        cells: |object, scene| replicas(object, scene, labels(object, "/spec/selector")),
    },
    Printer {
        group: "apps",
        kind: "StatefulSet",
        columns: &[NAME, column("Ready"), AGE, wide("Containers"), wide("Images")],
        cells: |object, scene| {
            let (names, images) = containers(object, TEMPLATE);
            cells![name(object), ready(object), scene.age(object), names, images]
        },
    },
    Printer {
        group: "apps",
        kind: "DaemonSet",
        columns: &[
            NAME,
            number("Desired"),
            number("Current"),
            number("Ready"),
            number("Up-to-date"),
            number("Available"),
            column("Node Selector"),
            AGE,
            wide("Containers"),
            wide("Images"),
            wide("Selector"),
        ],
        cells: |object, scene| {
            let (names, images) = containers(object, TEMPLATE);
            cells![
                name(object),
                int(object, "/status/desiredNumberScheduled"),
                int(object, "/status/currentNumberScheduled"),
                int(object, "/status/numberReady"),
                int(object, "/status/updatedNumberScheduled"),
                int(object, "/status/numberAvailable"),
                labels(object, "/spec/template/spec/nodeSelector"),
                scene.age(object),
                names,
                images,
                selector(object, "/spec/selector"),
            ]
        },
    },
    Printer {
        group: "apps",
        kind: "ControllerRevision",
        columns: &[NAME, column("Controller"), column("Revision"), AGE],
        cells: |object, scene| cells![name(object), controller(object), int(object, "/revision"), scene.age(object)],
    },
];

fn ready(object: &Value) -> String {
    format!("{}/{}", int(object, "/status/readyReplicas"), int_or(object, "/spec/replicas", 1))
}

/// The selector of a Deployment, which is empty rather than `<none>` where it selects everything.
fn whole_selector(object: &Value) -> String {
    let text = crate::selector::label_selector(object.pointer("/spec/selector").unwrap_or(&Value::Null));
    if text == "<error>" { "<invalid>".to_owned() } else { text }
}

/// Who controls the object: `statefulset.apps/web`.
fn controller(object: &Value) -> String {
    let owner = list(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| at(owner, "/controller").and_then(Value::as_bool).unwrap_or(false));
    let Some(owner) = owner else { return "<none>".to_owned() };
    let kind = text(owner, "/kind").to_lowercase();
    match text(owner, "/apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{}/{}", group.to_lowercase(), text(owner, "/name")),
        None => format!("{kind}/{}", text(owner, "/name")),
    }
}

/// A replica set and its elder differ in how they select.
fn replicas(object: &Value, scene: &Scene, selector: String) -> Vec<Value> {
    let (names, images) = containers(object, TEMPLATE);
    cells![
        name(object),
        int_or(object, "/spec/replicas", 1),
        int(object, "/status/replicas"),
        int(object, "/status/readyReplicas"),
        scene.age(object),
        names,
        images,
        selector,
    ]
}

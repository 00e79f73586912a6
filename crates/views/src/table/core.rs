//! Namespaces, and what they hold besides workloads.

use super::field::{count, name, quantity, text_or};
use super::{AGE, NAME, Printer, cells, text as column};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "",
        kind: "Namespace",
        columns: &[NAME, column("Status"), AGE],
        cells: |object, scene| cells![name(object), text_or(object, "/status/phase", "Active"), scene.age(object)],
    },
    Printer {
        group: "",
        kind: "Secret",
        columns: &[NAME, column("Type"), column("Data"), AGE],
        cells: |object, scene| {
            cells![name(object), text_or(object, "/type", "Opaque"), count(object, "/data"), scene.age(object)]
        },
    },
    Printer {
        group: "",
        kind: "ConfigMap",
        columns: &[NAME, column("Data"), AGE],
        cells: |object, scene| {
            cells![name(object), count(object, "/data") + count(object, "/binaryData"), scene.age(object)]
        },
    },
    Printer {
        group: "",
        kind: "ServiceAccount",
        columns: &[NAME, AGE],
        cells: |object, scene| cells![name(object), scene.age(object)],
    },
    Printer {
        group: "",
        kind: "ResourceQuota",
        columns: &[NAME, column("Request"), column("Limit"), AGE],
        cells: |object, scene| {
            let (requests, limits) = quota(object);
            cells![name(object), requests, limits, scene.age(object)]
        },
    },
];

/// What is used of what is allowed: what concerns limits apart from all else.
fn quota(object: &Value) -> (String, String) {
    let mut hard: Vec<(&String, &Value)> = object["status"]["hard"].as_object().into_iter().flatten().collect();
    hard.sort_by_key(|entry| entry.0);
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (resource, allowed) in hard {
        let used = quantity(&object["status"]["used"][resource], "");
        let side = if resource.starts_with("limits.") { &mut limits } else { &mut requests };
        side.push(format!("{resource}: {used}/{}", quantity(allowed, "")));
    }
    (requests.join(", "), limits.join(", "))
}

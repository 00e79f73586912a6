//! What adds kinds to the API.

use super::field::{at, condition, created, flag_or, is_true, list, name, text, texts};
use super::{AGE, Head, NAME, Printer, cells, flag, text as column, wide};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "apiextensions.k8s.io",
        kind: "CustomResourceDefinition",
        columns: &[
            NAME,
            column("Scope"),
            column("Versions"),
            Head { r#type: "date", ..column("Created At") },
            wide("Group"),
            wide("Kind"),
            wide("ShortNames"),
            Head { priority: 1, ..flag("Established") },
        ],
        cells: |object, _| {
            cells![
                name(object),
                text(object, "/spec/scope"),
                versions(object),
                created(object),
                text(object, "/spec/group"),
                text(object, "/spec/names/kind"),
                texts(list(object, "/spec/names/shortNames"), ","),
                is_true(list(object, "/status/conditions"), "Established"),
            ]
        },
    },
    Printer {
        group: "apiregistration.k8s.io",
        kind: "APIService",
        columns: &[NAME, column("Service"), column("Available"), AGE],
        cells: |object, scene| {
            let service = at(object, "/spec/service")
                .map(|service| format!("{}/{}", text(service, "/namespace"), text(service, "/name")));
            cells![name(object), service.unwrap_or_else(|| "Local".to_owned()), available(object), scene.age(object),]
        },
    },
];

/// The served versions, the stored one marked.
fn versions(definition: &Value) -> String {
    let served = list(definition, "/spec/versions").iter().filter(|version| flag_or(version, "/served", false));
    let mut labels: Vec<String> = served
        .map(|version| {
            let stored = if flag_or(version, "/storage", false) { "(storage)" } else { "" };
            format!("{}{stored}", text(version, "/name"))
        })
        .collect();
    labels.sort();
    labels.join(",")
}

fn available(service: &Value) -> String {
    match condition(list(service, "/status/conditions"), "Available") {
        Some(found) => match (text(found, "/status"), text(found, "/reason")) {
            (status, reason) if status != "True" && !reason.is_empty() => format!("{status} ({reason})"),
            (status, _) => status.to_owned(),
        },
        None => "Unknown".to_owned(),
    }
}

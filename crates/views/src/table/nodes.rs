//! Nodes and what concerns them.

use super::field::{condition, flag_or, list, name, text, text_or};
use super::{AGE, NAME, Printer, cells, text as column, wide};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "",
        kind: "Node",
        columns: &[
            NAME,
            column("Status"),
            column("Roles"),
            AGE,
            column("Version"),
            wide("Internal-IP"),
            wide("External-IP"),
            wide("OS-Image"),
            wide("Kernel-Version"),
            wide("Container-Runtime"),
        ],
        cells: |object, scene| {
            cells![
                name(object),
                status(object),
                roles(object),
                scene.age(object),
                text(object, "/status/nodeInfo/kubeletVersion"),
                address(object, "InternalIP"),
                address(object, "ExternalIP"),
                text_or(object, "/status/nodeInfo/osImage", "<unknown>"),
                kernel(object),
                text_or(object, "/status/nodeInfo/containerRuntimeVersion", "<unknown>"),
            ]
        },
    },
    Printer {
        group: "coordination.k8s.io",
        kind: "Lease",
        columns: &[NAME, column("Holder"), AGE],
        cells: |object, scene| cells![name(object), text(object, "/spec/holderIdentity"), scene.age(object)],
    },
    Printer {
        group: "coordination.k8s.io",
        kind: "LeaseCandidate",
        columns: &[NAME, column("LeaseName"), column("BinaryVersion"), column("EmulationVersion"), AGE],
        cells: |object, scene| {
            cells![
                name(object),
                text(object, "/spec/leaseName"),
                text(object, "/spec/binaryVersion"),
                text(object, "/spec/emulationVersion"),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "node.k8s.io",
        kind: "RuntimeClass",
        columns: &[NAME, column("Handler"), AGE],
        cells: |object, scene| cells![name(object), text(object, "/handler"), scene.age(object)],
    },
    Printer {
        group: "",
        kind: "ComponentStatus",
        columns: &[NAME, column("Status"), column("Message"), column("Error")],
        cells: |object, _| match condition(list(object, "/conditions"), "Healthy") {
            Some(found) => {
                let healthy = if text(found, "/status") == "True" { "Healthy" } else { "Unhealthy" };
                cells![name(object), healthy, text(found, "/message"), text(found, "/error")]
            }
            None => cells![name(object), "Unknown", "", ""],
        },
    },
];

fn status(node: &Value) -> String {
    // Of two conditions of one type the server takes the last.
    let ready = list(node, "/status/conditions").iter().rfind(|condition| text(condition, "/type") == "Ready");
    let ready = match ready.map(|condition| text(condition, "/status")) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let cordoned = if flag_or(node, "/spec/unschedulable", false) { ",SchedulingDisabled" } else { "" };
    format!("{ready}{cordoned}")
}

fn roles(node: &Value) -> String {
    let labels = node["metadata"]["labels"].as_object().into_iter().flatten();
    let mut roles: Vec<&str> = labels
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) => Some(role),
            None if key == "kubernetes.io/role" => value.as_str(),
            None => None,
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    crate::selector::or_none(roles.join(","))
}

fn address<'a>(node: &'a Value, of: &str) -> &'a str {
    condition(list(node, "/status/addresses"), of).map_or("<none>", |address| text(address, "/address"))
}

fn kernel(node: &Value) -> String {
    let kernel = text_or(node, "/status/nodeInfo/kernelVersion", "<unknown>");
    match text(node, "/status/nodeInfo/architecture") {
        "" => kernel.to_owned(),
        architecture => format!("{kernel} ({architecture})"),
    }
}

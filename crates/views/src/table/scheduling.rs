//! Which pod goes first, and which go together.

use super::field::{at, flag_or, int, list, name, set_or, text};
use super::{AGE, NAME, Printer, cells, flag, int as number, text as column};
use serde_json::Value;

const GROUP: &str = "scheduling.k8s.io";

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: GROUP,
        kind: "PriorityClass",
        columns: &[NAME, number("Value"), flag("Global-Default"), AGE, column("PreemptionPolicy")],
        cells: |object, scene| {
            cells![
                name(object),
                int(object, "/value"),
                flag_or(object, "/globalDefault", false),
                scene.age(object),
                set_or(object, "/preemptionPolicy", "PreemptLowerPriority"),
            ]
        },
    },
    Printer {
        group: GROUP,
        kind: "Workload",
        columns: &[NAME, AGE],
        cells: |object, scene| cells![name(object), scene.age(object)],
    },
    Printer {
        group: GROUP,
        kind: "PodGroup",
        columns: &[NAME, column("Policy"), column("Workload"), column("Status"), AGE],
        cells: |object, scene| {
            cells![name(object), policy(object), workload(object), group_status(object), scene.age(object)]
        },
    },
    Printer {
        group: GROUP,
        kind: "CompositePodGroup",
        columns: &[NAME, column("Policy"), column("Workload"), AGE],
        cells: |object, scene| cells![name(object), policy(object), workload(object), scene.age(object)],
    },
];

fn policy(group: &Value) -> &'static str {
    if at(group, "/spec/schedulingPolicy/gang").is_some() { "Gang" } else { "Basic" }
}

fn workload(group: &Value) -> &str {
    at(group, "/spec/workloadRef").map_or("<none>", |reference| text(reference, "/workloadName"))
}

fn group_status(group: &Value) -> &str {
    let last = |of: &str| list(group, "/status/conditions").iter().rfind(|condition| text(condition, "/type") == of);
    match (last("DisruptionTarget"), last("PodGroupInitiallyScheduled")) {
        (Some(disrupted), _) => text(disrupted, "/reason"),
        (None, Some(scheduled)) if text(scheduled, "/status") == "True" => "Scheduled",
        (None, Some(_)) => "Unschedulable",
        (None, None) => "Pending",
    }
}

//! API priority and fairness.

use super::field::{at, condition, int, int_or, list, name, text};
use super::{AGE, NAME, Printer, cells, text as column};
use serde_json::Value;

const GROUP: &str = "flowcontrol.apiserver.k8s.io";

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: GROUP,
        kind: "FlowSchema",
        columns: &[
            NAME,
            column("PriorityLevel"),
            column("MatchingPrecedence"),
            column("DistinguisherMethod"),
            AGE,
            column("MissingPL"),
        ],
        cells: |object, scene| {
            let method = at(object, "/spec/distinguisherMethod").map_or("<none>", |method| text(method, "/type"));
            let dangling = condition(list(object, "/status/conditions"), "Dangling");
            cells![
                name(object),
                text(object, "/spec/priorityLevelConfiguration/name"),
                int_or(object, "/spec/matchingPrecedence", 1000),
                method,
                scene.age(object),
                dangling.map_or("?", |condition| text(condition, "/status")),
            ]
        },
    },
    Printer {
        group: GROUP,
        kind: "PriorityLevelConfiguration",
        columns: &[
            NAME,
            column("Type"),
            column("NominalConcurrencyShares"),
            column("Queues"),
            column("HandSize"),
            column("QueueLengthLimit"),
            AGE,
        ],
        cells: |object, scene| {
            let limited = at(object, "/spec/limited");
            let queuing = limited.and_then(|limited| at(limited, "/limitResponse/queuing"));
            let queue = |field: &str| queuing.map_or(Value::from("<none>"), |queuing| int(queuing, field).into());
            cells![
                name(object),
                text(object, "/spec/type"),
                limited.map_or(Value::from("<none>"), |limited| shares(limited).into()),
                queue("/queues"),
                queue("/handSize"),
                queue("/queueLengthLimit"),
                scene.age(object),
            ]
        },
    },
];

/// The shares of a level, which were called otherwise before `v1beta3`.
fn shares(limited: &Value) -> i64 {
    int_or(limited, "/nominalConcurrencyShares", int_or(limited, "/assuredConcurrencyShares", 30))
}

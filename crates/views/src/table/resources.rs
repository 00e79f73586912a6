//! Devices that pods claim.

use super::field::{at, deleting, list, name, text};
use super::{AGE, Head, NAME, Printer, cells, text as column};
use serde_json::Value;

const GROUP: &str = "resource.k8s.io";
const NAME_AND_AGE: &[Head] = &[NAME, AGE];

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: GROUP,
        kind: "DeviceClass",
        columns: NAME_AND_AGE,
        cells: |object, scene| cells![name(object), scene.age(object)],
    },
    Printer {
        group: GROUP,
        kind: "ResourceClaimTemplate",
        columns: NAME_AND_AGE,
        cells: |object, scene| cells![name(object), scene.age(object)],
    },
    Printer {
        group: GROUP,
        kind: "ResourceClaim",
        columns: &[NAME, column("State"), AGE],
        cells: |object, scene| cells![name(object), state(object), scene.age(object)],
    },
    Printer {
        group: GROUP,
        kind: "ResourceSlice",
        columns: &[NAME, column("Node"), column("Driver"), column("Pool"), AGE],
        cells: |object, scene| {
            cells![
                name(object),
                text(object, "/spec/nodeName"),
                text(object, "/spec/driver"),
                text(object, "/spec/pool/name"),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: GROUP,
        kind: "DeviceTaintRule",
        columns: &[NAME, column("Key"), column("Value"), column("Effect"), column("TimeAdded"), AGE],
        cells: |object, scene| {
            let added = at(object, "/spec/taint/timeAdded").map(|_| scene.since(object, "/spec/taint/timeAdded"));
            cells![
                name(object),
                text(object, "/spec/taint/key"),
                text(object, "/spec/taint/value"),
                text(object, "/spec/taint/effect"),
                added.unwrap_or_default(),
                scene.age(object),
            ]
        },
    },
];

fn state(claim: &Value) -> &'static str {
    let allocated = at(claim, "/status/allocation").is_some();
    let reserved = !list(claim, "/status/reservedFor").is_empty();
    match (deleting(claim), allocated, reserved) {
        (true, false, _) => "deleted",
        (false, false, _) => "pending",
        (true, true, false) => "deleted,allocated",
        (true, true, true) => "deleted,allocated,reserved",
        (false, true, false) => "allocated",
        (false, true, true) => "allocated,reserved",
    }
}

//! Nodes that are not ready or under pressure, under pods of the subject that do not run.

use kloupe_model::{Object, Strength};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, is_ready};

pub(crate) const CHECK: Check = Check { id: "node-state", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for pod in scene.of_kind("Pod").filter(|pod| !is_ready(pod)) {
        let Some(node) = pod.str_at(&["spec", "nodeName"]).and_then(|name| scene.find("Node", "", name)) else {
            continue;
        };
        signals.extend(trouble(node));
    }
    signals
}

fn trouble(node: &Object) -> Option<Signal> {
    node.list_at(&["status", "conditions"]).iter().find_map(|condition| {
        let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default();
        let (kind, status) = (text("type"), text("status"));
        let bad = if kind == "Ready" { status != "True" } else { kind.ends_with("Pressure") && status == "True" };
        let cause = if kind == "DiskPressure" { "disk-full" } else { "node-unavailable" };
        let strength = if kind == "Ready" { Strength::Decides } else { Strength::Supports };
        let quote = format!("{kind}: {status}, {}: {}", text("reason"), text("message"));
        bad.then(|| {
            at(node, format!("status.conditions[{kind}]"), cause, strength, &CHECK, quote)
                .with("node", node.reference.name.clone())
        })
    })
}

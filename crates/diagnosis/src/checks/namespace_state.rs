//! The namespace of the asked object, or of the controller, is being deleted.

use kloupe_model::Strength;
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "namespace-state", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let asked = scene.subject.object.map(|at| scene.world.facts.objects[at].reference.namespace.as_str());
    let wanted = [asked.unwrap_or_default(), scene.subject.namespace.as_str()];
    let mut signals = Vec::new();
    let namespaces = scene.world.index.of_kind("Namespace");
    for namespace in namespaces.filter(|object| wanted.contains(&object.reference.name.as_str())) {
        if namespace.str_at(&["status", "phase"]) != Some("Terminating") {
            continue;
        }
        let remaining: Vec<&str> = namespace
            .list_at(&["status", "conditions"])
            .iter()
            .filter(|condition| condition.get("status").and_then(Value::as_str) == Some("True"))
            .filter_map(|condition| condition.get("message").and_then(Value::as_str))
            .collect();
        let quote = format!("phase: Terminating. {}", remaining.join(" "));
        signals.push(
            at(namespace, "status.phase", "namespace-terminating", Strength::Supports, &CHECK, quote.trim_end())
                .with("name", namespace.reference.name.clone()),
        );
    }
    signals
}

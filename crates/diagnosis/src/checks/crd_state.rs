//! CustomResourceDefinitions that exist but are not served, or store a version that they no longer have.

use kloupe_model::Strength;
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "crd-state", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    let asked = scene.subject.object.map(|at| &scene.world.facts.objects[at].reference);
    for definition in scene.world.facts.objects.iter().filter(|object| object.reference.kind == "CustomResourceDefinition") {
        let own = asked.is_some_and(|asked| definition.str_at(&["spec", "names", "kind"]) == Some(asked.kind.as_str()) && definition.str_at(&["spec", "group"]) == Some(asked.group.as_str()));
        for condition in definition.list_at(&["status", "conditions"]) {
            let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default();
            if text("type") == "Established" && text("status") == "False" {
                let strength = if own { Strength::Decides } else { Strength::Supports };
                let quote = format!("Established: False, {}: {}", text("reason"), text("message"));
                signals.push(at(definition, "status.conditions[Established]", "crd-not-installed", strength, &CHECK, quote).with("gr", definition.reference.name.clone()));
            }
        }
    }
    signals
}

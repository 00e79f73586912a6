//! `CustomResourceDefinitions` that exist but are not served, or store a version that they no longer have.

use kloupe_model::{Place, Strength, say};
use serde_json::Value;

use super::named::{definition, named};
use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "crd-state", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    let asked = scene.subject.object.map(|at| &scene.world.facts.objects[at].reference);
    for definition in scene.world.index.of_kind("CustomResourceDefinition") {
        let own = asked.is_some_and(|asked| {
            definition.str_at(&["spec", "names", "kind"]) == Some(asked.kind.as_str())
                && definition.str_at(&["spec", "group"]) == Some(asked.group.as_str())
        });
        for condition in definition.list_at(&["status", "conditions"]) {
            let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default();
            if text("type") == "Established" && text("status") == "False" {
                let strength = if own { Strength::Decides } else { Strength::Supports };
                let quote = format!("Established: False, {}: {}", text("reason"), text("message"));
                signals.push(
                    at(definition, "status.conditions[Established]", "crd-not-installed", strength, &CHECK, quote)
                        .with("gr", definition.reference.name.clone()),
                );
            }
        }
    }
    for missing in scene
        .signals
        .iter()
        .filter(|signal| matches!(signal.cause, "crd-not-installed" | "crd-version-not-served") && signal.counts())
    {
        signals.extend(confirmed(scene, missing));
    }
    signals
}

/// What the list of definitions says of the kind that a message misses.
fn confirmed(scene: &Scene<'_>, missing: &Signal) -> Option<Signal> {
    let facts = scene.world.facts;
    if missing.cause == "crd-not-installed" && named("crd_absent", scene.world, &missing.values) {
        let listed = facts.listed.iter().find(|listed| listed.kind == "CustomResourceDefinition")?;
        let count = scene.world.index.of_kind("CustomResourceDefinition").count();
        let quote = say!(scene.world.lang, en: "none of the {count} CustomResourceDefinitions defines it", zh: "{count} 个 CustomResourceDefinition 中没有一个定义该类型");
        return Some(Signal::of_object(
            missing.cause,
            Strength::Supports,
            CHECK.id,
            Place::File { file: listed.file.clone() },
            quote,
        ));
    }
    if missing.cause == "crd-version-not-served" && named("crd_version_absent", scene.world, &missing.values) {
        let definition = definition(scene.world, &missing.values)?;
        let served: Vec<&str> = definition
            .list_at(&["spec", "versions"])
            .iter()
            .filter(|version| version.get("served").and_then(Value::as_bool) == Some(true))
            .filter_map(|version| version.get("name").and_then(Value::as_str))
            .collect();
        let quote = say!(scene.world.lang, en: "served versions: {}", zh: "提供的版本：{}", served.join(", "));
        return Some(
            at(definition, "spec.versions", missing.cause, Strength::Supports, &CHECK, quote)
                .with("gr", definition.reference.name.clone()),
        );
    }
    None
}

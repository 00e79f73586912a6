//! "Not found" for the very object that is reconciled and was just read: its status subresource is what is not there.

use kloupe_model::{Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "status-subresource", run };

/// A deleted object answers so once or twice; its status subresource does on every attempt.
const ATTEMPTS: u64 = 3;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for refused in scene
        .signals
        .iter()
        .filter(|signal| signal.counts() && signal.cause == "dependency-not-found" && signal.count >= ATTEMPTS)
    {
        let value = |key: &str| refused.values.get(key).map(String::as_str);
        let (Some(gr), Some(name), Some(object)) = (value("gr"), value("name"), refused.object.as_deref()) else {
            continue;
        };
        if object.rsplit('/').next() == Some(name) {
            signals.extend(of_itself(scene, refused, gr, object));
        }
    }
    signals
}

/// The API answers "not found" for the object that is reconciled.
fn of_itself(scene: &Scene<'_>, refused: &Signal, gr: &str, object: &str) -> Vec<Signal> {
    let said = Signal { cause: "status-subresource-missing", rule: CHECK.id, ..refused.clone() };
    let Some(definition) = scene.find("CustomResourceDefinition", "", gr).filter(|definition| definition.whole) else {
        // Without the definition: it is there, so only its status can be what is not found.
        return if exists(scene, gr, object) {
            vec![Signal { strength: Strength::Decides, ..said }]
        } else {
            Vec::new()
        };
    };
    let served = || {
        let is_served = |version: &&Value| version.get("served").and_then(Value::as_bool) == Some(true);
        definition.list_at(&["spec", "versions"]).iter().filter(is_served)
    };
    if served().next().is_none() || served().any(|version| version.pointer("/subresources/status").is_some()) {
        return Vec::new();
    }
    let quote = say!(scene.world.lang, en: "no served version of {gr} has subresources.status", zh: "{gr} 的所有提供版本都没有 subresources.status");
    let mut lacks =
        at(definition, "spec.versions[].subresources", "status-subresource-missing", Strength::Decides, &CHECK, quote)
            .with("gr", gr);
    lacks.object = Some(object.to_owned());
    vec![lacks, Signal { strength: Strength::Supports, ..said }]
}

/// Whether the object was read, and is not being deleted.
fn exists(scene: &Scene<'_>, gr: &str, key: &str) -> bool {
    let (namespace, name) = key.split_once('/').unwrap_or(("", key));
    let group = gr.split_once('.').map_or("", |(_, group)| group);
    scene.world.index.named(name).into_iter().any(|object| {
        let reference = &object.reference;
        !group.is_empty()
            && reference.group == group
            && reference.namespace == namespace
            && object.str_at(&["metadata", "deletionTimestamp"]).is_none()
    })
}

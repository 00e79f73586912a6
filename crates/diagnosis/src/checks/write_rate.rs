//! Objects whose spec is rewritten again and again: by two managers in turn, or by one without end.

use std::collections::BTreeMap;

use kloupe_model::{Object, Stamp, Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Outline, Signal, is_custom};

pub(crate) const CHECK: Check = Check { id: "write-rate", run };

/// Changes of a spec a minute over its whole life, and how many there must be at least, before they are no person's (proposals).
const CHANGES_A_MINUTE: i64 = 4;
const LEAST_CHANGES: i64 = 30;
/// Two managers that wrote within this time of each other write in turn.
const IN_TURN_SECONDS: i64 = 60;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let asked = scene.subject.object.map(|at| &scene.world.facts.objects[at].reference);
    let concerns = |object: &Object, outline: &Outline| match asked {
        Some(asked) => {
            object.reference == *asked
                || outline.owners.iter().any(|owner| owner.kind == asked.kind && owner.name == asked.name)
        }
        None => is_custom(object) || !outline.owners.is_empty(),
    };
    let often = |outline: &Outline| outline.generation.is_some_and(|generation| generation >= LEAST_CHANGES);
    let rewritten_often = scene.world.index.outlined().filter(|(_, outline)| often(outline));
    rewritten_often
        .filter(|(object, outline)| object.whole && concerns(object, outline))
        .filter_map(|(object, outline)| rewritten(scene, object, outline.generation?))
        .collect()
}

fn rewritten(scene: &Scene<'_>, object: &Object, generation: i64) -> Option<Signal> {
    let created = object.str_at(&["metadata", "creationTimestamp"]).and_then(Stamp::parse_rfc3339)?;
    let minutes = (scene.world.as_of?.seconds_since(created) / 60).max(1);
    if generation / minutes < CHANGES_A_MINUTE {
        return None;
    }
    let writers = writers(object);
    let newest = writers.values().max()?;
    let active: Vec<&str> = writers
        .iter()
        .filter(|(_, last)| newest.seconds_since(**last) <= IN_TURN_SECONDS)
        .map(|(manager, _)| *manager)
        .collect();
    let quote = say!(scene.world.lang, en: "generation: {generation} in {minutes} min, last written by {}", zh: "generation：{minutes} 分钟内达到 {generation}，最近的写入者：{}", active.join(", "));
    let reference = &object.reference;
    let cause = if active.len() > 1 { "controllers-fighting" } else { "hot-loop" };
    let owner = object.owners().next().map_or_else(|| reference.name.clone(), |(_, name)| name.to_owned());
    let mut signal = at(object, "metadata.generation", cause, Strength::Decides, &CHECK, quote)
        .with("manager", active.join(" / "))
        .with("kind", reference.kind.clone())
        .with("name", reference.name.clone());
    signal.object = Some(format!("{}/{owner}", reference.namespace));
    Some(signal)
}

/// Who wrote the spec, and when last. Status writes do not move the generation.
fn writers(object: &Object) -> BTreeMap<&str, Stamp> {
    let mut writers = BTreeMap::new();
    for entry in object.list_at(&["metadata", "managedFields"]) {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let time = text("time").and_then(Stamp::parse_rfc3339);
        let (Some(manager), Some(time), None) = (text("manager"), time, text("subresource")) else { continue };
        let last = writers.entry(manager).or_insert(time);
        *last = time.max(*last);
    }
    writers
}

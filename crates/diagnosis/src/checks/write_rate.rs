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
/// Kinds whose changes nothing counts.
const WITHOUT_GENERATION: [&str; 3] = ["ConfigMap", "Secret", "Service"];
/// Where nothing counts the changes, they must have written this close to each other.
const RIGHT_AFTER_SECONDS: i64 = 5;

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
    let uncounted = |object: &Object| WITHOUT_GENERATION.contains(&object.reference.kind.as_str());
    let suspects =
        scene.world.index.outlined().filter(|(object, outline)| {
            object.whole && (often(outline) || uncounted(object)) && concerns(object, outline)
        });
    suspects
        .filter_map(|(object, outline)| match outline.generation {
            Some(generation) => rewritten(scene, object, generation),
            None => written_in_turn(scene, object),
        })
        .collect()
}

/// What has no generation: two managers that wrote just now, one right after the other, long after it was made.
fn written_in_turn(scene: &Scene<'_>, object: &Object) -> Option<Signal> {
    let created = object.str_at(&["metadata", "creationTimestamp"]).and_then(Stamp::parse_rfc3339)?;
    let writers = writers(object);
    let newest = *writers.values().max()?;
    let active: Vec<&str> = writers
        .iter()
        .filter(|(_, last)| newest.seconds_since(**last) <= RIGHT_AFTER_SECONDS)
        .map(|(manager, _)| *manager)
        .collect();
    let just_now = scene.world.as_of?.seconds_since(newest) <= IN_TURN_SECONDS;
    if active.len() < 2 || !just_now || newest.seconds_since(created) < IN_TURN_SECONDS {
        return None;
    }
    let quote = say!(scene.world.lang, en: "written by {} within {RIGHT_AFTER_SECONDS} s, just now", zh: "刚刚在 {RIGHT_AFTER_SECONDS} 秒内先后由 {} 写入", active.join(", "));
    Some(named(scene, object, "metadata.managedFields", "controllers-fighting", Strength::Supports, &active, quote))
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
    let cause = if active.len() > 1 { "controllers-fighting" } else { "hot-loop" };
    Some(named(scene, object, "metadata.generation", cause, Strength::Decides, &active, quote))
}

/// A signal that names the object, its owner and who wrote it.
fn named(
    scene: &Scene<'_>,
    object: &Object,
    field: &str,
    cause: &'static str,
    strength: Strength,
    writers: &[&str],
    quote: String,
) -> Signal {
    let reference = &object.reference;
    let owner = object.owners().next().map_or_else(|| reference.name.clone(), |(_, name)| name.to_owned());
    let others = writers.iter().filter(|writer| !scene.subject.name.ends_with(**writer));
    let others: Vec<&str> = if writers.len() > 1 { others.copied().collect() } else { writers.to_vec() };
    let mut signal = at(object, field, cause, strength, &CHECK, quote)
        .with("manager", others.join(" / "))
        .with("kind", reference.kind.clone())
        .with("name", reference.name.clone());
    signal.object = Some(format!("{}/{owner}", reference.namespace));
    signal
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

//! Custom resources that were deleted and wait for a finalizer.

use kloupe_model::{Object, Stamp, Strength};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, is_custom};

pub(crate) const CHECK: Check = Check { id: "deletion-stuck", run };

/// A deletion normally ends within seconds; this long is stuck (a proposal).
const STUCK_SECONDS: i64 = 60;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let world = scene.world;
    let objects: Vec<&Object> = match scene.subject.object {
        Some(asked) => vec![&world.facts.objects[asked]],
        None => world
            .facts
            .objects
            .iter()
            .filter(|object| is_custom(object) && serves(scene, &object.reference.namespace))
            .collect(),
    };
    objects.into_iter().filter_map(|object| stuck(scene, object)).collect()
}

/// Whether the subject works in that namespace, as far as it shows.
fn serves(scene: &Scene<'_>, namespace: &str) -> bool {
    let spoken_of = |key: &String| key.split_once('/').is_some_and(|(found, _)| found == namespace);
    namespace == scene.subject.namespace
        || scene.subject.logs.iter().any(|log| scene.world.logs[*log].digest.objects.keys().any(spoken_of))
}

fn stuck(scene: &Scene<'_>, object: &Object) -> Option<Signal> {
    let since = object.str_at(&["metadata", "deletionTimestamp"])?;
    let age = Stamp::parse_rfc3339(since).and_then(|since| Some(scene.world.as_of?.seconds_since(since)));
    if age.is_some_and(|age| age < STUCK_SECONDS) {
        return None;
    }
    let finalizers: Vec<&str> = object.list_at(&["metadata", "finalizers"]).iter().filter_map(Value::as_str).collect();
    let first = *finalizers.first()?;
    let quote = format!("deletionTimestamp: {since}; finalizers: {}", finalizers.join(", "));
    let reference = &object.reference;
    let mut signal = at(object, "metadata.finalizers", "finalizer-stuck", Strength::Decides, &CHECK, quote)
        .with("finalizer", first)
        .with("name", reference.name.clone())
        .with("kind", reference.kind.clone());
    signal.object = Some(format!("{}/{}", reference.namespace, reference.name));
    Some(signal)
}

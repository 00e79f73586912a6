//! Custom resources that were deleted and wait for a finalizer.

use std::collections::BTreeSet;

use kloupe_model::{Object, Stamp, Strength};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "deletion-stuck", run };

/// A deletion normally ends within seconds; this long is stuck (a proposal).
const STUCK_SECONDS: i64 = 60;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let world = scene.world;
    let objects: Vec<&Object> = if let Some(asked) = scene.subject.object {
        vec![&world.facts.objects[asked]]
    } else {
        let served = served(scene);
        world.index.custom().filter(|object| served.contains(object.reference.namespace.as_str())).collect()
    };
    objects.into_iter().filter_map(|object| stuck(scene, object)).collect()
}

/// The namespaces that the subject works in, as far as it shows.
fn served<'s>(scene: &'s Scene<'_>) -> BTreeSet<&'s str> {
    let spoken_of = scene.subject.logs.iter().flat_map(|log| scene.world.logs[*log].digest.objects.keys());
    let namespaces = spoken_of.filter_map(|key| Some(key.split_once('/')?.0));
    namespaces.chain([scene.subject.namespace.as_str()]).collect()
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

//! An endless loop shows in the object itself: a time stamp in its status that every pass writes anew.

use kloupe_model::{Object, Stamp, Strength, say};
use serde_json::Value;

use super::queue_metrics::same_kind;
use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "status-churn", run };

/// A stamp this near to the newest evidence was written by one of the last passes.
const JUST_NOW: i64 = 60;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let Some(looping) = scene.signals.iter().find(|signal| signal.cause == "hot-loop" && signal.counts()) else {
        return Vec::new();
    };
    let queue = looping.values.get("controller");
    let concerns = |object: &&Object| queue.is_none_or(|queue| same_kind(queue, &object.reference.kind));
    scene.world.index.custom().filter(concerns).flat_map(|object| stamps(scene, object)).collect()
}

/// Fields of the status that hold a time of just now.
fn stamps(scene: &Scene<'_>, object: &Object) -> Vec<Signal> {
    let Some(now) = scene.world.as_of else { return Vec::new() };
    let writer = object
        .list_at(&["metadata", "managedFields"])
        .iter()
        .filter(|entry| entry.get("subresource").and_then(Value::as_str) == Some("status"))
        .find_map(|entry| entry.get("manager").and_then(Value::as_str));
    let fields = object.at(&["status"]).and_then(Value::as_object).into_iter().flatten();
    fields
        .filter_map(|(field, value)| {
            let text = value.as_str()?;
            let written = Stamp::parse_rfc3339(text)?;
            let key = format!("{}/{}", object.reference.namespace, object.reference.name);
            (now.seconds_since(written).abs() <= JUST_NOW).then(|| {
                let by = writer
                    .map(|writer| say!(scene.world.lang, en: ", written by {writer}", zh: "，由 {writer} 写入"))
                    .unwrap_or_default();
                let quote = format!("{key}: status.{field}: {text}{by}");
                at(object, format!("status.{field}"), "hot-loop", Strength::Supports, &CHECK, quote)
                    .with("field", format!("status.{field}"))
                    .with("object", key)
            })
        })
        .collect()
}

//! A workload that asks for no replicas, or whose rollout is paused before anything runs.

use kloupe_model::{Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "workload-replicas", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for kind in ["Deployment", "StatefulSet"] {
        for workload in scene.of_kind(kind) {
            let number = |path: &[&str]| workload.at(path).and_then(Value::as_u64);
            let name = &workload.reference.name;
            let mut asks_for_none = |field: &str, quote: String| {
                let signal = at(workload, field, "scaled-to-zero", Strength::Decides, &CHECK, quote);
                signals.push(signal.with("name", name.clone()));
            };
            if number(&["spec", "replicas"]) == Some(0) {
                asks_for_none(
                    "spec.replicas",
                    say!(scene.world.lang, en: "{} asks for no pod: spec.replicas: 0", zh: "{} 不要求任何 Pod：spec.replicas: 0", workload.reference),
                );
            }
            let paused = workload.at(&["spec", "paused"]).and_then(Value::as_bool) == Some(true);
            if paused && number(&["status", "readyReplicas"]).unwrap_or_default() == 0 {
                asks_for_none(
                    "spec.paused",
                    say!(scene.world.lang, en: "the rollout of {} is paused: spec.paused: true", zh: "{} 的发布已暂停：spec.paused: true", workload.reference),
                );
            }
        }
    }
    signals
}

//! "Not found" for the very object that is reconciled and was just read: its status subresource is what is not there.

use kloupe_model::Strength;
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
        let itself = object.rsplit('/').next() == Some(name);
        let Some(definition) = scene.find("CustomResourceDefinition", "", gr).filter(|_| itself) else { continue };
        let served = definition
            .list_at(&["spec", "versions"])
            .iter()
            .filter(|version| version.get("served").and_then(Value::as_bool) == Some(true));
        let lacks = served.clone().count() > 0
            && served.clone().all(|version| version.pointer("/subresources/status").is_none());
        if definition.whole && lacks {
            let quote = format!("no served version of {gr} has subresources.status");
            let mut signal = at(
                definition,
                "spec.versions[].subresources",
                "status-subresource-missing",
                Strength::Decides,
                &CHECK,
                quote,
            )
            .with("gr", gr)
            .with("name", name);
            signal.object = Some(object.to_owned());
            let mut said =
                Signal { cause: "status-subresource-missing", strength: Strength::Supports, ..refused.clone() };
            said.rule = CHECK.id;
            signals.extend([signal, said]);
        }
    }
    signals
}

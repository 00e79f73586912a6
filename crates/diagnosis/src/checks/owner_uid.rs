//! Children whose owner reference names an owner by a uid that it no longer has: the garbage collector deletes them.

use kloupe_model::{Strength, say};

use super::{Check, Scene, at};
use crate::engine::{Signal, is_custom};

pub(crate) const CHECK: Check = Check { id: "owner-uid", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for (child, outline) in scene.world.index.of_custom().filter(|(object, _)| object.whole) {
        for owner in &outline.owners {
            let Some(found) = scene
                .find(&owner.kind, &child.reference.namespace, &owner.name)
                .filter(|found| found.whole && is_custom(found))
            else {
                continue;
            };
            let uid = found.str_at(&["metadata", "uid"]).unwrap_or_default();
            if owner.uid.is_empty() || uid.is_empty() || uid == owner.uid {
                continue;
            }
            let quote = say!(
                scene.world.lang,
                en: "ownerReferences names {}/{} with uid {}; the owner of that name has uid {uid}",
                zh: "ownerReferences 指向 {}/{}，uid 为 {}；而该名称的属主 uid 为 {uid}",
                owner.kind,
                owner.name,
                owner.uid
            );
            let mut signal =
                at(child, "metadata.ownerReferences", "garbage-collected", Strength::Decides, &CHECK, quote)
                    .with("owner", owner.name.clone())
                    .with("kind", child.reference.kind.clone())
                    .with("name", child.reference.name.clone());
            signal.object = Some(format!("{}/{}", found.reference.namespace, found.reference.name));
            signals.push(signal);
        }
    }
    signals
}

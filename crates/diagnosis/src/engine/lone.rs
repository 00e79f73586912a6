//! Custom resources without a controller in sight: what their own status says is all there is to read.

use super::read::speaks_of_trouble;
use super::{Subject, World, is_custom};

/// A page full of objects that fail alike says no more than the first ones.
const MAX_OBJECTS: usize = 20;

/// A subject for each custom resource that is in trouble: a condition that says so, or a deletion that waits.
pub(crate) fn troubled(world: &World<'_>, namespace: Option<&str>) -> Vec<Subject> {
    let objects = world.facts.objects.iter().enumerate();
    objects
        .filter(|(_, object)| is_custom(object) && namespace.is_none_or(|wanted| object.reference.namespace == wanted))
        .filter(|(_, object)| {
            let text = |condition: &serde_json::Value, key: &str| {
                condition.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            };
            object.str_at(&["metadata", "deletionTimestamp"]).is_some()
                || object
                    .list_at(&["status", "conditions"])
                    .iter()
                    .any(|condition| speaks_of_trouble(&text(condition, "type"), &text(condition, "status")))
        })
        .take(MAX_OBJECTS)
        .map(|(at, object)| {
            let mut subject = Subject::default();
            subject.name = object.reference.to_string();
            subject.namespace.clone_from(&object.reference.namespace);
            subject.object = Some(at);
            subject
        })
        .collect()
}

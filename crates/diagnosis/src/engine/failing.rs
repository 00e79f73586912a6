//! Objects whose reconcile fails each time, to the end of the log, whatever the reason.

use std::collections::BTreeSet;

use kloupe_model::{Place, Strength};

use super::{Origin, Signal, Subject, World, values};

/// A failure that came less often may pass by itself.
const ATTEMPTS: u64 = 3;

/// The objects that fail; of an asked one only that.
pub(crate) fn objects(world: &World<'_>, subject: &Subject) -> BTreeSet<String> {
    let asked = subject.object.map(|at| &world.facts.objects[at].reference);
    let mut failing = BTreeSet::new();
    for log in &subject.logs {
        let digest = &world.logs[*log].digest;
        let recent = digest.last_order - (digest.last_order / 3).max(12);
        for (object, activity) in &digest.objects {
            let lasting = activity
                .last_error
                .is_some_and(|error| error >= recent && activity.last_ok.is_none_or(|ok| ok < error));
            let concerns = asked
                .is_none_or(|asked| *object == format!("{}/{}", asked.namespace, asked.name) || *object == asked.name);
            if activity.errors >= ATTEMPTS && lasting && concerns {
                failing.insert(object.clone());
            }
        }
    }
    failing
}

/// An object that fails with an error that no signature knows: the error itself is all that can be said.
pub(crate) fn unknown(world: &World<'_>, subject: &Subject, signals: &mut Vec<Signal>) {
    for object in objects(world, subject) {
        if signals.iter().any(|signal| signal.counts() && signal.object.as_ref() == Some(&object)) {
            continue;
        }
        for log in &subject.logs {
            let facts = &world.logs[*log];
            let errors = facts
                .digest
                .unknown_errors
                .iter()
                .filter(|error| error.object.as_ref() == Some(&object) && error.count >= ATTEMPTS);
            for error in errors.take(1) {
                let place = Place::Log { file: facts.file.clone(), line: error.first.line };
                let mut signal = Signal::of_object(
                    "controller-bug",
                    Strength::Supports,
                    "unknown-error",
                    place,
                    error.first.text.clone(),
                );
                signal = signal.with("unknownError", values::shorten(&error.first.text));
                signal.count = error.count;
                signal.first = error.first.time;
                signal.last = error.last.time;
                signal.object = Some(object.clone());
                signal.origin = Origin::Log { log: *log, order: error.order };
                signals.push(signal);
            }
        }
    }
}

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
                let field = spec_field(&error.first.text);
                let mut signal = Signal::of_object(
                    if field.is_some() { "user-spec-invalid" } else { "controller-bug" },
                    Strength::Supports,
                    "unknown-error",
                    place,
                    error.first.text.clone(),
                );
                if let Some(field) = field {
                    signal = signal.with("field", field);
                }
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

/// The field of the custom resource that an error names: `spec.storage.size`. Then it is about what the user asked for.
fn spec_field(text: &str) -> Option<&str> {
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '[' | ']' | '_' | '-');
    text.match_indices("spec.").find_map(|(at, _)| {
        let apart = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let field = &text[at..];
        let field = field[..field.find(|c| !named(c)).unwrap_or(field.len())].trim_end_matches('.');
        (apart && field.len() > "spec.".len()).then_some(field)
    })
}

#[cfg(test)]
mod tests {
    use super::spec_field;

    #[test]
    fn an_error_about_the_spec_names_its_field() {
        assert_eq!(spec_field("spec.size 3 is not supported: only odd sizes"), Some("spec.size"));
        assert_eq!(spec_field("invalid: spec.storage[0].class."), Some("spec.storage[0].class"));
        assert_eq!(spec_field("see myspec.html and the spec. It fails"), None);
    }
}

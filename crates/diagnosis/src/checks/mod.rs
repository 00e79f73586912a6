//! Checks: questions to objects, metrics and rules that no message answers. A check gives signals or nothing; it cannot fail.
//!
//! A new one is a file here and a line in the list. `named.rs` holds the small ones that a signature's row asks by name.

mod named;

use kloupe_model::{Object, Place, Strength, registry};

use crate::engine::{Signal, Subject, World};

pub(crate) use named::named;

/// What a check may look at.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) subject: &'a Subject,
    /// What the texts and the checks before said already.
    pub(crate) signals: &'a [Signal],
}

impl<'a> Scene<'a> {
    /// The subject's objects of this kind.
    fn of_kind(&self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.subject.objects().filter(move |object| object.reference.kind == kind)
    }

    /// Whether the list of a kind was read whole, in this namespace or in all.
    fn listed(&self, kind: &str, namespace: &str) -> bool {
        self.world.index.listed(kind, namespace)
    }

    /// An object by kind, namespace and name.
    fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Object> {
        self.world.index.find(kind, namespace, name)
    }
}

/// A question to the facts.
pub(crate) struct Check {
    /// Its id, which evidence carries as its rule.
    pub(crate) id: &'static str,
    /// What it finds.
    pub(crate) run: fn(&Scene<'_>) -> Vec<Signal>,
}

registry! {
    /// Every check.
    pub ALL: Check = CHECK in {
        access_rules,
        container_states,
        crd_state,
        deletion_stuck,
        missing_references,
        namespace_state,
        network_policies,
        node_state,
        owner_uid,
        port_holder,
        queue_metrics,
        replicas,
        request_metrics,
        status_churn,
        status_subresource,
        watch_scope,
        webhook_backend,
        write_rate,
    }
}

/// Adds what the checks say about a subject; each hears the ones before it.
pub(crate) fn run(world: &World<'_>, subject: &Subject, signals: &mut Vec<Signal>) {
    for check in ALL {
        let found = (check.run)(&Scene { world, subject, signals: signals.as_slice() });
        signals.extend(found);
    }
}

/// A signal from a field of an object.
fn at(
    object: &Object,
    field: impl Into<String>,
    cause: &'static str,
    strength: Strength,
    check: &Check,
    quote: impl Into<String>,
) -> Signal {
    let place = Place::Field { file: object.file.clone(), object: object.reference.clone(), field: field.into() };
    Signal::of_object(cause, strength, check.id, place, quote)
}

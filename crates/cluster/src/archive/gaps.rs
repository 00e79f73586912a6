//! What a capture does not hold, and how that is said: nothing that was not captured may look like nothing at all.

use std::collections::BTreeSet;

use kloupe_model::Lang;

use super::kinds::Kind;
use super::status::Refusal;
use super::store::Store;

/// So many of the kinds that there are instead are named.
const NAMED: usize = 5;

impl Store {
    /// Why a kind of which nothing is there, in this namespace or anywhere, may not be taken for an empty list.
    pub(crate) fn missing(&self, kind: &Kind, namespace: Option<&str>) -> Option<Refusal> {
        if let Some(why) = self.refused(kind, namespace) {
            return Some(Refusal::forbidden(&kind.resource, &kind.group, why));
        }
        let name = qualified(kind);
        if self.has_part(kind) {
            let why =
                format!("the capture holds {name} as tables or descriptions only, which cannot be served as objects");
            return Some(Refusal::not_captured(&kind.resource, &kind.group, why));
        }
        if self.is_listed(kind, namespace) {
            return None;
        }
        let whose = namespace.map(|namespace| format!(" of namespace \"{namespace}\"")).unwrap_or_default();
        let why = format!("the capture does not hold {name}{whose}; {}", self.asked(kind));
        Some(Refusal::not_captured(&kind.resource, &kind.group, why))
    }

    /// Whether nothing tells if there are objects of a kind there: none was captured, and no list of them.
    pub(crate) fn untold(&self, kind: &Kind, namespace: Option<&str>) -> bool {
        !self.is_listed_here(kind, namespace) && self.list(kind, namespace).is_empty()
    }

    fn is_listed_here(&self, kind: &Kind, namespace: Option<&str>) -> bool {
        self.facts.listed.iter().any(|listed| {
            listed.kind == kind.kind && (listed.namespace.is_none() || listed.namespace.as_deref() == namespace)
        })
    }

    /// Whether what is not there was looked for, there or elsewhere.
    fn is_listed(&self, kind: &Kind, namespace: Option<&str>) -> bool {
        if self.is_listed_here(kind, namespace) {
            return true;
        }
        let is_listed = self.facts.listed.iter().any(|listed| listed.kind == kind.kind);
        let elsewhere = is_listed || !self.list(kind, None).is_empty();
        // Only a bundle of kloupe's own tells of which namespaces it is; other lists may have been cut to one.
        let asked = self.facts.asked.as_deref().unwrap_or_default();
        let is_outside =
            namespace.is_some_and(|namespace| !asked.is_empty() && !asked.iter().any(|it| it == namespace));
        elsewhere && !is_outside
    }

    /// Whether objects of this kind were seen in part: in a table, in a description, as lines of events.
    fn has_part(&self, kind: &Kind) -> bool {
        let is_its = |group: &str, name: &str| name == kind.kind && (group == kind.group || group.is_empty());
        if kind.kind == "Event" && !self.facts.events.is_empty() && self.list(kind, None).is_empty() {
            return true;
        }
        let seen =
            |object: &kloupe_model::Object| !object.whole && is_its(&object.reference.group, &object.reference.kind);
        self.list(kind, None).is_empty() && self.facts.objects.iter().any(seen)
    }

    /// What was asked for when the capture was made, as far as it tells.
    fn asked(&self, kind: &Kind) -> String {
        match self.facts.asked.as_deref() {
            Some(_) if kind.group.is_empty() && kind.kind == "Secret" => {
                return "secrets are never captured".to_owned();
            }
            Some([]) => return "it was asked for all namespaces".to_owned(),
            Some(namespaces) => {
                let named: Vec<String> = namespaces.iter().map(|namespace| format!("\"{namespace}\"")).collect();
                return format!("it was asked for namespaces {}", named.join(", "));
            }
            None => {}
        }
        let held: BTreeSet<String> =
            self.served.kinds.iter().filter(|kind| !self.list(kind, None).is_empty()).map(qualified).collect();
        let named: Vec<&str> = held.iter().take(NAMED).map(String::as_str).collect();
        match held.len().checked_sub(NAMED) {
            _ if held.is_empty() => "it holds no objects".to_owned(),
            None | Some(0) => format!("it holds {}", named.join(", ")),
            Some(more) => format!("it holds {} and {more} more kinds", named.join(", ")),
        }
    }

    /// What the collector was told when it was not allowed to list this resource there.
    pub(crate) fn refused(&self, kind: &Kind, namespace: Option<&str>) -> Option<String> {
        if self.is_listed_here(kind, namespace) {
            return None;
        }
        let (start, asked) =
            (format!("{} is forbidden: ", qualified(kind)), format!("cannot list resource \"{}\"", kind.resource));
        self.facts.gaps.iter().find_map(|gap| {
            let why = gap.why.get(Lang::En);
            let at = why.find(&start).filter(|_| why.contains(&asked))?;
            // Asked for all namespaces at once, where nothing was read, one that was refused is reason enough.
            let here = match (why.split_once("in the namespace \""), namespace) {
                (Some((_, rest)), Some(namespace)) => rest.split('"').next() == Some(namespace),
                _ => true,
            };
            here.then(|| why[at..].lines().next().unwrap_or_default().to_owned())
        })
    }
}

/// `pods`, `deployments.apps`.
fn qualified(kind: &Kind) -> String {
    if kind.group.is_empty() { kind.resource.clone() } else { format!("{}.{}", kind.resource, kind.group) }
}

//! The same as the words, for programs.

use kloupe_diagnosis::rbac::{Attributes, Grant, Item, Near};
use kloupe_model::Lang;
use serde_json::{Value, json};

use super::{field, words};

/// What `auth why -o json` prints.
pub(super) struct Document<'a> {
    pub(super) request: &'a Attributes<'a>,
    /// The answer of the API server.
    pub(super) status: &'a Value,
    pub(super) grants: &'a [Grant<'a>],
    pub(super) near: &'a [Near<'a>],
    /// The objects that would allow it.
    pub(super) missing: &'a [Value],
    /// The kinds that may not be read, and why.
    pub(super) unread: &'a [(String, String)],
}

impl Document<'_> {
    pub(super) fn value(&self, lang: Lang) -> Value {
        let request = self.request;
        let allowed = self.status.get("allowed").and_then(Value::as_bool).unwrap_or_default();
        let error = field(self.status, "evaluationError");
        let answer = match (allowed, error.is_empty()) {
            (true, _) => "yes",
            (false, true) => "no",
            (false, false) => "unknown",
        };
        let mut asked = json!({"user": request.user, "groups": request.groups, "verb": request.verb});
        for (key, value) in [
            ("group", request.group),
            ("resource", request.resource),
            ("subresource", request.subresource),
            ("name", request.name),
            ("namespace", request.namespace),
            ("path", request.path.unwrap_or_default()),
        ] {
            if !value.is_empty() {
                asked[key] = value.into();
            }
        }
        let near: Vec<Value> = self.near.iter().map(|near| self.near(lang, near)).collect();
        let unread: Vec<Value> = self.unread.iter().map(|(kind, why)| json!({"resource": kind, "why": why})).collect();
        json!({
            "version": "1",
            "request": asked,
            "answer": answer,
            "reason": field(self.status, "reason"),
            "evaluationError": error,
            "grants": self.grants.iter().map(grant).collect::<Vec<_>>(),
            "near": near,
            "missing": self.missing,
            "unread": unread,
        })
    }

    fn near(&self, lang: Lang, near: &Near<'_>) -> Value {
        let (kind, mut entry) = match near {
            Near::Rule { grant: it, .. } => ("rule", grant(it)),
            Near::Namesake(it) => ("namesake", grant(it)),
            Near::Elsewhere(it) => ("elsewhere", grant(it)),
            Near::NoRole { binding, .. } => ("no-role", json!({"binding": item(binding)})),
            Near::Empty { binding, role } => ("empty", json!({"binding": item(binding), "role": item(role)})),
            Near::Unbound { role, index, .. } => ("unbound", json!({"role": item(role), "rule": index + 1})),
        };
        entry["kind"] = kind.into();
        entry["says"] = words::near(lang, self.request, near).1.into();
        entry
    }
}

fn grant(grant: &Grant<'_>) -> Value {
    json!({"binding": item(grant.binding), "role": item(grant.role), "rule": grant.index + 1, "subject": grant.subject})
}

fn item(item: &Item<'_>) -> Value {
    let mut entry = json!({"kind": item.kind, "name": item.name});
    if !item.namespace.is_empty() {
        entry["namespace"] = item.namespace.into();
    }
    entry
}

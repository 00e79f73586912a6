//! What the captured Roles and Bindings allow: the same rules as the API server's RBAC authorizer.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/rbac`. Absence only counts where the lists were read whole.

use kloupe_model::{Facts, Object};
use serde_json::Value;

/// A request to be judged.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// `system:serviceaccount:NAMESPACE:NAME`, or another user.
    pub user: &'a str,
    /// The verb.
    pub verb: &'a str,
    /// The API group, empty for core.
    pub group: &'a str,
    /// The resource, with `/subresource` if any.
    pub resource: &'a str,
    /// The namespace, empty for a request at cluster scope.
    pub namespace: &'a str,
}

/// What the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A rule of this role, through this binding, allows it.
    Allowed {
        /// The role, `ClusterRole/name` or `Role/name`.
        role: String,
        /// The binding.
        binding: String,
    },
    /// No rule allows it, and the lists are whole.
    Denied,
    /// Not all of the lists were read.
    Unknown,
}

/// Judges a request over the captured rules.
pub fn judge(facts: &Facts, request: &Request<'_>) -> Answer {
    for binding in bindings(facts, request.namespace) {
        if !subjects(binding).any(|subject| is_user(subject, binding, request.user)) {
            continue;
        }
        let Some(role) = role_of(facts, binding) else { continue };
        if rules(facts, role).any(|rule| allows(rule, request)) {
            return Answer::Allowed {
                role: format!("{}/{}", role.reference.kind, role.reference.name),
                binding: format!("{}/{}", binding.reference.kind, binding.reference.name),
            };
        }
    }
    let listed = |kind: &str| facts.listed.iter().any(|list| list.kind == kind);
    let whole = listed("ClusterRoleBinding") && (request.namespace.is_empty() || listed("RoleBinding"));
    if whole { Answer::Denied } else { Answer::Unknown }
}

/// The verbs that any rule grants the user on a resource, wherever: for saying what is there when something is missing.
pub fn granted_verbs(facts: &Facts, user: &str, group: &str, resource: &str) -> Option<(Vec<String>, String)> {
    facts.objects.iter().filter(|object| is_binding(object)).find_map(|binding| {
        subjects(binding).find(|subject| is_user(subject, binding, user))?;
        let role = role_of(facts, binding)?;
        let verbs: Vec<String> = rules(facts, role)
            .filter(|rule| covers(rule, "apiGroups", group) && covers(rule, "resources", resource))
            .flat_map(|rule| strings(rule, "verbs"))
            .map(str::to_owned)
            .collect();
        (!verbs.is_empty()).then(|| (verbs, format!("{} {}", role.reference.kind, role.reference.name)))
    })
}

/// Whether the account may list or watch anything: a sign of a controller.
pub fn watches_anything(facts: &Facts, namespace: &str, name: &str) -> bool {
    let user = format!("system:serviceaccount:{namespace}:{name}");
    facts.objects.iter().filter(|object| is_binding(object)).any(|binding| {
        subjects(binding).any(|subject| {
            subject.get("kind").and_then(Value::as_str) == Some("ServiceAccount") && is_user(subject, binding, &user)
        }) && role_of(facts, binding).is_some_and(|role| rules(facts, role).any(|rule| covers(rule, "verbs", "watch")))
    })
}

/// The `ServiceAccounts` (namespace, name) that a rule lets write a resource: who may be its controller.
pub fn writers(facts: &Facts, group: &str, resource: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for binding in facts.objects.iter().filter(|object| is_binding(object)) {
        let Some(role) = role_of(facts, binding) else { continue };
        let named = rules(facts, role).any(|rule| {
            strings(rule, "apiGroups").any(|g| g == group)
                && strings(rule, "resources").any(|r| r == resource || r.starts_with(&format!("{resource}/")))
        });
        if !named {
            continue;
        }
        for subject in
            subjects(binding).filter(|subject| subject.get("kind").and_then(Value::as_str) == Some("ServiceAccount"))
        {
            let namespace = subject.get("namespace").and_then(Value::as_str).unwrap_or(&binding.reference.namespace);
            if let Some(name) = subject.get("name").and_then(Value::as_str) {
                let account = (namespace.to_owned(), name.to_owned());
                if !found.contains(&account) {
                    found.push(account);
                }
            }
        }
    }
    found
}

fn is_binding(object: &Object) -> bool {
    object.whole && matches!(object.reference.kind.as_str(), "ClusterRoleBinding" | "RoleBinding")
}

fn bindings<'f>(facts: &'f Facts, namespace: &'f str) -> impl Iterator<Item = &'f Object> {
    facts.objects.iter().filter(move |object| {
        is_binding(object)
            && (object.reference.kind == "ClusterRoleBinding"
                || !namespace.is_empty() && object.reference.namespace == namespace)
    })
}

fn subjects(binding: &Object) -> impl Iterator<Item = &Value> {
    binding.list_at(&["subjects"]).iter()
}

fn is_user(subject: &Value, binding: &Object, user: &str) -> bool {
    let field = |key| subject.get(key).and_then(Value::as_str).unwrap_or_default();
    let account = user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    match field("kind") {
        "ServiceAccount" => account.is_some_and(|(namespace, name)| {
            let own = if field("namespace").is_empty() { &binding.reference.namespace } else { field("namespace") };
            own == namespace && field("name") == name
        }),
        "User" => field("name") == user,
        "Group" => match (field("name"), account) {
            ("system:authenticated", _) | ("system:serviceaccounts", Some(_)) => true,
            (group, Some((namespace, _))) => group.strip_prefix("system:serviceaccounts:") == Some(namespace),
            _ => false,
        },
        _ => false,
    }
}

fn role_of<'f>(facts: &'f Facts, binding: &Object) -> Option<&'f Object> {
    let kind = binding.str_at(&["roleRef", "kind"])?;
    let name = binding.str_at(&["roleRef", "name"])?;
    facts.objects.iter().find(|object| {
        object.whole
            && object.reference.kind == kind
            && object.reference.name == name
            && (kind == "ClusterRole" || object.reference.namespace == binding.reference.namespace)
    })
}

/// A role's rules; of an aggregated `ClusterRole` also those of the roles it selects.
fn rules<'f>(facts: &'f Facts, role: &'f Object) -> impl Iterator<Item = &'f Value> {
    let selectors = role.list_at(&["aggregationRule", "clusterRoleSelectors"]);
    let aggregated = facts.objects.iter().filter(move |object| {
        object.reference.kind == "ClusterRole"
            && selectors.iter().any(|selector| {
                selector.get("matchLabels").and_then(Value::as_object).is_some_and(|labels| {
                    !labels.is_empty()
                        && labels.iter().all(|(key, value)| object.at(&["metadata", "labels", key]) == Some(value))
                })
            })
    });
    role.list_at(&["rules"]).iter().chain(aggregated.flat_map(|object| object.list_at(&["rules"]).iter()))
}

fn allows(rule: &Value, request: &Request<'_>) -> bool {
    covers(rule, "verbs", request.verb)
        && covers(rule, "apiGroups", request.group)
        && covers_resource(rule, request.resource)
        // The requests of an informer carry no name, so a rule that is limited to names does not help it.
        && strings(rule, "resourceNames").next().is_none()
}

fn covers_resource(rule: &Value, resource: &str) -> bool {
    covers(rule, "resources", resource)
        || resource
            .split_once('/')
            .is_some_and(|(_, sub)| strings(rule, "resources").any(|r| r.strip_prefix("*/") == Some(sub)))
}

fn covers(rule: &Value, key: &str, wanted: &str) -> bool {
    strings(rule, key).any(|value| value == "*" || value == wanted)
}

fn strings<'v>(rule: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    rule.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use kloupe_model::{Listed, ObjectRef};
    use serde_json::json;

    use super::*;

    fn object(kind: &str, namespace: &str, name: &str, value: Value) -> Object {
        let reference = ObjectRef::new(kind, "rbac.authorization.k8s.io", namespace, name);
        Object { reference, value, whole: true, file: "x".into() }
    }

    fn facts() -> Facts {
        Facts {
            objects: vec![
                object(
                    "ClusterRole",
                    "",
                    "reader",
                    json!({"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}),
                ),
                object(
                    "ClusterRoleBinding",
                    "",
                    "b",
                    json!({"roleRef": {"kind": "ClusterRole", "name": "reader"}, "subjects": [{"kind": "ServiceAccount", "name": "op", "namespace": "team-a"}]}),
                ),
            ],
            listed: ["ClusterRoleBinding", "RoleBinding"]
                .map(|kind| Listed { kind: kind.into(), namespace: None, file: "x".into() })
                .to_vec(),
            ..Facts::default()
        }
    }

    fn judge_for(facts: &Facts, user: &str, verb: &str) -> Answer {
        judge(facts, &Request { user, verb, group: "", resource: "pods", namespace: "team-b" })
    }

    #[test]
    fn a_rule_grants_its_verbs_and_no_others() {
        let facts = facts();
        let user = "system:serviceaccount:team-a:op";
        assert!(matches!(judge_for(&facts, user, "list"), Answer::Allowed { .. }));
        assert_eq!(judge_for(&facts, user, "watch"), Answer::Denied);
        assert_eq!(judge_for(&facts, "system:serviceaccount:team-b:op", "list"), Answer::Denied);
    }

    #[test]
    fn without_whole_lists_nothing_is_denied() {
        let facts = Facts { listed: Vec::new(), ..facts() };
        assert_eq!(judge_for(&facts, "system:serviceaccount:team-a:op", "watch"), Answer::Unknown);
    }
}

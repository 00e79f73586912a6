//! What the captured Roles and Bindings allow: the same rules as the API server's RBAC authorizer.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/rbac`. Absence only counts where the lists were read whole.

mod rules;

use kloupe_model::Facts;

pub use rules::{Attributes, Decision, Grant, Item, Rules, allows, groups_of, judge as decide};
use rules::{account_namespace, covers, covers_resource, list, strings, subject_of, text};

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
    let rules = Rules::of_objects(&facts.objects);
    let groups = groups_of(request.user);
    let (resource, subresource) = request.resource.split_once('/').unwrap_or((request.resource, ""));
    let decision = decide(
        &rules,
        // The requests of an informer carry no name, so a rule that is limited to names does not help it.
        &Attributes {
            user: request.user,
            groups: &groups,
            verb: request.verb,
            group: request.group,
            resource,
            subresource,
            namespace: request.namespace,
            ..Attributes::default()
        },
    );
    if let Some(Grant { binding, role, .. }) = decision.by {
        return Answer::Allowed {
            role: format!("{}/{}", role.kind, role.name),
            binding: format!("{}/{}", binding.kind, binding.name),
        };
    }
    let listed = |kind: &str| facts.listed.iter().any(|list| list.kind == kind);
    let whole = listed("ClusterRoleBinding") && (request.namespace.is_empty() || listed("RoleBinding"));
    if whole { Answer::Denied } else { Answer::Unknown }
}

/// The verbs that any rule grants the user on a resource, wherever: for saying what is there when something is missing.
pub fn granted_verbs(facts: &Facts, user: &str, group: &str, resource: &str) -> Option<(Vec<String>, String)> {
    let rules = Rules::of_objects(&facts.objects);
    let groups = groups_of(user);
    let (parent, sub) = resource.split_once('/').unwrap_or((resource, ""));
    rules.bindings().find_map(|binding| {
        subject_of(binding, user, &groups)?;
        let (role, own) = rules.role_of(binding).ok()?;
        let verbs: Vec<String> = own
            .iter()
            .filter(|rule| covers(rule, "apiGroups", group) && covers_resource(rule, parent, sub))
            .flat_map(|rule| strings(rule, "verbs"))
            .map(str::to_owned)
            .collect();
        (!verbs.is_empty()).then(|| (verbs, format!("{} {}", role.kind, role.name)))
    })
}

/// Whether the account may list or watch anything: a sign of a controller.
pub fn watches_anything(facts: &Facts, namespace: &str, name: &str) -> bool {
    let rules = Rules::of_objects(&facts.objects);
    let user = format!("system:serviceaccount:{namespace}:{name}");
    rules.bindings().any(|binding| {
        // Only by its own name: what its groups may do is no sign.
        subject_of(binding, &user, &[]).is_some_and(|subject| text(subject, "kind") == "ServiceAccount")
            && rules.role_of(binding).is_ok_and(|(_, own)| own.iter().any(|rule| covers(rule, "verbs", "watch")))
    })
}

/// The `ServiceAccounts` (namespace, name) that a rule lets write a resource: who may be its controller.
pub fn writers(facts: &Facts, group: &str, resource: &str) -> Vec<(String, String)> {
    let rules = Rules::of_objects(&facts.objects);
    let mut found = Vec::new();
    for binding in rules.bindings() {
        let Ok((_, own)) = rules.role_of(binding) else { continue };
        let named = own.iter().any(|rule| {
            strings(rule, "apiGroups").any(|g| g == group)
                && strings(rule, "resources").any(|r| r.split('/').next() == Some(resource))
        });
        if !named {
            continue;
        }
        for subject in list(binding.value, "subjects").iter().filter(|one| text(one, "kind") == "ServiceAccount") {
            let account = (account_namespace(binding, subject).to_owned(), text(subject, "name").to_owned());
            if !account.1.is_empty() && !found.contains(&account) {
                found.push(account);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use kloupe_model::{Listed, Object, ObjectRef};
    use serde_json::{Value, json};

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

    fn role(kind: &str, namespace: &str, name: &str, rules: &Value) -> Value {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind,
            "metadata": {"namespace": namespace, "name": name, "labels": {"part": name}}, "rules": rules})
    }

    fn binding(kind: &str, namespace: &str, name: &str, role: [&str; 2], subject: &Value) -> Value {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"namespace": namespace, "name": name},
            "roleRef": {"kind": role[0], "name": role[1]}, "subjects": [subject]})
    }

    #[test]
    fn reasons_are_those_of_the_api_server() {
        let objects = [
            role(
                "ClusterRole",
                "",
                "y",
                &json!([{"apiGroups": ["*"], "resources": ["*/scale", "pods"], "verbs": ["get"]}]),
            ),
            role("ClusterRole", "", "url", &json!([{"nonResourceURLs": ["/healthz/*"], "verbs": ["get"]}])),
            binding(
                "ClusterRoleBinding",
                "",
                "x",
                ["ClusterRole", "y"],
                &json!({"kind": "ServiceAccount", "name": "z", "namespace": "ns"}),
            ),
            binding(
                "RoleBinding",
                "a",
                "local",
                ["ClusterRole", "y"],
                &json!({"kind": "ServiceAccount", "name": "own"}),
            ),
            binding("ClusterRoleBinding", "", "u", ["ClusterRole", "url"], &json!({"kind": "Group", "name": "probes"})),
            binding("ClusterRoleBinding", "", "lost", ["ClusterRole", "gone"], &json!({"kind": "User", "name": "eve"})),
        ];
        let rules = Rules::of(objects.iter());
        let ask =
            |user: &str, groups: &[String], resource: &str, subresource: &str, namespace: &str, path: Option<&str>| {
                let request = Attributes {
                    user,
                    groups,
                    verb: "get",
                    resource,
                    subresource,
                    namespace,
                    path,
                    ..Attributes::default()
                };
                let decision = decide(&rules, &request);
                (decision.allowed, decision.reason)
            };
        let z = "system:serviceaccount:ns:z";
        let by_x = r#"RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to ServiceAccount "z/ns""#;
        assert_eq!(ask(z, &[], "pods", "", "", None), (true, by_x.to_owned()));
        assert_eq!(ask(z, &[], "deployments", "scale", "any", None), (true, by_x.to_owned()));
        assert!(!ask(z, &[], "pods", "log", "any", None).0);
        let own = "system:serviceaccount:a:own";
        let by_local = r#"RBAC: allowed by RoleBinding "local/a" of ClusterRole "y" to ServiceAccount "own/a""#;
        assert_eq!(ask(own, &[], "pods", "", "a", None), (true, by_local.to_owned()));
        assert!(!ask(own, &[], "pods", "", "b", None).0);
        assert!(!ask(own, &[], "pods", "", "", None).0);
        let probes = ["probes".to_owned()];
        assert!(ask("p", &probes, "", "", "", Some("/healthz/etcd")).0);
        assert!(!ask("p", &probes, "", "", "", Some("/healthz")).0);
        let lost = r#"RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#;
        assert_eq!(ask("eve", &[], "pods", "", "", None), (false, lost.to_owned()));
        assert!(ask("root", &["system:masters".to_owned()], "pods", "", "", None).0);
    }

    #[test]
    fn an_aggregated_role_without_stored_rules_has_those_it_selects() {
        let mut sum = role("ClusterRole", "", "sum", &json!([]));
        let only_one = json!({"key": "part", "operator": "In", "values": ["one"]});
        sum["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchExpressions": [only_one]}]});
        let rule = |resource: &str| json!([{"apiGroups": [""], "resources": [resource], "verbs": ["get"]}]);
        let objects = [
            sum,
            role("ClusterRole", "", "one", &rule("pods")),
            role("ClusterRole", "", "two", &rule("secrets")),
            binding("ClusterRoleBinding", "", "b", ["ClusterRole", "sum"], &json!({"kind": "User", "name": "eve"})),
        ];
        let (resources, paths) = Rules::of(objects.iter()).rules_for("eve", &[], "");
        assert_eq!(resources, [&objects[1]["rules"][0]]);
        assert!(paths.is_empty());
    }
}

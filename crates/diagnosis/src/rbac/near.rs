//! What comes close to allowing a request: for saying what is missing.

use serde_json::Value;

use super::rules::{
    Attributes, Grant, Item, Rules, account_namespace, allows, covers, covers_resource, list, strings, subject_of, text,
};

/// Something that would allow a request, but for one thing.
#[derive(Clone, Debug)]
pub enum Near<'r> {
    /// A rule that counts for the user here.
    Rule {
        /// The rule and where it is.
        grant: Grant<'r>,
        /// What it lacks.
        lack: Lack,
    },
    /// The binding names an account of the same name in another namespace, or the right name as another kind of subject.
    Namesake(Grant<'r>),
    /// The role is bound to the user in another namespace only, or in one namespace where the request is about all.
    Elsewhere(Grant<'r>),
    /// The role that the user's binding refers to is not there.
    NoRole {
        /// The binding.
        binding: &'r Item<'r>,
        /// The API server's words.
        error: String,
    },
    /// The user's aggregated role has no rules.
    Empty {
        /// The binding.
        binding: &'r Item<'r>,
        /// The role.
        role: &'r Item<'r>,
    },
    /// A role that no binding gives the user here.
    Unbound {
        /// The role.
        role: &'r Item<'r>,
        /// The place of the rule that would allow it among the role's rules.
        index: usize,
        /// It is neither one of the system's own roles nor for everything: it may have been made for this.
        apt: bool,
    },
}

/// The one thing that a rule lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The verb.
    Verb,
    /// The API group.
    Group,
    /// The subresource, or the resource of which it holds a subresource.
    Subresource,
    /// The resource, which it spells otherwise: singular, with a capital, with its group.
    Spelling,
    /// The name: it is limited to others.
    Name,
    /// The path.
    Path,
}

/// Everything that comes close to allowing a request, the closest first.
pub fn near<'r>(rules: &'r Rules<'r>, request: &Attributes<'_>) -> Vec<Near<'r>> {
    let namespace = if request.path.is_some() { "" } else { request.namespace };
    let (mut lacking, mut namesakes, mut elsewhere, mut broken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // Roles that were spoken of: by a binding that the user has, here or elsewhere.
    let mut spoken_of: Vec<(&str, &str, &str)> = Vec::new();
    for binding in rules.bindings() {
        let here = binding.namespace.is_empty() || binding.namespace == namespace;
        let own = subject_of(binding, request.user, request.groups);
        let Some(subject) = own.or_else(|| here.then(|| namesake(binding, request.user)).flatten()) else { continue };
        let (role, all) = match rules.role_of(binding) {
            Ok(found) => found,
            Err(error) => {
                if here && own.is_some() {
                    broken.push(Near::NoRole { binding, error });
                }
                continue;
            }
        };
        if here && own.is_some() && all.is_empty() && role.value.get("aggregationRule").is_some_and(|it| !it.is_null())
        {
            broken.push(Near::Empty { binding, role });
        }
        for (index, rule) in all.iter().enumerate() {
            let grant = Grant { binding, role, index, rule, subject };
            if !allows(rule, request) {
                lacking.extend(
                    lack(rule, request).filter(|_| here && own.is_some()).map(|lack| Near::Rule { grant, lack }),
                );
                continue;
            }
            spoken_of.push((role.kind, role.namespace, role.name));
            if own.is_none() {
                namesakes.push(Near::Namesake(grant));
            } else if !here {
                elsewhere.push(Near::Elsewhere(grant));
            }
        }
    }
    let mut unbound: Vec<(bool, bool, Near<'r>)> = rules
        .roles()
        .filter(|(role, _)| role.namespace.is_empty() || role.namespace == namespace)
        .filter(|(role, _)| !spoken_of.contains(&(role.kind, role.namespace, role.name)))
        .filter_map(|(role, all)| {
            let index = all.iter().position(|rule| allows(rule, request))?;
            let wide = covers(all[index], "verbs", "*") || strings(all[index], "resources").any(|one| one == "*");
            let system = role.name.starts_with("system:");
            Some((system, wide, Near::Unbound { role, index, apt: !system && !wide }))
        })
        .collect();
    // What is made for this purpose first, what may do everything and what is the system's own last.
    unbound.sort_by_key(|(system, wide, _)| (*system, *wide));
    let unbound = unbound.into_iter().map(|(_, _, near)| near);
    lacking.into_iter().chain(namesakes).chain(elsewhere).chain(broken).chain(unbound).collect()
}

/// The subject of a binding that was probably meant to be this account.
fn namesake<'v>(binding: &Item<'v>, user: &str) -> Option<&'v Value> {
    let (namespace, name) = user.strip_prefix("system:serviceaccount:")?.split_once(':')?;
    list(binding.value, "subjects").iter().find(|subject| {
        text(subject, "name") == name
            && match text(subject, "kind") {
                "ServiceAccount" => account_namespace(binding, subject) != namespace,
                "User" => true,
                _ => false,
            }
    })
}

/// The one thing that a rule lacks; none where it is about something else.
fn lack(rule: &Value, request: &Attributes<'_>) -> Option<Lack> {
    let verb = covers(rule, "verbs", request.verb);
    if let Some(path) = request.path {
        let urls = || strings(rule, "nonResourceURLs");
        if urls()
            .any(|url| url == path || url == "*" || url.ends_with('*') && path.starts_with(url.trim_end_matches('*')))
        {
            return Some(Lack::Verb);
        }
        let stem = |text: &str| text.trim_end_matches(['*', '/']).to_owned();
        return (verb && urls().any(|url| stem(url) == stem(path))).then_some(Lack::Path);
    }
    let group = covers(rule, "apiGroups", request.group);
    let resource = covers_resource(rule, request.resource, request.subresource);
    let names = list(rule, "resourceNames");
    let name = names.is_empty() || names.iter().any(|name| name == request.name);
    match (verb, group, resource, name) {
        (false, true, true, true) => Some(Lack::Verb),
        (true, false, true, true) => Some(Lack::Group),
        (true, true, true, false) => Some(Lack::Name),
        (true, true, false, true) => {
            let others = || strings(rule, "resources");
            if others().any(|one| one.split('/').next() == Some(request.resource)) {
                return Some(Lack::Subresource);
            }
            let meant = |one: &str| {
                let lower = one.split('.').next().unwrap_or_default().to_lowercase();
                [lower.clone(), format!("{lower}s"), format!("{lower}es")].iter().any(|form| form == request.resource)
            };
            (request.subresource.is_empty() && others().any(meant)).then_some(Lack::Spelling)
        }
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "the values are written in place")]
mod tests {
    use serde_json::json;

    use super::super::groups_of;
    use super::*;

    const OP: &str = "system:serviceaccount:a:op";

    fn role(kind: &str, namespace: &str, name: &str, rules: Value) -> Value {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"namespace": namespace, "name": name}, "rules": rules})
    }

    fn binding(namespace: &str, name: &str, role: &str, subject: Value) -> Value {
        let kind = if namespace.is_empty() { "ClusterRoleBinding" } else { "RoleBinding" };
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"namespace": namespace, "name": name},
            "roleRef": {"kind": "ClusterRole", "name": role}, "subjects": [subject]})
    }

    fn account(namespace: &str) -> Value {
        json!({"kind": "ServiceAccount", "name": "op", "namespace": namespace})
    }

    fn rule(group: &str, resource: &str, verb: &str) -> Value {
        json!({"apiGroups": [group], "resources": [resource], "verbs": [verb]})
    }

    /// What is near to `verb` deployments.apps in namespace `a`, for the account `op` there, in short words.
    fn said(objects: &[Value], verb: &str, subresource: &str) -> Vec<String> {
        let rules = Rules::of(objects.iter());
        let groups = groups_of(OP);
        let request = Attributes {
            user: OP,
            groups: &groups,
            verb,
            group: "apps",
            resource: "deployments",
            subresource,
            namespace: "a",
            ..Attributes::default()
        };
        let short = |near: &Near<'_>| match near {
            Near::Rule { lack, grant } => format!("{lack:?} {}", grant.index),
            Near::Namesake(grant) => format!("namesake {}", grant.binding.name),
            Near::Elsewhere(grant) => format!("elsewhere {}", grant.binding.namespace),
            Near::NoRole { error, .. } => error.clone(),
            Near::Empty { role, .. } => format!("empty {}", role.name),
            Near::Unbound { role, .. } => format!("unbound {}", role.name),
        };
        near(&rules, &request).iter().map(short).collect()
    }

    #[test]
    fn a_rule_is_near_if_it_lacks_one_thing_only() {
        let one = |rule: Value, verb: &str, subresource: &str| {
            said(&[role("ClusterRole", "", "r", json!([rule])), binding("", "b", "r", account("a"))], verb, subresource)
        };
        assert_eq!(one(rule("apps", "deployments", "get"), "list", ""), ["Verb 0"]);
        assert_eq!(one(rule("extensions", "deployments", "get"), "get", ""), ["Group 0"]);
        assert_eq!(one(rule("apps", "deployments", "get"), "get", "scale"), ["Subresource 0"]);
        assert_eq!(one(rule("apps", "deployments/scale", "get"), "get", ""), ["Subresource 0"]);
        assert_eq!(one(rule("apps", "Deployment", "get"), "get", ""), ["Spelling 0"]);
        let mut named = rule("apps", "deployments", "list");
        named["resourceNames"] = json!(["web"]);
        assert_eq!(one(named, "list", ""), ["Name 0"]);
        assert!(one(rule("apps", "deployments", "get"), "get", "").is_empty(), "that is no near miss");
        assert!(one(rule("extensions", "deployments", "get"), "list", "").is_empty(), "two things differ");
        assert!(one(rule("apps", "statefulsets", "get"), "get", "").is_empty(), "it is about something else");
    }

    #[test]
    fn bindings_that_miss_the_account_are_named() {
        let allowing = || role("ClusterRole", "", "r", json!([rule("apps", "deployments", "get")]));
        let with = |binding: Value| said(&[allowing(), binding], "get", "");
        assert_eq!(with(binding("b", "x", "r", account("a"))), ["elsewhere b"]);
        assert_eq!(with(binding("a", "x", "r", account("b"))), ["namesake x"]);
        assert_eq!(with(binding("", "x", "r", json!({"kind": "ServiceAccount", "name": "op"}))), ["namesake x"]);
        assert_eq!(with(binding("a", "x", "r", json!({"kind": "User", "name": "op"}))), ["namesake x"]);
        assert_eq!(
            with(binding("b", "x", "r", account("b"))),
            ["unbound r"],
            "another account elsewhere is no near miss"
        );
        assert_eq!(
            with(binding("a", "x", "gone", account("a"))),
            [r#"clusterrole.rbac.authorization.k8s.io "gone" not found"#, "unbound r"]
        );
        let mut sum = role("ClusterRole", "", "sum", Value::Null);
        sum["aggregationRule"] = json!({"clusterRoleSelectors": []});
        assert_eq!(said(&[sum, binding("", "x", "sum", account("a"))], "get", ""), ["empty sum"]);
    }

    #[test]
    fn roles_that_nobody_gave_come_last_and_the_widest_at_the_end() {
        let objects = [
            role("ClusterRole", "", "admin", json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])),
            role("ClusterRole", "", "system:x", json!([rule("apps", "deployments", "get")])),
            role("ClusterRole", "", "reader", json!([rule("apps", "deployments", "get")])),
            role("Role", "a", "here", json!([rule("apps", "deployments", "get")])),
            role("Role", "b", "there", json!([rule("apps", "deployments", "get")])),
        ];
        let said = said(&objects, "get", "");
        assert_eq!(said, ["unbound reader", "unbound here", "unbound admin", "unbound system:x"]);
    }

    #[test]
    fn paths_are_near_with_or_without_what_is_below_them() {
        let rules = json!([{"nonResourceURLs": ["/healthz/*"], "verbs": ["get"]}]);
        let ask = |verb, path| lack(&rules[0], &Attributes { verb, path: Some(path), ..Attributes::default() });
        assert_eq!(ask("get", "/healthz"), Some(Lack::Path));
        assert_eq!(ask("post", "/healthz/x"), Some(Lack::Verb));
        assert_eq!(ask("get", "/metrics"), None);
    }
}

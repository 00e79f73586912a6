//! What the captured Roles and Bindings allow: the same rules as the API server's RBAC authorizer.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/rbac`. Absence only counts where the lists were read whole.

mod near;
mod rules;

use kloupe_model::Facts;

pub use near::{Lack, Near, near};
pub use rules::{
    Attributes, Decision, Grant, Item, Rules, allows, grants, groups_of, impersonated_groups, judge as decide,
};
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

/// Judges a request over the captured rules; the facts tell whether those are all.
pub fn judge(rules: &Rules<'_>, facts: &Facts, request: &Request<'_>) -> Answer {
    let groups = groups_of(request.user);
    let (resource, subresource) = request.resource.split_once('/').unwrap_or((request.resource, ""));
    let decision = decide(
        rules,
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
pub fn granted_verbs(rules: &Rules<'_>, user: &str, group: &str, resource: &str) -> Option<(Vec<String>, String)> {
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
pub fn watches_anything(rules: &Rules<'_>, namespace: &str, name: &str) -> bool {
    let user = format!("system:serviceaccount:{namespace}:{name}");
    rules.bindings().any(|binding| {
        // Only by its own name: what its groups may do is no sign.
        subject_of(binding, &user, &[]).is_some_and(|subject| text(subject, "kind") == "ServiceAccount")
            && rules.role_of(binding).is_ok_and(|(_, own)| own.iter().any(|rule| covers(rule, "verbs", "watch")))
    })
}

/// The `ServiceAccounts` (namespace, name) that a rule lets write a resource: who may be its controller.
pub fn writers(rules: &Rules<'_>, group: &str, resource: &str) -> Vec<(String, String)> {
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
mod tests;

//! The role and the binding that would allow a request.

use kloupe_diagnosis::rbac::Attributes;
use kloupe_views::output::{Format, Known};
use serde_json::{Value, json};

const GROUP: &str = "rbac.authorization.k8s.io";

/// A `Role` and a `RoleBinding` in the namespace, or those of the cluster where the request is about all of it.
pub(super) fn objects(request: &Attributes<'_>, known: &[Value]) -> Vec<Value> {
    let of_cluster = request.path.is_some() || request.namespace.is_empty();
    let prefix = if of_cluster { "Cluster" } else { "" };
    let name = free_name(&name(request), known);
    let object = |kind: &str| {
        let mut metadata = json!({"name": name});
        if !of_cluster {
            metadata["namespace"] = Value::from(request.namespace);
        }
        json!({"apiVersion": format!("{GROUP}/v1"), "kind": format!("{prefix}{kind}"), "metadata": metadata})
    };
    let mut role = object("Role");
    role["rules"] = json!([rule(request)]);
    let mut binding = object("RoleBinding");
    binding["roleRef"] = json!({"apiGroup": GROUP, "kind": format!("{prefix}Role"), "name": name});
    binding["subjects"] = json!([subject(request)]);
    vec![role, binding]
}

/// The objects as documents.
pub(super) fn yaml(objects: &[Value]) -> Result<String, String> {
    let format = Format::parse("yaml", "", Known::Objects)?.ok_or("yaml is a format of objects")?;
    let documents: Vec<String> = objects.iter().map(|object| format.print(object)).collect::<Result<_, _>>()?;
    Ok(documents.join("---\n"))
}

fn rule(request: &Attributes<'_>) -> Value {
    if let Some(path) = request.path {
        return json!({"nonResourceURLs": [path], "verbs": [request.verb]});
    }
    let resource = match request.subresource {
        "" => request.resource.to_owned(),
        sub => format!("{}/{sub}", request.resource),
    };
    let group = if request.resource == "*" && request.group.is_empty() { "*" } else { request.group };
    let mut rule = json!({"apiGroups": [group], "resources": [resource], "verbs": [request.verb]});
    // A rule that is limited to names cannot allow what comes without a name.
    if !request.name.is_empty() && !matches!(request.verb, "create" | "deletecollection") {
        rule["resourceNames"] = json!([request.name]);
    }
    rule
}

fn account<'a>(request: &Attributes<'a>) -> Option<(&'a str, &'a str)> {
    request.user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

fn subject(request: &Attributes<'_>) -> Value {
    match account(request) {
        Some((namespace, name)) => json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}),
        None => json!({"apiGroup": GROUP, "kind": "User", "name": request.user}),
    }
}

/// `web-list-secrets`: after the account and what it may do.
fn name(request: &Attributes<'_>) -> String {
    let who = account(request).map_or(request.user, |(_, name)| name);
    let what = request.path.map_or_else(|| format!("{}-{}", request.resource, request.subresource), str::to_owned);
    let mut name = String::new();
    for letter in format!("{who}-{}-{what}", request.verb).replace('*', "all").to_lowercase().chars() {
        let plain = if letter.is_ascii_alphanumeric() { letter } else { '-' };
        if plain != '-' || !name.ends_with('-') {
            name.push(plain);
        }
    }
    name.trim_matches('-').to_owned()
}

/// A name that no role or binding has: applied, the objects must not change others.
fn free_name(wanted: &str, known: &[Value]) -> String {
    let taken =
        |name: &str| known.iter().any(|object| object.pointer("/metadata/name").and_then(Value::as_str) == Some(name));
    let others = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(others).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_gets_a_role_in_its_namespace_under_a_name_that_is_free() {
        let request = Attributes {
            user: "system:serviceaccount:shop:web",
            verb: "list",
            resource: "secrets",
            namespace: "dev",
            ..Attributes::default()
        };
        let taken = json!({"metadata": {"name": "web-list-secrets"}});
        let made = objects(&request, &[taken]);
        assert_eq!(made[0]["kind"], "Role");
        assert_eq!(made[0]["metadata"], json!({"name": "web-list-secrets-2", "namespace": "dev"}));
        assert_eq!(made[0]["rules"], json!([{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]));
        assert_eq!(made[1]["roleRef"]["name"], "web-list-secrets-2");
        assert_eq!(made[1]["subjects"], json!([{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}]));
        assert!(yaml(&made).expect("yaml").contains("\n---\napiVersion"));
    }

    #[test]
    fn paths_and_whole_clusters_need_cluster_roles() {
        let path = Attributes { user: "Jane@x.com", verb: "get", path: Some("/logs/*"), ..Attributes::default() };
        let made = objects(&path, &[]);
        assert_eq!(
            (made[0]["kind"].as_str(), made[1]["kind"].as_str()),
            (Some("ClusterRole"), Some("ClusterRoleBinding"))
        );
        assert_eq!(made[0]["metadata"], json!({"name": "jane-x-com-get-logs-all"}));
        assert_eq!(made[0]["rules"], json!([{"nonResourceURLs": ["/logs/*"], "verbs": ["get"]}]));
        assert_eq!(made[1]["subjects"][0]["kind"], "User");
    }

    #[test]
    fn a_name_limits_the_rule_but_not_for_create() {
        let of = |verb| {
            rule(&Attributes {
                verb,
                group: "apps",
                resource: "deployments",
                subresource: "scale",
                name: "web",
                ..Attributes::default()
            })
        };
        assert_eq!(of("get")["resourceNames"], json!(["web"]));
        assert_eq!(of("create").get("resourceNames"), None);
        assert_eq!(of("get")["resources"], json!(["deployments/scale"]));
    }
}

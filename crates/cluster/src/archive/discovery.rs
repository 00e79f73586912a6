//! What the API server has: `/api`, `/apis`, plain and aggregated.

use serde_json::{Value, json};

use super::kinds::Kind;
use super::store::{Store, group_version};

fn verbs(kind: &Kind) -> Value {
    if kind.kind.ends_with("Review") || kind.kind == "Binding" {
        json!(["create"])
    } else {
        json!(["get", "list", "watch"])
    }
}

/// Groups in their order with their versions in their order.
fn groups(store: &Store) -> Vec<(&str, Vec<&str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for kind in &store.kinds {
        let at = groups.iter().position(|(group, _)| *group == kind.group).unwrap_or_else(|| {
            groups.push((&kind.group, Vec::new()));
            groups.len() - 1
        });
        if !groups[at].1.contains(&kind.version.as_str()) {
            groups[at].1.push(&kind.version);
        }
    }
    groups
}

fn of<'a>(store: &'a Store, group: &'a str, version: &'a str) -> impl Iterator<Item = &'a Kind> {
    store.kinds.iter().filter(move |kind| kind.group == group && kind.version == version)
}

fn plain_group(group: &str, versions: &[&str]) -> Value {
    let entry = |version: &str| json!({"groupVersion": group_version(group, version), "version": version});
    json!({"name": group, "versions": versions.iter().map(|version| entry(version)).collect::<Vec<_>>(),
        "preferredVersion": versions.first().map(|version| entry(version))})
}

/// `/version`: what the cluster said of itself, where that was captured.
pub(crate) fn version(store: &Store) -> Value {
    let mut version = json!({"major": "1", "minor": "37", "gitVersion": "v1.37.0+capture", "gitCommit": "", "gitTreeState": "",
        "buildDate": "", "goVersion": "", "compiler": "", "platform": ""});
    let is_version =
        |object: &&kloupe_model::Object| object.reference.kind == "Version" && object.reference.group.is_empty();
    if let Some(object) = store.facts.objects.iter().find(is_version) {
        let captured = object.value();
        // kubectl's own output has the client's beside it.
        let server = captured.get("serverVersion").filter(|server| server.is_object()).unwrap_or(captured);
        if server["gitVersion"].is_string() {
            version = server.clone();
        }
    }
    version
}

/// `/api`.
pub(crate) fn core() -> Value {
    json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
}

/// `/apis`.
pub(crate) fn plain(store: &Store) -> Value {
    let groups: Vec<Value> = groups(store)
        .iter()
        .filter(|(group, _)| !group.is_empty())
        .map(|(group, versions)| plain_group(group, versions))
        .collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

/// `/apis/GROUP`.
pub(crate) fn group(store: &Store, name: &str) -> Option<Value> {
    let (group, versions) = groups(store).into_iter().find(|(group, _)| *group == name)?;
    let mut value = json!({"kind": "APIGroup", "apiVersion": "v1"});
    if let (Some(value), Value::Object(fields)) = (value.as_object_mut(), plain_group(group, &versions)) {
        value.extend(fields);
    }
    Some(value)
}

/// `/api/v1`, `/apis/GROUP/VERSION`.
pub(crate) fn resources(store: &Store, group: &str, version: &str) -> Option<Value> {
    let mut resources: Vec<Value> = Vec::new();
    for kind in of(store, group, version) {
        let mut resource = json!({"name": kind.resource, "singularName": kind.singular, "namespaced": kind.namespaced,
            "kind": kind.kind, "verbs": verbs(kind)});
        if !kind.short.is_empty() {
            resource["shortNames"] = json!(kind.short);
        }
        if !kind.categories.is_empty() {
            resource["categories"] = json!(kind.categories);
        }
        resources.push(resource);
        if group.is_empty() && kind.kind == "Pod" {
            resources.push(
                json!({"name": "pods/log", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["get"]}),
            );
        }
    }
    (!resources.is_empty()).then(|| {
        json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version(group, version), "resources": resources})
    })
}

/// The aggregated form, `v2` or `v2beta1`, of `/api` (`core`) or `/apis`.
pub(crate) fn aggregated(store: &Store, core: bool, version: &str) -> Value {
    let items: Vec<Value> = groups(store)
        .into_iter()
        .filter(|(group, _)| group.is_empty() == core)
        .map(|(group, versions)| {
            let versions: Vec<Value> = versions
                .into_iter()
                .map(|version| {
                    let resources: Vec<Value> = of(store, group, version).map(aggregated_resource).collect();
                    json!({"version": version, "resources": resources, "freshness": "Current"})
                })
                .collect();
            let metadata = if group.is_empty() { json!({}) } else { json!({"name": group}) };
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": format!("apidiscovery.k8s.io/{version}"), "metadata": {}, "items": items})
}

fn aggregated_resource(kind: &Kind) -> Value {
    let response = json!({"group": kind.group, "version": kind.version, "kind": kind.kind});
    let mut resource = json!({"resource": kind.resource, "responseKind": response,
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" }, "singularResource": kind.singular, "verbs": verbs(kind)});
    if !kind.short.is_empty() {
        resource["shortNames"] = json!(kind.short);
    }
    if !kind.categories.is_empty() {
        resource["categories"] = json!(kind.categories);
    }
    if kind.group.is_empty() && kind.kind == "Pod" {
        resource["subresources"] = json!([{"subresource": "log", "responseKind": response, "verbs": ["get"]}]);
    }
    resource
}

//! What the API server has: `/api`, `/apis`, plain and aggregated.

use serde_json::{Value, json};

use super::kinds::Kind;
use super::served::GroupVersion;
use super::status::Refusal;
use super::store::{Store, group_version};

/// Groups in their order with their versions in their order.
fn groups(store: &Store) -> Vec<(&str, Vec<&GroupVersion>)> {
    let mut groups: Vec<(&str, Vec<&GroupVersion>)> = Vec::new();
    for version in &store.served.versions {
        let at = groups.iter().position(|(group, _)| *group == version.group).unwrap_or_else(|| {
            groups.push((&version.group, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(version);
    }
    groups
}

fn of<'a>(store: &'a Store, group: &'a str, version: &'a str) -> impl Iterator<Item = &'a Kind> {
    store.served.kinds.iter().filter(move |kind| kind.group == group && kind.version == version)
}

fn plain_group(group: &str, versions: &[&GroupVersion]) -> Value {
    let entry = |it: &&GroupVersion| json!({"groupVersion": group_version(group, &it.version), "version": it.version});
    json!({"name": group, "versions": versions.iter().map(entry).collect::<Vec<_>>(),
        "preferredVersion": versions.first().map(entry)})
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

/// What the API server warns of when this kind is asked for.
pub(crate) fn deprecation(store: &Store, kind: &Kind) -> Option<String> {
    match (kind.group.as_str(), kind.version.as_str(), kind.kind.as_str()) {
        ("", "v1", "ComponentStatus") => Some("v1 ComponentStatus is deprecated in v1.19+".to_owned()),
        ("", "v1", "Endpoints") => {
            let minor = version(store)["minor"].as_str().map(|minor| minor.trim_end_matches('+').parse::<u32>());
            let warns = minor.is_some_and(|minor| minor.is_ok_and(|minor| minor >= 33));
            warns.then(|| "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice".to_owned())
        }
        _ => kind.deprecated.clone(),
    }
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
pub(crate) fn resources(store: &Store, group: &str, version: &str) -> Result<Value, Refusal> {
    let is_it = |it: &&GroupVersion| it.group == group && it.version == version;
    let served = store.served.versions.iter().find(is_it).ok_or_else(Refusal::no_path)?;
    if served.stale {
        return Err(Refusal::unavailable());
    }
    let mut resources: Vec<Value> = Vec::new();
    for kind in of(store, group, version) {
        let mut resource = json!({"name": kind.resource, "singularName": kind.singular, "namespaced": kind.namespaced,
            "kind": kind.kind, "verbs": kind.verbs});
        name(&mut resource, kind);
        resources.push(resource);
        resources.extend(kind.subresources.iter().map(|it| plain_subresource(kind, it)));
    }
    Ok(json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version(group, version),
        "resources": resources}))
}

fn plain_subresource(kind: &Kind, it: &Value) -> Value {
    let name = format!("{}/{}", kind.resource, it["subresource"].as_str().unwrap_or_default());
    let response = &it["responseKind"];
    let mut plain = json!({"name": name, "singularName": "", "namespaced": kind.namespaced});
    if response["group"] != kind.group || response["version"] != kind.version {
        plain["group"] = response["group"].clone();
        plain["version"] = response["version"].clone();
    }
    plain["kind"] = response["kind"].clone();
    plain["verbs"] = it["verbs"].clone();
    plain
}

/// The aggregated form, `v2` or `v2beta1`, of `/api` (`core`) or `/apis`.
pub(crate) fn aggregated(store: &Store, core: bool, version: &str) -> Value {
    let entry = |it: &GroupVersion| {
        let resources: Vec<Value> = of(store, &it.group, &it.version).map(aggregated_resource).collect();
        let freshness = if it.stale { "Stale" } else { "Current" };
        json!({"version": it.version, "resources": resources, "freshness": freshness})
    };
    let items: Vec<Value> = groups(store)
        .into_iter()
        .filter(|(group, _)| group.is_empty() == core)
        .map(|(group, versions)| {
            let metadata = if group.is_empty() { json!({}) } else { json!({"name": group}) };
            json!({"metadata": metadata, "versions": versions.into_iter().map(entry).collect::<Vec<_>>()})
        })
        .collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": format!("apidiscovery.k8s.io/{version}"), "metadata": {}, "items": items})
}

fn aggregated_resource(kind: &Kind) -> Value {
    let response = json!({"group": kind.group, "version": kind.version, "kind": kind.kind});
    let mut resource = json!({"resource": kind.resource, "responseKind": response,
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" }, "singularResource": kind.singular, "verbs": kind.verbs});
    name(&mut resource, kind);
    if !kind.subresources.is_empty() {
        resource["subresources"] = json!(kind.subresources);
    }
    resource
}

/// The names that not every resource has.
fn name(resource: &mut Value, kind: &Kind) {
    for (key, names) in [("shortNames", &kind.short), ("categories", &kind.categories)] {
        if !names.is_empty() {
            resource[key] = json!(names);
        }
    }
}

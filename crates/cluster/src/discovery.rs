//! What the cluster serves, and which resource a person means by `po`, `deploy.apps` or `Foo`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Refusal;
use crate::cluster::{Cluster, JSON};

/// Asks for everything at once; servers before 1.27 answer with the plain lists.
pub(crate) const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// One resource in one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// The group, empty for core.
    pub group: String,
    /// The version.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The plural, which stands in paths.
    pub plural: String,
    /// The singular; may be empty.
    pub singular: String,
    /// The short names.
    pub short: Vec<String>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// What can be done with it.
    pub verbs: Vec<String>,
    /// The categories (`all`).
    pub categories: Vec<String>,
    /// Its subresources, by their last name (`log`, `scale`).
    pub subresources: Vec<String>,
}

impl Resource {
    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// `pods`, `deployments.apps`.
    pub fn full_name(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// The path of its list, in one namespace or, without one, everywhere.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() { "/api" } else { "/apis" };
        let version = self.api_version();
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{root}/{version}/namespaces/{namespace}/{}", self.plural),
            None => format!("{root}/{version}/{}", self.plural),
        }
    }
}

/// All that is served, the preferred version of each group first, the groups in the server's order.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// The resources, in every version.
    pub resources: Vec<Resource>,
    /// Every group and version.
    pub versions: Vec<String>,
    /// What could not be asked: group and version, and why.
    pub failed: Vec<(String, String)>,
}

impl Discovery {
    /// Asks the cluster. It fails only if nothing at all is known.
    pub async fn of(cluster: &Cluster) -> Result<Discovery, Refusal> {
        let mut discovery = Discovery::default();
        for path in ["/api", "/apis"] {
            let answer = cluster.get(path, AGGREGATED).await?;
            match answer.get("kind").and_then(Value::as_str) {
                Some("APIGroupDiscoveryList") => discovery.aggregated(&answer),
                Some("APIVersions") => {
                    for version in strings(&answer, "versions") {
                        discovery.plain(cluster, "", &version).await;
                    }
                }
                _ => {
                    for group in array(&answer, "groups") {
                        for version in array(group, "versions") {
                            discovery.plain(cluster, text(group, "name"), text(version, "version")).await;
                        }
                    }
                }
            }
        }
        Ok(discovery)
    }

    fn aggregated(&mut self, answer: &Value) {
        for group in array(answer, "items") {
            let name = group.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            for version in array(group, "versions") {
                let number = text(version, "version");
                let full = join(name, number);
                self.versions.push(full.clone());
                if text(version, "freshness") == "Stale" {
                    self.failed.push((full.clone(), format!("stale GroupVersion discovery: {full}")));
                }
                for resource in array(version, "resources") {
                    self.resources.push(Resource {
                        group: name.to_owned(),
                        version: number.to_owned(),
                        kind: resource
                            .pointer("/responseKind/kind")
                            .and_then(Value::as_str)
                            .unwrap_or_default()
                            .to_owned(),
                        plural: text(resource, "resource").to_owned(),
                        singular: text(resource, "singularResource").to_owned(),
                        short: strings(resource, "shortNames"),
                        namespaced: text(resource, "scope") == "Namespaced",
                        verbs: strings(resource, "verbs"),
                        categories: strings(resource, "categories"),
                        subresources: array(resource, "subresources")
                            .iter()
                            .map(|subresource| text(subresource, "subresource").to_owned())
                            .collect(),
                    });
                }
            }
        }
    }

    async fn plain(&mut self, cluster: &Cluster, group: &str, version: &str) {
        let full = join(group, version);
        self.versions.push(full.clone());
        let root = if group.is_empty() { "/api" } else { "/apis" };
        let answer = match cluster.get(&format!("{root}/{full}"), JSON).await {
            Ok(answer) => answer,
            Err(refusal) => return self.failed.push((full, refusal.message())),
        };
        let all = array(&answer, "resources");
        for resource in all.iter().filter(|resource| !text(resource, "name").contains('/')) {
            let plural = text(resource, "name");
            let below = |other: &Value| {
                let (parent, name) = text(other, "name").split_once('/')?;
                (parent == plural).then(|| name.to_owned())
            };
            self.resources.push(Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                kind: text(resource, "kind").to_owned(),
                plural: plural.to_owned(),
                singular: text(resource, "singularName").to_owned(),
                short: strings(resource, "shortNames"),
                namespaced: resource.get("namespaced").and_then(Value::as_bool).unwrap_or_default(),
                verbs: strings(resource, "verbs"),
                categories: strings(resource, "categories"),
                subresources: all.iter().filter_map(below).collect(),
            });
        }
    }

    /// The resources, each in the version that its group prefers.
    pub fn preferred(&self) -> Vec<&Resource> {
        let mut seen = BTreeSet::new();
        self.resources.iter().filter(|resource| seen.insert((&resource.group, &resource.plural))).collect()
    }

    /// The resource that a person means: plural, singular, short name or kind, alone or with `.group` or `.version.group`.
    pub fn find(&self, typed: &str) -> Option<&Resource> {
        let named = |name: &str, wanted: &dyn Fn(&Resource) -> bool| {
            let lower = name.to_lowercase();
            let matching = |test: &dyn Fn(&Resource) -> bool| self.resources.iter().find(|it| wanted(it) && test(it));
            matching(&|it| it.plural == lower || it.singular == lower && !lower.is_empty())
                .or_else(|| matching(&|it| it.short.contains(&lower)))
                .or_else(|| matching(&|it| it.kind.to_lowercase() == lower))
        };
        let Some((name, rest)) = typed.split_once('.') else { return named(typed, &|_| true) };
        let versioned = rest
            .split_once('.')
            .or(Some((rest, "")))
            .and_then(|(version, group)| named(name, &|it: &Resource| it.version == version && it.group == group));
        // `deployments.apps` may leave out the end of a group.
        let group = |it: &Resource| it.group == rest;
        let group_start = |it: &Resource| it.group.starts_with(rest) && it.group[rest.len()..].starts_with('.');
        versioned.or_else(|| named(name, &group)).or_else(|| named(name, &group_start))
    }

    /// The resources of a category, in the server's order.
    pub fn category(&self, name: &str) -> Vec<&Resource> {
        self.preferred().into_iter().filter(|resource| resource.categories.iter().any(|known| known == name)).collect()
    }

    /// The resource of an object.
    pub fn of_kind(&self, api_version: &str, kind: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.kind == kind && resource.api_version() == api_version)
    }

    /// The same for a reference, which may name a version that is not served any more.
    pub fn of_kind_in_any_version(&self, api_version: &str, kind: &str) -> Option<&Resource> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let in_group = || self.resources.iter().find(|resource| resource.kind == kind && resource.group == group);
        self.of_kind(api_version, kind).or_else(in_group)
    }
}

fn join(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    array(value, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovery() -> Discovery {
        let resource = |group: &str, version: &str, kind: &str, plural: &str, short: &[&str]| Resource {
            group: group.into(),
            version: version.into(),
            kind: kind.into(),
            plural: plural.into(),
            singular: kind.to_lowercase(),
            short: short.iter().map(|&short| short.to_owned()).collect(),
            namespaced: true,
            ..Resource::default()
        };
        Discovery {
            resources: vec![
                resource("", "v1", "Event", "events", &["ev"]),
                resource("apps", "v1", "Deployment", "deployments", &["deploy"]),
                resource("events.k8s.io", "v1", "Event", "events", &["ev"]),
                resource("shop.example.com", "v2", "Order", "orders", &[]),
                resource("shop.example.com", "v1", "Order", "orders", &[]),
            ],
            ..Discovery::default()
        }
    }

    #[test]
    fn a_person_may_type_any_of_the_names() {
        let discovery = discovery();
        let full = |typed: &str| discovery.find(typed).map(|it| format!("{}/{}", it.full_name(), it.version));
        for typed in ["deploy", "Deployment", "deployment", "deployments", "deployments.apps", "deploy.v1.apps"] {
            assert_eq!(full(typed).as_deref(), Some("deployments.apps/v1"), "{typed}");
        }
        assert_eq!(full("ev").as_deref(), Some("events/v1"));
        assert_eq!(full("events.v1.").as_deref(), Some("events/v1"));
        assert_eq!(full("events.events.k8s.io").as_deref(), Some("events.events.k8s.io/v1"));
        assert_eq!(full("orders").as_deref(), Some("orders.shop.example.com/v2"));
        assert_eq!(full("orders.v1.shop.example.com").as_deref(), Some("orders.shop.example.com/v1"));
        assert_eq!(full("orders.shop").as_deref(), Some("orders.shop.example.com/v2"));
        assert_eq!(full("orders.shopping"), None);
        assert_eq!(full("ordr"), None);
    }

    #[test]
    fn a_reference_may_name_a_version_of_the_past() {
        let discovery = discovery();
        let version =
            |api_version: &str| discovery.of_kind_in_any_version(api_version, "Order").map(|it| it.version.as_str());
        assert_eq!(version("shop.example.com/v1"), Some("v1"));
        assert_eq!(version("shop.example.com/v1alpha1"), Some("v2"));
        assert_eq!(version("other.example.com/v1"), None);
    }

    #[test]
    fn each_resource_is_preferred_once() {
        let discovery = discovery();
        let preferred: Vec<_> =
            discovery.preferred().iter().map(|it| format!("{}/{}", it.full_name(), it.version)).collect();
        let expected = ["events/v1", "deployments.apps/v1", "events.events.k8s.io/v1", "orders.shop.example.com/v2"];
        assert_eq!(preferred, expected);
    }
}

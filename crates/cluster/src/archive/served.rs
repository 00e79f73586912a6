//! What the API server of the capture serves: what it said of itself, else what definitions, objects and the built-in list tell.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use kloupe_model::Object;
use serde_json::{Value, json};

use super::kinds::{Kind, built_in, guess_plural, split_api_version};

/// One version of a group, as discovery lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupVersion {
    pub(crate) group: String,
    pub(crate) version: String,
    /// The server behind it did not answer.
    pub(crate) stale: bool,
}

/// Kinds and versions in the order of the API server: the preferred version of a group comes first.
#[derive(Debug, Default)]
pub(crate) struct Served {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) versions: Vec<GroupVersion>,
    known: BTreeSet<(String, String, String)>,
    /// Whether aggregated discovery was captured, which leaves nothing out: of the core group, of all others.
    whole: (bool, bool),
}

impl Served {
    /// What the captured documents of discovery say, then the built-in kinds of groups of which they say nothing.
    pub(crate) fn captured(objects: &[Object]) -> Served {
        let mut served = Served::default();
        let documents = || objects.iter().filter(|object| object.reference.group == "apidiscovery.k8s.io");
        // The order of groups and versions, where plain discovery was captured.
        for document in documents().filter(|object| object.reference.kind == "APIGroupList") {
            served.groups(document.value());
        }
        for document in documents() {
            served.aggregated(document.value());
            served.plain(document.value());
        }
        let told: BTreeSet<String> = served.kinds.iter().map(|kind| kind.group.clone()).collect();
        let (core, others) = served.whole;
        for kind in built_in() {
            if !told.contains(&kind.group) && !(if kind.group.is_empty() { core } else { others }) {
                served.add(kind);
            }
        }
        served
    }

    /// Adds a kind unless that resource of that version is known.
    pub(crate) fn add(&mut self, kind: Kind) {
        self.version(&kind.group, &kind.version, false);
        if self.known.insert((kind.group.clone(), kind.version.clone(), kind.resource.clone())) {
            self.kinds.push(kind);
        }
    }

    /// Adds what definitions make, in the order of the API server: groups by name, versions by maturity. Of kinds that discovery told
    /// the definitions tell columns and fields.
    pub(crate) fn define(&mut self, mut definitions: Vec<Kind>) {
        definitions.sort_by(|a, b| {
            let key = |kind: &Kind| (kind.group.clone(), Reverse(maturity(&kind.version)), kind.version.clone());
            key(a).cmp(&key(b))
        });
        for kind in &mut self.kinds {
            let its = |it: &&Kind| it.group == kind.group && it.version == kind.version && it.resource == kind.resource;
            if let Some(definition) = definitions.iter().find(its) {
                kind.columns.clone_from(&definition.columns);
                kind.selectable.clone_from(&definition.selectable);
                kind.deprecated.clone_from(&definition.deprecated);
            }
        }
        for kind in definitions {
            self.add(kind);
        }
    }

    fn version(&mut self, group: &str, version: &str, stale: bool) {
        if !self.versions.iter().any(|it| it.group == group && it.version == version) {
            self.versions.push(GroupVersion { group: group.to_owned(), version: version.to_owned(), stale });
        }
    }

    /// `/apis`, or the groups that a collector wrote as a list.
    fn groups(&mut self, document: &Value) {
        let groups = document.as_array().or_else(|| document["groups"].as_array());
        for group in groups.into_iter().flatten() {
            let preferred = std::iter::once(&group["preferredVersion"]);
            for version in preferred.chain(group["versions"].as_array().into_iter().flatten()) {
                if let Some(number) = version["version"].as_str() {
                    self.version(text(&group["name"]), number, false);
                }
            }
        }
    }

    /// Aggregated discovery: of the core group, or of all others.
    fn aggregated(&mut self, document: &Value) {
        for group in list(&document["items"]) {
            let name = text(&group["metadata"]["name"]);
            if name.is_empty() {
                self.whole.0 = true;
            } else {
                self.whole.1 = true;
            }
            for version in list(&group["versions"]) {
                let number = text(&version["version"]);
                self.version(name, number, version["freshness"] == "Stale");
                for resource in list(&version["resources"]) {
                    let kind = Kind {
                        group: name.to_owned(),
                        version: number.to_owned(),
                        resource: text(&resource["resource"]).to_owned(),
                        singular: text(&resource["singularResource"]).to_owned(),
                        kind: text(&resource["responseKind"]["kind"]).to_owned(),
                        namespaced: resource["scope"] == "Namespaced",
                        short: texts(&resource["shortNames"]),
                        categories: texts(&resource["categories"]),
                        verbs: texts(&resource["verbs"]),
                        subresources: list(&resource["subresources"]).to_vec(),
                        ..Kind::default()
                    };
                    self.told(kind);
                }
            }
        }
    }

    /// The resources of one version.
    fn plain(&mut self, document: &Value) {
        let Some(api_version) = document["groupVersion"].as_str() else { return };
        let (group, version) = split_api_version(api_version);
        self.version(group, version, false);
        let resources = list(&document["resources"]);
        for resource in resources {
            let name = text(&resource["name"]);
            let below = resources.iter().filter_map(|other| {
                let (parent, below) = text(&other["name"]).split_once('/')?;
                (parent == name).then(|| subresource(other, below, group, version))
            });
            let kind = Kind {
                group: group.to_owned(),
                version: version.to_owned(),
                resource: name.to_owned(),
                singular: text(&resource["singularName"]).to_owned(),
                kind: text(&resource["kind"]).to_owned(),
                namespaced: resource["namespaced"] == true,
                short: texts(&resource["shortNames"]),
                categories: texts(&resource["categories"]),
                verbs: texts(&resource["verbs"]),
                subresources: below.collect(),
                ..Kind::default()
            };
            self.told(kind);
        }
    }

    fn told(&mut self, kind: Kind) {
        // Subresources (`pods/log`) are no resources of their own.
        if !kind.resource.is_empty() && !kind.resource.contains('/') && !kind.kind.is_empty() {
            self.add(kind);
        }
    }
}

/// A subresource of a plain list as aggregated discovery writes it.
fn subresource(resource: &Value, name: &str, group: &str, version: &str) -> Value {
    let or = |key: &str, other: &str| resource[key].as_str().unwrap_or(other).to_owned();
    json!({"subresource": name, "verbs": resource["verbs"],
        "responseKind": {"group": or("group", group), "version": or("version", version), "kind": resource["kind"]}})
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(|value| text(value).to_owned()).collect()
}

/// How the API server orders the versions of a group: `v2`, `v1`, `v1beta2`, `v1alpha1`, then names of any other form.
fn maturity(version: &str) -> (u8, u64, u64) {
    let parse = || {
        let rest = version.strip_prefix('v')?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let major: u64 = rest[..end].parse().ok()?;
        let (rank, minor) = match &rest[end..] {
            "" => return Some((3, major, 0)),
            rest if rest.starts_with("beta") => (2, &rest["beta".len()..]),
            rest => (1, rest.strip_prefix("alpha")?),
        };
        Some((rank, major, minor.parse().ok()?))
    };
    parse().unwrap_or_default()
}

/// The kinds that a definition makes, one for each version that is served. One that the server has not established makes none; its names
/// are those that were accepted. A definition from a file of manifests has no status and counts as it stands.
pub(crate) fn defined(crd: &Value) -> Vec<Kind> {
    let spec = &crd["spec"];
    let conditions = list(&crd["status"]["conditions"]);
    if !conditions.is_empty() && !conditions.iter().any(|it| it["type"] == "Established" && it["status"] == "True") {
        return Vec::new();
    }
    let accepted = &crd["status"]["acceptedNames"];
    let names = if accepted["kind"].as_str().is_some_and(|kind| !kind.is_empty()) { accepted } else { &spec["names"] };
    let kind = text(&names["kind"]);
    if kind.is_empty() {
        return Vec::new();
    }
    let or = |value: &str, other: &str| if value.is_empty() { other.to_owned() } else { value.to_owned() };
    list(&spec["versions"])
        .iter()
        .filter(|version| version["served"] != false)
        .map(|version| Kind {
            group: text(&spec["group"]).to_owned(),
            version: text(&version["name"]).to_owned(),
            resource: or(text(&names["plural"]), &guess_plural(kind)),
            singular: or(text(&names["singular"]), &kind.to_lowercase()),
            kind: kind.to_owned(),
            namespaced: spec["scope"].as_str() != Some("Cluster"),
            short: texts(&names["shortNames"]),
            categories: texts(&names["categories"]),
            verbs: texts(&json!(VERBS)),
            subresources: subresources(version, text(&spec["group"]), kind),
            columns: Some(list(&version["additionalPrinterColumns"]).to_vec()),
            selectable: selectable(version),
            deprecated: deprecation(spec, version, kind),
        })
        .collect()
}

/// What the API server lets be done with custom resources.
const VERBS: [&str; 8] = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

fn subresources(version: &Value, group: &str, kind: &str) -> Vec<Value> {
    let own = json!({"group": group, "version": version["name"], "kind": kind});
    let scale = json!({"group": "autoscaling", "version": "v1", "kind": "Scale"});
    let all = [("status", own), ("scale", scale)].into_iter();
    all.filter(|(name, _)| version["subresources"].get(name).is_some())
        .map(|(name, kind)| json!({"subresource": name, "responseKind": kind, "verbs": ["get", "patch", "update"]}))
        .collect()
}

/// The definition's own warning of a version, or the API server's.
fn deprecation(spec: &Value, version: &Value, kind: &str) -> Option<String> {
    if version["deprecated"] != true {
        return None;
    }
    if let Some(own) = version["deprecationWarning"].as_str() {
        return Some(own.to_owned());
    }
    let (group, name) = (text(&spec["group"]), text(&version["name"]));
    let newer = list(&spec["versions"]).iter().filter(|it| it["served"] != false && it["deprecated"] != true);
    let newest = newer.map(|it| text(&it["name"])).max_by_key(|other| maturity(other));
    let instead = newest.filter(|newest| maturity(newest) > maturity(name));
    let instead = instead.map(|instead| format!("; use {group}/{instead} {kind}")).unwrap_or_default();
    Some(format!("{group}/{name} {kind} is deprecated{instead}"))
}

/// The paths of a version's `selectableFields`, without the dot that they begin with.
fn selectable(version: &Value) -> Vec<String> {
    let fields = list(&version["selectableFields"]).iter();
    fields.filter_map(|field| Some(field["jsonPath"].as_str()?.trim_start_matches('.').to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use kloupe_model::ObjectRef;

    use super::*;

    fn served(documents: &[(&str, Value)]) -> Served {
        let object = |(kind, value): &(&str, Value)| Object {
            reference: ObjectRef::new(kind, "apidiscovery.k8s.io", "", ""),
            body: value.clone().into(),
            whole: false,
            file: String::new(),
        };
        let objects: Vec<Object> = documents.iter().map(object).collect();
        Served::captured(&objects)
    }

    fn names(served: &Served, group: &str) -> Vec<String> {
        let its = served.kinds.iter().filter(|kind| kind.group == group);
        its.map(|kind| format!("{} {}", kind.version, kind.resource)).collect()
    }

    #[test]
    fn what_the_server_said_wins_over_the_built_in_list() {
        let resource = |name: &str, kind: &str| {
            json!({"resource": name, "responseKind": {"kind": kind}, "scope": "Namespaced",
            "singularResource": "", "verbs": ["create", "get"], "shortNames": ["x"], "categories": ["all"],
            "subresources": [{"subresource": "status", "verbs": ["get"]}]})
        };
        let document = json!({"kind": "APIGroupDiscoveryList", "items": [
            {"metadata": {"name": "batch"}, "versions": [
                {"version": "v2", "resources": [resource("jobs", "Job")]},
                {"version": "v1", "resources": [resource("cronjobs", "CronJob")]}]},
            {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]}]});
        let served = served(&[("APIGroupDiscoveryList", document)]);
        assert_eq!(names(&served, "batch"), ["v2 jobs", "v1 cronjobs"]);
        let job = served.kinds.iter().find(|kind| kind.kind == "Job").expect("it is served");
        assert_eq!((job.verbs.len(), job.short.as_slice(), job.subresources.len()), (2, &["x".to_owned()][..], 1));
        assert_eq!(names(&served, "apps"), [""; 0], "the document leaves no group out");
        assert!(names(&served, "").iter().any(|name| name == "v1 pods"), "it says nothing of the core group");
        let stale: Vec<_> = served.versions.iter().filter(|it| it.stale).map(|it| it.group.as_str()).collect();
        assert_eq!(stale, ["metrics.k8s.io"]);
    }

    #[test]
    fn plain_lists_speak_for_their_groups_only() {
        let list = json!({"kind": "APIResourceList", "groupVersion": "autoscaling/v1", "resources": [
            {"name": "horizontalpodautoscalers", "kind": "HorizontalPodAutoscaler", "namespaced": true, "verbs": ["get"]},
            {"name": "horizontalpodautoscalers/status", "kind": "HorizontalPodAutoscaler", "namespaced": true, "verbs": ["get"]}]});
        let version = |version: &str| json!({"groupVersion": format!("autoscaling/{version}"), "version": version});
        let groups = json!({"kind": "APIGroupList", "groups": [
            {"name": "autoscaling", "versions": [version("v2"), version("v1")], "preferredVersion": version("v1")}]});
        let served = served(&[("APIResourceList", list), ("APIGroupList", groups)]);
        assert_eq!(names(&served, "autoscaling"), ["v1 horizontalpodautoscalers"]);
        assert_eq!(served.kinds[0].subresources[0]["responseKind"]["version"], "v1");
        let versions: Vec<_> = served.versions.iter().take(2).map(|it| it.version.as_str()).collect();
        assert_eq!(versions, ["v1", "v2"], "the preferred one comes first");
        assert_eq!(names(&served, "apps").len(), 5);
    }

    #[test]
    fn a_version_on_its_way_out_is_warned_of() {
        let version = |name: &str, deprecated: bool| json!({"name": name, "served": true, "deprecated": deprecated});
        let mut own = version("v1alpha2", true);
        own["deprecationWarning"] = json!("use something else");
        let versions = json!([version("v1", false), version("v1beta1", true), own, version("v2alpha1", false)]);
        let crd = json!({"spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}, "versions": versions}});
        let said: Vec<Option<String>> = defined(&crd).into_iter().map(|kind| kind.deprecated).collect();
        let warning = "example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget";
        assert_eq!(said, [None, Some(warning.to_owned()), Some("use something else".to_owned()), None]);
    }

    #[test]
    fn versions_are_ordered_by_maturity() {
        let mut versions = ["v1alpha1", "v1beta1", "foo", "v10", "v2", "v1beta2", "v1"];
        versions.sort_by_key(|version| Reverse(maturity(version)));
        assert_eq!(versions, ["v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha1", "foo"]);
    }
}

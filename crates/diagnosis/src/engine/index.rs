//! The facts, found by kind, name and owner. A capture may hold ten thousand pods: what every check would have to look for among all objects is
//! looked up here, and of each object only an outline is kept, so that nothing parses what nobody asks about.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_model::{Facts, Keep, Object, Stamp};
use serde_json::{Map, Value};

use super::read::is_custom;
use crate::rbac::Rules;

/// An owner reference.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) uid: String,
}

/// What is asked of every object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    pub(crate) owners: Vec<Owner>,
    /// The newest moment that its metadata or, of a Lease, its holder speaks of.
    pub(crate) newest: Option<Stamp>,
    pub(crate) generation: Option<i64>,
    /// The `ServiceAccount` of a pod, or of a workload's template.
    pub(crate) account: Option<String>,
    /// Whether a container's arguments ask for leader election.
    pub(crate) elects: bool,
    /// The labels of a pod without an owner, or those that a Deployment selects, as JSON.
    labels: Vec<(String, String)>,
}

const ALL: Keep = Keep::All;
const CONTAINERS: Keep = Keep::Fields(&[("args", ALL), ("command", ALL)]);
const POD: Keep = Keep::Fields(&[("containers", CONTAINERS), ("serviceAccountName", ALL), ("serviceAccount", ALL)]);
const METADATA: (&str, Keep) = (
    "metadata",
    Keep::Fields(&[
        ("creationTimestamp", ALL),
        ("deletionTimestamp", ALL),
        ("generation", ALL),
        ("labels", ALL),
        ("managedFields", Keep::Fields(&[("time", ALL)])),
        ("ownerReferences", Keep::Fields(&[("kind", ALL), ("name", ALL), ("uid", ALL)])),
    ]),
);
const OUTLINE: Keep = Keep::Fields(&[
    METADATA,
    (
        "spec",
        Keep::Fields(&[
            ("containers", CONTAINERS),
            ("serviceAccountName", ALL),
            ("serviceAccount", ALL),
            ("template", Keep::Fields(&[("spec", POD)])),
            ("selector", Keep::Fields(&[("matchLabels", ALL)])),
            ("renewTime", ALL),
        ]),
    ),
]);

impl Outline {
    fn of(object: &Object) -> Outline {
        let value = object.body.only(&OUTLINE);
        let kind = object.reference.kind.as_str();
        let text = |path: &str| value.pointer(path).and_then(Value::as_str);
        let template = value.pointer("/spec/template/spec");
        let pod = template.or_else(|| value.get("spec"));
        let owners = owners(&value);
        let account = match kind {
            "Pod" => text("/spec/serviceAccountName").or_else(|| text("/spec/serviceAccount")),
            _ => text("/spec/template/spec/serviceAccountName"),
        };
        let labels = match kind {
            "Pod" if owners.is_empty() => labels(value.pointer("/metadata/labels")),
            "Deployment" => labels(value.pointer("/spec/selector/matchLabels")),
            _ => Vec::new(),
        };
        Outline {
            newest: newest(&value, kind),
            generation: value.pointer("/metadata/generation").and_then(Value::as_i64),
            account: account.map(str::to_owned),
            elects: pod.is_some_and(elects),
            owners,
            labels,
        }
    }

    /// Its owner of a kind.
    pub(crate) fn owner(&self, kind: &str) -> Option<&str> {
        self.owners.iter().find(|owner| owner.kind == kind).map(|owner| owner.name.as_str())
    }
}

fn list<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// The owner references that name a kind and a name.
fn owners(value: &Value) -> Vec<Owner> {
    let owner = |owner: &Value| {
        let text = |key: &str| owner.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Owner { kind: text("kind")?, name: text("name")?, uid: text("uid").unwrap_or_default() })
    };
    list(value, "/metadata/ownerReferences").filter_map(owner).collect()
}

fn newest(value: &Value, kind: &str) -> Option<Stamp> {
    let of_life = ["/metadata/creationTimestamp", "/metadata/deletionTimestamp"].map(|path| value.pointer(path));
    let renewed = value.pointer("/spec/renewTime").filter(|_| kind == "Lease");
    let written = list(value, "/metadata/managedFields").map(|entry| entry.get("time"));
    let all = of_life.into_iter().chain([renewed]).chain(written).flatten();
    all.filter_map(|time| Stamp::parse_rfc3339(time.as_str()?)).max()
}

fn elects(pod: &Value) -> bool {
    list(pod, "/containers")
        .flat_map(|container| list(container, "/args").chain(list(container, "/command")))
        .filter_map(Value::as_str)
        .any(|argument| argument.contains("leader-elect") || argument.contains("enable-leader-election"))
}

fn labels(value: Option<&Value>) -> Vec<(String, String)> {
    let labels = value.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    labels.map(|(key, value)| (key.clone(), value.to_string())).collect()
}

/// The facts, indexed once for a run.
pub(crate) struct Index<'a> {
    facts: &'a Facts,
    outlines: Vec<Outline>,
    /// Places of objects by kind, each in the order they were read.
    kinds: BTreeMap<&'a str, Vec<usize>>,
    /// By name, then kind.
    names: BTreeMap<(&'a str, &'a str), Vec<usize>>,
    custom: Vec<usize>,
    /// What is owned by an object of a custom kind.
    of_custom: Vec<usize>,
    listed: BTreeSet<(&'a str, Option<&'a str>)>,
    rules: Rules<'a>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(facts: &'a Facts) -> Index<'a> {
        let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut names: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, object) in facts.objects.iter().enumerate() {
            let reference = &object.reference;
            kinds.entry(&reference.kind).or_default().push(at);
            names.entry((&reference.name, &reference.kind)).or_default().push(at);
        }
        let custom: Vec<usize> = (0..facts.objects.len()).filter(|at| is_custom(&facts.objects[*at])).collect();
        let outlines: Vec<Outline> = facts.objects.iter().map(Outline::of).collect();
        let custom_kinds: BTreeSet<&str> = custom.iter().map(|at| facts.objects[*at].reference.kind.as_str()).collect();
        let is_of_custom =
            |at: &usize| outlines[*at].owners.iter().any(|owner| custom_kinds.contains(owner.kind.as_str()));
        let of_custom = (0..outlines.len()).filter(is_of_custom).collect();
        let listed = facts.listed.iter().map(|it| (it.kind.as_str(), it.namespace.as_deref())).collect();
        let rules = Rules::of_objects(&facts.objects);
        Index { facts, outlines, kinds, names, custom, of_custom, listed, rules }
    }

    /// What is known of every object, by its place among the facts.
    pub(crate) fn outline(&self, at: usize) -> &Outline {
        &self.outlines[at]
    }

    /// All objects with their outlines.
    pub(crate) fn outlined(&self) -> impl Iterator<Item = (&'a Object, &Outline)> {
        self.facts.objects.iter().zip(&self.outlines)
    }

    /// The objects of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Object> {
        self.at(self.kinds.get(kind))
    }

    /// The objects of several kinds, in the order they were read.
    pub(crate) fn of_kinds(&self, kinds: &[&str]) -> impl Iterator<Item = &'a Object> {
        let places: BTreeSet<usize> = kinds.iter().filter_map(|kind| self.kinds.get(kind)).flatten().copied().collect();
        places.into_iter().map(|at| &self.facts.objects[at])
    }

    /// Every kind with the number of its objects.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.kinds.iter().map(|(kind, places)| (*kind, places.len()))
    }

    /// The objects of kinds that Kubernetes does not have of its own.
    pub(crate) fn custom(&self) -> impl Iterator<Item = &'a Object> {
        self.at(Some(&self.custom))
    }

    /// What names an object of such a kind as its owner.
    pub(crate) fn of_custom(&self) -> impl Iterator<Item = (&'a Object, &Outline)> {
        self.of_custom.iter().map(|at| (&self.facts.objects[*at], &self.outlines[*at]))
    }

    /// An object by kind, namespace and name; what is in no namespace, or in none that is known, fits any.
    pub(crate) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Object> {
        self.at(self.names.get(&(name, kind))).find(|object| {
            let its = object.reference.namespace.as_str();
            its == namespace || its.is_empty() || namespace.is_empty()
        })
    }

    /// The objects of a name, whatever their kind.
    pub(crate) fn named(&self, name: &str) -> Vec<&'a Object> {
        let places = self.kinds.keys().filter_map(|kind| self.names.get(&(name, *kind)));
        places.flatten().map(|at| &self.facts.objects[*at]).collect()
    }

    /// Whether the list of a kind was read whole, in this namespace or in all.
    pub(crate) fn listed(&self, kind: &str, namespace: &str) -> bool {
        self.listed.contains(&(kind, None)) || self.listed.contains(&(kind, Some(namespace)))
    }

    /// The captured roles and bindings.
    pub(crate) fn rules(&self) -> &Rules<'a> {
        &self.rules
    }

    /// The newest moment that an object speaks of.
    pub(crate) fn newest(&self) -> Option<Stamp> {
        self.outlines.iter().filter_map(|outline| outline.newest).max()
    }

    /// The Deployments by a label that they select, for pods that name no owner.
    pub(crate) fn selectors(&self) -> Selectors<'_> {
        let mut by_label: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for at in self.kinds.get("Deployment").into_iter().flatten() {
            let namespace = self.facts.objects[*at].reference.namespace.as_str();
            if let Some((key, value)) = self.outlines[*at].labels.first() {
                by_label.entry((namespace, key.as_str(), value.as_str())).or_default().push(*at);
            }
        }
        Selectors { by_label, outlines: &self.outlines }
    }

    fn at(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &'a Object> {
        places.into_iter().flatten().map(|at| &self.facts.objects[*at])
    }
}

/// The label selectors of Deployments, by namespace and the first label of each.
pub(crate) struct Selectors<'i> {
    by_label: BTreeMap<(&'i str, &'i str, &'i str), Vec<usize>>,
    outlines: &'i [Outline],
}

impl Selectors<'_> {
    /// The first Deployment that selects the pod.
    pub(crate) fn selecting(&self, namespace: &str, pod: &Outline) -> Option<usize> {
        let fits = |at: &usize| self.outlines[*at].labels.iter().all(|label| pod.labels.contains(label));
        let labels = pod.labels.iter().map(|(key, value)| (namespace, key.as_str(), value.as_str()));
        labels.filter_map(|label| self.by_label.get(&label)).flatten().copied().filter(fits).min()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kloupe_logs::Matcher;
    use kloupe_model::{Body, Form, ObjectRef};
    use serde_json::json;

    use super::*;
    use crate::{Question, diagnose};

    fn facts(objects: &[Value]) -> Facts {
        let object = |value: &Value| {
            let text = value.to_string();
            let end = text.len() as u64;
            let at = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default();
            let group = at("/apiVersion").split_once('/').map_or("", |(group, _)| group);
            Object {
                reference: ObjectRef::new(at("/kind"), group, at("/metadata/namespace"), at("/metadata/name")),
                body: Body::of_text(Form::Json, Arc::new(text), 0..end, None, None),
                whole: true,
                file: "cluster.json".into(),
            }
        };
        Facts { objects: objects.iter().map(object).collect(), ..Facts::default() }
    }

    fn pod(namespace: &str, name: &str, labels: &Value) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": namespace, "name": name, "labels": labels,
            "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [{"time": "2026-01-02T00:00:00Z", "fieldsV1": {"f:time": {}}}]},
            "spec": {"containers": [{"name": "app", "args": ["--serve"]}]}})
    }

    fn deployment(namespace: &str, name: &str, labels: &Value) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": namespace, "name": name},
            "spec": {"selector": {"matchLabels": labels}, "template": {"spec": {"serviceAccountName": name}}}})
    }

    #[test]
    fn a_pod_without_an_owner_belongs_to_the_first_deployment_that_selects_it() {
        let facts = facts(&[
            deployment("b", "elsewhere", &json!({"app": "web"})),
            deployment("a", "narrow", &json!({"app": "web", "tier": "front"})),
            deployment("a", "all", &json!({})),
            deployment("a", "web", &json!({"app": "web"})),
            deployment("a", "later", &json!({"x": "1"})),
            pod("a", "web-0", &json!({"x": "1", "app": "web"})),
            pod("a", "other-0", &json!({"app": "other"})),
        ]);
        let index = Index::of(&facts);
        let selectors = index.selectors();
        let selecting =
            |at: usize| selectors.selecting("a", index.outline(at)).map(|at| facts.objects[at].reference.name.as_str());
        assert_eq!((selecting(5), selecting(6)), (Some("web"), None));
        assert_eq!(index.newest(), Stamp::parse_rfc3339("2026-01-02T00:00:00Z"));
        assert_eq!(index.outline(3).account.as_deref(), Some("web"));
    }

    /// What a diagnosis costs grows with the controller's own objects, not with the cluster.
    #[test]
    fn objects_that_nobody_asks_about_are_not_parsed() {
        let others = (0..500).map(|at| pod("shop", &format!("web-7d9c8bf5c4-{at:05}"), &json!({"app": "web"})));
        let own = deployment("ops", "shop-controller", &json!({"app": "shop"}));
        let facts = facts(&others.chain([own]).collect::<Vec<_>>());
        let report = diagnose(&facts, &[], &Matcher::new([]), &Question::default()).expect("an answer");
        assert_eq!(report.diagnoses.len(), 1);
        assert_eq!(facts.objects.iter().filter(|object| object.body.is_parsed()).count(), 0);
    }
}

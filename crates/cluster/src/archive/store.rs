//! The captured objects, found by resource, namespace and name.

use std::collections::BTreeMap;

use kloupe_model::{Facts, Lang, Object};
use kloupe_sources::{Archive, LogFile};
use serde_json::Value;

use super::kinds::{Kind, built_in, guess_plural, split_api_version};

/// Everything that the API server serves.
#[derive(Debug)]
pub struct Store {
    pub(crate) facts: Facts,
    pub(crate) logs: Vec<LogFile>,
    pub(crate) kinds: Vec<Kind>,
    /// By group and kind, then by namespace and name; the numbers are places in the facts.
    objects: BTreeMap<(String, String), BTreeMap<(String, String), usize>>,
    /// The newest resource version among the objects.
    pub(crate) resource_version: String,
}

impl Store {
    /// Indexes an archive. Of an object that was captured twice the newer one is served.
    pub fn new(archive: Archive) -> Store {
        let Archive { mut facts, logs, whole_events, .. } = archive;
        facts.objects.extend(whole_events);
        let mut kinds = built_in();
        for object in facts.objects.iter().filter(|object| object.reference.group == "apidiscovery.k8s.io") {
            kinds.extend(discovered(object.value()));
        }
        let mut objects: BTreeMap<(String, String), BTreeMap<(String, String), usize>> = BTreeMap::new();
        let mut newest = 1;
        let mut definitions = Vec::new();
        for (at, object) in facts.objects.iter().enumerate().filter(|(_, object)| object.whole) {
            let reference = &object.reference;
            newest = newest.max(version_of(object));
            if reference.kind == "CustomResourceDefinition" {
                definitions.extend(defined(object.value()));
            }
            let place = objects.entry((reference.group.clone(), reference.kind.clone())).or_default();
            let known = place.entry((reference.namespace.clone(), reference.name.clone())).or_insert(at);
            if version_of(&facts.objects[*known]) <= version_of(object) {
                *known = at;
            }
        }
        kinds.extend(definitions.iter().cloned());
        for ((group, kind), named) in &objects {
            if kinds.iter().any(|known| known.group == *group && known.kind == *kind) {
                continue;
            }
            // One object tells the version; it is not kept as parsed.
            let value = named.values().next().map(|at| facts.objects[*at].body.to_value()).unwrap_or_default();
            let api_version = value["apiVersion"].as_str();
            kinds.push(Kind {
                group: group.clone(),
                version: api_version.map_or("v1", |text| split_api_version(text).1).to_owned(),
                resource: guess_plural(kind),
                singular: kind.to_lowercase(),
                kind: kind.clone(),
                namespaced: named.keys().any(|(namespace, _)| !namespace.is_empty()),
                short: Vec::new(),
                categories: Vec::new(),
                columns: None,
                selectable: Vec::new(),
            });
        }
        let mut seen = std::collections::BTreeSet::new();
        kinds.retain(|kind| seen.insert((kind.group.clone(), kind.version.clone(), kind.resource.clone())));
        // Discovery tells nothing of columns and fields: the definition does.
        for kind in kinds.iter_mut().filter(|kind| kind.columns.is_none()) {
            let its = |it: &&Kind| it.group == kind.group && it.version == kind.version && it.resource == kind.resource;
            if let Some(definition) = definitions.iter().find(its) {
                kind.columns.clone_from(&definition.columns);
                kind.selectable.clone_from(&definition.selectable);
            }
        }
        Store { facts, logs, kinds, objects, resource_version: newest.to_string() }
    }

    pub(crate) fn kind(&self, group: &str, version: &str, resource: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.group == group && kind.version == version && kind.resource == resource)
    }

    pub(crate) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<Value> {
        let named = self.objects.get(&(kind.group.clone(), kind.kind.clone()))?;
        let at = named.get(&(namespace.to_owned(), name.to_owned()))?;
        Some(self.object(*at, kind))
    }

    /// The objects of a kind as they were captured, by namespace and name.
    pub(crate) fn captured(&self, group: &str, kind: &str) -> impl Iterator<Item = &Object> {
        let named = self.objects.get(&(group.to_owned(), kind.to_owned()));
        named.into_iter().flatten().map(|(_, at)| &self.facts.objects[*at])
    }

    /// Where all objects of a kind are, of one namespace or of all, ordered by namespace and name as the API server orders them.
    pub(crate) fn list(&self, kind: &Kind, namespace: Option<&str>) -> Vec<usize> {
        let named = self.objects.get(&(kind.group.clone(), kind.kind.clone()));
        named
            .into_iter()
            .flatten()
            .filter(|((its, _), _)| namespace.is_none_or(|wanted| wanted == its))
            .map(|(_, at)| *at)
            .collect()
    }

    /// The object at a place. The version that was asked for is a name only: a capture holds one form of an object and cannot convert it.
    pub(crate) fn object(&self, at: usize, kind: &Kind) -> Value {
        let mut value = self.facts.objects[at].body.to_value();
        let group_version = group_version(&kind.group, &kind.version);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("apiVersion".to_owned(), group_version.into());
            fields.insert("kind".to_owned(), kind.kind.as_str().into());
        }
        value
    }

    /// Whether nothing tells if there are objects of a kind there: none was captured, and no list of them.
    pub(crate) fn untold(&self, kind: &Kind, namespace: Option<&str>) -> bool {
        !self.listed(kind, namespace) && self.list(kind, namespace).is_empty()
    }

    fn listed(&self, kind: &Kind, namespace: Option<&str>) -> bool {
        self.facts.listed.iter().any(|listed| {
            listed.kind == kind.kind && (listed.namespace.is_none() || listed.namespace.as_deref() == namespace)
        })
    }

    /// What the collector was told when it was not allowed to list this resource there.
    pub(crate) fn refused(&self, kind: &Kind, namespace: Option<&str>) -> Option<String> {
        if self.listed(kind, namespace) {
            return None;
        }
        let resource =
            if kind.group.is_empty() { kind.resource.clone() } else { format!("{}.{}", kind.resource, kind.group) };
        let (start, asked) =
            (format!("{resource} is forbidden: "), format!("cannot list resource \"{}\"", kind.resource));
        self.facts.gaps.iter().find_map(|gap| {
            let why = gap.why.get(Lang::En);
            let at = why.find(&start).filter(|_| why.contains(&asked))?;
            // Asked for all namespaces at once, where nothing was read, one that was refused is reason enough.
            let here = match (why.split_once("in the namespace \""), namespace) {
                (Some((_, rest)), Some(namespace)) => rest.split('"').next() == Some(namespace),
                _ => true,
            };
            here.then(|| why[at..].lines().next().unwrap_or_default().to_owned())
        })
    }
}

pub(crate) fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

fn version_of(object: &Object) -> u64 {
    object.body.resource_version().unwrap_or_default()
}

/// The kinds that a definition makes, its storage version first. One that the server has not established makes none; its names are
/// those that were accepted. A definition from a file of manifests has no status and counts as it stands.
fn defined(crd: &Value) -> Vec<Kind> {
    let spec = &crd["spec"];
    let conditions = crd["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !conditions.is_empty() && !conditions.iter().any(|it| it["type"] == "Established" && it["status"] == "True") {
        return Vec::new();
    }
    let accepted = &crd["status"]["acceptedNames"];
    let names = if accepted["kind"].as_str().is_some_and(|kind| !kind.is_empty()) { accepted } else { &spec["names"] };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let kind = text(&names["kind"]);
    if kind.is_empty() {
        return Vec::new();
    }
    let mut versions: Vec<&Value> = spec["versions"].as_array().into_iter().flatten().collect();
    versions.retain(|version| version["served"].as_bool() != Some(false));
    versions.sort_by_key(|version| version["storage"].as_bool() != Some(true));
    let or = |value: String, other: &str| if value.is_empty() { other.to_owned() } else { value };
    versions
        .into_iter()
        .map(|version| Kind {
            group: text(&spec["group"]),
            version: text(&version["name"]),
            resource: or(text(&names["plural"]), &guess_plural(&kind)),
            singular: or(text(&names["singular"]), &kind.to_lowercase()),
            kind: kind.clone(),
            namespaced: spec["scope"].as_str() != Some("Cluster"),
            short: texts(&names["shortNames"]),
            categories: texts(&names["categories"]),
            columns: Some(version["additionalPrinterColumns"].as_array().cloned().unwrap_or_default()),
            selectable: selectable(version),
        })
        .collect()
}

/// The paths of a version's `selectableFields`, without the dot that they begin with.
fn selectable(version: &Value) -> Vec<String> {
    let fields = version["selectableFields"].as_array().into_iter().flatten();
    fields.filter_map(|field| Some(field["jsonPath"].as_str()?.trim_start_matches('.').to_owned())).collect()
}

/// The kinds that a collector's copy of discovery tells: one group version's resources, or all of aggregated discovery.
fn discovered(document: &Value) -> Vec<Kind> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let kind = |group: &str, version: &str, resource: &Value, name: &str, kind: &Value, namespaced: bool| Kind {
        group: group.to_owned(),
        version: version.to_owned(),
        resource: text(&resource[name]),
        singular: text(&resource[if name == "name" { "singularName" } else { "singularResource" }]),
        kind: text(kind),
        namespaced,
        short: texts(&resource["shortNames"]),
        categories: texts(&resource["categories"]),
        columns: None,
        selectable: Vec::new(),
    };
    let mut kinds = Vec::new();
    if let Some(group_version) = document["groupVersion"].as_str() {
        let (group, version) = split_api_version(group_version);
        for resource in list(document, "resources") {
            let namespaced = resource["namespaced"].as_bool() == Some(true);
            kinds.push(kind(group, version, &resource, "name", &resource["kind"], namespaced));
        }
    }
    for group in list(document, "items") {
        let name = text(&group["metadata"]["name"]);
        for version in list(&group, "versions") {
            for resource in list(&version, "resources") {
                let namespaced = resource["scope"].as_str() == Some("Namespaced");
                let version = text(&version["version"]);
                let its = &resource["responseKind"]["kind"];
                kinds.push(kind(&name, &version, &resource, "resource", its, namespaced));
            }
        }
    }
    // Subresources (`pods/log`) are no resources of their own.
    kinds.retain(|kind| !kind.resource.is_empty() && !kind.resource.contains('/') && !kind.kind.is_empty());
    kinds
}

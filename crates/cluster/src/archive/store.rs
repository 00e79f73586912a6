//! The captured objects, found by resource, namespace and name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::Timestamp;
use kloupe_model::{Facts, Object};
use kloupe_sources::{Archive, LogFile};
use serde_json::Value;

use super::kinds::{Kind, guess_plural, split_api_version};
use super::served::{Served, defined};
use super::{clock, events};

/// Everything that the API server serves.
#[derive(Debug)]
pub struct Store {
    pub(crate) facts: Facts,
    pub(crate) logs: Vec<LogFile>,
    /// What is served as it was captured: metrics pages and `OpenAPI` documents.
    pub(crate) pages: Vec<LogFile>,
    pub(crate) served: Served,
    /// By group and kind, then by the end of the key under which the API server keeps it; the numbers are places in the facts.
    objects: BTreeMap<(String, String), BTreeMap<String, usize>>,
    /// The newest resource version among the objects.
    pub(crate) resource_version: String,
    /// The moment that the reader asked for.
    as_of: Option<Timestamp>,
    now: OnceLock<Timestamp>,
}

impl Store {
    /// Indexes an archive. Of an object that was captured twice the newer one is served.
    pub fn new(archive: Archive) -> Store {
        let Archive { mut facts, logs, pages, whole_events, .. } = archive;
        facts.objects.extend(whole_events);
        let mut served = Served::captured(&facts.objects);
        let mut objects: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
        let mut newest = 1;
        let mut definitions = Vec::new();
        for (at, object) in facts.objects.iter().enumerate().filter(|(_, object)| object.whole) {
            let reference = &object.reference;
            newest = newest.max(version_of(object));
            if reference.kind == "CustomResourceDefinition" {
                definitions.extend(defined(object.value()));
            }
            let place = objects
                .entry((kept_in(&reference.group, &reference.kind).to_owned(), reference.kind.clone()))
                .or_default();
            let known = place.entry(key(&reference.namespace, &reference.name)).or_insert(at);
            if version_of(&facts.objects[*known]) <= version_of(object) {
                *known = at;
            }
        }
        served.define(definitions);
        for ((group, kind), named) in &objects {
            if served.kinds.iter().any(|known| known.group == *group && known.kind == *kind) {
                continue;
            }
            // One object tells the version; it is not kept as parsed.
            let value = named.values().next().map(|at| facts.objects[*at].body.to_value()).unwrap_or_default();
            let api_version = value["apiVersion"].as_str();
            served.add(Kind {
                group: group.clone(),
                version: api_version.map_or("v1", |text| split_api_version(text).1).to_owned(),
                resource: guess_plural(kind),
                singular: kind.to_lowercase(),
                kind: kind.clone(),
                namespaced: named.keys().any(|key| key.contains('/')),
                ..Kind::default()
            });
        }
        let (as_of, now) = (None, OnceLock::new());
        Store { facts, logs, pages, served, objects, resource_version: newest.to_string(), as_of, now }
    }

    /// Counts ages from a moment of the reader's choice.
    #[must_use]
    pub fn as_of(self, moment: Option<Timestamp>) -> Store {
        Store { as_of: moment, ..self }
    }

    pub(crate) fn kind(&self, group: &str, version: &str, resource: &str) -> Option<&Kind> {
        self.served
            .kinds
            .iter()
            .find(|kind| kind.group == group && kind.version == version && kind.resource == resource)
    }

    pub(crate) fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Option<Value> {
        let named = self.of_kind(&kind.group, &kind.kind)?;
        let at = named.get(&key(namespace, name))?;
        Some(self.object(*at, kind))
    }

    /// The objects of a kind as they were captured, by namespace and name.
    pub(crate) fn captured(&self, group: &str, kind: &str) -> impl Iterator<Item = &Object> {
        self.of_kind(group, kind).into_iter().flatten().map(|(_, at)| &self.facts.objects[*at])
    }

    /// Where all objects of a kind are, of one namespace or of all, in the order in which the API server keeps them.
    pub(crate) fn list(&self, kind: &Kind, namespace: Option<&str>) -> Vec<usize> {
        let Some(named) = self.of_kind(&kind.group, &kind.kind) else { return Vec::new() };
        let Some(namespace) = namespace else { return named.values().copied().collect() };
        let start = key(namespace, "");
        named.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start)).map(|(_, at)| *at).collect()
    }

    /// The object at a place. The version that was asked for is a name only: a capture holds one form of an object and cannot convert it,
    /// but for events, which have two names for their fields.
    pub(crate) fn object(&self, at: usize, kind: &Kind) -> Value {
        let Value::Object(mut fields) = self.facts.objects[at].body.to_value() else { return Value::Null };
        let group_version = group_version(&kind.group, &kind.version);
        if kind.kind == "Event" {
            fields = events::converted(fields, &group_version);
        }
        fields.insert("apiVersion".to_owned(), group_version.into());
        fields.insert("kind".to_owned(), kind.kind.as_str().into());
        Value::Object(fields)
    }

    /// When it is for whoever reads this: the moment that was asked for, else the capture's own time, else the newest time that it holds.
    pub(crate) fn now(&self) -> Timestamp {
        *self.now.get_or_init(|| self.known_now().or_else(|| clock::newest(&self.facts)).unwrap_or_else(Timestamp::now))
    }

    /// The same where it was said and need not be guessed.
    pub(crate) fn known_now(&self) -> Option<Timestamp> {
        let captured = || Timestamp::from_microsecond(self.facts.captured_at?.micros()).ok();
        self.as_of.or_else(captured)
    }

    /// Of which group and kind the objects are kept.
    fn of_kind(&self, group: &str, kind: &str) -> Option<&BTreeMap<String, usize>> {
        self.objects.get(&(kept_in(group, kind).to_owned(), kind.to_owned()))
    }
}

/// The group under which objects are kept: events of both groups are the same ones.
fn kept_in<'a>(group: &'a str, kind: &str) -> &'a str {
    if group == "events.k8s.io" && kind == "Event" { "" } else { group }
}

/// The end of the key of an object in etcd, whose order is the order of lists: `a-b/x` comes before `a/x`.
fn key(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}

pub(crate) fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

fn version_of(object: &Object) -> u64 {
    object.body.resource_version().unwrap_or_default()
}

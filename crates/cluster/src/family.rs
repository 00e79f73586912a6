//! Who owns whom: the objects that have owners, of every kind that can be listed. Only their metadata is read, so that a Secret's name
//! is seen and nothing that it holds.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use serde_json::Value;

use crate::{Cluster, Discovery, Resource};

/// So many lists are asked for at the same time: enough to hide the way to the server, few enough for its limit for one user.
pub const AT_ONCE: usize = 16;

/// Groups and resources whose objects never have owners and may be many, or stand for others.
const APART: [(&str, &str); 5] = [
    ("", "events"),
    ("events.k8s.io", "events"),
    ("", "componentstatuses"),
    ("metrics.k8s.io", "pods"),
    ("metrics.k8s.io", "nodes"),
];

/// The owned objects of a namespace or of the cluster.
#[derive(Debug, Default)]
pub struct Family<'a> {
    members: Vec<Member<'a>>,
    /// The places of what an object owns, by its uid.
    owned: BTreeMap<String, Vec<usize>>,
    /// The kinds that could not be listed, and why.
    pub unread: Vec<(&'a Resource, String)>,
}

/// An object that has an owner.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its resource.
    pub resource: &'a Resource,
    /// The object: its metadata at least.
    pub object: Value,
}

impl<'a> Family<'a> {
    /// Reads the metadata of what may be owned by an object in this namespace; without one, by an object of the cluster.
    pub async fn read(cluster: &Cluster, discovery: &'a Discovery, namespace: Option<&str>) -> Family<'a> {
        let listable = |it: &&Resource| {
            it.verbs.iter().any(|verb| verb == "list")
                && (it.namespaced || namespace.is_none())
                && !APART.contains(&(it.group.as_str(), it.plural.as_str()))
        };
        let lists = discovery
            .preferred()
            .into_iter()
            .filter(listable)
            .map(|resource| async move { (resource, cluster.list_metadata(&resource.path(namespace)).await) });
        // The answers come in the order of the kinds, whichever is there first.
        let answers: Vec<_> = stream::iter(lists).buffered(AT_ONCE).collect().await;
        let mut family = Family::default();
        let mut seen = BTreeSet::new();
        for (resource, answer) in answers {
            match answer {
                Ok(objects) => family.admit(resource, objects, &mut seen),
                Err(refusal) => family.unread.push((resource, refusal.message())),
            }
        }
        // Of all these lists no other warning matters to the person who asked for one object.
        for warning in cluster.warnings.take().into_iter().filter(|it| it.not_captured) {
            let of = |it: &&&Resource| it.path(namespace) == warning.path;
            if let Some(resource) = discovery.preferred().iter().find(of) {
                family.unread.push((resource, warning.text));
            }
        }
        family
    }

    /// Keeps those that have owners. One object may be served by two groups.
    fn admit(&mut self, resource: &'a Resource, objects: Vec<Value>, seen: &mut BTreeSet<String>) {
        for object in objects {
            let uids: BTreeSet<&str> = owners(&object).iter().map(|owner| text(owner, "uid")).collect();
            if uids.is_empty() || !seen.insert(uid(&object).to_owned()) {
                continue;
            }
            for owner in uids {
                self.owned.entry(owner.to_owned()).or_default().push(self.members.len());
            }
            self.members.push(Member { resource, object });
        }
    }

    /// What an object owns itself.
    pub fn children(&self, uid: &str) -> impl Iterator<Item = &Member<'a>> {
        self.owned.get(uid).into_iter().flatten().map(|at| &self.members[*at])
    }

    /// All that it owns, through any number of owners; nothing comes twice, even where owners form a ring.
    pub fn below(&self, uid: &str) -> Vec<&Member<'a>> {
        let mut seen = BTreeSet::from([uid]);
        let mut found: Vec<&Member<'a>> = Vec::new();
        let mut next = vec![uid];
        while let Some(owner) = next.pop() {
            for member in self.children(owner) {
                let uid = self::uid(&member.object);
                if seen.insert(uid) {
                    next.push(uid);
                    found.push(member);
                }
            }
        }
        found
    }

    /// What names an object of this kind and name as its owner, and means an earlier one: the uid is another.
    pub fn orphans(&self, kind: &Resource, object: &Value) -> impl Iterator<Item = &Member<'a>> {
        let (name, own) = (name(object), uid(object));
        let earlier = move |owner: &Value| {
            let group = text(owner, "apiVersion").split_once('/').map_or("", |(group, _)| group);
            (group, text(owner, "kind"), text(owner, "name")) == (kind.group.as_str(), kind.kind.as_str(), name)
        };
        self.members.iter().filter(move |member| {
            let owners = owners(&member.object);
            owners.iter().any(earlier) && !owners.iter().any(|owner| text(owner, "uid") == own)
        })
    }
}

/// The references of an object to its owners.
pub fn owners(object: &Value) -> &[Value] {
    object.pointer("/metadata/ownerReferences").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The uid of an object.
pub fn uid(object: &Value) -> &str {
    object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default()
}

fn name(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(name: &str, owners: &[(&str, &str)]) -> Value {
        let owners: Vec<Value> = owners
            .iter()
            .map(|(name, uid)| json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": uid}))
            .collect();
        json!({"metadata": {"name": name, "uid": format!("u-{name}"), "ownerReferences": owners}})
    }

    fn family(resource: &Resource, objects: Vec<Value>) -> Family<'_> {
        let mut family = Family::default();
        family.admit(resource, objects, &mut BTreeSet::new());
        family
    }

    fn names<'a>(members: impl IntoIterator<Item = &'a Member<'a>>) -> Vec<&'a str> {
        members.into_iter().map(|member| name(&member.object)).collect()
    }

    #[test]
    fn all_below_is_found_once_even_in_a_ring() {
        let resource = Resource::default();
        let ring = vec![
            object("a", &[("c", "u-c")]),
            object("b", &[("a", "u-a")]),
            object("c", &[("b", "u-b"), ("a", "u-a")]),
            object("free", &[]),
            object("b", &[("a", "u-a")]),
        ];
        let family = family(&resource, ring);
        assert_eq!(names(family.below("u-a")), ["b", "c"]);
        assert_eq!(names(family.children("u-b")), ["c"]);
        assert!(family.below("u-free").is_empty());
    }

    #[test]
    fn what_belonged_to_an_earlier_object_of_the_name_is_an_orphan() {
        let resource = Resource { group: "apps".into(), kind: "Deployment".into(), ..Resource::default() };
        let family = family(
            &resource,
            vec![
                object("old", &[("web", "u-before")]),
                object("own", &[("web", "u-web")]),
                object("other", &[("x", "u-x")]),
            ],
        );
        let web = object("web", &[]);
        assert_eq!(names(family.orphans(&resource, &web)), ["old"]);
        let elsewhere = Resource { group: "example.com".into(), ..resource.clone() };
        assert!(names(family.orphans(&elsewhere, &web)).is_empty());
    }
}

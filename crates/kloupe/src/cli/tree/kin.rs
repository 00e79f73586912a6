//! The objects of a tree: found, put in order, and read as far as it takes to say how they fare.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kloupe_cluster::cluster::JSON;
use kloupe_cluster::family::{AT_ONCE, Member, owners, uid};
use kloupe_cluster::{Cluster, Discovery, Family, Resource};
use kloupe_views::state::{self, State};
use serde_json::{Value, json};

use super::trouble::Trouble;

/// From so many objects of a kind on, one list costs less than asking for each.
const MANY: usize = 8;

/// An object of the tree.
#[derive(Debug)]
pub(super) struct Kin<'a> {
    /// Its resource, if the cluster serves it.
    pub(super) resource: Option<&'a Resource>,
    /// The object, or what a reference says of it.
    pub(super) object: Value,
    pub(super) trouble: Option<Trouble>,
}

/// A place in the drawn order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) uid: String,
    pub(super) depth: usize,
    /// It stands further up with all that belongs to it.
    pub(super) again: bool,
}

/// The object that was asked for, its owners, and what it owns.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub(super) kin: BTreeMap<String, Kin<'a>>,
    /// What stands below what.
    below: BTreeMap<String, Vec<String>>,
    /// The owners, the nearest first.
    owners: Vec<String>,
    pub(super) asked: String,
    /// The kinds that could not be listed, and why.
    pub(super) unlisted: Vec<(&'a Resource, String)>,
    /// The kinds of which the state of an object could not be read, and why.
    pub(super) unread: Vec<(&'a Resource, String)>,
}

impl<'a> Tree<'a> {
    /// Reads the tree around an object.
    pub(super) async fn read(
        cluster: &Cluster,
        discovery: &'a Discovery,
        resource: &'a Resource,
        object: Value,
    ) -> Tree<'a> {
        let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str).map(str::to_owned);
        let mut tree = Tree { asked: key(&object), ..Tree::default() };
        let (family, ()) = futures::join!(
            Family::read(cluster, discovery, namespace.as_deref()),
            tree.climb(cluster, discovery, &object)
        );
        tree.descend(&family, resource, &object);
        tree.unlisted = family.unread;
        tree.kin.insert(tree.asked.clone(), Kin { resource: Some(resource), object, trouble: None });
        tree.look_closer(cluster).await;
        tree
    }

    /// Finds the owners, and theirs.
    async fn climb(&mut self, cluster: &Cluster, discovery: &'a Discovery, object: &Value) {
        let mut open = vec![(self.asked.clone(), object.clone())];
        while let Some((below, object)) = open.pop() {
            let namespace =
                object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default().to_owned();
            for owner in owners(&object) {
                let above = owner["uid"].as_str().unwrap_or_default().to_owned();
                let beside = self.below.entry(above.clone()).or_default();
                if above != below && !beside.contains(&below) {
                    beside.push(below.clone());
                }
                if above == self.asked || self.kin.contains_key(&above) {
                    continue;
                }
                let kin = named(cluster, discovery, owner, &namespace).await;
                if kin.trouble.is_none() {
                    open.push((above.clone(), kin.object.clone()));
                }
                self.owners.push(above.clone());
                self.kin.insert(above, kin);
            }
        }
    }

    /// Takes what the object owns out of the family.
    fn descend(&mut self, family: &Family<'a>, resource: &Resource, object: &Value) {
        let known = !uid(object).is_empty();
        let mut own = vec![self.asked.clone()];
        for member in family.below(&self.asked) {
            own.push(uid(&member.object).to_owned());
            self.keep(member, None);
        }
        for owner in &own {
            let children = family.children(owner).map(|member| uid(&member.object).to_owned());
            self.below.insert(owner.clone(), children.collect());
        }
        for orphan in family.orphans(resource, object) {
            let uid = uid(&orphan.object).to_owned();
            if !self.kin.contains_key(&uid) {
                self.below.entry(self.asked.clone()).or_default().push(uid);
                self.keep(orphan, known.then_some(Trouble::Orphan));
            }
        }
    }

    fn keep(&mut self, member: &Member<'a>, trouble: Option<Trouble>) {
        let kin = Kin { resource: Some(member.resource), object: member.object.clone(), trouble };
        self.kin.insert(uid(&member.object).to_owned(), kin);
    }

    /// Reads the state of what is known by its metadata only.
    async fn look_closer(&mut self, cluster: &Cluster) {
        let mut wanted: BTreeMap<(String, String), (&'a Resource, Vec<String>)> = BTreeMap::new();
        for kin in self.kin.values() {
            let unknown =
                kin.object.get("status").is_none() && kin.trouble.as_ref().is_none_or(|it| *it == Trouble::Orphan);
            let Some(resource) = kin.resource.filter(|it| unknown && has_state(cluster, it)) else { continue };
            let (namespace, name) = (kin.text("namespace"), kin.text("name"));
            wanted.entry((resource.full_name(), namespace)).or_insert_with(|| (resource, Vec::new())).1.push(name);
        }
        let asks = wanted.into_iter().flat_map(|((_, namespace), (resource, names))| {
            let names = if names.len() > MANY { vec![None] } else { names.into_iter().map(Some).collect() };
            names.into_iter().map(move |name| (resource, namespace.clone(), name))
        });
        let reads = asks.map(|(resource, namespace, name)| async move {
            let path = resource.path(Some(&namespace).filter(|it| !it.is_empty()).map(String::as_str));
            let answer = match name {
                Some(name) => cluster.get(&format!("{path}/{name}"), JSON).await.map(|object| vec![object]),
                None => cluster.list(&path, "").await,
            };
            (resource, answer)
        });
        let answers: Vec<_> = stream::iter(reads).buffered(AT_ONCE).collect().await;
        for (resource, answer) in answers {
            match answer {
                Ok(objects) => self.fill_in(objects),
                // It went away in between.
                Err(refusal) if refusal.is_not_found() => {}
                Err(refusal) if self.unread.iter().any(|(known, _)| *known == resource) => drop(refusal),
                Err(refusal) => self.unread.push((resource, refusal.message())),
            }
        }
    }

    fn fill_in(&mut self, objects: Vec<Value>) {
        for object in objects {
            if let Some(kin) = self.kin.get_mut(uid(&object)) {
                kin.object = object;
            }
        }
    }

    /// The objects as they are drawn, from the owners down. What has several owners is drawn in full once.
    pub(super) fn places(&self) -> Vec<Place> {
        let owned: BTreeSet<&String> = self.owners.iter().flat_map(|it| &self.below[it]).collect();
        let mut roots: Vec<&String> = self.owners.iter().filter(|it| !owned.contains(it)).collect();
        // In a ring nothing stands above all others: then the farthest owner does, and last the object itself.
        roots.extend(self.owners.iter().rev());
        roots.push(&self.asked);
        let mut places: Vec<Place> = Vec::new();
        let mut drawn: BTreeSet<&String> = BTreeSet::new();
        for root in roots {
            let mut next = if drawn.contains(root) { Vec::new() } else { vec![(root, 0)] };
            while let Some((uid, depth)) = next.pop() {
                let again = !drawn.insert(uid);
                places.push(Place { uid: uid.clone(), depth, again });
                if !again {
                    let below = self.below.get(uid).map_or(&[][..], Vec::as_slice);
                    next.extend(below.iter().rev().map(|uid| (uid, depth + 1)));
                }
            }
        }
        places
    }
}

impl Kin<'_> {
    /// A field of the metadata.
    pub(super) fn text(&self, key: &str) -> String {
        self.object["metadata"][key].as_str().unwrap_or_default().to_owned()
    }

    /// How it fares. Of an owner that was not read nothing is known.
    pub(super) fn state(&self, now: Timestamp) -> State {
        match self.trouble {
            None | Some(Trouble::Orphan) => state::of(&self.object, now),
            Some(_) => State::default(),
        }
    }

    /// `Deployment`, `apps/v1`.
    pub(super) fn kind_and_version(&self) -> (String, String) {
        let text = |key: &str| self.object[key].as_str().unwrap_or_default().to_owned();
        self.resource.map_or_else(|| (text("kind"), text("apiVersion")), |it| (it.kind.clone(), it.api_version()))
    }
}

/// What an object is known by; one from a file may have no uid.
fn key(object: &Value) -> String {
    Some(uid(object)).filter(|uid| !uid.is_empty()).unwrap_or("asked").to_owned()
}

/// Secrets are never asked for. Of kinds of Kubernetes itself only those that report a status have a state.
fn has_state(cluster: &Cluster, resource: &Resource) -> bool {
    let custom = resource.group.contains('.') && !resource.group.ends_with(".k8s.io");
    let reports = resource.subresources.iter().any(|it| it == "status");
    resource.full_name() != "secrets" && (custom || reports || !cluster.is_live())
}

/// The owner that a reference of an object in `namespace` means.
async fn named<'a>(cluster: &Cluster, discovery: &'a Discovery, owner: &Value, namespace: &str) -> Kin<'a> {
    let text = |key: &str| owner[key].as_str().unwrap_or_default();
    let by_reference = |resource: Option<&'a Resource>, trouble: Trouble| {
        let mut metadata = json!({"name": text("name"), "uid": text("uid")});
        if resource.is_some_and(|it| it.namespaced) {
            metadata["namespace"] = namespace.into();
        }
        let object = json!({"apiVersion": text("apiVersion"), "kind": text("kind"), "metadata": metadata});
        Kin { resource, object, trouble: Some(trouble) }
    };
    let Some(resource) = discovery.of_kind_in_any_version(text("apiVersion"), text("kind")) else {
        return by_reference(None, Trouble::Unserved);
    };
    if resource.namespaced && namespace.is_empty() {
        return by_reference(Some(resource), Trouble::OutOfReach);
    }
    let path = format!("{}/{}", resource.path(Some(namespace)), kloupe_cluster::cluster::escape(text("name")));
    match cluster.get(&path, JSON).await {
        Ok(object) if uid(&object) == text("uid") => Kin { resource: Some(resource), object, trouble: None },
        Ok(_) => by_reference(Some(resource), Trouble::Replaced),
        Err(refusal) if refusal.is_not_found() && cluster.is_live() => by_reference(Some(resource), Trouble::Gone),
        Err(refusal) if refusal.is_not_found() || refusal.is_not_captured() => {
            by_reference(Some(resource), Trouble::NotCaptured)
        }
        Err(refusal) => by_reference(Some(resource), Trouble::Unread(refusal.message())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(asked: &str, owners: &[&str], below: &[(&str, &[&str])]) -> String {
        let text = |text: &&str| (*text).to_owned();
        let below = below.iter().map(|(owner, own)| ((*owner).to_owned(), own.iter().map(text).collect())).collect();
        let tree = Tree { below, owners: owners.iter().map(text).collect(), asked: asked.into(), ..Tree::default() };
        let places = tree.places();
        let drawn =
            places.iter().map(|it| format!("{}{}{}", "-".repeat(it.depth), it.uid, if it.again { "!" } else { "" }));
        drawn.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn owners_stand_above_and_what_is_owned_below() {
        assert_eq!(
            tree("rs", &["deploy"], &[("deploy", &["rs"]), ("rs", &["a", "b"]), ("a", &["x"])]),
            "deploy -rs --a ---x --b"
        );
        assert_eq!(tree("lone", &[], &[]), "lone");
    }

    #[test]
    fn what_has_two_owners_is_drawn_in_full_once() {
        let two: &[(&str, &[&str])] =
            &[("one", &["x"]), ("two", &["x"]), ("x", &["a", "b"]), ("a", &["c"]), ("b", &["c"])];
        assert_eq!(tree("x", &["one", "two"], two), "one -x --a ---c --b ---c! two -x!");
    }

    #[test]
    fn a_ring_ends() {
        assert_eq!(tree("a", &["b"], &[("b", &["a"]), ("a", &["b"])]), "b -a --b!");
        assert_eq!(tree("x", &["a", "b"], &[("a", &["x", "b"]), ("b", &["a"]), ("x", &[])]), "b -a --x --b!");
        assert_eq!(tree("self", &[], &[("self", &["self"])]), "self -self!");
    }
}

//! Who is asked about: workloads with their pods, logs, events and account; and for a custom resource the workload that serves it.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_logs::Mark;
use kloupe_model::{Facts, Object, ObjectRef, say};
use serde_json::Value;

use super::index::Outline;
use super::lone;
use super::{Question, Target, TargetError, World};
use crate::rbac;

/// One controller, or what may be one, with the facts that are its own (by index).
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    /// The workload; none where only a log is there.
    pub(crate) workload: Option<ObjectRef>,
    /// How a person names it.
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) pods: BTreeSet<String>,
    pub(crate) logs: Vec<usize>,
    pub(crate) objects: Vec<usize>,
    /// The same, copied for as long as it is diagnosed: what is parsed of them goes with it.
    own: Vec<Object>,
    pub(crate) events: Vec<usize>,
    /// Namespace and name of its `ServiceAccount`.
    pub(crate) account: Option<(String, String)>,
    /// The target as it was typed.
    pub(crate) target: String,
    /// The custom resource that was asked about.
    pub(crate) object: Option<usize>,
    /// Kind and name of what the asked object owns, in its namespace.
    pub(crate) descendants: BTreeSet<(String, String)>,
    /// How it was found to be the controller of the target.
    pub(crate) reasons: Vec<String>,
    /// Whether anything shows that it is a controller.
    is_controller: bool,
}

impl Subject {
    /// Copies its objects, to be diagnosed.
    pub(crate) fn take_objects(&mut self, facts: &Facts) {
        self.own = self.objects.iter().map(|at| facts.objects[*at].clone()).collect();
    }

    /// Its objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.own.iter()
    }

    /// Its pods that were read as objects.
    pub(crate) fn pod_objects(&self) -> impl Iterator<Item = &Object> {
        self.objects().filter(|object| object.reference.kind == "Pod")
    }

    /// Whether the object is the asked one's child, or a child's child.
    pub(crate) fn is_descendant(&self, reference: &ObjectRef) -> bool {
        self.descendants.contains(&(reference.kind.clone(), reference.name.clone()))
    }

    fn is(&self, namespace: &str, name: &str) -> bool {
        self.workload.as_ref().is_some_and(|workload| {
            workload.name == name
                && (workload.namespace == namespace || workload.namespace.is_empty() || namespace.is_empty())
        })
    }
}

/// The subjects of a question.
pub(crate) fn resolve(world: &World<'_>, question: &Question) -> Result<Vec<Subject>, TargetError> {
    let mut subjects = all(world);
    if let Some(namespace) = &question.namespace {
        subjects.retain(|subject| {
            subject.namespace.is_empty()
                || subject.namespace == *namespace
                || matches!(question.target, Some(Target::Custom { .. }))
        });
    }
    match &question.target {
        None => {
            let found = controllers(world, subjects);
            Ok(if found.is_empty() { lone::troubled(world, question.namespace.as_deref()) } else { found })
        }
        Some(target) => one(world, subjects, target, question.namespace.as_deref()).map(|subject| vec![subject]),
    }
}

/// The subjects that were found so far, and where to find them again: a capture may speak of ten thousand pods.
#[derive(Default)]
struct Found {
    subjects: Vec<Subject>,
    /// By the name of the workload, in the order they were found.
    named: BTreeMap<String, Vec<usize>>,
    /// By the name of a pod.
    of_pod: BTreeMap<String, BTreeSet<usize>>,
}

impl Found {
    fn at(&self, namespace: &str, name: &str) -> Option<usize> {
        let known = self.named.get(name)?;
        known.iter().copied().find(|at| self.subjects[*at].is(namespace, name))
    }

    fn of_pod(&self, pod: &str) -> impl Iterator<Item = usize> {
        self.of_pod.get(pod).into_iter().flatten().copied()
    }

    fn add_pod(&mut self, at: usize, pod: &str) {
        if self.subjects[at].pods.insert(pod.to_owned()) {
            self.of_pod.entry(pod.to_owned()).or_default().insert(at);
        }
    }

    /// The workload of that name, a new one if it was not met before.
    fn entry(&mut self, kind: &str, namespace: &str, name: &str) -> usize {
        if let Some(at) = self.at(namespace, name) {
            let subject = &mut self.subjects[at];
            if subject.namespace.is_empty() && !namespace.is_empty() {
                namespace.clone_into(&mut subject.namespace);
                if let Some(workload) = &mut subject.workload {
                    namespace.clone_into(&mut workload.namespace);
                }
            }
            if let Some(workload) = subject.workload.as_mut().filter(|workload| workload.kind == "Pod" && kind != "Pod")
            {
                kind.clone_into(&mut workload.kind);
                subject.name = workload.to_string();
            }
            return at;
        }
        let group = if kind == "Pod" { "" } else { "apps" };
        let workload = ObjectRef::new(kind, group, namespace, name);
        self.subjects.push(Subject {
            name: workload.to_string(),
            namespace: namespace.to_owned(),
            workload: Some(workload),
            ..Subject::default()
        });
        let at = self.subjects.len() - 1;
        self.named.entry(name.to_owned()).or_default().push(at);
        at
    }
}

/// Every workload that anything read speaks of.
fn all(world: &World<'_>) -> Vec<Subject> {
    let mut found = Found::default();
    let selectors = world.index.selectors();
    for (at, (object, outline)) in world.index.outlined().enumerate() {
        let reference = &object.reference;
        match reference.kind.as_str() {
            "Deployment" | "StatefulSet" | "DaemonSet" => {
                let to = found.entry(&reference.kind, &reference.namespace, &reference.name);
                found.subjects[to].objects.push(at);
                set_account(&mut found.subjects[to], outline);
            }
            "ReplicaSet" => {
                let name = outline.owner("Deployment").map_or_else(|| without_hash(&reference.name), str::to_owned);
                let to = found.entry("Deployment", &reference.namespace, &name);
                found.subjects[to].objects.push(at);
            }
            "Pod" => {
                let selecting = selectors.selecting(&reference.namespace, outline);
                let (kind, name) = match selecting.map(|at| &world.facts.objects[at].reference) {
                    Some(deployment) => ("Deployment", deployment.name.clone()),
                    None => workload_of(object, outline),
                };
                let to = found.entry(kind, &reference.namespace, &name);
                found.subjects[to].objects.push(at);
                found.add_pod(to, &reference.name);
                set_account(&mut found.subjects[to], outline);
            }
            _ => {}
        }
    }
    for (at, event) in world.facts.events.iter().enumerate() {
        let about = &event.about;
        let known = |found: &Found| found.of_pod(&about.name).next().and_then(|at| found.subjects[at].workload.clone());
        let (kind, name) = match about.kind.as_str() {
            "Pod" => match known(&found) {
                Some(workload) => (kind_of(&workload.kind), workload.name),
                None => workload_of_name(&about.name),
            },
            "ReplicaSet" => ("Deployment", without_hash(&about.name)),
            "Deployment" | "StatefulSet" | "DaemonSet" => (kind_of(&about.kind), about.name.clone()),
            _ => continue,
        };
        let to = found.entry(kind, &about.namespace, &name);
        found.subjects[to].events.push(at);
        if about.kind == "Pod" {
            found.add_pod(to, &about.name);
        }
    }
    attach_logs(world, &mut found);
    let mut subjects = found.subjects;
    let mut signs = Signs::of(world);
    for subject in &mut subjects {
        subject.is_controller = signs.any(world, subject);
    }
    attach_other_events(world, &mut subjects);
    if subjects.is_empty() {
        subjects.extend(event_writers(world));
    }
    subjects
}

fn set_account(subject: &mut Subject, outline: &Outline) {
    if let (None, Some(account)) = (&subject.account, &outline.account) {
        subject.account = Some((subject.namespace.clone(), account.clone()));
    }
}

fn kind_of(kind: &str) -> &'static str {
    match kind {
        "StatefulSet" => "StatefulSet",
        "DaemonSet" => "DaemonSet",
        "Pod" => "Pod",
        _ => "Deployment",
    }
}

/// Kind and name of the workload that a pod belongs to.
fn workload_of(pod: &Object, outline: &Outline) -> (&'static str, String) {
    if let Some(replica_set) = outline.owner("ReplicaSet") {
        return ("Deployment", without_hash(replica_set));
    }
    for kind in ["StatefulSet", "DaemonSet"] {
        if let Some(name) = outline.owner(kind) {
            return (kind, name.to_owned());
        }
    }
    if !outline.owners.is_empty() {
        return ("Pod", pod.reference.name.clone());
    }
    if pod.whole { ("Pod", pod.reference.name.clone()) } else { workload_of_name(&pod.reference.name) }
}

/// The letters and digits that Kubernetes makes random name suffixes of (apimachinery `util/rand`).
const RANDOM: &str = "bcdfghjklmnpqrstvwxz2456789";

fn is_random(text: &str, len: std::ops::RangeInclusive<usize>) -> bool {
    len.contains(&text.len()) && text.chars().all(|c| RANDOM.contains(c))
}

fn without_hash(replica_set: &str) -> String {
    match replica_set.rsplit_once('-') {
        Some((name, hash)) if is_hash(hash) => name.to_owned(),
        _ => replica_set.to_owned(),
    }
}

/// A pod-template-hash: today's alphabet, or the digits of older clusters.
fn is_hash(hash: &str) -> bool {
    is_random(hash, 5..=10)
        || hash.len() >= 8 && hash.len() <= 10 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Guesses a pod's workload from its name alone.
fn workload_of_name(pod: &str) -> (&'static str, String) {
    if let Some((rest, last)) = pod.rsplit_once('-') {
        if last.len() == 5 && last.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            if let Some((name, hash)) = rest.rsplit_once('-')
                && is_hash(hash)
            {
                return ("Deployment", name.to_owned());
            }
            if is_random(last, 5..=5) {
                return ("DaemonSet", rest.to_owned());
            }
        }
        if last.len() <= 2 && last.bytes().all(|b| b.is_ascii_digit()) {
            return ("StatefulSet", rest.to_owned());
        }
    }
    ("Pod", pod.to_owned())
}

/// Gives each log to its pod's workload; a log of no known pod to the one workload that the rest is about.
fn attach_logs(world: &World<'_>, found: &mut Found) {
    let mut lone = Vec::new();
    for (at, log) in world.logs.iter().enumerate() {
        let Some(pod) = &log.pod else {
            match &log.workload {
                Some(workload) => {
                    let to = found.entry(kind_of(&workload.kind), &workload.namespace, &workload.name);
                    found.subjects[to].logs.push(at);
                }
                None => lone.push(at),
            }
            continue;
        };
        let namespace = log.namespace.as_deref().unwrap_or_default();
        let known = found.of_pod(pod).find(|at| {
            let its = &found.subjects[*at].namespace;
            its == namespace || its.is_empty() || namespace.is_empty()
        });
        let to = known.unwrap_or_else(|| {
            let named = found.at(namespace, pod).is_some();
            let (kind, name) = if named { ("Deployment", pod.clone()) } else { workload_of_name(pod) };
            found.entry(kind, namespace, &name)
        });
        found.subjects[to].logs.push(at);
        found.add_pod(to, pod);
    }
    let subjects = &mut found.subjects;
    if lone.is_empty() {
        return;
    }
    // Described or listed pods say most; then events; without either the log stands alone.
    let described: Vec<usize> =
        (0..subjects.len()).filter(|at| !subjects[*at].objects.is_empty() && subjects[*at].logs.is_empty()).collect();
    let choice = match described.as_slice() {
        [one] => Some(*one),
        [] => busiest(
            world,
            subjects,
            &(0..subjects.len()).filter(|at| subjects[*at].logs.is_empty()).collect::<Vec<_>>(),
        ),
        several => busiest(world, subjects, several),
    };
    if let Some(choice) = choice {
        subjects[choice].logs.extend(lone);
        return;
    }
    let file = world.logs[lone[0]].file.as_str();
    let name = if file == "-" { "stdin" } else { file }.to_owned();
    let namespace = world.logs[lone[0]].namespace.clone().unwrap_or_default();
    subjects.push(Subject { name, namespace, logs: lone, ..Subject::default() });
}

/// The workload with the most warnings, if any has one; a controller-like name before others.
fn busiest(world: &World<'_>, subjects: &[Subject], candidates: &[usize]) -> Option<usize> {
    candidates.iter().copied().max_by_key(|at| {
        let subject = &subjects[*at];
        let warnings = subject.events.iter().filter(|event| world.facts.events[**event].kind == "Warning").count();
        (is_controller_name(&subject.name), warnings, subject.objects.len(), std::cmp::Reverse(*at))
    })
}

/// Events about other objects belong to the controller that wrote them, or to the only one there is.
fn attach_other_events(world: &World<'_>, subjects: &mut [Subject]) {
    let mut controllers = (0..subjects.len()).filter(|at| subjects[*at].is_controller);
    let only = controllers.next().filter(|_| controllers.next().is_none());
    let single = (subjects.len() == 1).then_some(0);
    let mut writers: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, event) in world.facts.events.iter().enumerate() {
        if matches!(
            event.about.kind.as_str(),
            "Pod" | "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet" | "Node" | "Namespace"
        ) {
            continue;
        }
        let writer = *writers.entry(&event.source).or_insert_with(|| writer(subjects, &event.source));
        if let Some(to) = writer.or(only).or(single) {
            subjects[to].events.push(at);
        }
    }
}

/// The subject that an event's source names, also by a part of its name.
fn writer(subjects: &[Subject], source: &str) -> Option<usize> {
    if source.is_empty() {
        return None;
    }
    subjects.iter().position(|subject| {
        let name = subject.workload.as_ref().map_or("", |workload| workload.name.as_str());
        source == name || name.starts_with(source) && source.len() > 3 || source.starts_with(name) && name.len() > 3
    })
}

/// Where only Events of other objects were read: the controllers that wrote them.
fn event_writers(world: &World<'_>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for (at, event) in world.facts.events.iter().enumerate() {
        let name = if event.source.is_empty() { event.about.to_string() } else { event.source.clone() };
        let to = *named.entry(name).or_insert_with_key(|name| {
            let namespace = event.about.namespace.clone();
            subjects.push(Subject { name: name.clone(), namespace, ..Subject::default() });
            subjects.len() - 1
        });
        subjects[to].events.push(at);
    }
    subjects
}

fn is_controller_name(name: &str) -> bool {
    ["controller", "operator", "manager", "reconciler"].iter().any(|word| name.contains(word))
}

/// What shows that a workload is a controller.
struct Signs<'w> {
    /// Who holds a lease.
    holders: Vec<&'w str>,
    /// Whether an account may watch anything.
    watches: BTreeMap<(String, String), bool>,
}

impl<'w> Signs<'w> {
    fn of(world: &World<'w>) -> Signs<'w> {
        let leases = world.index.of_kind("Lease");
        let holders = leases.filter_map(|lease| lease.str_at(&["spec", "holderIdentity"])).collect();
        Signs { holders, watches: BTreeMap::new() }
    }

    /// Whether there is any: its log, a lease that it holds, its rights, its name or arguments.
    fn any(&mut self, world: &World<'_>, subject: &Subject) -> bool {
        logs_as_one(world, subject)
            || subject.workload.as_ref().is_some_and(|workload| is_controller_name(&workload.name))
            || subject.objects.iter().any(|at| world.index.outline(*at).elects)
            || self.holders.iter().any(|holder| subject.pods.iter().any(|pod| holder.starts_with(pod.as_str())))
            || subject.account.as_ref().is_some_and(|account| self.watches(world, account))
    }

    fn watches(&mut self, world: &World<'_>, account: &(String, String)) -> bool {
        if let Some(known) = self.watches.get(account) {
            return *known;
        }
        let (namespace, name) = account;
        let watches = name != "default" && rbac::watches_anything(world.index.rules(), namespace, name);
        self.watches.insert(account.clone(), watches);
        watches
    }
}

/// Whether a log of it holds what only controllers write.
fn logs_as_one(world: &World<'_>, subject: &Subject) -> bool {
    const ORIGINS: [&str; 5] = ["client-go/", "controller-runtime/", "kopf/", "kube-rs/", "java/operator-sdk"];
    let of_any =
        |mark: Mark| !matches!(mark, Mark::Shutdown | Mark::ProcessExit | Mark::ObjectGone | Mark::ProcessStart);
    let mut matches = subject.logs.iter().flat_map(|log| &world.logs[*log].digest.matches);
    matches.any(|known| {
        known.signature.mark.is_some_and(of_any)
            || ORIGINS.iter().any(|origin| known.signature.origin.starts_with(origin))
    })
}

/// Without a target: every workload that shows signs of a controller and is not another one's product; if none does, every workload.
fn controllers(world: &World<'_>, subjects: Vec<Subject>) -> Vec<Subject> {
    let written = |subject: &Subject| {
        subject.objects.iter().any(|at| {
            let kind = world.facts.objects[*at].reference.kind.as_str();
            matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet") && !world.index.outline(*at).owners.is_empty()
        })
    };
    let (own, written): (Vec<Subject>, Vec<Subject>) = subjects.into_iter().partition(|subject| !written(subject));
    let (with_signs, without): (Vec<Subject>, Vec<Subject>) = own
        .into_iter()
        .partition(|subject| !subject.logs.is_empty() && subject.workload.is_none() || subject.is_controller);
    if !with_signs.is_empty() {
        return with_signs;
    }
    if without.is_empty() { written } else { without }
}

fn one(
    world: &World<'_>,
    mut subjects: Vec<Subject>,
    target: &Target,
    namespace: Option<&str>,
) -> Result<Subject, TargetError> {
    let known = |subjects: &[Subject]| subjects.iter().map(|subject| subject.name.clone()).collect::<Vec<_>>();
    let not_found = |subjects: &[Subject]| TargetError::NotFound { target: target.to_string(), known: known(subjects) };
    let at = match target {
        Target::Workload { kind, name } => {
            let name = if *kind == "ReplicaSet" { without_hash(name) } else { name.clone() };
            subjects
                .iter()
                .position(|subject| subject.workload.as_ref().is_some_and(|workload| workload.name == name))
                .ok_or_else(|| not_found(&subjects))?
        }
        Target::Pod(name) => {
            subjects.iter().position(|subject| subject.pods.contains(name)).ok_or_else(|| not_found(&subjects))?
        }
        Target::Custom { resource, name } => return custom(world, subjects, target, (resource, name), namespace),
    };
    let mut subject = subjects.swap_remove(at);
    subject.target = target.to_string();
    if let Target::Pod(name) = target {
        subject.pods.retain(|pod| pod == name);
        subject.logs.retain(|log| world.logs[*log].pod.as_ref().is_none_or(|pod| pod == name));
        subject.objects.retain(|object| {
            let reference = &world.facts.objects[*object].reference;
            reference.kind != "Pod" || reference.name == *name
        });
        subject.events.retain(|event| {
            let about = &world.facts.events[*event].about;
            about.kind != "Pod" || about.name == *name
        });
        subject.name = format!("pod/{name}");
    }
    Ok(subject)
}

/// Whether an object is what `plural.group`, `plural`, `kind` or `kind.group` names.
fn is_resource(reference: &ObjectRef, resource: &str) -> bool {
    let kind = reference.kind.to_lowercase();
    let (plural, group) = resource.split_once('.').unwrap_or((resource, ""));
    let same_group = group.is_empty()
        || group == reference.group
        || group.split_once('.').is_some_and(|(_, rest)| rest == reference.group);
    let singular = [
        plural.strip_suffix("ies").map(|stem| format!("{stem}y")),
        plural.strip_suffix("es").map(str::to_owned),
        plural.strip_suffix('s').map(str::to_owned),
        Some(plural.to_owned()),
    ];
    same_group && singular.into_iter().flatten().any(|form| form == kind)
}

/// The controller of a custom resource, by everything that can tell; each reason with what it says.
fn custom(
    world: &World<'_>,
    mut subjects: Vec<Subject>,
    target: &Target,
    (resource, name): (&str, &str),
    namespace: Option<&str>,
) -> Result<Subject, TargetError> {
    let in_namespace = |reference: &ObjectRef| {
        namespace.is_none_or(|namespace| reference.namespace == namespace || reference.namespace.is_empty())
    };
    let object = world.facts.objects.iter().position(|object| {
        object.reference.name == name && is_resource(&object.reference, resource) && in_namespace(&object.reference)
    });
    let (plural, group) = resource.split_once('.').unwrap_or((resource, ""));
    let group = object.map_or(group, |at| world.facts.objects[at].reference.group.as_str());
    let writers = rbac::writers(world.index.rules(), group, plural);
    let managers: BTreeSet<&str> = object
        .map(|at| world.facts.objects[at].list_at(&["metadata", "managedFields"]))
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| entry.get("manager").and_then(Value::as_str))
        .collect();
    let key = namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"));
    let kind = object.map(|at| world.facts.objects[at].reference.kind.clone()).unwrap_or_default();
    let lang = world.lang;
    let score = |subject: &Subject| {
        let mut reasons = Vec::new();
        let mut weight = 0;
        let mut add = |points: u32, reason: String| {
            weight += points;
            reasons.push(reason);
        };
        if subject.logs.iter().any(|log| world.logs[*log].digest.objects.contains_key(&key)) {
            add(5, say!(lang, en: "its log speaks of {key}", zh: "它的日志提到了 {key}"));
        }
        if !kind.is_empty()
            && subject.logs.iter().any(|log| {
                world.logs[*log].digest.matches.iter().any(|known| known.captures.get("controllerKind") == Some(&kind))
            })
        {
            add(4, say!(lang, en: "its log says that it reconciles {kind}", zh: "它的日志表明它负责调谐 {kind}"));
        }
        if subject.account.as_ref().is_some_and(|account| writers.contains(account)) {
            add(3, say!(lang, en: "its ServiceAccount may write {plural}", zh: "它的 ServiceAccount 可以写 {plural}"));
        }
        let workload = subject.workload.as_ref().map_or("", |workload| workload.name.as_str());
        if managers.iter().any(|manager| manager.len() > 3 && workload.contains(manager)) {
            add(4, say!(lang, en: "managedFields name it", zh: "managedFields 中有它的名字"));
        }
        if subject.is_controller {
            add(1, say!(lang, en: "it shows signs of a controller", zh: "它有控制器的特征"));
        }
        if workload.contains(kind.to_lowercase().as_str()) && !kind.is_empty() {
            add(1, say!(lang, en: "its name holds the kind", zh: "它的名称包含该类型"));
        }
        (weight, reasons)
    };
    let best = subjects
        .iter()
        .enumerate()
        .map(|(at, subject)| (score(subject), at))
        .max_by_key(|((weight, _), at)| (*weight, std::cmp::Reverse(*at)));
    let Some(((_, reasons), at)) = best.filter(|((weight, _), _)| *weight > 0 || object.is_some()) else {
        let known: Vec<String> = subjects.iter().map(|subject| subject.name.clone()).collect();
        return Err(if object.is_some() {
            TargetError::NoController { target: target.to_string(), known }
        } else {
            let objects = world
                .facts
                .objects
                .iter()
                .filter(|object| is_resource(&object.reference, resource))
                .map(|object| format!("{resource}/{}", object.reference.name));
            TargetError::NotFound { target: target.to_string(), known: objects.chain(known).collect() }
        });
    };
    let mut subject = subjects.swap_remove(at);
    subject.target = target.to_string();
    subject.object = object;
    subject.reasons = reasons;
    if let Some(object) = object {
        subject.descendants = descendants(world, &world.facts.objects[object].reference);
        let about = |event: &kloupe_model::Event| {
            subject.is_descendant(&event.about) || event.about.could_be(&world.facts.objects[object].reference)
        };
        let known: BTreeSet<usize> = subject.events.iter().copied().collect();
        let more: Vec<usize> = world
            .facts
            .events
            .iter()
            .enumerate()
            .filter(|(at, event)| !known.contains(at) && about(event))
            .map(|(at, _)| at)
            .collect();
        subject.events.extend(more);
    }
    Ok(subject)
}

/// What an object owns, and what that owns; pods aside, since a pod's troubles are its own.
fn descendants(world: &World<'_>, asked: &ObjectRef) -> BTreeSet<(String, String)> {
    let mut owned_by: BTreeMap<(&str, &str), Vec<&ObjectRef>> = BTreeMap::new();
    for (object, outline) in world.index.outlined() {
        let reference = &object.reference;
        if reference.namespace == asked.namespace && reference.kind != "Pod" {
            for owner in &outline.owners {
                owned_by.entry((&owner.kind, &owner.name)).or_default().push(reference);
            }
        }
    }
    let mut found = BTreeSet::new();
    let mut open = vec![asked];
    while let Some(owner) = open.pop() {
        for owned in owned_by.get(&(owner.kind.as_str(), owner.name.as_str())).into_iter().flatten() {
            if found.insert((owned.kind.clone(), owned.name.clone())) {
                open.push(owned);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_name_their_workload() {
        assert_eq!(workload_of_name("shop-controller-7d9c8bf5c4-x2kfp"), ("Deployment", "shop-controller".into()));
        assert_eq!(workload_of_name("agent-m4v8c"), ("DaemonSet", "agent".into()));
        assert_eq!(workload_of_name("db-0"), ("StatefulSet", "db".into()));
        assert_eq!(workload_of_name("lonely"), ("Pod", "lonely".into()));
    }

    #[test]
    fn resources_are_found_by_plural_kind_and_group() {
        let reference = ObjectRef::new("Policy", "example.com", "", "x");
        for resource in ["policies.example.com", "policies", "policy", "policy.example.com"] {
            assert!(is_resource(&reference, resource), "{resource}");
        }
        assert!(!is_resource(&reference, "policies.other.com"));
    }
}

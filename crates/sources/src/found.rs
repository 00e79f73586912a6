//! What one file gave, and how the files' gifts are put together: questions that one file leaves open are answered by the others.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_model::{Event, Facts, Gap, Listed, Metrics, Object, ObjectRef, Text, Why};

use crate::kinds::{cluster_scoped, guess_from_plural};
use crate::log_file::LogFile;
use crate::readers::{Record, settle_records};

/// A list whose kind only the file's name tells, as a plural: the CRD among the other files knows the kind.
#[derive(Clone, Debug)]
pub(crate) struct OpenList {
    pub(crate) plural: String,
    pub(crate) group: String,
    pub(crate) namespace: Option<String>,
    pub(crate) file: String,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) facts: Facts,
    pub(crate) logs: Vec<LogFile>,
    /// Metrics pages and `OpenAPI` documents as they are.
    pub(crate) pages: Vec<LogFile>,
    /// The events as they are, each with the number of the one among the facts that holds what it says.
    pub(crate) whole_events: Vec<(usize, Object)>,
    pub(crate) open_lists: Vec<OpenList>,
    /// Answers of an API server, not looked into yet.
    pub(crate) records: Vec<Record>,
    /// Files that are nothing that is read, with why.
    pub(crate) unread: Vec<(String, Text)>,
    /// Whether a reader understood something, even if it is only that the collector could not read it.
    pub(crate) understood: bool,
}

impl Found {
    pub(crate) fn gap(&mut self, what: impl Into<String>, why: impl Into<Why>) {
        self.facts.gaps.push(Gap { what: what.into(), why: why.into() });
    }

    /// Whether not even a reason was found why there is nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.understood && self.facts.gaps.is_empty() && self.unread.is_empty()
    }

    /// A list of a kind was read whole; saying it twice is once.
    pub(crate) fn listed(&mut self, kind: &str, namespace: Option<&str>, file: &str) {
        let namespace = namespace.filter(|_| !cluster_scoped(kind)).map(str::to_owned);
        let listed = Listed { kind: kind.to_owned(), namespace, file: file.to_owned() };
        if !self.facts.listed.contains(&listed) {
            self.facts.listed.push(listed);
        }
    }

    pub(crate) fn append(&mut self, other: Found) {
        self.facts.objects.extend(other.facts.objects);
        let events = self.facts.events.len();
        self.facts.events.extend(other.facts.events);
        self.facts.metrics.extend(other.facts.metrics);
        self.facts.listed.extend(other.facts.listed);
        self.facts.gaps.extend(other.facts.gaps);
        self.facts.captured_at = self.facts.captured_at.max(other.facts.captured_at);
        self.facts.asked = match (self.facts.asked.take(), other.facts.asked) {
            (Some(one), Some(other)) if one.is_empty() || other.is_empty() => Some(Vec::new()),
            (Some(one), Some(other)) => Some([one, other].concat()),
            (one, other) => one.or(other),
        };
        self.logs.extend(other.logs);
        self.pages.extend(other.pages);
        self.whole_events.extend(other.whole_events.into_iter().map(|(at, event)| (events + at, event)));
        self.open_lists.extend(other.open_lists);
        self.records.extend(other.records);
        self.unread.extend(other.unread);
        self.understood |= other.understood;
    }

    /// Collectors write an object on its own and in a list, or in two formats; once is enough.
    fn drop_copies(&mut self) {
        let mut seen = BTreeSet::new();
        let mut is_new = |object: &Object| {
            let version = object.body.resource_version().filter(|_| object.whole);
            version.is_none_or(|version| seen.insert((object.reference.clone(), version)))
        };
        self.facts.objects.retain(&mut is_new);
        let mut copies = BTreeSet::new();
        self.whole_events.retain(|(at, event)| is_new(event) || !copies.insert(*at));
        let mut at = 0..;
        self.facts.events.retain(|_| at.next().is_none_or(|at| !copies.contains(&at)));
    }

    /// Answers what single files left open.
    pub(crate) fn settle(&mut self) {
        settle_records(self);
        self.drop_copies();
        let names = KindNames::of(&self.facts.objects);
        for open in std::mem::take(&mut self.open_lists) {
            let kind = names.of_plural(&open.plural, &open.group);
            self.listed(&kind, open.namespace.as_deref(), &open.file);
        }
        for object in &mut self.facts.objects {
            if !object.whole {
                names.complete(&mut object.reference);
            }
        }
        for Event { about, .. } in &mut self.facts.events {
            names.complete(about);
        }
        name_pods(&mut self.logs, &self.facts.objects);
        name_metrics(&mut self.facts.metrics, &self.facts.objects);
        order_restarts(&mut self.logs);
    }
}

/// How the kinds that were met are spelt, by their names in lower case, with their groups.
struct KindNames {
    kinds: BTreeMap<String, (String, String)>,
    plurals: BTreeMap<(String, String), String>,
}

impl KindNames {
    fn of(objects: &[Object]) -> KindNames {
        let mut names = KindNames { kinds: BTreeMap::new(), plurals: BTreeMap::new() };
        for object in objects {
            let reference = &object.reference;
            if object.whole {
                names.add(&reference.kind, &reference.kind, &reference.group);
            }
            if reference.kind == "CustomResourceDefinition" {
                let group = object.str_at(&["spec", "group"]).unwrap_or_default();
                let Some(kind) = object.str_at(&["spec", "names", "kind"]) else { continue };
                names.add(kind, kind, group);
                if let Some(singular) = object.str_at(&["spec", "names", "singular"]) {
                    names.add(singular, kind, group);
                }
                if let Some(plural) = object.str_at(&["spec", "names", "plural"]) {
                    names.add(plural, kind, group);
                    names.plurals.insert((plural.to_owned(), group.to_owned()), kind.to_owned());
                }
            }
        }
        names
    }

    fn add(&mut self, name: &str, kind: &str, group: &str) {
        self.kinds.entry(name.to_lowercase()).or_insert_with(|| (kind.to_owned(), group.to_owned()));
    }

    fn of_plural(&self, plural: &str, group: &str) -> String {
        // Without a group the only kind of that plural is meant.
        let fits = |known: &(String, String)| known.0 == plural && (group.is_empty() || known.1 == group);
        let kind = self.plurals.iter().find(|(known, _)| fits(known)).map(|(_, kind)| kind.clone());
        kind.unwrap_or_else(|| guess_from_plural(plural))
    }

    /// A table writes `containerimage/x`; the object or its CRD knows that the kind is `ContainerImage`.
    fn complete(&self, reference: &mut ObjectRef) {
        let Some((kind, group)) = self.kinds.get(&reference.kind.to_lowercase()) else { return };
        if reference.group.is_empty() || reference.group == *group {
            kind.clone_into(&mut reference.kind);
            group.clone_into(&mut reference.group);
        }
    }
}

/// Finds the pod of a log by its file's name, or the namespace of a pod, where the objects tell.
fn name_pods(logs: &mut [LogFile], objects: &[Object]) {
    let pods: BTreeMap<&str, &str> = objects
        .iter()
        .filter(|object| object.reference.kind == "Pod")
        .map(|object| (object.reference.name.as_str(), object.reference.namespace.as_str()))
        .collect();
    for log in logs {
        if log.pod.is_none() {
            let stem = log.path.last().map_or("", |file| file.trim_end_matches(".log").trim_end_matches(".txt"));
            log.pod = pods.contains_key(stem).then(|| stem.to_owned());
        }
        if log.namespace.is_none() {
            let namespace = log.pod.as_deref().and_then(|pod| pods.get(pod));
            log.namespace =
                namespace.filter(|namespace| !namespace.is_empty()).map(|namespace| (*namespace).to_owned());
        }
    }
}

/// Finds the namespace of the pod of a metrics page likewise, and puts the scrapes of a pod in their order.
fn name_metrics(pages: &mut [Metrics], objects: &[Object]) {
    for page in pages.iter_mut() {
        let file = page.file.rsplit('/').next().unwrap_or_default();
        let pods = || objects.iter().map(|object| &object.reference).filter(|reference| reference.kind == "Pod");
        let named = page.pod.as_ref().map(|(_, name)| name.as_str());
        let stem = |name: &str| file.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let is_its = |name: &str| named.map_or_else(|| stem(name), |named| named == name);
        if page.pod.as_ref().is_none_or(|(namespace, _)| namespace.is_empty())
            && let Some(pod) = pods().find(|pod| is_its(&pod.name))
        {
            page.pod = Some((pod.namespace.clone(), pod.name.clone()));
        }
    }
    pages.sort_by(|a, b| (&a.pod, a.scrape).cmp(&(&b.pod, b.scrape)));
}

/// A kubelet numbers a container's logs by its restarts: all but the highest number are earlier ones.
fn order_restarts(logs: &mut [LogFile]) {
    let number = |log: &LogFile| -> Option<(Vec<String>, u64)> {
        let (file, folder) = log.path.split_last()?;
        let number = file.strip_suffix(".log")?.parse().ok()?;
        log.container.is_some().then(|| (folder.to_vec(), number))
    };
    let mut newest: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for (folder, restart) in logs.iter().filter_map(number) {
        let known = newest.entry(folder).or_default();
        *known = restart.max(*known);
    }
    let earlier: BTreeSet<usize> = logs
        .iter()
        .enumerate()
        .filter(|(_, log)| {
            number(log).is_some_and(|(folder, restart)| newest.get(&folder).is_some_and(|new| restart < *new))
        })
        .map(|(at, _)| at)
        .collect();
    for at in earlier {
        logs[at].previous = true;
    }
}

//! From values to facts: an object, an event, the items of a list, and that a list was read whole.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use kloupe_model::{Body, Event, Form, Object, ObjectRef, Stamp, Text, Texts, Why};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::super::Section;
use super::super::collector::is_error;
use super::block::{self, Document};
use super::head::{Head, Shallow};
use super::list::{Item, List};
use super::place::{kind_of_place, namespace_of_place};
use super::secret::withhold;
use crate::found::{Found, OpenList};
use crate::kinds::{Resource, builtin, cluster_scoped, group_of, is_label};
use crate::text::has_records;

/// After so many broken parts the others of a text are not told.
const MAX_GAPS: usize = 20;

/// YAML as machines write it.
const YAML: Form = Form::Other(block::value);

/// The kinds that a dump lists for one namespace, and the namespace as soon as an item names it.
#[derive(Default)]
struct Dump {
    kinds: Vec<String>,
    namespace: Option<String>,
}

/// Takes the values of one text.
pub(super) struct Take<'a> {
    section: &'a Section<'a>,
    found: &'a mut Found,
    any: bool,
    whole: bool,
    /// Whether a secret was among them.
    withheld: bool,
    /// How many objects and events there were before.
    before: (usize, usize),
    /// What it lists for one namespace, if it is the stream of `kubectl cluster-info dump`.
    dump: Option<Dump>,
    gaps: Vec<(String, Why)>,
}

impl<'a> Take<'a> {
    pub(super) fn new(section: &'a Section<'a>, found: &'a mut Found) -> Take<'a> {
        let has = |kind: &str| section.text.contains(kind);
        let is_dump = section.command.is_none() && has("ReplicationControllerList") && has("EventList");
        let before = (found.facts.objects.len(), found.whole_events.len());
        let (any, whole, withheld) = (false, true, false);
        Take { section, found, any, whole, withheld, before, dump: is_dump.then(Dump::default), gaps: Vec::new() }
    }

    /// Whether anything was an object, or would have been one; only then are the gaps told too.
    pub(super) fn any(mut self) -> bool {
        if self.withheld {
            // The text that holds the secrets goes; what else was in it stays.
            self.found.facts.objects[self.before.0..].iter_mut().for_each(|object| object.body.detach());
            self.found.whole_events[self.before.1..].iter_mut().for_each(|(_, event)| event.body.detach());
        }
        self.end_of_namespace();
        // The log of a program that prints an object first is a log.
        let any = self.any || (!self.gaps.is_empty() && !has_records(self.section.text));
        if any {
            for (what, why) in self.gaps {
                self.found.gap(what, why);
            }
        }
        any
    }

    /// A part that cannot be read, `line` lines below the start.
    pub(super) fn broken(&mut self, line: u64, why: impl Into<Why>) {
        if self.gaps.len() >= MAX_GAPS {
            return;
        }
        self.gaps.push((format!("{}:{}", self.section.file, self.section.first_line + line), why.into()));
    }

    /// A line between objects that is none: what someone wrote, or what a collector could not read.
    pub(super) fn ignored(&mut self, line: u64, text: &str) {
        if is_error(text) {
            self.broken(line, text.trim());
        }
    }

    /// One value that stands for itself.
    pub(super) fn value(&mut self, value: Value) {
        match value {
            Value::Array(values) => values.into_iter().for_each(|value| self.value(value)),
            Value::Object(mut map) => {
                if map.contains_key("type")
                    && !map.contains_key("kind")
                    && let Some(object @ Value::Object(_)) = map.remove("object")
                {
                    return self.value(object);
                }
                self.object(map, None);
            }
            _ => {}
        }
    }

    /// One item of a list that is not whole: it says nothing about what else there is.
    pub(super) fn item(&mut self, value: Value, kind: Option<&str>) {
        if let Value::Object(map) = value {
            self.object(map, kind.map(|kind| (kind, "")));
        }
    }

    /// What can be read of an object that breaks off.
    pub(super) fn partial(&mut self, value: Value) {
        self.whole = false;
        self.value(value);
        self.whole = true;
    }

    /// An object that was read without parsing it, or a list of such.
    pub(super) fn shallow(&mut self, text: &str, line: u64, top: Shallow<'_>) {
        let Shallow { api_version, kind, items, metadata, object } = top;
        let (kind, api_version) = (kind.unwrap_or_default(), api_version.unwrap_or_default());
        let Some(items) = items.filter(|_| kind.is_empty() || kind.ends_with("List")) else {
            if object.is_some() {
                return self.parsed(text, line, None);
            }
            return match Head::of_text(text) {
                Ok(head) => self.item_of_text(text, line, head, None),
                Err(error) => self.broken(line, unparsable(&error)),
            };
        };
        let mut heads = Vec::with_capacity(items.len());
        let mut texts = Vec::with_capacity(items.len());
        for item in items.into_iter().map(RawValue::get) {
            match Head::of_text(item) {
                Ok(head) => {
                    heads.push(head);
                    texts.push(item);
                }
                Err(error) => self.broken(line, unparsable(&error)),
            }
        }
        let is_whole = texts.len() == heads.capacity();
        let more = metadata.and_then(|metadata| metadata.more).is_some_and(|more| !more.is_empty());
        self.list_of(heads.iter(), &kind, more || !is_whole);
        let of_list = implied(&kind, &api_version);
        for (item, head) in texts.into_iter().zip(heads) {
            self.item_of_text(item, line, head, of_list.as_ref());
        }
    }

    /// A list whose items stay where they are.
    pub(super) fn list_of_texts(&mut self, list: List, form: Form, texts: &Arc<dyn Texts>) {
        let (kind, api_version) = (list.text("kind").to_owned(), list.text("apiVersion").to_owned());
        let more = list.frame.get("metadata").and_then(|it| it.get("continue")).and_then(Value::as_str);
        self.list_of(list.items.iter().map(|item| &item.head), &kind, more.is_some_and(|more| !more.is_empty()));
        let of_list = implied(&kind, &api_version);
        for Item { mut head, range, event } in list.items {
            complete_head(&mut head, of_list.as_ref());
            if head.is_special() {
                let text = texts.part(range).unwrap_or_default();
                match form.read(&text) {
                    Value::Object(map) if of_list.is_some() => {
                        self.object(map, of_list.as_ref().map(|it| (it.0.as_str(), it.1.as_str())));
                    }
                    value => self.value(value),
                }
            } else {
                self.lying(&head, form, (Arc::clone(texts), range), of_list.as_ref(), event);
            }
        }
    }

    /// One YAML document, if it is as machines write it; `false` if it was not taken.
    pub(super) fn document(&mut self, text: &str) -> bool {
        let body = text.strip_prefix("---\n").unwrap_or(text);
        let Some((_, start)) = self.place(body) else { return false };
        let start = start.start;
        let range = |place: Range<usize>| start + place.start as u64..start + place.end as u64;
        let list = match block::outline(body) {
            Some(Document::List(frame, items)) => {
                let kind = frame.get("kind").and_then(Value::as_str);
                if !kind.is_some_and(|kind| kind.ends_with("List")) {
                    return false;
                }
                let item = |(value, place): (Value, Range<usize>)| {
                    let whole = || block::value(&body[place.clone()]);
                    Item::of_value(&value, range(place.clone()), self.section.file, whole)
                };
                List { items: items.into_iter().map(item).collect(), frame }
            }
            Some(Document::Value(value @ Value::Object(_))) => {
                let item = Item::of_value(&value, range(0..body.len()), self.section.file, || block::value(body));
                if item.head.is_special() {
                    return false;
                }
                let Some(held) = self.section.held else { return false };
                self.lying(&item.head, YAML, (Arc::clone(&held.texts), item.range), None, item.event);
                return true;
            }
            _ => return false,
        };
        let Some(held) = self.section.held else { return false };
        self.list_of_texts(list, YAML, &held.texts);
        true
    }

    fn item_of_text(&mut self, text: &str, line: u64, mut head: Head, of_list: Option<&Arc<(String, String)>>) {
        complete_head(&mut head, of_list);
        match self.place(text).filter(|_| !head.is_special()) {
            Some(place) => {
                let is_event = head.kind == "Event";
                let event = is_event.then(|| serde_json::from_str(text).map(|value| event(&value, self.section.file)));
                self.lying(&head, Form::Json, place, of_list, event.and_then(Result::ok));
            }
            None => self.parsed(text, line, of_list),
        }
    }

    /// An object that stays where it lies; if it is an Event, with what it says.
    fn lying(
        &mut self,
        head: &Head,
        form: Form,
        (texts, range): (Arc<dyn Texts>, Range<u64>),
        of_list: Option<&Arc<(String, String)>>,
        event: Option<Event>,
    ) {
        self.any = true;
        let body = Body::of_text(form, texts, range, of_list.cloned(), head.resource_version);
        let namespace = head.namespace.as_deref().unwrap_or_default();
        self.push(ObjectRef::new(&head.kind, group_of(&head.api_version), namespace, &head.name), body, event);
    }

    fn parsed(&mut self, text: &str, line: u64, of_list: Option<&Arc<(String, String)>>) {
        match serde_json::from_str(text) {
            Ok(Value::Object(map)) if of_list.is_some() => {
                self.object(map, of_list.map(|it| (it.0.as_str(), it.1.as_str())));
            }
            Ok(value) => self.value(value),
            Err(error) => self.broken(line, unparsable(&error)),
        }
    }

    /// Where a part of the text lies in what the file holds, if it lies there as it is.
    fn place(&self, text: &str) -> Option<(Arc<dyn Texts>, Range<u64>)> {
        let held = self.section.held?;
        let start = text.as_ptr().addr().checked_sub(held.text.as_ptr().addr())?;
        let end = start.checked_add(text.len())?;
        let lies_there = held.text.get(start..end)? == text;
        let range = held.start + start as u64..held.start + end as u64;
        lies_there.then(|| (Arc::clone(&held.texts), range))
    }

    fn push(&mut self, reference: ObjectRef, body: Body, said: Option<Event>) {
        let file = self.section.file.to_owned();
        let is_event = reference.kind == "Event" && matches!(reference.group.as_str(), "" | "events.k8s.io");
        let object = Object { reference, body, whole: self.whole, file };
        if is_event {
            let said = said.unwrap_or_else(|| event(&object.body.to_value(), self.section.file));
            self.found.facts.events.push(said);
            self.found.whole_events.push((self.found.facts.events.len() - 1, object));
        } else {
            self.found.facts.objects.push(object);
        }
    }

    fn object(&mut self, mut map: Map<String, Value>, of_list: Option<(&str, &str)>) {
        if let Some((kind, api_version)) = of_list {
            complete(&mut map, "apiVersion", api_version);
            complete(&mut map, "kind", kind);
        }
        let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (kind, api_version) = (text("kind"), text("apiVersion"));
        if is_list(&kind, &map) {
            return self.list(map, &kind, &api_version);
        }
        if kind.is_empty() {
            // Older support bundles write lists of Go's types, which do not know their kind.
            let is_open = of_list.is_none() && map.contains_key("metadata") && !map.contains_key("kind");
            if let Some((kind, api_version)) = kind_of_place(self.section.path).filter(|_| is_open) {
                self.object(map, Some((&kind, &api_version)));
            }
            return;
        }
        self.any = true;
        let group = group_of(&api_version);
        match kind.as_str() {
            "Status" if map.get("status").and_then(Value::as_str) == Some("Failure") => {
                let why =
                    map.get("message").and_then(Value::as_str).unwrap_or("the API server answered with a failure");
                self.found.gap(self.section.file, why);
            }
            // What a server says that it serves is no state of the cluster.
            "APIResourceList" | "APIGroupDiscovery" | "APIGroupList" => {}
            // A kubeconfig names clusters, not their state, and holds credentials.
            "Config" if map.contains_key("clusters") || map.contains_key("users") => {}
            _ => {
                if kind == "Secret" && group.is_empty() {
                    withhold(&mut map);
                    self.withheld = true;
                }
                let head = Head::of_value(&Value::Object(map.clone()));
                let reference = ObjectRef::new(&kind, group, head.namespace.as_deref().unwrap_or_default(), &head.name);
                self.push(reference, Value::Object(map).into(), None);
            }
        }
    }

    fn list(&mut self, mut map: Map<String, Value>, kind: &str, api_version: &str) {
        let items = match map.remove("items") {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let more = map.get("metadata").and_then(|it| it.get("continue")).and_then(Value::as_str);
        let heads: Vec<Head> = items.iter().map(Head::of_value).collect();
        self.list_of(heads.iter(), kind, more.is_some_and(|it| !it.is_empty()));
        let item_kind = kind.strip_suffix("List").unwrap_or_default();
        let of_list = (!item_kind.is_empty()).then_some((item_kind, api_version));
        for item in items {
            if let Value::Object(map) = item {
                self.object(map, of_list);
            }
        }
    }

    /// What a list says besides its items; `more` if it does not hold all of them.
    fn list_of<'h>(&mut self, items: impl Iterator<Item = &'h Head> + Clone, kind: &str, more: bool) {
        self.any = true;
        let item_kind = kind.strip_suffix("List").unwrap_or_default();
        if !more
            && !self.section.failed
            && self.section.command.is_none_or(|command| command.verb != "get" || command.lists_all())
        {
            if self.dump.is_some() {
                self.dumped(items, item_kind);
            } else {
                self.listed(items, item_kind);
            }
        }
    }

    /// A list of a dump: it dumps namespace after namespace, events first, and an empty list does not say of which it is.
    fn dumped<'h>(&mut self, mut items: impl Iterator<Item = &'h Head>, item_kind: &str) {
        if item_kind == "Event" {
            self.end_of_namespace();
        }
        if item_kind == "Node" {
            return self.found.listed(item_kind, None, self.section.file);
        }
        let Some(dump) = &mut self.dump else { return };
        dump.kinds.push(item_kind.to_owned());
        dump.namespace = items.next().and_then(|item| item.namespace.clone()).or(dump.namespace.take());
    }

    fn end_of_namespace(&mut self) {
        let Some(Dump { kinds, namespace: Some(namespace) }) = self.dump.as_mut().map(std::mem::take) else { return };
        for kind in kinds {
            self.found.listed(&kind, Some(&namespace), self.section.file);
        }
    }

    /// Says that a list was read whole: of which kinds, and of which namespace.
    fn listed<'h>(&mut self, items: impl Iterator<Item = &'h Head> + Clone, item_kind: &str) {
        let file = self.section.file;
        let asked = self.section.asked("get").map(crate::command::Command::resources).unwrap_or_default();
        let named = Some(self.resource_of_file()).filter(|_| asked.is_empty()).flatten();
        let mut kinds: BTreeSet<String> =
            items.clone().map(|item| &item.kind).filter(|kind| !kind.is_empty()).cloned().collect();
        if !item_kind.is_empty() {
            kinds.insert(item_kind.to_owned());
        }
        let mut open = Vec::new();
        for resource in asked.iter().chain(named.as_ref()) {
            if resource.known {
                kinds.insert(resource.kind.clone());
            } else if kinds.is_empty() && !resource.kind.eq_ignore_ascii_case("all") {
                open.push(resource);
            }
        }
        let namespace = self.namespace_of(items, named.is_some() || !item_kind.is_empty());
        for resource in open {
            let (plural, group) = (resource.kind.clone(), resource.group.clone());
            self.found.open_lists.push(OpenList { plural, group, namespace: namespace.clone(), file: file.to_owned() });
        }
        for kind in kinds {
            self.found.listed(&kind, namespace.as_deref(), file);
        }
    }

    /// The resource that the file is named after: `pods.yaml`, `leases.coordination.k8s.io.yaml`, `foos.example.com.yaml`.
    fn resource_of_file(&self) -> Option<Resource> {
        let mut stem = self.section.path.last()?.as_str();
        for ending in [".gz", ".zst", ".yaml", ".yml", ".json"] {
            stem = stem.strip_suffix(ending).unwrap_or(stem);
        }
        let resource = Resource::parse(stem);
        let custom = resource.group.contains('.') && stem.split('.').all(is_label);
        (resource.known || custom).then_some(resource)
    }

    /// The namespace that a list is limited to. A file in a folder of its namespace, or a command with `-n`, is; so is, to be on the
    /// safe side, a list all of whose items lie in one namespace, unless file or kind say that it is what a collector got of a kind.
    fn namespace_of<'h>(&self, items: impl Iterator<Item = &'h Head>, whole_kind: bool) -> Option<String> {
        if let Some(command) = self.section.asked("get") {
            if command.all_namespaces {
                return None;
            }
            if let Some(namespace) = command.namespace() {
                return Some(namespace.to_owned());
            }
        }
        let namespaces: BTreeSet<_> = items.map(|item| item.namespace.clone()).collect();
        if let Some(namespace) = namespace_of_place(self.section.path)
            && namespaces.iter().all(|its| its.as_deref() == Some(namespace))
        {
            return Some(namespace.to_owned());
        }
        let folders = self.section.path.len().checked_sub(2).map_or(&[][..], |end| &self.section.path[..=end]);
        let folder = folders.last();
        match namespaces.into_iter().collect::<Vec<_>>().as_slice() {
            [Some(only)] if folder == Some(only) || folders.contains(only) => Some(only.clone()),
            [Some(only)] if !whole_kind => Some(only.clone()),
            [] => self.namespace_of_folder(folder),
            _ => None,
        }
    }

    /// An empty list tells nothing of its namespace. `kubectl cluster-info dump` writes a folder for each, with a file for each kind.
    fn namespace_of_folder(&self, folder: Option<&String>) -> Option<String> {
        let before = self.section.path.len().checked_sub(3).map(|at| self.section.path[at].as_str());
        let is_dump = self.section.path.last().is_some_and(|file| {
            file.strip_suffix(".json")
                .or_else(|| file.strip_suffix(".yaml"))
                .and_then(builtin)
                .is_some_and(|kind| !cluster_scoped(kind.name))
        });
        let folder = folder.filter(|folder| {
            is_label(folder) && !matches!(folder.as_str(), "resources" | "cluster-resources" | "evidence")
        })?;
        (before == Some("namespaces") || is_dump).then(|| folder.clone())
    }
}

/// The kind and version that a list implies of its items.
fn implied(kind: &str, api_version: &str) -> Option<Arc<(String, String)>> {
    let item_kind = kind.strip_suffix("List").unwrap_or_default();
    (!item_kind.is_empty()).then(|| Arc::new((item_kind.to_owned(), api_version.to_owned())))
}

fn complete_head(head: &mut Head, of_list: Option<&Arc<(String, String)>>) {
    let Some(of_list) = of_list else { return };
    for (known, said) in [(&mut head.kind, &of_list.0), (&mut head.api_version, &of_list.1)] {
        if known.is_empty() {
            said.clone_into(known);
        }
    }
}

fn unparsable(error: &serde_json::Error) -> Why {
    Why::of(Text { en: "broken JSON", zh: "JSON 不完整" }, error.to_string())
}

/// Whether this is a list of objects. An empty one may hold `items: null` (`kubectl cluster-info dump`).
fn is_list(kind: &str, map: &Map<String, Value>) -> bool {
    match map.get("items") {
        Some(Value::Array(_)) => kind.is_empty() || kind.ends_with("List"),
        Some(Value::Null) => kind.ends_with("List"),
        _ => false,
    }
}

fn complete(map: &mut Map<String, Value>, key: &str, value: &str) {
    if !map.contains_key(key) && !value.is_empty() {
        map.insert(key.to_owned(), Value::from(value));
    }
}

/// An Event of either API (core/v1, events.k8s.io/v1).
pub(super) fn event(value: &Value, file: &str) -> Event {
    let at = |path: &[&str]| path.iter().try_fold(value, |value, key| value.get(key));
    let text = |path: &[&str]| at(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let first_of = |paths: &[&[&str]]| paths.iter().find_map(|path| text(path)).unwrap_or_default().to_owned();
    let time = |paths: &[&[&str]]| paths.iter().find_map(|path| text(path).and_then(Stamp::parse_rfc3339));
    let about = at(&["involvedObject"]).or_else(|| at(&["regarding"]));
    let about_text = |key: &str| about.and_then(|it| it.get(key)).and_then(Value::as_str).unwrap_or_default();
    let count = [&["series", "count"][..], &["count"], &["deprecatedCount"]].iter().find_map(|path| at(path)?.as_u64());
    Event {
        about: ObjectRef::new(
            about_text("kind"),
            group_of(about_text("apiVersion")),
            about_text("namespace"),
            about_text("name"),
        ),
        kind: first_of(&[&["type"]]),
        reason: first_of(&[&["reason"]]),
        message: first_of(&[&["message"], &["note"]]),
        source: first_of(&[
            &["source", "component"],
            &["reportingComponent"],
            &["reportingController"],
            &["deprecatedSource", "component"],
        ]),
        count: count.filter(|count| *count > 0).unwrap_or(1),
        first: time(&[
            &["firstTimestamp"],
            &["deprecatedFirstTimestamp"],
            &["eventTime"],
            &["metadata", "creationTimestamp"],
        ]),
        last: time(&[
            &["series", "lastObservedTime"],
            &["lastTimestamp"],
            &["deprecatedLastTimestamp"],
            &["eventTime"],
            &["metadata", "creationTimestamp"],
        ]),
        age: None,
        file: file.to_owned(),
    }
}

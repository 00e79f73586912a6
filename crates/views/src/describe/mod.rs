//! One object as `kubectl describe` shows it. A kind that has a page of its own has a file in `kinds`; all others are shown field by field.

mod containers;
mod der;
mod endpoints;
mod events;
mod generic;
mod kinds;
mod page;
mod pkcs10;
mod requests;
mod template;
mod terms;
pub mod typed;
pub(crate) mod value;
mod volumes;

use crate::age::Clock;
use page::Page;
use serde_json::Value;
use std::collections::BTreeMap;
use value::text;

/// Something that must be read from the cluster to describe an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Query {
    /// The API version: `v1`, `apps/v1`.
    pub api_version: String,
    /// The plural name of the resource.
    pub resource: String,
    /// The namespace; `None` for all of them, and for what has none.
    pub namespace: Option<String>,
    /// The name, if one object is wanted.
    pub name: Option<String>,
    /// A label selector; empty for everything.
    pub labels: String,
    /// A field selector; empty for everything.
    pub fields: String,
    /// Whether a server that has no such resource has simply nothing to tell.
    pub optional: bool,
}

impl Query {
    /// All objects of a resource in a namespace (everywhere, if it is empty).
    pub(crate) fn list(api_version: &str, resource: &str, namespace: &str) -> Query {
        let namespace = Some(namespace.to_owned()).filter(|namespace| !namespace.is_empty());
        Query { api_version: api_version.to_owned(), resource: resource.to_owned(), namespace, ..Query::default() }
    }
}

/// The answers to queries: the objects, or what went wrong.
pub type Related = BTreeMap<Query, Result<Vec<Value>, String>>;

/// One page: for which kinds, what it needs, and how it is written.
pub(crate) struct Describer {
    /// API group and kind.
    pub(crate) kinds: &'static [(&'static str, &'static str)],
    /// What it needs besides the events.
    pub(crate) queries: fn(&Value) -> Vec<Query>,
    /// Whether it ends with the events.
    pub(crate) events: bool,
    /// Writes all but the events.
    pub(crate) write: fn(&mut Page, &Subject),
}

/// An object and what was read for it.
pub(crate) struct Subject<'a> {
    pub(crate) object: &'a Value,
    pub(crate) related: &'a Related,
}

impl<'a> Subject<'a> {
    /// The objects that a query found; none if it failed or was not asked.
    pub(crate) fn items(&self, query: &Query) -> &'a [Value] {
        self.answer(query).unwrap_or_default()
    }

    /// The answer to a query; one that was not asked has found nothing.
    pub(crate) fn answer(&self, query: &Query) -> Result<&'a [Value], &'a str> {
        match self.related.get(query) {
            Some(Ok(items)) => Ok(items),
            Some(Err(message)) => Err(message),
            None => Ok(&[]),
        }
    }

    /// The `spec`.
    pub(crate) fn spec(&self) -> &'a Value {
        &self.object["spec"]
    }

    /// The `status`.
    pub(crate) fn status(&self) -> &'a Value {
        &self.object["status"]
    }

    /// The `metadata`.
    pub(crate) fn metadata(&self) -> &'a Value {
        &self.object["metadata"]
    }
}

/// For pages that need nothing.
pub(crate) fn nothing(_: &Value) -> Vec<Query> {
    Vec::new()
}

fn group_and_kind(object: &Value) -> (&str, &str) {
    let group = text(&object["apiVersion"]).rsplit_once('/').map_or("", |(group, _)| group);
    (group, text(&object["kind"]))
}

fn describer(object: &Value) -> Option<&'static Describer> {
    let of = group_and_kind(object);
    kinds::DESCRIBERS.iter().copied().find(|describer| describer.kinds.contains(&of))
}

/// What else must be read to describe the object, in the order in which kubectl reads it.
pub fn queries(object: &Value, show_events: bool) -> Vec<Query> {
    let found = describer(object);
    let mut all = found.map(|describer| (describer.queries)(object)).unwrap_or_default();
    if show_events && found.is_none_or(|describer| describer.events) {
        all.extend(events::queries(object));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|query| seen.insert(query.clone()));
    all
}

/// The object as text. What could not be read is shown as kubectl shows it (mostly `<none>`); [`failed`] says what that was.
pub fn describe(object: &Value, related: &Related, clock: &Clock, show_events: bool) -> String {
    let found = describer(object);
    let subject = Subject { object, related };
    let mut page = Page::new(clock);
    match found {
        Some(describer) => (describer.write)(&mut page, &subject),
        None => generic::write(&mut page, object),
    }
    if show_events && found.is_none_or(|describer| describer.events) {
        events::write(&mut page, &subject);
    }
    page.finish()
}

/// The lists that could not be read, and why: kubectl says nothing of them. An object that was asked for by its name is left out:
/// the page has a place for what is wrong with it.
pub fn failed(related: &Related) -> Vec<(&Query, &str)> {
    related
        .iter()
        .filter(|(query, _)| query.name.is_none())
        .filter_map(|(query, answer)| answer.as_ref().err().map(|message| (query, message.as_str())))
        .collect()
}

/// The page of an object for which nothing else was read, at the beginning of 1970.
#[cfg(test)]
pub(crate) fn described(object: &Value) -> String {
    let clock = Clock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
    describe(object, &Related::default(), &clock, true)
}

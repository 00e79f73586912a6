//! What was read. Objects are whole or partly seen; events, metrics and lists are observations; what could not be read is a gap.
//!
//! Logs are not here: they are read in a stream and leave a digest (`kloupe-logs`).

use std::collections::BTreeMap;

use crate::{Lang, Object, ObjectRef, Stamp, Text, say};

/// Everything that was read about the clusters' objects.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Objects, in the order they were read.
    pub objects: Vec<Object>,
    /// Events, in the order they were read.
    pub events: Vec<Event>,
    /// Metrics pages, in the order they were read.
    pub metrics: Vec<Metrics>,
    /// Kinds of which a whole list was read: only of those does absence say anything.
    pub listed: Vec<Listed>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// When the capture was made, where it says so.
    pub captured_at: Option<Stamp>,
    /// The namespaces that were to be captured, where the capture says so; an empty list means all.
    pub asked: Option<Vec<String>>,
}

/// An Event, from an object or from a table.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// The object it is about.
    pub about: ObjectRef,
    /// `Normal`, `Warning`.
    pub kind: String,
    /// The reason, one word.
    pub reason: String,
    /// The message.
    pub message: String,
    /// Who wrote it.
    pub source: String,
    /// How often it was seen; a lower bound.
    pub count: u64,
    /// The first time, where it was given.
    pub first: Option<Stamp>,
    /// The last time, where it was given.
    pub last: Option<Stamp>,
    /// The age that a table gives in place of a time, in seconds.
    pub age: Option<u64>,
    /// The file it was read from.
    pub file: String,
}

/// A list of one kind was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The kind (`CustomResourceDefinition`).
    pub kind: String,
    /// The namespace it is limited to, if it is.
    pub namespace: Option<String>,
    /// The file.
    pub file: String,
}

/// One metrics page of one pod.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// The pod's namespace and name, where the file's place tells.
    pub pod: Option<(String, String)>,
    /// Which scrape of that pod this is, from 1.
    pub scrape: u32,
    /// When it was taken, if the page says so.
    pub taken: Option<Stamp>,
    /// The samples.
    pub samples: Vec<MetricSample>,
    /// The file.
    pub file: String,
}

/// One sample of a metrics page.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricSample {
    /// The metric's name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
    /// The line, counted from 1.
    pub line: u64,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What could not be read.
    pub what: String,
    /// Why not.
    pub why: Why,
}

/// Why something could not be read: our own words in both languages, words that were found there (a collector's, the system's), or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    ours: Option<Text>,
    found: String,
}

impl Why {
    /// Our own words, with the words that were found.
    pub fn of(ours: Text, found: impl Into<String>) -> Why {
        Why { ours: Some(ours), found: found.into() }
    }

    /// The sentence in `lang`; found words stay as they are.
    pub fn get(&self, lang: Lang) -> String {
        let found = &self.found;
        match self.ours.map(|ours| ours.get(lang)) {
            None => found.clone(),
            Some(ours) if found.is_empty() => ours.to_owned(),
            Some(ours) => say!(lang, en: "{ours}: {found}", zh: "{ours}：{found}"),
        }
    }
}

impl From<Text> for Why {
    fn from(ours: Text) -> Why {
        Why { ours: Some(ours), found: String::new() }
    }
}

impl From<String> for Why {
    fn from(found: String) -> Why {
        Why { ours: None, found }
    }
}

impl From<&str> for Why {
    fn from(found: &str) -> Why {
        Why { ours: None, found: found.to_owned() }
    }
}

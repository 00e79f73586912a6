//! A signature: what a known message looks like and what it speaks for. Pure data; `rules.rs` reads it from YAML.

use kloupe_model::{Strength, Text};

use crate::{Level, Template};

/// Where a signature may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Log records.
    Log,
    /// Event messages.
    Event,
    /// Messages in an object's status: container states, conditions.
    Status,
}

impl Scope {
    /// The word used in signature files.
    pub fn id(self) -> &'static str {
        match self {
            Scope::Log => "log",
            Scope::Event => "event",
            Scope::Status => "status",
        }
    }
}

/// A milestone of a controller's life that a message marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The program started.
    ProcessStart,
    /// It waits for its caches.
    CachesWaiting,
    /// All caches are filled.
    CachesSynced,
    /// One informer is filled.
    InformerSynced,
    /// Workers run: it got as far as reconciling.
    WorkersStarted,
    /// It waits for the lease.
    LeaseWaiting,
    /// It leads.
    LeaseAcquired,
    /// It no longer leads.
    LeaseLost,
    /// One object was reconciled well.
    ReconcileOk,
    /// One reconcile failed (the wrapper around the reason).
    ReconcileError,
    /// It stops in good order.
    Shutdown,
    /// Last words before a non-zero exit.
    ProcessExit,
    /// The reconciled object is gone.
    ObjectGone,
}

/// The marks by their words.
const MARKS: [(&str, Mark); 13] = [
    ("process-start", Mark::ProcessStart),
    ("caches-waiting", Mark::CachesWaiting),
    ("caches-synced", Mark::CachesSynced),
    ("informer-synced", Mark::InformerSynced),
    ("workers-started", Mark::WorkersStarted),
    ("lease-waiting", Mark::LeaseWaiting),
    ("lease-acquired", Mark::LeaseAcquired),
    ("lease-lost", Mark::LeaseLost),
    ("reconcile-ok", Mark::ReconcileOk),
    ("reconcile-error", Mark::ReconcileError),
    ("shutdown", Mark::Shutdown),
    ("process-exit", Mark::ProcessExit),
    ("object-gone", Mark::ObjectGone),
];

impl Mark {
    /// The mark of that word.
    pub fn from_id(id: &str) -> Option<Mark> {
        MARKS.into_iter().find(|(word, _)| *word == id).map(|(_, mark)| mark)
    }

    /// The words.
    pub const IDS: [&'static str; MARKS.len()] = {
        let mut words = [""; MARKS.len()];
        let mut at = 0;
        while at < MARKS.len() {
            words[at] = MARKS[at].0;
            at += 1;
        }
        words
    };
}

/// One condition of a `when`: the value under `key` must be (or, negated, must not be) one of `values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// A captured hole, a record field, or a word that the engine works out (`target`, `outer`, `check` …).
    pub key: &'static str,
    /// Whether it must not hold.
    pub negated: bool,
    /// Allowed values; `*` stands for any run of characters.
    pub values: &'static [&'static str],
}

/// What a message speaks for, if its conditions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The cause id; none for a benign row.
    pub cause: Option<&'static str>,
    /// How much it says.
    pub strength: Strength,
    /// When it holds.
    pub when: &'static [Condition],
}

/// A known message.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its id, unique in the catalogue.
    pub id: &'static str,
    /// Its wordings.
    pub templates: &'static [Template],
    /// Where it may be read.
    pub scopes: &'static [Scope],
    /// Whether a template must be the whole text.
    pub exact: bool,
    /// For events and status: the reason must be one of these; any if empty.
    pub reasons: &'static [&'static str],
    /// For records with a level: it must be one of these; any if empty.
    pub levels: &'static [Level],
    /// The cause stands in the tail of the message.
    pub wraps: bool,
    /// The milestone it marks.
    pub mark: Option<Mark>,
    /// What it speaks for: the first row whose conditions hold.
    pub speaks: &'static [Row],
    /// What it speaks for beside that.
    pub also: &'static [Row],
    /// Which versions write it.
    pub versions: &'static str,
    /// Where the wording comes from.
    pub source: &'static str,
    /// What it means.
    pub says: Text,
    /// Real lines; each must match.
    pub samples: &'static [&'static str],
    /// Near misses; none may match.
    pub silent: &'static [&'static str],
    /// The file it lies in.
    pub origin: &'static str,
}

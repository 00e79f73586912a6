//! What kloupe says: the verdict about a target, its causes with their evidence, and what could not be told.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Gap, Place, Stamp};

/// Whether the target is served, from worst to best. The verdict is the furthest phase that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Its process does not run, or keeps crashing before it gets anywhere.
    NotStarted,
    /// Replicas run, none leads.
    NoLeader,
    /// It runs, and never got as far as reconciling.
    Blocked,
    /// It worked once and no longer makes progress, though objects wait.
    Stalled,
    /// It works without end on objects that do not change, or fights another writer.
    Looping,
    /// It reconciles, and the reconciles of some or all objects fail.
    Failing,
    /// It works slower than work arrives.
    Overloaded,
    /// What could be read does not tell.
    Unknown,
    /// It works, and no object waits.
    Idle,
    /// It works.
    Healthy,
}

impl Verdict {
    /// All verdicts, worst first.
    pub const ALL: [Verdict; 10] = [
        Verdict::NotStarted,
        Verdict::NoLeader,
        Verdict::Blocked,
        Verdict::Stalled,
        Verdict::Looping,
        Verdict::Failing,
        Verdict::Overloaded,
        Verdict::Unknown,
        Verdict::Idle,
        Verdict::Healthy,
    ];

    /// The word for it, the same in every language and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Verdict::NotStarted => "not-started",
            Verdict::NoLeader => "no-leader",
            Verdict::Blocked => "blocked",
            Verdict::Stalled => "stalled",
            Verdict::Looping => "looping",
            Verdict::Failing => "failing",
            Verdict::Overloaded => "overloaded",
            Verdict::Unknown => "unknown",
            Verdict::Idle => "idle",
            Verdict::Healthy => "healthy",
        }
    }

    /// The verdict of that word.
    pub fn from_id(id: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.id() == id)
    }

    /// Whether it says that the target is served.
    pub fn is_good(self) -> bool {
        matches!(self, Verdict::Healthy | Verdict::Idle)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// How much a piece of evidence says for its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Expected: never a cause on its own.
    Benign,
    /// Also seen when all is well.
    Weak,
    /// Consistent with the cause; a second, independent signal is needed.
    Supports,
    /// Names the cause of this failure alone.
    Decides,
}

/// How sure the diagnosis is of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// One supporting signal.
    Possible,
    /// Two independent supporting signals, or a deciding one with a rival.
    Likely,
    /// A deciding signal, or a combination that decides.
    Certain,
}

impl Confidence {
    /// The word for it, the same in every language and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// What the diagnosis is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// How a person names it: `deploy/shop-controller`, or a log's program or file.
    pub name: String,
    /// Its namespace, empty where it is not known.
    pub namespace: String,
}

/// One piece of evidence for a cause.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Where it can be looked up.
    pub place: Place,
    /// The text as it stands there (cleaned of terminal escapes), or the field's value.
    pub quote: String,
    /// The sentence in the quote that speaks, without the rest of its record.
    pub said: String,
    /// How often it was seen.
    pub count: u64,
    /// The first time.
    pub first: Option<Stamp>,
    /// The last time.
    pub last: Option<Stamp>,
    /// How much it says.
    pub strength: Strength,
    /// The id of the signature or check that read it.
    pub rule: String,
}

/// Something that follows from a cause.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The cause id this effect would be if it stood alone, where it has one.
    pub id: Option<&'static str>,
    /// What follows, in one sentence.
    pub text: String,
    /// Where it shows.
    pub place: Option<Place>,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Step {
    /// What and why.
    pub title: String,
    /// A command or YAML, ready to paste.
    pub run: Option<String>,
}

/// A root cause with its evidence.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The id in the catalogue.
    pub id: String,
    /// How sure.
    pub confidence: Confidence,
    /// Why this sure.
    pub reason: String,
    /// One sentence with this case's own names.
    pub summary: String,
    /// The values of this case, by name (`user`, `verb`, `image` …).
    pub values: BTreeMap<String, String>,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What follows from it.
    pub effects: Vec<Effect>,
    /// What to do, safest first.
    pub fix: Vec<Step>,
}

/// A near cause that it is not.
#[derive(Clone, Debug)]
pub struct RuledOut {
    /// Its id.
    pub cause: String,
    /// What speaks against it.
    pub why: String,
}

/// Something worth knowing that is no cause.
#[derive(Clone, Debug)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Where it shows.
    pub place: Option<Place>,
}

/// The answer about one target.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What was asked about, as typed; empty where nothing was named.
    pub target: String,
    /// The controller.
    pub subject: Subject,
    /// Is the target served?
    pub verdict: Verdict,
    /// What the verdict means here, in one sentence.
    pub headline: String,
    /// Root causes, the most disabling first.
    pub causes: Vec<Cause>,
    /// Near causes that it is not.
    pub ruled_out: Vec<RuledOut>,
    /// Things worth knowing.
    pub notes: Vec<Note>,
}

/// Everything one run says.
#[derive(Clone, Debug)]
pub struct Report {
    /// The moment that ages count from.
    pub as_of: Option<Stamp>,
    /// The diagnoses, worst first.
    pub diagnoses: Vec<Diagnosis>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

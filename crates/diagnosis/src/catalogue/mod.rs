//! The catalogue: every cause with its page, every signature. Compiled in by `build/` from `causes/` and `signatures/`.

pub mod manual;
#[cfg(test)]
mod tests;

use kloupe_logs::template::Kind;
use kloupe_logs::{Condition, Level, Mark, Part, Row, Scope, Signature, Template};
use kloupe_model::{Strength, Text, Verdict};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// A cause with its page.
#[derive(Debug)]
pub struct CauseEntry {
    /// The id. Once released it never changes.
    pub id: &'static str,
    /// Which of the three questions it answers: `start`, `stuck`, `reconcile`, or `any`.
    pub problem: &'static str,
    /// The verdict when it is the root.
    pub verdict: Verdict,
    /// Whether kloupe can decide it yet.
    pub decided: bool,
    /// The first release that knows it.
    pub since: &'static str,
    /// One line.
    pub title: Text,
    /// Sentences with holes, the most telling first.
    pub summary: &'static [Text],
    /// Causes that are effects of this one when both show.
    pub explains: &'static [&'static str],
    /// What to do, safest first.
    pub fix: &'static [FixStep],
    /// Near neighbours.
    pub not: &'static [NotRow],
    /// The manual page, as Markdown.
    pub page: Text,
}

impl CauseEntry {
    /// The entry of a cause that a person's own rule names.
    pub(crate) fn own(id: &'static str, says: Text) -> CauseEntry {
        CauseEntry {
            id,
            problem: "any",
            verdict: Verdict::Failing,
            decided: true,
            since: "",
            title: says,
            summary: Box::leak(Box::new([says])),
            explains: &[],
            fix: &[],
            not: &[],
            page: says,
        }
    }
}

/// One thing to do, with holes.
#[derive(Debug)]
pub struct FixStep {
    /// What and why.
    pub title: Text,
    /// The command, with holes.
    pub run: Option<&'static str>,
}

/// A near neighbour and what tells them apart.
#[derive(Debug)]
pub struct NotRow {
    /// The neighbour's id.
    pub cause: &'static str,
    /// Why it is not that one.
    pub why: Text,
}

/// Every cause, sorted by id.
pub fn causes() -> &'static [CauseEntry] {
    CAUSES
}

/// The cause of that id.
pub fn cause(id: &str) -> Option<&'static CauseEntry> {
    CAUSES.binary_search_by(|entry| entry.id.cmp(id)).ok().map(|at| &CAUSES[at])
}

/// Every built-in signature.
pub fn signatures() -> &'static [Signature] {
    SIGNATURES
}

//! Reads signatures in texts. One multi-pattern search over all needles says which signatures can match; only those are verified.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::record::Record;
use crate::signature::{Scope, Signature};
use crate::template::Found;

/// A signature that matched a text.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The signature.
    pub signature: &'static Signature,
    /// Which text of the record: 0 is the message.
    pub unit: usize,
    /// Where in that text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stood in the holes.
    pub captures: BTreeMap<&'static str, String>,
}

/// The signatures, ready to be read in any text.
pub struct Matcher {
    signatures: Vec<&'static Signature>,
    needles: AhoCorasick,
    /// For each needle the (signature, template) pairs that have it.
    owners: Vec<Vec<(usize, usize)>>,
}

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Matcher").field("signatures", &self.signatures.len()).finish_non_exhaustive()
    }
}

/// Texts longer than this are searched in their first part only: what a message says stands at its start.
const MAX_TEXT: usize = 256 << 10;

impl Matcher {
    /// Makes a matcher of the signatures given.
    pub fn new(signatures: impl IntoIterator<Item = &'static Signature>) -> Matcher {
        let signatures: Vec<&'static Signature> = signatures.into_iter().collect();
        let mut by_needle: BTreeMap<&'static str, Vec<(usize, usize)>> = BTreeMap::new();
        for (s, signature) in signatures.iter().enumerate() {
            for (t, template) in signature.templates.iter().enumerate() {
                by_needle.entry(template.needle).or_default().push((s, t));
            }
        }
        let needles = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(by_needle.keys())
            .expect("a few thousand short needles are far below the automaton's limits");
        Matcher { signatures, needles, owners: by_needle.into_values().collect() }
    }

    /// The signatures known.
    pub fn signatures(&self) -> &[&'static Signature] {
        &self.signatures
    }

    /// The (signature, template) pairs whose needle stands in `text`, each once. `candidates` is reused between calls.
    pub(crate) fn candidates(&self, text: &str, candidates: &mut Vec<(usize, usize)>) {
        candidates.clear();
        let text = &text.as_bytes()[..text.len().min(MAX_TEXT)];
        for found in self.needles.find_overlapping_iter(text) {
            candidates.extend_from_slice(&self.owners[found.pattern().as_usize()]);
        }
        candidates.sort_unstable();
        candidates.dedup();
    }

    /// Every signature that a record holds, in its message, its fields and the lines after it.
    pub fn read_record(&self, record: &Record<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (unit, text) in units(record).into_iter().enumerate() {
            self.read_unit(text, unit, Scope::Log, &mut hits);
        }
        hits.retain(|hit| {
            record.level.is_none_or(|level| hit.signature.levels.is_empty() || hit.signature.levels.contains(&level))
        });
        hits
    }

    /// Every signature that an Event's or a status field's message holds.
    pub fn read_text(&self, text: &str, scope: Scope, reason: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.read_unit(text, 0, scope, &mut hits);
        hits.retain(|hit| hit.signature.reasons.is_empty() || hit.signature.reasons.contains(&reason));
        hits
    }

    fn read_unit(&self, text: &str, unit: usize, scope: Scope, hits: &mut Vec<Hit>) {
        let mut candidates = Vec::new();
        self.candidates(text, &mut candidates);
        let mut last = None;
        for (s, t) in candidates {
            let signature = self.signatures[s];
            if last == Some(s) || !signature.scopes.contains(&scope) {
                continue;
            }
            if let Some(found) = signature.templates[t].find(text, signature.exact) {
                last = Some(s);
                hits.push(hit(signature, unit, found));
            }
        }
    }
}

fn hit(signature: &'static Signature, unit: usize, found: Found<'_>) -> Hit {
    let captures = found.captures.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    Hit { signature, unit, start: found.start, end: found.end, captures }
}

/// The texts of a record: the message, each value that can hold a sentence, and the lines that followed.
pub(crate) fn units<'r>(record: &'r Record<'_>) -> Vec<&'r str> {
    let mut units = vec![record.message.as_ref()];
    units.extend(record.fields.iter().map(|(_, value)| value.as_ref()).filter(|value| value.len() >= 4));
    if !record.rest.is_empty() {
        units.push(record.rest.as_ref());
        units.extend(record.rest.lines().map(str::trim).filter(|line| line.len() >= 4).take(200));
    }
    units
}

//! Writes the diagnosis: sentences with this case's own names, the evidence, what follows, what to do, what it is not.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_model::{Cause, Confidence, Diagnosis, Lang, Note, Place, RuledOut, Step, Strength, say};

use super::weigh::{Standing, Weighed};
use super::{Milestones, Origin, Signal, Subject, World, effects, headline, values};
use crate::words::{fill, fill_command};

const MAX_EVIDENCE: usize = 24;
const MAX_NOTES: usize = 5;
const MAX_RULED_OUT: usize = 4;

pub(crate) fn write(
    world: &World<'_>,
    subject: &Subject,
    milestones: &Milestones,
    signals: &[Signal],
    weighed: &Weighed,
) -> Diagnosis {
    let roots = &weighed.roots;
    let causes: Vec<Cause> =
        roots.iter().enumerate().map(|(at, root)| cause(world, subject, milestones, signals, root, at == 0)).collect();
    let mut name = kloupe_model::Subject { name: subject.name.clone(), namespace: subject.namespace.clone() };
    if subject.workload.is_none() {
        subject.name.rsplit('/').next().unwrap_or_default().clone_into(&mut name.name);
    }
    Diagnosis {
        target: subject.target.clone(),
        subject: name,
        verdict: weighed.verdict,
        headline: headline::write(world, subject, milestones, weighed.verdict),
        ruled_out: ruled_out(world, signals, roots),
        notes: notes(world, subject, signals, roots),
        causes,
    }
}

fn cause(
    world: &World<'_>,
    subject: &Subject,
    milestones: &Milestones,
    signals: &[Signal],
    root: &Standing,
    first: bool,
) -> Cause {
    let lang = world.lang;
    let of: Vec<&Signal> = root.signals.iter().map(|at| &signals[*at]).collect();
    let values = values::of(world, subject, &of);
    let summary = root.entry.summary.iter().find_map(|summary| fill(summary.get(lang), &values));
    Cause {
        id: root.entry.id.to_owned(),
        confidence: root.confidence,
        reason: reason(lang, root, &of),
        summary: summary.unwrap_or_else(|| root.entry.title.get(lang).to_owned()),
        evidence: evidence(root.entry.id, &of, signals),
        effects: effects::write(world, subject, milestones, signals, root, first),
        fix: fix(lang, root, &values),
        values,
    }
}

/// Why it is this sure.
fn reason(lang: Lang, root: &Standing, of: &[&Signal]) -> String {
    let logs = of.iter().any(|signal| matches!(signal.origin, Origin::Log { .. }));
    let objects = of.iter().any(|signal| !matches!(signal.origin, Origin::Log { .. }));
    match root.confidence {
        Confidence::Certain if logs && objects => {
            say!(lang, en: "the log names it, and the objects agree", zh: "日志直接指明，且对象状态与之一致")
        }
        Confidence::Certain if logs => say!(lang, en: "the log names it", zh: "日志直接指明"),
        Confidence::Certain => {
            say!(lang, en: "the cluster's own objects and events name it", zh: "集群中的对象和事件直接指明")
        }
        Confidence::Likely if root.rival => {
            say!(lang, en: "one deciding sign, but another cause has one too", zh: "有决定性证据，但另一个原因也有")
        }
        Confidence::Likely => {
            say!(lang, en: "independent signs agree, none of them decides alone", zh: "多个相互独立的迹象一致，但没有一个能单独定论")
        }
        Confidence::Possible => {
            say!(lang, en: "one sign fits, and nothing else confirms it", zh: "只有一个迹象吻合，没有其他佐证")
        }
    }
}

/// What speaks for it, the strongest first, then what only fits; each thing once.
fn evidence(cause: &str, of: &[&Signal], signals: &[Signal]) -> Vec<kloupe_model::Evidence> {
    let fitting = signals
        .iter()
        .filter(|signal| signal.cause == cause && signal.acquitted.is_none() && signal.strength == Strength::Weak);
    let mut told: Vec<&Signal> = Vec::new();
    for signal in of.iter().copied().chain(fitting) {
        match told.iter_mut().find(|other| {
            is_same(&other.place, &signal.place)
                && (other.quote.contains(&signal.quote) || signal.quote.contains(&other.quote))
        }) {
            Some(other) if signal.quote.len() > other.quote.len() && signal.strength >= other.strength => {
                *other = signal;
            }
            Some(_) => {}
            None => told.push(signal),
        }
    }
    told.truncate(MAX_EVIDENCE);
    told.into_iter().map(Signal::evidence).collect()
}

/// Whether two places show the same thing: an Event that stands in describe text and in a table is one.
fn is_same(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::Event { object, reason, .. }, Place::Event { object: other, reason: other_reason, .. }) => {
            object.could_be(other) && reason == other_reason
        }
        (Place::Field { object, field, .. }, Place::Field { object: other, field: other_field, .. }) => {
            object.could_be(other) && field == other_field
        }
        _ => a == b,
    }
}

/// Steps whose values are all known; a command only with values that are safe to paste.
fn fix(lang: Lang, root: &Standing, values: &BTreeMap<String, String>) -> Vec<Step> {
    let mut steps: Vec<Step> = root
        .entry
        .fix
        .iter()
        .filter_map(|step| {
            let title = fill(step.title.get(lang), values)?;
            let run = match step.run {
                Some(run) => Some(fill_command(run, values)?),
                None => None,
            };
            Some(Step { title, run })
        })
        .collect();
    // Where the first way is not open here, the second is no "or".
    if let Some(first) = steps.first_mut() {
        first.title = without_or(&first.title);
    }
    steps
}

fn without_or(title: &str) -> String {
    let rest = title.strip_prefix("Or ").or_else(|| title.strip_prefix("或者")).or_else(|| title.strip_prefix('或'));
    let Some(rest) = rest else { return title.to_owned() };
    let mut chars = rest.trim_start_matches(['，', ',', ' ']).chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The causes that the answer names: the roots, and what follows from them.
fn standing(roots: &[Standing]) -> BTreeSet<&str> {
    roots.iter().flat_map(|root| root.explains.iter().map(|(entry, _)| entry.id).chain([root.entry.id])).collect()
}

/// Near neighbours of the roots: first those that something spoke for, each with what tells them apart.
fn ruled_out(world: &World<'_>, signals: &[Signal], roots: &[Standing]) -> Vec<RuledOut> {
    let standing = standing(roots);
    let spoken: BTreeSet<&str> =
        signals.iter().filter(|signal| signal.strength >= Strength::Weak).map(|signal| signal.cause).collect();
    let mut rows: Vec<_> =
        roots.iter().take(1).flat_map(|root| root.entry.not).filter(|row| !standing.contains(row.cause)).collect();
    rows.sort_by_key(|row| !spoken.contains(row.cause));
    let mut ruled_out: Vec<RuledOut> = Vec::new();
    for row in rows {
        ruled_out.push(RuledOut { cause: row.cause.to_owned(), why: row.why.get(world.lang).to_owned() });
    }
    for signal in signals.iter().filter(|signal| !standing.contains(signal.cause)) {
        let Some(why) = &signal.acquitted else { continue };
        if !ruled_out.iter().any(|row| row.cause == signal.cause) {
            ruled_out.push(RuledOut { cause: signal.cause.to_owned(), why: why.clone() });
        }
    }
    ruled_out.truncate(MAX_RULED_OUT);
    ruled_out
}

/// Worth knowing: how the controller was found, failures that passed, errors that no signature knows.
fn notes(world: &World<'_>, subject: &Subject, signals: &[Signal], roots: &[Standing]) -> Vec<Note> {
    let lang = world.lang;
    let mut notes = Vec::new();
    if subject.object.is_some() && !subject.reasons.is_empty() {
        let reasons = subject.reasons.join(&say!(lang, en: "; ", zh: "；"));
        let name = &subject.name;
        notes.push(Note {
            text: say!(lang, en: "{name} serves it: {reasons}", zh: "由 {name} 负责处理：{reasons}"),
            place: None,
        });
    }
    let standing = standing(roots);
    let mut told = BTreeSet::new();
    for signal in signals {
        let Some(why) = &signal.acquitted else { continue };
        if !standing.contains(signal.cause) && told.insert(signal.cause) {
            let (cause, count) = (signal.cause, signal.count);
            notes.push(Note { text: match count {
                0 | 1 => say!(lang, en: "{cause} showed once and passed: {why}", zh: "{cause} 出现过一次，但已过去：{why}"),
                _ => say!(lang, en: "{cause} showed {count} times and passed: {why}", zh: "{cause} 出现过 {count} 次，但已过去：{why}"),
            }, place: Some(signal.place.clone()) });
        }
    }
    for log in &subject.logs {
        let facts = &world.logs[*log];
        for unknown in facts.digest.unknown_errors.iter().take(2) {
            let (count, text) = (unknown.count, unknown.first.text.lines().next().unwrap_or_default());
            let place = Place::Log { file: facts.file.clone(), line: unknown.first.line };
            notes.push(Note { text: match count {
                0 | 1 => say!(lang, en: "an error that no signature knows: {text}", zh: "无签名可识别的错误：{text}"),
                _ => say!(lang, en: "an error that no signature knows, {count} times: {text}", zh: "无签名可识别的错误，{count} 次：{text}"),
            }, place: Some(place) });
        }
    }
    notes.truncate(MAX_NOTES);
    notes
}

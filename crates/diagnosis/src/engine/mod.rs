//! One run: resolve the subjects, read what speaks for causes, weigh it, and say it.
//!
//! `subject.rs` finds who is asked about, `read.rs` turns facts into signals, `acquit.rs` takes back what later progress disproves,
//! `combine.rs` adds what no single message decides, `weigh.rs` parts roots from effects, `answer.rs` writes the diagnosis.

mod acquit;
mod answer;
mod combine;
mod conditions;
mod effects;
mod failing;
mod headline;
mod index;
mod lone;
mod milestones;
mod network;
mod read;
mod signal;
mod subject;
mod target;
mod values;
mod weigh;

use std::collections::BTreeMap;

use kloupe_logs::{Digest, Matcher};
use kloupe_model::{Diagnosis, Facts, Lang, ObjectRef, Report, Stamp, Text};

use crate::catalogue::{CauseEntry, cause};
use crate::checks;

pub(crate) use acquit::is_ready;
pub(crate) use index::{Index, Outline};
pub(crate) use milestones::Milestones;
pub(crate) use read::is_custom;
pub(crate) use signal::{Origin, Signal};
pub(crate) use subject::Subject;
pub use target::{Target, TargetError};
pub(crate) use values::containers;

/// What one log said, and whose it is.
#[derive(Clone, Debug)]
pub struct LogFacts {
    /// The file.
    pub file: String,
    /// The pod's namespace, where the file's place tells.
    pub namespace: Option<String>,
    /// The pod.
    pub pod: Option<String>,
    /// The container.
    pub container: Option<String>,
    /// The workload whose log was asked for, where that is all that is known.
    pub workload: Option<ObjectRef>,
    /// Whether it is the log of the terminated instance before the current one.
    pub previous: bool,
    /// What it said.
    pub digest: Digest,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// About what; without it, about every controller.
    pub target: Option<Target>,
    /// In which namespace; without it, in all.
    pub namespace: Option<String>,
    /// The moment that ages count from.
    pub as_of: Option<Stamp>,
    /// The language of the sentences.
    pub lang: Lang,
}

/// Everything that was read, as the engine looks at it.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) index: &'a Index<'a>,
    pub(crate) logs: &'a [LogFacts],
    pub(crate) matcher: &'a Matcher,
    pub(crate) lang: Lang,
    pub(crate) as_of: Option<Stamp>,
    /// Causes of the person's own rules.
    own: &'a BTreeMap<&'static str, &'static CauseEntry>,
}

impl World<'_> {
    /// The cause of that id, from the catalogue or the person's own.
    pub(crate) fn cause(&self, id: &str) -> Option<&'static CauseEntry> {
        cause(id).or_else(|| self.own.get(id).copied())
    }
}

/// Entries for the `x-` causes of the person's own rules. What the rule says is all that is known of them.
fn own_causes(matcher: &Matcher) -> BTreeMap<&'static str, &'static CauseEntry> {
    let mut own: BTreeMap<&'static str, &'static CauseEntry> = BTreeMap::new();
    for signature in matcher.signatures() {
        for id in
            signature.speaks.iter().chain(signature.also).filter_map(|row| row.cause).filter(|id| cause(id).is_none())
        {
            own.entry(id).or_insert_with(|| Box::leak(Box::new(CauseEntry::own(id, signature.says))));
        }
    }
    own
}

/// Answers the question from what was read.
pub fn diagnose(
    facts: &Facts,
    logs: &[LogFacts],
    matcher: &Matcher,
    question: &Question,
) -> Result<Report, TargetError> {
    let index = Index::of(facts);
    let as_of = question.as_of.or(facts.captured_at).or_else(|| newest(&index, facts, logs));
    let own = own_causes(matcher);
    let world = World { facts, index: &index, logs, matcher, lang: question.lang, as_of, own: &own };
    let subjects = subject::resolve(&world, question)?;
    let mut diagnoses: Vec<Diagnosis> = subjects.into_iter().map(|subject| about(&world, subject)).collect();
    if question.target.is_none() {
        diagnoses.sort_by(|a, b| {
            rank(a)
                .cmp(&rank(b))
                .then_with(|| a.subject.namespace.cmp(&b.subject.namespace))
                .then_with(|| a.subject.name.cmp(&b.subject.name))
        });
    }
    let mut gaps = facts.gaps.clone();
    for log in logs.iter().filter(|log| log.digest.cut) {
        gaps.push(kloupe_model::Gap {
            what: log.file.clone(),
            why: Text {
                en: "it holds lines longer, or more different messages, than are kept; the rest was counted only",
                zh: "其中有超长的行，或不同的消息多于可保留的数量；其余只计数",
            }
            .into(),
        });
    }
    Ok(Report { as_of, diagnoses, gaps })
}

/// Worst first; among equals the surer one, then the one with more evidence.
fn rank(
    diagnosis: &Diagnosis,
) -> (kloupe_model::Verdict, std::cmp::Reverse<Option<kloupe_model::Confidence>>, std::cmp::Reverse<usize>) {
    let first = diagnosis.causes.first();
    (
        diagnosis.verdict,
        std::cmp::Reverse(first.map(|cause| cause.confidence)),
        std::cmp::Reverse(first.map_or(0, |cause| cause.evidence.len())),
    )
}

fn about(world: &World<'_>, mut subject: Subject) -> Diagnosis {
    subject.take_objects(world.facts);
    let subject = &subject;
    let milestones = Milestones::of(world, subject);
    let mut signals = read::signals(world, subject);
    checks::run(world, subject, &mut signals);
    acquit::acquit(world, subject, &milestones, &mut signals);
    combine::combine(world, subject, &milestones, &mut signals);
    let weighed = weigh::weigh(world, subject, &milestones, &signals);
    answer::write(world, subject, &milestones, &signals, &weighed)
}

/// The newest moment that anything read speaks of.
fn newest(index: &Index<'_>, facts: &Facts, logs: &[LogFacts]) -> Option<Stamp> {
    let events = facts.events.iter().filter_map(|event| event.last);
    let logs = logs.iter().filter_map(|log| log.digest.span.map(|(_, last)| last));
    let all: Vec<Stamp> = events.chain(logs).chain(index.newest()).collect();
    let known = all.iter().copied().filter(|stamp| stamp.year_known()).max();
    match known {
        // A klog line without a year belongs to the year that the other facts tell.
        Some(known) => all.iter().map(|stamp| stamp.with_year_of(known)).filter(|stamp| stamp.year_known()).max(),
        None => all.into_iter().max(),
    }
}

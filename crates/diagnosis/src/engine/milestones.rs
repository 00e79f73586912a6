//! How far a controller got, by its own log: started, leads, caches filled, workers run, objects reconciled, and how the log ends.

use kloupe_logs::Mark;
use kloupe_model::Place;

use super::{Subject, World};

/// A milestone that was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) log: usize,
    /// Order of the first and the last time.
    pub(crate) order: (i64, i64),
    pub(crate) count: u64,
    pub(crate) place: Place,
    pub(crate) quote: String,
}

/// How far it got.
#[derive(Clone, Debug, Default)]
pub(crate) struct Milestones {
    seen: Vec<(Mark, Seen)>,
    /// Some log was read.
    pub(crate) has_log: bool,
    /// A log ends with the death of the process: a panic, a fatal record, last words.
    pub(crate) died: bool,
}

impl Milestones {
    pub(crate) fn of(world: &World<'_>, subject: &Subject) -> Milestones {
        let mut milestones = Milestones {
            has_log: subject.logs.iter().any(|log| world.logs[*log].digest.records > 0),
            ..Milestones::default()
        };
        for log in &subject.logs {
            let facts = &world.logs[*log];
            for known in &facts.digest.matches {
                let Some(mark) = known.signature.mark else { continue };
                let place = Place::Log { file: facts.file.clone(), line: known.first.line };
                let seen =
                    Seen { log: *log, order: known.order, count: known.count, place, quote: known.first.text.clone() };
                milestones.seen.push((mark, seen));
            }
            let last_words =
                facts.digest.end.iter().rev().take(3).any(|quote| quote.level == Some(kloupe_logs::Level::Fatal));
            milestones.died |= last_words || facts.previous;
        }
        milestones.died |= milestones.saw(Mark::ProcessExit);
        milestones
    }

    /// All sightings of a mark.
    pub(crate) fn all(&self, mark: Mark) -> impl Iterator<Item = &Seen> {
        self.seen.iter().filter(move |(seen, _)| *seen == mark).map(|(_, seen)| seen)
    }

    pub(crate) fn saw(&self, mark: Mark) -> bool {
        self.all(mark).next().is_some()
    }

    /// The last sighting in one log.
    pub(crate) fn last_in(&self, mark: Mark, log: usize) -> Option<i64> {
        self.all(mark).filter(|seen| seen.log == log).map(|seen| seen.order.1).max()
    }

    /// The first sighting in one log.
    pub(crate) fn first_in(&self, mark: Mark, log: usize) -> Option<i64> {
        self.all(mark).filter(|seen| seen.log == log).map(|seen| seen.order.0).min()
    }

    /// It got as far as reconciling.
    pub(crate) fn works(&self) -> bool {
        self.saw(Mark::WorkersStarted) || self.saw(Mark::ReconcileOk) || self.saw(Mark::ReconcileError)
    }

    /// How many reconciles were seen to end well.
    pub(crate) fn reconciled(&self) -> u64 {
        self.all(Mark::ReconcileOk).map(|seen| seen.count).sum()
    }
}

//! A signal: one reading of one fact that speaks for a cause, before it is weighed.

use std::collections::BTreeMap;

use kloupe_model::{Evidence, Place, Stamp, Strength};

/// What a signal was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A log, by its index, with the order of the first and the last occurrence.
    Log { log: usize, order: (i64, i64) },
    /// An Event.
    Event,
    /// A message in an object's status.
    Status,
    /// A field or the absence of an object.
    Object,
    /// Metrics.
    Metric,
}

/// Something that speaks for a cause.
#[derive(Clone, Debug)]
pub(crate) struct Signal {
    pub(crate) cause: &'static str,
    pub(crate) strength: Strength,
    /// The signature's or the check's id.
    pub(crate) rule: &'static str,
    pub(crate) place: Place,
    pub(crate) quote: String,
    /// The sentence in it that speaks, for where the whole record says too much.
    pub(crate) said: String,
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) count: u64,
    pub(crate) first: Option<Stamp>,
    pub(crate) last: Option<Stamp>,
    /// The object whose reconcile it was (`namespace/name`).
    pub(crate) object: Option<String>,
    pub(crate) origin: Origin,
    /// It came from an informer: it only matters if something waits for that informer.
    pub(crate) informer: bool,
    /// A message further in says why: it fits, as a link of that one's chain.
    pub(crate) demoted: bool,
    /// Why it does not count, if something speaks against it.
    pub(crate) acquitted: Option<String>,
}

impl Signal {
    /// A signal from an object's field.
    pub(crate) fn of_object(
        cause: &'static str,
        strength: Strength,
        rule: &'static str,
        place: Place,
        quote: impl Into<String>,
    ) -> Signal {
        let quote = quote.into();
        Signal {
            cause,
            strength,
            rule,
            place,
            said: quote.clone(),
            quote,
            values: BTreeMap::new(),
            count: 1,
            first: None,
            last: None,
            object: None,
            origin: Origin::Object,
            informer: false,
            demoted: false,
            acquitted: None,
        }
    }

    /// The same with a named value.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Signal {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// The order of its last occurrence in its log.
    pub(crate) fn last_order(&self) -> i64 {
        match self.origin {
            Origin::Log { order, .. } => order.1,
            _ => i64::MAX,
        }
    }

    pub(crate) fn counts(&self) -> bool {
        self.acquitted.is_none() && self.strength >= Strength::Supports
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            place: self.place.clone(),
            quote: self.quote.clone(),
            said: self.said.clone(),
            count: self.count,
            first: self.first,
            last: self.last,
            strength: self.strength,
            rule: self.rule.to_owned(),
        }
    }
}

//! The words that every part of kloupe shares: what was read (facts), what it speaks for (evidence), and what follows (a diagnosis).
//!
//! Nothing here does IO, reads a clock or knows where a fact came from. Read `fact.rs` next, then `diagnosis.rs`.

mod body;
mod diagnosis;
mod fact;
mod keep;
mod lang;
mod object;
mod place;
mod registry;
mod stamp;

pub use body::{Body, Form, Texts};
pub use diagnosis::{
    Cause, Confidence, Diagnosis, Effect, Evidence, Note, Report, RuledOut, Step, Strength, Subject, Verdict,
};
pub use fact::{Event, Facts, Gap, Listed, MetricSample, Metrics, Why};
pub use keep::Keep;
pub use lang::{Lang, Text, duration};
pub use object::{Object, ObjectRef};
pub use place::Place;
pub use stamp::Stamp;

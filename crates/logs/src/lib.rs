//! The log engine: bytes to records to matches. It knows log formats and message templates, and nothing of Kubernetes.
//!
//! The way through: `lines` cuts a stream into lines and takes transport prefixes off, [`formats`] knows what a line is,
//! `frame` joins lines to records, [`matcher`] reads signatures in them, and [`mod@digest`] counts what a whole stream said.
//! Memory does not grow with the input.

pub mod digest;
pub mod formats;
mod frame;
mod lines;
pub mod matcher;
mod object;
mod prefix;
pub mod record;
pub mod rules;
pub mod signature;
pub mod template;
mod text;
mod viewer;

pub use digest::{Digest, LogMatch, Quote, digest};
pub use matcher::{Hit, Matcher};
pub use record::{Level, Record};
pub use signature::{Condition, Mark, Row, Scope, Signature};
pub use template::{Part, Template};
pub use text::{clean, parse_record};

//! What kloupe knows of controllers, and how it weighs what it reads: facts in, a diagnosis out. No IO, no clock; same facts, same words.
//!
//! Start with [`diagnose`] in `engine/mod.rs`; what it knows lies in `causes/` (Markdown), `signatures/` (YAML) and `checks/` (Rust).

pub mod catalogue;
mod checks;
mod engine;
mod nearest;
pub mod rbac;
mod words;

pub use catalogue::{CauseEntry, cause, causes, signatures};
pub use engine::{LogFacts, Question, Target, TargetError, diagnose};
pub use nearest::nearest;

//! kloupe as a program: the command line and the run of a diagnosis. `cli/diagnose.rs` is the place to start reading.

mod answer;
mod cli;
mod failure;

pub use answer::{answer, load_rules};
pub use cli::run;
pub use failure::Failure;

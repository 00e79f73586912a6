//! kloupe as a program: one run (`answer.rs`), and the command line around it (`cli/`).
//!
//! Start reading at `cli/mod.rs`, then `cli/diagnose.rs`. Everything that is said to a terminal is said in `terminal.rs`.

mod answer;
mod cli;
mod error;
mod language;
mod rules;
mod terminal;

pub use answer::answer;
pub use cli::run;
pub use error::Failure;
pub use rules::load_rules;

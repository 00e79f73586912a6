//! A diagnosis laid out for people and for programs. Nothing is computed here; what is said was decided before.
//!
//! The outputs lie in `outputs/`, one file each; `wrap.rs` breaks lines by display width, `words.rs` says places and times.

mod outputs;
mod page;
mod words;
mod wrap;

use kloupe_model::{Lang, Report};

pub use outputs::{ALL, output};
pub use page::page;
pub use words::verdict_word;
pub use wrap::{display_width, plain, wrap};

/// How to lay out.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The language of the labels. The sentences come in the language in which the diagnosis was made.
    pub lang: Lang,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to colour.
    pub colour: bool,
}

/// One output format.
#[derive(Debug)]
pub struct Output {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes a report.
    pub write: fn(&Report, Style) -> String,
}

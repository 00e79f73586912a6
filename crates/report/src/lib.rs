//! A diagnosis laid out for people and for programs. Nothing is computed here; what is said was decided before.
//!
//! The outputs lie in `outputs/`, one file each; `page.rs` is the paper that the terminal's texts are written on, `manual.rs` puts
//! a manual page on it, `wrap.rs` breaks lines by display width, `words.rs` says places and times.

mod clean;
mod manual;
mod outputs;
mod page;
mod words;
mod wrap;

use kloupe_model::{Lang, Report};

pub use clean::{inline, plain};
pub use outputs::{ALL, fenced, output};
pub use page::{BOLD, DIM, Page};
pub use words::verdict_word;
pub use wrap::{display_width, wrap};

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
    /// Another name that is understood.
    pub alias: Option<&'static str>,
    /// Writes a report.
    pub write: fn(&Report, Style) -> String,
}

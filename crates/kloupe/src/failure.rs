//! What went wrong, as a person reads it: what was not done, why, and what to try.

use std::error::Error;
use std::io::Write;

use kloupe_model::{Lang, say};
use kloupe_report::plain;

/// A run that could not be done.
#[derive(Debug)]
pub struct Failure {
    what: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

impl Failure {
    /// What was not done, to what.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure { what: what.into(), causes: Vec::new(), hints: Vec::new() }
    }

    /// The same with the chain of causes of an error.
    #[must_use]
    pub fn because(mut self, error: &dyn Error) -> Failure {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            if self.causes.last() != Some(&text) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// The same with something to try; two at most are shown.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// Writes it to standard error.
    pub(crate) fn print(&self, lang: Lang) {
        let mut text = say!(lang, en: "error: {}\n", zh: "错误：{}\n", plain(&self.what));
        for cause in &self.causes {
            text.push_str(&say!(lang, en: "caused by: {}\n", zh: "原因：{}\n", plain(cause)));
        }
        for hint in self.hints.iter().take(2) {
            text.push_str(&say!(lang, en: "hint: {}\n", zh: "提示：{}\n", plain(hint)));
        }
        // Where even standard error is gone, the exit status is all that is left to say it.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

//! One log record, whatever format it came in.

use std::borrow::Cow;

use kloupe_model::Stamp;

/// How bad a record says it is, from least to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finest.
    Trace,
    /// For developers.
    Debug,
    /// Normal work.
    Info,
    /// Something odd.
    Warn,
    /// Something failed.
    Error,
    /// The process gives up, or panics.
    Fatal,
}

impl Level {
    /// Reads the level words of every logger we know, in any case; `None` for any other word.
    pub fn from_word(word: &str) -> Option<Level> {
        // logr over slog prints offsets (`DEBUG-4`, `INFO+2`), zap prints `Level(-3)`.
        if word.starts_with("Level(-") {
            return Some(Level::Debug);
        }
        let word = word.split(['+', '-']).next().unwrap_or(word);
        let lower = word.to_ascii_lowercase();
        Some(match lower.as_str() {
            "trace" | "trc" | "finest" | "finer" | "trac" => Level::Trace,
            "debug" | "dbg" | "fine" | "debu" | "config" => Level::Debug,
            "info" | "inf" | "information" | "notice" => Level::Info,
            "warn" | "warning" | "wrn" => Level::Warn,
            "error" | "err" | "erro" | "severe" => Level::Error,
            "fatal" | "ftl" | "fata" | "panic" | "dpanic" | "pnc" | "pani" | "critical" | "crit" | "emergency" => {
                Level::Fatal
            }
            _ => return None,
        })
    }

    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
            Level::Fatal => "fatal",
        }
    }
}

/// What the first line of a record tells without taking it apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// When it was written.
    pub time: Option<Stamp>,
    /// How bad.
    pub level: Option<Level>,
}

/// A record taken apart.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    /// When it was written.
    pub time: Option<Stamp>,
    /// How bad.
    pub level: Option<Level>,
    /// Who wrote it.
    pub logger: Option<Cow<'a, str>>,
    /// The message, unquoted.
    pub message: Cow<'a, str>,
    /// Key/value pairs, unquoted, in the order they were written. Nested objects are flattened with dots.
    pub fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Lines that followed the first: a stack, or more of the message.
    pub rest: Cow<'a, str>,
}

impl Record<'_> {
    /// The last value of a field (loggers print duplicates; the last one wins).
    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_words_of_all_loggers() {
        for (word, level) in [
            ("INFO+2", Level::Info),
            ("DEBUG-4", Level::Debug),
            ("Level(-3)", Level::Debug),
            ("SEVERE", Level::Error),
            ("dpanic", Level::Fatal),
            ("WRN", Level::Warn),
        ] {
            assert_eq!(Level::from_word(word), Some(level), "{word}");
        }
        assert_eq!(Level::from_word("errors"), None);
    }
}

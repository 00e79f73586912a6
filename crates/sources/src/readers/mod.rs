//! The readers: who knows which text. A new one is a file here and a line in the list.

use std::sync::Arc;
use std::{fmt, io};

use kloupe_model::Texts;

use crate::command::Command;
use crate::found::Found;
use crate::origin::Origin;

/// A piece of text to read: a file, or the part of a paste below one prompt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'a> {
    /// The file, as the person named it.
    pub(crate) file: &'a str,
    /// Where it lies.
    pub(crate) path: &'a [String],
    /// The text, cleaned of terminal escapes, carriage returns and a common indentation.
    pub(crate) text: &'a str,
    /// Where the text lies as it is, if it does: objects in it may stay there.
    pub(crate) held: Option<&'a Held>,
    /// The number of the first line in the file, from 1.
    pub(crate) first_line: u64,
    /// The command above it.
    pub(crate) command: Option<&'a Command>,
    /// Whether kubectl said beside it that it could not get everything: then what is missing may be there.
    pub(crate) failed: bool,
}

impl<'a> Section<'a> {
    /// The same place with another text, `line` lines further down.
    pub(crate) fn with(&self, text: &'a str, line: u64) -> Section<'a> {
        Section { text, first_line: self.first_line + line, ..*self }
    }

    /// The command above, if it has this verb.
    pub(crate) fn asked(&self, verb: &str) -> Option<&'a Command> {
        self.command.filter(|command| command.verb == verb)
    }

    /// What a gap of this section is about: the command, where there is one.
    pub(crate) fn source(&self) -> String {
        match self.command {
            Some(command) if !command.verb.is_empty() => {
                format!("{}: kubectl {} {}", self.file, command.verb, command.words.join(" ")).trim_end().to_owned()
            }
            _ => self.file.to_owned(),
        }
    }

    /// The namespace that the command above names.
    pub(crate) fn namespace(&self) -> Option<&'a str> {
        self.command.and_then(Command::namespace)
    }
}

/// A text that was read, and where it can be read again.
pub(crate) struct Held {
    /// The text.
    pub(crate) text: Arc<String>,
    /// Where objects in it stay: the same, or the file that it was read from.
    pub(crate) texts: Arc<dyn Texts>,
    /// Where in that it begins.
    pub(crate) start: u64,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("start", &self.start).finish_non_exhaustive()
    }
}

/// Reads a file as a list of objects, of which the section holds the beginning; `false` if it is none, and then nothing was taken.
pub(crate) type ReadList = fn(&Section, &Origin, &mut Found) -> io::Result<bool>;

/// One reader.
pub(crate) struct Reader {
    /// Whether it may look at what is known to be a log.
    pub(crate) reads_logs: bool,
    /// Whether its text may stand in the middle of what someone wrote.
    pub(crate) in_prose: bool,
    /// Whether a text that begins so (up to 64 KiB) is its own.
    pub(crate) probe: fn(&Section) -> bool,
    /// Reads the whole text; `false` if it was not its own after all, and then nothing was taken.
    pub(crate) read: fn(&Section, &mut Found) -> bool,
    /// Reads a list of any length without holding it, where the reader can.
    pub(crate) list: Option<ReadList>,
}

/// Declares the modules of this folder and lists their readers.
macro_rules! readers {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every reader, in the order in which they are asked.
        pub(crate) const ALL: &[Reader] = &[$($module::READER),*];
    };
}

readers! {
    collector,
    refused,
    gathered,
    recorded,
    manifest,
    discovery,
    version,
    objects,
    metrics,
    describe,
    tables,
}

pub(crate) use collector::without_errors;
pub(crate) use recorded::{Record, settle as settle_records};

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::file::{self, Input};
    use crate::origin::Bytes;

    /// Reads one file of this name.
    pub(in crate::readers) fn read_as(name: &str, text: &str) -> Found {
        let path = name.split('/').map(str::to_owned).collect();
        let mut found =
            file::read(&Input { file: name.to_owned(), path, bytes: Arc::new(Bytes::Memory(text.as_bytes().into())) });
        found.settle();
        found
    }

    pub(in crate::readers) fn gaps(found: &Found) -> Vec<String> {
        found.facts.gaps.iter().map(|gap| format!("{}: {}", gap.what, gap.why.get(kloupe_model::Lang::En))).collect()
    }
}

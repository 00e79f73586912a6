//! Where a claim can be looked up.

use crate::ObjectRef;

/// The place of one piece of evidence: every claim of a diagnosis carries one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line of a log file.
    Log {
        /// The file, as the person named it.
        file: String,
        /// The first line of the record, counted from 1.
        line: u64,
    },
    /// A field of an object.
    Field {
        /// The file the object was read from.
        file: String,
        /// The object.
        object: ObjectRef,
        /// The path of the field, as `kubectl explain` writes it.
        field: String,
    },
    /// An Event about an object.
    Event {
        /// The file the Event was read from.
        file: String,
        /// The object it is about.
        object: ObjectRef,
        /// Its reason.
        reason: String,
    },
    /// A metric of a saved metrics page.
    Metric {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
    },
    /// A file as a whole: something that it holds, or does not.
    File {
        /// The file.
        file: String,
    },
}

impl Place {
    /// The file of the evidence.
    pub fn file(&self) -> &str {
        match self {
            Place::Log { file, .. }
            | Place::Field { file, .. }
            | Place::Event { file, .. }
            | Place::Metric { file, .. }
            | Place::File { file } => file,
        }
    }

    /// One word for what kind of evidence lies there.
    pub fn kind(&self) -> &'static str {
        match self {
            Place::Log { .. } => "log",
            Place::Field { .. } => "object",
            Place::Event { .. } => "event",
            Place::Metric { .. } => "metric",
            Place::File { .. } => "file",
        }
    }
}

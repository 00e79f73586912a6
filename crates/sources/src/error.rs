//! What stops a whole run. A single file that cannot be read is a gap, not an error.

use std::io;
use std::path::PathBuf;

use kloupe_model::{Lang, Why};

/// Why nothing at all could be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was named does not exist.
    #[error("there is no file or folder \"{}\"", path.display())]
    Missing {
        /// The path, as typed.
        path: PathBuf,
    },
    /// A folder that was named cannot be listed.
    #[error("cannot list the folder \"{}\"", path.display())]
    List {
        /// The path, as typed.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A file that was named cannot be opened.
    #[error("cannot read \"{}\"", path.display())]
    Open {
        /// The path, as typed.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Standard input cannot be read.
    #[error("cannot read standard input")]
    Stdin(#[source] io::Error),
    /// A folder that was named holds no file.
    #[error("the folder \"{}\" holds no file", path.display())]
    Empty {
        /// The path, as typed.
        path: PathBuf,
    },
    /// No source was named.
    #[error("no file was named")]
    NoSource,
    /// There are files, and none of them could be used.
    #[error("nothing usable in what was given: \"{file}\": {}", why.get(Lang::En))]
    Nothing {
        /// The first file that could not be used.
        file: String,
        /// Why not.
        why: Why,
    },
}

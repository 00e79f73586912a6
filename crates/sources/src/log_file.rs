//! A log as a stream that can be opened again. Nothing here reads it; `kloupe-logs` does.

use std::io::{self, Read};

use kloupe_model::ObjectRef;

use crate::origin::Origin;

/// One log: a file, or the part of a file that holds one.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// The file, as the person named it.
    pub file: String,
    /// The namespace, where the place or the command above it tells.
    pub namespace: Option<String>,
    /// The pod, likewise.
    pub pod: Option<String>,
    /// The container, likewise.
    pub container: Option<String>,
    /// The workload whose log was asked for (`kubectl logs deploy/x`), where that is all that is known.
    pub workload: Option<ObjectRef>,
    /// Whether it is the log before the last restart.
    pub previous: bool,
    /// The number that its first line has in the file, counted from 1.
    pub first_line: u64,
    pub(crate) origin: Origin,
    pub(crate) start: u64,
    pub(crate) len: Option<u64>,
    pub(crate) path: Vec<String>,
}

impl LogFile {
    /// The log's bytes from its first line: unpacked, without a byte order mark, in UTF-8 where the file was in UTF-16.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let stream = self.origin.open_at(self.start)?;
        Ok(match self.len {
            Some(len) => Box::new(stream.take(len)),
            None => stream,
        })
    }
}

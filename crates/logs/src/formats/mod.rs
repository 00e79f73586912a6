//! What a line of log can be. A format is one file and one line here; its place in the list is the probing order.

mod kv;
mod time;

use kloupe_model::registry;

use crate::record::{Head, Record};

pub(crate) use json::{is_open as is_open_object, second as second_object};
pub(crate) use time::leading_time;

/// How lines without a head of their own join the record before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joins {
    /// Every such line belongs to the record: the format allows line breaks in a message.
    All,
    /// Only indented lines do: the format writes one line a record, and what follows is another writer's.
    Indented,
}

/// A log format.
#[derive(Debug)]
pub struct Format {
    /// Its name, as `kloupe` prints it.
    pub name: &'static str,
    /// Whether a line starts a record of this format, and what its head says. Cheap: called for every line.
    pub head: fn(&str) -> Option<Head>,
    /// Takes a whole record apart. Only called for texts whose first line has a head.
    pub parse: for<'a> fn(&'a str) -> Record<'a>,
    /// How further lines join.
    pub joins: Joins,
}

registry! {
    /// Every format, in the order in which a line is probed.
    pub ALL: Format = FORMAT in {
        json,
        klog,
        zap_console,
        logfmt,
        go_panic,
        traceback,
        kopf,
        logrus_terminal,
        ansible,
        leveled,
    }
}

/// The format of a line, with what its head says.
pub fn detect(line: &str) -> Option<(&'static Format, Head)> {
    ALL.iter().find_map(|format| (format.head)(line).map(|head| (*format, head)))
}

/// The first line of a record and the lines after it.
fn first_and_rest(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

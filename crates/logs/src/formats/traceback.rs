//! A Python traceback that stands on its own: the last line holds the exception.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "traceback", head, parse, joins: Joins::All };

fn head(line: &str) -> Option<Head> {
    line.starts_with("Traceback (most recent call last):").then_some(Head { time: None, level: Some(Level::Error) })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let exception = rest.lines().rfind(|line| !line.starts_with([' ', '\t']) && line.contains(": ")).unwrap_or(line);
    Record {
        level: Some(Level::Error),
        message: Cow::Borrowed(exception),
        rest: Cow::Borrowed(rest),
        ..Record::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_the_last_exception() {
        let record =
            parse("Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x()\nKeyError: 'spec'");
        assert_eq!(record.message, "KeyError: 'spec'");
    }
}

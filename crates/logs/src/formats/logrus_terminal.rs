//! logrus on a terminal: `ERRO[0012] message      key=value`.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest, kv};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "logrus-terminal", head, parse, joins: Joins::Indented };

fn head(line: &str) -> Option<Head> {
    let (word, after) = line.split_at_checked(4)?;
    let inner = after.strip_prefix('[')?;
    if !word.bytes().all(|b| b.is_ascii_uppercase()) || !inner.contains("] ") {
        return None;
    }
    let close = inner.find(']')?;
    let stamp = &inner[..close];
    if stamp.is_empty() || !stamp.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let time = super::leading_time(stamp).and_then(|(time, _)| time);
    Level::from_word(word).map(|level| Head { time, level: Some(level) })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let head = head(line).unwrap_or_default();
    let body = line.find("] ").map_or(line, |at| &line[at + 2..]);
    let fields_at = fields_start(body);
    let (fields, _) = kv::pairs(&body[fields_at..]);
    Record {
        time: head.time,
        level: head.level,
        message: Cow::Borrowed(body[..fields_at].trim_end()),
        fields,
        rest: Cow::Borrowed(rest),
        ..Record::default()
    }
}

/// Where the padding after the message ends and `key=value` begins.
fn fields_start(body: &str) -> usize {
    let mut from = 0;
    while let Some(at) = body[from..].find("  ").map(|at| at + from) {
        let start = at + body[at..].len() - body[at..].trim_start().len();
        let word = body[start..].split([' ', '=']).next().unwrap_or_default();
        if body[start + word.len()..].starts_with('=') {
            return start;
        }
        from = start.max(at + 2).min(body.len());
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_padding_fields() {
        let record = parse("ERRO[0012] cannot sync widget                      error=\"a b\" key=team-a/w1");
        assert_eq!(record.message, "cannot sync widget");
        assert_eq!(record.field("error"), Some("a b"));
    }

    #[test]
    fn other_brackets_are_not() {
        assert!(head("ABCD[0012] x").is_none());
        assert!(head("INFO[abc] x").is_none());
    }
}

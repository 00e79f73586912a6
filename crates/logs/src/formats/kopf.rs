//! kopf's full format: `[2025-03-04 05:06:07,123] kopf.objects         [ERROR   ] [team-a/w1] Handler 'create_fn' failed …`.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest, leading_time};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "kopf", head, parse, joins: Joins::All };

fn head(line: &str) -> Option<Head> {
    split(line).map(|parts| Head { time: parts.time, level: Some(parts.level) })
}

struct Parts<'a> {
    time: Option<kloupe_model::Stamp>,
    logger: &'a str,
    level: Level,
    body: &'a str,
}

fn split(line: &str) -> Option<Parts<'_>> {
    let inner = line.strip_prefix('[')?;
    let (time, end) = leading_time(inner)?;
    let after = inner[end..].strip_prefix("] ")?;
    let open = after.find('[')?;
    let (logger, after) = after.split_at(open);
    let (word, body) = after[1..].split_once(']')?;
    Some(Parts { time, logger: logger.trim(), level: Level::from_word(word.trim())?, body: body.trim_start() })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let Some(parts) = split(line) else { return Record { message: Cow::Borrowed(text), ..Record::default() } };
    let mut record = Record {
        time: parts.time,
        level: Some(parts.level),
        logger: Some(Cow::Borrowed(parts.logger)),
        rest: Cow::Borrowed(rest),
        message: Cow::Borrowed(parts.body),
        ..Record::default()
    };
    if let Some((object, message)) = parts.body.strip_prefix('[').and_then(|body| body.split_once("] ")) {
        record.fields.push(("object".into(), object.into()));
        record.message = Cow::Borrowed(message);
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handler_line() {
        let record = parse(
            "[2025-03-04 05:06:07,123] kopf.objects         [ERROR   ] [team-a/w1] Handler 'f' failed permanently: x",
        );
        assert_eq!(record.field("object"), Some("team-a/w1"));
        assert_eq!(record.message, "Handler 'f' failed permanently: x");
        assert_eq!(record.level, Some(Level::Error));
    }

    #[test]
    fn a_bracketed_prefix_alone_is_not_kopf() {
        assert!(head("[pod/a/b] text").is_none());
        assert!(head("[2025-03-04 05:06:07,123] plain text").is_none());
    }
}

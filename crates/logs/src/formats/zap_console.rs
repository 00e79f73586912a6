//! zap's console encoder: time, level, logger, caller and message between TABs, then the fields as JSON.
//!
//! The time may be missing (`--zap-time-encoding` aside, some programs switch it off), and pasting turns TABs into blanks.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest, leading_time};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "zap-console", head, parse, joins: Joins::All };

fn head(line: &str) -> Option<Head> {
    if !line.contains('\t') {
        return blanks_head(line);
    }
    let (time, after) = match leading_time(line) {
        Some((time, end)) => (time, line[end..].strip_prefix('\t')?),
        None => (None, line),
    };
    let word = after.split('\t').next()?;
    if after.len() == word.len() || word != word.to_uppercase() && !word.starts_with("Level(") {
        return None;
    }
    Level::from_word(&crate::text::clean(word)).map(|level| Head { time, level: Some(level) })
}

/// Pasted from a terminal: each TAB has become blanks. Only with a time and a level that stand apart.
fn blanks_head(line: &str) -> Option<Head> {
    let (time, end) = leading_time(line)?;
    let after = line[end..].strip_prefix("  ")?.trim_start_matches(' ');
    let (word, after) = after.split_at(after.find(' ')?);
    if time.is_none() || word != word.to_uppercase() || !after.starts_with("  ") {
        return None;
    }
    Level::from_word(word).map(|level| Head { time, level: Some(level) })
}

/// The columns of a line: between TABs, or where those have become blanks, between runs of them; the fields stay whole.
fn columns(line: &str) -> Vec<&str> {
    if line.contains('\t') {
        return line.split('\t').collect();
    }
    let (words, fields) = line.split_at(line.find(" {\"").unwrap_or(line.len()));
    let columns = words.split("  ").map(str::trim).filter(|column| !column.is_empty());
    columns.chain(Some(fields.trim()).filter(|fields| !fields.is_empty())).collect()
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let head = head(line).unwrap_or_default();
    let mut record = Record { time: head.time, level: head.level, rest: Cow::Borrowed(rest), ..Record::default() };
    let mut parts: Vec<&str> = columns(line);
    if leading_time(line).is_some() {
        parts.remove(0);
    }
    parts.remove(0);
    if parts.len() > 1 && parts.last().is_some_and(|last| last.starts_with('{') && last.ends_with('}')) {
        let fields = parts.pop().unwrap_or_default();
        record.fields = (super::json::FORMAT.parse)(fields).fields;
        // The JSON reader takes a message out of the object; here it is a field like any other.
        let inner = (super::json::FORMAT.parse)(fields);
        if !inner.message.is_empty() {
            record.fields.push(("message".into(), inner.message));
        }
        if !inner.rest.is_empty() && record.rest.is_empty() {
            record.rest = inner.rest;
        }
    }
    if parts.len() > 1 && is_logger(parts[0]) {
        record.logger = Some(Cow::Borrowed(parts.remove(0)));
    }
    if parts.len() > 1 && is_caller(parts[0]) {
        parts.remove(0);
    }
    record.message = match parts.as_slice() {
        [one] => Cow::Borrowed(*one),
        many => Cow::Owned(many.join(" ")),
    };
    record
}

fn is_logger(part: &str) -> bool {
    !part.is_empty() && !part.contains(' ') && !is_caller(part)
}

fn is_caller(part: &str) -> bool {
    part.rsplit_once(':').is_some_and(|(file, line)| file.contains(".go") && line.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts() {
        let record = parse(
            "2025-03-04T05:06:07Z\tERROR\tsetup\tmain.go:7\tproblem running manager\t{\"error\": \"x\"}\nmain.main\n\t/main.go:7",
        );
        assert_eq!(record.logger.as_deref(), Some("setup"));
        assert_eq!(record.message, "problem running manager");
        assert_eq!(record.field("error"), Some("x"));
        assert_eq!(record.rest, "main.main\n\t/main.go:7");
    }

    #[test]
    fn without_a_time() {
        let record = parse("INFO\tsetup\tstarting manager");
        assert_eq!(record.message, "starting manager");
        assert_eq!(record.level, Some(Level::Info));
    }

    #[test]
    fn blanks_instead_of_tabs() {
        let record =
            parse("2025-03-04T05:06:07Z    ERROR   setup   problem running manager        {\"error\": \"x  y\"}");
        assert_eq!(record.logger.as_deref(), Some("setup"));
        assert_eq!(record.message, "problem running manager");
        assert_eq!(record.field("error"), Some("x  y"));
        assert!(head("2025-03-04T05:06:07Z  INFO widgets::controller: started").is_none());
    }

    #[test]
    fn a_table_row_is_no_record() {
        assert!(head("NAME\tREADY\tSTATUS").is_none());
        assert!(head("info\tlower case").is_none());
    }
}

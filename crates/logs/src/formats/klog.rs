//! klog text: `E0304 05:06:07.123456       1 reflector.go:227] "Failed to watch" err="…"`; also funcr behind a klog header.
//!
//! Source: kubernetes/klog v2 `internal/buffer`, `internal/serialize`. The header has no year and no zone.

use std::borrow::Cow;

use kloupe_model::Stamp;

use super::time::number;
use super::{Format, Joins, kv};
use crate::record::{Head, Level, Record};
use crate::text::unquote_go;

pub(super) static FORMAT: Format = Format { name: "klog", head, parse, joins: Joins::All };

/// The header's length up to the seconds' fraction: `E0304 05:06:07.123456`.
const STAMP_LEN: usize = 21;

fn head(line: &str) -> Option<Head> {
    let bytes = line.as_bytes();
    if bytes.len() < STAMP_LEN + 4 || bytes[5] != b' ' || bytes[8] != b':' || bytes[11] != b':' || bytes[14] != b'.' {
        return None;
    }
    let level = match bytes[0] {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    let month = i8::try_from(number(bytes, 1, 2)?).ok()?;
    let day = i8::try_from(number(bytes, 3, 2)?).ok()?;
    let part = |at| number(bytes, at, 2).and_then(|n| i8::try_from(n).ok());
    let time = (part(6)?, part(9)?, part(12)?);
    let micro = number(bytes, 15, 6)?;
    Some(Head { time: Stamp::from_civil(None, month, day, time, micro), level: Some(level) })
}

fn parse(text: &str) -> Record<'_> {
    let head = head(text).unwrap_or_default();
    let mut record = Record { time: head.time, level: head.level, ..Record::default() };
    let body = text.get(STAMP_LEN..).unwrap_or_default();
    let body = body.find("] ").map_or(body.trim_start(), |at| &body[at + 2..]);
    if let Some((message, after)) = unquote_go(body).filter(|(_, after)| !after.starts_with('=')) {
        record.message = message;
        let (fields, rest) = kv::pairs(after);
        record.fields = fields;
        record.rest = Cow::Borrowed(rest.trim_start_matches('\n'));
    } else {
        unstructured(body, &mut record);
    }
    record.logger = record.field("logger").map(|logger| Cow::Owned(logger.to_owned()));
    record
}

/// Free text, or `logger "msg"="text" "error"="e"` of funcr and klogr.
fn unstructured<'a>(body: &'a str, record: &mut Record<'a>) {
    if let Some(at) = body.find("\"msg\"=\"").filter(|at| !body[..*at].contains('\n')) {
        let start = body[..at].find('"').unwrap_or(at);
        let (fields, rest) = kv::pairs(&body[start..]);
        let mut message = Cow::Borrowed("");
        record.fields = fields
            .into_iter()
            .filter_map(|(key, value)| {
                if key == "msg" {
                    message = value;
                    None
                } else {
                    Some((key, value))
                }
            })
            .collect();
        record.message = message;
        record.rest = Cow::Borrowed(rest.trim_start_matches('\n'));
        let logger = body[..start].trim_end_matches([' ', ':']);
        if !logger.is_empty() {
            record.fields.push(("logger".into(), logger.into()));
        }
        return;
    }
    let (first, rest) = super::first_and_rest(body);
    record.message = Cow::Borrowed(first.trim_end());
    record.rest = Cow::Borrowed(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_record() {
        let line = r#"E0304 05:06:08.000001       1 reflector.go:227] "Failed to watch" err="failed to list *v1.Widget: a \"b\"" logger="UnhandledError" type="*v1.Widget""#;
        let record = parse(line);
        assert_eq!(record.message, "Failed to watch");
        assert_eq!(record.field("err"), Some(r#"failed to list *v1.Widget: a "b""#));
        assert_eq!(record.logger.as_deref(), Some("UnhandledError"));
        assert_eq!(record.level, Some(Level::Error));
    }

    #[test]
    fn free_text_keeps_its_further_lines() {
        let record =
            parse("F0304 05:06:08.000001    18 main.go:1] cannot go on: x\ngoroutine 1 [running]:\nmain.main()");
        assert_eq!(record.message, "cannot go on: x");
        assert_eq!(record.rest, "goroutine 1 [running]:\nmain.main()");
        assert_eq!(record.level, Some(Level::Fatal));
    }

    #[test]
    fn funcr_behind_a_klog_header() {
        let record =
            parse(r#"E0729 17:02:33.470461       1 l.go:93] example/metrics "msg"="cannot listen" "error"="in use" "#);
        assert_eq!(record.message, "cannot listen");
        assert_eq!(record.field("error"), Some("in use"));
        assert_eq!(record.field("logger"), Some("example/metrics"));
    }

    #[test]
    fn prose_that_starts_like_a_level_is_not_klog() {
        assert!(head("Every0304 05:06:07.123456 1 a.go:1] x").is_none());
        assert!(head("E1304 05:06:07 1 a.go:1] no fraction").is_none());
    }
}

//! `key=value` on the whole line: logrus, go-kit, slog text, hclog; also funcr without a header (`"level"=0 "msg"="…"`).

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest, kv, leading_time, time};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "logfmt", head, parse, joins: Joins::Indented };

const FIRST_KEYS: [&str; 10] = ["time", "level", "ts", "msg", "caller", "lvl", "t", "severity", "logger", "component"];

fn head(line: &str) -> Option<Head> {
    let start = line.trim_start_matches('"');
    let key_end = start.find(['=', '"', ' '])?;
    // funcr writes an error's record without a level: `"error"="boom" "msg"="cannot sync"`.
    if line.starts_with("\"error\"=") && line.contains(" \"msg\"=") {
        return Some(Head { time: None, level: Some(Level::Error) });
    }
    if !FIRST_KEYS.contains(&&start[..key_end]) || !start[key_end..].trim_start_matches('"').starts_with('=') {
        return None;
    }
    let value = |key: &str| {
        let at = if line.starts_with(key) { 0 } else { line.find(&format!(" {key}"))? + 1 };
        let after = line[at + key.len()..].trim_start_matches(['"']);
        Some(after[..after.find([' ', '"']).unwrap_or(after.len())].trim())
    };
    let level = ["level=", "lvl=", "severity="].iter().find_map(|key| value(key)).and_then(Level::from_word);
    let time = ["time=", "ts=", "t="].iter().find_map(|key| value(key)).and_then(|text| {
        text.parse::<f64>().ok().and_then(time::from_number).or_else(|| leading_time(text).and_then(|(stamp, _)| stamp))
    });
    Some(Head { time, level })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let head = head(line).unwrap_or_default();
    let mut record = Record { time: head.time, level: head.level, rest: Cow::Borrowed(rest), ..Record::default() };
    let (fields, left) = kv::pairs(line);
    for (key, value) in fields {
        match key.as_ref() {
            "msg" | "message" if record.message.is_empty() => record.message = value,
            "level" | "lvl" | "severity" | "time" | "ts" | "t" => {
                if let (None, "level" | "lvl" | "severity") = (record.level, key.as_ref()) {
                    record.level = Level::from_word(&value);
                }
            }
            "logger" | "component" | "module" => {
                record.logger = Some(value.clone());
                record.fields.push((key, value));
            }
            _ => record.fields.push((key, value)),
        }
    }
    if record.message.is_empty() && !left.is_empty() {
        record.message = Cow::Borrowed(left);
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logrus_text() {
        let record =
            parse(r#"time="2025-03-04T05:06:07Z" level=warning msg="cannot sync" error="x: \"y\"" controller=cart"#);
        assert_eq!(record.message, "cannot sync");
        assert_eq!(record.level, Some(Level::Warn));
        assert_eq!(record.field("error"), Some("x: \"y\""));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2025-03-04 05:06:07 UTC"));
    }

    #[test]
    fn an_error_of_funcr_has_no_level() {
        let line = r#""error"="boom" "msg"="cannot sync" "key"="a/b""#;
        assert_eq!(head(line).and_then(|head| head.level), Some(Level::Error));
        let record = parse(line);
        assert_eq!((record.message.as_ref(), record.field("error")), ("cannot sync", Some("boom")));
        assert!(head(r#""error"="boom""#).is_none(), "a value alone is no record");
    }

    #[test]
    fn go_kit_order() {
        let record = parse(
            "level=error ts=2025-03-04T05:06:07.123Z caller=operator.go:1 component=op msg=\"sync failed\" err=boom",
        );
        assert_eq!(record.level, Some(Level::Error));
        assert_eq!(record.field("err"), Some("boom"));
        assert_eq!(record.logger.as_deref(), Some("op"));
    }

    #[test]
    fn an_assignment_is_no_record() {
        assert!(head("PATH=/bin foo").is_none());
        assert!(head("time flies").is_none());
    }
}

//! One JSON object a line: zap, component-base, logrus, zerolog, slog, tracing, ECS. They differ in the names of their keys only.

use std::borrow::Cow;

use kloupe_model::Stamp;
use memchr::memmem;
use serde_json::{Map, Value};

use super::{Format, Joins, time};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "json", head, parse, joins: Joins::Indented };

const MESSAGE_KEYS: [&str; 4] = ["msg", "message", "fields.message", "event"];
const LEVEL_KEYS: [&str; 6] = ["level", "severity", "lvl", "log.level", "levelname", "loglevel"];
const TIME_KEYS: [&str; 7] = ["ts", "time", "timestamp", "@timestamp", "t", "asctime", "timestampSeconds"];
const LOGGER_KEYS: [&str; 5] = ["logger", "target", "loggerName", "log.logger", "component"];
const STACK_KEYS: [&str; 6] = ["stacktrace", "stack", "errorVerbose", "stackTrace", "exc_info", "error.stack_trace"];

fn head(line: &str) -> Option<Head> {
    let line = line.trim_end();
    if !line.starts_with('{') || !line[1..].trim_start().starts_with('"') {
        return None;
    }
    let cut = !line.ends_with('}');
    if cut && ![&LEVEL_KEYS[..], &MESSAGE_KEYS].concat().iter().any(|key| raw_value(line, key).is_some()) {
        return None;
    }
    let level = LEVEL_KEYS.iter().find_map(|key| raw_value(line, key)).and_then(Level::from_word);
    let time = TIME_KEYS.iter().find_map(|key| raw_value(line, key)).and_then(parse_time);
    Some(Head { time, level: level.or_else(|| component_base_level(line)) })
}

/// component-base writes no level: `v` stands on info records only.
fn component_base_level(line: &str) -> Option<Level> {
    let has = |needle: &str| memmem::find(line.as_bytes(), needle.as_bytes()).is_some();
    if !has("\"caller\":") {
        return None;
    }
    Some(if has("\"v\":") { Level::Info } else { Level::Error })
}

/// The raw text of a top-level-looking key's value, without taking the object apart.
fn raw_value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let mut pattern = [0u8; 24];
    let needle = {
        let len = key.len() + 3;
        pattern[0] = b'"';
        pattern[1..=key.len()].copy_from_slice(key.as_bytes());
        pattern[key.len() + 1..len].copy_from_slice(b"\":");
        &pattern[..len]
    };
    let after = line[memmem::find(line.as_bytes(), needle)? + needle.len()..].trim_start();
    if let Some(text) = after.strip_prefix('"') {
        return text.split('"').next();
    }
    let end = after.find([',', '}', ' ']).unwrap_or(after.len());
    Some(&after[..end]).filter(|value| !value.is_empty())
}

fn parse_time(text: &str) -> Option<Stamp> {
    if let Ok(number) = text.parse::<f64>() {
        return time::from_number(number);
    }
    time::leading_time(text).and_then(|(stamp, _)| stamp)
}

fn parse(text: &str) -> Record<'_> {
    let head = head(text.lines().next().unwrap_or_default()).unwrap_or_default();
    let mut record = Record { time: head.time, level: head.level, ..Record::default() };
    let (object, rest) = split_object(text);
    let Some(object) = object else {
        record.message = Cow::Borrowed(text);
        return record;
    };
    let mut flat = Vec::new();
    flatten("", object, &mut flat, 0);
    let mut take = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            let at = flat.iter().rposition(|(name, value)| name == key && !value.is_empty())?;
            Some(flat.remove(at).1)
        })
    };
    record.message = Cow::Owned(take(&MESSAGE_KEYS).unwrap_or_default());
    let level = take(&LEVEL_KEYS);
    record.level = level.as_deref().and_then(Level::from_word).or(record.level);
    take(&TIME_KEYS);
    let stack = take(&STACK_KEYS).unwrap_or_default();
    record.logger = LOGGER_KEYS
        .iter()
        .find_map(|key| flat.iter().find(|(name, _)| name == key))
        .map(|(_, logger)| Cow::Owned(logger.clone()));
    record.fields = flat
        .into_iter()
        .map(|(key, value)| {
            (Cow::Owned(key.strip_prefix("fields.").map(str::to_owned).unwrap_or(key)), Cow::Owned(value))
        })
        .collect();
    record.rest = match (stack.is_empty(), rest.is_empty()) {
        (true, _) => Cow::Borrowed(rest),
        (false, true) => Cow::Owned(stack),
        (false, false) => Cow::Owned(format!("{stack}\n{rest}")),
    };
    record
}

/// The object at the start of the text, and the lines after it. A pretty-printed object spans lines.
fn split_object(text: &str) -> (Option<Map<String, Value>>, &str) {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    if let Some(Ok(object)) = stream.next() {
        let end = stream.byte_offset();
        (Some(object), text[end..].trim_start_matches(['\r', '\n']))
    } else {
        let line = text.lines().next().unwrap_or_default();
        mended(line).map_or((None, ""), |(object, end)| (Some(object), &line[end..]))
    }
}

/// Whether a text that starts as an object has not come to its closing brace.
pub(crate) fn is_open(text: &str) -> bool {
    text.starts_with('{') && (!text.ends_with('}') || !open_brackets(text).is_empty())
}

/// Where a second record begins on the line of a first that is whole: its line break was lost.
pub(crate) fn second(line: &str) -> Option<usize> {
    const STARTS: [&str; 4] = ["\"level\":", "\"severity\":", "\"ts\":", "\"time\":"];
    const GAP: usize = 80;
    let mut objects = memmem::find_iter(line.as_bytes(), b"{\"").skip(1);
    let at = objects.find(|at| STARTS.iter().any(|start| line[at + 1..].starts_with(start)))?;
    let (first, gap) = line[..at].rsplit_once('}')?;
    let whole = || open_brackets(first) == "}";
    (gap.len() <= GAP && !gap.contains('"') && whole()).then_some(at)
}

/// An object that was cut: what is open is closed; where that makes no object, the last pairs are given up. With it, how far it goes.
fn mended(text: &str) -> Option<(Map<String, Value>, usize)> {
    let closed = |text: &str| {
        let open = open_brackets(text);
        let text = if open.starts_with('"') { text.trim_end_matches('\\') } else { text };
        serde_json::from_str(&format!("{text}{open}")).ok()
    };
    if let Some(object) = closed(text) {
        return Some((object, text.len()));
    }
    let pairs = text.rmatch_indices(",\"").map(|(at, _)| at);
    pairs.take(4).find_map(|at| Some((closed(&text[..at])?, at)))
}

/// What has to follow so that every string, array and object of the text is closed.
fn open_brackets(text: &str) -> String {
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => open.push('}'),
            '[' if !quoted => open.push(']'),
            '}' | ']' if !quoted => {
                open.pop();
            }
            _ => {}
        }
    }
    quoted.then_some('"').into_iter().chain(open.into_iter().rev()).collect()
}

const MAX_DEPTH: usize = 6;

/// Objects inside objects become dotted keys; a string that holds JSON is opened too.
fn flatten(prefix: &str, object: Map<String, Value>, flat: &mut Vec<(String, String)>, depth: usize) {
    for (key, value) in object {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) if depth < MAX_DEPTH => flatten(&key, inner, flat, depth + 1),
            Value::String(text) if depth < MAX_DEPTH && text.starts_with('{') && text.ends_with('}') => {
                match serde_json::from_str::<Map<String, Value>>(&text) {
                    Ok(inner) => flatten(&key, inner, flat, depth + 1),
                    Err(_) => flat.push((key, text)),
                }
            }
            Value::String(text) => flat.push((key, text)),
            Value::Null => {}
            other => flat.push((key, other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zap_record() {
        let record = parse(
            r#"{"level":"error","ts":"2025-03-04T05:06:07Z","msg":"Reconciler error","Widget":{"name":"w1","namespace":"team-a"},"name":"w1","error":"x \"y\"","stacktrace":"a\n\tb"}"#,
        );
        assert_eq!(record.message, "Reconciler error");
        assert_eq!(record.field("Widget.name"), Some("w1"));
        assert_eq!(record.field("error"), Some("x \"y\""));
        assert_eq!(record.rest, "a\n\tb");
        assert_eq!(record.level, Some(Level::Error));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2025-03-04 05:06:07 UTC"));
    }

    #[test]
    fn component_base_has_no_level() {
        let info = r#"{"ts":1741064767123.456,"caller":"a/b.go:1","msg":"x","v":0}"#;
        let error = r#"{"ts":1741064767123.456,"caller":"a/b.go:1","msg":"x","err":"y"}"#;
        assert_eq!(parse(info).level, Some(Level::Info));
        assert_eq!(parse(error).level, Some(Level::Error));
        assert_eq!(parse(error).time.map(|t| t.to_string()).as_deref(), Some("2025-03-04 05:06:07 UTC"));
    }

    #[test]
    fn tracing_fields_and_nested_json() {
        let record = parse(
            r#"{"timestamp":"2025-03-04T05:06:07Z","level":"WARN","fields":{"message":"list failed","error":"{\"code\":403}"},"target":"op"}"#,
        );
        assert_eq!(record.message, "list failed");
        assert_eq!(record.field("error.code"), Some("403"));
        assert_eq!(record.logger.as_deref(), Some("op"));
    }

    #[test]
    fn a_cut_object_is_read_as_far_as_it_goes() {
        let record = parse(r#"{"level":"error","ts":1741064767.1,"msg":"failed","error":"no \"Wid"#);
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Error), "failed"));
        assert_eq!(record.field("error"), Some("no \"Wid"));
        let record = parse(r#"{"level":"error","msg":"failed","Widget":{"name":"w1"},"contr"#);
        assert_eq!((record.message.as_ref(), record.field("Widget.name")), ("failed", Some("w1")));
    }

    #[test]
    fn a_second_record_on_the_line_is_found() {
        let line = r#"{"level":"info","msg":"a"}widget-1 {"level":"error","msg":"b"}"#;
        assert_eq!(second(line).map(|at| &line[at..]), Some(r#"{"level":"error","msg":"b"}"#));
        assert_eq!(second(r#"{"level":"info","inner":{"level":"error"}}"#), None);
        assert_eq!(second(r#"{"level":"info","msg":"got {}{\"level\":1}"}"#), None);
        assert_eq!(second(r#"{"level":"info","msg":"a"}"#), None);
    }

    #[test]
    fn what_broken_quotes_hide_is_kept_as_text() {
        let record = parse(r#"{"level":"error","msg":"failed","error":"Get "https://10.0.0.1": i/o timeout","n":1}"#);
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Error), "failed"));
        assert!(record.rest.contains("i/o timeout"), "{}", record.rest);
    }

    #[test]
    fn other_braces_are_no_record() {
        for line in ["{APIGroups:[apps]}", r#"{"kind":"Wid"#, "{widget"] {
            assert!(head(line).is_none(), "{line}");
        }
    }
}

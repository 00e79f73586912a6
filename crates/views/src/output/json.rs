//! JSON as Go writes it: keys sorted, four spaces, `<`, `>` and `&` escaped.

use serde_json::Value;

use super::go::json_number;
use super::{Fields, Frame, Kind, Printer, Settings};

/// `json`.
pub(super) static FORMAT: Kind = Kind { names: &["json"], template: None, make: |_, _| Ok(Box::new(Json)) };

#[derive(Debug)]
struct Json;

impl Printer for Json {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        text.push_str(&indented_as(&settings.without_managed_fields(object), settings.fields));
        text.push('\n');
        Ok(())
    }

    fn frame(&self, _: Settings) -> Option<Frame> {
        Some(Frame {
            before: "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n",
            between: ",\n",
            after: "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
        })
    }
}

/// Over several lines, without a last newline.
pub(super) fn indented(value: &Value) -> String {
    indented_as(value, Fields::Sorted)
}

fn indented_as(value: &Value, order: Fields) -> String {
    let mut text = String::new();
    write(value, Some(0), order, &mut text);
    text
}

/// On one line.
pub(super) fn compact(value: &Value) -> String {
    compact_as(value, Fields::Sorted)
}

pub(super) fn compact_as(value: &Value, order: Fields) -> String {
    let mut text = String::new();
    write(value, None, order, &mut text);
    text
}

fn write(value: &Value, level: Option<usize>, order: Fields, text: &mut String) {
    let inner = level.map(|level| level + 1);
    let line = |level: Option<usize>, text: &mut String| {
        if let Some(level) = level {
            text.push('\n');
            text.push_str(&"    ".repeat(level));
        }
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                line(inner, text);
                write(item, inner, order, text);
            }
            line(level, text);
            text.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            text.push('{');
            for (at, (key, value)) in order.of(fields).into_iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                line(inner, text);
                string(key, text);
                text.push_str(if level.is_some() { ": " } else { ":" });
                write(value, inner, order, text);
            }
            line(level, text);
            text.push('}');
        }
        Value::String(content) => string(content, text),
        Value::Number(number) => text.push_str(&json_number(number)),
        other => text.push_str(&other.to_string()),
    }
}

fn string(content: &str, text: &mut String) {
    text.push('"');
    for c in content.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}

/// What a YAML reader refuses in JSON.
pub(super) fn as_yaml_reads_it(value: &Value) -> Result<(), String> {
    let fits = |text: &str| {
        !text.contains(|c| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
    };
    let refused = || Err("yaml: control characters are not allowed".to_owned());
    match value {
        Value::String(text) if !fits(text) => refused(),
        Value::Array(items) => items.iter().try_for_each(as_yaml_reads_it),
        Value::Object(fields) => {
            fields.iter().try_for_each(|(key, value)| if fits(key) { as_yaml_reads_it(value) } else { refused() })
        }
        _ => Ok(()),
    }
}

/// Text of JSON as a YAML reader takes it: it knows one more line break, and folds lines.
pub(super) fn folded(text: &str) -> String {
    if !text.contains('\u{85}') {
        return text.to_owned();
    }
    let mut read = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        read.push_str(rest[..at].trim_end_matches(' '));
        let after = rest[at..].trim_start_matches([' ', '\u{85}']);
        let breaks = rest[at..rest.len() - after.len()].matches('\u{85}').count();
        read.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
        rest = after;
    }
    read + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_text_are_written_as_go_writes_them() {
        let value =
            json!({"n": [1e20, 1e21, -0.0, 1_000_000.0, 0.00001, 1e-7], "s": "<&>\u{2028}\"\\/\u{8}\u{c}\u{7f}\u{1}é"});
        assert_eq!(
            compact(&value),
            "{\"n\":[100000000000000000000,1e+21,-0,1000000,0.00001,1e-7],\
             \"s\":\"\\u003c\\u0026\\u003e\\u2028\\\"\\\\/\\b\\f\u{7f}\\u0001é\"}"
        );
        assert_eq!(indented(&json!({"e": [], "m": {}})), "{\n    \"e\": [],\n    \"m\": {}\n}");
    }

    #[test]
    fn a_yaml_reader_folds_and_refuses() {
        assert_eq!(folded("a \u{85} b\u{85}\u{85}c"), "a b\nc");
        assert!(as_yaml_reads_it(&json!(["\u{7f}"])).is_err());
        assert!(as_yaml_reads_it(&json!(["\u{85}\u{1b}"])).is_ok());
    }
}

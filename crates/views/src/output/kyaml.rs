//! KYAML: YAML with braces, brackets and quotes, which cannot be misread.

use serde_json::Value;

use super::go::{is_print, json_number};
use super::{Fields, Kind, Printer, Settings};
use super::{json, yaml};

/// `kyaml`.
pub(super) static FORMAT: Kind = Kind { names: &["kyaml"], template: None, make: |_, _| Ok(Box::new(Kyaml)) };

#[derive(Debug)]
struct Kyaml;

impl Printer for Kyaml {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        let object = settings.without_managed_fields(object);
        json::as_yaml_reads_it(&object).map_err(|error| format!("error decoding: {error}"))?;
        text.push_str("---\n");
        write(&object, 0, settings.fields, text);
        text.push('\n');
        Ok(())
    }
}

fn indent(level: usize, text: &mut String) {
    text.push_str(&"  ".repeat(level));
}

fn write(value: &Value, level: usize, order: Fields, text: &mut String) {
    match value {
        Value::Object(fields) if fields.is_empty() => text.push_str("{}"),
        Value::Object(fields) => {
            text.push_str("{\n");
            for (key, value) in order.of(fields) {
                indent(level + 1, text);
                write_key(key, text);
                text.push_str(": ");
                write(value, level + 1, order, text);
                text.push_str(",\n");
            }
            indent(level, text);
            text.push('}');
        }
        Value::Array(items) if items.iter().all(|item| item.is_object() || item.is_array()) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write(item, level, order, text);
            }
            text.push(']');
        }
        Value::Array(items) => {
            text.push_str("[\n");
            for item in items {
                indent(level + 1, text);
                write(item, level + 1, order, text);
                text.push_str(",\n");
            }
            indent(level, text);
            text.push(']');
        }
        Value::String(content) => write_text(&json::folded(content), level + 1, text),
        Value::Number(number) => text.push_str(&json_number(number)),
        Value::Bool(_) | Value::Null => text.push_str(&value.to_string()),
    }
}

/// Several lines are folded, each on a line of its own.
fn write_text(content: &str, level: usize, text: &mut String) {
    let lines = content.contains('\n');
    text.push('"');
    if lines {
        text.push_str("\\\n");
    }
    let mut fresh = lines;
    for c in content.chars() {
        if std::mem::take(&mut fresh) {
            indent(level, text);
            text.push(if c.is_whitespace() && c != '\n' { '\\' } else { ' ' });
        }
        match c {
            '\n' => {
                text.push_str("\\n\\\n");
                fresh = true;
            }
            '\t' => text.push('\t'),
            c => escape(c, text),
        }
    }
    if lines {
        if !fresh {
            text.push_str("\\\n");
        }
        indent(level, text);
    }
    text.push('"');
}

fn write_key(key: &str, text: &mut String) {
    if !needs_quotes(key) {
        text.push_str(key);
        return;
    }
    text.push('"');
    for c in json::folded(key).chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c => escape(c, text),
        }
    }
    text.push('"');
}

fn escape(c: char, text: &mut String) {
    let short = match c {
        '"' | '\\' => c,
        c if is_print(c) => {
            text.push(c);
            return;
        }
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{b}' => 'v',
        '\0' => '0',
        '\u{1b}' => 'e',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(c);
            text.push_str(&match code {
                0..0x20 | 0x7f => format!("\\x{code:02x}"),
                0x20..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            });
            return;
        }
    };
    text.push('\\');
    text.push(short);
}

/// Whether a key could be taken for something else than text.
fn needs_quotes(key: &str) -> bool {
    if key.is_empty() || is_ambiguous(key) {
        return true;
    }
    let last = key.chars().count() - 1;
    !key.chars().enumerate().all(|(at, c)| {
        c.is_alphabetic() || c.is_numeric() || c == '_' || (0 < at && at < last && matches!(c, '-' | '.' | '/'))
    })
}

/// Whether some reader takes the key for a null, a truth value, a number or a time.
fn is_ambiguous(key: &str) -> bool {
    const WORDS: [&str; 14] =
        ["null", "true", "y", "yes", "on", "false", "n", "no", "off", "t", "f", "nan", "inf", "infinity"];
    let lower = key.to_ascii_lowercase();
    let hexadecimal = || {
        let (digits, power) = lower.strip_prefix("0x").and_then(|rest| rest.split_once('p'))?;
        let fits = digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.') && power.parse::<i32>().is_ok();
        Some(fits && !digits.is_empty())
    };
    WORDS.contains(&lower.as_str()) || yaml::is_number_or_time(key) || hexadecimal() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_quoted_where_a_reader_could_take_it_for_something_else() {
        for key in ["", "no", "T", "NULL", "0x1", "1_0", "1e3", "0x1p3", "2026-01-02", "a b", "-a", "a/", "a:b", "inf"]
        {
            assert!(needs_quotes(key), "{key}");
        }
        for key in ["nope", "1a", "_", "a.b/c", "app.kubernetes.io/name", "é", "0x", "1e400", "2026-13-45"] {
            assert!(!needs_quotes(key), "{key}");
        }
    }
}

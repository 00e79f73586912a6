//! JSON as Go writes it: keys sorted, four spaces, `<`, `>` and `&` escaped.

use serde_json::Value;

/// Over several lines, without a last newline.
pub(super) fn indented(value: &Value) -> String {
    let mut text = String::new();
    write(value, Some(0), &mut text);
    text
}

/// On one line.
pub(super) fn compact(value: &Value) -> String {
    let mut text = String::new();
    write(value, None, &mut text);
    text
}

fn write(value: &Value, level: Option<usize>, text: &mut String) {
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
                write(item, inner, text);
            }
            line(level, text);
            text.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            text.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                line(inner, text);
                string(key, text);
                text.push_str(if level.is_some() { ": " } else { ":" });
                write(&fields[key], inner, text);
            }
            line(level, text);
            text.push('}');
        }
        Value::String(content) => string(content, text),
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

//! YAML as kubectl writes it: keys sorted, lists at the level of their key, plain scalars where a reader takes them for text.

use serde_json::Value;

/// A document.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => map(value, 0, &mut text),
        Value::Array(items) if !items.is_empty() => list(items, 0, &mut text),
        scalar => {
            text.push_str(&inline(scalar, 0));
            text.push('\n');
        }
    }
    text
}

fn map(value: &Value, level: usize, text: &mut String) {
    let Value::Object(fields) = value else { return };
    let mut keys: Vec<&String> = fields.keys().collect();
    keys.sort_by_cached_key(|key| natural(key));
    for (at, key) in keys.into_iter().enumerate() {
        if at > 0 {
            indent(level, text);
        }
        text.push_str(&scalar(key, level));
        text.push(':');
        match &fields[key] {
            Value::Object(inner) if !inner.is_empty() => {
                text.push('\n');
                indent(level + 1, text);
                map(&fields[key], level + 1, text);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                indent(level, text);
                list(items, level, text);
            }
            other => {
                text.push(' ');
                let column = level * 2 + scalar_width(key) + 2;
                text.push_str(&folded(inline(other, level + 1), level + 1, column));
                text.push('\n');
            }
        }
    }
}

fn scalar_width(key: &str) -> usize {
    scalar(key, 0).chars().count()
}

/// A scalar of one line is broken at the first single blank beyond this column.
const WIDTH: usize = 80;

fn folded(scalar: String, level: usize, start: usize) -> String {
    if scalar.starts_with(['|', '"']) || scalar.len() + start <= WIDTH {
        return scalar;
    }
    let mut text = String::new();
    let mut column = start;
    let mut before = '\'';
    let mut characters = scalar.chars().peekable();
    while let Some(c) = characters.next() {
        let single = before != ' ' && characters.peek().is_some_and(|next| !matches!(next, ' ' | '\''));
        if c == ' ' && single && column > WIDTH {
            text.push('\n');
            indent(level, &mut text);
            column = level * 2;
        } else {
            text.push(c);
            column += 1;
        }
        before = c;
    }
    text
}

/// Keys sort by their letters, numbers inside them by value.
fn natural(key: &str) -> Vec<(bool, u128, String)> {
    let mut parts: Vec<(bool, u128, String)> = Vec::new();
    for c in key.chars() {
        let digit = c.is_ascii_digit();
        match parts.last_mut() {
            Some((is_number, number, _)) if digit && *is_number => {
                *number = number.saturating_mul(10).saturating_add(u128::from(c.to_digit(10).unwrap_or_default()));
            }
            _ if digit => parts.push((true, u128::from(c.to_digit(10).unwrap_or_default()), String::new())),
            _ => parts.push((c.is_alphabetic(), 0, c.to_string())),
        }
    }
    // Numbers stand before letters, other characters before both.
    parts
        .into_iter()
        .map(|(known, number, text)| if text.is_empty() { (true, number, String::new()) } else { (known, 0, text) })
        .collect()
}

fn list(items: &[Value], level: usize, text: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            indent(level, text);
        }
        text.push_str("- ");
        match item {
            Value::Object(fields) if !fields.is_empty() => map(item, level + 1, text),
            Value::Array(inner) if !inner.is_empty() => list(inner, level + 1, text),
            other => {
                text.push_str(&folded(inline(other, level + 1), level + 1, level * 2 + 2));
                text.push('\n');
            }
        }
    }
}

fn indent(level: usize, text: &mut String) {
    text.push_str(&"  ".repeat(level));
}

fn inline(value: &Value, level: usize) -> String {
    match value {
        Value::String(content) => scalar(content, level),
        Value::Array(_) => "[]".into(),
        Value::Object(_) => "{}".into(),
        other => other.to_string(),
    }
}

fn scalar(content: &str, level: usize) -> String {
    let printable = content.chars().all(|c| c == '\n' || c == '\t' || !c.is_control() && c != '\u{feff}');
    if content.contains('\n')
        && printable
        && !content.starts_with([' ', '\n', '\t'])
        && !content.contains(" \n")
        && !content.ends_with(' ')
    {
        return block(content, level);
    }
    if !printable || content.contains('\n') || content.contains('\t') {
        return double_quoted(content);
    }
    if reads_as_other(content) {
        return format!("\"{content}\"");
    }
    if needs_quotes(content) { format!("'{}'", content.replace('\'', "''")) } else { content.to_owned() }
}

fn block(content: &str, level: usize) -> String {
    let trimmed = content.trim_end_matches('\n');
    let chomp = match content.len() - trimmed.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let mut text = format!("|{chomp}");
    for line in content.strip_suffix('\n').unwrap_or(content).split('\n') {
        text.push('\n');
        if !line.is_empty() {
            indent(level.max(1), &mut text);
            text.push_str(line);
        }
    }
    text
}

fn double_quoted(content: &str) -> String {
    let mut text = String::from("\"");
    for c in content.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{1b}' => text.push_str("\\e"),
            '\0' => text.push_str("\\0"),
            c if c.is_control() || c == '\u{feff}' => text.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// What a reader would take for a number, a truth value, a null or a time.
fn reads_as_other(content: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".nan", ".inf"];
    let lower = content.to_ascii_lowercase();
    if content.is_empty() || WORDS.contains(&lower.as_str()) || matches!(lower.as_str(), "-.inf" | "+.inf") {
        return true;
    }
    let number = content.strip_prefix(['+', '-']).unwrap_or(content);
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let plain = number.replace('_', "");
    let based =
        |prefix: &str, radix| plain.strip_prefix(prefix).is_some_and(|rest| u64::from_str_radix(rest, radix).is_ok());
    let time =
        number.len() >= 8 && number.as_bytes().get(4) == Some(&b'-') && number[..4].bytes().all(|b| b.is_ascii_digit());
    let sexagesimal = number.contains(':')
        && number.split(':').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    plain.parse::<f64>().is_ok() && plain != "."
        || based("0x", 16)
        || based("0o", 8)
        || based("0b", 2)
        || time
        || sexagesimal
}

fn needs_quotes(content: &str) -> bool {
    let first = content.chars().next().unwrap_or(' ');
    let second = content.chars().nth(1);
    let indicator =
        matches!(first, ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`')
            || matches!(first, '-' | '?' | ':') && second.is_none_or(|c| c == ' ');
    indicator
        || content.starts_with(' ')
        || content.ends_with(' ')
        || content.contains(": ")
        || content.ends_with(':')
        || content.contains(" #")
        || content.starts_with("---")
        || content.starts_with("...")
        || content == "="
        || content == "<<"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_stand_at_the_level_of_their_key_and_keys_are_sorted() {
        let object = json!({"b": [{"y": 1, "x": "t"}, "s"], "a": {"e": {}, "l": []}, "n": null});
        assert_eq!(document(&object), "a:\n  e: {}\n  l: []\nb:\n- x: t\n  \"y\": 1\n- s\n\"n\": null\n");
    }

    #[test]
    fn text_that_a_reader_would_take_for_something_else_is_quoted() {
        for quoted in ["yes", "123", "1.5", "null", "", "0x1f", "1e3", "2026-01-02", "12:30"] {
            assert_eq!(scalar(quoted, 0), format!("\"{quoted}\""), "{quoted}");
        }
        for plain in ["v1", "a:b", "1.2.3", "100m", "-x", "a#b", "10.0.0.1", "/path"] {
            assert_eq!(scalar(plain, 0), plain);
        }
        assert_eq!(scalar("a: b", 0), "'a: b'");
        assert_eq!(scalar("*", 0), "'*'");
        assert_eq!(scalar("it's: x", 0), "'it''s: x'");
    }

    #[test]
    fn lines_stand_in_a_block() {
        assert_eq!(document(&json!({"a": "x\ny\n"})), "a: |\n  x\n  y\n");
        assert_eq!(document(&json!({"a": "x\n\ny"})), "a: |-\n  x\n\n  y\n");
    }
}

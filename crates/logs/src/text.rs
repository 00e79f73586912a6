//! Text as people pasted it: terminal escapes, HTML entities, Go string literals.

use std::borrow::Cow;

use crate::formats;
use crate::prefix;
use crate::record::Record;

/// The text without terminal escapes and control characters, so that it can be shown. Line breaks and TABs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    let dirty = |c: char| {
        c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(dirty) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            skip_escape(&mut chars);
        } else if !dirty(c) {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// Skips what follows an ESC: a control sequence up to its final byte, an operating system command up to BEL or ST, or one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => while chars.next().is_some_and(|c| !('\u{40}'..='\u{7e}').contains(&c)) {},
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || c == '\u{1b}' && chars.next_if_eq(&'\\').is_some() {
                    break;
                }
            }
        }
        _ => {}
    }
}

const ENTITIES: [(&str, &str); 7] =
    [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&amp;", "&")];

/// Decodes the HTML entities that a `<pre>` leaves in pasted logs.
pub(crate) fn unescape_html(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    if !ENTITIES.iter().any(|(entity, _)| text.contains(entity)) {
        return Cow::Borrowed(text);
    }
    let mut plain = text.to_owned();
    for (entity, character) in ENTITIES {
        plain = plain.replace(entity, character);
    }
    Cow::Owned(plain)
}

/// A Go (or JSON) string literal at the start of `text`: its value, and what follows it. `None` if there is none or it is not closed.
pub(crate) fn unquote_go(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('"')?;
    let bytes = inner.as_bytes();
    let plain_end = memchr::memchr2(b'"', b'\\', bytes)?;
    if bytes[plain_end] == b'"' {
        return Some((Cow::Borrowed(&inner[..plain_end]), &inner[plain_end + 1..]));
    }
    let mut value = String::with_capacity(inner.len().min(4096));
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Cow::Owned(value), &inner[at + 1..])),
            '\\' => {
                let (_, escape) = chars.next()?;
                push_escape(&mut value, escape, &mut chars);
            }
            c => value.push(c),
        }
    }
    None
}

fn push_escape(value: &mut String, escape: char, chars: &mut std::str::CharIndices<'_>) {
    let hex = |digits: usize, chars: &mut std::str::CharIndices<'_>| {
        let text = chars.as_str().get(..digits)?;
        let code = u32::from_str_radix(text, 16).ok()?;
        chars.nth(digits - 1);
        char::from_u32(code)
    };
    match escape {
        'n' => value.push('\n'),
        't' => value.push('\t'),
        'r' => value.push('\r'),
        'a' | 'b' | 'f' | 'v' => {}
        'x' => value.push(hex(2, chars).unwrap_or('\u{fffd}')),
        'u' => value.push(hex(4, chars).unwrap_or('\u{fffd}')),
        'U' => value.push(hex(8, chars).unwrap_or('\u{fffd}')),
        other => value.push(other),
    }
}

/// Takes a text apart that is one record: prefixes off, format found, fields unquoted. Text of no known format is a plain message.
pub fn parse_record(text: &str) -> Record<'_> {
    let stripped = prefix::strip(text);
    let time = stripped.time;
    let mut record = match stripped.text {
        Cow::Borrowed(text) => parse_plain(text),
        Cow::Owned(text) => owned(parse_plain(&text)),
    };
    record.time = record.time.or(time);
    record
}

fn parse_plain(text: &str) -> Record<'_> {
    if let Some((format, _)) = formats::detect(text.lines().next().unwrap_or_default()) {
        return (format.parse)(text);
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    Record { message: Cow::Borrowed(first), rest: Cow::Borrowed(rest), ..Record::default() }
}

fn owned(record: Record<'_>) -> Record<'static> {
    Record {
        time: record.time,
        level: record.level,
        logger: record.logger.map(|logger| Cow::Owned(logger.into_owned())),
        message: Cow::Owned(record.message.into_owned()),
        fields: record
            .fields
            .into_iter()
            .map(|(k, v)| (Cow::Owned(k.into_owned()), Cow::Owned(v.into_owned())))
            .collect(),
        rest: Cow::Owned(record.rest.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_out_whole() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}x\u{8}y\r"), "red xy");
        assert_eq!(clean("plain\ttext"), "plain\ttext");
    }

    #[test]
    fn go_literals() {
        assert_eq!(unquote_go(r#""a \"b\" A\n" k=v"#), Some(("a \"b\" A\n".into(), " k=v")));
        assert_eq!(unquote_go(r#""never closed"#), None);
        assert_eq!(unquote_go(r#""cut \u00"#), None);
    }
}

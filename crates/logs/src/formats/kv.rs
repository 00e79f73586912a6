//! `key=value` pairs as klog, logfmt, logrus, slog and funcr write them.

use std::borrow::Cow;

use crate::text::unquote_go;

/// Key and value, unquoted.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads pairs from the start of `text` for as long as there are any; gives them and what is left.
///
/// Keys may be quoted (funcr). Values are Go-quoted, bare up to a blank, a bracketed structure (older klog prints structs and maps bare),
/// or klog's multi-line form (`key=<`, lines that begin with a TAB, a line that begins with ` >`).
pub(crate) fn pairs(text: &str) -> (Vec<Pair<'_>>, &str) {
    let mut found = Vec::new();
    let mut left = text.trim_start_matches(' ');
    while let Some((key, after)) = key(left) {
        let Some((value, after)) = value(after) else { break };
        found.push((key, value));
        left = after.trim_start_matches(' ');
    }
    (found, left)
}

fn key(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if text.starts_with('"') {
        let (key, after) = unquote_go(text)?;
        return after.strip_prefix('=').map(|after| (key, after));
    }
    let end = text.find(['=', ' ', '"', '\t', '\n'])?;
    let (key, after) = text.split_at(end);
    if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/:@()".contains(&b)) {
        return None;
    }
    after.strip_prefix('=').map(|after| (Cow::Borrowed(key), after))
}

fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    match text.as_bytes().first() {
        Some(b'"') => unquote_go(text).or(Some((Cow::Borrowed(text), ""))),
        Some(b'<') if text.starts_with("<\n") => Some(multi_line(&text[2..])),
        Some(b'{' | b'[' | b'&') => Some(structure(text)),
        _ => {
            let end = text.find([' ', '\n']).unwrap_or(text.len());
            Some((Cow::Borrowed(&text[..end]), &text[end..]))
        }
    }
}

fn multi_line(text: &str) -> (Cow<'_, str>, &str) {
    let mut value = String::new();
    let mut left = text;
    while let Some(line) = left.lines().next() {
        let after = left.get(line.len() + 1..).unwrap_or_default();
        if let Some(close) = line.strip_prefix(" >") {
            // Further pairs may follow the closing mark.
            let start = left.len() - left.trim_start_matches(' ').len() + 1;
            return (Cow::Owned(value), if close.is_empty() { after } else { &left[start..] });
        }
        if !value.is_empty() {
            value.push('\n');
        }
        value.push_str(line.strip_prefix('\t').unwrap_or(line));
        left = after;
    }
    (Cow::Owned(value), "")
}

/// A bare structure: up to its closing bracket, brackets in quotes aside.
fn structure(text: &str) -> (Cow<'_, str>, &str) {
    let mut depth = 0usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (Cow::Borrowed(&text[..=at]), &text[at + 1..]);
                }
            }
            ' ' | '\n' if depth == 0 => return (Cow::Borrowed(&text[..at]), &text[at..]),
            _ => {}
        }
    }
    let end = text.find([' ', '\n']).unwrap_or(text.len());
    (Cow::Borrowed(&text[..end]), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text).0.into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
    }

    #[test]
    fn quoted_bare_and_structured_values() {
        assert_eq!(
            read(r#"err="a \"b\"" n=3 pods=["a b","c"] "msg"="x y""#),
            [("err", r#"a "b""#), ("n", "3"), ("pods", r#"["a b","c"]"#), ("msg", "x y")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn a_multi_line_value_closes_and_goes_on() {
        assert_eq!(
            read("text=<\n\tline one\n\tline two\n > took=\"3ms\""),
            [("text", "line one\nline two"), ("took", "3ms")].map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn prose_is_no_pair() {
        assert!(read("the value of x = 3").is_empty());
        assert_eq!(pairs("a=1 then text").1, "then text");
    }
}

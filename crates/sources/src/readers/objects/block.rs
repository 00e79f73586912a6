//! YAML as machines write objects: mappings and sequences in blocks, scalars on a line. The parser of all of YAML is exact and slow, and a
//! must-gather holds hundreds of megabytes of this kind; what is not plainly of it is left to that one. Where both read a text, they read the same.

use std::ops::Range;

use serde_json::{Map, Value};

use super::yaml;

/// Deeper objects are none that an API server keeps.
const MAX_DEPTH: usize = 100;

/// One document.
pub(super) enum Document {
    /// A list: the fields around its items, and the items with their places in the text.
    List(Map<String, Value>, Vec<(Value, Range<usize>)>),
    /// Anything else.
    Value(Value),
}

/// So deep stand the names of a list's items.
const HEADS: usize = 3;

/// Reads a document to its end and keeps what stands at its outer levels, down to the names of objects; none if it is not of this kind.
pub(super) fn outline(text: &str) -> Option<Document> {
    document(text, HEADS)
}

/// Reads a document and keeps what stands at so many levels.
fn document(text: &str, kept: usize) -> Option<Document> {
    let mut lines = Lines::of(text, kept)?;
    let mut fields = Map::new();
    let mut items = None;
    let first = lines.current?;
    if lines.is_dash(first) {
        let value = lines.sequence(first.indent, 0)?;
        return lines.current.is_none().then_some(Document::Value(value));
    }
    while let Some(line) = lines.current.filter(|line| line.indent == first.indent) {
        if first.indent == 0 && lines.content(line).trim_end() == "items:" && items.is_none() {
            lines.advance()?;
            items = Some(lines.items()?);
            continue;
        }
        let (key, value) = lines.field(line, 0)?;
        // kubectl warns in lines between.
        if key == "Warning" {
            return None;
        }
        fields.insert(key, value);
    }
    let is_whole = lines.current.is_none();
    is_whole.then_some(match items {
        Some(items) => Document::List(fields, items),
        None => Document::Value(Value::Object(fields)),
    })
}

/// The object that stands at a place which `outline` told.
pub(super) fn value(text: &str) -> Value {
    let value = match document(text, MAX_DEPTH) {
        Some(Document::Value(value)) => value,
        _ => yaml::parse(text).unwrap_or_default(),
    };
    match value {
        Value::Array(mut items) => items.pop().unwrap_or_default(),
        value => value,
    }
}

#[derive(Clone, Copy)]
struct Line {
    indent: usize,
    /// Where its content begins and ends.
    start: usize,
    end: usize,
}

/// The lines that are not blank, one after the other.
struct Lines<'t> {
    text: &'t str,
    current: Option<Line>,
    /// Where the line behind the current one begins.
    next: usize,
    /// How many levels are kept; what is further in is read and dropped.
    kept: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, kept: usize) -> Option<Lines<'t>> {
        let mut lines = Lines { text, current: None, next: 0, kept };
        lines.advance()?;
        Some(lines)
    }

    /// The line that begins at an offset, blank or not, and where the next one begins.
    fn line_at(&self, start: usize) -> Option<(Line, usize)> {
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').unwrap_or(rest.len());
        let indent = rest.bytes().take_while(|byte| *byte == b' ').count().min(length);
        Some((Line { indent, start: start + indent, end: start + length }, (start + length + 1).min(self.text.len())))
    }

    /// Goes to the next line that is not blank; none where a comment or a tab stands at its beginning.
    fn advance(&mut self) -> Option<()> {
        loop {
            let Some((line, next)) = self.line_at(self.next) else {
                self.current = None;
                return Some(());
            };
            self.next = next;
            match self.text.as_bytes().get(line.start).filter(|_| line.start < line.end) {
                None => {}
                Some(b'#' | b'\t') => return None,
                Some(_) => {
                    self.current = Some(line);
                    return Some(());
                }
            }
        }
    }

    fn content(&self, line: Line) -> &'t str {
        &self.text[line.start..line.end]
    }

    fn is_dash(&self, line: Line) -> bool {
        let content = self.content(line);
        content == "-" || content.starts_with("- ")
    }

    fn node(&mut self, depth: usize) -> Option<Value> {
        let line = self.current.filter(|_| depth < MAX_DEPTH)?;
        if self.is_dash(line) { self.sequence(line.indent, depth) } else { self.mapping(line.indent, depth) }
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut fields = Map::new();
        while let Some(line) = self.current.filter(|line| line.indent >= indent) {
            if line.indent > indent || self.is_dash(line) {
                return None;
            }
            let (key, value) = self.field(line, depth)?;
            if depth <= self.kept {
                fields.insert(key, value);
            }
        }
        Some(Value::Object(fields))
    }

    fn field(&mut self, line: Line, depth: usize) -> Option<(String, Value)> {
        let content = self.content(line);
        let colon = key_end(content)?;
        let key = match content.as_bytes()[0] {
            b'"' | b'\'' => quoted(&content[..colon])?,
            _ => match plain(content[..colon].trim_end(), depth <= self.kept)? {
                Value::String(key) => key,
                _ => return None,
            },
        };
        let rest = content[colon + 1..].trim_start();
        if !rest.trim_end().is_empty() {
            let keep = depth <= self.kept;
            return Some((key, self.scalar(line.end - rest.len()..line.end, line.indent, keep)?));
        }
        self.advance()?;
        let value = match self.current {
            Some(next) if next.indent > line.indent => self.node(depth + 1)?,
            Some(next) if next.indent == line.indent && self.is_dash(next) => self.sequence(next.indent, depth + 1)?,
            _ => Value::Null,
        };
        Some((key, value))
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        while let Some(line) = self.current.filter(|line| line.indent == indent && self.is_dash(*line)) {
            let item = self.item(line, depth)?;
            if depth <= self.kept {
                items.push(item);
            }
        }
        self.current.is_none_or(|line| line.indent <= indent).then_some(Value::Array(items))
    }

    fn item(&mut self, line: Line, depth: usize) -> Option<Value> {
        let content = self.content(line);
        let rest = content[1..].trim_start();
        if rest.is_empty() {
            self.advance()?;
            return match self.current {
                Some(next) if next.indent > line.indent => self.node(depth + 1),
                _ => Some(Value::Null),
            };
        }
        let start = line.end - rest.len();
        if rest == "-" || rest.starts_with("- ") || key_end(rest).is_some() {
            self.current = Some(Line { indent: line.indent + start - line.start, start, end: line.end });
            return self.node(depth + 1);
        }
        self.scalar(start..line.end, line.indent, depth <= self.kept)
    }

    /// The items of a list, with their places.
    fn items(&mut self) -> Option<Vec<(Value, Range<usize>)>> {
        let mut items = Vec::new();
        while let Some(line) = self.current.filter(|line| self.is_dash(*line)) {
            let start = line.start - line.indent;
            let value = self.item(line, 1)?;
            let end = self.current.map_or(self.text.len(), |line| line.start - line.indent);
            items.push((value, start..end));
        }
        (!items.is_empty()).then_some(items)
    }

    /// A scalar that begins on the current line, in a block that is indented so far; where it is not kept, any of its type.
    fn scalar(&mut self, place: Range<usize>, parent: usize, keep: bool) -> Option<Value> {
        let Range { start, end } = place;
        let first = self.text[start..end].trim_end();
        if first.starts_with('|') {
            return self.literal(first, parent).map(Value::String);
        }
        self.advance()?;
        let mut last = end;
        while let Some(line) = self.current.filter(|line| line.indent > parent) {
            last = line.end;
            self.advance()?;
        }
        let goes_on = last > end;
        let text = if goes_on { &self.text[start..last] } else { first };
        match text.as_bytes()[0] {
            b'"' | b'\'' if goes_on => general(text).filter(Value::is_string),
            b'"' | b'\'' => quoted(text).map(Value::String).or_else(|| general(text).filter(Value::is_string)),
            b'{' | b'[' if text == "{}" => Some(Value::Object(Map::new())),
            b'{' | b'[' if text == "[]" => Some(Value::Array(Vec::new())),
            b'{' => general(text).filter(Value::is_object),
            b'[' => general(text).filter(Value::is_array),
            first if goes_on && !first.is_ascii_alphanumeric() => None,
            _ if goes_on => general(text).filter(|value| value.is_string() && !text.contains('#')),
            _ => plain(text, keep),
        }
    }

    /// A block of lines as they stand, `|`, `|-` or `|+`.
    fn literal(&mut self, header: &str, parent: usize) -> Option<String> {
        let mut read = String::new();
        let mut indent = None;
        let mut blanks = 0;
        while let Some((line, next)) = self.line_at(self.next) {
            let raw = &self.text[line.start - line.indent..line.end];
            let is_blank = line.start == line.end;
            if !is_blank && line.indent <= parent {
                break;
            }
            if next == line.end {
                return None;
            }
            self.next = next;
            if is_blank && raw.len() <= indent.unwrap_or_default() {
                blanks += 1;
                continue;
            }
            let cut = *indent.get_or_insert(line.indent);
            if is_blank && raw.len() > cut && read.is_empty() || line.indent < cut {
                return None;
            }
            read.push_str(&"\n".repeat(std::mem::take(&mut blanks)));
            read.push_str(&raw[cut..]);
            read.push('\n');
        }
        indent?;
        self.advance()?;
        match header {
            "|" => Some(read),
            "|-" => {
                read.pop();
                Some(read)
            }
            "|+" => Some(read + &"\n".repeat(blanks)),
            _ => None,
        }
    }
}

/// Where the key of a line ends: at the colon behind it.
fn key_end(content: &str) -> Option<usize> {
    let after = match content.as_bytes().first()? {
        quote @ (b'"' | b'\'') => content[1..].find(char::from(*quote))? + 2,
        b'{' | b'[' | b'|' | b'>' => return None,
        _ => {
            return content.find(": ").or_else(|| content.trim_end().strip_suffix(':').map(str::len));
        }
    };
    let rest = &content[after..];
    (rest == ":" || rest.starts_with(": ")).then_some(after)
}

/// Text in quotes that holds neither quotes nor escapes.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next()?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(quote) && (quote == '\'' || !inner.contains('\\'))).then(|| inner.to_owned())
}

/// Text without quotes, on one line; where it is not kept, any of its type.
fn plain(text: &str, keep: bool) -> Option<Value> {
    let bytes = text.as_bytes();
    if text.contains(": ") || text.ends_with(':') || text.contains(" #") || text.contains('\t') {
        return None;
    }
    let string = |text: &str| Some(Value::String(if keep { text.to_owned() } else { String::new() }));
    let is_number = |bytes: &[u8]| {
        bytes.len() < 18 && bytes.iter().all(u8::is_ascii_digit) && (bytes.len() == 1 || bytes[0] != b'0')
    };
    match bytes.first()? {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'/' if !is_word(text) => string(text),
        b'0'..=b'9' if is_number(bytes) => text.parse::<u64>().ok().map(Value::from),
        b'0'..=b'9' if bytes.iter().any(|byte| matches!(byte, b'g'..=b'm' | b'p'..=b'w' | b'G'..=b'M')) => string(text),
        b'-' if bytes.get(1) == Some(&b'-') => string(text),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'+' | b'~' | b'_' | b'/' => {
            general(text).filter(|value| !value.is_object() && !value.is_array())
        }
        _ => None,
    }
}

/// Words that may be more than text, in any spelling.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) || text.eq_ignore_ascii_case("infinity")
}

/// What the parser of all of YAML says.
fn general(text: &str) -> Option<Value> {
    yaml::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample;
    use proptest::test_runner::RngSeed;
    use serde_json::json;

    use super::*;

    fn whole(text: &str) -> Option<Value> {
        match document(text, MAX_DEPTH)? {
            Document::Value(value) => Some(value),
            Document::List(mut fields, items) => {
                fields.insert("items".into(), items.into_iter().map(|(value, _)| value).collect());
                Some(Value::Object(fields))
            }
        }
    }

    const POD: &str = r#"apiVersion: v1
kind: Pod
metadata:
  annotations:
    config: |
      a: 1

        b
    empty: ""
    long: a text that is too long for one line and so goes on
      in the next
    quoted: 'it''s: here'
  managedFields:
  - fieldsV1:
      f:metadata:
        .: {}
        k:{"uid":"a-b"}: {}
  name: web-0
spec:
  containers:
  - args:
    - --x=a:b
    - "y"
    - -1
    resources:
      limits:
        cpu: 250m
        memory: 1e3
  hostIP: 10.0.0.7
  nothing:
  port: 8080
  tolerations: []
"#;

    #[test]
    fn objects_as_kubectl_prints_them_are_read() {
        let value = whole(POD).expect("it is of this kind");
        assert_eq!(value["metadata"]["annotations"]["config"], "a: 1\n\n  b\n");
        assert_eq!(value["metadata"]["managedFields"][0]["fieldsV1"]["f:metadata"]["k:{\"uid\":\"a-b\"}"], json!({}));
        assert_eq!(value["spec"]["containers"][0]["args"], json!(["--x=a:b", "y", -1]));
        assert_eq!(yaml::parse(POD).ok(), Some(value));
    }

    #[test]
    fn items_are_known_by_their_place() {
        let items = POD.lines().enumerate().map(|(at, line)| format!("{}{line}\n", if at == 0 { "- " } else { "  " }));
        let text = format!("apiVersion: v1\nitems:\n{0}{0}kind: List\n", items.collect::<String>());
        let Some(Document::List(fields, items)) = document(&text, MAX_DEPTH) else { panic!("a list") };
        assert_eq!(fields["kind"], "List");
        assert_eq!(items.len(), 2);
        assert!(items.iter().all(|(item, place)| value(&text[place.clone()]) == *item));
        assert_eq!(Some(&items[1].0), whole(POD).as_ref());
        let Some(Document::List(_, outlined)) = outline(&text) else { panic!("a list") };
        assert_eq!(outlined[1].1, items[1].1);
        assert_eq!((&outlined[1].0["kind"], &outlined[1].0["metadata"]["name"]), (&json!("Pod"), &json!("web-0")));
        assert_eq!(outlined[1].0["spec"]["containers"], json!([]), "what is further in is dropped");
    }

    #[test]
    fn what_people_write_is_left_to_the_other_parser() {
        for text in [
            "a: 1 # why\n",
            "# why\na: 1\n",
            "a: &x 1\n",
            "a: >\n  b\n",
            "a: |2\n   b\n",
            "a:\n\t- b\n",
            "a: b: c\n",
            "a\n",
            "a: 1\nWarning: x\n",
        ] {
            assert!(whole(text).is_none(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        /// Whatever both parsers read, they read the same.
        #[test]
        fn both_parsers_read_the_same(lines in vec((0..4_usize, 0..3_usize, sample::select(KEYS), sample::select(VALUES)), 1..9)) {
            let line = |(indent, dashes, key, value): &(usize, usize, &str, &str)| {
                format!("{}{}{key}{value}\n", "  ".repeat(*indent), "- ".repeat(*dashes))
            };
            let text: String = lines.iter().map(line).collect();
            prop_assert_eq!(outline(&text).is_some(), whole(&text).is_some());
            if let Some(value) = whole(&text) {
                prop_assert_eq!(yaml::parse(&text).ok(), Some(value), "{}", text);
            }
        }
    }

    const KEYS: &[&str] =
        &["a: ", "b: ", "items:", "\"c\": ", "'d': ", "f:x: ", "k:{\"n\":1}: ", "1: ", "yes: ", "", "", ""];

    const VALUES: &[&str] = &[
        "",
        "",
        "",
        "x",
        "x y",
        "1",
        "-1",
        "01",
        "1.5",
        "1e3",
        "0x1f",
        "1_0",
        "10.0.0.7",
        "250m",
        "true",
        "No",
        "~",
        "null",
        "inf",
        "-inf",
        ".5",
        "\"q\"",
        "\"q\\n\"",
        "'q'",
        "'it''s'",
        "\"open",
        "{}",
        "[]",
        "[1, a]",
        "{a: b}",
        "|",
        "|-",
        "|+",
        "--x",
        "- y",
        "2026-01-01",
        "12:30",
        "é",
        "x #y",
        "x: y",
        "x:",
        "#",
        "*x",
        "&x",
        "!x",
        "@",
        "%",
        " ",
    ];
}

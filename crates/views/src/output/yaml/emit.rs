//! The emitter: writes a document, breaks long lines at 80 columns.

use serde_json::Value;

use super::super::json::folded;
use super::super::sorting;
use super::scalar::{analyze, is_break, is_printable};
use super::{keys, number, resolve};

const WIDTH: usize = 80;
const STEP: usize = 2;

/// A whole document.
pub(super) fn document(value: &Value) -> String {
    let mut emitter = Emitter { text: String::new(), column: 0, indent: None, at_indentation: true, after_white: true };
    emitter.node(value, Place::Root);
    emitter.write_indent();
    emitter.text
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    Item,
    Value,
    /// A key on the line of its value.
    SimpleKey,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

struct Emitter {
    text: String,
    column: usize,
    /// None before the first block.
    indent: Option<usize>,
    /// Whether nothing but indentation and indicators stand on the line.
    at_indentation: bool,
    after_white: bool,
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.text.push(c);
        self.column += 1;
    }

    fn put_break(&mut self, c: char) {
        self.text.push(c);
        self.column = 0;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.at_indentation || self.column > indent || (self.column == indent && !self.after_white) {
            self.put_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.after_white = true;
        self.at_indentation = true;
    }

    fn indicator(&mut self, indicator: &str, needs_white: bool, is_indentation: bool) {
        if needs_white && !self.after_white {
            self.put(' ');
        }
        indicator.chars().for_each(|c| self.put(c));
        self.after_white = false;
        self.at_indentation &= is_indentation;
    }

    fn node(&mut self, value: &Value, place: Place) {
        let indent = self.indent;
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                self.indent = Some(indent.map_or(0, |indent| indent + STEP));
                let mut names: Vec<&String> = fields.keys().collect();
                names.sort_unstable();
                for at in sorting::order(names.len(), |a, b| keys::less(names[a], names[b])) {
                    self.field(names[at], &fields[names[at]]);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let stays = place == Place::Value && !self.at_indentation;
                self.indent = Some(indent.map_or(0, |indent| if stays { indent } else { indent + STEP }));
                for item in items {
                    self.write_indent();
                    self.indicator("-", true, true);
                    self.node(item, Place::Item);
                }
            }
            Value::Object(_) => self.indicator("{}", true, false),
            Value::Array(_) => self.indicator("[]", true, false),
            scalar => {
                self.indent = Some(indent.map_or(STEP, |indent| indent + STEP));
                self.scalar(scalar, place);
            }
        }
        self.indent = indent;
    }

    fn field(&mut self, name: &str, value: &Value) {
        let key = Value::String(name.to_owned());
        self.write_indent();
        if name.len() <= 128 && !name.contains(is_break) {
            self.node(&key, Place::SimpleKey);
            self.indicator(":", false, false);
        } else {
            self.indicator("?", true, true);
            self.node(&key, Place::Value);
            self.write_indent();
            self.indicator(":", true, true);
        }
        self.node(value, Place::Value);
    }

    fn scalar(&mut self, value: &Value, place: Place) {
        let (content, mut style) = match value {
            Value::Null => ("null".to_owned(), Style::Plain),
            Value::Bool(truth) => (truth.to_string(), Style::Plain),
            Value::Number(it) => (number(it), Style::Plain),
            Value::String(text) => {
                let text = folded(text);
                let style = if text.contains('\n') {
                    Style::Literal
                } else if resolve::reads_as_other(&text) {
                    Style::Double
                } else {
                    Style::Plain
                };
                (text, style)
            }
            Value::Array(_) | Value::Object(_) => return,
        };
        let content: Vec<char> = content.chars().collect();
        let analysis = analyze(&content);
        let simple_key = place == Place::SimpleKey;
        if simple_key && content.iter().any(|c| is_break(*c)) {
            style = Style::Double;
        }
        if style == Style::Plain && (!analysis.plain_allowed || content.is_empty() && simple_key) {
            style = Style::Single;
        }
        if style == Style::Single && !analysis.single_quoted_allowed {
            style = Style::Double;
        }
        if style == Style::Literal && (!analysis.block_allowed || simple_key) {
            style = Style::Double;
        }
        match style {
            Style::Plain => self.plain(&content, !simple_key),
            Style::Single => self.single(&content, !simple_key),
            Style::Double => self.double(&content, !simple_key),
            Style::Literal => self.literal(&content),
        }
    }

    fn plain(&mut self, content: &[char], may_break: bool) {
        if !self.after_white {
            self.put(' ');
        }
        let mut after_space = false;
        for (at, &c) in content.iter().enumerate() {
            let lone = c == ' ' && !after_space && content.get(at + 1) != Some(&' ');
            if lone && may_break && self.column > WIDTH {
                self.write_indent();
            } else {
                self.put(c);
            }
            after_space = c == ' ';
            if c != ' ' {
                self.at_indentation = false;
            }
        }
        self.after_white = false;
        self.at_indentation = false;
    }

    fn single(&mut self, content: &[char], may_break: bool) {
        self.indicator("'", true, false);
        let (mut after_space, mut after_break) = (false, false);
        for (at, &c) in content.iter().enumerate() {
            if c == ' ' {
                let inner = at > 0 && content.get(at + 1).is_some_and(|next| *next != ' ');
                if may_break && !after_space && self.column > WIDTH && inner {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                after_space = true;
            } else if is_break(c) {
                if !after_break && c == '\n' {
                    self.put_break('\n');
                }
                self.put_break(c);
                self.at_indentation = true;
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.at_indentation = false;
                (after_space, after_break) = (false, false);
            }
        }
        self.indicator("'", false, false);
    }

    fn double(&mut self, content: &[char], may_break: bool) {
        self.indicator("\"", true, false);
        // A mark at the start of the text makes go-yaml escape everything.
        let marked = content.first() == Some(&'\u{feff}');
        let mut after_space = false;
        for (at, &c) in content.iter().enumerate() {
            if !is_printable(c) || marked || is_break(c) || matches!(c, '"' | '\\') {
                for c in escape(c).chars() {
                    self.put(c);
                }
                after_space = false;
            } else if c == ' ' {
                if may_break && !after_space && self.column > WIDTH && at > 0 && at + 1 < content.len() {
                    self.write_indent();
                    if content.get(at + 1) == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                after_space = true;
            } else {
                self.put(c);
                after_space = false;
            }
        }
        self.indicator("\"", false, false);
    }

    fn literal(&mut self, content: &[char]) {
        self.indicator("|", true, false);
        if content.first().is_some_and(|c| *c == ' ' || is_break(*c)) {
            self.indicator("2", false, false);
        }
        let breaks = content.iter().rev().take(2).take_while(|c| is_break(**c)).count();
        match breaks {
            0 => self.indicator("-", false, false),
            1 if content.len() > 1 => {}
            _ => self.indicator("+", false, false),
        }
        self.put_break('\n');
        self.at_indentation = true;
        self.after_white = true;
        let mut after_break = true;
        for &c in content {
            if is_break(c) {
                self.put_break(c);
                self.at_indentation = true;
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                self.put(c);
                self.at_indentation = false;
                after_break = false;
            }
        }
    }
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(c);
            return match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}

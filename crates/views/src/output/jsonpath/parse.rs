//! From text to nodes.

use super::super::go;

/// A piece of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// What stands in one pair of braces.
    List(Vec<Node>),
    Text(String),
    Field(String),
    /// `range`, `end`.
    Identifier(String),
    Array(Slice),
    Filter(Box<Filter>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
}

/// `[from:to:step]`, or one index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
    pub(super) step: Option<i64>,
    /// Whether the end only follows from the one index that was given.
    pub(super) derived: bool,
}

/// `[?(left operator right)]`; without an operator: what exists.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) left: Vec<Node>,
    pub(super) comparison: Option<(String, Vec<Node>)>,
}

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let mut parser = Parser { input: text, at: 0 };
    let mut nodes = Vec::new();
    while let Some(brace) = parser.rest().find('{') {
        if brace > 0 {
            nodes.push(Node::Text(parser.rest()[..brace].to_owned()));
        }
        parser.at += brace + 1;
        nodes.push(Node::List(parser.action()?));
    }
    if !parser.rest().is_empty() {
        nodes.push(Node::Text(parser.rest().to_owned()));
    }
    Ok(nodes)
}

/// Reads what could stand in braces.
fn action(text: &str) -> Result<Vec<Node>, String> {
    match parse(&format!("{{{text}}}"))?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Parser<'a> {
    input: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Up to the closing brace, which is taken too.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        loop {
            if self.take("}") {
                return Ok(nodes);
            }
            if self.take("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if self.take("..") {
                if matches!(nodes.last(), Some(Node::Recursive)) {
                    return Err("invalid multiple recursive descent".into());
                }
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_alphanumeric) {
                    nodes.push(self.field());
                }
                continue;
            }
            let start = self.at;
            match self.next() {
                None | Some('\r' | '\n') => return Err("unclosed action".into()),
                Some(' ' | '@' | '$') => {}
                Some('[') => self.array(start, &mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(self.quote(start, quote)?),
                Some('.') => {
                    let field = self.field();
                    nodes.push(field);
                }
                Some(c) if matches!(c, '+' | '-') || is_digit(c) => {
                    self.at = start;
                    nodes.push(self.number()?);
                }
                Some(c) if is_alphanumeric(c) => {
                    self.at = start;
                    nodes.push(self.identifier());
                }
                Some(c) => return Err(format!("unrecognized character in action: {}", go::code_point(c))),
            }
        }
    }

    fn identifier(&mut self) -> Node {
        let start = self.at;
        while self.peek().is_some_and(|c| !is_terminator(c)) {
            self.next();
        }
        match &self.input[start..self.at] {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        }
    }

    /// A field's name; a backslash takes the next character into it.
    fn field(&mut self) -> Node {
        let start = self.at;
        while let Some(c) = self.peek() {
            if is_terminator(c) {
                break;
            }
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        match &self.input[start..self.at] {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn number(&mut self) -> Result<Node, String> {
        let start = self.at;
        if matches!(self.peek(), Some('+' | '-')) {
            self.next();
        }
        while self.peek().is_some_and(|c| c == '.' || is_digit(c)) {
            self.next();
        }
        let text = &self.input[start..self.at];
        if let Ok(whole) = text.parse() {
            return Ok(Node::Int(whole));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Node::Float(value)),
            _ => Err(format!("cannot parse number {text}")),
        }
    }

    fn quote(&mut self, start: usize, quote: char) -> Result<Node, String> {
        let mut before = quote;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".into()),
                Some(c) if c == quote && before != '\\' => break,
                Some(c) => before = c,
            }
        }
        let text = &self.input[start..self.at];
        match go::unquoted(text) {
            Some(text) => Ok(Node::Text(text)),
            None => Err(format!("unquote string {text} error invalid syntax")),
        }
    }

    fn array(&mut self, start: usize, nodes: &mut Vec<Node>) -> Result<(), String> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".into()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = match &self.input[start + 1..self.at - 1] {
            "*" => ":",
            text => text,
        };
        if text.contains(',') {
            let parts = text.split(',').map(|part| action(&format!("[{}]", part.trim_matches(' '))));
            nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
            return Ok(());
        }
        if let Some(key) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))
            && !key.contains('\'')
        {
            nodes.extend(action(&format!(".{key}"))?);
            return Ok(());
        }
        nodes.push(Node::Array(slice(text)?));
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, String> {
        let start = self.at;
        let mut open = None;
        let mut closed = false;
        let mut before = '(';
        loop {
            let c = self.next();
            match c {
                None | Some('\n') => return Err("unterminated filter".into()),
                Some(quote @ ('"' | '\'')) => match open {
                    None => open = Some(quote),
                    Some(pair) => closed |= before != '\\' && quote == pair,
                },
                Some(')') if open.is_some() == closed => break,
                Some(_) => {}
            }
            before = c.unwrap_or_default();
        }
        let text = &self.input[start..self.at - 1];
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".into());
        }
        let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let split = text.find(is_operator).filter(|at| *at > 0).and_then(|at| {
            let length = text[at..].find(|c| !is_operator(c)).unwrap_or(text.len() - at);
            // Something must be left to compare with.
            let length = if at + length == text.len() { length - 1 } else { length };
            (length > 0).then_some((&text[..at], &text[at..at + length], &text[at + length..]))
        });
        Ok(Node::Filter(Box::new(match split {
            None => Filter { left: action(text)?, comparison: None },
            Some((left, operator, right)) => {
                Filter { left: action(left)?, comparison: Some((operator.to_owned(), action(right)?)) }
            }
        })))
    }
}

/// An index, or up to three bounds.
fn slice(text: &str) -> Result<Slice, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_bound = |part: &&str| part.strip_prefix('-').unwrap_or(part).bytes().all(|b| b.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(is_bound) {
        return Err(format!("invalid array index {text}"));
    }
    let bound = |at: usize| match parts.get(at) {
        None | Some(&"") => Ok(None),
        Some(part) => part.parse().map(Some).map_err(|_| format!("array index {part} is not a number")),
    };
    let from: Option<i64> = bound(0)?;
    let derived = parts.len() == 1;
    let to = if derived { Some(from.unwrap_or(0).wrapping_add(1)) } else { bound(1)? };
    Ok(Slice { from, to, step: bound(2)?, derived })
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric()
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphabetic() || is_digit(c)
}

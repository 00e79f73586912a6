//! From tokens to nodes.

use std::collections::BTreeMap;

use super::super::go;
use super::funcs;
use super::lex::{Kind, Token, Tokens, tokens};
use super::node::{Command, Control, Expr, Node, Number, Pipe, Term};

/// A template and those that it defines.
pub(super) type Trees = BTreeMap<String, Vec<Node>>;

/// Reads a template; its own nodes stand under `name`.
pub(super) fn parse(name: &str, text: &str) -> Result<Trees, String> {
    let tokens = tokens(text);
    let mut parser = Parser {
        name,
        tokens,
        at: 0,
        lexed: 0,
        variables: vec!["$".into()],
        ranges: 0,
        action_line: 0,
        trees: Trees::new(),
    };
    let nodes = parser.all()?;
    parser.add(name, nodes)?;
    Ok(parser.trees)
}

struct Parser<'a> {
    name: &'a str,
    tokens: Tokens<'a>,
    at: usize,
    /// How many tokens were looked at: messages name the line of the last.
    lexed: usize,
    variables: Vec<String>,
    ranges: usize,
    action_line: usize,
    trees: Trees,
}

/// What ended a list of nodes.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    End,
    Else,
}

type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token<'a> {
        let at = self.at.min(self.tokens.list.len() - 1);
        self.at += 1;
        self.lexed = self.lexed.max(at + 1);
        self.tokens.list[at]
    }

    fn peek(&mut self) -> Token<'a> {
        let token = self.next();
        self.at -= 1;
        token
    }

    fn next_word(&mut self) -> Token<'a> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'a> {
        let token = self.next_word();
        self.at -= 1;
        token
    }

    fn error<T>(&self, what: impl std::fmt::Display) -> Parsed<T> {
        let line = self.tokens.list[self.lexed.max(1) - 1].line;
        Err(format!("template: {}:{line}: {what}", self.name))
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Parsed<T> {
        let shown = self.tokens.shown(token);
        if token.kind == Kind::Error {
            let mut extra = String::new();
            if self.action_line != 0 && self.action_line != token.line {
                extra = format!(" in action started at {}:{}", self.name, self.action_line);
                if shown.ends_with(" action") {
                    extra.drain(.." in action".len());
                }
            }
            return self.error(format!("{shown}{extra}"));
        }
        self.error(format!("unexpected {shown} in {context}"))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token<'a>> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    fn add(&mut self, name: &str, nodes: Vec<Node>) -> Parsed<()> {
        let is_empty =
            |nodes: &[Node]| nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()));
        match self.trees.get(name) {
            Some(known) if !is_empty(known) => {
                if is_empty(&nodes) {
                    return Ok(());
                }
                self.error(format!("template: multiple definition of template {}", go::quoted(name)))
            }
            _ => {
                self.trees.insert(name.to_owned(), nodes);
                Ok(())
            }
        }
    }

    fn all(&mut self) -> Parsed<Vec<Node>> {
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::LeftDelim {
                let back = self.at;
                self.next();
                if self.next_word().text == "define" {
                    self.definition()?;
                    continue;
                }
                self.at = back;
            }
            match self.text_or_action()? {
                Ok(node) => nodes.push(node),
                Err(Ending::End) => return self.error("unexpected {{end}}"),
                Err(Ending::Else) => return self.error("unexpected {{else}}"),
            }
        }
        Ok(nodes)
    }

    /// A template within the template has variables of its own.
    fn inner(&mut self) -> Parsed<Vec<Node>> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let (ranges, line) = (std::mem::take(&mut self.ranges), std::mem::take(&mut self.action_line));
        let (nodes, ending) = self.list()?;
        (self.variables, self.ranges, self.action_line) = (variables, ranges, line);
        if ending == Ending::Else {
            return self.error("unexpected {{else}} in define clause");
        }
        Ok(nodes)
    }

    fn definition(&mut self) -> Parsed<()> {
        let name = self.template_name("define clause")?;
        self.expect(Kind::RightDelim, "define clause")?;
        let nodes = self.inner()?;
        self.add(&name, nodes)
    }

    fn template_name(&mut self, context: &str) -> Parsed<String> {
        let token = self.next_word();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(&token, context);
        }
        match unquoted(token.text) {
            Some(name) => Ok(name),
            None => self.error("invalid syntax"),
        }
    }

    fn list(&mut self) -> Parsed<(Vec<Node>, Ending)> {
        let mut nodes = Vec::new();
        while self.peek_word().kind != Kind::End {
            match self.text_or_action()? {
                Ok(node) => nodes.push(node),
                Err(ending) => return Ok((nodes, ending)),
            }
        }
        self.error("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Parsed<Result<Node, Ending>> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Ok(Node::Text(token.text.to_owned()))),
            Kind::LeftDelim => {
                self.action_line = token.line;
                let node = self.action()?;
                self.action_line = 0;
                Ok(node)
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Parsed<Result<Node, Ending>> {
        let token = self.next_word();
        let word = if token.kind == Kind::Keyword { token.text } else { "" };
        Ok(Ok(match word {
            "block" => {
                let at = self.peek_word().at;
                let name = self.template_name("block clause")?;
                let pipe = self.pipe("block clause", Kind::RightDelim)?;
                let nodes = self.inner()?;
                self.add(&name, nodes)?;
                Node::Template { at, name, pipe: Some(pipe) }
            }
            "break" | "continue" => {
                let end = self.next_word();
                if end.kind != Kind::RightDelim {
                    return self.unexpected(&end, &format!("{{{{{word}}}}}"));
                }
                if self.ranges == 0 {
                    return self.error(format!("{{{{{word}}}}} outside {{{{range}}}}"));
                }
                if word == "break" { Node::Break } else { Node::Continue }
            }
            "else" => {
                let next = self.peek_word();
                if !(next.kind == Kind::Keyword && matches!(next.text, "if" | "with")) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Err(Ending::Else));
            }
            "end" => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Err(Ending::End));
            }
            "if" => Node::If(self.control("if")?),
            "range" => Node::Range(self.control("range")?),
            "with" => Node::With(self.control("with")?),
            "template" => {
                let at = self.peek_word().at;
                let name = self.template_name("template clause")?;
                let mut pipe = None;
                if self.next_word().kind != Kind::RightDelim {
                    self.at -= 1;
                    pipe = Some(self.pipe("template clause", Kind::RightDelim)?);
                }
                Node::Template { at, name, pipe }
            }
            _ => {
                self.at -= 1;
                Node::Action(self.pipe("command", Kind::RightDelim)?)
            }
        }))
    }

    fn control(&mut self, context: &str) -> Parsed<Control> {
        let known = self.variables.len();
        let pipe = self.pipe(context, Kind::RightDelim)?;
        let is_range = usize::from(context == "range");
        self.ranges += is_range;
        let (list, ending) = self.list()?;
        self.ranges -= is_range;
        let mut otherwise = None;
        if ending == Ending::Else {
            let next = self.peek();
            if context != "range" && next.kind == Kind::Keyword && next.text == context {
                self.next();
                let inner = self.control(context)?;
                otherwise = Some(vec![if context == "if" { Node::If(inner) } else { Node::With(inner) }]);
            } else {
                let (nodes, ending) = self.list()?;
                if ending == Ending::Else {
                    return self.error("expected end; found {{else}}");
                }
                otherwise = Some(nodes);
            }
        }
        self.variables.truncate(known);
        Ok(Control { pipe, list, otherwise })
    }

    fn pipe(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let mut pipe = Pipe { at: self.peek_word().at, assigns: false, variables: Vec::new(), commands: Vec::new() };
        self.declarations(context, &mut pipe)?;
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {}
                Kind::Keyword if matches!(token.text, "." | "nil") => {}
                _ => return self.unexpected(&token, context),
            }
            self.at -= 1;
            let command = self.command()?;
            pipe.commands.push(command);
        }
        if pipe.commands.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        for (at, command) in pipe.commands.iter().enumerate().skip(1) {
            let literal =
                |term: &Term| matches!(term, Term::Bool(_) | Term::Dot | Term::Nil | Term::Number(_) | Term::Text(..));
            if command.args.first().is_some_and(|arg| literal(&arg.term)) {
                return self.error(format!("non executable command in pipeline stage {}", at + 1));
            }
        }
        Ok(pipe)
    }

    fn declarations(&mut self, context: &str, pipe: &mut Pipe) -> Parsed<()> {
        loop {
            if self.peek_word().kind != Kind::Variable {
                return Ok(());
            }
            let variable = self.next_word();
            let back = self.at - 1;
            // What follows is looked at, as messages name the line of what was looked at last.
            self.peek();
            let next = self.peek_word();
            let declares = matches!(next.kind, Kind::Assign | Kind::Declare);
            if !declares && next.text != "," {
                self.at = back;
                return Ok(());
            }
            self.next_word();
            pipe.variables.push(variable.text.to_owned());
            self.variables.push(variable.text.to_owned());
            if declares {
                pipe.assigns = next.kind == Kind::Assign;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() >= 2 {
                return self.error(format!("too many declarations in {context}"));
            }
            if !matches!(self.peek_word().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                return self.error("range can only initialize variables");
            }
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        let mut command = Command { at: self.peek_word().at, args: Vec::new() };
        loop {
            self.peek_word();
            if let Some(operand) = self.operand()? {
                command.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.at -= 1,
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.args.is_empty() {
            return self.error("empty command");
        }
        Ok(command)
    }

    fn operand(&mut self) -> Parsed<Option<Expr>> {
        let Some(mut expr) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(expr));
        }
        let at = self.peek().at;
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            names.push(self.next().text[1..].to_owned());
        }
        let shown = expr.to_string();
        expr = match expr.term {
            Term::Field(mut first) | Term::Variable(mut first) if !shown.is_empty() => {
                let is_field = shown.starts_with('.');
                first.append(&mut names);
                Expr { at, term: if is_field { Term::Field(first) } else { Term::Variable(first) } }
            }
            Term::Bool(_) | Term::Text(..) | Term::Number(_) | Term::Nil | Term::Dot => {
                return self.error(format!("unexpected . after term {}", go::quoted(&shown)));
            }
            term => Expr { at, term: Term::Chain(Box::new(Expr { at: expr.at, term }), names) },
        };
        Ok(Some(expr))
    }

    fn term(&mut self) -> Parsed<Option<Expr>> {
        let token = self.next_word();
        let term = match token.kind {
            Kind::Identifier if !funcs::is_known(token.text) => {
                return self.error(format!("function {} not defined", go::quoted(token.text)));
            }
            Kind::Identifier => Term::Identifier(token.text.to_owned()),
            Kind::Keyword if token.text == "." => Term::Dot,
            Kind::Keyword if token.text == "nil" => Term::Nil,
            Kind::Variable if !self.variables.iter().any(|known| known == token.text) => {
                return self.error(format!("undefined variable {}", go::quoted(token.text)));
            }
            Kind::Variable => Term::Variable(vec![token.text.to_owned()]),
            Kind::Field => Term::Field(vec![token.text[1..].to_owned()]),
            Kind::Bool => Term::Bool(token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => match number(token.text, token.kind) {
                Ok(number) => Term::Number(number),
                Err(error) => return self.error(error),
            },
            Kind::LeftParen => Term::Pipe(self.pipe("parenthesized pipeline", Kind::RightParen)?),
            Kind::String | Kind::RawString => match unquoted(token.text) {
                Some(text) => Term::Text(token.text.to_owned(), text),
                None => return self.error("invalid syntax"),
            },
            _ => {
                self.at -= 1;
                return Ok(None);
            }
        };
        let at = if let Term::Pipe(pipe) = &term { pipe.at } else { token.at };
        Ok(Some(Expr { at, term }))
    }
}

fn number(text: &str, kind: Kind) -> Result<Number, String> {
    let written = text.to_owned();
    if kind == Kind::CharConstant {
        let malformed = || format!("malformed character constant: {text}");
        let content = go::unquoted(text)
            .ok_or_else(|| if text.starts_with("'\\") { "invalid syntax".to_owned() } else { malformed() })?;
        let mut content = content.chars();
        let first = content.next().ok_or("invalid syntax")?;
        if content.next().is_some() {
            return Err(malformed());
        }
        let code = i64::from(u32::from(first));
        return Ok(Number { written, whole: Some(code), float: None });
    }
    let plain = text.replace('_', "");
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain).to_ascii_lowercase();
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    let sign = if plain.starts_with('-') { "-" } else { "" };
    if let Ok(whole) = i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        return Ok(Number { written, whole: Some(whole), float: None });
    }
    if let Ok(float) = plain.parse::<f64>() {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", go::quoted(text)));
        }
        return Ok(Number { written, whole: None, float: Some(float) });
    }
    Err(format!("illegal number syntax: {}", go::quoted(text)))
}

/// What a string of a template says.
fn unquoted(text: &str) -> Option<String> {
    match text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(raw) => Some(raw.replace('\r', "")),
        None => go::unquoted(text),
    }
}

//! From the text of a template to tokens, by the rules of Go's `text/template`.

use super::super::go;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    /// `range`, `.`, `nil` …
    Keyword,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// The tokens; the text of an error stands beside them.
pub(super) struct Tokens<'a> {
    pub(super) list: Vec<Token<'a>>,
    pub(super) error: String,
}

const KEYWORDS: [&str; 12] =
    [".", "block", "break", "continue", "define", "else", "end", "if", "range", "nil", "template", "with"];

impl Tokens<'_> {
    /// A token as messages show it.
    pub(super) fn shown(&self, token: &Token) -> String {
        match token.kind {
            Kind::End => "EOF".into(),
            Kind::Error => self.error.clone(),
            Kind::Keyword => format!("<{}>", token.text),
            _ if token.text.len() > 10 => {
                format!("{}...", go::quoted(&token.text.chars().take(10).collect::<String>()))
            }
            _ => go::quoted(token.text),
        }
    }
}

/// Reads all tokens, up to the first error.
pub(super) fn tokens(input: &str) -> Tokens<'_> {
    let mut lexer = Lexer {
        input,
        at: 0,
        start: 0,
        counted: 0,
        line: 1,
        tokens: Tokens { list: Vec::new(), error: String::new() },
    };
    let outcome = lexer.all();
    if let Err(error) = outcome {
        // An error stands where its token began.
        let line = lexer.line_at(lexer.start);
        lexer.tokens.list.push(Token { kind: Kind::Error, at: lexer.start, text: "", line });
        lexer.tokens.error = error;
    }
    lexer.tokens
}

struct Lexer<'a> {
    input: &'a str,
    at: usize,
    start: usize,
    /// Up to where lines were counted, and the line there.
    counted: usize,
    line: usize,
    tokens: Tokens<'a>,
}

pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_ascii_digit()
}

fn trims_left(text: &str) -> bool {
    text.starts_with('-') && text[1..].starts_with(is_space)
}

/// ` -}}`
fn trims_right(text: &str) -> bool {
    text.starts_with(is_space) && text[1..].starts_with("-}}")
}

impl<'a> Lexer<'a> {
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

    fn accept(&mut self, valid: &str) -> bool {
        let found = self.peek().is_some_and(|c| valid.contains(c));
        if found {
            self.next();
        }
        found
    }

    fn line_at(&mut self, at: usize) -> usize {
        if at > self.counted {
            self.line += self.input[self.counted..at].matches('\n').count();
            self.counted = at;
        }
        self.line
    }

    fn emit(&mut self, kind: Kind) {
        let line = self.line_at(self.start);
        self.tokens.list.push(Token { kind, at: self.start, text: &self.input[self.start..self.at], line });
        self.start = self.at;
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(is_space).len();
        self.start = self.at;
    }

    fn all(&mut self) -> Result<(), String> {
        while let Some(length) = self.rest().find("{{") {
            let trim = trims_left(&self.rest()[length + 2..]);
            let text = &self.rest()[..length];
            let kept = if trim { text.trim_end_matches(is_space).len() } else { length };
            self.at += kept;
            if kept > 0 {
                self.emit(Kind::Text);
            }
            self.at += length - kept;
            self.start = self.at;
            let marker = if trim { 2 } else { 0 };
            if self.rest()[2 + marker..].starts_with("/*") {
                self.at += 2 + marker;
                self.start = self.at;
                self.comment()?;
                continue;
            }
            self.at += 2;
            self.emit(Kind::LeftDelim);
            self.at += marker;
            self.start = self.at;
            self.action()?;
        }
        self.at = self.input.len();
        if self.at > self.start {
            self.emit(Kind::Text);
        }
        self.emit(Kind::End);
        Ok(())
    }

    fn comment(&mut self) -> Result<(), String> {
        let end = self.rest()[2..].find("*/").ok_or("unclosed comment")?;
        self.at += 2 + end + 2;
        let trim = trims_right(self.rest());
        if !trim && !self.rest().starts_with("}}") {
            return Err("comment ends before closing delimiter".into());
        }
        self.at += if trim { 4 } else { 2 };
        self.start = self.at;
        if trim {
            self.skip_space();
        }
        Ok(())
    }

    /// Up to the closing delimiter.
    fn action(&mut self) -> Result<(), String> {
        let mut depth = 0_usize;
        loop {
            let trim = trims_right(self.rest());
            if trim || self.rest().starts_with("}}") {
                if depth > 0 {
                    return Err("unclosed left paren".into());
                }
                if trim {
                    self.at += 2;
                    self.start = self.at;
                }
                self.at += 2;
                self.emit(Kind::RightDelim);
                if trim {
                    self.skip_space();
                }
                return Ok(());
            }
            let Some(c) = self.next() else { return Err("unclosed action".into()) };
            match c {
                c if is_space(c) => {
                    while self.peek().is_some_and(is_space) && !trims_right(self.rest()) {
                        self.next();
                    }
                    self.emit(Kind::Space);
                }
                '=' => self.emit(Kind::Assign),
                ':' => {
                    if self.next() != Some('=') {
                        return Err("expected :=".into());
                    }
                    self.emit(Kind::Declare);
                }
                '|' => self.emit(Kind::Pipe),
                '"' => self.quoted('"', Kind::String, "unterminated quoted string")?,
                '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant")?,
                '`' => {
                    let end = self.rest().find('`').ok_or("unterminated raw quoted string")?;
                    self.at += end + 1;
                    self.emit(Kind::RawString);
                }
                '$' => self.field(Kind::Variable)?,
                '.' if self.peek().is_some_and(|c| !c.is_ascii_digit()) => self.field(Kind::Field)?,
                '.' | '+' | '-' | '0'..='9' => {
                    self.at -= 1;
                    self.number()?;
                }
                c if is_alphanumeric(c) => self.identifier()?,
                '(' => {
                    depth += 1;
                    self.emit(Kind::LeftParen);
                }
                ')' => {
                    depth = depth.checked_sub(1).ok_or("unexpected right paren")?;
                    self.emit(Kind::RightParen);
                }
                ' '..='~' => self.emit(Kind::Char),
                c => return Err(format!("unrecognized character in action: {}", go::code_point(c))),
            }
        }
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None => true,
            Some(c) => is_space(c) || matches!(c, '.' | ',' | '|' | ':' | ')' | '(') || self.rest().starts_with("}}"),
        }
    }

    fn word_ends(&self) -> Result<(), String> {
        match self.peek() {
            Some(c) if !self.at_terminator() => Err(format!("bad character {}", go::code_point(c))),
            _ => Ok(()),
        }
    }

    fn identifier(&mut self) -> Result<(), String> {
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        self.word_ends()?;
        let word = &self.input[self.start..self.at];
        self.emit(match word {
            "true" | "false" => Kind::Bool,
            word if KEYWORDS.contains(&word) => Kind::Keyword,
            _ => Kind::Identifier,
        });
        Ok(())
    }

    fn field(&mut self, kind: Kind) -> Result<(), String> {
        if self.at_terminator() {
            self.emit(if kind == Kind::Field { Kind::Keyword } else { kind });
            return Ok(());
        }
        while self.peek().is_some_and(is_alphanumeric) {
            self.next();
        }
        self.word_ends()?;
        self.emit(kind);
        Ok(())
    }

    fn quoted(&mut self, quote: char, kind: Kind, error: &str) -> Result<(), String> {
        loop {
            match self.next() {
                Some('\\') => {
                    if self.next().is_none_or(|c| c == '\n') {
                        return Err(error.into());
                    }
                }
                None | Some('\n') => return Err(error.into()),
                Some(c) if c == quote => break,
                Some(_) => {}
            }
        }
        self.emit(kind);
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        let bad =
            |lexer: &Lexer| Err(format!("bad number syntax: {}", go::quoted(&lexer.input[lexer.start..lexer.at])));
        if !self.scan_number() {
            return bad(self);
        }
        if matches!(self.peek(), Some('+' | '-')) {
            if !self.scan_number() || !self.input[..self.at].ends_with('i') {
                return bad(self);
            }
            self.emit(Kind::Complex);
        } else {
            self.emit(Kind::Number);
        }
        Ok(())
    }

    fn scan_number(&mut self) -> bool {
        self.accept("+-");
        let mut digits = "0123456789_";
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        while self.accept(digits) {}
        if self.accept(".") {
            while self.accept(digits) {}
        }
        if digits.len() == 11 && self.accept("eE") || digits.len() == 23 && self.accept("pP") {
            self.accept("+-");
            while self.accept("0123456789_") {}
        }
        self.accept("i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

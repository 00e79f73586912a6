//! Message templates: literal text with named, typed holes. Not regular expressions: they read like the message, and cannot be slow.
//!
//! `User "{user}" cannot {verb} resource "{resource}"` is searched anywhere in a text. A hole takes the shortest run up to the next
//! literal and never crosses a line break; between two quotes it never holds a quote; at the start it takes the word before the
//! first literal; at the end the rest of the line.

use std::fmt;

/// What may stand in a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything on one line.
    Any,
    /// No blanks.
    Word,
    /// No blanks, quotes, commas or brackets; a colon at the end is not part of it.
    Token,
    /// Digits.
    Int,
    /// A Go duration (`1.5s`, `2m0s`).
    Duration,
    /// Everything up to the end of the text, over line breaks.
    Rest,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands there.
    Literal(&'static str),
    /// A hole.
    Hole {
        /// Its name; empty where nobody needs the value.
        name: &'static str,
        /// What may stand in it.
        kind: Kind,
        /// Whether it may be empty.
        optional: bool,
    },
}

/// A message template.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its pieces: literals and holes in turn.
    pub parts: &'static [Part],
    /// The literal that the prefilter looks for: free of characters that a logger may escape.
    pub needle: &'static str,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("parts", &self.parts).field("needle", &self.needle).finish()
    }
}

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TemplateError {
    /// A `{` without `}`.
    #[error("a hole is not closed")]
    Unclosed,
    /// A `}` without `{`.
    #[error("a closing brace has no hole; write `}}}}` for a literal one")]
    Stray,
    /// An unknown hole kind.
    #[error("unknown kind of hole \"{0}\"; known are word, token, int, dur, rest")]
    Kind(String),
    /// Two holes without text between them.
    #[error("two holes stand side by side")]
    Adjacent,
    /// Nothing for the prefilter.
    #[error("no literal of at least {MIN_NEEDLE} plain characters")]
    NoNeedle,
}

const MIN_NEEDLE: usize = 3;

/// A match: where it lies in the text, and what stood in the holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'t> {
    /// Byte offset of the start.
    pub start: usize,
    /// Byte offset of the end.
    pub end: usize,
    /// Hole names and values, in order.
    pub captures: Vec<(&'static str, &'t str)>,
}

impl Template {
    /// Reads a template. The result lives as long as the program: templates are read at build time or once from `--rules`.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let parts = parse_parts(text)?;
        let needle = parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(literal) => Some(*literal),
                Part::Hole { .. } => None,
            })
            .flat_map(|literal| literal.split(escapable))
            .map(str::trim)
            .max_by_key(|piece| piece.len())
            .filter(|piece| piece.len() >= MIN_NEEDLE)
            .ok_or(TemplateError::NoNeedle)?;
        Ok(Template { parts: Box::leak(parts.into_boxed_slice()), needle })
    }

    /// The first match in `text`; with `exact` it must be the whole text, blanks at its ends aside.
    pub fn find<'t>(&self, text: &'t str, exact: bool) -> Option<Found<'t>> {
        if exact {
            let trimmed = text.trim();
            let offset = text.len() - text.trim_start().len();
            return self.match_at(trimmed, 0).filter(|found| found.end == trimmed.len()).map(|found| Found {
                start: found.start + offset,
                end: found.end + offset,
                ..found
            });
        }
        match self.parts.first()? {
            Part::Literal(first) => occurrences(text, first, 0).find_map(|at| self.match_at(text, at)),
            Part::Hole { .. } => self.find_after_hole(text),
        }
    }

    /// A template that starts with a hole: the hole is the word before the first literal.
    fn find_after_hole<'t>(&self, text: &'t str) -> Option<Found<'t>> {
        let [Part::Hole { name, kind, .. }, Part::Literal(literal), ..] = self.parts else { return None };
        occurrences(text, literal, 0).find_map(|at| {
            let before = &text[..at];
            let word_start = before.rfind([' ', '\n', '\t']).map_or(0, |blank| blank + 1);
            let start = word_start + leading_punctuation(&before[word_start..]);
            let value = &text[start..at];
            if value.is_empty() || !kind.takes(value) {
                return None;
            }
            let mut found = Template::match_parts(&self.parts[1..], text, at)?;
            found.start = start;
            if !name.is_empty() {
                found.captures.insert(0, (name, value));
            }
            Some(found)
        })
    }

    fn match_at<'t>(&self, text: &'t str, at: usize) -> Option<Found<'t>> {
        Template::match_parts(self.parts, text, at)
    }

    fn match_parts<'t>(parts: &'static [Part], text: &'t str, start: usize) -> Option<Found<'t>> {
        let mut captures = Vec::new();
        let end = match_from(parts, text, start, false, &mut captures)?;
        Some(Found { start, end, captures })
    }
}

/// Matches `parts` from `at`; on success gives the end. Tries later occurrences of a literal only where a hole's kind refuses the nearer one.
fn match_from<'t>(
    parts: &'static [Part],
    text: &'t str,
    at: usize,
    after_quote: bool,
    captures: &mut Vec<(&'static str, &'t str)>,
) -> Option<usize> {
    let Some((part, later)) = parts.split_first() else { return Some(at) };
    match part {
        Part::Literal(literal) => {
            if !text[at..].starts_with(literal) {
                return None;
            }
            match_from(later, text, at + literal.len(), literal.ends_with('"'), captures)
        }
        Part::Hole { name, kind, optional } => {
            let Some(Part::Literal(next)) = later.first() else {
                let value = kind.tail(&text[at..]);
                if value.is_empty() && !optional {
                    return None;
                }
                push(captures, name, value);
                return Some(at + value.len());
            };
            let in_quotes = after_quote && next.starts_with('"');
            for end in occurrences(text, next, at) {
                let value = &text[at..end];
                if value.contains('\n') && *kind != Kind::Rest || in_quotes && value.contains('"') {
                    return None;
                }
                if value.is_empty() && !optional || !value.is_empty() && !kind.takes(value) {
                    continue;
                }
                let mark = captures.len();
                push(captures, name, value);
                if let Some(end) = match_from(later, text, end, false, captures) {
                    return Some(end);
                }
                captures.truncate(mark);
            }
            None
        }
    }
}

fn push<'t>(captures: &mut Vec<(&'static str, &'t str)>, name: &'static str, value: &'t str) {
    if !name.is_empty() {
        captures.push((name, value));
    }
}

impl Kind {
    fn takes(self, value: &str) -> bool {
        match self {
            Kind::Any | Kind::Rest => true,
            Kind::Word => !value.contains(char::is_whitespace),
            Kind::Token => !value.contains(|c: char| c.is_whitespace() || "\"'`,[]{}()".contains(c)),
            Kind::Int => value.bytes().all(|b| b.is_ascii_digit()),
            Kind::Duration => {
                value.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                    && value.chars().all(|c| c.is_ascii_digit() || ".hmsµun-".contains(c))
            }
        }
    }

    /// What a hole at the end of a template takes.
    fn tail(self, text: &str) -> &str {
        let line = text.split('\n').next().unwrap_or_default();
        match self {
            Kind::Rest => text.trim_end(),
            Kind::Any => line.trim_end(),
            Kind::Word => line.split(char::is_whitespace).next().unwrap_or_default(),
            Kind::Token => {
                let word =
                    line.split(|c: char| c.is_whitespace() || "\"'`,[]{}()".contains(c)).next().unwrap_or_default();
                word.trim_end_matches([':', '.', ';'])
            }
            Kind::Int => &line[..line.bytes().take_while(u8::is_ascii_digit).count()],
            Kind::Duration => {
                let end = line.find(|c: char| !(c.is_ascii_digit() || ".hmsµun".contains(c))).unwrap_or(line.len());
                line[..end].trim_end_matches('.')
            }
        }
    }
}

fn occurrences<'t>(text: &'t str, literal: &'static str, from: usize) -> impl Iterator<Item = usize> + 't {
    memchr::memmem::find_iter(&text.as_bytes()[from..], literal.as_bytes())
        .map(move |at| at + from)
        .filter(|at| text.is_char_boundary(*at))
}

fn leading_punctuation(word: &str) -> usize {
    word.len() - word.trim_start_matches(['"', '\'', '(', '[', '{', '`']).len()
}

/// Characters that some logger escapes, so that raw text does not hold them as they are.
fn escapable(c: char) -> bool {
    matches!(c, '"' | '\\' | '<' | '>' | '&' | '\'' | '`' | '=') || c.is_control() || !c.is_ascii()
}

fn parse_parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                literal.push('{');
            }
            '}' if chars.peek() == Some(&'}') => {
                chars.next();
                literal.push('}');
            }
            '}' => return Err(TemplateError::Stray),
            '{' => {
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        Some('}') => break,
                        Some(c) => inner.push(c),
                        None => return Err(TemplateError::Unclosed),
                    }
                }
                if !literal.is_empty() {
                    parts.push(Part::Literal(leak(&std::mem::take(&mut literal))));
                } else if matches!(parts.last(), Some(Part::Hole { .. })) {
                    return Err(TemplateError::Adjacent);
                }
                parts.push(parse_hole(&inner)?);
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(leak(&literal)));
    }
    Ok(parts)
}

fn parse_hole(inner: &str) -> Result<Part, TemplateError> {
    let (inner, optional) = inner.strip_suffix('?').map_or((inner, false), |inner| (inner, true));
    let (name, kind) = inner.split_once(':').unwrap_or((inner, ""));
    let (name, optional) = name.strip_suffix('?').map_or((name, optional), |name| (name, true));
    let kind = match kind {
        "" => Kind::Any,
        "word" => Kind::Word,
        "token" => Kind::Token,
        "int" => Kind::Int,
        "dur" => Kind::Duration,
        "rest" => Kind::Rest,
        other => return Err(TemplateError::Kind(other.into())),
    };
    Ok(Part::Hole { name: leak(name), kind, optional })
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures<'t>(template: &str, text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        Template::parse(template).expect("a template").find(text, false).map(|found| found.captures)
    }

    #[test]
    fn holes_take_the_shortest_run() {
        let text = r#"widgets is forbidden: User "system:serviceaccount:a:b" cannot list resource "widgets" in API group "example.com" at the cluster scope"#;
        let template =
            r#"User "{user}" cannot {verb} resource "{resource}" in API group "{group?}" at the cluster scope"#;
        assert_eq!(
            captures(template, text),
            Some(vec![
                ("user", "system:serviceaccount:a:b"),
                ("verb", "list"),
                ("resource", "widgets"),
                ("group", "example.com")
            ])
        );
    }

    #[test]
    fn an_optional_hole_may_be_empty() {
        assert!(captures(r#"API group "{group?}" at"#, r#"API group "" at"#).is_some());
        assert_eq!(captures(r#"API group "{group}" at"#, r#"API group "" at"#), None);
    }

    #[test]
    fn a_quoted_hole_holds_no_quote() {
        let text = r#"secrets "a" in namespace "b" not found"#;
        assert_eq!(captures(r#" "{name}" not found"#, text), Some(vec![("name", "b")]));
    }

    #[test]
    fn a_leading_hole_is_the_word_before() {
        let text = r#"failed: secrets "a" not found"#;
        assert_eq!(captures(r#"{gr} "{name}" not found"#, text), Some(vec![("gr", "secrets"), ("name", "a")]));
    }

    #[test]
    fn kinds_refuse_what_does_not_fit() {
        assert_eq!(captures("waited {d:dur} for", "waited 1.5s for"), Some(vec![("d", "1.5s")]));
        assert_eq!(captures("waited {d:dur} for", "waited long for"), None);
        assert_eq!(captures("lookup {host:token}: no", "lookup a b: no"), None);
    }

    #[test]
    fn a_refused_occurrence_is_not_the_last_word() {
        let text = "listen tcp on any: bind: in use, then listen tcp :80: bind: in use";
        assert_eq!(captures("listen tcp {address:word}: bind: in use", text), Some(vec![("address", ":80")]));
    }

    #[test]
    fn exact_means_the_whole_text() {
        let template = Template::parse("Starting workers").expect("a template");
        assert!(template.find(" Starting workers ", true).is_some());
        assert!(template.find("Starting workers failed", true).is_none());
    }

    #[test]
    fn bad_templates_say_why() {
        assert_eq!(Template::parse("a {b"), Err(TemplateError::Unclosed));
        assert_eq!(Template::parse("{a}{b}"), Err(TemplateError::Adjacent));
        assert_eq!(Template::parse("{a} x {b}"), Err(TemplateError::NoNeedle));
        assert_eq!(Template::parse("{a:number} failed"), Err(TemplateError::Kind("number".into())));
    }
}

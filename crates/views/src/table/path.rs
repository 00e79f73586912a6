//! The part of JSON path that printer columns use: fields, indices, slices, `[*]` and filters such as `[?(@.type=="Ready")]`.

use serde_json::Value;
use std::cmp::Ordering;

/// What the path finds, in order; `None` where the path cannot be read or does not fit the object.
pub(super) fn find<'a>(path: &str, object: &'a Value) -> Option<Vec<&'a Value>> {
    let mut found = vec![object];
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        found = step.apply(&found)?;
        rest = after;
    }
    Some(found)
}

/// One step of a path.
enum Step<'p> {
    Here,
    Field(String),
    All,
    /// `[from:to]`; a single index where `to` is absent and `single` says so.
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        single: bool,
    },
    Filter(&'p str),
}

/// The first step of the path, and what follows.
fn step(path: &str) -> Option<(Step<'_>, &str)> {
    if let Some(rest) = path.strip_prefix(['@', '$', ' ']) {
        return Some((Step::Here, rest));
    }
    if let Some(rest) = path.strip_prefix("[?(") {
        let end = rest.find(")]")?;
        return Some((Step::Filter(&rest[..end]), &rest[end + 2..]));
    }
    if let Some(rest) = path.strip_prefix('[') {
        let end = rest.find(']')?;
        return Some((bracket(&rest[..end])?, &rest[end + 1..]));
    }
    let rest = path.strip_prefix('.')?;
    let mut name = String::new();
    let mut chars = rest.char_indices();
    let mut end = rest.len();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => name.extend(chars.next().map(|(_, escaped)| escaped)),
            '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}' | ' ' | '\t' | '\r' | '\n' => {
                end = at;
                break;
            }
            c => name.push(c),
        }
    }
    let step = match name.as_str() {
        "*" => Step::All,
        "" if end == 0 => Step::Here,
        _ => Step::Field(name),
    };
    Some((step, &rest[end..]))
}

/// What stands in brackets.
fn bracket(text: &str) -> Option<Step<'_>> {
    if text == "*" {
        return Some(Step::Slice { from: None, to: None, single: false });
    }
    if let Some(quoted) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Some(Step::Field(quoted.replace('\\', "")));
    }
    let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    match text.split_once(':') {
        Some((from, to)) => Some(Step::Slice { from: number(from)?, to: number(to)?, single: false }),
        None => Some(Step::Slice { from: Some(text.parse().ok()?), to: None, single: true }),
    }
}

impl Step<'_> {
    fn apply<'a>(&self, input: &[&'a Value]) -> Option<Vec<&'a Value>> {
        let mut out = Vec::new();
        for value in input.iter().copied().filter(|value| !value.is_null()) {
            match self {
                Step::Here => out.push(value),
                Step::Field(name) => out.extend(value.get(name)),
                Step::All => match value {
                    Value::Array(list) => out.extend(list),
                    Value::Object(map) => out.extend(map.values()),
                    _ => {}
                },
                Step::Slice { from, to, single } => out.extend(slice(value.as_array()?, *from, *to, *single)?),
                Step::Filter(condition) => {
                    for entry in value.as_array()? {
                        if holds(condition, entry)? {
                            out.push(entry);
                        }
                    }
                }
            }
        }
        Some(out)
    }
}

/// A part of a list; counted from the end where a number is negative. Out of bounds is no answer.
fn slice(list: &[Value], from: Option<i64>, to: Option<i64>, single: bool) -> Option<&[Value]> {
    let length = i64::try_from(list.len()).ok()?;
    let wrap = |index: i64| if index < 0 { index + length } else { index };
    let start = wrap(from.unwrap_or(0));
    let end = if single { start + 1 } else { to.map_or(length, wrap) };
    if start == end {
        return Some(&[]);
    }
    if start >= length {
        return None;
    }
    list.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// Whether a filter holds for an entry.
fn holds(condition: &str, entry: &Value) -> Option<bool> {
    const OPERATORS: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];
    let Some(at) = condition.find(['=', '!', '<', '>']) else {
        return Some(find(condition.trim(), entry).is_some_and(|found| !found.is_empty()));
    };
    let operator = OPERATORS.iter().find(|operator| condition[at..].starts_with(**operator))?;
    let left = operand(condition[..at].trim(), entry)?;
    let right = operand(condition[at + operator.len()..].trim(), entry)?;
    let ([left], [right]) = (left.as_slice(), right.as_slice()) else { return Some(false) };
    let order = compare(left, right)?;
    Some(match *operator {
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<=" => order != Ordering::Greater,
        ">=" => order != Ordering::Less,
        "<" => order == Ordering::Less,
        _ => order == Ordering::Greater,
    })
}

/// One side of a comparison: a literal, or a path that finds one value at most.
fn operand(text: &str, entry: &Value) -> Option<Vec<Value>> {
    if text.starts_with(['@', '.', '$']) {
        let found = find(text, entry)?;
        return (found.len() < 2).then(|| found.into_iter().cloned().collect());
    }
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).map(|inner| vec![Value::from(inner)]);
        }
    }
    serde_json::from_str(text).ok().map(|literal| vec![literal])
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

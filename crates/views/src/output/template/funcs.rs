//! The functions that a template can call.

use std::cmp::Ordering;

use super::super::go;
use super::printf::{self, sprint};
use super::value::{Data, Val};

/// A function.
pub(super) struct Function {
    name: &'static str,
    /// How many arguments it has, or has at least.
    pub(super) least: usize,
    pub(super) variadic: bool,
    /// Whether its first argument must be text.
    text: bool,
    pub(super) run: for<'a> fn(Vec<Val<'a>>) -> Result<Val<'a>, String>,
}

impl Function {
    pub(super) fn wants_text(&self, argument: usize) -> bool {
        self.text && argument == 0
    }
}

macro_rules! function {
    ($name:literal, $least:literal, $variadic:literal, $text:literal, $run:expr) => {
        Function { name: $name, least: $least, variadic: $variadic, text: $text, run: $run }
    };
}

static FUNCTIONS: &[Function] = &[
    function!("and", 1, true, false, |_| Ok(Val::NOTHING)),
    function!("base64decode", 1, false, true, |args| base64(&shown(&args)).map(Val::text)),
    function!("call", 1, true, false, |_| Ok(Val::NOTHING)),
    function!("eq", 1, true, false, |args| equal(&args).map(Val::truth)),
    function!("exists", 1, true, false, |args| Ok(Val::truth(exists(args)))),
    function!("ge", 2, false, false, |args| Ok(Val::truth(order(&args)? != Some(Ordering::Less)))),
    function!("gt", 2, false, false, |args| Ok(Val::truth(!at_most(&args)?))),
    function!("html", 0, true, false, |args| Ok(Val::text(html(&shown(&args))))),
    function!("index", 1, true, false, |args| index(args)),
    function!("js", 0, true, false, |args| Ok(Val::text(js(&shown(&args))))),
    function!("le", 2, false, false, |args| Ok(Val::truth(at_most(&args)?))),
    function!("len", 1, false, false, |args| length(&args)),
    function!("lt", 2, false, false, |args| Ok(Val::truth(order(&args)? == Some(Ordering::Less)))),
    function!("ne", 2, false, false, |args| Ok(Val::truth(!equal(&args)?))),
    function!("not", 1, false, false, |args| Ok(Val::truth(!args.iter().any(|arg| arg.data.is_true())))),
    function!("or", 1, true, false, |_| Ok(Val::NOTHING)),
    function!("print", 0, true, false, |args| Ok(Val::text(sprint(&args)))),
    function!("printf", 1, true, true, |args| Ok(Val::text(printf::sprintf(&args)))),
    function!("println", 0, true, false, |args| {
        Ok(Val::text(args.iter().map(|arg| printf::plain(&arg.data)).collect::<Vec<_>>().join(" ") + "\n"))
    }),
    function!("slice", 1, true, false, |args| slice(args)),
    function!("urlquery", 0, true, false, |args| Ok(Val::text(url_query(&shown(&args))))),
];

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Whether there is such a function.
pub(super) fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// Arguments as one text.
fn shown(args: &[Val]) -> String {
    let args: Vec<Val> = args
        .iter()
        .map(|arg| if matches!(arg.data, Data::Nil) { Val::text("<no value>".into()) } else { arg.clone() })
        .collect();
    sprint(&args)
}

fn place(index: &Val, most: usize) -> Result<usize, String> {
    let at = match index.data {
        Data::Int(at) | Data::Int64(at) => at,
        Data::Byte(at) => at.into(),
        Data::Nil => return Err("cannot index slice/array with nil".into()),
        _ => return Err(format!("cannot index slice/array with type {}", index.data.kind())),
    };
    usize::try_from(at).ok().filter(|at| *at <= most).ok_or(format!("index out of range: {at}"))
}

fn index(args: Vec<Val>) -> Result<Val, String> {
    let mut args = args.into_iter();
    let mut item = args.next().unwrap_or(Val::NOTHING).unboxed();
    if item.is_nothing() {
        return Err("index of untyped nil".into());
    }
    for index in args {
        item = match &item.data {
            Data::Nil => return Err("index of nil pointer".into()),
            Data::List(items) => {
                let found = items.get(place(&index, items.len())?);
                Val::element(found.ok_or("reflect: slice index out of range")?)
            }
            Data::Text(text) => {
                let found = text.as_bytes().get(place(&index, text.len())?);
                Val::bare(Data::Byte(*found.ok_or("reflect: string index out of range")?))
            }
            Data::Map(fields) => match &index.data {
                Data::Text(key) => fields.get(key.as_ref()).map_or(Val::null(), Val::element),
                Data::Nil => return Err("value is nil; should be of type string".into()),
                other => return Err(format!("value has type {}; should be string", other.kind())),
            },
            other => return Err(format!("can't index item of type {}", other.kind())),
        };
    }
    Ok(item)
}

fn exists(args: Vec<Val>) -> bool {
    let mut args = args.into_iter();
    let mut item = args.next().unwrap_or(Val::NOTHING).unboxed();
    for index in args {
        let position = |length| place(&index, length).ok().filter(|at| *at < length);
        item = match &item.data {
            Data::List(items) => match position(items.len()) {
                Some(at) => Val::element(&items[at]),
                None => return false,
            },
            Data::Text(text) => match position(text.len()) {
                Some(at) => Val::bare(Data::Byte(text.as_bytes()[at])),
                None => return false,
            },
            Data::Map(fields) => match &index.data {
                Data::Text(key) => fields.get(key.as_ref()).map_or(Val::null(), Val::element),
                Data::Nil => fields.get("").map_or(Val::null(), Val::element),
                _ => return false,
            },
            _ => return false,
        };
    }
    !(item.boxed && matches!(item.data, Data::Nil))
}

fn slice(args: Vec<Val>) -> Result<Val, String> {
    let mut args = args.into_iter();
    let item = args.next().unwrap_or(Val::NOTHING).unboxed();
    let indexes: Vec<Val> = args.collect();
    let is_text = matches!(item.data, Data::Text(_));
    let length = match &item.data {
        Data::Nil => return Err("slice of untyped nil".into()),
        Data::Text(text) => text.len(),
        Data::List(items) => items.len(),
        _ if indexes.len() <= 3 => return Err(format!("can't slice item of type {}", item.data.kind())),
        _ => 0,
    };
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()));
    }
    if is_text && indexes.len() == 3 {
        return Err("cannot 3-index slice a string".into());
    }
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(&indexes) {
        *bound = place(index, length)?;
    }
    let [from, to, most] = bounds;
    for (low, high) in [(from, to), (to, most)] {
        if low > high {
            return Err(format!("invalid slice index: {low} > {high}"));
        }
    }
    Ok(match &item.data {
        Data::List(items) => Val::bare(Data::List(&items[from..to])),
        Data::Text(text) => Val::text(String::from_utf8_lossy(&text.as_bytes()[from..to]).into_owned()),
        _ => Val::NOTHING,
    })
}

fn length<'a>(args: &[Val]) -> Result<Val<'a>, String> {
    let item = args.first().unwrap_or(&Val::NOTHING);
    match &item.data {
        Data::Nil if item.boxed => Err("len of nil pointer".into()),
        Data::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Data::Text(text) => Ok(Val::length(text.len())),
        Data::List(items) => Ok(Val::length(items.len())),
        Data::Map(fields) => Ok(Val::length(fields.len())),
        other => Err(format!("len of type {}", other.kind())),
    }
}

/// A whole number, whatever its type.
fn whole(data: &Data) -> Option<i64> {
    match data {
        Data::Int(value) | Data::Int64(value) => Some(*value),
        Data::Byte(value) => Some((*value).into()),
        _ => None,
    }
}

fn unlike<T>(a: &Data, b: &Data) -> Result<T, String> {
    Err(format!("incompatible types for comparison: {} and {}", a.kind(), b.kind()))
}

/// Whether the first argument equals any of the others.
fn equal(args: &[Val]) -> Result<bool, String> {
    let Some((first, others)) = args.split_first() else { return Ok(false) };
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in others {
        let same = match (&first.data, &other.data) {
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Float(a), Data::Float(b)) => a.partial_cmp(b) == Some(Ordering::Equal),
            (Data::Text(a), Data::Text(b)) => a == b,
            (Data::Nil, Data::Nil) => true,
            (Data::Nil, _) | (_, Data::Nil) => false,
            (Data::List(_), Data::List(_)) | (Data::Map(_), Data::Map(_)) => {
                return Err(format!("non-comparable type {}: {}", printf::as_text(&other.data), other.data.kind()));
            }
            (Data::List(_) | Data::Map(_), Data::List(_) | Data::Map(_)) => {
                return Err(format!(
                    "non-comparable types {}: {}, {}: {}",
                    printf::as_text(&first.data),
                    first.data.kind(),
                    other.data.kind(),
                    printf::plain(&other.data)
                ));
            }
            (a, b) => match (whole(a), whole(b)) {
                (Some(a), Some(b)) => a == b,
                _ => return unlike(a, b),
            },
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn order(args: &[Val]) -> Result<Option<Ordering>, String> {
    let [first, second] = args else { return Ok(None) };
    let basic = |data: &Data| !matches!(data, Data::Nil | Data::List(_) | Data::Map(_));
    let wrong = || "invalid type for comparison".to_owned();
    if !basic(&first.data) || !basic(&second.data) {
        return Err(wrong());
    }
    match (&first.data, &second.data) {
        (Data::Bool(_), Data::Bool(_)) => Err(wrong()),
        (Data::Float(a), Data::Float(b)) => Ok(a.partial_cmp(b)),
        (Data::Text(a), Data::Text(b)) => Ok(Some(a.cmp(b))),
        (a, b) => match (whole(a), whole(b)) {
            (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
            _ => unlike(a, b),
        },
    }
}

fn at_most(args: &[Val]) -> Result<bool, String> {
    Ok(matches!(order(args)?, Some(Ordering::Less | Ordering::Equal)))
}

fn html(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\0' => escaped.push('\u{fffd}'),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn js(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => escaped.extend(['\\', c]),
            '<' | '>' | '&' | '=' => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if c < ' ' || !c.is_ascii() && !go::is_print(c) => {
                escaped.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

fn url_query(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => escaped.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(byte.into()),
            byte => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// The text behind base64; line breaks in it do not count.
pub(crate) fn base64(text: &str) -> Result<String, String> {
    let wrong = |at: usize| Err(format!("base64 decode failed: illegal base64 data at input byte {at}"));
    let mut digits = text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n')).peekable();
    let mut bytes = Vec::new();
    while digits.peek().is_some() {
        let mut bits = 0_u32;
        let mut count = 0;
        while count < 4 {
            let Some((at, digit)) = digits.next() else { return wrong(text.len() - count) };
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' if count >= 2 => {
                    if count == 2 {
                        match digits.next() {
                            None => return wrong(text.len()),
                            Some((_, b'=')) => {}
                            Some((other, _)) => return wrong(other - 1),
                        }
                    }
                    if let Some((other, _)) = digits.next() {
                        return wrong(other);
                    }
                    break;
                }
                _ => return wrong(at),
            };
            bits = bits << 6 | u32::from(value);
            count += 1;
        }
        bits <<= 6 * (4 - count);
        bytes.extend(&bits.to_be_bytes()[1..count]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

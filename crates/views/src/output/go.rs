//! What Go's standard library does with values, numbers and text, where kubectl's output shows it.

use serde_json::{Number, Value};

/// A number as kubectl holds it: a whole one of 64 bits, or a float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Num {
    Int(i64),
    Float(f64),
}

/// What a number of an object is to kubectl: whole numbers beyond 64 bits are floats.
pub(super) fn num(number: &Number) -> Num {
    match number.as_i64() {
        Some(whole) => Num::Int(whole),
        None => Num::Float(number.as_f64().unwrap_or_default()),
    }
}

/// The shortest text of a float, with an exponent outside of 1e-4 and 1e6: `%v`.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let digits = Digits::of(value);
    if (-4..6).contains(&digits.power) {
        return digits.without_exponent();
    }
    let (mantissa, power) = (digits.mantissa(), digits.power);
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

/// A number in JSON.
pub(super) fn json_number(number: &Number) -> String {
    let value = match num(number) {
        Num::Int(whole) => return whole.to_string(),
        Num::Float(value) => value,
    };
    let digits = Digits::of(value);
    if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        return digits.without_exponent();
    }
    format!("{}e{:+}", digits.mantissa(), digits.power)
}

/// The fewest digits that name a float: `d.ddd` times ten to a power.
struct Digits {
    negative: bool,
    all: String,
    power: i32,
}

impl Digits {
    fn of(value: f64) -> Digits {
        // serde_json takes the even one of two texts that are equally near, as Go does and Rust's own formatting does not.
        let text = Number::from_f64(value.abs()).map(|number| number.to_string()).unwrap_or_default();
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = all.len() - digits.len();
        let digits = digits.trim_end_matches('0');
        let place = |count: usize| i32::try_from(count).unwrap_or_default();
        let power = exponent.parse::<i32>().unwrap_or_default() + place(whole.len()) - place(zeros) - 1;
        let negative = value.is_sign_negative();
        if digits.is_empty() {
            return Digits { negative, all: "0".into(), power: 0 };
        }
        Digits { negative, all: digits.to_owned(), power }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    fn mantissa(&self) -> String {
        let (first, rest) = self.all.split_at(1);
        format!("{}{first}{}{rest}", self.sign(), if rest.is_empty() { "" } else { "." })
    }

    fn without_exponent(&self) -> String {
        let (sign, digits) = (self.sign(), &self.all);
        let Ok(power) = usize::try_from(self.power) else {
            let zeros = usize::try_from(-self.power - 1).unwrap_or_default();
            return format!("{sign}0.{}{digits}", "0".repeat(zeros));
        };
        if digits.len() <= power + 1 {
            return format!("{sign}{digits}{}", "0".repeat(power + 1 - digits.len()));
        }
        let (whole, fraction) = digits.split_at(power + 1);
        format!("{sign}{whole}.{fraction}")
    }
}

/// Numbers as they come back from JSON: what has no fraction there is a whole number.
pub(super) fn settle(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_i64().is_none() => {
            if let Ok(whole) = json_number(number).parse::<i64>() {
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::Object(fields) => fields.values_mut().for_each(settle),
        _ => {}
    }
}

/// A value as `%v` shows it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match num(number) {
            Num::Int(whole) => whole.to_string(),
            Num::Float(value) => float(value),
        },
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(" ")),
        Value::Object(fields) => {
            let shown = sorted(fields).into_iter().map(|(key, value)| format!("{key}:{}", plain(value)));
            format!("map[{}]", shown.collect::<Vec<_>>().join(" "))
        }
    }
}

/// A value as `%#v` shows it: as one would write it in Go.
pub(super) fn source(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".into(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            format!("[]interface {{}}{{{}}}", items.iter().map(source).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let shown = sorted(fields).into_iter().map(|(key, value)| format!("{}:{}", quoted(key), source(value)));
            format!("map[string]interface {{}}{{{}}}", shown.collect::<Vec<_>>().join(", "))
        }
        other => plain(other),
    }
}

/// The fields in the order of their keys.
pub(super) fn sorted(fields: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
    fields.sort_by_key(|(key, _)| *key);
    fields
}

/// Text as `%q` shows it.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => shown.push_str("\\\""),
            c => escaped(c, &mut shown),
        }
    }
    shown.push('"');
    shown
}

/// A character of quoted text that is no quote.
pub(super) fn escaped(c: char, shown: &mut String) {
    match c {
        '\\' => shown.push_str("\\\\"),
        '\u{7}' => shown.push_str("\\a"),
        '\u{8}' => shown.push_str("\\b"),
        '\u{c}' => shown.push_str("\\f"),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        '\u{b}' => shown.push_str("\\v"),
        c if is_print(c) => shown.push(c),
        c if c < ' ' || c == '\u{7f}' => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if u32::from(c) < 0x1_0000 => shown.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => shown.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// Whether a character is seen: letters, marks, numbers, signs and the plain blank.
pub(super) fn is_print(c: char) -> bool {
    // Rust's own table answers within a text, where a mark after a letter is not escaped.
    matches!(c, '"' | '\'' | '\\') || format!("a{c}").escape_debug().nth(1) == Some(c)
}

/// `U+007E '~'`.
pub(super) fn code_point(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_print(c) { format!("{code} '{c}'") } else { code }
}

/// Text without its quotes and escapes; both kinds of quotes hold text.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next()?;
    let mut rest = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::new();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            if c == quote {
                return None;
            }
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        let here = rest;
        let escaped = rest.chars().next()?;
        rest = &rest[escaped.len_utf8()..];
        let (digits, radix) = match escaped {
            'x' => (rest.get(..2)?, 16),
            'u' => (rest.get(..4)?, 16),
            'U' => (rest.get(..8)?, 16),
            '0'..='7' => (here.get(..3)?, 8),
            _ => ("", 10),
        };
        if !digits.is_empty() {
            rest = &(if radix == 8 { here } else { rest })[digits.len()..];
            let code = digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, radix));
            let code = code?.ok()?;
            match escaped {
                'u' | 'U' => bytes.extend(char::from_u32(code)?.encode_utf8(&mut [0; 4]).bytes()),
                _ => bytes.push(u8::try_from(code).ok()?),
            }
            continue;
        }
        bytes.push(match escaped {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' => b'\\',
            c if c == quote => u8::try_from(c).ok()?,
            _ => return None,
        });
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_read_as_go_writes_them() {
        for (value, plain, json) in [
            (1e6, "1e+06", "1000000"),
            (100_000.0, "100000", "100000"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (1e20, "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (1e-5, "1e-05", "0.00001"),
            (0.0001, "0.0001", "0.0001"),
            (1e-7, "1e-07", "1e-7"),
            (0.5, "0.5", "0.5"),
            (-0.0, "-0", "-0"),
            (-4_882_537_892_110_053.0 / 4.0, "-1.2206344730275132e+15", "-1220634473027513.2"),
            (1.25e-9, "1.25e-09", "1.25e-9"),
        ] {
            assert_eq!(float(value), plain);
            assert_eq!(json_number(&Number::from_f64(value).expect("a number")), json);
        }
        assert_eq!(json_number(&Number::from(u64::MAX)), "18446744073709552000");
        assert_eq!(json_number(&Number::from(i64::MAX)), "9223372036854775807");
    }

    #[test]
    fn values_read_as_go_writes_them() {
        let value = json!({"b": [1, "x y", null, true, 0.5], "a": {}, "é": "\u{1b}\"\\\u{a0}\u{1f600}\u{301}"});
        assert_eq!(plain(&value), "map[a:map[] b:[1 x y <nil> true 0.5] é:\u{1b}\"\\\u{a0}\u{1f600}\u{301}]");
        assert_eq!(
            source(&value),
            "map[string]interface {}{\"a\":map[string]interface {}{}, \"b\":[]interface {}{1, \"x y\", \
             interface {}(nil), true, 0.5}, \"é\":\"\\x1b\\\"\\\\\\u00a0\u{1f600}\u{301}\"}"
        );
    }
}

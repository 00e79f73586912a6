//! Reading JSON the way a typed client does: what is not there is the zero value.

use crate::quantity::{self, Quantity};
use serde_json::Value;

/// The text of a string field; empty where it is not set.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The number of an integer field; 0 where it is not set.
pub(crate) fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// The truth of a boolean field; `false` where it is not set.
pub(crate) fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

/// The items of a list field; none where it is not set.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The strings of a list field.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

/// Whether the field is there and not null.
pub(crate) fn is_set(value: &Value) -> bool {
    !value.is_null()
}

/// The field if it is there and not null.
pub(crate) fn set(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| is_set(value))
}

/// Any scalar as Go prints it with `%v`; empty where it is not set.
pub(crate) fn scalar(value: &Value) -> String {
    if value.is_null() { String::new() } else { printed(value) }
}

/// The scalar, or `other` where it is not set.
pub(crate) fn scalar_or(value: &Value, other: &str) -> String {
    if value.is_null() { other.to_owned() } else { printed(value) }
}

/// A map field as pairs sorted by key.
pub(crate) fn sorted(value: &Value) -> Vec<(&str, &Value)> {
    let mut pairs: Vec<(&str, &Value)> =
        value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect();
    pairs.sort_unstable_by_key(|pair| pair.0);
    pairs
}

/// A quantity field; zero where it is not set.
pub(crate) fn amount(value: &Value) -> Quantity {
    Quantity::parse(&scalar(value)).unwrap_or_default()
}

/// A quantity field in canonical form; `0` where it is not set.
pub(crate) fn canonical(value: &Value) -> String {
    if value.is_null() { "0".to_owned() } else { quantity::canonical(&scalar(value)) }
}

/// A list in brackets, as Go prints it.
pub(crate) fn bracketed(value: &Value) -> String {
    format!("[{}]", list(value).iter().map(printed).collect::<Vec<_>>().join(" "))
}

/// A value as Go's `%v` prints it.
pub(crate) fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(float)) => go_float(float),
            (None, None) => number.to_string(),
        },
        Value::Array(_) => bracketed(value),
        Value::Object(_) => {
            let pairs: Vec<String> =
                sorted(value).into_iter().map(|(key, value)| format!("{key}:{}", printed(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
    }
}

/// A float in Go's shortest form: an exponent below 10^-4 and from 10^6 on.
fn go_float(value: f64) -> String {
    let shortest = format!("{value:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// A boolean as kubectl capitalises it.
pub(crate) fn capital(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

/// A boolean that may be missing, capitalised.
pub(crate) fn capital_or_unset(value: &Value) -> &'static str {
    value.as_bool().map_or("<unset>", capital)
}

/// A text as Go's `%q` quotes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => out.extend(format!("\\x{:02x}", u32::from(letter)).chars()),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// How many bytes a Base64 text stands for.
pub(crate) fn decoded_length(encoded: &str) -> usize {
    let digits = encoded.bytes().filter(|byte| !matches!(byte, b'=' | b'\n' | b'\r')).count();
    digits * 3 / 4
}

/// What the server said, without the words that only say that it was the server.
pub(crate) fn bare(message: &str) -> &str {
    let Some(rest) = message.strip_prefix("Error from server") else { return message };
    rest.split_once(": ").map_or(message, |(_, rest)| rest)
}

/// The owner that controls the object.
pub(crate) fn controller(object: &Value) -> Option<&Value> {
    list(&object["metadata"]["ownerReferences"]).iter().find(|owner| truth(&owner["controller"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_look_as_go_prints_them() {
        let cases = [
            (json!(1_000_000.0), "1e+06"),
            (json!(0.5), "0.5"),
            (json!(123_456.5), "123456.5"),
            (json!(0.00001), "1e-05"),
            (json!(12_345_678.5), "1.23456785e+07"),
            (json!(3), "3"),
            (json!(null), "<nil>"),
            (json!([1, [2, 3]]), "[1 [2 3]]"),
            (json!({"b": 1, "a": {"c": true}}), "map[a:map[c:true] b:1]"),
        ];
        for (value, text) in cases {
            assert_eq!(printed(&value), text);
        }
    }
}

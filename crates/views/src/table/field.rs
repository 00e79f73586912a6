//! Fields of an object, by JSON pointer, with what the server takes where nothing is set.

use serde_json::Value;

/// What a field holds, unless nothing.
pub(crate) fn at<'a>(object: &'a Value, field: &str) -> Option<&'a Value> {
    object.pointer(field).filter(|value| !value.is_null())
}

/// A text; empty where it is not set.
pub(crate) fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    at(object, field).and_then(Value::as_str).unwrap_or_default()
}

/// A text, or `other` where it is not set or empty.
pub(crate) fn text_or<'a>(object: &'a Value, field: &str, other: &'a str) -> &'a str {
    let text = text(object, field);
    if text.is_empty() { other } else { text }
}

/// A text, or `other` where it is not set; set and empty stays empty.
pub(crate) fn set_or<'a>(object: &'a Value, field: &str, other: &'a str) -> &'a str {
    at(object, field).and_then(Value::as_str).unwrap_or(other)
}

/// A whole number, or `other`.
pub(crate) fn int_or(object: &Value, field: &str, other: i64) -> i64 {
    at(object, field).and_then(Value::as_i64).unwrap_or(other)
}

/// A whole number; 0 where it is not set.
pub(crate) fn int(object: &Value, field: &str) -> i64 {
    int_or(object, field, 0)
}

/// A yes or no, or `other`.
pub(crate) fn flag_or(object: &Value, field: &str, other: bool) -> bool {
    at(object, field).and_then(Value::as_bool).unwrap_or(other)
}

/// A list; empty where it is not set.
pub(crate) fn list<'a>(object: &'a Value, field: &str) -> &'a [Value] {
    at(object, field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How many entries a list or a map has.
pub(crate) fn count(object: &Value, field: &str) -> i64 {
    let entries = match at(object, field) {
        Some(Value::Array(list)) => list.len(),
        Some(Value::Object(map)) => map.len(),
        _ => 0,
    };
    i64::try_from(entries).unwrap_or(i64::MAX)
}

/// A field of the entries of a list, joined.
pub(crate) fn joined(list: &[Value], field: &str, between: &str) -> String {
    list.iter().map(|entry| text(entry, field)).collect::<Vec<_>>().join(between)
}

/// The texts of a list of texts, joined.
pub(crate) fn texts(list: &[Value], between: &str) -> String {
    list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between)
}

/// The name of the object.
pub(crate) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// Whether someone asked for its deletion.
pub(crate) fn deleting(object: &Value) -> bool {
    at(object, "/metadata/deletionTimestamp").is_some()
}

/// An annotation, where it is there.
pub(crate) fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object["metadata"]["annotations"][key].as_str()
}

/// The condition of a type in a list of conditions.
pub(crate) fn condition<'a>(conditions: &'a [Value], of: &str) -> Option<&'a Value> {
    conditions.iter().find(|condition| text(condition, "/type") == of)
}

/// Whether the condition of a type is true.
pub(crate) fn is_true(conditions: &[Value], of: &str) -> bool {
    condition(conditions, of).is_some_and(|condition| text(condition, "/status") == "True")
}

/// When the object was made, in whole seconds of UTC.
pub(crate) fn created(object: &Value) -> String {
    match crate::age::parse(text(object, "/metadata/creationTimestamp")) {
        Some(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        None => "0001-01-01T00:00:00Z".to_owned(),
    }
}

/// A quantity in canonical form; 0 where it is not set.
pub(crate) fn quantity(object: &Value, field: &str) -> String {
    match at(object, field) {
        Some(Value::String(text)) => crate::quantity::canonical(text),
        Some(Value::Number(number)) => crate::quantity::canonical(&number.to_string()),
        _ => "0".to_owned(),
    }
}

/// A number or a percentage, as written; `other` where it is not set.
pub(crate) fn int_or_text(object: &Value, field: &str, other: &str) -> String {
    match at(object, field) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => other.to_owned(),
    }
}

/// The names and the images of the containers of a pod spec.
pub(crate) fn containers(object: &Value, field: &str) -> (String, String) {
    let containers = list(object, field);
    (joined(containers, "/name", ","), joined(containers, "/image", ","))
}

/// A map of labels, or `<none>`.
pub(crate) fn labels(object: &Value, field: &str) -> String {
    crate::selector::or_none(crate::selector::label_set(object.pointer(field).unwrap_or(&Value::Null)))
}

/// A label selector, or `<none>`.
pub(crate) fn selector(object: &Value, field: &str) -> String {
    crate::selector::or_none(crate::selector::label_selector(object.pointer(field).unwrap_or(&Value::Null)))
}

/// A few entries in full, the others as a number; `<unset>` where there is none.
pub(crate) fn first_few(entries: &[String], few: usize) -> String {
    match entries.len() {
        0 => "<unset>".to_owned(),
        count if count > few => format!("{} + {} more...", entries[..few].join(","), count - few),
        _ => {
            let text = entries.join(",");
            if text.is_empty() { "<unset>".to_owned() } else { text }
        }
    }
}

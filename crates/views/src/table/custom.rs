//! Tables of custom resources: the columns are what their definition lists.

use super::field::{flag_or, int, name, text};
use super::{Column, NAME, Row, Table, path};
use jiff::Timestamp;
use serde_json::Value;

/// The answer to a list of custom resources whose definition has these `additionalPrinterColumns`. A definition without columns
/// gets the age, as the server gives it.
pub fn custom(printer_columns: &[Value], objects: &[&Value], now: Timestamp) -> Table {
    let age = [serde_json::json!({"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"})];
    let definitions = if printer_columns.is_empty() { &age } else { printer_columns };
    let mut columns = vec![Column::from(&NAME)];
    columns.extend(definitions.iter().map(column));
    let row = |object: &&Value| {
        let mut cells = vec![Value::from(name(object))];
        cells.extend(definitions.iter().map(|definition| cell(definition, object, now)));
        Row { cells, object: (*object).clone() }
    };
    Table { columns, rows: objects.iter().map(row).collect() }
}

/// The path of a column; before `v1` the key was in other letters.
fn json_path(definition: &Value) -> &str {
    definition["jsonPath"].as_str().unwrap_or_else(|| text(definition, "/JSONPath"))
}

fn column(definition: &Value) -> Column {
    let description = match text(definition, "/description") {
        "" => format!("Custom resource definition column (in JSONPath format): {}", json_path(definition)),
        given => given.to_owned(),
    };
    Column {
        name: text(definition, "/name").to_owned(),
        format: text(definition, "/format").to_owned(),
        r#type: text(definition, "/type").to_owned(),
        description,
        priority: int(definition, "/priority"),
    }
}

fn cell(definition: &Value, object: &Value, now: Timestamp) -> Value {
    let Some(found) = path::find(json_path(definition), object).and_then(|found| found.first().copied()) else {
        return Value::Null;
    };
    match text(definition, "/type") {
        "string" => match found {
            Value::String(text) => text.clone().into(),
            other => sorted(other).to_string().into(),
        },
        // A fraction in a column of whole numbers is cut off.
        #[expect(clippy::cast_possible_truncation, reason = "the server casts in the same way")]
        "integer" => found.as_i64().or_else(|| found.as_f64().map(|number| number as i64)).into(),
        // A whole number travels as one.
        "number" if found.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() < 1e15) =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            found.as_f64().map(|number| number as i64).into()
        }
        "number" => found.as_f64().into(),
        "boolean" if found.is_boolean() => flag_or(found, "", false).into(),
        "date" => match found.as_str() {
            Some("") | None => {
                if found.is_string() {
                    "<unknown>".into()
                } else {
                    Value::Null
                }
            }
            Some(time) if crate::age::parse(time).is_none() => "<invalid>".into(),
            Some(time) => crate::age::since(now, Some(time)).into(),
        },
        _ => Value::Null,
    }
}

/// The value with its keys in order, as the server writes maps.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> =
                map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

//! `--sort-by`: objects by what a path finds in them, those without it first; equal ones end where Go's sort leaves them.

use serde_json::Value;

use super::go::{self, Num, num};
use super::jsonpath::{Template, relaxed};
use super::sorting;
use crate::quantity::Quantity;

/// The places `0..length` in the order that Go's unstable sort leaves them in.
pub fn places(length: usize, less: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    sorting::order(length, less)
}

/// The places of objects in their new order.
pub fn objects<'a>(objects: impl Iterator<Item = &'a Value>, path: &str) -> Result<Vec<usize>, String> {
    let path = relaxed(path)?;
    let template = Template::parse(&path)?;
    let keys = objects.map(|object| key(&template, object)).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Ok(Vec::new()) } else { order_of(&keys, &path, "*unstructured.Unstructured") }
}

/// The places of the rows of a table in their new order, by the objects behind them; nothing where a path is wrong or finds nothing:
/// kubectl prints no such table, and ends only where it finds what has no order.
pub fn rows(objects: &[&Value], path: &str) -> Result<Option<Vec<usize>>, String> {
    match keys_of_rows(objects, path) {
        Ok((path, keys)) if keys.iter().any(Option::is_some) => order_of(&keys, &path, "[][][]reflect.Value").map(Some),
        _ => Ok(None),
    }
}

fn keys_of_rows(objects: &[&Value], path: &str) -> Result<(String, Vec<Option<Value>>), String> {
    let path = relaxed(path).unwrap_or_else(|_| path.to_owned());
    let template = Template::parse(&path)?;
    let key_of = |object: &&Value| {
        let mut key = key(&template, object)?;
        // Tables were written as JSON once more.
        key.iter_mut().for_each(go::settle);
        Ok(key)
    };
    let keys = objects.iter().map(key_of).collect::<Result<_, String>>()?;
    Ok((path, keys))
}

/// What the path finds first; a null is something that was found.
fn key(template: &Template, object: &Value) -> Result<Option<Value>, String> {
    Ok(template.first_values(object)?.into_iter().next())
}

fn order_of(keys: &[Option<Value>], path: &str, kind: &str) -> Result<Vec<usize>, String> {
    if keys.iter().all(Option::is_none) {
        return Err(format!("couldn't find any field with path {} in the list of objects", go::quoted(path)));
    }
    let wrong = std::cell::RefCell::new(None);
    let order = sorting::order(keys.len(), |a, b| {
        less(keys[a].as_ref(), keys[b].as_ref()).unwrap_or_else(|error| {
            wrong.borrow_mut().get_or_insert(error);
            false
        })
    });
    match wrong.into_inner() {
        Some(error) => Err(format!("Field {path} in {kind} is an unsortable type: interface, err: {error}")),
        None => Ok(order),
    }
}

fn less(a: Option<&Value>, b: Option<&Value>) -> Result<bool, String> {
    // Of two without the field each comes before the other: kubectl turns their order round.
    let (a, b) = match (a, b) {
        (None, _) => return Ok(true),
        (_, None) => return Ok(false),
        (Some(a), Some(b)) => (a, b),
    };
    let unlike = || Err("unsortable interface: interface".to_owned());
    Ok(match (a, b) {
        (Value::Null, other) => !other.is_null(),
        (_, Value::Null) => false,
        (Value::Number(a), Value::Number(b)) => match (num(a), num(b)) {
            (Num::Int(a), Num::Int(b)) => a < b,
            (Num::Float(a), Num::Float(b)) => a < b,
            _ => return unlike(),
        },
        (Value::String(a), Value::String(b)) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Some(a), Some(b)) => a.compare(b).is_lt(),
            _ => a < b,
        },
        (Value::Number(_) | Value::String(_), _) => return unlike(),
        (Value::Bool(_), _) => return Err("unsortable type: bool".into()),
        (Value::Array(_), _) => return Err("unsortable type: []interface {}".into()),
        (Value::Object(_), _) => return Err("unsortable type: map[string]interface {}".into()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(values: &[Value], path: &str) -> Result<Option<Vec<usize>>, String> {
        rows(&values.iter().collect::<Vec<_>>(), path)
    }

    #[test]
    fn what_has_no_value_comes_first_and_quantities_compare_by_size() {
        let objects = [json!({"m": "2Gi"}), json!({"m": "500Mi"}), json!({}), json!({"m": null})];
        assert_eq!(sorted(&objects, ".m"), Ok(Some(vec![2, 3, 1, 0])));
        assert_eq!(sorted(&objects, "{m}"), Ok(Some(vec![2, 3, 1, 0])));
        let names = [json!({"m": "b10"}), json!({"m": "b2"}), json!({"m": "2026-01-02"})];
        assert_eq!(sorted(&names, "m"), Ok(Some(vec![2, 0, 1])));
    }

    #[test]
    fn what_cannot_be_sorted_is_said() {
        let objects =
            [json!({"b": true, "x": 1, "l": [1], "f": 1.5}), json!({"b": false, "x": "1", "l": [2], "f": 2.0})];
        for (path, error) in [
            (".b", "Field {.b} in [][][]reflect.Value is an unsortable type: interface, err: unsortable type: bool"),
            (
                ".x",
                "Field {.x} in [][][]reflect.Value is an unsortable type: interface, err: unsortable interface: interface",
            ),
            (
                ".f",
                "Field {.f} in [][][]reflect.Value is an unsortable type: interface, err: unsortable interface: interface",
            ),
        ] {
            assert_eq!(sorted(&objects, path), Err(error.to_owned()));
        }
        for path in [".y", ".l[", ".l[3]"] {
            assert_eq!(sorted(&objects, path), Ok(None));
        }
        for (path, error) in [
            (".y", "couldn't find any field with path \"{.y}\" in the list of objects"),
            (".l[", "unterminated array"),
            (".l[3]", "array index out of bounds: index 3, length 1"),
        ] {
            assert_eq!(super::objects(objects.iter(), path), Err(error.to_owned()));
        }
        assert!(super::objects(objects.iter(), "{.a}{.b}").is_err());
        assert_eq!(super::objects(objects.iter(), ".f"), Ok(vec![0, 1]));
    }
}

//! Comparisons in filters: only of values of one kind.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::go::{Num, num};
use super::eval::Item;

enum Basic<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'a str),
    Byte(u8),
}

fn basic<'a>(item: &'a Item) -> Result<Basic<'a>, String> {
    Ok(match item {
        Item::Of(Value::Bool(value)) | Item::Bool(value) => Basic::Bool(*value),
        Item::Of(Value::String(text)) => Basic::Text(text),
        Item::Of(Value::Number(number)) => match num(number) {
            Num::Int(value) => Basic::Int(value),
            Num::Float(value) => Basic::Float(value),
        },
        Item::Text(text) => Basic::Text(text),
        Item::Int(value) => Basic::Int(*value),
        Item::Float(value) => Basic::Float(*value),
        Item::Byte(value) => Basic::Byte(*value),
        Item::Of(Value::Null | Value::Array(_) | Value::Object(_)) | Item::Absent => return wrong_type(),
    })
}

fn wrong_type<T>() -> Result<T, String> {
    Err("invalid type for comparison".into())
}

/// Whether a comparison holds.
pub(super) fn holds(operator: &str, left: &Item, right: &Item) -> Result<bool, String> {
    let order = |ordered: bool| -> Result<Option<Ordering>, String> {
        Ok(match (basic(left)?, basic(right)?) {
            (Basic::Bool(_), Basic::Bool(_)) if ordered => return wrong_type(),
            (Basic::Bool(a), Basic::Bool(b)) => Some(a.cmp(&b)),
            (Basic::Int(a), Basic::Int(b)) => Some(a.cmp(&b)),
            (Basic::Float(a), Basic::Float(b)) => a.partial_cmp(&b),
            (Basic::Text(a), Basic::Text(b)) => Some(a.cmp(b)),
            (Basic::Byte(a), Basic::Byte(b)) => Some(a.cmp(&b)),
            (Basic::Int(a), Basic::Byte(b)) => Some(a.cmp(&i64::from(b))),
            (Basic::Byte(a), Basic::Int(b)) => Some(i64::from(a).cmp(&b)),
            _ => return Err("incompatible types for comparison".into()),
        })
    };
    Ok(match operator {
        "==" => order(false)? == Some(Ordering::Equal),
        "!=" => order(false)? != Some(Ordering::Equal),
        "<" => order(true)? == Some(Ordering::Less),
        "<=" => matches!(order(true)?, Some(Ordering::Less | Ordering::Equal)),
        ">" => !matches!(order(true)?, Some(Ordering::Less | Ordering::Equal)),
        ">=" => order(true)? != Some(Ordering::Less),
        other => return Err(format!("unrecognized filter operator {other}")),
    })
}

//! `--sort-by`: objects by what a path finds in them, those without it first.

use std::cmp::Ordering;

use serde_json::Value;

use super::jsonpath::Template;
use crate::quantity::Quantity;

/// Sorts objects.
pub fn sort(objects: &mut Vec<Value>, path: &str) -> Result<(), String> {
    let order = order(&objects.iter().collect::<Vec<_>>(), path)?;
    let mut taken: Vec<Option<Value>> = objects.drain(..).map(Some).collect();
    objects.extend(order.into_iter().filter_map(|at| taken[at].take()));
    Ok(())
}

/// The places of the objects in their new order; equal ones keep theirs.
pub fn order(objects: &[&Value], path: &str) -> Result<Vec<usize>, String> {
    let template = Template::parse(&relaxed(path))?;
    let keys: Vec<Option<Value>> = objects
        .iter()
        .map(|object| template.values(object).unwrap_or_default().into_iter().next().filter(|value| !value.is_null()))
        .collect();
    if !objects.is_empty() && keys.iter().all(Option::is_none) {
        let path = relaxed(path);
        return Err(format!("couldn't find any field with path \"{path}\" in the list of objects"));
    }
    let mut places: Vec<usize> = (0..objects.len()).collect();
    places.sort_by(|a, b| compare(keys[*a].as_ref(), keys[*b].as_ref()));
    Ok(places)
}

/// `metadata.name`, `.metadata.name` and `{.metadata.name}` are the same.
pub(super) fn relaxed(path: &str) -> String {
    let inner = path.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(path);
    format!("{{.{}}}", inner.strip_prefix('.').unwrap_or(inner))
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(Value::Bool(a)), Some(Value::Bool(b))) => a.cmp(b),
        (Some(Value::String(a)), Some(Value::String(b))) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Some(a), Some(b)) => a.compare(b),
            _ => a.cmp(b),
        },
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_no_value_comes_first_and_quantities_compare_by_size() {
        let objects = [json!({"m": "2Gi"}), json!({"m": "500Mi"}), json!({})];
        let objects: Vec<&Value> = objects.iter().collect();
        assert_eq!(order(&objects, ".m"), Ok(vec![2, 1, 0]));
        assert!(order(&objects, ".x").is_err());
    }
}

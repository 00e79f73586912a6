//! Label selectors: how they are written, as a query and for people.

use serde_json::Value;

/// A selector of the form `{matchLabels, matchExpressions}` as one text, sorted by key; empty where it selects everything or is not set.
pub fn label_selector(selector: &Value) -> String {
    let mut parts: Vec<(String, String)> = Vec::new();
    for (key, value) in selector["matchLabels"].as_object().into_iter().flatten() {
        parts.push((key.clone(), format!("{key}={}", value.as_str().unwrap_or_default())));
    }
    for expression in selector["matchExpressions"].as_array().into_iter().flatten() {
        let key = expression["key"].as_str().unwrap_or_default();
        let mut values: Vec<&str> =
            expression["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let text = match expression["operator"].as_str().unwrap_or_default() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            "DoesNotExist" => format!("!{key}"),
            _ => return "<error>".to_owned(),
        };
        parts.push((key.to_owned(), text));
    }
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    parts.into_iter().map(|part| part.1).collect::<Vec<_>>().join(",")
}

/// A map of labels as one text, sorted by key: `a=b,c=d`.
pub fn label_set(labels: &Value) -> String {
    let mut parts: Vec<String> = labels
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    parts.sort();
    parts.join(",")
}

/// The text, or `<none>` where there is none.
pub fn or_none(text: String) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn requirements_are_sorted_by_key_and_their_values_too() {
        let selector = json!({
            "matchLabels": {"tier": "web", "app": "x"},
            "matchExpressions": [
                {"key": "env", "operator": "In", "values": ["prod", "dev"]},
                {"key": "old", "operator": "DoesNotExist"},
                {"key": "a", "operator": "Exists"},
                {"key": "b", "operator": "NotIn", "values": ["1"]}
            ]
        });
        assert_eq!(label_selector(&selector), "a,app=x,b notin (1),env in (dev,prod),!old,tier=web");
        assert_eq!(label_selector(&json!({})), "");
        assert_eq!(label_selector(&Value::Null), "");
    }

    #[test]
    fn label_sets() {
        assert_eq!(label_set(&json!({"b": "2", "a": ""})), "a=,b=2");
        assert_eq!(or_none(label_set(&Value::Null)), "<none>");
    }
}

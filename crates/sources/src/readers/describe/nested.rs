//! `kubectl describe` of kinds it has no words for: the object as it is, with keys made pretty (`Observed Generation`). Lists of
//! objects stand there without marks, so a key that comes again, or comes too early in the alphabet, begins the next item.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use super::tree::{Node, says};

/// Fields that are lists even if they have one item only, which then looks like an object.
const LISTS: &[&str] = &[
    "conditions",
    "containers",
    "initContainers",
    "ownerReferences",
    "managedFields",
    "versions",
    "additionalPrinterColumns",
    "finalizers",
    "env",
    "envFrom",
    "ports",
    "volumes",
    "volumeMounts",
    "rules",
    "subjects",
    "webhooks",
    "tolerations",
    "imagePullSecrets",
    "storedVersions",
    "shortNames",
    "categories",
    "args",
    "command",
    "addresses",
    "matchExpressions",
    "taints",
    "conversionReviewVersions",
    "clusterRoleSelectors",
    "endpoints",
];

/// Fields that are texts whatever they hold.
const TEXTS: &[&str] = &[
    "status",
    "reason",
    "message",
    "name",
    "namespace",
    "resourceVersion",
    "uid",
    "version",
    "image",
    "value",
    "type",
    "kind",
];

/// Fields of an object at its outermost level.
pub(super) fn object(nodes: &[Node]) -> Map<String, Value> {
    let keep = nodes
        .iter()
        .filter(|node| !matches!(node.key, "" | "Name" | "Namespace" | "Labels" | "Annotations" | "Events"));
    keep.map(|node| (raw_key(node.key), value(node, &raw_key(node.key)))).collect()
}

fn value(node: &Node, key: &str) -> Value {
    if node.children.is_empty() && node.more.is_empty() {
        return scalar(node.value, key);
    }
    if !node.value.is_empty() {
        // A text of several lines.
        return Value::String(node.message());
    }
    let keyed = node.children.iter().filter(|child| !child.key.is_empty()).count();
    if keyed * 2 < node.children.len() || keyed == 0 {
        return node.children.iter().map(|child| scalar(child.text, "")).collect();
    }
    let fields: Vec<(String, &Node)> =
        node.children.iter().filter(|child| !child.key.is_empty()).map(|child| (raw_key(child.key), child)).collect();
    let mut keys = HashSet::new();
    let repeats = !fields.iter().all(|(key, _)| keys.insert(key.as_str()));
    if repeats {
        return items(&fields);
    }
    let item = Value::Object(fields.iter().map(|(key, node)| (key.clone(), value(node, key))).collect());
    if LISTS.contains(&key) { Value::Array(vec![item]) } else { item }
}

/// kubectl sorts the keys of an object, so a key that is not greater than the one before it belongs to the next object.
fn items(fields: &[(String, &Node)]) -> Value {
    let mut items: Vec<Map<String, Value>> = Vec::new();
    let mut before: Option<&str> = None;
    for (key, node) in fields {
        if before.is_none_or(|before| key.as_str() <= before) {
            items.push(Map::new());
        }
        before = Some(key);
        if let Some(item) = items.last_mut() {
            item.insert(key.clone(), value(node, key));
        }
    }
    items.into_iter().map(Value::Object).collect()
}

fn scalar(text: &str, key: &str) -> Value {
    if !says(text) && !text.is_empty() {
        return Value::Null;
    }
    if TEXTS.contains(&key) {
        return Value::String(text.to_owned());
    }
    let is_number =
        text.len() < 16 && (text == "0" || !text.starts_with('0')) && text.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => text
            .parse::<u64>()
            .ok()
            .filter(|_| is_number)
            .map_or_else(|| Value::String(text.to_owned()), |number| Value::Number(Number::from(number))),
    }
}

/// The key that kubectl made pretty. It leaves keys alone that hold anything but letters and dashes (kubectl, describe.go, smartLabelFor).
pub(super) fn raw_key(pretty: &str) -> String {
    if pretty.contains(|char: char| !(char.is_alphabetic() || char == '-' || char == ' ')) {
        return pretty.to_owned();
    }
    let joined = pretty.replace(" - ", "-");
    let mut key = String::with_capacity(joined.len());
    for (at, word) in joined.split(' ').enumerate() {
        if at > 0 {
            key.push_str(word);
        } else if word.chars().all(char::is_uppercase) {
            key.push_str(&word.to_lowercase());
        } else {
            let mut chars = word.chars();
            key.extend(chars.next().into_iter().flat_map(char::to_lowercase));
            key.push_str(chars.as_str());
        }
    }
    // `foo-bar` becomes `Foo-Bar`.
    if key.contains('-') { key.to_lowercase() } else { key }
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Value {
        Value::Object(object(&parse(&text.lines().collect::<Vec<_>>())))
    }

    #[test]
    fn keys_get_their_spelling_back() {
        assert_eq!(raw_key("Observed Generation"), "observedGeneration");
        assert_eq!(raw_key("API Version"), "apiVersion");
        assert_eq!(raw_key("UID"), "uid");
        assert_eq!(raw_key("Cluster IP"), "clusterIP");
        assert_eq!(raw_key("delete_bucket"), "delete_bucket");
        assert_eq!(raw_key("app.kubernetes.io/name"), "app.kubernetes.io/name");
    }

    #[test]
    fn lists_of_objects_are_told_apart() {
        let text = "Status:\n  Conditions:\n    Last Transition Time:  2026-01-02T03:04:05Z\n    Status:  True\n    Type:    Ready\n    Last Heartbeat Time:  x\n    Status:  False\n    Type:    Synced\n  Observed Generation:  3\n  Phase:  Failed\n";
        let status = read(text)["status"].clone();
        assert_eq!(status["conditions"][0]["type"], "Ready");
        assert_eq!(status["conditions"][1], json!({ "lastHeartbeatTime": "x", "status": "False", "type": "Synced" }));
        assert_eq!(status["observedGeneration"], 3);
        let one = read("Status:\n  Conditions:\n    Status:  True\n    Type:    Ready\n");
        assert_eq!(one["status"]["conditions"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn plain_lists_and_objects_are_read() {
        let text = "Metadata:\n  Finalizers:\n    example.com/hold\n  Generation:  2\nSpec:\n  Suspend:  false\n  Version:  1\n  Url:  http://x:80/y\n  Nested:\n    Deep:\n      Size:  3Gi\n";
        let value = read(text);
        assert_eq!(value["metadata"]["finalizers"], json!(["example.com/hold"]));
        assert_eq!(
            value["spec"],
            json!({ "suspend": false, "version": "1", "url": "http://x:80/y", "nested": { "deep": { "size": "3Gi" } } })
        );
    }
}

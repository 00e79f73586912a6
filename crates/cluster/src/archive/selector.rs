//! Label and field selectors of a list.

use serde_json::Value;

use super::kinds::Kind;
use super::status::Refusal;

/// Cuts at commas outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// `key OP value`: the text around the operator; `!=` before `==` before `=`.
fn comparison(part: &str) -> Option<(&str, bool, &str)> {
    [("!=", false), ("==", true), ("=", true)]
        .into_iter()
        .find_map(|(sign, equal)| part.split_once(sign).map(|(key, value)| (key.trim(), equal, value.trim())))
}

/// Whether labels fit a label selector.
pub(crate) fn labels_fit(selector: &str, object: &Value) -> Result<bool, Refusal> {
    if selector.trim().is_empty() {
        return Ok(true);
    }
    for part in parts(selector) {
        if !label_fits(part, &object["metadata"]["labels"]).ok_or_else(|| {
            Refusal::bad_request(format!("unable to parse requirement: invalid label selector \"{part}\""))
        })? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Checks the text even where there is no object to fit.
pub(crate) fn check_labels(selector: &str) -> Result<(), Refusal> {
    parts(selector).into_iter().try_for_each(|part| labels_fit(part, &Value::Null).map(|_| ()))
}

fn label_fits(part: &str, labels: &Value) -> Option<bool> {
    let has = |key: &str| labels.get(key).and_then(Value::as_str);
    let named = |key: &str| !key.is_empty() && !key.contains([' ', '(', ')', '!', '=', ',']);
    if let Some((head, rest)) = part.split_once('(') {
        let values: Vec<&str> = rest.strip_suffix(')')?.split(',').map(str::trim).collect();
        let mut words = head.split_whitespace();
        let (key, operator) = (words.next()?, words.next()?);
        if !named(key) || words.next().is_some() {
            return None;
        }
        let inside = has(key).is_some_and(|value| values.contains(&value));
        return match operator {
            "in" => Some(inside),
            "notin" => Some(!inside),
            _ => None,
        };
    }
    if let Some((key, equal, value)) = comparison(part) {
        return (named(key) && (value.is_empty() || named(value))).then(|| (has(key) == Some(value)) == equal);
    }
    match part.strip_prefix('!') {
        Some(key) => named(key.trim()).then(|| has(key.trim()).is_none()),
        None => named(part).then(|| has(part).is_some()),
    }
}

/// The fields beside `metadata.name` and `metadata.namespace` that a kind can be selected by.
fn fields_of(group: &str, kind: &str) -> &'static [&'static str] {
    match (group, kind) {
        ("", "Pod") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
        ("" | "events.k8s.io", "Event") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("", "Node") => &["spec.unschedulable"],
        ("", "Namespace") => &["status.phase"],
        ("", "Secret") => &["type"],
        ("", "Service") => &["spec.clusterIP", "spec.type"],
        ("", "ReplicationController") | ("apps", "ReplicaSet") => &["status.replicas"],
        ("batch", "Job") => &["status.successful"],
        ("certificates.k8s.io", "CertificateSigningRequest") => &["spec.signerName"],
        ("resource.k8s.io", "ResourceSlice") => &["spec.nodeName", "spec.driver", "spec.pool.name"],
        _ => &[],
    }
}

fn field(object: &Value, path: &str) -> String {
    let path = match path {
        "source" => "source.component",
        "status.successful" => "status.succeeded",
        path => path,
    };
    let value = path.split('.').try_fold(object, |value, key| value.get(key));
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ if path.ends_with("unschedulable") || path.ends_with("hostNetwork") => "false".to_owned(),
        _ if path == "status.replicas" || path == "status.succeeded" => "0".to_owned(),
        _ => String::new(),
    }
}

/// A field selector's requirements: path, equal or not, value.
pub(crate) fn parse_fields(selector: &str, kind: &Kind) -> Result<Vec<(String, bool, String)>, Refusal> {
    let mut requirements = Vec::new();
    for part in selector.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (path, equal, value) = comparison(part).ok_or_else(|| {
            Refusal::bad_request(format!("invalid selector: '{selector}'; can't understand '{part}'"))
        })?;
        let known = matches!(path, "metadata.name" | "metadata.namespace")
            || fields_of(&kind.group, &kind.kind).contains(&path)
            || kind.selectable.iter().any(|known| known == path);
        if !known {
            return Err(Refusal::bad_request(format!("field label not supported: {path}")));
        }
        requirements.push((path.to_owned(), equal, value.to_owned()));
    }
    Ok(requirements)
}

/// Whether an object fits them.
pub(crate) fn fields_fit(requirements: &[(String, bool, String)], object: &Value) -> bool {
    requirements.iter().all(|(path, equal, value)| (field(object, path) == *value) == *equal)
}

//! `kubectl describe pod`, and the pod template inside workloads.

use serde_json::{Map, Value, json};

use super::conditions;
use super::containers::{specs, statuses, volumes};
use super::tree::{Node, get, put, text_of};
use crate::when::rfc3339;

/// The pod's `spec` and `status`.
pub(super) fn read(nodes: &[Node], value: &mut Value) {
    value["spec"] = spec(nodes);
    let node = text_of(nodes, "Node").map(|node| node.split('/').next().unwrap_or(node));
    put(value, &["spec", "nodeName"], node);
    let mut status = json!({});
    // `Terminating (lasts 6h8m)` is no phase; the words stay under `description`.
    let phase = text_of(nodes, "Status").filter(|phase| !phase.starts_with("Terminating"));
    put(&mut status, &["phase"], phase);
    put(&mut status, &["reason"], text_of(nodes, "Reason"));
    put(&mut status, &["message"], get(nodes, "Message").map(Node::message));
    put(&mut status, &["podIP"], text_of(nodes, "IP"));
    put(&mut status, &["qosClass"], text_of(nodes, "QoS Class"));
    put(&mut status, &["startTime"], text_of(nodes, "Start Time").and_then(rfc3339));
    for (heading, name) in [("Containers", "containerStatuses"), ("Init Containers", "initContainerStatuses")] {
        put(&mut status, &[name], get(nodes, heading).map(statuses).unwrap_or_default());
    }
    put(&mut status, &["conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default());
    put(value, &["status"], status);
    let grace = text_of(nodes, "Termination Grace Period").and_then(crate::when::age);
    put(value, &["metadata", "deletionGracePeriodSeconds"], grace);
}

/// What a pod and a pod template have in common.
pub(super) fn spec(nodes: &[Node]) -> Value {
    let mut spec = json!({});
    for (heading, name) in [("Containers", "containers"), ("Init Containers", "initContainers")] {
        put(&mut spec, &[name], get(nodes, heading).map(specs).unwrap_or_default());
    }
    put(&mut spec, &["serviceAccountName"], text_of(nodes, "Service Account"));
    put(&mut spec, &["priorityClassName"], text_of(nodes, "Priority Class Name"));
    put(&mut spec, &["volumes"], get(nodes, "Volumes").map(volumes).unwrap_or_default());
    put(&mut spec, &["nodeSelector"], get(nodes, "Node-Selectors").map(Node::pairs).unwrap_or_default());
    let tolerations: Vec<Value> =
        get(nodes, "Tolerations").map(Node::entries).unwrap_or_default().iter().map(|it| toleration(it)).collect();
    put(&mut spec, &["tolerations"], tolerations);
    spec
}

/// `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s`, `dedicated=db:NoSchedule`, `op=Exists`
fn toleration(text: &str) -> Value {
    let mut toleration = Map::new();
    let mut words = text.split(' ').peekable();
    if let Some(taint) = words.next_if(|word| !word.starts_with("op=") && *word != "for") {
        toleration = taint_of(taint);
    }
    while let Some(word) = words.next() {
        if let Some(operator) = word.strip_prefix("op=") {
            toleration.insert("operator".to_owned(), json!(operator));
        } else if word == "for"
            && let Some(seconds) = words.next().and_then(crate::when::age)
        {
            toleration.insert("tolerationSeconds".to_owned(), json!(seconds));
        }
    }
    Value::Object(toleration)
}

/// `key=value:Effect`, `key:Effect`, `key=value`, `:NoSchedule`
pub(super) fn taint_of(text: &str) -> Map<String, Value> {
    let (pair, effect) = text.rsplit_once(':').unwrap_or((text, ""));
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    [("key", key), ("value", value), ("effect", effect)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| (name.to_owned(), json!(text)))
        .collect()
}

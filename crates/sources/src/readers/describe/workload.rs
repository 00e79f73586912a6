//! `kubectl describe` of what makes pods: Deployment, `ReplicaSet`, `StatefulSet`, `DaemonSet`, Job.

use serde_json::{Value, json};

use super::tree::{Node, get, put, text_of};
use super::{conditions, pod};

/// The workload's `spec` and `status`.
pub(super) fn read(kind: &str, nodes: &[Node], value: &mut Value) {
    let mut spec = json!({});
    let mut status = json!({});
    if let Some(text) = text_of(nodes, "Replicas") {
        replicas(text, &mut spec, &mut status);
    }
    put(&mut spec, &["selector", "matchLabels"], selector(nodes));
    if kind == "Deployment" {
        put(&mut spec, &["strategy", "type"], text_of(nodes, "StrategyType"));
        put(&mut spec, &["minReadySeconds"], number(text_of(nodes, "MinReadySeconds")));
        put(&mut spec, &["paused"], text_of(nodes, "Paused").map(|text| text.eq_ignore_ascii_case("true")));
    }
    for (key, name) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        put(&mut status, &[name], number(text_of(nodes, key)));
    }
    put(&mut spec, &["parallelism"], number(text_of(nodes, "Parallelism")));
    put(&mut spec, &["completions"], number(text_of(nodes, "Completions")));
    if kind == "Job" {
        job_status(nodes, &mut status);
    }
    put(&mut status, &["conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default());
    if let Some(template) = get(nodes, "Pod Template") {
        let children = &template.children;
        put(
            &mut spec,
            &["template", "metadata", "labels"],
            get(children, "Labels").map(Node::pairs).unwrap_or_default(),
        );
        put(&mut spec, &["template", "spec"], pod::spec(children));
    }
    put(value, &["spec"], spec);
    put(value, &["status"], status);
}

/// `Selector:  app=shop,tier=back`
fn selector(nodes: &[Node]) -> serde_json::Map<String, Value> {
    text_of(nodes, "Selector")
        .unwrap_or_default()
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect()
}

fn number(text: Option<&str>) -> Option<u64> {
    text?.split_whitespace().next()?.parse().ok()
}

/// `1 desired | 1 updated | 1 total | 0 available | 1 unavailable`, `1 current / 1 desired`
fn replicas(text: &str, spec: &mut Value, status: &mut Value) {
    for part in text.split(['|', '/']) {
        let mut words = part.split_whitespace();
        let (Some(count), Some(word)) = (words.next().and_then(|count| count.parse::<u64>().ok()), words.next()) else {
            continue;
        };
        match word {
            "desired" => put(spec, &["replicas"], count),
            "updated" => put(status, &["updatedReplicas"], count),
            "total" | "current" => put(status, &["replicas"], count),
            "available" => put(status, &["availableReplicas"], count),
            "unavailable" => put(status, &["unavailableReplicas"], count),
            _ => {}
        }
    }
}

/// `Pods Statuses:  1 Active (0 Ready) / 0 Succeeded / 2 Failed`
fn job_status(nodes: &[Node], status: &mut Value) {
    for part in text_of(nodes, "Pods Statuses").unwrap_or_default().split(" / ") {
        let mut words = part.split_whitespace();
        let (Some(count), Some(word)) = (words.next().and_then(|count| count.parse::<u64>().ok()), words.next()) else {
            continue;
        };
        let name = match word {
            "Active" | "Running" => "active",
            "Succeeded" => "succeeded",
            "Failed" => "failed",
            _ => continue,
        };
        put(status, &[name], count);
    }
}

//! `kubectl describe` text of any kind: partial objects in the API's shape, and the events at their end.
//!
//! `tree.rs` makes a tree of the lines; `pod.rs`, `workload.rs`, `cluster.rs` know kubectl's words for the built-in kinds, `nested.rs`
//! reads all others. What has no place in the API stays in kubectl's words under `description`.

mod cluster;
mod containers;
mod data;
mod nested;
mod network_policy;
mod pod;
mod tree;
mod workload;

use kloupe_model::{Object, ObjectRef};
use serde_json::{Map, Value, json};

use super::tables::{Context, Grid, is_header, read_events};
use super::{Reader, Section, tables};
use crate::found::Found;
use crate::kinds::{builtin, cluster_scoped, group_of};
use crate::when::rfc3339;

use tree::{Node, get, parse, put, says, split, text_of};

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: true, probe, read, list: None };

/// Headings at the start of a line that `kubectl describe` writes; one beside `Name:` tells its text.
const HEADINGS: &[&str] = &[
    "Namespace",
    "Labels",
    "Annotations",
    "API Version",
    "Kind",
    "Metadata",
    "Spec",
    "Status",
    "Containers",
    "Init Containers",
    "Pod Template",
    "Selector",
    "Replicas",
    "Controlled By",
    "Node",
    "Priority",
    "Service Account",
    "Start Time",
    "CreationTimestamp",
    "Conditions",
    "Events",
    "Roles",
    "System Info",
    "Capacity",
    "Taints",
    "PolicyRule",
    "Role",
    "Subjects",
    "StorageClass",
    "Volumes",
    "QoS Class",
    "Image pull secrets",
    "Node-Selectors",
    "Tolerations",
    "Data",
    "Resource Quotas",
    "IP",
    "IPs",
];

/// Headings that stand before containers or states and nowhere in logs; text that was cut out of a description begins with one.
const INNER: &[&str] = &["Containers", "Init Containers", "Last State", "State", "Controlled By"];

fn probe(section: &Section) -> bool {
    let lines: Vec<&str> = section
        .text
        .lines()
        .skip_while(|line| line.trim().is_empty() || line.starts_with("Warning: "))
        .take(60)
        .collect();
    starts(&lines) || is_cut_out(&lines)
}

/// Whether the description of an object starts here.
pub(super) fn starts(lines: &[&str]) -> bool {
    let Some(("Name", name)) = lines.first().and_then(|line| root(line)) else { return false };
    says(name)
        && !name.contains(' ')
        && lines[1..].iter().take(40).filter_map(|line| root(line)).any(|(key, _)| HEADINGS.contains(&key))
}

/// The key and value of a line that is not indented.
fn root(line: &str) -> Option<(&str, &str)> {
    if line.starts_with([' ', '\t']) { None } else { split(line.trim_end()) }
}

/// Text that begins in the middle of a description: with a container's state, or with headings that only pods have.
fn is_cut_out(lines: &[&str]) -> bool {
    let Some((first, _)) = lines.first().and_then(|line| root(line)) else { return false };
    let keys = || lines.iter().filter_map(|line| split(line.trim())).map(|(key, _)| key);
    let states = keys()
        .filter(|key| matches!(*key, "State" | "Last State" | "Restart Count" | "Exit Code" | "Reason" | "Ready"))
        .count();
    let headings = lines.iter().filter_map(|line| root(line)).filter(|(key, _)| HEADINGS.contains(key)).count();
    (INNER.contains(&first) && states >= 3) || (HEADINGS.contains(&first) && headings >= 4 && states >= 3)
}

/// Whether a line is the heading of an event table that was cut out of a description.
pub(super) fn events_head(line: &str) -> bool {
    line.trim_end() == "Events:"
}

/// Reads every description in the text, and the tables between them.
pub(super) fn read(section: &Section, found: &mut Found) -> bool {
    let lines: Vec<&str> = section.text.lines().collect();
    let mut any = false;
    let mut at =
        lines.iter().position(|line| !line.trim().is_empty() && !line.starts_with("Warning: ")).unwrap_or(lines.len());
    while at < lines.len() {
        let end = (at + 1..lines.len()).find(|next| is_start(&lines, *next)).unwrap_or(lines.len());
        if is_header(lines[at]) {
            let text = lines[at..end].join("\n");
            any |= (tables::READER.read)(&section.with(&text, at as u64), found);
        } else {
            any |= one(&lines[at..end], section, found);
        }
        at = end;
    }
    any
}

fn is_start(lines: &[&str], at: usize) -> bool {
    lines[at - 1].trim().is_empty() && (starts(&lines[at..]) || is_header(lines[at]))
}

fn one(lines: &[&str], section: &Section, found: &mut Found) -> bool {
    // A message of an event may go on at the start of a line: all that is below the heading belongs to the table.
    let events = lines.iter().rposition(|line| events_head(line)).unwrap_or(lines.len());
    let (lines, events) = lines.split_at(events);
    let mut nodes = parse(lines);
    if nodes.first().is_some_and(|node| matches!(node.key, "State" | "Last State")) {
        // The lines of one container.
        let container = Node { key: "container", children: nodes, ..Node::default() };
        nodes = vec![Node { key: "Containers", children: vec![container], ..Node::default() }];
    }
    let kind = kind_of(&nodes, section);
    if kind.is_empty() && get(&nodes, "Name").is_none() {
        return false;
    }
    let (reference, mut value) = object(&nodes, &kind, section);
    if matches!(kind.as_str(), "ConfigMap" | "Secret") {
        data::read(&kind, lines, &mut value);
    }
    found.facts.events.extend(events_of(events, &reference, section.file));
    found.facts.objects.push(Object { reference, body: value.into(), whole: false, file: section.file.to_owned() });
    true
}

fn object(nodes: &[Node], kind: &str, section: &Section) -> (ObjectRef, Value) {
    let name = text_of(nodes, "Name").unwrap_or_default();
    let namespace = text_of(nodes, "Namespace").or_else(|| section.namespace()).unwrap_or_default();
    let namespace = if cluster_scoped(kind) { "" } else { namespace };
    let api_version = text_of(nodes, "API Version").unwrap_or_default();
    let group =
        builtin(kind).filter(|_| api_version.is_empty()).map_or_else(|| group_of(api_version), |kind| kind.group);
    let mut value = json!({});
    if is_nested(nodes) {
        value = Value::Object(nested::object(nodes));
    } else {
        match kind {
            "Pod" => pod::read(nodes, &mut value),
            "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicationController" => {
                workload::read(kind, nodes, &mut value);
            }
            "NetworkPolicy" => network_policy::read(nodes, &mut value),
            _ => cluster::read(kind, nodes, &mut value),
        }
        if !matches!(kind, "ConfigMap" | "Secret") {
            put(&mut value, &["description"], description(nodes));
        }
    }
    put(&mut value, &["metadata", "name"], name);
    put(&mut value, &["metadata", "namespace"], namespace);
    metadata(nodes, &mut value);
    (ObjectRef::new(kind, group, namespace, name), value)
}

/// Whether the text is an object as it is, with its keys made pretty.
fn is_nested(nodes: &[Node]) -> bool {
    get(nodes, "API Version").is_some() && get(nodes, "Kind").is_some()
}

fn metadata(nodes: &[Node], value: &mut Value) {
    put(value, &["metadata", "labels"], get(nodes, "Labels").map(Node::pairs).unwrap_or_default());
    put(value, &["metadata", "annotations"], get(nodes, "Annotations").map(Node::annotations).unwrap_or_default());
    let created = ["CreationTimestamp", "Created on", "Creation Timestamp"].iter().find_map(|key| text_of(nodes, key));
    put(value, &["metadata", "creationTimestamp"], created.and_then(rfc3339));
    let owner = text_of(nodes, "Controlled By").and_then(|owner| owner.split_once('/'));
    if let Some((kind, name)) = owner {
        let group = builtin(kind).map_or("", |kind| kind.group);
        let api_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
        let owner = json!([{ "apiVersion": api_version, "kind": kind, "name": name, "controller": true }]);
        put(value, &["metadata", "ownerReferences"], owner);
    }
}

/// The headings that have a value, in kubectl's words.
fn description(nodes: &[Node]) -> Map<String, Value> {
    let told = |node: &&Node| {
        !matches!(node.key, "" | "Name" | "Namespace" | "Labels" | "Annotations" | "Events") && says(node.value)
    };
    nodes.iter().filter(told).map(|node| (node.key.to_owned(), json!(node.message()))).collect()
}

/// The kind: written in the text, asked for by the command, or told by the headings.
fn kind_of(nodes: &[Node], section: &Section) -> String {
    if let Some(kind) = text_of(nodes, "Kind").filter(|_| is_nested(nodes)) {
        return kind.to_owned();
    }
    if let Some(resource) = section.asked("describe").and_then(super::super::command::Command::resource) {
        return if resource.known { resource.kind } else { crate::kinds::guess_from_plural(&resource.kind) };
    }
    inferred(nodes).to_owned()
}

fn inferred(nodes: &[Node]) -> &'static str {
    let has = |key: &str| get(nodes, key).is_some();
    let tests = [
        (has("Containers"), "Pod"),
        (has("StrategyType") || has("NewReplicaSet"), "Deployment"),
        (has("Desired Number of Nodes Scheduled"), "DaemonSet"),
        (has("Schedule") && has("Concurrency Policy"), "CronJob"),
        (has("Parallelism") || has("Pods Statuses"), "Job"),
        (has("Update Strategy") && has("Replicas") || has("Volume Claims"), "StatefulSet"),
        (has("Pods Status") && has("Replicas"), "ReplicaSet"),
        (has("System Info") || has("Allocatable") || has("Roles") && has("Taints"), "Node"),
        (has("Access Modes") && has("Claim"), "PersistentVolume"),
        (has("Access Modes") && (has("Used By") || has("StorageClass")), "PersistentVolumeClaim"),
        (has("Endpoints") && has("Type") || has("TargetPort"), "Service"),
        (has("Image pull secrets") || has("Mountable secrets"), "ServiceAccount"),
        (has("PolicyRule"), "Role"),
        (has("Role") && has("Subjects"), binding_kind(nodes)),
        (nodes.iter().any(|node| node.raw.starts_with("Resource ") && node.raw.contains("Used")), "ResourceQuota"),
        (nodes.iter().any(|node| node.text == "No resource quota.") || has("Resource Quotas"), "Namespace"),
        (nodes.iter().any(|node| node.text == "Data"), "ConfigMap"),
        (get(nodes, "Spec").is_some_and(|spec| get(&spec.children, "PodSelector").is_some()), "NetworkPolicy"),
        (has("Status") && has("QoS Class") || has("Controlled By") && has("Node"), "Pod"),
    ];
    tests.iter().find(|(is, _)| *is).map_or("", |(_, kind)| kind)
}

/// The text of both kinds of binding is the same; only one of them can name a Role.
fn binding_kind(nodes: &[Node]) -> &'static str {
    let role = get(nodes, "Role").and_then(|role| text_of(&role.children, "Kind"));
    if role == Some("ClusterRole") { "ClusterRoleBinding" } else { "RoleBinding" }
}

/// The table below the heading `Events:`; it ends at a blank line.
fn events_of(lines: &[&str], about: &ObjectRef, file: &str) -> Vec<kloupe_model::Event> {
    let Some((header, rows)) = lines.get(1..).and_then(<[&str]>::split_first) else { return Vec::new() };
    let grid = Grid::of(header);
    if !tables::is_events(&grid) {
        return Vec::new();
    }
    let context = Context { about: Some(about), namespace: &about.namespace, file };
    read_events(&grid, rows.iter().copied().take_while(|row| !row.trim().is_empty()), &context)
}

/// `Type  Status  Reason` and rows below it, as the API has conditions.
fn conditions(heading: &Node) -> Vec<Value> {
    let lines = heading.lines();
    let Some((header, rows)) = lines.split_first() else { return Vec::new() };
    let grid = Grid::of(header);
    if grid.column(&["Type"]).is_none() || grid.column(&["Status"]).is_none() {
        return Vec::new();
    }
    let mut conditions: Vec<Value> = Vec::new();
    for line in rows.iter().filter(|line| !line.trim_start().starts_with("----")) {
        let mut condition = json!({});
        for (name, cell) in grid.names().iter().zip(grid.row(line)) {
            let cell = cell.trim();
            let time = name.ends_with("Time").then(|| rfc3339(cell)).flatten();
            put(
                &mut condition,
                &[nested::raw_key(name).as_str()],
                time.unwrap_or_else(|| if says(cell) { cell.to_owned() } else { String::new() }),
            );
        }
        conditions.push(condition);
    }
    conditions
}

#[cfg(test)]
mod tests;

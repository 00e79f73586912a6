//! `kubectl describe` of what a controller stands on: nodes, namespaces, services, volumes, quotas, service accounts, rights.

use serde_json::{Map, Value, json};

use super::super::tables::Grid;
use super::tree::{Node, get, put, says, text_of};
use super::{conditions, pod};

/// Fills in what the text says of an object of this kind.
pub(super) fn read(kind: &str, nodes: &[Node], value: &mut Value) {
    match kind {
        "Node" => node(nodes, value),
        "Namespace" => {
            put(value, &["status", "phase"], text_of(nodes, "Status"));
            put(value, &["status", "conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default());
        }
        "Service" => service(nodes, value),
        "PersistentVolumeClaim" => {
            put(value, &["status", "phase"], text_of(nodes, "Status"));
            put(value, &["spec", "storageClassName"], text_of(nodes, "StorageClass"));
            put(value, &["spec", "volumeName"], text_of(nodes, "Volume"));
            put(value, &["status", "conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default());
        }
        "ServiceAccount" => {
            let secrets = get(nodes, "Image pull secrets").map(Node::entries).unwrap_or_default();
            let secrets: Vec<Value> =
                secrets.iter().map(|name| json!({ "name": name.trim_end_matches(" (not found)") })).collect();
            put(value, &["imagePullSecrets"], secrets);
        }
        "ResourceQuota" => quota(nodes, value),
        "Role" | "ClusterRole" => put(value, &["rules"], get(nodes, "PolicyRule").map(rules).unwrap_or_default()),
        "RoleBinding" | "ClusterRoleBinding" => binding(nodes, value),
        _ => put(value, &["status", "conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default()),
    }
}

fn node(nodes: &[Node], value: &mut Value) {
    let taints: Vec<Value> = get(nodes, "Taints")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .map(|taint| Value::Object(pod::taint_of(taint)))
        .collect();
    put(value, &["spec", "taints"], taints);
    put(value, &["spec", "unschedulable"], text_of(nodes, "Unschedulable").map(|text| text == "true"));
    put(value, &["status", "conditions"], get(nodes, "Conditions").map(conditions).unwrap_or_default());
    for (key, name) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        put(value, &["status", name], get(nodes, key).map(Node::fields).unwrap_or_default());
    }
    if let Some(info) = get(nodes, "System Info") {
        let names = [
            ("Kubelet Version", "kubeletVersion"),
            ("Container Runtime Version", "containerRuntimeVersion"),
            ("Kernel Version", "kernelVersion"),
            ("OS Image", "osImage"),
            ("Architecture", "architecture"),
            ("Operating System", "operatingSystem"),
        ];
        for (key, name) in names {
            put(value, &["status", "nodeInfo", name], text_of(&info.children, key));
        }
    }
}

fn service(nodes: &[Node], value: &mut Value) {
    put(value, &["spec", "type"], text_of(nodes, "Type"));
    put(value, &["spec", "clusterIP"], text_of(nodes, "IP"));
    let selector: Map<String, Value> = text_of(nodes, "Selector")
        .unwrap_or_default()
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect();
    put(value, &["spec", "selector"], selector);
    let mut ports: Vec<Value> = Vec::new();
    for node in nodes {
        match node.key {
            // `https  443/TCP`
            "Port" => {
                let mut words = node.value.split_whitespace().rev();
                let (number, protocol) = words.next().and_then(|port| port.split_once('/')).unwrap_or_default();
                let mut port = json!({ "port": number.parse::<u16>().ok(), "protocol": protocol });
                put(&mut port, &["name"], words.next().filter(|name| says(name)));
                ports.push(port);
            }
            "TargetPort" => {
                if let Some(last) = ports.last_mut() {
                    put(last, &["targetPort"], node.value.split('/').next());
                }
            }
            _ => {}
        }
    }
    put(value, &["spec", "ports"], ports);
}

/// `Resource  Used  Hard`, a line of dashes, the rows.
fn quota(nodes: &[Node], value: &mut Value) {
    let mut lines =
        nodes.iter().map(|node| node.raw).skip_while(|line| !(line.starts_with("Resource ") && line.contains("Used")));
    let Some(header) = lines.next() else { return };
    let grid = Grid::of(header);
    for line in lines.filter(|line| !line.starts_with("--")) {
        let cells = grid.row(line);
        if let [resource, used, hard] = cells[..]
            && says(resource)
            && says(hard)
        {
            put(value, &["status", "used", resource], used);
            put(value, &["status", "hard", resource], hard);
        }
    }
}

/// The lines of a table below a heading as rows of cells; the line of dashes is left out.
fn table<'a>(heading: &Node<'a>) -> Vec<Vec<&'a str>> {
    let lines = heading.lines();
    let Some((header, rows)) = lines.split_first() else { return Vec::new() };
    let grid = Grid::of(header);
    rows.iter().filter(|line| !line.trim_start().starts_with("--")).map(|line| grid.row(line)).collect()
}

/// `Resources  Non-Resource URLs  Resource Names  Verbs`
fn rules(heading: &Node) -> Vec<Value> {
    let list = |cell: &str| -> Vec<String> {
        cell.trim().trim_matches(['[', ']']).split_whitespace().map(|it| it.trim_matches(',').to_owned()).collect()
    };
    table(heading)
        .iter()
        .filter_map(|cells| {
            let [resource, urls, names, verbs] = cells[..] else { return None };
            let mut rule = json!({ "verbs": list(verbs) });
            if says(resource.trim()) {
                let (resource, group) = split_resource(resource.trim());
                rule["resources"] = json!([resource]);
                rule["apiGroups"] = json!([group]);
            }
            put(&mut rule, &["nonResourceURLs"], list(urls));
            put(&mut rule, &["resourceNames"], list(names));
            Some(rule)
        })
        .collect()
}

/// `deployments.apps/status` is the resource `deployments/status` of the group `apps`; `*.*` is all of all.
fn split_resource(text: &str) -> (String, String) {
    let (resource, sub) = text.split_once('/').map_or((text, None), |(resource, sub)| (resource, Some(sub)));
    let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
    let resource = sub.map_or_else(|| resource.to_owned(), |sub| format!("{resource}/{sub}"));
    (resource, group.to_owned())
}

fn binding(nodes: &[Node], value: &mut Value) {
    if let Some(role) = get(nodes, "Role") {
        put(value, &["roleRef", "kind"], text_of(&role.children, "Kind"));
        put(value, &["roleRef", "name"], text_of(&role.children, "Name"));
    }
    let subjects: Vec<Value> = get(nodes, "Subjects")
        .map(table)
        .unwrap_or_default()
        .iter()
        .filter_map(|cells| {
            let [kind, name, namespace] = cells[..] else { return None };
            let mut subject = json!({ "kind": kind.trim(), "name": name });
            put(&mut subject, &["namespace"], namespace);
            Some(subject)
        })
        .collect();
    put(value, &["subjects"], subjects);
}

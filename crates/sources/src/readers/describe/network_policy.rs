//! `kubectl describe networkpolicy`: the only built-in kind whose rules kubectl puts into sentences.

use serde_json::{Map, Value, json};

use super::tree::{Node, get, put, text_of};

/// The policy's `spec`.
pub(super) fn read(nodes: &[Node], value: &mut Value) {
    let Some(spec) = get(nodes, "Spec") else { return };
    let pods = text_of(&spec.children, "PodSelector").map_or_else(|| json!({}), selector);
    value["spec"] = json!({ "podSelector": pods });
    let types: Vec<&str> =
        text_of(&spec.children, "Policy Types").unwrap_or_default().split(", ").filter(|it| !it.is_empty()).collect();
    put(value, &["spec", "policyTypes"], types);
    for (heading, field, port, peer) in [
        ("Allowing ingress traffic", "ingress", "From Port", "From"),
        ("Allowing egress traffic", "egress", "To Port", "To"),
    ] {
        if let Some(heading) = get(&spec.children, heading) {
            value["spec"][field] = rules(&heading.children, port, peer);
        }
    }
}

/// The rules below a heading, with a line of dashes between them. None at all means that nothing is allowed.
fn rules(lines: &[Node], port: &str, peer: &str) -> Value {
    let mut rules = Vec::new();
    for lines in lines.split(|line| line.text.starts_with("-----")) {
        let mut rule = json!({});
        let mut ports: Vec<Value> = Vec::new();
        let mut peers: Vec<Value> = Vec::new();
        for line in lines {
            // kubectl writes `To Port` for what comes in, too.
            if line.key == port || line.key == "To Port" {
                ports.extend(ports_of(line.value));
            } else if line.key == peer && !line.children.is_empty() {
                peers.push(peer_of(&line.children));
            }
        }
        put(&mut rule, &["ports"], ports);
        put(&mut rule, &[if peer == "To" { "to" } else { "from" }], peers);
        if lines.iter().any(|line| !line.key.is_empty()) {
            rules.push(rule);
        }
    }
    Value::Array(rules)
}

/// `53/UDP`; `<any> (…)` is no limit.
fn ports_of(text: &str) -> Option<Value> {
    let (port, protocol) = text.split_once('/').filter(|_| !text.starts_with('<'))?;
    let port = port.parse::<u16>().map_or_else(|_| json!(port), |number| json!(number));
    Some(json!({ "port": port, "protocol": protocol }))
}

fn peer_of(lines: &[Node]) -> Value {
    let mut peer = json!({});
    for line in lines {
        match line.key {
            "NamespaceSelector" => peer["namespaceSelector"] = selector(line.value),
            "PodSelector" => peer["podSelector"] = selector(line.value),
            "IPBlock" => {
                put(&mut peer, &["ipBlock", "cidr"], text_of(&line.children, "CIDR"));
                let except: Vec<&str> = text_of(&line.children, "Except")
                    .unwrap_or_default()
                    .split(", ")
                    .filter(|it| !it.is_empty())
                    .collect();
                put(&mut peer, &["ipBlock", "except"], except);
            }
            _ => {}
        }
    }
    peer
}

/// `app=shop,tier=back`; what is no equality stays as it was written.
fn selector(text: &str) -> Value {
    if text.starts_with("<none>") {
        return json!({});
    }
    let pairs: Option<Map<String, Value>> = text
        .split(',')
        .map(|pair| pair.split_once('=').map(|(key, value)| (key.trim().to_owned(), json!(value.trim()))))
        .collect();
    pairs.map_or_else(|| json!({ "description": text }), |labels| json!({ "matchLabels": labels }))
}

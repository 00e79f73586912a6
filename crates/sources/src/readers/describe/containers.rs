//! Containers in describe text: what was asked for (`spec`) and how it went (`status`).

use serde_json::{Map, Value, json};

use super::tree::{Node, get, put, says, text_of};
use crate::when::rfc3339;

/// The containers below a heading as the `spec` has them.
pub(super) fn specs(heading: &Node) -> Vec<Value> {
    heading.children.iter().filter(|node| !node.key.is_empty()).map(spec).collect()
}

/// The containers below a heading as the `status` has them; of a container that was never started nothing is said.
pub(super) fn statuses(heading: &Node) -> Vec<Value> {
    heading.children.iter().filter(|node| !node.key.is_empty()).filter_map(status).collect()
}

fn spec(node: &Node) -> Value {
    let fields = &node.children;
    let mut spec = json!({ "name": node.key });
    put(&mut spec, &["image"], text_of(fields, "Image"));
    put(&mut spec, &["ports"], ports(fields));
    let lines = |key: &str| get(fields, key).map(Node::entries).unwrap_or_default();
    put(&mut spec, &["command"], lines("Command"));
    put(&mut spec, &["args"], lines("Args"));
    for (key, name) in [("Limits", "limits"), ("Requests", "requests")] {
        put(&mut spec, &["resources", name], get(fields, key).map(Node::fields).unwrap_or_default());
    }
    let mut description = Map::new();
    for (key, name) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
        if let Some(text) = text_of(fields, key) {
            description.insert(name.to_owned(), json!(text));
            put(&mut spec, &[name], probe(text));
        }
    }
    put(&mut spec, &["description"], description);
    put(&mut spec, &["env"], get(fields, "Environment").map(env).unwrap_or_default());
    put(&mut spec, &["envFrom"], get(fields, "Environment Variables from").map(env_from).unwrap_or_default());
    put(&mut spec, &["volumeMounts"], get(fields, "Mounts").map(mounts).unwrap_or_default());
    spec
}

fn status(node: &Node) -> Option<Value> {
    let fields = &node.children;
    let any = ["State", "Last State", "Ready", "Restart Count"].iter().any(|key| get(fields, key).is_some());
    if !any {
        return None;
    }
    let mut status = json!({ "name": node.key });
    put(&mut status, &["image"], text_of(fields, "Image"));
    put(&mut status, &["imageID"], text_of(fields, "Image ID"));
    put(&mut status, &["containerID"], text_of(fields, "Container ID"));
    put(&mut status, &["ready"], text_of(fields, "Ready").map(|text| text == "True"));
    put(&mut status, &["restartCount"], text_of(fields, "Restart Count").and_then(|text| text.parse::<u64>().ok()));
    for (key, name) in [("State", "state"), ("Last State", "lastState")] {
        if let Some((what, state)) = get(fields, key).and_then(state) {
            status[name] = json!({ what: state });
        }
    }
    Some(status)
}

fn state(node: &Node) -> Option<(&'static str, Value)> {
    let what = match node.value {
        "Waiting" => "waiting",
        "Running" => "running",
        "Terminated" => "terminated",
        _ => return None,
    };
    let fields = &node.children;
    let mut state = json!({});
    put(&mut state, &["reason"], text_of(fields, "Reason"));
    put(&mut state, &["message"], get(fields, "Message").map(Node::message));
    for (key, name) in [("Exit Code", "exitCode"), ("Signal", "signal")] {
        put(&mut state, &[name], text_of(fields, key).and_then(|text| text.parse::<i64>().ok()));
    }
    for (key, name) in [("Started", "startedAt"), ("Finished", "finishedAt")] {
        put(&mut state, &[name], text_of(fields, key).and_then(rfc3339));
    }
    Some((what, state))
}

/// `Port:  8080/TCP (metrics)`, `Ports:  8080/TCP, 9443/TCP`
fn ports(fields: &[Node]) -> Vec<Value> {
    let Some(text) = text_of(fields, "Port").or_else(|| text_of(fields, "Ports")) else { return Vec::new() };
    text.split(", ")
        .filter_map(|port| {
            let (port, name) = port.split_once(" (").unwrap_or((port, ""));
            let (number, protocol) = port.split_once('/')?;
            let mut port = json!({ "containerPort": number.parse::<u16>().ok()?, "protocol": protocol });
            put(&mut port, &["name"], name.trim_end_matches(')'));
            Some(port)
        })
        .collect()
}

/// `http-get http://:8081/healthz delay=15s timeout=1s period=20s #success=1 #failure=3`
fn probe(text: &str) -> Value {
    let mut probe = json!({});
    let (action, settings) =
        text.split_once(" delay=").map_or((text, ""), |(action, _)| (action, &text[action.len()..]));
    let (how, target) = action.split_once(' ').unwrap_or((action, ""));
    match how {
        "http-get" => {
            let (scheme, rest) = target.split_once("://").unwrap_or(("http", target));
            let (host, path) =
                rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
            let port = host.rsplit(':').next().unwrap_or_default();
            put(&mut probe, &["httpGet", "port"], number_or_text(port));
            put(&mut probe, &["httpGet", "path"], path);
            put(&mut probe, &["httpGet", "scheme"], scheme.to_uppercase());
        }
        "tcp-socket" => put(&mut probe, &["tcpSocket", "port"], number_or_text(target.trim_start_matches(':'))),
        "grpc" => put(
            &mut probe,
            &["grpc", "port"],
            number_or_text(target.split(['<', '>', ':']).find(|it| !it.is_empty()).unwrap_or_default()),
        ),
        "exec" => {
            let words: Vec<&str> = target.trim_matches(['[', ']']).split(' ').collect();
            put(&mut probe, &["exec", "command"], words);
        }
        _ => {}
    }
    for word in settings.split_whitespace() {
        let Some((key, value)) = word.trim_start_matches('#').split_once('=') else { continue };
        let name = match key {
            "delay" => "initialDelaySeconds",
            "timeout" => "timeoutSeconds",
            "period" => "periodSeconds",
            "success" | "successThreshold" => "successThreshold",
            "failure" | "failureThreshold" => "failureThreshold",
            _ => continue,
        };
        put(&mut probe, &[name], value.trim_end_matches('s').parse::<u64>().ok());
    }
    probe
}

fn number_or_text(text: &str) -> Value {
    text.parse::<u16>().map_or_else(|_| json!(text), |number| json!(number))
}

fn env(node: &Node) -> Vec<Value> {
    node.children.iter().filter(|child| !child.key.is_empty()).map(variable).collect()
}

/// `NAME:  value`, `NAME:  <set to the key 'k' in secret 's'>  Optional: false`, `NAME:   (v1:metadata.namespace)`
fn variable(node: &Node) -> Value {
    let mut variable = json!({ "name": node.key });
    let text = node.value;
    if let Some(rest) = text.strip_prefix("<set to the key '") {
        let (rest, optional) = rest.split_once('>').unwrap_or((rest, ""));
        let mut parts = rest.split('\'');
        let (key, between, name) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let source = if between.contains("secret") { "secretKeyRef" } else { "configMapKeyRef" };
        variable["valueFrom"] = json!({ source: { "key": key, "name": name, "optional": optional.contains("true") } });
        return variable;
    }
    match text.rsplit_once('(').filter(|(_, path)| path.starts_with("v1:") && path.ends_with(')')) {
        Some((value, path)) => {
            put(&mut variable, &["value"], value.trim());
            variable["valueFrom"] = json!({ "fieldRef": { "fieldPath": path[3..].trim_end_matches(')') } });
        }
        None => variable["value"] = json!(text),
    }
    variable
}

/// `shop-config  ConfigMap  Optional: false`
fn env_from(node: &Node) -> Vec<Value> {
    node.lines()
        .iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, kind) = (words.next()?, words.next()?);
            let source = if kind == "Secret" { "secretRef" } else { "configMapRef" };
            Some(json!({ source: { "name": name, "optional": line.trim_end().ends_with("true") } }))
        })
        .collect()
}

/// `/etc/certs from certs (ro)`
fn mounts(node: &Node) -> Vec<Value> {
    node.entries()
        .iter()
        .filter_map(|line| {
            let (path, rest) = line.split_once(" from ")?;
            let (name, options) = rest.split_once(" (").unwrap_or((rest, ""));
            let options = options.trim_end_matches(')');
            let mut mount = json!({ "mountPath": path, "name": name });
            put(&mut mount, &["readOnly"], options.split(',').any(|option| option == "ro").then_some(true));
            let sub_path = options.split(',').find_map(|option| option.strip_prefix("path="));
            put(&mut mount, &["subPath"], sub_path.map(|path| path.trim_matches('"')));
            Some(mount)
        })
        .collect()
}

/// The volumes below a heading.
pub(super) fn volumes(heading: &Node) -> Vec<Value> {
    heading.children.iter().filter(|node| !node.key.is_empty() && says(node.key)).map(volume).collect()
}

fn volume(node: &Node) -> Value {
    let fields = &node.children;
    let mut volume = json!({ "name": node.key });
    let text = |key: &str| text_of(fields, key);
    let optional = text("Optional").map(|text| text == "true");
    match text("Type").unwrap_or_default().split(' ').next().unwrap_or_default() {
        "Secret" => {
            put(&mut volume, &["secret", "secretName"], text("SecretName"));
            put(&mut volume, &["secret", "optional"], optional);
        }
        "ConfigMap" => {
            put(&mut volume, &["configMap", "name"], text("Name"));
            put(&mut volume, &["configMap", "optional"], optional);
        }
        "PersistentVolumeClaim" => put(&mut volume, &["persistentVolumeClaim", "claimName"], text("ClaimName")),
        "HostPath" => put(&mut volume, &["hostPath", "path"], text("Path")),
        "EmptyDir" => volume["emptyDir"] = json!({}),
        "CSI" => put(&mut volume, &["csi", "driver"], text("Driver")),
        "Projected" => {
            let mut sources = Vec::new();
            for child in fields {
                match child.key {
                    "SecretName" => sources.push(json!({ "secret": { "name": child.value } })),
                    "ConfigMapName" => sources.push(json!({ "configMap": { "name": child.value } })),
                    _ => {}
                }
            }
            volume["projected"] = json!({ "sources": sources });
        }
        _ => {}
    }
    put(&mut volume, &["description"], node.fields());
    volume
}

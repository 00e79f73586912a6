//! Containers of a pod or of a pod template.

use super::page::{Page, optional, put};
use super::value::{
    amount, bracketed, canonical, capital, is_set, list, number, quoted, scalar, set, sorted, text, truth,
};
use serde_json::Value;

/// Whose containers they are.
#[derive(Clone, Copy)]
pub(crate) enum Setting<'a> {
    /// A template: no states, and nothing is looked up.
    Template,
    /// A pod, with the states of these containers.
    Pod {
        /// The pod.
        pod: &'a Value,
        /// The states.
        statuses: &'a Value,
    },
}

impl<'a> Setting<'a> {
    fn status(self, name: &str) -> Option<&'a Value> {
        match self {
            Setting::Template => None,
            Setting::Pod { statuses, .. } => list(statuses).iter().rev().find(|status| text(&status["name"]) == name),
        }
    }
}

/// Writes all containers of a list.
pub(crate) fn write(page: &mut Page, title: &str, containers: &Value, setting: Setting) {
    let containers = list(containers);
    let (indent, name_indent) = if matches!(setting, Setting::Template) { ("  ", " ") } else { ("", "") };
    let none = if containers.is_empty() { " <none>" } else { "" };
    put!(page, 0, "{indent}{title}:{none}\n");
    for container in containers {
        let name = text(&container["name"]);
        put!(page, 1, "{name_indent}{name}:\n");
        let status = setting.status(name);
        basics(page, container, status);
        words(page, "Command", &container["command"]);
        words(page, "Args", &container["args"]);
        if let Some(status) = status {
            state(page, "State", &status["state"]);
            if is_set(&status["lastState"]["terminated"]) {
                state(page, "Last State", &status["lastState"]);
            }
            page.field(2, "Ready", capital(truth(&status["ready"])));
            page.field(2, "Restart Count", number(&status["restartCount"]));
        }
        resources(page, 2, &container["resources"]);
        for (label, field) in
            [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")]
        {
            if let Some(found) = set(&container[field]) {
                page.field(2, label, probe(found));
            }
        }
        environment_from(page, &container["envFrom"]);
        environment(page, container, setting);
        mounts(page, container);
    }
}

fn basics(page: &mut Page, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        page.field(2, "Container ID", text(&status["containerID"]));
    }
    page.field(2, "Image", text(&container["image"]));
    if let Some(status) = status {
        page.field(2, "Image ID", text(&status["imageID"]));
    }
    ports(page, "Port", &container["ports"], "containerPort");
    ports(page, "Host Port", &container["ports"], "hostPort");
    if let Some(profile) = set(&container["securityContext"]["seccompProfile"]) {
        page.field(2, "SeccompProfile", text(&profile["type"]));
        if profile["type"] == "Localhost" {
            page.field(3, "LocalhostProfile", text(&profile["localhostProfile"]));
        }
    }
}

fn ports(page: &mut Page, label: &str, ports: &Value, field: &str) {
    let all: Vec<String> = list(ports)
        .iter()
        .map(|port| {
            let protocol = set(&port["protocol"]).map_or("TCP", text);
            match text(&port["name"]) {
                "" => format!("{}/{protocol}", number(&port[field])),
                name => format!("{}/{protocol} ({name})", number(&port[field])),
            }
        })
        .collect();
    match all.len() {
        0 => page.field(2, label, "<none>"),
        1 => page.field(2, label, &all[0]),
        _ => page.field(2, &format!("{label}s"), all.join(", ")),
    }
}

fn words(page: &mut Page, title: &str, words: &Value) {
    if list(words).is_empty() {
        return;
    }
    put!(page, 2, "{title}:\n");
    for line in list(words).iter().flat_map(|word| text(word).split('\n')) {
        put!(page, 3, "{line}\n");
    }
}

fn state(page: &mut Page, title: &str, state: &Value) {
    if let Some(running) = set(&state["running"]) {
        page.field(2, title, "Running");
        page.time(3, "Started", &running["startedAt"]);
    } else if let Some(terminated) = set(&state["terminated"]).filter(|_| state["waiting"].is_null()) {
        page.field(2, title, "Terminated");
        page.field_if(3, "Reason", &terminated["reason"]);
        page.field_if(3, "Message", &terminated["message"]);
        page.field(3, "Exit Code", number(&terminated["exitCode"]));
        if number(&terminated["signal"]) > 0 {
            page.field(3, "Signal", number(&terminated["signal"]));
        }
        page.time(3, "Started", &terminated["startedAt"]);
        page.time(3, "Finished", &terminated["finishedAt"]);
    } else {
        page.field(2, title, "Waiting");
        page.field_if(3, "Reason", &state["waiting"]["reason"]);
    }
}

/// Writes limits and requests.
pub(crate) fn resources(page: &mut Page, level: usize, resources: &Value) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let all = sorted(&resources[field]);
        if !all.is_empty() {
            put!(page, level, "{title}:\n");
        }
        for (name, quantity) in all {
            page.field(level + 1, name, canonical(quantity));
        }
    }
}

fn probe(probe: &Value) -> String {
    let what = if let Some(exec) = set(&probe["exec"]) {
        format!("exec {}", bracketed(&exec["command"]))
    } else if let Some(http) = set(&probe["httpGet"]) {
        format!("http-get {}", url(http))
    } else if let Some(tcp) = set(&probe["tcpSocket"]) {
        format!("tcp-socket {}:{}", text(&tcp["host"]), scalar(&tcp["port"]))
    } else if let Some(grpc) = set(&probe["grpc"]) {
        format!("grpc <pod>:{} {}", number(&grpc["port"]), text(&grpc["service"]))
    } else {
        "unknown".to_owned()
    };
    format!(
        "{what} delay={}s timeout={}s period={}s successThreshold={} failureThreshold={}",
        number(&probe["initialDelaySeconds"]),
        number(&probe["timeoutSeconds"]),
        number(&probe["periodSeconds"]),
        number(&probe["successThreshold"]),
        number(&probe["failureThreshold"])
    )
}

fn url(http: &Value) -> String {
    let scheme = text(&http["scheme"]).to_lowercase();
    let (host, port) = (text(&http["host"]), scalar(&http["port"]));
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let host = if port.is_empty() { host } else { format!("{host}:{port}") };
    let path = escaped_path(text(&http["path"]));
    let slash = if path.is_empty() || path.starts_with('/') || host.is_empty() { "" } else { "/" };
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}:") };
    format!("{scheme}//{host}{slash}{path}")
}

/// A path as a URL holds it.
fn escaped_path(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(format!("%{byte:02X}").chars());
        }
    }
    out
}

fn environment_from(page: &mut Page, sources: &Value) {
    if list(sources).is_empty() {
        return;
    }
    page.put(2, "Environment Variables from:\n");
    for source in list(sources) {
        let (from, reference) = match (set(&source["configMapRef"]), set(&source["secretRef"])) {
            (Some(reference), _) => ("ConfigMap", reference),
            (None, Some(reference)) => ("Secret", reference),
            (None, None) => ("", &Value::Null),
        };
        let prefix = match text(&source["prefix"]) {
            "" => String::new(),
            prefix => format!(" with prefix '{prefix}'"),
        };
        put!(page, 3, "{}\t{from}{prefix}\tOptional: {}\n", text(&reference["name"]), optional(reference));
    }
}

fn environment(page: &mut Page, container: &Value, setting: Setting) {
    let variables = list(&container["env"]);
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    put!(page, 2, "Environment:{none}\n");
    for variable in variables {
        let (name, from) = (text(&variable["name"]), &variable["valueFrom"]);
        if from.is_null() {
            for (at, line) in text(&variable["value"]).split('\n').enumerate() {
                if at == 0 { page.field(3, name, line) } else { put!(page, 3, "\t{line}\n") }
            }
        } else if let Some(field) = set(&from["fieldRef"]) {
            let path = text(&field["fieldPath"]);
            let value = match setting {
                Setting::Template => String::new(),
                Setting::Pod { pod, .. } => field_of(pod, path),
            };
            page.field(3, name, format!("{value} ({}:{path})", set(&field["apiVersion"]).map_or("v1", text)));
        } else if let Some(resource) = set(&from["resourceFieldRef"]) {
            page.field(3, name, resource_of(container, resource));
        } else if let Some(secret) = set(&from["secretKeyRef"]) {
            let (key, of) = (text(&secret["key"]), text(&secret["name"]));
            page.field(3, name, format!("<set to the key '{key}' in secret '{of}'>\tOptional: {}", optional(secret)));
        } else if let Some(map) = set(&from["configMapKeyRef"]) {
            let (key, of) = (text(&map["key"]), text(&map["name"]));
            page.field(3, name, format!("<set to the key '{key}' of config map '{of}'>\tOptional: {}", optional(map)));
        }
    }
}

/// A field of the pod itself. kubectl resolves these two only, whatever else the kubelet may put there.
fn field_of(pod: &Value, path: &str) -> String {
    match path {
        "metadata.name" | "metadata.namespace" => scalar(&pod["metadata"][&path["metadata.".len()..]]),
        _ => String::new(),
    }
}

/// A limit or request in units of its divisor.
fn resource_of(container: &Value, reference: &Value) -> String {
    let resource = text(&reference["resource"]);
    let (field, name) = resource.split_once('.').unwrap_or((resource, ""));
    let known = ["limits", "requests"].contains(&field)
        && (["cpu", "memory", "ephemeral-storage"].contains(&name) || name.starts_with("hugepages-"));
    if !known {
        return format!(" ({resource})");
    }
    let found = amount(&container["resources"][field][name]);
    let divisor = set(&reference["divisor"]).map(amount).filter(|divisor| !divisor.is_zero());
    let (value, unit) = match divisor {
        Some(divisor) if name == "cpu" => (found.milli(), divisor.milli()),
        Some(divisor) => (found.value(), divisor.value()),
        None if name == "cpu" => (found.milli(), 1000),
        None => (found.value(), 1),
    };
    let value = if unit == 0 { 0 } else { value / unit + i128::from(value % unit != 0) };
    if value == 0 && ["limits.cpu", "limits.memory"].contains(&resource) {
        return format!("node allocatable ({resource})");
    }
    format!("{value} ({resource})")
}

fn mounts(page: &mut Page, container: &Value) {
    let mut mounts: Vec<&Value> = list(&container["volumeMounts"]).iter().collect();
    mounts.sort_by_key(|mount| text(&mount["mountPath"]));
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    put!(page, 2, "Mounts:{none}\n");
    for mount in mounts {
        let mode = if truth(&mount["readOnly"]) { "ro" } else { "rw" };
        let path = match text(&mount["subPath"]) {
            "" => String::new(),
            path => format!(",path={}", quoted(path)),
        };
        put!(page, 3, "{} from {} ({mode}{path})\n", text(&mount["mountPath"]), text(&mount["name"]));
    }
    let mut devices: Vec<&Value> = list(&container["volumeDevices"]).iter().collect();
    devices.sort_by_key(|device| text(&device["devicePath"]));
    if !devices.is_empty() {
        put!(page, 2, "Devices:{none}\n");
    }
    for device in devices {
        put!(page, 3, "{} from {}\n", text(&device["devicePath"]), text(&device["name"]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn of_the_fields_of_a_pod_only_its_name_and_namespace_are_filled_in() {
        let from = |path: &str| json!({"name": "X", "valueFrom": {"fieldRef": {"fieldPath": path}}});
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "shop", "uid": "u", "labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "env": [from("metadata.name"), from("metadata.labels['a']"), from("metadata.uid")]}]}});
        let said = described(&pod);
        let values: Vec<&str> = said.lines().filter_map(|line| line.trim().strip_prefix("X:")).map(str::trim).collect();
        assert_eq!(values, ["p (v1:metadata.name)", "(v1:metadata.labels['a'])", "(v1:metadata.uid)"]);
    }
}

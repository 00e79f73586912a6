//! What a row of `kubectl get` says about its object, put where the API has it. All cells stay under `columns` too.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The cells of a row by the names of their columns.
pub(super) type Cells<'a> = BTreeMap<&'a str, &'a str>;

/// The kind that these columns are printed for, where no other is printed with them.
pub(super) fn kind_of(columns: &[String], first_name: &str) -> &'static str {
    let has = |names: &[&str]| names.iter().all(|name| columns.iter().any(|column| column == name));
    let tests: &[(&[&str], &str)] = &[
        (&["READY", "STATUS", "RESTARTS"], "Pod"),
        (&["CPU(cores)", "CPU%"], "Node"),
        (&["CPU(cores)", "MEMORY(bytes)"], "Pod"),
        (&["STATUS", "ROLES", "VERSION"], "Node"),
        (&["DESIRED", "CURRENT", "READY", "NODE SELECTOR"], "DaemonSet"),
        (&["READY", "UP-TO-DATE", "AVAILABLE"], "Deployment"),
        (&["DESIRED", "CURRENT", "UP-TO-DATE", "AVAILABLE"], "Deployment"),
        (&["DESIRED", "CURRENT", "READY"], "ReplicaSet"),
        (&["HOLDER"], "Lease"),
        (&["CLUSTER-IP"], "Service"),
        (&["STATUS", "VOLUME", "STORAGECLASS"], "PersistentVolumeClaim"),
        (&["CAPACITY", "CLAIM", "RECLAIM POLICY"], "PersistentVolume"),
        (&["COMPLETIONS", "DURATION"], "Job"),
        (&["SCHEDULE", "SUSPEND"], "CronJob"),
        (&["SERVICE", "AVAILABLE"], "APIService"),
        (&["ENDPOINTS", "ADDRESSTYPE"], "EndpointSlice"),
        (&["ENDPOINTS", "AGE"], "Endpoints"),
        (&["REFERENCE", "MINPODS"], "HorizontalPodAutoscaler"),
        (&["MIN AVAILABLE", "MAX UNAVAILABLE"], "PodDisruptionBudget"),
    ];
    if let Some((_, kind)) = tests.iter().find(|(names, _)| has(names)) {
        return kind;
    }
    // Roles have the same columns; only the name of a CRD is a plural and its group.
    if has(&["NAME", "CREATED AT"]) && first_name.matches('.').count() >= 1 && !first_name.contains(':') {
        return "CustomResourceDefinition";
    }
    if has(&["READY", "AGE"]) && columns.len() <= 4 && !has(&["STATUS"]) { "StatefulSet" } else { "" }
}

/// The object of a row: what its cells say in the API's shape. `metadata` is filled by the caller.
pub(super) fn value(kind: &str, cells: &Cells) -> Map<String, Value> {
    let mut value = match kind {
        "Pod" => pod(cells),
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "ReplicationController" => workload(kind, cells),
        "Lease" => json!({ "spec": { "holderIdentity": cell(cells, "HOLDER") } }),
        "Node" => node(cells),
        "Namespace" | "PersistentVolumeClaim" | "PersistentVolume" => {
            json!({ "status": { "phase": cell(cells, "STATUS") } })
        }
        "APIService" => api_service(cells),
        "Service" => json!({ "spec": { "type": cell(cells, "TYPE"), "clusterIP": cell(cells, "CLUSTER-IP") } }),
        "CustomResourceDefinition" => json!({ "metadata": { "creationTimestamp": cell(cells, "CREATED AT") } }),
        _ => json!({}),
    };
    drop_nulls(&mut value);
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn cell(cells: &Cells, name: &str) -> Option<String> {
    cells
        .get(name)
        .filter(|text| !text.is_empty() && **text != "<none>" && **text != "<unknown>")
        .map(|text| (*text).to_owned())
}

fn number(cells: &Cells, name: &str) -> Option<u64> {
    cells.get(name)?.split_whitespace().next()?.parse().ok()
}

/// `1/2`
fn of(cells: &Cells, name: &str) -> (Option<u64>, Option<u64>) {
    match cells.get(name).and_then(|text| text.split_once('/')) {
        Some((ready, all)) => (ready.parse().ok(), all.parse().ok()),
        None => (None, None),
    }
}

/// Takes out what the row did not say, so that it stays unknown.
fn drop_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| {
            drop_nulls(value);
            !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty())
        });
    }
}

/// A pod's status column is its phase, or the reason of its worst container, or of an init container after `Init:`.
fn pod(cells: &Cells) -> Value {
    let status = cell(cells, "STATUS").unwrap_or_default();
    let (ready, all) = of(cells, "READY");
    let restarts = number(cells, "RESTARTS");
    let node = cell(cells, "NODE");
    let mut container = json!({ "restartCount": restarts });
    if ready.is_some() {
        container["ready"] = json!(ready == all);
    }
    let mut init = Value::Null;
    let mut phase = Value::Null;
    let mut reason = Value::Null;
    match status.as_str() {
        "Running" | "Pending" | "Succeeded" | "Failed" | "Unknown" => phase = json!(status),
        "Completed" => {
            phase = json!("Succeeded");
            container["state"] = json!({ "terminated": { "reason": "Completed", "exitCode": 0 } });
        }
        "Error" | "OOMKilled" | "ContainerCannotRun" | "StartError" | "DeadlineExceeded" | "ContainerStatusUnknown" => {
            container["state"] = json!({ "terminated": { "reason": status } });
        }
        "Evicted" | "NodeLost" | "NodeAffinity" | "UnexpectedAdmissionError" | "Preempting" => {
            phase = json!("Failed");
            reason = json!(status);
        }
        "Terminating" | "NotReady" | "SchedulingGated" | "" => {}
        _ => match status.strip_prefix("Init:") {
            Some(step) if step.contains('/') => {
                phase = json!("Pending");
                container["state"] = json!({ "waiting": { "reason": "PodInitializing" } });
            }
            Some(why) => {
                phase = json!("Pending");
                init = json!([{ "state": init_state(why) }]);
            }
            None => container["state"] = json!({ "waiting": { "reason": status } }),
        },
    }
    json!({
        "spec": { "nodeName": node },
        "status": {
            "phase": phase,
            "reason": reason,
            "podIP": cell(cells, "IP"),
            "containerStatuses": [container],
            "initContainerStatuses": init,
        },
    })
}

fn init_state(why: &str) -> Value {
    let code = why.strip_prefix("ExitCode:").and_then(|code| code.parse::<i64>().ok());
    match (code, why) {
        (Some(code), _) => json!({ "terminated": { "reason": "Error", "exitCode": code } }),
        (None, "Error" | "OOMKilled" | "StartError" | "ContainerCannotRun") => {
            json!({ "terminated": { "reason": why } })
        }
        (None, why) => json!({ "waiting": { "reason": why } }),
    }
}

fn workload(kind: &str, cells: &Cells) -> Value {
    let (ready, all) = of(cells, "READY");
    let desired = all.or_else(|| number(cells, "DESIRED"));
    let ready = ready.or_else(|| number(cells, "READY"));
    let available = number(cells, "AVAILABLE");
    let updated = number(cells, "UP-TO-DATE");
    let current = number(cells, "CURRENT");
    if kind == "DaemonSet" {
        return json!({ "status": {
            "desiredNumberScheduled": desired,
            "currentNumberScheduled": current,
            "numberReady": ready,
            "numberAvailable": available,
            "updatedNumberScheduled": updated,
        }});
    }
    let labels = cells.get("SELECTOR").map(|cell| pairs(cell)).unwrap_or_default();
    json!({
        "spec": {
            "replicas": desired,
            "selector": { "matchLabels": labels },
            "template": { "spec": { "containers": containers(cells) } },
        },
        "status": { "replicas": current, "readyReplicas": ready, "availableReplicas": available, "updatedReplicas": updated },
    })
}

/// The columns `CONTAINERS` and `IMAGES` of `-o wide`.
fn containers(cells: &Cells) -> Option<Value> {
    let (names, images) = (cell(cells, "CONTAINERS")?, cell(cells, "IMAGES")?);
    Some(names.split(',').zip(images.split(',')).map(|(name, image)| json!({ "name": name, "image": image })).collect())
}

/// `app=shop,tier=back`
pub(super) fn pairs(text: &str) -> Map<String, Value> {
    text.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), json!(value))).collect()
}

/// `Ready,SchedulingDisabled`
fn node(cells: &Cells) -> Value {
    let Some(status) = cell(cells, "STATUS") else { return json!({}) };
    let has = |word: &str| status.split(',').any(|part| part == word);
    let ready = if has("Ready") {
        "True"
    } else if has("NotReady") {
        "False"
    } else {
        "Unknown"
    };
    json!({
        "spec": { "unschedulable": has("SchedulingDisabled").then_some(true) },
        "status": {
            "conditions": [{ "type": "Ready", "status": ready }],
            "nodeInfo": { "kubeletVersion": cell(cells, "VERSION") },
        },
    })
}

/// `False (MissingEndpoints)`
fn api_service(cells: &Cells) -> Value {
    let Some(available) = cell(cells, "AVAILABLE") else { return json!({}) };
    let (status, reason) = available.split_once(" (").unwrap_or((&available, ""));
    let mut condition = json!({ "type": "Available", "status": status });
    if !reason.is_empty() {
        condition["reason"] = json!(reason.trim_end_matches(')'));
    }
    let service = cell(cells, "SERVICE").filter(|service| service != "Local");
    let service = service.as_deref().and_then(|service| service.split_once('/'));
    json!({
        "spec": { "service": service.map(|(namespace, name)| json!({ "namespace": namespace, "name": name })) },
        "status": { "conditions": [condition] },
    })
}

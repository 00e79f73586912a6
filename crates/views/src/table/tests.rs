use super::*;
use serde_json::json;

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().expect("a time")
}

/// The first cells of the row of one object.
fn row(api_version: &str, kind: &str, object: &Value) -> Vec<String> {
    let table = of(api_version, kind, &[object], now());
    let text = |cell: &Value| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
    table.rows[0].cells.iter().map(text).collect()
}

fn pod(spec: &Value, status: &Value) -> Vec<String> {
    row("v1", "Pod", &json!({"metadata": {"name": "p"}, "spec": spec, "status": status}))[..4].to_vec()
}

#[test]
fn every_printer_fills_its_columns() {
    let object = json!({"metadata": {"name": "x"}});
    for printer in AREAS.iter().copied().flatten() {
        let version = if printer.group.is_empty() { "v1".to_owned() } else { format!("{}/v1", printer.group) };
        let table = of(&version, printer.kind, &[&object], now());
        let extra = usize::from(printer.kind == "IPAddress");
        assert_eq!(table.rows[0].cells.len(), table.columns.len() + extra, "{}", printer.kind);
    }
}

#[test]
fn what_a_pod_says() {
    let two = json!({"containers": [{}, {}]});
    let running = json!({"ready": true, "restartCount": 3, "state": {"running": {}}});
    let done = json!({"restartCount": 0, "state": {"terminated": {"reason": "Completed", "exitCode": 0}}});
    assert_eq!(pod(&two, &json!({"phase": "Pending"})), ["p", "0/2", "Pending", "0"]);
    assert_eq!(pod(&two, &json!({"phase": "Running", "containerStatuses": [running, done]}))[2], "NotReady");
    let ready = json!([{"type": "Ready", "status": "True"}]);
    let status = json!({"phase": "Running", "conditions": ready, "containerStatuses": [running, done]});
    assert_eq!(pod(&two, &status), ["p", "1/2", "Running", "3"]);
    let crash = json!({"restartCount": 4, "lastState": {"terminated": {"finishedAt": "2026-01-01T11:50:00Z"}},
        "state": {"waiting": {"reason": "CrashLoopBackOff"}}});
    let status = json!({"phase": "Running", "containerStatuses": [crash, running]});
    assert_eq!(pod(&two, &status), ["p", "1/2", "CrashLoopBackOff", "7 (10m ago)"]);
}

#[test]
fn a_pod_that_initializes() {
    let spec = json!({"initContainers": [{"name": "a"}, {"name": "s", "restartPolicy": "Always"}], "containers": [{}]});
    let status = |state: Value| json!({"phase": "Pending", "initContainerStatuses": [{"name": "a", "restartCount": 1, "state": state}]});
    assert_eq!(pod(&spec, &status(json!({"running": {}}))), ["p", "0/2", "Init:0/2", "1"]);
    assert_eq!(pod(&spec, &status(json!({"waiting": {"reason": "PodInitializing"}})))[2], "Init:0/2");
    assert_eq!(pod(&spec, &status(json!({"waiting": {"reason": "ImagePullBackOff"}})))[2], "Init:ImagePullBackOff");
    assert_eq!(pod(&spec, &status(json!({"terminated": {"exitCode": 2}})))[2], "Init:ExitCode:2");
    assert_eq!(pod(&spec, &status(json!({"terminated": {"exitCode": 0, "signal": 9}})))[2], "Pending");
}

#[test]
fn a_pod_that_is_to_go() {
    let object = |phase: &str, reason: &str| {
        row(
            "v1",
            "Pod",
            &json!({"metadata": {"name": "p", "deletionTimestamp": "2026-01-01T11:00:00Z"},
            "status": {"phase": phase, "reason": reason}}),
        )[2]
        .clone()
    };
    assert_eq!(object("Running", ""), "Terminating");
    assert_eq!(object("Running", "NodeLost"), "Unknown");
    assert_eq!(object("Failed", "Evicted"), "Evicted");
}

#[test]
fn workloads() {
    let object = json!({"metadata": {"name": "d", "creationTimestamp": "2026-01-01T10:00:00Z"},
        "spec": {"replicas": 5, "selector": {"matchLabels": {"foo": "bar"}},
            "template": {"spec": {"containers": [{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]}}},
        "status": {"replicas": 10, "updatedReplicas": 2, "availableReplicas": 1, "readyReplicas": 4}});
    assert_eq!(row("apps/v1", "Deployment", &object), ["d", "4/5", "2", "1", "120m", "a,b", "i,j", "foo=bar"]);
    assert_eq!(row("apps/v1", "ReplicaSet", &object), ["d", "5", "10", "4", "120m", "a,b", "i,j", "foo=bar"]);
    assert_eq!(row("apps/v1", "StatefulSet", &object), ["d", "4/5", "120m", "a,b", "i,j"]);
}

#[test]
fn jobs() {
    let job = |spec: Value, status: Value| {
        row("batch/v1", "Job", &json!({"metadata": {"name": "j"}, "spec": spec, "status": status}))[..4].to_vec()
    };
    assert_eq!(job(json!({"completions": 5}), json!({"succeeded": 2})), ["j", "Running", "2/5", ""]);
    assert_eq!(job(json!({"parallelism": 3}), json!({"succeeded": 1}))[2], "1/1 of 3");
    let times = json!({"startTime": "2026-01-01T10:00:00Z", "completionTime": "2026-01-01T10:30:00Z",
        "conditions": [{"type": "Complete", "status": "True"}]});
    assert_eq!(job(json!({}), times), ["j", "Complete", "0/1", "30m"]);
}

#[test]
fn services_and_endpoints() {
    let service = |spec: Value, status: Value| {
        row("v1", "Service", &json!({"metadata": {"name": "s"}, "spec": spec, "status": status}))
    };
    let spec = json!({"type": "LoadBalancer", "clusterIP": "10.0.0.1", "ports": [{"port": 80, "nodePort": 30080}]});
    assert_eq!(
        service(spec.clone(), json!({})),
        ["s", "LoadBalancer", "10.0.0.1", "<pending>", "80:30080/TCP", "<unknown>", "<none>"]
    );
    let ingress = json!({"loadBalancer": {"ingress": [{"hostname": "b.example"}, {"ip": "1.2.3.4"}]}});
    assert_eq!(service(spec, ingress)[3], "1.2.3.4,b.example");
    let addresses = json!([{"ip": "1.1.1.1"}, {"ip": "::2"}]);
    let endpoints =
        json!({"metadata": {"name": "e"}, "subsets": [{"addresses": addresses, "ports": [{"port": 1}, {"port": 2}]}]});
    assert_eq!(row("v1", "Endpoints", &endpoints)[1], "1.1.1.1:1,[::2]:1,1.1.1.1:2 + 1 more...");
}

#[test]
fn only_a_list_marks_the_default_class() {
    let default = json!({"storageclass.kubernetes.io/is-default-class": "true"});
    let old = json!({"metadata": {"name": "a", "annotations": default, "creationTimestamp": "2025-01-01T00:00:00Z"}});
    let young = json!({"metadata": {"name": "b", "annotations": default, "creationTimestamp": "2025-06-01T00:00:00Z"}});
    let table = of("storage.k8s.io/v1", "StorageClass", &[&old, &young], now());
    assert_eq!((&table.rows[0].cells[0], &table.rows[1].cells[0]), (&json!("a"), &json!("b (default)")));
    assert_eq!(single("storage.k8s.io/v1", "StorageClass", &old, now()).rows[0].cells[0], "a");
}

#[test]
fn autoscalers_show_two_metrics() {
    let cpu = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}});
    let now_cpu = json!({"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 50}}});
    let pods = json!({"type": "Pods", "pods": {"target": {"averageValue": "100m"}}});
    let object = json!({"metadata": {"name": "h"}, "spec": {"metrics": [cpu, pods, pods], "minReplicas": 2, "maxReplicas": 10},
        "status": {"currentMetrics": [now_cpu]}});
    assert_eq!(
        row("autoscaling/v2", "HorizontalPodAutoscaler", &object)[2],
        "cpu: 50%/80%, <unknown>/100m + 1 more..."
    );
    let object = json!({"metadata": {"name": "h"}, "spec": {"targetCPUUtilizationPercentage": 70}});
    assert_eq!(row("autoscaling/v1", "HorizontalPodAutoscaler", &object)[2], "cpu: <unknown>/70%");
}

#[test]
fn kinds_without_a_printer_get_the_time_of_creation() {
    let object = json!({"metadata": {"name": "r", "creationTimestamp": "2026-01-01T10:00:00Z"}});
    assert_eq!(row("rbac.authorization.k8s.io/v1", "Role", &object), ["r", "2026-01-01T10:00:00Z"]);
    assert_eq!(of("example.com/v1", "Pod", &[&object], now()).columns[1].name, "Created At");
}

#[test]
fn definitions_and_their_resources() {
    let object = json!({"metadata": {"name": "c", "creationTimestamp": "2026-01-01T10:00:00Z"}, "spec": {"scope": "Cluster",
        "versions": [{"name": "v2", "served": true, "storage": true}, {"name": "v1", "served": true}, {"name": "v0"}]}});
    assert_eq!(
        row("apiextensions.k8s.io/v1", "CustomResourceDefinition", &object)[..4],
        ["c", "Cluster", "v1,v2(storage)", "2026-01-01T10:00:00Z"]
    );
    let columns = [
        json!({"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"}),
        json!({"name": "Size", "type": "integer", "jsonPath": ".spec.size", "priority": 1}),
        json!({"name": "Tags", "type": "string", "jsonPath": ".spec.tags"}),
        json!({"name": "Label", "type": "string", "jsonPath": ".metadata.labels.a\\.b/c"}),
        json!({"name": "Last", "type": "string", "jsonPath": ".spec.tags[-1]"}),
        json!({"name": "Gone", "type": "string", "jsonPath": ".spec.tags[5]"}),
        json!({"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}),
    ];
    let object = json!({"metadata": {"name": "w", "creationTimestamp": "2026-01-01T10:00:00Z", "labels": {"a.b/c": "l"}},
        "spec": {"size": 2.9, "tags": ["x", "y"]},
        "status": {"conditions": [{"type": "Synced", "status": "False"}, {"type": "Ready", "status": "True"}]}});
    let table = custom(&columns, &[&object], now());
    assert_eq!(
        table.rows[0].cells,
        [
            json!("w"),
            json!("True"),
            json!(2),
            json!("[\"x\",\"y\"]"),
            json!("l"),
            json!("y"),
            Value::Null,
            json!("120m")
        ]
    );
    assert_eq!((table.columns[0].format.as_str(), table.columns[2].priority), ("name", 1));
    let number = json!({"name": "N", "type": "number", "jsonPath": ".n"});
    let map = json!({"name": "M", "type": "string", "jsonPath": ".m"});
    let other = json!({"metadata": {"name": "o"}, "n": 2.0, "m": {"b": 1, "a": {"d": 1, "c": 2}}});
    let cells = custom(&[number, map], &[&other], now()).rows.remove(0).cells;
    assert_eq!(cells[1..], [json!(2), json!(r#"{"a":{"c":2,"d":1},"b":1}"#)]);
    assert_eq!(custom(&[], &[&object], now()).rows[0].cells[1], "120m");
}

#[test]
fn claims_say_how_far_they_are() {
    let state = |claim: &Value| row("resource.k8s.io/v1", "ResourceClaim", claim)[1].clone();
    assert_eq!(state(&json!({})), "pending");
    let held = json!({"status": {"allocation": {}, "reservedFor": [{}]}, "metadata": {"deletionTimestamp": "x"}});
    assert_eq!(state(&held), "deleted,allocated,reserved");
}

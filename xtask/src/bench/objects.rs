//! A cluster that never was, the same every time: pods as an API server returns them, with all that makes real ones long, and what stands around
//! them. One controller among them has something to say.

use serde_json::{Map, Value, json};

/// So many pods has a workload, and so many workloads a namespace.
pub(super) const PODS_A_WORKLOAD: usize = 10;
const WORKLOADS_A_NAMESPACE: usize = 20;
const PODS_A_NODE: usize = 100;

/// The controller, and where it runs.
pub(super) const CONTROLLER: &str = "widget-controller";
pub(super) const CONTROLLER_NAMESPACE: &str = "widget-system";

/// One object of a list.
pub(super) struct Made {
    /// `core` or the API group, as must-gather names its folders.
    pub(super) group: &'static str,
    /// The resource, in the plural.
    pub(super) resource: &'static str,
    /// Empty for what is in none.
    pub(super) namespace: String,
    pub(super) object: Value,
}

/// A cluster of so many pods.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    pub(super) pods: usize,
}

impl Cluster {
    fn workloads(self) -> usize {
        self.pods.div_ceil(PODS_A_WORKLOAD)
    }

    fn nodes(self) -> usize {
        self.pods.div_ceil(PODS_A_NODE)
    }

    /// The pod that is asked for by name: one of the middle.
    pub(super) fn some_pod(self) -> (String, String) {
        let workload = self.workloads() / 2;
        (namespace(workload), pod_name(workload, 3))
    }

    /// The workload of that pod.
    pub(super) fn some_workload(self) -> (String, String) {
        let workload = self.workloads() / 2;
        (namespace(workload), workload_name(workload))
    }

    /// Every object, kind by kind.
    pub(super) fn objects(self) -> impl Iterator<Item = Made> {
        let nodes = (0..self.nodes()).map(|at| made("core", "nodes", node(at)));
        let namespaces =
            (0..self.workloads().div_ceil(WORKLOADS_A_NAMESPACE)).map(|at| named_namespace(&format!("team-{at:03}")));
        let namespaces =
            namespaces.chain([named_namespace(CONTROLLER_NAMESPACE)]).map(|it| made("core", "namespaces", it));
        let nodes_count = self.nodes();
        let pods = (0..self.workloads()).flat_map(move |workload| {
            (0..PODS_A_WORKLOAD).map(move |at| made("core", "pods", pod(workload, at, nodes_count)))
        });
        let replica_sets = (0..self.workloads()).flat_map(|at| {
            [made("apps", "replicasets", replica_set(at, true)), made("apps", "replicasets", replica_set(at, false))]
        });
        let deployments = (0..self.workloads()).map(|at| made("apps", "deployments", deployment(at)));
        let events = (0..self.pods * 2).map(move |at| made("core", "events", event(at)));
        nodes.chain(namespaces).chain(pods).chain(replica_sets).chain(deployments).chain(events).chain(controller())
    }
}

fn made(group: &'static str, resource: &'static str, object: Value) -> Made {
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
    Made { group, resource, namespace, object }
}

/// Digits that look like chance and are not.
fn mixed(seed: usize) -> u64 {
    let mut mixed = (seed as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn uid(seed: usize) -> String {
    let (a, b) = (mixed(seed), mixed(seed ^ 0x5555));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

fn suffix(seed: usize, length: usize) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut rest = mixed(seed);
    let mut next = || {
        let letter = LETTERS[usize::try_from(rest % 27).unwrap_or_default()];
        rest /= 27;
        char::from(letter)
    };
    (0..length).map(|_| next()).collect()
}

fn version(seed: usize) -> String {
    (10_000_000 + mixed(seed) % 80_000_000).to_string()
}

fn namespace(workload: usize) -> String {
    format!("team-{:03}", workload / WORKLOADS_A_NAMESPACE)
}

fn workload_name(workload: usize) -> String {
    const WHAT: [&str; 10] = [
        "checkout",
        "catalog",
        "search",
        "payment",
        "mailer",
        "frontend",
        "inventory",
        "pricing",
        "reviews",
        "gateway",
    ];
    format!("{}-{:04}", WHAT[workload % WHAT.len()], workload)
}

fn hash(workload: usize) -> String {
    suffix(workload + 7_000_000, 10)
}

fn pod_name(workload: usize, at: usize) -> String {
    format!("{}-{}-{}", workload_name(workload), hash(workload), suffix(workload * 100 + at, 5))
}

/// Who wrote which fields, as the API server keeps it.
fn managed(manager: &str, subresource: &str, time: &str, api_version: &str, fields: &Value) -> Value {
    let mut entry = json!({"apiVersion": api_version, "fieldsType": "FieldsV1", "fieldsV1": fields_of(fields), "manager": manager,
        "operation": "Update", "time": time});
    if !subresource.is_empty() {
        entry["subresource"] = subresource.into();
    }
    entry
}

fn fields_of(value: &Value) -> Value {
    let mut fields = Map::new();
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                fields.insert(format!("f:{key}"), fields_of(value));
            }
        }
        Value::Array(items) => {
            for item in items {
                let key =
                    ["name", "type", "uid", "mountPath"].iter().find_map(|key| Some(json!({ *key: item.get(*key)? })));
                if let Some(key) = key {
                    let mut own = fields_of(item);
                    own["."] = json!({});
                    fields.insert(format!("k:{key}"), own);
                }
            }
        }
        _ => {}
    }
    Value::Object(fields)
}

fn labels(workload: usize) -> Value {
    json!({"app.kubernetes.io/component": "server", "app.kubernetes.io/instance": workload_name(workload),
        "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/name": workload_name(workload),
        "app.kubernetes.io/version": format!("1.{}.{}", workload % 30, workload % 7), "helm.sh/chart": "service-4.2.1",
        "team.example.com/owner": namespace(workload)})
}

fn image(name: &str, workload: usize) -> String {
    format!("registry.example.com/{}/{name}:1.{}.{}", namespace(workload), workload % 30, workload % 7)
}

fn container(name: &str, workload: usize, variables: usize) -> Value {
    let mut env: Vec<Value> = (0..variables)
        .map(|at| json!({"name": format!("{}_SETTING_{at:02}", name.to_uppercase().replace('-', "_")), "value": format!("https://backend-{at}.{}.svc.cluster.local:8443/api/v{at}", namespace(workload))}))
        .collect();
    env.push(
        json!({"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}}),
    );
    env.push(json!({"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}}));
    env.push(json!({"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"key": "password", "name": format!("{}-database", workload_name(workload))}}}));
    let probe = |path: &str| json!({"failureThreshold": 3, "httpGet": {"path": path, "port": "http", "scheme": "HTTP"}, "initialDelaySeconds": 10, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 3});
    json!({"args": ["serve", "--listen=:8080", "--log-format=json", "--config=/etc/service/config.yaml"], "env": env,
        "image": image(name, workload), "imagePullPolicy": "IfNotPresent", "livenessProbe": probe("/healthz"), "name": name,
        "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}, {"containerPort": 9090, "name": "metrics", "protocol": "TCP"}],
        "readinessProbe": probe("/readyz"), "resources": {"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"cpu": "250m", "memory": "512Mi"}},
        "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true},
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "volumeMounts": [{"mountPath": "/etc/service", "name": "config", "readOnly": true}, {"mountPath": "/tmp", "name": "scratch"},
            {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": format!("kube-api-access-{}", suffix(workload, 5)), "readOnly": true}]})
}

fn pod_spec(workload: usize) -> Value {
    json!({"containers": [container("server", workload, 6), container("proxy", workload, 2)],
        "dnsPolicy": "ClusterFirst", "enableServiceLinks": true,
        "preemptionPolicy": "PreemptLowerPriority", "priority": 0, "restartPolicy": "Always", "schedulerName": "default-scheduler",
        "securityContext": {"fsGroup": 65532, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "serviceAccount": workload_name(workload), "serviceAccountName": workload_name(workload), "terminationGracePeriodSeconds": 30,
        "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300},
            {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}],
        "volumes": [{"configMap": {"defaultMode": 420, "name": format!("{}-config", workload_name(workload))}, "name": "config"},
            {"emptyDir": {"sizeLimit": "1Gi"}, "name": "scratch"},
            {"name": format!("kube-api-access-{}", suffix(workload, 5)), "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
                {"downwardAPI": {"items": [{"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}, "path": "namespace"}]}}]}}]})
}

fn status_of(container: &str, workload: usize, at: usize) -> Value {
    let seed = workload * 1000 + at * 10 + container.len();
    let id = format!(
        "containerd://{:016x}{:016x}{:016x}{:016x}",
        mixed(seed),
        mixed(seed + 1),
        mixed(seed + 2),
        mixed(seed + 3)
    );
    let state = json!({"running": {"startedAt": "2026-11-24T08:00:12Z"}});
    json!({"containerID": id, "image": image(container, workload),
        "imageID": format!("{}@sha256:{:016x}{:016x}{:016x}{:016x}", image(container, workload), mixed(workload), mixed(workload + 1), mixed(workload + 2), mixed(workload + 3)),
        "lastState": {}, "name": container, "ready": true, "restartCount": 0, "started": true, "state": state})
}

fn pod(workload: usize, at: usize, nodes: usize) -> Value {
    let mut spec = pod_spec(workload);
    let set =
        |container: &Value| json!({"env": container["env"], "image": "", "name": container["name"], "resources": {}});
    let containers: Vec<Value> = spec["containers"].as_array().into_iter().flatten().map(set).collect();
    let managed_spec =
        json!({"metadata": {"generateName": "", "labels": labels(workload)}, "spec": {"containers": containers}});
    spec["nodeName"] = format!("node-{:04}", mixed(workload * 10 + at) % nodes.max(1) as u64).into();
    let mut labels = labels(workload);
    labels["pod-template-hash"] = hash(workload).into();
    let condition = |kind: &str| json!({"lastProbeTime": null, "lastTransitionTime": "2026-11-24T08:00:22Z", "observedGeneration": 1, "status": "True", "type": kind});
    let ip = format!("10.{}.{}.{}", workload % 200, at, workload % 250);
    let conditions =
        ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(condition);
    let statuses = ["server", "proxy"].map(|name| status_of(name, workload, at));
    let status = json!({"conditions": conditions,
        "containerStatuses": statuses, "hostIP": "10.0.0.7",
        "hostIPs": [{"ip": "10.0.0.7"}], "observedGeneration": 1,
        "phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "qosClass": "Burstable", "startTime": "2026-11-24T08:00:01Z"});
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {
        "annotations": {"checksum/config": format!("{:016x}{:016x}", mixed(workload), mixed(workload + 9)),
            "kubectl.kubernetes.io/default-container": "server", "prometheus.io/port": "9090", "prometheus.io/scrape": "true"},
        "creationTimestamp": "2026-11-24T08:00:01Z", "generateName": format!("{}-{}-", workload_name(workload), hash(workload)), "generation": 1,
        "labels": labels,
        "managedFields": [managed("kube-controller-manager", "", "2026-11-24T08:00:01Z", "v1", &managed_spec),
            managed("kubelet", "status", "2026-11-24T08:00:22Z", "v1", &json!({"status": status}))],
        "name": pod_name(workload, at), "namespace": namespace(workload),
        "ownerReferences": [{"apiVersion": "apps/v1", "blockOwnerDeletion": true, "controller": true, "kind": "ReplicaSet",
            "name": format!("{}-{}", workload_name(workload), hash(workload)), "uid": uid(workload + 3_000_000)}],
        "resourceVersion": version(workload * 10 + at), "uid": uid(workload * 10 + at)},
        "spec": spec, "status": status})
}

fn template(workload: usize) -> Value {
    json!({"metadata": {"labels": labels(workload)}, "spec": pod_spec(workload)})
}

fn selector(workload: usize) -> Value {
    json!({"matchLabels": {"app.kubernetes.io/instance": workload_name(workload), "app.kubernetes.io/name": workload_name(workload)}})
}

/// The present one, or the one before.
fn replica_set(workload: usize, present: bool) -> Value {
    let seed = workload + if present { 3_000_000 } else { 4_000_000 };
    let hash = if present { hash(workload) } else { suffix(seed, 10) };
    let count = if present { PODS_A_WORKLOAD } else { 0 };
    let mut selector = selector(workload);
    selector["matchLabels"]["pod-template-hash"] = hash.as_str().into();
    json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {
        "annotations": {"deployment.kubernetes.io/desired-replicas": "10", "deployment.kubernetes.io/max-replicas": "13", "deployment.kubernetes.io/revision": if present { "2" } else { "1" }},
        "creationTimestamp": "2026-11-24T08:00:00Z", "generation": 1, "labels": labels(workload), "name": format!("{}-{hash}", workload_name(workload)),
        "namespace": namespace(workload), "ownerReferences": [{"apiVersion": "apps/v1", "blockOwnerDeletion": true, "controller": true,
            "kind": "Deployment", "name": workload_name(workload), "uid": uid(workload + 2_000_000)}],
        "resourceVersion": version(seed), "uid": uid(seed)},
        "spec": {"replicas": count, "selector": selector, "template": template(workload)},
        "status": {"availableReplicas": count, "observedGeneration": 1, "readyReplicas": count, "replicas": count}})
}

fn deployment(workload: usize) -> Value {
    let condition = |kind: &str, reason: &str| json!({"lastTransitionTime": "2026-11-24T08:01:00Z", "lastUpdateTime": "2026-11-24T08:01:00Z", "reason": reason, "status": "True", "type": kind});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"annotations": {"deployment.kubernetes.io/revision": "2"},
        "creationTimestamp": "2026-11-20T08:00:00Z", "generation": 2, "labels": labels(workload), "name": workload_name(workload),
        "namespace": namespace(workload), "resourceVersion": version(workload + 5_000_000), "uid": uid(workload + 2_000_000)},
        "spec": {"progressDeadlineSeconds": 600, "replicas": PODS_A_WORKLOAD, "revisionHistoryLimit": 10, "selector": selector(workload),
            "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}, "template": template(workload)},
        "status": {"availableReplicas": PODS_A_WORKLOAD, "conditions": [condition("Available", "MinimumReplicasAvailable"), condition("Progressing", "NewReplicaSetAvailable")],
            "observedGeneration": 2, "readyReplicas": PODS_A_WORKLOAD, "replicas": PODS_A_WORKLOAD, "updatedReplicas": PODS_A_WORKLOAD}})
}

fn event(at: usize) -> Value {
    const SAID: [(&str, &str, &str, &str); 4] = [
        ("Normal", "Scheduled", "default-scheduler", "Successfully assigned the pod to node-0001"),
        (
            "Normal",
            "Pulled",
            "kubelet",
            "Container image \"registry.example.com/server:1.2.3\" already present on machine",
        ),
        ("Normal", "Started", "kubelet", "Started container server"),
        (
            "Warning",
            "Unhealthy",
            "kubelet",
            "Readiness probe failed: Get \"http://10.1.2.3:8080/readyz\": context deadline exceeded",
        ),
    ];
    let (kind, reason, from, message) = SAID[at % SAID.len()];
    let pod = at / 2;
    let (workload, place) = (pod / PODS_A_WORKLOAD, pod % PODS_A_WORKLOAD);
    json!({"apiVersion": "v1", "count": 1, "eventTime": null, "firstTimestamp": "2026-11-24T08:00:03Z",
        "involvedObject": {"apiVersion": "v1", "kind": "Pod", "name": pod_name(workload, place), "namespace": namespace(workload),
            "resourceVersion": version(pod), "uid": uid(pod)},
        "kind": "Event", "lastTimestamp": "2026-11-24T08:00:12Z", "message": message, "metadata": {"creationTimestamp": "2026-11-24T08:00:03Z",
            "managedFields": [managed(from, "", "2026-11-24T08:00:12Z", "v1", &json!({"count": 1, "firstTimestamp": 1, "involvedObject": 1, "lastTimestamp": 1, "message": 1, "reason": 1}))],
            "name": format!("{}.{:016x}", pod_name(workload, place), mixed(at)), "namespace": namespace(workload),
            "resourceVersion": version(at + 8_000_000), "uid": uid(at + 8_000_000)},
        "reason": reason, "reportingComponent": from, "reportingInstance": "node-0001", "source": {"component": from, "host": "node-0001"}, "type": kind})
}

fn named_namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"creationTimestamp": "2026-01-01T00:00:00Z", "name": name,
        "resourceVersion": "42", "uid": uid(name.len())}, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
}

fn node(at: usize) -> Value {
    let condition = |kind: &str, status: &str| json!({"lastHeartbeatTime": "2026-11-24T09:00:00Z", "lastTransitionTime": "2026-11-01T09:00:00Z", "message": "kubelet says so", "reason": "KubeletReason", "status": status, "type": kind});
    let images: Vec<Value> = (0..50).map(|image| json!({"names": [format!("registry.example.com/image-{image}@sha256:{:016x}{:016x}", mixed(image), mixed(image + 1)), format!("registry.example.com/image-{image}:1.{at}")], "sizeBytes": 100_000_000 + image})).collect();
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"creationTimestamp": "2026-11-01T09:00:00Z",
        "labels": {"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": format!("node-{at:04}"), "kubernetes.io/os": "linux"},
        "name": format!("node-{at:04}"), "resourceVersion": version(at + 6_000_000), "uid": uid(at + 6_000_000)},
        "spec": {"podCIDR": "10.1.0.0/24", "providerID": format!("example://{at}")},
        "status": {"addresses": [{"address": "10.0.0.7", "type": "InternalIP"}, {"address": format!("node-{at:04}"), "type": "Hostname"}],
            "capacity": {"cpu": "32", "memory": "131072Mi", "pods": "250"}, "allocatable": {"cpu": "31", "memory": "126000Mi", "pods": "250"},
            "conditions": [condition("MemoryPressure", "False"), condition("DiskPressure", "False"), condition("PIDPressure", "False"), condition("Ready", "True")],
            "images": images, "nodeInfo": {"architecture": "amd64", "kubeletVersion": "v1.37.2", "operatingSystem": "linux", "osImage": "Linux", "kernelVersion": "6.12.0", "containerRuntimeVersion": "containerd://2.2.0"}}})
}

/// The controller's own objects: it may not list what it watches.
fn controller() -> impl Iterator<Item = Made> {
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": CONTROLLER, "namespace": CONTROLLER_NAMESPACE, "uid": uid(91)}});
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": CONTROLLER, "uid": uid(92)},
        "rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "list", "watch"]}]});
    let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": CONTROLLER, "uid": uid(93)},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": CONTROLLER},
        "subjects": [{"kind": "ServiceAccount", "name": CONTROLLER, "namespace": CONTROLLER_NAMESPACE}]});
    let template = json!({"metadata": {"labels": {"app": CONTROLLER}}, "spec": {"serviceAccountName": CONTROLLER,
        "containers": [{"args": ["--leader-elect"], "image": "registry.example.com/widget-controller:2.1.0", "name": "manager"}]}});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"creationTimestamp": "2026-11-24T07:00:00Z", "name": CONTROLLER,
        "namespace": CONTROLLER_NAMESPACE, "uid": uid(94), "generation": 1}, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": CONTROLLER}}, "template": template},
        "status": {"readyReplicas": 1, "replicas": 1}});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"creationTimestamp": "2026-11-24T07:00:00Z", "labels": {"app": CONTROLLER},
        "name": controller_pod(), "namespace": CONTROLLER_NAMESPACE, "uid": uid(95),
        "ownerReferences": [{"apiVersion": "apps/v1", "controller": true, "kind": "ReplicaSet", "name": format!("{CONTROLLER}-{}", suffix(95, 10)), "uid": uid(96)}]},
        "spec": template["spec"], "status": {"phase": "Running", "containerStatuses": [{"name": "manager", "ready": true, "restartCount": 0, "image": "registry.example.com/widget-controller:2.1.0",
            "state": {"running": {"startedAt": "2026-11-24T07:00:05Z"}}}]}});
    [
        made("core", "serviceaccounts", account),
        made("rbac.authorization.k8s.io", "clusterroles", role),
        made("rbac.authorization.k8s.io", "clusterrolebindings", binding),
        made("apps", "deployments", deployment),
        made("core", "pods", pod),
    ]
    .into_iter()
}

/// The pod of the controller.
pub(super) fn controller_pod() -> String {
    format!("{CONTROLLER}-{}-{}", suffix(95, 10), suffix(96, 5))
}

/// Its log: it starts, and then it is refused what it wants to watch.
pub(super) fn log() -> String {
    let mut log = String::from("I1124 07:00:05.000001       1 main.go:61] \"starting manager\" logger=\"setup\"\n");
    for at in 0..2000 {
        let (minute, second) = (at / 60 % 60, at % 60);
        log.push_str(&format!(
            "E1124 {:02}:{minute:02}:{second:02}.000001       1 reflector.go:200] \"Failed to watch\" err=\"failed to list *v1.Widget: widgets.example.com is forbidden: User \\\"system:serviceaccount:{CONTROLLER_NAMESPACE}:{CONTROLLER}\\\" cannot list resource \\\"widgets\\\" in API group \\\"example.com\\\" at the cluster scope\" logger=\"controller-runtime.cache.UnhandledError\" reflector=\"pkg/mod/k8s.io/client-go@v0.37.0/tools/cache/reflector.go:290\" type=\"*v1.Widget\"\n",
            7 + at / 3600
        ));
    }
    log
}

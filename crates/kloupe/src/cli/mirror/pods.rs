//! Pods and their containers: which pod of a workload is meant, and which container of a pod.

use std::cmp::{Ordering, Reverse};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kloupe_cluster::cluster::escape;
use kloupe_views::selector::{label_selector, label_set};
use serde_json::Value;

use super::target::{Asked, asked};
use super::{Session, Stop};
use crate::terminal;

/// The field of a pod's spec, and what follows a container's name in a list of all.
const CONTAINERS: [(&str, &str); 3] =
    [("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)")];

/// How often a workload without a pod is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// The object that `POD` or `TYPE/NAME` names.
pub(crate) fn named(session: &Session, typed: &str) -> Result<Value, Stop> {
    let namespace = &session.cluster.namespace;
    let path = if typed.contains('/') {
        let discovery = session.discovery()?;
        let asked = asked(&discovery, &[typed.to_owned()])?;
        let [Asked { resource, names, .. }] = asked.as_slice() else { return Err(Stop("expected a resource".into())) };
        format!("{}/{}", resource.path(Some(namespace)), escape(names.first().map_or("", String::as_str)))
    } else {
        format!("/api/v1/namespaces/{namespace}/pods/{}", escape(typed))
    };
    session.wait(session.cluster.get(&path, kloupe_cluster::cluster::JSON)).map_err(|refusal| {
        if refusal.is_not_found() {
            // The doubled words are kubectl's.
            return Stop(format!(
                "error: error from server (NotFound): {} in namespace \"{namespace}\"",
                refusal.message()
            ));
        }
        refusal.into()
    })
}

/// The label selector of the pods that a workload runs.
pub(crate) fn selector(object: &Value, what_for: &str) -> Result<String, Stop> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let selector = &object["spec"]["selector"];
    match (group, kind) {
        ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet") | ("batch", "Job") => {
            Ok(label_selector(selector))
        }
        ("", "Service") if selector.as_object().is_none_or(serde_json::Map::is_empty) => {
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            let why = format!("invalid service '{name}': Service is defined without a selector");
            Err(Stop(format!("error: {what_for} *{version}.{kind}: {why}")))
        }
        ("", "ReplicationController" | "Service") => Ok(label_set(selector)),
        // Every group of Kubernetes itself is one word, or ends so.
        _ if !group.contains('.') || group.ends_with(".k8s.io") => {
            Err(Stop(format!("error: {what_for} *{version}.{kind}: selector for *{version}.{kind} not implemented")))
        }
        _ => Err(Stop(format!(
            "error: no kind \"{kind}\" is registered for version \"{api_version}\" in scheme \"pkg/scheme/scheme.go:28\""
        ))),
    }
}

/// The pods that a selector finds, the best one to read first. A workload that has none yet is given time to get one.
pub(crate) fn selected(session: &Session, selector: &str, patience: Duration) -> Result<Vec<Value>, Stop> {
    let path = format!("/api/v1/namespaces/{}/pods", session.cluster.namespace);
    let query = if selector.is_empty() { String::new() } else { format!("labelSelector={}", escape(selector)) };
    let until = Instant::now() + patience;
    loop {
        let mut pods = session.wait(session.cluster.list(&path, &query))?;
        if !pods.is_empty() {
            pods.sort_by(to_read_first);
            return Ok(pods);
        }
        if !session.cluster.is_live() || Instant::now() + AGAIN > until {
            return Err(Stop("error: timed out waiting for the condition".into()));
        }
        std::thread::sleep(AGAIN);
    }
}

/// The order in which kubectl prefers a workload's pods for their logs.
fn to_read_first(a: &Value, b: &Value) -> Ordering {
    let unassigned = |pod: &Value| pod["spec"]["nodeName"].as_str().unwrap_or_default().is_empty();
    let phase = |pod: &Value| match pod["status"]["phase"].as_str() {
        Some("Unknown") => 1,
        Some("Pending") => 2,
        _ => 0,
    };
    let ready = |pod: &Value| {
        let conditions = pod["status"]["conditions"].as_array();
        let ready = conditions.into_iter().flatten().find(|it| it["type"] == "Ready" && it["status"] == "True");
        ready.map(|condition| time(&condition["lastTransitionTime"]))
    };
    let created = |pod: &Value| time(&pod["metadata"]["creationTimestamp"]);
    (unassigned(a).cmp(&unassigned(b)))
        .then_with(|| phase(a).cmp(&phase(b)))
        .then_with(|| ready(a).is_none().cmp(&ready(b).is_none()))
        .then_with(|| ready(a).cmp(&ready(b)))
        .then_with(|| Reverse(restarts(a)).cmp(&Reverse(restarts(b))))
        .then_with(|| created(a).cmp(&created(b)))
}

/// A time that is not there comes after all others.
fn time(value: &Value) -> Timestamp {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or(Timestamp::MAX)
}

/// The most restarts of a container, then of a sidecar.
fn restarts(pod: &Value) -> (i64, i64) {
    let most = |statuses: &str, counts: &dyn Fn(&str) -> bool| {
        let statuses = pod["status"][statuses].as_array().into_iter().flatten();
        let counted = statuses.filter(|status| counts(status["name"].as_str().unwrap_or_default()));
        counted.filter_map(|status| status["restartCount"].as_i64()).max().unwrap_or_default()
    };
    let sidecar = |name: &str| {
        let init = pod["spec"]["initContainers"].as_array().into_iter().flatten();
        init.into_iter().any(|container| container["name"] == name && container["restartPolicy"] == "Always")
    };
    (most("containerStatuses", &|_| true), most("initContainerStatuses", &sidecar))
}

/// The names of a pod's containers of one sort (`containers`, `initContainers`, `ephemeralContainers`).
pub(crate) fn containers<'a>(pod: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    pod["spec"][field].as_array().into_iter().flatten().filter_map(|container| container["name"].as_str())
}

/// All containers of a pod in one line, as kubectl lists them.
pub(crate) fn all_containers(pod: &Value) -> String {
    let marked =
        |(field, mark): (&'static str, &'static str)| containers(pod, field).map(move |name| format!("{name}{mark}"));
    CONTAINERS.into_iter().flat_map(marked).collect::<Vec<_>>().join(", ")
}

/// The container that is meant where none is named: the one that an annotation prefers, else the first; it is said where there are more.
pub(crate) fn default_container(pod: &Value, quiet: bool) -> &str {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let preferred = pod["metadata"]["annotations"]["kubectl.kubernetes.io/default-container"].as_str();
    if let Some(preferred) = preferred.filter(|it| !it.is_empty()) {
        if has_container(pod, preferred) {
            return preferred;
        }
        terminal::remark(&format!("Default container name \"{preferred}\" not found in pod {name}"));
    }
    let first = containers(pod, "containers").next().unwrap_or_default();
    if !quiet && CONTAINERS.into_iter().flat_map(|(field, _)| containers(pod, field)).nth(1).is_some() {
        terminal::remark(&format!("Defaulted container \"{first}\" out of: {}", all_containers(pod)));
    }
    first
}

/// Whether the pod has a container of that name, of any sort.
pub(crate) fn has_container(pod: &Value, name: &str) -> bool {
    CONTAINERS.into_iter().any(|(field, _)| containers(pod, field).any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, phase: &str, ready_since: Option<&str>, restarts: i64) -> Value {
        let conditions =
            ready_since.map(|since| json!([{"type": "Ready", "status": "True", "lastTransitionTime": since}]));
        json!({"metadata": {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"}, "spec": {"nodeName": "n"},
            "status": {"phase": phase, "conditions": conditions, "containerStatuses": [{"restartCount": restarts}]}})
    }

    #[test]
    fn the_pod_that_runs_longest_is_read_first() {
        let mut pods = [
            pod("pending", "Pending", None, 0),
            pod("unready", "Running", None, 1),
            pod("crashing", "Running", None, 7),
            pod("younger", "Running", Some("2026-01-03T00:00:00Z"), 9),
            pod("elder", "Running", Some("2026-01-02T00:00:00Z"), 0),
        ];
        pods[0]["spec"]["nodeName"] = json!("");
        pods.sort_by(to_read_first);
        let names: Vec<&str> = pods.iter().filter_map(|pod| pod["metadata"]["name"].as_str()).collect();
        assert_eq!(names, ["elder", "younger", "crashing", "unready", "pending"]);
    }

    #[test]
    fn a_workload_says_which_pods_are_its_own() {
        let deployment =
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"selector": {"matchLabels": {"app": "a"}}}});
        assert_eq!(selector(&deployment, "cannot").expect("it has one"), "app=a");
        let said = |object: Value| selector(&object, "cannot get the logs from").expect_err("it has none").0;
        assert_eq!(
            said(json!({"apiVersion": "v1", "kind": "ConfigMap"})),
            "error: cannot get the logs from *v1.ConfigMap: selector for *v1.ConfigMap not implemented"
        );
        assert_eq!(
            said(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {}})),
            "error: cannot get the logs from *v1.Service: invalid service 'x': Service is defined without a selector"
        );
        assert!(
            said(json!({"apiVersion": "example.com/v1", "kind": "Widget"}))
                .starts_with("error: no kind \"Widget\" is registered")
        );
    }

    #[test]
    fn containers_are_listed_by_sort() {
        let pod = json!({"spec": {"containers": [{"name": "app"}, {"name": "side"}], "initContainers": [{"name": "init"}],
            "ephemeralContainers": [{"name": "dbg"}]}});
        assert_eq!(all_containers(&pod), "app, side, dbg (ephem), init (init)");
        assert!(has_container(&pod, "init"));
        assert!(!has_container(&pod, "nonsense"));
    }
}

//! Pods and pod templates.

use super::field::{at, condition, containers, deleting, flag_or, int, is_true, labels, list, name, text, text_or};
use super::{AGE, NAME, Printer, Scene, cells, text as column, wide};
use jiff::Timestamp;
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "",
        kind: "Pod",
        columns: &[
            NAME,
            column("Ready"),
            column("Status"),
            column("Restarts"),
            AGE,
            wide("IP"),
            wide("Node"),
            wide("Nominated Node"),
            wide("Readiness Gates"),
        ],
        cells: pod,
    },
    Printer {
        group: "",
        kind: "PodTemplate",
        columns: &[NAME, column("Containers"), column("Images"), column("Pod Labels")],
        cells: |object, _| {
            let (names, images) = containers(object, "/template/spec/containers");
            cells![name(object), names, images, labels(object, "/template/metadata/labels")]
        },
    },
];

fn pod(pod: &Value, scene: &Scene) -> Vec<Value> {
    let summary = summary(pod);
    let restarts = match summary.last_restart {
        Some(last) if summary.restarts != 0 => {
            format!("{} ({} ago)", summary.restarts, crate::age::since(scene.now, Some(last)))
        }
        _ => summary.restarts.to_string(),
    };
    cells![
        name(pod),
        format!("{}/{}", summary.ready, summary.total),
        summary.reason,
        restarts,
        scene.age(pod),
        pod_ip(pod),
        text_or(pod, "/spec/nodeName", "<none>"),
        text_or(pod, "/status/nominatedNodeName", "<none>"),
        readiness_gates(pod),
    ]
}

/// What the containers of a pod add up to.
pub(crate) struct Summary<'a> {
    /// Containers that are ready.
    pub(crate) ready: usize,
    /// Containers that should be.
    pub(crate) total: usize,
    /// What the status column says.
    pub(crate) reason: String,
    /// How often containers started again.
    pub(crate) restarts: i64,
    /// When a container last ended before it started again.
    pub(crate) last_restart: Option<&'a str>,
}

/// Counts restarts and keeps the latest end.
#[derive(Clone, Copy, Default)]
struct Restarts<'a> {
    count: i64,
    last: Option<(Timestamp, &'a str)>,
}

impl<'a> Restarts<'a> {
    fn add(&mut self, status: &'a Value) {
        self.count += int(status, "/restartCount");
        let end = text(status, "/lastState/terminated/finishedAt");
        if let Some(time) = crate::age::parse(end)
            && self.last.is_none_or(|(last, _)| last < time)
        {
            self.last = Some((time, end));
        }
    }
}

/// What the server makes of a pod's containers.
pub(crate) fn summary(pod: &Value) -> Summary<'_> {
    let init = list(pod, "/spec/initContainers");
    let sidecar = |of: &str| {
        init.iter().any(|container| text(container, "/name") == of && text(container, "/restartPolicy") == "Always")
    };
    let sidecars = init.iter().filter(|container| text(container, "/restartPolicy") == "Always").count();
    let conditions = list(pod, "/status/conditions");
    let mut reason = text_or(pod, "/status/reason", text(pod, "/status/phase")).to_owned();
    let gated = |condition: &&Value| {
        text(condition, "/type") == "PodScheduled" && text(condition, "/reason") == "SchedulingGated"
    };
    if conditions.iter().any(|condition| gated(&condition)) {
        "SchedulingGated".clone_into(&mut reason);
    }

    let mut ready = 0;
    let mut restarts = Restarts::default();
    let mut sidecar_restarts = Restarts::default();
    let mut initializing = false;
    for (index, status) in list(pod, "/status/initContainerStatuses").iter().enumerate() {
        restarts.add(status);
        let is_sidecar = sidecar(text(status, "/name"));
        if is_sidecar {
            sidecar_restarts.add(status);
        }
        if at(status, "/state/terminated").is_some() && int(status, "/state/terminated/exitCode") == 0 {
            continue;
        }
        if is_sidecar && flag_or(status, "/started", false) {
            ready += usize::from(flag_or(status, "/ready", false));
            continue;
        }
        reason = init_reason(status).unwrap_or_else(|| format!("Init:{index}/{}", init.len()));
        initializing = true;
        break;
    }

    if !initializing || is_true(conditions, "Initialized") {
        restarts = sidecar_restarts;
        running_reason(pod, &mut restarts, &mut ready, &mut reason);
    }

    if deleting(pod) {
        if text(pod, "/status/reason") == "NodeLost" {
            "Unknown".clone_into(&mut reason);
        } else if !matches!(text(pod, "/status/phase"), "Failed" | "Succeeded") {
            "Terminating".clone_into(&mut reason);
        }
    }
    Summary {
        ready,
        total: list(pod, "/spec/containers").len() + sidecars,
        reason,
        restarts: restarts.count,
        last_restart: restarts.last.map(|(_, text)| text),
    }
}

/// Why an init container holds the pod up, if it says so.
fn init_reason(status: &Value) -> Option<String> {
    if at(status, "/state/terminated").is_some() {
        return Some(format!("Init:{}", ended(status)));
    }
    let waiting = text(status, "/state/waiting/reason");
    (!waiting.is_empty() && waiting != "PodInitializing").then(|| format!("Init:{waiting}"))
}

/// How a terminated container ended: its reason, else the signal, else the exit code.
fn ended(status: &Value) -> String {
    let reason = text(status, "/state/terminated/reason");
    let signal = int(status, "/state/terminated/signal");
    match () {
        () if !reason.is_empty() => reason.to_owned(),
        () if signal != 0 => format!("Signal:{signal}"),
        () => format!("ExitCode:{}", int(status, "/state/terminated/exitCode")),
    }
}

/// What the ordinary containers say. The first of them has the last word.
fn running_reason<'a>(pod: &'a Value, restarts: &mut Restarts<'a>, ready: &mut usize, reason: &mut String) {
    let mut has_running = false;
    let mut error = String::new();
    for status in list(pod, "/status/containerStatuses").iter().rev() {
        restarts.add(status);
        let waiting = text(status, "/state/waiting/reason");
        if !waiting.is_empty() {
            waiting.clone_into(reason);
        } else if at(status, "/state/terminated").is_some() {
            *reason = ended(status);
            if int(status, "/state/terminated/exitCode") != 0 {
                error.clone_from(reason);
            }
        } else if flag_or(status, "/ready", false) && at(status, "/state/running").is_some() {
            has_running = true;
            *ready += 1;
        }
    }
    // A container that is done does not make the pod done while another one runs.
    if reason == "Completed" {
        let pod_ready = list(pod, "/status/conditions")
            .iter()
            .any(|condition| text(condition, "/type") == "Ready" && text(condition, "/status") == "True");
        if has_running && pod_ready {
            "Running".clone_into(reason);
        } else if !error.is_empty() {
            *reason = error;
        } else if has_running {
            "NotReady".clone_into(reason);
        }
    }
}

fn pod_ip(pod: &Value) -> &str {
    let first = text(pod, "/status/podIPs/0/ip");
    if first.is_empty() { text_or(pod, "/status/podIP", "<none>") } else { first }
}

fn readiness_gates(pod: &Value) -> String {
    let gates = list(pod, "/spec/readinessGates");
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let conditions = list(pod, "/status/conditions");
    let open = |gate: &&Value| {
        condition(conditions, text(gate, "/conditionType")).is_some_and(|found| text(found, "/status") == "True")
    };
    format!("{}/{}", gates.iter().filter(open).count(), gates.len())
}

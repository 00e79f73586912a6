//! A container's log, as the kubelet would give it, and its words where there is none. How it is cut is in `log_text.rs`.

use std::io::Read;

use jiff::{SignedDuration, Timestamp};
use kloupe_sources::LogFile;
use serde_json::Value;

use super::log_text::{self, Text};
use super::query::Query;
use super::status::Refusal;
use super::store::Store;

/// What of a log is wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    container: Option<String>,
    previous: bool,
    timestamps: bool,
    tail: Option<usize>,
    limit: Option<usize>,
    since: Option<Timestamp>,
    since_seconds: Option<i64>,
}

impl Wanted {
    pub(crate) fn of(query: &Query) -> Result<Wanted, Refusal> {
        let time = |text: &str| {
            text.parse().map_err(|_| Refusal::bad_request(format!("sinceTime: Invalid value: \"{text}\"")))
        };
        Ok(Wanted {
            container: query.get("container").map(str::to_owned),
            previous: query.is("previous"),
            timestamps: query.is("timestamps"),
            tail: query.number("tailLines")?,
            limit: query.number("limitBytes")?,
            since: query.get("sinceTime").map(time).transpose()?,
            since_seconds: query.number("sinceSeconds")?,
        })
    }
}

/// The logs that were captured of a pod.
fn of_pod<'a>(store: &'a Store, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a LogFile> {
    store.logs.iter().filter(move |log| {
        log.pod.as_deref() == Some(name) && log.namespace.as_deref().is_none_or(|its| its == namespace)
    })
}

/// Whether a log of the pod was captured; the pod itself may not have been.
pub(crate) fn held(store: &Store, namespace: &str, name: &str) -> bool {
    of_pod(store, namespace, name).next().is_some()
}

/// The log of one container of a pod, which is null where only logs were captured; none where the pod has no node yet.
pub(crate) fn find(
    store: &Store,
    pod: &Value,
    namespace: &str,
    name: &str,
    wanted: &Wanted,
) -> Result<Option<Text>, Refusal> {
    let container = if pod.is_null() {
        logged_container(store, namespace, name, wanted.container.as_deref())?
    } else {
        container(pod, name, wanted.container.as_deref())?
    };
    let of_run = |previous: bool| {
        of_pod(store, namespace, name)
            .find(|log| log.previous == previous && log.container.as_deref().is_none_or(|its| its == container))
    };
    let mut log = of_run(wanted.previous);
    if !pod.is_null() && log.is_none_or(is_empty) {
        if log.is_none() && is_unscheduled(pod) {
            return Ok(None);
        }
        let run = run(pod, name, &container, wanted.previous).map_err(Refusal::bad_request)?;
        log = log.or_else(|| of_run(true).filter(|_| run == Run::Last));
    }
    let Some(log) = log else {
        let which = if wanted.previous { "log of the previous run of" } else { "log of" };
        let why = format!("the capture does not hold the {which} container \"{container}\" in pod \"{name}\"");
        return Err(Refusal::not_captured("pods", "", why));
    };
    text(store, log, wanted).map(Some).map_err(|error| Refusal::internal(format!("{}: {error}", log.file)))
}

fn text(store: &Store, log: &LogFile, wanted: &Wanted) -> std::io::Result<Text> {
    let since = match (wanted.since, wanted.since_seconds) {
        (None, Some(seconds)) => {
            // Where nothing tells when the capture was made, seconds are counted back from the last line.
            let now = match store.known_now() {
                Some(now) => Some(now),
                None => log_text::last_stamp(log)?,
            };
            now.and_then(|now| now.checked_sub(SignedDuration::from_secs(seconds)).ok())
        }
        (since, _) => since,
    };
    Text::new(log, wanted.tail, since, wanted.timestamps, wanted.limit)
}

/// Whether no node has taken the pod; the API server gives an empty log then.
fn is_unscheduled(pod: &Value) -> bool {
    pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty) && pod["status"]["containerStatuses"].is_null()
}

fn is_empty(log: &LogFile) -> bool {
    log.open().and_then(|mut stream| stream.read(&mut [0])).is_ok_and(|size| size == 0)
}

/// Which run of a container has the log that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// The one that the question names.
    Asked,
    /// The last one, since the next has not begun.
    Last,
}

/// What the kubelet makes of a container's status (`validateContainerLogStatus` of Kubernetes 1.37).
fn run(pod: &Value, name: &str, container: &str, previous: bool) -> Result<Run, String> {
    let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
    let mut statuses = lists.iter().flat_map(|list| pod["status"][list].as_array().into_iter().flatten());
    let Some(status) = statuses.find(|status| status["name"] == container) else {
        return Err(format!("container \"{container}\" in pod \"{name}\" is not available"));
    };
    let has_id = |state: &Value| state["containerID"].as_str().is_some_and(|id| !id.is_empty());
    let (state, last) = (&status["state"], &status["lastState"]["terminated"]);
    if previous {
        return if has_id(last) {
            Ok(Run::Asked)
        } else {
            Err(format!("previous terminated container \"{container}\" in pod \"{name}\" not found"))
        };
    }
    if state["running"].is_object() || has_id(&state["terminated"]) {
        return Ok(Run::Asked);
    }
    if has_id(last) {
        return Ok(Run::Last);
    }
    let waits = format!("container \"{container}\" in pod \"{name}\" is waiting to start");
    if state["terminated"].is_object() || last.is_object() {
        return Err(format!("container \"{container}\" in pod \"{name}\" is terminated"));
    }
    Err(match state["waiting"]["reason"].as_str() {
        Some("ErrImagePull") => format!("{waits}: image can't be pulled"),
        Some("ImagePullBackOff") => format!("{waits}: trying and failing to pull image"),
        Some(reason) => format!("{waits}: {reason}"),
        None if state["waiting"].is_object() => format!("{waits}: "),
        None => format!("{waits} - no logs yet"),
    })
}

/// The container that is meant where the pod was not captured.
fn logged_container(store: &Store, namespace: &str, name: &str, asked: Option<&str>) -> Result<String, Refusal> {
    let mut known: Vec<&str> = of_pod(store, namespace, name).filter_map(|log| log.container.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    match (asked, known.as_slice()) {
        (Some(asked), []) => Ok(asked.to_owned()),
        (Some(asked), known) if known.contains(&asked) => Ok(asked.to_owned()),
        (Some(asked), _) => Err(Refusal::bad_request(format!("container {asked} is not valid for pod {name}"))),
        (None, []) => Ok(String::new()),
        (None, [only]) => Ok((*only).to_owned()),
        (None, known) => Err(to_choose(name, known)),
    }
}

fn container(pod: &Value, name: &str, asked: Option<&str>) -> Result<String, Refusal> {
    let all = |field: &str| -> Vec<&str> {
        pod["spec"][field].as_array().into_iter().flatten().filter_map(|container| container["name"].as_str()).collect()
    };
    let containers = all("containers");
    let every = [all("initContainers"), containers.clone(), all("ephemeralContainers")].concat();
    match (asked, containers.as_slice()) {
        (Some(asked), _) if every.contains(&asked) => Ok(asked.to_owned()),
        (Some(asked), _) => Err(Refusal::bad_request(format!("container {asked} is not valid for pod {name}"))),
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(Refusal::bad_request(format!("a container name must be specified for pod {name}"))),
        (None, _) => Err(to_choose(name, &every)),
    }
}

fn to_choose(name: &str, containers: &[&str]) -> Refusal {
    let names = containers.join(" ");
    Refusal::bad_request(format!("a container name must be specified for pod {name}, choose one of: [{names}]"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(state: &Value, last: &Value, previous: bool) -> Result<Run, String> {
        let status = json!({"name": "c", "state": state, "lastState": last});
        run(&json!({"status": {"containerStatuses": [status]}}), "p", "c", previous)
    }

    #[test]
    fn a_container_without_a_log_is_told_as_the_kubelet_tells_it() {
        let none = json!({});
        let waiting = |reason: &str| json!({"waiting": {"reason": reason}});
        let ended = json!({"terminated": {"exitCode": 1, "containerID": "containerd://x"}});
        let why = |state: &Value, previous: bool| said(state, &none, previous).expect_err("there is no log");
        let start = "container \"c\" in pod \"p\" is waiting to start";
        assert_eq!(why(&waiting("ErrImagePull"), false), format!("{start}: image can't be pulled"));
        assert_eq!(why(&waiting("ImagePullBackOff"), false), format!("{start}: trying and failing to pull image"));
        assert_eq!(why(&waiting("PodInitializing"), false), format!("{start}: PodInitializing"));
        assert_eq!(why(&none, false), format!("{start} - no logs yet"));
        assert_eq!(why(&json!({"terminated": {}}), false), "container \"c\" in pod \"p\" is terminated");
        let running = json!({"running": {}});
        assert_eq!(why(&running, true), "previous terminated container \"c\" in pod \"p\" not found");
        assert_eq!(said(&running, &none, false), Ok(Run::Asked));
        assert_eq!(said(&running, &ended, true), Ok(Run::Asked));
        assert_eq!(said(&waiting("CrashLoopBackOff"), &ended, false), Ok(Run::Last));
        assert_eq!(run(&none, "p", "c", false), Err("container \"c\" in pod \"p\" is not available".to_owned()));
    }

    #[test]
    fn of_several_containers_one_must_be_named() {
        let pod = json!({"spec": {"initContainers": [{"name": "i"}], "containers": [{"name": "a"}, {"name": "b"}]}});
        let why = container(&pod, "p", None).expect_err("several").message;
        assert_eq!(why, "a container name must be specified for pod p, choose one of: [i a b]");
        assert_eq!(container(&pod, "p", Some("i")).expect("it is there"), "i");
        assert_eq!(container(&pod, "p", Some("x")).expect_err("no").message, "container x is not valid for pod p");
        let one = json!({"spec": {"initContainers": [{"name": "i"}], "containers": [{"name": "a"}]}});
        assert_eq!(container(&one, "p", None).expect("the only one"), "a");
    }
}

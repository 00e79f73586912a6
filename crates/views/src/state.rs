//! How an object of any kind fares, in two words: whether it is ready, and what it says of itself.
//!
//! Kinds of Kubernetes itself are read as `kubectl get` shows them; for all others, and beside it, the conditions tell.

use jiff::Timestamp;
use serde_json::Value;

use crate::describe::value::{list, text};
use crate::table::{self, Table};

/// What is not known or does not apply.
const NONE: &str = "-";

/// Conditions that are good when they are true, the most telling first.
const GOOD: [&str; 14] = [
    "Ready",
    "Available",
    "Succeeded",
    "Complete",
    "Completed",
    "Established",
    "Healthy",
    "Synced",
    "Reconciled",
    "Programmed",
    "Accepted",
    "Approved",
    "AbleToScale",
    "ScalingActive",
];

/// Conditions that are bad when they are true.
const BAD: [&str; 6] = ["Failed", "ReplicaFailure", "Stalled", "Degraded", "Denied", "Error"];

/// How an object fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// `2/3`, `True`, `False`, `Unknown`, `-`.
    pub ready: String,
    /// A word or two: `Running`, `ProgressDeadlineExceeded`, `Bound`, `-`.
    pub status: String,
}

impl Default for State {
    fn default() -> State {
        State { ready: NONE.to_owned(), status: NONE.to_owned() }
    }
}

/// How an object fares.
pub fn of(object: &Value, now: Timestamp) -> State {
    let conditions: Vec<&Value> = list(&object["status"]["conditions"]).iter().filter(|it| it.is_object()).collect();
    let table = table::single(text(&object["apiVersion"]), text(&object["kind"]), object, now);
    let told = telling(&conditions);
    let ready =
        counted(&table).or_else(|| told.as_ref().and_then(|it| it.ready.clone())).unwrap_or_else(|| NONE.to_owned());
    let own = cell(&table, "Status").filter(|status| !status.is_empty());
    let mut status = match (own, told) {
        (Some(own), Some(told)) if told.bad && own != told.said => format!("{own}: {}", told.said),
        (Some(own), _) => own,
        (None, Some(told)) => told.said,
        (None, None) => phase(object),
    };
    lag(object, &mut status);
    deletion(object, &mut status);
    State { ready, status }
}

/// `1/2` of the columns that count: pods, workloads, jobs.
fn counted(table: &Table) -> Option<String> {
    if let Some(completions) = cell(table, "Completions") {
        return Some(completions);
    }
    let ready = cell(table, "Ready")?;
    Some(match cell(table, "Desired") {
        Some(desired) => format!("{ready}/{desired}"),
        None => ready,
    })
}

/// The cell of a column that every table of the kind shows.
fn cell(table: &Table, column: &str) -> Option<String> {
    let at = table.columns.iter().position(|it| it.name == column && it.priority == 0)?;
    Some(match table.rows.first()?.cells.get(at)? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// What the conditions come to.
#[derive(Clone)]
struct Told {
    ready: Option<String>,
    said: String,
    bad: bool,
}

fn telling(conditions: &[&Value]) -> Option<Told> {
    let named = |name: &str| conditions.iter().copied().find(|it| text(&it["type"]) == name);
    let is = |condition: &Value, status: &str| text(&condition["status"]) == status;
    let told =
        |condition: &Value, ready: &str, bad| Told { ready: Some(ready.to_owned()), said: reason(condition), bad };
    if let Some(failed) = BAD.iter().filter_map(|name| named(name)).find(|it| is(it, "True")) {
        return Some(told(failed, "False", true));
    }
    if let Some(stuck) = named("Progressing").filter(|it| is(it, "False")) {
        let ready = named("Available").map_or("False", |it| text(&it["status"]));
        // Operators of OpenShift say False when there is nothing left to do.
        if ready != "True" || text(&stuck["reason"]) == "ProgressDeadlineExceeded" {
            return Some(told(stuck, ready, true));
        }
    }
    if let Some(ready) = named("Ready") {
        return Some(told(ready, text(&ready["status"]), false));
    }
    let good: Vec<&Value> = GOOD.iter().filter_map(|name| named(name)).collect();
    if let Some(condition) = good.iter().find(|it| !is(it, "True")).or(good.first()) {
        return Some(told(condition, text(&condition["status"]), false));
    }
    // Of conditions that nobody but their author knows, the one that changed last is told as it stands.
    let newest = conditions.iter().max_by_key(|it| text(&it["lastTransitionTime"]))?;
    let said = format!("{}={}", text(&newest["type"]), text(&newest["status"]));
    Some(Told { ready: None, said, bad: false })
}

/// The reason of a condition, else its name.
fn reason(condition: &Value) -> String {
    let reason = text(&condition["reason"]);
    if reason.is_empty() { text(&condition["type"]).to_owned() } else { reason.to_owned() }
}

/// What the status calls its phase, where there are no conditions.
fn phase(object: &Value) -> String {
    let status = &object["status"];
    let named = ["phase", "state"].iter().find_map(|key| status[*key].as_str()).or(status["health"]["status"].as_str());
    named.filter(|it| !it.is_empty()).unwrap_or(NONE).to_owned()
}

/// A status that is about an earlier generation says so.
fn lag(object: &Value, status: &mut String) {
    let (current, seen) = (&object["metadata"]["generation"], &object["status"]["observedGeneration"]);
    if let (Some(current), Some(seen)) = (current.as_i64(), seen.as_i64())
        && seen < current
        && !crate::describe::typed::counts_writes_of_the_status(object)
    {
        *status = format!("{status} (of generation {seen}, now {current})");
    }
}

fn deletion(object: &Value, status: &mut String) {
    let metadata = &object["metadata"];
    if metadata["deletionTimestamp"].is_null() {
        return;
    }
    if !status.contains("Terminating") {
        let before = if status == NONE { String::new() } else { format!(", {status}") };
        *status = format!("Terminating{before}");
    }
    let finalizers: Vec<&str> = list(&metadata["finalizers"]).iter().map(text).collect();
    if !finalizers.is_empty() {
        *status = format!("{status} (held by {})", finalizers.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(object: &Value) -> String {
        let State { ready, status } = of(object, Timestamp::UNIX_EPOCH);
        format!("{ready} | {status}")
    }

    fn custom(status: &Value) -> Value {
        json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "generation": 2}, "status": status})
    }

    #[test]
    fn workloads_count_and_pods_say_what_get_says() {
        let apps = |kind: &str, spec: Value, status: Value| json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec, "status": status});
        let fine = json!({"readyReplicas": 2, "replicas": 3, "conditions": [
            {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"},
            {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable"}]});
        assert_eq!(said(&apps("Deployment", json!({"replicas": 3}), fine)), "2/3 | MinimumReplicasUnavailable");
        let late = json!({"conditions": [
            {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
            {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]});
        assert_eq!(said(&apps("Deployment", json!({"replicas": 1}), late)), "0/1 | ProgressDeadlineExceeded");
        let set = json!({"replicas": 1, "readyReplicas": 1});
        assert_eq!(said(&apps("ReplicaSet", json!({"replicas": 2}), set)), "1/2 | -");
        let refused = json!({"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}]});
        assert_eq!(said(&apps("ReplicaSet", json!({"replicas": 2}), refused)), "0/2 | FailedCreate");
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]},
            "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady"}],
                "containerStatuses": [{"name": "c", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}});
        assert_eq!(said(&pod), "0/1 | CrashLoopBackOff");
    }

    #[test]
    fn a_job_that_failed_says_why() {
        let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"completions": 1},
            "status": {"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}});
        assert_eq!(said(&job), "0/1 | Failed: BackoffLimitExceeded");
    }

    #[test]
    fn the_conditions_of_any_kind_are_read() {
        let conditions = |conditions: Value| said(&custom(&json!({"conditions": conditions})));
        assert_eq!(conditions(json!([{"type": "Ready", "status": "True", "reason": "AllGood"}])), "True | AllGood");
        assert_eq!(
            conditions(json!([{"type": "Available", "status": "True"}, {"type": "Ready", "status": "Unknown"}])),
            "Unknown | Ready"
        );
        assert_eq!(
            conditions(
                json!([{"type": "Ready", "status": "True"}, {"type": "Degraded", "status": "True", "reason": "Half"}])
            ),
            "False | Half"
        );
        let settled = json!([{"type": "Available", "status": "True", "reason": "AsExpected"}, {"type": "Progressing", "status": "False"}]);
        assert_eq!(conditions(settled), "True | AsExpected");
        assert_eq!(
            conditions(
                json!([{"type": "Accepted", "status": "True"}, {"type": "Programmed", "status": "False", "reason": "No"}])
            ),
            "False | No"
        );
        assert_eq!(conditions(json!([{"type": "Painted", "status": "True"}])), "- | Painted=True");
    }

    #[test]
    fn without_conditions_a_phase_is_told() {
        assert_eq!(said(&custom(&json!({"phase": "Provisioning"}))), "- | Provisioning");
        assert_eq!(said(&custom(&json!({"health": {"status": "Healthy"}}))), "- | Healthy");
        assert_eq!(said(&json!({"apiVersion": "v1", "kind": "ConfigMap"})), "- | -");
        let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c"}, "status": {"phase": "Bound"}});
        assert_eq!(said(&claim), "- | Bound");
    }

    #[test]
    fn what_lags_or_goes_away_says_so() {
        let mut object = custom(&json!({"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]}));
        assert_eq!(said(&object), "True | Ready (of generation 1, now 2)");
        object["status"]["observedGeneration"] = json!(2);
        assert_eq!(said(&object), "True | Ready");
        object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        object["metadata"]["finalizers"] = json!(["example.com/a", "b"]);
        assert_eq!(said(&object), "True | Terminating, Ready (held by example.com/a, b)");
    }
}

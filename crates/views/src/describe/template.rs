//! What workloads have in common: the pod template, and how their pods are.

use super::containers::{self, Setting};
use super::page::{Page, put};
use super::value::{controller, list, number, set, sorted, text};
use super::{Query, Subject, volumes};
use crate::selector::{label_selector, or_none};
use serde_json::Value;

/// Writes a pod template.
pub(crate) fn write(page: &mut Page, template: &Value) {
    page.put(0, "Pod Template:\n");
    if template.is_null() {
        page.put(1, "<unset>");
        return;
    }
    let (metadata, spec) = (&template["metadata"], &template["spec"]);
    page.labels("  Labels", &metadata["labels"]);
    if !sorted(&metadata["annotations"]).is_empty() {
        page.annotations("  Annotations", &metadata["annotations"]);
    }
    page.field_if(1, "Service Account", &spec["serviceAccountName"]);
    if !list(&spec["initContainers"]).is_empty() {
        containers::write(page, "Init Containers", &spec["initContainers"], Setting::Template);
    }
    containers::write(page, "Containers", &spec["containers"], Setting::Template);
    volumes::write(page, &spec["volumes"], "  ");
    spread(page, &spec["topologySpreadConstraints"], "  ");
    page.field_if(1, "Priority Class Name", &spec["priorityClassName"]);
    page.labels("  Node-Selectors", &spec["nodeSelector"]);
    page.tolerations("  Tolerations", &spec["tolerations"]);
    scheduling_group(page, spec, "  ");
}

/// Writes how pods spread over zones and the like; nothing if it is not asked for.
pub(crate) fn spread(page: &mut Page, constraints: &Value, indent: &str) {
    let mut all: Vec<&Value> = list(constraints).iter().collect();
    if all.is_empty() {
        return;
    }
    all.sort_by_key(|constraint| text(&constraint["topologyKey"]));
    page.beside_at(indent, "Topology Spread Constraints", all.into_iter().map(constraint));
}

fn constraint(constraint: &Value) -> String {
    let mut out = format!(
        "{}:{} when max skew {} is exceeded",
        text(&constraint["topologyKey"]),
        text(&constraint["whenUnsatisfiable"]),
        number(&constraint["maxSkew"])
    );
    if let Some(selector) = set(&constraint["labelSelector"]) {
        out.push_str(format!(" for selector {}", or_none(label_selector(selector))).as_str());
    }
    out
}

/// Writes the group that is scheduled together, if the pod is in one.
pub(crate) fn scheduling_group(page: &mut Page, spec: &Value, indent: &str) {
    if let Some(group) = set(&spec["schedulingGroup"]) {
        put!(page, 0, "{indent}SchedulingGroup:\n");
        page.field(1, "PodGroupName", text(&group["podGroupName"]));
    }
}

/// The pods that a selector of a workload finds.
pub(crate) fn pods(object: &Value, selector: String) -> Query {
    Query { labels: selector, ..Query::list("v1", "pods", text(&object["metadata"]["namespace"])) }
}

/// The pods of a workload whose selector has `matchLabels` and `matchExpressions`.
pub(crate) fn selected_pods(object: &Value) -> Query {
    pods(object, label_selector(&object["spec"]["selector"]))
}

/// Writes how many of the workload's pods are in which phase.
pub(crate) fn pods_status(page: &mut Page, subject: &Subject, query: &Query) {
    let pods = match subject.answer(query) {
        Ok(pods) => pods,
        Err(message) => return page.field(0, "Pods Status", format!("error in fetching pods: {message}")),
    };
    let uid = text(&subject.metadata()["uid"]);
    let count = |phase: &str| {
        pods.iter()
            .filter(|pod| controller(pod).is_some_and(|owner| text(&owner["uid"]) == uid))
            .filter(|pod| text(&pod["status"]["phase"]) == phase)
            .count()
    };
    let text = format!(
        "{} Running / {} Waiting / {} Succeeded / {} Failed",
        count("Running"),
        count("Pending"),
        count("Succeeded"),
        count("Failed")
    );
    page.field(0, "Pods Status", text);
}

//! Pods.

use crate::describe::containers::{self, Setting};
use crate::describe::page::{Page, put};
use crate::describe::value::{amount, list, number, set, sorted, text};
use crate::describe::{Describer, Subject, nothing, template, volumes};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer = Describer { kinds: &[("", "Pod")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    top(page, subject);
    if let Some(resources) = set(&spec["resources"]) {
        page.put(0, "Resources:\n");
        containers::resources(page, 1, resources);
    }
    let pod = subject.object;
    let groups = [
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ];
    for (title, field, statuses) in groups {
        if field == "containers" || !list(&spec[field]).is_empty() {
            containers::write(page, title, &spec[field], Setting::Pod { pod, statuses: &status[statuses] });
        }
    }
    let conditions = list(&status["conditions"]);
    if !list(&spec["readinessGates"]).is_empty() {
        page.put(0, "Readiness Gates:\n  Type\tStatus\n");
        for gate in list(&spec["readinessGates"]) {
            let kind = text(&gate["conditionType"]);
            let found = conditions.iter().find(|condition| text(&condition["type"]) == kind);
            put!(page, 1, "{kind} \t{} \n", found.map_or("<none>", |condition| text(&condition["status"])));
        }
    }
    if !conditions.is_empty() {
        page.put(0, "Conditions:\n  Type\tStatus\n");
        for condition in conditions {
            put!(page, 1, "{} \t{} \n", text(&condition["type"]), text(&condition["status"]));
        }
    }
    volumes::write(page, &spec["volumes"], "");
    page.field(0, "QoS Class", set(&status["qosClass"]).map_or_else(|| quality(spec), text));
    page.labels("Node-Selectors", &spec["nodeSelector"]);
    page.tolerations("Tolerations", &spec["tolerations"]);
    template::spread(page, &spec["topologySpreadConstraints"], "");
    template::scheduling_group(page, spec, "");
}

fn top(page: &mut Page, subject: &Subject) {
    let (metadata, spec, status) = (subject.metadata(), subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    page.field_if(0, "Priority", &spec["priority"]);
    page.field_if(0, "Priority Class Name", &spec["priorityClassName"]);
    page.field_if(0, "Runtime Class Name", &spec["runtimeClassName"]);
    page.field_if(0, "Service Account", &spec["serviceAccountName"]);
    match text(&spec["nodeName"]) {
        "" => page.field(0, "Node", "<none>"),
        node => page.field(0, "Node", format!("{node}/{}", text(&status["hostIP"]))),
    }
    if let Some(time) = set(&status["startTime"]) {
        page.time(0, "Start Time", time);
    }
    page.labels_and_annotations(subject.object);
    let ended = ["Failed", "Succeeded"].contains(&text(&status["phase"]));
    match set(&metadata["deletionTimestamp"]) {
        Some(_) if !ended => {
            page.phase(subject.object);
            page.field(0, "Termination Grace Period", format!("{}s", number(&metadata["deletionGracePeriodSeconds"])));
        }
        _ => page.field(0, "Status", text(&status["phase"])),
    }
    page.field_if(0, "Reason", &status["reason"]);
    page.field_if(0, "Message", &status["message"]);
    if let Some(profile) = set(&spec["securityContext"]["seccompProfile"]) {
        page.field(0, "SeccompProfile", text(&profile["type"]));
        if profile["type"] == "Localhost" {
            page.field(0, "LocalhostProfile", text(&profile["localhostProfile"]));
        }
    }
    page.field(0, "IP", text(&status["podIP"]));
    let addresses = list(&status["podIPs"]);
    page.put(0, if addresses.is_empty() { "IPs:\t<none>\n" } else { "IPs:\n" });
    for address in addresses {
        page.field(1, "IP", text(&address["ip"]));
    }
    page.controlled_by(subject.object);
    page.field_if(0, "NominatedNodeName", &status["nominatedNodeName"]);
}

/// The quality of service, from what the containers ask for.
fn quality(spec: &Value) -> &'static str {
    let resources: Vec<&Value> = match set(&spec["resources"]) {
        Some(resources) => vec![resources],
        None => ["initContainers", "containers"]
            .iter()
            .flat_map(|field| list(&spec[field]))
            .map(|one| &one["resources"])
            .collect(),
    };
    let mut found: Option<&'static str> = None;
    for one in resources {
        let empty = sorted(&one["limits"]).is_empty() && sorted(&one["requests"]).is_empty();
        let of = |name: &str| {
            let (request, limit) = (amount(&one["requests"][name]), amount(&one["limits"][name]));
            match (request.compare(limit).is_eq(), request.is_zero()) {
                (false, _) => "Burstable",
                (true, true) => "BestEffort",
                (true, false) => "Guaranteed",
            }
        };
        let quality = match (of("cpu"), of("memory")) {
            _ if empty => "BestEffort",
            (cpu, memory) if cpu == memory => cpu,
            _ => "Burstable",
        };
        if quality == "Burstable" || found.is_some_and(|found| found != quality) {
            return "Burstable";
        }
        found = Some(quality);
    }
    found.unwrap_or("BestEffort")
}

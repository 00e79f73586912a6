//! Nodes, with what runs on them and how much of them is taken.

use crate::describe::page::{Page, put};
use crate::describe::requests::{self, Amounts, Part};
use crate::describe::value::{amount, bare, canonical, list, set, sorted, text, texts, truth};
use crate::describe::{Describer, Query, Subject};
use crate::quantity::Quantity;
use crate::selector::or_none;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("", "Node")],
    queries: |node| vec![pods(node), slices(node), lease(node)],
    events: true,
    write,
};

/// Lines of `System Info`.
const SYSTEM: [(&str, &str); 9] = [
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
];

/// How many pools of devices are shown.
const POOLS: usize = 10;

fn name(node: &Value) -> &str {
    text(&node["metadata"]["name"])
}

/// The pods that take something of the node.
fn pods(node: &Value) -> Query {
    let fields = format!("spec.nodeName={},status.phase!=Succeeded,status.phase!=Failed", name(node));
    Query { fields, ..Query::list("v1", "pods", "") }
}

/// The devices that only this node has. A server may be too old to know of any.
fn slices(node: &Value) -> Query {
    let fields = format!("spec.nodeName={}", name(node));
    Query { fields, optional: true, ..Query::list("resource.k8s.io/v1", "resourceslices", "") }
}

fn lease(node: &Value) -> Query {
    Query { name: Some(name(node).to_owned()), ..Query::list("coordination.k8s.io/v1", "leases", "kube-node-lease") }
}

fn write(page: &mut Page, subject: &Subject) {
    let (metadata, spec, status) = (subject.metadata(), subject.spec(), subject.status());
    page.field(0, "Name", name(subject.object));
    page.field(0, "Roles", or_none(roles(&metadata["labels"])));
    page.labels_and_annotations(subject.object);
    page.time(0, "CreationTimestamp", &metadata["creationTimestamp"]);
    page.beside("Taints", taints(&spec["taints"]));
    page.field(0, "Unschedulable", truth(&spec["unschedulable"]));
    write_lease(page, subject.answer(&lease(subject.object)));
    page.timed_conditions(&status["conditions"], "LastHeartbeatTime", "lastHeartbeatTime");
    page.put(0, "Addresses:\n");
    for address in list(&status["addresses"]) {
        page.field(1, text(&address["type"]), text(&address["address"]));
    }
    for (title, resources) in [("Capacity", &status["capacity"]), ("Allocatable", &status["allocatable"])] {
        let resources = sorted(resources);
        if !resources.is_empty() {
            put!(page, 0, "{title}:\n");
        }
        for (name, quantity) in resources {
            page.field(1, name, canonical(quantity));
        }
    }
    write_slices(page, subject.items(&slices(subject.object)));
    page.put(0, "System Info:\n");
    for (label, field) in SYSTEM {
        page.field(1, label, text(&status["nodeInfo"][field]));
    }
    page.field_if(0, "PodCIDR", &spec["podCIDR"]);
    if !list(&spec["podCIDRs"]).is_empty() {
        page.field(0, "PodCIDRs", texts(&spec["podCIDRs"]).join(","));
    }
    page.field_if(0, "ProviderID", &spec["providerID"]);
    match subject.answer(&pods(subject.object)) {
        Ok(pods) => write_pods(page, subject.object, pods),
        Err(message) if message.contains("(Forbidden)") => page.field(0, "Pods", "not authorized"),
        Err(message) => page.field(0, "Pods", format!("error in fetching pods: {}", bare(message))),
    }
}

/// What the labels say the node is for.
fn roles(labels: &Value) -> String {
    let roles: BTreeSet<&str> = sorted(labels)
        .into_iter()
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            None if key == "kubernetes.io/role" => Some(text(value)),
            role => role,
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.into_iter().collect::<Vec<_>>().join(",")
}

fn taints(taints: &Value) -> Vec<String> {
    let mut all: Vec<&Value> = list(taints).iter().collect();
    all.sort_by_key(|taint| format!("{},{}", text(&taint["effect"]), text(&taint["key"])));
    all.into_iter()
        .map(|taint| match (text(&taint["key"]), text(&taint["value"]), text(&taint["effect"])) {
            (key, "", "") => key.to_owned(),
            (key, "", effect) => format!("{key}:{effect}"),
            (key, value, effect) => format!("{key}={value}:{effect}"),
        })
        .collect()
}

fn write_lease(page: &mut Page, found: Result<&[Value], &str>) {
    let spec = match found {
        Ok(leases) => leases.first().map_or(&Value::Null, |lease| &lease["spec"]),
        Err(message) => return page.field(0, "Lease", format!("Failed to get lease: {}", bare(message))),
    };
    page.put(0, "Lease:\n");
    page.field(1, "HolderIdentity", set(&spec["holderIdentity"]).map_or("<unset>", text));
    for (label, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
        let time = set(&spec[field]).map_or_else(|| "<unset>".to_owned(), |time| page.written(time));
        page.field(1, label, time);
    }
}

/// Devices by driver and pool: in how many slices, and how many.
fn write_slices(page: &mut Page, slices: &[Value]) {
    let mut pools: BTreeMap<String, (&str, &str, usize, usize)> = BTreeMap::new();
    for slice in slices {
        let spec = &slice["spec"];
        let (driver, pool) = (text(&spec["driver"]), text(&spec["pool"]["name"]));
        let entry = pools.entry(format!("{driver}/{pool}")).or_insert((driver, pool, 0, 0));
        entry.2 += 1;
        entry.3 += list(&spec["devices"]).len();
    }
    if pools.is_empty() {
        return;
    }
    page.put(0, "Node-Local ResourceSlices:\n");
    page.heads(1, &["Driver", "Pool", "Slices", "Devices"]);
    for (driver, pool, slices, devices) in pools.values().take(POOLS) {
        put!(page, 1, "{driver}\t{pool}\t{slices}\t{devices}\n");
    }
    if pools.len() > POOLS {
        put!(page, 1, "...and {} more pools\n", pools.len() - POOLS);
    }
}

/// The pods of the node, what each takes of it, and what they take together.
fn write_pods(page: &mut Page, node: &Value, pods: &[Value]) {
    let status = &node["status"];
    let unknown = sorted(&status["allocatable"]).is_empty();
    let allocatable = if unknown { &status["capacity"] } else { &status["allocatable"] };
    let (cpu, memory) = (amount(&allocatable["cpu"]), amount(&allocatable["memory"]));
    page.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    page.heads(1, &["Namespace", "Name", "", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age"]);
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in pods {
        let metadata = &pod["metadata"];
        let asked = requests::of_pod(pod, Part::Requests, true);
        let allowed = requests::of_pod(pod, Part::Limits, true);
        let cell = |amounts: &Amounts, resource: &str| {
            let used = amounts.get(resource).copied().unwrap_or_default();
            let share = match resource {
                "cpu" => share(used.milli(), cpu.milli()),
                _ => share(used.value(), memory.value()),
            };
            format!("{used} ({share}%)")
        };
        put!(
            page,
            1,
            "{}\t{}\t\t{}\t{}\t{}\t{}\t{}\n",
            text(&metadata["namespace"]),
            text(&metadata["name"]),
            cell(&asked, "cpu"),
            cell(&allowed, "cpu"),
            cell(&asked, "memory"),
            cell(&allowed, "memory"),
            page.since(&metadata["creationTimestamp"])
        );
        requests::add(&mut requests, &requests::of_pod(pod, Part::Requests, false));
        requests::add(&mut limits, &requests::of_pod(pod, Part::Limits, false));
    }
    write_totals(page, allocatable, &requests, &limits);
}

fn write_totals(page: &mut Page, allocatable: &Value, requests: &Amounts, limits: &Amounts) {
    page.put(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
    page.heads(1, &["Resource", "Requests", "Limits"]);
    let own = ["cpu", "memory", "ephemeral-storage"];
    let names: Vec<&str> = sorted(allocatable).into_iter().map(|(name, _)| name).collect();
    let (pages, others): (Vec<&str>, Vec<&str>) = names
        .into_iter()
        .filter(|name| !own.contains(name) && *name != "pods")
        .partition(|name| name.starts_with("hugepages-"));
    for name in own.into_iter().chain(pages) {
        let available = amount(&allocatable[name]);
        let cell = |amounts: &Amounts| {
            let used = amounts.get(name).copied().unwrap_or_default();
            let share = match name {
                _ if available.is_zero() => 0,
                "cpu" => share(used.milli(), available.milli()),
                _ => share(used.value(), available.value()),
            };
            format!("{used} ({share}%)")
        };
        put!(page, 1, "{name}\t{}\t{}\n", cell(requests), cell(limits));
    }
    for name in others {
        let cell = |amounts: &Amounts| amounts.get(name).copied().unwrap_or_default();
        let (asked, allowed): (Quantity, Quantity) = (cell(requests), cell(limits));
        put!(page, 1, "{name}\t{asked}\t{allowed}\n");
    }
}

/// A percentage without its fraction. Of nothing, it is what a division by zero gives in kubectl.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "kubectl counts in floats and cuts")]
fn share(used: i128, of: i128) -> i64 {
    let percent = used as f64 / of as f64 * 100.0;
    if percent.is_finite() { percent as i64 } else { i64::MIN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shares_are_cut_as_floats_are() {
        assert_eq!((share(29, 100), share(1999, 1000), share(0, 3)), (28, 199, 0));
        assert_eq!((share(0, 0), share(5, 0)), (i64::MIN, i64::MIN));
    }

    #[test]
    fn taints_are_sorted_by_effect_and_key() {
        let all = json!([
            {"key": "b", "effect": "NoSchedule"}, {"key": "c", "value": "1", "effect": "NoExecute"},
            {"key": "a", "value": "x", "effect": "NoSchedule"}
        ]);
        assert_eq!(taints(&all), ["c=1:NoExecute", "a=x:NoSchedule", "b:NoSchedule"]);
        assert_eq!(taints(&json!([{"key": "k"}, {"key": "l", "value": "v"}])), ["k", "l=v:"]);
    }
}

//! Deployments.

use crate::describe::page::Page;
use crate::describe::value::{controller, list, number, scalar_or, set, text};
use crate::describe::{Describer, Query, Subject, template};
use crate::selector::{label_selector, or_none};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("apps", "Deployment")], queries: |object| vec![replica_sets(object)], events: true, write };

const TEMPLATE_HASH: &str = "pod-template-hash";

fn replica_sets(object: &Value) -> Query {
    let namespace = text(&object["metadata"]["namespace"]);
    Query { labels: label_selector(&object["spec"]["selector"]), ..Query::list("apps/v1", "replicasets", namespace) }
}

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    page.time(0, "CreationTimestamp", &subject.metadata()["creationTimestamp"]);
    page.labels_and_annotations(subject.object);
    page.field(0, "Selector", label_selector(&spec["selector"]));
    let replicas = format!(
        "{} desired | {} updated | {} total | {} available | {} unavailable",
        set(&spec["replicas"]).map_or(1, number),
        number(&status["updatedReplicas"]),
        number(&status["replicas"]),
        number(&status["availableReplicas"]),
        number(&status["unavailableReplicas"])
    );
    page.field(0, "Replicas", replicas);
    page.field(0, "StrategyType", text(&spec["strategy"]["type"]));
    page.field(0, "MinReadySeconds", number(&spec["minReadySeconds"]));
    if let Some(update) = set(&spec["strategy"]["rollingUpdate"]) {
        let of = |field: &str| scalar_or(&update[field], "<nil>");
        page.field(
            0,
            "RollingUpdateStrategy",
            format!("{} max unavailable, {} max surge", of("maxUnavailable"), of("maxSurge")),
        );
    }
    template::write(page, &spec["template"]);
    page.short_conditions(&status["conditions"]);
    let (old, new) = sorted_sets(subject);
    if !old.is_empty() || new.is_some() {
        page.field(0, "OldReplicaSets", names(&old));
        page.field(0, "NewReplicaSet", names(new.as_slice()));
    }
}

/// The `ReplicaSets` of the Deployment: the old ones, and the oldest that has its present template.
fn sorted_sets<'a>(subject: &Subject<'a>) -> (Vec<&'a Value>, Option<&'a Value>) {
    let uid = text(&subject.metadata()["uid"]);
    let mut owned: Vec<&Value> = subject
        .items(&replica_sets(subject.object))
        .iter()
        .filter(|set| controller(set).is_some_and(|owner| text(&owner["uid"]) == uid))
        .collect();
    owned.sort_by_key(|set| (text(&set["metadata"]["creationTimestamp"]), text(&set["metadata"]["name"])));
    let wanted = without_hash(&subject.spec()["template"]);
    let new = owned.iter().position(|set| without_hash(&set["spec"]["template"]) == wanted).map(|at| owned.remove(at));
    (owned, new)
}

/// A template without the label that tells revisions apart, and without what is not set.
fn without_hash(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove(TEMPLATE_HASH);
    }
    bare(&template)
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), bare(value))).filter(|(_, value)| !empty(value)).collect()
        }
        Value::Array(_) => list(value).iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn empty(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(serde_json::Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

fn names(sets: &[&Value]) -> String {
    let all: Vec<String> = sets
        .iter()
        .map(|one| {
            let (created, wanted) =
                (number(&one["status"]["replicas"]), set(&one["spec"]["replicas"]).map_or(1, number));
            format!("{} ({created}/{wanted} replicas created)", text(&one["metadata"]["name"]))
        })
        .collect();
    or_none(all.join(", "))
}

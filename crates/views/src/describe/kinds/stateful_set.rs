//! `StatefulSets`.

use crate::describe::page::Page;
use crate::describe::value::{bracketed, canonical, list, number, scalar, set, text};
use crate::describe::{Describer, Subject, template, volumes};
use crate::selector::label_selector;
use serde_json::Value;

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("apps", "StatefulSet")],
    queries: |object| vec![template::selected_pods(object)],
    events: true,
    write,
};

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    page.time(0, "CreationTimestamp", &subject.metadata()["creationTimestamp"]);
    page.field(0, "Selector", label_selector(&spec["selector"]));
    page.labels_and_annotations(subject.object);
    page.field_if(0, "Service Name", &spec["serviceName"]);
    page.field_if(0, "Pod Management Policy", &spec["podManagementPolicy"]);
    let wanted = set(&spec["replicas"]).map_or(1, number);
    page.field(0, "Replicas", format!("{wanted} desired | {} total", number(&status["replicas"])));
    page.field(0, "Update Strategy", text(&spec["updateStrategy"]["type"]));
    let update = &spec["updateStrategy"]["rollingUpdate"];
    if let Some(partition) = set(&update["partition"]) {
        page.field(1, "Partition", number(partition));
        if let Some(unavailable) = set(&update["maxUnavailable"]) {
            page.field(1, "MaxUnavailable", scalar(unavailable));
        }
    }
    if let Some(policy) = set(&spec["persistentVolumeClaimRetentionPolicy"]) {
        page.put(0, "Persistent Volume Claim Retention Policy:\n");
        page.field(1, "WhenDeleted", text(&policy["whenDeleted"]));
        page.field(1, "WhenScaled", text(&policy["whenScaled"]));
    }
    template::pods_status(page, subject, &template::selected_pods(subject.object));
    template::write(page, &spec["template"]);
    claims(page, &spec["volumeClaimTemplates"]);
}

fn claims(page: &mut Page, templates: &Value) {
    if list(templates).is_empty() {
        page.field(0, "Volume Claims", "<none>");
        return;
    }
    page.put(0, "Volume Claims:\n");
    for claim in list(templates) {
        page.field(1, "Name", text(&claim["metadata"]["name"]));
        page.field(1, "StorageClass", volumes::class(claim));
        page.labels_at("  ", "Labels", &claim["metadata"]["labels"]);
        page.labels_at("  ", "Annotations", &claim["metadata"]["annotations"]);
        let storage = set(&claim["spec"]["resources"]["requests"]["storage"]);
        page.field(1, "Capacity", storage.map_or_else(|| "<default>".to_owned(), canonical));
        page.field(1, "Access Modes", bracketed(&claim["spec"]["accessModes"]));
    }
}

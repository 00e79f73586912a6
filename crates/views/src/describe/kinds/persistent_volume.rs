//! Persistent volumes.

use crate::describe::page::Page;
use crate::describe::value::{bracketed, canonical, list, set, text};
use crate::describe::{Describer, Subject, nothing, terms, volumes};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "PersistentVolume")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (metadata, spec) = (subject.metadata(), subject.spec());
    page.field(0, "Name", text(&metadata["name"]));
    page.labels_and_annotations(subject.object);
    page.field(0, "Finalizers", bracketed(&metadata["finalizers"]));
    page.field(0, "StorageClass", volumes::class(subject.object));
    page.phase(subject.object);
    let claim = set(&spec["claimRef"]);
    page.field(
        0,
        "Claim",
        claim.map_or_else(String::new, |claim| format!("{}/{}", text(&claim["namespace"]), text(&claim["name"]))),
    );
    page.field(0, "Reclaim Policy", text(&spec["persistentVolumeReclaimPolicy"]));
    page.field(0, "Access Modes", volumes::access_modes(&spec["accessModes"]));
    if let Some(mode) = set(&spec["volumeMode"]) {
        page.field(0, "VolumeMode", text(mode));
    }
    page.field(0, "Capacity", canonical(&spec["capacity"]["storage"]));
    write_affinity(page, &spec["nodeAffinity"]["required"]);
    page.field(0, "Message", text(&subject.status()["message"]));
    page.put(0, "Source:\n");
    volumes::source(page, spec, true);
}

fn write_affinity(page: &mut Page, required: &Value) {
    page.put(0, "Node Affinity:\t");
    if required.is_null() {
        page.rest("<none>");
        return;
    }
    page.rest("");
    page.put(1, "Required Terms:\t");
    let all = list(&required["nodeSelectorTerms"]);
    page.rest(if all.is_empty() { "<none>" } else { "" });
    for (at, term) in all.iter().enumerate() {
        terms::write(page, 2, at, list(&term["matchExpressions"]), |requirement| {
            text(&requirement["operator"]).to_lowercase()
        });
    }
}

//! Which storage drivers a node has.

use crate::describe::page::{Page, put};
use crate::describe::value::{bracketed, is_set, list, number, set, text};
use crate::describe::{Describer, Subject, nothing};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("storage.k8s.io", "CSINode")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.time(0, "CreationTimestamp", &subject.metadata()["creationTimestamp"]);
    page.put(0, "Spec:\n");
    let drivers = &subject.spec()["drivers"];
    if is_set(drivers) {
        page.put(1, "Drivers:\n");
    }
    for driver in list(drivers) {
        write_driver(page, driver);
    }
}

fn write_driver(page: &mut Page, driver: &Value) {
    put!(page, 2, "{}:\n", text(&driver["name"]));
    page.field(3, "Node ID", text(&driver["nodeID"]));
    if let Some(count) = set(&driver["allocatable"]["count"]) {
        page.put(3, "Allocatables:\n");
        page.field(4, "Count", number(count));
    }
    if is_set(&driver["topologyKeys"]) {
        page.field(3, "Topology Keys", bracketed(&driver["topologyKeys"]));
    }
}

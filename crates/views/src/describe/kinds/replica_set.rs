//! `ReplicaSets` and their forerunners.

use crate::describe::page::Page;
use crate::describe::value::{number, set, text};
use crate::describe::{Describer, Query, Subject, template};
use crate::selector::{label_selector, label_set, or_none};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("apps", "ReplicaSet"), ("", "ReplicationController")],
    queries: |object| vec![pods(object)],
    events: true,
    write,
};

fn is_controller(object: &Value) -> bool {
    text(&object["kind"]) == "ReplicationController"
}

fn selector(object: &Value) -> String {
    let selector = &object["spec"]["selector"];
    if is_controller(object) { label_set(selector) } else { label_selector(selector) }
}

fn pods(object: &Value) -> Query {
    template::pods(object, selector(object))
}

fn write(page: &mut Page, subject: &Subject) {
    let (object, spec, status) = (subject.object, subject.spec(), subject.status());
    page.name_and_namespace(object);
    page.field(0, "Selector", or_none(selector(object)));
    page.labels_and_annotations(object);
    if !is_controller(object) {
        page.controlled_by(object);
    }
    let wanted = set(&spec["replicas"]).map_or(1, number);
    page.field(0, "Replicas", format!("{} current / {wanted} desired", number(&status["replicas"])));
    template::pods_status(page, subject, &pods(object));
    template::write(page, &spec["template"]);
    page.short_conditions(&status["conditions"]);
}

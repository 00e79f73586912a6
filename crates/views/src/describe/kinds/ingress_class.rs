//! Classes of ingresses.

use crate::describe::page::Page;
use crate::describe::value::{set, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("networking.k8s.io", "IngressClass")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.field(0, "Controller", text(&subject.spec()["controller"]));
    if let Some(parameters) = set(&subject.spec()["parameters"]) {
        page.put(0, "Parameters:\n");
        if let Some(group) = set(&parameters["apiGroup"]) {
            page.field(1, "APIGroup", text(group));
        }
        page.field(1, "Kind", text(&parameters["kind"]));
        page.field(1, "Name", text(&parameters["name"]));
    }
}

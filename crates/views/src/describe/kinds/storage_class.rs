//! Storage classes.

use crate::describe::page::{Page, put};
use crate::describe::value::{capital_or_unset, is_set, list, set, text};
use crate::describe::{Describer, Subject, nothing, terms};
use crate::selector::{label_set, or_none};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("storage.k8s.io", "StorageClass")], queries: nothing, events: true, write };

const DEFAULT: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

fn write(page: &mut Page, subject: &Subject) {
    let (class, annotations) = (subject.object, &subject.metadata()["annotations"]);
    page.field(0, "Name", text(&subject.metadata()["name"]));
    let default = DEFAULT.iter().any(|key| text(&annotations[key]) == "true");
    page.field(0, "IsDefaultClass", if default { "Yes" } else { "No" });
    page.field(0, "Annotations", or_none(label_set(annotations)));
    page.field(0, "Provisioner", text(&class["provisioner"]));
    page.field(0, "Parameters", or_none(label_set(&class["parameters"])));
    page.field(0, "AllowVolumeExpansion", capital_or_unset(&class["allowVolumeExpansion"]));
    let options = list(&class["mountOptions"]);
    page.put(0, if options.is_empty() { "MountOptions:\t<none>\n" } else { "MountOptions:\n" });
    for option in options {
        put!(page, 1, "{}\n", text(option));
    }
    if let Some(policy) = set(&class["reclaimPolicy"]) {
        page.field(0, "ReclaimPolicy", text(policy));
    }
    if let Some(mode) = set(&class["volumeBindingMode"]) {
        page.field(0, "VolumeBindingMode", text(mode));
    }
    if is_set(&class["allowedTopologies"]) {
        write_topologies(page, list(&class["allowedTopologies"]));
    }
}

fn write_topologies(page: &mut Page, topologies: &[Value]) {
    page.put(0, "AllowedTopologies:\t");
    page.rest(if topologies.is_empty() { "<none>" } else { "" });
    for (at, topology) in topologies.iter().enumerate() {
        terms::write(page, 1, at, list(&topology["matchLabelExpressions"]), |_| "in".to_owned());
    }
}

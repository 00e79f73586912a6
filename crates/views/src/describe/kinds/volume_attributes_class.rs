//! Classes of volume attributes.

use crate::describe::page::Page;
use crate::describe::value::text;
use crate::describe::{Describer, Subject, nothing};
use crate::selector::{label_set, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("storage.k8s.io", "VolumeAttributesClass")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.field(0, "Annotations", or_none(label_set(&subject.metadata()["annotations"])));
    page.field(0, "DriverName", text(&subject.object["driverName"]));
    page.field(0, "Parameters", or_none(label_set(&subject.object["parameters"])));
}

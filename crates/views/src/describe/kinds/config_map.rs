//! Config maps: every value in full, of binary ones the size.

use crate::describe::page::{Page, put};
use crate::describe::value::{decoded_length, sorted, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "ConfigMap")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    page.put(0, "\nData\n====\n");
    for (key, value) in sorted(&subject.object["data"]) {
        put!(page, 0, "{key}:\n----\n{}\n\n", text(value));
    }
    page.put(0, "\nBinaryData\n====\n");
    for (key, value) in sorted(&subject.object["binaryData"]) {
        put!(page, 0, "{key}: {} bytes\n", decoded_length(text(value)));
    }
    page.put(0, "\n");
}

//! Service accounts.

use crate::describe::page::{Page, put};
use crate::describe::value::{list, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "ServiceAccount")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    let secrets = list(&subject.object["imagePullSecrets"]);
    if secrets.is_empty() {
        page.field(0, "Image pull secrets", "<none>");
    }
    for (at, secret) in secrets.iter().enumerate() {
        let title = if at == 0 { "Image pull secrets:" } else { "                   " };
        put!(page, 0, "{title}\t{}\n", text(&secret["name"]));
    }
}

//! Endpoints, the forerunner of endpoint slices.

use crate::describe::page::{Page, put};
use crate::describe::value::{list, number, text};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::or_none;
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "Endpoints")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    page.put(0, "Subsets:\n");
    for subset in list(&subject.object["subsets"]) {
        page.field(1, "Addresses", addresses(&subset["addresses"]));
        page.field(1, "NotReadyAddresses", addresses(&subset["notReadyAddresses"]));
        let ports = list(&subset["ports"]);
        if !ports.is_empty() {
            page.put(1, "Ports:\n");
            page.heads(2, &["Name", "Port", "Protocol"]);
        }
        for port in ports {
            let name = match text(&port["name"]) {
                "" => "<unset>",
                name => name,
            };
            put!(page, 2, "{name}\t{}\t{}\n", number(&port["port"]), text(&port["protocol"]));
        }
        page.put(0, "\n");
    }
}

fn addresses(addresses: &Value) -> String {
    or_none(list(addresses).iter().map(|address| text(&address["ip"])).collect::<Vec<_>>().join(","))
}

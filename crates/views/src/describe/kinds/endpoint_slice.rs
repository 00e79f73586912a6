//! Endpoint slices.

use crate::describe::page::{Page, put};
use crate::describe::value::{list, scalar_or, set, text, texts};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::or_none;
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("discovery.k8s.io", "EndpointSlice")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let slice = subject.object;
    page.name_and_namespace(slice);
    page.labels_and_annotations(slice);
    page.field(0, "AddressType", text(&slice["addressType"]));
    let ports = list(&slice["ports"]);
    if ports.is_empty() {
        page.put(0, "Ports: <unset>\n");
    } else {
        page.put(0, "Ports:\n");
        page.heads(1, &["Name", "Port", "Protocol"]);
    }
    for port in ports {
        let name = match text(&port["name"]) {
            "" => "<unset>",
            name => name,
        };
        put!(page, 1, "{name}\t{}\t{}\n", scalar_or(&port["port"], "<unset>"), text(&port["protocol"]));
    }
    let endpoints = list(&slice["endpoints"]);
    page.put(0, if endpoints.is_empty() { "Endpoints: <none>\n" } else { "Endpoints:\n" });
    for endpoint in endpoints {
        write_endpoint(page, endpoint);
    }
}

fn write_endpoint(page: &mut Page, endpoint: &Value) {
    page.field(1, "- Addresses", or_none(texts(&endpoint["addresses"]).join(", ")));
    page.put(2, "Conditions:\n");
    page.field(3, "Ready", scalar_or(&endpoint["conditions"]["ready"], "<unset>"));
    page.field(2, "Hostname", scalar_or(&endpoint["hostname"], "<unset>"));
    if let Some(target) = set(&endpoint["targetRef"]) {
        page.field(2, "TargetRef", format!("{}/{}", text(&target["kind"]), text(&target["name"])));
    }
    page.field(2, "NodeName", scalar_or(&endpoint["nodeName"], "<unset>"));
    page.field(2, "Zone", scalar_or(&endpoint["zone"], "<unset>"));
}

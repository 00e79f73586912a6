//! Services.

use crate::describe::page::{Page, put};
use crate::describe::value::{list, number, scalar, set, text, texts};
use crate::describe::{Describer, Query, Subject, endpoints};
use crate::selector::{label_set, or_none};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "Service")], queries: |service| vec![slices(service)], events: true, write };

fn slices(service: &Value) -> Query {
    let metadata = &service["metadata"];
    endpoints::slices(text(&metadata["namespace"]), text(&metadata["name"]))
}

fn write(page: &mut Page, subject: &Subject) {
    let spec = subject.spec();
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    page.field(0, "Selector", or_none(label_set(&spec["selector"])));
    page.field(0, "Type", text(&spec["type"]));
    if let Some(policy) = set(&spec["ipFamilyPolicy"]) {
        page.field(0, "IP Family Policy", text(policy));
    }
    page.field(0, "IP Families", or_none(texts(&spec["ipFamilies"]).join(",")));
    page.field(0, "IP", text(&spec["clusterIP"]));
    page.field(
        0,
        "IPs",
        if list(&spec["clusterIPs"]).is_empty() { "<none>".into() } else { commas(&spec["clusterIPs"]) },
    );
    if !list(&spec["externalIPs"]).is_empty() {
        page.field(0, "External IPs", commas(&spec["externalIPs"]));
    }
    page.field_if(0, "Desired LoadBalancer IP", &spec["loadBalancerIP"]);
    page.field_if(0, "External Name", &spec["externalName"]);
    let ingress = list(&subject.status()["loadBalancer"]["ingress"]);
    if !ingress.is_empty() {
        page.field(0, "LoadBalancer Ingress", ingress.iter().map(balancer).collect::<Vec<_>>().join(", "));
    }
    let slices = subject.items(&slices(subject.object));
    for port in list(&spec["ports"]) {
        write_port(page, port, slices);
    }
    page.field(0, "Session Affinity", text(&spec["sessionAffinity"]));
    page.field_if(0, "External Traffic Policy", &spec["externalTrafficPolicy"]);
    if let Some(policy) = set(&spec["internalTrafficPolicy"]) {
        page.field(0, "Internal Traffic Policy", text(policy));
    }
    if number(&spec["healthCheckNodePort"]) != 0 {
        page.field(0, "HealthCheck NodePort", number(&spec["healthCheckNodePort"]));
    }
    if !list(&spec["loadBalancerSourceRanges"]).is_empty() {
        page.field(0, "LoadBalancer Source Ranges", commas(&spec["loadBalancerSourceRanges"]));
    }
    if let Some(distribution) = set(&spec["trafficDistribution"]) {
        page.field(0, "Traffic Distribution", text(distribution));
    }
}

fn write_port(page: &mut Page, port: &Value, slices: &[Value]) {
    let (name, protocol) = (text(&port["name"]), text(&port["protocol"]));
    let shown = if name.is_empty() { "<unset>" } else { name };
    put!(page, 0, "Port:\t{shown}\t{}/{protocol}\n", number(&port["port"]));
    let target = set(&port["targetPort"]).map_or_else(|| "0".to_owned(), scalar);
    page.field(0, "TargetPort", format!("{target}/{protocol}"));
    if let Some(application) = set(&port["appProtocol"]) {
        page.field(0, "AppProtocol", text(application));
    }
    if number(&port["nodePort"]) != 0 {
        put!(page, 0, "NodePort:\t{shown}\t{}/{protocol}\n", number(&port["nodePort"]));
    }
    page.field(0, "Endpoints", endpoints::ready(slices, name));
}

fn commas(values: &Value) -> String {
    texts(values).join(",")
}

/// Where a load balancer is reached.
fn balancer(ingress: &Value) -> String {
    let (ip, mode) = (text(&ingress["ip"]), set(&ingress["ipMode"]));
    match (ip, mode) {
        ("", _) => text(&ingress["hostname"]).to_owned(),
        (_, Some(mode)) => format!("{ip} ({})", text(mode)),
        (_, None) => ip.to_owned(),
    }
}

//! Ingresses.

use crate::describe::page::{Page, put};
use crate::describe::value::{bare, is_set, list, number, scalar_or, set, text, texts};
use crate::describe::{Describer, Query, Subject, endpoints};
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("networking.k8s.io", "Ingress")], queries, events: true, write };

fn rules(ingress: &Value) -> impl Iterator<Item = (&str, &[Value])> {
    list(&ingress["spec"]["rules"])
        .iter()
        .filter(|rule| is_set(&rule["http"]))
        .map(|rule| (text(&rule["host"]), list(&rule["http"]["paths"])))
}

/// The Services behind an ingress, and their endpoints.
fn queries(ingress: &Value) -> Vec<Query> {
    let paths = rules(ingress).flat_map(|(_, paths)| paths).map(|path| &path["backend"]);
    std::iter::once(&ingress["spec"]["defaultBackend"])
        .chain(paths)
        .filter_map(|backend| set(&backend["service"]))
        .flat_map(|service| <[Query; 2]>::from(asked(ingress, text(&service["name"]))))
        .collect()
}

fn asked(ingress: &Value, service: &str) -> (Query, Query) {
    let namespace = text(&ingress["metadata"]["namespace"]);
    let found = Query { name: Some(service.to_owned()), ..Query::list("v1", "services", namespace) };
    (endpoints::slices(namespace, service), found)
}

fn write(page: &mut Page, subject: &Subject) {
    let spec = subject.spec();
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels("Labels", &subject.metadata()["labels"]);
    page.field(0, "Namespace", text(&subject.metadata()["namespace"]));
    let addresses: BTreeSet<&str> = list(&subject.status()["loadBalancer"]["ingress"])
        .iter()
        .filter_map(|one| [text(&one["ip"]), text(&one["hostname"])].into_iter().find(|found| !found.is_empty()))
        .collect();
    page.field(0, "Address", addresses.into_iter().collect::<Vec<_>>().join(","));
    page.field(0, "Ingress Class", scalar_or(&spec["ingressClassName"], "<none>"));
    let default =
        set(&spec["defaultBackend"]).map_or_else(|| "<default>".to_owned(), |default| backend(subject, default));
    page.field(0, "Default backend", &default);
    let secrets = list(&spec["tls"]);
    if !secrets.is_empty() {
        page.put(0, "TLS:\n");
    }
    for one in secrets {
        let hosts = texts(&one["hosts"]).join(",");
        match text(&one["secretName"]) {
            "" => put!(page, 1, "SNI routes {hosts}\n"),
            secret => put!(page, 1, "{secret} terminates {hosts}\n"),
        }
    }
    page.put(0, "Rules:\n");
    page.heads(1, &["Host", "Path", "Backends"]);
    let mut any = false;
    for (host, paths) in rules(subject.object) {
        any = true;
        put!(page, 1, "{}\t\n", if host.is_empty() { "*" } else { host });
        for path in paths {
            put!(page, 2, "\t{} \t{}\n", text(&path["path"]), backend(subject, &path["backend"]));
        }
    }
    if !any {
        put!(page, 1, "*\t*\t{default}\n");
    }
    page.annotations("Annotations", &subject.metadata()["annotations"]);
}

/// Where requests go: a Service with its endpoints, or some other object.
fn backend(subject: &Subject, backend: &Value) -> String {
    if let Some(service) = set(&backend["service"]) {
        let port = match number(&service["port"]["number"]) {
            0 => text(&service["port"]["name"]).to_owned(),
            number => number.to_string(),
        };
        let to = format!("{}:{port}", text(&service["name"]));
        return match behind(subject, service) {
            Ok(endpoints) => format!("{to} ({endpoints})"),
            Err(message) => format!("{to} (<error: {}>)", bare(message)),
        };
    }
    set(&backend["resource"]).map_or_else(String::new, |resource| {
        let group = scalar_or(&resource["apiGroup"], "<none>");
        format!("APIGroup: {group}, Kind: {}, Name: {}", text(&resource["kind"]), text(&resource["name"]))
    })
}

fn behind<'a>(subject: &Subject<'a>, to: &Value) -> Result<String, &'a str> {
    let (slices, service) = asked(subject.object, text(&to["name"]));
    let (slices, found) = (subject.answer(&slices)?, subject.answer(&service)?);
    let (number_asked, name_asked) = (number(&to["port"]["number"]), text(&to["port"]["name"]));
    let mut ports = found.iter().flat_map(|service| list(&service["spec"]["ports"]));
    let name = ports
        .rfind(|port| {
            (number_asked != 0 && number(&port["port"]) == number_asked)
                || (!name_asked.is_empty() && text(&port["name"]) == name_asked)
        })
        .map_or("", |port| text(&port["name"]));
    Ok(endpoints::ready(slices, name))
}

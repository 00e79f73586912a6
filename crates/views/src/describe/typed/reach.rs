//! Servers that the API server calls: whether the Service is there, and whether anything answers behind it.

use kloupe_model::say;
use serde_json::Value;

use super::section::Section;
use super::{certificate, plain};
use crate::describe::value::{is_set, list, number, set, text};
use crate::describe::{Query, Subject, endpoints};

const HTTPS: i64 = 443;

/// What must be read to know whether a Service is there; nothing where no Service is named.
pub(super) fn queries(service: &Value) -> Vec<Query> {
    if !is_set(service) {
        return Vec::new();
    }
    let (namespace, name) = (text(&service["namespace"]), text(&service["name"]));
    vec![named(namespace, name), endpoints::slices(namespace, name)]
}

/// A list with one Service or none, so that a missing one is no error.
fn named(namespace: &str, name: &str) -> Query {
    Query { fields: format!("metadata.name={name}"), ..Query::list("v1", "services", namespace) }
}

/// Writes where a client goes and whom it trusts there.
pub(super) fn client(section: &mut Section, subject: &Subject, config: &Value) {
    let label = say!(section.lang, en: "Calls", zh: "调用");
    let called = match set(&config["service"]) {
        Some(service) => self::service(section, subject, service),
        None => plain(&config["url"]),
    };
    section.field(&label, called);
    certificate::write(section, &config["caBundle"]);
}

/// A Service as it is called, and what is known of it.
pub(super) fn service(section: &Section, subject: &Subject, service: &Value) -> String {
    let lang = section.lang;
    let (namespace, name) = (text(&service["namespace"]), text(&service["name"]));
    let port = set(&service["port"]).map_or(HTTPS, number);
    let address =
        format!("{}/{}:{port}{}", plain(&service["namespace"]), plain(&service["name"]), plain(&service["path"]));
    let known = match subject.answer(&named(namespace, name)) {
        Err(_) => say!(lang, en: "the Service could not be read", zh: "无法读取该 Service"),
        Ok([]) => say!(lang, en: "there is no such Service", zh: "没有这个 Service"),
        Ok([found, ..]) if !has_port(found, port) => {
            say!(lang, en: "the Service has no port {port}", zh: "该 Service 没有端口 {port}")
        }
        Ok([found, ..]) if found["spec"]["type"] == "ExternalName" => {
            let host = plain(&found["spec"]["externalName"]);
            say!(lang, en: "outside the cluster at {host}", zh: "在集群外：{host}")
        }
        Ok(_) => match subject.answer(&endpoints::slices(namespace, name)) {
            Err(_) => say!(lang, en: "its endpoints could not be read", zh: "无法读取其端点"),
            Ok(slices) => match ready(slices) {
                0 => say!(lang, en: "nothing ready behind it", zh: "后面没有就绪的端点"),
                1 => say!(lang, en: "1 ready endpoint", zh: "1 个就绪端点"),
                count => say!(lang, en: "{count} ready endpoints", zh: "{count} 个就绪端点"),
            },
        },
    };
    say!(lang, en: "Service {address} ({known})", zh: "Service {address}（{known}）")
}

fn has_port(service: &Value, port: i64) -> bool {
    service["spec"]["type"] == "ExternalName"
        || list(&service["spec"]["ports"]).iter().any(|of| number(&of["port"]) == port)
}

/// Endpoints that take traffic; one that does not say counts as ready.
fn ready(slices: &[Value]) -> usize {
    let endpoints = slices.iter().flat_map(|slice| list(&slice["endpoints"]));
    endpoints.filter(|endpoint| endpoint["conditions"]["ready"] != false).count()
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::describe::Related;

    /// Answers for the Service `ops/hook` with port 443 and so many endpoints, one of them not ready.
    pub(in super::super) fn answers(endpoints: usize) -> Related {
        let [service, slices] =
            <[Query; 2]>::try_from(queries(&json!({"namespace": "ops", "name": "hook"}))).expect("two");
        let all: Vec<Value> = (0..endpoints).map(|at| json!({"conditions": {"ready": at > 0}})).collect();
        Related::from([
            (service, Ok(vec![json!({"spec": {"ports": [{"port": 443}]}})])),
            (slices, Ok(vec![json!({"endpoints": all})])),
        ])
    }

    fn said(related: &Related, reference: &Value) -> String {
        let clock = crate::Clock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        let section = Section::new(&clock, kloupe_model::Lang::En);
        service(&section, &Subject { object: &Value::Null, related }, reference)
    }

    #[test]
    fn a_service_is_judged_by_what_is_behind_it() {
        let hook = json!({"namespace": "ops", "name": "hook", "path": "/check"});
        assert_eq!(said(&answers(3), &hook), "Service ops/hook:443/check (2 ready endpoints)");
        assert_eq!(said(&answers(2), &hook), "Service ops/hook:443/check (1 ready endpoint)");
        assert_eq!(said(&answers(1), &hook), "Service ops/hook:443/check (nothing ready behind it)");
        let other = json!({"namespace": "ops", "name": "hook", "port": 8443});
        assert_eq!(said(&answers(3), &other), "Service ops/hook:8443 (the Service has no port 8443)");
        assert_eq!(said(&Related::new(), &hook), "Service ops/hook:443/check (there is no such Service)");
        let refused: Related = queries(&hook).into_iter().map(|query| (query, Err("Forbidden".to_owned()))).collect();
        assert_eq!(said(&refused, &hook), "Service ops/hook:443/check (the Service could not be read)");
    }
}

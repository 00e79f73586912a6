//! Where a Service sends its traffic, in one line.

use super::Query;
use super::value::{list, number, text, truth};
use serde_json::Value;

/// How many endpoints are named; the others are counted.
const NAMED: usize = 3;

/// The endpoint slices of a Service.
pub(crate) fn slices(namespace: &str, service: &str) -> Query {
    Query {
        labels: format!("kubernetes.io/service-name={service}"),
        ..Query::list("discovery.k8s.io/v1", "endpointslices", namespace)
    }
}

/// The ready endpoints behind the port of that name.
pub(crate) fn ready(slices: &[Value], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut named = Vec::new();
    let (mut count, mut more) = (0, false);
    for slice in slices {
        let ports = list(&slice["ports"]);
        let matching = ports.iter().filter(|port| text(&port["name"]) == port_name).map(Some);
        // A headless Service may have no ports at all: then the addresses alone are told.
        let portless = ports.is_empty().then_some(None);
        for port in matching.chain(portless) {
            for endpoint in list(&slice["endpoints"]) {
                // One that is not ready may bring in the count too: kubectl looks whether there is room before it looks at this.
                more |= named.len() == NAMED;
                let ready = &endpoint["conditions"]["ready"];
                if !ready.is_null() && !truth(ready) {
                    continue;
                }
                count += 1;
                if !more {
                    let address = text(&endpoint["addresses"][0]);
                    named.push(port.map_or_else(|| address.to_owned(), |port| joined(address, number(&port["port"]))));
                }
            }
        }
    }
    let named = named.join(",");
    if more { format!("{named} + {} more...", count - NAMED) } else { named }
}

/// Host and port; an IPv6 address in brackets.
fn joined(host: &str, port: i64) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn slice(addresses: &[(&str, Option<bool>)], ports: &Value) -> Value {
        let endpoints: Vec<Value> = addresses
            .iter()
            .map(|(address, ready)| json!({"addresses": [address, "192.0.2.9"], "conditions": {"ready": ready}}))
            .collect();
        json!({"endpoints": endpoints, "ports": ports})
    }

    #[test]
    fn three_are_named_and_the_others_counted() {
        let ports = json!([{"name": "web", "port": 80}, {"name": "", "port": 90}]);
        let up = Some(true);
        let first = slice(&[("10.0.0.1", up), ("10.0.0.2", Some(false)), ("fd00::1", None)], &ports);
        assert_eq!(ready(std::slice::from_ref(&first), "web"), "10.0.0.1:80,[fd00::1]:80");
        assert_eq!(ready(std::slice::from_ref(&first), ""), "10.0.0.1:90,[fd00::1]:90");
        assert_eq!(ready(std::slice::from_ref(&first), "other"), "");
        let more = slice(&[("10.0.0.3", up), ("10.0.0.4", up)], &ports);
        assert_eq!(ready(&[first.clone(), more], "web"), "10.0.0.1:80,[fd00::1]:80,10.0.0.3:80 + 1 more...");
        let last_is_not_ready = slice(&[("10.0.0.3", up), ("10.0.0.4", Some(false))], &ports);
        assert_eq!(ready(&[first, last_is_not_ready], "web"), "10.0.0.1:80,[fd00::1]:80,10.0.0.3:80 + 0 more...");
    }

    #[test]
    fn without_ports_and_without_slices() {
        let headless = slice(&[("10.0.0.1", None), ("fd00::1", Some(true))], &json!([]));
        assert_eq!(ready(&[headless], "web"), "10.0.0.1,fd00::1");
        assert_eq!(ready(&[], "web"), "<none>");
        assert_eq!(ready(&[slice(&[], &json!([]))], "web"), "");
    }
}

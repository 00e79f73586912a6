//! Services and where they lead.

use super::field::{at, first_few, int, labels, list, name, text, text_or, texts};
use super::{AGE, NAME, Printer, cells, text as column, wide};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "",
        kind: "Service",
        columns: &[
            NAME,
            column("Type"),
            column("Cluster-IP"),
            column("External-IP"),
            column("Port(s)"),
            AGE,
            wide("Selector"),
        ],
        cells: |object, scene| {
            cells![
                name(object),
                text_or(object, "/spec/type", "ClusterIP"),
                cluster_ip(object),
                external_ip(object),
                ports(object),
                scene.age(object),
                labels(object, "/spec/selector"),
            ]
        },
    },
    Printer {
        group: "",
        kind: "Endpoints",
        columns: &[NAME, column("Endpoints"), AGE],
        cells: |object, scene| cells![name(object), endpoints(object), scene.age(object)],
    },
    Printer {
        group: "discovery.k8s.io",
        kind: "EndpointSlice",
        columns: &[NAME, column("AddressType"), column("Ports"), column("Endpoints"), AGE],
        cells: |object, scene| {
            let addresses = list(object, "/endpoints").iter().flat_map(|endpoint| list(endpoint, "/addresses"));
            let addresses: Vec<String> = addresses.filter_map(Value::as_str).map(str::to_owned).collect();
            let ports: Vec<String> = list(object, "/ports").iter().map(slice_port).collect();
            cells![
                name(object),
                text(object, "/addressType"),
                first_few(&ports, 3),
                first_few(&addresses, 3),
                scene.age(object),
            ]
        },
    },
];

fn cluster_ip(service: &Value) -> &str {
    match at(service, "/spec/clusterIPs/0").and_then(Value::as_str) {
        Some(first) => first,
        None => text_or(service, "/spec/clusterIP", "<none>"),
    }
}

fn external_ip(service: &Value) -> String {
    let mut given = texts(list(service, "/spec/externalIPs"), ",");
    match text_or(service, "/spec/type", "ClusterIP") {
        "ClusterIP" | "NodePort" if given.is_empty() => "<none>".to_owned(),
        "ClusterIP" | "NodePort" => given,
        "LoadBalancer" => {
            let balanced = load_balancer(service);
            match (balanced.is_empty(), given.is_empty()) {
                (true, true) => "<pending>".to_owned(),
                (true, false) => given,
                (false, true) => balanced,
                (false, false) => {
                    given.insert_str(0, &format!("{balanced},"));
                    given
                }
            }
        }
        "ExternalName" => text(service, "/spec/externalName").to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

/// The addresses of a load balancer, each once, sorted.
pub(super) fn load_balancer(object: &Value) -> String {
    let ingress = list(object, "/status/loadBalancer/ingress");
    let mut addresses: Vec<&str> = ingress
        .iter()
        .map(|entry| text_or(entry, "/ip", text(entry, "/hostname")))
        .filter(|address| !address.is_empty())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.join(",")
}

fn ports(service: &Value) -> String {
    let port = |port: &Value| {
        let (number, protocol) = (int(port, "/port"), text_or(port, "/protocol", "TCP"));
        match int(port, "/nodePort") {
            on_node if on_node > 0 => format!("{number}:{on_node}/{protocol}"),
            _ => format!("{number}/{protocol}"),
        }
    };
    let ports: Vec<String> = list(service, "/spec/ports").iter().map(port).collect();
    if ports.is_empty() { "<none>".to_owned() } else { ports.join(",") }
}

fn endpoints(object: &Value) -> String {
    let subsets = list(object, "/subsets");
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let addresses = list(subset, "/addresses").iter().map(|address| text(address, "/ip"));
        let ports = list(subset, "/ports");
        if ports.is_empty() {
            all.extend(addresses.clone().map(str::to_owned));
        }
        for port in ports {
            all.extend(addresses.clone().map(|address| host_port(address, int(port, "/port"))));
        }
    }
    if all.is_empty() { String::new() } else { first_few(&all, 3) }
}

fn host_port(host: &str, port: i64) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn slice_port(port: &Value) -> String {
    match (at(port, "/port"), at(port, "/name").and_then(Value::as_str)) {
        (Some(number), _) => number.to_string(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => "*".to_owned(),
    }
}

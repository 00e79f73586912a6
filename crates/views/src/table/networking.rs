//! Who may reach what, and by which name.

use super::field::{annotation, at, list, name, selector, set_or, text, texts};
use super::{AGE, NAME, Printer, cells, text as column};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "networking.k8s.io",
        kind: "Ingress",
        columns: &[NAME, column("Class"), column("Hosts"), column("Address"), column("Ports"), AGE],
        cells: |object, scene| {
            cells![
                name(object),
                set_or(object, "/spec/ingressClassName", "<none>"),
                hosts(list(object, "/spec/rules")),
                super::services::load_balancer(object),
                if list(object, "/spec/tls").is_empty() { "80" } else { "80, 443" },
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "networking.k8s.io",
        kind: "IngressClass",
        columns: &[NAME, column("Controller"), column("Parameters"), AGE],
        cells: |object, scene| {
            let default = annotation(object, "ingressclass.kubernetes.io/is-default-class") == Some("true");
            cells![
                format!("{}{}", name(object), if default { " (default)" } else { "" }),
                text(object, "/spec/controller"),
                parameters(object),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "networking.k8s.io",
        kind: "NetworkPolicy",
        columns: &[NAME, column("Pod-Selector"), AGE],
        cells: |object, scene| cells![name(object), selector(object, "/spec/podSelector"), scene.age(object)],
    },
    Printer {
        group: "networking.k8s.io",
        kind: "ServiceCIDR",
        columns: &[NAME, column("CIDRs"), AGE],
        cells: |object, scene| cells![name(object), texts(list(object, "/spec/cidrs"), ","), scene.age(object)],
    },
    Printer {
        group: "networking.k8s.io",
        kind: "IPAddress",
        columns: &[NAME, column("ParentRef")],
        // The server sends an age too, under no column.
        cells: |object, scene| cells![name(object), parent(object), scene.age(object)],
    },
];

/// The first three hosts. A rule without a host takes no place but counts.
fn hosts(rules: &[Value]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut more = false;
    for rule in rules {
        let host = text(rule, "/host");
        more |= shown.len() == 3;
        if !more && !host.is_empty() {
            shown.push(host);
        }
    }
    match shown.join(",") {
        none if shown.is_empty() => none + "*",
        some if more => format!("{some} + {} more...", rules.len() - 3),
        all => all,
    }
}

fn parameters(class: &Value) -> String {
    let Some(parameters) = at(class, "/spec/parameters") else { return "<none>".to_owned() };
    let group = at(parameters, "/apiGroup").and_then(Value::as_str).map(|group| format!(".{group}"));
    format!("{}{}/{}", text(parameters, "/kind"), group.unwrap_or_default(), text(parameters, "/name"))
}

fn parent(address: &Value) -> String {
    let Some(parent) = at(address, "/spec/parentRef") else { return "<none>".to_owned() };
    let mut written = text(parent, "/resource").to_lowercase();
    let (group, namespace) = (text(parent, "/group").to_lowercase(), text(parent, "/namespace"));
    if !group.is_empty() {
        written = format!("{written}.{group}");
    }
    if !namespace.is_empty() {
        written = format!("{written}/{namespace}");
    }
    format!("{written}/{}", text(parent, "/name"))
}

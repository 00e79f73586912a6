//! `NetworkPolicies`: who may talk to the pods, and to whom they may talk.

use serde_json::Value;

use crate::age;
use crate::describe::page::{Page, put};
use crate::describe::value::{list, number, scalar_or, set, text, texts};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::{label_selector, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("networking.k8s.io", "NetworkPolicy")], queries: nothing, events: false, write };

/// The words of one direction.
struct Direction {
    name: &'static str,
    peers: &'static str,
    peers_field: &'static str,
    end: &'static str,
}

const INGRESS: Direction = Direction { name: "ingress", peers: "From", peers_field: "from", end: "source" };
const EGRESS: Direction = Direction { name: "egress", peers: "To", peers_field: "to", end: "destination" };

fn write(page: &mut Page, subject: &Subject) {
    let spec = subject.spec();
    page.name_and_namespace(subject.object);
    let created = age::plain(page.clock, subject.metadata()["creationTimestamp"].as_str());
    page.field(0, "Created on", created);
    page.labels_and_annotations(subject.object);
    page.put(0, "Spec:\n");
    page.put(1, "PodSelector: ");
    match label_selector(&spec["podSelector"]).as_str() {
        "" => page.put(2, "<none> (Allowing the specific traffic to all pods in this namespace)\n"),
        selector => put!(page, 2, "{selector}\n"),
    }
    let types = texts(&spec["policyTypes"]);
    for (kind, direction) in [("Ingress", INGRESS), ("Egress", EGRESS)] {
        if types.contains(&kind) {
            put!(page, 1, "Allowing {} traffic:\n", direction.name);
            rules(page, &spec[direction.name], &direction);
        } else {
            put!(page, 1, "Not affecting {} traffic\n", direction.name);
        }
    }
    put!(page, 1, "Policy Types: {}\n", or_none(types.join(", ")));
}

fn rules(page: &mut Page, rules: &Value, direction: &Direction) {
    let rules = list(rules);
    if rules.is_empty() {
        put!(page, 2, "<none> (Selected pods are isolated for {} connectivity)\n", direction.name);
    }
    for (at, rule) in rules.iter().enumerate() {
        if at > 0 {
            page.put(2, "----------\n");
        }
        let ports = list(&rule["ports"]);
        if ports.is_empty() {
            page.put(2, "To Port: <any> (traffic allowed to all ports)\n");
        }
        for port in ports {
            let (first, protocol) = (scalar_or(&port["port"], "<nil>"), scalar_or(&port["protocol"], "TCP"));
            match set(&port["endPort"]) {
                Some(last) => put!(page, 2, "To Port Range: {first}-{}/{protocol}\n", number(last)),
                None => put!(page, 2, "To Port: {first}/{protocol}\n"),
            }
        }
        let peers = list(&rule[direction.peers_field]);
        if peers.is_empty() {
            put!(page, 2, "{}: <any> (traffic not restricted by {})\n", direction.peers, direction.end);
        }
        for peer in peers {
            put!(page, 2, "{}:\n", direction.peers);
            write_peer(page, peer);
        }
    }
}

fn write_peer(page: &mut Page, peer: &Value) {
    let (namespaces, pods, block) = (&peer["namespaceSelector"], &peer["podSelector"], &peer["ipBlock"]);
    for (label, selector) in [("NamespaceSelector", namespaces), ("PodSelector", pods)] {
        if let Some(selector) = set(selector) {
            put!(page, 3, "{label}: {}\n", or_none(label_selector(selector)));
        }
    }
    if namespaces.is_null() && pods.is_null() && !block.is_null() {
        page.put(3, "IPBlock:\n");
        put!(page, 4, "CIDR: {}\n", text(&block["cidr"]));
        put!(page, 4, "Except: {}\n", texts(&block["except"]).join(", "));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn every_form_of_peer_and_port() {
        let policy = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "n", "namespace": "shop", "creationTimestamp": "2026-01-02T03:04:05Z"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": [
            {"ports": [{"port": 80}, {"protocol": "UDP"}, {"port": 1, "endPort": 9, "protocol": "TCP"}],
             "from": [{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {"a": "b"}}, "podSelector": {"matchLabels": {"c": "d"}}},
                      {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.2.0.0/16"]}}]},
            {}
        ]}});
        let expected = "\
Name:         n
Namespace:    shop
Created on:   2026-01-02 03:04:05 +0000 UTC
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     app=web
  Allowing ingress traffic:
    To Port: 80/TCP
    To Port: <nil>/UDP
    To Port Range: 1-9/TCP
    From:
      PodSelector: <none>
    From:
      NamespaceSelector: a=b
      PodSelector: c=d
    From:
      IPBlock:
        CIDR: 10.0.0.0/8
        Except: 10.1.0.0/16, 10.2.0.0/16
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Not affecting egress traffic
  Policy Types: Ingress
";
        assert_eq!(described(&policy), expected);
    }

    #[test]
    fn a_direction_without_rules_is_closed() {
        let policy = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "n"},
            "spec": {"podSelector": {}, "policyTypes": ["Egress"]}});
        let said = described(&policy);
        assert!(
            said.contains("PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)"),
            "{said}"
        );
        assert!(
            said.contains("  Not affecting ingress traffic\n  Allowing egress traffic:\n    <none> (Selected pods are"),
            "{said}"
        );
    }
}

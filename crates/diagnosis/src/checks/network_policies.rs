//! Calls that time out, from a pod whose egress a `NetworkPolicy` limits without a rule for that port.

use kloupe_model::{Object, Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "network-policy", run };

const OF_TIME_OUTS: [&str; 7] = [
    "api-unreachable",
    "api-timeout",
    "dns-failure",
    "external-api-failing",
    "webhook-unreachable",
    "network-policy-blocked",
    "cache-sync-timeout",
];

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let timeouts: Vec<&Signal> = scene
        .signals
        .iter()
        .filter(|signal| {
            OF_TIME_OUTS.contains(&signal.cause) && signal.acquitted.is_none() && speaks_of_time_out(&signal.quote)
        })
        .collect();
    if timeouts.is_empty() {
        return Vec::new();
    }
    let pods: Vec<&Object> = scene.of_kind("Pod").collect();
    let policies = scene.world.index.of_kind("NetworkPolicy");
    let policies = policies.filter(|policy| policy.reference.namespace == scene.subject.namespace);
    let mut signals = Vec::new();
    for policy in policies.filter(|policy| limits_egress(policy) && pods.iter().any(|pod| selects(policy, pod))) {
        let blocked = timeouts.iter().find(|signal| port_of(&signal.quote).is_none_or(|port| !allows(policy, port)));
        if let Some(blocked) = blocked {
            let quote = say!(
                scene.world.lang,
                en: "NetworkPolicy {}/{} selects the pod for egress and has no rule for that call",
                zh: "NetworkPolicy {}/{} 限制了该 Pod 的出站流量，且没有允许此次调用的规则",
                policy.reference.namespace, policy.reference.name
            );
            let mut signal = at(policy, "spec.egress", "network-policy-blocked", Strength::Decides, &CHECK, quote)
                .with("policy", policy.reference.name.clone());
            if let Some(address) = blocked.values.get("address").or_else(|| blocked.values.get("host")) {
                signal = signal.with("address", address.clone());
            }
            signal.object.clone_from(&blocked.object);
            signals.push(signal);
        }
    }
    signals
}

fn speaks_of_time_out(text: &str) -> bool {
    ["i/o timeout", "deadline exceeded", "handshake timeout", "timed out", "Client.Timeout"]
        .iter()
        .any(|words| text.contains(words))
}

fn limits_egress(policy: &Object) -> bool {
    let types = policy.list_at(&["spec", "policyTypes"]);
    types.iter().any(|kind| kind.as_str() == Some("Egress"))
        || types.is_empty() && policy.at(&["spec", "egress"]).is_some()
}

fn selects(policy: &Object, pod: &Object) -> bool {
    let labels = policy.at(&["spec", "podSelector", "matchLabels"]).and_then(Value::as_object);
    labels.is_none_or(|labels| labels.iter().all(|(key, value)| pod.at(&["metadata", "labels", key]) == Some(value)))
}

/// The port of the last address in the text: `dial tcp 10.0.0.1:443: i/o timeout`; a look-up goes to 53.
fn port_of(text: &str) -> Option<u64> {
    let after = |mark: &str| text.rfind(mark).map(|at| &text[at + mark.len()..]);
    if let Some(address) = after(" on ").or_else(|| after("read udp ")).filter(|_| text.contains("lookup ")) {
        return address.contains(":53").then_some(53);
    }
    let address = after("dial tcp ")?;
    let address = &address[..address.find(": ").unwrap_or(address.len())];
    address.rsplit(':').next()?.parse().ok()
}

/// Whether any egress rule allows the port to a peer outside of the policy's own pods.
fn allows(policy: &Object, port: u64) -> bool {
    policy.list_at(&["spec", "egress"]).iter().any(|rule| {
        let ports = rule.get("ports").and_then(Value::as_array);
        let port_fits = ports.is_none_or(|ports| {
            ports.is_empty()
                || ports
                    .iter()
                    .any(|allowed| allowed.get("port").and_then(Value::as_u64).is_none_or(|allowed| allowed == port))
        });
        let peers = rule.get("to").and_then(Value::as_array);
        // A selector of pods reaches cluster DNS, but not the API server, which is no pod.
        let peer_fits = peers.is_none_or(|peers| {
            peers.is_empty() || port == 53 || peers.iter().any(|peer| peer.get("ipBlock").is_some())
        });
        port_fits && peer_fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_the_failing_call_is_read() {
        assert_eq!(port_of("dial tcp 10.0.0.1:443: i/o timeout"), Some(443));
        assert_eq!(
            port_of(
                "dial tcp: lookup db.example.com on 10.96.0.10:53: read udp 10.1.0.4:4000->10.96.0.10:53: i/o timeout"
            ),
            Some(53)
        );
        assert_eq!(port_of("context deadline exceeded"), None);
    }
}

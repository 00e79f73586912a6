//! A webhook that cannot be called: does its Service exist, and has it a ready endpoint?

use kloupe_model::{Object, Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "webhook-backend", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let failing: Vec<&Signal> =
        scene.signals.iter().filter(|signal| signal.cause == "webhook-unreachable" && signal.counts()).collect();
    if failing.is_empty() {
        return Vec::new();
    }
    let mut signals = Vec::new();
    let kinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"];
    for configuration in scene.world.index.of_kinds(&kinds) {
        for webhook in configuration.list_at(&["webhooks"]) {
            let name = webhook.get("name").and_then(Value::as_str).unwrap_or_default();
            if !failing.iter().any(|signal| signal.values.get("webhook").is_some_and(|failing| failing == name)) {
                continue;
            }
            let text = |key: &str| {
                webhook.pointer(&format!("/clientConfig/service/{key}")).and_then(Value::as_str).unwrap_or_default()
            };
            signals.extend(backend(scene, configuration, name, text("namespace"), text("name")));
        }
    }
    signals
}

fn backend(scene: &Scene<'_>, configuration: &Object, webhook: &str, namespace: &str, service: &str) -> Option<Signal> {
    if service.is_empty() {
        return None;
    }
    let full = format!("{namespace}/{service}");
    let field = format!("webhooks[{webhook}].clientConfig.service");
    if scene.listed("Service", namespace) && scene.find("Service", namespace, service).is_none() {
        let quote = say!(scene.world.lang, en: "webhook {webhook} calls Service {full}, which does not exist", zh: "Webhook {webhook} 调用的 Service {full} 不存在");
        return Some(
            at(configuration, field, "webhook-unreachable", Strength::Supports, &CHECK, quote).with("service", full),
        );
    }
    let slices: Vec<&Object> = scene
        .world
        .index
        .of_kind("EndpointSlice")
        .filter(|object| object.reference.namespace == namespace)
        .filter(|slice| slice.str_at(&["metadata", "labels", "kubernetes.io/service-name"]) == Some(service))
        .collect();
    let ready = slices
        .iter()
        .flat_map(|slice| slice.list_at(&["endpoints"]))
        .any(|endpoint| endpoint.pointer("/conditions/ready").and_then(Value::as_bool) != Some(false));
    (scene.listed("EndpointSlice", namespace) && !ready).then(|| {
        let quote = say!(scene.world.lang, en: "webhook {webhook} calls Service {full}, which has no ready endpoint", zh: "Webhook {webhook} 调用的 Service {full} 没有就绪的端点");
        at(configuration, field, "webhook-unreachable", Strength::Supports, &CHECK, quote).with("service", full)
    })
}

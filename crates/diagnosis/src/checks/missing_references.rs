//! `ConfigMaps`, Secrets, `ServiceAccounts` and claims that a pod refers to and that are not there, where the whole list was read.

use kloupe_model::{Object, Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, containers, is_ready};

pub(crate) const CHECK: Check = Check { id: "missing-references", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for object in scene.subject.objects() {
        let ready = object.reference.kind == "Pod" && is_ready(object);
        let Some(spec) = object.at(&["spec", "template", "spec"]).or_else(|| object.at(&["spec"])) else { continue };
        if ready || object.reference.kind == "ReplicaSet" || !object.whole {
            continue;
        }
        for (field, kind, name) in references(object, spec) {
            signals.extend(absent(scene, object, &field, kind, name));
        }
    }
    signals
}

/// Required references: field, kind, name.
fn references<'o>(object: &'o Object, spec: &'o Value) -> Vec<(String, &'static str, &'o str)> {
    let mut found = Vec::new();
    let mut add = |field: String, kind, holder: &'o Value, key: &str| {
        let optional = holder.get("optional").and_then(Value::as_bool) == Some(true);
        if let Some(name) = holder.get(key).and_then(Value::as_str).filter(|_| !optional) {
            found.push((field, kind, name));
        }
    };
    for container in containers(object) {
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
        for (list, config, secret) in [
            ("envFrom", "/configMapRef", "/secretRef"),
            ("env", "/valueFrom/configMapKeyRef", "/valueFrom/secretKeyRef"),
        ] {
            for entry in container.get(list).and_then(Value::as_array).into_iter().flatten() {
                for (path, kind) in [(config, "ConfigMap"), (secret, "Secret")] {
                    if let Some(holder) = entry.pointer(path) {
                        add(format!("spec.containers[{name}].{list}"), kind, holder, "name");
                    }
                }
            }
        }
    }
    for volume in spec.get("volumes").and_then(Value::as_array).into_iter().flatten() {
        let name = volume.get("name").and_then(Value::as_str).unwrap_or_default();
        for (key, kind, of) in [
            ("configMap", "ConfigMap", "name"),
            ("secret", "Secret", "secretName"),
            ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
        ] {
            if let Some(holder) = volume.get(key) {
                add(format!("spec.volumes[{name}]"), kind, holder, of);
            }
        }
    }
    if let Some(account) =
        spec.get("serviceAccountName").and_then(Value::as_str).filter(|account| *account != "default")
    {
        found.push(("spec.serviceAccountName".to_owned(), "ServiceAccount", account));
    }
    found
}

fn absent(scene: &Scene<'_>, object: &Object, field: &str, kind: &'static str, name: &str) -> Option<Signal> {
    let namespace = &object.reference.namespace;
    if !scene.listed(kind, namespace) || scene.find(kind, namespace, name).is_some() {
        return None;
    }
    let (cause, hole) = match kind {
        "ConfigMap" => ("config-reference-missing", "configmap"),
        "Secret" => ("config-reference-missing", "secret"),
        "ServiceAccount" => ("service-account-missing", "serviceAccount"),
        _ => ("volume-unavailable", "volume"),
    };
    let quote = say!(scene.world.lang, en: "{kind} {namespace}/{name} is referred to and does not exist", zh: "引用的 {kind} {namespace}/{name} 不存在");
    Some(at(object, field, cause, Strength::Supports, &CHECK, quote).with(hole, name))
}

//! The controller is told to watch other namespaces than that of the object asked about.

use kloupe_model::{Object, Strength};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, containers};

pub(crate) const CHECK: Check = Check { id: "watch-scope", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let Some(asked) = scene
        .subject
        .object
        .map(|at| &scene.world.facts.objects[at].reference)
        .filter(|asked| !asked.namespace.is_empty())
    else {
        return Vec::new();
    };
    let key = format!("{}/{}", asked.namespace, asked.name);
    let seen = scene.subject.logs.iter().any(|log| scene.world.logs[*log].digest.objects.contains_key(&key));
    if seen {
        return Vec::new();
    }
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "Pod"];
    let workload = kinds.iter().find_map(|kind| scene.of_kind(kind).next());
    workload
        .into_iter()
        .flat_map(|workload| limits(scene, workload))
        .filter(|(_, value)| !value.split(',').any(|namespace| namespace.trim() == asked.namespace))
        .map(|(field, value)| {
            let workload = workload.expect("it has limits");
            let mut signal = at(
                workload,
                field.clone(),
                "cache-scope-mismatch",
                Strength::Decides,
                &CHECK,
                format!("{field}: {value}"),
            )
            .with("value", value);
            signal.object = Some(key.clone());
            signal.with("key", key.clone())
        })
        .collect()
}

/// Arguments and variables that limit the watch to namespaces, with their values.
fn limits(scene: &Scene<'_>, workload: &Object) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for container in containers(workload) {
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
        let list = |key: &str| container.get(key).and_then(Value::as_array).into_iter().flatten();
        for argument in list("command").chain(list("args")).filter_map(Value::as_str) {
            let Some((flag, value)) = argument.trim_start_matches('-').split_once('=') else { continue };
            if argument.starts_with('-') && names_namespaces(flag) {
                found.push((format!("spec.containers[{name}].args[--{flag}]"), own_namespace(scene, value)));
            }
        }
        for variable in list("env") {
            let flag = variable.get("name").and_then(Value::as_str).unwrap_or_default();
            if names_namespaces(flag) {
                let value = match variable.pointer("/valueFrom/fieldRef/fieldPath").and_then(Value::as_str) {
                    Some("metadata.namespace") => scene.subject.namespace.clone(),
                    _ => variable.get("value").and_then(Value::as_str).unwrap_or_default().to_owned(),
                };
                found.push((format!("spec.containers[{name}].env[{flag}]"), value));
            }
        }
    }
    found.retain(|(_, value)| !value.is_empty() && value != "*" && !value.contains("$("));
    found
}

/// `--namespace=$(POD_NAMESPACE)` is the controller's own namespace in all but name.
fn own_namespace(scene: &Scene<'_>, value: &str) -> String {
    if value.starts_with("$(") && value.contains("NAMESPACE") {
        scene.subject.namespace.clone()
    } else {
        value.to_owned()
    }
}

fn names_namespaces(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "-");
    matches!(
        name.as_str(),
        "namespace"
            | "namespaces"
            | "watch-namespace"
            | "watch-namespaces"
            | "watched-namespaces"
            | "watched-namespace"
            | "target-namespaces"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flags_of_the_watch_count() {
        for name in ["WATCH_NAMESPACE", "namespace", "watch-namespaces"] {
            assert!(names_namespaces(name), "{name}");
        }
        for name in ["POD_NAMESPACE", "leader-election-namespace", "webhook-namespace"] {
            assert!(!names_namespaces(name), "{name}");
        }
    }
}

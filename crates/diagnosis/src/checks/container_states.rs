//! What the container statuses say without a message: killed for memory, exits, crash loops, waiting reasons.

use kloupe_model::{Object, Strength};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, containers};

pub(crate) const CHECK: Check = Check { id: "container-state", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for pod in scene.of_kind("Pod") {
        for key in ["initContainerStatuses", "containerStatuses"] {
            for status in pod.list_at(&["status", key]) {
                of_container(scene, pod, key, status, &mut signals);
            }
        }
    }
    signals
}

fn of_container(scene: &Scene<'_>, pod: &Object, key: &str, status: &Value, signals: &mut Vec<Signal>) {
    let name = status.get("name").and_then(Value::as_str).unwrap_or_default();
    let restarts = status.get("restartCount").and_then(Value::as_u64).unwrap_or_default();
    for state in ["state", "lastState"] {
        let Some(ended) = status.pointer(&format!("/{state}/terminated")) else { continue };
        let reason = ended.get("reason").and_then(Value::as_str).unwrap_or_default();
        let code = ended.get("exitCode").and_then(Value::as_i64).unwrap_or_default();
        let field = format!("status.{key}[{name}].{state}.terminated");
        let said = format!("reason: {reason}, exit code {code}, {restarts} restarts");
        if reason == "OOMKilled" {
            let limit = memory_limit(scene, pod, name);
            let quote = limit.as_ref().map_or_else(|| said.clone(), |limit| format!("{said}; limits.memory: {limit}"));
            let mut signal = at(pod, field, "oom-killed", Strength::Decides, &CHECK, quote).with("container", name);
            if let Some(limit) = limit {
                if let Some((double, go)) = doubled(&limit) {
                    signal = signal.with("doubleLimit", double).with("goMemoryLimit", go);
                }
                signal = signal.with("limit", limit);
            }
            signals.push(signal);
        } else if code != 0 && code != 143 && (restarts > 0 || state == "state") {
            let strength = if restarts >= 2 || state == "state" { Strength::Supports } else { Strength::Weak };
            signals.push(
                at(pod, field, "crash-unexplained", strength, &CHECK, said)
                    .with("container", name)
                    .with("exitCode", code.to_string()),
            );
        }
    }
    let waiting = status.pointer("/state/waiting/reason").and_then(Value::as_str).unwrap_or_default();
    let field = format!("status.{key}[{name}].state.waiting.reason");
    let image = status.get("image").and_then(Value::as_str).unwrap_or_default();
    let causes: &[&'static str] = match waiting {
        "ErrImagePull" | "ImagePullBackOff" => &["image-not-found", "image-pull-denied", "image-registry-unreachable"],
        "CreateContainerConfigError" => &["config-reference-missing", "security-context-denied"],
        "CrashLoopBackOff" => &["crash-unexplained"],
        _ => return,
    };
    let strength = if waiting == "CrashLoopBackOff" { Strength::Supports } else { Strength::Weak };
    for cause in causes {
        let quote = format!("reason: {waiting}, {restarts} restarts");
        signals
            .push(at(pod, field.clone(), cause, strength, &CHECK, quote).with("container", name).with("image", image));
    }
}

/// Twice a memory limit as Kubernetes writes it, and nine tenths of that as Go's `GOMEMLIMIT` does.
fn doubled(limit: &str) -> Option<(String, String)> {
    let digits = limit.find(|c: char| !c.is_ascii_digit()).unwrap_or(limit.len());
    let number: u64 = limit[..digits].parse().ok()?;
    let mebibytes = match &limit[digits..] {
        "Ki" => number / 1024,
        "Mi" => number,
        "Gi" => number * 1024,
        "M" => number * 1_000_000 / 1_048_576,
        "G" => number * 1_000_000_000 / 1_048_576,
        "" => number / 1_048_576,
        _ => return None,
    };
    let double = mebibytes.max(1) * 2;
    Some((format!("{double}Mi"), format!("{}MiB", double * 9 / 10)))
}

/// The memory limit of a container, from the pod or from its workload's template.
fn memory_limit(scene: &Scene<'_>, pod: &Object, container: &str) -> Option<String> {
    let own = containers(pod).chain(scene.subject.objects().flat_map(containers));
    let mut limits = own
        .filter(|spec| spec.get("name").and_then(Value::as_str) == Some(container))
        .filter_map(|spec| spec.pointer("/resources/limits/memory"));
    limits
        .next()
        .and_then(|limit| limit.as_str().map(str::to_owned).or_else(|| limit.as_u64().map(|bytes| bytes.to_string())))
}

#[cfg(test)]
mod tests {
    use super::doubled;

    #[test]
    fn limits_are_doubled_in_any_unit() {
        assert_eq!(doubled("64Mi"), Some(("128Mi".into(), "115MiB".into())));
        assert_eq!(doubled("1Gi"), Some(("2048Mi".into(), "1843MiB".into())));
        assert_eq!(doubled("much"), None);
    }
}

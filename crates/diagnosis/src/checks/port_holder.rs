//! A port that cannot be bound: which other container of the pod, or program on the host, has it?

use kloupe_model::{Object, Strength, say};
use serde_json::Value;

use super::{Check, Scene, at};
use crate::engine::{Signal, containers};

pub(crate) const CHECK: Check = Check { id: "port-holder", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for refused in scene.signals.iter().filter(|signal| signal.cause == "port-in-use" && signal.counts()) {
        let address = refused.values.get("port").or_else(|| refused.values.get("address"));
        let Some(port) =
            address.and_then(|address| address.rsplit(':').next()).and_then(|port| port.parse::<u64>().ok())
        else {
            continue;
        };
        let own = refused.values.get("container").cloned().or_else(|| container_of(scene, refused));
        for object in scene.subject.objects().filter(|object| object.reference.kind != "ReplicaSet") {
            signals.extend(holders(scene, object, port, own.as_deref()));
        }
    }
    signals
}

/// The container whose log it was.
fn container_of(scene: &Scene<'_>, refused: &Signal) -> Option<String> {
    match refused.origin {
        crate::engine::Origin::Log { log, .. } => scene.world.logs[log].container.clone(),
        _ => None,
    }
}

fn holders(scene: &Scene<'_>, object: &Object, port: u64, own: Option<&str>) -> Vec<Signal> {
    let lang = scene.world.lang;
    let mut signals = Vec::new();
    for container in containers(object) {
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
        let declares = container
            .get("ports")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|declared| declared.get("containerPort").and_then(Value::as_u64) == Some(port));
        if declares && own.is_some_and(|own| own != name) {
            let image = container.get("image").and_then(Value::as_str).unwrap_or_default();
            let quote = say!(lang, en: "container {name} ({image}) of the same pod declares port {port} too", zh: "同一 Pod 中的容器 {name}（{image}）也声明了端口 {port}");
            signals.push(at(
                object,
                format!("spec.containers[{name}].ports"),
                "port-in-use",
                Strength::Supports,
                &CHECK,
                quote,
            ));
        }
    }
    let host = object
        .at(&["spec", "hostNetwork"])
        .or_else(|| object.at(&["spec", "template", "spec", "hostNetwork"]))
        .and_then(Value::as_bool);
    if host == Some(true) {
        let quote = say!(lang, en: "the pod uses the host's network: any program on the node can hold port {port}", zh: "该 Pod 使用主机网络：节点上的任何程序都可能占用端口 {port}");
        signals.push(at(object, "spec.hostNetwork", "port-in-use", Strength::Supports, &CHECK, quote));
    }
    signals
}

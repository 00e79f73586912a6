//! A refusal that was read, held against the captured Roles and Bindings: do the rules agree, and what is granted instead?

use kloupe_model::{Place, Strength, say};

use super::{Check, Scene};
use crate::engine::Signal;
use crate::rbac::{Answer, Request, granted_verbs, judge};

pub(crate) const CHECK: Check = Check { id: "access-rules", run };

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let mut signals = Vec::new();
    let mut judged = std::collections::BTreeSet::new();
    for refused in scene.signals.iter().filter(|signal| signal.cause.starts_with("rbac-") && signal.counts()) {
        let value = |key: &str| refused.values.get(key).map(String::as_str);
        let (Some(user), Some(verb), Some(resource)) = (value("user"), value("verb"), value("resource")) else {
            continue;
        };
        let at_cluster_scope = refused.quote.contains("at the cluster scope");
        let namespace = if at_cluster_scope { "" } else { value("namespace").unwrap_or_default() };
        let group = value("group").unwrap_or_default();
        if !judged.insert((refused.cause, user, verb, group, resource, namespace)) {
            continue;
        }
        if judge(scene.world.index.rules(), scene.world.facts, &Request { user, verb, group, resource, namespace })
            == Answer::Denied
        {
            signals.extend(agree(scene, refused, (user, verb, group, resource)));
        }
    }
    signals
}

/// The evidence that no rule grants it, at the role that comes nearest.
fn agree(
    scene: &Scene<'_>,
    refused: &Signal,
    (user, verb, group, resource): (&str, &str, &str, &str),
) -> Option<Signal> {
    let lang = scene.world.lang;
    let quote = match granted_verbs(scene.world.index.rules(), user, group, resource) {
        Some((verbs, role)) => {
            let verbs = verbs.join(", ");
            say!(lang, en: "{role} grants {verbs} on {resource}; no rule grants {verb}", zh: "{role} 授予了 {resource} 的 {verbs}；没有规则授予 {verb}")
        }
        None => {
            say!(lang, en: "no rule that binds {user} grants {verb} on {resource}", zh: "绑定到 {user} 的规则中没有一条授予 {resource} 的 {verb}")
        }
    };
    let kinds = ["ClusterRoleBinding", "RoleBinding"];
    let file = scene.world.facts.listed.iter().find(|listed| kinds.contains(&listed.kind.as_str()))?.file.clone();
    let mut signal = Signal::of_object(refused.cause, Strength::Supports, CHECK.id, Place::File { file }, quote);
    signal.object.clone_from(&refused.object);
    Some(signal)
}

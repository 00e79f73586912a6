//! The values of a case, by the names that the catalogue's sentences and commands use: what the evidence captured, and what the facts add.

use std::collections::BTreeMap;

use kloupe_model::{Object, Place, say};
use serde_json::Value;

use super::{Origin, Signal, Subject, World};

/// Fields of log records that say nothing about the case.
const NOISE: [&str; 12] =
    ["ts", "time", "timestamp", "level", "severity", "caller", "stacktrace", "reconcileID", "error", "err", "msg", "v"];
const MAX_VALUE: usize = 400;
const MAX_MESSAGE: usize = 240;

/// The values of a root, of which `signals` speak, the strongest first.
pub(crate) fn of(world: &World<'_>, subject: &Subject, signals: &[&Signal]) -> BTreeMap<String, String> {
    let mut values = captured(signals);
    if let Some(primary) = signals.first() {
        access(world, primary, &mut values);
        around(world, subject, primary, &mut values);
        // What the kubelet says of a crash are no words of the program.
        if primary.cause != "crash-unexplained" || matches!(primary.origin, Origin::Log { .. }) {
            set(&mut values, "message", shorten(&primary.quote));
        }
        set(&mut values, "count", signals.iter().map(|signal| signal.count).max().unwrap_or(1).to_string());
    }
    split(&mut values);
    of_subject(subject, &mut values);
    of_container(subject, &mut values);
    values.retain(|_, value| !value.is_empty());
    values
}

fn set(values: &mut BTreeMap<String, String>, name: &str, value: impl Into<String>) {
    values.entry(name.to_owned()).or_insert_with(|| value.into());
}

/// What the evidence captured; the strongest is heard first. `namespace` is kept for the subject's.
fn captured(signals: &[&Signal]) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, value) in signals.iter().flat_map(|signal| &signal.values) {
        if NOISE.contains(&name.as_str()) || value.len() > MAX_VALUE || value.contains('\n') {
            continue;
        }
        let name = if name == "namespace" { "deniedNamespace" } else { name };
        set(&mut values, name, value.trim());
    }
    values
}

/// Who was refused, and where.
fn access(world: &World<'_>, primary: &Signal, values: &mut BTreeMap<String, String>) {
    let Some(user) = values.get("user").cloned() else { return };
    if let Some((namespace, name)) = user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
        set(values, "serviceAccountNamespace", namespace);
        set(values, "serviceAccount", name);
    }
    if !values.contains_key("verb") {
        return;
    }
    if primary.quote.contains("at the cluster scope") {
        values.remove("deniedNamespace");
    }
    let scope = match values.get("deniedNamespace") {
        Some(namespace) => say!(world.lang, en: "in the namespace {namespace}", zh: "在命名空间 {namespace} 中"),
        None => say!(world.lang, en: "in the whole cluster", zh: "在整个集群范围内"),
    };
    set(values, "scope", scope);
    let group = values.get("group").filter(|group| !group.is_empty()).cloned().unwrap_or_else(|| "\"\"".to_owned());
    set(values, "apiGroup", group);
}

/// What stands around the deciding evidence: the object it was about, its pod and container.
fn around(world: &World<'_>, subject: &Subject, primary: &Signal, values: &mut BTreeMap<String, String>) {
    let asked = subject.object.map(|at| &world.facts.objects[at].reference);
    if let Some(object) = &primary.object {
        set(values, "object", object.clone());
    } else if let Some(asked) = asked {
        set(values, "object", format!("{}/{}", asked.namespace, asked.name));
    }
    let kind = values.get("controllerKind").cloned().or_else(|| asked.map(|asked| asked.kind.clone()));
    if let Some(kind) = kind {
        set(values, "objectKind", kind);
    }
    match (&primary.origin, &primary.place) {
        (Origin::Log { log, .. }, _) => {
            let log = &world.logs[*log];
            for (name, value) in [("pod", &log.pod), ("container", &log.container)] {
                if let Some(value) = value {
                    set(values, name, value.clone());
                }
            }
        }
        (_, Place::Event { object, .. } | Place::Field { object, .. }) if object.kind == "Pod" => {
            set(values, "pod", object.name.clone());
        }
        _ => {}
    }
}

/// Compound values name their parts: `widgets.example.com` is a resource and a group.
fn split(values: &mut BTreeMap<String, String>) {
    // controller-runtime writes kind and group into one field.
    if let Some((kind, group)) = values
        .get("kind")
        .and_then(|kind| kind.split_once('.'))
        .map(|(kind, group)| (kind.to_owned(), group.to_owned()))
    {
        set(values, "gk", format!("{kind}.{group}"));
        set(values, "group", group);
        values.insert("kind".to_owned(), kind);
    }
    for (whole, mark, first, second) in
        [("gr", '.', "resource", "group"), ("gk", '.', "kind", "group"), ("gv", '/', "group", "version")]
    {
        if let Some((a, b)) =
            values.get(whole).and_then(|value| value.split_once(mark)).map(|(a, b)| (a.to_owned(), b.to_owned()))
        {
            set(values, first, a);
            set(values, second, b);
        }
    }
    if let Some(kind) = values.get("type").and_then(|of_go| of_go.rsplit(['.', '*']).next()).map(str::to_owned) {
        set(values, "kind", kind);
    }
    if !values.contains_key("gr")
        && let (Some(resource), Some(group)) =
            (values.get("resource"), values.get("group").filter(|group| !group.is_empty()))
    {
        let whole = format!("{resource}.{group}");
        set(values, "gr", whole);
    }
    if let Some(key) = values.get("key").filter(|key| key.contains('/')).cloned() {
        set(values, "object", key);
    }
}

fn of_subject(subject: &Subject, values: &mut BTreeMap<String, String>) {
    set(values, "subject", subject.name.clone());
    let name = subject.name.rsplit('/').next().unwrap_or_default().to_owned();
    set(values, "program", name.clone());
    set(values, "subjectName", name);
    if !subject.namespace.is_empty() {
        set(values, "namespace", subject.namespace.clone());
    }
    if let Some((namespace, name)) = &subject.account {
        set(values, "serviceAccountNamespace", namespace.clone());
        set(values, "serviceAccount", name.clone());
    }
    if let Some(pod) = subject.pod_objects().map(|pod| &pod.reference.name).chain(&subject.pods).next() {
        set(values, "pod", pod.clone());
    }
}

/// What the objects say of the container that is spoken of, else of the one that restarts most.
fn of_container(subject: &Subject, values: &mut BTreeMap<String, String>) {
    let statuses = || {
        subject.pod_objects().flat_map(|pod| {
            ["containerStatuses", "initContainerStatuses"]
                .into_iter()
                .flat_map(move |key| pod.list_at(&["status", key]))
        })
    };
    let restarts = |status: &&Value| status.get("restartCount").and_then(Value::as_u64).unwrap_or_default();
    let name = |status: &Value| status.get("name").and_then(Value::as_str).map(str::to_owned);
    if !values.contains_key("container") {
        let specs: Vec<&Value> = subject.objects().flat_map(containers).collect();
        let only = specs
            .first()
            .filter(|first| specs.iter().all(|spec| spec.get("name") == first.get("name")))
            .and_then(|spec| name(spec));
        if let Some(found) = statuses().max_by_key(restarts).and_then(name).or(only) {
            set(values, "container", found);
        }
    }
    let Some(container) = values.get("container").cloned() else { return };
    let own = |value: &&Value| value.get("name").and_then(Value::as_str) == Some(container.as_str());
    if let Some(status) = statuses().filter(own).max_by_key(restarts) {
        if restarts(&status) > 0 {
            set(values, "restarts", restarts(&status).to_string());
        }
        let exit = ["lastState", "state"]
            .iter()
            .find_map(|state| status.get(*state)?.get("terminated")?.get("exitCode")?.as_i64());
        if let Some(exit) = exit {
            set(values, "exitCode", exit.to_string());
        }
    }
    let spec = subject.objects().flat_map(containers).find(own);
    if let Some(image) = spec.and_then(|spec| spec.get("image")).and_then(Value::as_str) {
        set(values, "image", image);
    }
}

/// The container specs of a pod, or of a workload's template.
pub(crate) fn containers(object: &Object) -> impl Iterator<Item = &Value> {
    let spec = object.at(&["spec", "template", "spec"]).or_else(|| object.at(&["spec"]));
    ["containers", "initContainers"].into_iter().filter_map(move |key| spec?.get(key)?.as_array()).flatten()
}

/// The first line of a quote, at most `MAX_MESSAGE` characters.
pub(crate) fn shorten(quote: &str) -> String {
    let line = quote.lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_MESSAGE) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

//! What a pod asks for and may use in all, as the scheduler counts it.

use super::value::{is_set, list, set, text};
use crate::quantity::Quantity;
use serde_json::Value;
use std::collections::BTreeMap;

/// Amounts by the name of the resource.
pub(crate) type Amounts<'a> = BTreeMap<&'a str, Quantity>;

/// Requests or limits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Requests,
    Limits,
}

impl Part {
    fn field(self) -> &'static str {
        if self == Part::Requests { "requests" } else { "limits" }
    }
}

/// Which of the amounts of a container count: what was written, what the node set aside, what the container has got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Spec,
    Allocated,
    Actual,
}

/// What the pod needs in all. With `with_status`, what a running container has got counts too, if it is more.
pub(crate) fn of_pod(pod: &Value, part: Part, with_status: bool) -> Amounts<'_> {
    let mut total = of_containers(pod, part, with_status);
    let spec = &pod["spec"];
    // Limits of the pod count as soon as anything is set for the pod.
    let decides: &[&str] = if part == Part::Requests { &["requests"] } else { &["requests", "limits"] };
    if decides.iter().any(|field| amounts(&spec["resources"][field]).keys().any(|name| is_of_pods(name))) {
        total.extend(amounts(&spec["resources"][part.field()]).into_iter().filter(|(name, _)| is_of_pods(name)));
    }
    for (name, overhead) in amounts(&spec["overhead"]) {
        match (part, total.get_mut(name)) {
            (Part::Limits, Some(limit)) if !limit.is_zero() => *limit = limit.plus(overhead),
            (Part::Limits, _) => {}
            (Part::Requests, _) => add_one(&mut total, name, overhead),
        }
    }
    total
}

/// Whether the resource can be set for a whole pod.
fn is_of_pods(name: &str) -> bool {
    name == "cpu" || name == "memory" || name.starts_with("hugepages-")
}

fn of_containers(pod: &Value, part: Part, with_status: bool) -> Amounts<'_> {
    if !with_status {
        return sum(pod, part, Of::Spec, false);
    }
    let infeasible = list(&pod["status"]["conditions"])
        .iter()
        .find(|condition| condition["type"] == "PodResizePending")
        .is_some_and(|condition| condition["reason"] == "Infeasible");
    let mut total = if infeasible { Amounts::new() } else { sum(pod, part, Of::Spec, infeasible) };
    raise(&mut total, &sum(pod, part, Of::Actual, infeasible));
    if part == Part::Requests {
        raise(&mut total, &sum(pod, part, Of::Allocated, infeasible));
    }
    total
}

/// All containers at once, or what the init containers need one after the other beside those that stay, if that is more.
fn sum(pod: &Value, part: Part, of: Of, infeasible: bool) -> Amounts<'_> {
    let spec = &pod["spec"];
    let mut total = Amounts::new();
    for container in list(&spec["containers"]) {
        add(&mut total, &of_container(pod, container, part, of, infeasible));
    }
    let (mut staying, mut most) = (Amounts::new(), Amounts::new());
    for container in list(&spec["initContainers"]) {
        let mut own = of_container(pod, container, part, of, infeasible);
        if container["restartPolicy"] == "Always" {
            add(&mut total, &own);
            add(&mut staying, &own);
            raise(&mut most, &staying);
        } else {
            add(&mut own, &staying);
            raise(&mut most, &own);
        }
    }
    raise(&mut total, &most);
    total
}

fn of_container<'a>(pod: &'a Value, container: &'a Value, part: Part, of: Of, infeasible: bool) -> Amounts<'a> {
    let written = &container["resources"][part.field()];
    if of == Of::Spec {
        return amounts(written);
    }
    let status = ["containerStatuses", "initContainerStatuses"]
        .iter()
        .flat_map(|field| list(&pod["status"][field]))
        .find(|status| status["name"] == container["name"])
        .unwrap_or(&Value::Null);
    let got = set(&status["resources"][part.field()]).filter(|_| of == Of::Actual);
    let allocated = set(&status["allocatedResources"]).filter(|_| part == Part::Requests);
    let otherwise = if infeasible { &Value::Null } else { written };
    amounts(got.or(allocated).unwrap_or(otherwise))
}

/// A map of quantities.
pub(crate) fn amounts(map: &Value) -> Amounts<'_> {
    let pairs = map.as_object().into_iter().flatten();
    pairs.filter_map(|(name, amount)| Some((name.as_str(), parsed(amount)?))).collect()
}

fn parsed(amount: &Value) -> Option<Quantity> {
    if is_set(amount) && amount.is_string() {
        Quantity::parse(text(amount))
    } else {
        Quantity::parse(&amount.to_string())
    }
}

/// Adds amounts to others.
pub(crate) fn add<'a>(total: &mut Amounts<'a>, more: &Amounts<'a>) {
    for (name, amount) in more {
        add_one(total, name, *amount);
    }
}

fn add_one<'a>(total: &mut Amounts<'a>, name: &'a str, amount: Quantity) {
    total.entry(name).and_modify(|sum| *sum = sum.plus(amount)).or_insert(amount);
}

/// Raises amounts to others that are more.
fn raise<'a>(total: &mut Amounts<'a>, other: &Amounts<'a>) {
    for (name, amount) in other {
        let most = total.entry(name).or_insert(*amount);
        if amount.compare(*most).is_gt() {
            *most = *amount;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cpu(pod: &Value, part: Part, with_status: bool) -> String {
        of_pod(pod, part, with_status).get("cpu").map_or_else(|| "none".to_owned(), Quantity::to_string)
    }

    fn asks(cpu: &str) -> Value {
        json!({"requests": {"cpu": cpu}, "limits": {"cpu": cpu}})
    }

    #[test]
    fn sidecars_stay_and_other_init_containers_go() {
        let pod = json!({"spec": {
            "containers": [{"name": "a", "resources": asks("100m")}, {"name": "b", "resources": asks("100m")}],
            "initContainers": [
                {"name": "early", "resources": asks("150m")},
                {"name": "side", "restartPolicy": "Always", "resources": asks("50m")},
                {"name": "late", "resources": asks("150m")}
            ]
        }});
        assert_eq!(cpu(&pod, Part::Requests, false), "250m", "the containers and the sidecar");
        let mut large = pod.clone();
        large["spec"]["initContainers"][2]["resources"] = asks("220m");
        assert_eq!(cpu(&large, Part::Requests, false), "270m", "the last init container beside the sidecar");
        large["spec"]["initContainers"][0]["resources"] = asks("280m");
        assert_eq!(cpu(&large, Part::Limits, false), "280m", "the first init container, before the sidecar");
    }

    #[test]
    fn what_is_set_for_the_pod_wins_and_overhead_comes_on_top() {
        let mut pod = json!({"spec": {
            "containers": [{"name": "a", "resources": asks("100m")}, {"name": "b"}],
            "resources": {"requests": {"cpu": "1", "example.com/thing": "3"}},
            "overhead": {"cpu": "5m", "memory": "1Mi"}
        }});
        assert_eq!((cpu(&pod, Part::Requests, false), cpu(&pod, Part::Limits, false)), ("1005m".into(), "105m".into()));
        let requests = of_pod(&pod, Part::Requests, false);
        assert_eq!(requests.get("memory").map(Quantity::to_string).as_deref(), Some("1Mi"));
        assert!(!requests.contains_key("example.com/thing"), "pods have no such thing");
        assert!(!of_pod(&pod, Part::Limits, false).contains_key("memory"), "no limit, no overhead on it");
        pod["spec"]["resources"]["limits"] = json!({"cpu": "2"});
        assert_eq!(cpu(&pod, Part::Limits, false), "2005m");
    }

    #[test]
    fn a_resize_counts_with_what_the_container_still_has() {
        let mut pod = json!({
            "spec": {"containers": [{"name": "a", "resources": asks("100m")}]},
            "status": {"containerStatuses": [
                {"name": "a", "allocatedResources": {"cpu": "300m"}, "resources": asks("200m")}
            ]}
        });
        assert_eq!(cpu(&pod, Part::Requests, false), "100m");
        assert_eq!(cpu(&pod, Part::Requests, true), "300m");
        assert_eq!(cpu(&pod, Part::Limits, true), "200m");
        pod["spec"]["containers"][0]["resources"] = asks("8");
        assert_eq!(cpu(&pod, Part::Requests, true), "8");
        pod["status"]["conditions"] = json!([{"type": "PodResizePending", "reason": "Infeasible"}]);
        assert_eq!((cpu(&pod, Part::Requests, true), cpu(&pod, Part::Limits, true)), ("300m".into(), "200m".into()));
        pod["status"]["conditions"] = json!([{"type": "PodResizePending", "reason": "Deferred"}]);
        assert_eq!(cpu(&pod, Part::Limits, true), "8");
    }
}

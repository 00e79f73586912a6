//! `HorizontalPodAutoscalers`. Whatever version was asked for, kubectl shows `autoscaling/v2`, and `v1` only where there is no other.

use serde_json::Value;

use crate::describe::page::{Page, put};
use crate::describe::value::{canonical, list, number, quoted, scalar_or, set, text};
use crate::describe::{Describer, Query, Subject};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("autoscaling", "HorizontalPodAutoscaler")], queries, events: true, write };

const NEWEST: &str = "autoscaling/v2";
const UNKNOWN: &str = "<unknown>";

fn queries(object: &Value) -> Vec<Query> {
    newest(object).into_iter().collect()
}

/// The same object in the version that has all fields.
fn newest(object: &Value) -> Option<Query> {
    let metadata = &object["metadata"];
    (text(&object["apiVersion"]) != NEWEST).then(|| Query {
        name: Some(text(&metadata["name"]).to_owned()),
        ..Query::list(NEWEST, "horizontalpodautoscalers", text(&metadata["namespace"]))
    })
}

fn write(page: &mut Page, subject: &Subject) {
    let other = newest(subject.object).and_then(|query| subject.items(&query).first());
    let object = other.unwrap_or(subject.object);
    let (spec, status) = (&object["spec"], &object["status"]);
    let target = &spec["scaleTargetRef"];
    page.name_and_namespace(object);
    page.labels_and_annotations(object);
    page.time(0, "CreationTimestamp", &object["metadata"]["creationTimestamp"]);
    page.field(0, "Reference", format!("{}/{}", text(&target["kind"]), text(&target["name"])));
    if text(&object["apiVersion"]) == "autoscaling/v1" {
        cpu_only(page, object);
    } else {
        page.put(0, "Metrics:\t( current / target )\n");
        for (at, metric) in list(&spec["metrics"]).iter().enumerate() {
            let measured = list(&status["currentMetrics"]).get(at).unwrap_or(&Value::Null);
            let line = metric_line(metric, measured);
            put!(page, 1, "{line}\n");
        }
    }
    page.field(0, "Min replicas", scalar_or(&spec["minReplicas"], "<unset>"));
    page.field(0, "Max replicas", number(&spec["maxReplicas"]));
    if let Some(behavior) = set(&spec["behavior"]) {
        page.put(0, "Behavior:\n");
        direction(page, "Scale Up", &behavior["scaleUp"]);
        direction(page, "Scale Down", &behavior["scaleDown"]);
    }
    let (current, desired) = (number(&status["currentReplicas"]), number(&status["desiredReplicas"]));
    put!(page, 0, "{} pods:\t{current} current / {desired} desired\n", text(&target["kind"]));
    page.conditions(&status["conditions"], &["Type", "Status", "Reason", "Message"], |_, condition| {
        ["type", "status", "reason", "message"].map(|field| text(&condition[field])).join("\t")
    });
}

fn cpu_only(page: &mut Page, object: &Value) {
    if let Some(target) = set(&object["spec"]["targetCPUUtilizationPercentage"]) {
        page.field(0, "Target CPU utilization", format!("{}%", number(target)));
        let current = scalar_or(&object["status"]["currentCPUUtilizationPercentage"], UNKNOWN);
        page.field(0, "Current CPU utilization", format!("{current}%"));
    }
}

/// One metric: what it is, what was measured, what is aimed at.
fn metric_line(metric: &Value, measured: &Value) -> String {
    let kind = text(&metric["type"]);
    let field = match kind {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return format!("<unknown metric type {}>", quoted(kind)),
    };
    let source = &metric[field];
    let (name, target) = (text(&source["metric"]["name"]), &source["target"]);
    let current = set(&measured[field]).map(|measured| &measured["current"]);
    let resource = text(&source["name"]);
    match kind {
        "External" if !target["averageValue"].is_null() => {
            let current =
                current.and_then(|current| set(&current["averageValue"])).map_or(UNKNOWN.to_owned(), canonical);
            format!("{} (target average value):\t{current} / {}", quoted(name), amount(&target["averageValue"]))
        }
        "External" => format!("{} (target value):\t{}", quoted(name), against(current, target, "value")),
        "Pods" => format!("{} on pods:\t{}", quoted(name), against(current, target, "averageValue")),
        "Object" => {
            let described = &source["describedObject"];
            let (label, value) = match text(&target["type"]) {
                "AverageValue" => ("average value", "averageValue"),
                _ => ("value", "value"),
            };
            let (kind, of) = (text(&described["kind"]), text(&described["name"]));
            format!("\"{name}\" on {kind}/{of} (target {label}):\t{}", against(current, target, value))
        }
        "Resource" => format!("resource {resource} on pods{}", consumption(current, target)),
        _ => {
            let container = text(&source["container"]);
            format!("resource {resource} of container \"{container}\" on pods{}", consumption(current, target))
        }
    }
}

/// What pods use: an amount, or a share of what they request.
fn consumption(current: Option<&Value>, target: &Value) -> String {
    if !target["averageValue"].is_null() {
        return format!(":\t{}", against(current, target, "averageValue"));
    }
    let share = |utilization: &Value| format!("{}%", number(utilization));
    let current = current.filter(|current| !current["averageUtilization"].is_null()).map_or(UNKNOWN.to_owned(), |of| {
        format!("{} ({})", share(&of["averageUtilization"]), amount(&of["averageValue"]))
    });
    let target = set(&target["averageUtilization"]).map_or("<auto>".to_owned(), share);
    format!("  (as a percentage of request):\t{current} / {target}")
}

fn against(current: Option<&Value>, target: &Value, field: &str) -> String {
    let current = current.map_or(UNKNOWN.to_owned(), |current| amount(&current[field]));
    format!("{current} / {}", amount(&target[field]))
}

/// A quantity that may be missing, as Go prints it.
fn amount(value: &Value) -> String {
    set(value).map_or("<nil>".to_owned(), canonical)
}

fn direction(page: &mut Page, title: &str, rules: &Value) {
    if rules.is_null() {
        return;
    }
    put!(page, 1, "{title}:\n");
    if let Some(seconds) = set(&rules["stabilizationWindowSeconds"]) {
        put!(page, 2, "Stabilization Window: {} seconds\n", number(seconds));
    }
    let policies = list(&rules["policies"]);
    if policies.is_empty() {
        return;
    }
    put!(page, 2, "Select Policy: {}\n", scalar_or(&rules["selectPolicy"], "Max"));
    page.put(2, "Policies:\n");
    for policy in policies {
        let (kind, value, period) = (text(&policy["type"]), number(&policy["value"]), number(&policy["periodSeconds"]));
        put!(page, 3, "- Type: {kind}\tValue: {value}\tPeriod: {period} seconds\n");
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};
    use serde_json::json;

    use crate::age::Clock;
    use crate::describe::{Related, describe, described, queries};

    #[test]
    fn every_metric_and_the_behavior() {
        let scaler = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "h", "namespace": "shop", "creationTimestamp": "2026-01-02T03:04:05Z"},
            "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 9,
                "metrics": [
                    {"type": "External", "external": {"metric": {"name": "q"}, "target": {"type": "AverageValue", "averageValue": "30"}}},
                    {"type": "External", "external": {"metric": {"name": "q\"2"}, "target": {"type": "Value", "value": "1500m"}}},
                    {"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"averageValue": "1k"}}},
                    {"type": "Object", "object": {"metric": {"name": "hits"}, "describedObject": {"kind": "Ingress", "name": "i"},
                        "target": {"type": "Value", "value": "10k"}}},
                    {"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}},
                    {"type": "ContainerResource", "containerResource": {"name": "memory", "container": "app", "target": {"averageValue": "1Gi"}}},
                    {"type": "Moon"}
                ],
                "behavior": {"scaleUp": {"stabilizationWindowSeconds": 0, "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}]},
                    "scaleDown": {"selectPolicy": "Disabled"}}},
            "status": {"currentReplicas": 2, "desiredReplicas": 3, "currentMetrics": [
                {"type": ""}, {"type": ""}, {"type": "Pods", "pods": {"current": {"averageValue": "900"}}}, {},
                {"type": "Resource", "resource": {"current": {"averageUtilization": 70, "averageValue": "350m"}}}],
                "conditions": [{"type": "AbleToScale", "status": "True", "reason": "R", "message": "m"}]}});
        let said = described(&scaler);
        let expected = "\
Reference:                                               Deployment/web
Metrics:                                                 ( current / target )
  \"q\" (target average value):                            <unknown> / 30
  \"q\\\"2\" (target value):                                 <unknown> / 1500m
  \"rps\" on pods:                                         900 / 1k
  \"hits\" on Ingress/i (target value):                    <unknown> / 10k
  resource cpu on pods  (as a percentage of request):    70% (350m) / 80%
  resource memory of container \"app\" on pods:            <unknown> / 1Gi
  <unknown metric type \"Moon\">
Min replicas:  <unset>
Max replicas:  9
Behavior:
  Scale Up:
    Stabilization Window: 0 seconds
    Select Policy: Max
    Policies:
      - Type: Pods  Value: 4  Period: 15 seconds
  Scale Down:
Deployment pods:  2 current / 3 desired
Conditions:
  Type         Status  Reason  Message
  ----         ------  ------  -------
  AbleToScale  True    R       m
Events:        <none>
";
        let start = said.find("Reference:").expect("a reference");
        let squeezed = |text: &str| {
            text.lines()
                .map(|line| {
                    line.split("  ").filter(|part| !part.is_empty()).map(str::trim).collect::<Vec<_>>().join("  ")
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(squeezed(&said[start..]), squeezed(expected), "{said}");
    }

    #[test]
    fn the_first_version_is_shown_only_where_there_is_no_second() {
        let first = json!({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "h", "namespace": "shop"},
            "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 9, "minReplicas": 2, "targetCPUUtilizationPercentage": 80}});
        let said = described(&first);
        assert!(
            said.contains(
                "Target CPU utilization:   80%\nCurrent CPU utilization:  <unknown>%\nMin replicas:             2\n"
            ),
            "{said}"
        );

        let query = queries(&first, false).remove(0);
        assert_eq!((query.api_version.as_str(), query.name.as_deref()), ("autoscaling/v2", Some("h")));
        let mut second = first.clone();
        second["apiVersion"] = json!("autoscaling/v2");
        assert!(queries(&second, false).is_empty());
        let clock = Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
        let said = describe(&first, &Related::from([(query, Ok(vec![second]))]), &clock, false);
        assert!(said.contains("Metrics:") && !said.contains("CPU"), "{said}");
    }
}

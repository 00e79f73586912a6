//! How many there should be, and how many may go at once.

use super::field::{at, int, int_or, int_or_text, list, name, quantity, text};
use super::{AGE, NAME, Printer, cells, int as number, text as column};
use serde_json::{Value, json};

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "autoscaling",
        kind: "HorizontalPodAutoscaler",
        columns: &[
            NAME,
            column("Reference"),
            column("Targets"),
            column("MinPods"),
            column("MaxPods"),
            column("Replicas"),
            AGE,
        ],
        cells: |object, scene| {
            let metrics = if scene.api_version == "autoscaling/v1" { cpu_only(object) } else { targets(object) };
            cells![
                name(object),
                format!("{}/{}", text(object, "/spec/scaleTargetRef/kind"), text(object, "/spec/scaleTargetRef/name")),
                metrics,
                int_or(object, "/spec/minReplicas", 1).to_string(),
                int(object, "/spec/maxReplicas"),
                int(object, "/status/currentReplicas"),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "policy",
        kind: "PodDisruptionBudget",
        columns: &[NAME, column("Min Available"), column("Max Unavailable"), number("Allowed Disruptions"), AGE],
        cells: |object, scene| {
            cells![
                name(object),
                int_or_text(object, "/spec/minAvailable", "N/A"),
                int_or_text(object, "/spec/maxUnavailable", "N/A"),
                int(object, "/status/disruptionsAllowed"),
                scene.age(object),
            ]
        },
    },
];

/// The metrics of the old version, which has one field for the processor.
fn cpu_only(autoscaler: &Value) -> String {
    let target = int_or(autoscaler, "/spec/targetCPUUtilizationPercentage", 80);
    let current = at(autoscaler, "/status/currentCPUUtilizationPercentage");
    let part =
        |value: &Value| json!({"type": "Resource", "resource": {"name": "cpu", "target": value, "current": value}});
    targets(&json!({
        "spec": {"metrics": [part(&json!({"averageUtilization": target}))]},
        "status": {"currentMetrics": current.map(|value| vec![part(&json!({"averageUtilization": value}))])},
    }))
}

/// The first two metrics: what is, and what should be.
fn targets(autoscaler: &Value) -> String {
    let (specs, statuses) = (list(autoscaler, "/spec/metrics"), list(autoscaler, "/status/currentMetrics"));
    if specs.is_empty() {
        return "<none>".to_owned();
    }
    let shown: Vec<String> =
        specs.iter().enumerate().take(2).map(|(index, spec)| metric(spec, statuses.get(index))).collect();
    let shown = shown.join(", ");
    if specs.len() > 2 { format!("{shown} + {} more...", specs.len() - 2) } else { shown }
}

fn metric(spec: &Value, status: Option<&Value>) -> String {
    let (source, resource) = match text(spec, "/type") {
        "External" => ("external", false),
        "Object" => ("object", false),
        "Pods" => ("pods", false),
        "Resource" => ("resource", true),
        "ContainerResource" => ("containerResource", true),
        _ => return "<unknown type>".to_owned(),
    };
    let target = |field: &str| format!("/{source}/target/{field}");
    let current = |field: &str| format!("/{source}/current/{field}");
    let known = status.filter(|status| at(status, &format!("/{source}")).is_some());
    let unknown = || "<unknown>".to_owned();
    let by_average = at(spec, &target("averageValue")).is_some();
    if resource {
        let of = text(spec, &format!("/{source}/name"));
        if by_average {
            let now = known.map_or_else(unknown, |status| quantity(status, &current("averageValue")));
            return format!("{of}: {now}/{}", quantity(spec, &target("averageValue")));
        }
        let percent = |value: &Value, field: &str| at(value, field).map(|percent| format!("{percent}%"));
        let now = known.and_then(|status| percent(status, &current("averageUtilization"))).unwrap_or_else(unknown);
        let wanted = percent(spec, &target("averageUtilization")).unwrap_or_else(|| "<auto>".to_owned());
        return format!("{of}: {now}/{wanted}");
    }
    if source == "pods" {
        let now = known.map_or_else(unknown, |status| quantity(status, &current("averageValue")));
        return format!("{now}/{}", quantity(spec, &target("averageValue")));
    }
    if by_average {
        let known = known.filter(|status| at(status, &current("averageValue")).is_some());
        let now = known.map_or_else(unknown, |status| quantity(status, &current("averageValue")));
        return format!("{now}/{} (avg)", quantity(spec, &target("averageValue")));
    }
    let now = known.map_or_else(unknown, |status| quantity(status, &current("value")));
    format!("{now}/{}", quantity(spec, &target("value")))
}

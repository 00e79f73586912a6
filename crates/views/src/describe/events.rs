//! The events of an object: how to find them, and how they are shown.

use super::page::{Page, put};
use super::value::{number, scalar, set, text};
use super::{Query, Subject};
use crate::output::sorting::order;
use serde_json::Value;

const MIRROR: &str = "kubernetes.io/config.mirror";

/// What to read for the events of an object. A Node has two: the kubelet puts the name where the uid belongs.
pub(crate) fn queries(object: &Value) -> Vec<Query> {
    let metadata = &object["metadata"];
    let (name, uid) = (text(&metadata["name"]), text(&metadata["uid"]));
    let core = text(&object["apiVersion"]) == "v1";
    let kind = text(&object["kind"]);
    match kind {
        "Pod" if core => {
            vec![query(object, "", text(set(&metadata["annotations"][MIRROR]).unwrap_or(&metadata["uid"])))]
        }
        "Node" if core => vec![query(object, kind, uid), query(object, kind, name)],
        _ => vec![query(object, kind, uid)],
    }
}

fn query(object: &Value, kind: &str, uid: &str) -> Query {
    let namespace = text(&object["metadata"]["namespace"]);
    let mut fields = vec![
        format!("involvedObject.name={}", escaped(text(&object["metadata"]["name"]))),
        format!("involvedObject.namespace={}", escaped(namespace)),
    ];
    if !kind.is_empty() {
        fields.push(format!("involvedObject.kind={}", escaped(kind)));
    }
    if !uid.is_empty() {
        fields.push(format!("involvedObject.uid={}", escaped(uid)));
    }
    Query { fields: fields.join(","), ..Query::list("v1", "events", namespace) }
}

/// A value in a field selector.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=")
}

/// Writes the events, oldest first. What could not be read looks like none, as in kubectl.
pub(crate) fn write(page: &mut Page, subject: &Subject) {
    let mut events: Vec<&Value> = Vec::new();
    for query in queries(subject.object) {
        events.extend(subject.items(&query));
    }
    if events.is_empty() {
        page.put(0, "Events:\t<none>\n");
        return;
    }
    page.flush();
    let times: Vec<_> =
        events.iter().map(|event| text(&event["lastTimestamp"]).parse::<jiff::Timestamp>().ok()).collect();
    page.put(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
    page.put(1, "----\t------\t----\t----\t-------\n");
    for event in order(events.len(), |a, b| times[a] < times[b]).into_iter().map(|at| events[at]) {
        let (age, message) = (age(page, event), message(event));
        let source = source(event);
        put!(page, 1, "{}\t{}\t{age}\t{source}\t{message}\n", text(&event["type"]), text(&event["reason"]));
    }
}

/// When an event happened: last, how often, and since when.
pub(crate) fn age(page: &Page, event: &Value) -> String {
    let first = page.since(set(&event["eventTime"]).unwrap_or(&event["firstTimestamp"]));
    let series = &event["series"];
    if series.is_object() {
        return format!("{} (x{} over {first})", page.since(&series["lastObservedTime"]), number(&series["count"]));
    }
    let count = number(&event["count"]);
    if count > 1 { format!("{} (x{count} over {first})", page.since(&event["lastTimestamp"])) } else { first }
}

fn source(event: &Value) -> &str {
    match text(&event["source"]["component"]) {
        "" => text(&event["reportingComponent"]),
        component => component,
    }
}

fn message(event: &Value) -> String {
    let message = scalar(&event["message"]);
    match text(&event["involvedObject"]["fieldPath"]) {
        "" => message.trim().to_owned(),
        path => format!("{path}: {}", message.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::{Related, describe};
    use serde_json::json;

    #[test]
    fn equal_times_are_ordered_as_gos_sort_orders_them() {
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "shop"}});
        let shown = |count: usize| {
            let events: Vec<Value> = (0..count)
                .map(|at| {
                    let minute = at % 2;
                    json!({"reason": format!("R{at}"), "lastTimestamp": format!("2026-01-01T00:0{minute}:00Z")})
                })
                .collect();
            let related: Related = queries(&object).into_iter().map(|query| (query, Ok(events.clone()))).collect();
            let clock = crate::age::Clock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
            let text = describe(&object, &related, &clock, true);
            let rows = text.lines().filter_map(|line| line.split_whitespace().find_map(|word| word.strip_prefix('R')));
            rows.filter_map(|row| row.parse().ok()).collect::<Vec<usize>>()
        };
        assert_eq!(shown(6), [0, 2, 4, 1, 3, 5]);
        assert_eq!(shown(13), [8, 12, 2, 0, 4, 10, 6, 3, 7, 9, 5, 11, 1]);
    }
}

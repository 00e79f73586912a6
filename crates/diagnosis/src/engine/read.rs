//! Facts to signals: what log matches, Event messages and status messages speak for.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_logs::{Hit, LogMatch, Row, Scope};
use kloupe_model::{Object, Place, Strength};
use serde_json::Value;

use super::conditions::{Context, rows};
use super::{Origin, Signal, Subject, World};

/// Every signal that the subject's logs, events and objects give.
pub(crate) fn signals(world: &World<'_>, subject: &Subject) -> Vec<Signal> {
    let mut signals = Vec::new();
    for log in &subject.logs {
        of_log(world, *log, &mut signals);
    }
    for event in &subject.events {
        of_event(world, subject, *event, &mut signals);
    }
    for object in subject.objects() {
        of_status(world, object, &mut signals);
    }
    if let Some(object) = subject.object {
        of_status(world, &world.facts.objects[object], &mut signals);
    } else {
        // Custom resources that were read: their conditions say why they are not served.
        let customs = world.index.custom().filter(|object| {
            object.reference.namespace == subject.namespace
                || object.reference.namespace.is_empty()
                || subject.namespace.is_empty()
                || subject.workload.is_none()
        });
        for object in customs {
            of_status(world, object, &mut signals);
        }
    }
    signals
}

/// Kinds of Kubernetes' own groups have no dot, or end in `.k8s.io`; the rest is custom.
pub(crate) fn is_custom(object: &Object) -> bool {
    let group = object.reference.group.as_str();
    group.contains('.') && !(group.ends_with(".k8s.io") && !group.ends_with(".x-k8s.io") && !group.contains("sigs"))
}

/// Reflectors, watchers and cached sources: what fails there is not a reconcile.
const INFORMER_RULES: [&str; 8] =
    ["cg-refl", "cg-watch", "cg-list", "cg-retrywatch", "kr-watch", "kr-403", "cr-kind", "ko-ns"];

fn of_log(world: &World<'_>, log: usize, signals: &mut Vec<Signal>) {
    let facts = &world.logs[log];
    let matches = &facts.digest.matches;
    let mut by_line: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, known) in matches.iter().enumerate() {
        by_line.entry(known.first.line).or_default().push(at);
    }
    let chosen: Vec<Vec<&'static Row>> = matches.iter().map(|known| rows_of(world, known)).collect();
    for (at, known) in matches.iter().enumerate() {
        let rivals = by_line[&known.first.line]
            .iter()
            .filter(|other| **other != at && known.inner.contains(matches[**other].signature.id))
            .flat_map(|other| chosen[*other].iter().copied());
        let rivals: Vec<&Row> = rivals.collect();
        for row in &chosen[at] {
            let Some((cause, strength)) = demoted(row, &rivals, known.signature.wraps) else { continue };
            let informer = known
                .outer
                .iter()
                .chain([&known.signature.id])
                .any(|id| INFORMER_RULES.iter().any(|rule| id.starts_with(rule)));
            signals.push(Signal {
                cause,
                strength,
                rule: known.signature.id,
                place: Place::Log { file: facts.file.clone(), line: known.first.line },
                quote: quote(known),
                said: known.quote.clone(),
                values: values_of(known),
                count: known.count,
                first: known.first.time,
                last: known.last.time,
                object: known.object.clone(),
                origin: Origin::Log { log, order: known.order },
                informer,
                demoted: strength < row.strength,
                acquitted: None,
            });
        }
    }
}

/// What the match captured, and the object that the log spoke of last before it: a panic names none itself.
fn values_of(known: &LogMatch) -> BTreeMap<String, String> {
    let mut values = known.captures.clone();
    if let Some(before) = known.object_before.as_ref().filter(|_| known.object.is_none()) {
        values.insert("objectBefore".to_owned(), before.clone());
    }
    values
}

/// The record, of a long one the beginning, and always the text that matched.
fn quote(known: &LogMatch) -> String {
    const SHORT: usize = 1500;
    let record = &known.first.text;
    let Some((end, _)) = record.char_indices().nth(SHORT) else { return record.clone() };
    let start = &record[..end];
    let matched = known.quote.lines().next().unwrap_or_default();
    if matched.is_empty() || start.contains(matched) || known.quote.len() > SHORT {
        format!("{start} …")
    } else {
        format!("{matched}\n{start} …")
    }
}

fn rows_of(world: &World<'_>, known: &LogMatch) -> Vec<&'static Row> {
    let context = Context {
        values: &known.captures,
        text: &known.quote,
        outer: &known.outer,
        inner: &known.inner,
        source: "log",
        reason: "",
        level: known.first.level.map_or("", |level| level.id()),
        running: known.phase_running,
    };
    rows(world, known.signature, &context)
}

/// Cause and strength of a row once what stands further in is heard: the innermost message says why.
fn demoted(row: &Row, inner: &[&Row], wraps: bool) -> Option<(&'static str, Strength)> {
    let cause = row.cause?;
    let speaking = inner.iter().filter(|row| row.strength >= Strength::Supports && row.cause != Some(cause));
    let strongest = speaking.map(|row| row.strength).max();
    let own = inner.iter().filter(|row| row.cause == Some(cause)).map(|row| row.strength).max();
    let strength = match strongest {
        Some(other) if wraps && own.is_none_or(|own| own < other) => Strength::Weak,
        Some(Strength::Decides) if own.is_none() => Strength::Weak,
        _ if wraps && !inner.is_empty() && inner.iter().all(|row| row.strength == Strength::Benign) => Strength::Weak,
        _ => row.strength,
    };
    Some((cause, strength))
}

fn of_event(world: &World<'_>, subject: &Subject, at: usize, signals: &mut Vec<Signal>) {
    let event = &world.facts.events[at];
    let place = Place::Event { file: event.file.clone(), object: event.about.clone(), reason: event.reason.clone() };
    let values = object_values(&event.about.kind, &event.about.namespace, &event.about.name);
    let said = Said {
        message: &event.message,
        scope: Scope::Event,
        reason: &event.reason,
        place,
        values,
        quote: format!("{}: {}", event.reason, event.message),
    };
    let object = match subject.object {
        // What a child of the asked object meets, the object meets.
        Some(asked) if subject.is_descendant(&event.about) => {
            let asked = &world.facts.objects[asked].reference;
            Some(join(&asked.namespace, &asked.name))
        }
        _ => (!matches!(event.about.kind.as_str(), "Pod" | "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet"))
            .then(|| join(&event.about.namespace, &event.about.name)),
    };
    let from = signals.len();
    of_text(world, &said, Origin::Event, signals);
    for signal in &mut signals[from..] {
        signal.count = event.count.max(1);
        signal.first = event.first;
        signal.last = event.last;
        signal.object.clone_from(&object);
    }
}

fn object_values(kind: &str, namespace: &str, name: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    if kind == "Pod" {
        values.insert("pod".to_owned(), name.to_owned());
    }
    values.insert("aboutNamespace".to_owned(), namespace.to_owned());
    values
}

fn join(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}

/// One message outside of logs.
struct Said<'t> {
    message: &'t str,
    scope: Scope,
    reason: &'t str,
    place: Place,
    values: BTreeMap<String, String>,
    quote: String,
}

/// A hit with its values, the rows that hold, and what stands further in.
type Read<'h> = (&'h Hit, BTreeMap<String, String>, Vec<&'static Row>, BTreeSet<&'static str>);

fn of_text(world: &World<'_>, said: &Said<'_>, origin: Origin, signals: &mut Vec<Signal>) {
    let hits = world.matcher.read_text(said.message, said.scope, said.reason);
    let ids = |filter: &dyn Fn(&Hit) -> bool| {
        hits.iter().filter(|hit| filter(hit)).map(|hit| hit.signature.id).collect::<BTreeSet<_>>()
    };
    let outer_inner = |hit: &Hit| (ids(&|other| other.start < hit.start), ids(&|other| other.start > hit.start));
    let read: Vec<Read<'_>> = hits
        .iter()
        .map(|hit| {
            let mut values = said.values.clone();
            values.extend(hit.captures.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            let (outer, inner) = outer_inner(hit);
            let context = Context {
                values: &values,
                text: said.message,
                outer: &outer,
                inner: &inner,
                source: said.scope.id(),
                reason: said.reason,
                level: "",
                running: false,
            };
            let rows = rows(world, hit.signature, &context);
            (hit, values, rows, inner)
        })
        .collect();
    for (hit, values, rows, inner) in &read {
        let rivals: Vec<&Row> = read
            .iter()
            .filter(|(other, ..)| inner.contains(other.signature.id))
            .flat_map(|(_, _, rows, _)| rows.iter().copied())
            .collect();
        for row in rows {
            let Some((cause, strength)) = demoted(row, &rivals, hit.signature.wraps) else { continue };
            signals.push(Signal {
                cause,
                strength,
                rule: hit.signature.id,
                place: said.place.clone(),
                quote: kloupe_logs::clean(&said.quote).into_owned(),
                said: kloupe_logs::clean(&said.quote).into_owned(),
                values: values.clone(),
                count: 1,
                first: None,
                last: None,
                object: None,
                origin,
                informer: false,
                demoted: strength < row.strength,
                acquitted: None,
            });
        }
    }
}

/// The messages in an object's status: container states and conditions.
fn of_status(world: &World<'_>, object: &Object, signals: &mut Vec<Signal>) {
    let reference = &object.reference;
    let base = object_values(&reference.kind, &reference.namespace, &reference.name);
    let mut say = |field: String, reason: &str, message: &str, extra: &[(&str, &str)], about: Option<String>| {
        let place = Place::Field { file: object.file.clone(), object: reference.clone(), field };
        let mut values = base.clone();
        values.extend(extra.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let text = if message.is_empty() { reason } else { message };
        let quote =
            if message.is_empty() || reason.is_empty() { text.to_owned() } else { format!("{reason}: {message}") };
        let from = signals.len();
        of_text(
            world,
            &Said { message: text, scope: Scope::Status, reason, place, values, quote },
            Origin::Status,
            signals,
        );
        for signal in &mut signals[from..] {
            signal.object.clone_from(&about);
        }
    };
    for key in ["initContainerStatuses", "containerStatuses"] {
        for status in object.list_at(&["status", key]) {
            let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
            let container = text(status.get("name"));
            let image = text(status.get("image"));
            for (state, kind) in [("state", "waiting"), ("state", "terminated"), ("lastState", "terminated")] {
                let Some(found) = status.get(state).and_then(|state| state.get(kind)) else { continue };
                let field = format!("status.{key}[{container}].{state}.{kind}");
                say(
                    field,
                    &text(found.get("reason")),
                    &text(found.get("message")),
                    &[("container", &container), ("image", &image)],
                    None,
                );
            }
        }
    }
    if let (Some(reason), Some(message)) = (object.str_at(&["status", "reason"]), object.str_at(&["status", "message"]))
    {
        say("status.message".into(), reason, message, &[], None);
    }
    let about = is_custom(object).then(|| join(&reference.namespace, &reference.name));
    for condition in object.list_at(&["status", "conditions"]) {
        let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default();
        if speaks_of_trouble(text("type"), text("status")) {
            say(
                format!("status.conditions[{}]", text("type")),
                text("reason"),
                text("message"),
                &[("condition", text("type"))],
                about.clone(),
            );
        }
    }
}

/// The polarity of a condition: `Ready=False` and `Degraded=True` both speak of trouble.
pub(crate) fn speaks_of_trouble(kind: &str, status: &str) -> bool {
    const BAD_WHEN_TRUE: [&str; 13] = [
        "fail",
        "error",
        "degraded",
        "stalled",
        "pressure",
        "unavailable",
        "invalid",
        "conflict",
        "unhealthy",
        "blocked",
        "denied",
        "disruption",
        "notready",
    ];
    let lower = kind.to_lowercase();
    let bad_when_true = BAD_WHEN_TRUE.iter().any(|word| lower.contains(word));
    match status {
        "True" => bad_when_true,
        "False" => !bad_when_true,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_have_a_polarity() {
        for (kind, status, trouble) in [
            ("Ready", "False", true),
            ("Ready", "True", false),
            ("Degraded", "True", true),
            ("ReplicaFailure", "True", true),
            ("MemoryPressure", "False", false),
        ] {
            assert_eq!(speaks_of_trouble(kind, status), trouble, "{kind}={status}");
        }
    }
}

//! Answers of an API server as k8shark records them: a file or a line for each, with the API path that was asked and the body.
//!
//! A path is asked again and again and its changes are watched: only its last state is what there was at the end. So a record is kept
//! until all files are read (`settle`).

use std::collections::BTreeMap;
use std::sync::Arc;

use kloupe_model::{Object, ObjectRef, Stamp, Text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Reader, Section, objects};
use crate::found::Found;
use crate::log_file::LogFile;
use crate::origin::{Bytes, Origin};

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read, list: None };

/// The folder that a capture consists of.
const ROOT: &str = "k8shark-capture";

/// The newest format that is known.
const FORMAT: u64 = 2;

/// One answer.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Record {
    api_path: String,
    #[serde(default)]
    captured_at: String,
    /// Set if it is an event of a watch: `ADDED`, `MODIFIED`, `DELETED`.
    #[serde(default)]
    event_type: String,
    response_code: u16,
    #[serde(default)]
    response_body: Value,
    #[serde(skip)]
    file: String,
}

fn probe(section: &Section) -> bool {
    let head = section.text.get(..section.text.len().min(1024)).unwrap_or(section.text);
    let is_record = head.starts_with('{') && head.contains("\"api_path\"") && head.contains("\"response_code\"");
    is_record || is_beside(section).is_some()
}

/// What lies beside the records: the index, or what the capture says of itself.
fn is_beside(section: &Section) -> Option<&'static str> {
    let [.., root, name] = section.path else { return None };
    let stem = name.strip_suffix(".zst").unwrap_or(name);
    let known = ["metadata.json", "index.json", "watch-index.json"].into_iter().find(|known| *known == stem)?;
    (root == ROOT).then_some(known)
}

fn read(section: &Section, found: &mut Found) -> bool {
    if let Some(name) = is_beside(section) {
        let Ok(value) = serde_json::from_str::<Value>(section.text) else { return false };
        if name == "metadata.json" {
            of_itself(section, &value, found);
        }
        return true;
    }
    let mut any = false;
    for record in serde_json::Deserializer::from_str(section.text).into_iter::<Record>() {
        match record {
            Ok(record) => {
                any = true;
                found.records.push(Record { file: section.file.to_owned(), ..record });
            }
            Err(error) if any => {
                found.gap(section.file, error.to_string());
                break;
            }
            Err(_) => break,
        }
    }
    any
}

fn of_itself(section: &Section, value: &Value, found: &mut Found) {
    if value["format_version"].as_u64().is_some_and(|version| version > FORMAT) {
        let why = Text {
            en: "a format of k8shark newer than 2: some of it may be missing",
            zh: "k8shark 格式版本高于 2，可能缺少部分内容",
        };
        found.gap(section.file, why);
    }
    if let Some(version) = value["kubernetes_version"].as_str().filter(|version| !version.is_empty()) {
        found.facts.objects.push(Object {
            reference: ObjectRef::new("Version", "", "", "kubernetes"),
            body: json!({"gitVersion": version}).into(),
            whole: false,
            file: section.file.to_owned(),
        });
    }
}

/// Takes of every path what it was at the end.
pub(crate) fn settle(found: &mut Found) {
    let newest = found.records.iter().filter_map(|record| Stamp::parse_rfc3339(&record.captured_at)).max();
    found.facts.captured_at = found.facts.captured_at.max(newest);
    let mut paths: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in std::mem::take(&mut found.records) {
        paths.entry(record.api_path.clone()).or_default().push(record);
    }
    for (path, mut records) in paths {
        // The times are of one clock and one form; of equal ones the order of the files holds.
        records.sort_by(|a, b| a.captured_at.cmp(&b.captured_at));
        let Some(last) = records.iter().rposition(|record| record.event_type.is_empty()) else {
            let events = records;
            take(&path, Record { response_code: 200, ..changed(Value::Null, events) }, found);
            continue;
        };
        let events = records.split_off(last + 1);
        let Some(mut state) = records.pop() else { continue };
        if !events.is_empty() {
            state.response_body = changed(state.response_body, events).response_body;
        }
        take(&path, state, found);
    }
}

/// A list after the events of a watch.
fn changed(mut list: Value, events: Vec<Record>) -> Record {
    let mut result = events.last().cloned().unwrap_or_else(|| Record {
        api_path: String::new(),
        captured_at: String::new(),
        event_type: String::new(),
        response_code: 200,
        response_body: Value::Null,
        file: String::new(),
    });
    let name = |object: &Value| (object["metadata"]["namespace"].clone(), object["metadata"]["name"].clone());
    let mut items = match list.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    for event in events {
        let object = event.response_body;
        let at = items.iter().position(|known| name(known) == name(&object));
        match (event.event_type.as_str(), at) {
            ("DELETED", Some(at)) => {
                items.remove(at);
            }
            ("DELETED", None) => {}
            (_, Some(at)) => items[at] = object,
            (_, None) => items.push(object),
        }
    }
    match list.as_object_mut() {
        Some(fields) => {
            fields.insert("items".to_owned(), Value::Array(items));
            result.response_body = list;
        }
        // Only changes were seen: what there is besides is not known.
        None => result.response_body = Value::Array(items),
    }
    result
}

fn take(path: &str, record: Record, found: &mut Found) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let namespace = match parts[..] {
        ["api", _, "namespaces", namespace, _, ..] | ["apis", _, _, "namespaces", namespace, _, ..] => Some(namespace),
        _ => None,
    };
    if !(200..300).contains(&record.response_code) {
        if !query.starts_with("as=") {
            let said = record.response_body["message"].as_str().filter(|text| !text.is_empty());
            let why = said.map_or_else(|| format!("HTTP {}", record.response_code), str::to_owned);
            found.gap(format!("{}: {}", record.file, record.api_path), why);
        }
        return;
    }
    match (parts.as_slice(), namespace) {
        // A log is text in JSON.
        (["api", "v1", "namespaces", namespace, "pods", pod, "log"], _) => {
            if let Value::String(text) = record.response_body {
                log((namespace, pod), query, record.file, text, found);
            }
        }
        // The tables and documents of the server say nothing that the objects do not.
        (["openapi" | "swagger.json" | "version" | "healthz", ..], _) => {}
        _ if query.starts_with("as=") => {}
        (parts, namespace) => {
            let place: Vec<String> = match (namespace, parts.last()) {
                (Some(namespace), Some(resource)) => vec!["namespaces", namespace, *resource],
                _ => Vec::new(),
            }
            .into_iter()
            .map(str::to_owned)
            .collect();
            let section = Section {
                file: &record.file,
                path: &place,
                text: "",
                held: None,
                first_line: 1,
                command: None,
                failed: false,
            };
            objects::take(&section, record.response_body, found);
        }
    }
}

fn log((namespace, pod): (&str, &str), query: &str, file: String, text: String, found: &mut Found) {
    let asked = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
    let Ok(origin) = Origin::inspect(Arc::new(Bytes::Memory(text.into_bytes().into()))) else { return };
    found.logs.push(LogFile {
        file,
        namespace: Some(namespace.to_owned()),
        pod: Some(pod.to_owned()),
        container: asked("container").map(str::to_owned),
        workload: None,
        previous: asked("previous") == Some("true"),
        first_line: 1,
        origin,
        start: 0,
        len: None,
        path: Vec::new(),
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gaps, read_as};

    fn record(time: &str, path: &str, event: &str, code: u16, body: &str) -> String {
        format!(
            "{{\"id\":\"x\",\"captured_at\":\"2026-11-25T10:00:0{time}Z\",\"api_path\":\"{path}\",\"event_type\":\"{event}\",\
             \"http_method\":\"GET\",\"response_code\":{code},\"response_body\":{body}}}\n"
        )
    }

    fn pod(name: &str, version: u32) -> String {
        format!("{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"ops\",\"resourceVersion\":\"{version}\"}}}}")
    }

    #[test]
    fn the_last_state_of_a_path_counts() {
        let path = "/api/v1/namespaces/ops/pods";
        let list = |items: &[String]| {
            format!("{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{}]}}", items.join(","))
        };
        let text = [
            record("1", path, "", 200, &list(&[pod("gone", 1), pod("a", 1)])),
            record("2", path, "", 200, &list(&[pod("a", 2), pod("b", 2)])),
            record("3", path, "MODIFIED", 200, &pod("a", 3)),
            record("4", path, "DELETED", 200, &pod("b", 4)),
            record("5", path, "ADDED", 200, &pod("c", 5)),
            record(
                "2",
                &format!("{path}?as=Table"),
                "",
                200,
                "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"rows\":[]}",
            ),
            record(
                "2",
                "/apis/apps/v1/namespaces/ops/deployments",
                "",
                200,
                "{\"kind\":\"DeploymentList\",\"apiVersion\":\"apps/v1\",\"items\":[]}",
            ),
            record(
                "2",
                "/apis/coordination.k8s.io/v1/leases",
                "",
                403,
                "{\"kind\":\"Status\",\"message\":\"leases is forbidden\"}",
            ),
            record(
                "2",
                "/api/v1/namespaces/ops/pods/a/log?container=manager&previous=true",
                "",
                200,
                "\"one\\ntwo\\n\"",
            ),
        ]
        .concat();
        let found = read_as("records.ndjson", &text);
        let pods: Vec<_> = found
            .facts
            .objects
            .iter()
            .map(|object| (object.reference.name.as_str(), object.str_at(&["metadata", "resourceVersion"])))
            .collect();
        assert_eq!(pods, [("a", Some("3")), ("c", Some("5"))]);
        assert!(found.facts.objects.iter().all(|object| object.reference.kind == "Pod" && object.whole));
        assert_eq!(found.facts.captured_at.map(|at| at.to_string()).as_deref(), Some("2026-11-25 10:00:05 UTC"));
        let listed: Vec<_> = found.facts.listed.iter().map(|it| (it.kind.as_str(), it.namespace.as_deref())).collect();
        assert_eq!(listed, [("Pod", Some("ops")), ("Deployment", Some("ops"))]);
        assert_eq!(gaps(&found), ["records.ndjson: /apis/coordination.k8s.io/v1/leases: leases is forbidden"]);
        let log = &found.logs[0];
        assert_eq!((log.pod.as_deref(), log.container.as_deref(), log.previous), (Some("a"), Some("manager"), true));
        let mut text = String::new();
        std::io::Read::read_to_string(&mut log.open().expect("opens"), &mut text).expect("text");
        assert_eq!(text, "one\ntwo\n");
    }

    #[test]
    fn a_log_that_tells_of_paths_is_a_log() {
        let found = read_as("controller.log", "{\"level\":\"info\",\"api_path\":\"/api/v1/pods\",\"msg\":\"x\"}\n");
        assert_eq!((found.logs.len(), found.facts.objects.len()), (1, 0));
    }
}

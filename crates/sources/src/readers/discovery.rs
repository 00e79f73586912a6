//! What an API server says that it serves: the documents of discovery that collectors keep beside the objects.
//!
//! They are kept as observations, for the names of resources and the order of groups and versions; nothing in them is an object of the cluster.

use kloupe_model::{Object, ObjectRef};
use serde_json::Value;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read, list: None };

/// The group that aggregated discovery has.
const GROUP: &str = "apidiscovery.k8s.io";

fn probe(section: &Section) -> bool {
    let text = section.text;
    let starts = |key: &str| {
        text.trim_start_matches(['{', '[', ' ', '\n', '-']).starts_with(key)
            || text.lines().take(8).any(|line| line.trim_start_matches([' ', '-', '"']).starts_with(key))
    };
    let is_aggregated = text.contains("APIGroupDiscoveryList") && text.contains(GROUP);
    let is_list = text.contains("APIResourceList") || (starts("groupVersion") && text.contains("\"resources\""));
    let is_groups =
        text.contains("APIGroupList") || text.contains("\"preferredVersion\"") || text.contains("\"APIVersions\"");
    let is_data = text.trim_start().starts_with(['{', '['])
        || text.starts_with("apiVersion:")
        || text.starts_with("items:")
        || text.starts_with("kind:");
    is_data && (is_aggregated || is_list || is_groups)
}

fn read(section: &Section, found: &mut Found) -> bool {
    let text = section.text.trim();
    let value: Option<Value> =
        if text.starts_with(['{', '[']) { serde_json::from_str(text).ok() } else { serde_saphyr::from_str(text).ok() };
    value.is_some_and(|value| take(section, value, found))
}

/// Takes a document of discovery, if it is one.
pub(super) fn take(section: &Section, value: Value, found: &mut Found) -> bool {
    let kind = value["kind"].as_str().unwrap_or_default();
    match value {
        Value::Array(values) => {
            let groups = values.iter().filter(|value| value.get("preferredVersion").is_some()).count();
            let count = values.len();
            if count > 0 && groups == count {
                keep(section, Value::Array(values), found);
                return true;
            }
            let taken = values.into_iter().filter(is_resources).map(|value| keep(section, value, found)).count();
            count > 0 && taken == count
        }
        Value::Object(_) if matches!(kind, "APIGroupDiscoveryList" | "APIGroupList") || is_resources(&value) => {
            keep(section, value, found);
            true
        }
        Value::Object(_) => matches!(kind, "APIVersions" | "APIGroup"),
        _ => false,
    }
}

fn is_resources(value: &Value) -> bool {
    value.get("groupVersion").is_some_and(Value::is_string) && value.get("resources").is_some()
}

fn keep(section: &Section, value: Value, found: &mut Found) {
    let (kind, name) = match value["groupVersion"].as_str() {
        Some(name) => ("APIResourceList", name),
        None if value.is_array() || value["kind"] == "APIGroupList" => ("APIGroupList", ""),
        None => ("APIGroupDiscoveryList", ""),
    };
    found.facts.objects.push(Object {
        reference: ObjectRef::new(kind, GROUP, "", name),
        body: value.into(),
        whole: false,
        file: section.file.to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::read_as;

    #[test]
    fn documents_of_discovery_are_no_objects() {
        let lists = "[\n  {\n    \"kind\": \"APIResourceList\",\n    \"groupVersion\": \"v1\",\n    \"resources\": [{\"name\": \"pods\"}]\n  }\n]\n";
        let aggregated = "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"apps\"},\"versions\":[]}]}";
        for text in [lists, aggregated] {
            let found = read_as("resources.json", text);
            assert!(found.understood && found.facts.listed.is_empty() && found.logs.is_empty());
            assert_eq!(found.facts.objects.len(), 1);
            assert!(!found.facts.objects[0].whole);
        }
        let groups = "[\n  {\n    \"name\": \"apps\",\n    \"versions\": [],\n    \"preferredVersion\": {}\n  }\n]\n";
        let found = read_as("groups.json", groups);
        assert_eq!(found.facts.objects.len(), 1);
        assert_eq!(found.facts.objects[0].reference.kind, "APIGroupList");
        assert!(!found.facts.objects[0].whole);
    }

    #[test]
    fn an_object_that_names_them_is_an_object() {
        let text = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"APIResourceList\"}}";
        let found = read_as("map.json", text);
        assert_eq!(found.facts.objects.len(), 1);
        assert!(found.facts.objects[0].whole);
    }
}

//! The cluster's version: `kubectl version` in JSON, YAML or text, and the answer of `/version`.

use kloupe_model::{Object, ObjectRef};
use serde_json::{Map, Value, json};

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read, list: None };

fn probe(section: &Section) -> bool {
    let text = section.text.trim_start();
    let json = text.starts_with('{')
        && text.len() < 16 << 10
        && (text.contains("\"gitVersion\"") || text.contains("\"serverVersion\""));
    // crust-gather writes the answer of `/version` as YAML.
    let yaml = text.starts_with("clientVersion:")
        || (text.len() < 16 << 10 && text.starts_with("major:") && text.contains("\ngitVersion:"));
    json || yaml || is_text(text)
}

/// `Client Version: v1.30.1`, then the server's line.
fn is_text(text: &str) -> bool {
    text.starts_with("Client Version:") || text.starts_with("Server Version:")
}

fn read(section: &Section, found: &mut Found) -> bool {
    let text = section.text.trim();
    let value = if text.starts_with('{') {
        serde_json::from_str(text).ok()
    } else if is_text(text) {
        Some(from_text(text))
    } else {
        serde_saphyr::from_str(text).ok()
    };
    let Some(Value::Object(mut value)) = value else { return false };
    // A support bundle puts it below `info`.
    if let Some(Value::Object(info)) = value.get_mut("info").map(Value::take) {
        value = info;
    }
    // A JSON log line may hold a `gitVersion` too.
    if !["serverVersion", "clientVersion", "major"].iter().any(|key| value.contains_key(*key)) {
        return false;
    }
    let server = value.get("serverVersion").and_then(|server| server.get("gitVersion")).cloned();
    let Some(version) = server.or_else(|| value.get("gitVersion").cloned()).filter(Value::is_string) else {
        // Only the client's version: nothing about the cluster, and no log either.
        return value.contains_key("clientVersion");
    };
    value.insert("gitVersion".to_owned(), version);
    found.facts.objects.push(Object {
        reference: ObjectRef::new("Version", "", "", "kubernetes"),
        body: Value::Object(value).into(),
        whole: false,
        file: section.file.to_owned(),
    });
    true
}

fn from_text(text: &str) -> Value {
    let mut value = Map::new();
    for line in text.lines() {
        let Some((name, version)) = line.split_once(" Version:") else { continue };
        // Before 1.28: `Server Version: version.Info{Major:"1", …, GitVersion:"v1.22.4", …}`
        let version = match version.split_once("GitVersion:\"") {
            Some((_, rest)) => rest.split('"').next().unwrap_or_default(),
            None => version.trim(),
        };
        if version.starts_with('v') {
            value.insert(format!("{}Version", name.trim().to_lowercase()), json!({ "gitVersion": version }));
        }
    }
    Value::Object(value)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read_as;

    #[test]
    fn the_servers_version_is_kept() {
        let json = "{\n  \"clientVersion\": {\"gitVersion\": \"v1.36.0\"},\n  \"serverVersion\": {\"gitVersion\": \"v1.37.2\"}\n}";
        let text = "Client Version: v1.36.0\nKustomize Version: v5.4.2\nServer Version: v1.37.2\n";
        let old = "Server Version: version.Info{Major:\"1\", Minor:\"37\", GitVersion:\"v1.37.2\"}\n";
        let bundled = "{\n  \"info\": {\"major\": \"1\", \"gitVersion\": \"v1.37.2\"},\n  \"string\": \"v1.37.2\"\n}";
        let gathered = "major: \"1\"\nminor: \"37\"\ngitVersion: v1.37.2\n";
        for text in [bundled, gathered, json, "{\"major\":\"1\",\"gitVersion\":\"v1.37.2\"}", text, old] {
            let found = read_as("version.txt", text);
            let object = found.facts.objects.first().unwrap_or_else(|| panic!("no version in {text}"));
            assert_eq!(object.reference.kind, "Version");
            assert_eq!(object.str_at(&["gitVersion"]), Some("v1.37.2"));
        }
    }

    #[test]
    fn a_log_line_with_a_version_is_a_log() {
        let found = read_as("controller.log", "{\"level\":\"info\",\"msg\":\"starting\",\"gitVersion\":\"v0.1.0\"}\n");
        assert_eq!((found.facts.objects.len(), found.logs.len()), (0, 1));
    }
}

//! What `kubectl describe` shows of the data of a `ConfigMap`: values as they are. Of a Secret only the keys are kept.

use serde_json::{Map, Value, json};

/// The lines below `Data` and `====`: `KEY:`, `----`, the value; or `KEY:  12 bytes`.
pub(super) fn read(kind: &str, lines: &[&str], value: &mut Value) {
    let Some(start) = lines.iter().position(|line| line.trim_end() == "Data") else { return };
    let end = lines
        .iter()
        .position(|line| line.trim_end() == "BinaryData" || line.starts_with("Events:"))
        .unwrap_or(lines.len());
    let lines = lines.get(start + 1..end).unwrap_or_default();
    let mut data: Map<String, Value> = Map::new();
    let mut text: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let below = lines.get(at + 1).map_or("", |line| line.trim_end());
        let key = line.trim_end().strip_suffix(':').filter(|key| is_key(key) && below == "----");
        let in_bytes = line.split_once(':').filter(|(key, rest)| is_key(key) && rest.trim_end().ends_with(" bytes"));
        if let Some(key) = key.or(in_bytes.map(|(key, _)| key)) {
            close(&mut data, &mut text);
            data.insert(key.to_owned(), json!(""));
        } else if kind != "Secret" && !line.starts_with("====") && !(text.is_empty() && line.starts_with("----")) {
            text.push(line);
        }
    }
    close(&mut data, &mut text);
    if !data.is_empty() {
        value["data"] = Value::Object(data);
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Gives the lines that were read to the key above them.
fn close(data: &mut Map<String, Value>, lines: &mut Vec<&str>) {
    if let Some((_, value)) = data.iter_mut().next_back() {
        *value = json!(lines.join("\n").trim_end());
    }
    lines.clear();
}

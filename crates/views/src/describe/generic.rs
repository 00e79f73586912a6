//! Any object, field by field: what is shown of a kind that has no describer of its own.

use super::page::{Page, put};
use super::value::{printed, sorted};
use serde_json::{Map, Value};

const SKIPPED: [&str; 5] = ["managedFields", "name", "namespace", "labels", "annotations"];
const ACRONYMS: [&str; 4] = ["API", "URL", "UID", "GUID"];

/// Writes everything but the events.
pub(crate) fn write(page: &mut Page, object: &Value) {
    page.name_and_namespace(object);
    page.labels_and_annotations(object);
    let mut rest = object.as_object().cloned().unwrap_or_else(Map::new);
    if let Some(metadata) = rest.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !SKIPPED.contains(&key.as_str()));
    }
    fields(page, 0, &Value::Object(rest));
}

fn fields(page: &mut Page, level: usize, map: &Value) {
    for (key, value) in sorted(map) {
        let label = label(key);
        match value {
            Value::Object(_) => {
                put!(page, level, "{label}:\n");
                fields(page, level + 1, value);
            }
            Value::Array(items) => {
                put!(page, level, "{label}:\n");
                for item in items {
                    if item.is_object() {
                        fields(page, level + 1, item);
                    } else {
                        put!(page, level + 1, "{}\n", printed(item));
                    }
                }
            }
            _ => page.field(level, &label, printed(value)),
        }
    }
}

/// The label of a field: `apiURL` is `API URL`. A name with anything but letters and `-` stays as it is.
fn label(field: &str) -> String {
    if field.chars().any(|letter| !letter.is_alphabetic() && letter != '-') {
        return field.to_owned();
    }
    let parts = split(field);
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let mut part = parts[at].clone();
        let shouted = part.len() >= 2 && part.chars().all(|letter| !letter.is_alphabetic() || letter.is_uppercase());
        if shouted && parts.get(at + 1).is_some_and(|next| next.starts_with(char::is_uppercase)) {
            at += 1;
            part += &parts[at];
        }
        let upper = part.to_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            part = upper;
        } else if part.to_lowercase() == part {
            let mut letters = part.chars();
            part = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
        }
        out.push(part);
        at += 1;
    }
    out.join(" ")
}

/// Splits a name where the case changes; the last capital belongs to the word that it begins.
fn split(field: &str) -> Vec<String> {
    let class = |letter: char| match letter {
        _ if letter.is_lowercase() => 1,
        _ if letter.is_uppercase() => 2,
        _ => 4,
    };
    let mut runs: Vec<(u8, String)> = Vec::new();
    for letter in field.chars() {
        match runs.last_mut() {
            Some((last, run)) if *last == class(letter) => run.push(letter),
            _ => runs.push((class(letter), letter.to_string())),
        }
    }
    for at in 1..runs.len() {
        if runs[at - 1].0 == 2 && runs[at].0 == 1 {
            let capital = runs[at - 1].1.pop().expect("a run has at least one letter");
            runs[at].1.insert(0, capital);
        }
    }
    runs.into_iter().map(|run| run.1).filter(|run| !run.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_of_fields() {
        let cases = [
            ("respectPDBs", "Respect PDBs"),
            ("desiredCPUs", "Desired CPUs"),
            ("HTTPSProxy", "HTTPSProxy"),
            ("CABundle", "CABundle"),
            ("podIPs", "Pod I Ps"),
            ("useDefaultCAs", "Use Default C As"),
            ("apiURL", "API URL"),
            ("uid", "UID"),
            ("clusterIP", "Cluster IP"),
            ("caBundle", "Ca Bundle"),
            ("ownerReferences", "Owner References"),
            ("x-kubernetes-foo", "X - Kubernetes - Foo"),
            ("openAPIV3Schema", "openAPIV3Schema"),
            ("a.b/c", "a.b/c"),
        ];
        for (field, text) in cases {
            assert_eq!(label(field), text, "{field}");
        }
    }
}

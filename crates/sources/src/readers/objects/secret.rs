//! What a Secret holds is never kept: its keys stay, since a missing one stops a pod, and their values go as they enter.

use serde_json::{Map, Value};

/// The fields whose values are secret.
const FIELDS: [&str; 2] = ["data", "stringData"];

/// Takes the values out of a Secret.
pub(super) fn withhold(secret: &mut Map<String, Value>) {
    for field in FIELDS {
        match secret.get_mut(field) {
            Some(Value::Object(values)) => values.values_mut().for_each(|value| *value = Value::from("")),
            Some(other) => *other = Value::Null,
            None => {}
        }
    }
    // `kubectl apply` keeps a copy of the whole object in an annotation, and so do others.
    let annotations = secret.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(annotations) = annotations.and_then(Value::as_object_mut) {
        annotations
            .retain(|_, value| !value.as_str().is_some_and(|text| FIELDS.iter().any(|field| text.contains(field))));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::read_as;

    #[test]
    fn a_secret_keeps_its_keys_only() {
        let yaml = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: shop\n    annotations:\n      \
                    kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"token\":\"Y2FuYXJ5\"}}'\n  data: {token: Y2FuYXJ5}\n  \
                    stringData: {plain: canary}\n";
        let json = "{\"apiVersion\":\"v1\",\"kind\":\"SecretList\",\"items\":[{\"metadata\":{\"name\":\"shop\"},\"data\":{\"token\":\"Y2FuYXJ5\"}}]}";
        for text in [yaml, json] {
            let found = read_as("secrets", text);
            let shown = format!("{:?}", found.facts);
            assert!(!shown.contains("anary") && !shown.contains("Y2Fu"), "{shown}");
            assert_eq!(found.facts.objects[0].str_at(&["data", "token"]), Some(""));
        }
    }
}

//! What looks secret is taken out before it is written anywhere: values under names that speak of secrets, in objects, in environment
//! variables, in text inside of text, in log lines; and what is a secret by its look (keys, tokens, passwords in addresses).
//!
//! Names of secrets, and fields that refer to them, stay: a diagnosis needs them, and they open nothing.

mod text;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

pub use text::redact as redact_text;

/// What stands in place of a value.
pub const REDACTED: &str = "<redacted>";

/// Parts of names under which secrets are kept.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "credential",
    "connectionstring",
    "authorization",
    "htpasswd",
    "kubeconfig",
    "dockercfg",
    "dockerconfig",
];

/// Ends of names that only refer to a secret, or say something of it.
const HARMLESS_ENDS: &[&str] = &[
    "name",
    "names",
    "ref",
    "refs",
    "path",
    "file",
    "filename",
    "dir",
    "namespace",
    "namespaces",
    "ttl",
    "seconds",
    "minutes",
    "expiration",
    "expiry",
    "audience",
    "audiences",
    "type",
    "policy",
    "count",
    "size",
    "mode",
    "enabled",
    "version",
    "kind",
    "selector",
    "class",
    "provider",
    "store",
    "review",
    "url",
    "uri",
    "endpoint",
    "issuer",
    "length",
    "hash",
    "checksum",
    "resource",
    "controller",
    "reflector",
    "informer",
    "uid",
    "id",
];

/// Whether a name speaks of a secret value.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // The last part of `app.kubernetes.io/token` decides, not the domain.
    let last: String =
        name.rsplit('/').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    let last = last.to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word))
        && (WORDS.iter().any(|word| last.contains(word)))
        && !HARMLESS_ENDS.iter().any(|end| last.ends_with(end))
}

/// One value that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The object: `Pod shop/web-0`.
    pub object: String,
    /// The field: `spec.containers[0].env[1].value`.
    pub field: String,
}

/// Takes out of an object what looks secret, and says what it took.
pub fn redact_object(object: &mut Value) -> Vec<Withheld> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, metadata) = (text(&object["kind"]), &object["metadata"]);
    let name = match (text(&metadata["namespace"]), text(&metadata["name"])) {
        (namespace, name) if namespace.is_empty() => name,
        (namespace, name) => format!("{namespace}/{name}"),
    };
    let mut walk = Walk { fields: Vec::new(), path: Vec::new() };
    if kind == "Secret" {
        walk.whole_maps(object, &["data", "stringData"]);
    }
    walk.value(object);
    let object = format!("{kind} {name}");
    walk.fields.into_iter().map(|field| Withheld { object: object.clone(), field }).collect()
}

struct Walk {
    fields: Vec<String>,
    path: Vec<String>,
}

impl Walk {
    fn at(&mut self, part: String, inside: impl FnOnce(&mut Walk)) {
        self.path.push(part);
        inside(self);
        self.path.pop();
    }

    fn took(&mut self) {
        let mut field = String::new();
        for part in &self.path {
            if !field.is_empty() && !part.starts_with('[') {
                field.push('.');
            }
            field.push_str(part);
        }
        self.fields.push(field);
    }

    /// All values of these maps, whatever their names.
    fn whole_maps(&mut self, object: &mut Value, names: &[&str]) {
        for name in names {
            let Some(map) = object.get_mut(*name).and_then(Value::as_object_mut) else { continue };
            self.at((*name).to_owned(), |walk| {
                for (key, value) in map {
                    walk.at(key.clone(), |walk| walk.replace(value));
                }
            });
        }
    }

    fn replace(&mut self, value: &mut Value) {
        let is_empty = value.as_str().is_some_and(str::is_empty);
        if !is_empty && value.as_str() != Some(REDACTED) {
            *value = Value::from(REDACTED);
            self.took();
        }
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Object(map) => self.map(map),
            Value::Array(list) => self.list(list),
            Value::String(text) => self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn map(&mut self, map: &mut Map<String, Value>) {
        // `name: DB_PASSWORD, value: …`
        let named = map.get("name").and_then(Value::as_str).is_some_and(is_secret_name);
        let is_binary = self.path.last().is_some_and(|part| part == "binaryData");
        for (key, value) in map {
            let secret = is_secret_name(key) || named && key == "value";
            self.at(key.clone(), |walk| match value {
                Value::String(text) if is_binary && !secret => walk.encoded(text),
                Value::String(_) | Value::Number(_) if secret => walk.replace(value),
                Value::Array(list) if secret && list.iter().all(Value::is_string) => {
                    for value in list {
                        walk.replace(value);
                    }
                }
                other => walk.value(other),
            });
        }
    }

    fn list(&mut self, list: &mut [Value]) {
        let mut follows = false;
        for (at, value) in list.iter_mut().enumerate() {
            // `["--password", "…"]`
            let is_argument = value
                .as_str()
                .is_some_and(|text| text.starts_with('-') && !text.contains(['=', ' ']) && is_secret_name(text));
            let is_option = value.as_str().is_some_and(|text| text.starts_with('-'));
            self.at(format!("[{at}]"), |walk| {
                if follows && !is_option && value.is_string() { walk.replace(value) } else { walk.value(value) }
            });
            follows = is_argument;
        }
    }

    /// Base64 of a text that may hold secrets.
    fn encoded(&mut self, encoded: &mut String) {
        let Some(mut text) = STANDARD.decode(encoded.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok())
        else {
            return;
        };
        let before = self.fields.len();
        self.text(&mut text);
        if self.fields.len() > before {
            *encoded = STANDARD.encode(text);
        }
    }

    /// A text, which may be JSON in turn (`last-applied-configuration`).
    fn text(&mut self, text: &mut String) {
        if text.trim_start().starts_with(['{', '['])
            && let Ok(mut inner) = serde_json::from_str::<Value>(text)
        {
            let before = self.fields.len();
            if inner["kind"] == "Secret" {
                self.whole_maps(&mut inner, &["data", "stringData"]);
            }
            self.value(&mut inner);
            if self.fields.len() > before {
                *text = inner.to_string();
            }
            return;
        }
        if let Some(clean) = redact_text(text) {
            *text = clean;
            self.took();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_that_keep_secrets_and_names_that_only_speak_of_them() {
        for name in [
            "password",
            "DB_PASSWORD",
            "apiKey",
            "client-secret",
            "AWS_SECRET_ACCESS_KEY",
            "token",
            "smtp.passwd",
            "secrets",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "secretName",
            "imagePullSecretRef",
            "tokenPath",
            "automountServiceAccountTokenEnabled",
            "name",
            "key",
            "monkey",
            "secretNamespace",
            "kubernetes.io/service-account.name",
            "secrets.example.com/class",
            "tokenExpirationSeconds",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn every_place_of_an_object_is_looked_at() {
        let applied = json!({"kind": "ConfigMap", "data": {"password": "canary-1"}}).to_string();
        let mut pod = json!({"kind": "Pod", "metadata": {"namespace": "shop", "name": "web-0", "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": applied, "note": "call me"}},
            "spec": {"containers": [{"name": "web", "args": ["--token", "canary-2", "--verbose", "--db-password=canary-3"],
                "env": [{"name": "DB_PASSWORD", "value": "canary-4"}, {"name": "MODE", "value": "fast"},
                    {"name": "API_TOKEN", "valueFrom": {"secretKeyRef": {"name": "api", "key": "token"}}},
                    {"name": "DATABASE", "value": "postgres://shop:canary-5@db/shop"}]}],
                "volumes": [{"secret": {"secretName": "web-tls"}}], "imagePullSecrets": [{"name": "pull"}]}});
        let withheld = redact_object(&mut pod);
        let text = pod.to_string();
        assert!(!text.contains("canary"), "{text}");
        for kept in ["call me", "\"fast\"", "web-tls", "\"pull\"", "\"key\":\"token\"", "postgres://shop:", "--verbose"]
        {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        let fields: Vec<&str> = withheld.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration.data.password",
                "spec.containers[0].args[1]",
                "spec.containers[0].args[3]",
                "spec.containers[0].env[0].value",
                "spec.containers[0].env[3].value",
            ]
        );
        assert_eq!(withheld[0].object, "Pod shop/web-0");
    }

    #[test]
    fn a_secret_loses_all_its_values_also_inside_of_a_list() {
        let mut secret = json!({"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "Y2FuYXJ5"}, "stringData": {"b": "canary"}});
        redact_object(&mut secret);
        assert_eq!(secret["data"], json!({"a": REDACTED}));
        assert_eq!(secret["stringData"], json!({"b": REDACTED}));
    }

    #[test]
    fn config_maps_are_read_as_text_also_where_they_are_encoded() {
        let yaml = "server:\n  port: 8080\n  password: canary-1\n  motd: |\n    hello\n";
        let mut map = json!({"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"config.yaml": yaml, "plain": "token bucket"},
            "binaryData": {"more": STANDARD.encode("secret=canary-2\n"), "image": "iVBORw0KGgo="}});
        redact_object(&mut map);
        assert_eq!(map["data"]["config.yaml"], yaml.replace("canary-1", REDACTED));
        assert_eq!(map["data"]["plain"], "token bucket");
        assert_eq!(map["binaryData"]["more"], STANDARD.encode(format!("secret={REDACTED}\n")));
        assert_eq!(map["binaryData"]["image"], "iVBORw0KGgo=");
    }
}

//! Which object a record speaks of: the key/value pairs that controllers write for it, in every framework's spelling.

use crate::record::Record;

/// Fields that hold `namespace/name` (or a name alone), in the order of preference.
const KEY_FIELDS: [&str; 15] = [
    "objectName",
    "object",
    "object.ref",
    "key",
    "resource",
    "request",
    "objectReference",
    "item",
    "req",
    "knative.dev/key",
    "Request.Name",
    "request.name",
    "resourceName",
    "obj",
    "crd",
];

/// The object as `namespace/name` or `name`; `None` if the record names none.
pub(crate) fn object_of(record: &Record<'_>) -> Option<String> {
    if let (Some(name), namespace) = (record.field("name"), record.field("namespace"))
        && plausible(name)
    {
        return Some(join(namespace.unwrap_or_default(), name));
    }
    // controller-runtime: the key is the kind, the value the object's name and namespace.
    for (key, value) in record.fields.iter().rev() {
        if let Some(kind) = key.strip_suffix(".name")
            && (kind.starts_with(|c: char| c.is_ascii_uppercase()) || matches!(kind, "object" | "request" | "resource"))
        {
            let namespace = record.field(&format!("{kind}.namespace"));
            return Some(join(namespace.unwrap_or_default(), value));
        }
    }
    if let (Some(name), Some(namespace)) = (record.field("Request.Name"), record.field("Request.Namespace")) {
        return Some(join(namespace, name));
    }
    KEY_FIELDS
        .iter()
        .find_map(|key| record.field(key).map(|value| value.trim_matches('"')).filter(|value| is_key(value)))
        .map(str::to_owned)
        .or_else(|| of_logger(record))
        .or_else(|| beside_namespace(record))
        .or_else(|| of_span(&record.message))
        .or_else(|| key_in_message(&record.message))
}

/// `controllers/Widget "widget"="w1" "namespace"="team-a"`: the field that is called as the logger is.
fn of_logger(record: &Record<'_>) -> Option<String> {
    let logger = record.logger.as_deref()?;
    let kind = logger.rsplit(['/', '.']).next()?;
    let (_, name) = record.fields.iter().find(|(key, value)| key.eq_ignore_ascii_case(kind) && plausible(value))?;
    Some(join(record.field("namespace").unwrap_or_default(), name))
}

/// Fields that stand beside a namespace and are no object of it.
const NO_OBJECTS: [&str; 34] = [
    "namespace",
    "logger",
    "component",
    "controller",
    "caller",
    "source",
    "file",
    "func",
    "function",
    "version",
    "level",
    "reason",
    "phase",
    "status",
    "state",
    "type",
    "kind",
    "event",
    "action",
    "method",
    "verb",
    "host",
    "node",
    "user",
    "error",
    "err",
    "id",
    "uid",
    "step",
    "stage",
    "result",
    "operation",
    "generation",
    "cluster",
];

/// `namespace=team-a widget=w1`: the only name beside the namespace.
fn beside_namespace(record: &Record<'_>) -> Option<String> {
    let namespace = record.field("namespace").filter(|namespace| plausible(namespace))?;
    let is_name = |key: &str, value: &str| {
        key.bytes().all(|b| b.is_ascii_lowercase())
            && !NO_OBJECTS.contains(&key)
            && plausible(value)
            && value.contains(|c: char| c.is_ascii_alphabetic())
            && !matches!(value, "true" | "false")
    };
    let mut names = record.fields.iter().filter(|(key, value)| is_name(key, value));
    let (_, name) = names.next()?;
    names.next().is_none().then(|| join(namespace, name))
}

/// kube-rs writes the object into its span: `object.ref=Widget.v1.example.com/w1.team-a`.
fn of_span(message: &str) -> Option<String> {
    let word = message.split("object.ref=").nth(1)?.split([' ', '}', ',']).next()?;
    let (_, object) = word.split_once('/')?;
    match object.rsplit_once('.') {
        Some((name, namespace)) if plausible(name) && plausible(namespace) => Some(join(namespace, name)),
        _ => plausible(object).then(|| object.to_owned()),
    }
}

/// `'team-a/w1'` or `"team-a/w1"` in a message.
fn key_in_message(message: &str) -> Option<String> {
    for quote in ['\'', '"'] {
        let mut pieces = message.split(quote);
        pieces.next();
        if let Some(key) = pieces.step_by(2).find(|piece| piece.contains('/') && is_key(piece)) {
            return Some(key.to_owned());
        }
    }
    None
}

fn is_key(text: &str) -> bool {
    text.matches('/').count() <= 1 && text.split('/').all(plausible) && !text.is_empty()
}

/// Whether this can be an object's name.
fn plausible(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn join(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_record;

    #[test]
    fn every_framework_s_spelling() {
        for line in [
            r#"{"level":"error","msg":"Reconciler error","namespace":"team-a","name":"w1"}"#,
            r#"{"level":"error","msg":"x","Widget":{"name":"w1","namespace":"team-a"}}"#,
            r#"I0304 05:06:07.123456       1 c.go:1] "Successfully synced" objectName="team-a/w1""#,
            r"E0304 05:06:07.123456       1 c.go:1] error syncing 'team-a/w1': boom, requeuing",
            r#"E0304 05:06:07.123456       1 c.go:1] controllers/Widget "msg"="failed" "widget"="w1" "namespace"="team-a""#,
            "2025-03-04T05:06:07.123456Z  WARN reconciling object{object.ref=Widget.v1.example.com/w1.team-a object.reason=object updated}: op::controller: failed",
            r#"time="2025-03-04T05:06:07Z" level=info msg="syncing" generation=18 namespace=team-a widget=w1 phase=Running"#,
            r"[2025-03-04 05:06:07,123] kopf.objects         [ERROR   ] [team-a/w1] Handler failed",
        ] {
            assert_eq!(object_of(&parse_record(line)).as_deref(), Some("team-a/w1"), "{line}");
        }
        for line in [
            "I0304 05:06:07.123456       1 c.go:1] path '/var/lib/x' is there",
            r#"time="2025-03-04T05:06:07Z" level=info msg="moved" namespace=team-a widget=w1 target=w2"#,
            r#"time="2025-03-04T05:06:07Z" level=info msg="listed" namespace=team-a retries=3 cached=true"#,
        ] {
            assert_eq!(object_of(&parse_record(line)), None, "{line}");
        }
    }
}

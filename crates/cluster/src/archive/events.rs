//! Events have two faces, `v1` and `events.k8s.io/v1`: the API server keeps one and shows either.

use serde_json::{Map, Value};

/// The fields that have another name in `events.k8s.io`: there, and in the core group.
const NAMES: [(&str, &str); 7] = [
    ("note", "message"),
    ("regarding", "involvedObject"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
];

/// The event as the other API shows it, if `api_version` is the other one.
pub(super) fn converted(event: Map<String, Value>, api_version: &str) -> Map<String, Value> {
    let is_new = |version: &str| version.starts_with("events.k8s.io/");
    let (from, to) = (event.get("apiVersion").and_then(Value::as_str).unwrap_or("v1"), api_version);
    if is_new(from) == is_new(to) {
        return event;
    }
    let renamed = |name: String| {
        let pair = NAMES.iter().find(|(new, old)| if is_new(to) { *old == name } else { *new == name });
        pair.map_or(name, |(new, old)| if is_new(to) { (*new).to_owned() } else { (*old).to_owned() })
    };
    event.into_iter().map(|(name, value)| (renamed(name), value)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn either_face_shows_the_other() {
        let core =
            json!({"apiVersion": "v1", "message": "m", "involvedObject": {"name": "x"}, "count": 2, "reason": "R"});
        let new =
            json!({"apiVersion": "v1", "note": "m", "regarding": {"name": "x"}, "deprecatedCount": 2, "reason": "R"});
        let fields = |value: &Value| value.as_object().cloned().expect("an object");
        assert_eq!(Value::from(converted(fields(&core), "events.k8s.io/v1")), new);
        assert_eq!(Value::from(converted(fields(&core), "v1")), core);
        let own = json!({"apiVersion": "events.k8s.io/v1", "note": "m"});
        assert_eq!(converted(fields(&own), "v1")["message"], "m");
    }
}

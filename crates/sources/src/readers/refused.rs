//! What the collector of a support bundle was refused: `…-errors.json` (JSON texts in a list or by namespace), and
//! `CONTAINER-logs-errors.log`, which lies where the log would.

use serde_json::Value;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: true, in_prose: false, probe, read, list: None };

fn probe(section: &Section) -> bool {
    let of_log = |name: &String| name.ends_with("-logs-errors.log");
    section.path.last().is_some_and(|name| name.ends_with("-errors.json") || name == "errors.json" || of_log(name))
}

fn read(section: &Section, found: &mut Found) -> bool {
    let texts = |value: Value| match value {
        Value::Array(list) => list.into_iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
        Value::Object(map) => {
            map.into_iter().map(|(key, it)| it.as_str().map(|text| format!("{key}: {text}"))).collect()
        }
        Value::Null => Some(Vec::new()),
        _ => None,
    };
    let is_log = section.path.last().is_some_and(|name| name.ends_with(".log"));
    let texts = if is_log {
        Some(vec![section.text.trim().to_owned()])
    } else {
        serde_json::from_str(section.text).ok().and_then(texts)
    };
    let Some(texts) = texts else { return false };
    for text in texts {
        found.gap(section.source(), text);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gaps, read_as};

    #[test]
    fn what_a_support_bundle_was_refused_is_a_gap() {
        let found = read_as("cluster-resources/leases-errors.json", r#"["leases is forbidden"]"#);
        assert_eq!(gaps(&found), ["cluster-resources/leases-errors.json: leases is forbidden"]);
        let found = read_as("cluster-resources/pvcs-errors.json", "{\n\"ops\": \"pvcs is forbidden\"\n}\n");
        assert_eq!(gaps(&found), ["cluster-resources/pvcs-errors.json: ops: pvcs is forbidden"]);
        let found = read_as("ops-logs/errors.json", r#"["pods is forbidden"]"#);
        assert_eq!(gaps(&found), ["ops-logs/errors.json: pods is forbidden"]);
        let log = "cluster-resources/pods/logs/ops/shop-0/manager-logs-errors.log";
        let found = read_as(log, "failed to get log stream: container \"manager\" is waiting to start");
        assert_eq!(
            gaps(&found),
            [format!("{log}: failed to get log stream: container \"manager\" is waiting to start")]
        );
        assert!(found.logs.is_empty());
        let found = read_as("cluster-resources/settings.json", "[\n\"leases is forbidden\"\n]\n");
        assert!(gaps(&found).is_empty());
    }
}

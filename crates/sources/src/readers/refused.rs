//! `…-errors.json` of a support bundle: what its collector was refused, as JSON texts in a list or by namespace.

use serde_json::Value;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read };

fn probe(section: &Section) -> bool {
    section.path.last().is_some_and(|name| name.ends_with("-errors.json"))
}

fn read(section: &Section, found: &mut Found) -> bool {
    let texts = |value: Value| match value {
        Value::Array(list) => list.into_iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
        Value::Object(map) => {
            map.into_iter().map(|(key, it)| it.as_str().map(|text| format!("{key}: {text}"))).collect()
        }
        _ => None,
    };
    let Some(texts) = serde_json::from_str(section.text).ok().and_then(texts) else { return false };
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
        let found = read_as("cluster-resources/settings.json", "[\n\"leases is forbidden\"\n]\n");
        assert!(gaps(&found).is_empty());
    }
}

//! The newest time that a capture holds, for one that does not say when it was made.

use jiff::Timestamp;
use kloupe_model::{Body, Facts, Keep};
use serde_json::Value;

/// What of an object tells when it lived: there may be ten thousand of them.
const LIFE: Keep = Keep::Fields(&[
    (
        "metadata",
        Keep::Fields(&[
            ("creationTimestamp", Keep::All),
            ("deletionTimestamp", Keep::All),
            ("managedFields", Keep::Fields(&[("time", Keep::All)])),
        ]),
    ),
    ("spec", Keep::Fields(&[("renewTime", Keep::All)])),
]);

/// The newest time of an event, or of an object's life.
pub(super) fn newest(facts: &Facts) -> Option<Timestamp> {
    let events = facts.events.iter().filter_map(|event| event.last).filter(|last| last.year_known());
    let events = events.filter_map(|last| Timestamp::from_microsecond(last.micros()).ok());
    events.chain(facts.objects.iter().filter_map(|object| life(&object.body))).max()
}

/// When the object was made, marked for deletion, written or renewed last.
fn life(body: &Body) -> Option<Timestamp> {
    let object = body.only(&LIFE);
    let metadata = &object["metadata"];
    let written = metadata["managedFields"].as_array().into_iter().flatten().map(|entry| &entry["time"]);
    let marks = [&metadata["creationTimestamp"], &metadata["deletionTimestamp"], &object["spec"]["renewTime"]];
    marks.into_iter().chain(written).filter_map(time).max()
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use kloupe_sources::Source;

    use super::super::Store;

    fn now(files: &[(&str, &str)], as_of: Option<&str>) -> String {
        let memory = |(name, text): &(&str, &str)| Source::Memory { name: (*name).into(), bytes: (*text).into() };
        let sources: Vec<Source> = files.iter().map(memory).collect();
        let archive = kloupe_sources::read(&sources).expect("read");
        Store::new(archive).as_of(as_of.map(|time| time.parse().expect("a time"))).now().to_string()
    }

    #[test]
    fn the_present_of_a_capture_is_when_it_was_taken() {
        let pod =
            ("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: '2026-01-01T00:00:00Z'}\n");
        let event =
            ("event.yaml", "apiVersion: v1\nkind: Event\nmetadata: {name: e}\nlastTimestamp: '2026-01-02T00:00:00Z'\n");
        let manifest =
            ("b/manifest.json", r#"{"kind":"KloupeBundle","version":1,"capturedAt":"2026-01-03T00:00:00Z"}"#);
        assert_eq!(now(&[pod], None), "2026-01-01T00:00:00Z");
        assert_eq!(now(&[pod, event], None), "2026-01-02T00:00:00Z");
        assert_eq!(now(&[pod, event, manifest], None), "2026-01-03T00:00:00Z");
        assert_eq!(now(&[pod, event, manifest], Some("2026-01-04T00:00:00Z")), "2026-01-04T00:00:00Z");
    }
}

//! Objects and what kubectl prints for them.

use jiff::tz::TimeZone;
use kloupe_views::age::Clock;
use kloupe_views::describe::{Related, describe, failed, queries};
use serde_json::{Value, json};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/describe")
}

fn clock(now: &str) -> Clock {
    Clock { now: now.parse().expect("a time"), zone: TimeZone::UTC }
}

/// Answers every query from the lists of a case, by the name of the resource.
fn answers(case: &Value) -> Related {
    let list = |resource: &str| case["lists"][resource].as_array().cloned().unwrap_or_default();
    queries(&case["object"], true).into_iter().map(|query| (query.clone(), Ok(list(&query.resource)))).collect()
}

#[test]
fn every_case_reads_as_kubectl_prints_it() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    names.sort();
    assert!(names.len() > 1, "there are cases");
    for path in names {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("a case")).expect("JSON");
        let wanted = std::fs::read_to_string(path.with_extension("txt")).expect("what kubectl printed");
        let text = describe(&case["object"], &answers(&case), &clock(case["now"].as_str().expect("a time")), true);
        let differs = text.lines().zip(wanted.lines()).find(|(is, should)| is != should);
        assert!(text == wanted, "{}: first difference {differs:?}\n{text}", path.display());
    }
}

#[test]
fn events_are_asked_for_as_kubectl_does() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n", "uid": "u",
        "annotations": {"kubernetes.io/config.mirror": "m"}}});
    let all = queries(&pod, true);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].resource.as_str(), all[0].namespace.as_deref()), ("events", Some("n")));
    assert_eq!(all[0].fields, "involvedObject.name=p,involvedObject.namespace=n,involvedObject.uid=m");
    assert!(queries(&pod, false).is_empty());

    let class = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "uid": "u"}});
    let all = queries(&class, true);
    assert_eq!(all[0].namespace, None);
    assert_eq!(
        all[0].fields,
        "involvedObject.name=w,involvedObject.namespace=,involvedObject.kind=Widget,involvedObject.uid=u"
    );
}

#[test]
fn what_could_not_be_read_is_said_apart() {
    let object = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "n", "uid": "u"}});
    let related: Related =
        queries(&object, true).into_iter().map(|query| (query, Err("forbidden".to_owned()))).collect();
    let text = describe(&object, &related, &clock("2026-01-01T00:00:00Z"), true);
    assert!(text.ends_with("<none>\n") && text.contains("\nEvents: "), "{text}");
    assert_eq!(
        failed(&related).iter().map(|(query, why)| (query.resource.as_str(), *why)).collect::<Vec<_>>(),
        [("events", "forbidden")]
    );
    assert!(!describe(&object, &related, &clock("2026-01-01T00:00:00Z"), false).contains("Events"));
}

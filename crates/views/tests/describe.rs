//! Objects and what kubectl prints for them.

use jiff::tz::TimeZone;
use kloupe_views::age::Clock;
use kloupe_views::describe::{Query, Related, describe, failed, queries};
use serde_json::{Value, json};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/describe")
}

fn clock(now: &str) -> Clock {
    Clock { now: now.parse().expect("a time"), zone: TimeZone::UTC }
}

/// Answers every query from the lists of a case, by the name of the resource, labels, fields and the name.
fn answers(case: &Value) -> Related {
    queries(&case["object"], true).into_iter().map(|query| (query.clone(), answer(case, &query))).collect()
}

fn answer(case: &Value, query: &Query) -> Result<Vec<Value>, String> {
    let labels: Vec<(&str, &str)> = query.labels.split(',').filter_map(|label| label.split_once('=')).collect();
    let mut found = case["lists"][&query.resource].as_array().cloned().unwrap_or_default();
    found.retain(|object| {
        let metadata = &object["metadata"];
        labels.iter().all(|(key, value)| metadata["labels"][key] == **value)
            && query.fields.split(',').all(|term| fits(object, term))
            && query.name.as_deref().is_none_or(|name| metadata["name"] == name)
    });
    match &query.name {
        Some(name) if found.is_empty() => {
            let group = query.api_version.split_once('/').map_or_else(String::new, |(group, _)| format!(".{group}"));
            Err(format!("Error from server (NotFound): {}{group} \"{name}\" not found", query.resource))
        }
        _ => Ok(found),
    }
}

/// Whether an object fits a term of a field selector: `a.b=value`, `a.b!=value`. Objects of cases are cut short: what they lack fits.
fn fits(object: &Value, term: &str) -> bool {
    let Some((field, value)) = term.split_once('=') else { return true };
    let (field, wanted) = field.strip_suffix('!').map_or((field, true), |field| (field, false));
    let found = field.split('.').fold(object, |object, field| &object[field]);
    found.is_null() || (found == value) == wanted
}

#[test]
fn every_case_reads_as_kubectl_prints_it() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    names.sort();
    assert!(names.len() > 20, "there are cases");
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

#[test]
fn what_the_page_itself_says_is_not_said_again() {
    let backend = json!({"service": {"name": "gone", "port": {"number": 80}}});
    let object = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": {"name": "i", "namespace": "n", "uid": "u"}, "spec": {"defaultBackend": backend}});
    let related: Related = queries(&object, false)
        .into_iter()
        .map(|query| {
            let wrong = if query.name.is_some() {
                "Error from server (NotFound): services \"gone\" not found"
            } else {
                "why: not"
            };
            (query, Err(wrong.to_owned()))
        })
        .collect();
    assert_eq!(
        failed(&related).iter().map(|(query, _)| query.resource.as_str()).collect::<Vec<_>>(),
        ["endpointslices"]
    );
    let text = describe(&object, &related, &clock("2026-01-01T00:00:00Z"), false);
    assert!(text.contains("Default backend:  gone:80 (<error: why: not>)\n"), "{text}");
}

/// The page of an object for which every list is refused in these words.
fn refused(object: &Value, words: &str) -> String {
    let related: Related =
        queries(object, false).into_iter().map(|query| (query, Err(format!("Error from server {words}")))).collect();
    describe(object, &related, &clock("2026-01-01T00:00:00Z"), false)
}

#[test]
fn what_could_not_be_read_is_not_shown_as_nothing() {
    let object = |kind: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "namespace": "n"}});
    let denied = "(Forbidden): pods is forbidden";
    assert!(refused(&object("Node"), denied).ends_with("\nPods:                         not authorized\n"));
    let broken = refused(&object("Node"), "(InternalError): it broke");
    assert!(broken.ends_with("\nPods:                         error in fetching pods: it broke\n"), "{broken}");
    let claim = refused(&object("PersistentVolumeClaim"), denied);
    assert!(claim.contains("\nUsed By:       error in fetching pods: pods is forbidden\n"), "{claim}");
    let namespace = refused(&object("Namespace"), denied);
    assert!(!namespace.contains("No resource quota") && !namespace.contains("No LimitRange"), "{namespace}");
    assert!(namespace.contains("\nResource Quotas:  error in fetching quotas: pods is forbidden\n"), "{namespace}");
}

#[test]
fn a_claim_is_used_by_pods_that_mount_or_own_it() {
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "n",
        "ownerReferences": [{"kind": "Pod", "uid": "u-owner"}, {"kind": "Pod", "uid": "u-both"}, {"kind": "Job", "uid": "u-job"}]}});
    let pod = |name: &str, claim: &str| {
        json!({"metadata": {"name": name, "uid": format!("u-{name}")},
            "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": claim}}]}})
    };
    let pods = vec![pod("owner", "other"), pod("job", "other"), pod("both", "data"), pod("mounts", "data")];
    let related: Related = queries(&claim, false).into_iter().map(|query| (query, Ok(pods.clone()))).collect();
    let text = describe(&claim, &related, &clock("2026-01-01T00:00:00Z"), false);
    assert!(text.ends_with("Used By:       both\n               mounts\n               owner\n"), "{text}");
}

//! `kloupe tree` on saved files.

mod common;

use common::{folder, kloupe};
use serde_json::{Value, json};

/// A deployment that was made anew, its replica set and pods, and what an operator added.
fn dump() -> Value {
    let object = |kind: &str, version: &str, name: &str, owners: &[(&str, &str, &str)], more: Value| {
        let owners: Vec<Value> = owners
            .iter()
            .map(|(kind, name, uid)| json!({"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": uid}))
            .collect();
        let mut object = json!({"apiVersion": version, "kind": kind,
            "metadata": {"name": name, "namespace": "shop", "uid": format!("u-{name}"), "ownerReferences": owners}});
        object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        object
    };
    let deploy = json!({"spec": {"replicas": 2}, "status": {"readyReplicas": 1, "replicas": 2, "conditions": [
        {"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable"}]}});
    let set = json!({"spec": {"replicas": 2}, "status": {"replicas": 2, "readyReplicas": 1}});
    let pod = |ready: bool| {
        json!({"spec": {"containers": [{"name": "c"}]}, "status": {"phase": "Running", "containerStatuses": [
            {"name": "c", "ready": ready, "state": {"running": {}}}]}})
    };
    let none = json!({});
    json!({"apiVersion": "v1", "kind": "List", "items": [
        object("Deployment", "apps/v1", "web", &[], deploy),
        object("ReplicaSet", "apps/v1", "web-1", &[("Deployment", "web", "u-web")], set),
        object("Pod", "v1", "web-1-a", &[("ReplicaSet", "web-1", "u-web-1")], pod(true)),
        object("Pod", "v1", "web-1-b", &[("ReplicaSet", "web-1", "u-web-1")], pod(false)),
        object("ConfigMap", "v1", "web-extra", &[("Deployment", "web", "u-web")], none.clone()),
        object("ReplicaSet", "apps/v1", "web-0", &[("Deployment", "web", "u-before")], none.clone()),
        object("Pod", "v1", "stray", &[("ReplicaSet", "web-1", "u-other"), ("StatefulSet", "gone", "u-gone")], pod(true)),
        object("Secret", "v1", "other", &[], none),
    ]})
}

fn said(arguments: &[&str]) -> (String, String, i32) {
    let folder = folder(&[("dump.json", dump().to_string().as_bytes())]);
    let mut command = kloupe(folder.path(), "C");
    let output = command.arg("tree").args(arguments).args(["--from", "dump.json"]).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("no signal ended it"))
}

/// Lines without the widths of their columns.
fn rows(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split("   ").map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" | "))
        .collect()
}

#[test]
fn what_an_object_owns_stands_below_it_with_its_state() {
    let (out, _, status) = said(&["deploy/web", "-n", "shop"]);
    let expected = [
        "NAME | READY | STATUS | AGE",
        "Deployment/web ◀ | 1/2 | MinimumReplicasUnavailable | -",
        "├─ConfigMap/web-extra | - | - | -",
        "├─ReplicaSet/web-1 | 1/2 | - | -",
        "│ ├─Pod/web-1-a | 1/1 | Running | -",
        "│ └─Pod/web-1-b | 0/1 | Running | -",
        "└─ReplicaSet/web-0 | 0/1 | is owned by an earlier object of this name, which is gone | -",
    ];
    assert_eq!((rows(&out), status), (expected.map(str::to_owned).to_vec(), 0), "{out}");
}

#[test]
fn owners_stand_above_without_their_other_children() {
    let (out, _, _) = said(&["pod", "web-1-b", "-n", "shop"]);
    let names: Vec<String> =
        rows(&out).iter().skip(1).map(|row| row.split(" | ").next().unwrap_or_default().to_owned()).collect();
    assert_eq!(names, ["Deployment/web", "└─ReplicaSet/web-1", "└─Pod/web-1-b ◀"]);
}

#[test]
fn an_owner_that_is_not_there_is_said() {
    let (out, _, _) = said(&["pod/stray", "-n", "shop"]);
    assert!(out.contains("does not exist any more; another object has its name now"), "{out}");
    assert!(out.contains("StatefulSet/gone") && out.contains("is not in what was read"), "{out}");
    let (out, _, _) = said(&["pod/stray", "-n", "shop", "--lang", "zh"]);
    assert!(out.contains("已不存在；现在另有同名对象") && out.contains("（见上文）"), "{out}");
}

#[test]
fn programs_get_the_same_as_json() {
    let (out, _, _) = said(&["rs/web-1", "-n", "shop", "-o", "json"]);
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["version"], "1");
    let objects = document["objects"].as_array().expect("a list");
    let brief: Vec<String> =
        objects.iter().map(|it| format!("{} {}", it["depth"], it["name"].as_str().unwrap_or_default())).collect();
    assert_eq!(brief, ["0 web", "1 web-1", "2 web-1-a", "2 web-1-b", "2 stray"]);
    assert_eq!(objects[1]["asked"], true);
    assert_eq!((&objects[3]["ready"], &objects[3]["status"]), (&json!("0/1"), &json!("Running")));
    assert_eq!((&objects[4]["trouble"], &objects[4]["ready"]), (&json!("orphan"), &json!("1/1")));
    let (out, _, _) = said(&["pod/stray", "-n", "shop", "-o", "json"]);
    assert!(
        out.contains("\"trouble\": \"owner-replaced\"") && out.contains("\"trouble\": \"owner-not-captured\""),
        "{out}"
    );
}

#[test]
fn one_object_is_asked_for() {
    for wrong in [&[][..], &["pods"], &["pod", "a", "b"]] {
        let (_, error, status) = said(wrong);
        assert!(error.starts_with("error: name one object: TYPE/NAME or TYPE NAME\n"), "{error}");
        assert_eq!(status, 1);
    }
    let (_, error, _) = said(&["pod/gone", "-n", "shop"]);
    assert_eq!(error, "Error from server (NotFound): pods \"gone\" not found\n");
    let (_, error, _) = said(&["pod/stray", "-o", "yaml"]);
    assert_eq!(error, "error: -o cannot be \"yaml\": it can be json\n");
}

#[test]
fn events_of_a_tree_are_of_all_that_is_owned() {
    let event = |name: &str, uid: &str| {
        json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": "shop"}, "reason": name,
            "involvedObject": {"uid": uid}, "lastTimestamp": "2026-01-01T00:00:00Z"})
    };
    let mut dump = dump();
    dump["items"].as_array_mut().expect("a list").extend([event("Own", "u-web-1-a"), event("Foreign", "u-stray")]);
    let folder = folder(&[("dump.json", dump.to_string().as_bytes())]);
    let output = kloupe(folder.path(), "C")
        .args(["events", "--for", "deploy/web", "--tree", "-n", "shop", "--from", "dump.json"])
        .output()
        .expect("it runs");
    let out = String::from_utf8(output.stdout).expect("what is said is UTF-8");
    assert!(out.contains("Own") && !out.contains("Foreign"), "{out}");
}

//! What collectors write, each as a folder and packed: every log has its container, every object is whole, what they could not read
//! is a gap.

use std::io::{Cursor, Read, Write};

use kloupe_model::Lang;
use kloupe_sources::{Archive, Source, read};

/// Files by name.
type Files<'a> = [(&'a str, String)];

/// Everything that an archive says, without the name of what holds the files.
#[derive(Debug, PartialEq)]
struct Said {
    objects: Vec<String>,
    listed: Vec<String>,
    logs: Vec<String>,
    events: usize,
    gaps: Vec<String>,
}

fn said(archive: &Archive, root: &str) -> Said {
    let bare = |text: &str| text.replace(root, "");
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
    let log = |log: &kloupe_sources::LogFile| {
        let mut text = String::new();
        log.open().expect("opens").read_to_string(&mut text).expect("text");
        let previous = if log.previous { " previous" } else { "" };
        let first = text.lines().next().unwrap_or_default();
        format!("{}/{}/{}{previous}: {first}", part(&log.namespace), part(&log.pod), part(&log.container))
    };
    let mut logs: Vec<_> = archive.logs.iter().map(log).collect();
    logs.sort();
    let mut objects: Vec<_> = archive
        .facts
        .objects
        .iter()
        .filter(|object| object.whole)
        .map(|object| format!("{} {}/{}", object.reference.kind, object.reference.namespace, object.reference.name))
        .collect();
    objects.sort();
    let mut listed: Vec<_> = archive
        .facts
        .listed
        .iter()
        .map(|it| format!("{} {}", it.kind, it.namespace.as_deref().unwrap_or("*")))
        .collect();
    listed.sort();
    let mut gaps: Vec<_> =
        archive.facts.gaps.iter().map(|gap| format!("{}: {}", bare(&gap.what), gap.why.get(Lang::En))).collect();
    gaps.sort();
    Said { objects, listed, logs, events: archive.facts.events.len(), gaps }
}

/// Reads the files as a folder, in a tar.gz and in a zip, and says what they gave, which is the same.
fn every_way(files: &Files) -> Said {
    let root = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let from_folder = said(&read(&[Source::Path(root.path().to_path_buf())]).expect("something"), "\0");

    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, text.as_bytes()).expect("memory");
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    let tar = tar.into_inner().expect("memory").finish().expect("memory");
    let zip = zip.finish().expect("memory").into_inner();
    for (name, bytes) in [("x.tar.gz", tar), ("x.zip", zip)] {
        let archive = read(&[Source::Memory { name: name.to_owned(), bytes }]).expect("something");
        assert_eq!(said(&archive, &format!("{name}:")), from_folder, "{name}");
    }
    from_folder
}

fn yaml(kind: &str, api_version: &str, name: &str) -> String {
    format!(
        "---\napiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: ops\n  uid: {kind}-{name}\n  resourceVersion: \"7\"\n"
    )
}

fn event(name: &str) -> String {
    format!(
        "{}involvedObject: {{kind: Pod, namespace: ops, name: shop-0}}\nreason: BackOff\ntype: Warning\nmessage: m\n",
        yaml("Event", "v1", name)
    )
}

fn list_of(kind: &str, api_version: &str, items: &[String]) -> String {
    let lines = |item: &String| -> Vec<String> { item.lines().skip(1).map(|line| format!("  {line}\n")).collect() };
    let indented: String =
        items.iter().map(|item| lines(item).concat().replacen("  ", "- ", 1)).collect::<Vec<_>>().concat();
    let items = if items.is_empty() { " []\n".to_owned() } else { format!("\n{indented}") };
    format!("---\napiVersion: {api_version}\nkind: {kind}\nitems:{items}metadata:\n  resourceVersion: \"9\"\n")
}

#[test]
fn a_must_gather() {
    let root = "must-gather.local.1/quay-io-openshift-sha256-abc";
    let logs = "namespaces/ops/pods/shop-0/manager/manager/logs";
    let pod = yaml("Pod", "v1", "shop-0");
    let files = [
        ("timestamp", "2026-11-25 10:00:00 +0000 UTC\n2026-11-25 10:05:00 +0000 UTC\n".to_owned()),
        ("namespaces/ops/ops.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ops\n".to_owned()),
        ("namespaces/ops/core/pods.yaml", list_of("PodList", "v1", std::slice::from_ref(&pod))),
        ("namespaces/ops/core/events.yaml", list_of("EventList", "v1", &[event("shop-0.1")])),
        ("namespaces/ops/apps/deployments.yaml", list_of("DeploymentList", "apps/v1", &[])),
        ("namespaces/ops/pods/shop-0/shop-0.yaml", pod),
        ("cluster-scoped-resources/core/nodes/n.yaml", "apiVersion: v1\nkind: Node\nmetadata:\n  name: n\n".to_owned()),
        ("event-filter.html", "<!DOCTYPE html>\n<html></html>\n".to_owned()),
    ];
    let mut files: Vec<(String, String)> =
        files.into_iter().map(|(name, text)| (format!("{root}/{name}"), text)).collect();
    for (name, text) in [("current", "a\n"), ("previous", "b\n"), ("previous.insecure", "c\n"), ("rotated/0", "d\n")] {
        files.push((format!("{root}/{logs}/{name}.log"), format!("2026-11-25T10:00:00Z {text}")));
    }
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let said = every_way(&files);
    assert_eq!(said.objects, ["Namespace /ops", "Node /n", "Pod ops/shop-0"]);
    assert_eq!(said.events, 1);
    assert_eq!(said.listed, ["Deployment ops", "Event ops", "Pod ops"]);
    let expected = [
        "ops/shop-0/manager previous: 2026-11-25T10:00:00Z b",
        "ops/shop-0/manager previous: 2026-11-25T10:00:00Z c",
        "ops/shop-0/manager previous: 2026-11-25T10:00:00Z d",
        "ops/shop-0/manager: 2026-11-25T10:00:00Z a",
    ];
    assert_eq!(said.logs, expected);
    assert_eq!(said.gaps.len(), 1, "{:?}", said.gaps);
    assert!(
        said.gaps[0].contains("event-filter.html, ") && said.gaps[0].contains("timestamp: not read"),
        "{:?}",
        said.gaps
    );
}

#[test]
fn a_crust_gather_archive() {
    let discovery =
        "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[]}";
    let files = [
        ("cluster/v1/namespace/ops.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ops\n".to_owned()),
        (
            "cluster/rbac.authorization.k8s.io-v1/clusterrole/system-node.yaml",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: system:node\n".to_owned(),
        ),
        ("namespaces/ops/v1/pod/shop-0.yaml", yaml("Pod", "v1", "shop-0")),
        ("namespaces/ops/v1/event/shop-0.1.yaml", event("shop-0.1")),
        ("namespaces/ops/example.com-v1/widget/berlin.yaml", yaml("Widget", "example.com/v1", "berlin")),
        ("namespaces/ops/v1/pod/shop-0/manager/current.log", "2026-11-25T10:00:00Z a\n".to_owned()),
        ("namespaces/ops/v1/pod/shop-0/manager/previous.log", "2026-11-25T10:00:00Z b\n".to_owned()),
        ("version.yaml", "major: \"1\"\nminor: \"37\"\ngitVersion: v1.37.2\n".to_owned()),
        ("api.json", discovery.to_owned()),
        ("apis.json", discovery.to_owned()),
        ("collected.timestamp", "\"2026-11-25 10:00:00 UTC\"".to_owned()),
        (
            "app-versions.yaml",
            "- name: shop-0\n  namespace: ops\n  container: manager\n  version: shop:v1\n".to_owned(),
        ),
    ];
    let said = every_way(&files);
    assert_eq!(said.objects, ["ClusterRole /system:node", "Namespace /ops", "Pod ops/shop-0", "Widget ops/berlin"]);
    assert_eq!((said.events, said.listed.len()), (1, 0));
    assert_eq!(
        said.logs,
        ["ops/shop-0/manager previous: 2026-11-25T10:00:00Z b", "ops/shop-0/manager: 2026-11-25T10:00:00Z a"]
    );
    assert_eq!(
        said.gaps,
        [
            "app-versions.yaml, collected.timestamp: not read: settings or other data, no objects, tables, events, metrics or logs"
        ]
    );
}

#[test]
fn a_support_bundle() {
    let list = |kind: &str, version: &str, items: &str| {
        format!(
            "{{\n  \"kind\": \"{kind}\",\n  \"apiVersion\": \"{version}\",\n  \"metadata\": {{}},\n  \"items\": [{items}]\n}}"
        )
    };
    let pod =
        "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"shop-0\", \"namespace\": \"ops\"}}";
    let widget = "{\"kind\": \"Widget\", \"apiVersion\": \"example.com/v1\", \"metadata\": {\"name\": \"berlin\", \"namespace\": \"ops\", \"resourceVersion\": \"7\"}}";
    let root = "support-bundle-2026-11-25T10_00_00/cluster-resources";
    let files = [
        ("pods/ops.json", list("PodList", "v1", pod)),
        ("pods/empty.json", list("PodList", "v1", "")),
        ("pods/logs/ops/shop-0/manager.log", "a\n".to_owned()),
        ("pods/logs/ops/shop-0/manager-previous.log", "b\n".to_owned()),
        ("pods/logs/ops/shop-0/proxy-logs-errors.log", "failed to get log stream: container \"proxy\" is waiting".to_owned()),
        ("custom-resources/widgets.example.com/ops.json", format!("[\n  {widget}\n]")),
        ("custom-resources/widgets.example.com/ops.yaml", "- apiVersion: example.com/v1\n  kind: Widget\n  metadata:\n    name: berlin\n    namespace: ops\n    resourceVersion: \"7\"\n".to_owned()),
        ("custom-resources/custom-resources-errors.json", "{\n  \"gadgets.example.com\": \"gadgets.example.com is forbidden\"\n}".to_owned()),
        ("events/ops.json", list("EventList", "v1", "{\"kind\": \"Event\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"e\", \"namespace\": \"ops\"}, \"involvedObject\": {\"kind\": \"Pod\", \"name\": \"shop-0\", \"namespace\": \"ops\"}, \"reason\": \"BackOff\"}")),
        ("leases-errors.json", "{\n  \"ops\": \"leases.coordination.k8s.io is forbidden\"\n}".to_owned()),
        ("groups.json", "[\n  {\n    \"name\": \"apps\",\n    \"versions\": [],\n    \"preferredVersion\": {}\n  }\n]".to_owned()),
        ("resources.json", "[\n  {\n    \"kind\": \"APIResourceList\",\n    \"groupVersion\": \"v1\",\n    \"resources\": []\n  }\n]".to_owned()),
        ("auth-cani-list/ops.json", "[\n  {\n    \"verbs\": [\n      \"get\"\n    ]\n  }\n]".to_owned()),
    ];
    let files: Vec<(String, String)> = files.into_iter().map(|(name, text)| (format!("{root}/{name}"), text)).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let said = every_way(&files);
    assert_eq!(said.objects, ["Pod ops/shop-0", "Widget ops/berlin"]);
    assert_eq!(said.events, 1);
    assert_eq!(said.listed, ["Event ops", "Pod empty", "Pod ops"]);
    assert_eq!(said.logs, ["ops/shop-0/manager previous: b", "ops/shop-0/manager: a"]);
    let gaps: Vec<_> = said.gaps.iter().map(|gap| gap.replace(&format!("{root}/"), "")).collect();
    let expected = [
        "auth-cani-list/ops.json: not read: settings or other data, no objects, tables, events, metrics or logs",
        "custom-resources/custom-resources-errors.json: gadgets.example.com: gadgets.example.com is forbidden",
        "leases-errors.json: ops: leases.coordination.k8s.io is forbidden",
        "pods/logs/ops/shop-0/proxy-logs-errors.log: failed to get log stream: container \"proxy\" is waiting",
    ];
    assert_eq!(gaps, expected);
}

/// What `kubectl cluster-info dump` writes of a namespace: an item, if any, is a pod.
fn dumped(namespace: &str, pods: &[&str]) -> String {
    let item = |name: &&str| {
        format!(
            "{{\n      \"metadata\": {{\n        \"name\": \"{name}\",\n        \"namespace\": \"{namespace}\"\n      }}\n    }}"
        )
    };
    ["Event", "ReplicationController", "Service", "DaemonSet", "Deployment", "ReplicaSet", "Pod"]
        .iter()
        .map(|kind| {
            let items = if *kind == "Pod" { pods.iter().map(item).collect::<Vec<_>>().join(",") } else { String::new() };
            let version = if matches!(*kind, "DaemonSet" | "Deployment" | "ReplicaSet") { "apps/v1" } else { "v1" };
            format!("{{\n    \"kind\": \"{kind}List\",\n    \"apiVersion\": \"{version}\",\n    \"metadata\": {{\n        \"resourceVersion\": \"9\"\n    }},\n    \"items\": [{items}]\n}}\n")
        })
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn a_dump_of_a_cluster_on_one_stream() {
    let log = |pod: &str, container: &str, text: &str| {
        let which = format!("logs for container {container} of pod ops/{pod} ====\n");
        format!("==== START {which}{text}==== END {which}")
    };
    let text = [
        "{\n    \"kind\": \"NodeList\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {},\n    \"items\": [\n        {\n            \"metadata\": {\"name\": \"n\"}\n        }\n    ]\n}\n".to_owned(),
        dumped("empty", &[]),
        dumped("ops", &["shop-0", "shop-1"]),
        log("shop-0", "setup", ""),
        log("shop-0", "manager", "I0304 05:06:07.000001       1 main.go:7] started\n{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"quoted\"}}\n"),
        log("shop-1", "manager", "Request log error: container \"manager\" in pod \"shop-1\" is waiting to start\n"),
        dumped("quiet", &[]),
        dumped("dev", &["web-0"]),
    ]
    .concat();
    let said = every_way(&[("dump.txt", text)]);
    assert_eq!(said.objects, ["Node /n", "Pod dev/web-0", "Pod ops/shop-0", "Pod ops/shop-1"]);
    assert_eq!(
        said.logs,
        ["ops/shop-0/manager: I0304 05:06:07.000001       1 main.go:7] started", "ops/shop-0/setup: "]
    );
    // An empty list does not say of which namespace it is: nothing is claimed of those that have nothing at all.
    assert!(
        said.listed.iter().all(|it| it == "Node *" || it.ends_with(" ops") || it.ends_with(" dev")),
        "{:?}",
        said.listed
    );
    assert_eq!(said.listed.len(), 15);
    assert_eq!(said.gaps, ["dump.txt: Request log error: container \"manager\" in pod \"shop-1\" is waiting to start"]);
}

#[test]
fn a_k8shark_capture() {
    let record = |time: u32, path: &str, code: u16, body: &str| {
        let json = format!(
            "{{\"id\":\"x\",\"captured_at\":\"2026-11-25T10:00:0{time}Z\",\"api_path\":\"{path}\",\"http_method\":\"GET\",\"response_code\":{code},\"response_body\":{body}}}"
        );
        zstd::encode_all(json.as_bytes(), 1).expect("memory")
    };
    let pods = |name: &str| {
        format!(
            "{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"ops\"}}}}]}}"
        )
    };
    let pack = |text: &str| zstd::encode_all(text.as_bytes(), 1).expect("memory");
    let forbidden =
        "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"leases.coordination.k8s.io is forbidden\"}";
    let files = [
        ("metadata.json", br#"{"format_version":2,"captured_at":"2026-11-25T10:00:00Z","kubernetes_version":"v1.37.2","record_count":5}"#.to_vec()),
        ("index.json.zst", pack("{\"entries\":{\"/api/v1/namespaces/ops/pods\":{\"api_path\":\"/api/v1/namespaces/ops/pods\",\"seqs\":[0,1]}}}")),
        ("records/0123456789abcdef/0.json.zst", record(1, "/api/v1/namespaces/ops/pods", 200, &pods("gone"))),
        ("records/0123456789abcdef/1.json.zst", record(2, "/api/v1/namespaces/ops/pods", 200, &pods("shop-0"))),
        ("records/0123456789abcde0/0.json.zst", record(1, "/apis/coordination.k8s.io/v1/leases", 403, forbidden)),
        ("records/0123456789abcde1/0.json.zst", record(1, "/api/v1/namespaces/ops/pods/shop-0/log?container=manager", 200, "\"a\\n\"")),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &files {
        zip.start_file(format!("k8shark-capture/{name}"), zip::write::SimpleFileOptions::default()).expect("memory");
        zip.write_all(bytes).expect("memory");
    }
    let bytes = zip.finish().expect("memory").into_inner();
    let archive = read(&[Source::Memory { name: "x.kshrk".to_owned(), bytes }]).expect("something");
    let said = said(&archive, "x.kshrk:k8shark-capture/");
    assert_eq!(said.objects, ["Pod ops/shop-0"]);
    assert_eq!(said.listed, ["Pod ops"]);
    assert_eq!(said.logs, ["ops/shop-0/manager: a"]);
    let expected = [
        "records/0123456789abcde0/0.json.zst: /apis/coordination.k8s.io/v1/leases: leases.coordination.k8s.io is forbidden",
        "records/0123456789abcdef/0.json.zst: not read: older states of the same lists",
    ];
    assert_eq!(said.gaps, expected);
    assert!(archive.facts.objects.iter().any(|object| object.str_at(&["gitVersion"]) == Some("v1.37.2")));
    let sealed = read(&[Source::Memory {
        name: "y.kshrk".to_owned(),
        bytes: b"age-encryption.org/v1\n-> scrypt x 18\nabc".to_vec(),
    }]);
    assert!(sealed.expect_err("nothing").to_string().contains("encrypted (age)"));
}

//! The commands that mirror kubectl, on saved files.

mod common;

use common::{folder, kloupe};

const DUMP: &str = r#"{"apiVersion":"v1","kind":"List","items":[
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","namespace":"shop","uid":"u1","labels":{"app":"web"},
 "creationTimestamp":"2026-01-01T00:00:00Z","finalizers":["example.com/f"]},
 "spec":{"containers":[{"name":"web","image":"web:1"}]},"status":{"phase":"Running","containerStatuses":[{"name":"web","ready":true,"restartCount":2,"state":{"running":{}}}]}},
{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}},
{"apiVersion":"v1","kind":"Event","metadata":{"name":"e1","namespace":"shop"},"type":"Warning","reason":"BackOff","message":"back-off",
 "involvedObject":{"apiVersion":"v1","kind":"Pod","name":"web-0","namespace":"shop","uid":"u1"},"source":{"component":"kubelet"},
 "lastTimestamp":"2026-01-01T01:00:00Z"},
{"apiVersion":"v1","kind":"Event","metadata":{"name":"e2","namespace":"shop"},"type":"Normal","reason":"Pulled","message":"pulled",
 "involvedObject":{"apiVersion":"v1","kind":"Pod","name":"other","namespace":"shop"},"lastTimestamp":"2026-01-01T00:30:00Z"}]}"#;

/// Standard output, standard error and the exit status of a command over the dump.
fn said(arguments: &[&str]) -> (String, String, i32) {
    let folder = folder(&[("dump.json", DUMP.as_bytes())]);
    let output = kloupe(folder.path(), "C").args(arguments).args(["--from", "dump.json"]).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("no signal ended it"))
}

#[test]
fn objects_of_a_dump_are_listed_as_kubectl_lists_them() {
    let (out, _, status) = said(&["get", "po", "-n", "shop", "-L", "app"]);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "APP"]);
    assert_eq!(rows[1][..4], ["web-0", "1/1", "Running", "2"]);
    assert_eq!((rows.len(), status), (2, 0));
    let (out, _, _) = said(&["get", "pod/web-0", "-n", "shop", "-o", "jsonpath={.metadata.finalizers}"]);
    assert_eq!(out, r#"["example.com/f"]"#);
}

#[test]
fn what_is_not_there_is_an_error_with_the_words_of_the_server() {
    let (out, error, status) = said(&["get", "pod", "gone", "-n", "shop"]);
    assert_eq!((out.as_str(), status), ("", 1));
    assert_eq!(error, "Error from server (NotFound): pods \"gone\" not found\n");
    let (_, error, status) = said(&["get", "nonsense"]);
    assert_eq!((error.as_str(), status), ("error: the server doesn't have a resource type \"nonsense\"\n", 1));
    let (_, error, status) = said(&["get", "pods"]);
    let unknown =
        "Warning: it is not known whether there are any pods in namespace default: no list of them was captured\n";
    assert_eq!(error, format!("{unknown}No resources found in default namespace.\n"));
    assert_eq!(status, 0);
    let (_, error, status) = said(&["get", "pods", "--warnings-as-errors"]);
    assert!(error.ends_with("error: 1 warning received\n"), "{error}");
    assert_eq!(status, 1);
}

#[test]
fn an_empty_list_that_was_captured_is_no_cause_for_a_warning() {
    let folder = folder(&[("pods.json", br#"{"apiVersion":"v1","kind":"PodList","items":[]}"#)]);
    let output = kloupe(folder.path(), "C").args(["get", "pods", "--from", "pods.json"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "No resources found in default namespace.\n");
}

#[test]
fn a_watch_of_saved_files_shows_what_there_is_and_ends() {
    let (out, error, status) = said(&["get", "po", "-n", "shop", "-w", "--output-watch-events", "--no-headers"]);
    assert!(out.starts_with("ADDED      web-0   1/1"), "{out}");
    assert_eq!((error.as_str(), status), ("saved files do not change: there is nothing to watch\n", 0));
    let (out, _, _) = said(&["get", "events", "-n", "shop", "--watch", "-o", "name"]);
    assert_eq!(out, "event/e1\nevent/e2\n");
    let (out, _, _) = said(&["get", "events", "-n", "shop", "--watch-only"]);
    assert_eq!(out, "");
    let (_, error, status) = said(&["get", "pods,events", "-w"]);
    assert_eq!((error.as_str(), status), ("error: you may only specify a single resource type\n", 1));
    let (_, error, _) = said(&["get", "pods", "--output-watch-events"]);
    assert_eq!(error, "error: --output-watch-events option can only be used with --watch or --watch-only\n");
}

#[test]
fn a_mistake_in_a_mirrored_command_is_worded_as_kubectl_words_it() {
    let usage = "See 'kloupe get --help' for usage.\n";
    for (typed, what) in [
        ("--nonsense", "unknown flag: --nonsense"),
        ("-Z", "unknown shorthand flag: 'Z' in -Z"),
        ("-n", "flag needs an argument: 'n' in -n"),
        ("--output", "flag needs an argument: --output"),
        (
            "--watch=maybe",
            "invalid argument \"maybe\" for \"-w, --watch\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        ),
    ] {
        let folder = folder(&[]);
        for locale in ["C", "zh_CN.UTF-8"] {
            let output = kloupe(folder.path(), locale).args(["get", "pods", typed]).output().expect("it runs");
            assert_eq!(String::from_utf8_lossy(&output.stderr), format!("error: {what}\n{usage}"));
            assert_eq!(output.status.code(), Some(1));
        }
    }
    let (_, error, _) = said(&["get", "pods", "--show-label"]);
    assert!(
        error.contains("unknown flag: --show-label\n") && error.contains("did you mean `--show-labels`?"),
        "{error}"
    );
    let (_, error, _) = said(&["api-versions", "a", "b"]);
    assert!(error.starts_with("error: unexpected arguments: [a b]\nSee 'kloupe api-versions -h' for help"), "{error}");
    let (_, error, _) = said(&["get"]);
    assert!(
        error.starts_with("You must specify the type of resource to get. ") && error.contains("\n\nerror: Required"),
        "{error}"
    );
}

#[test]
fn names_and_ages_are_made_here_where_the_server_shall_not() {
    let (out, _, _) = said(&["get", "po", "-n", "shop", "--server-print=false"]);
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["NAME", "AGE"]);
    assert_eq!((rows[1][0], rows[1].len()), ("web-0", 2));
}

#[test]
fn what_was_not_captured_is_never_called_nothing() {
    let (out, error, status) = said(&["get", "leases", "-A"]);
    assert_eq!((out.as_str(), status), ("", 1));
    let why = "Error from server (NotCaptured): the capture does not hold leases.coordination.k8s.io; \
               it holds events, events.events.k8s.io, pods, secrets\n";
    assert_eq!(error, why);
    let (_, error, status) = said(&["describe", "lease", "x", "-n", "shop"]);
    assert!(error.contains("does not hold leases.coordination.k8s.io of namespace \"shop\""), "{error}");
    assert_eq!(status, 1);
    let (out, error, status) = said(&["get", "all", "-n", "shop"]);
    assert!(out.contains("web-0"), "{out}");
    assert!(error.starts_with("not captured: replicationcontrollers, services, "), "{error}");
    assert_eq!((error.lines().count(), status), (1, 0));
}

/// A bundle of one namespace, in which no job was, taken one hour after its pod was made.
const BUNDLE: [(&str, &str); 4] = [
    (
        "b/kloupe-bundle/manifest.json",
        r#"{"kind":"KloupeBundle","version":1,"capturedAt":"2026-01-01T01:00:00Z","namespaces":["shop"]}"#,
    ),
    (
        "b/kloupe-bundle/namespaces/shop/pods.json",
        r#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"web-0","namespace":"shop","creationTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Running"}}]}"#,
    ),
    ("b/kloupe-bundle/namespaces/shop/jobs.batch.json", r#"{"kind":"JobList","apiVersion":"batch/v1","items":[]}"#),
    (
        "b/kloupe-bundle/namespaces/shop/events.json",
        r#"{"kind":"EventList","apiVersion":"v1","items":[
      {"metadata":{"name":"old","namespace":"shop"},"involvedObject":{"kind":"Pod","name":"web-0"},"reason":"Old","lastTimestamp":"2026-01-01T00:10:00Z"},
      {"metadata":{"name":"new","namespace":"shop"},"involvedObject":{"kind":"Pod","name":"web-0"},"reason":"New","firstTimestamp":"2026-01-01T00:55:00Z","lastTimestamp":"2026-01-01T00:55:00Z"}]}"#,
    ),
];

fn of_bundle(arguments: &[&str]) -> (String, String, i32) {
    let files: Vec<(&str, &[u8])> = BUNDLE.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    let output = kloupe(folder.path(), "C").args(arguments).args(["--from", "b"]).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("no signal ended it"))
}

#[test]
fn what_was_listed_and_is_empty_is_nothing() {
    let (_, error, status) = of_bundle(&["get", "jobs", "-n", "shop"]);
    assert_eq!((error.as_str(), status), ("No resources found in shop namespace.\n", 0));
    let (_, error, status) = of_bundle(&["get", "jobs", "-n", "elsewhere"]);
    let why = "Error from server (NotCaptured): the capture does not hold jobs.batch of namespace \"elsewhere\"; \
               it was asked for namespaces \"shop\"\n";
    assert_eq!((error.as_str(), status), (why, 1));
    let (_, error, _) = of_bundle(&["get", "secrets", "-n", "shop"]);
    assert!(error.ends_with("; secrets are never captured\n"), "{error}");
}

#[test]
fn ages_count_from_the_capture_or_from_the_moment_that_is_asked_for() {
    let age = |more: &[&str]| {
        let (out, error, _) = of_bundle(&[&["get", "pods", "-n", "shop", "--no-headers"], more].concat());
        out.split_whitespace().last().map(str::to_owned).ok_or(error)
    };
    assert_eq!(age(&[]).as_deref(), Ok("60m"));
    assert_eq!(age(&["--as-of", "2026-01-03T00:00:00Z"]).as_deref(), Ok("2d"));
    assert!(age(&["--as-of", "yesterday"]).expect_err("no time").contains("--as-of cannot be"));
    let (out, _, _) = of_bundle(&["events", "-n", "shop", "--since", "10m", "--no-headers"]);
    assert!(out.starts_with("5m ") && out.contains("New") && !out.contains("Old"), "{out}");
    let live = folder(&[]);
    let output = kloupe(live.path(), "C").args(["get", "pods", "--as-of", "2026-01-03T00:00:00Z"]).output();
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    assert!(said.contains("--as-of goes with --from"), "{said}");
}

#[test]
fn events_are_of_the_object_that_was_asked_for() {
    let (out, _, _) = said(&["events", "-n", "shop", "--for", "pod/web-0"]);
    assert!(out.contains("BackOff") && !out.contains("Pulled"), "{out}");
    let (out, _, _) = said(&["events", "-n", "shop", "--since", "10m"]);
    assert!(out.contains("BackOff") && !out.contains("Pulled"), "{out}");
    let (out, _, _) = said(&["describe", "pod", "web-0", "-n", "shop"]);
    assert!(out.contains("BackOff") && out.contains("Restart Count:  2"), "{out}");
}

#[test]
fn pages_that_need_other_objects_read_them_from_the_files_too() {
    const FILES: &str = r#"{"apiVersion":"v1","kind":"List","items":[
    {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"},"status":{"allocatable":{"cpu":"2","memory":"1Gi"}}},
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"here","namespace":"shop"},"status":{"phase":"Running"},
     "spec":{"nodeName":"node-1","containers":[{"name":"c","resources":{"requests":{"cpu":"500m"},"limits":{"memory":"256Mi"}}}]}},
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"elsewhere","namespace":"shop"},"spec":{"nodeName":"node-2"}},
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"finished","namespace":"shop"},"spec":{"nodeName":"node-1"},
     "status":{"phase":"Succeeded"}},
    {"apiVersion":"resource.k8s.io/v1","kind":"ResourceSlice","metadata":{"name":"r1"},
     "spec":{"nodeName":"node-1","driver":"gpu.example.com","pool":{"name":"pool-1"},"devices":[{"name":"a"},{"name":"b"}]}},
    {"apiVersion":"resource.k8s.io/v1","kind":"ResourceSlice","metadata":{"name":"r2"},
     "spec":{"nodeName":"node-2","driver":"gpu.example.com","pool":{"name":"pool-2"}}},
    {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"front","namespace":"shop"},
     "spec":{"defaultBackend":{"service":{"name":"gone","port":{"number":80}}}}}]}"#;
    let folder = folder(&[("files.json", FILES.as_bytes())]);
    let said = |arguments: &[&str]| {
        let output =
            kloupe(folder.path(), "C").args(arguments).args(["--from", "files.json"]).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
        (text(output.stdout), text(output.stderr))
    };
    let (out, error) = said(&["describe", "node", "node-1"]);
    assert!(
        out.contains("\nLease:              Failed to get lease: the capture does not hold leases.coordination.k8s.io of namespace"),
        "{out}"
    );
    assert!(out.contains("  gpu.example.com  pool-1  1       2\n") && !out.contains("pool-2"), "{out}");
    assert!(out.contains("(1 in total)") && !out.contains("elsewhere") && !out.contains("finished"), "{out}");
    assert!(out.contains("here    500m (25%)    0 (0%)      0 (0%)           256Mi (25%)"), "{out}");
    assert!(error.contains("Error from server (NotCaptured): the capture does not hold events"), "{error}");
    let (out, error) = said(&["describe", "ingress", "-n", "shop"]);
    assert!(
        out.contains("Default backend:  gone:80 (<error: the capture does not hold endpointslices.discovery.k8s.io of"),
        "{out}"
    );
    assert!(error.contains("the capture does not hold events of namespace \"shop\""), "{error}");
    let (_, error) = said(&["describe", "node", "-l", "a=b"]);
    assert_eq!(error, "No resources found in default namespace.\n");
}

#[test]
fn no_command_shows_what_a_secret_holds() {
    for arguments in
        [&["get", "secret", "s", "-n", "shop", "-o", "json"][..], &["describe", "secret", "s", "-n", "shop"]]
    {
        let (out, error, _) = said(arguments);
        assert!(out.contains("password"), "{out}{error}");
        assert!(!out.contains("aHVudGVyMg") && !out.contains("hunter2"), "{out}");
    }
}

#[test]
fn the_additions_to_describe_are_made_where_they_are_asked_for_only() {
    const WIDGET: &str = r#"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"shop","generation":2},
        "status":{"observedGeneration":1}}"#;
    let folder = folder(&[("w.json", WIDGET.as_bytes())]);
    let said = |more: &[&str]| {
        let command = ["describe", "widgets", "w", "-n", "shop", "--from", "w.json"];
        let output = kloupe(folder.path(), "C").args(command).args(more).output().expect("it runs");
        String::from_utf8(output.stdout).expect("what is said is UTF-8")
    };
    let plain = said(&[]);
    assert!(plain.contains("Observed Generation:  1") && !plain.contains("kloupe"), "{plain}");
    let more = said(&["--typed"]);
    let addition = more.strip_prefix(&plain).expect("the page of kubectl stays as it is");
    assert!(
        addition.starts_with("\nWhat kloupe reads from it:\n  Generation:  2; the status is still about 1"),
        "{addition}"
    );
    assert!(said(&["--typed", "--lang", "zh"]).contains("kloupe 的解读："));
}

const TWO: &str = r#"{"apiVersion":"v1","kind":"List","items":[
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","namespace":"default"},"spec":{"containers":[{"name":"app"},{"name":"side"}]},
 "status":{"containerStatuses":[{"name":"app","lastState":{}},{"name":"side","lastState":{"terminated":{"exitCode":1,"containerID":"containerd://a"}}}]}}]}"#;

/// The same over a folder in which logs lie beside their pod.
fn logged(arguments: &[&str]) -> (String, String, i32) {
    let folder = folder(&[
        ("dump/pods.json", TWO.as_bytes()),
        (
            "dump/namespaces/default/pods/web-0/app/app/logs/current.log",
            b"2026-01-01T00:00:00Z one\n2026-01-01T00:01:00Z two\n",
        ),
        ("dump/namespaces/default/pods/web-0/side/side/logs/current.log", b"2026-01-01T00:00:30Z aside\n"),
        ("dump/namespaces/default/pods/lone-0/app/app/logs/current.log", b"2026-01-01T00:00:30Z alone\n"),
    ]);
    let output =
        kloupe(folder.path(), "C").arg("logs").args(arguments).args(["--from", "dump"]).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("no signal ended it"))
}

#[test]
fn a_log_is_of_the_container_that_was_asked_for() {
    let (out, error, status) = logged(&["web-0", "--tail=1"]);
    assert!(out.ends_with("two\n") && !out.contains("one"), "{out}");
    assert_eq!((error.as_str(), status), ("Defaulted container \"app\" out of: app, side\n", 0));
    let (out, error, _) = logged(&["web-0", "side"]);
    assert!(out.contains("aside") && error.is_empty(), "{out}{error}");
    let (out, _, _) = logged(&["pod/web-0", "--all-containers", "--prefix"]);
    let sources: Vec<&str> = out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(sources, ["[pod/web-0/app]", "[pod/web-0/app]", "[pod/web-0/side]"]);
}

#[test]
fn a_log_without_its_pod_can_be_read() {
    let (out, _, status) = logged(&["lone-0"]);
    assert!(out.contains("alone"), "{out}");
    assert_eq!(status, 0);
    let (out, error, status) = logged(&["nobody-0"]);
    assert_eq!((out.as_str(), status), ("", 1));
    assert_eq!(error, "error: error from server (NotFound): pods \"nobody-0\" not found in namespace \"default\"\n");
}

#[test]
fn a_run_that_was_not_captured_is_not_called_missing() {
    let (_, error, status) = logged(&["web-0", "app", "-p"]);
    assert_eq!(
        error,
        "Error from server (BadRequest): previous terminated container \"app\" in pod \"web-0\" not found\n"
    );
    assert_eq!(status, 1);
    let (_, error, _) = logged(&["web-0", "side", "-p"]);
    let why = "the capture does not hold the log of the previous run of container \"side\" in pod \"web-0\"";
    assert_eq!(error, format!("Error from server (NotCaptured): {why}\n"));
}

#[test]
fn times_are_of_the_zone_of_the_reader() {
    const POLICY: &str = r#"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"n","namespace":"shop",
        "creationTimestamp":"2026-01-02T03:04:05Z"},"spec":{"podSelector":{}}}"#;
    let folder = folder(&[("n.json", POLICY.as_bytes())]);
    let created = |zone: &str| {
        let mut command = kloupe(folder.path(), "C");
        let output =
            command.env("TZ", zone).args(["describe", "netpol", "n", "-n", "shop", "--from", "n.json"]).output();
        let text = String::from_utf8(output.expect("it runs").stdout).expect("what is said is UTF-8");
        text.lines().find_map(|line| line.strip_prefix("Created on:")).map(|rest| rest.trim().to_owned())
    };
    assert_eq!(created("Asia/Shanghai").as_deref(), Some("2026-01-02 11:04:05 +0800 CST"));
    assert_eq!(created("UTC").as_deref(), Some("2026-01-02 03:04:05 +0000 UTC"));
}

//! What people hand over: folders that collectors write, and texts that are pasted into issues.

use std::io::Read;

use kloupe_sources::{Archive, Source, read};

fn archive(files: &[(&str, &str)]) -> Archive {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source::Memory { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() })
        .collect();
    read(&sources).expect("something to read")
}

/// `NS/POD/CONTAINER [previous] line N: FIRST LINE`
fn logs(archive: &Archive) -> Vec<String> {
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
    archive
        .logs
        .iter()
        .map(|log| {
            let mut text = String::new();
            log.open().expect("opens").read_to_string(&mut text).expect("text");
            let previous = if log.previous { " previous" } else { "" };
            let first = text.lines().next().unwrap_or_default();
            format!(
                "{}/{}/{}{previous} line {}: {first}",
                part(&log.namespace),
                part(&log.pod),
                part(&log.container),
                log.first_line
            )
        })
        .collect()
}

fn objects(archive: &Archive) -> Vec<String> {
    let shown = |object: &kloupe_model::Object| {
        format!(
            "{} {}/{}{}",
            object.reference.kind,
            object.reference.namespace,
            object.reference.name,
            if object.whole { "" } else { " partial" }
        )
    };
    archive.facts.objects.iter().map(shown).collect()
}

fn gaps(archive: &Archive) -> Vec<String> {
    archive.facts.gaps.iter().map(|gap| format!("{}: {}", gap.what, gap.why.get(kloupe_model::Lang::En))).collect()
}

#[test]
fn an_issue_is_taken_apart() {
    let text = r#"**What happened**: the operator hangs. Error: nothing happens when I create a Widget.

kubectl get pods -n ops

```
NAME                    READY   STATUS    RESTARTS   AGE
shop-7d9f8c6b5d-x2x4z   1/1     Running   0          4d
```

Its log (`kubectl logs -n ops deploy/shop -c manager --previous`) is

```console
I0304 05:06:07.000001       1 main.go:7] started
E0304 05:06:08.000001       1 reflector.go:227] "Failed to watch" err="no"
```

and the object:

~~~yaml
apiVersion: example.com/v1
kind: Widget
metadata:
  name: berlin
  namespace: ops
~~~

<details>

```bash
$ kubectl describe pod shop-7d9f8c6b5d-x2x4z -n ops
Name:         shop-7d9f8c6b5d-x2x4z
Namespace:    ops
Status:       Running
Containers:
  manager:
    Image:    shop:v1
    State:    Running
Events:       <none>
$ kubectl get events -n ops \
    --sort-by=.lastTimestamp
LAST SEEN   TYPE      REASON    OBJECT                      MESSAGE
2m3s        Warning   BackOff   pod/shop-7d9f8c6b5d-x2x4z   Back-off restarting failed container
$ kubectl get leases -n ops
Error from server (Forbidden): leases.coordination.k8s.io is forbidden
```
</details>

```go
func main() {}
```
Thanks!
"#;
    for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("> {}", text.replace('\n', "\n> "))] {
        let archive = archive(&[("issue.md", &text)]);
        let expected =
            ["Pod ops/shop-7d9f8c6b5d-x2x4z partial", "Widget ops/berlin", "Pod ops/shop-7d9f8c6b5d-x2x4z partial"];
        assert_eq!(objects(&archive), expected, "{text}");
        assert_eq!(archive.facts.events.len(), 1, "{text}");
        assert_eq!(archive.facts.events[0].about.namespace, "ops");
        assert_eq!(archive.logs.len(), 1, "{:?}", logs(&archive));
        let log = &archive.logs[0];
        assert_eq!((log.first_line, log.previous, log.container.as_deref()), (13, true, Some("manager")));
        assert_eq!(log.workload.as_ref().map(ToString::to_string).as_deref(), Some("deploy/shop"));
        let expected =
            ["issue.md: kubectl get leases: Error from server (Forbidden): leases.coordination.k8s.io is forbidden"];
        assert_eq!(gaps(&archive), expected, "{text}");
    }
}

#[test]
fn a_paste_with_prompts_is_taken_apart() {
    let text = "me@host:~/work$ kubectl get deploy -n ops\nNAME   READY   UP-TO-DATE   AVAILABLE   AGE\nshop   0/1     1            0           47m\n\
me@host:~/work$ kubectl logs -n ops shop-7d9f8c6b5d-x2x4z\nDefaulted container \"manager\" out of: manager, proxy\nhello\n\
me@host:~/work$ kubectl logs -n ops shop-7d9f8c6b5d-x2x4z -p\nError from server (BadRequest): previous terminated container \"manager\" not found\n\
me@host:~/work$ cat notes.txt\nnothing to see\n";
    let archive = archive(&[("terminal.txt", text)]);
    assert_eq!(objects(&archive), ["Deployment ops/shop partial"]);
    assert_eq!(logs(&archive), ["ops/shop-7d9f8c6b5d-x2x4z/manager line 6: hello"]);
    assert_eq!(archive.facts.gaps.len(), 1, "{:?}", gaps(&archive));
}

#[test]
fn an_indented_terminal_is_taken_apart() {
    let text = "It stays in CrashLoopBackOff:\n\n    (base) me@host:~$ kubectl -n ops get pods | grep shop\n    shop-0        0/1         CrashLoopBackOff   16 (102s ago)    67m\n\n    \
(base) me@host:~$ kubectl -n ops describe pod shop-0\n    Name:         shop-0\n    Namespace:    ops\n    Containers:\n      manager:\n        Image:      shop:v1\n        \
Last State:     Terminated\n          Exit Code:    1\n    Events:       <none>\n\nWhat can I do?\n";
    let archive = archive(&[("question.md", text)]);
    assert_eq!(objects(&archive), ["Pod ops/shop-0 partial", "Pod ops/shop-0 partial"]);
    let status = &archive.facts.objects[1].list_at(&["status", "containerStatuses"])[0];
    assert_eq!(status["lastState"]["terminated"]["exitCode"], 1);
}

#[test]
fn what_someone_wrote_is_no_log() {
    let text = "It looks like this:\n\nNAME       READY   STATUS    RESTARTS   AGE\nshop-0     0/1     Pending   0          4d\n\nWhat can I do?\n";
    let archive = archive(&[("question.txt", text)]);
    assert_eq!(objects(&archive), ["Pod /shop-0 partial"]);
    assert!(archive.logs.is_empty());
}

#[test]
fn a_dump_of_a_cluster_is_read() {
    let pods = r#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"shop-0","namespace":"ops"}}]}"#;
    let log = "==== START logs for container manager of pod ops/shop-0 ====\nhello\n==== END logs for container manager of pod ops/shop-0 ====\n\
==== START logs for container proxy of pod ops/shop-0 ====\n==== END logs for container proxy of pod ops/shop-0 ====\n";
    let failed = "==== START logs for container manager of pod ops/shop-1 ====\nRequest log error: the server rejected our request\n\
==== END logs for container manager of pod ops/shop-1 ====\n";
    let archive = archive(&[
        ("dump/ops/pods.json", pods),
        ("dump/ops/daemonsets.json", r#"{"kind":"DaemonSetList","apiVersion":"apps/v1","items":null}"#),
        ("dump/ops/shop-0/logs.txt", log),
        ("dump/ops/shop-1/logs.txt", failed),
    ]);
    assert_eq!(objects(&archive), ["Pod ops/shop-0"]);
    let listed: Vec<_> =
        archive.facts.listed.iter().map(|listed| (listed.kind.as_str(), listed.namespace.as_deref())).collect();
    assert_eq!(listed, [("Pod", Some("ops")), ("DaemonSet", Some("ops"))]);
    assert_eq!(logs(&archive), ["ops/shop-0/manager line 2: hello", "ops/shop-0/proxy line 5: "]);
    assert_eq!(gaps(&archive), ["dump/ops/shop-1/logs.txt: Request log error: the server rejected our request"]);
}

#[test]
fn the_layouts_of_collectors_name_their_logs() {
    let archive = archive(&[
        ("mg/namespaces/ops/pods/shop-0/manager/manager/logs/current.log", "a\n"),
        ("mg/namespaces/ops/pods/shop-0/manager/manager/logs/previous.log", "b\n"),
        ("node/var/log/pods/ops_shop-0_6c0a11b4-93de/manager/3.log", "c\n"),
        ("node/var/log/pods/ops_shop-0_6c0a11b4-93de/manager/2.log", "d\n"),
        ("bundle/cluster-resources/pods/logs/ops/shop-0/manager-previous.log", "e\n"),
        ("files/logs/ops/shop-0/manager.log", ""),
    ]);
    let expected = [
        "ops/shop-0/manager line 1: a",
        "ops/shop-0/manager previous line 1: b",
        "ops/shop-0/manager line 1: c",
        "ops/shop-0/manager previous line 1: d",
        "ops/shop-0/manager previous line 1: e",
        "ops/shop-0/manager line 1: ",
    ];
    assert_eq!(logs(&archive), expected);
}

#[test]
fn a_pod_among_the_objects_names_logs_and_scrapes() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop-0\n  namespace: ops\n";
    let page = "# TYPE up gauge\nup 1\n";
    let archive = archive(&[
        ("pod.yaml", pod),
        ("shop-0.log", "hello\n"),
        ("metrics/shop-0.2.txt", page),
        ("metrics/shop-0.txt", page),
    ]);
    assert_eq!(logs(&archive), ["ops/shop-0/- line 1: hello"]);
    let scrapes: Vec<_> = archive.facts.metrics.iter().map(|page| (page.pod.clone(), page.scrape)).collect();
    let pod = Some(("ops".to_owned(), "shop-0".to_owned()));
    assert_eq!(scrapes, [(pod.clone(), 1), (pod, 2)]);
}

#[test]
fn settings_are_no_logs() {
    let files = [
        ("case/notes.json", "{\n  \"id\": \"x\",\n  \"facts\": [\"a\"]\n}\n"),
        ("case/values.yaml", "image: shop:v1\nreplicas: 2\n"),
        ("case/records.json", "{\"level\":\"info\",\"msg\":\"a\"}\n{\"level\":\"info\",\"msg\":\"b\"}\n"),
        ("case/pretty.log", "{\n  \"level\": \"info\"\n}\n"),
    ];
    let archive = archive(&files);
    assert_eq!(
        archive.logs.iter().map(|log| log.file.as_str()).collect::<Vec<_>>(),
        ["case/records.json", "case/pretty.log"]
    );
    let unread = "not read: settings or other data, no objects, tables, events, metrics or logs";
    assert_eq!(gaps(&archive), [format!("case/notes.json, case/values.yaml: {unread}")]);
}

#[test]
fn events_come_from_objects_too() {
    let old = r#"{"kind":"EventList","apiVersion":"v1","items":[{"metadata":{"name":"x.1","namespace":"ops"},"involvedObject":{"kind":"Pod",
        "namespace":"ops","name":"shop-0"},"type":"Warning","reason":"BackOff","message":"m","count":7,"source":{"component":"kubelet"},
        "firstTimestamp":"2026-11-25T02:41:29Z","lastTimestamp":"2026-11-25T02:45:29Z"}]}"#;
    let new = "apiVersion: events.k8s.io/v1\nkind: Event\nregarding: {kind: Pod, namespace: ops, name: shop-0}\ntype: Warning\nreason: BackOff\nnote: m\n\
series: {count: 7, lastObservedTime: \"2026-11-25T02:45:29.000000Z\"}\neventTime: \"2026-11-25T02:41:29.000000Z\"\nreportingController: kubelet\n";
    for (name, text) in [("events.json", old), ("events.yaml", new)] {
        let archive = archive(&[(name, text)]);
        let event = &archive.facts.events[0];
        assert_eq!(
            (event.about.name.as_str(), event.count, event.message.as_str(), event.source.as_str()),
            ("shop-0", 7, "m", "kubelet")
        );
        let seconds = event.last.and_then(|last| Some(last.seconds_since(event.first?)));
        assert_eq!(seconds, Some(240), "{name}");
    }
}

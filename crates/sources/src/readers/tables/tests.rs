//! Tables as `kubectl get` prints them, and as people paste them.

use serde_json::json;

use super::super::tests::{gaps, read_as};
use crate::found::Found;

fn rows(found: &Found) -> Vec<String> {
    found
        .facts
        .objects
        .iter()
        .map(|object| format!("{} {}/{}", object.reference.kind, object.reference.namespace, object.reference.name))
        .collect()
}

fn listed(found: &Found) -> Vec<(&str, Option<&str>)> {
    found.facts.listed.iter().map(|listed| (listed.kind.as_str(), listed.namespace.as_deref())).collect()
}

#[test]
fn several_kinds_stand_in_one_answer() {
    let text = "$ kubectl -n ops get all\nNAME                        READY   STATUS             RESTARTS        AGE\n\
pod/shop-7d9f8c6b5d-x2x4z   1/2     CrashLoopBackOff   12 (3m2s ago)   47m\n\n\
NAME                   TYPE        CLUSTER-IP     EXTERNAL-IP   PORT(S)   AGE\nservice/shop-webhook   ClusterIP   10.96.0.7      <none>        443/TCP   47m\n\n\
NAME                   READY   UP-TO-DATE   AVAILABLE   AGE\ndeployment.apps/shop   0/1     1            0           47m\n";
    let found = read_as("get.txt", text);
    assert_eq!(rows(&found), ["Pod ops/shop-7d9f8c6b5d-x2x4z", "Service ops/shop-webhook", "Deployment ops/shop"]);
    let pod = &found.facts.objects[0];
    assert!(!pod.whole);
    let status = &pod.list_at(&["status", "containerStatuses"])[0];
    assert_eq!(
        status,
        &json!({ "restartCount": 12, "ready": false, "state": { "waiting": { "reason": "CrashLoopBackOff" } } })
    );
    assert_eq!(found.facts.objects[2].at(&["status", "readyReplicas"]), Some(&json!(0)));
    assert_eq!(found.facts.objects[2].at(&["spec", "replicas"]), Some(&json!(1)));
    assert!(
        listed(&found).contains(&("Service", Some("ops")))
            && !listed(&found).iter().any(|(kind, _)| *kind == "ConfigMap")
    );
}

#[test]
fn kinds_are_known_by_their_columns() {
    for (text, expected) in [
        (
            "NAMESPACE   NAME     READY   STATUS    RESTARTS   AGE   IP         NODE\nops         shop-0   1/1     Running   0          1d    10.1.0.4   n1\n",
            "Pod ops/shop-0",
        ),
        ("NAME   STATUS     ROLES    AGE   VERSION\nn1     NotReady   <none>   4d    v1.37.2\n", "Node /n1"),
        ("NAME    HOLDER        AGE\nlock    shop-0_1234   4d\n", "Lease /lock"),
        (
            "NAME                  CREATED AT\nwidgets.example.com   2026-11-25T02:41:29Z\n",
            "CustomResourceDefinition /widgets.example.com",
        ),
        (
            "NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE\nagent   3         3         1       3            1           <none>          4d\n",
            "DaemonSet /agent",
        ),
        ("NAME   READY   AGE\ndb     1/3     4d\n", "StatefulSet /db"),
        (
            "NAME                 SERVICE           AVAILABLE                  AGE\nv1.metrics.k8s.io    ops/metrics       False (MissingEndpoints)   4d\n",
            "APIService /v1.metrics.k8s.io",
        ),
        (
            "NAME    STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\nstore   Pending                                      fast           4d\n",
            "PersistentVolumeClaim /store",
        ),
    ] {
        let found = read_as("get.txt", text);
        assert_eq!(rows(&found), [expected], "{text}");
        assert!(found.logs.is_empty());
    }
}

#[test]
fn cells_stand_where_the_api_has_them() {
    let at =
        |text: &str, path: &[&str]| read_as("get.txt", text).facts.objects[0].at(path).cloned().unwrap_or_default();
    let lease = "NAME    HOLDER        AGE\nlock    shop-0_1234   4d\n";
    assert_eq!(at(lease, &["spec", "holderIdentity"]), "shop-0_1234");
    let node = "NAME   STATUS                        ROLES    AGE   VERSION\nn1     NotReady,SchedulingDisabled   <none>   4d    v1.37.2\n";
    assert_eq!(at(node, &["status", "conditions"]), json!([{ "type": "Ready", "status": "False" }]));
    assert_eq!(at(node, &["spec", "unschedulable"]), true);
    let service = "NAME          SERVICE       AVAILABLE                  AGE\nv1.x.io       ops/metrics   False (MissingEndpoints)   4d\n";
    assert_eq!(
        at(service, &["status", "conditions"]),
        json!([{ "type": "Available", "status": "False", "reason": "MissingEndpoints" }])
    );
    let init = "NAME     READY   STATUS                  RESTARTS   AGE\nshop-0   0/1     Init:ImagePullBackOff   0          4d\n";
    assert_eq!(
        at(init, &["status", "initContainerStatuses"]),
        json!([{ "state": { "waiting": { "reason": "ImagePullBackOff" } } }])
    );
    let wide = "NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES        SELECTOR\nshop   1/1     1            1           4d    a,b          x:1,y:2       app=shop\n";
    assert_eq!(
        at(wide, &["spec", "template", "spec", "containers"]),
        json!([{ "name": "a", "image": "x:1" }, { "name": "b", "image": "y:2" }])
    );
    let labels = "NAME     READY   STATUS    RESTARTS   AGE   LABELS\nshop-0   1/1     Running   0          4d    app=shop,tier=back\n";
    assert_eq!(at(labels, &["metadata", "labels"]), json!({ "app": "shop", "tier": "back" }));
}

#[test]
fn a_custom_kind_is_named_by_its_command_and_its_definition() {
    let table = "$ kubectl get ibmwidgets -A\nNAMESPACE   NAME     READY   AGE\nops         berlin   False   4d\n";
    let found = read_as("get.txt", table);
    assert_eq!(rows(&found), ["Ibmwidget ops/berlin"]);
    assert_eq!(found.facts.objects[0].str_at(&["columns", "READY"]), Some("False"));
    let definition = "\n$ kubectl get crd ibmwidgets.example.com -o yaml\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  \
name: ibmwidgets.example.com\nspec:\n  group: example.com\n  names: {kind: IBMWidget, plural: ibmwidgets, singular: ibmwidget}\n";
    let found = read_as("get.txt", &format!("{table}{definition}"));
    assert_eq!(rows(&found), ["IBMWidget ops/berlin", "CustomResourceDefinition /ibmwidgets.example.com"]);
    assert_eq!(listed(&found), [("IBMWidget", None)]);
}

#[test]
fn events_of_every_layout_are_read() {
    let new = "LAST SEEN   TYPE      REASON    OBJECT       MESSAGE\n2m3s        Warning   BackOff   pod/shop-0   Back-off restarting failed container\n";
    let all = "NAMESPACE   LAST SEEN   TYPE      REASON    OBJECT       MESSAGE\nops         2m3s        Warning   BackOff   pod/shop-0   Back-off restarting failed container\n";
    let wide = "LAST SEEN   TYPE      REASON    OBJECT       SUBOBJECT                  SOURCE        MESSAGE                                FIRST SEEN   COUNT   NAME\n\
2m3s        Warning   BackOff   pod/shop-0   spec.containers{manager}   kubelet, n1   Back-off restarting failed container   4m           7       shop-0.17c0ffee17c0ffee\n";
    let old = "LASTSEEN   FIRSTSEEN   COUNT     NAME                      KIND      SUBOBJECT                  TYPE      REASON    SOURCE        MESSAGE\n\
2m3s       4m          7         shop-0.17c0ffee17c0ffee   Pod       spec.containers{manager}   Warning   BackOff   kubelet, n1   Back-off restarting failed container\n";
    let events = "LAST SEEN            TYPE      REASON    OBJECT       MESSAGE\n2m3s (x7 over 4m)    Warning   BackOff   Pod/shop-0   Back-off restarting failed container\n";
    for (text, count, namespace) in [(new, 1, ""), (all, 1, "ops"), (wide, 7, ""), (old, 7, ""), (events, 7, "")] {
        let found = read_as("events.txt", text);
        assert_eq!(found.facts.events.len(), 1, "{text}");
        let event = &found.facts.events[0];
        assert_eq!(
            (event.about.kind.as_str(), event.about.name.as_str(), event.about.namespace.as_str()),
            ("Pod", "shop-0", namespace),
            "{text}"
        );
        assert_eq!(
            (event.count, event.age, event.kind.as_str(), event.reason.as_str()),
            (count, Some(123), "Warning", "BackOff"),
            "{text}"
        );
        assert_eq!(event.message, "Back-off restarting failed container", "{text}");
    }
}

#[test]
fn a_message_of_several_lines_stays_one() {
    let text = "LAST SEEN   TYPE      REASON    OBJECT       MESSAGE\n2m3s        Warning   Failed    pod/shop-0   Error: first\n  second line here\n\
2m          Normal    Pulled    pod/shop-0   it is there\n";
    let found = read_as("events.txt", text);
    assert_eq!(found.facts.events.len(), 2);
    assert_eq!(found.facts.events[0].message, "Error: first\nsecond line here");
}

#[test]
fn an_answer_with_nothing_says_that_there_is_nothing() {
    let found = read_as(
        "get.txt",
        "$ kubectl get widgets.example.com -n ops\nNo resources found in ops namespace.\n\n$ kubectl get crd\nNo resources found\n",
    );
    assert_eq!(listed(&found), [("CustomResourceDefinition", None), ("Widget", Some("ops"))]);
    assert!(found.facts.gaps.is_empty());
    let found = read_as("get.txt", "No resources found in ops namespace.\n");
    assert_eq!((listed(&found).len(), found.facts.gaps.len()), (0, 1));
}

#[test]
fn a_part_of_the_objects_is_no_list() {
    for command in [
        "kubectl get pods -n ops -l app=shop",
        "kubectl get pods -n ops | grep shop",
        "kubectl get pod shop-0 -n ops",
        "kubectl get pods",
    ] {
        let found = read_as(
            "get.txt",
            &format!(
                "$ {command}\nNAME     READY   STATUS    RESTARTS   AGE\nshop-0   1/1     Running   0          4d\n"
            ),
        );
        assert_eq!((found.facts.objects.len(), listed(&found).len()), (1, 0), "{command}");
    }
}

#[test]
fn rows_without_their_heads_are_read() {
    for (text, expected) in [
        (
            "$ kubectl get pods -n ops | grep shop\nshop-0                  0/1   CrashLoopBackOff   12 (3m2s ago)   47m\n",
            "Pod ops/shop-0",
        ),
        (
            "$ kubectl get po -A | grep shop\nops     shop-0          0/1   CrashLoopBackOff   12              47m\n",
            "Pod ops/shop-0",
        ),
        (
            "$ kubectl get crd | grep widgets\nwidgets.example.com     2026-11-25T02:41:29Z\n",
            "CustomResourceDefinition /widgets.example.com",
        ),
        ("$ kubectl get deploy shop -n ops --no-headers\nshop   0/1   1     0     47m\n", "Deployment ops/shop"),
    ] {
        let found = read_as("get.txt", text);
        assert_eq!(rows(&found), [expected], "{text} {:?}", gaps(&found));
        assert!(found.facts.listed.is_empty(), "{text}");
    }
    let pod =
        read_as("get.txt", "$ kubectl get pods | grep shop\nshop-0   0/1   CrashLoopBackOff   12 (3m2s ago)   47m\n");
    assert_eq!(pod.facts.objects[0].list_at(&["status", "containerStatuses"])[0]["restartCount"], 12);
    let names = read_as("get.txt", "$ kubectl get pods -o name\npod/shop-0\n");
    assert_eq!((names.facts.objects.len(), names.facts.gaps.len()), (0, 1));
}

#[test]
fn rows_of_events_need_neither_head_nor_command() {
    for text in [
        "2m57s   Warning   BackOff   pod/shop-0   Back-off restarting failed container\n39h   Normal   Created   pod/shop-0   Created container\n",
        "ops   2m57s   Warning   BackOff   pod/shop-0   Back-off restarting failed container\n",
    ] {
        let found = read_as("events.txt", text);
        let first = &found.facts.events[0];
        assert_eq!((first.reason.as_str(), first.about.name.as_str()), ("BackOff", "shop-0"), "{text}");
    }
    let other = read_as("notes.txt", "2m57s   Warning   BackOff   pod/shop-0   Back-off\nand this is what I saw\n");
    assert!(other.facts.events.is_empty());
}

#[test]
fn the_end_of_a_description_is_read_for_its_events() {
    let events = "Events:\n  Type     Reason            Age   From               Message\n  ----     ------            ----  ----               -------\n  Warning  FailedScheduling  22s   default-scheduler  0/1 nodes are available: 1 Insufficient cpu.\n";
    let cut = format!(
        "Node-Selectors:  <none>\nTolerations:     a:NoExecute op=Exists\n                 b:NoExecute op=Exists\n{events}"
    );
    let found = read_as("controller.log", &cut);
    assert_eq!(found.facts.events.iter().map(|event| event.reason.as_str()).collect::<Vec<_>>(), ["FailedScheduling"]);
    let log = format!("I0304 05:06:07.000001       1 widget.go:12] starting\n{events}");
    assert_eq!(read_as("controller.log", &log).logs.len(), 1);
}

#[test]
fn what_kubectl_could_not_get_is_a_gap() {
    let text = "$ kubectl get deploy,secrets -n ops\nNAME                   READY   UP-TO-DATE   AVAILABLE   AGE\ndeployment.apps/shop   0/1     1            0           47m\n\
Error from server (Forbidden): secrets is forbidden: User \"me\" cannot list resource \"secrets\"\n";
    let found = read_as("get.txt", text);
    assert_eq!(rows(&found), ["Deployment ops/shop"]);
    assert_eq!(found.facts.gaps.len(), 1, "{:?}", gaps(&found));
    assert!(!listed(&found).iter().any(|(kind, _)| *kind == "Secret"), "{:?}", listed(&found));
}

#[test]
fn a_log_is_no_table() {
    for text in [
        "NAME the controller\nx\n",
        "time | level | pkg | message\n2026-11-25 | info | x | y\n",
        "NAMESPACE=ops\nNAME=shop\n",
        "TYPE  X\n",
    ] {
        let found = read_as("controller.log", text);
        assert_eq!((found.facts.objects.len(), found.logs.len()), (0, 1), "{text}");
    }
}

//! Descriptions of every kind that kubectl has words for, as it prints them.

mod pod;

use serde_json::json;

use super::super::tests::{gaps, read_as};
use crate::found::Found;

fn object(text: &str) -> serde_json::Value {
    let found = read_as("describe.txt", text);
    assert_eq!(found.facts.objects.len(), 1, "{text}");
    assert!(found.logs.is_empty());
    assert!(!found.facts.objects[0].whole);
    found.facts.objects[0].value().clone()
}

#[test]
fn a_deployment_is_read() {
    let text = "Name:                   shop-controller\nNamespace:              ops\nCreationTimestamp:      Wed, 25 Nov 2026 02:31:17 +0000\n\
Labels:                 app=shop\nAnnotations:            deployment.kubernetes.io/revision: 1\nSelector:               app=shop,tier=back\n\
Replicas:               2 desired | 1 updated | 3 total | 0 available | 3 unavailable\nStrategyType:           Recreate\nMinReadySeconds:        0\n\
Pod Template:\n  Labels:           app=shop\n  Service Account:  shop-controller\n  Containers:\n   manager:\n    Image:      shop:v1\n    \
Port:       <none>\n    Args:\n      --leader-elect\n    Environment:\n      A:  b\n    Mounts:\n      /x from x (rw)\n  Volumes:\n   x:\n    \
Type:       EmptyDir (a temporary directory that shares a pod's lifetime)\n    Medium:     \n  Node-Selectors:  <none>\n  Tolerations:     <none>\n\
Conditions:\n  Type           Status  Reason\n  ----           ------  ------\n  Available      False   MinimumReplicasUnavailable\n  \
ReplicaFailure  True   FailedCreate\nOldReplicaSets:  <none>\nNewReplicaSet:   shop-controller-7d9f8c6b5d (1/2 replicas created)\nEvents:          <none>\n";
    let deployment = object(text);
    assert_eq!(deployment["spec"]["replicas"], 2);
    assert_eq!(deployment["spec"]["selector"]["matchLabels"], json!({ "app": "shop", "tier": "back" }));
    assert_eq!(deployment["spec"]["strategy"]["type"], "Recreate");
    let template = &deployment["spec"]["template"];
    assert_eq!(template["metadata"]["labels"]["app"], "shop");
    assert_eq!(template["spec"]["serviceAccountName"], "shop-controller");
    assert_eq!(template["spec"]["containers"][0]["args"], json!(["--leader-elect"]));
    assert_eq!(template["spec"]["volumes"][0]["emptyDir"], json!({}));
    let status = &deployment["status"];
    assert_eq!((status["replicas"].as_u64(), status["availableReplicas"].as_u64()), (Some(3), Some(0)));
    assert_eq!(
        status["conditions"][1],
        json!({ "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate" })
    );
    assert_eq!(deployment["metadata"]["creationTimestamp"], "2026-11-25T02:31:17Z");
}

fn kinds(found: &Found) -> Vec<String> {
    found.facts.objects.iter().map(|object| format!("{} {}", object.reference.kind, object.reference.name)).collect()
}

#[test]
fn other_workloads_are_told_apart() {
    let set = "Name:           shop-7d9f8c6b5d\nNamespace:      ops\nSelector:       app=shop\nLabels:         app=shop\nControlled By:  Deployment/shop\n\
Replicas:       1 current / 2 desired\nPods Status:    0 Running / 1 Waiting / 0 Succeeded / 0 Failed\nPod Template:\n  Labels:  app=shop\n";
    let daemon = "Name:           agent\nNamespace:      ops\nSelector:       app=agent\nNode-Selector:  <none>\nDesired Number of Nodes Scheduled: 3\n\
Current Number of Nodes Scheduled: 3\nNumber of Nodes Scheduled with Available Pods: 1\nNumber of Nodes Misscheduled: 0\n\
Pods Status:  1 Running / 2 Waiting / 0 Succeeded / 0 Failed\nPod Template:\n  Labels:  app=agent\n";
    let stateful = "Name:               db\nNamespace:          ops\nSelector:           app=db\nReplicas:           3 desired | 1 total\n\
Update Strategy:    RollingUpdate\nPods Status:        1 Running / 0 Waiting / 0 Succeeded / 0 Failed\nPod Template:\n  Labels:  app=db\nVolume Claims:  <none>\n";
    let job = "Name:             import\nNamespace:        ops\nSelector:         x=y\nParallelism:      1\nCompletions:      1\n\
Pods Statuses:    1 Active (0 Ready) / 0 Succeeded / 2 Failed\nPod Template:\n  Labels:  app=import\n";
    let found = read_as("describe.txt", &[set, daemon, stateful, job].join("\n\n"));
    assert_eq!(kinds(&found), ["ReplicaSet shop-7d9f8c6b5d", "DaemonSet agent", "StatefulSet db", "Job import"]);
    let objects = &found.facts.objects;
    assert_eq!(objects[0].at(&["spec", "replicas"]), Some(&json!(2)));
    assert_eq!(objects[1].at(&["status", "numberAvailable"]), Some(&json!(1)));
    assert_eq!(objects[2].at(&["status", "replicas"]), Some(&json!(1)));
    assert_eq!(objects[3].at(&["status", "failed"]), Some(&json!(2)));
}

#[test]
fn a_node_is_read() {
    let text = "Name:               node-1\nRoles:              control-plane,worker\nLabels:             kubernetes.io/os=linux\n\
Taints:             dedicated=db:NoSchedule\n                    node.kubernetes.io/disk-pressure:NoSchedule\nUnschedulable:      true\nLease:\n  \
HolderIdentity:  node-1\nConditions:\n  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason         Message\n  \
----             ------  -----------------                 ------------------                ------         -------\n  \
DiskPressure     True    Wed, 25 Nov 2026 02:44:30 +0000   Wed, 25 Nov 2026 02:41:29 +0000   KubeletHasDiskPressure   kubelet has disk pressure\n\
Addresses:\n  InternalIP:  10.0.0.7\nCapacity:\n  cpu:     4\n  memory:  8Gi\nAllocatable:\n  cpu:     3900m\nSystem Info:\n  Kubelet Version:  v1.37.2\n  \
Architecture:     arm64\nNon-terminated Pods:          (1 in total)\n  Namespace  Name  CPU Requests\n  ops        x     10m (0%)\nEvents:              <none>\n";
    let node = object(text);
    assert_eq!(node["spec"]["taints"][0], json!({ "key": "dedicated", "value": "db", "effect": "NoSchedule" }));
    assert_eq!(node["spec"]["taints"][1]["key"], "node.kubernetes.io/disk-pressure");
    assert_eq!(node["spec"]["unschedulable"], true);
    let condition = &node["status"]["conditions"][0];
    assert_eq!(condition["lastTransitionTime"], "2026-11-25T02:41:29Z");
    assert_eq!(condition["reason"], "KubeletHasDiskPressure");
    assert_eq!(condition["message"], "kubelet has disk pressure");
    assert_eq!(node["status"]["allocatable"]["cpu"], "3900m");
    assert_eq!(node["status"]["nodeInfo"]["architecture"], "arm64");
}

#[test]
fn what_a_controller_stands_on_is_read() {
    let service = "Name:              shop-webhook\nNamespace:         ops\nLabels:            <none>\nSelector:          app=shop\nType:              ClusterIP\n\
IP:                10.96.0.7\nPort:              https  443/TCP\nTargetPort:        9443/TCP\nEndpoints:         \n";
    let claim = "Name:          store\nNamespace:     ops\nStorageClass:  fast\nStatus:        Pending\nVolume:        \nAccess Modes:  \nUsed By:       db-0\n";
    let role = "Name:         shop\nLabels:       <none>\nAnnotations:  <none>\nPolicyRule:\n  Resources         Non-Resource URLs  Resource Names  Verbs\n  \
---------         -----------------  --------------  -----\n  deployments.apps/status  []           []              [get list watch]\n  \
leases.coordination.k8s.io  []        [shop-lock]     [get update]\n                    [/metrics]         []              [get]\n";
    let binding = "Name:         shop\nLabels:       <none>\nRole:\n  Kind:  ClusterRole\n  Name:  shop\nSubjects:\n  Kind            Name   Namespace\n  \
----            ----   ---------\n  ServiceAccount  shop   ops\n";
    let quota = "Name:            compute\nNamespace:       ops\nResource         Used  Hard\n--------         ----  ----\nlimits.memory    1Gi   1Gi\n";
    let account = "Name:                shop\nNamespace:           ops\nLabels:              <none>\nImage pull secrets:  regcred (not found)\nEvents:              <none>\n";
    let found = read_as("describe.txt", &[service, claim, role, binding, quota, account].join("\n\n"));
    let expected = [
        "Service shop-webhook",
        "PersistentVolumeClaim store",
        "Role shop",
        "ClusterRoleBinding shop",
        "ResourceQuota compute",
        "ServiceAccount shop",
    ];
    assert_eq!(kinds(&found), expected);
    let at = |number: usize, path: &[&str]| found.facts.objects[number].at(path).cloned().unwrap_or_default();
    assert_eq!(
        at(0, &["spec", "ports"]),
        json!([{ "port": 443, "protocol": "TCP", "name": "https", "targetPort": "9443" }])
    );
    assert_eq!(at(1, &["status", "phase"]), "Pending");
    assert_eq!(
        at(2, &["rules"])[0],
        json!({ "verbs": ["get", "list", "watch"], "resources": ["deployments/status"], "apiGroups": ["apps"] })
    );
    assert_eq!(at(2, &["rules"])[1]["resourceNames"], json!(["shop-lock"]));
    assert_eq!(at(2, &["rules"])[2], json!({ "verbs": ["get"], "nonResourceURLs": ["/metrics"] }));
    assert_eq!(at(3, &["subjects"]), json!([{ "kind": "ServiceAccount", "name": "shop", "namespace": "ops" }]));
    assert_eq!(at(4, &["status", "hard", "limits.memory"]), "1Gi");
    assert_eq!(at(5, &["imagePullSecrets"]), json!([{ "name": "regcred" }]));
}

#[test]
fn a_network_policy_is_read() {
    let text = "Name:         shop-egress\nNamespace:    ops\nCreated on:   2026-11-25 02:41:29 +0000 UTC\nLabels:       <none>\nSpec:\n  \
PodSelector:     app=shop\n  Not affecting ingress traffic\n  Allowing egress traffic:\n    To Port: 53/UDP\n    To:\n      \
NamespaceSelector: kubernetes.io/metadata.name=kube-system\n    ----------\n    To Port: <any> (traffic allowed to all ports)\n    To:\n      \
IPBlock:\n        CIDR: 10.0.0.0/8\n        Except: 10.1.0.0/16\n  Policy Types: Egress\n";
    let spec = &object(text)["spec"];
    assert_eq!(spec["podSelector"]["matchLabels"], json!({ "app": "shop" }));
    assert_eq!(spec["policyTypes"], json!(["Egress"]));
    assert_eq!(spec["egress"][0]["ports"], json!([{ "port": 53, "protocol": "UDP" }]));
    assert_eq!(
        spec["egress"][0]["to"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"],
        "kube-system"
    );
    assert_eq!(
        spec["egress"][1],
        json!({ "to": [{ "ipBlock": { "cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"] } }] })
    );
    let closed =
        text.replace("    To Port: 53/UDP\n", "    <none> (Selected pods are isolated for egress connectivity)\n");
    let closed = &closed[..closed.find("    To:").expect("a peer")];
    assert_eq!(object(closed)["spec"]["egress"], json!([]));
}

#[test]
fn data_is_read_and_secrets_are_not() {
    let config = "Name:         shop-config\nNamespace:    ops\nLabels:       <none>\nAnnotations:  <none>\n\nData\n====\nconfig.yaml:\n----\nkind: Shop\n\
Name: x\nlevel: debug\n\nother:\n----\n1\n\n\nBinaryData\n====\n\nEvents:  <none>\n";
    let found = read_as("describe.txt", config);
    assert_eq!(kinds(&found), ["ConfigMap shop-config"]);
    assert_eq!(
        found.facts.objects[0].at(&["data"]),
        Some(&json!({ "config.yaml": "kind: Shop\nName: x\nlevel: debug", "other": "1" }))
    );
    let secret = "$ kubectl describe secret shop -n ops\nName:         shop\nNamespace:    ops\nLabels:       <none>\nAnnotations:  <none>\n\n\
Type:  Opaque\n\nData\n====\ntoken:   canary\nca.crt:  1066 bytes\n";
    let found = read_as("describe.txt", secret);
    assert_eq!(kinds(&found), ["Secret shop"]);
    assert!(!format!("{:?}", found.facts).contains("canary"));
    assert_eq!(found.facts.objects[0].at(&["data"]), Some(&json!({ "ca.crt": "" })));
}

#[test]
fn a_custom_resource_is_read_as_it_is() {
    let text = "Name:         berlin\nNamespace:    ops\nLabels:       <none>\nAnnotations:  <none>\nAPI Version:  example.com/v1\nKind:         Widget\n\
Metadata:\n  Creation Timestamp:  2026-11-25T02:41:29Z\n  Deletion Timestamp:  2026-11-25T02:45:29Z\n  Finalizers:\n    example.com/hold\n  Generation:  3\n  \
Owner References:\n    API Version:  example.com/v1\n    Kind:         Shop\n    Name:         europe\n    UID:          1\nSpec:\n  Size:  3\n  Template:\n    \
Containers:\n      Image:  a:1\n      Name:   a\n      Image:  b:1\n      Name:   b\nStatus:\n  Conditions:\n    Last Transition Time:  2026-11-25T02:41:29Z\n    \
Message:               no Secret \"x\": it is not there\n    Reason:                NoSecret\n    Status:                False\n    Type:                  Ready\n  \
Observed Generation:     2\nEvents:\n  Type     Reason  Age                  From    Message\n  ----     ------  ----                 ----    -------\n  \
Warning  Failed  2s (x3 over 4m)      widget  no Secret\n";
    let found = read_as("describe.txt", text);
    let object = &found.facts.objects[0];
    assert_eq!((object.reference.kind.as_str(), object.reference.group.as_str()), ("Widget", "example.com"));
    assert_eq!(object.at(&["metadata", "ownerReferences"]).expect("owners")[0]["name"], "europe");
    assert_eq!(object.str_at(&["metadata", "deletionTimestamp"]), Some("2026-11-25T02:45:29Z"));
    assert_eq!(object.at(&["metadata", "finalizers"]), Some(&json!(["example.com/hold"])));
    assert_eq!(object.at(&["status", "observedGeneration"]), Some(&json!(2)));
    assert_eq!(object.list_at(&["status", "conditions"])[0]["message"], "no Secret \"x\": it is not there");
    assert_eq!(object.list_at(&["spec", "template", "containers"])[1], json!({ "image": "b:1", "name": "b" }));
    assert_eq!(found.facts.events[0].about.kind, "Widget");
    assert_eq!(found.facts.events[0].count, 3);
}

#[test]
fn a_log_with_pairs_is_no_description() {
    for text in
        ["Name: the controller\nstarting\n", "Namespace: ops\nName:  x\nstarted\n", "Name:  x\nstarted\nstopped\n"]
    {
        let found = read_as("controller.log", text);
        assert_eq!((found.facts.objects.len(), found.logs.len()), (0, 1), "{text}: {:?}", gaps(&found));
    }
}

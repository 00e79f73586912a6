//! The description of a pod, whole and cut.

use serde_json::json;

use super::super::super::tests::read_as;
use super::object;

const POD: &str = r#"Name:                 shop-controller-7d9f8c6b5d-x2x4z
Namespace:            ops
Priority:             2000000000
Priority Class Name:  system-cluster-critical
Service Account:      shop-controller
Node:                 node-1/10.0.0.7
Start Time:           Wed, 25 Nov 2026 02:41:29 +0000
Labels:               app=shop
                      pod-template-hash=7d9f8c6b5d
Annotations:          example.com/note: one
                      example.com/long:
                        {"a":1}
Status:               Running
IP:                   10.1.0.9
IPs:
  IP:           10.1.0.9
Controlled By:  ReplicaSet/shop-controller-7d9f8c6b5d
Init Containers:
  prepare:
    Container ID:  containerd://11
    Image:         registry.example.com/prepare:v1
    Image ID:      registry.example.com/prepare@sha256:22
    Port:          <none>
    Host Port:     <none>
    Command:
      sh
      -c
      exit 0
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Wed, 25 Nov 2026 02:41:30 +0000
      Finished:     Wed, 25 Nov 2026 02:41:31 +0000
    Ready:          True
    Restart Count:  0
    Environment:    <none>
    Mounts:         <none>
Containers:
  manager:
    Container ID:  containerd://33
    Image:         registry.example.com/shop:v1
    Image ID:      registry.example.com/shop@sha256:44
    Ports:         8080/TCP, 9443/TCP
    Host Ports:    0/TCP, 0/TCP
    Args:
      --leader-elect
      --url=http://x:80/y
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Message:      panic: no

goroutine 1 [running]:
main.main()
	/src/main.go:7
      Exit Code:    2
      Started:      Wed, 25 Nov 2026 02:44:30 +0000
      Finished:     Wed, 25 Nov 2026 02:44:31 +0000
    Ready:          False
    Restart Count:  5
    Limits:
      cpu:     500m
      memory:  128Mi
    Requests:
      cpu:      10m
      memory:   64Mi
    Liveness:   http-get http://:8081/healthz delay=15s timeout=1s period=20s #success=1 #failure=3
    Readiness:  tcp-socket :8081 delay=0s timeout=1s period=10s #success=1 #failure=3
    Startup:    exec [/bin/ls /tmp] delay=0s timeout=1s period=10s #success=1 #failure=30
    Environment Variables from:
      shop-env    ConfigMap  Optional: false
      shop-extra  Secret     Optional: true
    Environment:
      PASSWORD:       <set to the key 'password' in secret 'shop'>         Optional: false
      LEVEL:          <set to the key 'level' of config map 'shop-config'>  Optional: true
      POD_NAMESPACE:  ops (v1:metadata.namespace)
      EMPTY:          
      WATCH:          a,b
    Mounts:
      /etc/certs from certs (ro)
      /etc/config.yaml from config (rw,path="config.yaml")
Conditions:
  Type              Status
  Initialized       True 
  Ready             False 
Volumes:
  certs:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  shop-certs
    Optional:    false
  config:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      shop-config
    Optional:  false
  store:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  shop-store
    ReadOnly:   false
QoS Class:                   Burstable
Node-Selectors:              disk=ssd
                             kubernetes.io/os=linux
Tolerations:                 dedicated=db:NoSchedule
                             node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason     Age                   From               Message
  ----     ------     ----                  ----               -------
  Normal   Scheduled  3m2s                  default-scheduler  Successfully assigned ops/shop-controller-7d9f8c6b5d-x2x4z to node-1
  Warning  BackOff    6s (x12 over 2m58s)   kubelet            spec.containers{manager}: Back-off restarting failed container manager
  Warning  Unhealthy  2s                    kubelet            Readiness probe failed: first line
second line
"#;

#[test]
fn a_pods_spec_is_read() {
    let pod = object(POD);
    assert_eq!(pod["metadata"]["name"], "shop-controller-7d9f8c6b5d-x2x4z");
    assert_eq!(pod["metadata"]["labels"], json!({ "app": "shop", "pod-template-hash": "7d9f8c6b5d" }));
    assert_eq!(pod["metadata"]["annotations"], json!({ "example.com/note": "one", "example.com/long": "{\"a\":1}" }));
    assert_eq!(pod["metadata"]["ownerReferences"][0]["kind"], "ReplicaSet");
    let spec = &pod["spec"];
    assert_eq!(spec["nodeName"], "node-1");
    assert_eq!(spec["serviceAccountName"], "shop-controller");
    assert_eq!(spec["nodeSelector"], json!({ "disk": "ssd", "kubernetes.io/os": "linux" }));
    assert_eq!(spec["tolerations"][0], json!({ "key": "dedicated", "value": "db", "effect": "NoSchedule" }));
    assert_eq!(spec["volumes"][0]["secret"]["secretName"], "shop-certs");
    assert_eq!(spec["volumes"][1]["configMap"]["name"], "shop-config");
    assert_eq!(spec["volumes"][2]["persistentVolumeClaim"]["claimName"], "shop-store");
    assert_eq!(spec["initContainers"][0]["command"], json!(["sh", "-c", "exit 0"]));
}

#[test]
fn a_pods_containers_are_read() {
    let pod = object(POD);
    let manager = &pod["spec"]["containers"][0];
    assert_eq!(manager["args"], json!(["--leader-elect", "--url=http://x:80/y"]));
    assert_eq!(manager["ports"][1], json!({ "containerPort": 9443, "protocol": "TCP" }));
    assert_eq!(manager["resources"]["limits"], json!({ "cpu": "500m", "memory": "128Mi" }));
    assert_eq!(manager["livenessProbe"]["httpGet"], json!({ "port": 8081, "path": "/healthz", "scheme": "HTTP" }));
    assert_eq!(manager["livenessProbe"]["failureThreshold"], 3);
    assert_eq!(manager["readinessProbe"]["tcpSocket"]["port"], 8081);
    assert_eq!(manager["startupProbe"]["exec"]["command"], json!(["/bin/ls", "/tmp"]));
    assert_eq!(manager["envFrom"][1], json!({ "secretRef": { "name": "shop-extra", "optional": true } }));
    assert_eq!(
        manager["env"][0]["valueFrom"]["secretKeyRef"],
        json!({ "key": "password", "name": "shop", "optional": false })
    );
    assert_eq!(
        manager["env"][1]["valueFrom"]["configMapKeyRef"],
        json!({ "key": "level", "name": "shop-config", "optional": true })
    );
    assert_eq!(manager["env"][2]["valueFrom"]["fieldRef"]["fieldPath"], "metadata.namespace");
    assert_eq!(manager["env"][3], json!({ "name": "EMPTY", "value": "" }));
    assert_eq!(manager["env"][4]["value"], "a,b");
    assert_eq!(
        manager["volumeMounts"][1],
        json!({ "mountPath": "/etc/config.yaml", "name": "config", "subPath": "config.yaml" })
    );
}

#[test]
fn a_pods_status_is_read() {
    let status = &object(POD)["status"];
    assert_eq!(status["phase"], "Running");
    assert_eq!(status["startTime"], "2026-11-25T02:41:29Z");
    assert_eq!(status["conditions"][1], json!({ "type": "Ready", "status": "False" }));
    let manager = &status["containerStatuses"][0];
    assert_eq!(manager["restartCount"], 5);
    assert_eq!(manager["state"]["waiting"]["reason"], "CrashLoopBackOff");
    let last = &manager["lastState"]["terminated"];
    assert_eq!((last["exitCode"].as_i64(), last["reason"].as_str()), (Some(2), Some("Error")));
    assert!(
        last["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("panic: no") && message.ends_with("main.go:7"))
    );
    assert_eq!(status["initContainerStatuses"][0]["state"]["terminated"]["exitCode"], 0);
}

#[test]
fn the_events_of_a_description_are_about_its_object() {
    let events = read_as("describe.txt", POD).facts.events;
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event.about.kind == "Pod" && event.about.namespace == "ops"));
    assert_eq!((events[1].count, events[1].age, events[1].source.as_str()), (12, Some(6), "kubelet"));
    assert_eq!(events[1].message, "Back-off restarting failed container manager");
    assert_eq!(events[2].message, "Readiness probe failed: first line\nsecond line");
}

#[test]
fn descriptions_follow_each_other() {
    let text = format!(
        "{POD}\n\n{}\n\nNAME     READY   STATUS    RESTARTS   AGE\nshop-1   1/1     Running   0          4d\n",
        POD.replace("-x2x4z", "-w7w8w")
    );
    let found = read_as("describe.txt", &text);
    let names: Vec<_> = found.facts.objects.iter().map(|object| object.reference.name.as_str()).collect();
    assert_eq!(names, ["shop-controller-7d9f8c6b5d-x2x4z", "shop-controller-7d9f8c6b5d-w7w8w", "shop-1"]);
    assert_eq!(found.facts.events.len(), 6);
}

#[test]
fn a_description_may_be_cut_out() {
    let start = POD.find("    State:          Waiting").expect("a state");
    let end = POD.find("    Limits:").expect("limits");
    let cut = POD[start..end].replace("panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:7\n", "no\n");
    let pod = object(&cut);
    assert_eq!(pod["status"]["containerStatuses"][0]["restartCount"], 5);
    let start = POD.find("Containers:\n  manager:").expect("containers");
    let pod = object(&POD[start..]);
    assert_eq!(pod["spec"]["containers"][0]["image"], "registry.example.com/shop:v1");
    let start = POD.find("Events:").expect("events");
    assert_eq!(read_as("events.txt", &POD[start..]).facts.events.len(), 3);
}

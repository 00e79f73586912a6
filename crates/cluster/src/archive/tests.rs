use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::Api;
use kube::api::{ListParams, LogParams, WatchParams};

fn client() -> kube::Client {
    let pod = |name: &str, app: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: ops, labels: {{app: {app}}}}}\nspec: {{containers: [{{name: c}}]}}\n---\n"
        )
    };
    let memory =
        |name: &str, text: String| kloupe_sources::Source::Memory { name: name.into(), bytes: text.into_bytes() };
    let objects = [pod("a", "x"), pod("b", "y"), pod("c", "x")].concat();
    let sources = [
        memory("objects.yaml", objects),
        memory(
            "namespaces/ops/pods/a/c/c/logs/current.log",
            "2026-01-01T00:00:00Z one\n2026-01-01T00:00:01Z two\n".into(),
        ),
    ];
    super::client(kloupe_sources::read(&sources).expect("read"))
}

#[tokio::test]
async fn lists_pages_and_selectors() {
    let pods: Api<Pod> = Api::namespaced(client(), "ops");
    let names = |list: kube::core::ObjectList<Pod>| {
        list.items.into_iter().filter_map(|pod| pod.metadata.name).collect::<Vec<_>>()
    };
    let first = pods.list(&ListParams::default().limit(2)).await.expect("list");
    let token = first.metadata.continue_.clone().expect("more");
    assert_eq!(names(first), ["a", "b"]);
    assert_eq!(names(pods.list(&ListParams::default().limit(2).continue_token(&token)).await.expect("list")), ["c"]);
    assert_eq!(names(pods.list(&ListParams::default().labels("app in (x,z)")).await.expect("list")), ["a", "c"]);
    assert_eq!(names(pods.list(&ListParams::default().labels("app notin (x)")).await.expect("list")), ["b"]);
    assert_eq!(names(pods.list(&ListParams::default().fields("metadata.name!=a")).await.expect("list")), ["b", "c"]);
    let error = pods.list(&ListParams::default().fields("spec.wrong=1")).await.expect_err("unknown field");
    assert!(error.to_string().contains("field label not supported: spec.wrong"), "{error}");
}

#[tokio::test]
async fn gets_logs_and_refusals() {
    let pods: Api<Pod> = Api::namespaced(client(), "ops");
    assert!(pods.get("a").await.is_ok());
    let missing = pods.get("nope").await.expect_err("missing");
    assert!(missing.to_string().contains("pods \"nope\" not found"), "{missing}");
    let log = pods.logs("a", &LogParams { tail_lines: Some(1), ..LogParams::default() }).await.expect("log");
    assert!(log.ends_with("two\n") && !log.contains("one"), "{log}");
    let refused = pods.delete("a", &kube::api::DeleteParams::default()).await.expect_err("a capture");
    assert!(refused.to_string().contains("this is a capture"), "{refused}");
    let none: Api<ConfigMap> = Api::all(client());
    let kube::Error::Api(status) = none.list(&ListParams::default()).await.expect_err("nobody listed them") else {
        panic!("the server answers");
    };
    assert_eq!((status.code, status.reason.as_str()), (501, "NotCaptured"));
    assert_eq!(status.message, "the capture does not hold configmaps; it holds pods");
}

#[tokio::test]
async fn watches_and_discovers() {
    let client = client();
    let groups = client.list_api_groups().await.expect("groups");
    assert!(groups.groups.iter().any(|group| group.name == "apps"));
    let pods: Api<Pod> = Api::all(client);
    let events: Vec<_> = pods
        .watch(&WatchParams::default().timeout(1), "0")
        .await
        .expect("watch")
        .boxed()
        .try_collect()
        .await
        .expect("events");
    assert_eq!(events.len(), 4, "three pods and a bookmark");
}

#[tokio::test]
async fn captured_discovery_names_resources() {
    let memory = |name: &str, text: &str| kloupe_sources::Source::Memory { name: name.into(), bytes: text.into() };
    let widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: berlin, namespace: ops}\n";
    let discovery = r#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{"name":"example.com"},
        "versions":[{"version":"v1","resources":[{"resource":"widgetry","responseKind":{"kind":"Widget"},"scope":"Namespaced",
        "singularResource":"widget","shortNames":["wd"]},{"resource":"widgetry/status","responseKind":{"kind":"Widget"}}]}]},{"metadata":{"name":"coordination.k8s.io"},
        "versions":[{"version":"v1","resources":[{"resource":"leases","responseKind":{"kind":"Lease"},"scope":"Namespaced"}]}]}]}"#;
    let refused = r#"{"ops": "leases.coordination.k8s.io is forbidden: User \"x\" cannot list resource \"leases\" in API group \"coordination.k8s.io\" in the namespace \"ops\""}"#;
    let sources = [
        memory("w.yaml", widget),
        memory("apis.json", discovery),
        memory("cluster-resources/leases-errors.json", refused),
    ];
    let client = super::client(kloupe_sources::read(&sources).expect("read"));
    let resources = client.list_api_group_resources("example.com/v1").await.expect("resources");
    let names: Vec<_> = resources.resources.iter().map(|it| (it.name.as_str(), it.short_names.clone())).collect();
    assert_eq!(names, [("widgetry", Some(vec!["wd".to_owned()]))]);
    let leases: Api<k8s_openapi::api::coordination::v1::Lease> = Api::all(client);
    let error = leases.list(&ListParams::default()).await.expect_err("refused");
    assert!(error.to_string().contains("leases.coordination.k8s.io is forbidden"), "{error}");
}

#[tokio::test]
async fn the_captured_version_is_told() {
    let version = async |text: &str| {
        let source = kloupe_sources::Source::Memory { name: "version.json".into(), bytes: text.into() };
        let client = super::client(kloupe_sources::read(&[source]).expect("read"));
        client.apiserver_version().await.expect("a version").git_version
    };
    let plain = r#"{"major":"1","minor":"31","gitVersion":"v1.31.4","gitCommit":"","gitTreeState":"","buildDate":"","goVersion":"","compiler":"","platform":""}"#;
    assert_eq!(version(plain).await, "v1.31.4");
    let both = format!(r#"{{"clientVersion":{{"gitVersion":"v1.36.0"}},"serverVersion":{plain}}}"#);
    assert_eq!(version(&both).await, "v1.31.4");
    assert_eq!(version(r#"{"clientVersion":{"gitVersion":"v1.36.0"}}"#).await, "v1.37.0+capture");
}

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use kloupe_sources::Source;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Service, Store};

const POD: &str = r#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"web-0","namespace":"shop"},
    "spec":{"nodeName":"n","containers":[{"name":"c","ports":[{"name":"metrics","containerPort":8080}]}]},
    "status":{"phase":"Running","containerStatuses":[{"name":"c","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}]}"#;
const CRD: &str = r#"{"kind":"CustomResourceDefinitionList","apiVersion":"apiextensions.k8s.io/v1","items":[{"metadata":{"name":"widgets.example.com"},
    "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,
    "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","description":"What is wanted."}}}}}]}}]}"#;
const CORE: &str = r#"{"openapi":"3.0.0","components":{"schemas":{
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta":{"type":"object","description":"ObjectMeta is metadata."}}}}"#;

fn service() -> Service {
    let memory =
        |name: &str, text: &str| Source::Memory { name: format!("b/kloupe-bundle/{name}"), bytes: text.into() };
    let sources = [
        memory("namespaces/shop/pods.json", POD),
        memory("cluster/customresourcedefinitions.apiextensions.k8s.io.json", CRD),
        memory("openapi/api/v1.json", CORE),
        memory("metrics/shop/web-0.1.txt", "# TYPE up gauge\nup 1\n"),
        memory("metrics/shop/web-0.2.txt", "# TYPE up gauge\nup 2\n"),
        memory("logs/shop/old-0/c.log", "2026-01-01T00:00:00Z one\n2026-01-01T00:00:01Z two\n"),
    ];
    Service::new(Store::new(kloupe_sources::read(&sources).expect("read")))
}

async fn text(path: &str) -> String {
    let request = Request::get(path).body(Full::<Bytes>::default()).expect("a request");
    let answer = service().oneshot(request).await.expect("an answer");
    String::from_utf8(answer.into_body().collect().await.expect("a body").to_bytes().to_vec()).expect("text")
}

async fn json(path: &str) -> Value {
    serde_json::from_str(&text(path).await).expect("JSON")
}

#[tokio::test]
async fn the_proxy_shows_the_page_that_was_read_through_it() {
    for path in ["web-0:8080/proxy/metrics", "https:web-0:8080/proxy/metrics"] {
        assert_eq!(text(&format!("/api/v1/namespaces/shop/pods/{path}")).await, "# TYPE up gauge\nup 2\n", "{path}");
    }
    let why = async |path: &str| {
        let status = json(&format!("/api/v1/namespaces/shop/pods/{path}")).await;
        (status["reason"].clone(), status["message"].clone())
    };
    let only = json!("of pod \"web-0\" the capture holds /metrics at port 8080 only");
    assert_eq!(why("web-0:9090/proxy/metrics").await, (json!("NotCaptured"), only.clone()));
    assert_eq!(why("web-0:8080/proxy/debug/pprof").await, (json!("NotCaptured"), only));
    assert_eq!(why("gone:8080/proxy/metrics").await.0, "NotFound");
}

#[tokio::test]
async fn answers_are_written_as_go_writes_them() {
    assert!(text("/version").await.starts_with("{\n  \"major\": \"1\","));
    let lists = text("/api/v1/namespaces/shop/pods?labelSelector=a%3E%3C%26").await;
    assert!(lists.ends_with("}\n") && lists.contains("found '\\u003c'") && !lists.contains('<'), "{lists}");
}

#[tokio::test]
async fn custom_kinds_are_explained_by_their_definitions() {
    let index = json("/openapi/v3").await;
    let paths: Vec<&String> = index["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths, ["api/v1", "apis/example.com/v1"]);
    assert_eq!(text("/openapi/v3/api/v1").await, CORE, "what was captured stays as it is");
    let document = json("/openapi/v3/apis/example.com/v1").await;
    let kind = json!({"group": "example.com", "version": "v1", "kind": "Widget"});
    let path = &document["paths"]["/apis/example.com/v1/namespaces/{namespace}/widgets"];
    assert_eq!(path["get"]["x-kubernetes-group-version-kind"], kind);
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["com.example.v1.Widget"]["properties"]["spec"]["description"], "What is wanted.");
    assert_eq!(schemas["com.example.v1.Widget"]["properties"]["kind"]["type"], "string");
    assert_eq!(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]["type"], "object");
    assert_eq!(json("/openapi/v3/apis/apps/v1").await["reason"], "NotFound");
}

#[tokio::test]
async fn a_log_comes_as_a_stream_and_what_there_is_none_of_is_told() {
    let log = async |path: &str| text(&format!("/api/v1/namespaces/shop/pods/{path}")).await;
    assert_eq!(log("old-0/log?container=c").await, "one\ntwo\n");
    assert_eq!(log("old-0/log?container=c&tailLines=1").await, "two\n");
    assert!(log("old-0/log?previous=true").await.contains("does not hold the log of the previous run of container"));
    let waits = "container \\\"c\\\" in pod \\\"web-0\\\" is waiting to start: trying and failing to pull image";
    assert!(log("web-0/log").await.contains(waits));
    assert!(log("web-0/log?previous=true").await.contains("previous terminated container"));
}

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Service, Store};

const CRDS: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [taken, wd]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Color, type: string, jsonPath: .spec.color}]
    selectableFields: [{jsonPath: .spec.color}]
  - {name: v2, served: true, storage: false}
status:
  acceptedNames: {plural: widgets, kind: Widget, shortNames: [wd], categories: [toys]}
  conditions: [{type: Established, status: 'True'}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: gadgets, kind: Widget}
  versions: [{name: v1, served: true, storage: true}]
status:
  acceptedNames: {plural: '', kind: ''}
  conditions: [{type: NamesAccepted, status: 'False'}, {type: Established, status: 'False'}]
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: a, namespace: ops, creationTimestamp: '2026-01-01T00:00:00Z'}
spec: {color: red}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: b, namespace: ops, creationTimestamp: '2026-01-01T00:00:00Z'}
spec: {color: blue}
";

async fn get(path: &str) -> Value {
    let source = kloupe_sources::Source::Memory { name: "x.yaml".into(), bytes: CRDS.as_bytes().to_vec() };
    let service = Service::new(Store::new(kloupe_sources::read(&[source]).expect("read")));
    let request = Request::get(path).header("accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    let answer = service.oneshot(request.body(Full::<Bytes>::default()).expect("a request")).await.expect("an answer");
    serde_json::from_slice(&answer.into_body().collect().await.expect("a body").to_bytes()).expect("JSON")
}

fn columns(table: &Value) -> Vec<&str> {
    table["columnDefinitions"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect()
}

#[tokio::test]
async fn a_custom_kind_has_the_columns_of_its_version() {
    let table = get("/apis/example.com/v1/namespaces/ops/widgets").await;
    assert_eq!(columns(&table), ["Name", "Color"]);
    assert_eq!(table["rows"][0]["cells"], json!(["a", "red"]));
    assert_eq!(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    assert_eq!(columns(&get("/apis/example.com/v2/namespaces/ops/widgets/a").await), ["Name", "Age"]);
    assert_eq!(columns(&get("/apis/example.com/v1/namespaces/none/widgets").await), ["Name", "Color"]);
    let definitions = get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions").await;
    assert_eq!(
        columns(&definitions)[..3],
        ["Name", "Scope", "Versions"],
        "what the server has of its own stays as it is"
    );
}

#[tokio::test]
async fn a_row_holds_as_much_of_the_object_as_is_asked_for() {
    let row = async |include: &str| {
        let mut table = get(&format!("/apis/example.com/v1/widgets?includeObject={include}")).await;
        table["rows"][0]["object"].take()
    };
    assert_eq!(row("Object").await["spec"]["color"], "red");
    assert_eq!(row("Metadata").await["spec"], Value::Null);
    assert_eq!(row("None").await, Value::Null);
}

#[tokio::test]
async fn the_definition_tells_the_fields_that_select() {
    let table = get("/apis/example.com/v1/widgets?fieldSelector=spec.color%3Dblue").await;
    assert_eq!(table["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(table["rows"][0]["cells"][0], "b");
    for path in [
        "/apis/example.com/v2/widgets?fieldSelector=spec.color%3Dblue",
        "/apis/example.com/v1/widgets?fieldSelector=spec.size%3D1",
    ] {
        assert_eq!(get(path).await["code"], 400, "{path}");
    }
}

#[tokio::test]
async fn only_what_was_accepted_is_served() {
    let resources = get("/apis/example.com/v1").await;
    assert_eq!(resources["resources"].as_array().map(Vec::len), Some(1), "{resources}");
    assert_eq!(resources["resources"][0]["shortNames"], json!(["wd"]));
    assert_eq!(resources["resources"][0]["categories"], json!(["toys"]));
    assert_eq!(get("/apis/example.com/v1/gadgets").await["code"], 404);
}

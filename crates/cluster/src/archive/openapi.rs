//! `OpenAPI` v3, as `kubectl explain` asks for it: the documents that were captured; for custom kinds, made of their definitions.

use kloupe_sources::LogFile;
use kloupe_sources::bundle::OPENAPI;
use serde_json::{Map, Value, json};

use super::store::Store;

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.";

/// What the metadata of an object is made of.
const PARTS_OF_META: [&str; 5] = ["ObjectMeta", "OwnerReference", "ManagedFieldsEntry", "FieldsV1", "Time"];

const API_VERSION: &str = "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND: &str = "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
const METADATA: &str = "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// `/openapi/v3`: the groups and versions of which there is a document.
pub(super) fn index(store: &Store) -> Value {
    let captured = store.pages.iter().filter_map(path_of).map(str::to_owned);
    let custom = custom_versions(store).map(|(crd, version)| path(crd, version));
    let mut paths = Map::new();
    for path in captured.chain(custom) {
        let place = json!({"serverRelativeURL": format!("/openapi/v3/{path}")});
        paths.insert(path, place);
    }
    json!({"paths": paths})
}

/// A document that was captured: `api/v1`, `apis/apps/v1`.
pub(super) fn captured<'a>(store: &'a Store, path: &str) -> Option<&'a LogFile> {
    store.pages.iter().find(|page| path_of(page) == Some(path))
}

/// The document of a group and version that definitions make.
pub(super) fn made(store: &Store, wanted: &str) -> Option<Value> {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    let meta = parts_of_meta(store);
    for (crd, version) in custom_versions(store).filter(|(crd, version)| path(crd, version) == wanted) {
        let spec = &crd["spec"];
        let kind = json!({"group": spec["group"], "version": version["name"], "kind": spec["names"]["kind"]});
        let plural = text(&spec["names"]["plural"]);
        let namespace = if spec["scope"] == "Cluster" { "" } else { "/namespaces/{namespace}" };
        paths.insert(
            format!("/{wanted}{namespace}/{plural}"),
            json!({"get": {"x-kubernetes-group-version-kind": kind}}),
        );
        let mut name: Vec<&str> = text(&spec["group"]).rsplit('.').collect();
        name.extend([text(&version["name"]), text(&spec["names"]["kind"])]);
        schemas.insert(name.join("."), schema(version, &kind, !meta.is_empty()));
    }
    if paths.is_empty() {
        return None;
    }
    schemas.extend(meta);
    let info = json!({"title": "Kubernetes CRD Swagger", "version": "v0.1.0"});
    Some(json!({"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}))
}

/// The schema of a custom kind with the fields that every object has.
fn schema(version: &Value, kind: &Value, has_meta: bool) -> Value {
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    if !schema.is_object() {
        schema = json!({"type": "object"});
    }
    let mut metadata = json!({"description": METADATA});
    if has_meta {
        metadata["allOf"] = json!([{"$ref": format!("#/components/schemas/{META}ObjectMeta")}]);
    } else {
        metadata["type"] = json!("object");
    }
    if !schema["properties"].is_object() {
        schema["properties"] = json!({});
    }
    schema["properties"]["apiVersion"] = json!({"type": "string", "description": API_VERSION});
    schema["properties"]["kind"] = json!({"type": "string", "description": KIND});
    schema["properties"]["metadata"] = metadata;
    schema["x-kubernetes-group-version-kind"] = json!([kind]);
    schema
}

/// The schemas of the metadata, which any document of the API server's own holds.
fn parts_of_meta(store: &Store) -> Map<String, Value> {
    let document = captured(store, "api/v1").and_then(|page| page.open().ok());
    let document: Value = document.and_then(|stream| serde_json::from_reader(stream).ok()).unwrap_or_default();
    let names = PARTS_OF_META.iter().map(|part| format!("{META}{part}"));
    names.filter_map(|name| Some((name.clone(), document["components"]["schemas"].get(&name)?.clone()))).collect()
}

/// The definitions with their versions that are served.
fn custom_versions(store: &Store) -> impl Iterator<Item = (&Value, &Value)> {
    store.captured("apiextensions.k8s.io", "CustomResourceDefinition").flat_map(|crd| {
        let crd = crd.value();
        let versions = crd["spec"]["versions"].as_array().into_iter().flatten();
        versions.filter(|version| version["served"] != false).map(move |version| (crd, version))
    })
}

fn path(crd: &Value, version: &Value) -> String {
    format!("apis/{}/{}", text(&crd["spec"]["group"]), text(&version["name"]))
}

/// The path of a captured document, by its place in the bundle.
fn path_of(page: &LogFile) -> Option<&str> {
    page.file.rsplit_once(&format!("/{OPENAPI}/")).and_then(|(_, path)| path.strip_suffix(".json"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

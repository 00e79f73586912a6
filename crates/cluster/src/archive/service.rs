//! Requests and their answers. `Service` is a tower service for `kube::Client`, and what stands behind a port.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use super::kinds::Kind;
use super::log::{self, Wanted};
use super::status::Refusal;
use super::store::{Store, group_version};
use super::{access, discovery, selector};
use crate::warnings;

/// The body of an answer.
pub type Answered = UnsyncBoxBody<Bytes, Infallible>;

/// The API server; a clone shares the store.
#[derive(Clone, Debug)]
pub struct Service {
    store: Arc<Store>,
}

impl Service {
    /// Serves a store.
    pub fn new(store: Store) -> Service {
        Service { store: Arc::new(store) }
    }
}

impl<B> tower::Service<Request<B>> for Service
where
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Display,
{
    type Response = Response<Answered>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let store = Arc::clone(&self.store);
        let (parts, body) = request.into_parts();
        let body = Box::pin(body);
        Box::pin(async move {
            let answer = match body.collect().await {
                Ok(body) => answer(&store, &parts, &body.to_bytes()),
                Err(error) => Err(Refusal::bad_request(error.to_string())),
            };
            Ok(answer.unwrap_or_else(|refusal| value(refusal.code, "application/json", &refusal.to_value())))
        })
    }
}

fn full(code: u16, content_type: &str, bytes: impl Into<Bytes>) -> Response<Answered> {
    let mut response = Response::new(Full::new(bytes.into()).boxed_unsync());
    *response.status_mut() = http::StatusCode::from_u16(code).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(content_type) = http::HeaderValue::from_str(content_type) {
        response.headers_mut().insert(http::header::CONTENT_TYPE, content_type);
    }
    response
}

fn value(code: u16, content_type: &str, value: &Value) -> Response<Answered> {
    full(code, content_type, value.to_string())
}

/// The query's parameters, decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(text: &str) -> Query {
        let pair = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        };
        Query(text.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    fn is(&self, key: &str) -> bool {
        self.0.iter().any(|(known, value)| known == key && matches!(value.as_str(), "true" | "1" | ""))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>, Refusal> {
        let parse =
            |text: &str| text.parse().map_err(|_| Refusal::bad_request(format!("{key}: Invalid value: \"{text}\"")));
        self.get(key).map(parse).transpose()
    }
}

pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn answer(store: &Store, parts: &http::request::Parts, body: &[u8]) -> Result<Response<Answered>, Refusal> {
    let accept = parts.headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let decoded: Vec<String> = parts.uri.path().split('/').filter(|part| !part.is_empty()).map(decode).collect();
    let path: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let json = |answer: Value| Ok(value(200, "application/json", &answer));
    match path.as_slice() {
        ["version"] => json(discovery::version(store)),
        ["healthz" | "readyz" | "livez"] => Ok(full(200, "text/plain", "ok")),
        [root @ ("api" | "apis")] => {
            let core = *root == "api";
            match aggregated_version(accept) {
                Some(version) => {
                    let content_type =
                        format!("application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
                    Ok(value(200, &content_type, &discovery::aggregated(store, core, version)))
                }
                None if core => json(discovery::core()),
                None => json(discovery::plain(store)),
            }
        }
        ["apis", group] => discovery::group(store, group).map_or_else(|| Err(Refusal::no_path()), json),
        ["api", version] => discovery::resources(store, "", version).map_or_else(|| Err(Refusal::no_path()), json),
        ["apis", group, version] => {
            discovery::resources(store, group, version).map_or_else(|| Err(Refusal::no_path()), json)
        }
        ["api", version, rest @ ..] => resource(store, parts, body, accept, ("", version), rest),
        ["apis", group, version, rest @ ..] => resource(store, parts, body, accept, (group, version), rest),
        _ => Err(Refusal::no_path()),
    }
}

fn aggregated_version(accept: &str) -> Option<&'static str> {
    accept.split(',').filter(|part| part.contains("as=APIGroupDiscoveryList")).find_map(|part| {
        let says = |version: &str| part.split(';').any(|word| word.trim().strip_prefix("v=") == Some(version));
        ["v2", "v2beta1"].into_iter().find(|version| says(version))
    })
}

fn resource(
    store: &Store,
    parts: &http::request::Parts,
    body: &[u8],
    accept: &str,
    (group, version): (&str, &str),
    rest: &[&str],
) -> Result<Response<Answered>, Refusal> {
    let (namespace, rest) = match rest {
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => (Some(*namespace), rest),
        rest => (None, rest),
    };
    let [name, rest @ ..] = rest else { return Err(Refusal::no_path()) };
    let kind = store.kind(group, version, name).ok_or_else(Refusal::no_path)?;
    if kind.kind.ends_with("Review") && rest.is_empty() {
        return Ok(value(201, "application/json", &access::answer(store, parts, body, kind, namespace)?));
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(Refusal::read_only(parts.method.as_str()));
    }
    let query = Query::of(parts.uri.query().unwrap_or_default());
    match rest {
        [] => list(store, kind, namespace, &query, accept),
        [name, sub @ ..] => {
            let object = store.get(kind, namespace.unwrap_or_default(), name);
            if *sub == ["log"]
                && kind.kind == "Pod"
                && (object.is_some() || log::held(store, namespace.unwrap_or_default(), name))
            {
                return pod_log(store, &object.unwrap_or_default(), namespace.unwrap_or_default(), name, &query);
            }
            let object = object.ok_or_else(|| match store.refused(kind, namespace) {
                Some(refused) => Refusal::forbidden(&kind.resource, &kind.group, refused),
                None => Refusal::not_found(&kind.resource, &kind.group, name),
            })?;
            match sub {
                [] | ["status"] => Ok(value(200, "application/json", &shaped(object, kind, &query, accept))),
                [what @ ("exec" | "attach" | "portforward" | "proxy"), ..] => Err(Refusal::read_only(what)),
                _ => Err(Refusal::no_path()),
            }
        }
    }
}

fn pod_log(
    store: &Store,
    pod: &Value,
    namespace: &str,
    name: &str,
    query: &Query,
) -> Result<Response<Answered>, Refusal> {
    let since = query
        .get("sinceTime")
        .map(|text| text.parse().map_err(|_| Refusal::bad_request(format!("sinceTime: Invalid value: \"{text}\""))));
    let wanted = Wanted {
        container: query.get("container").map(str::to_owned),
        previous: query.get("previous").is_some() && query.is("previous"),
        timestamps: query.get("timestamps").is_some() && query.is("timestamps"),
        tail: query.number("tailLines")?,
        limit: query.number("limitBytes")?,
        since: since.transpose()?,
        since_seconds: query.number("sinceSeconds")?,
    };
    Ok(full(200, "text/plain", log::read(store, pod, namespace, name, &wanted)?))
}

/// The answer's form, as the Accept header asks: a table, metadata only, or the object.
fn shaped(object: Value, kind: &Kind, query: &Query, accept: &str) -> Value {
    if accept.contains("as=Table") {
        return table(&[object], kind, query, &json!({}));
    }
    if accept.contains("as=PartialObjectMetadata") { partial(&object) } else { object }
}

fn partial(object: &Value) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

fn table(objects: &[Value], kind: &Kind, query: &Query, metadata: &Value) -> Value {
    let shown: Vec<&Value> = objects.iter().collect();
    let now = jiff::Timestamp::now();
    let made = match &kind.columns {
        Some(columns) => kloupe_views::table::custom(columns, &shown, now),
        None => kloupe_views::table::of(&group_version(&kind.group, &kind.version), &kind.kind, &shown, now),
    };
    let column = |it: &kloupe_views::table::Column| json!({"name": it.name, "type": it.r#type, "format": it.format, "description": it.description, "priority": it.priority});
    let included = |object: &Value| match query.get("includeObject") {
        Some("Object") => object.clone(),
        Some("None") => Value::Null,
        _ => partial(object),
    };
    let rows =
        made.rows.iter().zip(objects).map(|(row, object)| json!({"cells": row.cells, "object": included(object)}));
    json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
        "columnDefinitions": made.columns.iter().map(column).collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>()})
}

fn list(
    store: &Store,
    kind: &Kind,
    namespace: Option<&str>,
    query: &Query,
    accept: &str,
) -> Result<Response<Answered>, Refusal> {
    let labels = query.get("labelSelector").unwrap_or_default();
    selector::check_labels(labels).or_else(|refusal| if labels.is_empty() { Ok(()) } else { Err(refusal) })?;
    let fields = selector::parse_fields(query.get("fieldSelector").unwrap_or_default(), kind)?;
    let all = store.list(kind, namespace);
    if all.is_empty()
        && let Some(refused) = store.refused(kind, namespace)
    {
        return Err(Refusal::forbidden(&kind.resource, &kind.group, refused));
    }
    let is_watch = query.get("watch").is_some() && query.is("watch");
    let from: usize = match query.get("continue").filter(|_| !is_watch) {
        Some(token) => token.parse().map_err(|_| Refusal::expired("The provided continue parameter is not valid"))?,
        None => 0,
    };
    let limit = query.number::<usize>("limit")?.filter(|limit| *limit > 0 && !is_watch).unwrap_or(usize::MAX);
    // An object is parsed when its page is asked for: the token says how far the pages before have come.
    let (mut page, mut next) = (Vec::new(), None);
    for (place, at) in all.iter().enumerate().skip(from) {
        let object = store.object(*at, kind);
        if selector::labels_fit(labels, &object)? && selector::fields_fit(&fields, &object) {
            if page.len() == limit {
                next = Some(place);
                break;
            }
            page.push(object);
        }
    }
    if is_watch {
        return watch(store, kind, page, query, accept);
    }
    let mut metadata = json!({"resourceVersion": store.resource_version});
    if let Some(next) = next {
        metadata["continue"] = Value::from(next.to_string());
        // As at the API server, nobody counts what a selector would leave.
        if labels.is_empty() && fields.is_empty() {
            metadata["remainingItemCount"] = Value::from(all.len() - next);
        }
    }
    let answer = if accept.contains("as=Table") {
        table(&page, kind, query, &metadata)
    } else if accept.contains("as=PartialObjectMetadataList") {
        let items: Vec<Value> = page.iter().map(partial).collect();
        json!({"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "items": items})
    } else {
        json!({"kind": format!("{}List", kind.kind), "apiVersion": group_version(&kind.group, &kind.version),
            "metadata": metadata, "items": page})
    };
    let mut response = value(200, "application/json", &answer);
    if store.untold(kind, namespace) {
        let there = namespace.map(|namespace| format!(" in namespace {namespace}")).unwrap_or_default();
        let text =
            format!("it is not known whether there are any {}{there}: no list of them was captured", kind.resource);
        if let Ok(header) = http::HeaderValue::from_str(&warnings::header(warnings::NOT_CAPTURED, &text)) {
            response.headers_mut().insert(http::header::WARNING, header);
        }
    }
    Ok(response)
}

/// The captured state as additions, then a bookmark; after that nothing ever happens until the time is over.
fn watch(
    store: &Store,
    kind: &Kind,
    items: Vec<Value>,
    query: &Query,
    accept: &str,
) -> Result<Response<Answered>, Refusal> {
    let initial = query.get("sendInitialEvents").is_some() && query.is("sendInitialEvents");
    let seen = query.get("resourceVersion").is_some_and(|version| version != "0");
    let mut lines = Vec::new();
    let mut line =
        |kind: &str, object: Value| lines.push(Bytes::from(format!("{}\n", json!({"type": kind, "object": object}))));
    if initial || !seen {
        for item in items {
            line("ADDED", shaped(item, kind, query, accept));
        }
    }
    if initial || query.is("allowWatchBookmarks") {
        let mut metadata = json!({"resourceVersion": store.resource_version, "creationTimestamp": null});
        if initial {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let api_version = group_version(&kind.group, &kind.version);
        let bookmark = json!({"kind": kind.kind, "apiVersion": api_version, "metadata": metadata});
        line("BOOKMARK", shaped(bookmark, kind, query, accept));
    }
    let seconds = query.number::<u64>("timeoutSeconds")?.unwrap_or(1800);
    let quiet = stream::once(tokio::time::sleep(Duration::from_secs(seconds))).filter_map(|()| async { None::<Bytes> });
    let frames = stream::iter(lines).chain(quiet).map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    Ok(response)
}

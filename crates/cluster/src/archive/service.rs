//! Requests and their answers. `Service` is a tower service for `kube::Client`, and what stands behind a port.

use std::convert::Infallible;
use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use kloupe_sources::LogFile;
use serde_json::Value;

use super::kinds::Kind;
use super::list::{self, Asked};
use super::log::{self, Wanted};
use super::query::{Query, decode};
use super::status::Refusal;
use super::store::Store;
use super::{access, discovery, openapi, proxy};
use crate::warnings;

/// So much of a page is read at once.
const BLOCK: usize = 64 << 10;

/// So many blocks are read before the reader has taken the first.
const AHEAD: usize = 4;

/// The body of an answer.
pub type Answered = UnsyncBoxBody<Bytes, Infallible>;

/// The API server; a clone shares the store.
#[derive(Clone, Debug)]
pub struct Service {
    pub(crate) store: Arc<Store>,
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

/// JSON as Go's encoder writes it.
pub(super) fn value(code: u16, content_type: &str, value: &Value) -> Response<Answered> {
    let text = value.to_string();
    let mut out = Vec::with_capacity(text.len() + 1);
    let mut written = 0;
    for at in memchr::memchr3_iter(b'<', b'>', b'&', text.as_bytes()) {
        out.extend_from_slice(&text.as_bytes()[written..at]);
        out.extend_from_slice(format!("\\u{:04x}", text.as_bytes()[at]).as_bytes());
        written = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[written..]);
    out.push(b'\n');
    full(code, content_type, out)
}

fn answer(store: &Store, parts: &http::request::Parts, body: &[u8]) -> Result<Response<Answered>, Refusal> {
    let accept = parts.headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let decoded: Vec<String> = parts.uri.path().split('/').filter(|part| !part.is_empty()).map(decode).collect();
    let path: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let json = |answer: Value| Ok(value(200, "application/json", &answer));
    match path.as_slice() {
        ["version"] => Ok(full(200, "application/json", format!("{:#}", discovery::version(store)))),
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
        ["openapi", "v3"] => json(openapi::index(store)),
        ["openapi", "v3", path @ ..] => {
            let path = path.join("/");
            match openapi::captured(store, &path) {
                Some(document) => Ok(page("application/json", document)),
                None => json(openapi::made(store, &path).ok_or_else(Refusal::no_path)?),
            }
        }
        ["apis", group] => discovery::group(store, group).map_or_else(|| Err(Refusal::no_path()), json),
        ["api", version] => json(discovery::resources(store, "", version)?),
        ["apis", group, version] => json(discovery::resources(store, group, version)?),
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
    let asked = Asked { query: &query, accept };
    let mut response = part(store, kind, namespace, rest, &asked)?;
    if let Some(text) = discovery::deprecation(store, kind)
        && let Ok(header) = http::HeaderValue::from_str(&warnings::header("-", &text))
    {
        response.headers_mut().append(http::header::WARNING, header);
    }
    Ok(response)
}

/// The answer about a list, an object or a part of it.
fn part(
    store: &Store,
    kind: &Kind,
    namespace: Option<&str>,
    rest: &[&str],
    asked: &Asked,
) -> Result<Response<Answered>, Refusal> {
    match rest {
        [] => list::list(store, kind, namespace, asked),
        [id, "proxy", path @ ..] if kind.group.is_empty() && kind.kind == "Pod" => {
            Ok(page("text/plain", proxy::page(store, namespace.unwrap_or_default(), id, path)?))
        }
        [name, sub @ ..] => {
            let object = store.get(kind, namespace.unwrap_or_default(), name);
            if *sub == ["log"]
                && kind.kind == "Pod"
                && (object.is_some() || log::held(store, namespace.unwrap_or_default(), name))
            {
                return pod_log(store, &object.unwrap_or_default(), namespace.unwrap_or_default(), name, asked.query);
            }
            let object = object.ok_or_else(|| {
                let missing = store.missing(kind, namespace);
                missing.unwrap_or_else(|| Refusal::not_found(&kind.resource, &kind.group, name))
            })?;
            match sub {
                [] | ["status"] => Ok(value(200, "application/json", &list::one(store, kind, object, asked))),
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
    Ok(match log::find(store, pod, namespace, name, &Wanted::of(query)?)? {
        Some(text) => streamed("text/plain", |send| text.read(send)),
        None => full(200, "text/plain", ""),
    })
}

/// A page as it was captured.
fn page(content_type: &'static str, page: &LogFile) -> Response<Answered> {
    let page = page.clone();
    streamed(content_type, move |send| {
        let mut stream = page.open()?;
        let mut block = vec![0; BLOCK];
        loop {
            let size = stream.read(&mut block)?;
            if size == 0 || !send(block[..size].to_vec()) {
                return Ok(());
            }
        }
    })
}

/// An answer that is sent as it is read. Where it breaks off, it ends.
fn streamed(
    content_type: &'static str,
    read: impl FnOnce(&mut dyn FnMut(Vec<u8>) -> bool) -> io::Result<()> + Send + 'static,
) -> Response<Answered> {
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(AHEAD);
    tokio::task::spawn_blocking(move || read(&mut |bytes| sender.blocking_send(bytes).is_ok()));
    let blocks = stream::poll_fn(move |context| receiver.poll_recv(context));
    let frames = blocks.map(|bytes| Ok::<_, Infallible>(Frame::data(Bytes::from(bytes))));
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    response
}

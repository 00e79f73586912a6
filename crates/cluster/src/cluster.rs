//! A cluster as commands see it: plain requests over the client, answers as JSON values, refusals as kubectl words them.

use std::sync::Arc;
use std::time::Duration;

use futures::AsyncBufRead;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Request, Uri};
use jiff::Timestamp;
use kube::Client;
use serde_json::Value;
use tower::Layer;

use crate::Refusal;
use crate::archive::{Service, Store};
use crate::warnings::Warnings;

/// What a list asks for at once.
const PAGE: u32 = 500;

/// What a list asks a capture for at once: it answers without a network, and a small page needs little memory.
const CAPTURED_PAGE: u32 = 50;

/// Asks for a Table, or for the objects where the server makes none.
pub const TABLE: &str =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/// Asks for the metadata of the objects, or for the objects where the server cannot leave out the rest.
const METADATA: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

/// Asks for whatever there is.
pub const ANY: &str = "*/*";

/// Asks for the objects.
pub const JSON: &str = "application/json";

/// A cluster, live or archived.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    server: Uri,
    archive: Option<Arc<Store>>,
    headers: Vec<(String, String)>,
    /// The namespace where none is named.
    pub namespace: String,
    /// How long one answer may take; none is no limit.
    pub timeout: Option<Duration>,
    /// When the certificate by which the API server knows us ends; none where it knows us by something else.
    pub certificate_ends: Option<jiff::Timestamp>,
    /// What answers warned of.
    pub warnings: Warnings,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster")
            .field("server", &self.server)
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Cluster {
    /// A cluster behind a client, and the warnings that the client collects.
    pub fn new(client: Client, server: Uri, namespace: String, warnings: Warnings) -> Cluster {
        Cluster {
            client,
            server,
            archive: None,
            headers: Vec::new(),
            namespace,
            timeout: None,
            certificate_ends: None,
            warnings,
        }
    }

    /// A cluster that is a capture.
    pub(crate) fn archived(service: Service, server: Uri, namespace: String) -> Cluster {
        let archive = Some(Arc::clone(&service.store));
        let warnings = Warnings::default();
        let client = Client::new(warnings.layer(service), "default");
        Cluster { archive, ..Cluster::new(client, server, namespace, warnings) }
    }

    /// Whether it changes while one looks.
    pub fn is_live(&self) -> bool {
        self.archive.is_none()
    }

    /// When it is there: now, or the time of the capture. Ages count from it.
    pub fn now(&self) -> Timestamp {
        self.archive.as_ref().map_or_else(Timestamp::now, |store| store.now())
    }

    /// Asks as another user from now on; a live client does so by its configuration.
    pub fn act_as(&mut self, user: Option<&str>, groups: &[String]) {
        self.headers = user.map(|user| ("Impersonate-User".to_owned(), user.to_owned())).into_iter().collect();
        self.headers.extend(groups.iter().map(|group| ("Impersonate-Group".to_owned(), group.clone())));
    }

    /// Whether [`Cluster::act_as`] named a user.
    pub fn acts_as_another(&self) -> bool {
        !self.headers.is_empty()
    }

    /// What else is said of the user one acts as: `key=value`, and the uid.
    pub fn act_with(&mut self, uid: Option<&str>, extra: &[String]) {
        self.headers.extend(uid.map(|uid| ("Impersonate-Uid".to_owned(), uid.to_owned())));
        let pairs = extra.iter().filter_map(|pair| pair.split_once('='));
        self.headers.extend(pairs.map(|(key, value)| (format!("Impersonate-Extra-{}", escape(key)), value.to_owned())));
    }

    /// Reads one path.
    pub async fn get(&self, path: &str, accept: &str) -> Result<Value, Refusal> {
        self.within(self.client.request(self.request(path, accept)?)).await
    }

    /// Asks a review, which a server answers and does not keep.
    pub async fn review(&self, path: &str, review: &Value) -> Result<Value, Refusal> {
        let mut request = self.request(path, JSON)?;
        *request.method_mut() = http::Method::POST;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        *request.body_mut() = review.to_string().into_bytes();
        self.within(self.client.request(request)).await
    }

    /// Reads one path as text.
    pub async fn text(&self, path: &str) -> Result<String, Refusal> {
        self.within(self.client.request_text(self.request(path, ANY)?)).await
    }

    /// Reads one path as bytes that come as they are sent; the time limit holds for the start only.
    pub async fn stream(&self, path: &str, accept: &str) -> Result<impl AsyncBufRead + use<>, Refusal> {
        self.within(self.client.request_stream(self.request(path, accept)?)).await
    }

    /// Reads a list in pages and gives them as they come. `query` has no leading `?`.
    pub async fn pages(&self, path: &str, query: &str, accept: &str, page: u32) -> Result<Vec<Value>, Refusal> {
        let mut pages: Vec<Value> = Vec::new();
        self.each_page(path, query, accept, page, |page| pages.push(page)).await?;
        Ok(pages)
    }

    /// Reads a list in pages and hands each on as it comes.
    pub async fn each_page(
        &self,
        path: &str,
        query: &str,
        accept: &str,
        page: u32,
        mut each: impl FnMut(Value),
    ) -> Result<(), Refusal> {
        let page = if self.is_live() { page } else { page.min(CAPTURED_PAGE) };
        let mut token = String::new();
        loop {
            let mut asked: Vec<String> = if query.is_empty() { Vec::new() } else { vec![query.to_owned()] };
            if page > 0 {
                asked.push(format!("limit={page}"));
            }
            if !token.is_empty() {
                asked.push(format!("continue={}", escape(&token)));
            }
            let mut answer = self.get(&with_query(path, &asked.join("&")), accept).await?;
            slim(&mut answer);
            answer.pointer("/metadata/continue").and_then(Value::as_str).unwrap_or_default().clone_into(&mut token);
            each(answer);
            if token.is_empty() {
                return Ok(());
            }
        }
    }

    /// The objects of a list.
    pub async fn list(&self, path: &str, query: &str) -> Result<Vec<Value>, Refusal> {
        let pages = self.pages(path, query, JSON, PAGE).await?;
        Ok(pages.into_iter().flat_map(items).collect())
    }

    /// The objects of a list, of each only its metadata.
    pub async fn list_metadata(&self, path: &str) -> Result<Vec<Value>, Refusal> {
        let pages = self.pages(path, "", METADATA, PAGE).await?;
        Ok(pages.into_iter().flat_map(items).collect())
    }

    fn request(&self, path: &str, accept: &str) -> Result<Request<Vec<u8>>, Refusal> {
        let mut request = Request::builder().uri(path).header(ACCEPT, accept);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Vec::new()).map_err(|error| Refusal::Other(format!("\"{path}\" is no path: {error}")))
    }

    async fn within<T>(&self, answer: impl Future<Output = kube::Result<T>>) -> Result<T, Refusal> {
        let answer = match self.timeout {
            Some(limit) => tokio::time::timeout(limit, answer).await.map_err(|_| Refusal::Timeout)?,
            None => answer.await,
        };
        answer.map_err(|error| Refusal::of_error(&error, &self.server))
    }
}

/// Takes out of a table's rows who wrote which field: that is most of what comes with a row, and no table shows it. Where only the metadata
/// came with a row, what tables are printed with stays: names and labels.
fn slim(table: &mut Value) {
    let rows = table.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten();
    for object in rows.filter_map(|row| row.get_mut("object")) {
        let is_partial = object["kind"] == "PartialObjectMetadata";
        let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { continue };
        if is_partial {
            metadata.retain(|key, _| matches!(key.as_str(), "name" | "namespace" | "labels" | "creationTimestamp"));
        } else {
            metadata.remove("managedFields");
        }
    }
}

/// The objects of a list, each with the version and kind that the list implies.
pub fn items(list: Value) -> Vec<Value> {
    let kind = list.get("kind").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.strip_suffix("List").unwrap_or_default().to_owned();
    let version = list.get("apiVersion").cloned();
    let Value::Object(mut list) = list else { return Vec::new() };
    let Some(Value::Array(objects)) = list.remove("items") else { return Vec::new() };
    objects.into_iter().map(|object| named(object, version.as_ref(), &kind)).collect()
}

fn named(object: Value, version: Option<&Value>, kind: &str) -> Value {
    let Value::Object(fields) = object else { return object };
    if fields.contains_key("kind") || kind.is_empty() {
        return Value::Object(fields);
    }
    let mut whole = serde_json::Map::new();
    if let Some(version) = version {
        whole.insert("apiVersion".into(), version.clone());
    }
    whole.insert("kind".into(), kind.into());
    whole.extend(fields);
    Value::Object(whole)
}

/// A path with a query, which may be empty.
pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A value in a path or a query, with all that could end it escaped.
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_of_a_list_get_the_kind_that_the_list_implies() {
        let list =
            json!({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}, {"kind": "Own"}]});
        let objects = items(list);
        assert_eq!(objects[0]["kind"], "Pod");
        assert_eq!(objects[0]["apiVersion"], "v1");
        assert_eq!(objects[1], json!({"kind": "Own"}));
    }

    #[test]
    fn a_query_value_cannot_end_the_query() {
        assert_eq!(escape("a=b,c&d #"), "a%3Db%2Cc%26d%20%23");
    }
}

//! A capture of a cluster: what a diagnosis needs, in one file that may be sent to someone. Secrets are never asked for, and what looks
//! secret is taken out before it is written. What is asked is in `plan.rs`; what was refused is told, not passed over.

mod metrics;
mod plan;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use futures::{AsyncReadExt, StreamExt, stream};
use jiff::Timestamp;
use kloupe_sources::bundle::{self, Writer};
use kloupe_sources::redact::{redact_object, redact_text};
use serde_json::{Value, json};

use crate::cluster::{ANY, JSON, with_query};
use crate::discovery::AGGREGATED;
use crate::{Cluster, Discovery, Refusal};
use plan::{Ask, Pod};

/// Port and path of the metrics page of a pod that is captured.
pub(crate) fn metrics_place(pod: &Value) -> Option<(String, String)> {
    metrics::pages(&Pod { namespace: String::new(), name: String::new(), object: pod.clone() })
        .map(metrics::Page::place)
}

/// So many requests are under way at once.
const AT_ONCE: usize = 8;

/// Not more of one log: kubelets keep ten million bytes unless they are told otherwise.
const LOG: u64 = 64 << 20;

/// What to capture.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The namespaces; none means all.
    pub namespaces: Option<Vec<String>>,
    /// Of which pods logs and metrics are wanted, by namespace and name; none means all of the namespaces.
    pub pods: Option<Vec<(String, String)>>,
}

/// What was captured.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// How many objects.
    pub objects: usize,
    /// How many logs.
    pub logs: usize,
    /// How many metrics pages.
    pub metrics: usize,
    /// What was refused: the path, and why.
    pub refused: Vec<(String, String)>,
    /// How many values were withheld.
    pub withheld: usize,
    /// The size of the file.
    pub bytes: u64,
}

/// Why there is no capture.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The API server does not say what it serves.
    #[error("{0}")]
    Refused(Refusal),
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
}

/// The bundle as it grows, and the account of it.
struct Capture<'a> {
    cluster: &'a Cluster,
    writer: Writer,
    account: Captured,
    asked: Vec<Value>,
    withheld: Vec<Value>,
}

/// Captures a cluster into a new file.
pub async fn capture(cluster: &Cluster, scope: &Scope, path: &Path) -> Result<Captured, CaptureError> {
    let now = Timestamp::now();
    let discovery = Discovery::of(cluster).await.map_err(CaptureError::Refused)?;
    let writer = Writer::create(path, u64::try_from(now.as_second()).unwrap_or_default())?;
    let mut capture =
        Capture { cluster, writer, account: Captured::default(), asked: Vec::new(), withheld: Vec::new() };
    let version = capture.document("/version", JSON, "version.json").await?;
    capture.document("/api", AGGREGATED, "discovery/api.json").await?;
    capture.document("/apis", AGGREGATED, "discovery/apis.json").await?;

    let mut pods: Vec<Pod> = Vec::new();
    let mut custom = BTreeSet::new();
    let asks = plan::lists(&discovery, scope);
    let mut answers = stream::iter(asks)
        .map(|ask| async move {
            let pages = cluster.pages(&ask.path, "", JSON, 500).await;
            (ask, pages)
        })
        .buffered(AT_ONCE);
    while let Some((ask, pages)) = answers.next().await {
        match pages {
            Ok(pages) => {
                let list = joined(pages);
                pods.extend(plan::pods(&ask, &list, scope));
                custom.extend(plan::custom_groups(&ask, &list));
                capture.list(&ask, list)?;
            }
            Err(refusal) => capture.refuse(&ask.path, &refusal),
        }
    }
    capture.openapi(&custom).await?;
    let pages: Vec<metrics::Page> = pods.iter().filter_map(metrics::pages).collect();
    capture.scrape(&pages, 1).await?;
    let first = std::time::Instant::now();
    capture.logs(&pods).await?;
    if capture.account.metrics > 0 {
        tokio::time::sleep(metrics::APART.saturating_sub(first.elapsed())).await;
        capture.scrape(&pages, 2).await?;
    }
    capture.finish(now, &version, scope)
}

/// The pages of a list as one list.
fn joined(pages: Vec<Value>) -> Value {
    let mut pages = pages.into_iter();
    let mut whole = pages.next().unwrap_or_default();
    for mut page in pages {
        let more = page["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
        if let Some(items) = whole["items"].as_array_mut() {
            items.extend(more);
        }
    }
    if let Some(metadata) = whole["metadata"].as_object_mut() {
        metadata.remove("continue");
        metadata.remove("remainingItemCount");
    }
    whole
}

impl Capture<'_> {
    /// One document as it is.
    async fn document(&mut self, path: &str, accept: &str, file: &str) -> Result<Value, CaptureError> {
        match self.cluster.get(path, accept).await {
            Ok(document) => {
                self.asked.push(json!({"path": path, "file": file}));
                self.writer.add(file, document.to_string().as_bytes())?;
                Ok(document)
            }
            Err(refusal) => {
                self.refuse(path, &refusal);
                Ok(Value::Null)
            }
        }
    }

    fn list(&mut self, ask: &Ask, mut list: Value) -> Result<(), CaptureError> {
        let kind = ask.kind.as_str();
        let mut count = 0;
        for item in list["items"].as_array_mut().into_iter().flatten() {
            count += 1;
            // The items of a list do not say their kind.
            let named = item.get("kind").is_some();
            if !named {
                item["kind"] = Value::from(kind);
            }
            for withheld in redact_object(item) {
                self.withheld.push(json!({"file": ask.file, "object": withheld.object, "field": withheld.field}));
            }
            if let Some(fields) = item.as_object_mut().filter(|_| !named) {
                fields.shift_remove("kind");
            }
        }
        self.account.objects += count;
        self.asked.push(json!({"path": ask.path, "file": ask.file, "items": count}));
        self.writer.add(&ask.file, list.to_string().as_bytes())?;
        Ok(())
    }

    /// What the fields of the server's own kinds mean; those of custom kinds are in their definitions.
    async fn openapi(&mut self, custom: &BTreeSet<String>) -> Result<(), CaptureError> {
        let cluster = self.cluster;
        let index = match cluster.get("/openapi/v3", JSON).await {
            Ok(index) => index,
            // Servers before 1.24 have none.
            Err(refusal) if refusal.is_not_found() => return Ok(()),
            Err(refusal) => {
                self.refuse("/openapi/v3", &refusal);
                return Ok(());
            }
        };
        let mut answers = stream::iter(plan::documents(&index, custom))
            .map(|(path, file)| async move { (read(cluster, &path).await, path, file) })
            .buffered(AT_ONCE);
        while let Some((answer, path, file)) = answers.next().await {
            match answer {
                Ok(text) => {
                    self.asked.push(json!({"path": path, "file": file}));
                    self.writer.add(&file, text.as_bytes())?;
                }
                Err(refusal) => self.refuse(&path, &refusal),
            }
        }
        Ok(())
    }

    async fn logs(&mut self, pods: &[Pod]) -> Result<(), CaptureError> {
        let cluster = self.cluster;
        let asks: Vec<(String, String)> = pods.iter().flat_map(|pod| plan::logs(pod, LOG)).collect();
        let mut answers = stream::iter(asks)
            .map(|(path, file)| async move { (read(cluster, &path).await, path, file) })
            .buffered(AT_ONCE);
        while let Some((answer, path, file)) = answers.next().await {
            match answer {
                Ok(text) => {
                    let text = self.clean(&file, text);
                    self.account.logs += 1;
                    let cut = text.len() as u64 >= LOG;
                    self.asked.push(json!({"path": path, "file": file, "bytes": text.len(), "cut": cut}));
                    self.writer.add(&file, text.as_bytes())?;
                }
                Err(refusal) => self.refuse(&path, &refusal),
            }
        }
        Ok(())
    }

    async fn scrape(&mut self, pages: &[metrics::Page], round: u32) -> Result<(), CaptureError> {
        let cluster = self.cluster;
        let mut answers =
            stream::iter(pages).map(|page| async move { (page, metrics::read(cluster, page).await) }).buffered(AT_ONCE);
        while let Some((page, answer)) = answers.next().await {
            let file = page.file(round);
            match answer {
                Ok((path, text)) => {
                    let text = format!("{}{}\n{}", bundle::SCRAPED, Timestamp::now(), self.clean(&file, text));
                    self.account.metrics += 1;
                    self.asked.push(json!({"path": path, "file": file}));
                    self.writer.add(&file, text.as_bytes())?;
                }
                Err((path, refusal)) if round == 1 => self.refuse(&path, &refusal),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn clean(&mut self, file: &str, text: String) -> String {
        let Some(clean) = redact_text(&text) else { return text };
        self.withheld.push(json!({"file": file}));
        clean
    }

    fn refuse(&mut self, path: &str, refusal: &Refusal) {
        self.account.refused.push((path.to_owned(), refusal.message()));
    }

    fn finish(mut self, now: Timestamp, version: &Value, scope: &Scope) -> Result<Captured, CaptureError> {
        let refused: Vec<Value> =
            self.account.refused.iter().map(|(path, why)| json!({"path": path, "why": why})).collect();
        self.account.withheld = self.withheld.len();
        let manifest = json!({
            "kind": bundle::KIND,
            "version": bundle::VERSION,
            "kloupe": env!("CARGO_PKG_VERSION"),
            "capturedAt": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "serverVersion": version["gitVersion"],
            "namespaces": scope.namespaces,
            "asked": self.asked,
            "refused": refused,
            "withheld": self.withheld,
        });
        self.writer.add(bundle::MANIFEST, format!("{manifest:#}\n").as_bytes())?;
        self.account.bytes = self.writer.finish()?;
        Ok(self.account)
    }
}

/// A text that need not be UTF-8.
async fn read(cluster: &Cluster, path: &str) -> Result<String, Refusal> {
    let mut reader = Box::pin(cluster.stream(&with_query(path, ""), ANY).await?);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.map_err(|error| Refusal::Other(error.to_string()))?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

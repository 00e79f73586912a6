//! The metrics pages of pods, read through the API server's proxy.

use std::time::Duration;

use serde_json::Value;

use super::plan::Pod;
use crate::cluster::escape;
use crate::{Cluster, Refusal};

/// The least time between the two readings of a page.
pub(super) const APART: Duration = Duration::from_secs(3);

/// A page that is worth asking for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    namespace: String,
    pod: String,
    port: String,
    path: String,
    /// The schemes to try; a port does not say which it speaks.
    schemes: Vec<&'static str>,
}

impl Page {
    /// Where a reading lies in the bundle; the first page of a pod is that of its controller.
    pub(super) fn file(&self, round: u32) -> String {
        format!("metrics/{}/{}.{round}.txt", self.namespace, self.pod)
    }

    /// Its port and path.
    pub(super) fn place(self) -> (String, String) {
        (self.port, self.path)
    }

    fn url(&self, scheme: &str) -> String {
        let Page { namespace, pod, port, path, .. } = self;
        let scheme = if scheme == "https" { "https:" } else { "" };
        format!("/api/v1/namespaces/{namespace}/pods/{scheme}{}:{port}/proxy{path}", escape(pod))
    }
}

/// The page of a pod that runs: where its annotations say, else the port that is named after metrics.
pub(super) fn pages(pod: &Pod) -> Option<Page> {
    let object = &pod.object;
    if object["status"]["phase"] != "Running" {
        return None;
    }
    let annotation = |key: &str| object["metadata"]["annotations"][format!("prometheus.io/{key}")].as_str();
    let path = annotation("path").filter(|path| path.starts_with('/')).unwrap_or("/metrics").to_owned();
    let page = |port: String, schemes: Vec<&'static str>| Page {
        namespace: pod.namespace.clone(),
        pod: pod.name.clone(),
        port,
        path: path.clone(),
        schemes,
    };
    if let Some(port) = annotation("port").filter(|port| port.parse::<u16>().is_ok()) {
        let schemes = if annotation("scheme") == Some("https") { vec!["https"] } else { vec!["http"] };
        return Some(page(port.to_owned(), schemes));
    }
    let containers = object["spec"]["containers"].as_array().into_iter().flatten();
    let mut ports = containers.flat_map(|container| container["ports"].as_array().into_iter().flatten());
    let is_metrics = |port: &&Value| port["name"].as_str().is_some_and(|name| name.contains("metrics"));
    let port = ports.find(is_metrics)?;
    let number = port["containerPort"].as_u64()?.to_string();
    let secure = port["name"].as_str().is_some_and(|name| name.contains("https"));
    Some(page(number, if secure { vec!["https"] } else { vec!["http", "https"] }))
}

/// Reads a page; the path that answered, or the one that was refused.
pub(super) async fn read(cluster: &Cluster, page: &Page) -> Result<(String, String), (String, Refusal)> {
    let mut refused = None;
    for scheme in &page.schemes {
        let url = page.url(scheme);
        match super::read(cluster, &url).await {
            Ok(text) => return Ok((url, text)),
            Err(refusal) => refused = refused.or(Some((url, refusal))),
        }
    }
    Err(refused.expect("there is a scheme to try"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(object: Value) -> Pod {
        Pod { namespace: "shop".into(), name: "web-0".into(), object }
    }

    #[test]
    fn the_port_of_the_metrics_is_named_or_annotated() {
        let ports = json!([{"name": "http", "containerPort": 80}, {"name": "http-metrics", "containerPort": 8080}]);
        let running = |annotations: Value| {
            pod(json!({"metadata": {"annotations": annotations}, "status": {"phase": "Running"},
                "spec": {"containers": [{"name": "web", "ports": ports}]}}))
        };
        let page = pages(&running(json!({}))).expect("a port is named metrics");
        assert_eq!(page.url("http"), "/api/v1/namespaces/shop/pods/web-0:8080/proxy/metrics");
        assert_eq!(page.url("https"), "/api/v1/namespaces/shop/pods/https:web-0:8080/proxy/metrics");
        assert_eq!(page.file(2), "metrics/shop/web-0.2.txt");
        let page = pages(&running(json!({"prometheus.io/port": "9", "prometheus.io/path": "/m"}))).expect("annotated");
        assert_eq!(page.url("http"), "/api/v1/namespaces/shop/pods/web-0:9/proxy/m");
        let other = json!({"status": {"phase": "Running"}, "spec": {"containers": [{"ports": [{"name": "http", "containerPort": 80}]}]}});
        assert_eq!(pages(&pod(other)), None);
        let mut pending = running(json!({}));
        pending.object["status"]["phase"] = json!("Pending");
        assert_eq!(pages(&pending), None);
    }
}

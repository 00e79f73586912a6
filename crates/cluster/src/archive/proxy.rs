//! The pod proxy, as far as a capture can be one: the metrics page that was read through it.

use kloupe_sources::LogFile;

use super::status::Refusal;
use super::store::Store;
use crate::capture::metrics_place;

/// The page that a path of the proxy showed: `pods/NAME:PORT/proxy/metrics`, `pods/https:NAME:PORT/proxy/metrics`.
pub(super) fn page<'a>(store: &'a Store, namespace: &str, id: &str, path: &[&str]) -> Result<&'a LogFile, Refusal> {
    let (name, port) = match id.split(':').collect::<Vec<_>>().as_slice() {
        [name] => (*name, ""),
        [name, port] | [_, name, port] => (*name, *port),
        _ => return Err(Refusal::bad_request(format!("invalid pod request \"{id}\""))),
    };
    let its = |pod: &(String, String)| pod.0 == namespace && pod.1 == name;
    // Of the two readings the newer one is what the pod would say now.
    let pages = store.facts.metrics.iter().filter(|page| page.pod.as_ref().is_some_and(its));
    let newest = pages.max_by_key(|page| page.scrape);
    let page = newest.and_then(|newest| store.pages.iter().find(|page| page.file == newest.file));
    let pod = store.served.kinds.iter().find(|kind| kind.group.is_empty() && kind.kind == "Pod");
    let object = pod.and_then(|kind| store.get(kind, namespace, name));
    let Some(page) = page else {
        if let (Some(kind), None) = (pod, &object) {
            let missing = store.missing(kind, Some(namespace));
            return Err(missing.unwrap_or_else(|| Refusal::not_found("pods", "", name)));
        }
        return Err(not_captured(format!("the capture does not hold a metrics page of pod \"{name}\"")));
    };
    let asked = format!("/{}", path.join("/"));
    let (known_port, known_path) =
        object.as_ref().and_then(metrics_place).unwrap_or_else(|| (port.to_owned(), "/metrics".to_owned()));
    if asked != known_path || !(port.is_empty() || port == known_port) {
        let at = if known_port.is_empty() { String::new() } else { format!(" at port {known_port}") };
        return Err(not_captured(format!("of pod \"{name}\" the capture holds {known_path}{at} only")));
    }
    Ok(page)
}

fn not_captured(why: String) -> Refusal {
    Refusal::not_captured("pods", "", why)
}

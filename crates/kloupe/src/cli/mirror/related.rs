//! What `describe` must read besides the object.

use futures::{StreamExt, stream};
use kloupe_cluster::Refusal;
use kloupe_cluster::cluster::{JSON, escape};
use kloupe_cluster::family::AT_ONCE;
use kloupe_views::describe::{Query, Related};

use serde_json::Value;

use super::Session;

/// Reads what the queries ask for, several at a time; what was refused is kept with its reason.
pub(crate) fn read(session: &Session, queries: Vec<Query>) -> Related {
    let asks = queries.into_iter().map(|query| async {
        let answer = answer(session, &query).await.map_err(|refusal| refusal.to_string());
        (query, answer)
    });
    let answers: Vec<_> = session.wait(stream::iter(asks).buffered(AT_ONCE).collect());
    let mut related = Related::default();
    for (query, answer) in answers {
        related.insert(query, answer);
    }
    related
}

async fn answer(session: &Session, query: &Query) -> Result<Vec<Value>, Refusal> {
    let root = if query.api_version.contains('/') { "/apis" } else { "/api" };
    let namespace = query.namespace.as_ref().map(|namespace| format!("/namespaces/{namespace}")).unwrap_or_default();
    let path = format!("{root}/{}{namespace}/{}", query.api_version, query.resource);
    if let Some(name) = &query.name {
        return session.cluster.get(&format!("{path}/{name}"), JSON).await.map(|object| vec![object]);
    }
    let mut selectors = Vec::new();
    if !query.labels.is_empty() {
        selectors.push(format!("labelSelector={}", escape(&query.labels)));
    }
    if !query.fields.is_empty() {
        selectors.push(format!("fieldSelector={}", escape(&query.fields)));
    }
    match session.cluster.list(&path, &selectors.join("&")).await {
        Err(refusal) if query.optional && (refusal.is_not_found() || refusal.is_not_captured()) => Ok(Vec::new()),
        answer => answer,
    }
}

//! Objects as they are asked for: one, a page of a list or the beginning of a watch; whole, as metadata, or as rows of a table.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::Response;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use kloupe_views::table::{self, Table};
use serde_json::{Value, json};

use super::kinds::Kind;
use super::query::Query;
use super::selector::{Fields, Labels};
use super::service::{Answered, value};
use super::status::Refusal;
use super::store::{Store, group_version};
use crate::warnings;

/// What the request asks about its answer: parameters, and the header Accept.
pub(super) struct Asked<'a> {
    pub(super) query: &'a Query,
    pub(super) accept: &'a str,
}

impl Asked<'_> {
    fn table(&self) -> bool {
        self.accept.contains("as=Table")
    }
}

/// One object.
pub(super) fn one(store: &Store, kind: &Kind, object: Value, asked: &Asked) -> Value {
    if asked.table() {
        let metadata = json!({"resourceVersion": object["metadata"]["resourceVersion"]});
        let made = match &kind.columns {
            Some(columns) => table::custom(columns, &[&object], store.now()),
            None => table::single(&group_version(&kind.group, &kind.version), &kind.kind, &object, store.now()),
        };
        return as_table(made, asked, &metadata);
    }
    if asked.accept.contains("as=PartialObjectMetadata") { partial(&object) } else { object }
}

fn partial(object: &Value) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

fn rows(store: &Store, kind: &Kind, mut objects: Vec<Value>, asked: &Asked, metadata: &Value) -> Value {
    if kind.kind == "FlowSchema" {
        // Of all printers of the API server this one sorts.
        objects.sort_by_key(|it| it["spec"]["matchingPrecedence"].as_i64());
    }
    let shown: Vec<&Value> = objects.iter().collect();
    let made = match &kind.columns {
        Some(columns) => table::custom(columns, &shown, store.now()),
        None => table::of(&group_version(&kind.group, &kind.version), &kind.kind, &shown, store.now()),
    };
    as_table(made, asked, metadata)
}

fn as_table(made: Table, asked: &Asked, metadata: &Value) -> Value {
    let column = |it: &table::Column| {
        json!({"name": it.name, "type": it.r#type, "format": it.format, "description": it.description,
            "priority": it.priority})
    };
    let included = |object: Value| match asked.query.get("includeObject") {
        Some("Object") => object,
        Some("None") => Value::Null,
        _ => partial(&object),
    };
    let rows = made.rows.into_iter().map(|row| json!({"cells": row.cells, "object": included(row.object)}));
    json!({"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
        "columnDefinitions": made.columns.iter().map(column).collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>()})
}

/// A list or a watch.
pub(super) fn list(
    store: &Store,
    kind: &Kind,
    namespace: Option<&str>,
    asked: &Asked,
) -> Result<Response<Answered>, Refusal> {
    let query = asked.query;
    let labels = Labels::parse(query.get("labelSelector").unwrap_or_default())?;
    let fields = Fields::parse(query.get("fieldSelector").unwrap_or_default(), kind)?;
    let all = store.list(kind, namespace);
    if all.is_empty()
        && let Some(refusal) = store.missing(kind, namespace)
    {
        return Err(refusal);
    }
    let is_watch = query.is("watch");
    let from: usize = match query.get("continue").filter(|_| !is_watch) {
        Some(token) => {
            token.parse().map_err(|_| Refusal::bad_request("invalid continue token: continue key is not valid"))?
        }
        None => 0,
    };
    let limit = query.number::<usize>("limit")?.filter(|limit| *limit > 0 && !is_watch).unwrap_or(usize::MAX);
    // An object is parsed when its page is asked for: the token says how far the pages before have come.
    let (mut page, mut next) = (Vec::new(), None);
    for (place, at) in all.iter().enumerate().skip(from) {
        let object = store.object(*at, kind);
        if labels.fit(&object) && fields.fit(&object) {
            if page.len() == limit {
                next = Some(place);
                break;
            }
            page.push(object);
        }
    }
    if is_watch {
        return watch(store, kind, page, asked);
    }
    let mut metadata = json!({"resourceVersion": store.resource_version});
    if let Some(next) = next {
        metadata["continue"] = Value::from(next.to_string());
        // As at the API server, nobody counts what a selector would leave.
        if labels.is_empty() && fields.is_empty() {
            metadata["remainingItemCount"] = Value::from(all.len() - next);
        }
    }
    let answer = if asked.table() {
        rows(store, kind, page, asked, &metadata)
    } else if asked.accept.contains("as=PartialObjectMetadataList") {
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
fn watch(store: &Store, kind: &Kind, items: Vec<Value>, asked: &Asked) -> Result<Response<Answered>, Refusal> {
    let query = asked.query;
    let initial = query.is("sendInitialEvents");
    let seen = query.get("resourceVersion").is_some_and(|version| version != "0");
    let mut lines = Vec::new();
    let mut line =
        |kind: &str, object: Value| lines.push(Bytes::from(format!("{}\n", json!({"type": kind, "object": object}))));
    if initial || !seen {
        for item in items {
            line("ADDED", one(store, kind, item, asked));
        }
    }
    if initial || query.is("allowWatchBookmarks") {
        let mut metadata = json!({"resourceVersion": store.resource_version, "creationTimestamp": null});
        if initial {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let api_version = group_version(&kind.group, &kind.version);
        let bookmark = json!({"kind": kind.kind, "apiVersion": api_version, "metadata": metadata});
        line("BOOKMARK", one(store, kind, bookmark, asked));
    }
    let seconds = query.number::<u64>("timeoutSeconds")?.unwrap_or(1800);
    let quiet = stream::once(tokio::time::sleep(Duration::from_secs(seconds))).filter_map(|()| async { None::<Bytes> });
    let frames = stream::iter(lines).chain(quiet).map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    Ok(response)
}

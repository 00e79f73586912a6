//! Namespaces, with their quotas and limits.

use super::{limit_range, resource_quota};
use crate::describe::page::{Page, put};
use crate::describe::value::{bare, canonical, list, sorted, text, texts};
use crate::describe::{Describer, Query, Subject};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("", "Namespace")],
    queries: |namespace| vec![all(namespace, "resourcequotas"), all(namespace, "limitranges")],
    events: false,
    write,
};

fn all(namespace: &Value, resource: &str) -> Query {
    Query::list("v1", resource, text(&namespace["metadata"]["name"]))
}

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.field(0, "Status", text(&subject.status()["phase"]));
    let conditions = list(&subject.status()["conditions"]);
    if !conditions.is_empty() {
        page.put(0, "Conditions:\n");
        page.heads(1, &["Type", "Status", "LastTransitionTime", "Reason", "Message"]);
    }
    for condition in conditions {
        let of = |field: &str| text(&condition[field]);
        let changed = page.written(&condition["lastTransitionTime"]);
        put!(page, 1, "{}\t{}\t{changed}\t{}\t{}\n", of("type"), of("status"), of("reason"), of("message"));
    }
    page.put(0, "\n");
    match subject.answer(&all(subject.object, "resourcequotas")) {
        Ok([]) => page.put(0, "No resource quota.\n"),
        Ok(quotas) => write_quotas(page, quotas),
        Err(message) => page.field(0, "Resource Quotas", format!("error in fetching quotas: {}", bare(message))),
    }
    page.put(0, "\n");
    match subject.answer(&all(subject.object, "limitranges")) {
        Ok([]) => page.put(0, "No LimitRange resource.\n"),
        Ok(ranges) => {
            page.put(0, "Resource Limits\n");
            limit_range::heads(page, " ");
            for range in ranges {
                limit_range::rows(page, " ", &range["spec"]);
            }
        }
        Err(message) => page.field(0, "Resource Limits", format!("error in fetching limits: {}", bare(message))),
    }
}

fn write_quotas(page: &mut Page, quotas: &[Value]) {
    let mut quotas: Vec<&Value> = quotas.iter().collect();
    quotas.sort_by_key(|quota| text(&quota["metadata"]["name"]));
    page.put(0, "Resource Quotas\n");
    for quota in quotas {
        page.field(1, "Name", text(&quota["metadata"]["name"]));
        let mut scopes = texts(&quota["spec"]["scopes"]);
        scopes.sort_unstable();
        if !scopes.is_empty() {
            page.field(1, "Scopes", scopes.join(", "));
        }
        for meaning in scopes.into_iter().filter_map(resource_quota::meaning) {
            put!(page, 1, "* {meaning}\n");
        }
        page.put(1, "Resource\tUsed\tHard\n");
        page.put(1, "--------\t---\t---\n");
        for (resource, hard) in sorted(&quota["status"]["hard"]) {
            let used = canonical(&quota["status"]["used"][resource]);
            put!(page, 1, "{resource}\t{used}\t{}\n", canonical(hard));
        }
    }
}

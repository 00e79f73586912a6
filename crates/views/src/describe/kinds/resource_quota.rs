//! `ResourceQuotas`: what is used of what is allowed.

use crate::describe::page::{Page, put};
use crate::describe::value::{amount, sorted, texts};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "ResourceQuota")], queries: nothing, events: false, write };

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    let mut scopes = texts(&subject.spec()["scopes"]);
    scopes.sort_unstable();
    if !scopes.is_empty() {
        page.field(0, "Scopes", scopes.join(", "));
    }
    for meaning in scopes.into_iter().filter_map(meaning) {
        put!(page, 0, " * {meaning}\n");
    }
    page.heads(0, &["Resource", "Used", "Hard"]);
    for (resource, hard) in sorted(&subject.status()["hard"]) {
        let hard = amount(hard);
        let used = amount(&subject.status()["used"][resource]).written_as(hard);
        put!(page, 0, "{resource}\t{used}\t{hard}\n");
    }
}

/// Which pods a scope is about; newer scopes have no words in kubectl.
pub(super) fn meaning(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "Terminating" => {
            "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system."
        }
        "NotTerminating" => {
            "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate."
        }
        "BestEffort" => {
            "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
        }
        "NotBestEffort" => {
            "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn what_is_used_is_written_as_what_is_allowed() {
        let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "shop"},
            "spec": {"scopes": ["NotTerminating", "BestEffort"]},
            "status": {"hard": {"pods": "5", "limits.memory": "2Gi", "cpu": "2"}, "used": {"limits.memory": "2097152", "cpu": "1500m"}}});
        let said = described(&quota);
        assert!(said.starts_with("Name:       q\nNamespace:  shop\nScopes:     BestEffort, NotTerminating\n * Matches all pods that do not have resource"));
        assert!(said.ends_with("Resource       Used   Hard\n--------       ----   ----\ncpu            1500m  2\nlimits.memory  2Mi    2Gi\npods           0      5\n"), "{said}");
    }

    #[test]
    fn a_scope_without_words_is_named_only() {
        let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"scopes": ["PriorityClass"]}});
        assert!(described(&quota).contains("Scopes:     PriorityClass\nResource"));
    }
}

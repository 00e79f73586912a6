//! Claims of persistent volumes.

use crate::describe::page::Page;
use crate::describe::value::{bare, list, text};
use crate::describe::{Describer, Query, Subject, volumes};
use serde_json::Value;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "PersistentVolumeClaim")], queries: |claim| vec![pods(claim)], events: true, write };

fn pods(claim: &Value) -> Query {
    Query::list("v1", "pods", text(&claim["metadata"]["namespace"]))
}

fn write(page: &mut Page, subject: &Subject) {
    volumes::claim(page, subject.object, true);
    match subject.answer(&pods(subject.object)) {
        Ok(pods) => page.beside("Used By", users(subject.object, pods)),
        Err(message) => page.field(0, "Used By", format!("error in fetching pods: {}", bare(message))),
    }
    page.timed_conditions(&subject.status()["conditions"], "LastProbeTime", "lastProbeTime");
}

/// The pods that mount the claim, and those that own it.
fn users<'a>(claim: &Value, pods: &'a [Value]) -> Vec<&'a str> {
    let name = text(&claim["metadata"]["name"]);
    let owners: Vec<&str> = list(&claim["metadata"]["ownerReferences"])
        .iter()
        .filter(|owner| owner["kind"] == "Pod")
        .map(|owner| text(&owner["uid"]))
        .collect();
    let mut users = Vec::new();
    for pod in pods {
        let claims = list(&pod["spec"]["volumes"]).iter().map(|volume| &volume["persistentVolumeClaim"]["claimName"]);
        let mounts = claims.filter(|claim| claim.as_str() == Some(name)).count();
        let owns = usize::from(owners.contains(&text(&pod["metadata"]["uid"])));
        users.extend(std::iter::repeat_n(text(&pod["metadata"]["name"]), mounts.max(owns)));
    }
    users.sort_unstable();
    users
}

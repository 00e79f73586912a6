//! The `ServiceAccount` that the pods of a workload run as.

use kloupe_cluster::cluster::JSON;
use serde_json::Value;

use super::super::mirror::target::asked;
use super::super::mirror::{Session, Stop};

/// A `ServiceAccount`, and the workload that made us look for it.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) namespace: String,
    pub(super) name: String,
    /// `deployments.apps/web`.
    pub(super) of: String,
}

impl Account {
    /// The account as a user.
    pub(super) fn user(&self) -> String {
        format!("system:serviceaccount:{}:{}", self.namespace, self.name)
    }
}

/// Whether a word names one object, `deploy/web`.
pub(super) fn is_workload(word: &str) -> bool {
    word.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty())
}

/// Finds the account of `deploy/web`, `pod/web-0`, `sa/web` or any other kind with a pod template.
pub(super) fn of(session: &Session, word: &str) -> Result<Account, Stop> {
    let discovery = session.discovery()?;
    let asked = asked(&discovery, &[word.to_owned()])?;
    let [one] = asked.as_slice() else { return Err(Stop(format!("error: \"{word}\" is not one object"))) };
    let name = one.names.first().map(String::as_str).unwrap_or_default();
    let namespace = session.cluster.namespace.clone();
    let of = format!("{}/{name}", one.resource.full_name());
    if one.resource.kind == "ServiceAccount" && one.resource.group.is_empty() {
        return Ok(Account { namespace, name: name.to_owned(), of });
    }
    let path = format!("{}/{name}", one.resource.path(Some(&namespace)));
    let object = session.wait(session.cluster.get(&path, JSON))?;
    let spec = pod_spec(&object)
        .ok_or_else(|| Stop(format!("error: {of} has no pod template: it runs as no ServiceAccount")))?;
    let field = |key: &str| spec.get(key).and_then(Value::as_str).filter(|name| !name.is_empty());
    let name = field("serviceAccountName").or_else(|| field("serviceAccount")).unwrap_or("default").to_owned();
    Ok(Account { namespace, name, of })
}

/// The pod's own spec, or that of the template, wherever the known kinds have it.
fn pod_spec(object: &Value) -> Option<&Value> {
    ["/spec", "/spec/template/spec", "/spec/jobTemplate/spec/template/spec", "/template/spec", "/spec/podTemplate/spec"]
        .iter()
        .filter_map(|path| object.pointer(path))
        .find(|spec| spec.get("containers").is_some_and(Value::is_array))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_and_templates_are_found_where_their_kinds_have_them() {
        let spec = json!({"containers": [], "serviceAccountName": "web"});
        for object in [
            json!({"spec": spec}),
            json!({"spec": {"template": {"spec": spec}}}),
            json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}}),
        ] {
            assert_eq!(pod_spec(&object), Some(&spec));
        }
        assert_eq!(pod_spec(&json!({"spec": {"template": {"spec": {"ports": []}}}})), None);
    }

    #[test]
    fn a_workload_has_a_kind_and_a_name() {
        assert!(is_workload("deploy/web") && !is_workload("/healthz") && !is_workload("pods") && !is_workload("pods/"));
    }
}

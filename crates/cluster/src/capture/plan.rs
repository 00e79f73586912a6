//! What a capture asks for, and where the answers lie in the bundle.

use std::collections::BTreeSet;

use kloupe_sources::bundle::OPENAPI;
use serde_json::Value;

use super::Scope;
use crate::cluster::{escape, with_query};
use crate::{Discovery, Resource};

/// Never asked for, or the same as something else: secrets, the second face of events, and what is no object.
const LEFT_OUT: &[(&str, &str)] =
    &[("", "secrets"), ("events.k8s.io", "events"), ("", "componentstatuses"), ("", "bindings")];

/// One list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) path: String,
    pub(super) file: String,
    pub(super) kind: String,
}

/// A pod whose logs and metrics are wanted.
#[derive(Clone, Debug)]
pub(super) struct Pod {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) object: Value,
}

/// The lists of all that is served in its preferred version: of the namespaces, and of what lies in none.
pub(super) fn lists(discovery: &Discovery, scope: &Scope) -> Vec<Ask> {
    let wanted = |resource: &&Resource| {
        let name = (resource.group.as_str(), resource.plural.as_str());
        resource.verbs.iter().any(|verb| verb == "list") && !LEFT_OUT.contains(&name)
    };
    let mut asks = Vec::new();
    for resource in discovery.preferred().into_iter().filter(wanted) {
        let ask = |folder: String, namespace: Option<&str>| Ask {
            path: resource.path(namespace),
            file: format!("{folder}/{}.json", resource.full_name()),
            kind: resource.kind.clone(),
        };
        match scope.namespaces.as_ref().filter(|_| resource.namespaced) {
            Some(namespaces) => {
                asks.extend(namespaces.iter().map(|namespace| ask(format!("namespaces/{namespace}"), Some(namespace))));
            }
            None => asks.push(ask("cluster".to_owned(), None)),
        }
    }
    asks
}

/// The pods of a list whose logs are wanted.
pub(super) fn pods(ask: &Ask, list: &Value, scope: &Scope) -> Vec<Pod> {
    if ask.kind != "Pod" || !ask.path.starts_with("/api/v1/") {
        return Vec::new();
    }
    let text = |pod: &Value, key: &str| pod["metadata"][key].as_str().unwrap_or_default().to_owned();
    let all = list["items"].as_array().into_iter().flatten().map(|pod| Pod {
        namespace: text(pod, "namespace"),
        name: text(pod, "name"),
        object: pod.clone(),
    });
    let wanted = |pod: &Pod| {
        scope
            .pods
            .as_ref()
            .is_none_or(|pods| pods.iter().any(|(namespace, name)| *namespace == pod.namespace && *name == pod.name))
    };
    all.filter(wanted).collect()
}

/// The groups of the kinds that a list of definitions makes.
pub(super) fn custom_groups(ask: &Ask, list: &Value) -> Vec<String> {
    let items = list["items"].as_array().into_iter().flatten().filter(|_| ask.kind == "CustomResourceDefinition");
    items.filter_map(|crd| Some(crd["spec"]["group"].as_str()?.to_owned())).collect()
}

/// The `OpenAPI` documents of the groups that are not custom: path and file.
pub(super) fn documents(index: &Value, custom: &BTreeSet<String>) -> Vec<(String, String)> {
    let paths = index["paths"].as_object().into_iter().flat_map(|paths| paths.keys());
    let wanted = paths.filter(|path| match path.split('/').collect::<Vec<_>>().as_slice() {
        ["api", _] => true,
        ["apis", group, _] => !custom.contains(*group),
        _ => false,
    });
    wanted.map(|path| (format!("/openapi/v3/{path}"), format!("{OPENAPI}/{path}.json"))).collect()
}

/// The logs of a pod's containers: path and file. A run before the last restart is asked for where there was one.
pub(super) fn logs(pod: &Pod, limit: u64) -> Vec<(String, String)> {
    let mut asks = Vec::new();
    for field in ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"] {
        for status in pod.object["status"][field].as_array().into_iter().flatten() {
            let Some(container) = status["name"].as_str() else { continue };
            let started = ["running", "terminated"].iter().any(|state| !status["state"][state].is_null());
            let before = !status["lastState"]["terminated"].is_null();
            let path = format!("/api/v1/namespaces/{}/pods/{}/log", pod.namespace, escape(&pod.name));
            let mut ask = |more: &str, ending: &str| {
                let query = format!("container={}{more}&timestamps=true&limitBytes={limit}", escape(container));
                let file = format!("logs/{}/{}/{container}{ending}", pod.namespace, pod.name);
                asks.push((with_query(&path, &query), file));
            };
            if started || before {
                ask("", ".log");
            }
            if before {
                ask("&previous=true", ".previous.log");
            }
        }
    }
    asks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource(group: &str, kind: &str, plural: &str, namespaced: bool) -> Resource {
        Resource {
            group: group.into(),
            version: "v1".into(),
            kind: kind.into(),
            plural: plural.into(),
            namespaced,
            verbs: vec!["list".into()],
            ..Resource::default()
        }
    }

    #[test]
    fn everything_is_listed_but_secrets() {
        let mut review = resource("", "Review", "reviews", true);
        review.verbs = vec!["create".into()];
        let discovery = Discovery {
            resources: vec![
                resource("", "Pod", "pods", true),
                resource("", "Secret", "secrets", true),
                resource("", "Node", "nodes", false),
                resource("apps", "Deployment", "deployments", true),
                review,
            ],
            versions: vec!["v1".into(), "apps/v1".into()],
            ..Discovery::default()
        };
        let files = |namespaces: Option<&[&str]>| -> Vec<String> {
            let namespaces = namespaces.map(|names| names.iter().map(|&name| name.to_owned()).collect());
            lists(&discovery, &Scope { namespaces, pods: None }).into_iter().map(|ask| ask.file).collect()
        };
        assert_eq!(files(None), ["cluster/pods.json", "cluster/nodes.json", "cluster/deployments.apps.json"]);
        assert_eq!(
            files(Some(&["a", "b"])),
            [
                "namespaces/a/pods.json",
                "namespaces/b/pods.json",
                "cluster/nodes.json",
                "namespaces/a/deployments.apps.json",
                "namespaces/b/deployments.apps.json"
            ]
        );
    }

    #[test]
    fn the_fields_of_custom_kinds_are_in_their_definitions() {
        let index =
            json!({"paths": {"api": {}, "api/v1": {}, "apis/apps/v1": {}, "apis/apps": {}, "apis/example.com/v1": {}}});
        let ask = Ask { path: String::new(), file: String::new(), kind: "CustomResourceDefinition".into() };
        let custom = custom_groups(&ask, &json!({"items": [{"spec": {"group": "example.com"}}]}));
        let files: Vec<String> =
            documents(&index, &custom.into_iter().collect()).into_iter().map(|(_, file)| file).collect();
        assert_eq!(files, ["openapi/api/v1.json", "openapi/apis/apps/v1.json"]);
    }

    #[test]
    fn the_run_before_a_restart_is_asked_for_where_there_was_one() {
        let object = json!({"status": {"containerStatuses": [
            {"name": "app", "state": {"running": {}}, "lastState": {"terminated": {"exitCode": 1}}},
            {"name": "side", "state": {"waiting": {}}, "lastState": {}},
            {"name": "new", "state": {"running": {}}, "lastState": {}}]}});
        let pod = Pod { namespace: "shop".into(), name: "web-0".into(), object };
        let files: Vec<String> = logs(&pod, 10).into_iter().map(|(_, file)| file).collect();
        assert_eq!(files, ["logs/shop/web-0/app.log", "logs/shop/web-0/app.previous.log", "logs/shop/web-0/new.log"]);
        assert!(logs(&pod, 10)[1].0.ends_with("?container=app&previous=true&timestamps=true&limitBytes=10"));
    }
}

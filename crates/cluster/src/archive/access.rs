//! Who may do what, asked of a capture: the reviews of `authorization.k8s.io` and `authentication.k8s.io`, from captured roles and bindings.
//!
//! A capture has no users. Who asks without `Impersonate-User` is the reader of the capture, who may read and nothing else. Where the capture
//! cannot tell, the review says so in `reason` and `evaluationError`; a plain "no" means that the rules were all there.

use std::collections::BTreeMap;

use http::{HeaderMap, Method};
use kloupe_diagnosis::rbac::{self, Attributes, Rules};
use serde_json::{Map, Value, json};

use super::kinds::Kind;
use super::protobuf;
use super::query::decode;
use super::status::Refusal;
use super::store::{Store, group_version};

/// The user of a capture.
pub(crate) const READER: &str = "kloupe:capture-reader";
const READS: [&str; 3] = ["get", "list", "watch"];
const RBAC: &str = "rbac.authorization.k8s.io";

/// Who asks, or is asked about.
#[derive(Debug, Default, PartialEq, Eq)]
struct User {
    name: String,
    groups: Vec<String>,
    uid: String,
    extra: BTreeMap<String, Vec<String>>,
}

/// Answers a review: the body of the request with a status.
pub(super) fn answer(
    store: &Store,
    parts: &http::request::Parts,
    body: &[u8],
    kind: &Kind,
    namespace: Option<&str>,
) -> Result<Value, Refusal> {
    if parts.method != Method::POST {
        return Err(Refusal::method());
    }
    let asked = body_of(&parts.headers, body, kind)?;
    let user = impersonated(&parts.headers)?;
    let spec = asked.get("spec").cloned().unwrap_or_else(|| json!({}));
    let status = match kind.kind.as_str() {
        "SelfSubjectReview" => who(user.as_ref()),
        "SelfSubjectRulesReview" => {
            let namespace = text(&spec, "namespace");
            if namespace.is_empty() {
                return Err(Refusal::bad_request("no namespace on request"));
            }
            user.map_or_else(reader_rules, |user| rules_of(store, &user, namespace))
        }
        "SelfSubjectAccessReview" => {
            check(kind, &spec, namespace)?;
            user.map_or_else(|| reader_may(store, &spec), |user| may(store, &user, &spec))
        }
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            check(kind, &spec, namespace)?;
            may(store, &named(&spec), &spec)
        }
        other => return Err(Refusal::read_only(other)),
    };
    let mut review = json!({"kind": kind.kind, "apiVersion": group_version(&kind.group, &kind.version),
        "metadata": asked.get("metadata").cloned().unwrap_or_else(|| json!({}))});
    if kind.kind != "SelfSubjectReview" {
        review["spec"] = spec;
    }
    review["status"] = status;
    Ok(review)
}

fn body_of(headers: &HeaderMap, body: &[u8], kind: &Kind) -> Result<Value, Refusal> {
    let sent = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form = sent.split(';').next().unwrap_or_default().trim();
    let is_protobuf = form == "application/vnd.kubernetes.protobuf";
    if !is_protobuf && (!matches!(form, "" | "application/json") || body.starts_with(protobuf::MAGIC)) {
        return Err(Refusal::unsupported("application/json, application/vnd.kubernetes.protobuf"));
    }
    let unreadable = |why: String| {
        Refusal::bad_request(format!("the object provided is unrecognized (must be of type {}): {why}", kind.kind))
    };
    let asked: Value = if is_protobuf {
        protobuf::review(body, &kind.kind).map_err(unreadable)?
    } else {
        serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?
    };
    if !asked.is_object() {
        return Err(unreadable("it is no JSON object".to_owned()));
    }
    match text(&asked, "kind") {
        "" => Ok(asked),
        own if own == kind.kind => Ok(asked),
        own => {
            let version = text(&asked, "apiVersion");
            Err(Refusal::bad_request(format!("{own} in version \"{version}\" cannot be handled as a {}", kind.kind)))
        }
    }
}

/// Whom the headers name; nobody is none.
fn impersonated(headers: &HeaderMap) -> Result<Option<User>, Refusal> {
    let all = |name: &str| -> Vec<String> {
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    };
    let name = all("impersonate-user").into_iter().next().unwrap_or_default();
    let groups = all("impersonate-group");
    let uid = all("impersonate-uid").into_iter().next().unwrap_or_default();
    let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for header in headers.keys() {
        if let Some(key) = header.as_str().strip_prefix("impersonate-extra-") {
            extra.entry(decode(key)).or_default().extend(all(header.as_str()));
        }
    }
    if name.is_empty() {
        return if groups.is_empty() && uid.is_empty() && extra.is_empty() {
            Ok(None)
        } else {
            Err(Refusal::bad_request("requested groups, uid or extra fields without impersonating a user"))
        };
    }
    let groups = rbac::impersonated_groups(&name, &groups);
    Ok(Some(User { name, groups, uid, extra }))
}

/// Whom the review itself names; its groups are taken as they are.
fn named(spec: &Value) -> User {
    User { name: text(spec, "user").to_owned(), groups: strings(spec, "groups"), ..User::default() }
}

fn check(kind: &Kind, spec: &Value, namespace: Option<&str>) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::invalid(&kind.kind, &kind.group, why));
    let (resource, path) = (spec.get("resourceAttributes"), spec.get("nonResourceAttributes"));
    let set = |attributes: Option<&Value>| attributes.is_some_and(|attributes| !attributes.is_null());
    if set(resource) == set(path) {
        let shown = path.map_or_else(|| "null".to_owned(), Value::to_string);
        return refuse(&format!(
            "spec: Invalid value: {shown}: exactly one of nonResourceAttributes or resourceAttributes must be specified"
        ));
    }
    if kind.kind != "SelfSubjectAccessReview" && text(spec, "user").is_empty() && strings(spec, "groups").is_empty() {
        return refuse("spec.user: Invalid value: \"\": at least one of user or group must be specified");
    }
    if kind.kind == "LocalSubjectAccessReview" {
        let Some(resource) = resource else {
            return refuse("spec.nonResourceAttributes: Invalid value: disallowed on this kind of request");
        };
        let inside = text(resource, "namespace");
        if namespace != Some(inside) {
            return refuse(&format!(
                "spec.resourceAttributes.namespace: Invalid value: \"{inside}\": must match metadata.namespace"
            ));
        }
    }
    Ok(())
}

fn who(user: Option<&User>) -> Value {
    let Some(user) = user else {
        return json!({"userInfo": {"username": READER, "groups": ["system:authenticated"]}});
    };
    let mut info = json!({"username": user.name});
    if !user.uid.is_empty() {
        info["uid"] = Value::from(user.uid.as_str());
    }
    info["groups"] = json!(user.groups);
    if !user.extra.is_empty() {
        info["extra"] = json!(user.extra);
    }
    json!({"userInfo": info})
}

/// A capture can be read, and asked who may do what; where a list was refused to the collector, it is refused here too.
fn reader_may(store: &Store, spec: &Value) -> Value {
    let (resource, path) = (spec.get("resourceAttributes"), spec.get("nonResourceAttributes"));
    let verb = text(resource.or(path).unwrap_or(&Value::Null), "verb");
    let asked = resource.unwrap_or(&Value::Null);
    let about = |kind: &&Kind| kind.group == text(asked, "group") && kind.resource == text(asked, "resource");
    let kind = store.served.kinds.iter().find(about);
    let is_review = verb == "create" && kind.is_some_and(|kind| kind.kind.ends_with("Review"));
    if !READS.contains(&verb) && !is_review {
        let reason =
            "this is a capture of a cluster, it can only be read; impersonate a user to ask what the cluster allowed";
        return json!({"allowed": false, "denied": true, "reason": reason});
    }
    let namespace = Some(text(asked, "namespace")).filter(|namespace| !namespace.is_empty());
    match kind.and_then(|kind| store.refused(kind, namespace)) {
        Some(refused) => json!({"allowed": false, "reason": format!("it was not captured: {refused}")}),
        None => json!({"allowed": true, "reason": "this is a capture of a cluster, it can be read"}),
    }
}

fn reader_rules() -> Value {
    let reviews = ["authentication.k8s.io", "authorization.k8s.io"];
    json!({"resourceRules": [
            {"verbs": READS, "apiGroups": ["*"], "resources": ["*"]},
            {"verbs": ["create"], "apiGroups": reviews, "resources": ["*"]}],
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["*"]}], "incomplete": false})
}

fn may(store: &Store, user: &User, spec: &Value) -> Value {
    let rules = rules(store);
    let asked = spec.get("resourceAttributes").unwrap_or(&Value::Null);
    let path = spec.get("nonResourceAttributes").filter(|path| !path.is_null());
    let namespace = text(asked, "namespace");
    let request = Attributes {
        user: &user.name,
        groups: &user.groups,
        verb: text(path.unwrap_or(asked), "verb"),
        group: text(asked, "group"),
        resource: text(asked, "resource"),
        subresource: text(asked, "subresource"),
        name: text(asked, "name"),
        namespace,
        path: path.map(|path| text(path, "path")),
    };
    let decision = rbac::decide(&rules, &request);
    if decision.allowed {
        return said(true, &decision.reason, "");
    }
    // A role that is not found counts only where the roles were all captured.
    let missing = missing(store, namespace, !decision.reason.is_empty());
    if missing.is_empty() && is_node(user) {
        return said(false, "", "the Node authorizer's answer is not in a capture");
    }
    if missing.is_empty() {
        let reason = if decision.reason.is_empty() { String::new() } else { format!("rbac: {}", decision.reason) };
        return said(false, &reason, "");
    }
    let reason = if rules.bindings().next().is_none() {
        "the capture holds no Roles and Bindings"
    } else {
        "the capture may not hold all Roles and Bindings"
    };
    said(false, reason, &missing.join("; "))
}

fn said(allowed: bool, reason: &str, error: &str) -> Value {
    let mut status = json!({"allowed": allowed});
    for (key, text) in [("reason", reason), ("evaluationError", error)] {
        if !text.is_empty() {
            status[key] = Value::from(text);
        }
    }
    status
}

fn rules_of(store: &Store, user: &User, namespace: &str) -> Value {
    let rules = rules(store);
    let (resources, paths) = rules.rules_for(&user.name, &user.groups, namespace);
    let chosen = |rules: Vec<&Value>, keys: &[&str]| -> Vec<Value> {
        let fields = |rule: &Value| -> Map<String, Value> {
            let set = keys.iter().filter_map(|key| Some(((*key).to_owned(), rule.get(*key)?.clone())));
            set.filter(|(_, value)| !value.as_array().is_some_and(Vec::is_empty)).collect()
        };
        rules.into_iter().map(|rule| Value::Object(fields(rule))).collect()
    };
    let mut errors = missing(store, namespace, true);
    if is_node(user) {
        errors.push("node authorizer does not support user rule resolution".to_owned());
    }
    let mut status = json!({"resourceRules": chosen(resources, &["verbs", "apiGroups", "resources", "resourceNames"]),
        "nonResourceRules": chosen(paths, &["verbs", "nonResourceURLs"]), "incomplete": !errors.is_empty()});
    errors.extend(rules.errors_for(&user.name, &user.groups, namespace));
    if !errors.is_empty() {
        status["evaluationError"] = Value::from(errors.join("; "));
    }
    status
}

fn rules(store: &Store) -> Rules<'_> {
    let kinds = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
    Rules::of_objects(kinds.into_iter().flat_map(|kind| store.captured(RBAC, kind)))
}

/// What is not known to be whole of that which counts in a namespace, and why.
fn missing(store: &Store, namespace: &str, roles: bool) -> Vec<String> {
    let namespaced = !namespace.is_empty();
    let needed = [
        ("ClusterRoleBinding", true, ""),
        ("RoleBinding", namespaced, namespace),
        ("ClusterRole", roles, ""),
        ("Role", roles && namespaced, namespace),
    ];
    let mut missing = Vec::new();
    for (name, _, namespace) in needed.into_iter().filter(|(_, needed, _)| *needed) {
        let here = Some(namespace).filter(|namespace| !namespace.is_empty());
        let whole = |listed: &kloupe_model::Listed| {
            listed.kind == name && (listed.namespace.is_none() || listed.namespace.as_deref() == here)
        };
        if store.facts.listed.iter().any(whole) {
            continue;
        }
        let kind = store.served.kinds.iter().find(|kind| kind.group == RBAC && kind.kind == name);
        missing.push(kind.and_then(|kind| store.refused(kind, here)).unwrap_or_else(|| match here {
            Some(namespace) => format!("no whole list of {name}s in namespace \"{namespace}\" was captured"),
            None => format!("no whole list of {name}s was captured"),
        }));
    }
    missing
}

/// A kubelet: another authorizer answers for it first.
fn is_node(user: &User) -> bool {
    user.name.starts_with("system:node:") && user.groups.iter().any(|group| group == "system:nodes")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cluster;

    const BINDINGS: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBindingList","items":[
        {"metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"reader"},
         "subjects":[{"kind":"ServiceAccount","name":"op","namespace":"ops"},{"kind":"Group","name":"readers"}]}]}"#;
    const ROLES: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleList","items":[
        {"metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]},
         {"nonResourceURLs":["/metrics"],"verbs":["get"]}]}]}"#;
    const REST: [(&str, &str); 2] = [
        ("rolebindings.json", r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBindingList","items":[]}"#),
        ("roles.json", r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleList","items":[]}"#),
    ];
    const OP: &str = "system:serviceaccount:ops:op";

    fn cluster(files: &[(&str, &str)]) -> Cluster {
        let sources: Vec<kloupe_sources::Source> = files
            .iter()
            .map(|(name, text)| kloupe_sources::Source::Memory {
                name: (*name).into(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        super::super::cluster(kloupe_sources::read(&sources).expect("read"), None, None)
    }

    fn whole() -> Vec<(&'static str, &'static str)> {
        [("bindings.json", BINDINGS), ("clusterroles.json", ROLES)].into_iter().chain(REST).collect()
    }

    async fn ask(cluster: &Cluster, kind: &str, spec: Value) -> Result<Value, crate::Refusal> {
        let resource = format!("{}s", kind.to_lowercase());
        let group = if kind == "SelfSubjectReview" { "authentication" } else { "authorization" };
        let path = match spec.pointer("/resourceAttributes/namespace").and_then(Value::as_str) {
            Some(namespace) if kind == "LocalSubjectAccessReview" => {
                format!("/apis/{group}.k8s.io/v1/namespaces/{namespace}/{resource}")
            }
            _ => format!("/apis/{group}.k8s.io/v1/{resource}"),
        };
        let mut answer = cluster.review(&path, &json!({"kind": kind, "spec": spec})).await?;
        Ok(answer["status"].take())
    }

    fn pods(verb: &str) -> Value {
        json!({"resourceAttributes": {"verb": verb, "resource": "pods", "namespace": "shop"}})
    }

    #[tokio::test]
    async fn whoever_is_impersonated_is_judged_by_the_captured_rules() {
        let mut cluster = cluster(&whole());
        cluster.act_as(Some(OP), &[]);
        let status = ask(&cluster, "SelfSubjectAccessReview", pods("get")).await.expect("an answer");
        let by = r#"RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to ServiceAccount "op/ops""#;
        assert_eq!(status, json!({"allowed": true, "reason": by}));
        let status = ask(&cluster, "SelfSubjectAccessReview", pods("delete")).await.expect("an answer");
        assert_eq!(status, json!({"allowed": false}), "the rules are all there, so it is a plain no");
        let metrics = json!({"nonResourceAttributes": {"verb": "get", "path": "/metrics"}});
        assert_eq!(ask(&cluster, "SelfSubjectAccessReview", metrics).await.expect("an answer")["allowed"], true);
        let rules = ask(&cluster, "SelfSubjectRulesReview", json!({"namespace": "shop"})).await.expect("an answer");
        assert_eq!(
            rules,
            json!({"resourceRules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}],
                "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["/metrics"]}], "incomplete": false})
        );
        cluster.act_with(Some("7"), &["example.com/team=a".to_owned()]);
        let who = ask(&cluster, "SelfSubjectReview", Value::Null).await.expect("an answer");
        assert_eq!(
            who["userInfo"],
            json!({"username": OP, "uid": "7", "groups": ["system:serviceaccounts", "system:serviceaccounts:ops", "system:authenticated"],
                "extra": {"example.com/team": ["a"]}})
        );
    }

    #[tokio::test]
    async fn a_named_subject_has_the_groups_that_are_named() {
        let cluster = cluster(&whole());
        let of = |groups: &[&str]| json!({"user": "x", "groups": groups, "resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "shop"}});
        for kind in ["SubjectAccessReview", "LocalSubjectAccessReview"] {
            assert_eq!(ask(&cluster, kind, of(&["readers"])).await.expect("an answer")["allowed"], true, "{kind}");
            assert_eq!(ask(&cluster, kind, of(&["others"])).await.expect("an answer")["allowed"], false, "{kind}");
        }
        let nobody = ask(&cluster, "SubjectAccessReview", pods("get")).await.expect_err("nobody is named");
        assert!(
            nobody
                .to_string()
                .ends_with("spec.user: Invalid value: \"\": at least one of user or group must be specified")
        );
        let both = json!({"resourceAttributes": {}, "nonResourceAttributes": {}});
        assert!(
            ask(&cluster, "SelfSubjectAccessReview", both)
                .await
                .expect_err("both")
                .to_string()
                .contains("exactly one of")
        );
    }

    #[tokio::test]
    async fn without_all_of_the_rules_no_answer_is_a_plain_no() {
        let mut some = cluster(&[("bindings.json", BINDINGS), ("clusterroles.json", ROLES)]);
        some.act_as(Some(OP), &[]);
        assert_eq!(ask(&some, "SelfSubjectAccessReview", pods("get")).await.expect("an answer")["allowed"], true);
        let status = ask(&some, "SelfSubjectAccessReview", pods("delete")).await.expect("an answer");
        assert_eq!(status["reason"], "the capture may not hold all Roles and Bindings");
        assert_eq!(status["evaluationError"], "no whole list of RoleBindings in namespace \"shop\" was captured");
        let rules = ask(&some, "SelfSubjectRulesReview", json!({"namespace": "shop"})).await.expect("an answer");
        assert_eq!(rules["incomplete"], true);
        let mut none =
            cluster(&[("pod.json", r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"b"}}"#)]);
        none.act_as(Some(OP), &[]);
        let status = ask(&none, "SelfSubjectAccessReview", pods("get")).await.expect("an answer");
        assert_eq!(
            (status["allowed"].as_bool(), &status["reason"]),
            (Some(false), &json!("the capture holds no Roles and Bindings"))
        );
    }

    #[tokio::test]
    async fn the_reader_of_a_capture_may_read_and_nothing_else() {
        let cluster = cluster(&whole());
        assert_eq!(
            ask(&cluster, "SelfSubjectReview", Value::Null).await.expect("an answer")["userInfo"]["username"],
            READER
        );
        assert_eq!(ask(&cluster, "SelfSubjectAccessReview", pods("list")).await.expect("an answer")["allowed"], true);
        let status = ask(&cluster, "SelfSubjectAccessReview", pods("delete")).await.expect("an answer");
        assert!(
            status["allowed"] == false
                && status["reason"].as_str().is_some_and(|reason| reason.contains("only be read"))
        );
    }

    #[test]
    fn what_is_no_review_and_groups_without_a_user_are_refused() {
        let kind = super::super::kinds::built_in()
            .into_iter()
            .find(|it| it.kind == "SubjectAccessReview")
            .expect("it is built in");
        let code = |body: &[u8]| body_of(&HeaderMap::new(), body, &kind).map_err(|refusal| refusal.code);
        assert_eq!((code(b"k8s\0\n").err(), code(b"[]").err(), code(b"{}").is_ok()), (Some(415), Some(400), true));
        assert_eq!(code(br#"{"kind":"Pod","apiVersion":"v1"}"#), Err(400));
        let mut headers = HeaderMap::new();
        let protobuf = http::HeaderValue::from_static("application/vnd.kubernetes.protobuf");
        headers.insert(http::header::CONTENT_TYPE, protobuf);
        let code = |body: &[u8]| body_of(&headers, body, &kind).map_err(|refusal| refusal.code);
        assert!(code(b"k8s\0\x12\x00").is_ok(), "as kubectl sends it");
        assert_eq!((code(b"k8s\0\x0a\x06\x12\x04Node").err(), code(b"{}").err()), (Some(400), Some(400)));
        let mut headers = HeaderMap::new();
        headers.insert("impersonate-group", http::HeaderValue::from_static("g"));
        assert!(impersonated(&headers).is_err());
    }
}

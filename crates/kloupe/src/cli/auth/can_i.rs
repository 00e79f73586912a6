//! `kloupe auth can-i`: kubectl's question, and for the account of a workload.

use clap::ArgMatches;
use kloupe_cluster::{Cluster, Discovery, Refusal, Resource};
use kloupe_diagnosis::rbac;
use kloupe_model::say;
use serde_json::{Value, json};

use super::super::mirror::{Out, REFUSED, Session, Stop, is_set, text};
use super::account::{self, Account};

pub(super) const AUTHORIZATION: &str = "authorization.k8s.io/v1";
const VERBS: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];
const PATH_VERBS: [&str; 8] = ["get", "put", "post", "head", "options", "delete", "patch", "*"];

/// What is asked: one request.
#[derive(Debug, Default)]
pub(super) struct Question {
    pub(super) verb: String,
    pub(super) group: String,
    pub(super) resource: String,
    pub(super) subresource: String,
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) path: Option<String>,
    /// The resource as it is served; none where it is not.
    pub(super) known: Option<Resource>,
    /// What is odd about it, in kubectl's words.
    pub(super) warnings: Vec<String>,
}

impl Question {
    /// The attributes of a review.
    pub(super) fn spec(&self) -> Value {
        if let Some(path) = &self.path {
            return json!({"nonResourceAttributes": {"verb": self.verb, "path": path}});
        }
        let mut attributes = json!({});
        for (key, text) in [
            ("namespace", &self.namespace),
            ("verb", &self.verb),
            ("group", &self.group),
            ("resource", &self.resource),
            ("subresource", &self.subresource),
            ("name", &self.name),
        ] {
            if !text.is_empty() {
                attributes[key] = Value::from(text.as_str());
            }
        }
        json!({"resourceAttributes": attributes})
    }

    /// A namespace was asked for that the resource does not have.
    fn scope_warning(&self) -> Option<String> {
        let resource = self.known.as_ref().filter(|resource| !resource.namespaced && !self.namespace.is_empty())?;
        let group = if resource.group.is_empty() { String::new() } else { format!(" in group '{}'", resource.group) };
        Some(format!("resource '{}' is not namespace scoped{group}", resource.plural))
    }
}

pub(super) fn run(matches: &ArgMatches, session: &Session, out: &mut Out, words: &[String]) -> Result<(), Stop> {
    let lists = is_set(matches, "list");
    let workload = match words {
        [workload] if lists && account::is_workload(workload) => Some(workload),
        [_, _, workload] if !lists && account::is_workload(workload) => Some(workload),
        _ => None,
    };
    if lists {
        if !words.is_empty() && workload.is_none() {
            return Err(Stop("error: list option must be specified with no arguments".into()));
        }
        if is_set(matches, "quiet")
            || is_set(matches, "all-namespaces")
            || text(matches, "subresource").is_some_and(|it| !it.is_empty())
        {
            return Err(Stop(
                "error: list option can't be specified with neither quiet, all-namespaces nor subresource options"
                    .into(),
            ));
        }
        let (cluster, _) = asker(session, out, workload)?;
        return list(session, &cluster, out, is_set(matches, "no-headers"));
    }
    let (verb, what) = match words {
        [verb, what] => (verb, what),
        [verb, what, _] if workload.is_some() => (verb, what),
        _ => {
            return Err(Stop(
                "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kloupe auth can-i -h' for help and examples."
                    .into(),
            ));
        }
    };
    let question = question(matches, session, verb, what)?;
    let warnings = question.scope_warning().into_iter().chain(question.warnings.iter().cloned());
    out.remarks.extend(warnings.map(|warning| format!("Warning: {warning}\n")));
    if is_set(matches, "no-headers") {
        return Err(Stop("error: --no-headers cannot be set without --list specified".into()));
    }
    let (cluster, account) = asker(session, out, workload)?;
    let status = match (ask(session, &cluster, &question), account) {
        // Whoever may not impersonate the account may still be allowed to ask about it.
        (Err(refusal), Some(account)) if refusal.is_forbidden() => {
            about(session, &account.user(), &rbac::groups_of(&account.user()), &question)?
        }
        (answer, _) => answer?,
    };
    let allowed = status.get("allowed").and_then(Value::as_bool).unwrap_or_default();
    if !is_set(matches, "quiet") {
        out.text = answer_line(&status, allowed);
    }
    if !allowed {
        out.status = Some(REFUSED);
    }
    Ok(())
}

fn answer_line(status: &Value, allowed: bool) -> String {
    if allowed {
        return "yes\n".to_owned();
    }
    let mut line = "no".to_owned();
    for key in ["reason", "evaluationError"] {
        if let Some(text) = status.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            line.push_str(&format!(" - {text}"));
        }
    }
    line + "\n"
}

/// The cluster as the one who asks sees it: as the account of a workload, where one is named.
fn asker(session: &Session, out: &mut Out, workload: Option<&String>) -> Result<(Cluster, Option<Account>), Stop> {
    let mut cluster = session.cluster.clone();
    let Some(workload) = workload else {
        if !cluster.is_live() && !cluster.acts_as_another() {
            out.remarks.push(say!(
                session.lang,
                en: "a capture has no user: this is what its reader may do; --as USER or a workload asks what the cluster allowed",
                zh: "捕获文件没有用户：以下是读取者的权限；用 --as USER 或写出工作负载来询问集群允许什么"
            ));
        }
        return Ok((cluster, None));
    };
    let account = account::of(session, workload)?;
    let (user, of) = (account.user(), &account.of);
    out.remarks.push(say!(session.lang, en: "{of} runs as {user}", zh: "{of} 以 {user} 身份运行"));
    cluster.act_as(Some(&user), &[]);
    Ok((cluster, Some(account)))
}

/// What the words and flags ask.
pub(super) fn question(matches: &ArgMatches, session: &Session, verb: &str, what: &str) -> Result<Question, Stop> {
    let subresource = text(matches, "subresource").unwrap_or_default().to_owned();
    let unknown_verb = || format!("verb '{verb}' is not a known verb");
    let mut question = Question { verb: verb.to_owned(), ..Question::default() };
    if what.starts_with('/') {
        if !subresource.is_empty() {
            return Err(Stop("error: --subresource can not be used with NonResourceURL".into()));
        }
        if !PATH_VERBS.contains(&verb) {
            question.warnings.push(unknown_verb());
        }
        question.path = Some(what.to_owned());
        return Ok(question);
    }
    let (typed, name) = what.split_once('/').unwrap_or((what, ""));
    name.clone_into(&mut question.name);
    question.subresource = subresource;
    if typed == "*" {
        typed.clone_into(&mut question.resource);
    } else {
        match find(&session.discovery()?, typed) {
            Ok(resource) => {
                question.group.clone_from(&resource.group);
                question.resource.clone_from(&resource.plural);
                question.known = Some(resource);
            }
            Err(warning) => {
                question.warnings.extend(warning);
                typed.clone_into(&mut question.resource);
            }
        }
    }
    if is_set(matches, "all-namespaces") {
        return Ok(question);
    }
    session.cluster.namespace.clone_into(&mut question.namespace);
    if !question.resource.is_empty() && !VERBS.contains(&verb) {
        question.warnings.push(unknown_verb());
    }
    Ok(question)
}

/// The resource that a word means; what nobody serves is warned of, but for names that only rules know.
fn find(discovery: &Discovery, typed: &str) -> Result<Resource, Option<String>> {
    if let Some(resource) = discovery.find(typed) {
        return Ok(resource.clone());
    }
    let lower = typed.to_lowercase();
    if matches!(lower.as_str(), "users" | "groups") {
        return Err(None);
    }
    Err(Some(match lower.split_once('.') {
        Some((name, group)) => format!("the server doesn't have a resource type '{name}' in group '{group}'"),
        None => format!("the server doesn't have a resource type '{lower}'"),
    }))
}

/// Asks as whoever the cluster takes us for.
pub(super) fn ask(session: &Session, cluster: &Cluster, question: &Question) -> Result<Value, Refusal> {
    review(session, cluster, "SelfSubjectAccessReview", &question.spec())
}

/// Asks about another user, without acting as that user.
pub(super) fn about(session: &Session, user: &str, groups: &[String], question: &Question) -> Result<Value, Refusal> {
    let mut spec = question.spec();
    spec["user"] = Value::from(user);
    spec["groups"] = json!(groups);
    review(session, &session.cluster, "SubjectAccessReview", &spec)
}

fn review(session: &Session, cluster: &Cluster, kind: &str, spec: &Value) -> Result<Value, Refusal> {
    let body = json!({"kind": kind, "apiVersion": AUTHORIZATION, "metadata": {}, "spec": spec});
    let path = format!("/apis/{AUTHORIZATION}/{}s", kind.to_lowercase());
    let mut answer = session.wait(cluster.review(&path, &body))?;
    Ok(answer["status"].take())
}

fn list(session: &Session, cluster: &Cluster, out: &mut Out, no_headers: bool) -> Result<(), Stop> {
    let spec = json!({"namespace": session.cluster.namespace});
    let status = review(session, cluster, "SelfSubjectRulesReview", &spec)?;
    if status.get("incomplete").and_then(Value::as_bool).unwrap_or_default() {
        let error = status.get("evaluationError").and_then(Value::as_str).unwrap_or_default();
        out.remarks.push(format!("Warning: the list may be incomplete: {error}"));
    }
    out.text = kloupe_views::auth::rules(&status, no_headers);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_gives_its_reasons() {
        assert_eq!(answer_line(&json!({"allowed": true, "reason": "r"}), true), "yes\n");
        assert_eq!(answer_line(&json!({}), false), "no\n");
        assert_eq!(answer_line(&json!({"reason": "r", "evaluationError": "e"}), false), "no - r - e\n");
        assert_eq!(answer_line(&json!({"evaluationError": "e"}), false), "no - e\n");
    }

    #[test]
    fn what_nobody_serves_is_warned_of_with_its_group() {
        let none = Discovery::default();
        let said = |typed: &str| find(&none, typed).expect_err("nothing is served");
        assert_eq!(said("Foo").as_deref(), Some("the server doesn't have a resource type 'foo'"));
        assert_eq!(said("foo.a.b").as_deref(), Some("the server doesn't have a resource type 'foo' in group 'a.b'"));
        assert_eq!(said("users"), None);
    }
}

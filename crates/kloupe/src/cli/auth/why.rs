//! `kloupe auth why`: which rule grants it, or what comes close and what is missing.

mod json;
mod missing;
mod words;

use clap::ArgMatches;
use kloupe_cluster::Refusal;
use kloupe_diagnosis::rbac::{self, Attributes, Rules};
use kloupe_model::say;
use kloupe_views::layout::escape;
use kloupe_views::output::{Format, Known};
use serde_json::Value;

use super::super::DONE;
use super::super::mirror::{Out, REFUSED, Session, Stop, list, text};
use super::account;
use super::can_i::{self, Question};
use super::whoami;

const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";
/// Words after a slash that are subresources and no names.
const SUBRESOURCES: [&str; 14] = [
    "log",
    "exec",
    "attach",
    "portforward",
    "proxy",
    "scale",
    "status",
    "eviction",
    "binding",
    "token",
    "ephemeralcontainers",
    "approval",
    "finalize",
    "resize",
];

/// Whom the question is about.
struct Subject {
    user: String,
    groups: Vec<String>,
    /// It is ourselves.
    own: bool,
}

pub(super) fn run(matches: &ArgMatches, session: &Session, out: &mut Out, typed: &[String]) -> Result<(), Stop> {
    let (verb, what, workload) = match typed {
        [verb, what] => (verb, what, None),
        [verb, what, workload] if account::is_workload(workload) => (verb, what, Some(workload)),
        _ => {
            return Err(Stop::usage(
                "auth",
                "you must specify a verb and a resource, and may add a workload: why list secrets deploy/web",
            ));
        }
    };
    let output = text(matches, "output").unwrap_or_default();
    if !matches!(output, "" | "yaml" | "json") {
        return Err(Stop(format!("error: --output {output} is not available: it can be json or yaml")));
    }
    let mut question = can_i::question(matches, session, verb, what)?;
    out.remarks.extend(question.warnings.iter().map(|warning| format!("Warning: {warning}")));
    as_it_would_be_sent(&mut question);
    let subject = subject(matches, session, out, workload)?;
    let status = judged(session, &subject, &question)?;
    let allowed = status.get("allowed").and_then(Value::as_bool).unwrap_or_default();
    let unknown = field(&status, "evaluationError").to_owned();
    let read = read(session, &question.namespace);
    if !read.refused.is_empty() {
        out.remarks.push(words::not_read(session.lang, &read.refused, read.objects.is_empty()));
    }
    let rules = Rules::of(read.objects.iter());
    let request = attributes(&subject, &question);
    let grants = rbac::grants(&rules, &request);
    out.status = Some(match (allowed, unknown.is_empty()) {
        (true, _) => DONE,
        (false, true) => REFUSED,
        (false, false) => super::FAILED,
    });
    let manifests = if allowed { Vec::new() } else { missing::objects(&request, &read.objects) };
    if output == "json" {
        let near = if allowed { Vec::new() } else { rbac::near(&rules, &request) };
        let document = json::Document {
            request: &request,
            status: &status,
            grants: &grants,
            near: &near,
            missing: &manifests,
            unread: &read.refused,
        };
        let format = Format::parse("json", "", Known::Objects)?;
        let document = document.value(session.lang);
        out.text = format.map_or(Ok(String::new()), |json| json.as_they_stand().print(&document))?;
        return Ok(());
    }
    let yaml = missing::yaml(&manifests)?;
    let mut page = words::answer(session.lang, &request, &status);
    if allowed {
        if grants.is_empty() && !read.refused.is_empty() && !field(&status, "reason").is_empty() {
            page.push_str(&format!("  {}\n", field(&status, "reason")));
        }
        words::granted(session.lang, &request, &grants, read.refused.is_empty(), &mut page);
    } else if read.objects.is_empty() && !read.refused.is_empty() {
        // Nothing was read, so nothing can come close.
    } else if grants.is_empty() {
        words::close(session.lang, &request, &rbac::near(&rules, &request), &mut page);
    } else {
        words::overruled(session.lang, &request, &grants, &mut page);
    }
    if output == "yaml" {
        out.text = yaml;
        out.remarks.push(escape(page.trim_end()));
        return Ok(());
    }
    if !yaml.is_empty() {
        page.push_str(&say!(
            session.lang,
            en: "\nWhat is missing, for kubectl apply -f -:\n\n",
            zh: "\n缺少的对象，可用 kubectl apply -f - 应用：\n\n"
        ));
        page.push_str(&yaml);
    }
    out.text = escape(&page);
    Ok(())
}

fn field<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A request for what belongs to the cluster has no namespace, and `pods/log` is a subresource.
fn as_it_would_be_sent(question: &mut Question) {
    if question.known.as_ref().is_some_and(|resource| !resource.namespaced) {
        question.namespace.clear();
    }
    let known = question.known.as_ref().is_some_and(|resource| resource.subresources.contains(&question.name));
    if question.subresource.is_empty() && (known || SUBRESOURCES.contains(&question.name.as_str())) {
        question.subresource = std::mem::take(&mut question.name);
    }
}

fn subject(matches: &ArgMatches, session: &Session, out: &mut Out, workload: Option<&String>) -> Result<Subject, Stop> {
    let named = text(matches, "as").filter(|user| !user.is_empty());
    if let Some(workload) = workload {
        if named.is_some() {
            return Err(Stop::usage("auth", "--as and a workload both name whom it is about: give one of them"));
        }
        let account = account::of(session, workload)?;
        let (user, of) = (account.user(), &account.of);
        out.remarks.push(say!(session.lang, en: "{of} runs as {user}", zh: "{of} 以 {user} 身份运行"));
        return Ok(Subject { groups: rbac::groups_of(&user), user, own: false });
    }
    let groups = list(matches, "as-group");
    if let Some(user) = named {
        return Ok(Subject { groups: rbac::impersonated_groups(user, &groups), user: user.to_owned(), own: false });
    }
    if !groups.is_empty() {
        return Err(Stop::usage("auth", "--as-group needs --as"));
    }
    if !session.cluster.is_live() {
        return Err(Stop(say!(
            session.lang,
            en: "error: a capture has no user: name a workload (deploy/web) or --as USER",
            zh: "error: 捕获文件没有用户：请写出工作负载（deploy/web）或 --as USER"
        )));
    }
    let review = whoami::review(session)?;
    let info = review.pointer("/status/userInfo").unwrap_or(&Value::Null);
    let groups = info.get("groups").and_then(Value::as_array).into_iter().flatten();
    let groups = groups.filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Subject { user: field(info, "username").to_owned(), groups, own: true })
}

fn attributes<'a>(subject: &'a Subject, question: &'a Question) -> Attributes<'a> {
    Attributes {
        user: &subject.user,
        groups: &subject.groups,
        verb: &question.verb,
        group: &question.group,
        resource: &question.resource,
        subresource: &question.subresource,
        name: &question.name,
        namespace: if question.path.is_some() { "" } else { &question.namespace },
        path: question.path.as_deref(),
    }
}

/// The API server's own answer: it also knows authorizers that are no rules.
fn judged(session: &Session, subject: &Subject, question: &Question) -> Result<Value, Refusal> {
    if subject.own {
        return can_i::ask(session, &session.cluster, question);
    }
    match can_i::about(session, &subject.user, &subject.groups, question) {
        Err(refusal) if refusal.is_forbidden() => {
            let mut cluster = session.cluster.clone();
            cluster.act_as(Some(&subject.user), &subject.groups);
            // The first refusal names the right that is easier to give.
            can_i::ask(session, &cluster, question)
                .map_err(|second| if second.is_forbidden() { refusal } else { second })
        }
        answer => answer,
    }
}

/// Roles and bindings, as far as they may be read.
#[derive(Default)]
struct Read {
    objects: Vec<Value>,
    /// What may not be read, and why.
    refused: Vec<(String, String)>,
}

fn read(session: &Session, namespace: &str) -> Read {
    let mut read = Read::default();
    for (kind, namespaced) in
        [("clusterroles", false), ("clusterrolebindings", false), ("roles", true), ("rolebindings", true)]
    {
        let list = |path: String| session.wait(session.cluster.list(&path, ""));
        let mut answer = list(format!("{RBAC}/{kind}"));
        if answer.is_err() && namespaced && !namespace.is_empty() {
            answer = list(format!("{RBAC}/namespaces/{namespace}/{kind}"));
        }
        match answer {
            Ok(objects) => read.objects.extend(objects),
            Err(refusal) => read.refused.push((kind.to_owned(), refusal.message())),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use kloupe_cluster::Resource;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_question_is_asked_as_the_request_would_be_sent() {
        let known = |namespaced| Some(Resource { namespaced, subresources: vec!["own".into()], ..Resource::default() });
        let sent = |name: &str, namespaced| {
            let mut question =
                Question { name: name.into(), namespace: "a".into(), known: known(namespaced), ..Question::default() };
            as_it_would_be_sent(&mut question);
            json!([question.name, question.subresource, question.namespace])
        };
        assert_eq!(sent("log", true), json!(["", "log", "a"]));
        assert_eq!(sent("own", true), json!(["", "own", "a"]));
        assert_eq!(sent("web", false), json!(["web", "", ""]));
    }
}

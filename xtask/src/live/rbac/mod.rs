//! Our evaluation of RBAC beside the API server's: random roles and bindings, thousands of questions, every difference.

mod proxy;
mod random;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use kloupe_diagnosis::rbac::{self, Attributes, Rules};
use serde_json::{Value, json};

use proxy::{Connection, Proxy};
use random::{LABEL, NAMESPACES, Random};

const REVIEWS: &str = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";
const KINDS: [&str; 4] = ["clusterroles", "clusterrolebindings", "roles", "rolebindings"];
/// As many questions wait for an answer at once.
const ASKING: usize = 8;

/// Whom to ask, and how much.
#[derive(Args)]
pub(crate) struct Rbac {
    /// The cluster's kubeconfig; the user must be an admin
    #[arg(long)]
    kubeconfig: PathBuf,
    /// The kubectl whose proxy is used
    #[arg(long)]
    kubectl: PathBuf,
    /// How many questions
    #[arg(long, default_value_t = 10_000)]
    questions: usize,
    /// Another seed makes other roles and other questions
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Makes the objects, asks, compares, and removes the objects whatever came of it.
pub(crate) fn run(task: &Rbac) -> Result<(), String> {
    let proxy = Proxy::start(&task.kubectl, &task.kubeconfig)?;
    let mut connection = proxy.connect()?;
    let started = Instant::now();
    let compared = compare(task, &proxy, &mut connection);
    let cleaned = clean(&mut connection);
    let (asked, allowed, differences) = compared?;
    cleaned?;
    println!("{asked} questions, {allowed} allowed, {differences} differences, {} s", started.elapsed().as_secs());
    if differences == 0 { Ok(()) } else { Err(format!("{differences} answers differ from the API server's")) }
}

fn compare(task: &Rbac, proxy: &Proxy, connection: &mut Connection) -> Result<(usize, usize, usize), String> {
    let mut random = Random(task.seed);
    make(connection, &random.objects())?;
    let objects = read(connection)?;
    let questions: Vec<Value> = (0..task.questions).map(|_| random.question(&objects)).collect();
    // The Node authorizer answers for these too.
    let questions: Vec<Value> =
        questions.into_iter().filter(|spec| !spec.to_string().contains("system:node")).collect();
    let answers = ask_all(proxy, &questions)?;
    let rules = Rules::of(objects.iter());
    let mut open: Vec<usize> =
        (0..questions.len()).filter(|at| difference(&rules, &questions[*at], &answers[*at]).is_some()).collect();
    let allowed = answers.iter().filter(|status| status["allowed"] == true).count();
    if !open.is_empty() {
        // Others may change the cluster's roles meanwhile: what differs twice, differs.
        thread::sleep(Duration::from_secs(2));
        let objects = read(connection)?;
        let rules = Rules::of(objects.iter());
        let again: Vec<Value> = open.iter().map(|at| questions[*at].clone()).collect();
        let answers = ask_all(proxy, &again)?;
        let mut answers = answers.iter();
        open.retain(|at| {
            let Some(what) = answers.next().and_then(|answer| difference(&rules, &questions[*at], answer)) else {
                return false;
            };
            println!("different: {}\n    {what}", questions[*at]);
            true
        });
    }
    Ok((questions.len(), allowed, open.len()))
}

/// What the API server said that we would not have said.
fn difference(rules: &Rules<'_>, spec: &Value, status: &Value) -> Option<String> {
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (user, asked, path) = (of(&spec["user"]), &spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let groups: Vec<String> = spec["groups"].as_array().into_iter().flatten().map(of).collect();
    let verb = if path.is_null() { of(&asked["verb"]) } else { of(&path["verb"]) };
    let fields = ["group", "resource", "subresource", "name", "namespace"].map(|key| of(&asked[key]));
    let [group, resource, subresource, name, namespace] = &fields;
    let request = Attributes {
        user: &user,
        groups: &groups,
        verb: &verb,
        group,
        resource,
        subresource,
        name,
        namespace,
        path: path["path"].as_str(),
    };
    let decision = rbac::decide(rules, &request);
    let (allowed, reason) = (status["allowed"] == true, of(&status["reason"]));
    if decision.allowed != allowed {
        return Some(format!("API server: {status}; here: {} {}", decision.allowed, decision.reason));
    }
    // The API server looks at bindings in any order, so its reason is one of those that hold.
    let same = if allowed {
        let every = rbac::grants(rules, &request);
        // A member of system:masters needs no rule.
        every.iter().any(|grant| grant.reason() == reason) || decision.by.is_none() && reason.is_empty()
    } else {
        words(reason.strip_prefix("rbac: ").unwrap_or(&reason)) == words(&decision.reason)
    };
    (!same).then(|| format!("reason of the API server: {reason:?}; here: {:?}", decision.reason))
}

/// The parts of `RBAC: [a, b]` in one order.
fn words(reason: &str) -> Vec<&str> {
    let mut words: Vec<&str> =
        reason.trim_start_matches("RBAC: ").trim_start_matches('[').trim_end_matches(']').split(", ").collect();
    words.sort_unstable();
    words
}

fn ask_all(proxy: &Proxy, questions: &[Value]) -> Result<Vec<Value>, String> {
    let share = questions.len().div_ceil(ASKING).max(1);
    thread::scope(|scope| {
        let asking: Vec<_> = questions
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || {
                    let mut connection = proxy.connect()?;
                    chunk.iter().map(|spec| ask(&mut connection, spec)).collect::<Result<Vec<Value>, String>>()
                })
            })
            .collect();
        let mut answers = Vec::new();
        for one in asking {
            answers.extend(one.join().map_err(|_| "a thread that asks failed".to_owned())??);
        }
        Ok(answers)
    })
}

fn ask(connection: &mut Connection, spec: &Value) -> Result<Value, String> {
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec});
    match connection.ask("POST", REVIEWS, Some(&review))? {
        (201, mut answer) => Ok(answer["status"].take()),
        (code, answer) => Err(format!("{spec}: {code} {answer}")),
    }
}

fn make(connection: &mut Connection, objects: &[Value]) -> Result<(), String> {
    for namespace in NAMESPACES {
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
        post(connection, "/api/v1/namespaces", &object)?;
    }
    for object in objects {
        let resource = format!("{}s", object["kind"].as_str().unwrap_or_default().to_lowercase());
        let path = match object["metadata"]["namespace"].as_str() {
            Some(namespace) => format!("{RBAC}/namespaces/{namespace}/{resource}"),
            None => format!("{RBAC}/{resource}"),
        };
        post(connection, &path, object)?;
    }
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let (_, sum) = connection.ask("GET", &format!("{RBAC}/clusterroles/{LABEL}-sum"), None)?;
        if sum["rules"].as_array().is_some_and(|rules| !rules.is_empty()) {
            break;
        }
        if Instant::now() > until {
            return Err("the aggregated role stays empty: does the controller manager run?".to_owned());
        }
        thread::sleep(Duration::from_millis(200));
    }
    // The authorizer's own view of them is a little behind.
    thread::sleep(Duration::from_secs(1));
    Ok(())
}

fn post(connection: &mut Connection, path: &str, object: &Value) -> Result<(), String> {
    match connection.ask("POST", path, Some(object))? {
        (201, _) => Ok(()),
        (409, _) => Err(format!("{}: it exists already; is another run under way?", object["metadata"]["name"])),
        (code, answer) => Err(format!("{object}: {code} {answer}")),
    }
}

fn read(connection: &mut Connection) -> Result<Vec<Value>, String> {
    let mut objects = Vec::new();
    for kind in KINDS {
        objects.extend(connection.list(&format!("{RBAC}/{kind}"))?);
    }
    Ok(objects)
}

fn clean(connection: &mut Connection) -> Result<(), String> {
    for kind in ["clusterrolebindings", "clusterroles"] {
        connection.ask("DELETE", &format!("{RBAC}/{kind}?labelSelector={LABEL}"), None)?;
    }
    for namespace in NAMESPACES {
        connection.ask("DELETE", &format!("/api/v1/namespaces/{namespace}"), None)?;
    }
    // So that the next run finds none of it.
    let until = Instant::now() + Duration::from_secs(30);
    for namespace in NAMESPACES {
        while connection.ask("GET", &format!("/api/v1/namespaces/{namespace}"), None)?.0 == 200
            && Instant::now() < until
        {
            thread::sleep(Duration::from_millis(300));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_asks_the_same_and_another_does_not() {
        let asked = |seed| {
            let mut random = Random(seed);
            let objects = random.objects();
            (0..50).map(|_| random.question(&objects).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(asked(1), asked(1));
        assert_ne!(asked(1), asked(2));
    }

    #[test]
    fn reasons_name_one_of_the_grants_and_all_of_the_errors() {
        let objects = [
            json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"},
            "roleRef": {"kind": "ClusterRole", "name": "gone"}, "subjects": [{"kind": "User", "name": "eve"}]}),
        ];
        let rules = Rules::of(objects.iter());
        let spec = json!({"user": "eve", "resourceAttributes": {"verb": "get", "resource": "pods"}});
        let said =
            |allowed: bool, reason: &str| difference(&rules, &spec, &json!({"allowed": allowed, "reason": reason}));
        assert_eq!(said(false, r#"rbac: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#), None);
        assert!(said(false, "").is_some() && said(true, "").is_some());
    }
}

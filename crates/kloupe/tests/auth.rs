//! `kloupe auth` over saved Roles and Bindings.

mod common;

use common::{folder, kloupe};

const ROLES: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleList","items":[
{"metadata":{"name":"web","namespace":"shop"},"rules":[{"apiGroups":[""],"resources":["pods","configmaps"],"verbs":["get","list"]},
 {"apiGroups":["extensions"],"resources":["deployments"],"verbs":["get"]},{"apiGroups":[""],"resources":["secrets"],"verbs":["get"],"resourceNames":["own"]}]}]}"#;
const CLUSTER_ROLES: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleList","items":[
{"metadata":{"name":"jobs"},"rules":[{"apiGroups":["batch"],"resources":["jobs"],"verbs":["*"]}]}]}"#;
const BINDINGS: &str = r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBindingList","items":[
{"metadata":{"name":"web","namespace":"shop"},"roleRef":{"kind":"Role","name":"web"},"subjects":[{"kind":"ServiceAccount","name":"web"}]},
{"metadata":{"name":"jobs","namespace":"dev"},"roleRef":{"kind":"ClusterRole","name":"jobs"},
 "subjects":[{"kind":"ServiceAccount","name":"web","namespace":"shop"}]}]}"#;
const CLUSTER_BINDINGS: &str =
    r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBindingList","items":[]}"#;
const DEPLOYMENT: &str = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"front","namespace":"shop"},
"spec":{"selector":{},"template":{"spec":{"serviceAccountName":"web","containers":[{"name":"c","image":"i"}]}}}}"#;

/// Standard output, standard error and the exit status, over all of the files or without the last, the cluster's bindings.
fn said(arguments: &[&str], whole: bool) -> (String, String, i32) {
    let mut files = vec![
        ("roles.json", ROLES.as_bytes()),
        ("clusterroles.json", CLUSTER_ROLES.as_bytes()),
        ("bindings.json", BINDINGS.as_bytes()),
        ("deployment.json", DEPLOYMENT.as_bytes()),
    ];
    if whole {
        files.push(("clusterrolebindings.json", CLUSTER_BINDINGS.as_bytes()));
    }
    let folder = folder(&files);
    let output = kloupe(folder.path(), "C")
        .arg("auth")
        .args(arguments)
        .args(["-n", "shop", "--from", "."])
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is said is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("no signal ended it"))
}

const WEB: &str = "--as=system:serviceaccount:shop:web";

#[test]
fn can_i_answers_as_kubectl_does() {
    let (out, error, status) = said(&["can-i", "get", "pods", WEB], true);
    assert_eq!((out.as_str(), error.as_str(), status), ("yes\n", "", 0));
    let (out, error, status) = said(&["can-i", "delete", "po", WEB], true);
    assert_eq!((out.as_str(), error.as_str(), status), ("no\n", "", 1));
    let (out, _, status) = said(&["can-i", "delete", "pods", WEB, "-q"], true);
    assert_eq!((out.as_str(), status), ("", 1));
    let (_, error, _) = said(&["can-i", "look", "nodes", WEB], true);
    assert_eq!(
        error,
        "Warning: resource 'nodes' is not namespace scoped\n\nWarning: verb 'look' is not a known verb\n\n"
    );
    let (_, error, _) = said(&["can-i", "get", "foos.a.b", WEB], true);
    assert_eq!(error, "Warning: the server doesn't have a resource type 'foos' in group 'a.b'\n\n");
    let (out, _, status) = said(&["can-i", "--list", WEB, "--no-headers"], true);
    assert_eq!(status, 0);
    assert!(out.contains("configmaps") && out.ends_with("[get]\n") && !out.contains("jobs"), "{out}");
    let (out, error, status) = said(&["can-i", "get"], true);
    assert!(out.is_empty() && error.starts_with("error: you must specify two arguments") && status == 1, "{error}");
}

#[test]
fn a_workload_stands_for_its_account() {
    let (out, error, status) = said(&["can-i", "list", "pods", "deploy/front"], true);
    assert_eq!((out.as_str(), status), ("yes\n", 0));
    assert_eq!(error, "deployments.apps/front runs as system:serviceaccount:shop:web\n");
    let (out, _, _) = said(&["can-i", "--list", "deploy/front"], true);
    assert!(out.starts_with("Resources") && out.contains("configmaps"), "{out}");
    let (_, error, status) = said(&["can-i", "list", "pods", "deploy/gone"], true);
    assert_eq!((error.as_str(), status), ("Error from server (NotFound): deployments.apps \"gone\" not found\n", 1));
}

#[test]
fn whoever_reads_a_capture_is_no_user_of_the_cluster() {
    let (out, error, status) = said(&["whoami"], true);
    assert!(
        out.contains("kloupe:capture-reader") && error.contains("a capture has no user") && status == 0,
        "{out}{error}"
    );
    let (out, _, status) = said(&["can-i", "delete", "pods"], true);
    assert!(out.starts_with("no - this is a capture") && status == 1, "{out}");
    let (out, error, _) = said(&["whoami", WEB], true);
    assert!(out.contains("[system:serviceaccounts system:serviceaccounts:shop system:authenticated]"), "{out}");
    assert!(error.is_empty(), "{error}");
    let (_, error, status) = said(&["why", "get", "pods"], true);
    assert!(error.contains("name a workload") && status == 2, "{error}");
}

#[test]
fn why_names_the_rule_that_grants_it() {
    let (out, _, status) = said(&["why", "get", "pods", "deploy/front"], true);
    assert_eq!(status, 0);
    assert!(out.starts_with("yes: system:serviceaccount:shop:web may get pods in namespace shop\n"), "{out}");
    assert!(out.contains("RoleBinding shop/web → Role shop/web, rule 1, for ServiceAccount web"), "{out}");
    assert!(!out.contains("apiVersion:"), "nothing is missing: {out}");
}

#[test]
fn why_names_what_comes_close_and_what_is_missing() {
    let close = [
        ("watch", "pods", "it allows [get list], not watch"),
        ("get", "deploy", "it is for the groups [extensions], not apps"),
        ("get", "pods/log", "a resource and its subresources are allowed apart, this is pods/log"),
        ("get", "secrets/other", "it is limited to the names [own], not \"other\""),
        ("get", "jobs", "it allows it in namespace dev, not in shop"),
    ];
    for (verb, what, expected) in close {
        let (out, _, status) = said(&["why", verb, what, WEB], true);
        assert!(out.contains(expected) && status == 1, "{out}");
    }
    let (out, error, status) = said(&["why", "watch", "pods", WEB, "-o", "yaml"], true);
    assert!(out.starts_with("apiVersion:") && out.contains("name: web-watch-pods\n  namespace: shop\n"), "{out}");
    assert!(out.contains("kind: RoleBinding") && error.starts_with("no: ") && status == 1, "{error}");
    let (out, _, _) = said(&["why", "list", "nodes", WEB], true);
    assert!(out.contains("kind: ClusterRoleBinding") && out.contains("in the whole cluster"), "{out}");
}

#[test]
fn programs_get_the_whole_answer_as_json() {
    let asked = |arguments: &[&str]| {
        let (out, error, status) = said(&[arguments, &[WEB, "-o", "json"]].concat(), true);
        assert_eq!(error, "");
        (serde_json::from_str::<serde_json::Value>(&out).expect("JSON"), status)
    };
    let (yes, status) = asked(&["why", "get", "pods"]);
    assert_eq!((yes["answer"].as_str(), status), (Some("yes"), 0));
    assert_eq!(yes["grants"][0]["binding"]["name"], "web");
    assert_eq!((&yes["grants"][0]["rule"], &yes["missing"]), (&1.into(), &serde_json::json!([])));
    let (no, status) = asked(&["why", "watch", "pods"]);
    assert_eq!((no["answer"].as_str(), status), (Some("no"), 1));
    assert_eq!(
        (&no["near"][0]["kind"], &no["near"][0]["says"]),
        (&"rule".into(), &"it allows [get list], not watch".into())
    );
    assert_eq!((&no["missing"][0]["kind"], &no["request"]["verb"]), (&"Role".into(), &"watch".into()));
    let (_, error, _) = said(&["why", "get", "pods", WEB, "-o", "xml"], true);
    assert_eq!(error, "error: --output xml is not available: it can be json or yaml\n");
}

#[test]
fn without_all_of_the_rules_it_is_not_known() {
    let (out, _, status) = said(&["can-i", "delete", "pods", WEB], false);
    assert!(out.starts_with("no - the capture may not hold all Roles and Bindings - "), "{out}");
    assert_eq!(status, 1);
    let (out, _, status) = said(&["why", "delete", "pods", WEB], false);
    assert!(out.starts_with("not known: whether") && status == 2, "{out}");
    let (out, _, status) = said(&["why", "get", "pods", WEB], false);
    assert!(out.starts_with("yes: ") && status == 0, "what is granted is granted: {out}");
}

#[test]
fn the_words_below_auth_take_their_own_flags_only() {
    let (_, error, status) = said(&["whoami", "--list"], true);
    assert_eq!(
        (error.as_str(), status),
        ("error: unknown flag: --list\nSee 'kloupe auth whoami --help' for usage.\n", 1)
    );
    let (_, error, status) = said(&["reconcile"], true);
    assert_eq!(
        (error.as_str(), status),
        ("error: unknown command \"reconcile\"\nSee 'kloupe auth -h' for help and examples\n", 1)
    );
}

use kloupe_model::{Listed, Object, ObjectRef};
use serde_json::{Value, json};

use super::*;

fn object(kind: &str, namespace: &str, name: &str, value: Value) -> Object {
    let reference = ObjectRef::new(kind, "rbac.authorization.k8s.io", namespace, name);
    Object { reference, body: value.into(), whole: true, file: "x".into() }
}

fn facts() -> Facts {
    Facts {
        objects: vec![
            object(
                "ClusterRole",
                "",
                "reader",
                json!({"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}),
            ),
            object(
                "ClusterRoleBinding",
                "",
                "b",
                json!({"roleRef": {"kind": "ClusterRole", "name": "reader"}, "subjects": [{"kind": "ServiceAccount", "name": "op", "namespace": "team-a"}]}),
            ),
        ],
        listed: ["ClusterRoleBinding", "RoleBinding"]
            .map(|kind| Listed { kind: kind.into(), namespace: None, file: "x".into() })
            .to_vec(),
        ..Facts::default()
    }
}

fn judge_for(facts: &Facts, user: &str, verb: &str) -> Answer {
    judge(
        &Rules::of_objects(&facts.objects),
        facts,
        &Request { user, verb, group: "", resource: "pods", namespace: "team-b" },
    )
}

#[test]
fn a_rule_grants_its_verbs_and_no_others() {
    let facts = facts();
    let user = "system:serviceaccount:team-a:op";
    assert!(matches!(judge_for(&facts, user, "list"), Answer::Allowed { .. }));
    assert_eq!(judge_for(&facts, user, "watch"), Answer::Denied);
    assert_eq!(judge_for(&facts, "system:serviceaccount:team-b:op", "list"), Answer::Denied);
}

#[test]
fn without_whole_lists_nothing_is_denied() {
    let facts = Facts { listed: Vec::new(), ..facts() };
    assert_eq!(judge_for(&facts, "system:serviceaccount:team-a:op", "watch"), Answer::Unknown);
}

fn role(kind: &str, namespace: &str, name: &str, rules: &Value) -> Value {
    json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind,
        "metadata": {"namespace": namespace, "name": name, "labels": {"part": name}}, "rules": rules})
}

fn binding(kind: &str, namespace: &str, name: &str, role: [&str; 2], subject: &Value) -> Value {
    json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"namespace": namespace, "name": name},
        "roleRef": {"kind": role[0], "name": role[1]}, "subjects": [subject]})
}

#[test]
fn reasons_are_those_of_the_api_server() {
    let objects = [
        role(
            "ClusterRole",
            "",
            "y",
            &json!([{"apiGroups": ["*"], "resources": ["*/scale", "pods"], "verbs": ["get"]}]),
        ),
        role("ClusterRole", "", "url", &json!([{"nonResourceURLs": ["/healthz/*"], "verbs": ["get"]}])),
        binding(
            "ClusterRoleBinding",
            "",
            "x",
            ["ClusterRole", "y"],
            &json!({"kind": "ServiceAccount", "name": "z", "namespace": "ns"}),
        ),
        binding("RoleBinding", "a", "local", ["ClusterRole", "y"], &json!({"kind": "ServiceAccount", "name": "own"})),
        binding("ClusterRoleBinding", "", "u", ["ClusterRole", "url"], &json!({"kind": "Group", "name": "probes"})),
        binding("ClusterRoleBinding", "", "lost", ["ClusterRole", "gone"], &json!({"kind": "User", "name": "eve"})),
    ];
    let rules = Rules::of(objects.iter());
    let ask = |user: &str,
               groups: &[String],
               resource: &str,
               subresource: &str,
               namespace: &str,
               path: Option<&str>| {
        let request =
            Attributes { user, groups, verb: "get", resource, subresource, namespace, path, ..Attributes::default() };
        let decision = decide(&rules, &request);
        (decision.allowed, decision.reason)
    };
    let z = "system:serviceaccount:ns:z";
    let by_x = r#"RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to ServiceAccount "z/ns""#;
    assert_eq!(ask(z, &[], "pods", "", "", None), (true, by_x.to_owned()));
    assert_eq!(ask(z, &[], "deployments", "scale", "any", None), (true, by_x.to_owned()));
    assert!(!ask(z, &[], "pods", "log", "any", None).0);
    let own = "system:serviceaccount:a:own";
    let by_local = r#"RBAC: allowed by RoleBinding "local/a" of ClusterRole "y" to ServiceAccount "own/a""#;
    assert_eq!(ask(own, &[], "pods", "", "a", None), (true, by_local.to_owned()));
    assert!(!ask(own, &[], "pods", "", "b", None).0);
    assert!(!ask(own, &[], "pods", "", "", None).0);
    let probes = ["probes".to_owned()];
    assert!(ask("p", &probes, "", "", "", Some("/healthz/etcd")).0);
    assert!(!ask("p", &probes, "", "", "", Some("/healthz")).0);
    let lost = r#"RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found"#;
    assert_eq!(ask("eve", &[], "pods", "", "", None), (false, lost.to_owned()));
    assert!(ask("root", &["system:masters".to_owned()], "pods", "", "", None).0);
}

#[test]
fn an_aggregated_role_without_stored_rules_has_those_it_selects() {
    let mut sum = role("ClusterRole", "", "sum", &json!([]));
    let only_one = json!({"key": "part", "operator": "In", "values": ["one"]});
    sum["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchExpressions": [only_one]}]});
    let rule = |resource: &str| json!([{"apiGroups": [""], "resources": [resource], "verbs": ["get"]}]);
    let objects = [
        sum,
        role("ClusterRole", "", "one", &rule("pods")),
        role("ClusterRole", "", "two", &rule("secrets")),
        binding("ClusterRoleBinding", "", "b", ["ClusterRole", "sum"], &json!({"kind": "User", "name": "eve"})),
    ];
    let (resources, paths) = Rules::of(objects.iter()).rules_for("eve", &[], "");
    assert_eq!(resources, [&objects[1]["rules"][0]]);
    assert!(paths.is_empty());
}

/// One role and one binding of it; asks as that binding's subject.
fn alone(role_rules: &Value, request: &Attributes<'_>) -> bool {
    let objects = [
        role("ClusterRole", "", "r", role_rules),
        binding("ClusterRoleBinding", "", "b", ["ClusterRole", "r"], &json!({"kind": "User", "name": "eve"})),
    ];
    decide(&Rules::of(objects.iter()), &Attributes { user: "eve", ..request.clone() }).allowed
}

#[test]
fn names_stars_and_subresources_are_matched_as_the_authorizer_does() {
    let rule = |resources: &[&str], names: &[&str]| json!([{"apiGroups": ["apps"], "resources": resources, "verbs": ["*"], "resourceNames": names}]);
    let ask = |rules: &Value, verb, resource, subresource, name| {
        alone(rules, &Attributes { verb, group: "apps", resource, subresource, name, ..Attributes::default() })
    };
    let scale = rule(&["*/scale"], &[]);
    assert!(ask(&scale, "update", "deployments", "scale", "x"));
    assert!(ask(&scale, "update", "*", "scale", ""));
    assert!(!ask(&scale, "update", "deployments", "", "x"));
    assert!(!ask(&scale, "update", "deployments", "status", "x"));
    assert!(!ask(&scale, "update", "deployments", "upscale", "x"));
    let all = rule(&["*"], &[]);
    assert!(ask(&all, "get", "deployments", "scale", "") && ask(&all, "get", "*", "", ""));
    let parent = rule(&["deployments"], &[]);
    assert!(!ask(&parent, "get", "deployments", "scale", ""), "a resource does not hold its subresources");
    assert!(
        !ask(&rule(&["deployments/*"], &[]), "get", "deployments", "scale", ""),
        "a star after the slash is no pattern"
    );
    assert!(
        !alone(&parent, &Attributes { verb: "get", resource: "deployments", ..Attributes::default() }),
        "another group"
    );
    let named = rule(&["deployments"], &["web"]);
    assert!(ask(&named, "get", "deployments", "", "web") && ask(&named, "list", "deployments", "", "web"));
    for verb in ["list", "watch", "create", "deletecollection", "get"] {
        assert!(!ask(&named, verb, "deployments", "", ""), "{verb} without a name");
        assert!(!ask(&named, verb, "deployments", "", "other"), "{verb} of another name");
    }
    assert!(ask(&rule(&["pods/log"], &[]), "get", "pods/log", "", ""), "resource and subresource may come as one word");
}

#[test]
fn paths_are_of_the_cluster_and_end_in_stars() {
    let ask = |url: &str, path| {
        let rules = json!([{"nonResourceURLs": [url], "verbs": ["get"]}]);
        alone(&rules, &Attributes { verb: "get", path: Some(path), ..Attributes::default() })
    };
    assert!(ask("*", "/metrics") && ask("/logs/*", "/logs/x/y") && ask("/logs*", "/logs") && ask("/logs/**", "/logs/"));
    assert!(!ask("/logs/*", "/logs") && !ask("/*/x", "/a/x") && !ask("/logs", "/logs/"));
    let resource = json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]);
    assert!(!alone(&resource, &Attributes { verb: "get", path: Some("/metrics"), ..Attributes::default() }));
    let objects = [
        role("ClusterRole", "", "r", &json!([{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}])),
        binding("RoleBinding", "a", "b", ["ClusterRole", "r"], &json!({"kind": "User", "name": "eve"})),
    ];
    let rules = Rules::of(objects.iter());
    let request =
        Attributes { user: "eve", verb: "get", path: Some("/metrics"), namespace: "a", ..Attributes::default() };
    assert!(!decide(&rules, &request).allowed, "a RoleBinding grants no path");
    assert_eq!(rules.rules_for("eve", &[], "a").1.len(), 1, "though the review of rules lists it");
}

#[test]
fn subjects_are_users_groups_and_accounts_with_the_namespace_of_a_role_binding() {
    let rules = json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]);
    let holds = |kind: &str, subject: &Value, user: &str, groups: &[String]| {
        let objects = [role("ClusterRole", "", "r", &rules), binding(kind, "a", "b", ["ClusterRole", "r"], subject)];
        let request =
            Attributes { user, groups, verb: "get", resource: "pods", namespace: "a", ..Attributes::default() };
        decide(&Rules::of(objects.iter()), &request).allowed
    };
    let op = "system:serviceaccount:a:op";
    let own = groups_of(op);
    for group in ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:a"] {
        assert!(holds("RoleBinding", &json!({"kind": "Group", "name": group}), op, &own), "{group}");
        assert!(!holds("RoleBinding", &json!({"kind": "Group", "name": group}), op, &[]), "groups are not guessed");
    }
    assert!(!holds("RoleBinding", &json!({"kind": "Group", "name": "system:serviceaccounts:b"}), op, &own));
    assert!(!holds("RoleBinding", &json!({"kind": "Group", "name": "system:unauthenticated"}), op, &own));
    let bare = json!({"kind": "ServiceAccount", "name": "op"});
    assert!(holds("RoleBinding", &bare, op, &own));
    assert!(!holds("ClusterRoleBinding", &bare, op, &own), "a ClusterRoleBinding has no namespace to give");
    assert!(!holds("RoleBinding", &json!({"kind": "ServiceAccount", "name": "op", "namespace": "b"}), op, &own));
    assert!(holds("RoleBinding", &json!({"kind": "User", "name": op}), op, &own), "an account is a user too");
    assert!(!holds("RoleBinding", &json!({"kind": "Nobody", "name": op}), op, &own));
    assert!(!holds("RoleBinding", &json!({"kind": "ServiceAccount", "name": "o"}), op, &own));
}

#[test]
fn roles_that_are_missing_or_elsewhere_grant_nothing_and_are_all_named() {
    let eve = json!({"kind": "User", "name": "eve"});
    let rules = json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]);
    let objects = [
        role("Role", "b", "near", &rules),
        role("ClusterRole", "", "twin", &rules),
        binding("ClusterRoleBinding", "", "one", ["ClusterRole", "gone"], &eve),
        binding("RoleBinding", "a", "two", ["Role", "near"], &eve),
        binding("RoleBinding", "a", "three", ["Role", "twin"], &eve),
    ];
    let rules = Rules::of(objects.iter());
    let request = Attributes { user: "eve", verb: "get", resource: "pods", namespace: "a", ..Attributes::default() };
    let decision = decide(&rules, &request);
    assert!(!decision.allowed);
    assert_eq!(
        decision.reason,
        r#"RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "twin" not found, role.rbac.authorization.k8s.io "near" not found]"#
    );
}

#[test]
fn what_a_server_stored_of_an_aggregated_role_is_what_counts() {
    let mut sum = role("ClusterRole", "", "sum", &Value::Null);
    sum["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": {"part": "one"}}]});
    let mut objects = vec![
        sum,
        role("ClusterRole", "", "one", &json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])),
        binding("ClusterRoleBinding", "", "b", ["ClusterRole", "sum"], &json!({"kind": "User", "name": "eve"})),
    ];
    let allowed = |objects: &[Value]| {
        let request = Attributes { user: "eve", verb: "get", resource: "pods", ..Attributes::default() };
        decide(&Rules::of(objects.iter()), &request).allowed
    };
    assert!(allowed(&objects));
    objects[0]["metadata"]["resourceVersion"] = json!("7");
    assert!(!allowed(&objects), "its controller has not filled it yet");
}

#[test]
fn groups_are_those_that_impersonation_gives() {
    let all = |groups: &[&str]| groups.iter().map(|&group| group.to_owned()).collect::<Vec<_>>();
    let op = "system:serviceaccount:a:op";
    assert_eq!(groups_of(op), all(&["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"]));
    assert_eq!(groups_of("system:serviceaccount:a:op:x"), all(&["system:authenticated"]));
    assert_eq!(groups_of("system:anonymous"), all(&["system:unauthenticated"]));
    assert_eq!(impersonated_groups(op, &all(&["g"])), all(&["g", "system:authenticated"]));
    assert_eq!(impersonated_groups("x", &all(&["system:unauthenticated"])), all(&["system:unauthenticated"]));
}

//! Random roles, bindings and questions: the same for the same seed and the same cluster.

use serde_json::{Value, json};

const GROUP: &str = "rbac.authorization.k8s.io/v1";
/// What is made carries this label, for finding it again.
pub(super) const LABEL: &str = "kloupe-rbac-task";
pub(super) const NAMESPACES: [&str; 3] = ["kloupe-rbac-a", "kloupe-rbac-b", "kloupe-rbac-c"];

const VERBS: [&str; 12] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "*",
    "use",
    "bind",
    "impersonate",
];
const GROUPS: [&str; 6] = ["", "apps", "batch", "*", "example.com", "rbac.authorization.k8s.io"];
const RESOURCES: [&str; 14] = [
    "pods",
    "pods/log",
    "pods/*",
    "*/log",
    "*/scale",
    "*/status",
    "deployments",
    "deployments/scale",
    "*",
    "*/*",
    "secrets",
    "configmaps",
    "widgets",
    "widgets/status",
];
const NAMES: [&str; 3] = ["web", "db", "*"];
const PATHS: [&str; 8] = ["*", "/healthz", "/healthz/*", "/logs*", "/logs/**", "/metrics", "/api/*", "/a*/b"];
const ASKED_PATHS: [&str; 9] =
    ["/healthz", "/healthz/", "/healthz/etcd", "/logs", "/logs/x", "/metrics", "/api", "/api/v1", "/ax/b"];
const USERS: [&str; 4] = ["rbac-eve", "rbac-bob", "rbac-root", "system:serviceaccount:kloupe-rbac-a:web"];
const ACCOUNTS: [&str; 3] = ["web", "db", "operator"];
const MEMBERS: [&str; 4] =
    ["rbac-team", "rbac-ops", "system:serviceaccounts:kloupe-rbac-a", "system:serviceaccounts:kloupe-rbac-b"];

/// Splitmix64: enough to be spread, and no dependency.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or_default()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn some<'a>(&mut self, of: &[&'a str], most: usize) -> Vec<&'a str> {
        let count = 1 + self.below(most);
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..count {
            let one = *self.one(of);
            if !chosen.contains(&one) {
                chosen.push(one);
            }
        }
        chosen
    }

    fn rule(&mut self, of_cluster: bool) -> Value {
        if of_cluster && self.once_in(4) {
            return json!({"verbs": self.some(&["get", "post", "*"], 2), "nonResourceURLs": self.some(&PATHS, 2)});
        }
        let mut rule = json!({"verbs": self.some(&VERBS, 4), "apiGroups": self.some(&GROUPS, 2), "resources": self.some(&RESOURCES, 3)});
        if self.once_in(3) {
            rule["resourceNames"] = json!(self.some(&NAMES, 2));
        }
        rule
    }

    fn subject(&mut self, of_cluster: bool) -> Value {
        let group = "rbac.authorization.k8s.io";
        match self.below(5) {
            0 => json!({"kind": "User", "apiGroup": group, "name": self.one(&USERS)}),
            1 => json!({"kind": "Group", "apiGroup": group, "name": self.one(&MEMBERS)}),
            // Only where it lets nobody do anything outside of what this task made.
            2 if !of_cluster => json!({"kind": "Group", "apiGroup": group,
                "name": self.one(&["system:authenticated", "system:serviceaccounts", "system:unauthenticated"])}),
            3 if !of_cluster => json!({"kind": "ServiceAccount", "name": self.one(&ACCOUNTS)}),
            _ => json!({"kind": "ServiceAccount", "name": self.one(&ACCOUNTS), "namespace": self.one(&NAMESPACES)}),
        }
    }

    /// Roles and bindings; the first of them is the aggregated one.
    pub(super) fn objects(&mut self) -> Vec<Value> {
        let object = |kind: &str, namespace: &str, name: String| {
            let mut metadata = json!({"name": format!("{LABEL}-{name}"), "labels": {LABEL: "made"}});
            if !namespace.is_empty() {
                metadata["namespace"] = Value::from(namespace);
            }
            json!({"apiVersion": GROUP, "kind": kind, "metadata": metadata})
        };
        let mut objects = vec![object("ClusterRole", "", "sum".into())];
        objects[0]["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": {LABEL: "part"}}]});
        for index in 0..16 {
            let mut role = object("ClusterRole", "", index.to_string());
            role["rules"] = (0..=self.below(3)).map(|_| self.rule(true)).collect();
            if index < 3 {
                role["metadata"]["labels"][LABEL] = Value::from("part");
            }
            objects.push(role);
        }
        for namespace in NAMESPACES {
            for index in 0..6 {
                let mut role = object("Role", namespace, index.to_string());
                role["rules"] = (0..=self.below(3)).map(|_| self.rule(false)).collect();
                objects.push(role);
            }
        }
        for (namespace, count) in [("", 14), (NAMESPACES[0], 10), (NAMESPACES[1], 10), (NAMESPACES[2], 10)] {
            for index in 0..count {
                let of_cluster = namespace.is_empty();
                let kind = if of_cluster { "ClusterRoleBinding" } else { "RoleBinding" };
                let mut binding = object(kind, namespace, index.to_string());
                let (role, known) = if of_cluster || self.once_in(2) { ("ClusterRole", 16) } else { ("Role", 6) };
                let name = match self.below(known + 2) {
                    0 => format!("{LABEL}-gone"),
                    1 => format!("{LABEL}-sum"),
                    other => format!("{LABEL}-{}", other - 2),
                };
                binding["roleRef"] = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": role, "name": name});
                binding["subjects"] = (0..=self.below(3)).map(|_| self.subject(of_cluster)).collect();
                objects.push(binding);
            }
        }
        objects
    }

    /// The `spec` of a review; half of the questions are close to what one of these bindings grants.
    pub(super) fn question(&mut self, objects: &[Value]) -> Value {
        let mut spec = self.blind();
        if self.once_in(2) {
            self.aim(objects, &mut spec);
        }
        spec
    }

    fn blind(&mut self) -> Value {
        let mut spec = json!({});
        if self.once_in(3) {
            spec["user"] = Value::from(*self.one(&USERS));
        } else {
            let (namespace, name) = (*self.one(&NAMESPACES), *self.one(&ACCOUNTS));
            self.account(namespace, name, &mut spec);
        }
        if self.once_in(3) {
            spec["groups"] = json!(self.some(&MEMBERS, 3));
        }
        if self.once_in(100) {
            spec["groups"] = json!(["system:masters"]);
        }
        if self.once_in(6) {
            spec["nonResourceAttributes"] =
                json!({"verb": self.one(&["get", "post", "put"]), "path": self.one(&ASKED_PATHS)});
        } else {
            let (resource, subresource) = self.resource("*");
            let verb = *self.one(&VERBS);
            let group = *self.one(&GROUPS);
            spec["resourceAttributes"] = json!({"verb": verb, "group": group, "resource": resource, "subresource": subresource,
                "namespace": self.one(&["", "default", "kube-system", NAMESPACES[0], NAMESPACES[1], NAMESPACES[2]])});
            if self.once_in(3) {
                spec["resourceAttributes"]["name"] = Value::from(*self.one(&["web", "db", "other", "*"]));
            }
        }
        spec
    }

    /// An account with the groups that it has, mostly.
    fn account(&mut self, namespace: &str, name: &str, spec: &mut Value) {
        let user = format!("system:serviceaccount:{namespace}:{name}");
        if !self.once_in(5) {
            spec["groups"] = json!(kloupe_diagnosis::rbac::groups_of(&user));
        }
        spec["user"] = Value::from(user);
    }

    /// Resource and subresource that a rule's word may mean.
    fn resource(&mut self, word: &str) -> (String, String) {
        let (resource, subresource) = word.split_once('/').unwrap_or((word, ""));
        let concrete = |random: &mut Random, word: &str, of: &[&str]| {
            if word == "*" { (*random.one(of)).to_owned() } else { word.to_owned() }
        };
        let parent = concrete(self, resource, &["pods", "deployments", "widgets", "secrets", "*"]);
        let sub = if word == "*" { *self.one(&["", "", "log", "scale", "status"]) } else { subresource };
        (parent, concrete(self, sub, &["log", "scale", "status"]))
    }

    fn aim(&mut self, objects: &[Value], spec: &mut Value) {
        let bindings: Vec<&Value> =
            objects.iter().filter(|it| it["kind"].as_str().is_some_and(|kind| kind.ends_with("Binding"))).collect();
        if bindings.is_empty() {
            return;
        }
        let binding = *self.one(&bindings);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let home = text(&binding["metadata"]["namespace"]);
        let empty = Vec::new();
        let subjects = binding["subjects"].as_array().unwrap_or(&empty);
        if subjects.is_empty() {
            return;
        }
        let subject = self.one(subjects);
        let name = text(&subject["name"]);
        match subject["kind"].as_str() {
            Some("User") => spec["user"] = Value::from(name),
            Some("Group") => spec["groups"] = json!([name]),
            _ => {
                let own = text(&subject["namespace"]);
                let namespace = if own.is_empty() { home.clone() } else { own };
                self.account(&namespace, &name, spec);
            }
        }
        let bound = objects.iter().find(|it| {
            it["kind"] == binding["roleRef"]["kind"]
                && it["metadata"]["name"] == binding["roleRef"]["name"]
                && (it["kind"] == "ClusterRole" || it["metadata"]["namespace"] == binding["metadata"]["namespace"])
        });
        let Some(rules) = bound.and_then(|role| role["rules"].as_array()).filter(|rules| !rules.is_empty()) else {
            return;
        };
        let rule = self.one(rules);
        let word = |key: &str, random: &mut Random, other: &[&str]| {
            let words: Vec<&str> = rule[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if words.is_empty() {
                return String::new();
            }
            match *random.one(&words) {
                "*" => (*random.one(other)).to_owned(),
                word => word.to_owned(),
            }
        };
        let Some(fields) = spec.as_object_mut() else { return };
        fields.remove("resourceAttributes");
        fields.remove("nonResourceAttributes");
        let verb = word("verbs", self, &VERBS);
        if rule["nonResourceURLs"].is_array() {
            let path = word("nonResourceURLs", self, &ASKED_PATHS).replace('*', "x");
            fields.insert("nonResourceAttributes".into(), json!({"verb": verb, "path": path}));
            return;
        }
        let resources: Vec<String> = rule["resources"].as_array().into_iter().flatten().map(text).collect();
        if resources.is_empty() {
            return;
        }
        let wanted = self.one(&resources).clone();
        let (resource, subresource) = self.resource(&wanted);
        let namespace = if self.once_in(6) { (*self.one(&NAMESPACES)).to_owned() } else { home };
        let asked = json!({"verb": verb, "group": word("apiGroups", self, &GROUPS), "resource": resource,
            "subresource": subresource, "namespace": namespace, "name": word("resourceNames", self, &NAMES)});
        fields.insert("resourceAttributes".into(), asked);
    }
}

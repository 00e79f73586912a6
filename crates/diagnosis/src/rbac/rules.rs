//! Roles and bindings, indexed once, and the API server's way of judging a request by them.

use std::collections::BTreeMap;

use kloupe_model::Object;
use serde_json::Value;

const GROUP: &str = "rbac.authorization.k8s.io";
/// Its members may do everything, before any rule is looked at.
const MASTERS: &str = "system:masters";

/// What an authorizer knows of a request.
#[derive(Clone, Debug, Default)]
pub struct Attributes<'a> {
    /// The user, `system:serviceaccount:NAMESPACE:NAME` for an account.
    pub user: &'a str,
    /// The user's groups, all of them: nothing is added (see [`groups_of`]).
    pub groups: &'a [String],
    /// The verb.
    pub verb: &'a str,
    /// The API group, empty for core.
    pub group: &'a str,
    /// The resource, without a subresource.
    pub resource: &'a str,
    /// The subresource, or empty.
    pub subresource: &'a str,
    /// The object's name, or empty.
    pub name: &'a str,
    /// The namespace, empty for a request at cluster scope.
    pub namespace: &'a str,
    /// The path of a request that is not about a resource.
    pub path: Option<&'a str>,
}

/// What allowed a request.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'r> {
    /// The binding.
    pub binding: &'r Item<'r>,
    /// The role it refers to.
    pub role: &'r Item<'r>,
    /// The rule's place among the role's rules.
    pub index: usize,
    /// The rule.
    pub rule: &'r Value,
    /// Whom the binding means: its first subject that is the user.
    pub subject: &'r Value,
}

impl Grant<'_> {
    /// The API server's words for it.
    pub fn reason(&self) -> String {
        format!("RBAC: allowed by {}", source(self.binding, self.subject))
    }
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Decision<'r> {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The API server's words.
    pub reason: String,
    /// The rule that allows it; none for a member of `system:masters`.
    pub by: Option<Grant<'r>>,
}

/// A role or binding.
#[derive(Debug)]
pub struct Item<'v> {
    /// `Role`, `ClusterRole`, `RoleBinding` or `ClusterRoleBinding`.
    pub kind: &'v str,
    /// Empty for what belongs to the cluster.
    pub namespace: &'v str,
    /// The name.
    pub name: &'v str,
    /// The object.
    pub value: &'v Value,
}

/// The roles and bindings of a cluster.
#[derive(Debug, Default)]
pub struct Rules<'v> {
    /// By kind (`Role`, `ClusterRole`), namespace, name; with the rules that count.
    roles: BTreeMap<(&'v str, &'v str, &'v str), (Item<'v>, Vec<&'v Value>)>,
    /// By namespace (empty: of the cluster), then name.
    bindings: BTreeMap<(&'v str, &'v str), Item<'v>>,
}

impl<'v> Rules<'v> {
    /// Indexes the RBAC objects among these; others are passed over.
    pub fn of(objects: impl Iterator<Item = &'v Value>) -> Self {
        Self::index(objects.filter_map(|value| {
            let version = text(value, "apiVersion");
            if version.split_once('/').is_none_or(|(group, _)| group != GROUP) {
                return None;
            }
            let metadata = value.get("metadata")?;
            let (namespace, name) = (text(metadata, "namespace"), text(metadata, "name"));
            Some(Item { kind: text(value, "kind"), namespace, name, value })
        }))
    }

    /// Indexes the RBAC objects of a capture that were read whole.
    pub fn of_objects(objects: impl IntoIterator<Item = &'v Object>) -> Self {
        let read = objects.into_iter().filter(|object| object.whole && object.reference.group == GROUP);
        Self::index(read.map(|object| Item {
            kind: &object.reference.kind,
            namespace: &object.reference.namespace,
            name: &object.reference.name,
            value: object.value(),
        }))
    }

    fn index(items: impl Iterator<Item = Item<'v>>) -> Self {
        let mut rules = Self::default();
        for mut item in items {
            if item.kind.starts_with("Cluster") {
                item.namespace = "";
            }
            match item.kind {
                "ClusterRole" | "Role" => {
                    let own = list(item.value, "rules").iter().collect();
                    rules.roles.entry((item.kind, item.namespace, item.name)).or_insert((item, own));
                }
                "ClusterRoleBinding" => {
                    rules.bindings.entry(("", item.name)).or_insert(item);
                }
                "RoleBinding" if !item.namespace.is_empty() => {
                    rules.bindings.entry((item.namespace, item.name)).or_insert(item);
                }
                _ => {}
            }
        }
        rules.aggregate();
        rules
    }

    /// Gives the aggregated roles of manifests the rules that the controller would store; what a server stored is what counts.
    fn aggregate(&mut self) {
        let open: Vec<_> = self
            .roles
            .iter()
            .filter(|(key, (item, own))| {
                key.0 == "ClusterRole" && own.is_empty() && !was_stored(item.value) && !selectors(item.value).is_empty()
            })
            .map(|(key, _)| *key)
            .collect();
        // A selected role may be aggregated itself: go on until nothing is added, as the controller does.
        loop {
            let mut changed = false;
            for key in &open {
                let mut found: Vec<&'v Value> = Vec::new();
                for selector in selectors(self.roles[key].0.value) {
                    for (other, (item, rules)) in &self.roles {
                        if other.0 == "ClusterRole" && other != key && selects(selector, item.value) {
                            for rule in rules {
                                if !found.contains(rule) {
                                    found.push(rule);
                                }
                            }
                        }
                    }
                }
                if let Some((_, rules)) = self.roles.get_mut(key)
                    && rules.len() < found.len()
                {
                    *rules = found;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Every role with the rules that count, by kind, namespace and name.
    pub fn roles(&self) -> impl Iterator<Item = (&Item<'v>, &[&'v Value])> {
        self.roles.values().map(|(item, rules)| (item, rules.as_slice()))
    }

    /// Every binding, those of the cluster first, by namespace and name.
    pub fn bindings(&self) -> impl Iterator<Item = &Item<'v>> {
        self.bindings.values()
    }

    /// The bindings that count for a request in a namespace (empty: at cluster scope).
    fn bindings_in<'r>(&'r self, namespace: &'r str) -> impl Iterator<Item = &'r Item<'v>> {
        self.bindings().filter(move |binding| binding.namespace.is_empty() || binding.namespace == namespace)
    }

    /// The role that a binding refers to, and its rules.
    ///
    /// # Errors
    /// The API server's words when there is no such role.
    pub fn role_of(&self, binding: &Item<'v>) -> Result<(&Item<'v>, &[&'v Value]), String> {
        let reference = binding.value.get("roleRef").unwrap_or(&Value::Null);
        let (kind, name) = (text(reference, "kind"), text(reference, "name"));
        let namespace = if kind == "Role" { binding.namespace } else { "" };
        match kind {
            "Role" | "ClusterRole" => self
                .roles
                .get(&(kind, namespace, name))
                .map(|(item, rules)| (item, rules.as_slice()))
                .ok_or_else(|| format!("{}.{GROUP} {name:?} not found", kind.to_lowercase())),
            _ => Err(format!("unsupported role reference kind: {kind:?}")),
        }
    }

    /// The rules that count for a user in a namespace: of resources and of paths, in the authorizer's order, not compacted.
    pub fn rules_for(&self, user: &str, groups: &[String], namespace: &str) -> (Vec<&'v Value>, Vec<&'v Value>) {
        let all: Vec<&'v Value> = self
            .bindings_in(namespace)
            .filter(|binding| subject_of(binding, user, groups).is_some())
            .filter_map(|binding| self.role_of(binding).ok())
            .flat_map(|(_, rules)| rules.iter().copied())
            .collect();
        let with = |key: &str| all.iter().copied().filter(|rule| !list(rule, key).is_empty()).collect();
        (with("resources"), with("nonResourceURLs"))
    }

    /// The roles that a user's bindings in a namespace refer to and that are not there, in the API server's words.
    pub fn errors_for(&self, user: &str, groups: &[String], namespace: &str) -> Vec<String> {
        let mut errors = Vec::new();
        for binding in self.bindings_in(namespace).filter(|binding| subject_of(binding, user, groups).is_some()) {
            if let Err(error) = self.role_of(binding)
                && !errors.contains(&error)
            {
                errors.push(error);
            }
        }
        errors
    }
}

/// Judges a request as the API server does.
pub fn judge<'r>(rules: &'r Rules<'r>, request: &Attributes<'_>) -> Decision<'r> {
    if request.groups.iter().any(|group| group == MASTERS) {
        return Decision { allowed: true, reason: String::new(), by: None };
    }
    let mut errors: Vec<String> = Vec::new();
    // A path is in no namespace.
    let namespace = if request.path.is_some() { "" } else { request.namespace };
    for binding in rules.bindings().filter(|one| one.namespace.is_empty() || one.namespace == namespace) {
        let Some(subject) = subject_of(binding, request.user, request.groups) else { continue };
        match rules.role_of(binding) {
            Ok((role, own)) => {
                if let Some(index) = own.iter().position(|rule| allows(rule, request)) {
                    let by = Grant { binding, role, index, rule: own[index], subject };
                    return Decision { allowed: true, reason: by.reason(), by: Some(by) };
                }
            }
            Err(error) if !errors.contains(&error) => errors.push(error),
            Err(_) => {}
        }
    }
    let reason = match errors.as_slice() {
        [] => String::new(),
        [one] => format!("RBAC: {one}"),
        more => format!("RBAC: [{}]", more.join(", ")),
    };
    Decision { allowed: false, reason, by: None }
}

/// Everything that allows a request: each rule of each binding, in the order in which they are looked at.
pub fn grants<'r>(rules: &'r Rules<'r>, request: &Attributes<'_>) -> Vec<Grant<'r>> {
    let namespace = if request.path.is_some() { "" } else { request.namespace };
    let mut found = Vec::new();
    for binding in rules.bindings().filter(|one| one.namespace.is_empty() || one.namespace == namespace) {
        let Some(subject) = subject_of(binding, request.user, request.groups) else { continue };
        let Ok((role, own)) = rules.role_of(binding) else { continue };
        let allowing = own.iter().enumerate().filter(|(_, rule)| allows(rule, request));
        found.extend(allowing.map(|(index, rule)| Grant { binding, role, index, rule, subject }));
    }
    found
}

/// The groups the API server gives a user that it knows only by name, as for `--as`.
pub fn groups_of(user: &str) -> Vec<String> {
    let account = user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    let groups = match account {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains(':') => {
            vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")]
        }
        _ => Vec::new(),
    };
    with_authenticated(user, groups)
}

/// The groups of a user who is impersonated with these groups: they are all it has, beside that of everybody.
pub fn impersonated_groups(user: &str, groups: &[String]) -> Vec<String> {
    if groups.is_empty() { groups_of(user) } else { with_authenticated(user, groups.to_vec()) }
}

fn with_authenticated(user: &str, mut groups: Vec<String>) -> Vec<String> {
    const ALL: [&str; 2] = ["system:authenticated", "system:unauthenticated"];
    let anonymous = user == "system:anonymous";
    let has = |group: &str| groups.iter().any(|own| own == group);
    if anonymous && !has(ALL[1]) {
        groups.push(ALL[1].to_owned());
    } else if !anonymous && !has(ALL[0]) && !has(ALL[1]) {
        groups.push(ALL[0].to_owned());
    }
    groups
}

/// Whether one rule allows a request, wherever the rule is bound.
pub fn allows(rule: &Value, request: &Attributes<'_>) -> bool {
    if !covers(rule, "verbs", request.verb) {
        return false;
    }
    if let Some(path) = request.path {
        return strings(rule, "nonResourceURLs")
            .any(|url| url == "*" || url == path || url.ends_with('*') && path.starts_with(url.trim_end_matches('*')));
    }
    covers(rule, "apiGroups", request.group)
        && covers_resource(rule, request.resource, request.subresource)
        && (list(rule, "resourceNames").is_empty() || strings(rule, "resourceNames").any(|name| name == request.name))
}

/// Whether a rule's resources hold this one: by name, by `*`, or a subresource by `*/NAME`.
pub(super) fn covers_resource(rule: &Value, resource: &str, subresource: &str) -> bool {
    strings(rule, "resources").any(|one| {
        one == "*"
            || if subresource.is_empty() {
                one == resource
            } else {
                one.strip_suffix(subresource)
                    .and_then(|rest| rest.strip_suffix('/'))
                    .is_some_and(|parent| parent == "*" || parent == resource)
            }
    })
}

/// The first subject of a binding that is this user.
pub(super) fn subject_of<'v>(binding: &Item<'v>, user: &str, groups: &[String]) -> Option<&'v Value> {
    list(binding.value, "subjects").iter().find(|subject| {
        let name = text(subject, "name");
        match text(subject, "kind") {
            "User" => name == user,
            "Group" => groups.iter().any(|group| group == name),
            "ServiceAccount" => {
                let namespace = account_namespace(binding, subject);
                !namespace.is_empty()
                    && user
                        .strip_prefix("system:serviceaccount:")
                        .and_then(|rest| rest.strip_prefix(namespace))
                        .and_then(|rest| rest.strip_prefix(':'))
                        == Some(name)
            }
            _ => false,
        }
    })
}

/// The namespace of an account: a subject without one means that of the binding.
pub(super) fn account_namespace<'v>(binding: &Item<'v>, subject: &'v Value) -> &'v str {
    match text(subject, "namespace") {
        "" => binding.namespace,
        own => own,
    }
}

fn source(binding: &Item<'_>, subject: &Value) -> String {
    let reference = binding.value.get("roleRef").unwrap_or(&Value::Null);
    let (role_kind, role) = (text(reference, "kind"), text(reference, "name"));
    let mut name = binding.name.to_owned();
    if binding.kind == "RoleBinding" {
        name = format!("{name}/{}", binding.namespace);
    }
    let kind = text(subject, "kind");
    let mut who = text(subject, "name").to_owned();
    if kind == "ServiceAccount" {
        who = format!("{who}/{}", account_namespace(binding, subject));
    }
    format!("{} {name:?} of {role_kind} {role:?} to {kind} {who:?}", binding.kind)
}

/// Whether a server gave this object out, rather than a person wrote it.
fn was_stored(object: &Value) -> bool {
    object.get("metadata").is_some_and(|metadata| !text(metadata, "resourceVersion").is_empty())
}

fn selectors(role: &Value) -> &[Value] {
    role.get("aggregationRule").map_or(&[], |rule| list(rule, "clusterRoleSelectors"))
}

/// A label selector over an object's labels; the empty one selects everything.
fn selects(selector: &Value, object: &Value) -> bool {
    let label = |key: &str| object.get("metadata")?.get("labels")?.get(key)?.as_str();
    let equal = selector.get("matchLabels").and_then(Value::as_object);
    equal.into_iter().flatten().all(|(key, value)| label(key).is_some() && label(key) == value.as_str())
        && list(selector, "matchExpressions").iter().all(|one| {
            let own = label(text(one, "key"));
            let among = || own.is_some_and(|own| strings(one, "values").any(|value| value == own));
            match text(one, "operator") {
                "In" => among(),
                "NotIn" => !among(),
                "Exists" => own.is_some(),
                "DoesNotExist" => own.is_none(),
                _ => false,
            }
        })
}

/// Whether a list of a rule holds `*` or this.
pub(super) fn covers(rule: &Value, key: &str, wanted: &str) -> bool {
    strings(rule, key).any(|value| value == "*" || value == wanted)
}

/// The strings of a list.
pub(super) fn strings<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    list(value, key).iter().filter_map(Value::as_str)
}

/// A list, empty when there is none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A string, empty when there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

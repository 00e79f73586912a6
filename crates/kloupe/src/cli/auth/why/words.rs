//! The answer in words.

use kloupe_diagnosis::rbac::{Attributes, Grant, Item, Lack, Near};
use kloupe_model::{Lang, say};
use serde_json::Value;

use super::field;

/// More roles that nobody gave would not help.
const MOST_UNBOUND: usize = 5;

/// `list secrets in namespace shop`.
fn asked(lang: Lang, request: &Attributes<'_>) -> String {
    let verb = request.verb;
    if let Some(path) = request.path {
        return format!("{verb} {path}");
    }
    let what = what(request);
    let what = if request.name.is_empty() { what } else { format!("{what} \"{}\"", request.name) };
    match request.namespace {
        "" => say!(lang, en: "{verb} {what} in the whole cluster", zh: "在整个集群中 {verb} {what}"),
        namespace => {
            say!(lang, en: "{verb} {what} in namespace {namespace}", zh: "在命名空间 {namespace} 中 {verb} {what}")
        }
    }
}

/// `deployments.apps/scale`.
fn what(request: &Attributes<'_>) -> String {
    let group = if request.group.is_empty() { String::new() } else { format!(".{}", request.group) };
    let sub = if request.subresource.is_empty() { String::new() } else { format!("/{}", request.subresource) };
    format!("{}{group}{sub}", request.resource)
}

/// Yes or no, with what the API server says of it.
pub(super) fn answer(lang: Lang, request: &Attributes<'_>, status: &Value) -> String {
    let (user, asked) = (request.user, asked(lang, request));
    let allowed = status.get("allowed").and_then(Value::as_bool).unwrap_or_default();
    let (reason, error) = (field(status, "reason"), field(status, "evaluationError"));
    if allowed {
        return say!(lang, en: "yes: {user} may {asked}\n", zh: "允许：{user} 可以{asked}\n");
    }
    let mut text = if error.is_empty() {
        say!(lang, en: "no: {user} may not {asked}\n", zh: "不允许：{user} 不可以{asked}\n")
    } else {
        say!(lang, en: "not known: whether {user} may {asked}\n", zh: "无法判断：{user} 是否可以{asked}\n")
    };
    for said in [reason, error].into_iter().filter(|said| !said.is_empty()) {
        text.push_str(&format!("  {said}\n"));
    }
    text
}

/// What could not be read, and what that means.
pub(super) fn not_read(lang: Lang, refused: &[(String, String)], all: bool) -> String {
    let mut kinds: Vec<&str> = refused.iter().map(|(kind, _)| kind.as_str()).collect();
    kinds.sort_unstable();
    let kinds = kinds.join(", ");
    let why = refused.first().map(|(_, why)| why.as_str()).unwrap_or_default();
    if all {
        say!(
            lang,
            en: "the rules cannot be shown, {kinds} may not be read: {why}\nthe answer is the API server's own",
            zh: "无法显示规则，不能读取 {kinds}：{why}\n以下是 API server 自己的答案"
        )
    } else {
        say!(
            lang,
            en: "not all rules are looked at, {kinds} may not be read: {why}",
            zh: "没有查看全部规则，不能读取 {kinds}：{why}"
        )
    }
}

/// Every rule that grants it.
pub(super) fn granted(lang: Lang, request: &Attributes<'_>, grants: &[Grant<'_>], whole: bool, page: &mut String) {
    if !grants.is_empty() {
        page.push_str(&say!(lang, en: "\nGranted by:\n", zh: "\n由以下规则授予：\n"));
        for grant in grants {
            page.push_str(&format!("  {}\n      {}\n", place(lang, grant), rule(grant.rule)));
        }
    }
    if request.groups.iter().any(|group| group == "system:masters") {
        page.push_str(&say!(
            lang,
            en: "  A member of system:masters may do everything, whatever the rules say.\n",
            zh: "  system:masters 的成员可以执行任何操作，与规则无关。\n"
        ));
    } else if grants.is_empty() && whole {
        page.push_str(&say!(
            lang,
            en: "  No Role grants it: another authorizer of the API server does.\n",
            zh: "  没有任何 Role 授予该权限：由 API server 的其他授权器允许。\n"
        ));
    }
}

/// Rules grant it and the API server refuses all the same.
pub(super) fn overruled(lang: Lang, request: &Attributes<'_>, grants: &[Grant<'_>], page: &mut String) {
    page.push_str(&say!(
        lang,
        en: "  Rules grant it, and the API server still refuses: another authorizer does, or the rules have just changed.\n",
        zh: "  规则已经授予，但 API server 仍然拒绝：由其他授权器拒绝，或规则刚刚变化。\n"
    ));
    granted(lang, request, grants, false, page);
}

/// What comes close to granting it.
pub(super) fn close(lang: Lang, request: &Attributes<'_>, near: &[Near<'_>], page: &mut String) {
    if near.is_empty() {
        page.push_str(&say!(
            lang,
            en: "  No rule that was read comes close to allowing it.\n",
            zh: "  读到的规则中没有接近允许该操作的。\n"
        ));
        return;
    }
    page.push_str(&say!(lang, en: "\nWhat comes close:\n", zh: "\n最接近的：\n"));
    let (mut shown, mut more) = (0, 0);
    for one in near {
        if let Near::Unbound { apt, .. } = one {
            if !apt || shown == MOST_UNBOUND {
                more += 1;
                continue;
            }
            shown += 1;
        }
        let (place, why) = self::near(lang, request, one);
        page.push_str(&format!("  {place}\n      {why}\n"));
    }
    if more > 0 {
        page.push_str(&say!(
            lang,
            en: "  {more} other roles allow it and are not bound to it, the system's own and those for everything among them.\n",
            zh: "  另有 {more} 个角色允许该操作但未绑定，其中包括系统自带的和允许一切的角色。\n"
        ));
    }
}

/// Where something comes close, and what it lacks.
pub(super) fn near(lang: Lang, request: &Attributes<'_>, near: &Near<'_>) -> (String, String) {
    match near {
        Near::Rule { grant, lack } => (place(lang, grant), lacks(lang, request, grant.rule, *lack)),
        Near::Namesake(grant) => (place(lang, grant), namesake(lang, request, grant)),
        Near::Elsewhere(grant) => {
            let inside = grant.binding.namespace;
            let why = match (request.path, request.namespace) {
                (Some(_), _) => say!(
                    lang,
                    en: "it allows the path, but a RoleBinding grants no paths: that takes a ClusterRoleBinding",
                    zh: "它允许该路径，但 RoleBinding 不能授予路径：需要 ClusterRoleBinding"
                ),
                (None, "") => say!(
                    lang,
                    en: "it allows it in namespace {inside} only: the whole cluster takes a ClusterRoleBinding",
                    zh: "它只在命名空间 {inside} 中允许：整个集群需要 ClusterRoleBinding"
                ),
                (None, namespace) => say!(
                    lang,
                    en: "it allows it in namespace {inside}, not in {namespace}",
                    zh: "它在命名空间 {inside} 中允许，在 {namespace} 中不允许"
                ),
            };
            (place(lang, grant), why)
        }
        Near::NoRole { binding, error } => {
            let reference = binding.value.get("roleRef").unwrap_or(&Value::Null);
            let (binding, role) =
                (item(binding), format!("{} \"{}\"", field(reference, "kind"), field(reference, "name")));
            let why = say!(
                lang,
                en: "it refers to {role}, which is not there: {error}",
                zh: "它引用的 {role} 不存在：{error}"
            );
            (binding, why)
        }
        Near::Empty { binding, role } => {
            let (binding, role) = (item(binding), item(role));
            let why = say!(
                lang,
                en: "its rules are put together from other ClusterRoles by labels, and there are none: check the labels and the controller manager",
                zh: "它的规则由其他 ClusterRole 按标签聚合而成，目前为空：请检查标签和 controller manager"
            );
            (format!("{binding} → {role}"), why)
        }
        Near::Unbound { role, index, .. } => {
            let (role, number, user) = (item(role), numbered(lang, index + 1), request.user);
            let why = say!(lang, en: "it allows it, and no binding gives it to {user}", zh: "它允许该操作，但没有绑定给 {user}");
            (format!("{role}{number}"), why)
        }
    }
}

fn lacks(lang: Lang, request: &Attributes<'_>, rule: &Value, lack: Lack) -> String {
    let shown = |key: &str| strings(rule, key);
    let (verb, group, what) = (request.verb, quoted(request.group), what(request));
    match lack {
        Lack::Verb => {
            let verbs = shown("verbs");
            say!(lang, en: "it allows {verbs}, not {verb}", zh: "它允许 {verbs}，不允许 {verb}")
        }
        Lack::Group => {
            let groups = shown("apiGroups");
            say!(lang, en: "it is for the groups {groups}, not {group}", zh: "它针对组 {groups}，不是 {group}")
        }
        Lack::Subresource => {
            let resources = shown("resources");
            say!(
                lang,
                en: "it is for {resources}; a resource and its subresources are allowed apart, this is {what}",
                zh: "它针对 {resources}；资源与子资源需分别授权，这里是 {what}"
            )
        }
        Lack::Spelling => {
            let (resources, resource) = (shown("resources"), request.resource);
            say!(
                lang,
                en: "it says {resources}; a rule takes the plural in small letters without the group: {resource}",
                zh: "它写的是 {resources}；规则中应写小写复数且不带组：{resource}"
            )
        }
        Lack::Name if request.name.is_empty() => {
            let names = shown("resourceNames");
            say!(
                lang,
                en: "it is limited to the names {names}; this {verb} comes without a name",
                zh: "它只针对名称 {names}；这个 {verb} 请求不带名称"
            )
        }
        Lack::Name => {
            let (names, name) = (shown("resourceNames"), request.name);
            say!(lang, en: "it is limited to the names {names}, not \"{name}\"", zh: "它只针对名称 {names}，不包括 \"{name}\"")
        }
        Lack::Path => {
            let (paths, path) = (shown("nonResourceURLs"), request.path.unwrap_or_default());
            say!(lang, en: "it is for {paths}, not {path}", zh: "它针对 {paths}，不是 {path}")
        }
    }
}

fn namesake(lang: Lang, request: &Attributes<'_>, grant: &Grant<'_>) -> String {
    let (name, user) = (field(grant.subject, "name"), request.user);
    if field(grant.subject, "kind") == "User" {
        return say!(
            lang,
            en: "it is bound to a User \"{name}\"; the account is a ServiceAccount, or the User \"{user}\"",
            zh: "它绑定的是 User \"{name}\"；该账户应写作 ServiceAccount，或 User \"{user}\""
        );
    }
    match field(grant.subject, "namespace") {
        "" => say!(
            lang,
            en: "it is bound to ServiceAccount {name} without a namespace, which a ClusterRoleBinding needs",
            zh: "它绑定的 ServiceAccount {name} 没有写命名空间，ClusterRoleBinding 必须写"
        ),
        other => say!(
            lang,
            en: "it is bound to ServiceAccount {name} of namespace {other}, which is another account",
            zh: "它绑定的是命名空间 {other} 的 ServiceAccount {name}，是另一个账户"
        ),
    }
}

/// `RoleBinding shop/b → Role shop/r, rule 2, for ServiceAccount web`.
fn place(lang: Lang, grant: &Grant<'_>) -> String {
    let (kind, name) = (field(grant.subject, "kind"), field(grant.subject, "name"));
    let (binding, role, number) = (item(grant.binding), item(grant.role), numbered(lang, grant.index + 1));
    say!(lang, en: "{binding} → {role}{number}, for {kind} {name}", zh: "{binding} → {role}{number}，授予 {kind} {name}")
}

fn numbered(lang: Lang, number: usize) -> String {
    say!(lang, en: ", rule {number}", zh: "，第 {number} 条规则")
}

fn item(item: &Item<'_>) -> String {
    let slash = if item.namespace.is_empty() { "" } else { "/" };
    format!("{} {}{slash}{}", item.kind, item.namespace, item.name)
}

/// `get, list on pods of group ""`, as the rule has it.
fn rule(rule: &Value) -> String {
    let mut parts = Vec::new();
    for (key, label) in [
        ("verbs", "verbs"),
        ("apiGroups", "apiGroups"),
        ("resources", "resources"),
        ("resourceNames", "resourceNames"),
        ("nonResourceURLs", "nonResourceURLs"),
    ] {
        if rule.get(key).and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
            parts.push(format!("{label} {}", strings(rule, key)));
        }
    }
    parts.join(", ")
}

/// `[get list]`, the core group as `""`.
fn strings(rule: &Value, key: &str) -> String {
    let list = rule.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    format!("[{}]", list.map(quoted).collect::<Vec<_>>().join(" "))
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "\"\"".to_owned() } else { text.to_owned() }
}

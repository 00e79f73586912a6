//! Which requests an admission webhook or policy is about.

use kloupe_model::{Lang, say};
use serde_json::Value;

use super::plain;
use super::section::Section;
use crate::describe::value::{list, text, texts};
use crate::selector::label_selector;

/// Writes the selectors of namespaces and objects.
pub(super) fn selectors(section: &mut Section, of: &Value) {
    let lang = section.lang;
    let fields = [
        ("namespaceSelector", say!(lang, en: "Namespaces", zh: "命名空间")),
        ("objectSelector", say!(lang, en: "Objects", zh: "对象")),
    ];
    for (field, label) in fields {
        let selector = match label_selector(&of[field]) {
            all if all.is_empty() => say!(lang, en: "all", zh: "全部"),
            selector => selector,
        };
        section.field(&label, selector);
    }
}

/// Writes rules, or that there are none.
pub(super) fn rules(section: &mut Section, rules: &Value) {
    let lang = section.lang;
    let label = say!(lang, en: "For", zh: "针对");
    let rules: Vec<String> = list(rules).iter().map(|rule| self::rule(lang, rule)).collect();
    if rules.is_empty() {
        let none = say!(lang, en: "nothing: it has no rules", zh: "无：没有规则");
        return section.field(&label, none);
    }
    section.values(&label, rules);
}

/// `CREATE, UPDATE of deployments, deployments/scale in apps/v1`.
pub(super) fn rule(lang: Lang, rule: &Value) -> String {
    let joined = |field: &str| texts(&rule[field]).join(", ");
    let versions = texts(&rule["apiVersions"]);
    let groups = texts(&rule["apiGroups"]).into_iter().flat_map(|group| {
        versions
            .iter()
            .map(move |version| if group.is_empty() { (*version).to_owned() } else { format!("{group}/{version}") })
    });
    let groups = groups.collect::<Vec<_>>().join(", ");
    let scope = match text(&rule["scope"]) {
        "" | "*" => String::new(),
        _ => format!(" ({})", plain(&rule["scope"])),
    };
    let names = match joined("resourceNames") {
        none if none.is_empty() => String::new(),
        names => say!(lang, en: " named {names}", zh: "（名为 {names}）"),
    };
    let (operations, resources) = (joined("operations"), joined("resources"));
    say!(
        lang,
        en: "{operations} of {resources} in {groups}{names}{scope}",
        zh: "{groups} 的 {resources}：{operations}{names}{scope}"
    )
}

/// Writes the conditions in CEL, each with its name.
pub(super) fn conditions(section: &mut Section, conditions: &Value) {
    let label = say!(section.lang, en: "Only if", zh: "仅当");
    let lines = list(conditions)
        .iter()
        .map(|condition| format!("{}: {}", plain(&condition["name"]), plain(&condition["expression"])));
    section.values(&label, lines);
}

/// Writes what becomes of a request when it cannot be judged.
pub(super) fn failure(section: &mut Section, policy: &Value) {
    let lang = section.lang;
    let said = match text(policy) {
        "Ignore" => {
            say!(lang, en: "Ignore: the request goes on as if it were not there", zh: "Ignore：忽略它，请求继续")
        }
        _ => say!(lang, en: "Fail: the request is refused", zh: "Fail：请求被拒绝"),
    };
    section.field(&say!(lang, en: "If it fails", zh: "出错时"), said);
}

#[cfg(test)]
mod tests {
    use kloupe_model::Lang;
    use serde_json::json;

    #[test]
    fn a_rule_in_words() {
        let rule = json!({"operations": ["CREATE", "UPDATE"], "apiGroups": ["", "apps"], "apiVersions": ["v1"],
            "resources": ["pods", "deployments"], "scope": "Namespaced", "resourceNames": ["a"]});
        assert_eq!(
            super::rule(Lang::En, &rule),
            "CREATE, UPDATE of pods, deployments in v1, apps/v1 named a (Namespaced)"
        );
        let rule =
            json!({"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "scope": "*"});
        assert_eq!(super::rule(Lang::En, &rule), "* of * in */*");
    }
}

//! Admission policies: what they demand, of which requests, and whether a binding brings them into force.

use kloupe_model::{Lang, say};
use serde_json::Value;

use super::section::Section;
use super::{Typed, matching, plain};
use crate::describe::value::{list, set, text, texts};
use crate::describe::{Query, Subject};

pub(crate) static TYPED: Typed = Typed {
    kinds: &[
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ],
    queries,
    write,
};

fn queries(object: &Value) -> Vec<Query> {
    vec![bindings(object)]
}

fn bindings(object: &Value) -> Query {
    let resource = match text(&object["kind"]) {
        "MutatingAdmissionPolicy" => "mutatingadmissionpolicybindings",
        _ => "validatingadmissionpolicybindings",
    };
    Query::list(text(&object["apiVersion"]), resource, "")
}

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let spec = subject.spec();
    let constraints = &spec["matchConstraints"];
    matching::rules(section, &constraints["resourceRules"]);
    let except = list(&constraints["excludeResourceRules"]).iter().map(|rule| matching::rule(lang, rule));
    section.values(&say!(lang, en: "But not for", zh: "但不针对"), except);
    matching::selectors(section, constraints);
    matching::conditions(section, &spec["matchConditions"]);
    if let Some(kind) = set(&spec["paramKind"]) {
        let kind = format!("{} {}", plain(&kind["apiVersion"]), plain(&kind["kind"]));
        section.field(&say!(lang, en: "Parameters", zh: "参数"), kind);
    }
    let demands = list(&spec["validations"]).iter().map(|validation| {
        let said = plain(&validation["message"]);
        let because = if said.is_empty() { plain(&validation["messageExpression"]) } else { said };
        let expression = plain(&validation["expression"]);
        if because.is_empty() {
            expression
        } else {
            say!(lang, en: "{expression} (else: {because})", zh: "{expression}（否则：{because}）")
        }
    });
    section.values(&say!(lang, en: "Demands", zh: "要求"), demands);
    let changes = list(&spec["mutations"]).iter().map(|mutation| {
        let expression = set(&mutation["applyConfiguration"]).unwrap_or(&mutation["jsonPatch"]);
        format!("{}: {}", plain(&mutation["patchType"]), plain(&expression["expression"]))
    });
    section.values(&say!(lang, en: "Changes", zh: "修改"), changes);
    matching::failure(section, &spec["failurePolicy"]);
    in_force(section, subject);
    let warnings = list(&subject.status()["typeChecking"]["expressionWarnings"]).iter();
    let warnings = warnings.map(|warning| format!("{}: {}", plain(&warning["fieldRef"]), plain(&warning["warning"])));
    section.values(&say!(lang, en: "Doubtful types", zh: "类型检查警告"), warnings);
}

/// Writes the bindings; a policy without any does nothing.
fn in_force(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let label = say!(lang, en: "Bound by", zh: "绑定");
    let name = text(&subject.metadata()["name"]);
    let Ok(all) = subject.answer(&bindings(subject.object)) else {
        let said = say!(lang, en: "the bindings could not be read", zh: "无法读取绑定");
        return section.field(&label, said);
    };
    let bound: Vec<String> = all
        .iter()
        .filter(|binding| text(&binding["spec"]["policyName"]) == name)
        .map(|binding| with_actions(lang, binding))
        .collect();
    if bound.is_empty() {
        let said = say!(lang, en: "nothing: the policy is not in force", zh: "无：该策略未生效");
        return section.field(&label, said);
    }
    section.values(&label, bound);
}

fn with_actions(lang: Lang, binding: &Value) -> String {
    let (name, actions) =
        (plain(&binding["metadata"]["name"]), texts(&binding["spec"]["validationActions"]).join(", "));
    match actions.as_str() {
        "" => name,
        _ => say!(lang, en: "{name} ({actions})", zh: "{name}（{actions}）"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::said;
    use crate::describe::Related;
    use crate::describe::typed::queries;

    fn policy() -> Value {
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "small"},
            "spec": {"failurePolicy": "Ignore", "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
                "matchConstraints": {"resourceRules": [{"operations": ["CREATE"], "apiGroups": ["example.com"], "apiVersions": ["v1"],
                    "resources": ["widgets"]}]},
                "validations": [{"expression": "object.spec.size < 9", "message": "too big"}, {"expression": "true"}]},
            "status": {"typeChecking": {"expressionWarnings": [{"fieldRef": "spec.validations[0].expression", "warning": "no such field"}]}}})
    }

    fn with_bindings(bindings: Result<Vec<Value>, String>) -> String {
        let query = queries(&policy()).remove(0);
        assert_eq!(query.resource, "validatingadmissionpolicybindings");
        said(&policy(), &Related::from([(query, bindings)]), "2026-01-02T12:00:00Z")
    }

    #[test]
    fn a_policy_says_what_it_demands_and_by_what_it_is_bound() {
        let bindings = vec![
            json!({"metadata": {"name": "b"}, "spec": {"policyName": "small", "validationActions": ["Deny", "Audit"]}}),
            json!({"metadata": {"name": "c"}, "spec": {"policyName": "smaller"}}),
        ];
        let expected = "\
What kloupe reads from it:
  For:             CREATE of widgets in example.com/v1
  Namespaces:      all
  Objects:         all
  Parameters:      v1 ConfigMap
  Demands:         object.spec.size < 9 (else: too big)
                   true
  If it fails:     Ignore: the request goes on as if it were not there
  Bound by:        b (Deny, Audit)
  Doubtful types:  spec.validations[0].expression: no such field
";
        assert_eq!(with_bindings(Ok(bindings)), expected);
    }

    #[test]
    fn a_policy_without_a_binding_is_not_in_force() {
        let other = json!({"metadata": {"name": "c"}, "spec": {"policyName": "smaller"}});
        assert!(with_bindings(Ok(vec![other])).contains("Bound by:        nothing: the policy is not in force\n"));
        assert!(
            with_bindings(Err("Forbidden".to_owned())).contains("Bound by:        the bindings could not be read\n")
        );
    }
}

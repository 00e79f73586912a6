//! Bindings of admission policies: which policy, with which parameters, and what follows from a no.

use kloupe_model::say;
use serde_json::Value;

use super::section::Section;
use super::{Typed, matching, plain};
use crate::describe::value::{set, text, texts};
use crate::describe::{Query, Subject};

pub(crate) static TYPED: Typed = Typed {
    kinds: &[
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
    ],
    queries,
    write,
};

fn queries(object: &Value) -> Vec<Query> {
    vec![policy(object)]
}

/// A list with the policy or nothing, so that a missing one is no error.
fn policy(object: &Value) -> Query {
    let resource = match text(&object["kind"]) {
        "MutatingAdmissionPolicyBinding" => "mutatingadmissionpolicies",
        _ => "validatingadmissionpolicies",
    };
    let name = text(&object["spec"]["policyName"]);
    Query { fields: format!("metadata.name={name}"), ..Query::list(text(&object["apiVersion"]), resource, "") }
}

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let spec = subject.spec();
    let name = plain(&spec["policyName"]);
    let said = match subject.answer(&policy(subject.object)) {
        Err(_) => say!(lang, en: "{name} (could not be read)", zh: "{name}（无法读取）"),
        Ok([]) => {
            say!(lang, en: "{name}, which does not exist: the binding does nothing", zh: "{name}（不存在，此绑定不起作用）")
        }
        Ok(_) => name,
    };
    section.field(&say!(lang, en: "Policy", zh: "策略"), said);
    let actions = texts(&spec["validationActions"]).join(", ");
    if !actions.is_empty() {
        section.field(&say!(lang, en: "On a violation", zh: "违反时"), actions);
    }
    if let Some(reference) = set(&spec["paramRef"]) {
        let name = plain(&reference["name"]);
        let chosen = if name.is_empty() { crate::selector::label_selector(&reference["selector"]) } else { name };
        let said = match plain(&reference["parameterNotFoundAction"]) {
            none if none.is_empty() => chosen,
            action => say!(lang, en: "{chosen} (without them: {action})", zh: "{chosen}（找不到时：{action}）"),
        };
        section.field(&say!(lang, en: "Parameters", zh: "参数"), said);
    }
    if let Some(resources) = set(&spec["matchResources"]) {
        if set(&resources["resourceRules"]).is_some() {
            matching::rules(section, &resources["resourceRules"]);
        }
        matching::selectors(section, resources);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::said;
    use crate::describe::Related;
    use crate::describe::typed::queries;

    #[test]
    fn a_binding_to_nothing_says_so() {
        let binding = json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": "b"}, "spec": {"policyName": "small", "validationActions": ["Deny"],
                "paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"},
                "matchResources": {"namespaceSelector": {"matchLabels": {"a": "b"}}}}});
        let expected = "\
What kloupe reads from it:
  Policy:          small, which does not exist: the binding does nothing
  On a violation:  Deny
  Parameters:      limits (without them: Deny)
  Namespaces:      a=b
  Objects:         all
";
        assert_eq!(said(&binding, &Related::new(), "2026-01-02T12:00:00Z"), expected);
        let found = Related::from([(queries(&binding).remove(0), Ok(vec![json!({})]))]);
        assert!(said(&binding, &found, "2026-01-02T12:00:00Z").contains("Policy:          small\n"));
    }
}

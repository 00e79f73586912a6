//! What may refuse or change an object on its way in.

use super::field::{at, count, name, text};
use super::{AGE, Head, NAME, Printer, Scene, cells, int as number, text as column};
use serde_json::Value;

const GROUP: &str = "admissionregistration.k8s.io";
const WEBHOOKS: &[Head] = &[NAME, number("Webhooks"), AGE];
const BINDING: &[Head] = &[NAME, column("PolicyName"), column("ParamRef"), AGE];

pub(super) static PRINTERS: &[Printer] = &[
    Printer { group: GROUP, kind: "MutatingWebhookConfiguration", columns: WEBHOOKS, cells: webhooks },
    Printer { group: GROUP, kind: "ValidatingWebhookConfiguration", columns: WEBHOOKS, cells: webhooks },
    Printer {
        group: GROUP,
        kind: "ValidatingAdmissionPolicy",
        columns: &[NAME, number("Validations"), column("ParamKind"), AGE],
        cells: |object, scene| {
            cells![name(object), count(object, "/spec/validations"), param_kind(object), scene.age(object)]
        },
    },
    Printer { group: GROUP, kind: "ValidatingAdmissionPolicyBinding", columns: BINDING, cells: binding },
    Printer {
        group: GROUP,
        kind: "MutatingAdmissionPolicy",
        columns: &[NAME, number("Mutations"), column("ParamKind"), AGE],
        cells: |object, scene| {
            cells![name(object), count(object, "/spec/mutations"), param_kind(object), scene.age(object)]
        },
    },
    Printer { group: GROUP, kind: "MutatingAdmissionPolicyBinding", columns: BINDING, cells: binding },
];

fn webhooks(object: &Value, scene: &Scene) -> Vec<Value> {
    cells![name(object), count(object, "/webhooks"), scene.age(object)]
}

fn binding(object: &Value, scene: &Scene) -> Vec<Value> {
    cells![name(object), text(object, "/spec/policyName"), param_ref(object), scene.age(object)]
}

fn param_kind(policy: &Value) -> String {
    match at(policy, "/spec/paramKind") {
        Some(kind) => format!("{}/{}", text(kind, "/apiVersion"), text(kind, "/kind")),
        None => "<unset>".to_owned(),
    }
}

fn param_ref(binding: &Value) -> String {
    let Some(reference) = at(binding, "/spec/paramRef") else { return "<unset>".to_owned() };
    match (text(reference, "/namespace"), text(reference, "/name"), at(reference, "/selector")) {
        (_, "", Some(selector)) => selector_as_go_prints_it(selector),
        (_, "", None) => "<unset>".to_owned(),
        ("", name, _) => format!("*/{name}"),
        (namespace, name, _) => format!("{namespace}/{name}"),
    }
}

/// A selector in the notation of the server's own types: here it does not use the one for people.
fn selector_as_go_prints_it(selector: &Value) -> String {
    let mut labels: Vec<String> = selector["matchLabels"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}: {},", value.as_str().unwrap_or_default()))
        .collect();
    labels.sort();
    let expressions = super::field::list(selector, "/matchExpressions").iter().map(|expression| {
        let values = super::field::texts(super::field::list(expression, "/values"), " ");
        let (key, operator) = (text(expression, "/key"), text(expression, "/operator"));
        format!("LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},")
    });
    let expressions: String = expressions.collect();
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}",
        labels.concat()
    )
}

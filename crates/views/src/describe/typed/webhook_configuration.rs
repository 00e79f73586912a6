//! Configurations of admission webhooks: each webhook, the server that it calls, and when.

use kloupe_model::say;
use serde_json::Value;

use super::section::Section;
use super::{Typed, matching, plain, reach};
use crate::describe::value::{list, number, set, text};
use crate::describe::{Query, Subject};

pub(crate) static TYPED: Typed = Typed {
    kinds: &[
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ],
    queries,
    write,
};

/// The time that a webhook gets if nothing else is said.
const TIMEOUT: i64 = 10;

fn queries(object: &Value) -> Vec<Query> {
    list(&object["webhooks"]).iter().flat_map(|webhook| reach::queries(&webhook["clientConfig"]["service"])).collect()
}

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    for webhook in list(&subject.object["webhooks"]) {
        section.open(&format!("Webhook {}", plain(&webhook["name"])));
        reach::client(section, subject, &webhook["clientConfig"]);
        matching::rules(section, &webhook["rules"]);
        matching::selectors(section, webhook);
        matching::conditions(section, &webhook["matchConditions"]);
        matching::failure(section, &webhook["failurePolicy"]);
        let seconds = set(&webhook["timeoutSeconds"]).map_or(TIMEOUT, number);
        section.field(&say!(lang, en: "Timeout", zh: "超时"), say!(lang, en: "{seconds}s", zh: "{seconds} 秒"));
        if let effects @ ("Some" | "Unknown") = text(&webhook["sideEffects"]) {
            let said = say!(
                lang,
                en: "{effects}: requests with dry run that it would be asked about are refused",
                zh: "{effects}：会触发它的 dry-run 请求被拒绝"
            );
            section.field(&say!(lang, en: "Side effects", zh: "副作用"), said);
        }
        if webhook["reinvocationPolicy"] == "IfNeeded" {
            let said = say!(lang, en: "if others change the object after it", zh: "若之后有其他 webhook 修改了对象");
            section.field(&say!(lang, en: "Called again", zh: "再次调用"), said);
        }
        section.close();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::reach::tests::answers;
    use super::super::tests::said;
    use crate::describe::Related;
    use crate::describe::typed::queries;

    fn configuration(webhook: &Value) -> Value {
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "checks"}, "webhooks": [webhook]})
    }

    #[test]
    fn a_webhook_says_whom_it_calls_and_when() {
        let object = configuration(&json!({"name": "check.example.com",
            "clientConfig": {"service": {"namespace": "ops", "name": "hook", "path": "/v"}},
            "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "scope": "*"}],
            "namespaceSelector": {"matchLabels": {"a": "b"}}, "objectSelector": {},
            "matchConditions": [{"name": "not-me", "expression": "request.userInfo.username != 'me'"}],
            "failurePolicy": "Fail", "timeoutSeconds": 5, "sideEffects": "None"}));
        assert_eq!(queries(&object).len(), 2);
        let expected = "\
What kloupe reads from it:
  Webhook check.example.com:
    Calls:        Service ops/hook:443/v (2 ready endpoints)
    CA:           none: only what the API server's own host trusts is accepted
    For:          CREATE of pods in v1
    Namespaces:   a=b
    Objects:      all
    Only if:      not-me: request.userInfo.username != 'me'
    If it fails:  Fail: the request is refused
    Timeout:      5s
";
        assert_eq!(said(&object, &answers(3), "2026-01-02T12:00:00Z"), expected);
    }

    #[test]
    fn a_webhook_at_an_address_asks_for_no_service() {
        let object = configuration(
            &json!({"name": "w", "clientConfig": {"url": "https://192.0.2.1/x"}, "failurePolicy": "Ignore",
            "sideEffects": "Unknown"}),
        );
        assert!(queries(&object).is_empty());
        let text = said(&object, &Related::new(), "2026-01-02T12:00:00Z");
        assert!(text.contains("Calls:         https://192.0.2.1/x\n") && !text.contains("Service"), "{text}");
        assert!(text.contains("For:           nothing: it has no rules\n"), "{text}");
        assert!(
            text.contains("Ignore: the request goes on") && text.contains("Side effects:  Unknown: requests"),
            "{text}"
        );
    }
}

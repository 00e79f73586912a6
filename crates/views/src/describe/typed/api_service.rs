//! `APIServices`: who answers for a group of the API.

use kloupe_model::say;
use serde_json::Value;

use super::section::Section;
use super::{Typed, certificate, plain, reach};
use crate::describe::value::{list, number, set, truth};
use crate::describe::{Query, Subject};

pub(crate) static TYPED: Typed = Typed { kinds: &[("apiregistration.k8s.io", "APIService")], queries, write };

fn queries(object: &Value) -> Vec<Query> {
    reach::queries(&object["spec"]["service"])
}

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let spec = subject.spec();
    let (group, version) = (plain(&spec["group"]), plain(&spec["version"]));
    let served = if group.is_empty() { version } else { format!("{group}/{version}") };
    let label = say!(lang, en: "Answered by", zh: "由谁应答");
    match set(&spec["service"]) {
        None => section.field(&label, say!(lang, en: "the API server itself", zh: "API server 自身")),
        Some(service) => {
            let service = reach::service(section, subject, service);
            section.field(&label, service);
            if truth(&spec["insecureSkipTLSVerify"]) {
                let said = say!(lang, en: "not asked for: the server is not verified", zh: "不校验服务端证书");
                section.field(&say!(lang, en: "CA", zh: "CA 证书"), said);
            } else {
                certificate::write(section, &spec["caBundle"]);
            }
        }
    }
    let available = list(&subject.status()["conditions"]).iter().find(|condition| condition["type"] == "Available");
    let said = match available {
        None => say!(lang, en: "not known yet", zh: "尚不清楚"),
        Some(condition) if condition["status"] == "True" => {
            let since = section.since(&condition["lastTransitionTime"]);
            say!(lang, en: "yes, for {since}", zh: "是，已持续 {since}")
        }
        Some(condition) => {
            let (since, reason) = (section.since(&condition["lastTransitionTime"]), plain(&condition["reason"]));
            say!(
                lang,
                en: "no, for {since} ({reason}): requests for {served} fail, and no namespace can be deleted to the end",
                zh: "否，已持续 {since}（{reason}）：对 {served} 的请求都会失败，命名空间也无法删除完成"
            )
        }
    };
    section.field(&say!(lang, en: "Available", zh: "可用"), said);
    let (group, version) = (number(&spec["groupPriorityMinimum"]), number(&spec["versionPriority"]));
    section.field(
        &say!(lang, en: "Priority", zh: "优先级"),
        say!(lang, en: "{group} among groups, {version} among versions", zh: "组 {group}，版本 {version}"),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::reach::tests::answers;
    use super::super::tests::said;
    use crate::describe::Related;
    use crate::describe::typed::queries;

    fn service(spec: &Value, status: &str) -> Value {
        json!({"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1.example.com"}, "spec": spec,
            "status": {"conditions": [{"type": "Available", "status": status, "reason": "MissingEndpoints",
                "lastTransitionTime": "2026-01-02T11:00:00Z"}]}})
    }

    #[test]
    fn a_server_that_does_not_answer_says_what_follows() {
        let object = service(
            &json!({"group": "example.com", "version": "v1", "service": {"namespace": "ops", "name": "hook"},
                "insecureSkipTLSVerify": true, "groupPriorityMinimum": 100, "versionPriority": 15}),
            "False",
        );
        let text = said(&object, &answers(1), "2026-01-02T12:00:00Z");
        let expected = "\
What kloupe reads from it:
  Answered by:  Service ops/hook:443 (nothing ready behind it)
  CA:           not asked for: the server is not verified
  Available:    no, for 60m (MissingEndpoints): requests for example.com/v1 fail, and no namespace can be deleted to the end
  Priority:     100 among groups, 15 among versions
";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn what_the_api_server_answers_itself_needs_no_service() {
        let object = service(&json!({"version": "v1"}), "True");
        assert!(queries(&object).is_empty());
        let text = said(&object, &Related::new(), "2026-01-02T12:00:00Z");
        assert!(text.contains("  Answered by:  the API server itself\n  Available:    yes, for 60m\n"), "{text}");
    }
}

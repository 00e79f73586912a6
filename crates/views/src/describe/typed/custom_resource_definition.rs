//! `CustomResourceDefinitions`: which versions there are, in which ones objects are stored, and who converts between them.

use kloupe_model::{Lang, say};
use serde_json::Value;

use super::section::Section;
use super::{Typed, plain, reach};
use crate::describe::value::{is_set, list, text, texts, truth};
use crate::describe::{Query, Subject};

pub(crate) static TYPED: Typed =
    Typed { kinds: &[("apiextensions.k8s.io", "CustomResourceDefinition")], queries, write };

fn queries(object: &Value) -> Vec<Query> {
    reach::queries(&object["spec"]["conversion"]["webhook"]["clientConfig"]["service"])
}

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let spec = subject.spec();
    let (kind, scope) = (plain(&spec["names"]["kind"]), plain(&spec["scope"]));
    section.field(&say!(lang, en: "Kind", zh: "类型"), format!("{kind} ({scope})"));
    stored(section, subject);
    versions(section, &spec["versions"]);
    conversion(section, subject);
}

/// In which versions objects may lie in the store.
fn stored(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let stored = texts(&subject.status()["storedVersions"]);
    let versions = list(&subject.spec()["versions"]);
    let lines = stored.into_iter().map(|name| {
        let version = versions.iter().find(|version| text(&version["name"]) == name);
        match version {
            Some(version) if truth(&version["storage"]) => {
                say!(lang, en: "{name}: new objects are written in it", zh: "{name}：新对象以它写入")
            }
            Some(_) => say!(
                lang,
                en: "{name}: older objects may lie in it until they are written again; it must stay a version until then",
                zh: "{name}：较早的对象可能仍以它存储，重写之前不能移除该版本"
            ),
            None => say!(
                lang,
                en: "{name}: no longer a version, so objects that lie in it cannot be read",
                zh: "{name}：已不是可用版本，以它存储的对象无法读取"
            ),
        }
    });
    section.values(&say!(lang, en: "Stored as", zh: "存储版本"), lines);
}

fn versions(section: &mut Section, versions: &Value) {
    let lang = section.lang;
    let yes = |truth: bool| match (lang, truth) {
        (Lang::En, true) => "yes".to_owned(),
        (Lang::Zh, true) => "是".to_owned(),
        (_, false) => "-".to_owned(),
    };
    let rows = list(versions).iter().map(|version| {
        let parts = &version["subresources"];
        let parts: Vec<&str> = ["status", "scale"].into_iter().filter(|part| is_set(&parts[part])).collect();
        let warning = plain(&version["deprecationWarning"]);
        let deprecated = match yes(truth(&version["deprecated"])) {
            said if warning.is_empty() => said,
            said => format!("{said}: {warning}"),
        };
        let (served, storage) = (yes(truth(&version["served"])), yes(truth(&version["storage"])));
        vec![plain(&version["name"]), served, storage, parts.join(", "), deprecated]
    });
    let rows = rows.collect();
    let heads = match lang {
        Lang::En => ["Version", "Served", "Written", "Subresources", "Deprecated"],
        Lang::Zh => ["版本", "提供服务", "用于写入", "子资源", "已弃用"],
    };
    section.table(&say!(lang, en: "Versions", zh: "版本"), &heads, rows);
}

fn conversion(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let conversion = &subject.spec()["conversion"];
    if conversion["strategy"] == "Webhook" {
        section.open(&say!(lang, en: "Conversion by a webhook", zh: "由 webhook 转换版本"));
        reach::client(section, subject, &conversion["webhook"]["clientConfig"]);
        let reviews = texts(&conversion["webhook"]["conversionReviewVersions"]).join(", ");
        section.field(&say!(lang, en: "It speaks", zh: "支持的协议版本"), format!("ConversionReview {reviews}"));
        section.close();
    } else if list(&subject.spec()["versions"]).len() > 1 {
        let said = say!(lang, en: "none: only apiVersion is changed", zh: "无：只修改 apiVersion");
        section.field(&say!(lang, en: "Conversion", zh: "版本转换"), said);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::reach::tests::answers;
    use super::super::tests::said;
    use crate::describe::Related;

    fn definition() -> Value {
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
            "spec": {"scope": "Namespaced", "names": {"kind": "Widget"},
                "versions": [
                    {"name": "v1", "served": true, "storage": true, "subresources": {"status": {}}},
                    {"name": "v1alpha1", "served": false, "storage": false, "deprecated": true, "deprecationWarning": "use v1"}],
                "conversion": {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"],
                    "clientConfig": {"service": {"namespace": "ops", "name": "hook"}}}}},
            "status": {"storedVersions": ["v1alpha1", "v1", "v0"],
                "conditions": [{"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}]}})
    }

    #[test]
    fn versions_and_who_converts() {
        let expected = "\
What kloupe reads from it:
  Kind:       Widget (Namespaced)
  Stored as:  v1alpha1: older objects may lie in it until they are written again; it must stay a version until then
              v1: new objects are written in it
              v0: no longer a version, so objects that lie in it cannot be read
  Versions:
    Version   Served  Written  Subresources  Deprecated
    v1        yes     yes      status        -
    v1alpha1  -       -                      yes: use v1
  Conversion by a webhook:
    Calls:      Service ops/hook:443 (nothing ready behind it)
    CA:         none: only what the API server's own host trusts is accepted
    It speaks:  ConversionReview v1
  Conditions:
    Type         Status  Since  Reason                Message
    Established  True           InitialNamesAccepted
";
        assert_eq!(said(&definition(), &answers(1), "2026-01-02T12:00:00Z"), expected);
    }

    #[test]
    fn one_version_needs_no_conversion() {
        let mut object = definition();
        object["spec"]["conversion"] = json!({"strategy": "None"});
        let text = said(&object, &Related::new(), "2026-01-02T12:00:00Z");
        assert!(text.contains("  Conversion:  none: only apiVersion is changed\n"), "{text}");
        object["spec"]["versions"] = json!([object["spec"]["versions"][0].clone()]);
        object["status"]["storedVersions"] = json!(["v1"]);
        let text = said(&object, &Related::new(), "2026-01-02T12:00:00Z");
        assert!(!text.contains("Conversion") && !text.contains("older objects"), "{text}");
    }
}

//! What can be said of any object: how far its controller is, in which state it says it is, whose it is, who wrote it, what holds it.

use std::cmp::Reverse;

use jiff::SignedDuration;
use kloupe_model::{Lang, say};
use serde_json::Value;

use super::plain;
use super::section::Section;
use crate::age;
use crate::describe::value::{list, number, set, text, truth};

/// So many parts are named of what a writer owns.
const PARTS: usize = 8;

pub(super) fn write(section: &mut Section, object: &Value) {
    generation(section, object);
    owners(section, object);
    deletion(section, object);
    conditions(section, object);
    writers(section, object);
}

fn generation(section: &mut Section, object: &Value) {
    let lang = section.lang;
    let Some(current) = object["metadata"]["generation"].as_i64() else { return };
    let label = say!(lang, en: "Generation", zh: "代次（generation）");
    let Some(observed) = object["status"]["observedGeneration"].as_i64() else {
        return section.field(&label, current.to_string());
    };
    let said = match current - observed {
        0 => say!(lang, en: "{current}; the status is about it", zh: "{current}；状态对应这一代"),
        1.. if counts_writes_of_the_status(object) => say!(
            lang,
            en: "{current}; the status is about {observed}, but it is no subresource, so writing it counts as a change as well",
            zh: "{current}；状态对应 {observed}，但 status 不是子资源，写入状态本身也算一次修改"
        ),
        behind @ 1.. => {
            let changes = match behind {
                1 => say!(lang, en: "the last change", zh: "最后一次修改"),
                _ => say!(lang, en: "the last {behind} changes", zh: "最近 {behind} 次修改"),
            };
            let last = last_change(section, object);
            say!(
                lang,
                en: "{current}; the status is still about {observed}: its controller has not taken in {changes}{last}",
                zh: "{current}；状态仍停留在 {observed}：控制器尚未处理{changes}{last}"
            )
        }
        _ => say!(
            lang,
            en: "{current}; the status is about {observed}, which is later: it comes from another object or a backup",
            zh: "{current}；状态却对应更新的 {observed}：它来自另一个对象或备份"
        ),
    };
    section.field(&label, said);
}

/// Whether someone wrote the status as a part of the object. Then generations do not tell changes from reports of them.
pub(crate) fn counts_writes_of_the_status(object: &Value) -> bool {
    list(&object["metadata"]["managedFields"])
        .iter()
        .any(|entry| text(&entry["subresource"]).is_empty() && !entry["fieldsV1"]["f:status"].is_null())
}

/// When the object was last changed apart from its status, and by whom, as far as it is known.
fn last_change(section: &Section, object: &Value) -> String {
    let lang = section.lang;
    if let Some(asked) = asked_for_deletion(section, object) {
        return say!(lang, en: " (the request to delete it, {asked} ago, counts as one)", zh: "（{asked} 前的删除请求也算一次）");
    }
    let written =
        list(&object["metadata"]["managedFields"]).iter().filter(|entry| text(&entry["subresource"]) != "status");
    match written.max_by_key(|entry| moment(entry)) {
        Some(entry) => {
            let (age, who) = (section.since(&entry["time"]), plain(&entry["manager"]));
            say!(lang, en: ", {age} ago by {who}", zh: "（{age} 前，由 {who} 写入）")
        }
        None => String::new(),
    }
}

fn moment(entry: &Value) -> Option<jiff::Timestamp> {
    age::parse(text(&entry["time"]))
}

fn owners(section: &mut Section, object: &Value) {
    let lang = section.lang;
    let owners = list(&object["metadata"]["ownerReferences"]).iter().map(|owner| {
        let name = format!("{}/{}", plain(&owner["kind"]), plain(&owner["name"]));
        if truth(&owner["controller"]) {
            say!(lang, en: "{name}, which controls it", zh: "{name}（由它控制）")
        } else {
            name
        }
    });
    section.values(&say!(lang, en: "Owners", zh: "所有者"), owners);
}

/// How long ago someone asked for the object to be deleted. The time in the object is that request and the grace period together.
fn asked_for_deletion(section: &Section, object: &Value) -> Option<String> {
    let metadata = &object["metadata"];
    let ends = age::parse(text(&metadata["deletionTimestamp"]))?;
    let grace = SignedDuration::from_secs(number(&metadata["deletionGracePeriodSeconds"]));
    let asked = ends.checked_sub(grace).ok()?;
    Some(age::human_seconds(section.clock.now.duration_since(asked).as_secs()))
}

fn deletion(section: &mut Section, object: &Value) {
    let lang = section.lang;
    let finalizers: Vec<String> =
        list(&object["metadata"]["finalizers"]).iter().map(|finalizer| with_author(lang, object, finalizer)).collect();
    let waits = finalizers.len();
    section.values(&say!(lang, en: "Finalizers", zh: "终结器（finalizer）"), finalizers);
    let Some(asked) = asked_for_deletion(section, object) else { return };
    let said = match waits {
        0 => say!(lang, en: "asked for {asked} ago; no finalizer holds it", zh: "{asked} 前请求；没有终结器阻挡"),
        _ => say!(
            lang,
            en: "asked for {asked} ago; it waits until every finalizer is taken off by the controller that it belongs to",
            zh: "{asked} 前请求；要等每个终结器被它所属的控制器移除"
        ),
    };
    section.field(&say!(lang, en: "Deletion", zh: "删除"), said);
}

/// A finalizer and who wrote it, or what it stands for.
fn with_author(lang: Lang, object: &Value, finalizer: &Value) -> String {
    let name = plain(finalizer);
    match name.as_str() {
        "foregroundDeletion" => {
            return say!(
                lang,
                en: "{name}: the garbage collector first deletes what the object owns",
                zh: "{name}：垃圾回收器先删除它所拥有的对象"
            );
        }
        "orphan" => {
            return say!(
                lang,
                en: "{name}: the garbage collector first frees what the object owns",
                zh: "{name}：垃圾回收器先解除它对其他对象的所有权"
            );
        }
        _ => {}
    }
    let key = format!("v:{}", Value::from(text(finalizer)));
    let author = list(&object["metadata"]["managedFields"])
        .iter()
        .find(|entry| !entry["fieldsV1"]["f:metadata"]["f:finalizers"][&key].is_null())
        .map(|entry| plain(&entry["manager"]));
    match author {
        Some(who) => say!(lang, en: "{name}, set by {who}", zh: "{name}（由 {who} 设置）"),
        None => name,
    }
}

fn conditions(section: &mut Section, object: &Value) {
    let lang = section.lang;
    let current = object["metadata"]["generation"].as_i64();
    let mut rows = Vec::new();
    for condition in list(&object["status"]["conditions"]).iter().filter(|condition| condition.is_object()) {
        let mut status = plain(&condition["status"]);
        if let (Some(current), Some(observed)) = (current, condition["observedGeneration"].as_i64())
            && observed < current
        {
            status += &say!(lang, en: ", of generation {observed}", zh: "（针对第 {observed} 代）");
        }
        let since = set(&condition["lastTransitionTime"]).map(|time| section.since(time)).unwrap_or_default();
        rows.push(vec![
            plain(&condition["type"]),
            status,
            since,
            plain(&condition["reason"]),
            plain(&condition["message"]),
        ]);
    }
    let heads = match lang {
        Lang::En => ["Type", "Status", "Since", "Reason", "Message"],
        Lang::Zh => ["类型", "状态", "持续", "原因", "说明"],
    };
    section.table(&say!(lang, en: "Conditions", zh: "状况（conditions）"), &heads, rows);
}

/// Who wrote which parts, the latest first.
fn writers(section: &mut Section, object: &Value) {
    let lang = section.lang;
    let mut entries: Vec<&Value> = list(&object["metadata"]["managedFields"]).iter().collect();
    entries.sort_by_key(|entry| (Reverse(moment(entry)), text(&entry["manager"])));
    let rows = entries.into_iter().map(|entry| {
        let operation = match (text(&entry["operation"]), text(&entry["subresource"])) {
            (operation, "") => operation.to_owned(),
            (operation, part) => format!("{operation} ({part})"),
        };
        let age = section.since(&entry["time"]);
        vec![plain(&entry["manager"]), operation, age, parts(lang, &entry["fieldsV1"])]
    });
    let rows = rows.collect();
    let heads = match lang {
        Lang::En => ["Manager", "Operation", "Age", "Parts"],
        Lang::Zh => ["写入者", "方式", "时间", "部分"],
    };
    section.table(&say!(lang, en: "Written by", zh: "写入者（最近的在前）"), &heads, rows);
}

/// The fields to a depth of two: `spec.size, metadata.labels`.
fn parts(lang: Lang, fields: &Value) -> String {
    let mut parts = Vec::new();
    for (name, below) in names(fields) {
        let inner: Vec<String> = names(below).map(|(inner, _)| format!("{name}.{inner}")).collect();
        if inner.is_empty() { parts.push(name.to_owned()) } else { parts.extend(inner) }
    }
    let more = parts.len().saturating_sub(PARTS);
    parts.truncate(PARTS);
    let named = parts.join(", ");
    match more {
        0 => named,
        _ => say!(lang, en: "{named} and {more} more", zh: "{named} 等（另有 {more} 处）"),
    }
}

fn names(fields: &Value) -> impl Iterator<Item = (&str, &Value)> {
    fields.as_object().into_iter().flatten().filter_map(|(key, below)| Some((key.strip_prefix("f:")?, below)))
}

#[cfg(test)]
mod tests {
    use kloupe_model::Lang;
    use serde_json::{Value, json};

    use super::super::tests::{in_language, said};
    use crate::describe::Related;

    const NOW: &str = "2026-01-02T12:00:00Z";

    fn widget() -> Value {
        json!({"apiVersion": "example.com/v1", "kind": "Widget",
            "metadata": {"name": "w", "namespace": "shop", "generation": 3,
                "ownerReferences": [{"kind": "Shop", "name": "main", "controller": true}, {"kind": "Zone", "name": "z"}],
                "finalizers": ["example.com/cleanup"],
                "managedFields": [
                    {"manager": "robot", "operation": "Update", "subresource": "status", "time": "2026-01-02T11:00:00Z",
                     "fieldsV1": {"f:status": {"f:conditions": {".": {}}, "f:observedGeneration": {}}}},
                    {"manager": "kubectl-edit", "operation": "Update", "time": "2026-01-02T11:30:00Z",
                     "fieldsV1": {"f:spec": {"f:size": {}}, "f:metadata": {"f:finalizers": {"v:\"example.com/cleanup\"": {}}}}}
                ]},
            "status": {"observedGeneration": 2, "conditions": [
                {"type": "Ready", "status": "True", "observedGeneration": 2, "lastTransitionTime": "2026-01-01T12:00:00Z",
                 "reason": "AllGood", "message": "one\ntwo"}]}})
    }

    #[test]
    fn a_custom_resource_says_how_far_its_controller_is() {
        let expected = "\
What kloupe reads from it:
  Generation:  3; the status is still about 2: its controller has not taken in the last change, 30m ago by kubectl-edit
  Owners:      Shop/main, which controls it
               Zone/z
  Finalizers:  example.com/cleanup, set by kubectl-edit
  Conditions:
    Type   Status                 Since  Reason   Message
    Ready  True, of generation 2  24h    AllGood  one two
  Written by:
    Manager       Operation        Age  Parts
    kubectl-edit  Update           30m  spec.size, metadata.finalizers
    robot         Update (status)  60m  status.conditions, status.observedGeneration
";
        assert_eq!(said(&widget(), &Related::default(), NOW), expected);
        let chinese = in_language(&widget(), &Related::default(), NOW, Lang::Zh);
        assert!(
            chinese.contains("状态仍停留在 2：控制器尚未处理最后一次修改（30m 前，由 kubectl-edit 写入）"),
            "{chinese}"
        );
    }

    #[test]
    fn without_an_observed_generation_nothing_is_said_of_a_lag() {
        let mut object = widget();
        object["status"] = json!({});
        let text = said(&object, &Related::default(), NOW);
        assert!(text.contains("  Generation:  3\n") && !text.contains("status is"), "{text}");
        object["status"] = json!({"observedGeneration": 3});
        assert!(said(&object, &Related::default(), NOW).contains("  Generation:  3; the status is about it\n"));
        object["status"] = json!({"observedGeneration": 7});
        assert!(said(&object, &Related::default(), NOW).contains("which is later"));
        object["metadata"] = json!({"name": "w"});
        assert_eq!(said(&object, &Related::default(), NOW), "");
    }

    #[test]
    fn a_status_that_is_no_subresource_does_not_lag() {
        let mut object = widget();
        object["metadata"]["managedFields"][0].as_object_mut().expect("an entry").remove("subresource");
        let text = said(&object, &Related::default(), NOW);
        assert!(text.contains("  Generation:  3; the status is about 2, but it is no subresource"), "{text}");
        assert!(!text.contains("not taken in"), "{text}");
    }

    #[test]
    fn a_deletion_that_waits_says_for_what_and_since_when() {
        let mut object = widget();
        object["metadata"]["deletionTimestamp"] = json!("2026-01-02T11:50:30Z");
        object["metadata"]["deletionGracePeriodSeconds"] = json!(30);
        let text = said(&object, &Related::default(), NOW);
        assert!(text.contains("  Deletion:    asked for 10m ago; it waits until every finalizer"), "{text}");
        assert!(
            text.contains("has not taken in the last change (the request to delete it, 10m ago, counts as one)"),
            "{text}"
        );
        object["metadata"]["finalizers"] = json!([]);
        assert!(said(&object, &Related::default(), NOW).contains("asked for 10m ago; no finalizer holds it"));
        assert!(!said(&widget(), &Related::default(), NOW).contains("Deletion"));
    }

    #[test]
    fn many_parts_are_counted() {
        let fields: serde_json::Map<String, Value> = (0..12).map(|at| (format!("f:a{at}"), json!({}))).collect();
        assert!(super::parts(Lang::En, &json!({"f:spec": fields})).ends_with("spec.a7 and 4 more"));
    }
}

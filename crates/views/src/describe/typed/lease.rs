//! Leases: who holds it, and whether it is still being renewed.

use jiff::{SignedDuration, Timestamp};
use kloupe_model::say;

use super::section::Section;
use super::{Typed, plain};
use crate::age;
use crate::describe::value::{number, set, text};
use crate::describe::{Subject, nothing};

pub(crate) static TYPED: Typed = Typed { kinds: &[("coordination.k8s.io", "Lease")], queries: nothing, write };

fn write(section: &mut Section, subject: &Subject) {
    let lang = section.lang;
    let spec = subject.spec();
    let holder = match plain(&spec["holderIdentity"]) {
        none if none.is_empty() => {
            say!(lang, en: "nobody: it was given back or never taken", zh: "无：已归还或从未被持有")
        }
        holder => holder,
    };
    section.field(&say!(lang, en: "Holder", zh: "持有者"), holder);
    if let Some(acquired) = set(&spec["acquireTime"]) {
        let since = section.since(acquired);
        section.field(&say!(lang, en: "Held since", zh: "持有时长"), since);
    }
    if let Some(renewed) = age::parse(text(&spec["renewTime"])) {
        let said = renewal(section, renewed, spec["leaseDurationSeconds"].as_i64());
        section.field(&say!(lang, en: "Last renewal", zh: "最近续期"), said);
    }
    if let Some(transitions) = set(&spec["leaseTransitions"]) {
        let times = number(transitions);
        section.field(&say!(lang, en: "Changes of the holder", zh: "持有者更换次数"), times.to_string());
    }
    if let Some(next) = set(&spec["preferredHolder"]) {
        section.field(&say!(lang, en: "To be given to", zh: "将移交给"), plain(next));
    }
}

/// How old the renewal is, against how long it holds.
fn renewal(section: &Section, renewed: Timestamp, holds: Option<i64>) -> String {
    let lang = section.lang;
    let age = section.clock.now.duration_since(renewed);
    if age < SignedDuration::from_secs(-1) {
        let ahead = age::human_seconds(-age.as_secs());
        return say!(lang, en: "{ahead} ahead of the clock here: clocks differ", zh: "比本机时钟早 {ahead}：时钟不一致");
    }
    let ago = age::human_seconds(age.as_secs());
    let Some(holds) = holds else { return say!(lang, en: "{ago} ago", zh: "{ago} 前") };
    let late = age - SignedDuration::from_secs(holds);
    let holds = age::human_seconds(holds);
    if late <= SignedDuration::ZERO {
        return say!(lang, en: "{ago} ago; it holds for {holds}", zh: "{ago} 前；有效期 {holds}");
    }
    let late = age::human_seconds(late.as_secs());
    say!(
        lang,
        en: "{ago} ago, but it holds for {holds}: it ran out {late} ago, and anyone may take it",
        zh: "{ago} 前，而有效期只有 {holds}：已过期 {late}，任何人都可以接手"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::said;
    use crate::describe::Related;

    fn lease(renewed: &str) -> Value {
        json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "l", "namespace": "shop"},
            "spec": {"holderIdentity": "pod-1", "leaseDurationSeconds": 15, "acquireTime": "2026-01-02T10:00:00.000000Z",
                "renewTime": renewed, "leaseTransitions": 4}})
    }

    fn at_noon(lease: &Value) -> String {
        said(lease, &Related::default(), "2026-01-02T12:00:00Z")
    }

    #[test]
    fn a_lease_that_ran_out_says_so() {
        let expected = "\
What kloupe reads from it:
  Holder:                 pod-1
  Held since:             120m
  Last renewal:           75s ago, but it holds for 15s: it ran out 60s ago, and anyone may take it
  Changes of the holder:  4
";
        assert_eq!(at_noon(&lease("2026-01-02T11:58:45.000000Z")), expected);
    }

    #[test]
    fn a_lease_in_time_has_not_run_out() {
        let text = at_noon(&lease("2026-01-02T11:59:45.000000Z"));
        assert!(text.contains("Last renewal:           15s ago; it holds for 15s\n"), "{text}");
        let text = at_noon(&lease("2026-01-02T12:00:05.000000Z"));
        assert!(text.contains("5s ahead of the clock here"), "{text}");
    }

    #[test]
    fn a_lease_that_was_given_back_has_no_holder() {
        let mut object = lease("2026-01-02T11:59:59Z");
        object["spec"]["holderIdentity"] = json!("");
        assert!(at_noon(&object).contains("Holder:                 nobody"));
        object["spec"] = json!({});
        assert_eq!(at_noon(&object).lines().count(), 2);
    }
}

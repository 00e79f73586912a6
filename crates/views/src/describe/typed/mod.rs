//! What kloupe adds, where it is asked to, to objects that kubectl shows field by field. A new page is a file here and a line in the list.

mod certificate;
mod common;
mod matching;
mod reach;
mod section;

use kloupe_model::{Lang, say};
use serde_json::Value;

use super::value::text;
use super::{Query, Related, Subject, describer, group_and_kind};
use crate::age::Clock;
pub use certificate::end_of_first_certificate;
pub(crate) use common::counts_writes_of_the_status;
use section::Section;

/// What is said of some kinds, before what is said of all.
pub(crate) struct Typed {
    /// API group and kind.
    kinds: &'static [(&'static str, &'static str)],
    /// What it needs besides the object.
    queries: fn(&Value) -> Vec<Query>,
    /// Writes what is special of the kind.
    write: fn(&mut Section, &Subject),
}

kloupe_model::registry! {
    /// All pages.
    pub TYPED: Typed = TYPED in {
        lease,
        custom_resource_definition,
        webhook_configuration,
        admission_policy,
        admission_policy_binding,
        api_service,
    }
}

fn typed(object: &Value) -> Option<&'static Typed> {
    TYPED.iter().copied().find(|typed| typed.kinds.contains(&group_and_kind(object)))
}

/// What else must be read for the addition; nothing for kinds that have none.
pub fn queries(object: &Value) -> Vec<Query> {
    typed(object).map(|typed| (typed.queries)(object)).unwrap_or_default()
}

/// The addition, with an empty line before it; empty where there is nothing to say, and for kinds for which kubectl has a page.
pub fn addition(object: &Value, related: &Related, clock: &Clock, lang: Lang) -> String {
    if describer(object).is_some() {
        return String::new();
    }
    let subject = Subject { object, related };
    let mut section = Section::new(clock, lang);
    section.open(&say!(lang, en: "What kloupe reads from it", zh: "kloupe 的解读"));
    if let Some(typed) = typed(object) {
        (typed.write)(&mut section, &subject);
    }
    common::write(&mut section, object);
    if section.says_nothing() { String::new() } else { format!("\n{}", section.finish()) }
}

/// The text on one line.
fn plain(value: &Value) -> String {
    text(value).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addition without its empty line, at a time, in English.
    pub(super) fn said(object: &Value, related: &Related, now: &str) -> String {
        in_language(object, related, now, Lang::En)
    }

    pub(super) fn in_language(object: &Value, related: &Related, now: &str, lang: Lang) -> String {
        let clock = Clock { now: now.parse().expect("a time"), zone: jiff::tz::TimeZone::UTC };
        addition(object, related, &clock, lang).trim_start_matches('\n').to_owned()
    }

    #[test]
    fn kinds_with_a_page_of_kubectls_get_nothing() {
        let pod = serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"generation": 1}});
        assert_eq!(said(&pod, &Related::default(), "2026-01-01T00:00:00Z"), "");
        assert!(queries(&pod).is_empty());
    }
}

//! The page of a cause: the manual from the catalogue, and the messages that speak for it.

use std::fmt::Write as _;

use kloupe_diagnosis::{CauseEntry, signatures};
use kloupe_logs::Signature;
use kloupe_model::{Lang, Strength, say};
use serde_json::json;

use super::signature_page::strength_word;
use super::{Topic, VERSION};

pub(super) fn of(lang: Lang, entry: &CauseEntry) -> Topic {
    let speaking = speaking_for(entry.id);
    let json = json!({
        "version": VERSION,
        "kind": "cause",
        "id": entry.id,
        "problem": entry.problem,
        "verdict": entry.verdict.id(),
        "since": entry.since,
        "title": entry.title.get(lang),
        "explains": entry.explains,
        "page": entry.page.get(lang),
        "signatures": speaking
            .iter()
            .map(|(signature, strength)| json!({"id": signature.id, "strength": strength_word(*strength)}))
            .collect::<Vec<_>>(),
    });
    Topic { markdown: markdown(lang, entry, &speaking), json, text: None }
}

/// The signatures that speak for a cause, each with the most that it says, the strongest first.
fn speaking_for(id: &str) -> Vec<(&'static Signature, Strength)> {
    let mut speaking: Vec<(&Signature, Strength)> = signatures()
        .iter()
        .filter_map(|signature| {
            let rows = signature.speaks.iter().chain(signature.also).filter(|row| row.cause == Some(id));
            Some((signature, rows.map(|row| row.strength).max()?))
        })
        .collect();
    speaking.sort_by_key(|(_, strength)| std::cmp::Reverse(*strength));
    speaking
}

fn markdown(lang: Lang, entry: &CauseEntry, speaking: &[(&Signature, Strength)]) -> String {
    let (id, title, verdict, since) = (entry.id, entry.title.get(lang), entry.verdict.id(), entry.since);
    let mut text = format!("# {id}\n\n{title}\n\n");
    text.push_str(&say!(
        lang,
        en: "As a root its verdict is `{verdict}`. Known since {since}.\n",
        zh: "作为根因时，结论为 `{verdict}`。自 {since} 起收录。\n"
    ));
    if !entry.explains.is_empty() {
        let effects = listed(lang, entry.explains.iter().copied());
        text.push_str(&say!(lang, en: "\nIt explains {effects}.\n", zh: "\n它可以解释 {effects}。\n"));
    }
    let _ = writeln!(text, "\n{}", entry.page.get(lang).trim());
    if !speaking.is_empty() {
        text.push_str(&say!(lang, en: "\n## Messages that speak for it\n\n", zh: "\n## 指向它的消息\n\n"));
    }
    for strength in [Strength::Decides, Strength::Supports, Strength::Weak] {
        let ids = speaking.iter().filter(|(_, own)| *own == strength).map(|(signature, _)| signature.id);
        let ids = listed(lang, ids);
        if !ids.is_empty() {
            let word = strength_word(strength);
            text.push_str(&say!(lang, en: "- {word}: {ids}\n", zh: "- {word}：{ids}\n"));
        }
    }
    text
}

fn listed<'n>(lang: Lang, ids: impl Iterator<Item = &'n str>) -> String {
    let ids: Vec<String> = ids.map(|id| format!("`{id}`")).collect();
    ids.join(&say!(lang, en: ", ", zh: "、"))
}

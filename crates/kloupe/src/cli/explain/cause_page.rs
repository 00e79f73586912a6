//! The page of a cause: the manual from the catalogue, and the messages that speak for it.

use kloupe_diagnosis::CauseEntry;
use kloupe_diagnosis::catalogue::manual::{page, speaking_for, strength_word};
use kloupe_model::Lang;
use serde_json::{Value, json};

use super::{Topic, VERSION};

pub(super) fn of(lang: Lang, entry: &CauseEntry) -> Topic {
    let mut json = json(lang, entry);
    json["version"] = VERSION.into();
    Topic { markdown: page(lang, entry), json, text: None }
}

/// All that is known of a cause.
pub(super) fn json(lang: Lang, entry: &CauseEntry) -> Value {
    let speaking = speaking_for(entry.id);
    json!({
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
    })
}

//! What can be explained: the causes by the question that they answer, the signatures by where their messages come from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kloupe_diagnosis::catalogue::manual::{CHECKLISTS, checklist, checklist_title, page, whole};
use kloupe_diagnosis::{causes, signatures};
use kloupe_logs::Signature;
use kloupe_model::{Lang, say};
use kloupe_report::{BOLD, Page, Style, display_width, inline};
use serde_json::json;

use super::signature_page::wording;
use super::{Topic, VERSION, cause_page, laid_out};

/// Where messages come from: the first part of the place of a signature's file.
pub(super) fn origins() -> BTreeMap<&'static str, Vec<&'static Signature>> {
    let mut origins: BTreeMap<&str, Vec<&Signature>> = BTreeMap::new();
    for signature in signatures() {
        origins.entry(origin(signature)).or_default().push(signature);
    }
    origins
}

fn origin(signature: &Signature) -> &'static str {
    signature.origin.split('/').next().unwrap_or_default()
}

/// Everything.
pub(super) fn all(style: Style) -> Topic {
    let lang = style.lang;
    Topic { text: Some(all_text(style)), markdown: all_markdown(lang), json: all_json(lang) }
}

fn all_text(style: Style) -> String {
    let lang = style.lang;
    let mut page = Page::new(style);
    let widest = causes().iter().map(|entry| entry.id.len()).max().unwrap_or_default();
    for id in CHECKLISTS {
        page.heading(&checklist_title(lang, id));
        for entry in checklist(id) {
            row(&mut page, entry.id, widest, entry.title.get(lang));
        }
    }
    page.heading(&signatures_title(lang));
    for (origin, signatures) in origins() {
        row(&mut page, origin, widest, &signatures.len().to_string());
    }
    page.skip();
    page.paragraph(&how_to_go_on(lang), 0);
    page.finish()
}

fn row(page: &mut Page, id: &str, widest: usize, text: &str) {
    let pad = " ".repeat(widest.saturating_sub(display_width(id)) + 2);
    let start = format!("  {}{pad}", page.painted(id, BOLD));
    page.hanging(&start, widest.max(display_width(id)) + 4, text);
}

fn signatures_title(lang: Lang) -> String {
    let count = signatures().len();
    say!(lang, en: "{count} messages are known, by where they come from", zh: "已知 {count} 条消息，按来源")
}

fn how_to_go_on(lang: Lang) -> String {
    say!(
        lang,
        en: "`kloupe explain ID` shows a cause; with an origin it lists the signatures of its messages, with a signature it shows that one",
        zh: "`kloupe explain ID` 显示某个根因；ID 为来源时列出其消息的签名，为签名时显示该签名"
    )
}

fn all_markdown(lang: Lang) -> String {
    let mut text = say!(lang, en: "# What kloupe knows\n", zh: "# kloupe 的知识\n");
    for id in CHECKLISTS {
        let _ = writeln!(text, "\n## {}\n", checklist_title(lang, id));
        for entry in checklist(id) {
            let _ = writeln!(text, "- `{}`: {}", entry.id, inline(entry.title.get(lang)));
        }
    }
    let _ = writeln!(text, "\n## {}\n", signatures_title(lang));
    for (origin, signatures) in origins() {
        let _ = writeln!(text, "- `{origin}`: {}", signatures.len());
    }
    text
}

fn all_json(lang: Lang) -> serde_json::Value {
    let causes: Vec<_> = causes()
        .iter()
        .map(|entry| json!({"id": entry.id, "problem": entry.problem, "verdict": entry.verdict.id(), "title": entry.title.get(lang)}))
        .collect();
    let signatures: Vec<_> =
        signatures().iter().map(|signature| json!({"id": signature.id, "origin": signature.origin})).collect();
    json!({"version": VERSION, "causes": causes, "signatures": signatures})
}

/// The pages of all causes, one after another.
pub(super) fn pages(style: Style) -> Topic {
    let lang = style.lang;
    let entries = || CHECKLISTS.into_iter().flat_map(checklist);
    let text: Vec<String> = entries().map(|entry| laid_out(style, &page(lang, entry))).collect();
    let causes: Vec<_> = entries().map(|entry| cause_page::json(lang, entry)).collect();
    Topic { text: Some(text.join("\n")), markdown: whole(lang), json: json!({"version": VERSION, "causes": causes}) }
}

/// The signatures of one origin, if it is one.
pub(super) fn of_origin(style: Style, origin: &str) -> Option<Topic> {
    let lang = style.lang;
    let signatures = origins().remove(origin)?;
    let count = signatures.len();
    let title = say!(lang, en: "{origin}: {count} messages", zh: "{origin}：{count} 条消息");
    let mut page = Page::new(style);
    page.heading(&title);
    let widest = signatures.iter().map(|signature| signature.id.len()).max().unwrap_or_default();
    for signature in &signatures {
        row(&mut page, signature.id, widest, &first_wording(signature));
    }
    let rows: Vec<String> = signatures
        .iter()
        .map(|signature| format!("- `{}`: {}\n", signature.id, inline(&first_wording(signature))))
        .collect();
    let json: Vec<_> =
        signatures.iter().map(|signature| json!({"id": signature.id, "origin": signature.origin})).collect();
    Some(Topic {
        text: Some(page.finish()),
        markdown: format!("# {title}\n\n{}", rows.concat()),
        json: json!({"version": VERSION, "origin": origin, "signatures": json}),
    })
}

fn first_wording(signature: &Signature) -> String {
    signature.templates.first().map(wording).unwrap_or_default()
}

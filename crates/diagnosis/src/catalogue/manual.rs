//! The catalogue as Markdown: the page of a cause with the messages that speak for it, and the index by checklist.

use std::fmt::Write as _;

use kloupe_logs::Signature;
use kloupe_model::{Lang, Strength, say};

use super::{CauseEntry, causes, signatures};

/// The checklists, in the order in which a person asks their questions.
pub const CHECKLISTS: [&str; 4] = ["start", "stuck", "reconcile", "any"];

/// What a checklist asks about.
pub fn checklist_title(lang: Lang, checklist: &str) -> String {
    match checklist {
        "start" => say!(lang, en: "It does not start", zh: "启动不了"),
        "stuck" => say!(lang, en: "It started and is stuck", zh: "启动后卡住"),
        "reconcile" => say!(lang, en: "It reconciles, and that fails", zh: "调谐失败"),
        _ => say!(lang, en: "At any time", zh: "任何阶段"),
    }
}

/// The causes of a checklist, sorted by id.
pub fn checklist(checklist: &str) -> impl Iterator<Item = &'static CauseEntry> {
    causes().iter().filter(move |entry| entry.problem == checklist)
}

/// The causes by checklist; `link` says where the page of an id is.
pub fn index(lang: Lang, link: impl Fn(&str) -> String) -> String {
    let mut text = say!(
        lang,
        en: "# Why a controller does not do its job\n",
        zh: "# 控制器为什么没有正常工作\n"
    );
    for id in CHECKLISTS {
        let _ = write!(text, "\n## {}\n\n", checklist_title(lang, id));
        text.push_str(&say!(
            lang,
            en: "| cause | what it is | verdict | messages |\n|---|---|---|---|\n",
            zh: "| 根因 | 含义 | 结论 | 消息数 |\n|---|---|---|---|\n"
        ));
        for entry in checklist(id) {
            let (title, count) = (entry.title.get(lang).replace('|', "\\|"), speaking_for(entry.id).len());
            let _ =
                writeln!(text, "| [`{0}`]({1}) | {title} | {2} | {count} |", entry.id, link(entry.id), entry.verdict);
        }
    }
    text
}

/// The page of a cause.
pub fn page(lang: Lang, entry: &CauseEntry) -> String {
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
    let speaking = speaking_for(id);
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

/// The page of a cause in which every other cause that it names is a link.
pub fn linked_page(lang: Lang, entry: &CauseEntry, link: impl Fn(&str) -> String) -> String {
    outside_code(&page(lang, entry), |line| {
        let mut words = line.split('`');
        let mut out = words.next().unwrap_or_default().to_owned();
        for (at, word) in words.enumerate() {
            // Between two backticks stand the words with an even number.
            let other = at % 2 == 0 && word != entry.id && causes().iter().any(|known| known.id == word);
            if other {
                let _ = write!(out, "[`{word}`]({})", link(word));
            } else {
                out.push_str(if at % 2 == 0 { "`" } else { "" });
                out.push_str(word);
                out.push_str(if at % 2 == 0 { "`" } else { "" });
            }
        }
        out
    })
}

/// All of it as one document: the index, then every page, its headings one level down.
pub fn whole(lang: Lang) -> String {
    let link = |id: &str| format!("#{id}");
    let mut text = index(lang, link);
    for entry in CHECKLISTS.into_iter().flat_map(checklist) {
        text.push('\n');
        text.push_str(&outside_code(&linked_page(lang, entry, link), |line| {
            if line.starts_with('#') { format!("#{line}") } else { line.to_owned() }
        }));
    }
    text
}

/// The text with its lines changed, but for those of code.
fn outside_code(markdown: &str, change: impl Fn(&str) -> String) -> String {
    let mut code = false;
    let mut text = String::new();
    for line in markdown.lines() {
        let fence = line.starts_with("```");
        code ^= fence;
        if code || fence {
            text.push_str(line);
        } else {
            text.push_str(&change(line));
        }
        text.push('\n');
    }
    text
}

/// The signatures that speak for a cause, each with the most that it says, the strongest first.
pub fn speaking_for(id: &str) -> Vec<(&'static Signature, Strength)> {
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

/// A strength as rules are written.
pub fn strength_word(strength: Strength) -> &'static str {
    match strength {
        Strength::Decides => "decides",
        Strength::Supports => "supports",
        Strength::Weak => "weak",
        Strength::Benign => "benign",
    }
}

fn listed<'n>(lang: Lang, ids: impl Iterator<Item = &'n str>) -> String {
    let ids: Vec<String> = ids.map(|id| format!("`{id}`")).collect();
    ids.join(&say!(lang, en: ", ", zh: "、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_holds_every_page_once_and_every_link_has_its_heading() {
        for lang in [Lang::En, Lang::Zh] {
            let text = whole(lang);
            for entry in causes() {
                let heading = format!("\n## {}\n", entry.id);
                assert_eq!(text.matches(&heading).count(), 1, "{}", entry.id);
                assert!(text.contains(&format!("](#{})", entry.id)), "{}", entry.id);
            }
            assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), 1 + commands_in(&text));
        }
    }

    #[test]
    fn a_page_links_the_causes_that_it_names_but_not_itself_nor_in_code() {
        let entry = super::super::cause("rbac-read-denied").expect("it is known");
        let text = linked_page(Lang::En, entry, |id| format!("{id}.md"));
        assert!(text.contains("- [`crd-not-installed`](crd-not-installed.md): 404"));
        assert!(text.contains("`get` alone") && !text.contains("(rbac-read-denied.md)"));
        assert!(text.contains("\n```\nE0304 05:06:08"));
    }

    /// Comments of a shell in code, which look like headings and stay as they are.
    fn commands_in(text: &str) -> usize {
        let mut code = false;
        let lines = text.lines().filter(|line| {
            code ^= line.starts_with("```");
            code && line.starts_with("# ")
        });
        lines.count()
    }
}

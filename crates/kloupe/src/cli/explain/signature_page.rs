//! What is known of one message: its wordings, what it means, what it speaks for and when, where it comes from, how it looks.

use std::fmt::Write as _;

use kloupe_diagnosis::catalogue::manual::strength_word;
use kloupe_logs::template::Kind;
use kloupe_logs::{Condition, Part, Row, Signature, Template};
use kloupe_model::{Lang, say};
use kloupe_report::fenced;
use serde_json::json;

use super::{Topic, VERSION};

pub(super) fn of(lang: Lang, signature: &Signature) -> Topic {
    let rows = |rows: &[Row]| rows.iter().map(row_json).collect::<Vec<_>>();
    let json = json!({
        "version": VERSION,
        "kind": "signature",
        "id": signature.id,
        "origin": signature.origin,
        "templates": signature.templates.iter().map(wording).collect::<Vec<_>>(),
        "in": signature.scopes.iter().map(|scope| scope.id()).collect::<Vec<_>>(),
        "exact": signature.exact,
        "reasons": signature.reasons,
        "wraps": signature.wraps,
        "speaks": rows(signature.speaks),
        "also": rows(signature.also),
        "says": signature.says.get(lang),
        "versions": signature.versions,
        "source": signature.source,
        "match": signature.samples,
    });
    Topic { markdown: markdown(lang, signature), json, text: None }
}

fn row_json(row: &Row) -> serde_json::Value {
    let when: Vec<_> = row
        .when
        .iter()
        .map(|condition| json!({"key": condition.key, "not": condition.negated, "values": condition.values}))
        .collect();
    json!({"cause": row.cause, "strength": strength_word(row.strength), "when": when})
}

fn markdown(lang: Lang, signature: &Signature) -> String {
    let mut text = format!("# {}\n\n{}\n", signature.id, signature.says.get(lang));
    section(&mut text, &say!(lang, en: "Wordings", zh: "措辞"));
    let wordings: Vec<String> = signature.templates.iter().map(wording).collect();
    text.push_str(&fenced("text", &wordings.join("\n"), ""));
    if !signature.speaks.is_empty() || !signature.also.is_empty() {
        section(&mut text, &say!(lang, en: "What it speaks for: the first that holds", zh: "指向：取第一个成立的"));
    }
    for row in signature.speaks {
        text.push_str(&speaks(lang, row, ""));
    }
    let also = say!(lang, en: "also ", zh: "另外 ");
    for row in signature.also {
        text.push_str(&speaks(lang, row, &also));
    }
    section(&mut text, &say!(lang, en: "Where it comes from", zh: "出处"));
    let parts = [
        (say!(lang, en: "versions: ", zh: "版本："), signature.versions),
        (say!(lang, en: "source: ", zh: "源码："), signature.source),
        (say!(lang, en: "signature file: ", zh: "签名文件："), signature.origin),
    ];
    for (label, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
        let _ = writeln!(text, "- {label}{part}");
    }
    section(&mut text, &say!(lang, en: "How it looks", zh: "样例"));
    text.push_str(&fenced("text", &signature.samples.join("\n"), ""));
    text
}

fn section(text: &mut String, title: &str) {
    let _ = writeln!(text, "\n## {title}\n");
}

/// One line: the cause, how strongly, when.
fn speaks(lang: Lang, row: &Row, also: &str) -> String {
    let strength = strength_word(row.strength);
    let cause = row.cause.map(|cause| format!("`{cause}` ")).unwrap_or_default();
    let when: Vec<String> = row.when.iter().map(|condition| said(lang, condition)).collect();
    let when = if when.is_empty() {
        String::new()
    } else {
        say!(lang, en: ", when {}", zh: "，当 {}", when.join(&say!(lang, en: " and ", zh: " 且 ")))
    };
    format!("- {also}{cause}{strength}{when}\n")
}

/// A condition with more values than these is a list, which `-o json` has.
const MAX_VALUES: usize = 6;

fn said(lang: Lang, condition: &Condition) -> String {
    let (key, all) = (condition.key, condition.values.len());
    let shown: Vec<String> = condition.values.iter().take(MAX_VALUES).map(|value| format!("`{value}`")).collect();
    let mut values = shown.join(&say!(lang, en: " or ", zh: " 或 "));
    if all > MAX_VALUES {
        let more = all - MAX_VALUES;
        values.push_str(&say!(lang, en: " or {more} more", zh: " 或另外 {more} 个"));
    }
    if condition.negated {
        say!(lang, en: "{key} is not {values}", zh: "{key} 不是 {values}")
    } else {
        say!(lang, en: "{key} is {values}", zh: "{key} 是 {values}")
    }
}

/// A template as it is written in a signature file.
pub(super) fn wording(template: &Template) -> String {
    let mut text = String::new();
    for part in template.parts {
        match part {
            Part::Literal(literal) => text.push_str(&literal.replace('{', "{{").replace('}', "}}")),
            Part::Hole { name, kind, optional } => {
                let kind = match kind {
                    Kind::Any => "",
                    Kind::Word => ":word",
                    Kind::Token => ":token",
                    Kind::Int => ":int",
                    Kind::Duration => ":dur",
                    Kind::Rest => ":rest",
                };
                let optional = if *optional { "?" } else { "" };
                let _ = write!(text, "{{{name}{kind}{optional}}}");
            }
        }
    }
    text
}

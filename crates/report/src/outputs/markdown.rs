//! To paste into an issue or a chat: the same answer with headings, quotes in fences, and what is less needed folded away.

use std::fmt::Write as _;

use kloupe_model::{Cause, Diagnosis, Evidence, Lang, Report, Step, say};

use crate::clean::{inline, plain};
use crate::words::{Context, and_more, as_of, confidence_word, kind_word, mark, nothing, verdict_word};
use crate::wrap::SEPARATOR;
use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "markdown", alias: Some("md"), write };

/// An issue is read by people: more than this is for `-o json`.
const MAX_EVIDENCE: usize = 12;

fn write(report: &Report, style: Style) -> String {
    let mut text = String::new();
    for diagnosis in &report.diagnoses {
        let context = Context::new(style.lang, report, &diagnosis.subject.namespace);
        write_diagnosis(context, diagnosis, &mut text);
    }
    if report.diagnoses.is_empty() {
        let _ = writeln!(text, "{}", nothing(style.lang));
    }
    let unread: Vec<String> =
        report.gaps.iter().map(|gap| said(style.lang, &inline(&gap.what), &gap.why.get(style.lang))).collect();
    folded(&mut text, &say!(style.lang, en: "Unread", zh: "未能读取"), &unread);
    if let Some(as_of) = as_of(style.lang, report) {
        let _ = writeln!(text, "\n_kloupe, {as_of}_");
    }
    text
}

fn section(text: &mut String, level: &str, title: &str) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    let _ = writeln!(text, "{level} {title}\n");
}

fn write_diagnosis(context: Context<'_>, diagnosis: &Diagnosis, text: &mut String) {
    let lang = context.lang;
    let verdict = verdict_word(lang, diagnosis.verdict);
    section(text, "##", &format!("{} {verdict}: {}", mark(diagnosis.verdict), inline(&diagnosis.subject.name)));
    let _ = writeln!(text, "{}", inline(&diagnosis.headline));
    for cause in &diagnosis.causes {
        write_cause(context, cause, text);
    }
    if !diagnosis.causes.is_empty() {
        let rows: Vec<String> = diagnosis.ruled_out.iter().map(|row| said(lang, &code(&row.cause), &row.why)).collect();
        folded(text, &say!(lang, en: "Not it", zh: "已排除"), &rows);
    }
    let notes: Vec<String> = diagnosis
        .notes
        .iter()
        .map(|note| match &note.place {
            Some(place) => format!("{} · {}", inline(&note.text), inline(&context.place(place))),
            None => inline(&note.text),
        })
        .collect();
    folded(text, &say!(lang, en: "Notes", zh: "附注"), &notes);
}

fn write_cause(context: Context<'_>, cause: &Cause, text: &mut String) {
    let lang = context.lang;
    section(text, "###", &code(&cause.id));
    let (summary, reason) = (inline(&cause.summary), inline(&cause.reason));
    let confidence = confidence_word(lang, cause.confidence);
    text.push_str(&say!(lang, en: "{summary} ({confidence}: {reason})\n", zh: "{summary}（{confidence}：{reason}）\n"));
    if !cause.evidence.is_empty() {
        section(text, "####", &say!(lang, en: "Evidence", zh: "证据"));
    }
    for evidence in cause.evidence.iter().take(MAX_EVIDENCE) {
        write_evidence(context, evidence, text);
    }
    if cause.evidence.len() > MAX_EVIDENCE {
        let _ = writeln!(text, "{}", and_more(lang, cause.evidence.len() - MAX_EVIDENCE));
    }
    if !cause.effects.is_empty() {
        section(text, "####", &say!(lang, en: "Effects", zh: "影响"));
    }
    for effect in &cause.effects {
        let sentence = effect.id.map_or_else(|| inline(&effect.text), |id| said(lang, &code(id), &effect.text));
        let place =
            effect.place.as_ref().map(|place| format!(" · {}", inline(&context.place(place)))).unwrap_or_default();
        let _ = writeln!(text, "- {sentence}{place}");
    }
    write_fix(lang, &cause.fix, text);
}

fn write_evidence(context: Context<'_>, evidence: &Evidence, text: &mut String) {
    let kind = kind_word(context.lang, &evidence.place);
    let _ = writeln!(text, "- {kind} {}", inline(&context.sighting(evidence).join(SEPARATOR)));
    text.push_str(&fenced("text", &evidence.quote, "  "));
    text.push('\n');
}

fn write_fix(lang: Lang, steps: &[Step], text: &mut String) {
    if steps.is_empty() {
        return;
    }
    section(text, "####", &say!(lang, en: "What to do", zh: "处理"));
    for (at, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", at + 1, inline(&step.title));
        if let Some(run) = &step.run {
            let language = if run.trim_start().starts_with("apiVersion:") { "yaml" } else { "sh" };
            text.push_str(&fenced(language, run, "   "));
            text.push('\n');
        }
    }
}

/// A sentence about a name.
fn said(lang: Lang, name: &str, why: &str) -> String {
    let why = inline(why);
    say!(lang, en: "{name}: {why}", zh: "{name}：{why}")
}

/// An id of the catalogue, or a person's own.
fn code(id: &str) -> String {
    format!("`{}`", plain(id).replace('`', "'"))
}

/// A list that is folded away until it is asked for.
fn folded(text: &mut String, title: &str, rows: &[String]) {
    if rows.is_empty() {
        return;
    }
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    let _ = writeln!(text, "<details><summary>{title}</summary>\n");
    for row in rows {
        let _ = writeln!(text, "- {row}");
    }
    text.push_str("\n</details>\n");
}

/// A block of code that no run of backticks inside can end.
pub fn fenced(language: &str, body: &str, indent: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in body.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    let mut text = format!("{indent}{fence}{language}\n");
    for line in plain(body).trim_end().lines() {
        let _ = writeln!(text, "{indent}{line}");
    }
    let _ = writeln!(text, "{indent}{fence}");
    text
}

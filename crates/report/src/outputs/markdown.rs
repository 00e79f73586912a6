//! To paste into an issue or a chat: the same answer with headings and fenced quotes.

use std::fmt::Write as _;

use kloupe_model::{Cause, Diagnosis, Report, say};

use crate::words::{as_of, confidence_word, place, sighting, verdict_word};
use crate::wrap::plain;
use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "markdown", write };

fn write(report: &Report, style: Style) -> String {
    let lang = style.lang;
    let mut text = String::new();
    for diagnosis in &report.diagnoses {
        write_diagnosis(report, diagnosis, style, &mut text);
    }
    if !report.gaps.is_empty() {
        section(&mut text, "###", &say!(lang, en: "Unread", zh: "未能读取"));
        for gap in &report.gaps {
            let _ = writeln!(text, "- {}: {}", inline(&gap.what), inline(&gap.why));
        }
    }
    if let Some(as_of) = as_of(lang, report) {
        let _ = writeln!(text, "\n_{as_of}_");
    }
    text
}

fn section(text: &mut String, level: &str, title: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{level} {title}\n");
}

fn write_diagnosis(report: &Report, diagnosis: &Diagnosis, style: Style, text: &mut String) {
    let lang = style.lang;
    section(text, "##", &format!("{}: {}", verdict_word(lang, diagnosis.verdict), inline(&diagnosis.subject.name)));
    let _ = writeln!(text, "{}", inline(&diagnosis.headline));
    for cause in &diagnosis.causes {
        write_cause(report, cause, style, text);
    }
    if !diagnosis.ruled_out.is_empty() && !diagnosis.causes.is_empty() {
        section(text, "###", &say!(lang, en: "Not it", zh: "已排除"));
        for row in &diagnosis.ruled_out {
            let _ = writeln!(text, "- `{}`: {}", row.cause, inline(&row.why));
        }
    }
    if !diagnosis.notes.is_empty() {
        section(text, "###", &say!(lang, en: "Notes", zh: "附注"));
        for note in &diagnosis.notes {
            let _ = writeln!(text, "- {}", inline(&note.text));
        }
    }
}

fn write_cause(report: &Report, cause: &Cause, style: Style, text: &mut String) {
    let lang = style.lang;
    section(text, "###", &format!("`{}`", cause.id));
    let confidence = confidence_word(lang, cause.confidence);
    let _ = writeln!(text, "{} ({confidence}: {})", inline(&cause.summary), inline(&cause.reason));
    section(text, "####", &say!(lang, en: "Evidence", zh: "证据"));
    for evidence in &cause.evidence {
        let _ = writeln!(text, "- {}\n", inline(&sighting(lang, report, evidence)));
        fenced(text, "text", &evidence.quote, "  ");
    }
    if !cause.effects.is_empty() {
        section(text, "####", &say!(lang, en: "Effects", zh: "影响"));
        for effect in &cause.effects {
            let at = effect.place.as_ref().map(|at| format!(" ({})", place(lang, at))).unwrap_or_default();
            let _ = writeln!(text, "- {}{}", inline(&effect.text), inline(&at));
        }
    }
    section(text, "####", &say!(lang, en: "What to do", zh: "处理"));
    for (at, step) in cause.fix.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", at + 1, inline(&step.title));
        if let Some(run) = &step.run {
            text.push('\n');
            fenced(text, "sh", run, "   ");
        }
    }
}

/// A block that no run of backticks inside can end.
fn fenced(text: &mut String, language: &str, body: &str, indent: &str) {
    let mut longest = 0;
    let mut run = 0;
    for c in body.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    let _ = writeln!(text, "{indent}{fence}{language}");
    for line in plain(body).trim_end().lines() {
        let _ = writeln!(text, "{indent}{line}");
    }
    let _ = writeln!(text, "{indent}{fence}\n");
}

/// Text that no markup in it can break out of.
fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '\n' => safe.push(' '),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '*' | '_' | '[' | ']' | '`' | '|' | '\\' | '#' | '@' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

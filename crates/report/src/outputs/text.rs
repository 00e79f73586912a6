//! For a terminal: verdict, cause, evidence, effects, what to do, what it is not, what could not be read.

use anstyle::{AnsiColor, Color, Style as Paint};
use kloupe_model::{Cause, Diagnosis, Effect, Evidence, Place, Report, Step, Verdict, say};

use crate::clean::plain;
use crate::page::{BOLD, DIM, INDENT, MAX_LINES, Page};
use crate::words::{Context, and_more, as_of, confidence_word, kind_word, mark, nothing, verdict_word};
use crate::wrap::{display_width, wrap_parts};
use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "text", alias: None, write };

/// Columns for the kind of evidence, and for the number of a step.
const KIND: usize = 7;
const NUMBER: usize = 3;
/// A screen is short: more than this is for `-o json`.
const MAX_EVIDENCE: usize = 6;
const MAX_ROWS: usize = 8;

fn write(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    for diagnosis in &report.diagnoses {
        let context = Context::new(style.lang, report, &diagnosis.subject.namespace);
        Answer { page: &mut page, context }.diagnosis(diagnosis);
    }
    if report.diagnoses.is_empty() {
        page.line(&nothing(style.lang));
    }
    unread(&mut page, report);
    footer(&mut page, report);
    page.finish()
}

/// One diagnosis on the page.
struct Answer<'p, 'r> {
    page: &'p mut Page,
    context: Context<'r>,
}

impl Answer<'_, '_> {
    fn diagnosis(&mut self, diagnosis: &Diagnosis) {
        self.head(diagnosis);
        let several = diagnosis.causes.len() > 1;
        for (at, cause) in diagnosis.causes.iter().enumerate() {
            self.cause(cause, several.then_some(at + 1));
        }
        self.ruled_out(diagnosis);
        self.notes(diagnosis);
    }

    fn head(&mut self, diagnosis: &Diagnosis) {
        self.page.skip();
        let verdict = verdict_word(self.context.lang, diagnosis.verdict);
        let head = format!("{} {verdict}", mark(diagnosis.verdict));
        let pad = INDENT.saturating_sub(display_width(&head)).max(2);
        let columns = display_width(&head) + pad;
        let paint = Paint::new().bold().fg_color(Some(Color::Ansi(colour(diagnosis.verdict))));
        let start = format!("{}{}", self.page.painted(&head, paint), " ".repeat(pad));
        self.page.hanging(&start, columns, &diagnosis.headline);
    }

    fn cause(&mut self, cause: &Cause, number: Option<usize>) {
        let lang = self.context.lang;
        let confidence = confidence_word(lang, cause.confidence);
        let reason = &cause.reason;
        let certainty = if reason.is_empty() {
            say!(lang, en: " ({confidence})", zh: "（{confidence}）")
        } else {
            say!(lang, en: " ({confidence}: {reason})", zh: "（{confidence}：{reason}）")
        };
        let mut lines = self.page.wrapped(&format!("{}{certainty}", cause.id), 0);
        if let Some(first) = lines.first_mut() {
            *first = first.replacen(&cause.id, &self.page.painted(&cause.id, BOLD), 1);
        }
        lines.extend(self.page.wrapped(&cause.summary, 0));
        let label = say!(lang, en: "cause", zh: "根因");
        let label = number.map_or(label.clone(), |number| format!("{label} {number}"));
        self.block(&label, &lines);
        self.evidence(&cause.evidence);
        self.effects(&cause.effects);
        self.fix(&cause.fix);
    }

    fn block(&mut self, label: &str, lines: &[String]) {
        if !lines.is_empty() {
            self.page.skip();
            self.page.block(label, lines);
        }
    }

    fn evidence(&mut self, evidence: &[Evidence]) {
        let lang = self.context.lang;
        let shown = &evidence[..evidence.len().min(MAX_EVIDENCE)];
        let mut lines = Vec::new();
        for (at, piece) in shown.iter().enumerate() {
            lines.extend(self.sighting(piece));
            // What stands at several places is quoted once, below the last of them.
            if shown.get(at + 1).is_none_or(|next| next.said != piece.said) {
                lines.extend(self.quoted(&piece.said, KIND));
            }
        }
        lines.extend(left_out(self.context, evidence.len(), MAX_EVIDENCE));
        self.block(&say!(lang, en: "evidence", zh: "证据"), &lines);
    }

    fn sighting(&self, evidence: &Evidence) -> Vec<String> {
        let kind = kind_word(self.context.lang, &evidence.place);
        let pad = " ".repeat(KIND.saturating_sub(display_width(&kind)));
        let mut lines = Vec::new();
        for (at, line) in self.page.joined(&self.context.sighting(evidence), KIND).iter().enumerate() {
            let start = if at == 0 { format!("{kind}{pad}") } else { " ".repeat(KIND) };
            lines.push(format!("{start}{}", self.page.painted(line, DIM)));
        }
        lines
    }

    /// A text in at most a few lines.
    fn quoted(&self, text: &str, indent: usize) -> Vec<String> {
        let mut lines = self.page.wrapped(text, indent);
        if lines.len() > MAX_LINES {
            lines.truncate(MAX_LINES);
            lines.push("…".to_owned());
        }
        lines.iter().map(|line| format!("{}{line}", " ".repeat(indent))).collect()
    }

    /// A sentence with its place.
    fn entry(&self, text: &str, place: Option<&Place>) -> Vec<String> {
        let place = place.map(|place| self.context.place(place));
        self.page.entry(text, place.as_deref())
    }

    fn effects(&mut self, effects: &[Effect]) {
        let lang = self.context.lang;
        let mut lines = Vec::new();
        for effect in effects.iter().take(MAX_ROWS) {
            let text = match effect.id {
                Some(id) => say!(lang, en: "{id}: {}", zh: "{id}：{}", effect.text),
                None => effect.text.clone(),
            };
            lines.extend(self.entry(&text, effect.place.as_ref()));
        }
        lines.extend(left_out(self.context, effects.len(), MAX_ROWS));
        self.block(&say!(lang, en: "effects", zh: "影响"), &lines);
    }

    fn fix(&mut self, steps: &[Step]) {
        let mut lines = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            for (row, line) in self.page.wrapped(&step.title, NUMBER).iter().enumerate() {
                let number = if row == 0 { (at + 1).to_string() } else { String::new() };
                lines.push(format!("{number:<NUMBER$}{line}"));
            }
            // Commands are never broken: they are to be copied.
            let commands = step.run.iter().flat_map(|run| run.trim_end().lines());
            lines.extend(commands.map(|line| format!("{}{}", " ".repeat(NUMBER), plain(line))));
        }
        self.block(&say!(self.context.lang, en: "fix", zh: "处理"), &lines);
    }

    /// What it is not, beside what it is: without a cause there is nothing to tell apart.
    fn ruled_out(&mut self, diagnosis: &Diagnosis) {
        let lang = self.context.lang;
        if diagnosis.causes.is_empty() {
            return;
        }
        let rows = diagnosis.ruled_out.iter();
        let all: Vec<String> = rows.map(|row| say!(lang, en: "{}: {}", zh: "{}：{}", row.cause, row.why)).collect();
        let lines = self.page.entries(&all);
        self.block(&say!(lang, en: "not it", zh: "已排除"), &lines);
    }

    /// Beside a cause a block of its own; without one it goes on where the headline ends.
    fn notes(&mut self, diagnosis: &Diagnosis) {
        let lang = self.context.lang;
        let mut lines = Vec::new();
        for note in &diagnosis.notes {
            lines.extend(self.entry(&note.text, note.place.as_ref()));
        }
        if diagnosis.causes.is_empty() {
            self.page.block("", &lines);
        } else {
            self.block(&say!(lang, en: "note", zh: "附注"), &lines);
        }
    }
}

fn left_out(context: Context<'_>, all: usize, shown: usize) -> Option<String> {
    (all > shown).then(|| and_more(context.lang, all - shown))
}

fn unread(page: &mut Page, report: &Report) {
    let lang = page.style().lang;
    let context = Context::new(lang, report, "");
    let mut lines = Vec::new();
    for gap in report.gaps.iter().take(MAX_ROWS) {
        lines.extend(
            page.entry(&say!(lang, en: "{}: {}", zh: "{}：{}", gap.what, gap.why.get(page.style().lang)), None),
        );
    }
    lines.extend(left_out(context, report.gaps.len(), MAX_ROWS));
    if !lines.is_empty() {
        page.skip();
        page.block(&say!(lang, en: "unread", zh: "未能读取"), &lines);
    }
}

fn footer(page: &mut Page, report: &Report) {
    let lang = page.style().lang;
    page.skip();
    // A person's own causes have no page.
    let cause =
        report.diagnoses.iter().flat_map(|diagnosis| &diagnosis.causes).find(|cause| !cause.id.starts_with("x-"));
    let more =
        cause.map(|cause| say!(lang, en: "kloupe explain {} tells more", zh: "详见 kloupe explain {}", cause.id));
    let json = say!(lang, en: "-o json for scripts", zh: "脚本请用 -o json");
    let parts: Vec<String> = as_of(lang, report).into_iter().chain(more).chain([json]).collect();
    for line in wrap_parts(&parts, page.style().width) {
        let line = page.painted(&line, DIM);
        page.line(&line);
    }
}

fn colour(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::Healthy | Verdict::Idle => AnsiColor::Green,
        Verdict::Unknown => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    }
}

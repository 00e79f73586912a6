//! For a terminal: verdict, cause, evidence, effects, what to do, what it is not, what could not be read.

use anstyle::{AnsiColor, Color, Style as Paint};
use kloupe_model::{Cause, Diagnosis, Evidence, Report, Verdict, say};

use crate::words::{as_of, confidence_word, kind_word, place, sighting, verdict_word};
use crate::wrap::{display_width, plain, wrap};
use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "text", write };

/// Where the sentences start, and where the kinds of evidence end.
const INDENT: usize = 12;
const KIND: usize = 7;
const MAX_EVIDENCE: usize = 6;
const MAX_QUOTE_LINES: usize = 6;
const WIDEST: usize = 110;

const BOLD: Paint = Paint::new().bold();
const DIM: Paint = Paint::new().dimmed();

fn write(report: &Report, style: Style) -> String {
    let mut page = Page { style: Style { width: style.width.clamp(40, WIDEST), ..style }, text: String::new() };
    for diagnosis in &report.diagnoses {
        page.diagnosis(report, diagnosis);
    }
    page.unread(report);
    page.footer(report);
    page.text
}

struct Page {
    style: Style,
    text: String,
}

impl Page {
    fn painted(&self, text: &str, paint: Paint) -> String {
        if self.style.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn diagnosis(&mut self, report: &Report, diagnosis: &Diagnosis) {
        self.gap();
        let (mark, colour) = mark(diagnosis.verdict);
        let verdict = verdict_word(self.style.lang, diagnosis.verdict);
        let head = self.painted(&format!("{mark} {verdict}"), Paint::new().bold().fg_color(Some(Color::Ansi(colour))));
        let used = 2 + display_width(&verdict);
        let pad = " ".repeat(INDENT.saturating_sub(used).max(2));
        let indent = used + pad.len();
        for (at, line) in wrap(&diagnosis.headline, self.style.width - indent).iter().enumerate() {
            let start = if at == 0 { format!("{head}{pad}") } else { " ".repeat(indent) };
            self.line(&format!("{start}{line}"));
        }
        let several = diagnosis.causes.len() > 1;
        for (at, cause) in diagnosis.causes.iter().enumerate() {
            self.cause(report, cause, several.then_some(at + 1));
        }
        self.ruled_out(diagnosis);
        self.notes(diagnosis);
    }

    /// A labelled block: the label stands in front of the first line.
    fn block(&mut self, label: &str, lines: &[String]) {
        for (at, line) in lines.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let pad = " ".repeat((INDENT - 2).saturating_sub(display_width(label)));
            let label = self.painted(label, DIM);
            self.line(&format!("  {label}{pad}{line}"));
        }
    }

    fn wrapped(&self, text: &str, more: usize) -> Vec<String> {
        wrap(text, self.style.width - INDENT - more)
    }

    fn cause(&mut self, report: &Report, cause: &Cause, number: Option<usize>) {
        let lang = self.style.lang;
        self.gap();
        let confidence = confidence_word(lang, cause.confidence);
        let reason = &cause.reason;
        let certainty = say!(lang, en: " ({confidence}: {reason})", zh: "（{confidence}：{reason}）");
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        let mut lines = self.wrapped(&format!("{}{certainty}", cause.id), 0);
        lines[0] = lines[0].replacen(&cause.id, &self.painted(&cause.id, BOLD), 1);
        lines.extend(self.wrapped(&cause.summary, 0));
        let label = say!(lang, en: "cause {number}", zh: "根因 {number}");
        self.block(label.trim_end(), &lines);
        self.evidence(report, cause);
        self.effects(cause);
        self.fix(cause);
    }

    fn evidence(&mut self, report: &Report, cause: &Cause) {
        let lang = self.style.lang;
        self.gap();
        let mut lines = Vec::new();
        for evidence in cause.evidence.iter().take(MAX_EVIDENCE) {
            lines.extend(self.piece(report, evidence));
        }
        let more = cause.evidence.len().saturating_sub(MAX_EVIDENCE);
        if more > 0 {
            lines.push(say!(lang, en: "and {more} more pieces of evidence: -o json", zh: "另有 {more} 条证据：-o json"));
        }
        self.block(&say!(lang, en: "evidence", zh: "证据"), &lines);
    }

    fn piece(&self, report: &Report, evidence: &Evidence) -> Vec<String> {
        let lang = self.style.lang;
        let kind = kind_word(lang, &evidence.place);
        let pad = " ".repeat(KIND.saturating_sub(display_width(&kind)));
        let mut lines: Vec<String> = Vec::new();
        for (at, line) in self.wrapped(&sighting(lang, report, evidence), KIND).iter().enumerate() {
            let start = if at == 0 { format!("{kind}{pad}") } else { " ".repeat(KIND) };
            lines.push(self.painted(&format!("{start}{line}"), DIM));
        }
        let quote = self.wrapped(&evidence.quote, KIND);
        let cut = quote.len() > MAX_QUOTE_LINES;
        lines.extend(quote.iter().take(MAX_QUOTE_LINES).map(|line| format!("{}{line}", " ".repeat(KIND))));
        if cut {
            lines.push(format!("{}…", " ".repeat(KIND)));
        }
        lines
    }

    fn effects(&mut self, cause: &Cause) {
        if cause.effects.is_empty() {
            return;
        }
        let lang = self.style.lang;
        self.gap();
        let mut lines = Vec::new();
        for effect in &cause.effects {
            let text = match (effect.id, &effect.place) {
                (Some(id), Some(at)) => say!(lang, en: "{id}: {} ({})", zh: "{id}：{}（{}）", effect.text, place(lang, at)),
                (None, Some(at)) => say!(lang, en: "{} ({})", zh: "{}（{}）", effect.text, place(lang, at)),
                _ => effect.text.clone(),
            };
            lines.extend(self.wrapped(&text, 0));
        }
        self.block(&say!(lang, en: "effects", zh: "影响"), &lines);
    }

    fn fix(&mut self, cause: &Cause) {
        self.gap();
        let mut lines = Vec::new();
        for (at, step) in cause.fix.iter().enumerate() {
            for (row, line) in self.wrapped(&step.title, 3).iter().enumerate() {
                lines.push(if row == 0 { format!("{:<3}{line}", at + 1) } else { format!("   {line}") });
            }
            // Commands are never broken: they are to be copied.
            lines.extend(step.run.iter().flat_map(|run| run.trim_end().lines()).map(|line| format!("   {}", plain(line))));
        }
        self.block(&say!(self.style.lang, en: "fix", zh: "处理"), &lines);
    }

    fn ruled_out(&mut self, diagnosis: &Diagnosis) {
        if diagnosis.ruled_out.is_empty() || diagnosis.causes.is_empty() {
            return;
        }
        let lang = self.style.lang;
        self.gap();
        let all: Vec<String> = diagnosis.ruled_out.iter().map(|row| say!(lang, en: "{}: {}", zh: "{}：{}", row.cause, row.why)).collect();
        let lines = self.wrapped(&all.join(" · "), 0);
        self.block(&say!(lang, en: "not it", zh: "已排除"), &lines);
    }

    fn notes(&mut self, diagnosis: &Diagnosis) {
        if diagnosis.notes.is_empty() {
            return;
        }
        let lang = self.style.lang;
        self.gap();
        let mut lines = Vec::new();
        for note in &diagnosis.notes {
            let text = match &note.place {
                Some(at) => say!(lang, en: "{} ({})", zh: "{}（{}）", note.text, place(lang, at)),
                None => note.text.clone(),
            };
            let mut wrapped = self.wrapped(&text, 0);
            if wrapped.len() > MAX_QUOTE_LINES {
                wrapped.truncate(MAX_QUOTE_LINES);
                wrapped.push("…".to_owned());
            }
            lines.extend(wrapped);
        }
        self.block(&say!(lang, en: "note", zh: "附注"), &lines);
    }

    fn unread(&mut self, report: &Report) {
        if report.gaps.is_empty() {
            return;
        }
        let lang = self.style.lang;
        self.gap();
        let all: Vec<String> = report.gaps.iter().map(|gap| say!(lang, en: "{}: {}", zh: "{}：{}", gap.what, gap.why)).collect();
        let lines: Vec<String> = all.iter().flat_map(|gap| self.wrapped(gap, 0)).collect();
        self.block(&say!(lang, en: "unread", zh: "未能读取"), &lines);
    }

    fn footer(&mut self, report: &Report) {
        let lang = self.style.lang;
        self.gap();
        let cause = report.diagnoses.iter().flat_map(|diagnosis| &diagnosis.causes).next();
        let more = cause.map(|cause| say!(lang, en: "kloupe explain {} tells more", zh: "详见 kloupe explain {}", cause.id));
        let json = say!(lang, en: "-o json for scripts", zh: "脚本请用 -o json");
        let parts: Vec<String> = as_of(lang, report).into_iter().chain(more).chain([json]).collect();
        for line in wrap(&parts.join(" · "), self.style.width) {
            let line = self.painted(&line, DIM);
            self.line(&line);
        }
    }
}

fn mark(verdict: Verdict) -> (char, AnsiColor) {
    match verdict {
        Verdict::Healthy | Verdict::Idle => ('✓', AnsiColor::Green),
        Verdict::Unknown => ('?', AnsiColor::Yellow),
        _ => ('✗', AnsiColor::Red),
    }
}

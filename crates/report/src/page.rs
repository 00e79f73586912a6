//! The paper that a terminal's text is written on: labelled blocks with a hanging indent, wrapped to the width, coloured or plain.

use anstyle::Style as Paint;

use crate::Style;
use crate::wrap::{append_hanging, display_width, entries, entry, wrap, wrap_parts};

/// For what a reader looks for: ids, headings.
pub const BOLD: Paint = Paint::new().bold();
/// For what is there to be looked up: places, times.
pub const DIM: Paint = Paint::new().dimmed();

/// Where the text of a block starts.
pub(crate) const INDENT: usize = 12;
/// Longer lines are hard to read.
const WIDEST: usize = 110;
const NARROWEST: usize = 40;
/// A screen is short: the rest of a longer text is for `-o json`.
pub(crate) const MAX_LINES: usize = 6;

/// A text for a terminal, in the making.
#[derive(Debug)]
pub struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(style: Style) -> Page {
        Page { style: Style { width: style.width.clamp(NARROWEST, WIDEST), ..style }, text: String::new() }
    }

    /// How it is laid out; the width is the one that is used.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The text with its colour, where there is colour.
    pub fn painted(&self, text: &str, paint: Paint) -> String {
        if self.style.colour && !text.is_empty() { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    /// Writes one line as it is.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// An empty line, unless there is one or nothing stands above.
    pub fn skip(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A bold line.
    pub fn heading(&mut self, text: &str) {
        self.skip();
        for line in wrap(text, self.style.width) {
            let line = self.painted(&line, BOLD);
            self.line(&line);
        }
    }

    /// A paragraph, wrapped, `indent` columns in.
    pub fn paragraph(&mut self, text: &str, indent: usize) {
        let start = " ".repeat(indent);
        self.hanging(&start, indent, text);
    }

    /// A paragraph that begins beside `start`, which takes `columns`, and goes on below itself.
    pub fn hanging(&mut self, start: &str, columns: usize, text: &str) {
        for (at, line) in wrap(text, self.style.width.saturating_sub(columns)).iter().enumerate() {
            if at == 0 {
                self.line(&format!("{start}{line}"));
            } else {
                self.line(&format!("{}{line}", " ".repeat(columns)));
            }
        }
    }

    /// A block of lines that are wrapped already; the label stands before the first one.
    pub fn block(&mut self, label: &str, lines: &[String]) {
        for (at, line) in lines.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let pad = " ".repeat((INDENT - 2).saturating_sub(display_width(label)).max(usize::from(at == 0)));
            self.line(&format!("  {label}{pad}{line}"));
        }
    }

    /// The text in lines that fit a block, `more` columns further in.
    pub fn wrapped(&self, text: &str, more: usize) -> Vec<String> {
        wrap(text, self.style.width - INDENT - more)
    }

    /// Parts side by side, in lines that fit a block, `more` columns further in.
    pub(crate) fn joined(&self, parts: &[String], more: usize) -> Vec<String> {
        wrap_parts(parts, self.style.width - INDENT - more)
    }

    /// Entries of a list, in lines that fit a block.
    pub(crate) fn entries(&self, parts: &[String]) -> Vec<String> {
        entries(parts, self.style.width - INDENT)
    }

    /// One entry with what stands behind it, in a few lines that fit a block.
    pub(crate) fn entry(&self, text: &str, behind: Option<&str>) -> Vec<String> {
        let mut lines = entry(text, self.style.width - INDENT);
        if lines.len() > MAX_LINES {
            lines.truncate(MAX_LINES);
            lines.push("  …".to_owned());
        }
        if let Some(behind) = behind {
            append_hanging(&mut lines, behind, self.style.width - INDENT);
        }
        lines
    }

    /// The text of the page.
    pub fn finish(self) -> String {
        self.text
    }
}

//! The text of an addition while it is written: labels with values beside them, and tables. Widths are those of a terminal, since
//! Chinese letters are two columns wide.

use kloupe_model::Lang;
use unicode_width::UnicodeWidthStr;

use crate::age::{self, Clock};
use serde_json::Value;

/// A text of nested blocks.
pub(crate) struct Section<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) lang: Lang,
    level: usize,
    /// Lines whose columns belong together.
    rows: Vec<Vec<String>>,
    text: String,
}

impl<'a> Section<'a> {
    pub(crate) fn new(clock: &'a Clock, lang: Lang) -> Section<'a> {
        Section { clock, lang, level: 0, rows: Vec::new(), text: String::new() }
    }

    /// A label and its value.
    pub(crate) fn field(&mut self, label: &str, value: impl Into<String>) {
        let label = self.label(label);
        self.rows.push(vec![label, value.into()]);
    }

    /// A label and values below each other; nothing if there are none.
    pub(crate) fn values(&mut self, label: &str, values: impl IntoIterator<Item = String>) {
        let mut label = self.label(label);
        for value in values {
            self.rows.push(vec![std::mem::take(&mut label), value]);
        }
    }

    /// A table below its title; nothing if it has no rows.
    pub(crate) fn table(&mut self, title: &str, heads: &[&str], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            return;
        }
        self.open(title);
        self.rows.push(heads.iter().map(|&head| head.to_owned()).collect());
        self.rows.extend(rows);
        self.close();
    }

    /// What follows stands below a title.
    pub(crate) fn open(&mut self, title: &str) {
        self.flush();
        let title = self.label(title);
        self.rows.push(vec![title]);
        self.flush();
        self.level += 1;
    }

    /// Ends what [`Section::open`] began.
    pub(crate) fn close(&mut self) {
        self.flush();
        self.level -= 1;
    }

    /// How long ago a moment is.
    pub(crate) fn since(&self, value: &Value) -> String {
        age::since(self.clock.now, value.as_str())
    }

    /// Whether there are titles only.
    pub(crate) fn says_nothing(&self) -> bool {
        self.rows.is_empty() && self.text.lines().count() <= self.level
    }

    /// The whole text.
    pub(crate) fn finish(mut self) -> String {
        self.flush();
        self.text
    }

    fn label(&self, label: &str) -> String {
        let colon = match self.lang {
            Lang::En => ":",
            Lang::Zh => "：",
        };
        format!("{label}{colon}")
    }

    fn flush(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        // What a terminal could take for a command comes from the objects.
        for cell in rows.iter_mut().flatten().filter(|cell| cell.contains(char::is_control)) {
            *cell = cell.replace(char::is_control, " ");
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or_default()
            })
            .collect();
        for row in rows {
            let mut line = "  ".repeat(self.level);
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(lang: Lang) -> String {
        let clock = Clock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC };
        let mut section = Section::new(&clock, lang);
        section.open("甲");
        section.field("名称", "a");
        section.values("x", ["b".to_owned(), "c".to_owned()]);
        section.values("none", []);
        section.table("t", &["A", "乙乙"], vec![vec!["long".to_owned(), "1".to_owned()]]);
        section.table("empty", &["A"], Vec::new());
        section.field("after", "\u{1b}z");
        section.finish()
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(
            section(Lang::Zh),
            "甲：\n  名称：  a\n  x：     b\n          c\n  t：\n    A     乙乙\n    long  1\n  after：   z\n"
        );
        assert!(section(Lang::En).starts_with("甲:\n  名称:  a\n  x:     b\n"));
    }
}

//! A manual page (the little Markdown that cause pages are written in) on a terminal: bold headings, indented code, aligned tables.

use unicode_width::UnicodeWidthChar;

use crate::clean::plain;
use crate::page::Page;
use crate::wrap::{display_width, wrap};

/// How far the text below a heading stands in, and code further.
const TEXT: usize = 2;
const CODE: usize = 4;
/// A column of a table is cut short rather than pushing the last one out of the page.
const WIDEST_COLUMN: usize = 28;

enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    Code(Vec<String>),
    Table(Vec<Vec<String>>),
}

impl Page {
    /// Writes a manual page.
    pub fn manual(&mut self, markdown: &str) {
        let mut previous_item = false;
        for block in blocks(markdown) {
            let item = matches!(block, Block::Item(_));
            if !(item && previous_item) {
                self.skip();
            }
            previous_item = item;
            match block {
                Block::Heading(text) => self.heading(&text),
                Block::Paragraph(text) => self.paragraph(&text, TEXT),
                Block::Item(text) => self.hanging(&format!("{}- ", " ".repeat(TEXT)), TEXT + 2, &text),
                Block::Code(lines) => self.code(&lines, CODE),
                Block::Table(rows) => self.table(&rows),
            }
        }
    }

    /// Lines that are to be copied: never wrapped.
    pub fn code(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            self.line(&format!("{}{}", " ".repeat(indent), plain(line)));
        }
    }

    fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns.saturating_sub(1))
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max().unwrap_or_default()
            })
            .map(|width| width.min(WIDEST_COLUMN))
            .collect();
        for row in rows {
            let (last, first) = row.split_last().map_or(("", &[][..]), |(last, first)| (last.as_str(), first));
            let mut start = " ".repeat(TEXT);
            for (cell, width) in first.iter().zip(&widths) {
                start.push_str(cell);
                start.push_str(&" ".repeat(width.saturating_sub(display_width(cell)) + 2));
            }
            let columns = display_width(&start);
            // A first column that leaves no room for the last one: the last one goes below.
            if columns + 20 > self.style().width {
                self.paragraph(&start, 0);
                self.paragraph(last, CODE);
            } else if wrap(last, self.style().width).is_empty() {
                self.line(&start);
            } else {
                self.hanging(&start, columns, last);
            }
        }
    }
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut code: Option<Vec<String>> = None;
    let mut open = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            match code.take() {
                Some(lines) => blocks.push(Block::Code(lines)),
                None => code = Some(Vec::new()),
            }
            open = false;
        } else if let Some(lines) = &mut code {
            lines.push(line.to_owned());
        } else if line.trim().is_empty() {
            open = false;
        } else {
            open = text_line(&mut blocks, line, open);
        }
    }
    blocks.extend(code.map(Block::Code));
    blocks
}

/// Takes one line of text; gives whether the next one can go on with it.
fn text_line(blocks: &mut Vec<Block>, line: &str, open: bool) -> bool {
    let heading = line.trim_start_matches('#');
    if line.len() != heading.len() && heading.starts_with(' ') {
        blocks.push(Block::Heading(unmarked(heading)));
        return false;
    }
    if let Some(inner) = line.trim().strip_prefix('|').and_then(|inner| inner.strip_suffix('|')) {
        table_line(blocks, inner, open);
        return true;
    }
    if let Some(item) = line.trim_start().strip_prefix("- ") {
        blocks.push(Block::Item(unmarked(item)));
        return true;
    }
    match blocks.last_mut() {
        Some(Block::Paragraph(text) | Block::Item(text)) if open => join(text, &unmarked(line)),
        _ => blocks.push(Block::Paragraph(unmarked(line))),
    }
    true
}

/// Takes one line of a table, without its outer bars; the rule below the head is no row.
fn table_line(blocks: &mut Vec<Block>, inner: &str, open: bool) {
    if inner.chars().all(|c| matches!(c, '-' | '|' | ':' | ' ')) {
        return;
    }
    let row: Vec<String> = inner.split('|').map(unmarked).collect();
    match blocks.last_mut() {
        Some(Block::Table(rows)) if open => rows.push(row),
        _ => blocks.push(Block::Table(vec![row])),
    }
}

/// The text without the marks of emphasis. Backticks stay: they show where an id or a command begins and ends.
fn unmarked(text: &str) -> String {
    text.trim().replace("**", "")
}

/// Puts lines of one paragraph together: with a blank, but not between Chinese characters.
fn join(text: &mut String, more: &str) {
    let wide = |c: Option<char>| c.and_then(UnicodeWidthChar::width) == Some(2);
    if !(wide(text.chars().next_back()) && wide(more.chars().next())) {
        text.push(' ');
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use kloupe_model::Lang;

    use crate::{Page, Style};

    const BODY: &str = "## How it shows\n```\nE0304 a very long line of a log that is never wrapped, since it is shown as it is written\n```\nIt **repeats**\nevery second.\n\n## Looks alike\n- `one`: this\n  and that.\n- `two`\n\n| code | meaning |\n|---|---|\n| 1 | an error |\n| 137 | killed |\n";

    #[test]
    fn a_page_is_laid_out() {
        let mut page = Page::new(Style { lang: Lang::En, width: 40, colour: false });
        page.manual(BODY);
        let expected = "How it shows\n\n    E0304 a very long line of a log that is never wrapped, since it is shown as it is written\n\n  It repeats every second.\n\nLooks alike\n\n  - `one`: this and that.\n  - `two`\n\n  code  meaning\n  1     an error\n  137   killed\n";
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn chinese_lines_join_without_a_blank() {
        let mut page = Page::new(Style { lang: Lang::Zh, width: 80, colour: true });
        page.manual("## 表现\n起初每秒一次，\n之后约每 30 秒\n`Starting` 不出现");
        assert_eq!(page.finish(), "\u{1b}[1m表现\u{1b}[0m\n\n  起初每秒一次，之后约每 30 秒 `Starting` 不出现\n");
    }
}

//! A manual page: Markdown as a terminal shows it. Headings, paragraphs, lists and fenced code are all that the catalogue uses.

use anstyle::Style as Paint;

use crate::Style;
use crate::wrap::{plain, wrap};

const INDENT: usize = 2;
const CODE_INDENT: usize = 6;

/// The page in lines of the terminal's width; code is not wrapped.
pub fn page(markdown: &str, style: Style) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            flush(&mut paragraph, &mut text, style);
            fenced = !fenced;
            continue;
        }
        if fenced {
            push(&mut text, &format!("{}{}", " ".repeat(CODE_INDENT), plain(line)), style, Paint::new());
        } else if let Some(heading) = line.strip_prefix('#') {
            flush(&mut paragraph, &mut text, style);
            push(&mut text, heading.trim_start_matches('#').trim(), style, Paint::new().bold());
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut text, style);
            text.push('\n');
        } else {
            if starts_item(line) {
                flush(&mut paragraph, &mut text, style);
            } else if !paragraph.is_empty() && joins_with_blank(&paragraph, line.trim()) {
                paragraph.push(' ');
            }
            paragraph.push_str(if paragraph.is_empty() { line.trim_end() } else { line.trim() });
        }
    }
    flush(&mut paragraph, &mut text, style);
    text
}

fn starts_item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || line.split_once(". ").is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Chinese needs no blank where a line was broken.
fn joins_with_blank(before: &str, after: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| c as u32 >= 0x2e80);
    !(wide(before.chars().next_back()) && wide(after.chars().next()))
}

fn flush(paragraph: &mut String, text: &mut String, style: Style) {
    if paragraph.is_empty() {
        return;
    }
    let item = starts_item(paragraph);
    let hang = if item { INDENT + 2 } else { INDENT };
    let words = paragraph.replace("**", "").replace('`', "");
    for (at, line) in wrap(words.trim_start(), style.width.clamp(40, 110) - hang).iter().enumerate() {
        let indent = if at == 0 { INDENT } else { hang };
        push(text, &format!("{}{line}", " ".repeat(indent)), style, Paint::new());
    }
    paragraph.clear();
}

fn push(text: &mut String, line: &str, style: Style, paint: Paint) {
    if style.colour && !paint.is_plain() {
        text.push_str(&format!("{paint}{line}{paint:#}"));
    } else {
        text.push_str(line.trim_end());
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use kloupe_model::Lang;

    use super::*;

    #[test]
    fn code_stays_and_prose_is_wrapped() {
        let style = Style { lang: Lang::En, width: 40, colour: false };
        let text = page("## What to do\nGrant **the** right, then look again at the `log`.\n\n```sh\nkubectl get clusterrolebindings --all-namespaces\n```\n- one\n- two", style);
        assert_eq!(
            text,
            "What to do\n  Grant the right, then look again at the\n  log.\n\n      kubectl get clusterrolebindings --all-namespaces\n  - one\n  - two\n"
        );
    }
}

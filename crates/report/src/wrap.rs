//! Lines that fit: broken by display width, since a Chinese character takes two columns; never inside a word that can be copied.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns the text takes.
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// The text without control characters, so that nothing in it can act on a terminal. Line breaks stay; a TAB becomes a blank.
pub fn plain(text: &str) -> String {
    text.chars().filter_map(|c| if c == '\t' { Some(' ') } else { (!c.is_control() || c == '\n').then_some(c) }).collect()
}

/// The text in lines of at most `width` columns; a word longer than a line is cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in plain(text).lines() {
        wrap_paragraph(paragraph, width.max(10), &mut lines);
    }
    lines
}

fn wrap_paragraph(paragraph: &str, width: usize, lines: &mut Vec<String>) {
    let indent: String = paragraph.chars().take_while(|c| *c == ' ').take(width / 2).collect();
    let mut line = indent;
    for piece in pieces(paragraph.trim_start_matches(' ')) {
        if line.width() + piece.trim_end().width() > width && !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        for c in piece.chars() {
            if line.width() + c.width().unwrap_or(0) > width && c != ' ' {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line.trim_end().to_owned());
}

/// Pieces that a line may end after: words with the blanks behind them, wide characters with the punctuation behind them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for pair in chars.windows(2) {
        let ((_, before), (at, c)) = (pair[0], pair[1]);
        let wide = |c: char| c.width() == Some(2);
        let after_blank = before == ' ' && c != ' ';
        let between_wide = (wide(before) || wide(c)) && c != ' ' && !closes(c) && !opens(before);
        if after_blank || between_wide {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn closes(c: char) -> bool {
    "，。；：！？、）》」』】”’%,.;:!?)".contains(c)
}

fn opens(c: char) -> bool {
    "（《「『【“‘(".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_exceed_the_width() {
        assert_eq!(wrap("the cache of ConfigMaps never fills", 16), ["the cache of", "ConfigMaps never", "fills"]);
        assert_eq!(wrap("aaaaaaaaaaaaaaaaaaaaaaaa b", 10), ["aaaaaaaaaa", "aaaaaaaaaa", "aaaa b"]);
    }

    #[test]
    fn chinese_breaks_by_columns_and_not_before_punctuation() {
        for line in wrap("缓存始终无法同步，worker 因此没有启动。", 12) {
            assert!(line.width() <= 12, "{line}");
            assert!(!line.starts_with(['，', '。']), "{line}");
        }
    }

    #[test]
    fn nothing_in_a_text_can_act_on_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\u{7}\tc\u{9b}d"), "a[31mb cd");
    }
}

//! Lines that fit: broken by display width, since a Chinese character takes two columns, and never before closing punctuation.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::clean::plain;

/// What stands between two parts of a line.
pub(crate) const SEPARATOR: &str = " · ";
const TAB: &str = "    ";
/// Below this nothing can be read anyway.
const NARROWEST: usize = 10;

/// How many columns the text takes.
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `width` columns, without what acts on a terminal; a word longer than a line is cut. Empty lines are dropped.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in plain(text).replace('\t', TAB).lines().filter(|line| !line.trim().is_empty()) {
        wrap_paragraph(paragraph, width.max(NARROWEST), &mut lines);
    }
    lines
}

/// Parts side by side with dots between them; a line ends between two parts wherever that can be, so that none is torn.
pub(crate) fn wrap_parts(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.width() + SEPARATOR.width() + part.width() <= width => {
                line.push_str(SEPARATOR);
                line.push_str(&plain(part));
            }
            _ => lines.extend(wrap(part, width)),
        }
    }
    lines
}

fn wrap_paragraph(paragraph: &str, width: usize, lines: &mut Vec<String>) {
    let text = paragraph.trim_start_matches(' ');
    let indent = " ".repeat((paragraph.len() - text.len()).min(width / 2));
    let mut line = indent.clone();
    for piece in pieces(text.trim_end()) {
        if line.width() + piece.trim_end().width() > width && line.len() > indent.len() {
            lines.push(line.trim_end().to_owned());
            line.clone_from(&indent);
        }
        for c in piece.chars() {
            if line.width() + c.width().unwrap_or(0) > width && c != ' ' {
                lines.push(line.trim_end().to_owned());
                line.clone_from(&indent);
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
        let after_blank = before == ' ' && c != ' ';
        let between_wide = (is_wide(before) || is_wide(c)) && c != ' ' && !closes(c) && !opens(before);
        if after_blank || between_wide {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn closes(c: char) -> bool {
    "，。；：！？、）》」』】”’…—%,.;:!?)]}".contains(c)
}

fn opens(c: char) -> bool {
    "（《「『【“‘([{".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_exceed_the_width() {
        assert_eq!(wrap("the cache of ConfigMaps never fills", 16), ["the cache of", "ConfigMaps never", "fills"]);
        assert_eq!(wrap("aaaaaaaaaaaaaaaaaaaaaaaa b", 10), ["aaaaaaaaaa", "aaaaaaaaaa", "aaaa b"]);
        assert_eq!(wrap("aaaaaaaaaa          bbbb", 10), ["aaaaaaaaaa", "bbbb"]);
    }

    #[test]
    fn parts_are_not_torn() {
        let parts = ["as of now", "kloupe explain panic tells more", "-o json for scripts"].map(str::to_owned);
        assert_eq!(wrap_parts(&parts, 43), ["as of now · kloupe explain panic tells more", "-o json for scripts"]);
        assert_eq!(wrap_parts(&parts, 42), ["as of now", "kloupe explain panic tells more", "-o json for scripts"]);
        assert_eq!(wrap_parts(&parts, 20), ["as of now", "kloupe explain panic", "tells more", "-o json for scripts"]);
    }

    #[test]
    fn an_indented_line_goes_on_indented() {
        assert_eq!(wrap("goroutine 1:\n\n\tmain.go:12 +0x1d", 12), ["goroutine 1:", "    main.go:", "    12 +0x1d"]);
    }

    #[test]
    fn chinese_breaks_by_columns_and_not_before_punctuation() {
        for width in 14..40 {
            for line in wrap("缓存（ConfigMap）始终无法同步，worker 因此没有启动。", width) {
                assert!(line.width() <= width, "{width}: {line}");
                assert!(!line.starts_with(['，', '。', '）']), "{width}: {line}");
                assert!(!line.ends_with('（'), "{width}: {line}");
            }
        }
    }
}

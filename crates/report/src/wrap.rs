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
        append(&mut lines, part, width, wrap);
    }
    lines
}

/// How far an entry of a list goes on below its first line.
const HANG: usize = 2;

/// An entry of a list: what follows its first line stands further in.
pub(crate) fn entry(text: &str, width: usize) -> Vec<String> {
    let mut lines = wrap(text, width);
    if lines.len() > 1 {
        lines = wrap(text, width.saturating_sub(HANG));
        lines.iter_mut().skip(1).for_each(|line| line.insert_str(0, &" ".repeat(HANG)));
    }
    lines
}

/// Entries of a list: short ones side by side, long ones below each other.
pub(crate) fn entries(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut hangs = false;
    for part in parts {
        let own = entry(part, width);
        if hangs || own.len() > 1 {
            hangs = own.len() > 1;
            lines.extend(own);
        } else {
            append(&mut lines, part, width, entry);
        }
    }
    lines
}

/// Puts a part behind the last line, or below it, laid out there, where it does not fit.
fn append(lines: &mut Vec<String>, part: &str, width: usize, below: impl Fn(&str, usize) -> Vec<String>) {
    match lines.last_mut() {
        Some(line) if line.width() + SEPARATOR.width() + part.width() <= width => {
            line.push_str(SEPARATOR);
            line.push_str(&plain(part));
        }
        _ => lines.extend(below(part, width)),
    }
}

/// Puts a part behind the last line, or below it and further in, where it does not fit.
pub(crate) fn append_hanging(lines: &mut Vec<String>, part: &str, width: usize) {
    append(lines, part, width, |part, width| {
        wrap(part, width.saturating_sub(HANG)).iter().map(|line| format!("{}{line}", " ".repeat(HANG))).collect()
    });
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
                let rest = line.split_off(cut(&line, width));
                lines.push(line.trim_end().to_owned());
                line = format!("{indent}{rest}");
            }
            line.push(c);
        }
    }
    lines.push(line.trim_end().to_owned());
}

/// Where a word that is longer than a line is cut: behind the last mark that parts it, if that stands in the line's second half.
fn cut(line: &str, width: usize) -> usize {
    let parts = |c: char| "/,;:=&?".contains(c);
    line.rfind(parts).map(|at| at + 1).filter(|at| *at > width / 2).unwrap_or(line.len())
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
    fn entries_hang_and_places_stand_below() {
        let long = "one: a sentence that is long";
        assert_eq!(
            entries(&["a: b".into(), "c: d".into(), long.into()], 20),
            ["a: b · c: d", "one: a sentence", "  that is long"]
        );
        let mut lines = entry("it restarts", 20);
        append_hanging(&mut lines, "controller.log line 41", 20);
        assert_eq!(lines, ["it restarts", "  controller.log", "  line 41"]);
    }

    #[test]
    fn a_long_path_is_cut_behind_a_slash() {
        assert_eq!(
            wrap("logs/team-a/widget-controller/manager.log", 30),
            ["logs/team-a/widget-controller/", "manager.log"]
        );
        assert_eq!(
            wrap("logs/team-a/widget-controller/manager.log", 32),
            ["logs/team-a/widget-controller/", "manager.log"]
        );
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

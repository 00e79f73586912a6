//! Text as people paste it, made plain: colours, carriage returns, no-break spaces and a common indentation are taken away.

use kloupe_model::Text;
use std::borrow::Cow;

/// Bytes as text without terminal escapes and carriage returns. Lines stay lines, so numbers of lines hold.
pub(crate) fn clean(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    let has_control = bytes.iter().any(|byte| matches!(byte, 0 | b'\r' | 0x1b));
    if !has_control && !text.contains('\u{a0}') && !text.contains('\u{feff}') {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.char_indices().peekable();
    while let Some((at, char)) = rest.next() {
        match char {
            '\x1b' => {
                let end = at + escape_length(&text[at..]);
                while rest.next_if(|(next, _)| *next < end).is_some() {}
            }
            '\r' | '\u{feff}' | '\0' => {}
            '\u{a0}' => out.push(' '),
            char => out.push(char),
        }
    }
    out
}

/// The same for bytes that may be a large text: what has nothing to take away is not copied, and `true` says so.
pub(crate) fn cleaned(bytes: Vec<u8>) -> (String, bool) {
    match String::from_utf8(bytes) {
        Ok(text) if is_clean(&text) => (text, true),
        Ok(text) => (clean(text.as_bytes()), false),
        Err(error) => (clean(error.as_bytes()), false),
    }
}

/// Whether a text has nothing to take away.
pub(crate) fn is_clean(text: &str) -> bool {
    let is_plain = !text.bytes().any(|byte| matches!(byte, 0 | b'\r' | 0x1b));
    is_plain && (text.is_ascii() || !text.contains(['\u{a0}', '\u{feff}']))
}

/// How long the terminal escape at the start of `text` is: `ESC [ … letter`, `ESC ] … BEL`, or two characters.
fn escape_length(text: &str) -> usize {
    let tail = &text[1..];
    match tail.chars().next() {
        Some('[') => tail[1..]
            .find(|char: char| ('\x40'..='\x7e').contains(&char) || char == '\n')
            .map_or(text.len(), |end| if tail.as_bytes()[1 + end] == b'\n' { end + 2 } else { end + 3 }),
        Some(']') => tail.find(['\x07', '\n']).map_or(text.len(), |end| end + 2),
        Some(char) => 1 + char.len_utf8(),
        None => 1,
    }
}

/// How many blanks a line starts with.
pub(crate) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Takes away the indentation that all lines share. What stands at the start of a line below a blank one is no part of an indented block.
pub(crate) fn dedent(text: &str) -> Cow<'_, str> {
    let first = text.lines().find(|line| !line.trim().is_empty()).map_or(0, indent);
    if first == 0 {
        return Cow::Borrowed(text);
    }
    let mut shared = first;
    let mut after_blank = false;
    for line in text.lines() {
        let is_blank = line.trim().is_empty();
        if !is_blank && after_blank && indent(line) == 0 {
            break;
        }
        after_blank = is_blank;
        shared = if is_blank { shared } else { shared.min(indent(line)) };
    }
    if shared == 0 {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.lines().map(|line| &line[shared.min(indent(line))..]).collect();
    Cow::Owned(lines.join("\n"))
}

/// Takes away the marks of quoting (`> …`, `| …`) that all lines share, and the indentation.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_quoted =
        |line: &str| line.starts_with(['>', '|']) && line[1..].chars().next().is_none_or(|next| next == ' ');
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    // A table in Markdown ends its lines with the same mark.
    let quoted = lines.peek().is_some() && lines.all(|line| is_quoted(line) && !line.trim_end().ends_with(" |"));
    if !quoted {
        return dedent(text);
    }
    let lines: Vec<&str> =
        text.lines().map(|line| line.get(1..).map_or("", |rest| rest.strip_prefix(' ').unwrap_or(rest))).collect();
    Cow::Owned(dedent(&lines.join("\n")).into_owned())
}

/// Whether a text is the log of a program and not what someone wrote: a third of its first lines or more begin as records do.
pub(crate) fn is_log_like(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(40);
    let records = lines().filter(|line| starts_record(line)).count();
    records > 0 && records * 3 >= lines().count()
}

/// Whether a record of a log stands anywhere near the start of a text.
pub(crate) fn has_records(text: &str) -> bool {
    text.lines().take(2000).any(starts_record)
}

/// A record begins with a time, a level, a brace or a key; the lines of a stack trace name files.
fn starts_record(line: &str) -> bool {
    const LEVELS: &[&str] =
        &["INFO", "ERROR", "WARN", "DEBUG", "FATAL", "TRACE", "DEBU", "ERRO", "WARNING", "CRITICAL"];
    const STARTS: &[&str] = &[
        "level=",
        "time=",
        "ts=",
        "t=",
        "{\"",
        "panic: ",
        "fatal error: ",
        "goroutine ",
        "Traceback (",
        "Error: ",
        "error: ",
        "[signal ",
        "lvl=",
        "severity=",
        "msg=",
    ];
    let line = line.trim_start_matches(['>', '|', ' ', '\t', '[']);
    let bytes = line.as_bytes();
    let digits = |from: usize, count: usize| {
        bytes.len() >= from + count && bytes[from..from + count].iter().all(u8::is_ascii_digit)
    };
    let klog = bytes.len() > 5 && matches!(bytes[0], b'I' | b'W' | b'E' | b'F') && digits(1, 4) && bytes[5] == b' ';
    let date = digits(0, 4) && matches!(bytes.get(4), Some(b'-' | b'/')) && digits(5, 2);
    let clock = digits(0, 2) && bytes.get(2) == Some(&b':') && digits(3, 2) && bytes.get(5) == Some(&b':');
    let epoch = digits(0, 1) && bytes.get(1) == Some(&b'.') && digits(2, 6);
    let level = LEVELS
        .iter()
        .any(|level| line.strip_prefix(level).is_some_and(|rest| rest.starts_with(['\t', ' ', ':', '[', ']', '|'])));
    klog || date
        || clock
        || epoch
        || level
        || line.contains(".go:")
        || STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether these bytes are no text: an archive, an image, a program.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() {
        return false;
    }
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    let broken = String::from_utf8_lossy(head).chars().filter(|char| *char == char::REPLACEMENT_CHARACTER).count();
    head.starts_with(b"age-encryption.org/") || control * 10 > head.len() || (control + broken) * 3 > head.len()
}

/// An archive in an envelope of `age`, as k8shark writes it.
const ENCRYPTED: Text = Text { en: "it is encrypted (age); decrypt it first", zh: "已用 age 加密，请先解密" };

/// What kind of binary file this is, in words.
pub(crate) fn binary_kind(head: &[u8]) -> Text {
    if head.starts_with(b"age-encryption.org/") {
        return ENCRYPTED;
    }
    match head {
        [0xfd, b'7', b'z', b'X', b'Z', ..]
        | [b'B', b'Z', b'h', ..]
        | [b'7', b'z', 0xbc, 0xaf, ..]
        | [b'R', b'a', b'r', b'!', ..] => Text {
            en: "it is packed in a way that is not read; unpack it first",
            zh: "不支持这种压缩格式，请先解包",
        },
        [0x7f, b'E', b'L', b'F', ..] => Text { en: "it is a program, not text", zh: "是程序而不是文本" },
        _ if head.get(257..262) == Some(b"ustar") => {
            Text { en: "it is a damaged tar archive", zh: "是损坏的 tar 包" }
        }
        _ => Text { en: "it is not text", zh: "不是文本" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text_is_made_plain() {
        assert_eq!(clean(b"\x1b[1;31mNAME\x1b[0m  READY\r\n\x1b]0;title\x07x\xc2\xa0y\r\n"), "NAME  READY\nx y\n");
        assert_eq!(clean(b"cut \x1b["), "cut ");
        assert_eq!(clean(b"a\xff\x1bb\x1b[3\nc"), "a\u{fffd}\nc");
        assert_eq!(dedent("    a: 1\n\n      b: 2"), "a: 1\n\n  b: 2");
        assert_eq!(dedent("    a: 1\n      b: 2\n\nThat is it."), "a: 1\n  b: 2\n\nThat is it.");
    }

    #[test]
    fn a_log_with_some_zeros_is_text() {
        let mut log = b"I0304 05:06:07.000001       1 main.go:7] started\n".to_vec();
        log.extend([0, 0xff]);
        assert!(!is_binary(&log));
        assert!(is_binary(&[0, 1, 2, 3, b'a', b'b', 0xff, 0xfe]));
        let tar = [vec![b'a'; 40], vec![0; 217], b"ustar\x0000".to_vec(), vec![0; 240]].concat();
        assert!(is_binary(&tar));
        assert_eq!(binary_kind(&tar).en, "it is a damaged tar archive");
    }
}

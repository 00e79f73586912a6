//! Text as people paste it, made plain: colours, carriage returns, no-break spaces and a common indentation are taken away.

use std::borrow::Cow;

/// Bytes as text without terminal escapes and carriage returns. Lines stay lines, so numbers of lines hold.
pub(crate) fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains(['\x1b', '\r', '\u{a0}', '\u{feff}', '\0']) {
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

/// Takes away the indentation that all lines share.
pub(crate) fn dedent(text: &str) -> Cow<'_, str> {
    let shared = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    if shared == 0 {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.lines().map(|line| line.get(shared..).unwrap_or_default()).collect();
    Cow::Owned(lines.join("\n"))
}

/// Whether these bytes are no text: an archive, an image, a program.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() {
        return false;
    }
    let control = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    let broken = String::from_utf8_lossy(head).chars().filter(|char| *char == char::REPLACEMENT_CHARACTER).count();
    control * 10 > head.len() || (control + broken) * 3 > head.len()
}

/// What kind of binary file this is, in words.
pub(crate) fn binary_kind(head: &[u8]) -> &'static str {
    match head {
        [b'P', b'K', 3 | 5, ..] => "it is a zip archive; unpack it first",
        [0x7f, b'E', b'L', b'F', ..] => "it is a program, not text",
        _ if head.get(257..262) == Some(b"ustar") => "it is a tar archive; unpack it first",
        _ => "it is not text",
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
    }

    #[test]
    fn a_log_with_some_zeros_is_text() {
        let mut log = b"I0304 05:06:07.000001       1 main.go:7] started\n".to_vec();
        log.extend([0, 0xff]);
        assert!(!is_binary(&log));
        assert!(is_binary(&[0, 1, 2, 3, b'a', b'b', 0xff, 0xfe]));
        let tar = [vec![b'a'; 40], vec![0; 217], b"ustar\x0000".to_vec(), vec![0; 240]].concat();
        assert!(is_binary(&tar));
        assert_eq!(binary_kind(&tar), "it is a tar archive; unpack it first");
    }
}

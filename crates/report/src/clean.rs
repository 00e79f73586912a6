//! Quoted text made harmless: for a terminal without anything that acts on it, for Markdown without markup.
//!
//! Logs, objects and file names come from anywhere. Whatever is shown passes through here, also where it was cleaned before.

use std::iter::Peekable;
use std::str::Chars;

/// The text without escape sequences, control characters and marks that turn the direction of writing. Line breaks and TABs stay.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_control_sequence(&mut chars),
            c if acts(c) => {}
            c => plain.push(c),
        }
    }
    plain
}

/// Whether the character does something to a terminal rather than being shown on it.
pub(crate) fn acts(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        skip_control_sequence(chars);
    } else if chars.next_if_eq(&']').is_some() {
        skip_command(chars);
    }
}

/// Skips parameters up to the final byte of a control sequence; what cannot belong to one is text again.
fn skip_control_sequence(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| ('\u{20}'..='\u{3f}').contains(c)).is_some() {}
    chars.next_if(|c| ('\u{40}'..='\u{7e}').contains(c));
}

/// Skips an operating system command (a window's title, a link) up to its end, or to the end of the line.
fn skip_command(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next_if(|c| *c != '\n') {
        if c == '\u{7}' || c == '\u{9c}' || c == '\u{1b}' && chars.next_if_eq(&'\\').is_some() {
            break;
        }
    }
}

/// The text as Markdown shows it literally, in one line: no markup of it can break out, and nobody is mentioned.
pub fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = ' ';
    for c in plain(text).chars() {
        match c {
            '\n' | '\t' => safe.push(' '),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            // GitHub links `@name` and `#1` after the text is rendered, where a backslash no longer helps; a comment parts them.
            '@' | '#' if !before.is_alphanumeric() => {
                safe.push(c);
                safe.push_str("<!-- -->");
            }
            '*' | '_' | '[' | ']' | '`' | '|' | '\\' | '~' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
        before = c;
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_act_on_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\u{7}\tc\u{9b}2Jd\u{202e}e"), "ab\tcde");
        assert_eq!(plain("x\u{1b}]0;title\u{7}y\u{1b}]8;;http://example.com\u{1b}\\z"), "xyz");
        assert_eq!(plain("end\u{1b}"), "end");
        assert_eq!(plain("\u{1b}]never closed\nnext"), "\nnext");
    }

    #[test]
    fn markup_is_literal_and_nobody_is_mentioned() {
        assert_eq!(inline("<b>*x*</b> @team a@example.com"), "&lt;b&gt;\\*x\\*&lt;/b&gt; @<!-- -->team a@example.com");
    }
}

//! Which styles a piece of text can be written in.

/// The styles that can hold a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    pub(super) plain_allowed: bool,
    pub(super) single_quoted_allowed: bool,
    pub(super) block_allowed: bool,
}

/// Which characters start or end lines.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What is written as it is.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Looks at a text.
pub(super) fn analyze(text: &[char]) -> Analysis {
    if text.is_empty() {
        return Analysis { plain_allowed: true, single_quoted_allowed: true, block_allowed: false };
    }
    let mut indicators = text.starts_with(&['-', '-', '-']) || text.starts_with(&['.', '.', '.']);
    let (mut breaks, mut special, mut break_space, mut space_break) = (false, false, false, false);
    let (mut after_white, mut after_space, mut after_break) = (true, false, false);
    for (at, &c) in text.iter().enumerate() {
        let before_white = text.get(at + 1).is_none_or(|next| matches!(next, ' ' | '\t'));
        indicators |= match c {
            '#' => at == 0 || after_white,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => at == 0,
            '?' | '-' => at == 0 && before_white,
            ':' => before_white,
            _ => false,
        };
        special |= !is_printable(c);
        if c == ' ' {
            break_space |= after_break;
        } else if is_break(c) {
            breaks = true;
            space_break |= after_space;
        }
        (after_space, after_break) = (c == ' ', is_break(c));
        after_white = matches!(c, ' ' | '\t' | '\0') || is_break(c);
    }
    let edge = |c: Option<&char>| c.is_some_and(|c| *c == ' ' || is_break(*c));
    let trailing_space = text.last() == Some(&' ');
    Analysis {
        plain_allowed: !(edge(text.first())
            || edge(text.last())
            || break_space
            || space_break
            || special
            || breaks
            || indicators),
        single_quoted_allowed: !(break_space || space_break || special),
        block_allowed: !(trailing_space || space_break || special),
    }
}

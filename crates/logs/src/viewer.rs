//! What log viewers, terminals and people add to a line that they show or paste: clocks, frames, back quotes. `prefix.rs` asks here.

use crate::formats::leading_time;

/// A line between the borders of a terminal window's frame (`│ line   │`), and whether it fills the frame to its edge.
pub(crate) fn framed(line: &str) -> Option<(&str, bool)> {
    const BORDER: char = '│';
    let line = line.trim_end();
    let inner = line.strip_prefix(BORDER);
    let closed = inner.unwrap_or(line).strip_suffix(BORDER);
    if inner.is_none() && closed.is_none() {
        return None;
    }
    let content = closed.or(inner).unwrap_or(line);
    let content = content.strip_prefix(' ').unwrap_or(content);
    let full = closed.is_some() && !content.strip_suffix(' ').unwrap_or(content).ends_with(' ');
    Some((content.trim_end(), full))
}

/// The clock of a web page before the line: `4/11/2025 12:17:46 AM`, `May 26th 2025, 22:55:28.527 `.
pub(crate) fn clock(line: &str) -> Option<&str> {
    american(line).or_else(|| long_date(line))
}

fn american(line: &str) -> Option<&str> {
    let (date, rest) = line.split_once(' ')?;
    let numbers: Vec<&str> = date.split('/').collect();
    let [month, day, year] = numbers.as_slice() else { return None };
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(month, 2) || !digits(day, 2) || year.len() != 4 || !digits(year, 4) {
        return None;
    }
    let (time, rest) = rest.split_once(' ')?;
    if time.split(':').count() != 3 || !time.split(':').all(|part| digits(part, 2)) {
        return None;
    }
    let inner = rest.strip_prefix("AM").or_else(|| rest.strip_prefix("PM"))?;
    Some(inner.strip_prefix(' ').unwrap_or(inner))
}

fn long_date(line: &str) -> Option<&str> {
    let (date, rest) = line.split_once(", ")?;
    let mut words = date.split(' ');
    let (month, day, year) = (words.next()?, words.next()?, words.next()?);
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| day.ends_with(end));
    if month.len() != 3 || !ordinal || year.len() != 4 || words.next().is_some() {
        return None;
    }
    let (_, end) = leading_time(rest)?;
    rest[end..].strip_prefix(' ')
}

/// A line in back quotes, as Markdown marks code.
pub(crate) fn back_quoted(line: &str) -> Option<&str> {
    line.strip_prefix('`')?.strip_suffix('`').filter(|inner| !inner.contains('`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_web_pages() {
        assert_eq!(clock("4/11/2025 12:17:46 AMtext"), Some("text"));
        assert_eq!(clock("May 26th 2025, 22:55:28.527 \tmain.go:7"), Some("\tmain.go:7"));
        for line in
            ["4/11 pods ready AM", "1/2/2025 at noon PM", "May 26th 2025, the pod died", "w1/w2/w3 12:00:00 AM x"]
        {
            assert_eq!(clock(line), None, "{line}");
        }
    }

    #[test]
    fn a_table_is_no_frame_and_code_in_a_sentence_no_quote() {
        assert_eq!(framed("| a | b |"), None);
        assert_eq!(back_quoted("`a` and `b`"), None);
        assert_eq!(back_quoted("`panic: x`"), Some("panic: x"));
    }
}

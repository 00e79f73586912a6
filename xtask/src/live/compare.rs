//! Whether two programs said the same, given that the second was asked a moment later.

/// What one run of a command gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The exit status; none when it was stopped after too long.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The first difference, in words; none when both said the same.
pub(crate) fn difference(expected: &Said, got: &Said) -> Option<String> {
    if expected.status != got.status {
        let shown =
            |said: &Said| said.status.map_or_else(|| "stopped after too long".to_owned(), |status| status.to_string());
        let first = first_line(&got.stderr).map_or_else(String::new, |line| format!(" ({line})"));
        return Some(format!("exit status {}, not {}{first}", shown(got), shown(expected)));
    }
    text("stdout", &expected.stdout, &got.stdout).or_else(|| text("stderr", &expected.stderr, &got.stderr))
}

fn text(stream: &str, expected: &str, got: &str) -> Option<String> {
    if expected == got {
        return None;
    }
    let (left, right): (Vec<_>, Vec<_>) = (expected.split('\n').collect(), got.split('\n').collect());
    // An age that grew by a digit moves the cells beside it in every line, so spaces count only where no age differs.
    let aged = left
        .iter()
        .zip(&right)
        .any(|(a, b)| a != b && same_but_ages(a, b) && !a.split_whitespace().eq(b.split_whitespace()));
    let same = |a: &str, b: &str| if aged { same_but_ages(a, b) } else { a == b };
    for number in 0..left.len().max(right.len()) {
        match (left.get(number), right.get(number)) {
            (Some(a), Some(b)) if same(a, b) => {}
            (a, b) => {
                let shown = |line: Option<&&str>| line.map_or_else(|| "nothing".to_owned(), |line| format!("{line:?}"));
                return Some(format!("{stream} line {}: {}, not {}", number + 1, shown(b), shown(a)));
            }
        }
    }
    None
}

fn same_but_ages(a: &str, b: &str) -> bool {
    let (mut left, mut right) = (a.split_whitespace(), b.split_whitespace());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || (is_age(a) && is_age(b)) => {}
            _ => return false,
        }
    }
}

/// `5s`, `3m12s`, `2d3h`, also in the brackets of `(x3 over 5m)` and `2 (5s ago)`.
fn is_age(cell: &str) -> bool {
    let cell = cell.trim_start_matches('(').trim_end_matches(')');
    let mut digits = 0;
    for letter in cell.chars() {
        match letter {
            '0'..='9' => digits += 1,
            's' | 'm' | 'h' | 'd' | 'y' if digits > 0 => digits = 0,
            _ => return false,
        }
    }
    !cell.is_empty() && digits == 0
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stdout: &str) -> Said {
        Said { status: Some(0), stdout: stdout.to_owned(), stderr: String::new() }
    }

    #[test]
    fn ages_may_differ_and_move_what_stands_beside_them() {
        let before = said("NAME  AGE  X\nweb   9s   1\n");
        let after = said("NAME  AGE   X\nweb   10s   1\n");
        assert_eq!(difference(&before, &after), None);
        assert_eq!(difference(&said("2 (59s ago)   5m"), &said("2 (60s ago)   5m1s")), None);
    }

    #[test]
    fn nothing_but_ages_may_differ() {
        assert_eq!(
            difference(&said("web 9s 1"), &said("web 10s 2")),
            Some("stdout line 1: \"web 10s 2\", not \"web 9s 1\"".to_owned())
        );
        assert!(difference(&said("web 1"), &said("web 2")).is_some(), "a number is no age");
        assert!(difference(&said("web  9s"), &said("web 9s")).is_some(), "spaces count where no age differs");
        assert!(difference(&said("a\n"), &said("a")).is_some(), "the last newline counts");
        assert!(difference(&said("9s <none>"), &said("10s <unknown>")).is_some());
    }

    #[test]
    fn a_status_and_a_message_count_too() {
        let failed = Said { status: Some(1), stdout: String::new(), stderr: "error: no\n".to_owned() };
        assert_eq!(difference(&said(""), &failed), Some("exit status 1, not 0 (error: no)".to_owned()));
        let silent = Said { status: Some(1), ..Said::default() };
        assert_eq!(difference(&failed, &silent), Some("stderr line 1: \"\", not \"error: no\"".to_owned()));
    }
}

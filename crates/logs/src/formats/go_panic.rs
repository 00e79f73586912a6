//! What a Go or Rust program prints when it dies: `panic: …`, `fatal error: …`, goroutine stacks, `thread 'main' panicked at …`.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "panic", head, parse, joins: Joins::All };

const HEADS: [&str; 8] = [
    "panic: ",
    "fatal error: ",
    "SIGQUIT: quit",
    "unexpected fault address",
    "runtime: goroutine stack exceeds",
    "thread '",
    "Exception in thread ",
    "goroutine ",
];

fn head(line: &str) -> Option<Head> {
    let head = HEADS.iter().find(|head| line.starts_with(**head))?;
    let real = match *head {
        "thread '" => line.contains("' panicked at") || line.contains(") panicked at"),
        "goroutine " => line.ends_with("]:") && line.as_bytes().get(10).is_some_and(u8::is_ascii_digit),
        _ => true,
    };
    real.then_some(Head { time: None, level: Some(Level::Fatal) })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    // A stack without its head: the line of the goroutine is part of the stack.
    let rest = if line.starts_with("goroutine ") { text } else { rest };
    Record { level: Some(Level::Fatal), message: Cow::Borrowed(line), rest: Cow::Borrowed(rest), ..Record::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_all_kinds() {
        for line in [
            "panic: runtime error: index out of range [3] with length 2",
            "fatal error: concurrent map writes",
            "goroutine 12 [running]:",
            "thread 'main' panicked at src/main.rs:3:5:",
        ] {
            assert!(head(line).is_some(), "{line}");
        }
    }

    #[test]
    fn a_stack_without_its_head_is_kept_whole() {
        let text = "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:42 +0x1d";
        assert_eq!(parse(text).rest, text);
        assert_eq!(parse("panic: boom\n\ngoroutine 1 [running]:").rest, "\ngoroutine 1 [running]:");
    }

    #[test]
    fn talk_about_panics_is_none() {
        assert!(head("thread 'worker' finished").is_none());
        assert!(head("goroutine leak detected").is_none());
    }
}

//! The only place that writes to standard output and standard error.

use std::env;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Color, Style as Paint};
use kloupe_model::{Lang, say};
use kloupe_report::{BOLD, Style, plain};

use crate::error::Failure;

/// For a pipe, a file, and a terminal that does not tell.
const DEFAULT_WIDTH: usize = 80;

/// How to lay out what goes to standard output.
pub(crate) fn style(lang: Lang) -> Style {
    Style { lang, width: width(), colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never }
}

fn width() -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let real = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    asked.or_else(real).unwrap_or(DEFAULT_WIDTH)
}

/// Writes to standard output. That nobody reads it any more (`| head`) is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes bytes to standard output as they are; on a terminal, sequences that would do more than colour the text are shown instead.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    if stdout.is_terminal() {
        return stdout.write_all(&harmless(bytes)).and_then(|()| stdout.flush());
    }
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// The bytes with every control character shown that is neither white space nor the start of a colour.
fn harmless(bytes: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' | b'\t' | b'\r' => shown.push(byte),
            0x1b if is_colour(&bytes[at + 1..]) => shown.push(byte),
            0..0x20 => shown.extend([b'^', byte + 0x40]),
            0x7f => shown.extend(b"^?"),
            _ => shown.push(byte),
        }
    }
    shown
}

/// Whether what follows an escape character is `[`, numbers and `m`.
fn is_colour(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b"[") else { return false };
    let end = rest.iter().position(|byte| !byte.is_ascii_digit() && !matches!(byte, b';' | b':'));
    end.is_some_and(|end| rest[end] == b'm')
}

/// Writes a failure to standard error: what was not done, each cause once, at most two hints.
pub(crate) fn complain(failure: &Failure, lang: Lang) {
    let red = Paint::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red)));
    let label = if failure.mirrored { "error: ".to_owned() } else { say!(lang, en: "error: ", zh: "错误：") };
    let mut text = said(red, &label, &failure.what);
    for cause in &failure.causes {
        text.push_str(&said(BOLD, &say!(lang, en: "caused by: ", zh: "原因："), cause));
    }
    for hint in failure.hints.iter().take(2) {
        text.push_str(&said(BOLD, &say!(lang, en: "hint: ", zh: "提示："), hint));
    }
    tell(&text);
}

/// A line about what is going on, on standard error.
pub(crate) fn remark(text: &str) {
    tell(&format!("{text}\n"));
}

/// What a server warns of, on standard error, as kubectl marks it.
pub(crate) fn warning(text: &str) {
    let yellow = Paint::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Yellow)));
    tell(&said(yellow, "Warning:", &format!(" {text}")));
}

fn said(paint: Paint, label: &str, text: &str) -> String {
    format!("{paint}{label}{paint:#}{}\n", plain(text))
}

fn tell(text: &str) {
    // Where standard error cannot be written there is no one left to tell.
    drop(anstream::stderr().lock().write_all(text.as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn colours_stay_and_all_else_that_acts_is_shown() {
        assert_eq!(harmless(b"\x1b[1;31mred\x1b[0m\n"), b"\x1b[1;31mred\x1b[0m\n");
        assert_eq!(harmless(b"\x1b[2Jgone\x1b]0;title\x07"), b"^[[2Jgone^[]0;title^G");
        assert_eq!(harmless("控制器".as_bytes()), "控制器".as_bytes());
    }
}

//! A time stamp at the start and a level word soon after it: Rust tracing, Java, Python, zerolog's console, capnslog, Go's `log` (no level).
//!
//! What stands between level and message (target, thread, logger) differs; it is kept in the message, where signatures search anyway,
//! apart from the shapes that are common enough to know.

use std::borrow::Cow;

use super::{Format, Joins, first_and_rest, leading_time};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "leveled", head, parse, joins: Joins::All };

/// How many words after the time may come before the level (`[main] `, `1 --- `, `pkg - `).
const WORDS_BEFORE_LEVEL: usize = 4;

fn head(line: &str) -> Option<Head> {
    let bare = line.trim_start_matches('[');
    let Some((time, end)) = leading_time(bare) else {
        return clock_first(line).or_else(|| month_first(line)).or_else(|| level_first(line));
    };
    let after = &bare[end..];
    if !after.starts_with([' ', ']', '\t', '|']) {
        return None;
    }
    let level = level_after(after).map(|(level, _)| level);
    if level.is_none() && time.is_none() {
        return None;
    }
    Some(Head { time, level })
}

/// `5:06AM INF started` (zerolog's console): a clock without a date is no time.
fn clock_first(line: &str) -> Option<Head> {
    let (clock, after) = line.split_once(' ')?;
    let (hour, minute) = clock.strip_suffix("AM").or_else(|| clock.strip_suffix("PM"))?.split_once(':')?;
    let is_clock = hour.parse::<u8>().is_ok_and(|hour| hour <= 12) && minute.len() == 2 && minute.parse::<u8>().is_ok();
    let word = after.split(' ').next().filter(|word| is_clock && *word == word.to_uppercase())?;
    Level::from_word(word).map(|level| Head { time: None, level: Some(level) })
}

/// `May 18 16:33:28.421 ERROR op::controller: failed` (older Rust tracing). Without a level at once it is syslog.
fn month_first(line: &str) -> Option<Head> {
    let (time, end) = super::time::month_day_time(line)?;
    let word = line[end..].trim_start().split(' ').next()?;
    (word == word.to_uppercase()).then_some(())?;
    Level::from_word(word).map(|level| Head { time: Some(time), level: Some(level) })
}

/// `ERROR:logger:message` (Python), `[ERROR] message`, `WARN message` at the start of a line.
fn level_first(line: &str) -> Option<Head> {
    let (word, closes) = match line.strip_prefix('[') {
        Some(inner) => (inner.split(']').next()?, true),
        None => (line.split([':', ' ', '\t', '[']).next()?, false),
    };
    let word = word.trim();
    let after = &line[line.find(word)? + word.len()..];
    let marked = closes || after.starts_with([':', '\t', '[']) || after.starts_with("  ") || after.starts_with(" [");
    if word.is_empty() || word != word.to_uppercase() || !marked && after.len() < 2 {
        return None;
    }
    if !marked && !after.starts_with(' ') {
        return None;
    }
    // A table's `ERROR` column header or a shouted word is no level: something must follow it.
    (!after.trim().is_empty()).then_some(())?;
    Level::from_word(word).map(|level| Head { time: None, level: Some(level) })
}

/// capnslog's letter: ` E | op-cluster: failed`.
fn letter(text: &str) -> Option<(Level, usize)> {
    let level = match text.strip_prefix(' ')?.split_once(" | ")?.0 {
        "T" => Level::Trace,
        "D" => Level::Debug,
        "I" | "N" => Level::Info,
        "W" => Level::Warn,
        "E" => Level::Error,
        "C" => Level::Fatal,
        _ => return None,
    };
    Some((level, " E | ".len()))
}

/// The level among the first words, and where it ends.
fn level_after(text: &str) -> Option<(Level, usize)> {
    if let Some(found) = letter(text) {
        return Some(found);
    }
    let mut at = 0;
    for _ in 0..=WORDS_BEFORE_LEVEL {
        let word_at = at + text[at..].find(|c: char| !c.is_whitespace() && !"[]|()-:".contains(c))?;
        let end = word_at
            + text[word_at..].find(|c: char| c.is_whitespace() || "[]|():".contains(c)).unwrap_or(text.len() - word_at);
        let word = &text[word_at..end];
        let shouted = word == word.to_uppercase() || text[..word_at].ends_with('[');
        if let Some(level) = Level::from_word(word).filter(|_| shouted || word.len() < 8 && at == 0) {
            return Some((level, end));
        }
        at = end;
    }
    None
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let head = head(line).unwrap_or_default();
    let bare = line.trim_start_matches('[');
    let body = match leading_time(bare) {
        Some((_, end)) => {
            let after = &bare[end..];
            level_after(after).map_or(after, |(_, end)| &after[end..])
        }
        None if clock_first(line).is_some() => {
            let after = line.split_once(' ').map_or(line, |(_, after)| after);
            level_after(after).map_or(after, |(_, end)| &after[end..])
        }
        None if month_first(line).is_some() => {
            let after = super::time::month_day_time(line).map_or(line, |(_, end)| &line[end..]);
            level_after(after).map_or(after, |(_, end)| &after[end..])
        }
        None => level_first(line).and_then(|_| line.find([':', ' ', ']', '\t']).map(|at| &line[at..])).unwrap_or(line),
    };
    let body = body.trim_start_matches([' ', ']', '\t', '|', ':', '-']);
    let (logger, message) = logger(body);
    Record {
        time: head.time,
        level: head.level,
        logger: logger.map(Cow::Borrowed),
        message: Cow::Borrowed(message),
        rest: Cow::Borrowed(rest),
        ..Record::default()
    }
}

/// Takes off `[logger] (thread) `, `1 --- [thread] logger : `, `target: `, `logger -- `, where they are plain to see.
fn logger(body: &str) -> (Option<&str>, &str) {
    if let Some((before, message)) = body.split_once(" : ").filter(|(before, _)| before.contains("--- [")) {
        return (before.rsplit(' ').find(|word| !word.is_empty()), message);
    }
    if let Some((logger, message)) = body.strip_prefix('[').and_then(|inner| inner.split_once("] (")) {
        return (Some(logger), message.split_once(") ").map_or(message, |(_, message)| message));
    }
    if let Some((logger, message)) = body.split_once(" -- ").or_else(|| body.split_once(" - "))
        && !logger.contains(' ')
        && !logger.is_empty()
    {
        return (Some(logger), message);
    }
    if let Some((target, message)) = body.split_once(": ")
        && !target.is_empty()
        && target.contains("::")
        && !target.contains(' ')
    {
        return (Some(target), message);
    }
    (None, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Option<Level>, String) {
        let head = head(line).expect("a head");
        let record = parse(line);
        assert_eq!(head.level, record.level);
        (record.level, record.message.into_owned())
    }

    #[test]
    fn loggers_of_other_languages() {
        for (line, level, message) in [
            (
                "2025-03-04T05:06:07.123456Z  WARN kube_runtime::watcher: watch list error",
                Level::Warn,
                "watch list error",
            ),
            (
                "2025-03-04 05:06:07,123 ERROR [io.exa.Foo] (executor-1) Exhausted retries",
                Level::Error,
                "Exhausted retries",
            ),
            ("2025-03-04T05:06:07.123+01:00  INFO 1 --- [main] c.e.App : Started", Level::Info, "Started"),
            ("05:06:07.123 [main] ERROR com.example.Foo -- failed", Level::Error, "failed"),
            ("2025-03-04T05:06:07Z ERR cannot list error=x", Level::Error, "cannot list error=x"),
            ("5:06AM ERR cannot list error=x", Level::Error, "cannot list error=x"),
        ] {
            assert_eq!(read(line), (Some(level), message.into()), "{line}");
        }
    }

    #[test]
    fn the_level_is_found_behind_other_words() {
        for line in
            ["2025-03-04 05:06:07,123 - operator - ERROR - failed", "2025-03-04 05:06:07.123456 E | op-cluster: failed"]
        {
            let (level, message) = read(line);
            assert_eq!(level, Some(Level::Error), "{line}");
            assert!(message.ends_with("failed"), "{line}");
        }
    }

    #[test]
    fn a_month_s_name_before_a_level() {
        let line = "May 18 16:33:28.421 ERROR reconcile{name=w1}: op::controller: failed";
        assert_eq!(read(line), (Some(Level::Error), "reconcile{name=w1}: op::controller: failed".into()));
        assert!(head("May 18 16:33:28 host kubelet[77]: ERROR x").is_none());
    }

    #[test]
    fn go_log_has_no_level() {
        assert_eq!(read("2025/03/04 05:06:07 http: TLS handshake error"), (None, "http: TLS handshake error".into()));
    }

    #[test]
    fn prose_is_no_record() {
        for line in ["ERROR", "Errors were found", "12 pods", "Usage of op:", "INFO", "5:06AM we met", "25:06AM INF x"]
        {
            assert!(head(line).is_none(), "{line}");
        }
    }
}

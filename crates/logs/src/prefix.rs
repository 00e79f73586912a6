//! What container runtimes, viewers and people put before a line: taken off before the format is looked at.

use std::borrow::Cow;

use kloupe_model::Stamp;

use crate::formats::{detect, leading_time};
use crate::text::{clean, unescape_html};

/// A line without its transport prefix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stripped<'a> {
    /// What the program wrote.
    pub(crate) text: Cow<'a, str>,
    /// When the runtime says it was written.
    pub(crate) time: Option<Stamp>,
    /// The runtime split the line here: more of it follows.
    pub(crate) partial: bool,
}

/// Takes off CRI, docker, kubectl, stern and journald prefixes, quote marks, terminal escapes and HTML entities.
pub(crate) fn strip(line: &str) -> Stripped<'_> {
    let line = line.strip_prefix("ERROR: logging before flag.Parse: ").unwrap_or(line);
    let plain = |text| Stripped { text, time: None, partial: false };
    let first = line.as_bytes().first().copied().unwrap_or_default();
    // The usual line: a klog header or a JSON object that no runtime wrapped, with nothing in it to decode.
    if matches!(first, b'I' | b'W' | b'E' | b'F') && !needs_decoding(line) && detect(line).is_some() {
        return plain(Cow::Borrowed(line));
    }
    if needs_decoding(line) {
        let decoded = unescape_html(&clean(line)).into_owned();
        let inner = strip_decoded(&decoded);
        return Stripped { text: Cow::Owned(inner.text.into_owned()), time: inner.time, partial: inner.partial };
    }
    strip_decoded(line)
}

fn needs_decoding(line: &str) -> bool {
    memchr::memchr3(0x1b, b'\r', 0, line.as_bytes()).is_some()
        || line.contains("&#")
        || line.contains("&quot;")
        || line.contains("&lt;")
}

fn strip_decoded(line: &str) -> Stripped<'_> {
    if line.starts_with("{\"") {
        if let Some(stripped) = docker_json(line) {
            return stripped;
        }
        return Stripped { text: Cow::Borrowed(line), time: None, partial: false };
    }
    let mut text = line;
    let mut time = None;
    if let Some((_, after)) = text.strip_prefix("[pod/").and_then(|inner| inner.split_once("] ")) {
        text = after;
    }
    if let Some((stamp, after)) = runtime_time(text) {
        time = stamp;
        text = after;
        for stream in ["stdout ", "stderr "] {
            if let Some((tags, content)) =
                text.strip_prefix(stream).and_then(|after| after.split_once(' ').or(Some((after, ""))))
                && tags.starts_with(['F', 'P'])
                && tags.len() < 12
            {
                let partial = tags.split(':').next() == Some("P");
                return Stripped { text: Cow::Borrowed(content), time, partial };
            }
        }
        // `kubectl logs --timestamps`: what follows is the program's line, whatever it is.
        return Stripped { text: Cow::Borrowed(text), time, partial: false };
    }
    if detect(text).is_none() {
        for pattern in [quoted, journald, viewer] {
            if let Some(inner) = pattern(text) {
                let inner = strip_decoded(inner);
                return Stripped { time: inner.time.or(time), ..inner };
            }
        }
    }
    Stripped { text: Cow::Borrowed(text), time, partial: false }
}

/// A runtime's time stamp: RFC 3339 in UTC with nine fraction digits, or any RFC 3339 before `stdout`/`stderr`.
fn runtime_time(text: &str) -> Option<(Option<Stamp>, &str)> {
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    let (stamp, end) = leading_time(text)?;
    let after = text[end..].strip_prefix(' ')?;
    let nine_digits =
        text.as_bytes().get(19) == Some(&b'.') && text[20..end].bytes().take_while(u8::is_ascii_digit).count() == 9;
    let cri = after.starts_with("stdout ") || after.starts_with("stderr ");
    // Some programs write nine digits themselves, before a level: then it is the program's own stamp.
    let own = nine_digits
        && !cri
        && after.split_whitespace().next().is_some_and(|word| crate::Level::from_word(word).is_some());
    (cri || nine_digits && !own).then_some((stamp, after))
}

fn docker_json(line: &str) -> Option<Stripped<'_>> {
    if !line.contains("\"log\":\"") || !line.contains("\"stream\":\"") {
        return None;
    }
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line.trim_end()).ok()?;
    let log = object.get("log")?.as_str()?;
    let time = object.get("time").and_then(|time| leading_time(time.as_str()?)).and_then(|(stamp, _)| stamp);
    let content = log.strip_suffix('\n');
    let text = content.unwrap_or(log).trim_end_matches('\r');
    let inner = strip(text);
    Some(Stripped { text: Cow::Owned(inner.text.into_owned()), time: time.or(inner.time), partial: content.is_none() })
}

/// `> line`, `| line`: quoted in a mail or an issue; or an indented list. Only where the rest is a record.
fn quoted(line: &str) -> Option<&str> {
    let inner = line.trim_start_matches(['>', '|', ' ', '\t', '*']);
    (inner.len() < line.len() && !line.starts_with(" >") && starts_record(inner)).then_some(inner)
}

/// `Nov 12 10:00:01 host unit[pid]: line`.
fn journald(line: &str) -> Option<&str> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if !MONTHS.contains(&line.get(..3)?) || line.as_bytes().get(9) != Some(&b':') {
        return None;
    }
    let (before, after) = line.split_once("]: ").or_else(|| line.get(16..)?.split_once(": "))?;
    (before.len() < 120).then_some(after)
}

/// `POD CONTAINER line` (stern) and `container | line` (compose): only where the rest is a record.
fn viewer(line: &str) -> Option<&str> {
    let mut rest = line;
    for _ in 0..3 {
        let (word, after) = rest.split_once(' ')?;
        if word.is_empty()
            || word.len() > 100
            || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.|[]/:".contains(&b))
        {
            return None;
        }
        rest = after.trim_start_matches([' ', '|']);
        if starts_record(rest) {
            return Some(rest);
        }
    }
    None
}

/// Formats whose heads cannot be mistaken: what stands before them is a prefix.
fn starts_record(text: &str) -> bool {
    detect(text).is_some_and(|(format, _)| matches!(format.name, "klog" | "json" | "zap-console" | "kopf"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KLOG: &str = "E0304 05:06:07.123440       1 x.go:9] \"boom\"";

    #[test]
    fn prefixes_come_off() {
        for line in [
            format!("2025-03-04T05:06:07.123456789Z stderr F {KLOG}"),
            format!("2025-03-04T05:06:07.123456789Z {KLOG}"),
            format!("[pod/op-5d/manager] 2025-03-04T05:06:07.123456789Z {KLOG}"),
            format!("[pod/op-5d/manager] {KLOG}"),
            format!("op-5d manager {KLOG}"),
            format!("Nov 12 10:00:01 host kubelet[77]: {KLOG}"),
            format!("> {KLOG}"),
            format!("\u{1b}[31m{KLOG}\u{1b}[0m"),
            format!("ERROR: logging before flag.Parse: {KLOG}"),
            format!("{}\r", KLOG.replace('"', "&#34;")),
        ] {
            assert_eq!(strip(&line).text, KLOG, "{line}");
        }
    }

    #[test]
    fn docker_json_and_partial_lines() {
        let whole = strip(r#"{"log":"hello\n","stream":"stdout","time":"2025-03-04T05:06:07.1Z"}"#);
        assert_eq!((whole.text.as_ref(), whole.partial), ("hello", false));
        let part = strip(r#"{"log":"hel","stream":"stdout","time":"2025-03-04T05:06:07.1Z"}"#);
        assert!(part.partial);
        assert!(strip("2025-03-04T05:06:07Z stdout P hel").partial);
    }

    #[test]
    fn a_program_s_own_time_stays() {
        let line = "2025-03-04T05:06:07.123456789Z ERROR cannot list";
        assert_eq!(strip(line).text, line);
        let zap = "2025-03-04T05:06:07.123Z\tINFO\tstarting";
        assert_eq!(strip(zap).text, zap);
    }
}

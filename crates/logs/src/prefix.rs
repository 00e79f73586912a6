//! What container runtimes, viewers and people put before a line: taken off before the format is looked at.

use std::borrow::Cow;

use kloupe_model::Stamp;

use crate::formats::{detect, leading_time};
use crate::text::{clean, unescape_html};
use crate::viewer;

/// A line without its transport prefix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stripped<'a> {
    /// What the program wrote.
    pub(crate) text: Cow<'a, str>,
    /// When the runtime says it was written.
    pub(crate) time: Option<Stamp>,
    /// The runtime split the line here: more of it follows.
    pub(crate) partial: bool,
    /// It fills the frame of the terminal it was copied from: what follows may be the rest of it.
    pub(crate) wraps: bool,
}

impl<'a> Stripped<'a> {
    fn of(text: &'a str, time: Option<Stamp>) -> Stripped<'a> {
        Stripped { text: Cow::Borrowed(text), time, partial: false, wraps: false }
    }
}

/// Takes off CRI, docker, kubectl, stern, journald and log viewers' prefixes, frames, quote marks, terminal escapes and HTML entities.
pub(crate) fn strip(line: &str) -> Stripped<'_> {
    let line = after_flags(line);
    let first = line.as_bytes().first().copied().unwrap_or_default();
    // The usual line: a klog header or a JSON object that no runtime wrapped, with nothing in it to decode.
    if matches!(first, b'I' | b'W' | b'E' | b'F') && !needs_decoding(line) && detect(line).is_some() {
        return Stripped::of(line, None);
    }
    if needs_decoding(line) {
        let decoded = unescape_html(&clean(line)).into_owned();
        let inner = strip_decoded(&decoded);
        return Stripped { text: Cow::Owned(inner.text.into_owned()), ..inner };
    }
    strip_decoded(line)
}

/// What client-go's glog wrote before the flags were read; the record follows.
const BEFORE_FLAGS: &str = "logging before flag.Parse: ";

fn after_flags(line: &str) -> &str {
    const NEAR_THE_START: usize = 160;
    let start = &line.as_bytes()[..line.len().min(NEAR_THE_START)];
    match memchr::memmem::find(start, BEFORE_FLAGS.as_bytes()) {
        Some(at) => &line[at + BEFORE_FLAGS.len()..],
        None => line,
    }
}

fn needs_decoding(line: &str) -> bool {
    memchr::memchr3(0x1b, b'\r', 0, line.as_bytes()).is_some()
        || line.contains("&#")
        || line.contains("&quot;")
        || line.contains("&lt;")
}

fn strip_decoded(line: &str) -> Stripped<'_> {
    if line.starts_with("{\"") {
        return docker_json(line).unwrap_or(Stripped::of(line, None));
    }
    if let Some((inner, wraps)) = viewer::framed(line) {
        return Stripped { wraps, ..strip_decoded(inner) };
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
                return Stripped { partial, ..Stripped::of(content, time) };
            }
        }
        // `kubectl logs --timestamps`: what follows is the program's line, whatever it is.
        return Stripped::of(text, time);
    }
    if let Some((stamp, inner)) = collector_time(text) {
        let inner = strip_decoded(inner);
        return Stripped { time: inner.time.or(stamp), ..inner };
    }
    if detect(text).is_none() {
        for pattern in [viewer::clock, viewer::back_quoted, quoted, journald, pod_and_container] {
            if let Some(inner) = pattern(text) {
                let inner = strip_decoded(inner);
                return Stripped { time: inner.time.or(time), ..inner };
            }
        }
    }
    Stripped::of(text, time)
}

/// A collector's own time before a record that has one itself: a klog header, a JSON object, another time stamp.
fn collector_time(text: &str) -> Option<(Option<Stamp>, &str)> {
    let (stamp, end) = leading_time(text)?;
    let after = text[end..].strip_prefix(['\t', ' '])?.trim_start();
    let dated = leading_time(after).is_some_and(|(stamp, _)| stamp.is_some());
    let record = dated || detect(after).is_some_and(|(format, _)| matches!(format.name, "klog" | "json"));
    (stamp.is_some() && record).then_some((stamp, after))
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
    let text = Cow::Owned(inner.text.into_owned());
    Some(Stripped { text, time: time.or(inner.time), partial: content.is_none(), wraps: false })
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
fn pod_and_container(line: &str) -> Option<&str> {
    let mut rest = line;
    for _ in 0..3 {
        let (word, after) = rest.split_once(' ')?;
        if word.is_empty()
            || word.len() > 100
            || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.|[]/:()".contains(&b))
        {
            return None;
        }
        rest = after.trim_start_matches([' ', '|']);
        let pod = &line[..line.len() - rest.len()];
        if starts_record(rest) || pod.contains('-') && starts_logfmt(rest) {
            return Some(rest);
        }
    }
    None
}

/// A logfmt line whose first key leaves no doubt, after words among which is a pod's name, with its dashes.
fn starts_logfmt(text: &str) -> bool {
    ["time=", "level=", "ts="].iter().any(|key| text.starts_with(key)) && detect(text).is_some()
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
            format!("2025-03-04T05:06:07.123456789Z ERROR: logging before flag.Parse: {KLOG}"),
            format!("widgets.default(O): ERROR: logging before flag.Parse: {KLOG}"),
            format!("2025-03-04T05:06:07.123Z\t{KLOG}"),
            format!("4/3/2025 5:06:07 AM{KLOG}"),
            format!("`{KLOG}`"),
            format!("│ {KLOG}          │"),
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
        let dated = "2025-03-04 05:06:07 widget w1 is due 2025-04-01T00:00:00Z";
        assert_eq!(strip(dated).text, dated);
    }

    #[test]
    fn a_viewer_s_prefix_before_logfmt() {
        let line = "level=info ts=2025-03-04T05:06:07Z msg=\"sync\" key=team-a/w1";
        assert_eq!(strip(&format!("op-5d8f operator {line}")).text, line);
        let prose = "the level=info of w1";
        assert_eq!(strip(prose).text, prose);
    }

    #[test]
    fn a_framed_line_that_fills_the_frame_goes_on() {
        let long = strip("│ E0304 05:06:07.123440       1 x.go:9] failed to list the wid │");
        assert_eq!(
            (long.text.as_ref(), long.wraps),
            ("E0304 05:06:07.123440       1 x.go:9] failed to list the wid", true)
        );
        let short = strip("│ gets of team-a                                             │");
        assert_eq!((short.text.as_ref(), short.wraps), ("gets of team-a", false));
    }
}

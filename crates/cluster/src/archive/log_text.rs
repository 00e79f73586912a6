//! What of a log is given: the last lines, from a time on, with or without the times that stand before the lines. It is read as a stream;
//! not more than a line of it is ever in memory.

use std::io::{self, BufRead, BufReader, Read};

use jiff::Timestamp;
use kloupe_sources::LogFile;
use kloupe_sources::bundle::ROOT;

/// A longer line is given in pieces.
const LINE: u64 = 1 << 20;

/// So much is handed on at once.
const PIECE: usize = 64 << 10;

/// A log, and how it is cut.
#[derive(Debug)]
pub(crate) struct Text {
    log: LogFile,
    start: u64,
    since: Option<Timestamp>,
    /// Whether a collector's time stands before each line.
    stamped: bool,
    timestamps: bool,
    limit: Option<usize>,
}

impl Text {
    pub(super) fn new(
        log: &LogFile,
        tail: Option<usize>,
        since: Option<Timestamp>,
        timestamps: bool,
        limit: Option<usize>,
    ) -> io::Result<Text> {
        let start = tail.map_or(Ok(0), |lines| log.last_lines(lines))?;
        Ok(Text { start, since, stamped: has_stamps(log)?, timestamps, limit, log: log.clone() })
    }

    /// Reads the log and hands on what is wanted of it, until there is no more or nobody listens.
    pub(crate) fn read(self, mut send: impl FnMut(Vec<u8>) -> bool) -> io::Result<()> {
        let mut lines = Lines { stream: BufReader::new(self.log.open_at(self.start)?), continues: false };
        let mut shown = self.since.is_none();
        let mut left = self.limit.unwrap_or(usize::MAX);
        let mut out = Vec::new();
        while let Some((line, is_start)) = lines.next()? {
            let (stamp, message) = if is_start { split(&line, self.stamped) } else { (None, &line[..]) };
            // A line without a time belongs to the one before it.
            if let (Some((_, time)), Some(since)) = (stamp, self.since) {
                shown = time >= since;
            }
            if !shown {
                continue;
            }
            let before = out.len();
            self.write(&line, stamp, message, &mut out);
            let written = out.len() - before;
            out.truncate(before + written.min(left));
            left = left.saturating_sub(written);
            if (out.len() >= PIECE && !send(std::mem::take(&mut out))) || left == 0 {
                break;
            }
        }
        if !out.is_empty() {
            send(out);
        }
        Ok(())
    }

    fn write(&self, line: &[u8], stamp: Option<(&str, Timestamp)>, message: &[u8], out: &mut Vec<u8>) {
        let head = &line[..line.len() - message.len()];
        if let Some((word, _)) = stamp.filter(|_| self.timestamps && !head.is_empty()) {
            out.extend_from_slice(word.as_bytes());
            out.push(b' ');
        }
        // The runtime cuts long lines into parts.
        let is_part = head.ends_with(b" P ");
        out.extend_from_slice(if is_part { message.strip_suffix(b"\n").unwrap_or(message) } else { message });
    }
}

/// The lines of a stream, and whether what comes is the start of one.
struct Lines<R> {
    stream: R,
    continues: bool,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut line = Vec::new();
        if (&mut self.stream).take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let is_start = !self.continues;
        self.continues = line.last() != Some(&b'\n');
        Ok(Some((line, is_start)))
    }
}

/// The time of the last line that has one.
pub(super) fn last_stamp(log: &LogFile) -> io::Result<Option<Timestamp>> {
    let mut lines = Lines { stream: BufReader::new(log.open_at(log.last_lines(STAMPED_WITHIN)?)?), continues: false };
    let mut last = None;
    while let Some((line, is_start)) = lines.next()? {
        last = stamp(&line).filter(|_| is_start).map(|(_, time)| time).or(last);
    }
    Ok(last)
}

/// A line with a time is among so many of the last ones, or no line has any.
const STAMPED_WITHIN: usize = 1000;

/// Whether a collector asked the kubelet to put a time before each line: kloupe and must-gather do.
fn has_stamps(log: &LogFile) -> io::Result<bool> {
    let file = &log.file;
    let of_collector = file.contains(&format!("{ROOT}/logs/"))
        || ["current", "previous", "previous.insecure"].iter().any(|name| file.ends_with(&format!("/logs/{name}.log")));
    if !of_collector {
        return Ok(false);
    }
    let mut lines = Lines { stream: BufReader::new(log.open()?), continues: false };
    while let Some((line, _)) = lines.next()? {
        if line != b"\n" {
            return Ok(stamp(&line).is_some());
        }
    }
    Ok(false)
}

/// The time that a line begins with, as text and as a time.
fn stamp(line: &[u8]) -> Option<(&str, Timestamp)> {
    let space = line.iter().take(40).position(|byte| *byte == b' ')?;
    let word = std::str::from_utf8(&line[..space]).ok()?;
    Some((word, word.parse().ok()?))
}

/// The stamp of a line and what the container wrote: what follows the stamp of a collector, or the runtime's prefix (`STAMP stdout F `).
fn split(line: &[u8], stamped: bool) -> (Option<(&str, Timestamp)>, &[u8]) {
    let Some((word, time)) = stamp(line) else { return (None, line) };
    let rest = &line[word.len() + 1..];
    let message = [&b"stdout F "[..], b"stderr F ", b"stdout P ", b"stderr P "]
        .into_iter()
        .find_map(|tag| rest.strip_prefix(tag));
    (Some((word, time)), message.unwrap_or(if stamped { rest } else { line }))
}

#[cfg(test)]
mod tests {
    use kloupe_sources::Source;

    use super::*;

    const LOG: &str =
        "2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:10Z stdout P tw\n2026-01-01T00:00:10Z stdout F o\nplain\n";

    #[derive(Default)]
    struct Wanted {
        tail: Option<usize>,
        since: Option<&'static str>,
        timestamps: bool,
        limit: Option<usize>,
    }

    fn cut(name: &str, text: &str, wanted: &Wanted) -> String {
        let source = Source::Memory { name: name.into(), bytes: text.into() };
        let logs = kloupe_sources::read(&[source]).expect("read").logs;
        let since = wanted.since.map(|time| time.parse().expect("a time"));
        let text = Text::new(&logs[0], wanted.tail, since, wanted.timestamps, wanted.limit).expect("it opens");
        let mut all = Vec::new();
        text.read(|bytes| {
            all.extend(bytes);
            true
        })
        .expect("it is read");
        String::from_utf8(all).expect("text")
    }

    #[test]
    fn the_runtime_prefix_goes_and_the_options_cut() {
        let text = |wanted: &Wanted| cut("c.log", LOG, wanted);
        assert_eq!(text(&Wanted::default()), "one\ntwo\nplain\n");
        assert_eq!(text(&Wanted { tail: Some(1), ..Wanted::default() }), "plain\n");
        assert_eq!(text(&Wanted { tail: Some(0), ..Wanted::default() }), "");
        assert_eq!(text(&Wanted { tail: Some(99), ..Wanted::default() }), "one\ntwo\nplain\n");
        assert_eq!(text(&Wanted { since: Some("2026-01-01T00:00:05Z"), ..Wanted::default() }), "two\nplain\n");
        assert_eq!(text(&Wanted { limit: Some(3), ..Wanted::default() }), "one");
        assert_eq!(text(&Wanted { limit: Some(5), ..Wanted::default() }), "one\nt");
        let stamped = text(&Wanted { timestamps: true, ..Wanted::default() });
        assert!(stamped.starts_with("2026-01-01T00:00:00Z one\n"), "{stamped}");
    }

    #[test]
    fn a_collectors_stamps_are_shown_where_they_are_asked_for() {
        let log = "2026-01-01T00:00:00.5Z one\n2026-01-01T00:00:01Z two\n";
        let name = "x/kloupe-bundle/logs/shop/web-0/web.log";
        assert_eq!(cut(name, log, &Wanted::default()), "one\ntwo\n");
        assert_eq!(cut(name, log, &Wanted { timestamps: true, ..Wanted::default() }), log);
        assert_eq!(cut(name, log, &Wanted { since: Some("2026-01-01T00:00:01Z"), ..Wanted::default() }), "two\n");
        assert_eq!(cut("web.log", log, &Wanted::default()), log, "a program's own times stay");
        let of_gather = "x/namespaces/shop/pods/web-0/web/web/logs/current.log";
        assert_eq!(cut(of_gather, "plain\n", &Wanted::default()), "plain\n");
    }

    #[test]
    fn a_long_log_is_given_whole() {
        let lines: Vec<String> = (0..20_000).map(|line| format!("line {line} of many that are this long\n")).collect();
        assert_eq!(cut("c.log", &lines.concat(), &Wanted::default()), lines.concat());
        let long = format!("{}\nend", "x".repeat(3 << 20));
        assert_eq!(cut("c.log", &long, &Wanted::default()), long);
        assert_eq!(cut("c.log", &long, &Wanted { tail: Some(1), ..Wanted::default() }), "end");
    }
}

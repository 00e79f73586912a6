//! Joins lines to records: a stack goes with its error, a multi-line value with its record, the pieces of a split line with each other.

use std::borrow::Cow;

use kloupe_model::Stamp;

use crate::formats::{self, Format, Joins};
use crate::prefix;
use crate::record::{Head, Record};

/// A record as text, before it is taken apart.
pub(crate) struct RawRecord<'a> {
    pub(crate) text: &'a str,
    pub(crate) format: Option<&'static Format>,
    pub(crate) head: Head,
    pub(crate) first_line: u64,
}

impl RawRecord<'_> {
    pub(crate) fn parse(&self) -> Record<'_> {
        let mut record = if let Some(format) = self.format {
            (format.parse)(self.text)
        } else {
            let (first, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
            Record { message: Cow::Borrowed(first), rest: Cow::Borrowed(rest), ..Record::default() }
        };
        record.time = record.time.or(self.head.time);
        record
    }
}

/// More text than this in one record is counted, not kept: a goroutine dump of a large program is smaller.
const MAX_RECORD: usize = 1 << 20;

/// Collects lines and hands out records.
#[derive(Default)]
pub(crate) struct Framer {
    text: String,
    format: Option<&'static Format>,
    head: Head,
    first_line: u64,
    open: bool,
    /// The record is a JSON object that was printed over several lines.
    pretty: bool,
    partial: String,
    partial_line: u64,
    /// The part so far filled a terminal's frame: the next line is its rest, or a line of its own.
    wrapped: bool,
}

impl Framer {
    /// Takes one line. A record that ends before it goes to `done`.
    pub(crate) fn line(&mut self, number: u64, line: &[u8], done: &mut dyn FnMut(RawRecord<'_>)) {
        let line = String::from_utf8_lossy(line);
        let line = if number == 1 { line.strip_prefix('\u{feff}').unwrap_or(&line) } else { &line };
        let stripped = prefix::strip(line);
        if self.wrapped && !self.partial.is_empty() && formats::detect(&stripped.text).is_some() {
            let whole = std::mem::take(&mut self.partial);
            self.whole_line(self.partial_line, &whole, None, done);
        }
        self.wrapped = stripped.wraps;
        if stripped.partial || stripped.wraps {
            if self.partial.is_empty() {
                self.partial_line = number;
            }
            if self.partial.len() < MAX_RECORD {
                self.partial.push_str(&stripped.text);
            }
            return;
        }
        if self.partial.is_empty() {
            self.whole_line(number, &stripped.text, stripped.time, done);
        } else {
            let mut joined = std::mem::take(&mut self.partial);
            joined.push_str(&stripped.text);
            self.whole_line(self.partial_line, &joined, stripped.time, done);
        }
    }

    /// The last record.
    pub(crate) fn finish(&mut self, done: &mut dyn FnMut(RawRecord<'_>)) {
        if !self.partial.is_empty() {
            let last = std::mem::take(&mut self.partial);
            self.whole_line(self.partial_line, &last, None, done);
        }
        self.flush(done);
    }

    fn whole_line(&mut self, number: u64, line: &str, time: Option<Stamp>, done: &mut dyn FnMut(RawRecord<'_>)) {
        if self.pretty {
            self.pretty_line(line, time, done);
            return;
        }
        if line.trim_end() == "{" {
            self.flush(done);
            self.start(number, "{", None, Head { time, level: None });
            self.pretty = true;
            return;
        }
        let found = formats::detect(line);
        if found.as_ref().is_some_and(|(format, _)| format.name == "json")
            && let Some(at) = formats::second_object(line)
        {
            let end = line[..at].rfind('}').map_or(at, |end| end + 1);
            self.whole_line(number, &line[..end], time, done);
            self.whole_line(number, &line[at..], time, done);
            return;
        }
        match found {
            Some((format, head)) if !self.continues_stack(format) => {
                self.flush(done);
                self.start(number, line, Some(format), Head { time: head.time.or(time), level: head.level });
            }
            _ if self.joins(line) => self.append(line),
            _ if line.trim().is_empty() => {}
            _ => {
                self.flush(done);
                self.start(number, line, None, Head { time, level: None });
            }
        }
    }

    /// A line of a JSON object that was printed over several lines; it ends with the brace that stands where it began.
    fn pretty_line(&mut self, line: &str, time: Option<Stamp>, done: &mut dyn FnMut(RawRecord<'_>)) {
        let ends = matches!(line.trim_end(), "}" | "},");
        self.pretty = !ends && self.text.len() + line.len() < MAX_RECORD;
        // No string in JSON holds a raw line break, so a blank does for it.
        self.text.push(' ');
        self.text.push_str(line.trim_end_matches(',').trim());
        if line.trim_end().ends_with(',') && !ends {
            self.text.push(',');
        }
        if ends {
            if let Some((format, head)) = formats::detect(&self.text) {
                self.format = Some(format);
                self.head = Head { time: head.time.or(time), level: head.level };
            }
            self.flush(done);
        }
    }

    /// The `goroutine 1 [running]:` after a panic or a fatal klog record belongs to it; so do a panic's own `panic: ` lines.
    fn continues_stack(&self, format: &Format) -> bool {
        format.name == "panic"
            && self.open
            && (self.format.is_some_and(|open| open.name == "panic")
                || self.head.level == Some(crate::Level::Fatal)
                    && self.format.is_some_and(|open| open.joins == Joins::All))
    }

    fn joins(&self, line: &str) -> bool {
        if !self.open {
            return false;
        }
        let indented = line.starts_with(['\t', ' ']);
        match self.format {
            Some(format) if format.joins == Joins::All => !line.trim().is_empty() || format.name == "panic",
            Some(_) if self.is_open_object() => true,
            Some(_) => indented,
            None => indented && !line.trim().is_empty(),
        }
    }

    fn start(&mut self, number: u64, line: &str, format: Option<&'static Format>, head: Head) {
        self.text.clear();
        self.text.push_str(line);
        self.format = format;
        self.head = head;
        self.first_line = number;
        self.open = true;
    }

    fn append(&mut self, line: &str) {
        if self.text.len() + line.len() < MAX_RECORD {
            // No string in JSON holds a raw line break: this one was made by who pasted the line.
            if !self.is_open_object() {
                self.text.push('\n');
            }
            self.text.push_str(line);
        }
    }

    /// The record is a JSON object that was cut or wrapped: its closing brace has not come.
    fn is_open_object(&self) -> bool {
        self.format.is_some_and(|format| format.name == "json") && formats::is_open_object(&self.text)
    }

    fn flush(&mut self, done: &mut dyn FnMut(RawRecord<'_>)) {
        if std::mem::take(&mut self.open) {
            done(RawRecord { text: &self.text, format: self.format, head: self.head, first_line: self.first_line });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(String, u64)> {
        let mut framer = Framer::default();
        let mut found = Vec::new();
        let mut done = |record: RawRecord<'_>| found.push((record.text.to_owned(), record.first_line));
        for (at, line) in text.lines().enumerate() {
            framer.line(at as u64 + 1, line.as_bytes(), &mut done);
        }
        framer.finish(&mut done);
        found
    }

    #[test]
    fn a_stack_goes_with_its_error() {
        let text = "2025-03-04T05:06:07Z\tERROR\tfailed\npkg.F\n\t/a.go:1\n2025-03-04T05:06:08Z\tINFO\tnext";
        let found = records(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0.lines().count(), 3);
        assert_eq!(found[1].1, 4);
    }

    #[test]
    fn a_panic_keeps_its_goroutines_and_blank_lines() {
        let text = "I0304 05:06:07.123456       1 a.go:1] fine\npanic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1\nI0304 05:06:08.123456       1 a.go:1] other";
        let found = records(text);
        assert_eq!(found.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [1, 2, 7]);
    }

    #[test]
    fn text_after_a_json_record_is_not_its() {
        let found = records("{\"level\":\"info\",\"msg\":\"a\"}\nunknown flag: --x\nUsage of op:\n  --y  help");
        assert_eq!(found.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn json_over_several_lines_is_one_record() {
        let found = records("{\n  \"level\": \"info\",\n  \"msg\": \"a, b\"\n}\n{\n  \"msg\": \"next\"\n}\nplain");
        assert_eq!(
            found,
            [
                ("{ \"level\": \"info\", \"msg\": \"a, b\" }".to_owned(), 1),
                ("{ \"msg\": \"next\" }".to_owned(), 5),
                ("plain".to_owned(), 8)
            ]
        );
    }

    #[test]
    fn a_wrapped_object_is_one_record_and_a_cut_one_ends_where_the_next_begins() {
        let found = records(
            "{\"level\":\"error\",\"msg\":\"cannot li\nst widgets\",\"n\":1}\nplain\n{\"level\":\"info\",\"msg\":\"cut\n{\"level\":\"info\",\"msg\":\"b\"}",
        );
        assert_eq!(found[0].0, "{\"level\":\"error\",\"msg\":\"cannot list widgets\",\"n\":1}");
        assert_eq!(found.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [1, 3, 4, 5]);
    }

    #[test]
    fn records_glued_to_one_line_are_parted() {
        let found = records("{\"level\":\"info\",\"msg\":\"a\"}widget-1 {\"level\":\"error\",\"msg\":\"b\"}\n");
        assert_eq!(
            found,
            [
                ("{\"level\":\"info\",\"msg\":\"a\"}".to_owned(), 1),
                ("{\"level\":\"error\",\"msg\":\"b\"}".to_owned(), 1)
            ]
        );
    }

    #[test]
    fn a_line_wrapped_by_a_frame_is_one_record() {
        let found = records(
            "│ E0304 05:06:07.123456       1 a.go:1] cannot li │\n│ st widgets                                     │\n│ I0304 05:06:08.123456       1 a.go:1] fills it  │",
        );
        assert_eq!(found[0].0, "E0304 05:06:07.123456       1 a.go:1] cannot list widgets");
        assert_eq!(found[1].1, 3);
    }

    #[test]
    fn split_lines_are_joined() {
        let found = records("2025-03-04T05:06:07Z stdout P hel\n2025-03-04T05:06:07Z stdout F lo");
        assert_eq!(found, [("hello".to_owned(), 1)]);
    }
}

//! Cuts a text into sections where people and collectors mark one (`marks.rs` knows the marks). Offsets count in the text, so that a
//! section can be opened on its own, and lines in the file.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use crate::command::Command;
use crate::marks::{Mark, Marked, Marks, is_json};
use crate::prompt::prompt;

/// What a section is known to be before it is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Where its bytes start in the text.
    pub(crate) start: u64,
    /// How many there are; `None` to the end.
    pub(crate) len: Option<u64>,
    /// The number of its first line, counted from 1.
    pub(crate) first_line: u64,
    /// The command line above it.
    pub(crate) command: Option<Command>,
    /// Set if a mark says that a container's log follows.
    pub(crate) log: Option<Marked>,
    /// The file that `tail` says it is from.
    pub(crate) file: Option<String>,
    /// Set if it is what someone wrote around the fenced parts of a Markdown text.
    pub(crate) prose: bool,
}

/// Only this much of a line is looked at.
const LINE_REACH: usize = 1024;

/// The sections of a text. A text without any mark is one section.
pub(crate) fn cut(stream: impl Read, mut marks: Marks) -> io::Result<Vec<Part>> {
    let mut parts = vec![Part { first_line: 1, prose: marks.is_prose(), ..Part::default() }];
    let mut lines = Lines::new(stream);
    let mut typed: Option<String> = None;
    while lines.next()? {
        if typed.is_none() && is_json(&lines.line) {
            marks.pass_over();
            continue;
        }
        let text =
            std::str::from_utf8(&lines.line).map_or_else(|_| String::from_utf8_lossy(&lines.line), Cow::Borrowed);
        let text = text.trim_end_matches(['\n', '\r']);
        let (start, end) = (lines.offset - lines.length, lines.offset);
        if let Some(before) = typed.take() {
            typed = go_on(&before, text, &mut parts, end, lines.number);
            continue;
        }
        let Some(mark) = marks.mark(text) else { continue };
        if let Some(last) = parts.last_mut() {
            last.len = Some(start - last.start);
        }
        if matches!(mark, Mark::Command(_)) {
            typed = text.trim_end().strip_suffix('\\').map(str::to_owned);
        }
        let part = Part { start: end, first_line: lines.number + 1, prose: marks.is_prose(), ..Part::default() };
        parts.push(match mark {
            Mark::Command(command) => Part { command: Some(command), prose: false, ..part },
            Mark::Open(command) => Part { command, ..part },
            Mark::LogStart(marked) => Part { log: Some(marked), ..part },
            Mark::File(file) => Part { file: Some(file), ..part },
            Mark::LogEnd | Mark::Close => part,
        });
    }
    Ok(parts)
}

/// A command that goes on over several lines: the section starts below the last of them.
fn go_on(before: &str, line: &str, parts: &mut [Part], end: u64, number: u64) -> Option<String> {
    let whole = format!("{before} {line}");
    let part = parts.last_mut()?;
    (part.start, part.first_line) = (end, number + 1);
    let rest = whole.trim_end().strip_suffix('\\');
    part.command = prompt(rest.unwrap_or(&whole)).map(|prompt| prompt.command).or(part.command.take());
    rest.filter(|rest| rest.len() < LINE_REACH * 8).map(str::to_owned)
}

/// Lines with their offsets; of a long line only the start is kept.
struct Lines<R> {
    stream: BufReader<R>,
    offset: u64,
    number: u64,
    length: u64,
    line: Vec<u8>,
}

impl<R: Read> Lines<R> {
    fn new(stream: R) -> Lines<R> {
        Lines { stream: BufReader::with_capacity(1 << 16, stream), offset: 0, number: 0, length: 0, line: Vec::new() }
    }

    fn next(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.length = 0;
        loop {
            let buffer = match self.stream.fill_buf() {
                Ok(buffer) => buffer,
                // A cut compressed file ends here.
                Err(_) if self.offset > 0 => &[],
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            let end = buffer.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let size = end.unwrap_or(buffer.len());
            let room = LINE_REACH.saturating_sub(self.line.len());
            self.line.extend_from_slice(&buffer[..size.min(room)]);
            self.stream.consume(size);
            self.length += size as u64;
            if end.is_some() {
                break;
            }
        }
        self.offset += self.length;
        self.number += 1;
        Ok(self.length > 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn sections(text: &str) -> Vec<(u64, String, Part)> {
        let parts = cut(text.as_bytes(), Marks::of(text)).expect("memory reads");
        parts
            .into_iter()
            .map(|part| {
                let start = usize::try_from(part.start).expect("small");
                let end = part.len.map_or(text.len(), |len| start + usize::try_from(len).expect("small"));
                (part.first_line, text[start..end].to_owned(), part)
            })
            .filter(|(_, text, _)| !text.trim().is_empty())
            .collect()
    }

    #[test]
    fn prompts_cut_a_paste() {
        let text = "$ kubectl get pods -n shop\nNAME\nx\n\n$ kubectl logs x \\\n  -c manager\nline one\n";
        let found = sections(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].1, "NAME\nx\n\n");
        assert_eq!((found[1].0, found[1].1.as_str()), (7, "line one\n"));
        let command = found[1].2.command.as_ref().expect("a command");
        assert_eq!((command.verb.as_str(), command.container.as_deref()), ("logs", Some("manager")));
    }

    #[test]
    fn a_dump_names_its_logs() {
        let text = "{}\n==== START logs for container manager of pod ops/shop-0 ====\n$ kubectl get pods\nline\n\
                    ==== END logs for container manager of pod ops/shop-0 ====\n";
        let found = sections(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].1, "$ kubectl get pods\nline\n");
        assert_eq!(found[1].2.log.as_ref().map(|log| log.pod.as_str()), Some("shop-0"));
    }

    #[test]
    fn scripts_in_manifests_and_logs_are_not_cut() {
        assert_eq!(sections("kind: ConfigMap\ndata:\n  run: |\n    # kubectl get pods\n    echo\n").len(), 1);
        assert_eq!(sections("starting\n+ kubectl get pods\nNAME\n").len(), 1);
        assert_eq!(sections("error: try\nkubectl get pods\n").len(), 1);
    }

    #[test]
    fn fences_cut_an_issue() {
        let text = "### What happened\nIt hangs. The log (`kubectl logs -n ops shop-0`):\n\n```console\nline one\n```\n\
                    and the pods:\n~~~\n$ kubectl get pods\nNAME\n~~~\nThanks!\n";
        let found = sections(text);
        let shown: Vec<_> = found.iter().map(|(line, text, part)| (*line, text.as_str(), part.prose)).collect();
        let expected = [
            (1, "### What happened\nIt hangs. The log (`kubectl logs -n ops shop-0`):\n\n", true),
            (5, "line one\n", false),
            (7, "and the pods:\n", true),
            (10, "NAME\n", false),
            (12, "Thanks!\n", true),
        ];
        assert_eq!(shown, expected);
        assert_eq!(found[1].2.command.as_ref().map(|command| command.verb.as_str()), Some("logs"));
        assert_eq!(found[3].2.command.as_ref().map(|command| command.verb.as_str()), Some("get"));
    }

    #[test]
    fn a_quoted_issue_is_cut_too() {
        let text = "> Here it is:\n> ```\n> $ kubectl get pods\n> NAME\n> ```\n";
        let found = sections(text);
        assert_eq!(found.iter().map(|(line, _, _)| *line).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn fences_in_a_log_do_not_cut_it() {
        let text = "I0304 05:06:07.000001       1 main.go:7] the text is\n```\nsome\n```\nI0304 05:06:08.000001       1 main.go:7] end\n";
        assert_eq!(sections(text).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        /// Parts stand one after the other, and the numbers of their first lines are those of the text.
        #[test]
        fn parts_keep_their_place(lines in vec(sample::select(LINES), 0..30)) {
            let text: String = lines.concat();
            let parts = cut(text.as_bytes(), Marks::of(&text)).expect("memory reads");
            let mut before = 0;
            for part in &parts {
                prop_assert!(part.start >= before);
                let start = usize::try_from(part.start).expect("small");
                prop_assert_eq!(part.first_line, text[..start].matches('\n').count() as u64 + 1);
                before = part.len.map_or(text.len() as u64, |len| part.start + len);
            }
            prop_assert!(before <= text.len() as u64);
        }
    }

    /// Lines that mark something, and lines that do not.
    const LINES: &[&str] = &[
        "$ kubectl get pods\n",
        "$ kubectl logs x \\\n",
        "  -c y\n",
        "```\n",
        "~~~yaml\n",
        "> ```\r\n",
        "<pre>\n",
        "</pre>\n",
        "\n",
        "text\n",
        "==== START logs for container a of pod b/c ====\n",
        "==== END logs for container a of pod b/c ====\n",
        "==> /var/log/x.log <==\n",
        "I0304 05:06:07.000001       1 main.go:7] started\n",
        "é🚀\n",
    ];
}

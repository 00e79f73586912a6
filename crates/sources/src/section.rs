//! Cuts a text into sections where people and collectors mark one: prompt lines, `==== START logs for container …`, `==> FILE <==`.

use std::io::{self, BufRead, BufReader, Read};

use crate::command::{Command, Prompt, prompt};

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
}

/// What the mark of `kubectl cluster-info dump` names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) container: String,
}

enum Mark {
    Command(Command),
    LogStart(Marked),
    LogEnd,
    File(String),
}

/// Only this much of a line is looked at.
const LINE_REACH: usize = 1024;

/// The sections of a text. A text without any mark is one section.
pub(crate) fn cut(stream: impl Read) -> io::Result<Vec<Part>> {
    let mut parts = vec![Part { first_line: 1, ..Part::default() }];
    let mut marks = Marks::default();
    let mut lines = Lines { stream: BufReader::with_capacity(1 << 16, stream), offset: 0, number: 0, length: 0, line: Vec::new() };
    let mut typed: Option<String> = None;
    while lines.next()? {
        let text = String::from_utf8_lossy(&lines.line);
        let text = text.trim_end_matches(['\n', '\r']);
        let end = lines.offset;
        let start = end - lines.length;
        if let Some(before) = typed.take() {
            // A command that goes on over several lines.
            let whole = before + text;
            if let Some(part) = parts.last_mut() {
                (part.start, part.first_line) = (end, lines.number + 1);
                part.command = prompt(whole.trim_end_matches('\\')).map(|prompt| prompt.command).or(part.command.take());
            }
            typed = whole.strip_suffix('\\').map(str::to_owned);
            continue;
        }
        let Some(mark) = marks.mark(text) else { continue };
        if let Some(last) = parts.last_mut() {
            last.len = Some(start - last.start);
        }
        typed = text.strip_suffix('\\').filter(|_| matches!(mark, Mark::Command(_))).map(str::to_owned);
        let part = Part { start: end, first_line: lines.number + 1, ..Part::default() };
        parts.push(match mark {
            Mark::Command(command) => Part { command: Some(command), ..part },
            Mark::LogStart(marked) => Part { log: Some(marked), ..part },
            Mark::File(file) => Part { file: Some(file), ..part },
            Mark::LogEnd => part,
        });
    }
    Ok(parts)
}

/// Whether the start of a text has a mark, so that the rest is worth a search.
pub(crate) fn has_mark(head: &str) -> bool {
    let mut marks = Marks::default();
    head.lines().any(|line| marks.mark(line).is_some())
}

/// Recognises marks; the first prompt line says how the later ones look.
#[derive(Default)]
struct Marks {
    seen_text: bool,
    indent: Option<usize>,
    in_log: bool,
    blank_before: bool,
}

impl Marks {
    fn mark(&mut self, line: &str) -> Option<Mark> {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.blank_before = true;
            return None;
        }
        let first = !std::mem::replace(&mut self.seen_text, true);
        let blank_before = std::mem::replace(&mut self.blank_before, false);
        if let Some(mark) = dump_mark(trimmed) {
            self.in_log = matches!(mark, Mark::LogStart(_));
            return Some(mark);
        }
        if self.in_log {
            return None;
        }
        if let Some(file) = trimmed.strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            return Some(Mark::File(file.to_owned()));
        }
        let line = strip_colours(line);
        let Prompt { indent, prefix, command } = prompt(&line)?;
        let indented_as_others = match self.indent {
            Some(known) => indent == known,
            // The first prompt may be indented only if nothing stands before it; else it is a line of a script in a manifest.
            None => indent == 0 || first,
        };
        // `kubectl get pods` without a prompt, and `+ kubectl …` of a script's trace, may well be a line of a log.
        let sure = !matches!(prefix, "" | "+ ") || first || (prefix.is_empty() && blank_before);
        if !indented_as_others || !(sure || self.indent.is_some() && prefix == "+ ") {
            return None;
        }
        self.indent = Some(indent);
        Some(Mark::Command(command))
    }
}

fn strip_colours(line: &str) -> String {
    if line.contains('\x1b') { crate::text::clean(line.as_bytes()) } else { line.to_owned() }
}

/// `==== START logs for container X of pod NS/POD ====`, and its end.
fn dump_mark(line: &str) -> Option<Mark> {
    let inner = line.strip_prefix("==== ")?.strip_suffix(" ====")?;
    if inner.starts_with("END logs") {
        return Some(Mark::LogEnd);
    }
    let (container, pod) = inner.strip_prefix("START logs for container ")?.split_once(" of pod ")?;
    let (namespace, pod) = pod.split_once('/').unwrap_or(("", pod));
    Some(Mark::LogStart(Marked { namespace: namespace.into(), pod: pod.into(), container: container.into() }))
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
    use super::*;

    fn sections(text: &str) -> Vec<(u64, String, Part)> {
        let parts = cut(text.as_bytes()).expect("memory reads");
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
}

//! A log as a stream that can be opened again. Nothing here reads it but the lines that kubectl writes before it; `kloupe-logs` does.

use std::io::{self, Read};

use kloupe_model::ObjectRef;

use crate::command::Command;
use crate::kinds::Resource;
use crate::origin::Origin;

/// So much is read at once when lines are counted.
const BLOCK: u64 = 64 << 10;

/// One log: a file, or the part of a file that holds one.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// The file, as the person named it.
    pub file: String,
    /// The namespace, where the place or the command above it tells.
    pub namespace: Option<String>,
    /// The pod, likewise.
    pub pod: Option<String>,
    /// The container, likewise.
    pub container: Option<String>,
    /// The workload whose log was asked for (`kubectl logs deploy/x`), where that is all that is known.
    pub workload: Option<ObjectRef>,
    /// Whether it is the log before the last restart.
    pub previous: bool,
    /// The number that its first line has in the file, counted from 1.
    pub first_line: u64,
    pub(crate) origin: Origin,
    pub(crate) start: u64,
    pub(crate) len: Option<u64>,
    pub(crate) path: Vec<String>,
}

impl LogFile {
    /// The log's bytes from its first line: unpacked, without a byte order mark, in UTF-8 where the file was in UTF-16.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.open_at(0)
    }

    /// The same from an offset on.
    pub fn open_at(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let stream = self.origin.open_at(self.start + offset)?;
        Ok(match self.len {
            Some(len) => Box::new(stream.take(len.saturating_sub(offset))),
            None => stream,
        })
    }

    /// Where the last lines begin. A log that lies as it is is read from its end; another is read through, and nothing of it is kept.
    pub fn last_lines(&self, lines: usize) -> io::Result<u64> {
        let known = self.len.or_else(|| self.origin.len()?.checked_sub(self.start));
        match known.filter(|_| self.origin.len().is_some()) {
            Some(len) => self.back_from(len, lines),
            None => self.forward_to(lines),
        }
    }

    fn back_from(&self, len: u64, lines: usize) -> io::Result<u64> {
        let (mut end, mut left) = (len, lines);
        if lines == 0 {
            return Ok(len);
        }
        while end > 0 {
            let start = end.saturating_sub(BLOCK);
            let mut block = Vec::new();
            self.open_at(start)?.take(end - start).read_to_end(&mut block)?;
            // What ends the last line begins none.
            for at in memchr::memrchr_iter(b'\n', &block).map(|at| start + at as u64 + 1).filter(|at| *at < len) {
                left -= 1;
                if left == 0 {
                    return Ok(at);
                }
            }
            end = start;
        }
        Ok(0)
    }

    fn forward_to(&self, lines: usize) -> io::Result<u64> {
        let (mut starts, mut ended) = (0_usize, true);
        self.blocks(|block, _| {
            starts += memchr::memchr_iter(b'\n', block).count();
            ended = block.last() == Some(&b'\n');
            true
        })?;
        let skip = (starts + usize::from(!ended)).saturating_sub(lines);
        let (mut passed, mut found) = (0, 0);
        if skip > 0 {
            self.blocks(|block, start| {
                for at in memchr::memchr_iter(b'\n', block) {
                    passed += 1;
                    if passed == skip {
                        found = start + at as u64 + 1;
                        return false;
                    }
                }
                found = start + block.len() as u64;
                true
            })?;
        }
        Ok(found)
    }

    /// Hands on block after block with its offset until nobody wants more.
    fn blocks(&self, mut take: impl FnMut(&[u8], u64) -> bool) -> io::Result<()> {
        let mut stream = self.open()?;
        let mut block = vec![0; usize::try_from(BLOCK).unwrap_or(usize::MAX)];
        let mut start = 0;
        loop {
            let size = stream.read(&mut block)?;
            if size == 0 || !take(&block[..size], start) {
                return Ok(());
            }
            start += size as u64;
        }
    }

    /// `kubectl logs POD [CONTAINER]`, `kubectl logs deploy/NAME -c CONTAINER`.
    pub(crate) fn name_by_command(&mut self, command: &Command) {
        self.namespace = command.namespace.clone().or(self.namespace.take());
        self.previous |= command.previous;
        let mut words = command.words.iter().filter(|word| !word.contains(['<', '$', '{']));
        let asked = words.next().map(|word| match word.split_once('/') {
            Some((kind, name)) => (Resource::parse(kind), name),
            None => (Resource::parse("pod"), word.as_str()),
        });
        match asked {
            Some((resource, name)) if resource.kind == "Pod" => self.pod = Some(name.to_owned()),
            Some((resource, name)) => {
                let namespace = self.namespace.as_deref().unwrap_or_default();
                self.workload = Some(ObjectRef::new(&resource.kind, &resource.group, namespace, name));
            }
            None => {}
        }
        self.container = command.container.clone().or_else(|| words.next().cloned()).or(self.container.take());
    }
}

/// What kubectl says before a log: which container and which pod it took.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Announced {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
    pub(crate) pod: Option<String>,
    pub(crate) container: Option<String>,
}

impl Announced {
    /// Reads the first lines of a log.
    pub(crate) fn of(head: &[u8]) -> Announced {
        let mut announced = Announced::default();
        for line in head.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            if !line.ends_with(b"\n") || !announced.line(text.trim_end()) {
                break;
            }
            announced.bytes += line.len() as u64;
            announced.lines += 1;
        }
        announced
    }

    fn line(&mut self, line: &str) -> bool {
        let first_word = |text: &str| text.split([' ', '"']).next().map(|word| word.trim_end_matches('.').to_owned());
        if let Some(rest) = line.strip_prefix("Defaulted container \"") {
            self.container = first_word(rest);
        } else if let Some(rest) = line.strip_prefix("Defaulting container name to ") {
            // Before kubectl 1.20.
            self.container = first_word(rest);
        } else if let Some((_, pod)) =
            line.split_once(" pods, using pod/").filter(|(found, _)| found.starts_with("Found "))
        {
            self.pod = first_word(pod);
        } else {
            return line.starts_with("Use 'kubectl describe pod/") && line.contains("to see all of the containers");
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_found_from_either_end() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let lines: Vec<String> = (0..30_000).map(|line| format!("line {line}\n")).collect();
        let text = lines.concat() + "end";
        io::Write::write_all(&mut gzip, text.as_bytes()).expect("memory writes");
        for bytes in [text.clone().into_bytes(), gzip.finish().expect("memory writes")] {
            let source = crate::Source::Memory { name: "c.log".into(), bytes };
            let log = crate::read(&[source]).expect("read").logs.remove(0);
            let last = |lines: usize| {
                let mut text = String::new();
                let start = log.last_lines(lines).expect("it is read");
                log.open_at(start).expect("it opens").read_to_string(&mut text).expect("text");
                text
            };
            assert_eq!(last(0), "");
            assert_eq!(last(1), "end");
            assert_eq!(last(3), "line 29998\nline 29999\nend");
            assert_eq!(last(20_000).lines().count(), 20_000);
            assert_eq!(last(usize::MAX), text);
        }
    }

    #[test]
    fn kubectl_says_what_it_took() {
        let head = b"Found 2 pods, using pod/shop-7d9f8c6b5d-x2x4z\nDefaulted container \"manager\" out of: manager, proxy\r\nstarted\n";
        let announced = Announced::of(head);
        assert_eq!((announced.lines, announced.pod.as_deref()), (2, Some("shop-7d9f8c6b5d-x2x4z")));
        assert_eq!(announced.container.as_deref(), Some("manager"));
        assert!(head[usize::try_from(announced.bytes).expect("small")..].starts_with(b"started"));
        assert_eq!(Announced::of(b"started\n"), Announced::default());
    }
}

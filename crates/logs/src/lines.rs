//! Cuts a stream into lines: large blocks, no copy of a line unless it straddles two, and a bound on a line's length.

use std::io::{self, Read};

/// A longer line is cut here; the rest of it is skipped and counted. More than any logger's or runtime's limit.
pub(crate) const MAX_LINE: usize = 1 << 20;
const BLOCK: usize = 256 << 10;

/// Reads lines from any reader.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    eof: bool,
    /// Bytes of lines that were cut.
    pub(crate) skipped: u64,
    /// Bytes read.
    pub(crate) bytes: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(reader: R) -> Lines<R> {
        Lines { reader, buffer: vec![0; BLOCK], start: 0, end: 0, eof: false, skipped: 0, bytes: 0 }
    }

    /// The next line without its line break; `None` at the end.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<&[u8]>> {
        let mut searched = self.start;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[searched..self.end]) {
                let line = self.start..searched + at;
                self.start = searched + at + 1;
                return Ok(Some(trim_cr(&self.buffer[line])));
            }
            searched = self.end;
            if self.end - self.start >= MAX_LINE {
                let line = self.start..self.start + MAX_LINE;
                self.skip_to_line_break(self.end - line.end)?;
                return Ok(Some(&self.buffer[line]));
            }
            if self.eof {
                let line = self.start..self.end;
                self.start = self.end;
                return Ok(Some(trim_cr(&self.buffer[line])).filter(|line| !line.is_empty()));
            }
            searched -= self.fill()?;
        }
    }

    /// Reads more; gives how far the unread bytes moved towards the start of the buffer.
    fn fill(&mut self) -> io::Result<usize> {
        let mut moved = 0;
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            moved = self.start;
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < BLOCK / 2 {
            self.buffer.resize(self.buffer.len() + BLOCK, 0);
        }
        let read = loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.bytes += read as u64;
        self.eof = read == 0;
        self.end += read;
        Ok(moved)
    }

    /// Skips the rest of a line that is too long. The bytes up to `MAX_LINE` stay in the buffer until the next call.
    fn skip_to_line_break(&mut self, buffered: usize) -> io::Result<()> {
        let kept_end = self.end - buffered;
        self.skipped += buffered as u64;
        let mut block = vec![0; BLOCK];
        loop {
            let read = match self.reader.read(&mut block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            self.bytes += read as u64;
            if read == 0 {
                self.eof = true;
                self.start = self.end;
                return Ok(());
            }
            if let Some(at) = memchr::memchr(b'\n', &block[..read]) {
                self.skipped += at as u64;
                let after = &block[at + 1..read];
                self.buffer.resize((kept_end + after.len()).max(self.buffer.len()), 0);
                self.buffer[kept_end..kept_end + after.len()].copy_from_slice(after);
                self.start = kept_end;
                self.end = kept_end + after.len();
                return Ok(());
            }
            self.skipped += read as u64;
        }
    }
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives `step` bytes a call, to cut lines at every place.
    struct Steps<'a>(&'a [u8], usize);

    impl Read for Steps<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(into.len());
            into[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn all(bytes: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(Steps(bytes, step));
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().expect("memory does not fail") {
            found.push(line.to_vec());
        }
        found
    }

    #[test]
    fn any_cut_gives_the_same_lines() {
        let text = b"one\r\ntwo\n\nthree";
        for step in 1..=text.len() {
            assert_eq!(all(text, step), [&b"one"[..], b"two", b"", b"three"], "step {step}");
        }
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_whole() {
        let mut text = vec![b'x'; 3 * MAX_LINE];
        text.extend_from_slice(b"\nnext\n");
        for step in [4096, BLOCK, 10 * MAX_LINE] {
            let lines = all(&text, step);
            assert_eq!(lines.len(), 2, "step {step}");
            assert_eq!(lines[0].len(), MAX_LINE);
            assert_eq!(lines[1], b"next");
        }
    }
}

//! Bytes that can be opened again and again: a file, standard input kept aside, a text in memory. Compression, byte order marks
//! and UTF-16 are undone on the way, so that everything behind this file sees plain text bytes and offsets into them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use kloupe_model::Texts;
use tempfile::{NamedTempFile, TempDir};

/// A stream up to this size is kept in memory, a larger one in a temporary file.
const SPOOL_MEMORY: u64 = 16 << 20;

/// A packed file may unpack to so much, and beyond that to so many times its size: logs pack well, but not that well.
pub(crate) const UNPACKED: u64 = 64 << 20;
pub(crate) const UNPACKED_TIMES: u64 = 500;

/// Where the raw bytes lie.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// A file on disk.
    Path(PathBuf),
    /// A text in memory.
    Memory(Arc<[u8]>),
    /// A stream that was too long for memory; the file goes when this does.
    Spool(NamedTempFile),
    /// A file of an archive, laid out in a folder that goes when the last of its files does.
    Unpacked {
        /// Where it lies.
        path: PathBuf,
        /// What keeps it there.
        _folder: Arc<TempDir>,
    },
}

/// Bytes of which any may be read next.
pub(crate) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

impl Bytes {
    /// Keeps a stream that can be read only once.
    pub(crate) fn keep(mut stream: impl Read) -> io::Result<Bytes> {
        let mut start = Vec::new();
        (&mut stream).take(SPOOL_MEMORY).read_to_end(&mut start)?;
        if (start.len() as u64) < SPOOL_MEMORY {
            return Ok(Bytes::Memory(start.into()));
        }
        let mut spool = NamedTempFile::with_prefix("kloupe-")?;
        spool.write_all(&start)?;
        io::copy(&mut stream, &mut spool)?;
        spool.flush()?;
        Ok(Bytes::Spool(spool))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> io::Result<u64> {
        Ok(match self {
            Bytes::Path(path) | Bytes::Unpacked { path, .. } => std::fs::metadata(path)?.len(),
            Bytes::Spool(spool) => spool.as_file().metadata()?.len(),
            Bytes::Memory(bytes) => bytes.len() as u64,
        })
    }

    fn open(self: &Arc<Bytes>, at: u64) -> io::Result<Box<dyn Read + Send>> {
        let from = |mut file: File| -> io::Result<Box<dyn Read + Send>> {
            if at > 0 {
                file.seek(SeekFrom::Start(at))?;
            }
            Ok(Box::new(file))
        };
        match &**self {
            Bytes::Path(path) | Bytes::Unpacked { path, .. } => from(File::open(path)?),
            Bytes::Spool(spool) => from(spool.reopen()?),
            Bytes::Memory(bytes) => {
                let mut cursor = Cursor::new(Arc::clone(bytes));
                cursor.set_position(at);
                Ok(Box::new(cursor))
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    Utf8Marked,
    Utf16 { big_endian: bool },
}

/// Bytes, and how to read them as text.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    bytes: Arc<Bytes>,
    packing: Packing,
    encoding: Encoding,
}

impl Origin {
    /// Looks at the first bytes to see how they are packed and encoded.
    pub(crate) fn inspect(bytes: Arc<Bytes>) -> io::Result<Origin> {
        let mut origin = Origin { bytes, packing: Packing::Plain, encoding: Encoding::Plain };
        let magic = read_up_to(&mut origin.unpacked()?, 4)?;
        origin.packing = match magic[..] {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Packing::Zstd,
            _ => Packing::Plain,
        };
        let mark = if origin.packing == Packing::Plain { magic } else { read_up_to(&mut origin.unpacked()?, 4)? };
        origin.encoding = match mark[..] {
            [0xef, 0xbb, 0xbf, ..] => Encoding::Utf8Marked,
            [0xff, 0xfe, ..] => Encoding::Utf16 { big_endian: false },
            [0xfe, 0xff, ..] => Encoding::Utf16 { big_endian: true },
            _ => Encoding::Plain,
        };
        Ok(origin)
    }

    /// The text's bytes from the start.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.open_at(0)
    }

    /// How many bytes stand before a text that lies open.
    fn mark(&self) -> u64 {
        if self.encoding == Encoding::Utf8Marked { 3 } else { 0 }
    }

    /// The text's bytes from an offset into the text; cheap where the bytes lie as they are, else what is before is read and dropped.
    pub(crate) fn open_at(&self, start: u64) -> io::Result<Box<dyn Read + Send>> {
        if self.lies_open() {
            return self.bytes.open(start + self.mark());
        }
        let mut stream = self.unpacked()?;
        let mut stream: Box<dyn Read + Send> = match self.encoding {
            Encoding::Plain => stream,
            Encoding::Utf8Marked => {
                read_up_to(&mut stream, 3)?;
                stream
            }
            Encoding::Utf16 { big_endian } => {
                read_up_to(&mut stream, 2)?;
                Box::new(Utf16::new(BufReader::new(stream), big_endian))
            }
        };
        if start > 0 {
            io::copy(&mut (&mut stream).take(start), &mut io::sink())?;
        }
        Ok(stream)
    }

    /// How long the text is, where nothing has to be undone to know it.
    pub(crate) fn len(&self) -> Option<u64> {
        self.bytes.len().ok().filter(|_| self.lies_open())?.checked_sub(self.mark())
    }

    /// The same text, laid open so that any part of it can be reached at once.
    pub(crate) fn unfolded(&self) -> io::Result<Origin> {
        if self.lies_open() {
            return Ok(self.clone());
        }
        let bytes = Bytes::keep(Lenient { inner: self.open()?, any: false })?;
        Ok(Origin { bytes: Arc::new(bytes), packing: Packing::Plain, encoding: Encoding::Plain })
    }

    /// The bytes of an unfolded text, any of which may be read next.
    pub(crate) fn seekable(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match &*self.bytes {
            Bytes::Path(path) | Bytes::Unpacked { path, .. } => Box::new(BufReader::new(File::open(path)?)),
            Bytes::Spool(spool) => Box::new(BufReader::new(spool.reopen()?)),
            Bytes::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }

    /// Whether the text's bytes lie somewhere as they are, so that any part of it can be read again.
    pub(crate) fn lies_open(&self) -> bool {
        self.packing == Packing::Plain && !matches!(self.encoding, Encoding::Utf16 { .. })
    }

    /// The text, for objects that stay in it.
    pub(crate) fn texts(self) -> io::Result<Arc<dyn Texts>> {
        let file = match &*self.bytes {
            Bytes::Path(path) | Bytes::Unpacked { path, .. } if self.bytes.len()? > KEPT_OPEN => {
                Some(File::open(path)?)
            }
            _ => None,
        };
        Ok(Arc::new(Lying { origin: self, file }))
    }

    fn unpacked(&self) -> io::Result<Box<dyn Read + Send>> {
        let raw = self.bytes.open(0)?;
        let inner: Box<dyn Read + Send> = match self.packing {
            Packing::Plain => return Ok(raw),
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(raw))),
            Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(raw)?),
        };
        let left = self.bytes.len()?.saturating_mul(UNPACKED_TIMES).max(UNPACKED);
        Ok(Box::new(Limited { inner, left }))
    }
}

/// A file that is longer is opened once for all objects in it: there are few such.
const KEPT_OPEN: u64 = 1 << 20;

/// A text that lies open, in a file or in memory.
struct Lying {
    origin: Origin,
    file: Option<File>,
}

impl Texts for Lying {
    fn part(&self, range: Range<u64>) -> Option<Cow<'_, str>> {
        let mut bytes = vec![0; usize::try_from(range.end.checked_sub(range.start)?).ok()?];
        match &self.file {
            Some(file) => read_at(file, &mut bytes, range.start + self.origin.mark())?,
            None => self.origin.open_at(range.start).ok()?.read_exact(&mut bytes).ok()?,
        }
        String::from_utf8(bytes).ok().map(Cow::Owned)
    }

    fn is_held(&self) -> bool {
        matches!(&*self.origin.bytes, Bytes::Memory(_))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> Option<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start).ok()
}

#[cfg(not(unix))]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> Option<()> {
    let mut file = file.try_clone().ok()?;
    file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(bytes)).ok()
}

/// A stream that fails where it goes on for longer than it should.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(size as u64)
            .ok_or_else(|| io::Error::other("it unpacks to far more than a file of text does"))?;
        Ok(size)
    }
}

/// Reads up to `limit` bytes. Where a stream breaks off (a cut gzip file), what came before is kept.
pub(crate) fn read_up_to(stream: &mut dyn Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match stream.take(limit).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(_) if !bytes.is_empty() => Ok(bytes),
        Err(error) => Err(error),
    }
}

/// A stream that ends where it breaks off; only if nothing came before is that an error.
struct Lenient<R> {
    inner: R,
    any: bool,
}

impl<R: Read> Read for Lenient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Err(_) if self.any => Ok(0),
            result => result.inspect(|size| self.any |= *size > 0),
        }
    }
}

/// UTF-16 to UTF-8. Half a surrogate pair becomes the replacement character, as everywhere.
struct Utf16<R> {
    inner: R,
    big_endian: bool,
    high: Option<u16>,
    out: Vec<u8>,
    done: usize,
}

impl<R: Read> Utf16<R> {
    fn new(inner: R, big_endian: bool) -> Utf16<R> {
        Utf16 { inner, big_endian, high: None, out: Vec::new(), done: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.done = 0;
        // Read to an even length: the reader below may hand over single bytes.
        let raw = read_up_to(&mut self.inner, 8192)?;
        let mut units: Vec<u16> = self.high.take().into_iter().collect();
        units.extend(raw.chunks(2).map(|pair| match *pair {
            [a, b] if self.big_endian => u16::from_be_bytes([a, b]),
            [a, b] => u16::from_le_bytes([a, b]),
            _ => 0xfffd,
        }));
        if raw.len() == 8192 && units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            self.high = units.pop();
        }
        let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.out.extend(text.collect::<String>().into_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done == self.out.len() {
            self.refill()?;
        }
        let size = buffer.len().min(self.out.len() - self.done);
        buffer[..size].copy_from_slice(&self.out[self.done..self.done + size]);
        self.done += size;
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: Vec<u8>) -> String {
        let origin = Origin::inspect(Arc::new(Bytes::Memory(bytes.into()))).expect("memory reads");
        let mut text = String::new();
        origin.open().expect("opens").read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn packing_and_encoding_are_undone() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"\xef\xbb\xbfhello").expect("memory writes");
        assert_eq!(text_of(gzip.finish().expect("memory writes")), "hello");
        assert_eq!(text_of(zstd::encode_all(&b"hello"[..], 1).expect("memory writes")), "hello");
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(text_of([vec![0xff, 0xfe], utf16("widgets 部件 🚀")].concat()), "widgets 部件 🚀");
        let long = "🚀".repeat(10_000);
        assert_eq!(text_of([vec![0xff, 0xfe], utf16(&long)].concat()), long);
        assert_eq!(text_of(b"plain".to_vec()), "plain");
    }

    #[test]
    fn a_cut_gzip_file_gives_what_it_has() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        gzip.write_all(&vec![b'a'; 100_000]).expect("memory writes");
        let mut bytes = gzip.finish().expect("memory writes");
        bytes.truncate(80_000);
        let origin = Origin::inspect(Arc::new(Bytes::Memory(bytes.into()))).expect("memory reads");
        let read = read_up_to(&mut origin.open().expect("opens"), 1 << 20).expect("a part");
        assert!(read.len() > 60_000);
    }

    #[test]
    fn an_offset_counts_in_the_text() {
        let origin =
            Origin::inspect(Arc::new(Bytes::Memory(b"\xef\xbb\xbfone\ntwo"[..].into()))).expect("memory reads");
        let mut text = String::new();
        origin.open_at(4).expect("opens").read_to_string(&mut text).expect("text");
        assert_eq!(text, "two");
    }

    #[test]
    fn a_part_of_a_file_is_read_when_it_is_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x");
        for length in [0, usize::try_from(KEPT_OPEN).expect("small")] {
            std::fs::write(&path, format!("\u{feff}one two{}", " ".repeat(length))).expect("written");
            let origin = Origin::inspect(Arc::new(Bytes::Path(path.clone()))).expect("a file");
            let texts = origin.texts().expect("it lies open");
            assert_eq!((texts.part(4..7).as_deref(), texts.is_held()), (Some("two"), false));
            assert_eq!(texts.part(length as u64 + 4..length as u64 + 8), None, "beyond the end");
        }
    }
}

//! Tar archives. Their entries are taken raw, so that a long name is read by us, with a limit, and not into memory whole.

use tar::EntryType;

use super::{BROKEN, MANY, MAX_FILES, MAX_NAME, Out, SPECIAL};
use crate::origin::{Origin, read_up_to};
use kloupe_model::Why;

/// So much of an extended header is looked at.
const MAX_EXTENSION: u64 = 64 << 10;

/// Entries of any sort, folders and headers among them, for each file that may be unpacked.
const ENTRIES_PER_FILE: usize = 5;

pub(super) fn unpack(origin: &Origin, out: &mut Out<'_>) {
    let stream = match origin.open() {
        Ok(stream) => stream,
        Err(error) => return out.gaps.archive(Why::of(BROKEN, error.to_string())),
    };
    let mut archive = tar::Archive::new(stream);
    let entries = match archive.entries() {
        Ok(entries) => entries.raw(true),
        Err(error) => return out.gaps.archive(Why::of(BROKEN, error.to_string())),
    };
    let mut long_name: Option<Vec<u8>> = None;
    for (number, entry) in entries.enumerate() {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return out.gaps.archive(Why::of(BROKEN, error.to_string())),
        };
        if number >= MAX_FILES * ENTRIES_PER_FILE {
            return out.gaps.archive(MANY);
        }
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => {
                let name = read_up_to(&mut entry, MAX_NAME as u64 + 1).unwrap_or_default();
                long_name = Some(name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
                continue;
            }
            EntryType::XHeader => {
                let text = read_up_to(&mut entry, MAX_EXTENSION).unwrap_or_default();
                long_name = pax_path(&text).or(long_name);
                continue;
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => continue,
            _ => {}
        }
        let name = long_name.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
        // In archives from before `ustar` a folder is a file whose name ends with a slash.
        let result = match kind {
            EntryType::Directory => Ok(()),
            EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Ok(()),
            EntryType::Regular | EntryType::Continuous => {
                let size = entry.header().entry_size().unwrap_or(u64::MAX);
                out.file(&name, size, &mut entry)
            }
            EntryType::Symlink | EntryType::Link => {
                let target = entry.header().link_name_bytes().unwrap_or_default();
                out.link(&name, &target, kind == EntryType::Link);
                Ok(())
            }
            _ => {
                out.leave_out(&name, SPECIAL);
                Ok(())
            }
        };
        if result.is_err() {
            return;
        }
    }
}

/// The `path` of an extended header: lines of `LENGTH KEY=VALUE`.
fn pax_path(mut text: &[u8]) -> Option<Vec<u8>> {
    let mut path = None;
    while !text.is_empty() {
        let blank = text.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(&text[..blank]).ok()?.parse().ok()?;
        let record = text.get(blank + 1..length)?;
        if let Some(value) = record.strip_prefix(b"path=") {
            path = Some(value.strip_suffix(b"\n").unwrap_or(value).to_vec());
        }
        text = &text[length..];
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_extended_header() {
        assert_eq!(pax_path(b"11 mtime=1\n14 path=a/b.c\n"), Some(b"a/b.c".to_vec()));
        assert_eq!(pax_path(b"11 mtime=1\n"), None);
        assert_eq!(pax_path(b"999 path=a\n"), None);
        assert_eq!(pax_path(b"0 path=a\n"), None);
    }
}

//! Zip archives.

use zip::ZipArchive;

use super::{BROKEN, DAMAGED, LOCKED, MAX_NAME, Out};
use crate::origin::{Origin, read_up_to};
use kloupe_model::{Text, Why};
use std::io::{self, Read, Seek, SeekFrom};

/// An archive that says so has more files than its first format can count; its directory would have to be held in memory.
const UNCOUNTED: u16 = u16::MAX;

const MANY: Text = Text {
    en: "a zip archive of more than 65,534 files; unpack it first",
    zh: "zip 归档中的文件超过 65,534 个，请先解包",
};

pub(super) fn unpack(origin: &Origin, out: &mut Out<'_>) {
    if let Err(error) = files(origin, out) {
        out.gaps.archive(Why::of(BROKEN, error.to_string()));
    }
}

fn files(origin: &Origin, out: &mut Out<'_>) -> io::Result<()> {
    let mut stream = origin.unfolded()?.seekable()?;
    if counted(&mut stream)? == UNCOUNTED {
        out.gaps.archive(MANY);
        return Ok(());
    }
    let mut archive = ZipArchive::new(stream)?;
    for at in 0..archive.len() {
        let (name, is_dir, is_link, locked, size) = match archive.by_index_raw(at) {
            Ok(file) => (file.name_raw().to_vec(), file.is_dir(), file.is_symlink(), file.encrypted(), file.size()),
            Err(error) => {
                out.gaps.archive(Why::of(DAMAGED, error.to_string()));
                continue;
            }
        };
        // Some programs write the separators of Windows.
        let name: Vec<u8> = name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
        if is_dir || name.ends_with(b"/") {
            continue;
        }
        if locked {
            out.leave_out(&name, LOCKED);
            continue;
        }
        if is_link {
            let target =
                archive.by_index(at).map(|mut file| read_up_to(&mut file, MAX_NAME as u64).unwrap_or_default());
            out.link(&name, &target.unwrap_or_default(), false);
            continue;
        }
        let result = match archive.by_index(at) {
            Ok(mut file) => out.file(&name, size, &mut file),
            Err(error) => {
                out.gaps.file_because(&super::shown(&name), DAMAGED, &error.to_string());
                Ok(())
            }
        };
        if result.is_err() {
            break;
        }
    }
    Ok(())
}

/// How many files the end of the archive says there are.
fn counted(stream: &mut (impl Read + Seek)) -> io::Result<u16> {
    const RECORD: usize = 22;
    let end = stream.seek(SeekFrom::End(0))?;
    stream.seek(SeekFrom::Start(end.saturating_sub(RECORD as u64 + u64::from(u16::MAX))))?;
    let mut tail = Vec::new();
    stream.read_to_end(&mut tail)?;
    stream.seek(SeekFrom::Start(0))?;
    let mut counts = tail
        .windows(RECORD)
        .filter(|window| window.starts_with(b"PK\x05\x06"))
        .map(|window| u16::from_le_bytes([window[10], window[11]]));
    let first = counts.next().unwrap_or(0);
    Ok(counts.fold(first, u16::max))
}

//! Archives (tar, tar.gz, tar.zst, zip), told by their content: their plain files are laid into a private temporary folder, from where
//! they are read like any others. Names in an archive are only shown, never used on disk: the laid-out files are numbered, so no name
//! can lead anywhere. What is left out (links, names that climb, more than a limit) is said as a gap.

mod tar;
mod zip;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use kloupe_model::{Gap, Text, Why};
use tempfile::TempDir;

use crate::file::Input;
use crate::origin::{Bytes, Origin, UNPACKED, UNPACKED_TIMES, read_up_to};
use crate::unread;

/// An archive in an archive is unpacked (a bundle of bundles), one in that is not.
const MAX_NESTING: usize = 2;

/// All archives of a run together may hold so many files.
const MAX_FILES: usize = 200_000;

/// So many bytes may one file of an archive have, and so many all of them.
const MAX_FILE: u64 = 4 << 30;
const MAX_TOTAL: u64 = 16 << 30;

/// Longer names are a mischief.
const MAX_NAME: usize = 4096;

/// So many links are remembered.
const MAX_LINKS: usize = 10_000;

/// So many files of an archive are named for each reason for which they are left out; the rest is counted.
const MAX_NAMED: usize = 10;

const CLIMBS: Text =
    Text { en: "left out: its name leads out of the archive", zh: "已略过：其名称指向归档之外" };
const LINK: Text = Text {
    en: "left out: it is a link, and links in archives are not followed",
    zh: "已略过：这是链接，归档中的链接不会被跟随",
};
const SPECIAL: Text = Text { en: "left out: it is no plain file", zh: "已略过：它不是普通文件" };
const TOO_LONG: Text = Text { en: "left out: longer than 4 GiB", zh: "已略过：长度超过 4 GiB" };
const NAME_TOO_LONG: Text = Text { en: "left out: its name is too long", zh: "已略过：其名称过长" };
const LOCKED: Text = Text { en: "left out: it is encrypted", zh: "已略过：它已加密" };
const DAMAGED: Text = Text { en: "only a part can be read", zh: "只能读取其中一部分" };
const BROKEN: Text = Text { en: "the archive is damaged or cut off", zh: "归档已损坏或被截断" };
const MANY: Text = Text {
    en: "the rest is left out: more than 200,000 files",
    zh: "其余部分已略过：超过 200,000 个文件",
};
const BOMB: Text = Text {
    en: "the rest is left out: it unpacks to far more than files of text do",
    zh: "其余部分已略过：解包后远大于一般文本文件",
};
const NO_FILE: Text = Text { en: "the archive holds no file", zh: "归档中没有文件" };
const DEEP: Text = Text {
    en: "an archive in an archive in an archive; unpack it first",
    zh: "归档嵌套层数过多，请先解包",
};
const NO_ROOM: Text = Text { en: "cannot be laid out in the temporary folder", zh: "无法解包到临时文件夹" };

/// What may still be unpacked in this run.
pub(crate) struct Budget {
    files: usize,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { files: MAX_FILES, bytes: MAX_TOTAL }
    }
}

/// Puts the files of an archive in its place; any other file stays as it is.
pub(crate) fn expand(input: Input, budget: &mut Budget, gaps: &mut Vec<Gap>) -> Vec<Input> {
    nested(input, 0, budget, gaps)
}

fn nested(input: Input, depth: usize, budget: &mut Budget, gaps: &mut Vec<Gap>) -> Vec<Input> {
    // What cannot be read is said when it is read as a file.
    let Ok(Some((origin, kind))) = kind(&input.bytes) else { return vec![input] };
    if depth >= MAX_NESTING {
        gaps.push(Gap { what: input.file, why: DEEP.into() });
        return Vec::new();
    }
    let folder = match TempDir::with_prefix("kloupe-").and_then(private) {
        Ok(folder) => folder,
        Err(error) => {
            gaps.push(Gap { what: input.file, why: Why::of(NO_ROOM, error.to_string()) });
            return Vec::new();
        }
    };
    let packed = input.bytes.len().unwrap_or(0);
    let allowed = packed.saturating_mul(UNPACKED_TIMES).max(UNPACKED).min(budget.bytes);
    let mut out = Out {
        folder,
        files: BTreeMap::new(),
        links: Vec::new(),
        numbered: 0,
        left: allowed,
        budget,
        gaps: Gaps::new(&input.file),
    };
    match kind {
        Kind::Tar => tar::unpack(&origin, &mut out),
        Kind::Zip => zip::unpack(&origin, &mut out),
    }
    let Out { folder, files, left, links, gaps: mut said, .. } = out;
    for (name, target) in links {
        // What it leads to is read by its own name, as in a folder.
        if target.is_none_or(|target| !files.contains_key(&target)) {
            said.file(&name, LINK);
        }
    }
    budget.bytes -= allowed - left;
    if files.is_empty() && said.is_empty() {
        said.archive(NO_FILE);
    }
    gaps.extend(said.finish());
    let folder = Arc::new(folder);
    // The name of the archive stands for the folder it would be unpacked into.
    let root: Vec<String> = input.path.last().cloned().into_iter().collect();
    files
        .into_iter()
        .flat_map(|(name, path)| {
            let bytes = Arc::new(Bytes::Unpacked { path, _folder: Arc::clone(&folder) });
            let parts = root.iter().cloned().chain(name.split('/').map(str::to_owned)).collect();
            let inner = Input { file: format!("{}:{name}", input.file), path: parts, bytes };
            nested(inner, depth + 1, budget, gaps)
        })
        .collect()
}

/// Nobody else may look into the folder: bundles hold what is not for everyone.
fn private(folder: TempDir) -> io::Result<TempDir> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(folder)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tar,
    Zip,
}

fn kind(bytes: &Arc<Bytes>) -> io::Result<Option<(Origin, Kind)>> {
    let origin = Origin::inspect(Arc::clone(bytes))?;
    let head = read_up_to(&mut origin.open()?, 512)?;
    let kind = match head[..] {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        _ if is_tar_header(&head) => Kind::Tar,
        _ => return Ok(None),
    };
    Ok(Some((origin, kind)))
}

/// A tar header holds the sum of its own bytes, with blanks for the sum itself; that also knows tars older than `ustar`.
fn is_tar_header(head: &[u8]) -> bool {
    if head.len() < 512 || head[0] == 0 {
        return false;
    }
    let text = String::from_utf8_lossy(&head[148..156]);
    let Ok(said) = u32::from_str_radix(text.trim_matches(['\0', ' ']), 8) else { return false };
    let sum = |at: usize| if (148..156).contains(&at) { u32::from(b' ') } else { u32::from(head[at]) };
    (0..512).map(sum).sum::<u32>() == said
}

/// Why unpacking ends before the archive does.
enum Stop {
    /// The gap that says so is written.
    Said,
}

/// Where the files of one archive go.
struct Out<'b> {
    folder: TempDir,
    /// By their names in the archive; the later of two with one name counts, as for tar.
    files: BTreeMap<String, PathBuf>,
    /// Links, each with the name of what it leads to, if that can lie in the archive.
    links: Vec<(String, Option<String>)>,
    numbered: usize,
    left: u64,
    budget: &'b mut Budget,
    gaps: Gaps,
}

impl Out<'_> {
    /// Takes one plain file; `size` is what the archive says, and only a hint.
    fn file(&mut self, name: &[u8], size: u64, content: &mut dyn Read) -> Result<(), Stop> {
        let Some(name) = self.name(name) else { return Ok(()) };
        if name.split('/').any(|part| part.starts_with('.')) {
            // Hidden files are left out, as in a folder.
            self.gaps.hidden.push(name);
            return Ok(());
        }
        if size > MAX_FILE {
            self.gaps.file(&name, TOO_LONG);
            return Ok(());
        }
        if self.budget.files == 0 {
            self.gaps.archive(MANY);
            return Err(Stop::Said);
        }
        self.budget.files -= 1;
        let path = self.folder.path().join(self.numbered.to_string());
        self.numbered += 1;
        let mut file = match File::create_new(&path) {
            Ok(file) => file,
            Err(error) => return self.no_room(&error),
        };
        let mut written = 0;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.gaps.file_because(&name, DAMAGED, &error.to_string());
                    break;
                }
            };
            written += count as u64;
            if written > MAX_FILE || count as u64 > self.left {
                self.gaps.archive(BOMB);
                return Err(Stop::Said);
            }
            self.left -= count as u64;
            if let Err(error) = file.write_all(&buffer[..count]) {
                return self.no_room(&error);
            }
        }
        if written < size && !self.gaps.names(&name) {
            self.gaps.file(&name, DAMAGED);
        }
        self.files.insert(name, path);
        Ok(())
    }

    fn no_room(&mut self, error: &io::Error) -> Result<(), Stop> {
        self.gaps.archive(Why::of(NO_ROOM, error.to_string()));
        Err(Stop::Said)
    }

    /// The name as a person reads it: relative, with nothing a terminal would obey.
    fn name(&mut self, raw: &[u8]) -> Option<String> {
        let name = shown(raw);
        if raw.len() > MAX_NAME {
            self.gaps.file(&name, NAME_TOO_LONG);
            return None;
        }
        let climbs = name.starts_with('/') || name.split('/').any(|part| part == "..");
        if climbs {
            self.gaps.file(&name, CLIMBS);
            return None;
        }
        let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }

    /// Notes a link; none is ever followed. The target of a hard link is told from the root of the archive.
    fn link(&mut self, name: &[u8], target: &[u8], from_root: bool) {
        if self.links.len() >= MAX_LINKS {
            return self.gaps.file(&shown(name), LINK);
        }
        let (name, target) = (shown(name), shown(target));
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let of_folder = folder.split('/').filter(|part| !from_root && !matches!(*part, "" | "."));
        let mut parts: Option<Vec<&str>> = Some(of_folder.collect());
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => parts = parts.filter(|parts| !parts.is_empty()).map(|parts| parts[..parts.len() - 1].to_vec()),
                part => parts.iter_mut().for_each(|parts| parts.push(part)),
            }
        }
        let inside = parts.filter(|_| !target.starts_with('/')).map(|parts| parts.join("/"));
        self.links.push((name, inside));
    }

    /// Leaves out one that is no plain file.
    fn leave_out(&mut self, name: &[u8], why: Text) {
        self.gaps.file(&shown(name), why);
    }
}

fn shown(raw: &[u8]) -> String {
    let short = &raw[..raw.len().min(256)];
    let name = if raw.len() > MAX_NAME { short } else { raw };
    String::from_utf8_lossy(name).chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect()
}

/// What an archive did not give.
struct Gaps {
    archive: String,
    files: Vec<(String, Why)>,
    /// How many files for each of our reasons, beyond those that are named.
    counts: BTreeMap<&'static str, (Text, usize, String)>,
    whole: Vec<Why>,
    hidden: Vec<String>,
}

impl Gaps {
    fn new(archive: &str) -> Gaps {
        Gaps {
            archive: archive.to_owned(),
            files: Vec::new(),
            counts: BTreeMap::new(),
            whole: Vec::new(),
            hidden: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.whole.is_empty() && self.hidden.is_empty()
    }

    fn archive(&mut self, why: impl Into<Why>) {
        self.whole.push(why.into());
    }

    fn names(&self, name: &str) -> bool {
        self.files.last().is_some_and(|(known, _)| known == name)
    }

    fn file(&mut self, name: &str, reason: Text) {
        self.file_because(name, reason, "");
    }

    fn file_because(&mut self, name: &str, reason: Text, found: &str) {
        let why = Why::of(reason, found);
        let (_, count, last) = self.counts.entry(reason.en).or_insert((reason, 0, String::new()));
        *count += 1;
        if *count <= MAX_NAMED {
            self.files.push((name.to_owned(), why));
        } else {
            name.clone_into(last);
        }
    }

    fn finish(self) -> Vec<Gap> {
        let Gaps { archive, files, counts, whole, hidden } = self;
        let hidden =
            unread::gaps(hidden.into_iter().map(|name| (format!("{archive}:{name}"), unread::HIDDEN)).collect());
        let named = files.into_iter().map(|(name, why)| Gap { what: format!("{archive}:{name}"), why });
        let counted = counts.into_values().filter(|(_, count, _)| *count > MAX_NAMED).map(|(reason, count, last)| {
            Gap { what: format!("{archive}: +{}", count - MAX_NAMED), why: Why::of(reason, format!("… {last}")) }
        });
        let whole = whole.into_iter().map(|why| Gap { what: archive.clone(), why });
        named.chain(counted).chain(whole).chain(hidden).collect()
    }
}

#[cfg(test)]
mod tests;

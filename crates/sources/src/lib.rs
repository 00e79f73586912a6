//! Where facts come from: `--from PATH…` becomes objects, events, metrics, lists and logs.
//!
//! Every file is sniffed by its content (`readers/`); what no reader knows and is text is a log, which is only named here and read
//! as a stream by `kloupe-logs`. An archive is read like the folder it holds (`packed/`). One bad file among others is a gap. Nothing here judges what was read. Read `file.rs` next.

pub mod bundle;
mod command;
mod error;
mod file;
mod found;
mod identity;
mod kinds;
mod log_file;
mod marks;
mod origin;
mod packed;
mod prompt;
mod readers;
pub mod redact;
mod section;
mod text;
mod unread;
mod walk;
mod when;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::{fs, io, thread};

use kloupe_model::{Facts, Gap, Object, Text};

pub use error::Error;
pub use log_file::LogFile;

use file::Input;
use found::Found;
use origin::Bytes;
use walk::Walk;

/// Something to read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, a folder or an archive.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// A file in memory: a case of a test.
    Memory {
        /// Its name, which may hold folders.
        name: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Archive {
    /// The facts, in the order of the files' names.
    pub facts: Facts,
    /// The logs, not read yet.
    pub logs: Vec<LogFile>,
    /// Metrics pages and `OpenAPI` documents, not read: they are served as they are.
    pub pages: Vec<LogFile>,
    /// The Event objects as they are; the facts hold what they say.
    pub whole_events: Vec<Object>,
    /// How many files were looked at.
    pub files: usize,
}

/// Reads all sources. It is an error only if a source that was named is not there, or nothing at all can be used.
pub fn read(sources: &[Source]) -> Result<Archive, Error> {
    let mut found = Found::default();
    let inputs = inputs(sources, &mut found)?;
    for part in read_all(&inputs) {
        found.append(part);
    }
    let unread = std::mem::take(&mut found.unread);
    found.facts.gaps.extend(unread::gaps(unread));
    if !found.understood {
        let file = inputs.first().map(|input| input.file.clone()).unwrap_or_default();
        let nothing = Gap {
            what: file,
            why: Text {
                en: "it holds no object, no table, no event and no log", zh: "其中没有对象、表格、事件或日志"
            }
            .into(),
        };
        let gap = found.facts.gaps.into_iter().next().unwrap_or(nothing);
        return Err(Error::Nothing { file: gap.what, why: gap.why });
    }
    found.settle();
    let whole_events = found.whole_events.into_iter().map(|(_, event)| event).collect();
    Ok(Archive { facts: found.facts, logs: found.logs, pages: found.pages, whole_events, files: inputs.len() })
}

/// Reads files on all cores; the answers come in the order of the files.
fn read_all(inputs: &[Input]) -> Vec<Found> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(inputs.len().max(1));
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Found)>> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = inputs.get(at) else { break };
            let found = file::read(input);
            answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, found));
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores {
            scope.spawn(work);
        }
        work();
    });
    let mut answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, found)| found).collect()
}

fn inputs(sources: &[Source], found: &mut Found) -> Result<Vec<Input>, Error> {
    if sources.is_empty() {
        return Err(Error::NoSource);
    }
    let folders = sources.iter().filter(|source| matches!(source, Source::Path(path) if path.is_dir())).count();
    let mut inputs = Vec::new();
    for source in sources {
        match source {
            Source::Memory { name, bytes } => {
                let bytes = Arc::new(Bytes::Memory(bytes.as_slice().into()));
                inputs.push(Input { file: name.clone(), path: components(Path::new(name)), bytes });
            }
            Source::Stdin => {
                let bytes = Arc::new(Bytes::keep(io::stdin().lock()).map_err(Error::Stdin)?);
                inputs.push(Input { file: "-".into(), path: Vec::new(), bytes });
            }
            Source::Path(path) => {
                let metadata = fs::metadata(path).map_err(|source| match source.kind() {
                    io::ErrorKind::NotFound => Error::Missing { path: path.clone() },
                    _ => Error::Open { path: path.clone(), source },
                })?;
                if metadata.is_dir() {
                    inputs.extend(folder(path, folders > 1, found)?);
                } else {
                    inputs.push(single(path, metadata.is_file())?);
                }
            }
        }
    }
    let mut budget = packed::Budget::default();
    let gaps = &mut found.facts.gaps;
    let inputs = inputs.into_iter().flat_map(|input| packed::expand(input, &mut budget, gaps)).collect();
    Ok(without_older(inputs, &mut found.unread))
}

/// k8shark records the answers for a path as `records/HASH/NUMBER.json.zst`: only the newest says what there is. Where it recorded
/// watches too, the changes count from the newest list on, and all are read.
fn without_older(inputs: Vec<Input>, unread: &mut Vec<(String, Text)>) -> Vec<Input> {
    let number = |input: &Input| -> Option<(Vec<String>, u64)> {
        let [root @ .., records, hash, file] = input.path.as_slice() else { return None };
        let stem = file.split('.').next()?.parse().ok()?;
        let is_record = records == "records" && root.last().is_some_and(|root| root == "k8shark-capture");
        is_record.then(|| ([root, std::slice::from_ref(hash)].concat(), stem))
    };
    let watched: BTreeSet<Vec<String>> = inputs
        .iter()
        .filter_map(|input| input.path.split_last())
        .filter(|(file, _)| file.starts_with("watch-index.json"))
        .map(|(_, root)| root.to_vec())
        .collect();
    let mut newest: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for (folder, at) in inputs.iter().filter_map(number) {
        let known = newest.entry(folder).or_default();
        *known = at.max(*known);
    }
    let (kept, older): (Vec<Input>, Vec<Input>) = inputs.into_iter().partition(|input| {
        number(input).is_none_or(|(folder, at)| {
            newest.get(&folder) == Some(&at) || watched.contains(&folder[..folder.len() - 1])
        })
    });
    unread.extend(older.into_iter().map(|input| (input.file, unread::OLDER)));
    kept
}

/// One file that was named. What is no plain file (`<(kubectl get …)`) can be read only once and is kept.
fn single(path: &Path, plain: bool) -> Result<Input, Error> {
    let open = |path: &Path| fs::File::open(path).map_err(|source| Error::Open { path: path.to_path_buf(), source });
    let bytes = if plain {
        Bytes::Path(path.to_path_buf())
    } else {
        Bytes::keep(open(path)?).map_err(|source| Error::Open { path: path.to_path_buf(), source })?
    };
    Ok(Input { file: path.to_string_lossy().into_owned(), path: components(&absolute(path)), bytes: Arc::new(bytes) })
}

/// The files of a folder, named by their paths below it; with the folder before them where several folders were named.
fn folder(root: &Path, several: bool, found: &mut Found) -> Result<Vec<Input>, Error> {
    let walk = Walk::of(root).map_err(|source| Error::List { path: root.to_path_buf(), source })?;
    if walk.files.is_empty() && walk.gaps.is_empty() && walk.hidden.is_empty() {
        return Err(Error::Empty { path: root.to_path_buf() });
    }
    found.facts.gaps.extend(walk.gaps);
    let shown = |file: String| if several { root.join(file).to_string_lossy().into_owned() } else { file };
    found.unread.extend(walk.hidden.into_iter().map(|file| (shown(file), unread::HIDDEN)));
    Ok(walk
        .files
        .into_iter()
        .map(|(path, file)| Input {
            file: shown(file),
            path: components(&absolute(&path)),
            bytes: Arc::new(Bytes::Path(path)),
        })
        .collect())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn components(path: &Path) -> Vec<String> {
    path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

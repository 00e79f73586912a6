//! The files under a folder, in an order that does not depend on the file system. Hidden files are left out; a link is followed
//! once, so a loop of links ends, and what lies in the folder itself is taken by its own name, not by that of a link to it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kloupe_model::{Gap, Text, Why};

/// Folders below this depth are not looked into.
const MAX_DEPTH: usize = 32;

/// The files that were found, each with its path below the root as a person reads it.
#[derive(Default)]
pub(crate) struct Walk {
    pub(crate) files: Vec<(PathBuf, String)>,
    pub(crate) gaps: Vec<Gap>,
    /// What was left out because its name begins with a dot.
    pub(crate) hidden: Vec<String>,
    links: Vec<(PathBuf, String, usize)>,
    seen: HashSet<PathBuf>,
}

impl Walk {
    /// Lists `root`; only that the root itself cannot be listed is an error.
    pub(crate) fn of(root: &Path) -> io::Result<Walk> {
        let mut walk = Walk::default();
        walk.first_time(root);
        walk.folder(root, "", 1)?;
        while !walk.links.is_empty() {
            for (path, shown, depth) in std::mem::take(&mut walk.links) {
                walk.entry(path, &shown, depth);
            }
        }
        walk.files.sort_by(|(_, a), (_, b)| a.split('/').cmp(b.split('/')));
        Ok(walk)
    }

    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        let mut entries: Vec<_> = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
        entries.sort();
        for name in entries {
            let shown = name.to_string_lossy();
            if shown.starts_with('.') {
                self.hidden.push(format!("{prefix}{shown}"));
                continue;
            }
            let path = folder.join(&name);
            let shown = format!("{prefix}{shown}");
            if path.is_symlink() {
                self.links.push((path, shown, depth));
            } else {
                self.entry(path, &shown, depth);
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: PathBuf, shown: &str, depth: usize) {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return self.gap(shown, error.to_string()),
        };
        if !self.first_time(&path) {
            return;
        }
        if metadata.is_file() {
            self.files.push((path, shown.to_owned()));
        } else if metadata.is_dir() {
            if depth >= MAX_DEPTH {
                self.gap(shown, Text { en: "the folder lies too deep", zh: "目录层级过深" });
            } else if let Err(error) = self.folder(&path, &format!("{shown}/"), depth + 1) {
                self.gap(shown, error.to_string());
            }
        }
    }

    fn first_time(&mut self, path: &Path) -> bool {
        path.canonicalize().map_or(true, |path| self.seen.insert(path))
    }

    fn gap(&mut self, what: &str, why: impl Into<Why>) {
        self.gaps.push(Gap { what: what.to_owned(), why: why.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_sorted_without_hidden_ones() {
        let root = tempfile::tempdir().expect("a folder");
        for file in ["b/z.log", "b/a.log", "a.yaml", ".git/config", "b/.hidden"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "x").expect("a file");
        }
        let walk = Walk::of(root.path()).expect("a walk");
        let names: Vec<_> = walk.files.iter().map(|(_, shown)| shown.as_str()).collect();
        assert_eq!(names, ["a.yaml", "b/a.log", "b/z.log"]);
        assert_eq!(walk.hidden, [".git", "b/.hidden"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("a")).expect("a folder");
        fs::write(root.path().join("a/x.log"), "x").expect("a file");
        std::os::unix::fs::symlink(root.path(), root.path().join("a/back")).expect("a link");
        std::os::unix::fs::symlink(root.path().join("nowhere"), root.path().join("broken")).expect("a link");
        let walk = Walk::of(root.path()).expect("a walk");
        assert_eq!(walk.files.len(), 1);
        assert_eq!(walk.gaps.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_own_name() {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(root.path().join("pods/logs")).expect("a folder");
        fs::create_dir(root.path().join("a")).expect("a folder");
        fs::write(root.path().join("pods/logs/x.log"), "x").expect("a file");
        std::os::unix::fs::symlink("../pods/logs/x.log", root.path().join("a/x.log")).expect("a link");
        let walk = Walk::of(root.path()).expect("a walk");
        assert_eq!(walk.files.iter().map(|(_, shown)| shown.as_str()).collect::<Vec<_>>(), ["pods/logs/x.log"]);
    }
}

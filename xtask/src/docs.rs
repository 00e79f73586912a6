//! Writes `docs/causes/`, the pages of all causes in both languages with an index by checklist, from the catalogue.

use std::collections::BTreeMap;
use std::fs;

use kloupe_diagnosis::catalogue::manual;
use kloupe_diagnosis::causes;
use kloupe_model::Lang;

use crate::root;

const FOLDER: &str = "docs/causes";
const MARK: &str = "<!-- written by `cargo xtask docs` from crates/diagnosis/causes; do not edit -->\n";

pub(crate) fn run(check: bool) -> Result<(), String> {
    let wanted = files();
    let found = found(&wanted)?;
    if check {
        let stale: Vec<&str> = wanted
            .keys()
            .chain(found.keys())
            .filter(|name| wanted.get(*name) != found.get(*name))
            .map(String::as_str)
            .collect();
        return if stale.is_empty() { Ok(()) } else { Err(format!("stale in {FOLDER}: {}", stale.join(", "))) };
    }
    for (name, text) in &wanted {
        let path = root().join(FOLDER).join(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        let path = root().join(FOLDER).join(name);
        fs::remove_file(&path).map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Every file by its name below the folder.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (folder, lang) in [("en", Lang::En), ("zh", Lang::Zh)] {
        let link = |id: &str| format!("{id}.md");
        files.insert(format!("{folder}/README.md"), format!("{MARK}{}", manual::index(lang, link)));
        for entry in causes() {
            let page = manual::linked_page(lang, entry, link);
            files.insert(format!("{folder}/{}.md", entry.id), format!("{MARK}{page}"));
        }
    }
    files
}

/// What the folders hold now.
fn found(wanted: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    let folders: std::collections::BTreeSet<&str> = wanted.keys().filter_map(|name| name.split('/').next()).collect();
    for folder in folders {
        let Ok(entries) = fs::read_dir(root().join(FOLDER).join(folder)) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            found.insert(format!("{folder}/{name}"), text);
        }
    }
    Ok(found)
}

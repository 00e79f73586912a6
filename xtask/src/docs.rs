//! Writes `docs/causes.md`, the list of causes, from the catalogue.

use std::fmt::Write as _;
use std::fs;

use kloupe_diagnosis::{causes, signatures};
use kloupe_model::{Lang, Strength};

use crate::root;

const FILE: &str = "docs/causes.md";

pub(crate) fn run(check: bool) -> Result<(), String> {
    let path = root().join(FILE);
    let wanted = page();
    if check {
        let found = fs::read_to_string(&path).unwrap_or_default();
        return if found == wanted { Ok(()) } else { Err(format!("{FILE} is stale")) };
    }
    fs::create_dir_all(root().join("docs"))
        .and_then(|()| fs::write(&path, wanted))
        .map_err(|error| format!("cannot write {FILE}: {error}"))
}

fn page() -> String {
    let mut text = String::from(
        "<!-- written by `cargo xtask docs` from crates/diagnosis/causes; do not edit -->\n# The causes\n\n`kloupe explain ID` shows the manual page of one, in English or Chinese.\n",
    );
    for (problem, title) in [
        ("start", "It does not start"),
        ("stuck", "It started and does nothing"),
        ("reconcile", "It works and fails"),
        ("any", "Seen in more than one"),
    ] {
        let _ = write!(text, "\n## {title}\n\n| id | what it is | verdict | deciding messages |\n|---|---|---|---|\n");
        for entry in causes().iter().filter(|entry| entry.problem == problem) {
            let deciding = signatures()
                .iter()
                .filter(|signature| {
                    signature
                        .speaks
                        .iter()
                        .chain(signature.also)
                        .any(|row| row.cause == Some(entry.id) && row.strength == Strength::Decides)
                })
                .count();
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {deciding} |",
                entry.id,
                entry.title.get(Lang::En).replace('|', "\\|"),
                entry.verdict
            );
        }
    }
    text
}

//! Formats every tracked Rust file: `cargo fmt` does not follow modules that a macro declares.

use std::process::Command;

use crate::{root, shell};

pub(crate) fn run(check: bool) -> Result<(), String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.rs"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("cannot list the tracked files: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let files: Vec<&str> = listed.lines().filter(|file| root().join(file).exists()).collect();
    let mut arguments = vec!["--edition", "2024"];
    if check {
        arguments.push("--check");
    }
    arguments.extend(files);
    shell("rustfmt", &arguments, &[])
}

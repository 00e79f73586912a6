//! All that CI runs. Each step says its name, and the command that repairs it.

use crate::{docs, fmt, shell};

pub(crate) fn run() -> Result<(), String> {
    step("format", "cargo xtask fmt", || fmt::run(true))?;
    step("lints", "cargo clippy --workspace --all-targets", || {
        shell("cargo", &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])
    })?;
    step("docs", "cargo doc --workspace --no-deps", || {
        shell("cargo", &["doc", "--quiet", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])
    })?;
    step("generated files", "cargo xtask docs", || docs::run(true))?;
    step("tests", "cargo test --workspace", || shell("cargo", &["test", "--quiet", "--workspace"], &[]))
}

fn step(name: &str, repair: &str, run: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("== {name}");
    run().map_err(|problem| format!("{name}: {problem}\nhint: `{repair}`"))
}

//! Tasks of the workspace: `cargo xtask check` is all that CI runs, `fmt` formats, `docs` writes what the code knows, `score` measures answers,
//! `bench` how long they take, `live` asks a running cluster.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who called it")]

mod bench;
mod check;
mod docs;
mod fmt;
mod live;
mod score;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Tasks of the kloupe workspace")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Format all tracked Rust files
    Fmt {
        /// Only say what is not formatted
        #[arg(long)]
        check: bool,
    },
    /// Write the pages that the code knows, or say which are stale
    Docs {
        /// Only say what is stale
        #[arg(long)]
        check: bool,
    },
    /// All that CI runs, in its order: format, lints, docs, tests
    Check,
    /// Diagnose every labelled folder below DIR and print how many answers are right
    Score {
        /// A folder of folders that hold a `case.json` or an `incident.json`
        dir: PathBuf,
        /// Print the answers that were missed in full
        #[arg(long)]
        verbose: bool,
    },
    Bench(bench::Bench),
    /// Tasks that need the cluster of testbed/up
    #[command(subcommand)]
    Live(live::Live),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Fmt { check } => fmt::run(check),
        Task::Docs { check } => docs::run(check),
        Task::Check => check::run(),
        Task::Score { dir, verbose } => score::run(&dir, verbose),
        Task::Bench(bench) => bench::run(&bench),
        Task::Live(task) => live::run(&task),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Runs a command in the workspace; its output is shown.
fn shell(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let line = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root())
        .status()
        .map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed")) }
}

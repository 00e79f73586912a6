//! How long commands take over a large capture, and how much memory: `cargo xtask bench`. The capture is made, the same every time.

mod inputs;
mod objects;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use crate::{root, shell};
use inputs::Input;
use objects::Cluster;

/// Measures commands over a large capture: seconds, and the most memory at once
#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// How many pods the capture holds
    #[arg(long, default_value_t = 10_000)]
    pods: usize,
    /// Where the captures are written, and kept for the next time [default: bench/ beside the builds]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Only the rows whose input and command hold this text
    #[arg(long, default_value = "")]
    only: String,
    /// No row may take longer
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// The program to measure [default: a release build of this workspace]
    #[arg(long)]
    program: Option<PathBuf>,
}

pub(crate) fn run(bench: &Bench) -> Result<(), String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    if bench.program.is_none() {
        shell("cargo", &["build", "--quiet", "--release", "--package", "kloupe"], &[])?;
    }
    let program = bench.program.clone().unwrap_or_else(|| target.join("release").join("kloupe"));
    let cluster = Cluster { pods: bench.pods };
    let inputs = inputs::write(&bench.dir.clone().unwrap_or_else(|| target.join("bench")), cluster)?;
    println!("{:<14} {:<34} {:>8} {:>9} {:>6}", "input", "command", "seconds", "MB", "ratio");
    for input in &inputs {
        if "read".contains(&bench.only) || input.name.contains(&bench.only) {
            let started = Instant::now();
            input
                .paths
                .iter()
                .try_for_each(|path| scan(path).map(drop))
                .map_err(|error| format!("cannot read {}: {error}", input.name))?;
            row(input, "(only read)", &format!("{:.2}", started.elapsed().as_secs_f64()), None);
        }
        for command in commands(cluster) {
            let shown = command.join(" ");
            if shown.contains(&bench.only) || input.name.contains(&bench.only) {
                let (took, peak) = measure(&program, &command, input, Duration::from_secs(bench.seconds))?;
                let took = took.map_or_else(|| "no end".to_owned(), |took| format!("{:.2}", took.as_secs_f64()));
                row(input, &shown, &took, peak);
            }
        }
    }
    Ok(())
}

fn row(input: &Input, command: &str, seconds: &str, peak: Option<u64>) {
    #[expect(clippy::cast_precision_loss, reason = "sizes of files and processes")]
    let (megabytes, ratio) = match peak {
        Some(peak) => (format!("{:.0}", peak as f64 / 1e6), format!("{:.2}", peak as f64 / input.bytes as f64)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    println!("{:<14} {command:<34} {seconds:>8} {megabytes:>9} {ratio:>6}", input.name);
}

/// What is asked of each input.
fn commands(cluster: Cluster) -> Vec<Vec<String>> {
    let (namespace, pod) = cluster.some_pod();
    let (_, workload) = cluster.some_workload();
    let account = format!("system:serviceaccount:{0}:{1}", objects::CONTROLLER_NAMESPACE, objects::CONTROLLER);
    let lines = [
        "get pods -A".to_owned(),
        "get pods -A -o name".to_owned(),
        "get pods -A -o json".to_owned(),
        "get pods -A -o yaml".to_owned(),
        "get pods -A -o jsonpath={.items[*].metadata.name}".to_owned(),
        format!("get pod {pod} -n {namespace}"),
        format!("describe pod {pod} -n {namespace}"),
        "events -A".to_owned(),
        format!("auth can-i list pods --as {account}"),
        "diagnose".to_owned(),
        format!("diagnose deploy/{workload} -n {namespace}"),
        format!("diagnose deploy/{} -n {}", objects::CONTROLLER, objects::CONTROLLER_NAMESPACE),
    ];
    let asked = |line: String| line.split(' ').map(str::to_owned).collect();
    lines.into_iter().map(asked).collect()
}

/// Runs a command over an input: how long it took, none where it had to be stopped, and the most memory it had at once, where the system tells.
fn measure(
    program: &Path,
    command: &[String],
    input: &Input,
    limit: Duration,
) -> Result<(Option<Duration>, Option<u64>), String> {
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(command)
        .arg("--from")
        .args(&input.paths)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = None;
    loop {
        peak = high_water(&status).or(peak);
        match child.try_wait() {
            Ok(Some(_)) => return Ok((Some(started.elapsed()), peak)),
            Ok(None) if started.elapsed() < limit => std::thread::sleep(Duration::from_millis(2)),
            _ => {
                let stopped = child.kill().and_then(|()| child.wait());
                return stopped.map(|_| (None, peak)).map_err(|error| format!("cannot stop it: {error}"));
            }
        }
    }
}

/// The most memory that a process had at once, as Linux tells it.
fn high_water(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Reads every byte and does nothing with it: what no command can be faster than.
fn scan(path: &Path) -> io::Result<u64> {
    if path.is_dir() {
        return fs::read_dir(path)?.flatten().map(|entry| scan(&entry.path())).sum();
    }
    io::copy(&mut File::open(path)?, &mut io::sink())
}

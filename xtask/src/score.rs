//! How good the answers are: runs the program over labelled folders and counts.
//!
//! A folder holds `case.json` (the evidence is what lies beside it) or `incident.json` (the evidence is in `evidence/`), with `truth`, `also`,
//! `facts`, and for incidents `target`, `namespace`, `verdict`, `verdict_also`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kloupe_logs::Matcher;
use serde_json::Value;

use crate::{root, shell};

#[derive(Default)]
struct Score {
    cases: usize,
    broken: usize,
    top_1: usize,
    facts: (usize, usize),
    healthy: (usize, usize),
    verdict: (usize, usize),
    /// Log records of a known format, and all of them.
    parsed: (u64, u64),
}

pub(crate) fn run(dir: &Path, verbose: bool) -> Result<(), String> {
    shell("cargo", &["build", "--quiet", "--release", "--package", "kloupe"], &[])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = target.join("release").join("kloupe");
    let mut folders: Vec<PathBuf> = fs::read_dir(dir)
        .map_err(|error| format!("cannot read {}: {error}", dir.display()))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    let mut score = Score::default();
    for folder in folders {
        if let Some((label, evidence)) = labelled(&folder) {
            for path in &evidence {
                count_parsed(path, &mut score.parsed);
            }
            one(&program, &folder, &label, &evidence, &mut score, verbose);
        }
    }
    let ill = score.cases - score.healthy.1;
    println!("cases    {} ({} broken)", score.cases, score.broken);
    println!("top-1    {}", share(score.top_1, ill));
    println!("facts    {}", share(score.facts.0, score.facts.1));
    println!("healthy  {}", share(score.healthy.0, score.healthy.1));
    println!("verdict  {}", share(score.verdict.0, score.verdict.1));
    let of = |count| usize::try_from(count).unwrap_or(usize::MAX);
    println!("parsed   {}", share(of(score.parsed.0), of(score.parsed.1)));
    Ok(())
}

/// Adds the records of every `.log` file at or below the path, and how many of them have a known format.
fn count_parsed(path: &Path, parsed: &mut (u64, u64)) {
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            count_parsed(&entry.path(), parsed);
        }
    } else if path.extension().is_some_and(|extension| extension == "log")
        && let Ok(file) = fs::File::open(path)
        && let Ok(digest) = kloupe_logs::digest(file, &Matcher::new([]), 1)
    {
        parsed.0 += digest.records - digest.plain;
        parsed.1 += digest.records;
    }
}

fn share(part: usize, all: usize) -> String {
    match (part * 100).checked_div(all) {
        Some(percent) => format!("{part} of {all} ({percent} %)"),
        None => "none".to_owned(),
    }
}

/// The label of a folder and where its evidence is.
fn labelled(folder: &Path) -> Option<(Value, Vec<PathBuf>)> {
    if let Ok(text) = fs::read(folder.join("incident.json")) {
        return Some((serde_json::from_slice(&text).ok()?, vec![folder.join("evidence")]));
    }
    let label = serde_json::from_slice(&fs::read(folder.join("case.json")).ok()?).ok()?;
    let mut beside: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| !path.ends_with("case.json"))
        .collect();
    beside.sort();
    Some((label, beside))
}

fn one(program: &Path, folder: &Path, label: &Value, evidence: &[PathBuf], score: &mut Score, verbose: bool) {
    score.cases += 1;
    let text = |key: &str| label.get(key).and_then(Value::as_str);
    let strings = |key: &str| {
        label.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let truth = text("truth").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .arg("diagnose")
        .args(text("target"))
        .args(text("namespace").into_iter().flat_map(|namespace| ["-n", namespace]))
        .arg("--from")
        .args(evidence)
        .args(["-o", "json"]);
    let Ok(output) = command.output() else { return };
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let diagnosis = &answer["diagnoses"][0];
    let (cause, verdict) = (&diagnosis["causes"][0], diagnosis["verdict"].as_str().unwrap_or_default());
    if answer.is_null() {
        score.broken += 1;
        println!("broken   {name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let mut wanted = strings("verdict_also");
    wanted.extend(text("verdict"));
    if text("verdict").is_some() {
        score.verdict.1 += 1;
        let good = |verdict: &str| matches!(verdict, "healthy" | "idle");
        let right = wanted.iter().any(|wanted| *wanted == verdict || good(wanted) && good(verdict));
        score.verdict.0 += usize::from(right);
        if !right {
            println!("verdict  {name}: {verdict}, not {}", wanted.join(" or "));
        }
    }
    if truth == "healthy" {
        score.healthy.1 += 1;
        let right = matches!(verdict, "healthy" | "idle") && cause.is_null() && output.status.code() == Some(0);
        score.healthy.0 += usize::from(right);
        if !right {
            println!("healthy  {name}: {verdict} {}", cause["id"].as_str().unwrap_or_default());
        }
        return;
    }
    let id = cause["id"].as_str().unwrap_or_default();
    let right = id == truth || strings("also").contains(&id);
    score.top_1 += usize::from(right);
    if !right {
        println!("top-1    {name}: {verdict} {id}, not {truth}");
    }
    let mut said = Vec::new();
    collect(cause, &mut said);
    let facts = strings("facts");
    let missing: Vec<&str> =
        facts.iter().copied().filter(|fact| !said.iter().any(|text| text.contains(fact))).collect();
    score.facts.1 += facts.len();
    score.facts.0 += facts.len() - missing.len();
    if right && !missing.is_empty() {
        println!("facts    {name}: {}", missing.join(" | "));
    }
    if verbose && !right {
        println!("{}", serde_json::to_string_pretty(diagnosis).unwrap_or_default());
    }
}

/// Every string and number of a value, escapes undone.
fn collect(value: &Value, said: &mut Vec<String>) {
    match value {
        Value::String(text) => said.push(text.clone()),
        Value::Number(number) => said.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, said)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            said.push(key.clone());
            collect(field, said);
        }),
        _ => {}
    }
}

//! Compiles the catalogue into the program: signatures (YAML) and cause pages (Markdown) become static data.
//!
//! Parsing them at start would cost more than a whole run. An unknown cause id, a missing translation, a missing section or an id used twice stops the build.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on standard output")]

mod page;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use kloupe_logs::rules::{Texts, load};
use kloupe_logs::template::Kind;
use kloupe_logs::{Condition, Part, Row, Signature, Template};
use kloupe_model::Text;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=causes");
    println!("cargo::rerun-if-changed=signatures");
    println!("cargo::rerun-if-changed=build");
    match compile(&root) {
        Ok(code) => fs::write(out.join("catalogue.rs"), code).expect("the output folder is writable"),
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
        }
    }
}

fn compile(root: &Path) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let mut pages = Vec::new();
    for file in files(&root.join("causes"), "md") {
        let text = fs::read_to_string(&file).expect("a file of the catalogue");
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match page::read(&text) {
            Ok(page) if page.id == stem => pages.push(page),
            Ok(page) => problems.push(format!("causes/{stem}.md: the id is \"{}\"", page.id)),
            Err(problem) => problems.push(format!("causes/{stem}.md: {problem}")),
        }
    }
    let ids: BTreeSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    for page in &pages {
        for other in page.effects.explains.iter().chain(page.not.iter().map(|row| &row.cause)) {
            if !ids.contains(other.as_str()) {
                problems.push(format!("causes/{}.md: unknown cause \"{other}\"", page.id));
            }
        }
    }
    let signatures = read_signatures(&root.join("signatures"), &ids, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut code = String::from("pub(super) static SIGNATURES: &[Signature] = &[\n");
    for signature in &signatures {
        emit_signature(&mut code, signature);
    }
    code.push_str("];\n\npub(super) static CAUSES: &[CauseEntry] = &[\n");
    for page in &pages {
        emit_page(&mut code, page);
    }
    code.push_str("];\n");
    Ok(code)
}

fn read_signatures(root: &Path, causes: &BTreeSet<&str>, problems: &mut Vec<String>) -> Vec<Signature> {
    let mut signatures = Vec::new();
    for file in files(root, "yaml") {
        let origin = file.strip_prefix(root).expect("it lies below").to_string_lossy().into_owned();
        match load(&fs::read_to_string(&file).expect("a file of the catalogue"), &origin, Texts::Both) {
            Ok(more) => signatures.extend(more),
            Err(problem) => problems.push(problem.to_string().replace('\n', " ")),
        }
    }
    let mut ids = BTreeSet::new();
    for signature in &signatures {
        if !ids.insert(signature.id) {
            problems.push(format!("{}: the id \"{}\" is used twice", signature.origin, signature.id));
        }
        for cause in signature.speaks.iter().chain(signature.also).filter_map(|row| row.cause) {
            if !causes.contains(cause) {
                problems
                    .push(format!("{}: signature \"{}\": unknown cause \"{cause}\"", signature.origin, signature.id));
            }
        }
    }
    signatures
}

fn files(root: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn emit_signature(code: &mut String, signature: &Signature) {
    let Signature { id, templates, scopes, exact, reasons, levels, wraps, mark, speaks, also, .. } = signature;
    let Signature { versions, source, says, samples, silent, origin, .. } = signature;
    let _ = write!(code, "Signature {{ id: {id:?}, templates: &[");
    templates.iter().for_each(|template| emit_template(code, template));
    code.push_str("], scopes: &[");
    scopes.iter().for_each(|scope| {
        let _ = write!(code, "Scope::{scope:?}, ");
    });
    let _ = write!(code, "], exact: {exact}, reasons: &{reasons:?}, levels: &[");
    levels.iter().for_each(|level| {
        let _ = write!(code, "Level::{level:?}, ");
    });
    let mark = mark.map_or("None".to_owned(), |mark| format!("Some(Mark::{mark:?})"));
    let _ = write!(code, "], wraps: {wraps}, mark: {mark}, speaks: &[");
    speaks.iter().for_each(|row| emit_row(code, row));
    code.push_str("], also: &[");
    also.iter().for_each(|row| emit_row(code, row));
    let _ = write!(code, "], versions: {versions:?}, source: {source:?}, says: {}, ", text(*says));
    let _ = writeln!(code, "samples: &{samples:?}, silent: &{silent:?}, origin: {origin:?} }},");
}

fn emit_template(code: &mut String, template: &Template) {
    code.push_str("Template { parts: &[");
    for part in template.parts {
        let _ = match part {
            Part::Literal(literal) => write!(code, "Part::Literal({literal:?}), "),
            Part::Hole { name, kind, optional } => {
                let kind: &Kind = kind;
                write!(code, "Part::Hole {{ name: {name:?}, kind: Kind::{kind:?}, optional: {optional} }}, ")
            }
        };
    }
    let _ = write!(code, "], needle: {:?} }}, ", template.needle);
}

fn emit_row(code: &mut String, row: &Row) {
    let _ = write!(code, "Row {{ cause: {:?}, strength: Strength::{:?}, when: &[", row.cause, row.strength);
    for Condition { key, negated, values } in row.when {
        let _ = write!(code, "Condition {{ key: {key:?}, negated: {negated}, values: &{values:?} }}, ");
    }
    code.push_str("] }, ");
}

fn emit_page(code: &mut String, page: &page::Page) {
    let verdict: String = page.verdict.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let _ = write!(
        code,
        "CauseEntry {{ id: {:?}, problem: {:?}, verdict: Verdict::{verdict}, decided: {}, since: {:?}, title: {}, summary: &[",
        page.id,
        page.problem,
        page.decided,
        page.since,
        both(&page.title)
    );
    page.summary.iter().for_each(|summary| {
        let _ = write!(code, "{}, ", both(summary));
    });
    let _ = write!(code, "], explains: &{:?}, fix: &[", page.effects.explains);
    for step in &page.fix {
        let _ = write!(code, "FixStep {{ title: {}, run: {:?} }}, ", both(&step.title), step.run);
    }
    code.push_str("], not: &[");
    for row in &page.not {
        let _ =
            write!(code, "NotRow {{ cause: {:?}, why: Text {{ en: {:?}, zh: {:?} }} }}, ", row.cause, row.en, row.zh);
    }
    let _ = writeln!(code, "], page: {} }},", both(&page.body));
}

fn both(texts: &page::Both) -> String {
    format!("Text {{ en: {:?}, zh: {:?} }}", texts.en, texts.zh)
}

fn text(text: Text) -> String {
    format!("Text {{ en: {:?}, zh: {:?} }}", text.en, text.zh)
}

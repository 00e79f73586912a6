//! YAML objects: documents are cut apart first, so that a broken one does not take the others with it; of a broken list the items
//! that are whole are kept.

use serde_json::Value;

use super::super::Section;
use super::take::Take;

/// Whether the text begins with a document that has `apiVersion` and `kind` (or `items`) at its outermost level.
pub(super) fn probe(head: &str) -> bool {
    let mut significant = head.lines().filter(|line| !is_noise(line));
    let Some(first) = significant.next() else { return false };
    if !(is_key(first) || first.starts_with("- ") && is_key(first[2..].trim_start())) {
        return false;
    }
    let at_top = |key: &str| {
        head.lines().any(|line| {
            let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("  ").filter(|_| first.starts_with("- "))).unwrap_or(line);
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        })
    };
    at_top("apiVersion") && (at_top("kind") || at_top("items"))
}

/// Lines before the first document: blanks, comments, kubectl's warnings.
fn is_noise(line: &str) -> bool {
    let line = line.trim_end();
    line.is_empty() || line.starts_with('#') || line.starts_with("---") || line.starts_with('%') || line.starts_with("Warning: ")
}

fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'"'))
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Reads every document.
pub(super) fn read(section: &Section, take: &mut Take) {
    for (line, document) in documents(section.text) {
        if document.lines().all(is_noise) {
            continue;
        }
        match parse(&document) {
            Ok(value) => take.value(value),
            Err(why) if document.lines().find(|line| !is_noise(line)).is_some_and(is_key) => {
                take.broken(line, &format!("broken YAML: {why}"));
                salvage(&document, take);
            }
            Err(_) => take.ignored(line, document.trim_start().lines().next().unwrap_or_default()),
        }
    }
}

/// The documents with the number of lines before each. Warnings of kubectl between them are taken out.
fn documents(text: &str) -> Vec<(u64, String)> {
    let mut documents = vec![(0, String::new())];
    for (number, line) in text.lines().enumerate() {
        let ends = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        if let Some(rest) = ends.filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
            let rest = if line.starts_with('.') { "" } else { rest };
            documents.push((number as u64, format!("{rest}\n")));
        } else if let Some((_, document)) = documents.last_mut() {
            // The line stays, empty, so that line numbers in messages hold.
            document.push_str(if line.starts_with("Warning: ") { "" } else { line });
            document.push('\n');
        }
    }
    documents
}

fn parse(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            max_documents: 2,
            max_depth: 128,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        legacy_octal_numbers: true,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let text = error.without_snippet().to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })
}

/// The items of a list that are whole, and what stands before a cut of a lone object.
fn salvage(document: &str, take: &mut Take) {
    let lines: Vec<&str> = document.lines().collect();
    let Some(start) = lines.iter().position(|line| line.trim_end() == "items:") else { return };
    let Some(first) = lines[start + 1..].iter().find(|line| line.trim_start().starts_with("- ")) else { return };
    let dash = format!("{}- ", &first[..first.len() - first.trim_start().len()]);
    let kind = lines.iter().find_map(|line| line.strip_prefix("kind: ")?.trim().strip_suffix("List").map(str::to_owned));
    let kind = kind.filter(|kind| !kind.is_empty());
    let mut item = String::new();
    for line in lines[start + 1..].iter().copied().chain([dash.as_str()]) {
        let ends = line.starts_with(&dash) || (!line.starts_with(' ') && !line.is_empty() && !line.starts_with('-'));
        if ends && !item.is_empty() {
            if let Ok(Value::Array(values)) = parse(&item) {
                for value in values {
                    take.item(value, kind.as_deref());
                }
            }
            item.clear();
        }
        if line.starts_with(&dash) || !item.is_empty() && !ends {
            item.push_str(line);
            item.push('\n');
        }
    }
}

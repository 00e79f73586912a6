//! YAML objects: documents are cut apart first, so that a broken one does not take the others with it; of a broken list the items
//! that are whole are kept.

use kloupe_model::{Text, Why};
use serde_json::Value;

use super::super::Section;
use super::super::collector::is_error;
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
            let line = line
                .strip_prefix("- ")
                .or_else(|| line.strip_prefix("  ").filter(|_| first.starts_with("- ")))
                .unwrap_or(line);
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        })
    };
    at_top("apiVersion") && (at_top("kind") || at_top("items"))
}

/// Lines before the first document: blanks, comments, kubectl's warnings.
fn is_noise(line: &str) -> bool {
    let line = line.trim_end();
    line.is_empty()
        || line.starts_with('#')
        || line.starts_with("---")
        || line.starts_with('%')
        || line.starts_with("Warning: ")
}

fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'"'))
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Reads every document. What machines wrote is read fast and stays where it lies.
pub(super) fn read(section: &Section, take: &mut Take) {
    let mut line = 0;
    for document in pieces(section.text) {
        if !take.document(document) {
            one_by_one(document, line, take);
        }
        line += document.matches('\n').count() as u64;
    }
}

/// The text, cut before each line that begins a document.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.match_indices("\n---").map(|(at, _)| at + 1).find(|at| begins_document(&rest[*at..]));
        let piece;
        (piece, rest) = rest.split_at(end.unwrap_or(rest.len()));
        (!piece.is_empty()).then_some(piece)
    })
}

fn begins_document(text: &str) -> bool {
    text.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

/// Reads documents whatever they hold, `before` lines below the start.
fn one_by_one(text: &str, before: u64, take: &mut Take) {
    for (line, document) in documents(text) {
        let line = before + line;
        let Some(first) = document.lines().find(|line| !is_noise(line)) else { continue };
        if is_error(first) {
            take.ignored(line + 1, first);
            continue;
        }
        match parse(&document) {
            Ok(value) => whole(value, line, take),
            Err(why) if is_key(first) => broken(&document, line, &why, take),
            Err(_) => take.ignored(line, first),
        }
    }
}

/// A document that can be read. kubectl writes the kind of a list below its items: without it the list is cut.
fn whole(mut value: Value, line: u64, take: &mut Take) {
    let is_cut = value.get("kind").is_none() && value.get("items").is_some_and(Value::is_array);
    if !is_cut {
        return take.value(value);
    }
    take.broken(line, Text { en: "the list breaks off", zh: "列表在此中断" });
    let Some(Value::Array(mut items)) = value.get_mut("items").map(Value::take) else { return };
    let last = items.pop();
    for item in items {
        take.item(item, None);
    }
    if let Some(last) = last {
        take.partial(last);
    }
}

/// A document with other text behind it, or one that breaks off: what can be read of it.
fn broken(document: &str, line: u64, why: &Broken, take: &mut Take) {
    let lines: Vec<&str> = document.lines().collect();
    let is_foreign = |line: &str| !line.starts_with(['-', ' ', '#', '}', ']']) && !is_noise(line) && !is_key(line);
    if let Some(end) = lines.iter().position(|line| is_foreign(line))
        && let Ok(value) = parse(&lines[..end].join("\n"))
    {
        take.value(value);
        return take.ignored(line + end as u64, lines[end]);
    }
    take.broken(line + why.line, Why::of(Text { en: "broken YAML", zh: "YAML 不完整" }, why.text.clone()));
    if salvage(&lines, take) {
        return;
    }
    // The line before the one that is named may be the broken one.
    let end = usize::try_from(why.line).unwrap_or(usize::MAX).min(lines.len());
    let before = (end.saturating_sub(3)..=end).rev().find_map(|end| parse(&lines[..end].join("\n")).ok());
    if let Some(value) = before.filter(|value| value.get("items").is_none()) {
        take.partial(value);
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

/// Broken a document cannot be read, and how many lines of it are before the place.
pub(super) struct Broken {
    text: String,
    line: u64,
}

pub(super) fn parse(text: &str) -> Result<Value, Broken> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            max_documents: 2,
            max_depth: 128,
        },
        // Nobody writes objects with more aliases than that but to fill the memory.
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 50_000 },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        legacy_octal_numbers: true,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line().saturating_sub(1));
        let text = error.without_snippet().to_string();
        Broken { text: text.lines().next().unwrap_or_default().to_owned(), line }
    })
}

/// The items of a broken list that are whole; `false` if it is no list.
fn salvage(lines: &[&str], take: &mut Take) -> bool {
    let Some(start) = lines.iter().position(|line| line.trim_end() == "items:") else { return false };
    let Some(first) = lines[start + 1..].iter().find(|line| line.trim_start().starts_with("- ")) else { return false };
    let dash = format!("{}- ", &first[..first.len() - first.trim_start().len()]);
    let kind =
        lines.iter().find_map(|line| line.strip_prefix("kind: ")?.trim().strip_suffix("List").map(str::to_owned));
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
    true
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{gaps, read_as};

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop-0\nspec:\n  nodeName: n1\n";

    #[test]
    fn text_behind_an_object_does_not_break_it() {
        let found = read_as("paste.txt", &format!("{POD}\nThat is all I have, sorry!\n"));
        assert_eq!(found.facts.objects.len(), 1);
        assert!(found.facts.objects[0].whole);
        assert!(gaps(&found).is_empty());
        let found =
            read_as("paste.txt", &format!("{POD}---\nError from server (Forbidden): pods is forbidden\n---\n{POD}"));
        assert_eq!(gaps(&found), ["paste.txt:8: Error from server (Forbidden): pods is forbidden"]);
        assert_eq!(found.facts.objects.len(), 2);
    }

    #[test]
    fn an_object_that_breaks_off_is_partial() {
        let found = read_as("pod.yaml", &format!("{POD}  containers:\n  - name: \"mana"));
        assert_eq!(found.facts.objects.len(), 1);
        assert!(!found.facts.objects[0].whole);
        assert_eq!(found.facts.objects[0].str_at(&["spec", "nodeName"]), Some("n1"));
        assert_eq!(found.facts.gaps.len(), 1);
    }

    #[test]
    fn a_list_that_breaks_off_does_not_count_as_a_list() {
        let item =
            |name: &str| format!("- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: {name}\n    namespace: ops\n");
        let whole = format!("apiVersion: v1\nitems:\n{}{}kind: List\n", item("a"), item("b"));
        assert_eq!(read_as("x.yaml", &whole).facts.listed.len(), 1);
        let cut = whole.trim_end_matches("kind: List\n");
        let found = read_as("x.yaml", cut);
        assert!(found.facts.listed.is_empty());
        let shown: Vec<_> =
            found.facts.objects.iter().map(|object| (object.reference.name.as_str(), object.whole)).collect();
        assert_eq!(shown, [("a", true), ("b", false)]);
        let broken = read_as("x.yaml", &whole.replace("    name: b\n", "  : {broken\n"));
        assert_eq!((broken.facts.objects.len(), broken.facts.listed.len(), broken.facts.gaps.len()), (1, 0, 1));
    }

    #[test]
    fn documents_stand_for_themselves() {
        let text = format!("# a comment\n---\n{POD}---\nkind: [\n---\n{}...\n", POD.replace("shop-0", "shop-1"));
        let found = read_as("all.yaml", &text);
        assert_eq!(found.facts.objects.len(), 2);
        assert_eq!(found.facts.gaps.len(), 1);
    }

    #[test]
    fn aliases_do_not_fill_the_memory() {
        let mut text = format!("{POD}a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (of, name) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            let many = format!("*{of},").repeat(10);
            text += &[name.to_string().as_str(), ": &", &name.to_string(), " [", &many, "]\n"].concat();
        }
        let found = read_as("bomb.yaml", &text);
        assert!(found.facts.objects.iter().all(|object| !object.whole));
        assert_eq!(found.logs.len(), 0);
    }
}

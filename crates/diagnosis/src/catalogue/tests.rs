//! Tests about the catalogue itself: no entry is half done, every sample reads as its own signature, near misses stay silent.

use std::collections::BTreeSet;

use kloupe_logs::{Matcher, Scope, Signature, parse_record};

use super::{causes, signatures};

/// The ids that kloupe promises. An id, once released, never changes.
const IDS: &str = include_str!("ids.txt");

#[test]
fn the_ids_are_the_promised_ones() {
    let promised: BTreeSet<&str> = IDS.lines().collect();
    let written: BTreeSet<&str> = causes().iter().map(|cause| cause.id).collect();
    assert_eq!(written, promised);
}

#[test]
fn causes_are_sorted_and_know_their_problem() {
    assert!(causes().is_sorted_by_key(|cause| cause.id));
    for cause in causes() {
        assert!(["start", "stuck", "reconcile", "any"].contains(&cause.problem), "{}", cause.id);
    }
}

#[test]
fn a_page_stands_alone_in_its_language() {
    for cause in causes() {
        assert!(!cause.page.zh.contains("英文部分"), "{}: the reader sees no English part", cause.id);
        assert!(!cause.page.en.contains("Chinese part"), "{}: the reader sees no Chinese part", cause.id);
    }
}

#[test]
fn the_last_words_of_a_summary_need_nothing() {
    for cause in causes() {
        let last = cause.summary.last().expect("the build asks for one");
        for text in [last.en, last.zh] {
            let holes = crate::words::holes(text);
            assert!(holes.iter().all(|hole| hole == "subject"), "{}: {text}", cause.id);
        }
        let always = cause.fix.iter().any(|step| {
            [step.title.en, step.title.zh, step.run.unwrap_or_default()].iter().all(|text| {
                crate::words::holes(text)
                    .iter()
                    .all(|hole| ["subject", "subjectName", "namespace"].contains(&hole.as_str()))
            })
        });
        assert!(always, "{}: every fix needs a value that may not be known", cause.id);
    }
}

fn reads(matcher: &Matcher, signature: &Signature, line: &str) -> bool {
    let has = |hits: Vec<kloupe_logs::Hit>| hits.iter().any(|hit| hit.signature.id == signature.id);
    has(matcher.read_record(&parse_record(line)))
        || signature.scopes.iter().filter(|scope| **scope != Scope::Log).any(|scope| {
            let reasons = if signature.reasons.is_empty() { &[""][..] } else { signature.reasons };
            reasons.iter().any(|reason| has(matcher.read_text(line, *scope, reason)))
        })
}

#[test]
fn every_signature_reads_its_samples_and_not_its_near_misses() {
    let matcher = Matcher::new(signatures());
    let mut wrong = Vec::new();
    for signature in signatures() {
        if signature.samples.is_empty() {
            wrong.push(format!("{}: {} has no sample", signature.origin, signature.id));
        }
        for line in signature.samples {
            if !reads(&matcher, signature, line) {
                wrong.push(format!("{}: {} does not match {line}", signature.origin, signature.id));
            }
        }
        for line in signature.silent {
            if reads(&matcher, signature, line) {
                wrong.push(format!("{}: {} matches its near miss {line}", signature.origin, signature.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

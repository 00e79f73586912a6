//! The outputs over diagnoses made by hand: nothing is lost, nothing wider than the terminal, nothing raw.

use std::collections::BTreeMap;

use kloupe_model::{
    Cause, Confidence, Diagnosis, Effect, Evidence, Gap, Lang, Note, Place, Report, RuledOut, Stamp, Step, Strength, Subject, Verdict,
};

use super::{ALL, output};
use crate::{Style, display_width};

fn report() -> Report {
    let stamp = Stamp::parse_rfc3339("2026-03-04T05:06:07Z");
    let evidence = Evidence {
        place: Place::Log { file: "controller.log".into(), line: 41 },
        quote: "widgets is forbidden: \u{1b}[31mUser ``` \"system:serviceaccount:team-a:op\" cannot list <b>resource</b> \"widgets\" in API group \"example.com\" at the cluster scope".into(),
        count: 31,
        first: stamp,
        last: stamp,
        strength: Strength::Decides,
        rule: "az-forbidden".into(),
    };
    let cause = Cause {
        id: "rbac-read-denied".into(),
        confidence: Confidence::Certain,
        reason: "the log names it".into(),
        summary: "ServiceAccount team-a/op may not list widgets in the whole cluster, so its cache never fills".into(),
        values: BTreeMap::from([("verb".into(), "list".into())]),
        evidence: vec![evidence],
        effects: vec![Effect { id: Some("crash-unexplained"), text: "it restarts".into(), place: None }],
        fix: vec![Step { title: "Grant the right".into(), run: Some("kubectl apply -f - <<'EOF'\nkind: Role\nEOF\n".into()) }],
    };
    Report {
        as_of: Stamp::parse_rfc3339("2026-03-04T05:16:07Z"),
        diagnoses: vec![Diagnosis {
            target: "deploy/op".into(),
            subject: Subject { name: "deploy/op".into(), namespace: "team-a".into() },
            verdict: Verdict::Blocked,
            headline: "deploy/op in team-a has reconciled nothing since it started 14 min ago".into(),
            causes: vec![cause],
            ruled_out: vec![RuledOut { cause: "crd-not-installed".into(), why: "the kind is served".into() }],
            notes: vec![Note { text: "一条附注，其中有很长很长很长很长很长很长很长很长很长很长很长很长的中文句子。".into(), place: None }],
        }],
        gaps: vec![Gap { what: "metrics".into(), why: "connection refused".into() }],
    }
}

fn written(name: &str, lang: Lang, colour: bool) -> String {
    let output = output(name).expect("an output");
    (output.write)(&report(), Style { lang, width: 80, colour })
}

#[test]
fn every_output_says_everything_in_both_languages() {
    for output in ALL {
        for lang in [Lang::En, Lang::Zh] {
            let text = written(output.name, lang, false);
            for part in ["rbac-read-denied", "controller.log", "41", "31", "Grant the right", "kind: Role", "crd-not-installed", "connection refused", "附注"] {
                assert!(text.contains(part), "{}: {part} is missing in\n{text}", output.name);
            }
        }
    }
}

#[test]
fn text_fits_eighty_columns_and_nothing_is_raw() {
    for lang in [Lang::En, Lang::Zh] {
        let text = written("text", lang, false);
        for line in text.lines() {
            assert!(display_width(line) <= 80, "{line}");
        }
        assert!(!text.contains('\u{1b}'));
    }
    assert!(written("text", Lang::En, true).contains("\u{1b}["));
    assert!(!written("markdown", Lang::En, true).contains('\u{1b}'));
    assert!(!written("json", Lang::En, true).contains('\u{1b}'));
}

#[test]
fn markdown_cannot_be_broken_out_of() {
    let text = written("markdown", Lang::En, false);
    assert!(text.contains("````text"), "{text}");
    assert!(text.contains("rbac-read-denied"));
}

#[test]
fn json_is_what_the_page_says() {
    let json: serde_json::Value = serde_json::from_str(&written("json", Lang::Zh, false)).expect("JSON");
    assert_eq!(json["version"], "1");
    assert_eq!(json["asOf"], "2026-03-04T05:16:07Z");
    let cause = &json["diagnoses"][0]["causes"][0];
    assert_eq!(cause["id"], "rbac-read-denied");
    assert_eq!(cause["evidence"][0]["kind"], "log");
    assert_eq!(cause["evidence"][0]["line"], 41);
    assert_eq!(cause["evidence"][0]["first"], "2026-03-04T05:06:07Z");
    assert_eq!(json["diagnoses"][0]["ruledOut"][0]["cause"], "crd-not-installed");
    assert_eq!(json["gaps"][0]["what"], "metrics");
}

//! The outputs over diagnoses made by hand: nothing is lost, nothing wider than the terminal, nothing raw.

use std::collections::BTreeMap;

use kloupe_model::{
    Cause, Confidence, Diagnosis, Effect, Evidence, Gap, Lang, Note, ObjectRef, Place, Report, RuledOut, Stamp, Step,
    Strength, Subject, Verdict,
};

use super::{ALL, output};
use crate::{Style, display_width};

const QUOTE: &str = "widgets is forbidden: \u{1b}[31mUser ``` \"system:serviceaccount:team-a:op\" cannot list <b>resource</b> \"widgets\" in API group \"example.com\" at the cluster scope\u{9b}0m";
const RUN: &str = "kubectl apply -f - <<'EOF'\nkind: Role\nmetadata: {name: a-name-so-long-that-the-line-is-wider-than-any-terminal-of-eighty-columns-would-be}\nEOF\n";

fn at(time: &str) -> Option<Stamp> {
    Stamp::parse_rfc3339(time)
}

fn evidence() -> Vec<Evidence> {
    let log = Evidence {
        place: Place::Log { file: "controller.log".into(), line: 41 },
        quote: QUOTE.into(),
        said: QUOTE.into(),
        count: 31,
        first: at("2026-03-04T05:06:07Z"),
        last: at("2026-03-04T05:15:55Z"),
        strength: Strength::Decides,
        rule: "az-forbidden".into(),
    };
    let pod = ObjectRef::new("Pod", "", "team-b", "op-0");
    let place = Place::Event { file: "events.txt".into(), object: pod, reason: "BackOff".into() };
    let event = Evidence {
        place,
        quote: "Back-off restarting failed container".into(),
        said: "Back-off restarting failed container".into(),
        first: None,
        ..log.clone()
    };
    let workload = ObjectRef::new("Deployment", "apps", "team-a", "op");
    let place = Place::Field { file: "-".into(), object: workload, field: "status.readyReplicas".into() };
    let field =
        Evidence { place, quote: "0".into(), said: "0".into(), count: 1, first: None, last: None, ..log.clone() };
    vec![log, event, field]
}

fn cause(id: &str) -> Cause {
    Cause {
        id: id.into(),
        confidence: Confidence::Certain,
        reason: "the log names it".into(),
        summary: "ServiceAccount team-a/op may not list widgets in the whole cluster, so its cache never fills".into(),
        values: BTreeMap::from([("verb".into(), "list".into())]),
        evidence: evidence(),
        effects: vec![
            Effect { id: Some("crash-unexplained"), text: "it restarts".into(), place: None },
            Effect {
                id: None,
                text: "no worker starts".into(),
                place: Some(Place::File { file: "controller.log".into() }),
            },
        ],
        fix: vec![
            Step { title: "Grant the right".into(), run: Some(RUN.into()) },
            Step {
                title: "or limit the cache to the namespaces that it serves, if the wide right is not wanted".into(),
                run: None,
            },
        ],
    }
}

fn diagnosis(verdict: Verdict, causes: Vec<Cause>) -> Diagnosis {
    Diagnosis {
        target: "deploy/op".into(),
        subject: Subject { name: "deploy/op".into(), namespace: "team-a".into() },
        verdict,
        headline: "deploy/op in team-a has reconciled nothing since it started 14 min ago, though three Widgets wait"
            .into(),
        causes,
        ruled_out: vec![RuledOut { cause: "crd-not-installed".into(), why: "the kind is served".into() }],
        notes: vec![Note { text: "17 Widgets, all observed at their generation".into(), place: None }],
    }
}

fn report(diagnosis: Diagnosis) -> Report {
    Report { as_of: at("2026-03-04T05:16:07Z"), diagnoses: vec![diagnosis], gaps: Vec::new() }
}

fn sick() -> Report {
    let gaps = vec![Gap { what: "metrics".into(), why: "connection refused".into() }];
    Report { gaps, ..report(diagnosis(Verdict::Blocked, vec![cause("rbac-read-denied")])) }
}

fn chinese() -> Report {
    let mut cause = cause("rbac-read-denied");
    cause.reason = "日志直接指明".into();
    cause.summary =
        "ServiceAccount team-a/op 无权在整个集群范围内 list widgets，Informer 缓存始终无法填充，worker 因此没有启动"
            .into();
    let mut diagnosis = diagnosis(Verdict::Blocked, vec![cause]);
    diagnosis.headline = "team-a 中的 deploy/op 启动 14 分钟以来没有完成任何一次调谐".into();
    diagnosis.notes = vec![Note { text: "一条很长的附注：".repeat(20), place: None }];
    report(diagnosis)
}

fn written(name: &str, report: &Report, lang: Lang, colour: bool) -> String {
    let output = output(name).expect("an output");
    (output.write)(report, Style { lang, width: 80, colour })
}

fn text(report: &Report, lang: Lang) -> String {
    written("text", report, lang, false)
}

#[test]
fn every_output_says_everything_in_both_languages() {
    let parts = [
        "rbac-read-denied",
        "controller.log",
        "41",
        "31",
        "BackOff",
        "events.txt",
        "readyReplicas",
        "Grant the right",
        "kind: Role",
        "crd-not-installed",
        "the kind is served",
        "connection refused",
        "no worker starts",
        "17 Widgets",
    ];
    for output in ALL {
        for lang in [Lang::En, Lang::Zh] {
            let text = written(output.name, &sick(), lang, false);
            for part in parts {
                assert!(text.contains(part), "{}: {part} is missing in\n{text}", output.name);
            }
        }
    }
}

#[test]
fn a_sick_controller() {
    let expected = r#"✗ blocked   deploy/op in team-a has reconciled nothing since it started 14 min
            ago, though three Widgets wait

  cause     rbac-read-denied (certain: the log names it)
            ServiceAccount team-a/op may not list widgets in the whole cluster,
            so its cache never fills

  evidence  log    controller.log line 41 · 31 times since 05:06:07
                   last 05:15:55 (12 s ago)
                   widgets is forbidden: User ```
                   "system:serviceaccount:team-a:op" cannot list <b>resource</b>
                   "widgets" in API group "example.com" at the cluster scope
            event  BackOff on pod/op-0 -n team-b in events.txt · 31 times
                   last 05:15:55 (12 s ago)
                   Back-off restarting failed container
            object deploy/op status.readyReplicas in stdin
                   0

  effects   crash-unexplained: it restarts
            no worker starts · controller.log

  fix       1  Grant the right
               kubectl apply -f - <<'EOF'
               kind: Role
               metadata: {name: a-name-so-long-that-the-line-is-wider-than-any-terminal-of-eighty-columns-would-be}
               EOF
            2  or limit the cache to the namespaces that it serves, if the wide
               right is not wanted

  not it    crd-not-installed: the kind is served

  note      17 Widgets, all observed at their generation

  unread    metrics: connection refused

as of 2026-03-04 05:16:07 UTC · kloupe explain rbac-read-denied tells more
-o json for scripts
"#;
    assert_eq!(text(&sick(), Lang::En), expected);
}

#[test]
fn a_healthy_one_is_short() {
    let mut healthy = diagnosis(Verdict::Healthy, Vec::new());
    healthy.headline = "deploy/op in team-a works: leads, 212 reconciles ended well".into();
    let expected = "✓ healthy   deploy/op in team-a works: leads, 212 reconciles ended well\n            17 Widgets, all observed at their generation\n\nas of 2026-03-04 05:16:07 UTC · -o json for scripts\n";
    assert_eq!(text(&report(healthy), Lang::En), expected);
}

#[test]
fn an_unknown_one_has_its_own_mark_and_colour() {
    let report = report(diagnosis(Verdict::Unknown, Vec::new()));
    assert!(text(&report, Lang::Zh).starts_with("? 无法判断  "));
    assert!(written("text", &report, Lang::En, true).starts_with("\u{1b}[1m\u{1b}[33m? unknown"));
}

#[test]
fn several_causes_are_numbered() {
    let two = report(diagnosis(Verdict::Blocked, vec![cause("rbac-read-denied"), cause("x-own")]));
    let english = text(&two, Lang::En);
    assert!(
        english.contains("\n  cause 1   rbac-read-denied (") && english.contains("\n  cause 2   x-own ("),
        "{english}"
    );
    assert!(text(&two, Lang::Zh).contains("\n  根因 2    x-own（确定"));
}

#[test]
fn chinese_is_aligned_by_columns() {
    let text = text(&chinese(), Lang::Zh);
    assert!(text.starts_with("✗ 受阻      team-a 中的 deploy/op 启动 14 分钟以来没有完成任何一次调谐\n"), "{text}");
    assert!(text.contains("\n  根因      rbac-read-denied（确定：日志直接指明）\n"), "{text}");
    assert!(
        text.contains("controller.log 第 41 行 · 自 05:06:07 起 31 次\n                   最近 05:15:55（12 秒前）\n"),
        "{text}"
    );
    assert!(text.contains("stdin 中 deploy/op 的 status.readyReplicas"), "{text}");
}

#[test]
fn text_fits_and_only_commands_are_wider() {
    let long = report(diagnosis(Verdict::NotStarted, vec![cause(&"x".repeat(120)), cause("rbac-read-denied")]));
    for report in [sick(), chinese(), long] {
        for lang in [Lang::En, Lang::Zh] {
            for line in text(&report, lang).lines().filter(|line| !line.contains("a-name-so-long")) {
                assert!(display_width(line) <= 80, "{line}");
            }
            assert!(text(&report, lang).contains(RUN.lines().nth(2).expect("a long line")), "a command is not wrapped");
        }
    }
}

#[test]
fn nothing_raw_reaches_a_terminal() {
    let mut report = sick();
    report.diagnoses[0].headline = "a\u{1b}]0;title\u{7}b\u{202e}".into();
    report.diagnoses[0].causes[0].fix[0].run = Some("kubectl\u{1b}[2J get pods".into());
    report.gaps[0].what = "a\u{1b}[1mfile".into();
    for output in ALL {
        let text = written(output.name, &report, Lang::En, false);
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(raw), "{}: {text:?}", output.name);
    }
    assert!(written("text", &report, Lang::En, true).contains("\u{1b}[1m"));
}

#[test]
fn much_is_cut_and_said_to_be() {
    let mut report = sick();
    let cause = &mut report.diagnoses[0].causes[0];
    cause.evidence = vec![cause.evidence[2].clone(); 9];
    cause.evidence[0].said = "line\n".repeat(20);
    let text = text(&report, Lang::En);
    assert!(text.contains("and 3 more: -o json"), "{text}");
    assert_eq!(text.matches(" line\n").count(), 6, "{text}");
    assert!(text.contains(" …\n"), "{text}");
}

#[test]
fn the_same_quote_stands_once() {
    let mut report = sick();
    let evidence = &mut report.diagnoses[0].causes[0].evidence;
    evidence[1].said = evidence[0].said.clone();
    assert_eq!(text(&report, Lang::En).matches("at the cluster scope").count(), 1);
}

#[test]
fn nothing_to_diagnose_is_said() {
    let nothing = Report { as_of: None, diagnoses: Vec::new(), gaps: Vec::new() };
    let expected =
        "? nothing to diagnose: what was read names no workload and holds no log of one\n\n-o json for scripts\n";
    assert_eq!(text(&nothing, Lang::En), expected);
    assert!(written("markdown", &nothing, Lang::Zh, false).contains("没有可诊断的内容"));
}

#[test]
fn times_without_a_year_are_shown_as_they_are() {
    let mut report = sick();
    report.as_of = Stamp::from_civil(None, 3, 4, (5, 16, 7), 0);
    let evidence = &mut report.diagnoses[0].causes[0].evidence[0];
    evidence.first = Stamp::from_civil(None, 3, 3, (23, 0, 0), 0);
    evidence.last = Stamp::from_civil(None, 3, 4, (5, 15, 55), 0);
    let text = text(&report, Lang::En);
    assert!(text.contains("31 times since 03-03 23:00:00"), "{text}");
    assert!(text.contains("as of 03-04 05:16:07 UTC"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&written("json", &report, Lang::En, false)).expect("JSON");
    assert_eq!(json["asOf"], serde_json::Value::Null);
    assert_eq!(json["asOfNoYear"], "03-04T05:16:07");
    assert_eq!(json["diagnoses"][0]["causes"][0]["evidence"][0]["firstNoYear"], "03-03T23:00:00");
}

#[test]
fn markdown_cannot_be_broken_out_of() {
    let text = written("markdown", &sick(), Lang::En, false);
    assert!(text.starts_with("## ✗ blocked: deploy/op\n"), "{text}");
    assert!(text.contains("  ````text\n  widgets is forbidden: User ``` \"system"), "{text}");
    assert!(text.contains("   ```sh\n   kubectl apply -f - <<'EOF'\n   kind: Role\n"), "{text}");
    assert!(text.contains("<details><summary>Unread</summary>\n\n- metrics: connection refused\n"), "{text}");
    assert_eq!(super::output("md").map(|output| output.name), Some("markdown"));
}

#[test]
fn json_is_what_the_page_says() {
    let text = written("json", &sick(), Lang::Zh, false);
    assert!(text.ends_with("}\n"));
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["version"], "1");
    assert_eq!(json["asOf"], "2026-03-04T05:16:07Z");
    assert_eq!(json["diagnoses"][0]["verdict"], "blocked");
    let cause = &json["diagnoses"][0]["causes"][0];
    assert_eq!(cause["id"], "rbac-read-denied");
    assert_eq!(cause["evidence"][0]["kind"], "log");
    assert_eq!(cause["evidence"][0]["line"], 41);
    assert_eq!(cause["evidence"][0]["first"], "2026-03-04T05:06:07Z");
    assert_eq!(cause["evidence"][0]["quote"], QUOTE, "a quote is the same in every output");
    assert_eq!(cause["evidence"][1]["event"], "BackOff");
    assert_eq!(cause["evidence"][2]["object"]["kind"], "Deployment");
    assert_eq!(json["diagnoses"][0]["ruledOut"][0]["cause"], "crd-not-installed");
    assert_eq!(json["gaps"][0]["what"], "metrics");
}

//! Runs of the program as a person types them: standard output, standard error and status in one snapshot, in both languages.
//!
//! `INSTA_UPDATE=always cargo test -p kloupe --test cli` writes what is said now; the difference is what gets reviewed.

mod common;

use common::{LOG, POD, folder, json, kloupe, said};
use insta::assert_snapshot;

fn alone(args: &str) -> String {
    said(folder(&[]).path(), args, "")
}

#[test]
fn without_arguments_it_says_how_to_begin() {
    let text = alone("");
    assert_snapshot!(text);
    let lines = text.split("$ LC_ALL").nth(1).expect("the first language").lines().count();
    assert!(lines <= 36 + 3, "{lines} lines");
}

#[test]
fn short_help_fits_a_screen() {
    assert_snapshot!(alone("-h"));
    assert_snapshot!(alone("diagnose -h"));
    assert_snapshot!(alone("explain -h"));
}

#[test]
fn long_help_explains() {
    assert_snapshot!(alone("--help"));
    assert_snapshot!(alone("diagnose --help"));
    assert_snapshot!(alone("explain --help"));
    assert_eq!(alone("help diagnose").lines().nth(3), alone("diagnose --help").lines().nth(3));
}

#[test]
fn help_is_given_whatever_else_is_on_the_line() {
    assert_snapshot!(alone("diagnose --nonsense -h").lines().take(6).collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_version_is_one_line() {
    assert_snapshot!(alone("--version"));
    assert_eq!(alone("diagnose -V").lines().nth(3), Some("kloupe 0.1.0"));
}

#[test]
fn mistakes_name_what_was_meant() {
    let mistakes = [
        "diagnoze",
        "deploy/shop",
        "panic",
        "diagnose --form x",
        "diagnose -z",
        "diagnose -o jsn --from x",
        "diagnose -o --from x",
        "diagnose -n",
        "diagnose --from",
        "diagnose --as-of yesterday --from x",
        "diagnose shop --from x",
        "explain rbac-raed-denied",
        "explain entirely-made-up",
        "explain panic oom-killed",
        "help explian",
        "--lang fr",
    ];
    assert_snapshot!(mistakes.map(alone).concat());
}

#[test]
fn without_files_it_says_what_it_can_read() {
    assert_snapshot!(alone("diagnose deploy/shop -n ops"));
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder(&[("notes/empty.txt", b""), ("logs/controller.log", LOG.as_bytes())]);
    std::fs::create_dir(folder.path().join("nothing")).expect("a folder");
    let runs = [
        "diagnose --from missing.log",
        "diagnose --from nothing",
        "diagnose --from notes",
        "diagnose --from logs deploy/shop",
        "diagnose deploy/widget-controler --from logs",
        "diagnose --rules missing.yaml --from logs",
    ];
    assert_snapshot!(runs.map(|args| said(folder.path(), args, "")).concat());
}

#[test]
fn rules_that_cannot_be_used_say_why() {
    let rule = |id: &str, template: &str, cause: &str| {
        format!(
            "- id: {id}\n  template: '{template}'\n  says: {{en: a}}\n  speaks: [{{cause: {cause}, strength: decides}}]\n"
        )
    };
    let files = [
        ("unknown.yaml", rule("own", "the frobnicator is jammed", "rbac-raed-denied")),
        ("own-id.yaml", rule("own", "the frobnicator is jammed", "jammed")),
        ("taken.yaml", rule("az-forbidden", "the frobnicator is jammed", "x-jammed")),
        ("template.yaml", rule("own", "{a}{b}", "x-jammed")),
        ("shape.yaml", "- id: own\n  tempalte: x\n".to_owned()),
    ];
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&bytes);
    let runs = files.iter().map(|(name, _)| said(folder.path(), &format!("diagnose --from - --rules {name}"), LOG));
    assert_snapshot!(runs.collect::<String>());
}

#[test]
fn own_rules_are_read_beside_the_built_in_ones() {
    let rule = "- id: own\n  template: 'Waiting for informer caches'\n  says: {en: a}\n  speaks: [{cause: rbac-write-denied, strength: weak}]\n";
    let folder = folder(&[("own.yaml", rule.as_bytes())]);
    let output =
        kloupe(folder.path(), "C").args(["diagnose", "--from", "-", "--rules", "own.yaml"]).write_stdin(LOG).output();
    assert_eq!(output.expect("it runs").status.code(), Some(1));
}

#[test]
fn everything_can_be_listed() {
    let text = alone("explain");
    for cause in kloupe_diagnosis::causes() {
        let lines = text.lines().filter(|line| line.starts_with(&format!("  {} ", cause.id))).count();
        assert_eq!(lines, 2, "{} is listed once in each language", cause.id);
    }
    let folder = folder(&[]);
    let output = kloupe(folder.path(), "C").args(["explain", "-o", "json"]).output().expect("it runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["causes"].as_array().map(Vec::len), Some(kloupe_diagnosis::causes().len()));
    assert_eq!(json["signatures"].as_array().map(Vec::len), Some(kloupe_diagnosis::signatures().len()));
}

#[test]
fn every_page_can_be_shown() {
    let folder = folder(&[]);
    for id in ["oom-killed", "crash-unexplained", "kopf", "az-forbidden"] {
        for format in ["text", "json", "md"] {
            let output = kloupe(folder.path(), "zh_CN").args(["explain", id, "-o", format]).output().expect("it runs");
            assert_eq!(output.status.code(), Some(0), "{id} {format}");
            assert!(output.stderr.is_empty() && output.stdout.len() > 100, "{id} {format}");
        }
    }
}

#[test]
fn a_cause_has_a_page() {
    let text = alone("explain scaled-to-zero");
    // Which signatures speak for it changes with every new one.
    let page = text.lines().filter(|line| !line.starts_with("  - decides") && !line.starts_with("  - supports"));
    assert_snapshot!(page.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_signature_has_a_page() {
    assert_snapshot!(alone("explain le-lost"));
}

#[test]
fn a_log_from_standard_input_is_diagnosed() {
    let folder = folder(&[]);
    let output =
        kloupe(folder.path(), "C").args(["diagnose", "--from", "-"]).write_stdin(LOG).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("rbac-read-denied (certain"), "{text}");
    assert!(text.contains("stdin line 2"), "{text}");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let folder = folder(&[]);
    let run = |variable: &str| {
        let mut command = kloupe(folder.path(), "C");
        let output = command.env(variable, "1").args(["diagnose", "--from", "-"]).write_stdin(LOG).output();
        String::from_utf8(output.expect("it runs").stdout).expect("UTF-8")
    };
    assert!(run("CLICOLOR_FORCE").contains("\u{1b}[1m\u{1b}[31m✗ blocked"));
    assert!(!run("NO_COLOR").contains('\u{1b}'));
    assert!(!run("TERM").contains('\u{1b}'));
}

#[test]
fn every_format_names_the_cause_and_the_exit_status_agrees() {
    let folder = folder(&[("incident/controller.log", LOG.as_bytes()), ("incident/pods.yaml", POD.as_bytes())]);
    for format in ["text", "json", "markdown", "md"] {
        let args = ["diagnose", "--from", "incident", "-o", format];
        let output = kloupe(folder.path(), "C").args(args).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("rbac-read-denied"), "{format}");
    }
    let json = json(folder.path(), &["incident"]);
    assert_eq!(json["diagnoses"][0]["causes"][0]["evidence"][0]["file"], "controller.log");
}

#[test]
fn a_small_incident_in_every_format() {
    let folder = folder(&[("controller.log", LOG.as_bytes()), ("pods.yaml", POD.as_bytes())]);
    let args = "diagnose --from controller.log pods.yaml --as-of 2026-03-04T05:08:00Z -o";
    for format in ["text", "json", "markdown"] {
        assert_snapshot!(format!("incident_{format}"), said(folder.path(), &format!("{args} {format}"), ""));
    }
}

#[test]
fn all_pages_are_one_document_in_every_format() {
    let text = alone("explain --all");
    assert!(text.contains("image-not-found\n\n") && !text.contains("]("), "links are for Markdown");
    let markdown = alone("explain --all -o markdown");
    assert!(markdown.contains("[`image-not-found`](#image-not-found)") && markdown.contains("\n## image-not-found\n"));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let output = kloupe(folder.path(), "C").args(["explain", "--all", "-o", "json"]).output().expect("it runs");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(json["causes"].as_array().map(Vec::len), Some(76));
    assert!(alone("explain --all oom-killed").contains("cannot be used with"));
}

//! `kloupe capture`: what is in the bundle, and what is never in it.

mod common;

use std::fs;
use std::path::Path;

use common::{folder, kloupe};

const DUMP: &str = r#"{"apiVersion":"v1","kind":"List","items":[
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","namespace":"default","annotations":{
  "kubectl.kubernetes.io/last-applied-configuration":"{\"kind\":\"Pod\",\"spec\":{\"token\":\"canary-applied\"}}"}},
 "spec":{"containers":[{"name":"app","env":[{"name":"DB_PASSWORD","value":"canary-env"},{"name":"MODE","value":"fast"}]}]},
 "status":{"phase":"Running","containerStatuses":[{"name":"app","state":{"running":{}},"lastState":{}}]}},
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"other-0","namespace":"elsewhere"},"spec":{"containers":[{"name":"app"}]}},
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"default"},
 "data":{"app.yaml":"db:\n  password: canary-map\n  host: db.example.com\n"}},
{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default"},"data":{"password":"Y2FuYXJ5"},"stringData":{"p":"canary-secret"}},
{"apiVersion":"v1","kind":"Event","metadata":{"name":"e","namespace":"default"},"involvedObject":{"kind":"Pod","name":"web-0","namespace":"default"},
 "reason":"Failed","message":"login with postgres://joe:canary-url@db failed"}]}"#;

const LOG: &str = r#"2026-01-01T00:00:00Z level=info msg="started" body="{\"password\":\"canary-log\",\"user\":\"joe\"}"
"#;

fn dump() -> tempfile::TempDir {
    folder(&[
        ("dump/all.json", DUMP.as_bytes()),
        ("dump/namespaces/default/pods/web-0/app/app/logs/current.log", LOG.as_bytes()),
    ])
}

/// The text of a bundle: a tar, so that every file is in it as it is.
fn text(path: &Path) -> String {
    let packed = fs::File::open(path).expect("there is a bundle");
    String::from_utf8_lossy(&zstd::decode_all(packed).expect("it unpacks")).into_owned()
}

#[test]
fn a_bundle_has_what_was_there_and_no_secret() {
    let folder = dump();
    let output = kloupe(folder.path(), "C")
        .args(["capture", "-A", "-o", "x.tar.zst", "--from", "dump"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("wrote x.tar.zst (") && said.contains("1 logs"), "{said}");
    let bundle = text(&folder.path().join("x.tar.zst"));
    assert!(!bundle.contains("canary") && !bundle.contains("Y2FuYXJ5"), "a secret is in the bundle");
    for kept in ["db.example.com", "\"fast\"", "user", "started", "spec.containers[0].env[0].value", "web-0", "other-0"]
    {
        assert!(bundle.contains(kept), "{kept}");
    }
    assert!(!bundle.contains("SecretList"), "secrets are not asked for");
}

#[test]
fn a_bundle_is_read_like_what_it_was_made_of() {
    let folder = dump();
    let run = |arguments: &[&str]| {
        let output = kloupe(folder.path(), "C").args(arguments).output().expect("it runs");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
    };
    assert_eq!(run(&["capture", "pod/web-0", "-o", "x.tar.zst", "--from", "dump"]).1, Some(0));
    for command in [&["get", "pods", "-o", "name"][..], &["logs", "web-0"], &["get", "cm", "settings", "-o", "name"]] {
        let of = |from: &str| run(&[command, &["--from", from]].concat()).0.replace("<redacted>", "canary-log");
        assert!(!of("dump").is_empty());
        assert_eq!(of("x.tar.zst"), of("dump"), "{command:?}");
    }
    let (elsewhere, _) = run(&["get", "pods", "-A", "-o", "name", "--from", "x.tar.zst"]);
    assert_eq!(elsewhere, "pod/web-0\n", "only the namespace that was asked for");
}

#[test]
fn nothing_is_written_over_and_a_wrong_name_is_refused() {
    let folder = dump();
    fs::write(folder.path().join("mine.tar.zst"), "mine").expect("it is written");
    for (name, why) in [("mine.tar.zst", "there is such a file already"), ("x.zip", "a bundle's name ends in .tar.zst")]
    {
        let output =
            kloupe(folder.path(), "C").args(["capture", "-o", name, "--from", "dump"]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(fs::read(folder.path().join("mine.tar.zst")).expect("it is there"), b"mine");
    assert_eq!(fs::read_dir(folder.path()).expect("it lists").count(), 2, "nothing is left behind");
}

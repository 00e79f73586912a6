//! `kloupe serve`, asked by kloupe's own live commands and by the programs that it starts.
#![cfg(unix)]

mod common;

use std::os::unix::fs::PermissionsExt;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use common::{folder, kloupe};

const PODS: &[u8] = br#"{"apiVersion":"v1","kind":"List","items":[
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","namespace":"default","resourceVersion":"7"},
 "spec":{"containers":[{"name":"web"}]},"status":{"phase":"Running"}},
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","namespace":"default","resourceVersion":"8"},
 "spec":{"containers":[{"name":"web"}]},"status":{"phase":"Pending"}}]}"#;

fn served(arguments: &[&str]) -> Output {
    let folder = folder(&[("pods.json", PODS)]);
    kloupe(folder.path(), "C").args(["serve", "--from", "pods.json"]).args(arguments).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_live_command_on_the_served_capture_says_what_it_says_on_the_files() {
    let program = assert_cmd::cargo::cargo_bin("kloupe");
    let program = program.to_str().expect("the path is UTF-8");
    let live = served(&["--", program, "get", "pods", "-o", "json"]);
    let folder = folder(&[("pods.json", PODS)]);
    let files = kloupe(folder.path(), "C")
        .args(["get", "pods", "-o", "json", "--from", "pods.json"])
        .output()
        .expect("it runs");
    assert!(text(&live.stdout).contains("web-1"), "{}", text(&live.stderr));
    assert_eq!(text(&live.stdout), text(&files.stdout));
}

#[test]
fn the_status_is_that_of_the_program() {
    assert_eq!(served(&["--", "sh", "-c", "exit 7"]).status.code(), Some(7));
    assert_eq!(served(&["--", "sh", "-c", "kill -9 $$"]).status.code(), Some(137));
    let missing = served(&["--", "no-such-program"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("cannot run \"no-such-program\""), "{}", text(&missing.stderr));
}

#[test]
fn nobody_else_reads_the_token_and_nothing_answers_without_it() {
    let folder = folder(&[("pods.json", PODS)]);
    let out = folder.path().join("kubeconfig");
    let program = assert_cmd::cargo::cargo_bin("kloupe");
    let script = format!("cp -p $KUBECONFIG copy; {} --token wrong get pods", program.display());
    let output = kloupe(folder.path(), "C")
        .args(["serve", "--from", "pods.json", "--kubeconfig-out"])
        .arg(&out)
        .args(["--", "sh", "-c", &script])
        .output()
        .expect("it runs");
    let mode = fs::metadata(folder.path().join("copy")).expect("it was copied").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(text(&output.stderr), "error: You must be logged in to the server (Unauthorized)\n");
    assert!(!out.exists(), "the kubeconfig is removed at the end");
}

#[test]
fn a_file_of_someone_else_is_not_written_over() {
    let folder = folder(&[("pods.json", PODS), ("config", b"mine")]);
    let output = kloupe(folder.path(), "C")
        .args(["serve", "--from", "pods.json", "--kubeconfig-out", "config", "--", "true"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(folder.path().join("config")).expect("it is there"), b"mine");
}

#[test]
fn without_a_program_it_serves_until_a_signal_ends_it() {
    let folder = folder(&[("pods.json", PODS)]);
    let out = folder.path().join("kubeconfig");
    let mut server = std::process::Command::new(assert_cmd::cargo::cargo_bin("kloupe"))
        .current_dir(folder.path())
        .args(["serve", "--from", "pods.json", "--kubeconfig-out", "kubeconfig"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let started = Instant::now();
    while !out.exists() && started.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(20));
    }
    let asked =
        kloupe(folder.path(), "C").args(["--kubeconfig", "kubeconfig", "get", "pods", "web-0", "-o", "name"]).output();
    assert_eq!(text(&asked.expect("it runs").stdout), "pod/web-0\n");
    let killed = std::process::Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let ended = server.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0));
    assert!(!out.exists(), "the kubeconfig is removed at the end");
}

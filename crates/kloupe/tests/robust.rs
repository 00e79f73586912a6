//! Input that nobody meant to give: whatever it is, the program ends in good order, and nothing of it reaches the terminal raw.

mod common;

use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{LOG, folder, json, kloupe};

/// Runs it in every format and looks at what must always hold.
fn survives(bytes: &[u8], name: &str) {
    let folder = folder(&[(name, bytes)]);
    for format in ["text", "json", "markdown"] {
        let output =
            kloupe(folder.path(), "C").args(["diagnose", "-o", format, "--from", "."]).output().expect("it runs");
        let status = output.status.code().expect("no signal ended it");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("what is said is UTF-8");
        assert!((0..=2).contains(&status) && !said.contains("panicked"), "{said}");
        assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{format} shows something raw: {said:?}");
    }
}

#[test]
fn a_line_of_a_million_characters() {
    survives(
        format!("{LOG}E0304 05:06:08.000001 1 a.go:1] \"{}\"\n{LOG}", "x".repeat(1_500_000)).as_bytes(),
        "controller.log",
    );
    survives("{".repeat(1_000_000).as_bytes(), "controller.log");
}

#[test]
fn bytes_that_are_no_text() {
    survives(&[LOG.as_bytes(), &[0xff, 0xfe, b'a', 0xc3, b'\n'], LOG.as_bytes()].concat(), "controller.log");
    survives(&[LOG.as_bytes(), &[0; 4096], LOG.as_bytes()].concat(), "controller.log");
    survives(&[0; 4096], "zeros.log");
    survives(&(0..=255).cycle().take(10_000).collect::<Vec<u8>>(), "bytes.yaml");
}

#[test]
fn escapes_in_a_log_and_in_a_name() {
    let log =
        LOG.replace("configmaps is forbidden", "\u{1b}[2J\u{1b}]0;title\u{7}configmaps is \u{9b}31mforbidden\u{202e}");
    survives(log.as_bytes(), "a\u{1b}[31mb.log");
}

#[test]
fn packed_logs_say_the_same() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(LOG.as_bytes()).expect("memory");
    let gz = gz.finish().expect("memory");
    let zst = zstd::encode_all(LOG.as_bytes(), 0).expect("memory");
    let folder = folder(&[
        ("a/c.log", LOG.as_bytes()),
        ("b/c.log.gz", &gz),
        ("c/c.log.zst", &zst),
        ("d/c.log.gz", &gz[..gz.len() / 2]),
    ]);
    let causes = |path: &str| {
        let json = json(folder.path(), &[path]);
        let causes = json["diagnoses"][0]["causes"].as_array().expect("a list").clone();
        causes.iter().map(|cause| cause["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(causes("a"), ["rbac-read-denied"]);
    assert_eq!(causes("b"), causes("a"));
    assert_eq!(causes("c"), causes("a"));
    survives(&gz[..gz.len() / 2], "cut.log.gz");
}

#[test]
fn a_packed_file_that_is_large_when_unpacked() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        gz.write_all(&vec![b'a'; 1 << 20]).expect("memory");
    }
    survives(&gz.finish().expect("memory"), "bomb.log.gz");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle() {
    let folder = folder(&[("logs/controller.log", LOG.as_bytes())]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("logs/again")).expect("a link");
    std::os::unix::fs::symlink("nowhere", folder.path().join("logs/broken")).expect("a link");
    let json = json(folder.path(), &["logs"]);
    assert_eq!(json["diagnoses"].as_array().map(Vec::len), Some(1), "{json:#}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_a_gap() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("logs/controller.log", LOG.as_bytes()), ("logs/secret.log", LOG.as_bytes())]);
    let secret = folder.path().join("logs/secret.log");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("it is ours");
    if File::open(&secret).is_ok() {
        return; // root may read everything
    }
    let json = json(folder.path(), &["logs"]);
    assert_eq!(json["gaps"][0]["what"], "secret.log");
}

#[test]
fn nobody_reads_the_answer() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kloupe"))
        .args(["explain", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

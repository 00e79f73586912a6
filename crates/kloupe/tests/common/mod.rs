//! Runs the program as a person does, in a folder of its own, with nothing of this machine in its environment.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A controller whose service account may not list config maps.
pub(crate) const LOG: &str = r#"I0304 05:06:07.100000       1 controller.go:94] "Waiting for informer caches to sync"
E0304 05:06:07.230000       1 reflector.go:227] "Failed to watch" err="failed to list *v1.ConfigMap: configmaps is forbidden: User \"system:serviceaccount:team-a:widget-controller\" cannot list resource \"configmaps\" in API group \"\" at the cluster scope" logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.ConfigMap"
E0304 05:06:41.930000       1 reflector.go:227] "Failed to watch" err="failed to list *v1.ConfigMap: configmaps is forbidden: User \"system:serviceaccount:team-a:widget-controller\" cannot list resource \"configmaps\" in API group \"\" at the cluster scope" logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.ConfigMap"
"#;

/// The pod of that controller.
pub(crate) const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: widget-controller-7d9c-x2kfp
  namespace: team-a
spec:
  serviceAccountName: widget-controller
  containers:
  - name: manager
    image: registry.example.com/widget-controller:v1
status:
  phase: Running
";

/// A folder with files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

/// The program in `folder`, in the language of the locale, 80 columns wide.
pub(crate) fn kloupe(folder: &Path, locale: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kloupe"));
    command.env_clear().env("LC_ALL", locale).env("COLUMNS", "80").current_dir(folder);
    command
}

/// What it said, in both languages: status, standard output, standard error.
pub(crate) fn said(folder: &Path, args: &str, stdin: &str) -> String {
    let mut text = String::new();
    for locale in ["en_US.UTF-8", "zh_CN.UTF-8"] {
        let output = kloupe(folder, locale).args(args.split_whitespace()).write_stdin(stdin).output().expect("it runs");
        let _ = write!(text, "$ LC_ALL={locale} kloupe {args}\n{}", shown(&output));
    }
    text
}

/// One run, as it is read in a snapshot.
pub(crate) fn shown(output: &Output) -> String {
    let status = output.status.code().expect("no signal ended it");
    let mut text = format!("status {status}\n");
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let said = std::str::from_utf8(bytes).expect("what is said is UTF-8");
        if !said.is_empty() {
            let _ = writeln!(text, "--- {name}\n{}", said.trim_end_matches('\n'));
        }
    }
    text.push('\n');
    text
}

/// The JSON answer about some files.
pub(crate) fn json(folder: &Path, args: &[&str]) -> serde_json::Value {
    let output = kloupe(folder, "C").args(["diagnose", "-o", "json", "--from"]).args(args).output().expect("it runs");
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

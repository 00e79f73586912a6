//! What is said where there is no cluster to ask: in the reader's language, and never with a piece of the kubeconfig.

mod common;

use common::{folder, kloupe};

const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
clusters:
- {name: here, cluster: {server: 'http://127.0.0.1:1'}}
users:
- {name: me, user: {token: hunter2}}
contexts:
- {name: whole, context: {cluster: here, user: me}}
- {name: without-user, context: {cluster: here, user: gone}}
";

/// Standard error and the exit status of `get pods` with a kubeconfig.
fn said(kubeconfig: &str, locale: &str, more: &[&str]) -> (String, Option<i32>) {
    let folder = folder(&[("config", kubeconfig.as_bytes())]);
    let output = kloupe(folder.path(), locale).env("KUBECONFIG", "config").args(["get", "pods"]).args(more).output();
    let output = output.expect("it runs");
    assert!(output.stdout.is_empty());
    (String::from_utf8(output.stderr).expect("what is said is UTF-8"), output.status.code())
}

#[test]
fn a_refused_connection_is_told_as_kubectl_tells_it() {
    let (error, status) = said(KUBECONFIG, "zh_CN.UTF-8", &["--context", "whole"]);
    let refused = "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n";
    assert_eq!((error.as_str(), status), (refused, Some(1)));
}

#[test]
fn a_kubeconfig_that_is_not_there_is_named() {
    for (locale, expected) in [
        ("C", "error: cannot read the kubeconfig \"gone\"\ncaused by: there is no such file\n"),
        ("zh_CN.UTF-8", "错误：无法读取 kubeconfig \"gone\"\n原因：文件不存在\n"),
    ] {
        let (error, status) = said(KUBECONFIG, locale, &["--kubeconfig", "gone"]);
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(status, Some(1));
    }
}

#[test]
fn of_several_kubeconfigs_some_may_be_missing() {
    let folder = folder(&[("config", KUBECONFIG.as_bytes())]);
    let run = |paths: &str| {
        let mut command = kloupe(folder.path(), "C");
        let output = command.env("KUBECONFIG", paths).args(["get", "pods", "--context", "whole"]).output();
        String::from_utf8(output.expect("it runs").stderr).expect("what is said is UTF-8")
    };
    assert!(run("gone:config:").starts_with("The connection to the server"), "{}", run("gone:config:"));
    assert!(run("gone:lost").starts_with("error: cannot read the kubeconfig \"gone\""), "{}", run("gone:lost"));
}

#[test]
fn what_a_kubeconfig_does_not_hold_is_said_with_what_it_holds() {
    let (error, _) = said(KUBECONFIG, "C", &[]);
    assert_eq!(
        error,
        "error: the kubeconfig has no current context: choose one with --context\nhint: it can be: whole · without-user\n"
    );
    let (error, _) = said(KUBECONFIG, "zh_CN.UTF-8", &["--context", "gone"]);
    assert_eq!(error, "错误：上下文 \"gone\" 不存在\n提示：可以是：whole · without-user\n");
    let (error, _) = said(KUBECONFIG, "C", &["--context", "without-user"]);
    assert_eq!(error, "error: the kubeconfig has no user \"gone\"\n");
    let (error, _) = said(KUBECONFIG, "zh_CN.UTF-8", &["--context", "whole", "--cluster", "lost"]);
    assert_eq!(error, "错误：kubeconfig 中没有集群 \"lost\"\n");
}

#[test]
fn nothing_of_a_broken_kubeconfig_is_shown() {
    let (error, status) = said(&format!("{KUBECONFIG}broken: [{{token: hunter2\n"), "C", &[]);
    assert!(error.starts_with("error: \"config\" is no kubeconfig\ncaused by: "), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    assert_eq!(status, Some(1));
}

#[test]
fn a_plugin_that_fails_is_quoted_without_what_it_printed() {
    let plugin = "{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['-c', 'echo hunter2; echo out of order >&2; exit 3'], interactiveMode: Never}";
    let config = KUBECONFIG.replace("{token: hunter2}", &format!("{{exec: {plugin}}}"));
    let folder = folder(&[("config", config.as_bytes())]);
    let mut command = kloupe(folder.path(), "C");
    command.env("KUBECONFIG", "config").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.args(["get", "pods", "--context", "whole"]).output().expect("it runs");
    let error = String::from_utf8(output.stderr).expect("what is said is UTF-8");
    assert!(error.contains("getting credentials: exec: the plugin failed (exit status: 3): out of order"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

//! Where a command line stands in pasted text: behind the prompts of many shells, or named by what someone wrote.

use crate::command::Command;

/// A prompt line: how far it is indented, what stands before the command, and the command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prompt<'a> {
    pub(crate) indent: usize,
    pub(crate) prefix: &'a str,
    pub(crate) command: Command,
}

/// kubectl's verbs; a word after `kubectl` that is none of them is prose.
const VERBS: &[&str] = &[
    "get",
    "describe",
    "logs",
    "log",
    "events",
    "top",
    "version",
    "api-resources",
    "api-versions",
    "auth",
    "apply",
    "create",
    "delete",
    "edit",
    "patch",
    "rollout",
    "scale",
    "exec",
    "explain",
    "cluster-info",
    "config",
    "debug",
    "label",
    "annotate",
    "replace",
    "run",
    "set",
    "wait",
    "diff",
    "drain",
    "cordon",
    "uncordon",
    "taint",
    "port-forward",
    "proxy",
    "cp",
    "attach",
    "expose",
    "autoscale",
    "certificate",
    "kustomize",
    "options",
    "plugin",
    "adm",
    "project",
    "status",
    "whoami",
    "can-i",
];

/// Other programs whose prompt line ends what stood before.
const OTHERS: &[&str] = &[
    "cat",
    "less",
    "more",
    "head",
    "tail",
    "grep",
    "helm",
    "crictl",
    "docker",
    "podman",
    "journalctl",
    "systemctl",
    "curl",
    "date",
    "ls",
    "cd",
    "echo",
    "sudo",
    "stern",
    "kustomize",
    "kubectx",
    "kubens",
    "watch",
    "export",
    "make",
    "go",
    "istioctl",
    "argocd",
    "flux",
    "vim",
    "vi",
    "nslookup",
    "dig",
    "ping",
    "ps",
    "sleep",
    "minikube",
    "kind",
    "k3s",
    "clusterctl",
    "openssl",
    "base64",
    "jq",
];

/// The prompt line that this is, if it is one.
pub(crate) fn prompt(line: &str) -> Option<Prompt<'_>> {
    let trimmed = line.trim_start_matches(' ');
    let indent = line.len() - trimmed.len();
    let (prefix, command) =
        split_prompt(trimmed).find_map(|(prefix, typed)| Some((prefix, typed_command(prefix, typed)?)))?;
    Some(Prompt { indent, prefix, command })
}

impl Prompt<'_> {
    /// Whether the shell says who and where it is: that stands in no script and in no log.
    pub(crate) fn is_telling(&self) -> bool {
        self.prefix.contains(['@', '~', '➜', '❯', '✗']) || self.prefix.starts_with("PS ")
    }
}

/// The command that was typed behind a prompt.
fn typed_command(prefix: &str, typed: &str) -> Option<Command> {
    let mut words = words(typed);
    if words.first().is_some_and(|word| word == "sudo") {
        words.remove(0);
    }
    let program = words.first()?;
    let program = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe");
    Some(if matches!(program, "kubectl" | "oc" | "k" | "kubecolor" | "microk8s.kubectl") {
        let command = Command::parse(&words[1..]);
        if !VERBS.contains(&command.verb.as_str()) || (prefix.is_empty() && (program == "k" || reads_as_prose(typed))) {
            return None;
        }
        command
    } else if !prefix.is_empty() && (OTHERS.contains(&program) || program == "k0s" || program == "k3s") {
        Command { filtered: true, ..other_command(&words) }
    } else if prefix.contains(['@', '$'])
        && words.get(1).is_some_and(|verb| matches!(verb.as_str(), "get" | "describe" | "logs"))
    {
        // Someone's own short name for kubectl.
        Command::parse(&words[1..])
    } else {
        return None;
    })
}

/// The command that a line of prose names: in backticks, or alone on a line of a list or a heading.
pub(crate) fn inline(line: &str) -> Option<Command> {
    let command = |typed: &str| {
        let typed = format!("$ {}", typed.trim_start_matches("$ "));
        prompt(&typed).map(|prompt| prompt.command).filter(|command| !command.verb.is_empty())
    };
    let line = without_tags(line);
    let bare = || {
        let bare = line.trim_start_matches(|char: char| char.is_ascii_digit() || " *#-_.)".contains(char));
        Some(bare.trim_end_matches([' ', '*', ':', '_']))
            .filter(|bare| bare.starts_with("kubectl ") || bare.starts_with("oc "))
    };
    line.split('`').skip(1).step_by(2).find_map(command).or_else(|| bare().and_then(command))
}

/// `<summary>kubectl get pods</summary>`
fn without_tags(line: &str) -> &str {
    let mut inner = line.trim();
    while let Some((_, rest)) = inner.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        inner = rest.trim();
    }
    if inner.len() < line.trim().len() { inner.split("</").next().unwrap_or(inner) } else { line }
}

/// `k3s kubectl get …` and `minikube kubectl -- get …` are kubectl's all the same; `docker logs` shows a log; `cat FILE` says nothing.
fn other_command(words: &[String]) -> Command {
    if let Some(at) = words.iter().position(|word| word == "kubectl") {
        return Command::parse(&words[at + 1..]);
    }
    let program = words.first().map_or("", String::as_str);
    let is_log = matches!(program, "stern" | "journalctl") || words.get(1).is_some_and(|word| word == "logs");
    Command { verb: if is_log { "logs".to_owned() } else { String::new() }, ..Command::default() }
}

/// Where a prompt may end, with what was typed behind it. Without a prompt only a line that starts with `kubectl` or `oc` counts.
fn split_prompt(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let bare = (line.starts_with("kubectl ") || line.starts_with("oc ")).then_some(("", line));
    let reach = line.char_indices().nth(120).map_or(line.len(), |(at, _)| at);
    let marks = line[..reach].char_indices().filter_map(move |(at, mark)| {
        if !matches!(mark, '$' | '#' | '%' | '>' | '+' | '❯' | '➜' | '✗' | 'λ' | '»') {
            return None;
        }
        let end = at + mark.len_utf8();
        let rest = line[end..].strip_prefix(' ').or_else(|| matches!(mark, '>').then_some(&line[end..]))?;
        // zsh themes write the folder after their arrow: `➜  ~ kubectl get pods`.
        let typed = rest.trim_start();
        let typed =
            if mark == '➜' { typed.split_once(' ').map_or(typed, |(_, after)| after.trim_start()) } else { typed };
        let is_typed = typed.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '/' | '.'));
        (is_typed && is_prompt(&line[..at], mark)).then(|| (&line[..line.len() - typed.len()], typed))
    });
    bare.into_iter().chain(marks)
}

/// Whether `before` is what shells write before their mark: nothing, `user@host:~`, `[root@node ~]`, `PS C:\work>`, `~/src`, `(venv) …`.
fn is_prompt(before: &str, mark: char) -> bool {
    let before = before.trim();
    if before.is_empty() {
        return true;
    }
    if mark == '+' || before.contains(['"', '=', '{', '|', ';']) {
        return false;
    }
    before.starts_with("PS ")
        || before.starts_with(['~', '/', '(', '[', '➜', '❯'])
        || before.contains('@')
        || before.get(1..3) == Some(":\\")
        || (!before.contains([' ', '<']) && before.len() <= 40 && !before.ends_with(|char: char| char.is_ascii_digit()))
}

/// A sentence that begins with a command is not a command: `kubectl get pods shows that …`.
fn reads_as_prose(text: &str) -> bool {
    let words = text.split_whitespace().count();
    text.trim_end().ends_with(['.', ':', '?', '!', ',']) || (words > 12 && !text.contains(['-', '/']))
}

/// Splits a command line into words as a shell does, up to a pipe or a redirection, which stay as words of their own.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut open = false;
    for char in line.chars() {
        match (quote, char) {
            (Some(mark), char) if mark == char => quote = None,
            (None, '"' | '\'') => {
                quote = Some(char);
                open = true;
            }
            (None, char) if char.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, '|' | ';' | '>') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                words.push(char.to_string());
            }
            (_, char) => word.push(char),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Command {
        prompt(line).unwrap_or_else(|| panic!("no prompt: {line}")).command
    }

    #[test]
    fn prompts_of_many_shells_are_seen() {
        for line in [
            "$ kubectl -n shop get pods -o wide",
            "# kubectl get pods -n shop",
            "admin@host:~$ kubectl get pods -nshop",
            "[root@node-1 ~]# kubectl get pods --namespace=shop",
            "PS C:\\work> kubectl.exe get pods -n shop",
            "+ kubectl get pods -n shop",
            "kubectl get pods -n shop",
            "~/src $ oc get pods -n 'shop'",
            "➜  ~ kubectl get pods -n shop",
            "(venv) me@host ~ % k get pods -n shop",
            "$ sudo /usr/local/bin/kubectl get pods -n shop",
            "$ k3s kubectl get pods -n shop",
            "➜  shop git:(9e35d2c) ✗ kubectl get pods -n shop",
            "(base) me@host:~/work$ m get pods -n shop",
        ] {
            let command = parsed(line);
            assert_eq!(command.verb, "get", "{line}");
            assert_eq!(command.words, ["pods"], "{line}");
            assert_eq!(command.namespace.as_deref(), Some("shop"), "{line}");
        }
    }

    #[test]
    fn prose_and_logs_are_no_prompts() {
        for line in [
            "kubectl get pods shows that nothing runs.",
            "kubectl is not installed",
            "2026-01-02T03:04:05Z INFO run `$ kubectl get pods`",
            "level=info msg=\"# kubectl get pods\"",
            "I0304 05:06:07.000001 1 main.go:7] run # kubectl get pods",
            "$ ",
            "# a comment about kubectl",
            "> quoted text",
            "NAME   READY",
        ] {
            assert_eq!(prompt(line), None, "{line}");
        }
    }

    #[test]
    fn commands_are_named_in_prose() {
        for line in [
            "Output of `kubectl get pods -n ops`:",
            "### kubectl get pods -n ops",
            "- kubectl get pods -n ops:",
            "**kubectl get pods -n ops**",
        ] {
            let command = inline(line).unwrap_or_else(|| panic!("no command: {line}"));
            assert_eq!((command.verb.as_str(), command.namespace.as_deref()), ("get", Some("ops")), "{line}");
        }
        assert_eq!(inline("I use `kubectl` and `helm install x`"), None);
    }
}

//! Command lines in pasted text: where one stands, and what a kubectl command says about the output below it.

use crate::kinds::Resource;

/// What the command above a piece of text says about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    /// `get`, `describe`, `logs`; empty for a command that is not kubectl's.
    pub(crate) verb: String,
    /// What follows the verb and is no flag.
    pub(crate) words: Vec<String>,
    /// `-n`.
    pub(crate) namespace: Option<String>,
    /// `-A`.
    pub(crate) all_namespaces: bool,
    /// `-c`.
    pub(crate) container: Option<String>,
    /// `-p`.
    pub(crate) previous: bool,
    /// Whether only a part of the output or of the objects is shown (a selector, a pipe).
    pub(crate) filtered: bool,
}

/// A prompt line: how far it is indented, what stands before the command, and the command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prompt<'a> {
    pub(crate) indent: usize,
    pub(crate) prefix: &'a str,
    pub(crate) command: Command,
}

/// kubectl's verbs; a word after `kubectl` that is none of them is prose.
const VERBS: &[&str] = &[
    "get", "describe", "logs", "log", "events", "top", "version", "api-resources", "api-versions", "auth", "apply", "create", "delete",
    "edit", "patch", "rollout", "scale", "exec", "explain", "cluster-info", "config", "debug", "label", "annotate", "replace", "run",
    "set", "wait", "diff", "drain", "cordon", "uncordon", "taint", "port-forward", "proxy", "cp", "attach", "expose", "autoscale",
    "certificate", "kustomize", "options", "plugin", "adm", "project", "status", "whoami", "can-i",
];

/// Other programs whose prompt line ends what stood before.
const OTHERS: &[&str] = &[
    "cat", "less", "more", "head", "tail", "grep", "helm", "crictl", "docker", "podman", "journalctl", "systemctl", "curl", "date",
    "ls", "cd", "echo", "sudo", "stern", "kustomize", "kubectx", "kubens", "watch", "export", "make", "go", "istioctl", "argocd",
    "flux", "vim", "vi", "nslookup", "dig", "ping", "ps", "sleep", "minikube", "kind", "k3s", "clusterctl", "openssl", "base64", "jq",
];

/// Flags that take a value in the next word.
const FLAGS_WITH_VALUE: &[&str] = &[
    "-n", "--namespace", "-c", "--container", "-o", "--output", "-l", "--selector", "--field-selector", "--sort-by", "--context",
    "--kubeconfig", "--tail", "--since", "--since-time", "-f", "--filename", "--cluster", "--user", "--as", "-v", "--chunk-size",
    "--limit-bytes", "-s", "--server", "--request-timeout", "--template", "-L", "--label-columns", "--for", "--types", "--token",
    "--max-log-requests", "--subresource", "--as-group",
];

/// The prompt line that this is, if it is one.
pub(crate) fn prompt(line: &str) -> Option<Prompt<'_>> {
    let trimmed = line.trim_start_matches(' ');
    let indent = line.len() - trimmed.len();
    let (prefix, rest) = split_prompt(trimmed)?;
    let mut words = words(rest);
    if words.first().is_some_and(|word| word == "sudo") {
        words.remove(0);
    }
    let program = words.first()?;
    let program = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe");
    let command = if matches!(program, "kubectl" | "oc" | "k" | "kubecolor" | "microk8s.kubectl") {
        let command = Command::parse(&words[1..]);
        if !VERBS.contains(&command.verb.as_str()) || (prefix.is_empty() && (program == "k" || reads_as_prose(rest))) {
            return None;
        }
        command
    } else if !prefix.is_empty() && (OTHERS.contains(&program) || program == "k0s" || program == "k3s") {
        Command { filtered: true, ..other_command(&words) }
    } else {
        return None;
    };
    Some(Prompt { indent, prefix, command })
}

/// The command that a line of prose names: in backticks, or alone on a line of a list or a heading.
pub(crate) fn inline(line: &str) -> Option<Command> {
    let command = |typed: &str| {
        let typed = format!("$ {}", typed.trim_start_matches("$ "));
        prompt(&typed).map(|prompt| prompt.command).filter(|command| !command.verb.is_empty())
    };
    let bare = || {
        let bare = line.trim_start_matches(|char: char| char.is_ascii_digit() || " *#-_.)".contains(char));
        Some(bare.trim_end_matches([' ', '*', ':', '_'])).filter(|bare| bare.starts_with("kubectl ") || bare.starts_with("oc "))
    };
    line.split('`').skip(1).step_by(2).find_map(command).or_else(|| bare().and_then(command))
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

/// The prompt and what was typed after it. Without a prompt only a line that starts with `kubectl` or `oc` counts.
fn split_prompt(line: &str) -> Option<(&str, &str)> {
    if line.starts_with("kubectl ") || line.starts_with("oc ") {
        return Some(("", line));
    }
    let reach = line.char_indices().nth(120).map_or(line.len(), |(at, _)| at);
    for (at, mark) in line[..reach].char_indices() {
        if !matches!(mark, '$' | '#' | '%' | '>' | '+' | '❯' | '➜' | 'λ' | '»') {
            continue;
        }
        let end = at + mark.len_utf8();
        let Some(rest) = line[end..].strip_prefix(' ').or_else(|| matches!(mark, '>').then_some(&line[end..])) else { continue };
        // zsh themes write the folder after their arrow: `➜  ~ kubectl get pods`.
        let typed = rest.trim_start();
        let typed = if mark == '➜' { typed.split_once(' ').map_or(typed, |(_, after)| after.trim_start()) } else { typed };
        if is_prompt(&line[..at], mark) && typed.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '/' | '.')) {
            return Some((&line[..line.len() - typed.len()], typed));
        }
    }
    None
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
        || before.starts_with(['~', '/', '(', '['])
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

impl Command {
    /// Reads the words after `kubectl`.
    fn parse(words: &[String]) -> Command {
        let mut command = Command::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            if matches!(word, "|" | ";" | "&&" | "\\") {
                command.filtered |= word == "|";
                break;
            }
            if matches!(word, ">" | "2") {
                continue;
            }
            if word.starts_with('-') && word != "--" {
                command.flag(word, &mut words);
            } else if command.verb.is_empty() {
                word.clone_into(&mut command.verb);
            } else if word != "--" {
                command.words.push(word.to_owned());
            }
        }
        if command.verb == "log" {
            "logs".clone_into(&mut command.verb);
        }
        command
    }

    fn flag<'a>(&mut self, word: &'a str, rest: &mut impl Iterator<Item = &'a str>) {
        let (name, mut value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if value.is_none() && FLAGS_WITH_VALUE.contains(&name) && !(name == "-f" && self.verb == "logs") {
            value = rest.next();
        }
        let text = value.map(str::to_owned);
        match name {
            "-n" | "--namespace" => self.namespace = text.filter(|name| !name.starts_with(['$', '<'])),
            "-c" | "--container" => self.container = text,
            "-A" | "--all-namespaces" => self.all_namespaces = value != Some("false"),
            "-p" | "--previous" if self.verb == "logs" => self.previous = value != Some("false"),
            "-l" | "--selector" | "--field-selector" | "--limit" => self.filtered = true,
            // `-nops` is `-n ops`.
            _ if name.len() > 2 && name.starts_with("-n") => self.namespace = Some(name[2..].to_owned()),
            _ => {}
        }
    }

    /// The resources that `get` or `describe` names: the kind of `pods x y`, `pod/x`, or several of `pods,deploy`.
    pub(crate) fn resources(&self) -> Vec<Resource> {
        let Some(first) = self.words.first() else { return Vec::new() };
        first.split(',').map(|word| Resource::parse(word.split('/').next().unwrap_or(word))).collect()
    }

    /// The one resource that is asked for, where it is one.
    pub(crate) fn resource(&self) -> Option<Resource> {
        let mut resources = self.resources();
        (resources.len() == 1 && !resources[0].kind.eq_ignore_ascii_case("all")).then(|| resources.remove(0))
    }

    /// The names that are asked for, empty if all are.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self.words.split_first() {
            Some((first, _)) if first.contains('/') => {
                self.words.iter().filter_map(|word| word.split_once('/').map(|(_, name)| name)).collect()
            }
            Some((_, names)) => names.iter().map(String::as_str).collect(),
            None => Vec::new(),
        }
    }

    /// Whether everything of a kind was asked for.
    pub(crate) fn lists_all(&self) -> bool {
        matches!(self.verb.as_str(), "get" | "describe") && !self.filtered && self.words.len() == 1 && self.names().is_empty()
    }

    /// The namespace that the output is limited to; kubectl's default is not known here.
    pub(crate) fn namespace(&self) -> Option<&str> {
        if self.all_namespaces { None } else { self.namespace.as_deref() }
    }
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
    fn a_command_says_what_is_below_it() {
        let logs = parsed("$ kubectl logs deploy/shop-controller -c manager -p -n ops --tail 100 -f");
        assert_eq!(logs.words, ["deploy/shop-controller"]);
        assert_eq!(logs.container.as_deref(), Some("manager"));
        assert!(logs.previous);
        assert!(parsed("$ kubectl get crd").lists_all());
        assert!(!parsed("$ kubectl get crd | grep widgets").lists_all());
        assert!(!parsed("$ kubectl get crd -l app=shop").lists_all());
        assert!(!parsed("$ kubectl get pod shop-0").lists_all());
        assert_eq!(parsed("$ kubectl get pod/shop-0 -o yaml").names(), ["shop-0"]);
        assert_eq!(parsed("$ kubectl get pods,deploy").resources().len(), 2);
        assert_eq!(parsed("$ kubectl get all -A").resource(), None);
    }
}

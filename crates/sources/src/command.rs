//! What a kubectl command says about the output below it. `prompt.rs` finds the command.

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

/// Flags that take a value in the next word.
const FLAGS_WITH_VALUE: &[&str] = &[
    "-n",
    "--namespace",
    "-c",
    "--container",
    "-o",
    "--output",
    "-l",
    "--selector",
    "--field-selector",
    "--sort-by",
    "--context",
    "--kubeconfig",
    "--tail",
    "--since",
    "--since-time",
    "-f",
    "--filename",
    "--cluster",
    "--user",
    "--as",
    "-v",
    "--chunk-size",
    "--limit-bytes",
    "-s",
    "--server",
    "--request-timeout",
    "--template",
    "-L",
    "--label-columns",
    "--for",
    "--types",
    "--token",
    "--max-log-requests",
    "--subresource",
    "--as-group",
];

impl Command {
    /// Reads the words after `kubectl`.
    pub(crate) fn parse(words: &[String]) -> Command {
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
        matches!(self.verb.as_str(), "get" | "describe")
            && !self.filtered
            && self.words.len() == 1
            && self.names().is_empty()
    }

    /// The namespace that the output is limited to; kubectl's default is not known here.
    pub(crate) fn namespace(&self) -> Option<&str> {
        if self.all_namespaces { None } else { self.namespace.as_deref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::prompt;

    fn parsed(line: &str) -> Command {
        prompt(line).unwrap_or_else(|| panic!("no prompt: {line}")).command
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

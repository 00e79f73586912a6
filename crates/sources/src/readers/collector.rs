//! Text in which a collector says that it could not read: that is a gap, never a controller's log.

use std::borrow::Cow;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: true, in_prose: false, probe, read, list: None };

/// So many lines of a collector's text are looked at; more is not the message of a collector.
const MAX_LINES: usize = 30;

/// How such a line begins, and where it is from.
const STARTS: &[&str] = &[
    "Error from server",                          // kubectl
    "error: You must be logged in to the server", // kubectl
    "error: the server doesn't have a resource type",
    "error: the server could not find the requested resource",
    "error: unable to ",
    "error: cannot ",
    "error: timed out waiting for the condition",
    "error: container ", // kubectl logs: container x is not valid for pod y
    "error: a container name must be specified",
    "error: previous terminated container",
    "error: no context",
    "error: no configuration has been provided",
    "error: current-context",
    "error: Internal error occurred",
    "The connection to the server ", // kubectl
    "Unable to connect to the server",
    "unable to retrieve container logs for ", // kubelet
    "Unable to retrieve container logs for ",
    "Request log error: ", // kubectl cluster-info dump
    "Create log error: ",
    "failed to try resolving symlinks in path ", // kubelet
    "failed to get parse function: unsupported log format",
    "rpc error: code = NotFound desc = an error occurred when try to find container",
    "Error: unable to fetch logs",
    "previous terminated container ",
    "couldn't get current server API group list",
    "couldn't get resource list for",
];

/// Whether a line says that something could not be read.
pub(super) fn is_error(line: &str) -> bool {
    let line = line.trim();
    STARTS.iter().any(|start| line.starts_with(start)) || is_discovery_noise(line)
}

/// `E0304 … memcache.go:265] couldn't get current server API group list: …`, which kubectl writes before its last words.
fn is_discovery_noise(line: &str) -> bool {
    line.contains("memcache.go:") && line.contains("couldn't get ")
}

/// The same text with its first and last lines blanked where a collector says there that it could not read something, and those lines.
pub(crate) fn without_errors(text: &str) -> (Cow<'_, str>, Vec<String>) {
    let is_outside = |line: &&str| line.trim().is_empty() || is_error(line);
    let head = text.lines().take_while(is_outside).count();
    let tail = text.lines().rev().take_while(is_outside).count();
    let outside = || text.lines().take(head).chain(text.lines().rev().take(tail));
    if !outside().any(is_error) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let end = text.lines().count() - tail;
    if end <= head {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut errors: Vec<String> = Vec::new();
    for error in outside().map(str::trim).filter(|line| !line.is_empty() && !is_discovery_noise(line)) {
        if errors.len() < MAX_LINES && !errors.iter().any(|known| known == error) {
            errors.push(error.to_owned());
        }
    }
    let kept: Vec<&str> =
        text.lines().enumerate().map(|(at, line)| if at < head || at >= end { "" } else { line }).collect();
    (Cow::Owned(kept.join("\n")), errors)
}

fn probe(section: &Section) -> bool {
    let is_asked = section.command.is_some_and(|command| !command.verb.is_empty());
    let is_error = |line: &str| is_error(line) || (is_asked && line.starts_with("error: "));
    let mut lines = section.text.lines().filter(|line| !line.trim().is_empty());
    lines.clone().count() <= MAX_LINES && lines.clone().next().is_some() && lines.all(is_error)
}

fn read(section: &Section, found: &mut Found) -> bool {
    let mut lines: Vec<&str> = section.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > 1 {
        lines.retain(|line| !is_discovery_noise(line));
    }
    lines.dedup();
    for line in lines {
        found.gap(section.source(), line);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gaps, read_as};
    use super::*;

    #[test]
    fn what_the_collector_could_not_read_is_a_gap() {
        let text =
            "Error from server (BadRequest): previous terminated container \"manager\" in pod \"shop-0\" not found\n";
        let found = read_as("previous.log", text);
        assert!(found.logs.is_empty());
        assert_eq!(gaps(&found), [format!("previous.log: {}", text.trim())]);
        assert!(found.understood);
    }

    #[test]
    fn an_error_beside_objects_is_a_gap() {
        let text = "Error from server (NotFound): pods \"gone-0\" not found\napiVersion: v1\nkind: Pod\nmetadata: {name: shop-0}\n";
        let found = read_as("pods.yaml", text);
        assert_eq!(found.facts.objects.len(), 1);
        assert_eq!(gaps(&found), ["pods.yaml: Error from server (NotFound): pods \"gone-0\" not found"]);
        let (text, errors) = without_errors("a\nError from server (X): y\nb\n");
        assert_eq!((text.as_ref(), errors.len()), ("a\nError from server (X): y\nb\n", 0));
    }

    #[test]
    fn a_log_that_quotes_such_a_line_is_a_log() {
        let text =
            "I0304 05:06:07.000001       1 main.go:7] started\nError from server (NotFound): pods \"x\" not found\n";
        let found = read_as("controller.log", text);
        assert_eq!((found.logs.len(), found.facts.gaps.len()), (1, 0));
    }
}

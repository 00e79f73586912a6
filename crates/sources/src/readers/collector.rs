//! Text in which a collector says that it could not read: that is a gap, never a controller's log.

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: true, probe, read };

/// So many lines of a collector's text are looked at; more is not the message of a collector.
const MAX_LINES: usize = 30;

/// How such a line begins, and where it is from.
const STARTS: &[&str] = &[
    "Error from server",                        // kubectl
    "error: You must be logged in to the server", // kubectl
    "error: the server doesn't have a resource type",
    "error: timed out waiting for the condition",
    "error: container ",                        // kubectl logs: container x is not valid for pod y
    "error: previous terminated container",
    "error: no context",
    "error: current-context",
    "The connection to the server ",            // kubectl
    "Unable to connect to the server",          // kubectl
    "unable to retrieve container logs for ",   // kubelet
    "Unable to retrieve container logs for ",
    "Request log error: ",                      // kubectl cluster-info dump
    "Create log error: ",
    "failed to try resolving symlinks in path ", // kubelet
    "failed to get parse function: unsupported log format",
    "rpc error: code = NotFound desc = an error occurred when try to find container",
    "Error: unable to fetch logs",
    "previous terminated container ",
    "couldn't get current server API group list",
    "couldn't get resource list for",
];

fn is_error(line: &str) -> bool {
    let line = line.trim();
    STARTS.iter().any(|start| line.starts_with(start)) || is_discovery_noise(line)
}

/// `E0304 … memcache.go:265] couldn't get current server API group list: …`, which kubectl writes before its last words.
fn is_discovery_noise(line: &str) -> bool {
    line.contains("memcache.go:") && line.contains("couldn't get ")
}

fn probe(section: &Section) -> bool {
    let mut lines = section.text.lines().filter(|line| !line.trim().is_empty());
    lines.clone().count() <= MAX_LINES && lines.clone().next().is_some() && lines.all(is_error)
}

fn read(section: &Section, found: &mut Found) -> bool {
    let what = match section.command {
        Some(command) if !command.verb.is_empty() => {
            format!("{}: kubectl {} {}", section.file, command.verb, command.words.join(" ")).trim_end().to_owned()
        }
        _ => section.file.to_owned(),
    };
    let mut lines: Vec<&str> = section.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > 1 {
        lines.retain(|line| !is_discovery_noise(line));
    }
    lines.dedup();
    for line in lines {
        found.gap(what.clone(), line);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gaps, read_as};

    #[test]
    fn what_the_collector_could_not_read_is_a_gap() {
        let text = "Error from server (BadRequest): previous terminated container \"manager\" in pod \"shop-0\" not found\n";
        let found = read_as("previous.log", text);
        assert!(found.logs.is_empty());
        assert_eq!(gaps(&found), [format!("previous.log: {}", text.trim())]);
        assert!(found.understood);
    }

    #[test]
    fn a_log_that_quotes_such_a_line_is_a_log() {
        let text = "I0304 05:06:07.000001       1 main.go:7] started\nError from server (NotFound): pods \"x\" not found\n";
        let found = read_as("controller.log", text);
        assert_eq!((found.logs.len(), found.facts.gaps.len()), (1, 0));
    }
}

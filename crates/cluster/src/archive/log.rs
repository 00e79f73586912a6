//! A container's log, as the kubelet would give it.

use std::io::Read;

use jiff::Timestamp;
use kloupe_sources::LogFile;
use kloupe_sources::bundle::ROOT;
use serde_json::Value;

use super::status::Refusal;
use super::store::Store;

/// What of a log is wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) container: Option<String>,
    pub(crate) previous: bool,
    pub(crate) timestamps: bool,
    pub(crate) tail: Option<usize>,
    pub(crate) limit: Option<usize>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) since_seconds: Option<i64>,
}

/// The logs that were captured of a pod.
fn of_pod<'a>(store: &'a Store, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a LogFile> {
    store.logs.iter().filter(move |log| {
        log.pod.as_deref() == Some(name) && log.namespace.as_deref().is_none_or(|its| its == namespace)
    })
}

/// Whether a log of the pod was captured; the pod itself may not have been.
pub(crate) fn held(store: &Store, namespace: &str, name: &str) -> bool {
    of_pod(store, namespace, name).next().is_some()
}

/// The log of one container of a pod, which is null where only logs were captured.
pub(crate) fn read(
    store: &Store,
    pod: &Value,
    namespace: &str,
    name: &str,
    wanted: &Wanted,
) -> Result<Vec<u8>, Refusal> {
    let container = if pod.is_null() {
        logged_container(store, namespace, name, wanted.container.as_deref())?
    } else {
        container(pod, name, wanted.container.as_deref())?
    };
    let log = of_pod(store, namespace, name)
        .find(|log| log.previous == wanted.previous && log.container.as_deref().is_none_or(|its| its == container));
    let Some(log) = log else {
        let which = if wanted.previous { "previous terminated container" } else { "container" };
        let why = if wanted.previous && never_restarted(pod, &container) { "" } else { ": its log was not captured" };
        return Err(Refusal::bad_request(format!("{which} \"{container}\" in pod \"{name}\" not found{why}")));
    };
    let mut bytes = Vec::new();
    let read = log.open().and_then(|mut stream| stream.read_to_end(&mut bytes));
    read.map_err(|error| Refusal::internal(format!("{}: {error}", log.file)))?;
    Ok(cut(&bytes, has_stamps(&log.file, &bytes), wanted))
}

/// Whether a collector asked the kubelet to put a time before each line: kloupe and must-gather do.
fn has_stamps(file: &str, bytes: &[u8]) -> bool {
    let of_collector = file.contains(&format!("{ROOT}/logs/"))
        || ["current", "previous", "previous.insecure"].iter().any(|name| file.ends_with(&format!("/logs/{name}.log")));
    of_collector
        && bytes.split(|byte| *byte == b'\n').find(|line| !line.is_empty()).is_some_and(|line| stamp(line).is_some())
}

/// The time that a line begins with, as text and as a time.
fn stamp(line: &[u8]) -> Option<(&str, Timestamp)> {
    let space = line.iter().take(40).position(|byte| *byte == b' ')?;
    let word = std::str::from_utf8(&line[..space]).ok()?;
    Some((word, word.parse().ok()?))
}

/// Whether the pod's status says that the container has no run before this one.
fn never_restarted(pod: &Value, container: &str) -> bool {
    let statuses = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
    let mut statuses = statuses.into_iter().flat_map(|field| pod["status"][field].as_array().into_iter().flatten());
    statuses.any(|status| status["name"] == container && status["lastState"]["terminated"].is_null())
}

/// The container that is meant where the pod was not captured.
fn logged_container(store: &Store, namespace: &str, name: &str, asked: Option<&str>) -> Result<String, Refusal> {
    let mut known: Vec<&str> = of_pod(store, namespace, name).filter_map(|log| log.container.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    match (asked, known.as_slice()) {
        (Some(asked), []) => Ok(asked.to_owned()),
        (Some(asked), known) if known.contains(&asked) => Ok(asked.to_owned()),
        (Some(asked), _) => Err(Refusal::bad_request(format!("container {asked} is not valid for pod {name}"))),
        (None, []) => Ok(String::new()),
        (None, [only]) => Ok((*only).to_owned()),
        (None, known) => Err(Refusal::bad_request(format!(
            "a container name must be specified for pod {name}, choose one of: [{}]",
            known.join(" ")
        ))),
    }
}

fn container(pod: &Value, name: &str, asked: Option<&str>) -> Result<String, Refusal> {
    let all = |field: &str| -> Vec<&str> {
        pod["spec"][field].as_array().into_iter().flatten().filter_map(|container| container["name"].as_str()).collect()
    };
    let (containers, init) = (all("containers"), all("initContainers"));
    match (asked, containers.as_slice()) {
        (Some(asked), _)
            if containers.contains(&asked) || init.contains(&asked) || all("ephemeralContainers").contains(&asked) =>
        {
            Ok(asked.to_owned())
        }
        (Some(asked), _) => Err(Refusal::bad_request(format!("container {asked} is not valid for pod {name}"))),
        (None, [only]) if init.is_empty() => Ok((*only).to_owned()),
        (None, _) => Err(Refusal::bad_request(format!(
            "a container name must be specified for pod {name}, choose one of: [{}]{}",
            containers.join(" "),
            if init.is_empty() {
                String::new()
            } else {
                format!(" or one of the init containers: [{}]", init.join(" "))
            }
        ))),
    }
}

/// The stamp of a line and what the container wrote: what follows the stamp of a collector, or the runtime's prefix (`STAMP stdout F `).
fn split(line: &[u8], stamped: bool) -> (Option<(&str, Timestamp)>, &[u8]) {
    let Some((word, time)) = stamp(line) else { return (None, line) };
    let rest = &line[word.len() + 1..];
    let message = [&b"stdout F "[..], b"stderr F ", b"stdout P ", b"stderr P "]
        .into_iter()
        .find_map(|tag| rest.strip_prefix(tag));
    (Some((word, time)), message.unwrap_or(if stamped { rest } else { line }))
}

fn cut(bytes: &[u8], stamped: bool, wanted: &Wanted) -> Vec<u8> {
    let lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| (split(line, stamped), line)).collect();
    // Seconds are counted back from the last line: a capture's present is when it was taken.
    let last = lines.iter().rev().find_map(|((stamp, _), _)| stamp.map(|stamp| stamp.1));
    let since = wanted.since.or_else(|| {
        let seconds = wanted.since_seconds?;
        last?.checked_sub(jiff::SignedDuration::from_secs(seconds)).ok()
    });
    // A line without a stamp belongs to the one before it.
    let start = since.map_or(0, |since| {
        lines.iter().position(|((stamp, _), _)| stamp.is_some_and(|stamp| stamp.1 >= since)).unwrap_or(lines.len())
    });
    let start = wanted.tail.map_or(start, |tail| start.max(lines.len().saturating_sub(tail)));
    let mut out = Vec::new();
    for ((stamp, message), line) in &lines[start..] {
        let stripped = message.len() < line.len();
        if let Some((word, _)) = stamp.filter(|_| wanted.timestamps && stripped) {
            out.extend_from_slice(word.as_bytes());
            out.push(b' ');
        }
        let partial = stripped && line[..line.len() - message.len()].ends_with(b" P ");
        out.extend_from_slice(if partial { message.strip_suffix(b"\n").unwrap_or(message) } else { message });
    }
    if let Some(limit) = wanted.limit {
        out.truncate(limit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &[u8] = b"2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:10Z stdout P tw\n2026-01-01T00:00:10Z stdout F o\nplain\n";

    #[test]
    fn the_runtime_prefix_goes_and_the_options_cut() {
        let text = |wanted: &Wanted| String::from_utf8(cut(LOG, false, wanted)).expect("text");
        assert_eq!(text(&Wanted::default()), "one\ntwo\nplain\n");
        assert_eq!(text(&Wanted { tail: Some(1), ..Wanted::default() }), "plain\n");
        assert_eq!(text(&Wanted { since_seconds: Some(5), ..Wanted::default() }), "two\nplain\n");
        assert_eq!(text(&Wanted { limit: Some(3), ..Wanted::default() }), "one");
        let stamped = text(&Wanted { timestamps: true, ..Wanted::default() });
        assert!(stamped.starts_with("2026-01-01T00:00:00Z one\n"), "{stamped}");
    }

    #[test]
    fn a_collectors_stamps_are_shown_where_they_are_asked_for() {
        let log = b"2026-01-01T00:00:00.5Z one\n2026-01-01T00:00:01Z two\n";
        assert!(has_stamps("x.tar.zst/kloupe-bundle/logs/shop/web-0/web.log", log));
        assert!(!has_stamps("web.log", log));
        assert!(!has_stamps("x/namespaces/shop/pods/web-0/web/web/logs/current.log", b"plain\n"));
        assert_eq!(cut(log, true, &Wanted::default()), b"one\ntwo\n");
        assert_eq!(cut(log, true, &Wanted { timestamps: true, ..Wanted::default() }), log);
        assert_eq!(
            cut(log, true, &Wanted { since: "2026-01-01T00:00:01Z".parse().ok(), ..Wanted::default() }),
            b"two\n"
        );
    }
}

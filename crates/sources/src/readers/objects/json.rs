//! JSON objects: one, a list, an array, or several one after the other. A JSON log line is no object: an object has `apiVersion` and
//! `kind` as texts at its outermost level.

use kloupe_model::{Text, Why};
use serde_json::Value;

use super::super::Section;
use super::head::Shallow;
use super::take::Take;

/// What stands at the outermost level of the first object.
#[derive(Default)]
struct Top {
    api_version: Option<String>,
    kind: Option<String>,
    items: bool,
    object: bool,
    /// It has a level or a message as log records have: controllers log whole objects' fields.
    logged: bool,
}

/// Whether the text begins with an object or a list of objects.
pub(super) fn probe(head: &str) -> bool {
    let head = head.strip_prefix('[').map_or(head, str::trim_start);
    let top = Top::of(head);
    let api_version = top.api_version.unwrap_or_default();
    // Audit logs have the shape of objects, a line each, and are logs.
    if api_version.starts_with("audit.k8s.io/") || top.logged {
        return false;
    }
    let is_list =
        top.items && (!api_version.is_empty() || top.kind.as_ref().is_some_and(|kind| kind.ends_with("List")));
    let is_object = !api_version.is_empty() && top.kind.is_some_and(|kind| !kind.is_empty());
    is_list || is_object || (top.object && head[..head.len().min(4096)].contains("\"apiVersion\""))
}

/// Whether the text begins with a list of which at least the first item stands in it.
pub(super) fn begins_list(head: &str) -> bool {
    let head = head.trim_start();
    head.starts_with('{') && Top::of(head).items
}

impl Top {
    /// Scans the keys of the first object; the text may be cut anywhere.
    fn of(text: &str) -> Top {
        let mut top = Top::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut depth = 0usize;
        let mut key: Option<&str> = None;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    let Some(end) = string_end(bytes, at) else { break };
                    let string = text.get(at + 1..end).unwrap_or_default();
                    at = end;
                    if depth == 1 {
                        match key.take() {
                            Some(name) => top.string(name, string),
                            None => key = Some(string),
                        }
                    }
                }
                b'{' | b'[' => {
                    if depth == 1 {
                        top.nested(key.take(), *byte);
                    }
                    depth += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                b',' if depth == 1 => key = None,
                _ => {}
            }
            at += 1;
        }
        top
    }

    fn string(&mut self, key: &str, value: &str) {
        match key {
            "apiVersion" => self.api_version = Some(value.to_owned()),
            "kind" => self.kind = Some(value.to_owned()),
            "msg" | "level" | "severity" | "logger" | "caller" => self.logged = true,
            _ => {}
        }
    }

    fn nested(&mut self, key: Option<&str>, bracket: u8) {
        match (key, bracket) {
            (Some("items"), b'[') => self.items = true,
            // `kubectl get --watch --output-watch-events`
            (Some("object"), b'{') => self.object = true,
            _ => {}
        }
    }
}

/// Where the string that starts at `start` ends.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// So many broken values are stepped over; text with more of them is something else.
const MAX_BROKEN: usize = 20;

/// Reads all values; after a broken one it goes on at the next line that begins with a brace.
pub(super) fn read(section: &Section, take: &mut Take) {
    let text = section.text;
    let mut start = 0;
    let mut broken = 0;
    let (mut line, mut counted) = (0, 0);
    while broken < MAX_BROKEN {
        let rest = text[start..].trim_start();
        start = text.len() - rest.len();
        line += text[counted..start].matches('\n').count() as u64;
        counted = start;
        // Most are objects and lists of objects, which nobody needs to parse yet.
        let mut shallow = serde_json::Deserializer::from_str(rest).into_iter::<Shallow>();
        if let Some(Ok(top)) = shallow.next().filter(|_| rest.starts_with('{')) {
            let end = shallow.byte_offset();
            take.shallow(&rest[..end], line, top);
            start += end;
            continue;
        }
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match stream.next() {
            None => return,
            Some(Ok(value)) => {
                take.value(value);
                start += stream.byte_offset();
            }
            Some(Err(error)) => {
                broken += 1;
                let Some(next) = step_over(rest, line, &error, take) else { return };
                start += next;
            }
        }
    }
}

/// Keeps what can be read of a broken value, and tells where the next one begins.
fn step_over(rest: &str, line: u64, error: &serde_json::Error, take: &mut Take) -> Option<usize> {
    if rest.starts_with(['{', '[']) {
        take.broken(line, Why::of(Text { en: "broken JSON", zh: "JSON 不完整" }, error.to_string()));
        if !salvage(rest, take)
            && let Some(value) = mended(rest)
        {
            take.partial(value);
        }
    } else {
        take.ignored(line, rest.lines().next().unwrap_or_default());
    }
    next_value(rest)
}

/// Where after a broken value the next one begins.
fn next_value(rest: &str) -> Option<usize> {
    ["\n{", "\n["].iter().filter_map(|mark| rest.get(1..)?.find(mark).map(|at| at + 2)).min()
}

/// An object that breaks off, up to its last whole field.
fn mended(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    let mut kept: Option<(usize, Vec<u8>)> = None;
    let mut at = 0;
    while at < bytes.len() && open.len() < 128 {
        match bytes[at] {
            b'"' => match string_end(bytes, at) {
                Some(end) => at = end,
                None => break,
            },
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' if open.pop() == Some(bytes[at]) => kept = Some((at + 1, open.clone())),
            b'}' | b']' => break,
            b',' => kept = Some((at, open.clone())),
            _ => {}
        }
        at += 1;
    }
    let (end, open) = kept?;
    let mut mended = text[..end].to_owned();
    mended.extend(open.iter().rev().map(|bracket| char::from(*bracket)));
    serde_json::from_str(&mended).ok()
}

/// The whole items of a list that breaks off or holds a broken one; `false` if it is no list.
fn salvage(text: &str, take: &mut Take) -> bool {
    let Some(items) = text.find("\"items\"").and_then(|at| text[at..].find('[').map(|to| at + to + 1)) else {
        return false;
    };
    if !Top::of(text).items {
        return false;
    }
    let kind = take_kind(&text[..items.min(4096)]);
    let mut rest = text[items..].trim_start();
    loop {
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = stream.next() else { break };
        let end = stream.byte_offset();
        take.item(value, kind.as_deref());
        rest = rest[end..].trim_start().trim_start_matches(',').trim_start();
    }
    true
}

fn take_kind(head: &str) -> Option<String> {
    Top::of(head).kind.and_then(|kind| kind.strip_suffix("List").map(str::to_owned)).filter(|kind| !kind.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{gaps, read_as};
    use super::*;

    #[test]
    fn objects_of_all_shapes_are_read() {
        let pod =
            |name: &str| format!("{{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{{\"name\":\"{name}\"}}}}");
        for text in [
            format!("{}\n{}", pod("a"), pod("b")),
            format!("[{},{}]", pod("a"), pod("b")),
            format!(
                "{{\"type\":\"ADDED\",\"object\":{}}}\n{{\"type\":\"MODIFIED\",\"object\":{}}}",
                pod("a"),
                pod("b")
            ),
            format!("{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{},{}]}}", pod("a"), pod("b")),
        ] {
            let found = read_as("pods.json", &text);
            assert_eq!(found.facts.objects.len(), 2, "{text}");
            assert!(found.facts.objects.iter().all(|object| object.whole && object.reference.kind == "Pod"));
        }
    }

    #[test]
    fn what_breaks_off_is_kept_as_far_as_it_goes() {
        let list = "{\"apiVersion\":\"v1\",\"items\":[{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}},{\"kind\":\"Pod\",\"meta";
        let found = read_as("pods.json", list);
        assert_eq!((found.facts.objects.len(), found.facts.listed.len(), found.facts.gaps.len()), (1, 0, 1));
        let lone =
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"y\"},\"annot";
        let found = read_as("pod.json", lone);
        assert!(!found.facts.objects[0].whole);
        assert_eq!(found.facts.objects[0].str_at(&["metadata", "labels", "x"]), Some("y"));
        assert!(gaps(&found)[0].starts_with("pod.json:1: broken JSON"), "{:?}", gaps(&found));
        assert_eq!(mended("{\"a\":"), None);
    }

    #[test]
    fn an_empty_list_says_that_there_is_none() {
        let text = "{\n  \"kind\": \"DaemonSetList\",\n  \"apiVersion\": \"apps/v1\",\n  \"items\": null\n}\n";
        let found = read_as("ops/daemonsets.json", text);
        assert!(found.facts.objects.is_empty());
        assert_eq!(
            (found.facts.listed[0].kind.as_str(), found.facts.listed[0].namespace.as_deref()),
            ("DaemonSet", Some("ops"))
        );
    }

    #[test]
    fn a_json_log_is_a_log() {
        let found = read_as(
            "controller.log",
            "{\"level\":\"info\",\"msg\":\"x\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}}\n",
        );
        assert_eq!((found.facts.objects.len(), found.logs.len()), (0, 1));
    }
}

//! JSON objects: one, a list, an array, or several one after the other. A JSON log line is no object: an object has `apiVersion` and
//! `kind` as texts at its outermost level.

use serde_json::Value;

use super::super::Section;
use super::take::Take;

/// What stands at the outermost level of the first object.
#[derive(Default)]
struct Top {
    api_version: Option<String>,
    kind: Option<String>,
    items: bool,
    object: bool,
}

/// Whether the text begins with an object or a list of objects.
pub(super) fn probe(head: &str) -> bool {
    let head = head.strip_prefix('[').map_or(head, str::trim_start);
    let top = Top::of(head);
    let api_version = top.api_version.unwrap_or_default();
    // Audit logs have the shape of objects, a line each, and are logs.
    if api_version.starts_with("audit.k8s.io/") {
        return false;
    }
    let is_list = top.items && (!api_version.is_empty() || top.kind.as_ref().is_some_and(|kind| kind.ends_with("List")));
    let is_object = !api_version.is_empty() && top.kind.is_some_and(|kind| !kind.is_empty());
    is_list || is_object || (top.object && head[..head.len().min(4096)].contains("\"apiVersion\""))
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

/// Reads all values; after a broken one it goes on at the next line that begins with a brace.
pub(super) fn read(section: &Section, take: &mut Take) {
    let text = section.text;
    let mut start = 0;
    while start < text.len() {
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        let mut error = None;
        for value in stream.by_ref() {
            match value {
                Ok(value) => take.value(value),
                Err(why) => {
                    error = Some(why);
                    break;
                }
            }
        }
        let Some(error) = error else { break };
        let broken = start + stream.byte_offset();
        let rest = text[broken..].trim_start();
        let broken = text.len() - rest.len();
        let line = text[..broken].matches('\n').count() as u64;
        if rest.starts_with(['{', '[']) {
            take.broken(line, &format!("broken JSON: {error}"));
            salvage(rest, take);
        } else {
            take.ignored(line, rest.lines().next().unwrap_or_default());
        }
        let Some(next) = next_value(rest) else { break };
        start = broken + next;
    }
}

/// Where after a broken value the next one begins.
fn next_value(rest: &str) -> Option<usize> {
    ["\n{", "\n["].iter().filter_map(|mark| rest.get(1..)?.find(mark).map(|at| at + 2)).min()
}

/// The whole items of a list that breaks off or holds a broken one.
fn salvage(text: &str, take: &mut Take) {
    let Some(items) = text.find("\"items\"").and_then(|at| text[at..].find('[').map(|to| at + to + 1)) else { return };
    if text.find('\n').is_some_and(|line| line < items && text[..line].trim() != "{") {
        return;
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
}

fn take_kind(head: &str) -> Option<String> {
    Top::of(head).kind.and_then(|kind| kind.strip_suffix("List").map(str::to_owned)).filter(|kind| !kind.is_empty())
}

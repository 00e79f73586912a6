//! Describe text as a tree: `Key:  Value` lines, what is indented deeper belongs to the line above.

use serde_json::{Map, Value, json};

/// One line and what is below it.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// The line as it stands, for tables.
    pub(super) raw: &'a str,
    /// Its text without the indentation.
    pub(super) text: &'a str,
    /// What stands before the colon, empty where there is none.
    pub(super) key: &'a str,
    /// What stands after it.
    pub(super) value: &'a str,
    /// Lines of a message that go on at the start of the line.
    pub(super) more: Vec<&'a str>,
    pub(super) children: Vec<Node<'a>>,
    pub(super) indent: usize,
}

/// Deeper text is taken as flat: nobody describes objects of more levels.
const MAX_DEPTH: usize = 48;

/// Headings at the start of a line that end a message of several lines.
const HEADINGS: &[&str] = &[
    "Name",
    "Namespace",
    "Priority",
    "Node",
    "Start Time",
    "Labels",
    "Annotations",
    "Status",
    "IP",
    "IPs",
    "Controlled By",
    "Init Containers",
    "Containers",
    "Ephemeral Containers",
    "Conditions",
    "Volumes",
    "QoS Class",
    "Node-Selectors",
    "Tolerations",
    "Events",
    "API Version",
    "Kind",
    "Metadata",
    "Spec",
    "Readiness Gates",
    "Topology Spread Constraints",
    "OldReplicaSets",
    "NewReplicaSet",
    "Pod Template",
    "Addresses",
    "Capacity",
    "Allocatable",
    "System Info",
    "Non-terminated Pods",
    "Allocated resources",
];

/// Lines inside a container that follow the message of a state.
const AFTER_MESSAGE: &[&str] = &[
    "Exit Code",
    "Signal",
    "Started",
    "Finished",
    "Ready",
    "Restart Count",
    "Last State",
    "Reason",
    "Limits",
    "Requests",
    "Liveness",
    "Readiness",
    "Startup",
    "Environment",
    "Environment Variables from",
    "Mounts",
    "Status",
    "Type",
    "Last Transition Time",
];

/// Reads the lines of one object.
pub(super) fn parse<'a>(lines: &[&'a str]) -> Vec<Node<'a>> {
    let mut open: Vec<Node<'a>> = Vec::new();
    let mut roots = Vec::new();
    for line in lines {
        if goes_on(open.last(), line) {
            if let Some(message) = open.last_mut() {
                message.more.push(line);
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let node = node(line);
        while open.last().is_some_and(|last| last.indent >= node.indent || open.len() >= MAX_DEPTH) {
            close(&mut open, &mut roots);
        }
        open.push(node);
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

fn close<'a>(open: &mut Vec<Node<'a>>, roots: &mut Vec<Node<'a>>) {
    let Some(node) = open.pop() else { return };
    match open.last_mut() {
        Some(parent) => parent.children.push(node),
        None => roots.push(node),
    }
}

fn node(line: &str) -> Node<'_> {
    let text = line.trim();
    let (key, value) = split(text).unwrap_or(("", text));
    Node { raw: line, text, key, value, indent: crate::text::indent(line), ..Node::default() }
}

/// The key before a colon that ends the line or has a blank behind it.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find(':').map(|at| from + at) {
        let rest = &text[at + 1..];
        if rest.is_empty() || rest.starts_with([' ', '\t']) {
            return (at > 0).then(|| (&text[..at], rest.trim()));
        }
        from = at + 1;
    }
    None
}

/// A message of several lines goes on at the start of the line, whatever it holds, until a line that must be kubectl's.
fn goes_on(last: Option<&Node>, line: &str) -> bool {
    let Some(last) = last.filter(|last| last.key == "Message" && last.indent > 0) else { return false };
    let indent = crate::text::indent(line);
    let key = split(line.trim()).map_or("", |(key, _)| key);
    if line.trim().is_empty() {
        return true;
    }
    let is_kubectls = match indent {
        0 => HEADINGS.contains(&key),
        indent if indent <= last.indent => {
            AFTER_MESSAGE.contains(&key) || (indent < last.indent && line.trim_end().ends_with(':'))
        }
        _ => false,
    };
    !is_kubectls
}

/// The node with this key.
pub(super) fn get<'t, 'a>(nodes: &'t [Node<'a>], key: &str) -> Option<&'t Node<'a>> {
    nodes.iter().find(|node| node.key.eq_ignore_ascii_case(key))
}

/// The value of the node with this key, if it says something.
pub(super) fn text_of<'a>(nodes: &[Node<'a>], key: &str) -> Option<&'a str> {
    get(nodes, key).map(|node| node.value).filter(|value| says(value))
}

/// Whether a value says something.
pub(super) fn says(value: &str) -> bool {
    !matches!(value, "" | "<none>" | "<nil>" | "<unset>" | "<unknown>" | "n/a")
}

impl<'a> Node<'a> {
    /// The value and the lines below it, where each is one entry (labels, tolerations, taints).
    pub(super) fn entries(&self) -> Vec<&'a str> {
        let own = Some(self.value).filter(|value| says(value));
        own.into_iter().chain(self.lines().into_iter().map(str::trim)).filter(|entry| says(entry)).collect()
    }

    /// All lines below, as they stand.
    pub(super) fn lines(&self) -> Vec<&'a str> {
        let mut lines = Vec::new();
        for child in &self.children {
            lines.push(child.raw);
            lines.extend(child.lines());
        }
        lines
    }

    /// A message, with the lines that go on below.
    pub(super) fn message(&self) -> String {
        let mut text = self.value.to_owned();
        for line in self.more.iter().chain(&self.lines()) {
            text.push('\n');
            text.push_str(line);
        }
        text.trim_end().to_owned()
    }

    /// `a=b` entries as a map.
    pub(super) fn pairs(&self) -> Map<String, Value> {
        self.entries()
            .iter()
            .filter_map(|entry| entry.split_once('='))
            .map(|(key, value)| (key.to_owned(), json!(value)))
            .collect()
    }

    /// `Key:  Value` lines below as a map, in kubectl's words.
    pub(super) fn fields(&self) -> Map<String, Value> {
        self.children
            .iter()
            .filter(|child| !child.key.is_empty())
            .map(|child| (child.key.to_owned(), json!(child.value)))
            .collect()
    }

    /// Annotations: `key: value`, where a long value stands on the next line.
    pub(super) fn annotations(&self) -> Map<String, Value> {
        let mut map = Map::new();
        if let Some((key, value)) = split(self.value) {
            map.insert(key.to_owned(), json!(value));
        }
        for child in &self.children {
            match (child.key, map.len()) {
                ("", _) => {
                    // The value of the key before.
                    if let Some((_, Value::String(last))) = map.iter_mut().next_back() {
                        last.push_str(child.text);
                    }
                }
                (key, _) => {
                    let mut value = child.value.to_owned();
                    child.lines().iter().for_each(|line| value.push_str(line.trim()));
                    map.insert(key.to_owned(), json!(value));
                }
            }
        }
        map
    }
}

/// Puts a value in place if there is one.
pub(super) fn put(map: &mut Value, path: &[&str], value: impl Into<Value>) {
    let value = value.into();
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    if empty {
        return;
    }
    let mut place = map;
    for key in path {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[*key];
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deeper_belongs_to_the_line_above() {
        let text = "Name:    shop-0\nLabels:  app=shop\n         tier=back\nContainers:\n  manager:\n    Args:\n      --url=http://x\n    Ready:  True\n";
        let roots = parse(&text.lines().collect::<Vec<_>>());
        assert_eq!(roots.len(), 3);
        assert_eq!(roots[1].entries(), ["app=shop", "tier=back"]);
        let manager = &roots[2].children[0];
        assert_eq!(manager.key, "manager");
        assert_eq!(get(&manager.children, "Args").expect("args").entries(), ["--url=http://x"]);
        assert_eq!(text_of(&manager.children, "Ready"), Some("True"));
    }

    #[test]
    fn a_message_of_several_lines_stays_one() {
        let text = "Containers:\n  manager:\n    Last State:  Terminated\n      Message:   panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:7\n      Exit Code:  2\n    Ready:  False\nConditions:\n";
        let roots = parse(&text.lines().collect::<Vec<_>>());
        let state = get(&roots[0].children[0].children, "Last State").expect("a state");
        let message = get(&state.children, "Message").expect("a message").message();
        assert!(message.starts_with("panic: no\n\ngoroutine 1"), "{message}");
        assert!(message.ends_with("main.go:7"), "{message}");
        assert_eq!(text_of(&state.children, "Exit Code"), Some("2"));
        assert_eq!(roots.len(), 2);
    }
}

//! Rows without their heads: `kubectl get pods | grep shop`, `--no-headers`. The command and the number of cells tell the columns.

use super::super::Section;
use super::grid::cells;

/// The columns that kubectl prints for a kind, those of `-o wide` last.
const KINDS: &[(&str, &[&str])] = &[
    ("Pod", &["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"]),
    ("Deployment", &["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"]),
    ("ReplicaSet", &["NAME", "DESIRED", "CURRENT", "READY", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"]),
    ("StatefulSet", &["NAME", "READY", "AGE", "CONTAINERS", "IMAGES"]),
    ("Node", &["NAME", "STATUS", "ROLES", "AGE", "VERSION"]),
    ("Lease", &["NAME", "HOLDER", "AGE"]),
    ("CustomResourceDefinition", &["NAME", "CREATED AT"]),
    ("Namespace", &["NAME", "STATUS", "AGE"]),
    ("Event", &["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]),
];

/// The head that this section lacks.
pub(super) fn head(section: &Section) -> Option<String> {
    let Some(command) = section.asked("get") else { return events(section) };
    let resource = command.resource().filter(|resource| resource.known)?;
    let (_, columns) = KINDS.iter().find(|(kind, _)| *kind == resource.kind)?;
    let first = section.text.lines().find(|line| !line.trim().is_empty())?;
    let cells = cells(first);
    let mut names: Vec<&str> = if command.all_namespaces { vec!["NAMESPACE"] } else { Vec::new() };
    let (least, count) = (names.len() + 2, cells.len());
    names.extend(*columns);
    if count < least || !fits(&resource.kind, &cells) {
        return None;
    }
    let shown = if resource.kind == "Event" { names.len() } else { count.min(names.len()) };
    Some(names[..shown].join("   "))
}

/// Rows of events need no command above them: an age, `Normal` or `Warning`, a reason, `kind/name`, a message.
fn events(section: &Section) -> Option<String> {
    const LOOKED_AT: usize = 20;
    let mut rows = section.text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).peekable();
    let namespaced = crate::when::age(rows.peek()?.split_whitespace().next()?).is_none();
    let is_event = |line: &str| {
        let cells = cells(line);
        let cells = cells.get(usize::from(namespaced)..).unwrap_or_default();
        matches!(cells, [age, "Normal" | "Warning", reason, object, ..]
            if crate::when::age(age.split(' ').next().unwrap_or_default()).is_some()
                && reason.bytes().all(|b| b.is_ascii_alphanumeric())
                && object.split_once('/').is_some_and(|(kind, _)| kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'.')))
    };
    let columns = if namespaced { "NAMESPACE   LAST SEEN" } else { "LAST SEEN" };
    rows.all(is_event).then(|| format!("{columns}   TYPE   REASON   OBJECT   MESSAGE"))
}

/// Whether a row reads as one of this kind: a name alone would fit anything.
fn fits(kind: &str, cells: &[&str]) -> bool {
    let is_age = |cell: &&str| crate::when::age(cell.split(' ').next().unwrap_or_default()).is_some();
    let is_share =
        |cell: &&str| cell.split_once('/').is_some_and(|(a, b)| [a, b].iter().all(|it| it.parse::<u32>().is_ok()));
    match kind {
        "Pod" | "Deployment" | "StatefulSet" => cells.iter().any(is_share) && cells.iter().any(is_age),
        "CustomResourceDefinition" => cells.len() == 2 && cells[0].contains('.') && cells[1].ends_with('Z'),
        _ => cells.iter().any(is_age),
    }
}

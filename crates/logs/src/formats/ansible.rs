//! Ansible's own output, which an ansible-operator prints between its JSON records: `TASK [name] ****`,
//! `fatal: [localhost]: FAILED! => {"changed": false, "msg": "…"}`, `localhost : ok=1 changed=0 … failed=1`.
//!
//! Source: ansible-core `plugins/callback/default.py`.

use std::borrow::Cow;

use serde_json::Value;

use super::{Format, Joins, first_and_rest};
use crate::record::{Head, Level, Record};

pub(super) static FORMAT: Format = Format { name: "ansible", head, parse, joins: Joins::Indented };

/// How a line begins that names a host's result, and how bad that is.
const RESULTS: [(&str, Level); 7] = [
    ("fatal: [", Level::Error),
    ("failed: [", Level::Error),
    ("[WARNING]: ", Level::Warn),
    ("ok: [", Level::Info),
    ("changed: [", Level::Info),
    ("skipping: [", Level::Info),
    ("included: ", Level::Info),
];

fn head(line: &str) -> Option<Head> {
    let result = RESULTS.iter().find(|(start, _)| line.starts_with(start)).map(|(_, level)| *level);
    let level = result.or_else(|| (is_banner(line) || is_rule(line)).then_some(Level::Info)).or_else(|| recap(line))?;
    Some(Head { time: None, level: Some(level) })
}

/// `TASK [name] ****`, `PLAY [localhost] ***`, `PLAY RECAP ****`.
fn is_banner(line: &str) -> bool {
    let named = ["TASK [", "PLAY [", "RUNNING HANDLER [", "PLAY RECAP "].iter().any(|start| line.starts_with(start));
    named && line.trim_end().ends_with('*')
}

/// `--------- Ansible Task StdOut ---------`, and the rule that ends it.
fn is_rule(line: &str) -> bool {
    let inner = line.trim_end().trim_matches('-').trim();
    line.starts_with("--------------------") && (inner.is_empty() || inner.starts_with("Ansible Task "))
}

/// `localhost   : ok=1    changed=0    unreachable=0    failed=1    skipped=0 …`
fn recap(line: &str) -> Option<Level> {
    let (_, counts) = line.split_once(" : ok=")?;
    let failed = counts
        .split_whitespace()
        .filter_map(|word| word.split_once('='))
        .any(|(what, count)| matches!(what, "failed" | "unreachable") && count != "0");
    counts.contains("unreachable=").then_some(if failed { Level::Error } else { Level::Info })
}

fn parse(text: &str) -> Record<'_> {
    let (line, rest) = first_and_rest(text);
    let level = head(line).and_then(|head| head.level);
    let mut record = Record { level, message: Cow::Borrowed(line), rest: Cow::Borrowed(rest), ..Record::default() };
    // What a task says is the record's message; the rest of the result are its fields.
    if let Some((_, json)) = line.split_once(" => ")
        && let Ok(Value::Object(result)) = serde_json::from_str(json)
    {
        for (key, value) in result {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if key == "msg" && !value.is_empty() {
                record.message = Cow::Owned(value);
            } else {
                record.fields.push((Cow::Owned(key), Cow::Owned(value)));
            }
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_task_says_its_message() {
        let record =
            parse(r#"fatal: [localhost]: FAILED! => {"changed": false, "msg": "Failed to retrieve requested object"}"#);
        assert_eq!(record.level, Some(Level::Error));
        assert_eq!(record.message, "Failed to retrieve requested object");
        assert_eq!(record.field("changed"), Some("false"));
    }

    #[test]
    fn banners_results_and_the_recap_are_records() {
        for (line, level) in [
            ("TASK [Create the service] ******************************", Level::Info),
            ("PLAY RECAP *********************************************", Level::Info),
            ("ok: [localhost]", Level::Info),
            ("--------------------------- Ansible Task StdOut -------------------------------", Level::Info),
            ("localhost    : ok=1    changed=0    unreachable=0    failed=0    skipped=0", Level::Info),
            ("localhost    : ok=1    changed=0    unreachable=0    failed=1    skipped=0", Level::Error),
        ] {
            assert_eq!(head(line).and_then(|head| head.level), Some(level), "{line}");
        }
    }

    #[test]
    fn other_lines_are_left_alone() {
        for line in ["TASK [Create", "fatal: not a git repository", "ok", "Events: ok=1", "---", "--- FAIL: TestX"] {
            assert!(head(line).is_none(), "{line}");
        }
    }
}

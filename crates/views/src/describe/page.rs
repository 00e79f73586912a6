//! The text of one object while it is written, and the blocks that most kinds have.

use super::value::{list, number, scalar, set, sorted, text, truth};
use crate::age::{self, Clock};
use crate::layout::{Aligner, escape};
use crate::output::sorting::order;
use serde_json::Value;
use std::fmt::Display;

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
const LONGEST_ANNOTATION: usize = 140;

/// A page: cells end in tabs, parts are laid out on their own.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) clock: &'a Clock,
    done: Vec<String>,
    text: String,
    /// How many levels everything is moved to the right.
    pub(crate) indent: usize,
}

/// Writes at a level: each call begins with its own indentation, as in kubectl.
macro_rules! put {
    ($page:expr, $level:expr, $($text:tt)*) => { $page.put($level, &format!($($text)*)) };
}
pub(crate) use put;

impl<'a> Page<'a> {
    pub(crate) fn new(clock: &'a Clock) -> Page<'a> {
        Page { clock, done: Vec::new(), text: String::new(), indent: 0 }
    }

    /// Writes `text` after two spaces for each level.
    pub(crate) fn put(&mut self, level: usize, text: &str) {
        for _ in 0..level + self.indent {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
    }

    /// Writes the rest of a line, without indentation.
    pub(crate) fn rest(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Writes `label:`, a tab and the value.
    pub(crate) fn field(&mut self, level: usize, label: &str, value: impl Display) {
        put!(self, level, "{label}:\t{value}\n");
    }

    /// Writes the field if the text is not empty.
    pub(crate) fn field_if(&mut self, level: usize, label: &str, value: &Value) {
        let value = scalar(value);
        if !value.is_empty() {
            self.field(level, label, value);
        }
    }

    /// Writes `label:` and a moment.
    pub(crate) fn time(&mut self, level: usize, label: &str, value: &Value) {
        let written = self.written(value);
        self.field(level, label, written);
    }

    /// A moment as it is written.
    pub(crate) fn written(&self, value: &Value) -> String {
        age::written(self.clock, value.as_str())
    }

    /// How long ago a moment is.
    pub(crate) fn since(&self, value: &Value) -> String {
        age::since(self.clock.now, value.as_str())
    }

    /// What follows has columns of its own.
    pub(crate) fn flush(&mut self) {
        self.done.push(std::mem::take(&mut self.text));
    }

    /// The page with its columns aligned.
    pub(crate) fn finish(mut self) -> String {
        self.flush();
        self.done.iter().map(|part| Aligner::describe().align(&escape(part))).collect()
    }

    /// Name, and namespace.
    pub(crate) fn name_and_namespace(&mut self, object: &Value) {
        self.field(0, "Name", text(&object["metadata"]["name"]));
        self.field(0, "Namespace", text(&object["metadata"]["namespace"]));
    }

    /// Labels and annotations of an object.
    pub(crate) fn labels_and_annotations(&mut self, object: &Value) {
        self.labels("Labels", &object["metadata"]["labels"]);
        self.annotations("Annotations", &object["metadata"]["annotations"]);
    }

    /// A block of lines beside a title.
    pub(crate) fn beside<T: Display>(&mut self, title: &str, lines: impl IntoIterator<Item = T>) {
        self.beside_at("", title, lines);
    }

    /// A block of lines beside a title, each line after `indent`.
    pub(crate) fn beside_at<T: Display>(&mut self, indent: &str, title: &str, lines: impl IntoIterator<Item = T>) {
        put!(self, 0, "{indent}{title}:\t");
        let mut any = false;
        for line in lines {
            if any {
                self.put(0, indent);
                self.put(0, "\t");
            }
            put!(self, 0, "{line}\n");
            any = true;
        }
        if !any {
            self.rest("<none>");
        }
    }

    /// A map as `key=value` lines.
    pub(crate) fn labels(&mut self, title: &str, labels: &Value) {
        self.labels_at("", title, labels);
    }

    /// A map as `key=value` lines, after `indent`.
    pub(crate) fn labels_at(&mut self, indent: &str, title: &str, labels: &Value) {
        self.beside_at(
            indent,
            title,
            sorted(labels).into_iter().map(|(key, value)| format!("{key}={}", scalar(value))),
        );
    }

    /// Annotations: long ones and those of several lines below their key, what `kubectl apply` keeps for itself left out.
    pub(crate) fn annotations(&mut self, title: &str, annotations: &Value) {
        put!(self, 0, "{title}:\t");
        let mut any = false;
        for (key, value) in sorted(annotations) {
            if key == LAST_APPLIED {
                continue;
            }
            if any {
                self.put(0, "\t");
            }
            any = true;
            let value = scalar(value);
            let value = value.strip_suffix('\n').unwrap_or(&value);
            if key.len() + value.len() + 2 > LONGEST_ANNOTATION || value.contains('\n') {
                put!(self, 0, "{key}:\n");
                for line in value.split('\n') {
                    put!(self, 0, "\t  {}\n", shortened(line, LONGEST_ANNOTATION - 2));
                }
            } else {
                put!(self, 0, "{key}: {value}\n");
            }
        }
        if !any {
            self.rest("<none>");
        }
    }

    /// A driver's attributes, three dots where one is too long.
    pub(crate) fn attributes(&mut self, title: &str, attributes: &Value) {
        put!(self, 2, "{title}:\t");
        let pairs = sorted(attributes);
        if pairs.is_empty() {
            self.rest("<none>");
        }
        for (at, (key, value)) in pairs.into_iter().enumerate() {
            if at > 0 {
                self.put(2, "");
                self.put(2, "\t");
            }
            put!(self, 2, "{}\n", shortened(&format!("{key}={}", scalar(value)), LONGEST_ANNOTATION));
        }
    }

    /// Tolerations, sorted by key.
    pub(crate) fn tolerations(&mut self, title: &str, tolerations: &Value) {
        let all = list(tolerations);
        let sorted = order(all.len(), |a, b| text(&all[a]["key"]) < text(&all[b]["key"]));
        self.beside(title, sorted.into_iter().map(|at| toleration(&all[at])));
    }

    /// Rows below a title, with dashes under the heads. Nothing if there are none.
    pub(crate) fn conditions(&mut self, conditions: &Value, heads: &[&str], row: impl Fn(&Page, &Value) -> String) {
        let conditions = list(conditions);
        if conditions.is_empty() {
            return;
        }
        self.put(0, "Conditions:\n");
        self.heads(1, heads);
        for condition in conditions {
            let row = row(self, condition);
            put!(self, 1, "{row}\n");
        }
    }

    /// The heads of a table and the dashes under them.
    pub(crate) fn heads(&mut self, level: usize, heads: &[&str]) {
        put!(self, level, "{}\n", heads.join("\t"));
        let dashes: Vec<String> = heads.iter().map(|head| "-".repeat(head.len())).collect();
        put!(self, level, "{}\n", dashes.join("\t"));
    }

    /// Conditions as workloads show them: without the message.
    pub(crate) fn short_conditions(&mut self, conditions: &Value) {
        self.conditions(conditions, &["Type", "Status", "Reason"], |_, condition| {
            format!("{} \t{}\t{}", text(&condition["type"]), text(&condition["status"]), text(&condition["reason"]))
        });
    }

    /// Conditions in full, with the times of two things: when `field` was, and the last change.
    pub(crate) fn timed_conditions(&mut self, conditions: &Value, label: &str, field: &str) {
        let conditions = list(conditions);
        if conditions.is_empty() {
            return;
        }
        put!(self, 0, "Conditions:\n  Type\tStatus\t{label}\tLastTransitionTime\tReason\tMessage\n");
        self.put(1, "----\t------\t-----------------\t------------------\t------\t-------\n");
        for condition in conditions {
            let (first, changed) = (self.written(&condition[field]), self.written(&condition["lastTransitionTime"]));
            let of = |field: &str| text(&condition[field]);
            let (kind, status, reason, message) = (of("type"), of("status"), of("reason"), of("message"));
            put!(self, 1, "{kind} \t{status} \t{first} \t{changed} \t{reason} \t{message}\n");
        }
    }

    /// The status: being deleted, or the phase.
    pub(crate) fn phase(&mut self, object: &Value) {
        match set(&object["metadata"]["deletionTimestamp"]) {
            Some(time) => {
                let since = self.since(time);
                self.field(0, "Status", format!("Terminating (lasts {since})"));
            }
            None => self.field(0, "Status", text(&object["status"]["phase"])),
        }
    }

    /// Who controls the object, if someone does.
    pub(crate) fn controlled_by(&mut self, object: &Value) {
        if let Some(owner) = super::value::controller(object) {
            self.field(0, "Controlled By", format!("{}/{}", text(&owner["kind"]), text(&owner["name"])));
        }
    }
}

fn toleration(toleration: &Value) -> String {
    let (key, value, effect) = (text(&toleration["key"]), text(&toleration["value"]), text(&toleration["effect"]));
    let mut out = key.to_owned();
    if !value.is_empty() {
        out.push_str(format!("={value}").as_str());
    }
    if !effect.is_empty() {
        out.push_str(format!(":{effect}").as_str());
    }
    if toleration["operator"] == "Exists" && value.is_empty() {
        out += if out.is_empty() { "op=Exists" } else { " op=Exists" };
    }
    if let Some(seconds) = set(&toleration["tolerationSeconds"]) {
        out.push_str(format!(" for {}s", number(seconds)).as_str());
    }
    out
}

/// The text cut to `longest` bytes; kubectl may cut a letter in two, which no text can hold: then the letter goes.
fn shortened(line: &str, longest: usize) -> String {
    if line.len() <= longest {
        return line.to_owned();
    }
    let end = (0..=longest).rev().find(|&at| line.is_char_boundary(at)).unwrap_or(0);
    format!("{}...", &line[..end])
}

/// `true` or `false`, for fields that may be missing.
pub(crate) fn optional(value: &Value) -> bool {
    truth(&value["optional"])
}

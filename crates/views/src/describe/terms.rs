//! Numbered terms of requirements: on which nodes, in which zones.

use super::page::{Page, put};
use super::value::{list, text, texts};
use serde_json::Value;

/// Writes one term: a line for each requirement.
pub(crate) fn write(
    page: &mut Page,
    level: usize,
    number: usize,
    requirements: &[Value],
    operator: impl Fn(&Value) -> String,
) {
    put!(page, level, "Term {number}:\t");
    if requirements.is_empty() {
        page.rest("<none>");
    }
    for (at, requirement) in requirements.iter().enumerate() {
        if at > 0 {
            page.put(level, "\t");
        }
        let values = match list(&requirement["values"]) {
            [] => String::new(),
            _ => format!(" [{}]", texts(&requirement["values"]).join(", ")),
        };
        page.rest(&format!("{} {}{values}", text(&requirement["key"]), operator(requirement)));
    }
}

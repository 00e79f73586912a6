//! Jobs.

use crate::age;
use crate::describe::page::Page;
use crate::describe::value::{number, scalar_or, set, text};
use crate::describe::{Describer, Subject, nothing, template};
use crate::selector::label_selector;

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("batch", "Job")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    page.field(0, "Selector", label_selector(&spec["selector"]));
    page.labels_and_annotations(subject.object);
    page.controlled_by(subject.object);
    page.field_if(0, "Parallelism", &spec["parallelism"]);
    page.field(0, "Completions", scalar_or(&spec["completions"], "<unset>"));
    page.field_if(0, "Completion Mode", &spec["completionMode"]);
    page.field_if(0, "Suspend", &spec["suspend"]);
    page.field_if(0, "Backoff Limit", &spec["backoffLimit"]);
    page.field_if(0, "TTL Seconds After Finished", &spec["ttlSecondsAfterFinished"]);
    let (start, end) = (&status["startTime"], &status["completionTime"]);
    for (label, time) in [("Start Time", start), ("Completed At", end)] {
        if let Some(time) = set(time) {
            page.time(0, label, time);
        }
    }
    if let Some(length) = age::between(start.as_str(), end.as_str()) {
        page.field(0, "Duration", length);
    }
    if let Some(seconds) = set(&spec["activeDeadlineSeconds"]) {
        page.field(0, "Active Deadline Seconds", format!("{}s", number(seconds)));
    }
    let ready = set(&status["ready"]).map(|ready| format!(" ({} Ready)", number(ready))).unwrap_or_default();
    let (active, succeeded, failed) =
        (number(&status["active"]), number(&status["succeeded"]), number(&status["failed"]));
    page.field(0, "Pods Statuses", format!("{active} Active{ready} / {succeeded} Succeeded / {failed} Failed"));
    if spec["completionMode"] == "Indexed" {
        page.field(0, "Completed Indexes", indexes(text(&status["completedIndexes"])));
    }
    template::write(page, &spec["template"]);
}

/// The indexes, or the first of them: the cut is behind the first comma from the fiftieth letter on.
fn indexes(all: &str) -> String {
    match all.bytes().enumerate().skip(50).find(|&(_, byte)| byte == b',') {
        _ if all.is_empty() => "<none>".to_owned(),
        Some((at, _)) => format!("{}...", &all[..=at]),
        None => all.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::indexes;

    #[test]
    fn many_indexes_are_cut_at_a_comma() {
        assert_eq!(indexes(""), "<none>");
        let long: String = (10..40).map(|index| index.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(indexes(&long), format!("{}...", &long[..51]));
        assert_eq!(indexes(&long[..50]), long[..50]);
    }
}

//! `CronJobs`.

use crate::describe::page::Page;
use crate::describe::value::{capital_or_unset, list, number, scalar_or, set, text};
use crate::describe::{Describer, Subject, nothing, template};
use crate::selector::{label_selector, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("batch", "CronJob")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    page.field(0, "Schedule", text(&spec["schedule"]));
    page.field(0, "Concurrency Policy", text(&spec["concurrencyPolicy"]));
    page.field(0, "Suspend", capital_or_unset(&spec["suspend"]));
    page.field(0, "Time Zone", scalar_or(&spec["timeZone"], "<unset>"));
    page.field(0, "Successful Job History Limit", scalar_or(&spec["successfulJobsHistoryLimit"], "<unset>"));
    page.field(0, "Failed Job History Limit", scalar_or(&spec["failedJobsHistoryLimit"], "<unset>"));
    let seconds = set(&spec["startingDeadlineSeconds"]).map(|seconds| format!("{}s", number(seconds)));
    page.field(0, "Starting Deadline Seconds", seconds.as_deref().unwrap_or("<unset>"));
    let job = &spec["jobTemplate"]["spec"];
    let selector = set(&job["selector"]).map(label_selector);
    page.field(0, "Selector", selector.as_deref().unwrap_or("<unset>"));
    page.field(0, "Parallelism", scalar_or(&job["parallelism"], "<unset>"));
    page.field(0, "Completions", scalar_or(&job["completions"], "<unset>"));
    if let Some(seconds) = set(&job["activeDeadlineSeconds"]) {
        page.field(0, "Active Deadline Seconds", format!("{}s", number(seconds)));
    }
    template::write(page, &job["template"]);
    match set(&status["lastScheduleTime"]) {
        Some(time) => page.time(0, "Last Schedule Time", time),
        None => page.field(0, "Last Schedule Time", "<unset>"),
    }
    let jobs: Vec<&str> = list(&status["active"]).iter().map(|job| text(&job["name"])).collect();
    page.field(0, "Active Jobs", or_none(jobs.join(", ")));
}

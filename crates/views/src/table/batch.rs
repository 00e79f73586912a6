//! Work that ends.

use super::field::{at, containers, count, deleting, flag_or, int, is_true, list, name, selector, set_or, text};
use super::{AGE, NAME, Printer, Scene, cells, flag, int as number, text as column, wide};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "batch",
        kind: "Job",
        columns: &[
            NAME,
            column("Status"),
            column("Completions"),
            column("Duration"),
            AGE,
            wide("Containers"),
            wide("Images"),
            wide("Selector"),
        ],
        cells: |object, scene| {
            let (names, images) = containers(object, "/spec/template/spec/containers");
            cells![
                name(object),
                status(object),
                completions(object),
                duration(object, scene),
                scene.age(object),
                names,
                images,
                selector(object, "/spec/selector"),
            ]
        },
    },
    Printer {
        group: "batch",
        kind: "CronJob",
        columns: &[
            NAME,
            column("Schedule"),
            column("Timezone"),
            flag("Suspend"),
            number("Active"),
            column("Last Schedule"),
            AGE,
            wide("Containers"),
            wide("Images"),
            wide("Selector"),
        ],
        cells: |object, scene| {
            let last = at(object, "/status/lastScheduleTime")
                .map_or("<none>".to_owned(), |_| scene.since(object, "/status/lastScheduleTime"));
            let (names, images) = containers(object, "/spec/jobTemplate/spec/template/spec/containers");
            cells![
                name(object),
                text(object, "/spec/schedule"),
                set_or(object, "/spec/timeZone", "<none>"),
                if flag_or(object, "/spec/suspend", false) { "True" } else { "False" },
                count(object, "/status/active"),
                last,
                scene.age(object),
                names,
                images,
                selector(object, "/spec/jobTemplate/spec/selector"),
            ]
        },
    },
];

fn completions(job: &Value) -> String {
    let done = int(job, "/status/succeeded");
    let wanted = at(job, "/spec/completions").and_then(Value::as_i64);
    let side_by_side = at(job, "/spec/parallelism").and_then(Value::as_i64).unwrap_or(0);
    match wanted {
        Some(wanted) => format!("{done}/{wanted}"),
        None if side_by_side > 1 => format!("{done}/1 of {side_by_side}"),
        None => format!("{done}/1"),
    }
}

fn duration(job: &Value, scene: &Scene) -> String {
    let (start, end) = ("/status/startTime", "/status/completionTime");
    if at(job, start).is_none() {
        return String::new();
    }
    crate::age::between(Some(text(job, start)), at(job, end).and_then(Value::as_str))
        .unwrap_or_else(|| scene.since(job, start))
}

fn status(job: &Value) -> &'static str {
    let conditions = list(job, "/status/conditions");
    let so = |of: &str| is_true(conditions, of);
    match () {
        () if so("Complete") => "Complete",
        () if so("Failed") => "Failed",
        () if deleting(job) => "Terminating",
        () if so("Suspended") => "Suspended",
        () if so("FailureTarget") => "FailureTarget",
        () if so("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

//! The workqueue's own figures: workers that are stuck, a queue that grows for good, one object reconciled without end.

use kloupe_model::{MetricSample, Metrics, Place, Strength, say};

use super::{Check, Scene};
use crate::engine::{Origin, Signal};

pub(crate) const CHECK: Check = Check { id: "queue-metrics", run };

/// A single call that runs this long is suspicious; without a second scrape only this long is stuck (proposals).
const SUSPICIOUS_SECONDS: f64 = 60.0;
const STUCK_SECONDS: f64 = 600.0;
/// Two scrapes of pages that do not say when they were taken are about this far apart.
const BETWEEN_SCRAPES: f64 = 30.0;
/// Reconciles without an error per object and second above which nothing but the controller itself asks for them (a proposal).
const CALLS_PER_OBJECT: f64 = 1.0;
const BUSY: f64 = 0.9;
/// A reconcile of this length is slow, and an object that waits this long in the queue waits long (proposals).
const SLOW_SECONDS: f64 = 1.0;
const LONG_WAIT_SECONDS: f64 = 120.0;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    pages(scene).into_iter().flat_map(|pair| of_page(scene, &pair)).collect()
}

/// The pages of one pod: the first scrape and, where there is one, the second.
pub(super) struct Pair<'a> {
    pub(super) first: Option<&'a Metrics>,
    pub(super) last: &'a Metrics,
}

impl Pair<'_> {
    /// The seconds between the two scrapes.
    pub(super) fn seconds(&self) -> f64 {
        let times = self.first.and_then(|first| first.taken).zip(self.last.taken);
        let micros = times.map(|(first, last)| last.micros() - first.micros()).filter(|micros| *micros > 0);
        #[expect(clippy::cast_precision_loss, reason = "a time of hours at most")]
        micros.map_or(BETWEEN_SCRAPES, |micros| micros as f64 / 1e6)
    }
}

/// The metrics of the subject's pods.
pub(super) fn pages<'a>(scene: &Scene<'a>) -> Vec<Pair<'a>> {
    let subject = scene.subject;
    let own = |page: &&Metrics| match &page.pod {
        Some((namespace, pod)) => {
            subject.pods.contains(pod)
                && (namespace.is_empty() || subject.namespace.is_empty() || *namespace == subject.namespace)
        }
        // A page of no known pod belongs to whoever is asked about.
        None => true,
    };
    let all: Vec<&'a Metrics> = scene.world.facts.metrics.iter().filter(own).collect();
    let mut pairs = Vec::new();
    for last in &all {
        if all.iter().any(|other| other.pod == last.pod && other.scrape > last.scrape) {
            continue;
        }
        let first = all.iter().copied().find(|other| other.pod == last.pod && other.scrape < last.scrape);
        // A restart between the two makes them two programs.
        let restarted = first.is_some_and(|first| {
            (sum(first, "process_start_time_seconds", &[]) - sum(last, "process_start_time_seconds", &[])).abs() > 0.5
        });
        pairs.push(Pair { first: first.filter(|_| !restarted), last });
    }
    pairs
}

fn has(sample: &MetricSample, name: &str, labels: &[(&str, &str)]) -> bool {
    sample.name == name && labels.iter().all(|(key, value)| sample.labels.get(*key).is_some_and(|found| found == value))
}

/// The sum over all samples of a name that carry these labels.
pub(super) fn sum(page: &Metrics, name: &str, labels: &[(&str, &str)]) -> f64 {
    page.samples.iter().filter(|sample| has(sample, name, labels)).map(|sample| sample.value).sum()
}

pub(super) fn line(page: &Metrics, name: &str, labels: &[(&str, &str)]) -> u64 {
    page.samples.iter().find(|sample| has(sample, name, labels)).map_or(0, |sample| sample.line)
}

/// A signal from one line of a metrics page.
pub(super) fn signal(
    page: &Metrics,
    line: u64,
    check: &Check,
    cause: &'static str,
    strength: Strength,
    quote: String,
) -> Signal {
    let mut signal =
        Signal::of_object(cause, strength, check.id, Place::Metric { file: page.file.clone(), line }, quote);
    signal.origin = Origin::Metric;
    signal
}

fn of_page(scene: &Scene<'_>, pair: &Pair<'_>) -> Vec<Signal> {
    let mut queues: Vec<&str> = pair
        .last
        .samples
        .iter()
        .filter(|sample| sample.name == "workqueue_depth")
        .filter_map(|sample| sample.labels.get("name"))
        .map(String::as_str)
        .collect();
    queues.sort_unstable();
    queues.dedup();
    queues.iter().flat_map(|queue| of_queue(scene, pair, queue)).collect()
}

fn of_queue(scene: &Scene<'_>, pair: &Pair<'_>, queue: &str) -> Vec<Signal> {
    let mut signals = Vec::new();
    signals.extend(stuck(pair, queue).map(|signal| signal.with("controller", queue)));
    if signals.is_empty() {
        signals.extend(starved(scene, pair, queue).map(|signal| signal.with("controller", queue)));
        signals.extend(endless(scene, pair, queue).map(|signal| signal.with("controller", queue)));
    }
    signals
}

/// How much a counter or gauge of one queue rose between the scrapes.
fn rise(pair: &Pair<'_>, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    pair.first.map(|first| sum(pair.last, name, labels) - sum(first, name, labels))
}

/// A worker holds one item for long, and nothing is completed.
fn stuck(pair: &Pair<'_>, queue: &str) -> Option<Signal> {
    let labels = [("name", queue)];
    let name = "workqueue_longest_running_processor_seconds";
    let longest = sum(pair.last, name, &labels);
    let depth = sum(pair.last, "workqueue_depth", &labels);
    let unfinished = sum(pair.last, "workqueue_unfinished_work_seconds", &labels);
    let completed = rise(pair, "workqueue_work_duration_seconds_count", &labels);
    let grows = rise(pair, name, &labels).is_some_and(|rise| rise > 1.0);
    if longest < SUSPICIOUS_SECONDS {
        return None;
    }
    let strength = match completed {
        Some(completed) if grows && completed < 1.0 => Strength::Decides,
        Some(_) if grows => Strength::Supports,
        None if longest > STUCK_SECONDS => Strength::Supports,
        _ => return None,
    };
    let mut quote = format!(
        "{name}{{name=\"{queue}\"}} {longest:.0}, workqueue_unfinished_work_seconds {unfinished:.0}, workqueue_depth {depth:.0}"
    );
    if let Some(completed) = completed {
        use std::fmt::Write as _;
        let _ = write!(quote, ", completed between two scrapes: {completed:.0}");
    }
    let found = signal(pair.last, line(pair.last, name, &labels), &CHECK, "worker-deadlocked", strength, quote);
    Some(found.with("duration", format!("{longest:.0} s")))
}

/// All workers are busy, and the queue only grows, or takes too long to be worked off.
fn starved(scene: &Scene<'_>, pair: &Pair<'_>, queue: &str) -> Option<Signal> {
    let labels = [("name", queue)];
    let depth = sum(pair.last, "workqueue_depth", &labels);
    let workers = sum(pair.last, "controller_runtime_max_concurrent_reconciles", &[("controller", queue)]).max(1.0);
    let (count, seconds) = ("workqueue_work_duration_seconds_count", "workqueue_work_duration_seconds_sum");
    // What one object takes: between the scrapes, or where too few ended between them, since the start.
    let recent = rise(pair, count, &labels).filter(|completed| *completed >= 5.0);
    let each = match recent.zip(rise(pair, seconds, &labels)) {
        Some((completed, worked)) => worked / completed,
        None => sum(pair.last, seconds, &labels) / sum(pair.last, count, &labels),
    };
    if depth < 5.0 || !each.is_finite() {
        return None;
    }
    let wait = depth * each / workers;
    let is_slow = each >= SLOW_SECONDS && wait >= LONG_WAIT_SECONDS;
    let busy = match rise(pair, seconds, &labels).zip(rise(pair, "workqueue_unfinished_work_seconds", &labels)) {
        Some((worked, unfinished)) => (worked + unfinished) / (workers * pair.seconds()),
        None => sum(pair.last, "controller_runtime_active_workers", &[("controller", queue)]) / workers,
    };
    let grown = rise(pair, "workqueue_depth", &labels);
    let completed = rise(pair, count, &labels).unwrap_or_default();
    let strength = match grown {
        _ if busy < BUSY => return None,
        Some(grown) if is_slow || grown >= 1.0 && completed >= 1.0 => Strength::Decides,
        Some(grown) if grown >= 0.0 && completed >= 1.0 => Strength::Supports,
        None if is_slow => Strength::Supports,
        _ => return None,
    };
    let grown = grown.map_or_else(
        String::new,
        |grown| say!(scene.world.lang, en: " ({grown:+.0} between two scrapes)", zh: "（两次抓取之间 {grown:+.0}）"),
    );
    let quote = say!(
        scene.world.lang,
        en: "workqueue_depth{{name=\"{queue}\"}} {depth:.0}{grown}; {workers:.0} workers are always busy, {each:.1} s for each object: the last one waits {wait:.0} s",
        zh: "workqueue_depth{{name=\"{queue}\"}} {depth:.0}{grown}；{workers:.0} 个 worker 一直忙碌，每个对象耗时 {each:.1} 秒：最后一个要等 {wait:.0} 秒"
    );
    Some(signal(pair.last, line(pair.last, "workqueue_depth", &labels), &CHECK, "worker-starved", strength, quote))
}

/// Far more good reconciles than objects.
fn endless(scene: &Scene<'_>, pair: &Pair<'_>, queue: &str) -> Option<Signal> {
    let name = "controller_runtime_reconcile_total";
    let calls = |result: &str| rise(pair, name, &[("controller", queue), ("result", result)]).unwrap_or_default();
    let counted = pair.last.samples.iter().any(|sample| sample.name == name);
    // client-go's controllers count no results: what was worked off and not tried again was good.
    let worked = || {
        rise(pair, "workqueue_work_duration_seconds_count", &[("name", queue)]).unwrap_or_default()
            - rise(pair, "workqueue_retries_total", &[("name", queue)]).unwrap_or_default()
    };
    let good = if counted { calls("success") + calls("requeue") + calls("requeue_after") } else { worked() };
    let kind = queue.to_lowercase();
    let objects: usize =
        scene.world.index.kinds().filter(|(its, _)| same_kind(&kind, its)).map(|(_, count)| count).sum();
    #[expect(clippy::cast_precision_loss, reason = "a count of objects")]
    let per_object = good / (objects.max(1) as f64) / pair.seconds();
    if per_object < CALLS_PER_OBJECT || calls("error") > good {
        return None;
    }
    let strength = if objects > 0 { Strength::Decides } else { Strength::Supports };
    let quote = say!(
        scene.world.lang,
        en: "workqueue {queue}: {good:.0} reconciles without an error between two scrapes; objects of the kind: {objects}",
        zh: "workqueue {queue}：两次抓取之间有 {good:.0} 次无错误的调谐，而该类型的对象只有 {objects} 个"
    );
    let place = if counted {
        line(pair.last, name, &[("controller", queue)])
    } else {
        line(pair.last, "workqueue_work_duration_seconds_count", &[("name", queue)])
    };
    let found = signal(pair.last, place, &CHECK, "hot-loop", strength, quote);
    Some(found.with("count", format!("{good:.0}")))
}

/// A queue is called as the kind, or as its plural: `widget`, `Widgets`.
pub(super) fn same_kind(queue: &str, kind: &str) -> bool {
    let (queue, kind) = (queue.to_lowercase(), kind.to_lowercase());
    queue == kind || queue.strip_suffix('s') == Some(kind.as_str()) || queue.strip_suffix("es") == Some(kind.as_str())
}

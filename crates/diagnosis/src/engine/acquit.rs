//! Takes back what later facts disprove: a failure that was followed by success, an informer that nothing waits for, words of a shutdown.

use kloupe_logs::{Digest, Mark};
use kloupe_model::{ObjectRef, Stamp, Strength, say};
use serde_json::Value;

use super::{Milestones, Origin, Signal, Subject, World};

/// Causes of a moment: one occurrence among many calm records is no cause.
const PASSING: [&str; 13] = [
    "conflict",
    "dependency-not-found",
    "already-exists",
    "api-unreachable",
    "api-timeout",
    "etcd-unhealthy",
    "watch-expired",
    "webhook-unreachable",
    "external-api-failing",
    "api-throttled",
    "client-throttled",
    "dns-failure",
    "cache-scope-mismatch",
];

/// So many records of an object without an error, over so many seconds, end its failure.
const CALM_RECORDS: u64 = 2;
const CALM_SECONDS: i64 = 30;

/// Marks the signals that do not count, each with the reason.
pub(crate) fn acquit(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &mut [Signal]) {
    for signal in signals.iter_mut().filter(|signal| signal.counts()) {
        signal.acquitted = match signal.origin {
            Origin::Log { log, order } => of_log(world, milestones, signal, log, order),
            Origin::Event => of_event(world, subject, signal),
            Origin::Status | Origin::Object => of_dead_pod(world, subject, milestones, signal),
            Origin::Metric => None,
        };
    }
}

fn of_log(
    world: &World<'_>,
    milestones: &Milestones,
    signal: &Signal,
    log: usize,
    order: (i64, i64),
) -> Option<String> {
    let lang = world.lang;
    let digest = &world.logs[log].digest;
    let after = digest.last_order - order.1;
    if let Some(activity) = signal.object.as_ref().and_then(|object| digest.objects.get(object)) {
        if activity.last_ok.is_some_and(|ok| ok > order.1) {
            return Some(say!(lang, en: "the same object was reconciled well afterwards", zh: "同一对象随后调谐成功"));
        }
        let gone = digest.matches.iter().any(|known| {
            known.signature.mark == Some(Mark::ObjectGone) && known.object == signal.object && known.order.1 > order.1
        });
        if gone && signal.count <= 3 {
            return Some(
                say!(lang, en: "the object is gone, and nothing waits for it", zh: "该对象已被删除，没有任何环节在等待它"),
            );
        }
        let went_on =
            activity.last_error.is_some_and(|error| error <= order.1) && activity.calm_since_error >= CALM_RECORDS;
        let for_long = activity
            .span
            .zip(signal.last)
            .is_some_and(|((_, last), failed)| last.seconds_since(failed) >= CALM_SECONDS);
        if went_on && for_long {
            return Some(
                say!(lang, en: "work on the same object went on without it", zh: "同一对象此后的处理不再出现该问题"),
            );
        }
        let calm = activity.last_calm.is_some_and(|calm| calm > order.1)
            && activity.last_error.is_none_or(|error| error <= order.1);
        if calm && signal.count <= 3 && after >= 4 && activity.errors <= 4 {
            return Some(
                say!(lang, en: "it did not come again while work on the same object went on", zh: "同一对象的处理继续进行，此问题没有再出现"),
            );
        }
    }
    let stopping = milestones.first_in(Mark::Shutdown, log).is_some_and(|shutdown| shutdown < order.0);
    if stopping
        && matches!(signal.cause, "leader-lease-lost" | "cache-sync-timeout" | "api-unreachable" | "worker-deadlocked")
        && signal.strength < Strength::Decides
    {
        return Some(say!(lang, en: "it came while the program was already stopping", zh: "出现时程序已在停止过程中"));
    }
    let last_ok = milestones.last_in(Mark::ReconcileOk, log);
    if signal.cause == "leader-held-by-other"
        && (last_ok.is_some_and(|ok| ok > order.0)
            || milestones.last_in(Mark::LeaseAcquired, log).is_some_and(|acquired| acquired > order.0)
            || milestones.last_in(Mark::LeaseLost, log).is_some_and(|lost| lost > order.0))
    {
        return Some(say!(lang, en: "it led or worked afterwards", zh: "它随后成为领导者或开始工作"));
    }
    if signal.rule.starts_with("cr-kind") && !quiet_since(digest, signal) {
        return None;
    }
    if signal.informer {
        // An informer that fails matters only while something waits for it.
        let works = last_ok.is_some_and(|ok| ok > order.0) && milestones.saw(Mark::WorkersStarted)
            || last_ok.is_some_and(|ok| ok > order.1);
        let healed = milestones.first_in(Mark::WorkersStarted, log).is_some_and(|started| started > order.1)
            || milestones.last_in(Mark::CachesSynced, log).is_some_and(|synced| synced > order.1);
        if works || healed {
            return Some(
                say!(lang, en: "nothing waits for that informer: reconciles go on", zh: "没有任何环节在等待该 Informer：调谐仍在进行"),
            );
        }
        return None;
    }
    if signal.object.is_none() {
        let progress = [Mark::ReconcileOk, Mark::WorkersStarted, Mark::CachesSynced, Mark::LeaseAcquired]
            .iter()
            .any(|mark| milestones.last_in(*mark, log).is_some_and(|seen| seen > order.1));
        let may_pass = !milestones.died && !gives_up(signal);
        if progress && (after >= 10 || signal.count == 1 && after >= 2) && may_pass {
            return Some(
                say!(lang, en: "progress was seen afterwards, and it did not come again", zh: "此后有进展，且问题没有再出现"),
            );
        }
    }
    let passing = PASSING.contains(&signal.cause);
    if passing && signal.count <= 2 && after >= 8 && !milestones.died && digest.levels[4] + digest.levels[5] <= 3 {
        return Some(say!(lang, en: "it happened once, and the work went on", zh: "只发生过一次，此后工作照常"));
    }
    None
}

/// controller-runtime asks for a kind that is not served every ten seconds: only silence for longer shows that it got it.
const KIND_IS_ASKED_FOR_EVERY: i64 = 10;

fn quiet_since(digest: &Digest, signal: &Signal) -> bool {
    let times = digest.span.zip(signal.last);
    times.is_none_or(|((_, end), last)| end.seconds_since(last) > KIND_IS_ASKED_FOR_EVERY)
}

/// A request that failed on the way, upon which the program leaves a part of its work undone for good.
fn gives_up(signal: &Signal) -> bool {
    let on_the_way =
        matches!(signal.cause, "api-unreachable" | "api-timeout" | "dns-failure" | "aggregated-api-unavailable");
    on_the_way && ["skipping", "disabling", "will be disabled"].iter().any(|word| signal.quote.contains(word))
}

/// What a finished pod left behind is no cause while another pod does the work.
fn of_dead_pod(world: &World<'_>, subject: &Subject, milestones: &Milestones, signal: &Signal) -> Option<String> {
    let kloupe_model::Place::Field { object, .. } = &signal.place else { return None };
    let pod = subject.pod_objects().find(|pod| pod.reference == *object)?;
    if let kloupe_model::Place::Field { field, .. } = &signal.place
        && field.contains("].lastState")
        && container_of(pod, field).is_some_and(|status| is_settled(world, status))
    {
        return Some(
            say!(world.lang, en: "that was an earlier run; the container has been running and ready since", zh: "那是之前的一次运行；此后容器一直在运行且就绪"),
        );
    }
    let finished = matches!(pod.str_at(&["status", "phase"]), Some("Failed" | "Succeeded"));
    let successor = subject.pod_objects().any(|other| other.reference != *object && is_ready(other));
    (finished && (successor || milestones.works())).then(|| say!(world.lang, en: "that pod is a finished one; the work goes on elsewhere", zh: "该 Pod 早已结束，工作由其他 Pod 继续"))
}

/// The status of the container that a field's path names: `status.containerStatuses[manager].lastState.terminated`.
fn container_of<'p>(pod: &'p kloupe_model::Object, field: &str) -> Option<&'p Value> {
    let (list, rest) = field.strip_prefix("status.")?.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    pod.list_at(&["status", list]).iter().find(|status| status.get("name").and_then(Value::as_str) == Some(name))
}

/// A container that is ready again is past its last death once that is this long ago; after a few deaths already when it ran this long.
const PAST_SECONDS: i64 = 3600;
const STEADY_SECONDS: i64 = 300;
const FEW_RESTARTS: u64 = 2;

fn is_settled(world: &World<'_>, status: &Value) -> bool {
    let since = |pointer: &str| {
        let time = status.pointer(pointer)?.as_str().and_then(Stamp::parse_rfc3339)?;
        Some(world.as_of?.seconds_since(time))
    };
    let ready = status.get("ready").and_then(Value::as_bool) == Some(true);
    let restarts = status.get("restartCount").and_then(Value::as_u64).unwrap_or_default();
    let long_ago = since("/lastState/terminated/finishedAt").is_some_and(|seconds| seconds >= PAST_SECONDS);
    let steady =
        restarts <= FEW_RESTARTS && since("/state/running/startedAt").is_some_and(|seconds| seconds >= STEADY_SECONDS);
    ready && (long_ago || steady)
}

fn of_event(world: &World<'_>, subject: &Subject, signal: &Signal) -> Option<String> {
    let lang = world.lang;
    let kloupe_model::Place::Event { object, .. } = &signal.place else { return None };
    let events = || subject.events.iter().map(|at| &world.facts.events[*at]);
    if object.kind == "Pod" {
        let pod = subject.pod_objects().find(|pod| pod.reference.name == object.name);
        if pod.is_some_and(is_ready) && signal.cause != "probe-failing" {
            return Some(say!(lang, en: "the pod is ready now", zh: "该 Pod 现已就绪"));
        }
        if signal.cause == "probe-failing"
            && let Some(code) = pod.and_then(ended_by_itself)
            && !events().any(|event| event.reason == "Killing" && event.about == *object)
        {
            return Some(
                say!(lang, en: "the program ended by itself (exit code {code}) before a probe could kill it", zh: "程序在被探针杀死之前已自行退出（退出码 {code}）"),
            );
        }
    } else if let Some(last) = signal.last
        && worked_later(world, subject, object, last)
    {
        return Some(say!(lang, en: "the same object was reconciled well afterwards", zh: "同一对象随后调谐成功"));
    }
    // A later Event of good order about the same object.
    let age = |event: &kloupe_model::Event| {
        event
            .last
            .map(|last| -last.micros())
            .or_else(|| event.age.and_then(|age| i64::try_from(age).ok()).map(|age| age * 1_000_000))
    };
    let own = events().find(|event| event.about == *object && signal.quote.ends_with(event.message.as_str()))?;
    let own_age = age(own)?;
    let better = |reason: &str, message: &str| match signal.cause {
        "unschedulable-resources" | "unschedulable-constraints" | "volume-unavailable" => {
            matches!(reason, "Scheduled" | "Started" | "Pulled" | "Created")
        }
        "image-not-found" | "image-pull-denied" | "image-registry-unreachable" => {
            // Another container of the pod may have got its image.
            match quoted_image(&signal.quote) {
                Some(image) => reason == "Pulled" && message.contains(image),
                None => matches!(reason, "Pulled" | "Started"),
            }
        }
        "config-reference-missing" | "serving-cert-missing" => matches!(reason, "Started" | "Created"),
        "probe-failing" => false,
        _ => matches!(
            reason,
            "Started" | "Synced" | "Completed" | "Ready" | "Created" | "Updated" | "Reconciled" | "Running"
        ),
    };
    let healed = events().any(|event| {
        let same = event.about == *object || object.kind != "Pod" && event.about.name == object.name;
        let good = if object.kind == "Pod" {
            better(&event.reason, &event.message)
        } else {
            event.kind == "Normal" && !event.reason.contains("Fail")
        };
        same && good && age(event).is_some_and(|age| age < own_age)
    });
    healed.then(|| say!(lang, en: "a later event about the same object shows that it went on", zh: "同一对象之后的事件表明已恢复"))
}

/// The image that an event of the kubelet names: `Failed to pull image "example.com/op:1": …`.
fn quoted_image(message: &str) -> Option<&str> {
    message.split("image \"").nth(1)?.split('"').next().filter(|image| !image.is_empty())
}

/// Whether a log of the subject says that an object was reconciled well after a moment.
fn worked_later(world: &World<'_>, subject: &Subject, object: &ObjectRef, moment: Stamp) -> bool {
    let name = format!("{}/{}", object.namespace, object.name);
    subject.logs.iter().any(|log| {
        let activity = world.logs[*log].digest.objects.get(&name);
        activity.and_then(|activity| activity.last_ok_at).is_some_and(|ok| ok > moment)
    })
}

/// The exit code of a container that ended with an error of its own: 137 and 143 are what a kill leaves behind.
fn ended_by_itself(pod: &kloupe_model::Object) -> Option<i64> {
    pod.list_at(&["status", "containerStatuses"]).iter().find_map(|status| {
        let code = |pointer: &str| status.pointer(pointer).and_then(Value::as_i64);
        let code = code("/state/terminated/exitCode").or_else(|| code("/lastState/terminated/exitCode"))?;
        (!matches!(code, 0 | 137 | 143)).then_some(code)
    })
}

/// Whether a pod is ready: as its condition says (a lost node leaves the containers' own states as they were), else as all its containers say.
pub(crate) fn is_ready(pod: &kloupe_model::Object) -> bool {
    let conditions = pod.list_at(&["status", "conditions"]);
    let ready = conditions.iter().find(|condition| condition.get("type").and_then(Value::as_str) == Some("Ready"));
    if let Some(status) = ready.and_then(|condition| condition.get("status")) {
        return status.as_str() == Some("True");
    }
    let statuses = pod.list_at(&["status", "containerStatuses"]);
    let is_ready = |status: &Value| status.get("ready").and_then(Value::as_bool) == Some(true);
    !statuses.is_empty() && statuses.iter().all(is_ready)
}

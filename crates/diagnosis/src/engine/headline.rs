//! The verdict in one sentence with this case's own figures.

use kloupe_logs::Mark;
use kloupe_model::{Stamp, Verdict, say};
use serde_json::Value;

use super::{Milestones, Subject, World};

pub(crate) fn write(world: &World<'_>, subject: &Subject, milestones: &Milestones, verdict: Verdict) -> String {
    let lang = world.lang;
    let who = who(world, subject);
    match verdict {
        Verdict::NotStarted => match (restarts(subject), has_no_pod(subject)) {
            (0, true) => say!(lang, en: "{who} has no pod that runs", zh: "{who} 没有任何在运行的 Pod"),
            (0, false) => say!(lang, en: "{who} does not run", zh: "{who} 没有运行起来"),
            (1, _) => say!(lang, en: "{who} does not stay up: 1 restart so far", zh: "{who} 无法持续运行：已重启 1 次"),
            (count, _) => {
                say!(lang, en: "{who} does not stay up: {count} restarts so far", zh: "{who} 无法持续运行：已重启 {count} 次")
            }
        },
        Verdict::NoLeader => {
            say!(lang, en: "{who} runs, but none of its replicas leads, so nothing is reconciled", zh: "{who} 在运行，但没有任何副本成为领导者，因此不会执行调谐")
        }
        Verdict::Blocked => match running_for(world, subject) {
            Some(time) => {
                let time = kloupe_model::duration(lang, time);
                say!(lang, en: "{who} has reconciled nothing since it started {time} ago", zh: "{who} 启动 {time}以来没有完成任何一次调谐")
            }
            None => {
                say!(lang, en: "{who} runs, but never got as far as reconciling", zh: "{who} 在运行，但从未进展到调谐阶段")
            }
        },
        Verdict::Stalled => {
            say!(lang, en: "{who} made progress once and no longer does, though objects wait", zh: "{who} 曾经正常工作，如今不再有进展，而仍有对象在等待")
        }
        Verdict::Looping => {
            say!(lang, en: "{who} works without end on objects that do not change", zh: "{who} 在没有变化的对象上无休止地空转")
        }
        Verdict::Failing => match milestones.reconciled() {
            0 => say!(lang, en: "{who} reconciles, and the reconciles fail", zh: "{who} 在执行调谐，但调谐失败"),
            good => {
                say!(lang, en: "{who} reconciles, and some reconciles fail ({good} ended well)", zh: "{who} 在执行调谐，但部分调谐失败（{good} 次成功）")
            }
        },
        Verdict::Overloaded => {
            say!(lang, en: "{who} works more slowly than work arrives", zh: "{who} 的处理速度赶不上任务到达的速度")
        }
        Verdict::Unknown => unknown(world, subject, milestones, &who),
        Verdict::Idle => {
            say!(lang, en: "{who}: its workers run, and no object waits{}", zh: "{who}：worker 在运行，没有对象在等待{}", progress(world, subject, milestones))
        }
        Verdict::Healthy => {
            say!(lang, en: "{who} works{}", zh: "{who} 工作正常{}", progress(world, subject, milestones))
        }
    }
}

fn who(world: &World<'_>, subject: &Subject) -> String {
    let name = &subject.name;
    let namespace = &subject.namespace;
    if namespace.is_empty() {
        name.clone()
    } else {
        say!(world.lang, en: "{name} in {namespace}", zh: "{namespace} 中的 {name}")
    }
}

fn unknown(world: &World<'_>, subject: &Subject, milestones: &Milestones, who: &str) -> String {
    let lang = world.lang;
    let records: u64 = subject.logs.iter().map(|log| world.logs[*log].digest.records).sum();
    if !milestones.has_log {
        return say!(lang, en: "what was read of {who} does not tell how it fares, and its log is not among it", zh: "已读取的内容不足以判断 {who} 的状况，其中没有它的日志");
    }
    if milestones.saw(Mark::ProcessStart) || milestones.saw(Mark::CachesWaiting) || milestones.saw(Mark::LeaseWaiting) {
        return say!(lang, en: "the log of {who} ({records} records) starts it and ends; nothing shows that it worked", zh: "{who} 的日志（{records} 条）只有启动过程便结束了，无法看出它是否工作过");
    }
    say!(lang, en: "the log of {who} ({records} records) shows neither a failure that is known nor progress", zh: "{who} 的日志（{records} 条）中既没有已知的故障，也没有进展")
}

/// What a healthy controller did, as far as it shows.
fn progress(world: &World<'_>, subject: &Subject, milestones: &Milestones) -> String {
    let lang = world.lang;
    let mut parts = Vec::new();
    if milestones.saw(Mark::LeaseAcquired) {
        parts.push(say!(lang, en: "leads", zh: "已当选领导者"));
    }
    match milestones.reconciled() {
        0 => {}
        1 => parts.push(say!(lang, en: "1 reconcile ended well", zh: "1 次调谐成功")),
        count => parts.push(say!(lang, en: "{count} reconciles ended well", zh: "{count} 次调谐成功")),
    }
    let (ready, all) = pods(subject);
    if all > 0 {
        parts.push(say!(lang, en: "{ready} of {all} pods ready", zh: "{all} 个 Pod 中 {ready} 个就绪"));
    }
    if parts.is_empty() {
        return String::new();
    }
    let joined = parts.join(&say!(lang, en: ", ", zh: "，"));
    say!(lang, en: ": {joined}", zh: "：{joined}")
}

fn pods(subject: &Subject) -> (usize, usize) {
    let ready = subject.pod_objects().filter(|pod| super::acquit::is_ready(pod)).count();
    (ready, subject.pod_objects().count())
}

fn has_no_pod(subject: &Subject) -> bool {
    subject.pod_objects().next().is_none() && !subject.objects.is_empty()
}

/// The most restarts of any of its containers.
pub(crate) fn restarts(subject: &Subject) -> u64 {
    subject
        .pod_objects()
        .flat_map(|pod| pod.list_at(&["status", "containerStatuses"]))
        .filter_map(|status| status.get("restartCount").and_then(Value::as_u64))
        .max()
        .unwrap_or_default()
}

/// Seconds since its present process started.
fn running_for(world: &World<'_>, subject: &Subject) -> Option<i64> {
    let started = subject
        .pod_objects()
        .flat_map(|pod| pod.list_at(&["status", "containerStatuses"]))
        .filter_map(|status| status.pointer("/state/running/startedAt")?.as_str().and_then(Stamp::parse_rfc3339))
        .max()?;
    Some(world.as_of?.seconds_since(started)).filter(|seconds| *seconds > 0)
}

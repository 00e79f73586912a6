//! What follows from a root: causes that are links of its chain, restarts, workers that never start.

use kloupe_logs::Mark;
use kloupe_model::{Effect, Place, Verdict, say};
use serde_json::Value;

use super::weigh::Standing;
use super::{Milestones, Signal, Subject, World, values};
use crate::catalogue::CauseEntry;

pub(crate) fn write(
    world: &World<'_>,
    subject: &Subject,
    milestones: &Milestones,
    signals: &[Signal],
    root: &Standing,
    first: bool,
) -> Vec<Effect> {
    let mut effects: Vec<Effect> = root.explains.iter().filter_map(|(entry, of)| link(signals, entry, of)).collect();
    if first {
        effects.extend(restarts(world, subject, root));
        effects.extend(no_workers(world, milestones, root));
        effects.extend(last_words(milestones, signals, root));
    }
    effects
}

/// A link of the root's chain, in the words in which it shows: its own sentence would claim to be the reason.
fn link(signals: &[Signal], entry: &'static CauseEntry, of: &[usize]) -> Option<Effect> {
    let strongest = &signals[*of.first()?];
    Some(Effect { id: Some(entry.id), text: values::shorten(&strongest.said), place: Some(strongest.place.clone()) })
}

/// Containers that restart because of the root.
fn restarts(world: &World<'_>, subject: &Subject, root: &Standing) -> Vec<Effect> {
    if matches!(root.verdict, Verdict::Failing | Verdict::Looping | Verdict::Overloaded) {
        return Vec::new();
    }
    let mut effects = Vec::new();
    for pod in subject.pod_objects() {
        for status in pod.list_at(&["status", "containerStatuses"]) {
            let count = status.get("restartCount").and_then(Value::as_u64).unwrap_or_default();
            let name = status.get("name").and_then(Value::as_str).unwrap_or_default();
            if count == 0 {
                continue;
            }
            let name = if name.is_empty() { String::new() } else { format!(" {name}") };
            let text = match status.pointer("/lastState/terminated/exitCode").and_then(Value::as_i64) {
                Some(code) => {
                    say!(world.lang, en: "container{name} of {} restarted {count} times, last exit code {code}", zh: "{} 的容器{name} 已重启 {count} 次，最近一次退出码 {code}", pod.reference)
                }
                None => {
                    say!(world.lang, en: "container{name} of {} restarted {count} times", zh: "{} 的容器{name} 已重启 {count} 次", pod.reference)
                }
            };
            let field = format!("status.containerStatuses[{}].restartCount", name.trim());
            effects.push(Effect {
                id: None,
                text,
                place: Some(Place::Field { file: pod.file.clone(), object: pod.reference.clone(), field }),
            });
        }
    }
    effects
}

/// With what words the program gave up, where the evidence does not show that line already.
fn last_words(milestones: &Milestones, signals: &[Signal], root: &Standing) -> Option<Effect> {
    let exit = milestones.all(Mark::ProcessExit).last()?;
    let shown = root.signals.iter().any(|at| signals[*at].place == exit.place);
    (!shown).then(|| Effect { id: None, text: values::shorten(&exit.quote), place: Some(exit.place.clone()) })
}

fn no_workers(world: &World<'_>, milestones: &Milestones, root: &Standing) -> Option<Effect> {
    let never =
        milestones.has_log && !milestones.works() && matches!(root.verdict, Verdict::Blocked | Verdict::NoLeader);
    if !never {
        return None;
    }
    let waiting = milestones.all(Mark::CachesWaiting).next();
    let text = match waiting {
        Some(_) => {
            say!(world.lang, en: "it waits for its caches; the log never says that workers started", zh: "它一直在等待缓存同步；日志中始终没有 worker 启动的记录")
        }
        None => say!(world.lang, en: "the log never says that workers started", zh: "日志中始终没有 worker 启动的记录"),
    };
    Some(Effect { id: None, text, place: waiting.map(|seen| seen.place.clone()) })
}

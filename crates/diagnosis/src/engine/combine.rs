//! What no single message decides: the same failure on every attempt, a wait that never ends, a death that nothing explains.

use std::collections::BTreeMap;

use kloupe_logs::{Level, Mark};
use kloupe_model::{Place, Strength, say};

use super::{Milestones, Origin, Signal, Subject, World, failing};

/// Adds and raises signals by combination.
pub(crate) fn combine(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &mut Vec<Signal>) {
    every_attempt(world, signals);
    served_in_another_version(world, signals);
    deleted_and_put_back(world, signals);
    watches_in_a_row(world, signals);
    writers_in_turn(signals);
    refused_until_too_late(signals);
    waits_for_lease(world, subject, milestones, signals);
    caches_never_sync(milestones, signals);
    endless_repetition(world, subject, milestones, signals);
    unexplained_death(world, subject, milestones, signals);
    failing::unknown(world, subject, signals);
}

/// A failure that is normal once is a cause when the same object meets it on every attempt.
const ON_EVERY_ATTEMPT: [&str; 9] = [
    "conflict",
    "dependency-not-found",
    "already-exists",
    "apply-conflict",
    "external-api-failing",
    "finalizer-stuck",
    "client-throttled",
    "api-timeout",
    "watch-expired",
];
const ATTEMPTS: u64 = 3;

fn every_attempt(world: &World<'_>, signals: &mut [Signal]) {
    let mut tries: BTreeMap<(&'static str, Option<String>), u64> = BTreeMap::new();
    for signal in
        signals.iter().filter(|signal| signal.counts() && matches!(signal.origin, Origin::Log { .. } | Origin::Event))
    {
        *tries.entry((signal.cause, signal.object.clone())).or_default() += signal.count;
    }
    for signal in signals.iter_mut().filter(|signal| {
        signal.counts() && signal.strength == Strength::Supports && ON_EVERY_ATTEMPT.contains(&signal.cause)
    }) {
        let tries = tries.get(&(signal.cause, signal.object.clone())).copied().unwrap_or_default();
        let lasting = match signal.origin {
            Origin::Log { log, order } => {
                let digest = &world.logs[log].digest;
                // Nothing good came of the object since, and the failure reaches into the last part of the log.
                order.1 + (digest.last_order / 3).max(12) >= digest.last_order
            }
            _ => true,
        };
        if tries >= ATTEMPTS && lasting {
            signal.strength = Strength::Decides;
        }
    }
}

/// A kind whose list is answered with "not found", while the program itself saw its CRD: another version of it is installed.
fn served_in_another_version(world: &World<'_>, signals: &mut Vec<Signal>) {
    let mut seen = Vec::new();
    for signal in signals.iter_mut().filter(|signal| signal.counts() && signal.cause == "crd-not-installed") {
        let (Origin::Log { log, .. }, Some(resource)) = (signal.origin, signal.values.get("gr")) else { continue };
        let crd = world.logs[log]
            .digest
            .matches
            .iter()
            .find(|known| known.signature.id == "gen-crd-there" && known.object.as_ref() == Some(resource));
        let Some(crd) = crd else { continue };
        signal.cause = "crd-version-not-served";
        signal.strength = Strength::Decides;
        let place = Place::Log { file: world.logs[log].file.clone(), line: crd.first.line };
        seen.push(Signal::of_object(signal.cause, Strength::Supports, "crd-there", place, crd.first.text.clone()));
    }
    seen.dedup_by(|a, b| a.place == b.place);
    signals.extend(seen);
}

/// The program says that the object is gone, and yet fails on it again and again: it never takes it out of its queue.
fn deleted_and_put_back(world: &World<'_>, signals: &mut [Signal]) {
    for signal in signals.iter_mut().filter(|signal| signal.counts() && signal.cause == "dependency-not-found") {
        let (Origin::Log { log, .. }, Some(object)) = (signal.origin, &signal.object) else { continue };
        let own = signal.values.get("name").is_some_and(|name| object.rsplit('/').next() == Some(name.as_str()));
        let gone: u64 = world.logs[log]
            .digest
            .matches
            .iter()
            .filter(|known| known.signature.mark == Some(Mark::ObjectGone) && known.quote.contains(object.as_str()))
            .map(|known| known.count)
            .sum();
        if own && signal.count >= ATTEMPTS && gone >= ATTEMPTS {
            signal.cause = "controller-bug";
            signal.strength = Strength::Decides;
        }
    }
}

/// So many ends of a watch, each within so many seconds of the one before, are no compaction now and then.
const ENDS_IN_A_ROW: u64 = 10;
const SECONDS_APART: i64 = 30;

/// A watch that starts from the same forgotten version again and again, to the end of the log.
fn watches_in_a_row(world: &World<'_>, signals: &mut [Signal]) {
    for signal in signals.iter_mut().filter(|signal| signal.cause == "watch-expired" && signal.acquitted.is_none()) {
        let Origin::Log { log, order } = signal.origin else { continue };
        let Some((first, last)) = signal.first.zip(signal.last) else { continue };
        let count = i64::try_from(signal.count).unwrap_or(i64::MAX);
        let in_a_row =
            signal.count >= ENDS_IN_A_ROW && last.seconds_since(first) <= SECONDS_APART.saturating_mul(count);
        if in_a_row && order.1 + ENDS_IN_A_ROW.cast_signed() >= world.logs[log].digest.last_order {
            signal.strength = Strength::Decides;
        }
    }
}

/// Two managers that wrote one right after the other, and work that does not end: each answers the other.
fn writers_in_turn(signals: &mut [Signal]) {
    let endless = signals.iter().any(|signal| {
        signal.counts() && signal.strength == Strength::Decides && matches!(signal.cause, "hot-loop" | "conflict")
    });
    for signal in
        signals.iter_mut().filter(|signal| endless && signal.counts() && signal.cause == "controllers-fighting")
    {
        signal.strength = Strength::Decides;
    }
}

/// Requests that were too late, and a client that was told to come later: it waited and tried again until its time was up.
fn refused_until_too_late(signals: &mut [Signal]) {
    let late = signals.iter().any(|signal| signal.counts() && signal.cause == "api-timeout");
    for signal in signals.iter_mut().filter(|signal| {
        late && signal.counts() && signal.cause == "api-throttled" && matches!(signal.origin, Origin::Metric)
    }) {
        signal.strength = Strength::Decides;
    }
}

/// The lease wait is the last that every replica says, and nothing of its own work follows.
fn waits_for_lease(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &mut Vec<Signal>) {
    if milestones.saw(Mark::LeaseAcquired)
        || signals.iter().any(|signal| signal.counts() && signal.strength == Strength::Decides)
    {
        return;
    }
    let waits: Vec<_> = milestones.all(Mark::LeaseWaiting).collect();
    let Some(wait) = waits.first() else { return };
    let works = milestones.saw(Mark::ReconcileOk) || milestones.saw(Mark::WorkersStarted);
    let last_words = waits.iter().all(|wait| {
        let digest = &world.logs[wait.log].digest;
        wait.count >= 2 && wait.order.1 + 3 >= digest.last_order
    });
    // It led and could not renew: what it waited for was its own lease.
    if milestones.last_in(Mark::LeaseLost, wait.log).is_some_and(|lost| lost > wait.order.0) {
        return;
    }
    if own_pod_leads(world, subject, &wait.quote) {
        return;
    }
    let held = lease_holder(world, subject, &wait.quote);
    if works || !(last_words || held.is_some()) {
        return;
    }
    let mut signal = Signal::of_object(
        "leader-held-by-other",
        Strength::Supports,
        "lease-wait",
        wait.place.clone(),
        wait.quote.clone(),
    );
    signal.count = waits.iter().map(|wait| wait.count).sum();
    if held.is_some() || wait.count >= 3 {
        signal.strength = Strength::Decides;
    }
    if let Some((place, holder, holder_quote)) = held {
        signals.push(
            Signal::of_object("leader-held-by-other", Strength::Supports, "lease-holder", place, holder_quote.clone())
                .with("holder", holder.clone()),
        );
        signal = signal.with("holder", holder);
    }
    signals.push(signal);
}

/// A pod of the subject's own holds the lease: the one that waits is its standby.
fn own_pod_leads(world: &World<'_>, subject: &Subject, wait: &str) -> bool {
    world.index.of_kind("Lease").filter(|lease| wait.contains(lease.reference.name.as_str())).any(|lease| {
        lease
            .str_at(&["spec", "holderIdentity"])
            .is_some_and(|holder| subject.pods.iter().any(|pod| holder.starts_with(pod.as_str())))
    })
}

/// The holder of the lease that the log waits for, if it is none of the subject's pods.
fn lease_holder(world: &World<'_>, subject: &Subject, wait: &str) -> Option<(Place, String, String)> {
    world.index.of_kind("Lease").filter(|lease| wait.contains(lease.reference.name.as_str())).find_map(|lease| {
        let holder = lease.str_at(&["spec", "holderIdentity"]).filter(|holder| !holder.is_empty())?;
        let own = subject.pods.iter().any(|pod| holder.starts_with(pod.as_str()));
        let field = "spec.holderIdentity".to_owned();
        let renewed =
            lease.str_at(&["spec", "renewTime"]).map(|time| format!(", renewTime: {time}")).unwrap_or_default();
        let quote = format!("holderIdentity: {holder}{renewed}");
        (!own).then(|| {
            (
                Place::Field { file: lease.file.clone(), object: lease.reference.clone(), field },
                holder.to_owned(),
                quote,
            )
        })
    })
}

/// A sync time-out is only a link where anything says why the informer failed.
fn caches_never_sync(milestones: &Milestones, signals: &mut [Signal]) {
    let explained = signals
        .iter()
        .any(|signal| signal.counts() && signal.cause != "cache-sync-timeout" && signal.strength == Strength::Decides);
    if explained || milestones.saw(Mark::CachesSynced) && milestones.saw(Mark::WorkersStarted) {
        return;
    }
    let timed_out =
        signals.iter().any(|signal| signal.cause == "cache-sync-timeout" && signal.counts() && !signal.informer);
    for signal in signals
        .iter_mut()
        .filter(|signal| timed_out && signal.cause == "cache-sync-timeout" && signal.counts() && !signal.informer)
    {
        signal.strength = Strength::Decides;
    }
}

/// More passes over one object than this a second, over at least this many seconds, is no calm resync.
const PASSES: u64 = 8;
const SECONDS_A_PASS: f64 = 3.0;

/// The same few messages for the same objects, without an error, several a second, to the end of the log.
fn endless_repetition(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &mut Vec<Signal>) {
    if signals.iter().any(|signal| signal.counts() && signal.strength == Strength::Decides) {
        return;
    }
    for log in &subject.logs {
        let facts = &world.logs[*log];
        let digest = &facts.digest;
        let calm = digest.levels[Level::Error as usize] + digest.levels[Level::Fatal as usize] <= digest.records / 20;
        for repeated in &digest.repeated {
            let Some((first, last)) = repeated.span else { continue };
            let objects = u64::try_from(repeated.objects.len().max(1)).unwrap_or(1);
            let per_object = repeated.count / objects;
            #[expect(clippy::cast_precision_loss, reason = "seconds and counts of one log")]
            let seconds = (last.micros() - first.micros()) as f64 / 1e6;
            #[expect(clippy::cast_precision_loss, reason = "seconds and counts of one log")]
            let slow = seconds / (per_object.max(1) as f64) > SECONDS_A_PASS;
            if repeated.objects.is_empty() || per_object < PASSES || slow || !calm || !milestones.has_log {
                continue;
            }
            let object = repeated
                .objects
                .iter()
                .max_by_key(|(_, count)| **count)
                .map(|(object, _)| object.clone())
                .unwrap_or_default();
            let place = Place::Log { file: facts.file.clone(), line: repeated.first.line };
            let mut signal =
                Signal::of_object("hot-loop", Strength::Decides, "endless-passes", place, repeated.first.text.clone());
            signal.count = repeated.count;
            signal.first = Some(first);
            signal.last = Some(last);
            signal.object = Some(object);
            signals.push(signal);
            return;
        }
    }
}

/// Repeated non-zero exits, and nothing that names a cause: report the last words as they are.
fn unexplained_death(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &mut Vec<Signal>) {
    let lang = world.lang;
    let explained = |signal: &Signal| {
        signal.strength == Strength::Decides && signal.cause != "crash-unexplained"
            || signal.strength >= Strength::Supports && signal.cause == "panic"
    };
    if signals.iter().any(|signal| signal.counts() && explained(signal)) {
        return;
    }
    let crash = signals.iter().any(|signal| signal.cause == "crash-unexplained" && signal.counts());
    let last_words = subject.logs.iter().rev().find_map(|log| {
        let facts = &world.logs[*log];
        let last = facts
            .digest
            .end
            .iter()
            .rev()
            .find(|quote| quote.level.is_some_and(|level| level >= Level::Error))
            .or(facts.digest.end.last())?;
        Some((Place::Log { file: facts.file.clone(), line: last.line }, last.text.clone(), last.level))
    });
    let Some((place, quote, level)) = last_words else { return };
    if crash {
        signals.push(Signal::of_object("crash-unexplained", Strength::Decides, "last-words", place, quote));
    } else if milestones.saw(Mark::ProcessExit) || level == Some(Level::Fatal) {
        let quote =
            if quote.is_empty() { say!(lang, en: "the log ends here", zh: "日志到此结束") } else { quote };
        signals.push(Signal::of_object("crash-unexplained", Strength::Supports, "last-words", place, quote));
    }
}

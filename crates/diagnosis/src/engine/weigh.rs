//! Weighs signals: which causes are roots, which are effects of another, how sure each is, and what the verdict is.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_logs::Mark;
use kloupe_model::{Confidence, Strength, Verdict};

use super::{Milestones, Origin, Signal, Subject, World, failing};
use crate::catalogue::CauseEntry;

/// A cause that stands, with what speaks for it (indices of signals, strongest first).
pub(crate) struct Standing {
    pub(crate) entry: &'static CauseEntry,
    pub(crate) signals: Vec<usize>,
    pub(crate) confidence: Confidence,
    /// Causes that follow from it.
    pub(crate) explains: Vec<(&'static CauseEntry, Vec<usize>)>,
    pub(crate) verdict: Verdict,
    /// Another cause is as well supported.
    pub(crate) rival: bool,
}

/// What was weighed.
pub(crate) struct Weighed {
    /// Roots, the most disabling first.
    pub(crate) roots: Vec<Standing>,
    pub(crate) verdict: Verdict,
}

pub(crate) fn weigh(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &[Signal]) -> Weighed {
    let mut candidates = candidates(world, subject, signals);
    let decided = candidates.values().any(|signals_of| strength(signals, signals_of) == Strength::Decides);
    if decided {
        // Where something decides, a single supporting sign is no cause of its own.
        let deciding: Vec<&'static CauseEntry> = candidates
            .iter()
            .filter(|(_, of)| strength(signals, of) == Strength::Decides)
            .filter_map(|(id, _)| world.cause(id))
            .collect();
        // Unless it is a link of the chain that begins there.
        candidates.retain(|id, of| {
            strength(signals, of) == Strength::Decides
                || independent(signals, of) >= 2
                || deciding.iter().any(|root| root.explains.contains(id))
        });
    }
    let mut roots = part(world, milestones, signals, &candidates);
    // A link whose reason stands further in is never a root of its own.
    roots.retain(|root| strength(signals, &root.signals) >= Strength::Supports);
    roots.sort_by_key(|root| order(world, milestones, signals, root));
    let works = milestones.saw(Mark::WorkersStarted) || milestones.saw(Mark::ReconcileOk) || healthy_objects(subject);
    let failing = failing::objects(world, subject);
    let fails = |root: &Standing| {
        root.signals.iter().any(|at| signals[*at].object.as_ref().is_some_and(|object| failing.contains(object)))
    };
    if works && !milestones.died {
        // Work goes on: what is merely possible is no finding, unless it is all that is known of an object that fails each time.
        roots.retain(|root| root.confidence > Confidence::Possible || fails(root));
    }
    let verdict = match roots.first() {
        Some(root) if root.confidence > Confidence::Possible || fails(root) => root.verdict,
        Some(_) => Verdict::Unknown,
        None => without_cause(world, subject, milestones, signals),
    };
    Weighed { roots, verdict }
}

/// Signals that count, by cause. Asked about one object, failures of others do not count.
fn candidates(world: &World<'_>, subject: &Subject, signals: &[Signal]) -> BTreeMap<&'static str, Vec<usize>> {
    let wanted = subject.object.map(|at| {
        let reference = &world.facts.objects[at].reference;
        (reference.namespace.clone(), reference.name.clone())
    });
    let mut causes: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    let counts = |signal: &Signal| signal.counts() || signal.demoted && signal.acquitted.is_none();
    for (at, signal) in signals.iter().enumerate().filter(|(_, signal)| counts(signal)) {
        let other = match (&wanted, &signal.object) {
            (Some((namespace, name)), Some(object)) => {
                let (signal_namespace, signal_name) = object.split_once('/').unwrap_or(("", object));
                signal_name != name
                    || !signal_namespace.is_empty() && !namespace.is_empty() && signal_namespace != namespace
            }
            _ => false,
        };
        if !other && world.cause(signal.cause).is_some() {
            causes.entry(signal.cause).or_default().push(at);
        }
    }
    for of in causes.values_mut() {
        of.sort_by_key(|at| (std::cmp::Reverse(signals[*at].strength), std::cmp::Reverse(signals[*at].count), *at));
    }
    causes
}

fn strength(signals: &[Signal], of: &[usize]) -> Strength {
    of.iter().map(|at| signals[*at].strength).max().unwrap_or(Strength::Weak)
}

/// How many independent signs: different rules read in different places.
fn independent(signals: &[Signal], of: &[usize]) -> usize {
    let rules: BTreeSet<&str> = of.iter().map(|at| signals[*at].rule).collect();
    let places: BTreeSet<_> = of.iter().map(|at| &signals[*at].place).collect();
    rules.len().min(places.len())
}

/// Parts roots from effects along the causal chains.
fn part(
    world: &World<'_>,
    milestones: &Milestones,
    signals: &[Signal],
    candidates: &BTreeMap<&'static str, Vec<usize>>,
) -> Vec<Standing> {
    let rank = |id: &str| strength(signals, &candidates[id]);
    // A cause is an effect if a cause at least as strong explains it, and is not itself explained by it.
    let explainer = |id: &'static str| {
        candidates.keys().copied().filter(|other| *other != id).find(|other| {
            let entry = world.cause(other).expect("candidates are in the catalogue");
            let back = world.cause(id).expect("candidates are in the catalogue").explains.contains(other);
            entry.explains.contains(&id)
                && (!back || (rank(other), *other) > (rank(id), id))
                && (rank(other) >= rank(id) || rank(other) == Strength::Decides)
        })
    };
    let mut root_of: BTreeMap<&'static str, &'static str> = BTreeMap::new();
    for id in candidates.keys().copied() {
        let mut top = id;
        let mut seen = BTreeSet::from([id]);
        while let Some(next) = explainer(top) {
            if !seen.insert(next) {
                break;
            }
            top = next;
        }
        root_of.insert(id, top);
    }
    let deciding = root_of.iter().filter(|(id, root)| id == root && rank(id) == Strength::Decides).count();
    let mut roots = Vec::new();
    for (id, of) in candidates {
        if root_of[id] != *id {
            continue;
        }
        let entry = world.cause(id).expect("candidates are in the catalogue");
        let explains = root_of
            .iter()
            .filter(|(other, root)| *root == id && *other != id)
            .map(|(other, _)| (world.cause(other).expect("in the catalogue"), candidates[other].clone()))
            .collect();
        let rival = deciding > 1;
        let confidence = match strength(signals, of) {
            Strength::Decides => Confidence::Certain,
            _ if independent(signals, of) >= 2 => Confidence::Likely,
            _ => Confidence::Possible,
        };
        let verdict = verdict_of(entry, milestones, signals, of);
        roots.push(Standing { entry, signals: of.clone(), confidence, explains, verdict, rival });
    }
    roots
}

/// The verdict of a root, by how far the controller got.
fn verdict_of(entry: &CauseEntry, milestones: &Milestones, signals: &[Signal], of: &[usize]) -> Verdict {
    let works = milestones.saw(Mark::ReconcileOk)
        || milestones.saw(Mark::WorkersStarted)
        || milestones.saw(Mark::ReconcileError);
    let own_pod = of.iter().any(|at| {
        matches!(signals[*at].origin, Origin::Event | Origin::Status | Origin::Object) && signals[*at].object.is_none()
    });
    match (entry.verdict, entry.id) {
        (_, "panic") => {
            let recovered = of.iter().any(|at| signals[*at].object.is_some()) && !own_pod;
            if recovered || works && !milestones.died { Verdict::Failing } else { Verdict::NotStarted }
        }
        (
            Verdict::Failing,
            "admission-denied" | "quota-exceeded" | "security-context-denied" | "webhook-unreachable",
        ) if own_pod && !milestones.has_log => Verdict::NotStarted,
        (Verdict::Blocked, "cache-sync-timeout") => Verdict::Blocked,
        (Verdict::Failing | Verdict::Blocked, "scheme-not-registered")
            if !works && milestones.saw(Mark::ProcessExit) && !milestones.saw(Mark::CachesWaiting) =>
        {
            Verdict::NotStarted
        }
        (Verdict::Blocked, _) if works => {
            let at_work = of.iter().any(|at| signals[*at].object.is_some() || matches!(signals[*at].origin, Origin::Log { log, .. } if milestones.first_in(Mark::WorkersStarted, log).is_some_and(|start| start < signals[*at].last_order())));
            if at_work { Verdict::Failing } else { Verdict::Blocked }
        }
        (
            Verdict::Failing,
            "api-unreachable"
            | "api-timeout"
            | "dns-failure"
            | "tls-untrusted"
            | "tls-expired"
            | "auth-token-invalid"
            | "network-policy-blocked"
            | "aggregated-api-unavailable"
            | "etcd-unhealthy"
            | "conversion-webhook-failing"
            | "scheme-not-registered",
        ) if !works => Verdict::Blocked,
        (verdict, _) => verdict,
    }
}

/// The most disabling first: surer ones, then by verdict, then those that reach the end, then the earlier.
fn order(world: &World<'_>, milestones: &Milestones, signals: &[Signal], root: &Standing) -> impl Ord + use<> {
    let died = milestones.died;
    let at_end = root.signals.iter().any(|at| match signals[*at].origin {
        Origin::Log { log, order } => order.1 + 6 >= world.logs[log].digest.last_order,
        _ => true,
    });
    let fallback = root.entry.id == "crash-unexplained";
    let count: u64 = root.signals.iter().map(|at| signals[*at].count).sum();
    (
        fallback,
        std::cmp::Reverse(root.confidence),
        died && !at_end,
        root.verdict,
        !at_end,
        std::cmp::Reverse(root.explains.len()),
        std::cmp::Reverse(count),
        root.entry.id,
    )
}

/// Whether the objects alone show that it works: all pods ready.
fn healthy_objects(subject: &Subject) -> bool {
    let mut pods = subject.pod_objects().peekable();
    pods.peek().is_some() && pods.all(super::acquit::is_ready)
}

fn without_cause(world: &World<'_>, subject: &Subject, milestones: &Milestones, signals: &[Signal]) -> Verdict {
    let ready = healthy_objects(subject);
    if milestones.saw(Mark::ReconcileOk) {
        return Verdict::Healthy;
    }
    let served = signals.iter().any(|signal| signal.acquitted.is_some());
    let digests: Vec<_> = subject.logs.iter().map(|log| &world.logs[*log].digest).collect();
    let errors: u64 = digests.iter().map(|digest| digest.levels[4] + digest.levels[5]).sum();
    let records: u64 = digests.iter().map(|digest| digest.records).sum();
    let objects: usize = digests.iter().map(|digest| digest.objects.len()).sum();
    if milestones.saw(Mark::WorkersStarted) {
        return if errors * 3 > records {
            Verdict::Unknown
        } else if objects == 0 && records < 60 {
            Verdict::Idle
        } else {
            Verdict::Healthy
        };
    }
    if !milestones.has_log {
        let any = !subject.objects.is_empty() || !subject.events.is_empty();
        let warned = subject.events.iter().any(|event| world.facts.events[*event].kind == "Warning");
        return if ready || any && served || any && !warned && subject.objects.is_empty() {
            Verdict::Healthy
        } else {
            Verdict::Unknown
        };
    }
    // No milestone we know, but objects are worked on, or the pod is ready, and nothing fails.
    if errors * 4 <= records && (objects > 0 || ready || records >= 12) && !milestones.died {
        return Verdict::Healthy;
    }
    Verdict::Unknown
}

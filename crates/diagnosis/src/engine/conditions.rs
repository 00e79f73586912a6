//! Whether the `when` of a signature's row holds: by captured values, by what stands around the match, by what the objects say.

use std::collections::{BTreeMap, BTreeSet};

use kloupe_logs::{Condition, Row, Signature};

use super::{World, network};
use crate::checks;

/// What a match offers to conditions.
pub(crate) struct Context<'c> {
    pub(crate) values: &'c BTreeMap<String, String>,
    /// The text that matched.
    pub(crate) text: &'c str,
    pub(crate) outer: &'c BTreeSet<&'static str>,
    pub(crate) inner: &'c BTreeSet<&'static str>,
    /// `log`, `event` or `status`.
    pub(crate) source: &'static str,
    /// The reason of an event or a status.
    pub(crate) reason: &'c str,
    pub(crate) level: &'static str,
    /// Whether workers had started.
    pub(crate) running: bool,
}

/// The row of a signature that holds, and the rows that hold beside it.
pub(crate) fn rows(world: &World<'_>, signature: &Signature, context: &Context<'_>) -> Vec<&'static Row> {
    let holds = |row: &&'static Row| row.when.iter().all(|condition| holds(world, condition, context));
    let chosen = signature.speaks.iter().find(holds);
    chosen.into_iter().chain(signature.also.iter().filter(holds)).collect()
}

fn holds(world: &World<'_>, condition: &Condition, context: &Context<'_>) -> bool {
    let any = |value: &str| condition.values.iter().any(|pattern| glob(pattern, value));
    let found = match condition.key {
        "outer" => context.outer.iter().any(|id| any(id)),
        "inner" => context.inner.iter().any(|id| any(id)),
        "target" => any(network::target(context.text, context.outer, context.reason)),
        "phase" => any(if context.running { "running" } else { "start" }),
        "source" => any(context.source),
        "reason" if context.source != "log" => any(context.reason),
        "level" => any(context.level),
        "check" => condition.values.iter().any(|check| checks::named(check, world, context.values)),
        key => context.values.get(key).is_some_and(|value| any(value)),
    };
    found != condition.negated
}

/// `*` stands for any run of characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut rest: Vec<&str> = pieces.collect();
    let Some(last) = rest.pop() else { return left.is_empty() };
    for piece in rest {
        let Some(at) = left.find(piece) else { return false };
        left = &left[at + piece.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        assert!(glob("*", ""));
        assert!(glob("le-*", "le-get-error"));
        assert!(glob("*serving-certs*tls.crt", "/tmp/serving-certs/tls.crt"));
        assert!(!glob("le-*", "cg-le-x"));
        assert!(!glob("list", "lists"));
    }
}

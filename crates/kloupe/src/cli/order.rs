//! Options that stand before the command, where kubectl takes them too: `kloupe -n shop get pods`.

use std::ffi::OsString;

use clap::Arg;
use kloupe_model::Lang;

use super::{command, mirror};

/// The same command line with such options behind the command's own arguments.
pub(super) fn options_last(args: Vec<OsString>) -> Vec<OsString> {
    let known = mirror::connection(Lang::En);
    let (mut at, mut typed) = (1, Vec::new());
    while let Some((option, length)) = args.get(at).and_then(|arg| option(&known, arg.to_str()?)) {
        typed.push(option.get_id());
        at += length;
    }
    let takes_all = args.get(at).and_then(|arg| command(arg.to_str()?)).is_some_and(|command| {
        let own = (command.arguments)(Lang::En);
        typed.iter().all(|id| own.iter().any(|argument| argument.get_id() == *id))
    });
    if at == 1 || !takes_all || at > args.len() {
        return args;
    }
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len()).max(at);
    let (before, rest) = args.split_at(at);
    let (own, after) = rest.split_at(end - at);
    [&before[..1], own, &before[1..], after].concat()
}

/// The option that a word is, and how many words it takes with its value.
fn option<'a>(known: &'a [Arg], word: &str) -> Option<(&'a Arg, usize)> {
    let (option, attached) = if let Some(long) = word.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, false), |(name, _)| (name, true));
        (known.iter().find(|arg| arg.get_long() == Some(name))?, value)
    } else {
        let mut letters = word.strip_prefix('-')?.chars();
        let letter = letters.next()?;
        (known.iter().find(|arg| arg.get_short() == Some(letter))?, letters.next().is_some())
    };
    let is_switch = option.get_num_args().is_some_and(|values| values.min_values() == 0);
    Some((option, if attached || is_switch { 1 } else { 2 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(line: &str) -> String {
        let args = line.split(' ').map(OsString::from).collect();
        let sorted: Vec<String> = options_last(args).into_iter().filter_map(|arg| arg.into_string().ok()).collect();
        sorted.join(" ")
    }

    #[test]
    fn options_before_the_command_go_behind_it() {
        for (typed, same) in [
            ("kloupe -n shop get pods", "kloupe get pods -n shop"),
            ("kloupe --context=c -nshop get pods -o wide", "kloupe get pods -o wide --context=c -nshop"),
            ("kloupe --insecure-skip-tls-verify get pods", "kloupe get pods --insecure-skip-tls-verify"),
            ("kloupe --from dump get pods", "kloupe get pods --from dump"),
            ("kloupe --kubeconfig k capture -n shop", "kloupe capture -n shop --kubeconfig k"),
            ("kloupe -n shop diagnose --from dump", "kloupe diagnose --from dump -n shop"),
        ] {
            assert_eq!(sorted(typed), same);
        }
        for unchanged in [
            "kloupe get pods -n shop",
            "kloupe --nonsense get pods",
            "kloupe -n shop",
            "kloupe -n",
            "kloupe",
            "kloupe -n shop explain rbac",
            "kloupe --token t diagnose --from dump",
        ] {
            assert_eq!(sorted(unchanged), unchanged);
        }
    }
}

//! A command line that cannot be parsed: what is wrong with it, and what was probably meant.

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Error};
use kloupe_diagnosis::{cause, nearest};
use kloupe_model::{Lang, say};

use super::{ALL, Command, command, common_arguments};
use crate::error::{Failure, did_you_mean};

/// What is said about a mistake in the command line `typed`.
pub(crate) fn of(lang: Lang, error: &Error, typed: &[OsString]) -> Failure {
    let command = typed.iter().skip(1).filter_map(|arg| arg.to_str()).find_map(command);
    if let Some(command) = command.filter(|it| it.mirrors) {
        return mirrored(lang, error, typed, command);
    }
    let failure = match error.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(lang, &context(error, ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => unknown_argument(lang, &context(error, ContextKind::InvalidArg), command),
        ErrorKind::InvalidValue => invalid_value(lang, error, command),
        _ => other(error),
    };
    let help = command.map_or("kloupe --help".to_owned(), |command| format!("kloupe {} --help", command.name));
    failure.hint(say!(lang, en: "`{help}` shows what can be typed", zh: "`{help}` 列出可用的写法"))
}

/// The same in kubectl's words, with what was probably meant below.
fn mirrored(lang: Lang, error: &Error, typed: &[OsString], command: &Command) -> Failure {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let flag = argument.split([' ', '[', '=']).next().unwrap_or_default();
    let known = arguments(lang, Some(command));
    let short = known.iter().find(|it| it.get_long() == flag.strip_prefix("--")).and_then(Arg::get_short);
    let below = |word: &&str| command.name == "auth" && matches!(*word, "can-i" | "whoami" | "why");
    let below = typed.iter().filter_map(|word| word.to_str()).find(below).map(|word| format!(" {word}"));
    let name = format!("{}{}", command.name, below.unwrap_or_default());
    let usage = |what: String| Failure::mirrored(format!("{what}\nSee 'kloupe {name} --help' for usage."));
    match error.kind() {
        ErrorKind::UnknownArgument if flag.starts_with("--") => {
            let options: Vec<String> = known.iter().filter_map(Arg::get_long).map(|long| format!("--{long}")).collect();
            let near = nearest(flag, options.iter().map(String::as_str));
            usage(format!("unknown flag: {flag}")).hint(near.map(|near| did_you_mean(lang, near)))
        }
        ErrorKind::UnknownArgument if flag.starts_with('-') => {
            let letter = flag.chars().nth(1).unwrap_or_default();
            let word = cluster(typed, letter).unwrap_or(flag);
            usage(format!("unknown shorthand flag: '{letter}' in {word}"))
        }
        ErrorKind::UnknownArgument => Failure::mirrored(format!(
            "unexpected arguments: [{argument}]\nSee 'kloupe {name} -h' for help and examples"
        )),
        ErrorKind::InvalidValue if value.is_empty() => {
            match short.and_then(|letter| Some((letter, cluster(typed, letter)?))) {
                Some((letter, word)) => usage(format!("flag needs an argument: '{letter}' in {word}")),
                None => usage(format!("flag needs an argument: {flag}")),
            }
        }
        // Of what the parser reads itself, only switches can be wrong.
        ErrorKind::InvalidValue => {
            let both = short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
            usage(format!(
                "invalid argument \"{value}\" for \"{both}{flag}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax"
            ))
        }
        _ => other(error),
    }
}

/// The word in which a letter is typed as an option.
fn cluster(typed: &[OsString], letter: char) -> Option<&str> {
    let is_cluster = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
    typed.iter().skip(1).filter_map(|word| word.to_str()).find(is_cluster)
}

fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn unknown_command(lang: Lang, name: &str) -> Failure {
    let failure = Failure::new(say!(lang, en: "unknown command \"{name}\"", zh: "未知命令 \"{name}\""));
    if name.contains('/') {
        return failure.hint(did_you_mean(lang, &format!("kloupe diagnose {name} --from PATH")));
    }
    if cause(name).is_some() {
        return failure.hint(did_you_mean(lang, &format!("kloupe explain {name}")));
    }
    let near = nearest(name, ALL.iter().map(|command| command.name));
    failure.hint(near.map(|near| did_you_mean(lang, &format!("kloupe {near}"))))
}

fn unknown_argument(lang: Lang, typed: &str, command: Option<&Command>) -> Failure {
    if !typed.starts_with('-') {
        return Failure::new(say!(lang, en: "unexpected argument \"{typed}\"", zh: "多余的参数 \"{typed}\""));
    }
    let failure = Failure::new(say!(lang, en: "unknown option \"{typed}\"", zh: "未知选项 \"{typed}\""));
    let options: Vec<String> =
        arguments(lang, command).iter().filter_map(Arg::get_long).map(|long| format!("--{long}")).collect();
    let near = nearest(typed, options.iter().map(String::as_str)).filter(|_| typed.starts_with("--"));
    failure.hint(near.map(|near| did_you_mean(lang, near)))
}

fn arguments(lang: Lang, command: Option<&Command>) -> Vec<Arg> {
    let own = command.map(|command| (command.arguments)(lang)).unwrap_or_default();
    own.into_iter().chain(common_arguments(lang)).collect()
}

fn invalid_value(lang: Lang, error: &Error, command: Option<&Command>) -> Failure {
    let value = context(error, ContextKind::InvalidValue);
    // The parser gives `--output <FORMAT>`.
    let option = context(error, ContextKind::InvalidArg);
    let option = option.split(' ').next().unwrap_or_default();
    let argument = arguments(lang, command)
        .into_iter()
        .find(|argument| argument.get_long().is_some_and(|long| option == format!("--{long}")));
    let values: Vec<PossibleValue> = argument.map(|argument| argument.get_possible_values()).unwrap_or_default();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    if value.is_empty() {
        let failure = Failure::new(say!(lang, en: "{option} needs a value", zh: "{option} 需要一个值"));
        return failure.hint((!names.is_empty()).then(|| known_values(lang, &names)));
    }
    let failure = Failure::new(say!(lang, en: "{option} cannot be \"{value}\"", zh: "{option} 不能是 \"{value}\""));
    // Of two letters, two can always be changed.
    match nearest(&value, names.iter().copied()).filter(|_| value.chars().count() > 2) {
        Some(near) => failure.hint(did_you_mean(lang, &format!("{option} {near}"))),
        None => failure.hint(known_values(lang, &names)),
    }
}

fn known_values(lang: Lang, names: &[&str]) -> String {
    let names = names.join(" · ");
    say!(lang, en: "it can be: {names}", zh: "可以是：{names}")
}

/// What is rare is said in the parser's words, without its label and its own hints.
fn other(error: &Error) -> Failure {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    Failure::new(first.strip_prefix("error: ").unwrap_or(first).to_owned())
}

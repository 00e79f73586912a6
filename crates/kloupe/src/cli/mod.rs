//! The command line: parse first, act later, so that help works anywhere. A new command is a file here and a line in the list.

mod help;
mod language;
mod usage;

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};

use clap::{ArgMatches, Command};
use kloupe_model::{Lang, registry};
use kloupe_report::Style;

use crate::Failure;

/// Exit status of a run that could not be done, or could not tell.
pub(crate) const COULD_NOT: u8 = 2;

/// One command.
pub(crate) struct Verb {
    /// Its name.
    name: &'static str,
    /// Its arguments and help.
    build: fn(Lang) -> Command,
    /// Does it, and gives the exit status.
    run: fn(&ArgMatches, Lang) -> Result<u8, Failure>,
}

registry! {
    /// Every command, in the order of the help.
    pub ALL: Verb = VERB in {
        diagnose,
        explain,
    }
}

/// Runs the program and gives its exit status.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = language::choose(&args);
    if args.len() <= 1 {
        return print(&help::short(lang)).map_or_else(|failure| failed(&failure, lang), |()| 0);
    }
    let result = match help::program(lang).try_get_matches_from(args) {
        Ok(matches) => dispatch(&matches, lang),
        Err(error) => usage::answer(&error, lang),
    };
    result.unwrap_or_else(|failure| failed(&failure, lang))
}

fn dispatch(matches: &ArgMatches, lang: Lang) -> Result<u8, Failure> {
    let Some((name, matches)) = matches.subcommand() else {
        return print(&help::short(lang)).map(|()| 0);
    };
    let verb = ALL.iter().find(|verb| verb.name == name).expect("clap knows the same commands");
    (verb.run)(matches, lang)
}

fn failed(failure: &Failure, lang: Lang) -> u8 {
    failure.print(lang);
    COULD_NOT
}

/// Writes to standard output. A reader that went away has seen enough: that is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new("cannot write to standard output").because(&error)),
        _ => Ok(()),
    }
}

/// How to lay out for where standard output goes: colour on a terminal, unless `NO_COLOR` speaks against it.
fn style(lang: Lang) -> Style {
    const COLUMNS: usize = 80;
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colour = !set("NO_COLOR") && (std::io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb") || set("CLICOLOR_FORCE"));
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(COLUMNS);
    Style { lang, width, colour }
}

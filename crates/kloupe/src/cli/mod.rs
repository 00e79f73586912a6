//! The command line: a command is one file here and one line in the list.
//!
//! Parsing is clap's; help (`manual.rs`) and mistakes (`mistake.rs`) are said by us, since clap knows one language and counts
//! characters where columns are meant.

mod manual;
mod mirror;
mod mistake;
mod order;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches};
use kloupe_model::{Lang, registry, say};
use kloupe_report::Style;

use crate::error::{Failure, of_io};
use crate::{language, terminal};
use manual::Manual;

/// Nothing wrong was found.
pub(crate) const DONE: u8 = 0;
/// A cause was found.
pub(crate) const FOUND: u8 = 1;
/// It could not be told, or not be done.
pub(crate) const FAILED: u8 = 2;

/// What a command has to say, and the exit status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) status: u8,
}

impl Answer {
    fn done(text: String) -> Answer {
        Answer { text, status: DONE }
    }
}

/// One command.
pub(crate) struct Command {
    /// Its name.
    name: &'static str,
    /// Its arguments.
    arguments: fn(Lang) -> Vec<Arg>,
    /// Its help beside the arguments.
    manual: fn(Lang) -> Manual,
    /// What it does.
    run: fn(&ArgMatches, Style) -> Result<Answer, Failure>,
    /// Whether it mirrors kubectl, whose status for every failure is 1.
    mirrors: bool,
}

registry! {
    /// Every command, in the order of the help.
    pub ALL: Command = COMMAND in {
        api_resources,
        api_versions,
        auth,
        capture,
        describe,
        diagnose,
        events,
        explain,
        get,
        help,
        logs,
        serve,
        tree,
        version,
    }
}

fn command(name: &str) -> Option<&'static Command> {
    ALL.iter().copied().find(|command| command.name == name)
}

/// Runs one command line, says what there is to say, and gives the exit status.
pub fn run(args: Vec<OsString>) -> ExitCode {
    let args = order::options_last(args);
    let style = terminal::style(language::choose(&args));
    let mirrors = args.iter().skip(1).filter_map(|arg| arg.to_str()).find_map(command).is_some_and(|it| it.mirrors);
    let status = match answer(args, style) {
        Ok(answer) => say_it(&answer, style.lang),
        Err(failure) => {
            terminal::complain(&failure, style.lang);
            if mirrors { mirror::REFUSED } else { FAILED }
        }
    };
    ExitCode::from(status)
}

fn say_it(answer: &Answer, lang: Lang) -> u8 {
    let Err(error) = terminal::print(&answer.text) else { return answer.status };
    let failure = Failure::new(say!(lang, en: "cannot write the answer", zh: "无法写出结果"));
    terminal::complain(&failure.because(of_io(lang, &error)), lang);
    FAILED
}

fn answer(args: Vec<OsString>, style: Style) -> Result<Answer, Failure> {
    if let Some(full) = help_asked_for(&args) {
        let command = args.iter().skip(1).filter_map(|arg| arg.to_str()).find_map(command);
        return Ok(Answer::done(manual::help(style, command, full)));
    }
    let typed = args.clone();
    let matches = match grammar(style.lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => return Ok(Answer::done(version())),
        Err(error) => return Err(mistake::of(style.lang, &error, &typed)),
    };
    match matches.subcommand() {
        Some((name, matches)) => {
            let command = command(name).expect("the grammar is made of this list");
            (command.run)(matches, style)
        }
        None => Ok(Answer::done(manual::help(style, None, false))),
    }
}

fn version() -> String {
    format!("kloupe {}\n", env!("CARGO_PKG_VERSION"))
}

/// Help is given whatever else is on the line: `Some(true)` for `--help`, `Some(false)` for `-h`.
fn help_asked_for(args: &[OsString]) -> Option<bool> {
    let args = args.iter().skip(1).take_while(|arg| *arg != "--");
    args.filter_map(|arg| match arg.to_str()? {
        "--help" => Some(true),
        "-h" => Some(false),
        _ => None,
    })
    .max()
}

fn grammar(lang: Lang) -> clap::Command {
    let root = clap::Command::new("kloupe").version(env!("CARGO_PKG_VERSION")).propagate_version(true);
    ALL.iter()
        .fold(root, |root, command| root.subcommand(clap::Command::new(command.name).args((command.arguments)(lang))))
        .args(common_arguments(lang))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .args_override_self(true)
}

/// The arguments that every command takes.
fn common_arguments(lang: Lang) -> Vec<Arg> {
    let languages = PossibleValuesParser::new([
        PossibleValue::new("en").aliases(["en-US", "en_US", "en-GB", "en_GB"]),
        PossibleValue::new("zh").aliases(["zh-CN", "zh_CN", "zh-Hans"]),
    ]);
    let heading = say!(lang, en: "General", zh: "通用");
    let arguments = [
        Arg::new("lang").long("lang").value_name("LANG").value_parser(languages).help(say!(
            lang,
            en: "Language of the texts: en or zh; without it the locale decides",
            zh: "文字的语言：en 或 zh；未指定时由系统区域设置决定"
        )),
        Arg::new("help").short('h').long("help").action(ArgAction::SetTrue).help(say!(
            lang,
            en: "Show the short help; --help explains more",
            zh: "显示简短帮助；--help 说明更多"
        )),
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help(say!(
            lang,
            en: "Show the version",
            zh: "显示版本"
        )),
    ];
    arguments.into_iter().map(|argument| argument.global(true).help_heading(heading.clone())).collect()
}

/// The format that was asked for.
fn output_argument(lang: Lang) -> Arg {
    let formats = kloupe_report::ALL.iter().map(|output| PossibleValue::new(output.name).aliases(output.alias));
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(formats))
        .help_heading(say!(lang, en: "Output", zh: "输出"))
        .help(say!(lang, en: "Format: text, json or markdown (md)", zh: "格式：text、json 或 markdown（md）"))
}

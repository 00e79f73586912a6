//! `kloupe help [COMMAND]`: what `--help` says.

use clap::{Arg, ArgMatches};
use kloupe_diagnosis::nearest;
use kloupe_model::{Lang, say};
use kloupe_report::Style;

use super::manual::{self, Manual};
use super::{ALL, Answer, Command, command};
use crate::error::{Failure, did_you_mean};

pub(crate) const COMMAND: Command = Command { name: "help", arguments, manual, run, mirrors: false };

fn arguments(lang: Lang) -> Vec<Arg> {
    vec![
        Arg::new("command")
            .value_name("COMMAND")
            .help_heading(say!(lang, en: "Arguments", zh: "参数"))
            .help(say!(lang, en: "The command; without it the program as a whole", zh: "命令；未指定时介绍整个程序")),
    ]
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show the long help of a command", zh: "显示某个命令的详细帮助"),
        usage: "kloupe help [COMMAND]",
        examples: &["kloupe help diagnose"],
        details: String::new(),
    }
}

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let Some(name) = matches.get_one::<String>("command") else {
        return Ok(Answer::done(manual::help(style, None, true)));
    };
    let Some(command) = command(name) else {
        let lang = style.lang;
        let near = nearest(name, ALL.iter().map(|command| command.name));
        return Err(Failure::new(say!(lang, en: "unknown command \"{name}\"", zh: "未知命令 \"{name}\""))
            .hint(near.map(|near| did_you_mean(lang, &format!("kloupe help {near}")))));
    };
    Ok(Answer::done(manual::help(style, Some(command), true)))
}

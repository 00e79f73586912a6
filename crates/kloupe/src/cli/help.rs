//! Help: what `kloupe` alone says, and the frame of `--help`.

use clap::{Arg, ArgAction, Command};
use kloupe_model::{Lang, say};

use super::ALL;

/// What a newcomer needs, on one screen.
pub(super) fn short(lang: Lang) -> String {
    say!(
        lang,
        en: "kloupe: a loupe on the Kubernetes reconcile loop.
It says why a controller does not do its job: one verdict, the root cause, the evidence, the fix.

  kloupe diagnose --from FOLDER
      what is wrong with the controllers in these logs, describe texts, events and YAML
  kubectl logs deploy/NAME | kloupe diagnose --from -
      the same for one log
  kloupe explain rbac-read-denied
      the manual page of a cause; without an id the list of all

kloupe only reads. `kloupe diagnose --help` tells more; --lang zh 换成中文.
",
        zh: "kloupe：看清 Kubernetes 调谐循环的放大镜。
它说明控制器为什么不干活：一个结论、根因、证据、处理办法。

  kloupe diagnose --from 目录
      目录中的日志、describe 文本、事件和 YAML 说明控制器出了什么问题
  kubectl logs deploy/NAME | kloupe diagnose --from -
      对单份日志做同样的诊断
  kloupe explain rbac-read-denied
      某个原因的手册页；不带 id 则列出全部

kloupe 只读不写。详见 `kloupe diagnose --help`；--lang en 切换为英文。
"
    )
}

/// The whole command line.
pub(super) fn program(lang: Lang) -> Command {
    let about = say!(lang, en: "A loupe on the Kubernetes reconcile loop", zh: "看清 Kubernetes 调谐循环的放大镜");
    let mut program = frame(Command::new("kloupe"), lang)
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(say!(lang, en: "Print the version", zh: "显示版本")),
        );
    for verb in ALL {
        program = program.subcommand(frame((verb.build)(lang), lang));
    }
    program
}

/// What every command has: its language and its help, with headings in that language.
fn frame(command: Command, lang: Lang) -> Command {
    let (usage, options, commands) = match lang {
        Lang::En => ("Usage:", "Options", "Commands:"),
        Lang::Zh => ("用法：", "选项", "命令："),
    };
    let template = if command.get_name() == "kloupe" {
        format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{commands}\n{{subcommands}}\n\n{options}:\n{{options}}{{after-help}}")
    } else {
        format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}")
    };
    command
        .disable_help_flag(true)
        .next_help_heading(options)
        .help_template(template)
        .arg(Arg::new("lang").long("lang").value_name("LANG").value_parser(["en", "zh"]).help(say!(
            lang,
            en: "Language of our own texts; without it the locale decides",
            zh: "界面语言；缺省时由 locale 决定"
        )))
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help(say!(lang, en: "Print help: -h is short, --help explains", zh: "显示帮助：-h 简短，--help 详细")))
}

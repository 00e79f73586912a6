//! Help: laid out from the arguments that the parser knows, so that it cannot differ from them.

use clap::Arg;
use kloupe_model::{Lang, say};
use kloupe_report::{BOLD, Page, Style, display_width};

use super::{ALL, Command, common_arguments};

/// The help of a command beside its arguments.
pub(crate) struct Manual {
    /// What it does: an imperative.
    pub(crate) summary: String,
    /// How it is called.
    pub(crate) usage: &'static str,
    /// Command lines that can be typed.
    pub(crate) examples: &'static [&'static str],
    /// What `--help` adds, as Markdown.
    pub(crate) details: String,
}

/// Where the explanations start.
const COLUMN: usize = 25;

/// The help of a command, or of the program; the full one explains.
pub(crate) fn help(style: Style, command: Option<&Command>, full: bool) -> String {
    let lang = style.lang;
    let mut page = Page::new(style);
    let manual = command.map_or_else(|| program(lang), |command| (command.manual)(lang));
    page.paragraph(&manual.summary, 0);
    page.skip();
    let usage = say!(lang, en: "Usage: ", zh: "用法：");
    let start = page.painted(&usage, BOLD);
    page.hanging(&start, display_width(&usage), manual.usage);
    match command {
        Some(command) => arguments(&mut page, &(command.arguments)(lang), full),
        None => commands(&mut page, lang),
    }
    arguments(&mut page, &common_arguments(lang), full);
    page.heading(&say!(lang, en: "Examples:", zh: "示例："));
    for example in manual.examples {
        page.line(&format!("  {example}"));
    }
    if full {
        page.manual(&manual.details);
    }
    page.finish()
}

fn commands(page: &mut Page, lang: Lang) {
    page.heading(&say!(lang, en: "Commands:", zh: "命令："));
    for command in ALL {
        row(page, command.name, &(command.manual)(lang).summary);
    }
}

/// The arguments under their headings, in the order in which they are declared.
fn arguments(page: &mut Page, arguments: &[Arg], full: bool) {
    let mut heading = None;
    for argument in arguments.iter().filter(|argument| !argument.is_hide_set()) {
        if argument.get_help_heading() != heading {
            heading = argument.get_help_heading();
            page.heading(&format!("{}{}", heading.unwrap_or_default(), colon(page.style().lang)));
        }
        let help = argument.get_long_help().filter(|_| full).or(argument.get_help());
        row(page, &form(argument), &help.map(ToString::to_string).unwrap_or_default());
    }
}

fn colon(lang: Lang) -> String {
    say!(lang, en: ":", zh: "：")
}

/// How an argument is written: `-n, --namespace NAMESPACE`.
fn form(argument: &Arg) -> String {
    let value = argument.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    let Some(long) = argument.get_long() else { return value };
    let short = argument.get_short().map_or("    ".to_owned(), |short| format!("-{short}, "));
    let value = if value.is_empty() { value } else { format!(" {value}") };
    format!("{short}--{long}{value}")
}

fn row(page: &mut Page, left: &str, right: &str) {
    let left = format!("  {left}");
    let width = display_width(&left);
    if width + 2 > COLUMN {
        page.line(&left);
        page.paragraph(right, COLUMN);
    } else {
        page.hanging(&format!("{left}{}", " ".repeat(COLUMN - width)), COLUMN, right);
    }
}

fn program(lang: Lang) -> Manual {
    Manual {
        summary: say!(
            lang,
            en: "kloupe says why a Kubernetes controller does not do its job, from the files you have",
            zh: "kloupe 根据您手头的文件，找出 Kubernetes 控制器没有正常工作的原因"
        ),
        usage: "kloupe COMMAND",
        examples: &[
            "kloupe diagnose --from controller.log pods.yaml events.txt",
            "kubectl logs deploy/shop-controller -n ops | kloupe diagnose --from -",
            "kloupe explain rbac-read-denied",
        ],
        details: details(lang),
    }
}

fn details(lang: Lang) -> String {
    say!(
        lang,
        en: "\
## What it reads
Logs in any format, objects as YAML or JSON, saved output of `kubectl describe` and `kubectl get`, metrics pages; single files, whole folders, gz and zst. Every file is recognised by its content. It reads only: nothing is ever written to a cluster. `diagnose` reads files; the commands that mirror kubectl also talk to a cluster.

## Exit status
- 0: nothing wrong was found
- 1: a cause was found
- 2: it could not be told or done; the command line was wrong

## Environment
- `LC_ALL`, `LC_MESSAGES`, `LANG`: the language, unless --lang is given
- `COLUMNS`: the width of the text, unless a terminal tells it
- `NO_COLOR`, `CLICOLOR_FORCE`: no colour; colour also in a pipe
",
        zh: "\
## 读取什么
任意格式的日志、YAML 或 JSON 对象、保存下来的 `kubectl describe` 和 `kubectl get` 输出、指标页面；可以是单个文件、整个文件夹，也可以是 gz 和 zst 压缩文件。每个文件按内容识别。kloupe 只读不写，不会改动集群。`diagnose` 只读取文件；与 kubectl 对应的命令也可以连接集群。

## 退出码
- 0：没有发现问题
- 1：找到了原因
- 2：无法判断或无法执行；命令行有误

## 环境变量
- `LC_ALL`、`LC_MESSAGES`、`LANG`：语言（未指定 --lang 时）
- `COLUMNS`：文字宽度（终端未给出宽度时）
- `NO_COLOR`、`CLICOLOR_FORCE`：不使用颜色；在管道中也使用颜色
"
    )
}

//! `kloupe auth`: who may do what. `can-i` and `whoami` are kubectl's; `why` names the rule that grants it, or what is missing.

mod account;
mod can_i;
mod whoami;

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_model::{Lang, say};
use kloupe_report::Style;

use super::manual::{self, Manual};
use super::mirror::{self, Stop, connection, list, switch, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "auth", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let words = list(matches, "words");
    let Some((task, words)) = words.split_first() else {
        return Ok(Answer::done(manual::help(style, Some(&COMMAND), false)));
    };
    match task.as_str() {
        "can-i" => mirror::run(matches, style, |session, out| {
            foreign(matches, task, &["output", "template"])?;
            can_i::run(matches, session, out, words)
        }),
        "whoami" => mirror::run(matches, style, |session, out| {
            foreign(matches, task, &["all-namespaces", "quiet", "subresource", "list", "no-headers"])?;
            whoami::run(matches, session, out)
        }),
        other => {
            let stop = Stop::usage("auth", &format!("unknown command \"{other}\""));
            mirror::run(matches, style, |_, _| Err(stop))
        }
    }
}

/// The flags are declared for all of the words below `auth`; each refuses those that it does not take.
fn foreign(matches: &ArgMatches, task: &str, flags: &[&str]) -> Result<(), Stop> {
    match flags.iter().find(|flag| matches.value_source(flag).is_some()) {
        Some(flag) => Err(Stop(format!("error: unknown flag: --{flag}\nSee 'kloupe auth {task} --help' for usage."))),
        None => Ok(()),
    }
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "What to ask", zh: "询问什么");
    let own = [
        Arg::new("words").value_name("can-i | whoami").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "can-i VERB TYPE[/NAME] [WORKLOAD] · whoami",
            zh: "can-i 动词 类型[/名称] [工作负载] · whoami"
        )),
        switch("list").help(
            say!(lang, en: "can-i: everything that is allowed in the namespace", zh: "can-i：命名空间中允许的全部操作"),
        ),
        switch("all-namespaces").short('A').help(say!(lang, en: "In all namespaces", zh: "所有命名空间")),
        value("subresource", "NAME")
            .help(say!(lang, en: "Of a subresource: log, scale, status", zh: "针对子资源：log、scale、status")),
        switch("quiet").short('q').help(say!(lang, en: "can-i: the exit status only", zh: "can-i：只给出退出码")),
        switch("no-headers")
            .help(say!(lang, en: "can-i --list: without the heading line", zh: "can-i --list：不显示表头")),
        value("output", "FORMAT")
            .short('o')
            .help(say!(lang, en: "whoami: json, yaml, jsonpath=…", zh: "whoami：json、yaml、jsonpath=…")),
        value("template", "TEMPLATE").hide(true),
    ];
    own.into_iter().map(|argument| argument.help_heading(what.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Say who may do what, as kubectl auth does", zh: "说明谁能做什么，与 kubectl auth 相同"),
        usage: "kloupe auth can-i VERB TYPE [WORKLOAD] [--from PATH…]",
        examples: &[
            "kloupe auth can-i list secrets -n shop --as system:serviceaccount:shop:web",
            "kloupe auth can-i --list deploy/web -n shop",
            "kloupe auth whoami -o json",
        ],
        details: say!(
            lang,
            en: "\
## For a workload
`can-i list secrets deploy/web` asks for the ServiceAccount that the pods of the workload run as; a pod, any kind with a pod template and `sa/NAME` will do.

## From files
With `--from` the answer is computed from the captured Roles and Bindings. A capture has no user of its own: without `--as` and without a workload the answer is about its reader, who may read and nothing else. Where the capture does not hold all Roles and Bindings, a \"no\" says so.

## Exit status
`can-i`: 0 yes, 1 no or it could not be asked, as kubectl's.
",
            zh: "\
## 针对工作负载
`can-i list secrets deploy/web` 询问该工作负载的 Pod 所用的 ServiceAccount；也可以写 Pod、任何带 Pod 模板的类型或 `sa/NAME`。

## 从文件读取
使用 `--from` 时，结果由保存下来的 Role 与 Binding 计算得出。捕获文件没有自己的用户：不写 `--as` 也不写工作负载时，结果针对的是读取者，只能读取。捕获文件没有包含全部 Role 与 Binding 时，“no” 会说明这一点。

## 退出码
`can-i`：0 表示允许，1 表示不允许或无法询问，与 kubectl 一致。
"
        ),
    }
}

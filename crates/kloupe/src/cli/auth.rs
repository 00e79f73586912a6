//! `kloupe auth`: who may do what. `can-i` and `whoami` are kubectl's; `why` names the rule that grants it, or what is missing.

mod account;
mod can_i;
mod whoami;
mod why;

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_model::{Lang, say};
use kloupe_report::Style;

use super::manual::{self, Manual};
use super::mirror::{self, Stop, connection, list, switch, value};
use super::{Answer, Command, FAILED};
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
        "why" => mirror::run_as_oneself(matches, style, |session, out| {
            // Its own statuses: 1 is a "no", 2 that it could not be told.
            out.status = Some(FAILED);
            foreign(matches, task, &["quiet", "list", "no-headers", "template"])?;
            why::run(matches, session, out, words)
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
        Arg::new("words").value_name("can-i | whoami | why").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "can-i VERB TYPE[/NAME] [WORKLOAD] · whoami · why VERB TYPE[/NAME] [WORKLOAD]",
            zh: "can-i 动词 类型[/名称] [工作负载] · whoami · why 动词 类型[/名称] [工作负载]"
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
            .help(say!(lang, en: "whoami: json, yaml, jsonpath=…; why: json; yaml, what is missing and no words", zh: "whoami：json、yaml、jsonpath=…；why：json；yaml 只给出缺少的对象")),
        value("template", "TEMPLATE").hide(true),
    ];
    own.into_iter().map(|argument| argument.help_heading(what.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Say who may do what, as kubectl auth does", zh: "说明谁能做什么，与 kubectl auth 相同"),
        usage: "kloupe auth can-i|why VERB TYPE [WORKLOAD] [--from PATH…]",
        examples: &[
            "kloupe auth can-i list secrets -n shop --as system:serviceaccount:shop:web",
            "kloupe auth can-i --list deploy/web -n shop",
            "kloupe auth why list secrets deploy/web -n shop",
            "kloupe auth why get pods/log --as jane -n shop -o yaml | kubectl apply -f -",
            "kloupe auth whoami -o json",
        ],
        details: say!(
            lang,
            en: "\
## For a workload
`can-i list secrets deploy/web` asks for the ServiceAccount that the pods of the workload run as; a pod, any kind with a pod template and `sa/NAME` will do.

## Why, or why not
`why` asks the same and names every binding and rule that grants it. Where nothing does it names what comes close: a rule that lacks the verb, the group, the subresource or the name; a role that is bound in another namespace, to an account of another namespace, or to nobody; a role that is not there. Then comes the missing Role or ClusterRole with its binding, ready to be applied; `-o yaml` prints that only, `-o json` everything: `request`, `answer` (yes, no, unknown), `grants`, `near`, `missing`, `unread`. Whoever may not read the Roles and Bindings gets the API server's own answer, and is told so.

## From files
With `--from` the answer is computed from the captured Roles and Bindings. A capture has no user of its own: without `--as` and without a workload the answer is about its reader, who may read and nothing else. Where the capture does not hold all Roles and Bindings, a \"no\" says so.

## Exit status
- `can-i`: 0 yes, 1 no or it could not be asked, as kubectl's
- `why`: 0 yes, 1 no, 2 it could not be told
",
            zh: "\
## 针对工作负载
`can-i list secrets deploy/web` 询问该工作负载的 Pod 所用的 ServiceAccount；也可以写 Pod、任何带 Pod 模板的类型或 `sa/NAME`。

## 为什么允许，为什么不允许
`why` 询问同样的问题，并列出授予权限的每个绑定和规则。没有任何规则允许时，列出最接近的：缺少动词、组、子资源或名称的规则；绑定在其他命名空间、绑定给其他命名空间的账户或没有绑定给任何人的角色；不存在的角色。最后给出缺少的 Role 或 ClusterRole 及其绑定，可直接应用；`-o yaml` 只输出这部分，`-o json` 输出全部：`request`、`answer`（yes、no、unknown）、`grants`、`near`、`missing`、`unread`。无权读取 Role 与 Binding 时，给出 API server 自己的答案并加以说明。

## 从文件读取
使用 `--from` 时，结果由保存下来的 Role 与 Binding 计算得出。捕获文件没有自己的用户：不写 `--as` 也不写工作负载时，结果针对的是读取者，只能读取。捕获文件没有包含全部 Role 与 Binding 时，“no” 会说明这一点。

## 退出码
- `can-i`：0 表示允许，1 表示不允许或无法询问，与 kubectl 一致
- `why`：0 表示允许，1 表示不允许，2 表示无法判断
"
        ),
    }
}

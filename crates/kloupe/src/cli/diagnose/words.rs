//! The arguments of `kloupe diagnose`, and its help.

use std::path::PathBuf;

use clap::{Arg, ArgAction, value_parser};
use kloupe_model::{Lang, say};

use crate::cli::manual::Manual;
use crate::cli::mirror;
use crate::cli::output_argument;

pub(super) fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "What to diagnose", zh: "诊断什么");
    let sources = say!(lang, en: "Where to read from", zh: "从哪里读取");
    vec![
        Arg::new("target").value_name("TARGET").help_heading(what.clone()).help(target_help(lang)).long_help(say!(
            lang,
            en: "deploy/NAME, sts/NAME, ds/NAME, pod/NAME, or a custom resource such as foos.example.com/NAME: then the controller that serves it is diagnosed, for this object. Without a target: every workload that shows signs of a controller, worst first",
            zh: "deploy/NAME、sts/NAME、ds/NAME、pod/NAME，或自定义资源（如 foos.example.com/NAME，此时诊断负责该对象的控制器）。未指定时诊断每个像控制器的工作负载，最严重的在前"
        )),
        Arg::new("namespace").short('n').long("namespace").value_name("NAMESPACE").help_heading(what).help(say!(
            lang,
            en: "Only this namespace; all are looked at otherwise",
            zh: "只看这个命名空间；默认查看全部"
        )),
        path_argument("from", "PATH").help_heading(sources.clone()).help(from_help(lang)).long_help(say!(
            lang,
            en: "Files and folders; - is standard input. Takes everything up to the next option, so the target stands before it. Logs of any format, objects as YAML or JSON, saved output of kubectl describe, get and get events, metrics pages; packed with gz or zst or not. A file among others that cannot be read is listed under \"unread\"",
            zh: "文件和文件夹；- 表示标准输入。它会接收到下一个选项为止的所有参数，因此目标要写在它之前。支持任意格式的日志，YAML 或 JSON 对象，保存的 kubectl describe、get、get events 输出，指标页面；可以是 gz 或 zst 压缩文件。其中读不了的文件会列在“未能读取”下"
        )),
        path_argument("rules", "FILE").help_heading(sources.clone()).help(say!(
            lang,
            en: "Signatures of your own, as YAML",
            zh: "自定义签名（YAML）"
        )).long_help(say!(
            lang,
            en: "Signatures of your own, as YAML, read beside the built-in ones. They may speak for causes of the catalogue, or for your own, whose ids begin with x-",
            zh: "自定义签名（YAML），与内置签名一同生效。可以指向内置根因，也可以指向自定义根因（id 以 x- 开头）"
        )),
        mirror::as_of().help_heading(sources).help(say!(
            lang,
            en: "The moment that ages count from (RFC 3339); without it the newest time that was read",
            zh: "计算“多久以前”的时刻（RFC 3339）；未指定时取所读内容中最晚的时间"
        )),
        output_argument(lang),
    ]
}

fn target_help(lang: Lang) -> String {
    say!(
        lang,
        en: "deploy/NAME, sts/NAME, ds/NAME, pod/NAME or RESOURCE.GROUP/NAME; without it every controller found",
        zh: "deploy/NAME、sts/NAME、ds/NAME、pod/NAME 或 RESOURCE.GROUP/NAME；未指定时诊断找到的每个控制器"
    )
}

fn from_help(lang: Lang) -> String {
    say!(
        lang,
        en: "Files and folders; - is standard input. The target stands before it",
        zh: "文件和文件夹；- 表示标准输入。目标要写在它之前"
    )
}

/// An option that takes one path or several, and can be repeated.
fn path_argument(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(format!("{value}…"))
        .num_args(1..)
        .action(ArgAction::Append)
        .value_parser(value_parser!(PathBuf))
}

pub(super) fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(
            lang,
            en: "Find the cause, show the evidence, say what to do",
            zh: "找出根因，给出证据，说明如何处理"
        ),
        usage: "kloupe diagnose [TARGET] --from PATH…",
        examples: &[
            "kloupe diagnose --from must-gather/",
            "kloupe diagnose deploy/shop-controller -n ops --from controller.log pods.yaml",
            "kubectl logs deploy/shop-controller -n ops | kloupe diagnose --from -",
            "kloupe diagnose --from capture/ -o json",
        ],
        details: details(lang),
    }
}

fn details(lang: Lang) -> String {
    say!(
        lang,
        en: "\
## Verdicts, from worst to best
- `not-started`: its process does not run, or keeps crashing before it gets anywhere
- `no-leader`: replicas run, none leads
- `blocked`: it runs, and never got as far as reconciling
- `stalled`: it worked once and no longer makes progress, though objects wait
- `looping`: it works without end on objects that do not change
- `failing`: it reconciles, and the reconciles of some or all objects fail
- `overloaded`: it works more slowly than work arrives
- `unknown`: what was read does not tell
- `idle`: it works, and no object waits
- `healthy`: it works

## Exit status
- 0: no cause was found
- 1: a cause was found
- 2: a verdict is unknown, or the run could not be done
",
        zh: "\
## 结论，由重到轻
- 未启动（`not-started`）：进程没有运行，或在做任何事之前反复崩溃
- 无主（`no-leader`）：副本在运行，但没有领导者
- 受阻（`blocked`）：在运行，但从未进展到调谐
- 停滞（`stalled`）：曾经工作，如今不再有进展，而仍有对象在等待
- 空转（`looping`）：在没有变化的对象上无休止地工作
- 失败（`failing`）：在调谐，但部分或全部对象的调谐失败
- 过载（`overloaded`）：处理速度赶不上任务到达的速度
- 无法判断（`unknown`）：所读内容不足以判断
- 空闲（`idle`）：工作正常，没有对象在等待
- 健康（`healthy`）：工作正常

## 退出码
- 0：没有发现根因
- 1：发现了根因
- 2：有目标无法判断，或无法执行
"
    )
}

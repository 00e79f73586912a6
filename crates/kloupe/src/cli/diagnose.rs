//! `kloupe diagnose`: files in, a diagnosis out.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use kloupe_diagnosis::{Question, Target};
use kloupe_model::{Lang, Report, Stamp, Verdict, say};
use kloupe_sources::Source;

use super::{COULD_NOT, Verb, print, style};
use crate::{Failure, answer, load_rules};

pub(super) const VERB: Verb = Verb { name: "diagnose", build, run };

const FOUND: u8 = 1;

fn build(lang: Lang) -> Command {
    let outputs: Vec<&str> = kloupe_report::ALL.iter().map(|output| output.name).collect();
    Command::new("diagnose")
        .about(say!(lang, en: "Say why a controller does not do its job", zh: "说明控制器为什么不干活"))
        .after_help(say!(lang, en: "Exit status: 1 a cause was found, 2 it could not be told or run, 0 nothing is wrong", zh: "退出码：1 找到原因；2 无法判断或无法运行；0 一切正常"))
        .after_long_help(long_help(lang))
        .arg(Arg::new("target").value_name("TARGET").help(say!(
            lang,
            en: "deploy/NAME, pod/NAME or PLURAL.GROUP/NAME; without it every controller that was read",
            zh: "deploy/NAME、pod/NAME 或 PLURAL.GROUP/NAME；缺省为读取到的所有控制器"
        )))
        .arg(Arg::new("namespace").short('n').long("namespace").value_name("NS").help(say!(lang, en: "Only this namespace; without it all", zh: "只看此命名空间；缺省为全部")))
        .arg(
            Arg::new("from")
                .long("from")
                .value_name("PATH")
                .num_args(1..)
                .action(ArgAction::Append)
                .value_parser(value_parser!(PathBuf))
                .help(say!(lang, en: "Folders and files to read, also .gz and .zst; - is standard input", zh: "要读取的目录和文件，支持 .gz 和 .zst；- 表示标准输入")),
        )
        .arg(Arg::new("output").short('o').long("output").value_name("FORMAT").default_value("text").hide_default_value(true).value_parser(outputs).help(say!(lang, en: "How to write the answer", zh: "输出格式")))
        .arg(
            Arg::new("rules")
                .long("rules")
                .value_name("FILE")
                .action(ArgAction::Append)
                .value_parser(value_parser!(PathBuf))
                .help(say!(lang, en: "Your own signatures (YAML), beside the built-in ones", zh: "自定义签名（YAML），与内置签名一并使用")),
        )
        .arg(Arg::new("as-of").long("as-of").value_name("TIME").help(say!(
            lang,
            en: "The moment ages count from (RFC 3339); without it the newest time in the evidence",
            zh: "计算时长的基准时刻（RFC 3339）；缺省为证据中最新的时间"
        )))
}

fn long_help(lang: Lang) -> String {
    say!(
        lang,
        en: "What it reads: logs in any format (klog, zap, logfmt, JSON, plain text), text of kubectl describe, tables of
kubectl get and get events, objects as YAML or JSON, metrics text, a kubectl cluster-info dump, and what was pasted
from a terminal. Every file is known by its content. Nothing is written and nothing leaves this machine.

Exit status:
  0  nothing is wrong: healthy or idle
  1  at least one cause was found
  2  it could not be told (unknown), or the run failed

Examples:
  kloupe diagnose --from capture/
  kloupe diagnose deploy/shop-controller -n ops --from capture/ -o markdown
  kubectl logs deploy/shop-controller | kloupe diagnose --from -",
        zh: "可读取的内容：任何格式的日志（klog、zap、logfmt、JSON、纯文本）、kubectl describe 的文本、kubectl get 与
get events 的表格、YAML 或 JSON 对象、指标文本、kubectl cluster-info dump，以及从终端粘贴的内容。文件类型按内容识别。
不写入任何东西，也没有任何数据离开本机。

退出码：
  0  一切正常（健康或空闲）
  1  至少找到一个原因
  2  无法判断，或运行失败

示例：
  kloupe diagnose --from capture/
  kloupe diagnose deploy/shop-controller -n ops --from capture/ -o markdown
  kubectl logs deploy/shop-controller | kloupe diagnose --from -"
    )
}

fn run(matches: &ArgMatches, lang: Lang) -> Result<u8, Failure> {
    let sources: Vec<Source> = matches.get_many::<PathBuf>("from").into_iter().flatten().map(source).collect();
    if sources.is_empty() {
        let what = say!(lang, en: "nothing was named to read: this version diagnoses from files, not from a live cluster", zh: "没有指定要读取的内容：此版本从文件诊断，尚不支持直接连接集群");
        return Err(Failure::new(what)
            .hint("`kloupe diagnose --from FOLDER`")
            .hint("`kubectl logs deploy/NAME | kloupe diagnose --from -`"));
    }
    let question = question(matches, lang)?;
    let mut rules = Vec::new();
    for path in matches.get_many::<PathBuf>("rules").into_iter().flatten() {
        rules.extend(load_rules(path, lang)?.into_iter().map(|rule| &*Box::leak(Box::new(rule))));
    }
    let report = answer(&sources, rules, &question)?;
    let name = matches.get_one::<String>("output").expect("it has a default");
    let output = kloupe_report::output(name).expect("clap only takes known ones");
    print(&(output.write)(&report, style(lang)))?;
    Ok(status(&report))
}

fn source(path: &PathBuf) -> Source {
    if path.as_os_str() == "-" { Source::Stdin } else { Source::Path(path.clone()) }
}

fn question(matches: &ArgMatches, lang: Lang) -> Result<Question, Failure> {
    let target = match matches.get_one::<String>("target") {
        Some(text) => Some(text.parse::<Target>().map_err(|_| {
            Failure::new(say!(lang, en: "\"{text}\" is no target", zh: "\"{text}\" 不是有效的目标"))
                .hint(say!(lang, en: "a target is written deploy/NAME, pod/NAME or PLURAL.GROUP/NAME", zh: "目标写作 deploy/NAME、pod/NAME 或 PLURAL.GROUP/NAME"))
        })?),
        None => None,
    };
    let as_of = match matches.get_one::<String>("as-of") {
        Some(text) => Some(Stamp::parse_rfc3339(text).ok_or_else(|| {
            Failure::new(say!(lang, en: "--as-of does not take \"{text}\"", zh: "--as-of 不接受 \"{text}\""))
                .hint(say!(lang, en: "write it as RFC 3339 does: 2026-03-04T05:06:07Z", zh: "请按 RFC 3339 书写：2026-03-04T05:06:07Z"))
        })?),
        None => None,
    };
    Ok(Question { target, namespace: matches.get_one::<String>("namespace").cloned(), as_of, lang })
}

fn status(report: &Report) -> u8 {
    if report.diagnoses.iter().any(|diagnosis| !diagnosis.causes.is_empty()) {
        FOUND
    } else if report.diagnoses.is_empty() || report.diagnoses.iter().any(|diagnosis| diagnosis.verdict == Verdict::Unknown) {
        COULD_NOT
    } else {
        0
    }
}

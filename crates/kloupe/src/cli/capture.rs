//! `kloupe capture`: what a diagnosis needs, in one file that may be sent to someone.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use kloupe_cluster::capture::{CaptureError, Captured, Scope, capture};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use serde_json::Value;

use super::manual::Manual;
use super::mirror::{self, Session, Stop, commas, connection, is_set, list, pods, switch};
use super::{Answer, Command, DONE};
use crate::error::{Failure, of_io};
use crate::terminal;

pub(crate) const COMMAND: Command = Command { name: "capture", arguments, manual, run, mirrors: false };

/// So many refusals are told; the manifest has all.
const TOLD: usize = 10;

/// How a bundle's name ends.
const ENDING: &str = ".tar.zst";

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let lang = style.lang;
    let path = matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(default_path);
    let shown = path.display();
    if !path.as_os_str().to_string_lossy().ends_with(ENDING) {
        return Err(Failure::new(say!(lang, en: "cannot write \"{shown}\"", zh: "无法写入 \"{shown}\""))
            .because(say!(lang, en: "a bundle's name ends in {ENDING}", zh: "文件名须以 {ENDING} 结尾")));
    }
    let session = mirror::open(matches, lang)?;
    let scope = scope(matches, &session).map_err(|Stop(why)| {
        Failure::new(say!(lang, en: "cannot find what to capture", zh: "找不到要采集的对象")).because(why)
    })?;
    let captured =
        session.wait(capture(&session.cluster, &scope, &path)).map_err(|error| of_capture(lang, &path, &error))?;
    tell(lang, &captured);
    Ok(Answer { text: summary(lang, &path, &captured), status: DONE })
}

fn default_path() -> PathBuf {
    PathBuf::from(format!("kloupe-{}{ENDING}", jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S")))
}

/// The namespaces that were named, and those of the workloads; without either the one of the context.
fn scope(matches: &ArgMatches, session: &Session) -> Result<Scope, Stop> {
    let targets = list(matches, "target");
    if is_set(matches, "all-namespaces") && targets.is_empty() {
        return Ok(Scope { namespaces: None, pods: None });
    }
    let mut namespaces = commas(matches, "namespace");
    if namespaces.is_empty() {
        namespaces.push(session.cluster.namespace.clone());
    }
    if targets.is_empty() {
        return Ok(Scope { namespaces: Some(namespaces), pods: None });
    }
    let mut wanted = Vec::new();
    for target in targets {
        let object = pods::named(session, &target)?;
        let found = if object["kind"] == "Pod" {
            vec![object]
        } else {
            let selector = pods::selector(&object, "cannot find the pods of")?;
            let path = format!("/api/v1/namespaces/{}/pods", session.cluster.namespace);
            let query = format!("labelSelector={}", kloupe_cluster::cluster::escape(&selector));
            session.wait(session.cluster.list(&path, &query))?
        };
        let text = |pod: &Value, key: &str| pod["metadata"][key].as_str().unwrap_or_default().to_owned();
        wanted.extend(found.iter().map(|pod| (text(pod, "namespace"), text(pod, "name"))));
    }
    Ok(Scope { namespaces: Some(namespaces), pods: Some(wanted) })
}

fn summary(lang: Lang, path: &Path, captured: &Captured) -> String {
    let Captured { objects, logs, metrics, withheld, bytes, .. } = captured;
    let (path, size) = (path.display(), size(*bytes));
    say!(
        lang,
        en: "wrote {path} ({size}): {objects} objects, {logs} logs, {metrics} metrics pages; {withheld} values that look secret were withheld\n",
        zh: "已写入 {path}（{size}）：{objects} 个对象、{logs} 份日志、{metrics} 份指标；隐去 {withheld} 处疑似机密的内容\n"
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} B"),
        10_240..10_485_760 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

fn tell(lang: Lang, captured: &Captured) {
    for (path, why) in captured.refused.iter().take(TOLD) {
        terminal::remark(&say!(lang, en: "not captured: {path}: {why}", zh: "未采集：{path}：{why}"));
    }
    let more = captured.refused.len().saturating_sub(TOLD);
    if more > 0 {
        terminal::remark(
            &say!(lang, en: "not captured: {more} more, see manifest.json", zh: "未采集：另有 {more} 项，见 manifest.json"),
        );
    }
}

fn of_capture(lang: Lang, path: &Path, error: &CaptureError) -> Failure {
    let path = path.display();
    match error {
        CaptureError::Refused(refusal) => Failure::new(say!(
            lang,
            en: "nothing was captured: the API server does not say what it serves",
            zh: "未能采集：API server 没有给出它提供的资源"
        ))
        .because(refusal.to_string()),
        CaptureError::Write(error) => {
            let failed = Failure::new(say!(lang, en: "cannot write \"{path}\"", zh: "无法写入 \"{path}\""));
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                return failed.because(say!(lang, en: "there is such a file already", zh: "已有同名文件"));
            }
            failed.because(of_io(lang, error))
        }
    }
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let heading = say!(lang, en: "What to capture", zh: "采集什么");
    let own = [
        Arg::new("target").value_name("TYPE/NAME").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "Logs and metrics of these workloads only: deploy/web · pod/web-0",
            zh: "只采集这些工作负载的日志与指标：deploy/web · pod/web-0"
        )),
        Arg::new("output").short('o').long("output").value_name("FILE").value_parser(value_parser!(PathBuf)).help(
            say!(
                lang,
                en: "The file to write, FILE.tar.zst; without it kloupe-TIME.tar.zst",
                zh: "写入的文件 FILE.tar.zst；未指定时为 kloupe-时间.tar.zst"
            ),
        ),
        Arg::new("namespace").short('n').long("namespace").value_name("NS").action(ArgAction::Append).help(say!(
            lang,
            en: "The namespaces; can be repeated",
            zh: "命名空间；可重复"
        )),
        switch("all-namespaces").short('A').help(say!(lang, en: "All namespaces", zh: "所有命名空间")),
    ];
    let own = own.into_iter().map(|argument| argument.help_heading(heading.clone()));
    own.chain(connection(lang).into_iter().filter(|argument| argument.get_id() != "namespace")).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(
            lang,
            en: "Save what a diagnosis needs in one file, without secrets",
            zh: "把诊断所需的内容保存为一个文件，不含机密"
        ),
        usage: "kloupe capture [TYPE/NAME…] [-o FILE.tar.zst]",
        examples: &[
            "kloupe capture -n ops deploy/shop-controller -o shop.tar.zst",
            "kloupe capture -A",
            "kloupe diagnose --from shop.tar.zst",
        ],
        details: say!(
            lang,
            en: "\
## What is saved
All objects of the namespaces and those that lie in none, events, logs also of the run before a restart, metrics pages twice, and what the API server serves. What was refused is listed in manifest.json; docs/bundle.md tells the layout.
## What is withheld
Secrets are never asked for. Values under names that speak of secrets, tokens, keys and passwords in addresses are replaced by <redacted> wherever they stand, also in logs; manifest.json says where. Look through a bundle before you send it: no program knows every secret.
## Exit status
- 0: the bundle was written, even if some of it was refused
- 2: there is none
",
            zh: "\
## 保存的内容
所选命名空间中的全部对象、集群级对象、事件、日志（含重启之前那次运行）、两次指标，以及 API server 提供的资源。被拒绝的部分列在 manifest.json 中；布局见 docs/bundle.md。
## 隐去的内容
从不读取 Secret。名称像机密的字段、令牌、密钥、地址中的密码，无论在哪里（包括日志）都会替换为 <redacted>；manifest.json 记录位置。发送之前请自己再看一遍：没有程序能认出所有机密。
## 退出码
- 0：文件已写好，即使有部分内容被拒绝
- 2：没有写出文件
"
        ),
    }
}

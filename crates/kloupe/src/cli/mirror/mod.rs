//! The commands that mirror kubectl: its flags, output, messages (in English) and exit status, on a live cluster or on files.
//!
//! Each command is one file beside this one. It collects what goes to standard output and what goes to standard error; an error ends
//! it with 1, and what was found before it is still printed, as kubectl does.

mod flags;
pub(super) mod pods;
pub(super) mod related;
pub(super) mod target;
pub(super) mod unlisted;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgMatches;
use jiff::Timestamp;
use kloupe_cluster::live::{self, ConnectError, Flags};
use kloupe_cluster::{Cluster, Discovery, Refusal, archive};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_report::plain;
use kloupe_sources::{Archive, Source};
use tokio::runtime::{Builder, Runtime};

use super::Answer;
use crate::error::{Failure, cannot_read, of_io, of_sources};
use crate::terminal;

pub(super) use flags::{as_of, commas, connection, duration, from, is_set, list, moment, switch, text, value};

/// A command could not be done, in part or as a whole.
pub(super) const REFUSED: u8 = 1;

/// What a command has to say.
#[derive(Debug, Default)]
pub(super) struct Out {
    /// For standard output.
    pub(super) text: String,
    /// For standard error: remarks, which do not change the exit status.
    pub(super) remarks: Vec<String>,
    /// For standard error: what was not done.
    pub(super) errors: Vec<String>,
    /// The exit status, where it tells more than whether something failed.
    pub(super) status: Option<u8>,
}

impl Out {
    /// There is nothing of what was asked for, which is no error.
    pub(super) fn nothing(&mut self, session: &Session, everywhere: bool) {
        self.remarks.push(if everywhere {
            "No resources found".to_owned()
        } else {
            format!("No resources found in {} namespace.", session.cluster.namespace)
        });
    }

    /// Another thing that was not done; the rest goes on.
    pub(super) fn refuse(&mut self, refusal: &Refusal) {
        self.error(refusal.to_string());
    }

    /// The same, as a text; equal texts are said once.
    pub(super) fn error(&mut self, line: String) {
        if !self.errors.contains(&line) {
            self.errors.push(line);
        }
    }
}

/// Why a command stopped: the line that kubectl would end with.
#[derive(Debug)]
pub(super) struct Stop(pub(super) String);

impl Stop {
    /// A mistake in the arguments.
    pub(super) fn usage(command: &str, what: &str) -> Stop {
        Stop(format!("error: {what}\nSee 'kloupe {command} -h' for help and examples"))
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop(refusal.to_string())
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Stop {
        Stop(if text.starts_with("error: ") { text } else { format!("error: {text}") })
    }
}

/// A cluster, live or from files, and what a command needs beside it.
pub(super) struct Session {
    pub(super) cluster: Cluster,
    pub(super) lang: Lang,
    runtime: Runtime,
    /// What the server warned of and was said.
    warned: RefCell<BTreeSet<String>>,
    /// Whether a warning is a failure.
    strict: bool,
}

impl Session {
    /// Waits for an answer, and passes on what the server warns of, each warning once.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        let answer = self.runtime.block_on(future);
        self.warn();
        answer
    }

    fn warn(&self) {
        for warning in self.cluster.warnings.take() {
            if self.warned.borrow_mut().insert(warning.text.clone()) {
                terminal::warning(&warning.text);
            }
        }
    }

    /// What kubectl says where a warning is a failure.
    fn too_many_warnings(&self) -> Option<Stop> {
        match self.warned.borrow().len() {
            _ if !self.strict => None,
            0 => None,
            1 => Some(Stop("error: 1 warning received".into())),
            count => Some(Stop(format!("error: {count} warnings received"))),
        }
    }

    /// What the cluster serves.
    pub(super) fn discovery(&self) -> Result<Discovery, Refusal> {
        self.wait(Discovery::of(&self.cluster))
    }
}

/// The cluster that the flags name, for a command that mirrors none of kubectl's.
pub(super) fn open(matches: &ArgMatches, lang: Lang) -> Result<Session, Failure> {
    session(matches, &flags::of(matches, lang)?, lang)
}

/// Runs one command that mirrors kubectl.
pub(super) fn run(
    matches: &ArgMatches,
    style: Style,
    command: impl FnOnce(&Session, &mut Out) -> Result<(), Stop>,
) -> Result<Answer, Failure> {
    let flags = flags::of(matches, style.lang)?;
    Ok(speak(&session(matches, &flags, style.lang)?, style, command))
}

/// The same, asking as oneself even if `--as` names another: the command asks about that one.
pub(super) fn run_as_oneself(
    matches: &ArgMatches,
    style: Style,
    command: impl FnOnce(&Session, &mut Out) -> Result<(), Stop>,
) -> Result<Answer, Failure> {
    let mut flags = flags::of(matches, style.lang)?;
    (flags.act_as, flags.act_as_uid) = (None, None);
    flags.act_as_groups.clear();
    flags.act_as_extra.clear();
    Ok(speak(&session(matches, &flags, style.lang)?, style, command))
}

fn speak(session: &Session, style: Style, command: impl FnOnce(&Session, &mut Out) -> Result<(), Stop>) -> Answer {
    let mut out = Out::default();
    let mut stop = command(session, &mut out).err();
    if stop.is_none() && out.errors.is_empty() {
        stop = session.too_many_warnings();
    }
    for line in out.remarks {
        terminal::remark(&line);
    }
    let failed = stop.is_some() || !out.errors.is_empty();
    let answer = Answer { text: out.text, status: out.status.unwrap_or(if failed { REFUSED } else { super::DONE }) };
    if failed {
        // The errors follow what was found.
        let status = super::say_it(&answer, style.lang);
        let stop = stop.map(|Stop(line)| line).filter(|line| !line.is_empty());
        let lines: Vec<String> = out.errors.into_iter().chain(stop).collect();
        for line in &lines {
            terminal::remark(line);
        }
        if let Some(line) = expired(session).filter(|_| lines.iter().any(|line| line.contains("must be logged in"))) {
            terminal::remark(&line);
        }
        return Answer { text: String::new(), status };
    }
    answer
}

/// Why the API server may not know us: it says no more than that.
fn expired(session: &Session) -> Option<String> {
    let end = session.cluster.certificate_ends.filter(|end| *end < Timestamp::now())?;
    Some(say!(
        session.lang,
        en: "the client certificate of the kubeconfig has expired on {end}",
        zh: "kubeconfig 中的客户端证书已于 {end} 过期"
    ))
}

fn session(matches: &ArgMatches, flags: &Flags, lang: Lang) -> Result<Session, Failure> {
    let runtime = runtime(lang)?;
    let from: Vec<PathBuf> = matches.get_many::<PathBuf>("from").into_iter().flatten().cloned().collect();
    let as_of = as_of_files(matches, lang)?;
    let cluster = if from.is_empty() {
        runtime.block_on(live::connect(flags)).map_err(|error| of_connect(lang, &error))?
    } else {
        let archive = archive(from, lang)?;
        let _inside = runtime.enter();
        let mut cluster = archive::cluster(archive, flags.namespace.as_deref(), as_of);
        cluster.act_as(flags.act_as.as_deref(), &flags.act_as_groups);
        cluster.act_with(flags.act_as_uid.as_deref(), &flags.act_as_extra);
        cluster.timeout = flags.timeout;
        cluster
    };
    let strict = is_set(matches, "warnings-as-errors");
    Ok(Session { cluster, lang, runtime, warned: RefCell::default(), strict })
}

/// The moment that ages count from, which only files can be asked as of.
pub(super) fn as_of_files(matches: &ArgMatches, lang: Lang) -> Result<Option<Timestamp>, Failure> {
    let moment = flags::moment(matches, lang)?;
    if moment.is_some() && !matches.contains_id("from") {
        return Err(Failure::new(say!(
            lang,
            en: "--as-of goes with --from: the ages of a live cluster count from now",
            zh: "--as-of 须与 --from 一起使用：在线集群的时长从现在起算"
        )));
    }
    Ok(moment.and_then(|moment| Timestamp::from_microsecond(moment.micros()).ok()))
}

/// What waits for answers.
pub(super) fn runtime(lang: Lang) -> Result<Runtime, Failure> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|error| {
        Failure::new(say!(lang, en: "cannot start the network part", zh: "无法启动网络部分")).because(error.to_string())
    })
}

/// Saved files, read.
pub(super) fn archive(from: Vec<PathBuf>, lang: Lang) -> Result<Archive, Failure> {
    let sources: Vec<Source> =
        from.into_iter().map(|path| if path.as_os_str() == "-" { Source::Stdin } else { Source::Path(path) }).collect();
    let archive = kloupe_sources::read(&sources).map_err(|error| of_sources(lang, &error))?;
    if let Some(line) = unread(&archive, lang) {
        terminal::remark(&plain(&line));
    }
    Ok(archive)
}

/// What of the saved files was not read, in a line: what a command does not show may have been there.
fn unread(archive: &Archive, lang: Lang) -> Option<String> {
    let gaps = &archive.facts.gaps;
    let first = gaps.first()?;
    let (what, why) = (&first.what, first.why.get(lang));
    Some(match gaps.len() - 1 {
        0 => say!(lang, en: "unread: {what}: {why}", zh: "未能读取：{what}：{why}"),
        more => say!(
            lang,
            en: "unread: {what}: {why} (and {more} more; `kloupe diagnose` lists them)",
            zh: "未能读取：{what}：{why}（另有 {more} 项，`kloupe diagnose` 会列出）"
        ),
    })
}

fn of_connect(lang: Lang, error: &ConnectError) -> Failure {
    let without_cluster = say!(
        lang,
        en: "`--from PATH` reads saved files in place of a cluster",
        zh: "`--from PATH` 读取保存下来的文件，不需要集群"
    );
    let no = |what: String, known: &[String]| {
        let known = known.join(" · ");
        let hint = say!(lang, en: "it can be: {known}", zh: "可以是：{known}");
        Failure::new(what).hint((!known.is_empty()).then_some(hint))
    };
    match error {
        ConnectError::Unreadable { path, source } => {
            let path = path.display();
            Failure::new(say!(lang, en: "cannot read the kubeconfig \"{path}\"", zh: "无法读取 kubeconfig \"{path}\""))
                .because(of_io(lang, source))
                .hint(without_cluster)
        }
        ConnectError::Malformed { path, why } => {
            let path = path.display();
            Failure::new(say!(lang, en: "\"{path}\" is no kubeconfig", zh: "\"{path}\" 不是有效的 kubeconfig"))
                .because(why.clone())
        }
        ConnectError::NoCurrentContext { known } => no(
            say!(
                lang,
                en: "the kubeconfig has no current context: choose one with --context",
                zh: "kubeconfig 没有当前上下文：请用 --context 选择"
            ),
            known,
        ),
        ConnectError::NoContext { name, known } => {
            no(say!(lang, en: "context \"{name}\" does not exist", zh: "上下文 \"{name}\" 不存在"), known)
        }
        ConnectError::NoClusterEntry(name) => Failure::new(say!(
            lang,
            en: "the kubeconfig has no cluster \"{name}\"",
            zh: "kubeconfig 中没有集群 \"{name}\""
        )),
        ConnectError::NoUserEntry(name) => Failure::new(say!(
            lang,
            en: "the kubeconfig has no user \"{name}\"",
            zh: "kubeconfig 中没有用户 \"{name}\""
        )),
        ConnectError::File { path, source } => cannot_read(lang, path, source),
        ConnectError::KeyMismatch => Failure::new(say!(
            lang,
            en: "the client key of the kubeconfig does not match its client certificate",
            zh: "kubeconfig 中的客户端密钥与客户端证书不匹配"
        )),
        ConnectError::NoCluster => Failure::new(say!(
            lang,
            en: "no kubeconfig names a cluster, and kloupe does not run in a pod",
            zh: "没有 kubeconfig 指定集群，kloupe 也不在 Pod 中运行"
        ))
        .hint(without_cluster),
        ConnectError::NobodyToActAs(_) => Failure::new(error.to_string()),
        ConnectError::Server(server) => Failure::new(
            say!(lang, en: "\"{server}\" is no address of an API server", zh: "\"{server}\" 不是有效的 API server 地址"),
        ),
        ConnectError::Config(why) => {
            Failure::new(say!(lang, en: "cannot use the kubeconfig", zh: "无法使用 kubeconfig")).because(why.clone())
        }
    }
}

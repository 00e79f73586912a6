//! `kloupe logs`: what containers wrote, byte for byte.

mod since;
mod streams;

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use serde_json::Value;

use self::streams::{Options, Stream, Wanted};
use super::manual::Manual;
use super::mirror::{self, Out, Session, Stop, connection, is_set, list, pods, switch, text, value};
use super::{Answer, Command};
use crate::error::Failure;
use crate::terminal;

pub(crate) const COMMAND: Command = Command { name: "logs", arguments, manual, run, mirrors: true };

const USAGE: &str = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

/// How many of the last lines are shown of each container where a selector chooses the pods.
const TAIL_OF_SELECTED: i64 = 10;

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| logs(matches, session, out))
}

fn logs(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let arguments = list(matches, "what");
    let selector = text(matches, "selector").unwrap_or_default();
    let (what, inline) = match (arguments.as_slice(), selector.is_empty()) {
        ([], false) => (None, None),
        ([_], false) => return Err(Stop::usage("logs", "only a selector (-l) or a POD name is allowed")),
        ([what], true) => (Some(what.as_str()), None),
        ([what, container], _) => (Some(what.as_str()), Some(container.as_str())),
        _ => return Err(Stop::usage("logs", USAGE)),
    };
    let patience = patience(matches)?;
    let options = options(matches, !selector.is_empty())?;
    let chosen = match what {
        Some(what) => pods::named(session, what).or_else(|stop| alone(session, what).ok_or(stop))?,
        None => Value::Null,
    };
    let selected = match what {
        Some(_) => Vec::new(),
        None => selected(session, selector, out)?,
    };
    let container = inline.or_else(|| text(matches, "container")).filter(|name| !name.is_empty());
    check(matches, &options.wanted, container, arguments.len())?;

    let all_containers = is_set(matches, "all-containers");
    let all_pods = is_set(matches, "all-pods");
    let streams = match what {
        None => of_pods(&selected, container, all_containers, all_pods)?,
        Some(_) if chosen["kind"] == "Pod" => of_pods(&[chosen], container, all_containers, all_pods)?,
        Some(_) => {
            let selector = pods::selector(&chosen, "cannot get the logs from")?;
            let mut found = pods::selected(session, &selector, patience)?;
            if found.len() > 1 && !all_pods {
                let best = found[0]["metadata"]["name"].as_str().unwrap_or_default();
                terminal::remark(&format!("Found {} pods, using pod/{best}", found.len()));
                found.truncate(1);
            }
            of_pods(&found, container, all_containers, all_pods)?
        }
    };
    let most = matches.get_one::<usize>("max-log-requests").copied().unwrap_or(5);
    if options.follow && streams.len() > 1 && streams.len() > most {
        return Err(Stop(format!(
            "error: you are attempting to follow {} log streams, but maximum allowed concurrency is {most}, use --max-log-requests to increase the limit",
            streams.len()
        )));
    }
    session.wait(streams::show(&session.cluster, &streams, &options, patience))
}

/// A capture may hold a pod's log without the pod.
fn alone(session: &Session, what: &str) -> Option<Value> {
    let name = what.strip_prefix("pod/").or_else(|| what.strip_prefix("pods/")).unwrap_or(what);
    if session.cluster.is_live() || name.contains('/') {
        return None;
    }
    let namespace = &session.cluster.namespace;
    let pod = serde_json::json!({"kind": "Pod", "metadata": {"namespace": namespace, "name": name}});
    let path = Stream { pod: name.to_owned(), container: String::new(), namespace: namespace.clone() };
    session
        .wait(session.cluster.text(&path.path(&Wanted { limit: Some(1), ..Wanted::default() })))
        .is_ok()
        .then_some(pod)
}

fn selected(session: &Session, selector: &str, out: &mut Out) -> Result<Vec<Value>, Stop> {
    let path = format!("/api/v1/namespaces/{}/pods", session.cluster.namespace);
    let query = format!("labelSelector={}", kloupe_cluster::cluster::escape(selector));
    let found = session.wait(session.cluster.list(&path, &query))?;
    if found.is_empty() {
        out.nothing(session, false);
    }
    Ok(found)
}

fn patience(matches: &ArgMatches) -> Result<Duration, Stop> {
    let typed = text(matches, "pod-running-timeout").unwrap_or("20s");
    let wrong = || Stop("error: --pod-running-timeout must be higher than zero".into());
    if typed.starts_with('-') {
        return Err(wrong());
    }
    let limit = mirror::duration(typed).ok_or_else(|| bad_duration("pod-running-timeout", typed))?;
    if limit.is_zero() { Err(wrong()) } else { Ok(limit) }
}

fn bad_duration(flag: &str, typed: &str) -> Stop {
    let why = if typed.bytes().all(|byte| byte.is_ascii_digit()) && !typed.is_empty() {
        "missing unit in duration"
    } else {
        "invalid duration"
    };
    Stop(format!(
        "error: invalid argument \"{typed}\" for \"--{flag}\" flag: time: {why} \"{typed}\"\nSee 'kloupe logs -h' for help and examples"
    ))
}

fn options(matches: &ArgMatches, by_selector: bool) -> Result<Options, Stop> {
    let number = |name: &str| matches.get_one::<i64>(name).copied();
    let since_time = text(matches, "since-time").filter(|typed| !typed.is_empty());
    if let Some(typed) = since_time {
        since::check(typed).map_err(|why| Stop(format!("error: {why}")))?;
    }
    let since = match text(matches, "since") {
        None => None,
        Some(typed) => {
            let long = mirror::duration(typed.trim_start_matches('-')).ok_or_else(|| bad_duration("since", typed))?;
            #[expect(clippy::cast_possible_truncation, reason = "no duration is that long")]
            let seconds = long.as_secs_f64().round() as i64;
            (!long.is_zero()).then_some(if typed.starts_with('-') { -seconds } else { seconds })
        }
    };
    let tail = match number("tail") {
        None if by_selector => Some(TAIL_OF_SELECTED),
        other => other.filter(|lines| *lines != -1),
    };
    let switches = [
        ("follow", "follow"),
        ("previous", "previous"),
        ("timestamps", "timestamps"),
        ("insecure-skip-tls-verify-backend", "insecureSkipTLSVerifyBackend"),
    ];
    let wanted = Wanted {
        on: switches.into_iter().filter(|(flag, _)| is_set(matches, flag)).map(|(_, name)| name).collect(),
        since,
        since_time: since_time.map(str::to_owned),
        tail,
        limit: number("limit-bytes").filter(|limit| *limit != 0),
    };
    Ok(Options {
        wanted,
        follow: is_set(matches, "follow"),
        prefix: is_set(matches, "prefix") || is_set(matches, "all-pods"),
        ignore_errors: is_set(matches, "ignore-errors"),
    })
}

fn check(matches: &ArgMatches, wanted: &Wanted, container: Option<&str>, arguments: usize) -> Result<(), Stop> {
    let wrong = |why: &str| Err(Stop(format!("error: {why}")));
    if wanted.since.is_some() && wanted.since_time.is_some() {
        return wrong("at most one of `sinceTime` or `sinceSeconds` may be specified");
    }
    if let Some(container) = container.filter(|_| is_set(matches, "all-containers")) {
        return wrong(&format!("--all-containers=true should not be specified with container name {container}"));
    }
    if matches.contains_id("container") && arguments == 2 {
        return wrong("only one of -c or an inline [CONTAINER] arg is allowed");
    }
    if wanted.limit.is_some_and(|limit| limit < 0) {
        return wrong("--limit-bytes must be greater than 0");
    }
    if wanted.since.is_some_and(|seconds| seconds < 0) {
        return wrong("--since must be greater than 0");
    }
    if wanted.tail.is_some_and(|lines| lines < -1) {
        return wrong("--tail must be greater than or equal to -1");
    }
    Ok(())
}

/// The streams of pods: of one container each, or of all in the order init, regular, ephemeral.
fn of_pods(found: &[Value], container: Option<&str>, all_containers: bool, quiet: bool) -> Result<Vec<Stream>, Stop> {
    let mut streams = Vec::new();
    for pod in found {
        let text = |key: &str| pod["metadata"][key].as_str().unwrap_or_default().to_owned();
        let stream = |container: &str| Stream {
            pod: text("name"),
            namespace: text("namespace"),
            container: container.to_owned(),
        };
        if pod["spec"].is_null() {
            streams.push(stream(container.unwrap_or_default()));
        } else if all_containers {
            let sorts = ["initContainers", "containers", "ephemeralContainers"];
            streams.extend(sorts.into_iter().flat_map(|sort| pods::containers(pod, sort)).map(stream));
        } else {
            let container = container.unwrap_or_else(|| pods::default_container(pod, quiet));
            if !pods::has_container(pod, container) {
                return Err(Stop(format!(
                    "error: container {container} is not valid for pod {} out of: {}",
                    text("name"),
                    pods::all_containers(pod)
                )));
            }
            streams.push(stream(container));
        }
    }
    Ok(streams)
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let what = say!(lang, en: "What to read", zh: "读取什么");
    let own = [
        Arg::new("what").value_name("POD|TYPE/NAME [CONTAINER]").num_args(0..).action(ArgAction::Append).help(say!(
            lang,
            en: "A pod or a workload: web-0 · deploy/web · job/once, and the container if it has several",
            zh: "Pod 或工作负载：web-0 · deploy/web · job/once；有多个容器时再写容器名"
        )),
        value("container", "NAME").short('c').help(say!(lang, en: "The container", zh: "容器")),
        value("selector", "SELECTOR").short('l').help(say!(
            lang,
            en: "The pods by labels: app=web; the last 10 lines of each",
            zh: "按标签选择 Pod：app=web；每个只显示最后 10 行"
        )),
        switch("all-containers").help(say!(lang, en: "All containers", zh: "所有容器")),
        switch("all-pods").help(say!(
            lang,
            en: "All pods of the workload, each line with its pod",
            zh: "工作负载的所有 Pod，每行标明所属 Pod"
        )),
        switch("previous").short('p').help(say!(
            lang,
            en: "What the run before the last restart wrote",
            zh: "上一次重启之前那次运行的日志"
        )),
        switch("follow").short('f').help(say!(lang, en: "Go on as lines are written", zh: "持续显示新写入的行")),
    ];
    let part = say!(lang, en: "Which part", zh: "哪一部分");
    let number = |name: &'static str| value(name, "N").value_parser(value_parser!(i64)).allow_negative_numbers(true);
    let cuts = [
        number("tail").help(say!(lang, en: "The last lines; -1 for all", zh: "最后若干行；-1 表示全部")),
        value("since", "TIME").help(say!(lang, en: "Not older than 5s, 2m or 3h", zh: "最近一段时间，如 5s、2m、3h")),
        value("since-time", "TIME").help(say!(
            lang,
            en: "Not older than a time: 2026-01-31T08:00:00Z",
            zh: "某个时间之后：2026-01-31T08:00:00Z"
        )),
        number("limit-bytes").help(say!(lang, en: "Not more than so many bytes of each", zh: "每个容器最多若干字节")),
        switch("timestamps").help(say!(lang, en: "Each line with its time", zh: "每行带时间")),
        switch("prefix").help(say!(lang, en: "Each line with its pod and container", zh: "每行带 Pod 与容器")),
        switch("ignore-errors").help(say!(
            lang,
            en: "Go on where one container cannot be read",
            zh: "某个容器读不到时继续"
        )),
        value("max-log-requests", "N").value_parser(value_parser!(usize)).help(say!(
            lang,
            en: "How many containers are followed at once (5)",
            zh: "同时跟随的容器数上限（5）"
        )),
        value("pod-running-timeout", "TIME").help(say!(
            lang,
            en: "How long a workload without a pod is waited for (20s)",
            zh: "工作负载还没有 Pod 时等待多久（20s）"
        )),
        switch("insecure-skip-tls-verify-backend").hide(true),
    ];
    let own = own.into_iter().map(|argument| argument.help_heading(what.clone()));
    own.chain(cuts.into_iter().map(|argument| argument.help_heading(part.clone()))).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show what containers wrote, as kubectl logs does", zh: "显示容器日志，与 kubectl logs 相同"),
        usage: "kloupe logs POD|TYPE/NAME [CONTAINER] [--from PATH…]",
        examples: &[
            "kloupe logs web-0 -n shop --tail=100",
            "kloupe logs deploy/web -c app --previous",
            "kloupe logs -l app=web --all-containers --prefix",
            "kloupe logs web-0 --from dump/",
        ],
        details: say!(
            lang,
            en: "\
## Order
Several containers come in the order of the pod's spec, init containers first; kubectl's order is random.
## On a terminal
Escape sequences in a log other than colours are shown, not obeyed. In a pipe the bytes are untouched.
## With --from
A time that is counted back (--since) counts from the log's last line.
",
            zh: "\
## 顺序
多个容器按 Pod spec 中的顺序输出，init 容器在前；kubectl 的顺序是随机的。
## 在终端上
日志中除颜色以外的转义序列会显示出来而不会生效。在管道中字节保持原样。
## 使用 --from 时
向前推算的时间（--since）从日志最后一行算起。
"
        ),
    }
}

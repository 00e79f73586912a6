//! `kloupe serve`: a capture behind a loopback port, for kubectl and everything else that speaks to an API server.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use kloupe_cluster::archive::{Service, Store};
use kloupe_cluster::serve::{ServeError, Server};
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use serde_json::Value;
use tokio::process::Command as Process;
use tokio::signal::unix::{SignalKind, signal};

use super::manual::Manual;
use super::mirror::{self, list, text, value};
use super::{Answer, Command, DONE};
use crate::error::{Failure, of_io};
use crate::terminal;

pub(crate) const COMMAND: Command = Command { name: "serve", arguments, manual, run, mirrors: false };

/// The first line of a kubeconfig that this command wrote, and may write over.
const MARK: &str = "# Written by `kloupe serve`; gone when it ends.";

/// What a shell answers for a program that a signal ended, beside the signal's number.
const BY_SIGNAL: i32 = 128;

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let lang = style.lang;
    let from: Vec<PathBuf> = matches.get_many::<PathBuf>("from").into_iter().flatten().cloned().collect();
    if from.is_empty() {
        return Err(Failure::new(say!(lang, en: "nothing to serve: no file was named", zh: "没有可提供的内容：未指定文件"))
            .hint(say!(lang, en: "`kloupe serve --from PATH` serves saved files", zh: "`kloupe serve --from PATH` 提供保存下来的文件")));
    }
    let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
    let as_of = mirror::as_of_files(matches, lang)?;
    let archive = mirror::archive(from, lang)?;
    let runtime = mirror::runtime(lang)?;
    runtime.block_on(async {
        let service = Service::new(Store::new(archive).as_of(as_of));
        let server = Server::new(service, port).await.map_err(|error| of_serve(lang, &error))?;
        let config = server.kubeconfig(text(matches, "namespace").unwrap_or("default"));
        let file = Kubeconfig::write(text(matches, "kubeconfig-out").map(Path::new), &config, lang)?;
        let url = server.url();
        let running = tokio::spawn(server.run());
        let command = list(matches, "command");
        let status = match command.split_first() {
            Some((program, arguments)) => child(program, arguments, &file.path, lang).await,
            None => wait(&file.path, &url, lang).await,
        };
        running.abort();
        status
    })
}

/// Serves until a signal ends it.
async fn wait(kubeconfig: &Path, url: &str, lang: Lang) -> Result<Answer, Failure> {
    let stopped = stop_signals(lang)?;
    let path = kubeconfig.display();
    terminal::print(&format!("{path}\n")).map_err(|error| {
        Failure::new(say!(lang, en: "cannot write the answer", zh: "无法写出结果")).because(of_io(lang, &error))
    })?;
    terminal::remark(&say!(
        lang,
        en: "serving the capture at {url}; Ctrl-C ends it\ntry: kubectl --kubeconfig {path} get pods -A",
        zh: "正在 {url} 提供采集内容，按 Ctrl-C 结束\n试试：kubectl --kubeconfig {path} get pods -A"
    ));
    stopped.await;
    Ok(Answer { text: String::new(), status: DONE })
}

/// Runs one program on the capture. Ctrl-C is the program's business: it is sent to both.
async fn child(program: &str, arguments: &[String], kubeconfig: &Path, lang: Lang) -> Result<Answer, Failure> {
    let stopped = stop_signals(lang)?;
    let mut started = Process::new(program).args(arguments).env("KUBECONFIG", kubeconfig).spawn().map_err(|error| {
        Failure::new(say!(lang, en: "cannot run \"{program}\"", zh: "无法运行 \"{program}\""))
            .because(of_io(lang, &error))
    })?;
    tokio::pin!(stopped);
    let mut told = false;
    let ended = loop {
        tokio::select! {
            ended = started.wait() => break ended,
            () = &mut stopped, if !told => told = true,
        }
    };
    let ended = ended.map_err(|error| {
        Failure::new(say!(lang, en: "cannot wait for \"{program}\"", zh: "无法等待 \"{program}\" 结束"))
            .because(of_io(lang, &error))
    })?;
    let code = ended.code().or_else(|| std::os::unix::process::ExitStatusExt::signal(&ended).map(|it| BY_SIGNAL + it));
    Ok(Answer { text: String::new(), status: code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX) })
}

/// Ends with the first signal that asks to stop; from now on none of them ends the process by itself.
fn stop_signals(lang: Lang) -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| {
            Failure::new(say!(lang, en: "cannot listen for signals", zh: "无法监听信号")).because(of_io(lang, &error))
        })
    };
    let (mut interrupt, mut terminate, mut hangup) =
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

/// A kubeconfig file that is removed when its server ends.
struct Kubeconfig {
    path: PathBuf,
    /// Removes the folder that was made for the file, if one was.
    _folder: Option<tempfile::TempDir>,
}

impl Kubeconfig {
    fn write(asked: Option<&Path>, config: &Value, lang: Lang) -> Result<Kubeconfig, Failure> {
        let (path, folder) = if let Some(path) = asked {
            (path.to_owned(), None)
        } else {
            let folder = tempfile::Builder::new().prefix("kloupe-serve-").tempdir().map_err(|error| {
                Failure::new(say!(lang, en: "cannot make a temporary folder", zh: "无法创建临时文件夹"))
                    .because(of_io(lang, &error))
            })?;
            (folder.path().join("kubeconfig"), Some(folder))
        };
        let shown = path.display();
        if fs::read_to_string(&path).is_ok_and(|text| text.starts_with(MARK)) {
            // One that a server which was killed left behind.
            drop(fs::remove_file(&path));
        }
        private(&path).and_then(|mut file| file.write_all(format!("{MARK}\n{config:#}\n").as_bytes())).map_err(
            |error| {
                let failed = Failure::new(
                    say!(lang, en: "cannot write the kubeconfig \"{shown}\"", zh: "无法写入 kubeconfig \"{shown}\""),
                );
                if error.kind() == io::ErrorKind::AlreadyExists {
                    return failed.because(say!(lang, en: "there is such a file already", zh: "已有同名文件"));
                }
                failed.because(of_io(lang, &error))
            },
        )?;
        Ok(Kubeconfig { path, _folder: folder })
    }
}

impl Drop for Kubeconfig {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

/// A new file that only its owner can read: it holds a token.
fn private(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn of_serve(lang: Lang, error: &ServeError) -> Failure {
    match error {
        ServeError::Port { port, source } => Failure::new(
            say!(lang, en: "cannot listen on port {port} of 127.0.0.1", zh: "无法监听 127.0.0.1 的端口 {port}"),
        )
        .because(of_io(lang, source))
        .hint(say!(lang, en: "without --port any free port is taken", zh: "不写 --port 时使用任意空闲端口")),
        ServeError::Certificate(why) => {
            Failure::new(say!(lang, en: "cannot make a certificate", zh: "无法生成证书")).because(why.clone())
        }
    }
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let heading = say!(lang, en: "What to serve", zh: "提供什么");
    let arguments = [
        mirror::from().help(say!(lang, en: "The saved files", zh: "保存下来的文件")),
        mirror::as_of().help(say!(
            lang,
            en: "Count ages in tables from this time (RFC 3339); without it from the time of the capture",
            zh: "表格中的时长从此时刻（RFC 3339）起算；未指定时取采集的时刻"
        )),
        value("namespace", "NS").short('n').help(say!(
            lang,
            en: "The namespace of the kubeconfig (default)",
            zh: "kubeconfig 中的命名空间（default）"
        )),
        value("kubeconfig-out", "FILE").help(say!(
            lang,
            en: "Where to write the kubeconfig; without it a temporary file",
            zh: "kubeconfig 写到哪里；未指定时写入临时文件"
        )),
        value("port", "PORT").value_parser(value_parser!(u16)).help(say!(
            lang,
            en: "The port of 127.0.0.1; without it any that is free",
            zh: "127.0.0.1 的端口；未指定时任选空闲端口"
        )),
        Arg::new("command").value_name("-- COMMAND").num_args(0..).last(true).action(ArgAction::Append).help(say!(
            lang,
            en: "Run one command on the capture and end with its exit status",
            zh: "在采集内容上运行一条命令，并以它的退出码结束"
        )),
    ];
    arguments.into_iter().map(|argument| argument.help_heading(heading.clone())).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(
            lang,
            en: "Serve saved files as a read-only API server, for kubectl and other programs",
            zh: "把保存下来的文件作为只读 API server 提供给 kubectl 等程序"
        ),
        usage: "kloupe serve --from PATH… [-- COMMAND…]",
        examples: &[
            "kloupe serve --from must-gather.tar.gz",
            "kloupe serve --from dump/ -- kubectl get pods -A",
            "kloupe serve --from dump/ --kubeconfig-out capture.kubeconfig",
        ],
        details: say!(
            lang,
            en: "\
## What is served
Discovery, get, list with selectors and paging, watch, tables, logs and access reviews over what the files hold whole. What they do not hold is not made up; writes, exec, attach and port-forward are refused.
## Who can read it
Only this machine: TLS on 127.0.0.1, with an authority and a token made for this run. The kubeconfig is readable by its owner alone and removed at the end.
## Exit status
That of the command behind `--`; without one 0; 2 if nothing could be served.
",
            zh: "\
## 提供的内容
对文件中完整保存的对象提供 discovery、get、带选择器与分页的 list、watch、表格、日志和访问审查。文件里没有的内容不会凭空出现；写操作、exec、attach 与 port-forward 会被拒绝。
## 谁能读取
仅限本机：127.0.0.1 上的 TLS，证书与令牌只为本次运行生成。kubeconfig 只有所有者可读，结束时删除。
## 退出码
与 `--` 之后命令的退出码相同；没有命令时为 0；无法提供服务时为 2。
"
        ),
    }
}

//! One run: sources to facts and log digests, then the diagnosis. Everything that reads is here; the engine only sees what was read.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::{fs, io, thread};

use kloupe_diagnosis::{LogFacts, Question, cause, diagnose, nearest, signatures};
use kloupe_logs::rules::{Texts, load};
use kloupe_logs::{Matcher, Signature, digest};
use kloupe_model::{Gap, Lang, Report, say};
use kloupe_sources::{Archive, LogFile, Source, read};

use crate::Failure;

/// Reads the sources and answers the question.
pub fn answer(sources: &[Source], rules: Vec<&'static Signature>, question: &Question) -> Result<Report, Failure> {
    let lang = question.lang;
    let archive = read(sources).map_err(|error| unread(lang, &error))?;
    let matcher = Matcher::new(signatures().iter().chain(rules));
    let (logs, gaps) = digests(&archive, &matcher);
    let mut report = diagnose(&archive.facts, &logs, &matcher, question).map_err(|error| not_found(lang, &error))?;
    report.gaps.extend(gaps);
    Ok(report)
}

fn unread(lang: Lang, error: &kloupe_sources::Error) -> Failure {
    let failure = Failure::new(say!(lang, en: "cannot read the evidence", zh: "无法读取证据")).because(error);
    match error {
        kloupe_sources::Error::NoSource => failure.hint(say!(lang, en: "name files or folders: `kloupe diagnose --from PATH`", zh: "请指定文件或目录：`kloupe diagnose --from PATH`")),
        _ => failure,
    }
}

fn not_found(lang: Lang, error: &kloupe_diagnosis::TargetError) -> Failure {
    use kloupe_diagnosis::TargetError;
    let failure = Failure::new(match error {
        TargetError::Form(text) => say!(lang, en: "\"{text}\" is no target", zh: "\"{text}\" 不是有效的目标"),
        TargetError::NotFound { target, .. } => say!(lang, en: "{target} is not in what was read", zh: "读取到的内容中没有 {target}"),
        TargetError::NoController { target, .. } => say!(lang, en: "no controller of {target} is in what was read", zh: "读取到的内容中没有负责 {target} 的控制器"),
    });
    match error {
        TargetError::Form(_) => failure.hint(say!(lang, en: "a target is written deploy/NAME, pod/NAME or PLURAL.GROUP/NAME", zh: "目标写作 deploy/NAME、pod/NAME 或 PLURAL.GROUP/NAME")),
        TargetError::NotFound { known, .. } | TargetError::NoController { known, .. } if !known.is_empty() => {
            const SHOWN: usize = 8;
            let mut names = known.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(" ");
            if known.len() > SHOWN {
                names.push_str(" …");
            }
            failure.hint(say!(lang, en: "what was read: {names}", zh: "读取到的有：{names}"))
        }
        _ => failure.hint(say!(lang, en: "without a target every controller that was read is diagnosed", zh: "不指定目标则诊断读取到的所有控制器")),
    }
}

/// Digests all logs on all cores; the answers come in the order of the files, whatever thread was faster.
fn digests(archive: &Archive, matcher: &Matcher) -> (Vec<LogFacts>, Vec<Gap>) {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<LogFacts, Gap>)>> = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(archive.logs.len().max(1));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(log) = archive.logs.get(at) else { break };
                    let result = digest_one(log, matcher);
                    done.lock().expect("no worker panics while it holds the list").push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("all workers ended");
    done.sort_by_key(|(at, _)| *at);
    let mut logs = Vec::new();
    let mut gaps = Vec::new();
    for (_, result) in done {
        match result {
            Ok(log) => logs.push(log),
            Err(gap) => gaps.push(gap),
        }
    }
    (logs, gaps)
}

fn digest_one(log: &LogFile, matcher: &Matcher) -> Result<LogFacts, Gap> {
    let digest = log
        .open()
        .and_then(|reader| digest(reader, matcher, log.first_line))
        .map_err(|error| Gap { what: log.file.clone(), why: error.to_string() })?;
    Ok(LogFacts {
        file: log.file.clone(),
        namespace: log.namespace.clone(),
        pod: log.pod.clone(),
        container: log.container.clone(),
        previous: log.previous,
        digest,
    })
}

/// The signatures of a person's own rules file.
pub fn load_rules(path: &Path, lang: Lang) -> Result<Vec<Signature>, Failure> {
    let file = path.display().to_string();
    let failed = || Failure::new(say!(lang, en: "cannot use the rules of \"{file}\"", zh: "无法使用 \"{file}\" 中的规则"));
    let text = fs::read_to_string(path).map_err(|error: io::Error| failed().because(&error))?;
    let rules = load(&text, &file, Texts::One).map_err(|error| failed().because(&error))?;
    for rule in &rules {
        for id in rule.speaks.iter().chain(rule.also).filter_map(|row| row.cause) {
            if cause(id).is_none() && !id.starts_with("x-") {
                let near = nearest(id, kloupe_diagnosis::causes().iter().map(|entry| entry.id));
                let unknown = Failure::new(say!(lang, en: "rule \"{}\" of \"{file}\" speaks for \"{id}\", which is no cause", zh: "\"{file}\" 的规则 \"{}\" 指向 \"{id}\"，但没有这个原因", rule.id));
                return Err(match near {
                    Some(near) => unknown.hint(say!(lang, en: "did you mean {near} ?", zh: "是否想用 {near} ？")),
                    None => unknown.hint(say!(lang, en: "your own causes begin with x- ; `kloupe explain` lists the built-in ones", zh: "自定义原因以 x- 开头；`kloupe explain` 列出内置原因")),
                });
            }
        }
    }
    Ok(rules)
}

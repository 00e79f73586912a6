//! `kloupe diagnose`: reads the files, asks the engine, shows the answer.

mod words;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use kloupe_diagnosis::{Question, Target};
use kloupe_logs::Signature;
use kloupe_model::{Lang, Report, Verdict, say};
use kloupe_report::Style;
use kloupe_sources::Source;

use super::mirror::moment;
use super::{Answer, Command, DONE, FAILED, FOUND};
use crate::answer::answer;
use crate::error::{Failure, of_target};
use crate::rules::load_rules;
use crate::terminal;

pub(crate) const COMMAND: Command =
    Command { name: "diagnose", arguments: words::arguments, manual: words::manual, run, mirrors: false };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let lang = style.lang;
    let question = question(matches, lang)?;
    target_before_files(matches, lang)?;
    let sources = sources(matches, lang)?;
    let mut rules: Vec<&'static Signature> = Vec::new();
    for file in paths(matches, "rules") {
        rules.extend(load_rules(file, lang)?);
    }
    let report = answer(&sources, rules, &question)?;
    let format = matches.get_one::<String>("output").map_or("text", String::as_str);
    let output = kloupe_report::output(format).expect("the parser takes only these");
    Ok(Answer { text: (output.write)(&report, style), status: status(&report) })
}

fn status(report: &Report) -> u8 {
    if report.diagnoses.iter().any(|diagnosis| !diagnosis.causes.is_empty()) {
        FOUND
    } else if report.diagnoses.is_empty()
        || report.diagnoses.iter().any(|diagnosis| diagnosis.verdict == Verdict::Unknown)
    {
        FAILED
    } else {
        DONE
    }
}

fn question(matches: &ArgMatches, lang: Lang) -> Result<Question, Failure> {
    let text = |name: &str| matches.get_one::<String>(name);
    let target = text("target").map(|target| target.parse::<Target>()).transpose();
    Ok(Question {
        target: target.map_err(|error| of_target(lang, &error))?,
        namespace: text("namespace").cloned(),
        as_of: moment(matches, lang)?,
        lang,
    })
}

fn sources(matches: &ArgMatches, lang: Lang) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    for path in paths(matches, "from") {
        let source = if path == Path::new("-") { Source::Stdin } else { Source::Path(path.clone()) };
        // Standard input can be read once; a file that is named twice is not twice the evidence.
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if sources.is_empty() {
        return Err(no_files(lang));
    }
    if sources.contains(&Source::Stdin) && io::stdin().is_terminal() {
        terminal::remark(
            &say!(lang, en: "reading standard input; Ctrl-D ends it", zh: "正在读取标准输入，按 Ctrl-D 结束"),
        );
    }
    Ok(sources)
}

fn paths<'m>(matches: &'m ArgMatches, name: &str) -> impl Iterator<Item = &'m PathBuf> {
    matches.get_many::<PathBuf>(name).into_iter().flatten()
}

fn no_files(lang: Lang) -> Failure {
    Failure::new(say!(
        lang,
        en: "live clusters are not supported yet: this version reads files",
        zh: "尚不支持连接集群：本版本只读取文件"
    ))
    .hint(say!(
        lang,
        en: "`kloupe diagnose --from PATH` reads logs, YAML, JSON and saved kubectl output, or a folder of them",
        zh: "`kloupe diagnose --from PATH` 可读取日志、YAML、JSON、保存的 kubectl 输出，或装有它们的文件夹"
    ))
    .hint(say!(
        lang,
        en: "`kubectl logs deploy/NAME -n NAMESPACE | kloupe diagnose --from -` reads a log as it comes",
        zh: "`kubectl logs deploy/NAME -n NAMESPACE | kloupe diagnose --from -` 直接读取日志"
    ))
}

/// `--from` takes all that follows it, so a target that stands there would be looked for as a file.
fn target_before_files(matches: &ArgMatches, lang: Lang) -> Result<(), Failure> {
    let Some(path) =
        paths(matches, "from").find(|path| looks_like_target(path)).filter(|_| !matches.contains_id("target"))
    else {
        return Ok(());
    };
    let target = path.display();
    Err(Failure::new(
        say!(lang, en: "there is no file or folder \"{target}\"", zh: "没有名为 \"{target}\" 的文件或文件夹"),
    )
    .hint(say!(
        lang,
        en: "a target stands before --from: `kloupe diagnose {target} --from PATH`",
        zh: "目标要写在 --from 之前：`kloupe diagnose {target} --from PATH`"
    )))
}

fn looks_like_target(path: &Path) -> bool {
    match path.to_str().map(str::parse) {
        Some(Ok(Target::Custom { resource, .. })) => {
            resource.contains('.') && !resource.starts_with('.') && !path.exists()
        }
        Some(Ok(_)) => !path.exists(),
        _ => false,
    }
}

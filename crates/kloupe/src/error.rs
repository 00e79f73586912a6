//! What stops a run, worded for the person who typed the command: what was not done, why, and what helps.
//!
//! The libraries' errors say the same in English; here they are said in both languages, with hints that only the command line knows.

use std::io;
use std::path::Path;

use kloupe_diagnosis::TargetError;
use kloupe_logs::rules::{At, RulesError};
use kloupe_logs::template::TemplateError;
use kloupe_model::{Lang, say};

/// Why a command could not do what it was asked to.
#[derive(Debug, Default)]
pub struct Failure {
    /// What was not done, to what.
    pub(crate) what: String,
    /// Why, outermost first.
    pub(crate) causes: Vec<String>,
    /// Commands that help, the best first; two are shown.
    pub(crate) hints: Vec<String>,
    /// `what` is worded as kubectl words it, in English and to the last line.
    pub(crate) mirrored: bool,
}

impl Failure {
    pub(crate) fn new(what: String) -> Failure {
        Failure { what, ..Failure::default() }
    }

    /// The same in kubectl's words.
    pub(crate) fn mirrored(what: String) -> Failure {
        Failure { what, mirrored: true, ..Failure::default() }
    }

    pub(crate) fn because(mut self, cause: String) -> Failure {
        self.causes.push(cause);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<Option<String>>) -> Failure {
        self.hints.extend(hint.into());
        self
    }
}

/// What to type in place of a name that is not known.
pub(crate) fn did_you_mean(lang: Lang, nearest: &str) -> String {
    say!(lang, en: "did you mean `{nearest}`?", zh: "是否想输入 `{nearest}`？")
}

/// Nothing could be read at all.
pub(crate) fn of_sources(lang: Lang, error: &kloupe_sources::Error) -> Failure {
    use kloupe_sources::Error;
    match error {
        Error::Missing { path } => {
            let path = path.display();
            Failure::new(
                say!(lang, en: "there is no file or folder \"{path}\"", zh: "没有名为 \"{path}\" 的文件或文件夹"),
            )
        }
        Error::List { path, source } => {
            let path = path.display();
            Failure::new(say!(lang, en: "cannot list the folder \"{path}\"", zh: "无法列出文件夹 \"{path}\""))
                .because(of_io(lang, source))
        }
        Error::Open { path, source } => cannot_read(lang, path, source),
        Error::Stdin(source) => Failure::new(say!(lang, en: "cannot read standard input", zh: "无法读取标准输入"))
            .because(of_io(lang, source)),
        Error::Empty { path } => {
            let path = path.display();
            Failure::new(say!(lang, en: "the folder \"{path}\" holds no file", zh: "文件夹 \"{path}\" 中没有文件"))
        }
        Error::NoSource => Failure::new(say!(lang, en: "no file was named", zh: "没有指定任何文件")),
        Error::Nothing { file, why } => {
            let why = why.get(lang);
            Failure::new(say!(lang, en: "nothing in what was given can be used", zh: "所给内容中没有可用的信息"))
                .because(say!(lang, en: "{file}: {why}", zh: "{file}：{why}"))
        }
    }
}

/// A file that was named cannot be read.
pub(crate) fn cannot_read(lang: Lang, path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::new(say!(lang, en: "cannot read \"{path}\"", zh: "无法读取 \"{path}\"")).because(of_io(lang, error))
}

/// The common reasons in the reader's language; the system's own words for the others.
pub(crate) fn of_io(lang: Lang, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => say!(lang, en: "there is no such file", zh: "文件不存在"),
        io::ErrorKind::PermissionDenied => say!(lang, en: "permission denied", zh: "权限不足"),
        io::ErrorKind::IsADirectory => say!(lang, en: "it is a folder", zh: "它是一个文件夹"),
        _ => {
            let text = error.to_string();
            text.split(" (os error ").next().unwrap_or_default().to_owned()
        }
    }
}

/// What is asked about is no target, or was not read.
pub(crate) fn of_target(lang: Lang, error: &TargetError) -> Failure {
    match error {
        TargetError::Form(text) => Failure::new(say!(lang, en: "\"{text}\" is no target", zh: "\"{text}\" 不是有效的目标"))
            .hint(say!(
                lang,
                en: "a target is deploy/NAME, sts/NAME, ds/NAME, pod/NAME, or a custom resource such as foos.example.com/NAME",
                zh: "目标可写作 deploy/NAME、sts/NAME、ds/NAME、pod/NAME，或自定义资源，如 foos.example.com/NAME"
            )),
        TargetError::NotFound { target, known } => {
            Failure::new(say!(lang, en: "{target} is not in what was read", zh: "所读内容中没有 {target}"))
                .hint(known_workloads(lang, known))
        }
        TargetError::NoController { target, known } => {
            Failure::new(say!(lang, en: "no controller of {target} is in what was read", zh: "所读内容中没有负责 {target} 的控制器"))
                .hint(known_workloads(lang, known))
        }
    }
}

/// More would not help to find a slip.
const MAX_KNOWN: usize = 8;

fn known_workloads(lang: Lang, known: &[String]) -> String {
    if known.is_empty() {
        return say!(
            lang,
            en: "it names no workload at all; without a target, what is there is diagnosed",
            zh: "其中没有任何工作负载；不写目标则诊断读到的全部内容"
        );
    }
    let mut names = known.iter().take(MAX_KNOWN).map(String::as_str).collect::<Vec<_>>().join(" · ");
    if known.len() > MAX_KNOWN {
        names.push_str(" · …");
    }
    say!(lang, en: "what was read: {names}", zh: "读到的有：{names}")
}

/// A file of a person's own rules cannot be used.
pub(crate) fn of_rules(lang: Lang, file: &Path, error: &RulesError) -> Failure {
    let file = file.display();
    let failure =
        Failure::new(say!(lang, en: "cannot use the rules in \"{file}\"", zh: "无法使用 \"{file}\" 中的规则"));
    failure.because(match error {
        RulesError::Yaml { message, .. } => of_yaml(lang, &first_line(message)),
        RulesError::Template { at: At { line, column }, id, template, error, .. } => {
            let error = of_template(lang, error);
            say!(lang, en: "line {line} column {column}: signature \"{id}\": template \"{template}\": {error}", zh: "第 {line} 行第 {column} 列：签名 \"{id}\" 的模板 \"{template}\"：{error}")
        }
        RulesError::Word { at: At { line, column }, id, what, word, expected, .. } => {
            let expected = expected.join(", ");
            say!(lang, en: "line {line} column {column}: signature \"{id}\": unknown {what} \"{word}\", expected one of {expected}", zh: "第 {line} 行第 {column} 列：签名 \"{id}\" 中有未知的 {what} \"{word}\"，可用的有 {expected}")
        }
        RulesError::Missing { at: At { line, column }, id, what, .. } => {
            say!(lang, en: "line {line} column {column}: signature \"{id}\": {what} is missing", zh: "第 {line} 行第 {column} 列：签名 \"{id}\" 缺少 {what}")
        }
    })
}

/// What a reader of YAML says first: the place and the mistake. What follows repeats it below a piece of the file.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// What stands where something else is expected, in the words of YAML's users and not of its parsers.
fn of_yaml(lang: Lang, message: &str) -> String {
    let (en, zh) = match message.rsplit_once(": ") {
        Some((at, "expected mapping start")) => {
            (format!("{at}: expected a mapping (key: value)"), format!("{at}：应为映射（key: value）"))
        }
        Some((at, "expected sequence start")) => {
            (format!("{at}: expected a list (- item)"), format!("{at}：应为列表（- item）"))
        }
        _ => return message.to_owned(),
    };
    say!(lang, en: "{en}", zh: "{zh}")
}

fn of_template(lang: Lang, error: &TemplateError) -> String {
    match error {
        TemplateError::Unclosed => say!(lang, en: "a hole is not closed", zh: "占位符没有闭合"),
        TemplateError::Stray => {
            say!(lang, en: "a closing brace has no hole; write `}}}}` for a literal one", zh: "多余的右花括号；字面的右花括号写作 `}}}}`")
        }
        TemplateError::Adjacent => say!(lang, en: "two holes stand side by side", zh: "两个占位符紧挨在一起"),
        TemplateError::Kind(_) | TemplateError::NoNeedle => error.to_string(),
    }
}

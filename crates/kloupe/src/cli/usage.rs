//! A command line that was not understood: what it is, and the nearest thing that would be.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use kloupe_model::{Lang, say};

use super::{COULD_NOT, print};
use crate::Failure;

/// Help and version are answers; everything else is a failure with a hint.
pub(super) fn answer(error: &Error, lang: Lang) -> Result<u8, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => print(&error.render().to_string()).map(|()| 0),
        _ => {
            failure(error, lang).print(lang);
            Ok(COULD_NOT)
        }
    }
}

fn failure(error: &Error, lang: Lang) -> Failure {
    let get = |kind| error.get(kind).map(said).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => say!(lang, en: "there is no command \"{}\"", zh: "没有命令 \"{}\"", get(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => say!(lang, en: "there is no argument \"{argument}\" here", zh: "此处没有参数 \"{argument}\""),
        ErrorKind::InvalidValue if value.is_empty() => say!(lang, en: "{argument} needs a value", zh: "{argument} 需要一个值"),
        ErrorKind::InvalidValue => say!(lang, en: "{argument} does not take \"{value}\"", zh: "{argument} 不接受 \"{value}\""),
        ErrorKind::ValueValidation => say!(lang, en: "{argument} does not take \"{value}\"", zh: "{argument} 不接受 \"{value}\""),
        ErrorKind::MissingRequiredArgument => say!(lang, en: "{argument} is missing", zh: "缺少 {argument}"),
        ErrorKind::ArgumentConflict => say!(lang, en: "{argument} was given more than once", zh: "{argument} 出现了多次"),
        _ => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    };
    let mut failure = Failure::new(what);
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue].map(get);
    if let Some(near) = near.iter().find(|near| !near.is_empty()) {
        failure = failure.hint(say!(lang, en: "did you mean {near} ?", zh: "是否想用 {near} ？"));
    }
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        failure = failure.hint(say!(lang, en: "it takes: {valid}", zh: "可用的值：{valid}"));
    }
    failure.hint(say!(lang, en: "`kloupe --help` lists the commands, `kloupe COMMAND --help` the arguments", zh: "`kloupe --help` 列出命令，`kloupe COMMAND --help` 列出参数"))
}

fn said(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(" "),
        other => other.to_string(),
    }
}

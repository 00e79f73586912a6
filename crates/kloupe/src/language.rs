//! The language of our own texts: `--lang`, else the locale. It is needed before the command line is parsed, since mistakes in it are said in it.

use std::env;
use std::ffi::OsString;

use kloupe_model::Lang;

/// The language that the arguments ask for, else that of the locale, else English.
pub(crate) fn choose(args: &[OsString]) -> Lang {
    asked_for(args).or_else(locale).unwrap_or_default()
}

fn asked_for(args: &[OsString]) -> Option<Lang> {
    let mut asked = None;
    let mut args = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        let tag = if arg == "--lang" { args.next() } else { arg.strip_prefix("--lang=") };
        asked = tag.and_then(Lang::from_tag).or(asked);
    }
    asked
}

/// The first of the variables that is set decides, as the C library has it.
fn locale() -> Option<Lang> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|variable| env::var(variable).ok().filter(|value| !value.is_empty()))
        .and_then(|value| Lang::from_tag(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(args: &[&str]) -> Option<Lang> {
        asked_for(&args.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_last_language_asked_for_counts() {
        assert_eq!(asked(&["kloupe", "--lang", "zh", "explain"]), Some(Lang::Zh));
        assert_eq!(asked(&["kloupe", "--lang=zh", "--lang=en"]), Some(Lang::En));
        assert_eq!(asked(&["kloupe", "--lang", "xx"]), None);
        assert_eq!(asked(&["kloupe", "--", "--lang=zh"]), None);
    }
}

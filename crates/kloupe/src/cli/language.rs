//! The language of our own texts: `--lang`, else the locale, else English. It is needed before the arguments are parsed, for the help.

use std::ffi::OsString;

use kloupe_model::Lang;

pub(super) fn choose(args: &[OsString]) -> Lang {
    asked(args).or_else(of_locale).unwrap_or_default()
}

fn asked(args: &[OsString]) -> Option<Lang> {
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--lang") {
            Some("") => return args.next().and_then(Lang::from_tag),
            Some(rest) if rest.starts_with('=') => return Lang::from_tag(&rest[1..]),
            _ => {}
        }
    }
    None
}

/// The first of POSIX' variables that is set decides, known or not.
fn of_locale() -> Option<Lang> {
    let first = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    Lang::from_tag(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_read_in_both_spellings() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(asked(&args(&["kloupe", "--lang", "zh"])), Some(Lang::Zh));
        assert_eq!(asked(&args(&["kloupe", "explain", "--lang=en"])), Some(Lang::En));
        assert_eq!(asked(&args(&["kloupe", "explain"])), None);
    }
}

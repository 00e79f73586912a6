//! The flags that all mirrored commands share, and how a flag is made so that it takes what kubectl's takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use kloupe_cluster::live::Flags;
use kloupe_model::{Lang, Stamp, say};

use crate::error::Failure;

/// A flag that is on or off: `--watch`, `--watch=false`.
pub(crate) fn switch(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_parser(value_parser!(bool))
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .hide_possible_values(true)
        .action(ArgAction::Set)
}

/// A flag with a value.
pub(crate) fn value(name: &'static str, shown: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(shown).allow_hyphen_values(true)
}

/// Whether a switch is on.
pub(crate) fn is_set(matches: &ArgMatches, name: &str) -> bool {
    matches.get_one::<bool>(name).copied().unwrap_or_default()
}

/// A flag's text.
pub(crate) fn text<'a>(matches: &'a ArgMatches, name: &str) -> Option<&'a str> {
    matches.get_one::<String>(name).map(String::as_str)
}

/// All the texts of a flag or of the positional arguments.
pub(crate) fn list(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

/// The texts of a flag that takes several, apart by commas or repeated.
pub(crate) fn commas(matches: &ArgMatches, name: &str) -> Vec<String> {
    list(matches, name)
        .iter()
        .flat_map(|typed| typed.split(','))
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The saved files.
pub(crate) fn from() -> Arg {
    Arg::new("from")
        .long("from")
        .value_name("PATH")
        .num_args(1..)
        .action(ArgAction::Append)
        .value_parser(value_parser!(PathBuf))
}

/// The moment that ages count from.
pub(crate) fn as_of() -> Arg {
    value("as-of", "TIME")
}

/// The same as it was typed.
pub(crate) fn moment(matches: &ArgMatches, lang: Lang) -> Result<Option<Stamp>, Failure> {
    let Some(time) = text(matches, "as-of") else { return Ok(None) };
    let wrong = || {
        Failure::new(say!(lang, en: "--as-of cannot be \"{time}\"", zh: "--as-of 不能是 \"{time}\"")).hint(say!(
            lang,
            en: "write the time with its zone: 2026-11-25T09:26:40Z or 2026-11-25T10:26:40+01:00",
            zh: "时间要带时区：2026-11-25T09:26:40Z 或 2026-11-25T17:26:40+08:00"
        ))
    };
    Stamp::parse_rfc3339(time).ok_or_else(wrong).map(Some)
}

/// The connection, and the files in place of one.
pub(crate) fn connection(lang: Lang) -> Vec<Arg> {
    let heading = say!(lang, en: "Where to read", zh: "从哪里读取");
    let shown = [
        from().help(say!(
            lang,
            en: "Read saved files in place of a live cluster",
            zh: "读取保存下来的文件，代替在线集群"
        )),
        as_of().help(say!(
            lang,
            en: "Count ages from this time (RFC 3339); without it from the time of the capture",
            zh: "从此时刻（RFC 3339）起算“多久以前”；未指定时取采集的时刻"
        )),
        value("namespace", "NS").short('n').help(say!(lang, en: "The namespace", zh: "命名空间")),
        value("kubeconfig", "FILE").help(say!(lang, en: "The kubeconfig file", zh: "kubeconfig 文件")),
        value("context", "NAME").help(say!(lang, en: "The context of the kubeconfig", zh: "kubeconfig 中的上下文")),
        value("as", "USER").help(say!(lang, en: "Act as another user", zh: "以另一个用户的身份操作")),
        value("as-group", "GROUP").action(ArgAction::Append).help(say!(
            lang,
            en: "Act as a member of a group; can be repeated",
            zh: "以某个组成员的身份操作；可重复"
        )),
        value("request-timeout", "TIME").help(say!(
            lang,
            en: "How long one answer may take (30s); 0 is no limit",
            zh: "单个请求的时限（如 30s）；0 表示不限"
        )),
    ];
    let hidden = [
        value("cluster", "NAME"),
        value("user", "NAME"),
        value("server", "URL").short('s'),
        value("token", "TOKEN"),
        value("as-uid", "UID"),
        value("as-user-extra", "KEY=VALUE").action(ArgAction::Append),
        switch("insecure-skip-tls-verify"),
        value("certificate-authority", "FILE"),
        value("client-certificate", "FILE"),
        value("client-key", "FILE"),
        value("tls-server-name", "NAME"),
        switch("warnings-as-errors"),
        // Taken and without effect here: caches, profiles and log levels of kubectl's own.
        value("cache-dir", "DIR"),
        value("v", "LEVEL").short('v'),
        switch("disable-compression"),
        switch("match-server-version"),
    ];
    let hidden = hidden.into_iter().map(|argument| argument.hide(true));
    shown.into_iter().chain(hidden).map(|argument| argument.help_heading(heading.clone())).collect()
}

/// What the flags say about the connection.
pub(super) fn of(matches: &ArgMatches, lang: Lang) -> Result<Flags, Failure> {
    let one = |name: &str| text(matches, name).map(str::to_owned);
    let timeout = match text(matches, "request-timeout") {
        None | Some("0") => None,
        Some(typed) => {
            Some(duration(typed).or_else(|| typed.parse().ok().map(Duration::from_secs)).ok_or_else(|| {
                Failure::new(say!(
                    lang,
                    en: "--request-timeout cannot be \"{typed}\"",
                    zh: "--request-timeout 不能是 \"{typed}\""
                ))
                .hint(say!(lang, en: "a time is written 30s, 2m or 1h", zh: "时长写作 30s、2m 或 1h"))
            })?)
            .filter(|limit| !limit.is_zero())
        }
    };
    Ok(Flags {
        kubeconfig: one("kubeconfig"),
        context: one("context"),
        cluster: one("cluster"),
        user: one("user"),
        namespace: one("namespace"),
        server: one("server"),
        token: one("token"),
        act_as: one("as"),
        act_as_groups: list(matches, "as-group"),
        act_as_uid: one("as-uid"),
        act_as_extra: list(matches, "as-user-extra"),
        insecure: is_set(matches, "insecure-skip-tls-verify"),
        certificate_authority: one("certificate-authority"),
        client_certificate: one("client-certificate"),
        client_key: one("client-key"),
        tls_server_name: one("tls-server-name"),
        timeout,
    })
}

/// A duration as Go writes it: `1h30m`, `500ms`, `1.5s`.
pub(crate) fn duration(typed: &str) -> Option<Duration> {
    let mut rest = typed;
    let mut total = 0.0;
    if typed.is_empty() {
        return None;
    }
    if typed == "0" {
        return Some(Duration::ZERO);
    }
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let unit = rest[number..].find(|c: char| c.is_ascii_digit() || c == '.').map_or(rest.len(), |end| number + end);
        let seconds = match &rest[number..unit] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total += rest[..number].parse::<f64>().ok()? * seconds;
        rest = &rest[unit..];
    }
    Duration::try_from_secs_f64(total).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(duration("1h30m"), Some(Duration::from_mins(90)));
        assert_eq!(duration("1500ms"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("0"), Some(Duration::ZERO));
        for wrong in ["", "5", "s", "5d", "-3s", "1..5s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}

//! `kloupe explain`: the catalogue as a manual. Without an id the list of causes; with one the page of a cause or what a signature means.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Command};
use kloupe_diagnosis::{CauseEntry, cause, causes, nearest, signatures};
use kloupe_logs::{Part, Signature, Template};
use kloupe_model::{Lang, Strength, say};
use kloupe_report::{page, wrap};

use super::{Verb, print, style};
use crate::Failure;

pub(super) const VERB: Verb = Verb { name: "explain", build, run };

fn build(lang: Lang) -> Command {
    Command::new("explain")
        .about(say!(lang, en: "Show the manual page of a cause or a signature; without an id list them", zh: "显示某个原因或签名的手册页；不带 id 则列出"))
        .arg(Arg::new("id").value_name("ID").help(say!(lang, en: "A cause (rbac-read-denied), a signature (az-forbidden), or the word signatures", zh: "原因（rbac-read-denied）、签名（az-forbidden），或单词 signatures")))
}

fn run(matches: &ArgMatches, lang: Lang) -> Result<u8, Failure> {
    let text = match matches.get_one::<String>("id").map(String::as_str) {
        None => list(lang),
        Some("signatures") => list_signatures(lang),
        Some(id) => match (cause(id), signatures().iter().find(|signature| signature.id == id)) {
            (Some(entry), _) => of_cause(entry, lang),
            (None, Some(signature)) => of_signature(signature, lang),
            (None, None) => return Err(unknown(id, lang)),
        },
    };
    print(&text).map(|()| 0)
}

fn unknown(id: &str, lang: Lang) -> Failure {
    let known = causes().iter().map(|entry| entry.id).chain(signatures().iter().map(|signature| signature.id));
    let failure = Failure::new(say!(lang, en: "there is no cause and no signature \"{id}\"", zh: "没有名为 \"{id}\" 的原因或签名"));
    match nearest(id, known) {
        Some(near) => failure.hint(say!(lang, en: "did you mean {near} ?", zh: "是否想查 {near} ？")),
        None => failure.hint(say!(lang, en: "`kloupe explain` lists the causes", zh: "`kloupe explain` 列出所有原因")),
    }
}

fn list(lang: Lang) -> String {
    let mut text = String::new();
    for (problem, title) in [
        ("start", say!(lang, en: "It does not start", zh: "无法启动")),
        ("stuck", say!(lang, en: "It started and does nothing", zh: "启动后不干活")),
        ("reconcile", say!(lang, en: "It works and fails", zh: "调谐失败")),
        ("any", say!(lang, en: "Seen in more than one", zh: "多种情形都会出现")),
    ] {
        let _ = writeln!(text, "{title}");
        for entry in causes().iter().filter(|entry| entry.problem == problem) {
            let mark = if entry.decided { "" } else { "*" };
            let _ = writeln!(text, "  {:<27} {}", format!("{}{mark}", entry.id), entry.title.get(lang));
        }
        text.push('\n');
    }
    if causes().iter().any(|entry| !entry.decided) {
        text.push_str(&say!(lang, en: "* known, but not decided yet\n", zh: "* 已收录，但尚不能判定\n"));
    }
    let (causes, count) = (causes().len(), signatures().len());
    text.push_str(&say!(lang, en: "{causes} causes, {count} signatures of messages. `kloupe explain ID` shows one, `kloupe explain signatures` lists the signatures.\n", zh: "{causes} 个原因，{count} 条消息签名。`kloupe explain ID` 查看其一，`kloupe explain signatures` 列出签名。\n"));
    text
}

fn list_signatures(lang: Lang) -> String {
    let mut by_origin: BTreeMap<&str, Vec<&Signature>> = BTreeMap::new();
    for signature in signatures() {
        by_origin.entry(signature.origin).or_default().push(signature);
    }
    let mut text = String::new();
    for (origin, signatures) in by_origin {
        let _ = writeln!(text, "{}", origin.trim_end_matches(".yaml"));
        for signature in signatures {
            let first = signature.templates.first().map(shown).unwrap_or_default();
            let _ = writeln!(text, "  {:<27} {first}", signature.id);
        }
    }
    text.push_str(&say!(lang, en: "`kloupe explain ID` shows one.\n", zh: "`kloupe explain ID` 查看其一。\n"));
    text
}

/// A template as it is written in YAML.
fn shown(template: &Template) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Literal(text) => (*text).to_owned(),
        Part::Hole { name, .. } => format!("{{{name}}}"),
    });
    parts.collect()
}

fn of_cause(entry: &CauseEntry, lang: Lang) -> String {
    let style = style(lang);
    let mut text = format!("{}\n  {}\n\n", entry.id, entry.title.get(lang));
    text.push_str(&page(entry.page.get(lang), style));
    let speaking: Vec<&str> = signatures()
        .iter()
        .filter(|signature| signature.speaks.iter().chain(signature.also).any(|row| row.cause == Some(entry.id) && row.strength == Strength::Decides))
        .map(|signature| signature.id)
        .collect();
    if !speaking.is_empty() {
        text.push('\n');
        let _ = writeln!(text, "{}", say!(lang, en: "Messages that decide it", zh: "能直接判定它的消息"));
        for line in wrap(&speaking.join(" "), style.width.clamp(40, 110) - 2) {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

fn of_signature(signature: &Signature, lang: Lang) -> String {
    let style = style(lang);
    let width = style.width.clamp(40, 110) - 2;
    let mut text = format!("{}\n", signature.id);
    let mut section = |title: String, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    section(say!(lang, en: "What it means", zh: "含义"), wrap(signature.says.get(lang), width));
    section(say!(lang, en: "The message", zh: "消息"), signature.templates.iter().map(shown).collect());
    section(say!(lang, en: "What it speaks for (the first row that holds)", zh: "它支持的原因（取第一条成立的）"), rows(signature));
    section(say!(lang, en: "Where it comes from", zh: "出处"), [signature.source, signature.versions].into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect());
    section(say!(lang, en: "Real lines", zh: "真实样例"), signature.samples.iter().flat_map(|line| wrap(line, width)).collect());
    section(say!(lang, en: "Near misses", zh: "相近但不匹配"), signature.silent.iter().flat_map(|line| wrap(line, width)).collect());
    text
}

fn rows(signature: &Signature) -> Vec<String> {
    signature
        .speaks
        .iter()
        .chain(signature.also)
        .map(|row| {
            let strength = match row.strength {
                Strength::Decides => "decides",
                Strength::Supports => "supports",
                Strength::Weak => "weak",
                Strength::Benign => "benign",
            };
            let when: Vec<String> = row
                .when
                .iter()
                .map(|condition| format!("{}{}: {}", if condition.negated { "not_" } else { "" }, condition.key, condition.values.join(", ")))
                .collect();
            let when = if when.is_empty() { String::new() } else { format!("  when {}", when.join("; ")) };
            format!("{strength:<9}{}{when}", row.cause.unwrap_or_default())
        })
        .collect()
}

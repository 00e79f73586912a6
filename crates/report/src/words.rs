//! The labels, places and times of an answer, in the reader's language.

use kloupe_model::{Evidence, Lang, Place, Report, Stamp, Verdict, say};

/// The verdict in the reader's language; JSON and exit status use the id.
pub fn verdict_word(lang: Lang, verdict: Verdict) -> String {
    match verdict {
        Verdict::NotStarted => say!(lang, en: "not-started", zh: "未启动"),
        Verdict::NoLeader => say!(lang, en: "no-leader", zh: "无主"),
        Verdict::Blocked => say!(lang, en: "blocked", zh: "受阻"),
        Verdict::Stalled => say!(lang, en: "stalled", zh: "停滞"),
        Verdict::Looping => say!(lang, en: "looping", zh: "空转"),
        Verdict::Failing => say!(lang, en: "failing", zh: "失败"),
        Verdict::Overloaded => say!(lang, en: "overloaded", zh: "过载"),
        Verdict::Unknown => say!(lang, en: "unknown", zh: "无法判断"),
        Verdict::Idle => say!(lang, en: "idle", zh: "空闲"),
        Verdict::Healthy => say!(lang, en: "healthy", zh: "健康"),
    }
}

/// The confidence in the reader's language.
pub(crate) fn confidence_word(lang: Lang, confidence: kloupe_model::Confidence) -> String {
    use kloupe_model::Confidence;
    match confidence {
        Confidence::Certain => say!(lang, en: "certain", zh: "确定"),
        Confidence::Likely => say!(lang, en: "likely", zh: "很可能"),
        Confidence::Possible => say!(lang, en: "possible", zh: "可能"),
    }
}

/// One word for the kind of evidence.
pub(crate) fn kind_word(lang: Lang, place: &Place) -> String {
    match place {
        Place::Log { .. } => say!(lang, en: "log", zh: "日志"),
        Place::Field { .. } => say!(lang, en: "object", zh: "对象"),
        Place::Event { .. } => say!(lang, en: "event", zh: "事件"),
        Place::Metric { .. } => say!(lang, en: "metric", zh: "指标"),
        Place::File { .. } => say!(lang, en: "file", zh: "文件"),
    }
}

/// Where it can be looked up.
pub(crate) fn place(lang: Lang, place: &Place) -> String {
    match place {
        Place::Log { file, line } | Place::Metric { file, line } => say!(lang, en: "{file} line {line}", zh: "{file} 第 {line} 行"),
        Place::Field { file, object, field } => say!(lang, en: "{object} {field} in {file}", zh: "{object} {field}（{file}）"),
        Place::Event { file, object, reason } => say!(lang, en: "{reason} on {object} in {file}", zh: "{object} 的 {reason}（{file}）"),
        Place::File { file } => file.clone(),
    }
}

/// The place of a piece of evidence, with how often and when it was seen.
pub(crate) fn sighting(lang: Lang, report: &Report, evidence: &Evidence) -> String {
    let place = place(lang, &evidence.place);
    let seen = match (evidence.count, evidence.first, evidence.last) {
        (0 | 1, _, None) => String::new(),
        (0 | 1, _, Some(last)) => say!(lang, en: ", at {}{}", zh: "，{}{}", clock(last), ago(lang, report, last)),
        (count, Some(first), Some(last)) => {
            say!(lang, en: ", {count} times since {}, last {}{}", zh: "，自 {} 起 {count} 次，最近 {}{}", clock(first), clock(last), ago(lang, report, last))
        }
        (count, _, _) => say!(lang, en: ", {count} times", zh: "，{count} 次"),
    };
    format!("{place}{seen}")
}

/// How long ago, where both times know their year.
fn ago(lang: Lang, report: &Report, stamp: Stamp) -> String {
    let Some(as_of) = report.as_of else { return String::new() };
    let stamp = stamp.with_year_of(as_of);
    if stamp.year_known() != as_of.year_known() {
        return String::new();
    }
    let seconds = as_of.seconds_since(stamp).max(0);
    let long = match seconds {
        ..120 => say!(lang, en: "{seconds} s", zh: "{seconds} 秒"),
        120..7200 => say!(lang, en: "{} min", zh: "{} 分钟", seconds / 60),
        7200..172_800 => say!(lang, en: "{} h", zh: "{} 小时", seconds / 3600),
        _ => say!(lang, en: "{} d", zh: "{} 天", seconds / 86_400),
    };
    say!(lang, en: " ({long} before)", zh: "（{long}前）")
}

/// Time of day.
fn clock(stamp: Stamp) -> String {
    let seconds = stamp.micros().div_euclid(1_000_000).rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The moment that ages count from.
pub(crate) fn as_of(lang: Lang, report: &Report) -> Option<String> {
    let as_of = report.as_of?;
    Some(say!(lang, en: "as of {as_of}", zh: "截至 {as_of}"))
}

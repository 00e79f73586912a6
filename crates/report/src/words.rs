//! The labels, places and times of an answer, in the reader's language.

use kloupe_model::{Confidence, Evidence, Lang, ObjectRef, Place, Report, Stamp, Verdict, say};

/// The verdict in the reader's language; JSON and exit status use the id.
pub fn verdict_word(lang: Lang, verdict: Verdict) -> String {
    let chinese = match verdict {
        Verdict::NotStarted => "未启动",
        Verdict::NoLeader => "无主",
        Verdict::Blocked => "受阻",
        Verdict::Stalled => "停滞",
        Verdict::Looping => "空转",
        Verdict::Failing => "失败",
        Verdict::Overloaded => "过载",
        Verdict::Unknown => "无法判断",
        Verdict::Idle => "空闲",
        Verdict::Healthy => "健康",
    };
    say!(lang, en: "{verdict}", zh: "{chinese}")
}

/// The mark that stands before a verdict.
pub(crate) fn mark(verdict: Verdict) -> char {
    match verdict {
        Verdict::Healthy | Verdict::Idle => '✓',
        Verdict::Unknown => '?',
        _ => '✗',
    }
}

/// The confidence in the reader's language.
pub(crate) fn confidence_word(lang: Lang, confidence: Confidence) -> String {
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

/// What the words about one diagnosis depend on.
#[derive(Clone, Copy)]
pub(crate) struct Context<'r> {
    pub(crate) lang: Lang,
    /// The moment that ages count from.
    pub(crate) as_of: Option<Stamp>,
    /// The subject's namespace: it is not said again.
    pub(crate) namespace: &'r str,
}

impl<'r> Context<'r> {
    pub(crate) fn new(lang: Lang, report: &Report, namespace: &'r str) -> Context<'r> {
        Context { lang, as_of: report.as_of, namespace }
    }

    /// Where it can be looked up.
    pub(crate) fn place(self, place: &Place) -> String {
        let lang = self.lang;
        let file = if place.file() == "-" { "stdin" } else { place.file() };
        match place {
            Place::Log { line, .. } | Place::Metric { line, .. } => {
                say!(lang, en: "{file} line {line}", zh: "{file} 第 {line} 行")
            }
            Place::Field { object, field, .. } => {
                let object = self.object(object);
                say!(lang, en: "{object} {field} in {file}", zh: "{file} 中 {object} 的 {field}")
            }
            Place::Event { object, reason, .. } => {
                let object = self.object(object);
                say!(lang, en: "{reason} on {object} in {file}", zh: "{file} 中 {object} 的 {reason}")
            }
            Place::File { .. } => file.to_owned(),
        }
    }

    /// The object as kubectl takes it.
    fn object(self, object: &ObjectRef) -> String {
        if object.namespace.is_empty() || object.namespace == self.namespace {
            object.to_string()
        } else {
            format!("{object} -n {}", object.namespace)
        }
    }

    /// The place of a piece of evidence, how often it was seen, and when: the parts of one line.
    pub(crate) fn sighting(self, evidence: &Evidence) -> Vec<String> {
        let mut parts = vec![self.place(&evidence.place)];
        parts.extend(self.seen(evidence));
        parts
    }

    fn seen(self, evidence: &Evidence) -> Vec<String> {
        let lang = self.lang;
        let count = evidence.count;
        let last = evidence.last.or(evidence.first).map(|last| format!("{}{}", self.clock(last), self.ago(last)));
        if count < 2 {
            return last.into_iter().collect();
        }
        let first = evidence.first.filter(|first| Some(*first) != evidence.last).map(|first| self.clock(first));
        let often = match first {
            Some(first) => say!(lang, en: "{count} times since {first}", zh: "自 {first} 起 {count} 次"),
            None => say!(lang, en: "{count} times", zh: "{count} 次"),
        };
        let last = last.map(|last| say!(lang, en: "last {last}", zh: "最近 {last}"));
        [often].into_iter().chain(last).collect()
    }

    /// How long before the moment that ages count from; nothing where that is the moment itself or cannot be told.
    fn ago(self, stamp: Stamp) -> String {
        let lang = self.lang;
        let Some(as_of) = self.as_of else { return String::new() };
        let stamp = stamp.with_year_of(as_of);
        let seconds = as_of.seconds_since(stamp);
        if stamp.year_known() != as_of.year_known() || seconds < 1 {
            return String::new();
        }
        let time = kloupe_model::duration(lang, seconds);
        say!(lang, en: " ({time} ago)", zh: "（{time}前）")
    }

    /// The time of day; with the date where it is not that of the moment that ages count from.
    fn clock(self, stamp: Stamp) -> String {
        let stamp = self.as_of.map_or(stamp, |as_of| stamp.with_year_of(as_of));
        let shown = stamp.to_string();
        let shown = shown.strip_suffix(" UTC").unwrap_or(&shown);
        let today = self.as_of.is_some_and(|as_of| day(as_of) == day(stamp));
        match shown.rsplit_once(' ') {
            Some((_, time)) if today => time.to_owned(),
            _ => shown.to_owned(),
        }
    }
}

fn day(stamp: Stamp) -> i64 {
    stamp.micros().div_euclid(86_400_000_000)
}

/// The moment that ages count from.
pub(crate) fn as_of(lang: Lang, report: &Report) -> Option<String> {
    let as_of = report.as_of?;
    let utc = if as_of.year_known() { "" } else { " UTC" };
    Some(say!(lang, en: "as of {as_of}{utc}", zh: "截至 {as_of}{utc}"))
}

/// What was left out of a list.
pub(crate) fn and_more(lang: Lang, more: usize) -> String {
    say!(lang, en: "and {more} more: -o json", zh: "另有 {more} 条，见 -o json")
}

/// There is no diagnosis at all.
pub(crate) fn nothing(lang: Lang) -> String {
    say!(
        lang,
        en: "? nothing to diagnose: what was read names no workload and holds no log of one",
        zh: "? 没有可诊断的内容：所读内容中既没有工作负载，也没有它们的日志"
    )
}

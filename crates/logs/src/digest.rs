//! What a whole log said, in one pass and in flat memory: the known messages with how often and when, the errors nobody knows,
//! how each object fared, and how the log ends.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Read};

use kloupe_model::Stamp;

use crate::frame::{Framer, RawRecord};
use crate::lines::Lines;
use crate::matcher::{Hit, Matcher, units};
use crate::object::object_of;
use crate::record::{Level, Record};
use crate::signature::{Mark, Signature};
use crate::text::clean;

/// A record as it is quoted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The text, cleaned of terminal escapes, at most `MAX_QUOTE` characters.
    pub text: String,
    /// The first line of the record.
    pub line: u64,
    /// When it was written.
    pub time: Option<Stamp>,
    /// How bad it says it is.
    pub level: Option<Level>,
}

/// A known message, with all its occurrences that read the same but for numbers.
#[derive(Clone, Debug)]
pub struct LogMatch {
    /// The signature.
    pub signature: &'static Signature,
    /// The values of the first occurrence: holes of the template, then fields of the record.
    pub captures: BTreeMap<String, String>,
    /// The text that matched, in the first occurrence: the message or one field, cleaned.
    pub quote: String,
    /// The first occurrence.
    pub first: Quote,
    /// The last occurrence.
    pub last: Quote,
    /// How often it occurred.
    pub count: u64,
    /// The object the records speak of.
    pub object: Option<String>,
    /// The object that the records before the first occurrence spoke of last.
    pub object_before: Option<String>,
    /// Signatures further left or in an earlier text of the same record: what was tried.
    pub outer: BTreeSet<&'static str>,
    /// Signatures further right in the same text: why it failed.
    pub inner: BTreeSet<&'static str>,
    /// The order of the first and the last occurrence in time: record numbers, turned round where the log is newest first.
    pub order: (i64, i64),
    /// Whether workers had started when it first occurred.
    pub phase_running: bool,
}

/// How one object fared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Records that speak of it.
    pub records: u64,
    /// Records at error level or worse.
    pub errors: u64,
    /// The last error, in order of time.
    pub last_error: Option<i64>,
    /// The last record that says it was reconciled well.
    pub last_ok: Option<i64>,
    /// When that was.
    pub last_ok_at: Option<Stamp>,
    /// The last record without an error.
    pub last_calm: Option<i64>,
    /// Records without an error since the last error.
    pub calm_since_error: u64,
    /// Distinct reconciles seen (`reconcileID`), a lower bound.
    pub reconciles: u64,
    /// The first and the last time it was spoken of.
    pub span: Option<(Stamp, Stamp)>,
}

/// An error message that no signature knows.
#[derive(Clone, Debug)]
pub struct UnknownError {
    /// Its first occurrence.
    pub first: Quote,
    /// Its last occurrence.
    pub last: Quote,
    /// How often.
    pub count: u64,
    /// The order of the first and the last occurrence in time.
    pub order: (i64, i64),
    /// The object it speaks of.
    pub object: Option<String>,
}

/// A template of records without its variables: numbers, ids and quoted names; for finding what repeats without end.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The first occurrence.
    pub first: Quote,
    /// How often.
    pub count: u64,
    /// First and last time.
    pub span: Option<(Stamp, Stamp)>,
    /// The objects it was written for, at most `MAX_OBJECTS_OF_REPEATED`.
    pub objects: BTreeMap<String, u64>,
}

/// What a log said.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// Bytes read.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// Records of no known format.
    pub plain: u64,
    /// Records by level, from trace to fatal; the last count is of records without a level.
    pub levels: [u64; 7],
    /// Records by format.
    pub formats: BTreeMap<&'static str, u64>,
    /// The earliest and the latest time.
    pub span: Option<(Stamp, Stamp)>,
    /// Known messages, in order of their first occurrence.
    pub matches: Vec<LogMatch>,
    /// Error messages nobody knows, most frequent first.
    pub unknown_errors: Vec<UnknownError>,
    /// Messages that repeat most, most frequent first.
    pub repeated: Vec<Repeated>,
    /// Objects, by name.
    pub objects: BTreeMap<String, Activity>,
    /// The first records.
    pub start: Vec<Quote>,
    /// The last records, in order of time.
    pub end: Vec<Quote>,
    /// The order of the last record.
    pub last_order: i64,
    /// The log was pasted newest line first.
    pub newest_first: bool,
    /// Something was longer or more than what is kept.
    pub cut: bool,
}

const MAX_QUOTE: usize = 4000;
const MAX_MATCHES: usize = 4000;
const MAX_OBJECTS: usize = 20_000;
const MAX_UNKNOWN: usize = 500;
const MAX_REPEATED: usize = 2000;
const MAX_OBJECTS_OF_REPEATED: usize = 16;
const KEPT_AT_ENDS: usize = 8;

/// Reads a whole log.
pub fn digest(reader: impl Read, matcher: &Matcher, first_line: u64) -> io::Result<Digest> {
    let mut lines = Lines::new(reader);
    let mut framer = Framer::default();
    let mut counter = Counter::new(matcher);
    let mut number = first_line.max(1) - 1;
    while let Some(line) = lines.next_line()? {
        number += 1;
        framer.line(number, line, &mut |record| counter.record(&record));
    }
    framer.finish(&mut |record| counter.record(&record));
    let mut digest = counter.finish();
    digest.bytes = lines.bytes;
    digest.cut |= lines.skipped > 0;
    Ok(digest)
}

/// A record at error level whose error is nil says that nothing failed: Go programs log the outcome either way.
fn is_nil_error(record: &Record<'_>) -> bool {
    let severe = record.level.is_some_and(|level| level >= Level::Error);
    severe && matches!(record.field("err").or(record.field("error")), Some("<nil>" | "nil"))
}

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

struct Counter<'m> {
    matcher: &'m Matcher,
    digest: Digest,
    match_index: Map<u64, usize>,
    unknown_index: Map<u64, usize>,
    repeated_index: Map<u64, usize>,
    reconcile_ids: Map<String, u64>,
    candidates: Vec<(usize, usize)>,
    previous_time: Option<Stamp>,
    /// Neighbouring times that rise and fall: a log that only falls is newest first.
    rises: u64,
    falls: u64,
    workers_started: bool,
    last_object: Option<String>,
}

impl<'m> Counter<'m> {
    fn new(matcher: &'m Matcher) -> Counter<'m> {
        Counter {
            matcher,
            digest: Digest::default(),
            match_index: Map::default(),
            unknown_index: Map::default(),
            repeated_index: Map::default(),
            reconcile_ids: Map::default(),
            candidates: Vec::new(),
            previous_time: None,
            rises: 0,
            falls: 0,
            workers_started: false,
            last_object: None,
        }
    }

    fn record(&mut self, raw: &RawRecord<'_>) {
        let digest = &mut self.digest;
        digest.records += 1;
        match raw.format {
            Some(format) => *digest.formats.entry(format.name).or_default() += 1,
            None => digest.plain += 1,
        }
        if let Some(time) = raw.head.time {
            self.count_time(time);
        }
        self.matcher.candidates(raw.text, &mut self.candidates);
        let record = raw.parse();
        let level = if is_nil_error(&record) { Some(Level::Info) } else { raw.head.level };
        let severe = level.is_some_and(|level| level >= Level::Error);
        self.digest.levels[level.map_or(6, |level| level as usize)] += 1;
        let hits = if self.candidates.is_empty() { Vec::new() } else { self.matcher.read_record(&record) };
        let quote = || Quote { text: shown(raw.text), line: raw.first_line, time: record.time, level: raw.head.level };
        let object = object_of(&record);
        self.count_object(object.as_deref(), &record, severe, &hits);
        self.count_repeated(&record, object.as_deref(), quote);
        let known = hits.iter().any(|hit| !hit.signature.wraps);
        if severe && !known {
            self.count_unknown(&record, object.as_deref(), quote);
        }
        self.count_hits(&record, &hits, object.as_deref(), quote);
        self.keep_ends(quote);
        if object.is_some() {
            self.last_object = object;
        }
    }

    fn count_time(&mut self, time: Stamp) {
        if let Some(previous) = self.previous_time {
            match time.cmp(&previous) {
                std::cmp::Ordering::Greater => self.rises += 1,
                std::cmp::Ordering::Less => self.falls += 1,
                std::cmp::Ordering::Equal => {}
            }
        }
        self.previous_time = Some(time);
        widen(&mut self.digest.span, time);
    }

    fn order(&self) -> i64 {
        i64::try_from(self.digest.records).unwrap_or(i64::MAX)
    }

    fn count_object(&mut self, object: Option<&str>, record: &Record<'_>, severe: bool, hits: &[Hit]) {
        let Some(object) = object else { return };
        let order = self.order();
        if !self.digest.objects.contains_key(object) && self.digest.objects.len() >= MAX_OBJECTS {
            self.digest.cut = true;
            return;
        }
        let new_reconcile = record.field("reconcileID").is_some_and(|id| {
            let hash = hash_of(&[id]);
            self.reconcile_ids.insert(object.to_owned(), hash) != Some(hash)
        });
        let activity = self.digest.objects.entry(object.to_owned()).or_default();
        activity.records += 1;
        activity.reconciles += u64::from(new_reconcile);
        let failed = severe || hits.iter().any(|hit| hit.signature.mark == Some(Mark::ReconcileError));
        if failed {
            activity.errors += 1;
            activity.last_error = Some(order);
            activity.calm_since_error = 0;
        } else if hits.iter().any(|hit| hit.signature.mark == Some(Mark::ReconcileOk)) {
            activity.last_ok = Some(order);
            activity.last_ok_at = record.time.or(activity.last_ok_at);
        } else {
            activity.last_calm = Some(order);
        }
        if !failed {
            activity.calm_since_error += 1;
        }
        if let Some(time) = record.time {
            widen(&mut activity.span, time);
        }
    }

    fn count_repeated(&mut self, record: &Record<'_>, object: Option<&str>, quote: impl FnOnce() -> Quote) {
        let key = template_hash(&record.message);
        let at = match self.repeated_index.get(&key) {
            Some(at) => *at,
            None if self.digest.repeated.len() < MAX_REPEATED => {
                self.repeated_index.insert(key, self.digest.repeated.len());
                self.digest.repeated.push(Repeated { first: quote(), count: 0, span: None, objects: BTreeMap::new() });
                self.digest.repeated.len() - 1
            }
            None => {
                self.digest.cut = true;
                return;
            }
        };
        let repeated = &mut self.digest.repeated[at];
        repeated.count += 1;
        if let Some(time) = record.time {
            widen(&mut repeated.span, time);
        }
        if let Some(object) = object {
            if let Some(count) = repeated.objects.get_mut(object) {
                *count += 1;
            } else if repeated.objects.len() < MAX_OBJECTS_OF_REPEATED {
                repeated.objects.insert(object.to_owned(), 1);
            }
        }
    }

    fn count_unknown(&mut self, record: &Record<'_>, object: Option<&str>, quote: impl FnOnce() -> Quote) {
        let order = self.order();
        let error = record.field("error").or(record.field("err")).unwrap_or_default();
        let key = hash_of(&[&without_variables(&record.message), &without_variables(error)]);
        let quote = quote();
        if let Some(at) = self.unknown_index.get(&key) {
            let unknown = &mut self.digest.unknown_errors[*at];
            unknown.count += 1;
            unknown.last = quote;
            unknown.order.1 = order;
        } else if self.digest.unknown_errors.len() < MAX_UNKNOWN {
            self.unknown_index.insert(key, self.digest.unknown_errors.len());
            let object = object.map(str::to_owned);
            self.digest.unknown_errors.push(UnknownError {
                first: quote.clone(),
                last: quote,
                count: 1,
                order: (order, order),
                object,
            });
        } else {
            self.digest.cut = true;
        }
    }

    fn count_hits(&mut self, record: &Record<'_>, hits: &[Hit], object: Option<&str>, quote: impl Fn() -> Quote) {
        if hits.is_empty() {
            return;
        }
        let order = self.order();
        let units = units(record);
        let mut counted: BTreeSet<(&str, u64)> = BTreeSet::new();
        for hit in hits {
            let text = units[hit.unit];
            let key = hash_of(&[
                hit.signature.id,
                object.unwrap_or_default(),
                &without_variables(&text[..floor(text, MAX_QUOTE)]),
            ]);
            // The same sentence often stands in several fields of one record: it is one occurrence.
            let said = hit.captures.values().map(String::as_str).collect::<Vec<_>>().join("\0");
            if !counted.insert((hit.signature.id, hash_of(&[&said]))) {
                continue;
            }
            if hit.signature.mark == Some(Mark::WorkersStarted) {
                self.workers_started = true;
            }
            let quote = quote();
            if let Some(at) = self.match_index.get(&key) {
                let known = &mut self.digest.matches[*at];
                known.count += 1;
                known.last = quote;
                known.order.1 = order;
                continue;
            }
            if self.digest.matches.len() >= MAX_MATCHES {
                self.digest.cut = true;
                continue;
            }
            self.match_index.insert(key, self.digest.matches.len());
            self.digest.matches.push(LogMatch {
                signature: hit.signature,
                captures: captures(hit, record),
                quote: shown(text),
                first: quote.clone(),
                last: quote,
                count: 1,
                object: object.map(str::to_owned),
                outer: hits.iter().filter(|other| is_outer(other, hit)).map(|other| other.signature.id).collect(),
                inner: hits.iter().filter(|other| is_outer(hit, other)).map(|other| other.signature.id).collect(),
                order: (order, order),
                object_before: self.last_object.clone(),
                phase_running: self.workers_started,
            });
        }
    }

    fn keep_ends(&mut self, quote: impl Fn() -> Quote) {
        if self.digest.start.len() < KEPT_AT_ENDS {
            self.digest.start.push(quote());
        }
        if self.digest.end.len() >= KEPT_AT_ENDS {
            self.digest.end.remove(0);
        }
        self.digest.end.push(quote());
    }

    fn finish(self) -> Digest {
        let mut digest = self.digest;
        digest.last_order = i64::try_from(digest.records).unwrap_or(i64::MAX);
        digest.newest_first = self.falls >= 3 && self.falls > 4 * self.rises.max(1);
        if digest.newest_first {
            turn_round(&mut digest);
        }
        digest.unknown_errors.sort_by_key(|unknown| (std::cmp::Reverse(unknown.count), unknown.order));
        digest.repeated.sort_by_key(|repeated| (std::cmp::Reverse(repeated.count), repeated.first.line));
        digest.repeated.truncate(50);
        digest
    }
}

/// Newest line first: every "before" becomes an "after".
fn turn_round(digest: &mut Digest) {
    let end = digest.last_order + 1;
    for known in &mut digest.matches {
        known.order = (end - known.order.1, end - known.order.0);
        std::mem::swap(&mut known.first, &mut known.last);
    }
    for unknown in &mut digest.unknown_errors {
        unknown.order = (end - unknown.order.1, end - unknown.order.0);
        std::mem::swap(&mut unknown.first, &mut unknown.last);
    }
    // Of each object only the last occurrence in file order was kept; the first one is what would be needed. Being silent is safe.
    for activity in digest.objects.values_mut() {
        activity.last_ok = None;
        activity.last_ok_at = None;
        activity.last_calm = None;
    }
    digest.matches.sort_by_key(|known| known.order);
    std::mem::swap(&mut digest.start, &mut digest.end);
    digest.start.reverse();
    digest.end.reverse();
}

/// Whether `a` stands outside `b`: further left in the same text, or a wrapper in another text of the record.
fn is_outer(a: &Hit, b: &Hit) -> bool {
    if a.signature.id == b.signature.id {
        return false;
    }
    if a.unit == b.unit {
        a.start < b.start || a.start == b.start && a.end > b.end
    } else {
        a.unit < b.unit && a.signature.wraps
    }
}

const MAX_FIELDS: usize = 40;
const MAX_VALUE: usize = 600;

fn captures(hit: &Hit, record: &Record<'_>) -> BTreeMap<String, String> {
    let mut captures: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in record.fields.iter().rev().take(MAX_FIELDS) {
        captures.entry(key.as_ref().to_owned()).or_insert_with(|| cut(value));
    }
    if let Some(logger) = &record.logger {
        captures.insert("logger".into(), logger.as_ref().to_owned());
    }
    for (name, value) in &hit.captures {
        captures.insert((*name).into(), cut(value));
    }
    captures
}

fn cut(value: &str) -> String {
    clean(&value[..floor(value, MAX_VALUE)]).into_owned()
}

fn shown(text: &str) -> String {
    let cut_at = floor(text, MAX_QUOTE);
    let mut shown = clean(&text[..cut_at]).into_owned();
    if cut_at < text.len() {
        shown.push('…');
    }
    shown
}

/// The largest character boundary that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn widen(span: &mut Option<(Stamp, Stamp)>, time: Stamp) {
    *span = Some(span.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
}

/// The text without numbers, hexadecimal ids and pointers: what the same message leaves when it is written again.
fn without_variables(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_alphanumeric() {
            let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            let word = &bytes[at..end];
            if word.iter().any(u8::is_ascii_digit) {
                plain.push('0');
            } else {
                plain.push_str(&text[at..end]);
            }
            at = end;
        } else {
            let end = at + bytes[at..].iter().take_while(|b| !b.is_ascii_alphanumeric()).count();
            plain.push_str(&text[at..end]);
            at = end;
        }
    }
    plain
}

fn template_hash(text: &str) -> u64 {
    hash_of(&[&without_variables(&text[..floor(text, 400)])])
}

fn hash_of(parts: &[&str]) -> u64 {
    use std::hash::{BuildHasher, Hash, Hasher};
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    for part in parts {
        part.hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Texts, load};

    const RULES: &str = r#"
- id: failed-watch
  template: 'Failed to watch'
  wraps: true
  says: {en: a, zh: b}
- id: forbidden
  template: 'User "{user}" cannot {verb} resource'
  says: {en: a, zh: b}
  speaks: [{cause: x, strength: decides}]
- id: synced
  template: 'Successfully synced'
  marks: reconcile-ok
  says: {en: a, zh: b}
"#;

    fn read(log: &str) -> Digest {
        let signatures: &'static [Signature] =
            Box::leak(load(RULES, "test", Texts::Both).expect("rules").into_boxed_slice());
        digest(log.as_bytes(), &Matcher::new(signatures), 1).expect("memory does not fail")
    }

    #[test]
    fn repeats_are_one_match_with_a_count() {
        let line = |second: u32| {
            format!(
                "E0304 05:06:{second:02}.000001       1 r.go:1] \"Failed to watch\" err=\"widgets is forbidden: User \\\"sa\\\" cannot list resource \\\"widgets\\\"\" type=\"*v1.Widget\"\n"
            )
        };
        let digest = read(&(line(1) + &line(7) + &line(12)));
        let forbidden = digest.matches.iter().find(|m| m.signature.id == "forbidden").expect("it is there");
        assert_eq!(forbidden.count, 3);
        assert_eq!((forbidden.first.line, forbidden.last.line), (1, 3));
        assert_eq!(forbidden.captures["type"], "*v1.Widget");
        assert!(forbidden.outer.contains("failed-watch"));
    }

    #[test]
    fn objects_fare_apart() {
        let log = "I0304 05:06:01.000001       1 c.go:1] \"Successfully synced\" objectName=\"a/one\"\n\
                   E0304 05:06:02.000001       1 c.go:1] \"Sync failed\" err=\"odd thing\" objectName=\"a/two\"\n";
        let digest = read(log);
        assert!(digest.objects["a/one"].last_ok.is_some());
        assert_eq!(digest.objects["a/two"].errors, 1);
        assert_eq!(digest.unknown_errors.len(), 1);
    }

    #[test]
    fn newest_first_is_turned_round() {
        let log = (0..9)
            .rev()
            .map(|s| format!("I0304 05:06:{s:02}.000001       1 c.go:1] line {s}"))
            .collect::<Vec<_>>()
            .join("\n");
        let digest = read(&log);
        assert!(digest.newest_first);
        assert!(digest.end.last().is_some_and(|quote| quote.text.ends_with("line 8")));
    }

    #[test]
    fn hostile_bytes_are_read() {
        let mut log = vec![0xff, 0, b'\n', 0x1b, b'[', b'\n'];
        log.extend_from_slice(&[b'{'; 5000]);
        let signatures: &'static [Signature] =
            Box::leak(load(RULES, "test", Texts::Both).expect("rules").into_boxed_slice());
        let digest = digest(log.as_slice(), &Matcher::new(signatures), 1).expect("memory does not fail");
        assert!(digest.records >= 2);
    }
}

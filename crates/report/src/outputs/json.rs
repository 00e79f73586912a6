//! For scripts: documented in `docs/json.md`, versioned, in a stable order. The types here are the contract; inner types are not serialised.
//!
//! Ids, keys and quotes are the same in every language; sentences (`headline`, `summary`, `reason`, `why`, `text`, `title`) are in the one
//! that was asked for. Times are RFC 3339 in UTC, or `null`; one whose year is not written anywhere stands in a key of its own, without a year.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kloupe_model::{Cause, Diagnosis, Effect, Evidence, Lang, Note, ObjectRef, Place, Report, Stamp, Step, Strength};
use serde::Serialize;

use crate::clean::acts;
use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "json", alias: None, write };

/// Raised when a field changes its meaning or goes away; new fields do not raise it.
const VERSION: &str = "1";

fn write(report: &Report, style: Style) -> String {
    let text =
        serde_json::to_string_pretty(&JsonReport::of(report, style.lang)).expect("only strings, numbers and lists");
    harmless(&text)
}

/// JSON need not escape all that acts on a terminal (DEL, C1, marks of direction), and does here: such a character only stands in strings.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if acts(c) {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonReport<'r> {
    version: &'static str,
    as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of_no_year: Option<String>,
    diagnoses: Vec<JsonDiagnosis<'r>>,
    gaps: Vec<JsonGap<'r>>,
}

#[derive(Serialize)]
struct JsonGap<'r> {
    what: &'r str,
    why: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonDiagnosis<'r> {
    target: &'r str,
    subject: JsonSubject<'r>,
    verdict: &'static str,
    headline: &'r str,
    causes: Vec<JsonCause<'r>>,
    ruled_out: Vec<JsonRuledOut<'r>>,
    notes: Vec<JsonNote<'r>>,
}

#[derive(Serialize)]
struct JsonSubject<'r> {
    name: &'r str,
    namespace: &'r str,
}

#[derive(Serialize)]
struct JsonRuledOut<'r> {
    cause: &'r str,
    why: &'r str,
}

#[derive(Serialize)]
struct JsonNote<'r> {
    text: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<JsonPlace<'r>>,
}

#[derive(Serialize)]
struct JsonCause<'r> {
    id: &'r str,
    confidence: &'static str,
    reason: &'r str,
    summary: &'r str,
    values: &'r BTreeMap<String, String>,
    evidence: Vec<JsonEvidence<'r>>,
    effects: Vec<JsonEffect<'r>>,
    fix: Vec<JsonStep<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonEvidence<'r> {
    #[serde(flatten)]
    place: JsonPlace<'r>,
    quote: &'r str,
    count: u64,
    first: Option<String>,
    last: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_no_year: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_no_year: Option<String>,
    strength: &'static str,
    rule: &'r str,
}

#[derive(Serialize)]
struct JsonPlace<'r> {
    kind: &'static str,
    file: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<JsonObject<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'r str>,
}

#[derive(Serialize)]
struct JsonObject<'r> {
    kind: &'r str,
    group: &'r str,
    namespace: &'r str,
    name: &'r str,
}

#[derive(Serialize)]
struct JsonEffect<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'static str>,
    text: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<JsonPlace<'r>>,
}

#[derive(Serialize)]
struct JsonStep<'r> {
    title: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'r str>,
}

impl JsonReport<'_> {
    fn of(report: &Report, lang: Lang) -> JsonReport<'_> {
        JsonReport {
            version: VERSION,
            as_of: report.as_of.and_then(Stamp::rfc3339),
            as_of_no_year: no_year(report.as_of),
            diagnoses: report.diagnoses.iter().map(|diagnosis| JsonDiagnosis::of(report, diagnosis)).collect(),
            gaps: report.gaps.iter().map(|gap| JsonGap { what: &gap.what, why: gap.why.get(lang) }).collect(),
        }
    }
}

impl<'r> JsonDiagnosis<'r> {
    fn of(report: &Report, diagnosis: &'r Diagnosis) -> JsonDiagnosis<'r> {
        let rows = diagnosis.ruled_out.iter();
        JsonDiagnosis {
            target: &diagnosis.target,
            subject: JsonSubject { name: &diagnosis.subject.name, namespace: &diagnosis.subject.namespace },
            verdict: diagnosis.verdict.id(),
            headline: &diagnosis.headline,
            causes: diagnosis.causes.iter().map(|cause| JsonCause::of(report, cause)).collect(),
            ruled_out: rows.map(|row| JsonRuledOut { cause: &row.cause, why: &row.why }).collect(),
            notes: diagnosis.notes.iter().map(JsonNote::of).collect(),
        }
    }
}

impl<'r> JsonCause<'r> {
    fn of(report: &Report, cause: &'r Cause) -> JsonCause<'r> {
        JsonCause {
            id: &cause.id,
            confidence: cause.confidence.id(),
            reason: &cause.reason,
            summary: &cause.summary,
            values: &cause.values,
            evidence: cause.evidence.iter().map(|evidence| JsonEvidence::of(report, evidence)).collect(),
            effects: cause.effects.iter().map(JsonEffect::of).collect(),
            fix: cause.fix.iter().map(JsonStep::of).collect(),
        }
    }
}

impl<'r> JsonEvidence<'r> {
    fn of(report: &Report, evidence: &'r Evidence) -> JsonEvidence<'r> {
        // klog writes no year: it is that of the moment the ages count from, where that one is known.
        let dated = |stamp: Stamp| report.as_of.map_or(stamp, |as_of| stamp.with_year_of(as_of));
        let (first, last) = (evidence.first.map(dated), evidence.last.map(dated));
        JsonEvidence {
            place: JsonPlace::of(&evidence.place),
            quote: &evidence.quote,
            count: evidence.count,
            first: first.and_then(Stamp::rfc3339),
            last: last.and_then(Stamp::rfc3339),
            first_no_year: no_year(first),
            last_no_year: no_year(last),
            strength: strength(evidence.strength),
            rule: &evidence.rule,
        }
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Decides => "decides",
        Strength::Supports => "supports",
        Strength::Weak => "weak",
        Strength::Benign => "benign",
    }
}

/// A time whose year is not known: `03-04T05:06:07`.
fn no_year(stamp: Option<Stamp>) -> Option<String> {
    stamp.filter(|stamp| !stamp.year_known()).map(|stamp| stamp.to_string().replace(' ', "T"))
}

impl<'r> JsonEffect<'r> {
    fn of(effect: &'r Effect) -> JsonEffect<'r> {
        JsonEffect { id: effect.id, text: &effect.text, place: effect.place.as_ref().map(JsonPlace::of) }
    }
}

impl<'r> JsonStep<'r> {
    fn of(step: &'r Step) -> JsonStep<'r> {
        JsonStep { title: &step.title, run: step.run.as_deref() }
    }
}

impl<'r> JsonNote<'r> {
    fn of(note: &'r Note) -> JsonNote<'r> {
        JsonNote { text: &note.text, place: note.place.as_ref().map(JsonPlace::of) }
    }
}

impl<'r> JsonPlace<'r> {
    fn of(place: &'r Place) -> JsonPlace<'r> {
        let (kind, file) = (place.kind(), place.file());
        let mut json = JsonPlace { kind, file, line: None, object: None, field: None, event: None };
        match place {
            Place::Log { line, .. } | Place::Metric { line, .. } => json.line = Some(*line),
            Place::Field { object, field, .. } => {
                json.object = Some(JsonObject::of(object));
                json.field = Some(field);
            }
            Place::Event { object, reason, .. } => {
                json.object = Some(JsonObject::of(object));
                json.event = Some(reason);
            }
            Place::File { .. } => {}
        }
        json
    }
}

impl<'r> JsonObject<'r> {
    fn of(object: &'r ObjectRef) -> JsonObject<'r> {
        JsonObject { kind: &object.kind, group: &object.group, namespace: &object.namespace, name: &object.name }
    }
}

//! For scripts: documented in `docs/json.md`, versioned, in a stable order. The types here are the contract; inner types are not serialised.

use std::collections::BTreeMap;

use kloupe_model::{Cause, Diagnosis, Evidence, Place, Report, Stamp, Strength};
use serde::Serialize;

use crate::{Output, Style};

pub(crate) const OUTPUT: Output = Output { name: "json", write };

/// Raised when a field changes its meaning or goes away; new fields do not raise it.
const VERSION: &str = "1";

fn write(report: &Report, _: Style) -> String {
    let mut text = serde_json::to_string_pretty(&JsonReport::of(report)).expect("only strings, numbers and lists");
    text.push('\n');
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonReport<'r> {
    version: &'static str,
    as_of: Option<String>,
    diagnoses: Vec<JsonDiagnosis<'r>>,
    gaps: Vec<JsonGap<'r>>,
}

#[derive(Serialize)]
struct JsonGap<'r> {
    what: &'r str,
    why: &'r str,
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
struct JsonEvidence<'r> {
    #[serde(flatten)]
    place: JsonPlace<'r>,
    quote: &'r str,
    count: u64,
    first: Option<String>,
    last: Option<String>,
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
    reason: Option<&'r str>,
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
    fn of(report: &Report) -> JsonReport<'_> {
        JsonReport {
            version: VERSION,
            as_of: report.as_of.and_then(Stamp::rfc3339),
            diagnoses: report.diagnoses.iter().map(|diagnosis| JsonDiagnosis::of(report, diagnosis)).collect(),
            gaps: report.gaps.iter().map(|gap| JsonGap { what: &gap.what, why: &gap.why }).collect(),
        }
    }
}

impl<'r> JsonDiagnosis<'r> {
    fn of(report: &Report, diagnosis: &'r Diagnosis) -> JsonDiagnosis<'r> {
        JsonDiagnosis {
            target: &diagnosis.target,
            subject: JsonSubject { name: &diagnosis.subject.name, namespace: &diagnosis.subject.namespace },
            verdict: diagnosis.verdict.id(),
            headline: &diagnosis.headline,
            causes: diagnosis.causes.iter().map(|cause| JsonCause::of(report, cause)).collect(),
            ruled_out: diagnosis.ruled_out.iter().map(|row| JsonRuledOut { cause: &row.cause, why: &row.why }).collect(),
            notes: diagnosis.notes.iter().map(|note| JsonNote { text: &note.text, place: note.place.as_ref().map(JsonPlace::of) }).collect(),
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
            effects: cause
                .effects
                .iter()
                .map(|effect| JsonEffect { id: effect.id, text: &effect.text, place: effect.place.as_ref().map(JsonPlace::of) })
                .collect(),
            fix: cause.fix.iter().map(|step| JsonStep { title: &step.title, run: step.run.as_deref() }).collect(),
        }
    }
}

impl<'r> JsonEvidence<'r> {
    fn of(report: &Report, evidence: &'r Evidence) -> JsonEvidence<'r> {
        // klog writes no year: the year is that of the moment the ages count from.
        let time = |stamp: Option<Stamp>| stamp.and_then(|stamp| report.as_of.map_or(stamp, |as_of| stamp.with_year_of(as_of)).rfc3339());
        JsonEvidence {
            place: JsonPlace::of(&evidence.place),
            quote: &evidence.quote,
            count: evidence.count,
            first: time(evidence.first),
            last: time(evidence.last),
            strength: match evidence.strength {
                Strength::Decides => "decides",
                Strength::Supports => "supports",
                Strength::Weak => "weak",
                Strength::Benign => "benign",
            },
            rule: &evidence.rule,
        }
    }
}

impl<'r> JsonPlace<'r> {
    fn of(place: &'r Place) -> JsonPlace<'r> {
        let mut json = JsonPlace { kind: place.kind(), file: place.file(), line: None, object: None, field: None, reason: None };
        match place {
            Place::Log { line, .. } | Place::Metric { line, .. } => json.line = Some(*line),
            Place::Field { object, field, .. } => {
                json.object = Some(JsonObject::of(object));
                json.field = Some(field);
            }
            Place::Event { object, reason, .. } => {
                json.object = Some(JsonObject::of(object));
                json.reason = Some(reason);
            }
            Place::File { .. } => {}
        }
        json
    }
}

impl<'r> JsonObject<'r> {
    fn of(object: &'r kloupe_model::ObjectRef) -> JsonObject<'r> {
        JsonObject { kind: &object.kind, group: &object.group, namespace: &object.namespace, name: &object.name }
    }
}

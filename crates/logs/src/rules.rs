//! Reads signature files: YAML, the same format for the built-in catalogue and for what users hand over with `--rules`.

use std::collections::BTreeMap;

use kloupe_model::{Strength, Text};
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::record::Level;
use crate::signature::{Condition, Mark, Row, Scope, Signature};
use crate::template::{Template, TemplateError};

/// Why a signature file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is not the YAML that is expected.
    #[error("{origin}: {message}")]
    Yaml {
        /// The file.
        origin: String,
        /// What the YAML reader says, with line and column.
        message: String,
    },
    /// A template cannot be read.
    #[error("{origin}: {at}: signature \"{id}\": template \"{template}\": {error}")]
    Template {
        /// The file.
        origin: String,
        /// Where it stands.
        at: At,
        /// The signature.
        id: String,
        /// The template.
        template: String,
        /// What is wrong with it.
        error: TemplateError,
    },
    /// A word that must come from a fixed list does not.
    #[error("{origin}: {at}: signature \"{id}\": unknown {what} \"{word}\", expected one of {}", expected.join(", "))]
    Word {
        /// The file.
        origin: String,
        /// Where it stands.
        at: At,
        /// The signature.
        id: String,
        /// What the word stands for.
        what: &'static str,
        /// The word.
        word: String,
        /// The list.
        expected: &'static [&'static str],
    },
    /// A text is missing.
    #[error("{origin}: {at}: signature \"{id}\": {what} is missing")]
    Missing {
        /// The file.
        origin: String,
        /// Where the signature stands.
        at: At,
        /// The signature.
        id: String,
        /// What is missing.
        what: &'static str,
    },
}

/// A place in a signature file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

impl At {
    fn of<T>(value: &Spanned<T>) -> At {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        At { line: number(value.referenced.line()), column: number(value.referenced.column()) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    #[serde(default)]
    template: Option<Spanned<String>>,
    #[serde(default)]
    templates: Vec<Spanned<String>>,
    #[serde(default, rename = "in")]
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    level: Vec<Spanned<String>>,
    #[serde(default)]
    wraps: bool,
    #[serde(default)]
    marks: Option<Spanned<String>>,
    #[serde(default)]
    speaks: Vec<RowEntry>,
    #[serde(default)]
    also: Vec<RowEntry>,
    #[serde(default)]
    versions: String,
    #[serde(default)]
    source: String,
    says: Says,
    #[serde(default, rename = "match")]
    samples: Vec<String>,
    #[serde(default)]
    silent: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Says {
    #[serde(default)]
    en: String,
    #[serde(default)]
    zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowEntry {
    #[serde(default)]
    cause: Option<String>,
    strength: Spanned<String>,
    #[serde(default)]
    when: BTreeMap<String, OneOrMany>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// What is asked of the texts of a signature file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// The built-in catalogue: both languages.
    Both,
    /// A user's own rules: one language will do, and serves for the other.
    One,
}

/// Reads one signature file.
pub fn load(yaml: &str, origin: &str, texts: Texts) -> Result<Vec<Signature>, RulesError> {
    let entries: Vec<Entry> = serde_saphyr::from_str(yaml)
        .map_err(|error| RulesError::Yaml { origin: origin.into(), message: error.to_string() })?;
    entries.into_iter().map(|entry| signature(entry, origin, texts)).collect()
}

fn signature(entry: Entry, origin: &str, texts: Texts) -> Result<Signature, RulesError> {
    let at = At::of(&entry.id);
    let id = entry.id.value;
    let word = |what: &'static str, word: &Spanned<String>, expected: &'static [&'static str]| RulesError::Word {
        origin: origin.into(),
        at: At::of(word),
        id: id.clone(),
        what,
        word: word.value.clone(),
        expected,
    };
    let missing = |what| RulesError::Missing { origin: origin.into(), at, id: id.clone(), what };
    let texts_of_templates: Vec<Spanned<String>> = entry.template.into_iter().chain(entry.templates).collect();
    if texts_of_templates.is_empty() {
        return Err(missing("a template"));
    }
    let templates = texts_of_templates
        .into_iter()
        .map(|template| {
            Template::parse(&template.value).map_err(|error| RulesError::Template {
                origin: origin.into(),
                at: At::of(&template),
                id: id.clone(),
                template: template.value,
                error,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let scopes = if entry.scopes.is_empty() {
        SCOPES.to_vec()
    } else {
        entry
            .scopes
            .iter()
            .map(|typed| {
                let scope = SCOPES.into_iter().find(|scope| scope.id() == typed.value);
                scope.ok_or_else(|| word("place in `in`", typed, &["log", "event", "status"]))
            })
            .collect::<Result<_, _>>()?
    };
    let levels = entry
        .level
        .iter()
        .map(|typed| Level::from_word(&typed.value).ok_or_else(|| word("level", typed, &LEVELS)))
        .collect::<Result<Vec<_>, _>>()?;
    let mark = entry
        .marks
        .as_ref()
        .map(|typed| Mark::from_id(&typed.value).ok_or_else(|| word("mark", typed, &Mark::IDS)))
        .transpose()?;
    let rows = |entries: Vec<RowEntry>| {
        entries
            .into_iter()
            .map(|row| {
                let strength = strength_from(&row.strength.value)
                    .ok_or_else(|| word("strength", &row.strength, &STRENGTH_WORDS))?;
                if row.cause.is_none() && strength != Strength::Benign {
                    return Err(RulesError::Missing {
                        origin: origin.into(),
                        at: At::of(&row.strength),
                        id: id.clone(),
                        what: "the cause of a row",
                    });
                }
                Ok(Row {
                    cause: row.cause.map(leak),
                    strength,
                    when: leak_slice(row.when.into_iter().map(condition).collect()),
                })
            })
            .collect::<Result<Vec<_>, RulesError>>()
    };
    let (speaks, also) = (rows(entry.speaks)?, rows(entry.also)?);
    let says = says(entry.says, texts).ok_or_else(|| missing("a text of `says`, in English or Chinese,"))?;
    Ok(Signature {
        templates: leak_slice(templates),
        scopes: leak_slice(scopes),
        exact: entry.exact,
        reasons: leak_strings(entry.reasons),
        levels: leak_slice(levels),
        wraps: entry.wraps,
        mark,
        speaks: leak_slice(speaks),
        also: leak_slice(also),
        versions: leak(entry.versions),
        source: leak(entry.source),
        says,
        samples: leak_strings(entry.samples),
        silent: leak_strings(entry.silent),
        origin: leak(origin.to_owned()),
        id: leak(id),
    })
}

fn says(says: Says, texts: Texts) -> Option<Text> {
    let (en, zh) = match (says.en.is_empty(), says.zh.is_empty(), texts) {
        (false, false, _) => (says.en, says.zh),
        (false, true, Texts::One) => (says.en.clone(), says.en),
        (true, false, Texts::One) => (says.zh.clone(), says.zh),
        _ => return None,
    };
    Some(Text { en: leak(en), zh: leak(zh) })
}

fn condition((key, values): (String, OneOrMany)) -> Condition {
    let values = match values {
        OneOrMany::One(value) => vec![value],
        OneOrMany::Many(values) => values,
    };
    match key.strip_prefix("not_") {
        Some(key) => Condition { key: leak(key.to_owned()), negated: true, values: leak_strings(values) },
        None => Condition { key: leak(key), negated: false, values: leak_strings(values) },
    }
}

const SCOPES: [Scope; 3] = [Scope::Log, Scope::Event, Scope::Status];

/// The levels as a person writes them; other words for them are understood too.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "fatal"];

const STRENGTH_WORDS: [&str; 4] = ["decides", "supports", "weak", "benign"];
const STRENGTHS: [Strength; 4] = [Strength::Decides, Strength::Supports, Strength::Weak, Strength::Benign];

fn strength_from(typed: &str) -> Option<Strength> {
    STRENGTH_WORDS.iter().zip(STRENGTHS).find(|(word, _)| **word == typed).map(|(_, strength)| strength)
}

// Signatures live as long as the program: the built-in ones are static data, a user's are read once.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn leak_strings(texts: Vec<String>) -> &'static [&'static str] {
    leak_slice(texts.into_iter().map(leak).collect())
}

fn leak_slice<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

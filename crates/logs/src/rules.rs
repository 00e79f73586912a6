//! Reads signature files: YAML, the same format for the built-in catalogue and for what users hand over with `--rules`.

use std::collections::BTreeMap;

use kloupe_model::{Strength, Text};
use serde::Deserialize;

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
    #[error("{origin}: signature \"{id}\": template \"{template}\": {error}")]
    Template {
        /// The file.
        origin: String,
        /// The signature.
        id: String,
        /// The template.
        template: String,
        /// What is wrong with it.
        error: TemplateError,
    },
    /// A word that must come from a fixed list does not.
    #[error("{origin}: signature \"{id}\": unknown {what} \"{word}\"")]
    Word {
        /// The file.
        origin: String,
        /// The signature.
        id: String,
        /// What the word stands for.
        what: &'static str,
        /// The word.
        word: String,
    },
    /// A text is missing.
    #[error("{origin}: signature \"{id}\": {what} is missing")]
    Missing {
        /// The file.
        origin: String,
        /// The signature.
        id: String,
        /// What is missing.
        what: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    templates: Vec<String>,
    #[serde(default, rename = "in")]
    scopes: Vec<String>,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    level: Vec<String>,
    #[serde(default)]
    wraps: bool,
    #[serde(default)]
    marks: Option<String>,
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
    strength: String,
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
    let id = entry.id;
    let word = |what: &'static str, word: &str| RulesError::Word {
        origin: origin.into(),
        id: id.clone(),
        what,
        word: word.into(),
    };
    let missing = |what| RulesError::Missing { origin: origin.into(), id: id.clone(), what };
    let texts_of_templates: Vec<String> = entry.template.into_iter().chain(entry.templates).collect();
    if texts_of_templates.is_empty() {
        return Err(missing("a template"));
    }
    let templates = texts_of_templates
        .into_iter()
        .map(|template| {
            Template::parse(&template).map_err(|error| RulesError::Template {
                origin: origin.into(),
                id: id.clone(),
                template,
                error,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let scopes = if entry.scopes.is_empty() {
        vec![Scope::Log, Scope::Event, Scope::Status]
    } else {
        entry
            .scopes
            .iter()
            .map(|scope| scope_from(scope).ok_or_else(|| word("place in `in`", scope)))
            .collect::<Result<_, _>>()?
    };
    let levels = entry
        .level
        .iter()
        .map(|level| Level::from_word(level).ok_or_else(|| word("level", level)))
        .collect::<Result<Vec<_>, _>>()?;
    let mark = entry.marks.as_deref().map(|mark| Mark::from_id(mark).ok_or_else(|| word("mark", mark))).transpose()?;
    let rows = |entries: Vec<RowEntry>| {
        entries
            .into_iter()
            .map(|row| {
                let strength = strength_from(&row.strength).ok_or_else(|| word("strength", &row.strength))?;
                if row.cause.is_none() && strength != Strength::Benign {
                    return Err(missing("the cause of a row"));
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

fn scope_from(word: &str) -> Option<Scope> {
    [Scope::Log, Scope::Event, Scope::Status].into_iter().find(|scope| scope.id() == word)
}

fn strength_from(word: &str) -> Option<Strength> {
    Some(match word {
        "decides" => Strength::Decides,
        "supports" => Strength::Supports,
        "weak" => Strength::Weak,
        "benign" => Strength::Benign,
        _ => return None,
    })
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

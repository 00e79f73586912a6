//! Reads a cause's page: front matter, the manual in English and in Chinese, the cases. Used by the build alone; what is wrong with a page stops it.

use serde::Deserialize;

/// A text in both languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both {
    /// English.
    pub(crate) en: String,
    /// Simplified Chinese.
    pub(crate) zh: String,
}

/// One thing to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixEntry {
    /// What and why.
    pub(crate) title: Both,
    /// The command.
    #[serde(default)]
    pub(crate) run: Option<String>,
}

/// A near neighbour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotEntry {
    /// Its id.
    pub(crate) cause: String,
    /// What tells them apart, in English.
    pub(crate) en: String,
    /// The same in Chinese.
    pub(crate) zh: String,
}

/// What follows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Effects {
    /// Causes that are effects of this one when both show.
    #[serde(default)]
    pub(crate) explains: Vec<String>,
}

/// A page, read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// The cause's id.
    pub(crate) id: String,
    /// start, stuck, reconcile, any.
    pub(crate) problem: String,
    /// The verdict when this is the root.
    pub(crate) verdict: String,
    /// Whether anything can decide it.
    pub(crate) decided: bool,
    /// The first release.
    pub(crate) since: String,
    /// One line.
    pub(crate) title: Both,
    /// Sentences with holes, the most telling first.
    pub(crate) summary: Vec<Both>,
    /// What follows.
    #[serde(default)]
    pub(crate) effects: Effects,
    /// What to do.
    pub(crate) fix: Vec<FixEntry>,
    /// Near neighbours.
    #[serde(default)]
    pub(crate) not: Vec<NotEntry>,
    /// The manual, in both languages.
    #[serde(skip)]
    pub(crate) body: Both,
    /// The cases, as Markdown.
    #[serde(skip)]
    pub(crate) cases: String,
}

const SECTIONS: [[&str; 4]; 2] =
    [["How it shows", "Why it happens", "What to do", "Looks alike"], ["表现", "原因", "处理", "容易混淆"]];

/// Reads a page, or says what is wrong with it.
pub(crate) fn read(text: &str) -> Result<Page, String> {
    let inner = text.strip_prefix("---\n").ok_or("it does not start with front matter")?;
    let (front, rest) = inner.split_once("\n---\n").ok_or("the front matter is not closed")?;
    let mut page: Page = serde_saphyr::from_str(front).map_err(|error| error.to_string().replace('\n', " "))?;
    let part = |from: &str, to: Option<&str>| -> Result<String, String> {
        let start = heading(rest, from).ok_or_else(|| format!("the part \"# {from}\" is missing"))?;
        let end = to.and_then(|to| heading(rest, to)).unwrap_or(rest.len());
        Ok(rest[start + from.len() + 3..end].trim().to_owned())
    };
    page.body = Both { en: part("English", Some("中文"))?, zh: part("中文", Some("Cases"))? };
    page.cases = part("Cases", None).unwrap_or_default();
    for (body, sections) in [(&page.body.en, SECTIONS[0]), (&page.body.zh, SECTIONS[1])] {
        for section in sections {
            if !body.lines().any(|line| line == format!("## {section}")) {
                return Err(format!("the section \"## {section}\" is missing"));
            }
        }
    }
    let complete = |both: &Both| !both.en.is_empty() && !both.zh.is_empty();
    if page.summary.is_empty() || !page.summary.iter().all(complete) || !complete(&page.title) {
        return Err("a title or a summary is missing in one language".into());
    }
    if page.fix.is_empty() || !page.fix.iter().all(|step| complete(&step.title)) {
        return Err("a fix is missing in one language".into());
    }
    Ok(page)
}

/// Where the heading `# name` starts, fenced code aside.
fn heading(text: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        if !fenced && line.trim_end().strip_prefix("# ") == Some(name) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

//! Runs the case files of the causes: Markdown with fenced files and the diagnosis they must give. For kloupe's own tests only.
//!
//! Each `##` heading is a case; each fenced block with a file name is a file of the folder that is diagnosed; the block `diagnosis`
//! says what must come out. `UPDATE=1 cargo test` does not rewrite them: what a case demands is decided by a person.

use kloupe::answer;
use kloupe_diagnosis::Question;
use kloupe_model::{Lang, Report};
use kloupe_sources::Source;

/// One case of a cause's page.
#[derive(Debug, Default)]
pub struct Case {
    /// What is special about it.
    pub title: String,
    /// Its files.
    pub files: Vec<(String, String)>,
    /// What must come out, line by line.
    pub expected: Vec<String>,
}

/// The cases below the heading `# Cases`.
pub fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut fence: Option<(String, String, String)> = None;
    let mut inside = false;
    for line in page.lines() {
        if let Some((info, marks, body)) = &mut fence {
            if line.trim_end() == marks.as_str() {
                if let Some(case) = cases.last_mut().filter(|_| inside) {
                    match info.split_once(' ') {
                        _ if info == "diagnosis" => case.expected = body.lines().map(str::to_owned).collect(),
                        Some((_, name)) => case.files.push((name.trim().to_owned(), body.clone())),
                        None => {}
                    }
                }
                fence = None;
            } else {
                body.push_str(line);
                body.push('\n');
            }
        } else if line.starts_with("```") {
            let marks: String = line.chars().take_while(|c| *c == '`').collect();
            fence = Some((line[marks.len()..].trim().to_owned(), marks, String::new()));
        } else if line == "# Cases" {
            inside = true;
        } else if let Some(title) = line.strip_prefix("## ").filter(|_| inside) {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
        }
    }
    cases
}

impl Case {
    /// Diagnoses its files; what differs from what it demands, or nothing.
    pub fn run(&self) -> Result<(), String> {
        let sources: Vec<Source> = self
            .files
            .iter()
            .map(|(name, text)| Source::Memory { name: name.clone(), bytes: text.clone().into_bytes() })
            .collect();
        let question = Question { lang: Lang::En, ..Question::default() };
        let report = answer(&sources, Vec::new(), &question).map_err(|failure| format!("{failure:?}"))?;
        let wrong: Vec<String> = self.expected.iter().filter_map(|line| unmet(line, &report)).collect();
        if self.expected.is_empty() {
            return Err("the case demands nothing".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{}; got {}", wrong.join("; "), said(&report))) }
    }

    /// Whether it demands that this cause is a root.
    pub fn fires(&self, id: &str) -> bool {
        self.expected.iter().any(|line| {
            !line.starts_with("not ") && !line.starts_with("effect ") && line.split_whitespace().any(|word| word == id)
        })
    }
}

/// What a line demands and the report does not hold.
fn unmet(line: &str, report: &Report) -> Option<String> {
    let first = report.diagnoses.first();
    let roots = || report.diagnoses.iter().flat_map(|diagnosis| &diagnosis.causes);
    let holds = match line.split_once(' ') {
        Some(("not", cause)) => !roots().any(|root| root.id == cause.trim()),
        Some(("also", cause)) => roots().any(|root| root.id == cause.trim()),
        Some(("effect", cause)) => {
            roots().any(|root| root.effects.iter().any(|effect| effect.id == Some(cause.trim())))
        }
        Some((verdict, rest)) if verdict.ends_with(':') => {
            let mut words = rest.split_whitespace();
            let (id, confidence) = (words.next(), words.next());
            let root = first.and_then(|diagnosis| diagnosis.causes.first());
            let fits = root.is_some_and(|root| {
                id == Some(root.id.as_str()) && confidence.is_none_or(|wanted| wanted == root.confidence.id())
            });
            fits && first.is_some_and(|diagnosis| diagnosis.verdict.id() == verdict.trim_end_matches(':'))
        }
        _ => first.is_some_and(|diagnosis| diagnosis.verdict.id() == line.trim() && diagnosis.causes.is_empty()),
    };
    (!holds).then(|| format!("want \"{line}\""))
}

fn said(report: &Report) -> String {
    let of = |diagnosis: &kloupe_model::Diagnosis| {
        let causes: Vec<String> =
            diagnosis.causes.iter().map(|cause| format!("{} {}", cause.id, cause.confidence.id())).collect();
        format!("\"{}: {}\"", diagnosis.verdict, causes.join(", "))
    };
    report.diagnoses.iter().map(of).collect::<Vec<_>>().join(" and ")
}

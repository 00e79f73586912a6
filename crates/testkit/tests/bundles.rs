//! Golden bundles: `tests/bundles/<name>/evidence` through the whole run and every output, in both languages, compared with `expected/`.
//!
//! `UPDATE=1 cargo test -p kloupe-testkit --test bundles` rewrites what is expected; the difference is what gets reviewed.

use std::fs;
use std::path::Path;

use kloupe::answer;
use kloupe_diagnosis::Question;
use kloupe_model::Lang;
use kloupe_report::{ALL, Style};
use kloupe_sources::Source;

const COLUMNS: usize = 80;

fn bundle(why: &Path) -> datatest_stable::Result<()> {
    let folder = why.parent().ok_or("WHY.md lies in a bundle")?;
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let question = question(&fs::read_to_string(why)?, lang)?;
        let report = answer(&[Source::Path(folder.join("evidence"))], Vec::new(), &question)
            .map_err(|failure| format!("{failure:?}"))?;
        for output in ALL {
            let said = (output.write)(&report, Style { lang, width: COLUMNS, colour: false });
            let path = folder.join("expected").join(format!("{}.{tag}", output.name));
            if update {
                fs::create_dir_all(folder.join("expected"))?;
                fs::write(&path, said)?;
            } else if fs::read_to_string(&path).unwrap_or_default() != said {
                wrong.push(format!("{} differs; it is now:\n{said}", path.display()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// The first line of `WHY.md` may say what is asked: `target: deploy/x -n ns`.
fn question(why: &str, lang: Lang) -> datatest_stable::Result<Question> {
    let mut question = Question { lang, ..Question::default() };
    let Some(asked) = why.lines().next().and_then(|line| line.strip_prefix("target: ")) else { return Ok(question) };
    let mut words = asked.split_whitespace();
    question.target = words.next().map(str::parse).transpose()?;
    question.namespace = words.skip_while(|word| *word != "-n").nth(1).map(str::to_owned);
    Ok(question)
}

datatest_stable::harness! {
    { test = bundle, root = "../../tests/bundles", pattern = r"WHY\.md$" },
}

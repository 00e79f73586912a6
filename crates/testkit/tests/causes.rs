//! The cases of every cause's page: what must fire and what must stay silent. Each page is a test of its own.

use std::path::Path;

use kloupe_testkit::cases;

fn page(path: &Path) -> datatest_stable::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let decided = text.contains("\ndecided: true");
    let cases = cases(&text);
    let mut wrong = Vec::new();
    let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if decided && !(cases.iter().any(|case| case.fires(id)) && cases.iter().any(|case| !case.fires(id))) {
        wrong.push("a decided cause needs a case that fires and one that stays silent".to_owned());
    }
    for case in &cases {
        if let Err(problem) = case.run() {
            wrong.push(format!("\"{}\": {problem}", case.title));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

datatest_stable::harness! {
    { test = page, root = "../diagnosis/causes", pattern = r"^[^/]*\.md$" },
}

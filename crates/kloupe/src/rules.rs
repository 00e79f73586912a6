//! `--rules`: a person's own signatures, checked before anything is read.

use std::fs;
use std::path::Path;

use kloupe_diagnosis::nearest;
use kloupe_logs::Signature;
use kloupe_logs::rules::{At, Texts, load};
use kloupe_model::{Lang, say};

use crate::error::{Failure, cannot_read, did_you_mean, of_rules};

/// The signatures of one file. They live as long as the program, as the built-in ones do.
pub fn load_rules(path: &Path, lang: Lang) -> Result<&'static [Signature], Failure> {
    let text = fs::read_to_string(path).map_err(|error| cannot_read(lang, path, &error))?;
    let rules = load(&text, &path.to_string_lossy(), Texts::One).map_err(|error| of_rules(lang, path, &error))?;
    for rule in &rules {
        check(lang, path, &text, rule)?;
    }
    Ok(rules.leak())
}

fn check(lang: Lang, path: &Path, text: &str, signature: &Signature) -> Result<(), Failure> {
    let id = signature.id;
    let failure = || {
        let path = path.display();
        Failure::new(say!(lang, en: "cannot use the rules in \"{path}\"", zh: "无法使用 \"{path}\" 中的规则"))
    };
    if kloupe_diagnosis::signatures().iter().any(|known| known.id == id) {
        let At { line, column } = place(text, id, id);
        return Err(failure()
            .because(say!(lang, en: "line {line} column {column}: signature \"{id}\": the id is that of a built-in signature", zh: "第 {line} 行第 {column} 列：签名 \"{id}\" 与内置签名重名"))
            .hint(say!(lang, en: "`kloupe explain {id}` shows it", zh: "`kloupe explain {id}` 可查看内置签名")));
    }
    let mut causes = signature.speaks.iter().chain(signature.also).filter_map(|row| row.cause);
    if let Some(cause) = causes.find(|cause| !cause.starts_with("x-") && kloupe_diagnosis::cause(cause).is_none()) {
        let At { line, column } = place(text, id, cause);
        let near = nearest(cause, kloupe_diagnosis::causes().iter().map(|entry| entry.id));
        return Err(failure()
            .because(say!(lang, en: "line {line} column {column}: signature \"{id}\": unknown cause \"{cause}\"", zh: "第 {line} 行第 {column} 列：签名 \"{id}\" 中有未知的根因 \"{cause}\""))
            .hint(near.map(|near| did_you_mean(lang, near)))
            .hint(say!(lang, en: "a cause of your own begins with x-", zh: "自定义根因的 id 以 x- 开头")));
    }
    Ok(())
}

/// Where a word of a signature stands in the file: at its first occurrence from the signature's id on.
fn place(text: &str, id: &str, word: &str) -> At {
    let lines = || text.lines().zip(1..);
    let start = lines().find(|(line, _)| line.contains("id:") && line.contains(id)).map_or(1, |(_, number)| number);
    let found = lines().skip_while(|(_, number)| *number < start).find_map(|(line, number)| {
        let before = line.get(..line.find(word)?)?;
        Some(At { line: number, column: u32::try_from(before.chars().count()).unwrap_or(0) + 1 })
    });
    found.unwrap_or(At { line: start, column: 1 })
}

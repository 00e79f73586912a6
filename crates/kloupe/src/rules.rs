//! `--rules`: a person's own signatures, checked before anything is read.

use std::fs;
use std::path::Path;

use kloupe_diagnosis::nearest;
use kloupe_logs::Signature;
use kloupe_logs::rules::{Texts, load};
use kloupe_model::{Lang, say};

use crate::error::{Failure, cannot_read, did_you_mean, of_rules};

/// The signatures of one file. They live as long as the program, as the built-in ones do.
pub fn load_rules(path: &Path, lang: Lang) -> Result<&'static [Signature], Failure> {
    let text = fs::read_to_string(path).map_err(|error| cannot_read(lang, path, &error))?;
    let rules = load(&text, &path.to_string_lossy(), Texts::One).map_err(|error| of_rules(lang, path, &error))?;
    for rule in &rules {
        check(lang, path, rule)?;
    }
    Ok(rules.leak())
}

fn check(lang: Lang, path: &Path, signature: &Signature) -> Result<(), Failure> {
    let id = signature.id;
    let failure = || {
        let path = path.display();
        Failure::new(say!(lang, en: "cannot use the rules in \"{path}\"", zh: "无法使用 \"{path}\" 中的规则"))
    };
    if kloupe_diagnosis::signatures().iter().any(|known| known.id == id) {
        return Err(failure()
            .because(say!(lang, en: "signature \"{id}\": the id is that of a built-in signature", zh: "签名 \"{id}\" 与内置签名重名"))
            .hint(say!(lang, en: "`kloupe explain {id}` shows it", zh: "`kloupe explain {id}` 可查看内置签名")));
    }
    let mut causes = signature.speaks.iter().chain(signature.also).filter_map(|row| row.cause);
    if let Some(cause) = causes.find(|cause| !cause.starts_with("x-") && kloupe_diagnosis::cause(cause).is_none()) {
        let near = nearest(cause, kloupe_diagnosis::causes().iter().map(|entry| entry.id));
        return Err(failure()
            .because(say!(lang, en: "signature \"{id}\": unknown cause \"{cause}\"", zh: "签名 \"{id}\" 中有未知的根因 \"{cause}\""))
            .hint(near.map(|near| did_you_mean(lang, near)))
            .hint(say!(lang, en: "a cause of your own begins with x-", zh: "自定义根因的 id 以 x- 开头")));
    }
    Ok(())
}

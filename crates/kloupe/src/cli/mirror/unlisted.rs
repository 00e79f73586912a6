//! The kinds that could not be listed, in one line: what of them there is is not known, and that is said.

use kloupe_cluster::Resource;
use kloupe_model::{Lang, say};

/// More names than these would bury the reason.
const NAMED: usize = 6;

/// The line; none where everything was listed.
pub(crate) fn remark(lang: Lang, unread: &[(&Resource, String)]) -> Option<String> {
    let (_, why) = unread.first()?;
    let mut names: Vec<String> = unread.iter().take(NAMED).map(|(resource, _)| resource.full_name()).collect();
    if let Some(more) = unread.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(say!(lang, en: "{more} more kinds", zh: "另外 {more} 种"));
    }
    let names = names.join(", ");
    Some(say!(
        lang,
        en: "not listed, so what of them belongs here is not shown: {names} ({why})",
        zh: "未能列出，其中属于此处的对象没有显示：{names}（{why}）"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_named_and_the_others_counted() {
        let resource = |plural: &str| Resource { plural: plural.into(), ..Resource::default() };
        let known: Vec<Resource> = (0..8).map(|at| resource(&format!("r{at}"))).collect();
        let unread: Vec<_> = known.iter().map(|it| (it, "no right".to_owned())).collect();
        let line = remark(Lang::En, &unread).expect("something is unread");
        assert!(line.contains("r0, r1, r2, r3, r4, r5, 2 more kinds ("), "{line}");
        let line = remark(Lang::En, &unread[..1]).expect("something is unread");
        assert!(line.contains(": r0 (no right)"), "{line}");
        assert_eq!(remark(Lang::Zh, &[]), None);
    }
}

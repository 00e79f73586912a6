//! Files that were seen and not read: they are named in one gap for each reason, so that nothing is passed over in silence.

use std::collections::BTreeMap;

use kloupe_model::{Gap, Text};

/// So many are named; the rest is counted.
const MAX_NAMED: usize = 5;

pub(crate) const HIDDEN: Text = Text { en: "not read: hidden files", zh: "未读取：隐藏文件" };
pub(crate) const OTHER: Text = Text {
    en: "not read: settings or other data, no objects, tables, events, metrics or logs",
    zh: "未读取：配置或其他数据，不是对象、表格、事件、指标或日志",
};
pub(crate) const OLDER: Text =
    Text { en: "not read: older states of the same lists", zh: "未读取：同一列表的较早状态" };

/// A gap for each reason, in the order of the files.
pub(crate) fn gaps(unread: Vec<(String, Text)>) -> Vec<Gap> {
    let mut reasons: Vec<Text> = Vec::new();
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (file, reason) in unread {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
        files.entry(reason.en).or_default().push(file);
    }
    reasons
        .into_iter()
        .map(|reason| Gap { what: listed(files.get(reason.en).map_or(&[], Vec::as_slice)), why: reason.into() })
        .collect()
}

/// `a, b, c +4`
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let rest = names.len().saturating_sub(MAX_NAMED);
    if rest == 0 { shown } else { format!("{shown} +{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_counted() {
        let unread = (0..8).map(|at| (format!("f{at}"), if at == 1 { HIDDEN } else { OTHER })).collect();
        let said: Vec<_> = gaps(unread).into_iter().map(|gap| (gap.what, gap.why)).collect();
        assert_eq!(said, [("f0, f2, f3, f4, f5 +2".to_owned(), OTHER.into()), ("f1".to_owned(), HIDDEN.into())]);
    }
}

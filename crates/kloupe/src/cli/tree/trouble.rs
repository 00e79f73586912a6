//! What is wrong between an object and its owner.

use kloupe_model::{Lang, say};

/// Why an owner could not be shown, or why what is shown is not owned any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The owner does not exist.
    Gone,
    /// Another object has the owner's name.
    Replaced,
    /// The owner is not in what was captured.
    NotCaptured,
    /// The owner may not be read, or the server failed.
    Unread(String),
    /// Nobody serves the owner's kind.
    Unserved,
    /// An object of the cluster names an owner that lives in a namespace.
    OutOfReach,
    /// The object names an earlier one of the same name as its owner.
    Orphan,
}

impl Trouble {
    /// The word in the JSON.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Trouble::Gone => "owner-gone",
            Trouble::Replaced => "owner-replaced",
            Trouble::NotCaptured => "owner-not-captured",
            Trouble::Unread(_) => "owner-unread",
            Trouble::Unserved => "owner-kind-unserved",
            Trouble::OutOfReach => "owner-out-of-reach",
            Trouble::Orphan => "orphan",
        }
    }

    /// The same for people.
    pub(super) fn said(&self, lang: Lang) -> String {
        match self {
            Trouble::Gone => say!(lang, en: "does not exist any more", zh: "已不存在"),
            Trouble::Replaced => say!(
                lang,
                en: "does not exist any more; another object has its name now",
                zh: "已不存在；现在另有同名对象"
            ),
            Trouble::NotCaptured => say!(lang, en: "is not in what was read", zh: "不在所读内容中"),
            Trouble::Unread(_) => say!(lang, en: "could not be read", zh: "无法读取"),
            Trouble::Unserved => say!(lang, en: "is of a kind that nobody serves", zh: "其类型没有被提供"),
            Trouble::OutOfReach => say!(
                lang,
                en: "lives in a namespace, and cannot own what belongs to the cluster",
                zh: "位于命名空间内，不能拥有集群级对象"
            ),
            Trouble::Orphan => say!(
                lang,
                en: "is owned by an earlier object of this name, which is gone",
                zh: "其所有者是更早的同名对象，已不存在"
            ),
        }
    }
}

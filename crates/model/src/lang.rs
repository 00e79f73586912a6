//! The two languages of our own texts, and the one way to write such a text.

/// A language that people read kloupe's texts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Understands `en`, `zh`, `zh-CN`, and locale names such as `zh_CN.UTF-8`; anything else is `None`.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Lang::Zh),
            "en" | "c" | "posix" => Some(Lang::En),
            _ => None,
        }
    }
}

/// A text in both languages, as it lies in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Text {
    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// One sentence in both languages, formatted in the one that is asked for: `say!(lang, en: "{n} pods", zh: "{n} 个 Pod")`.
///
/// A missing translation does not compile.
#[macro_export]
macro_rules! say {
    ($lang:expr, en: $en:literal, zh: $zh:literal $(, $($args:tt)*)?) => {
        match $lang {
            $crate::Lang::En => ::std::format!($en $(, $($args)*)?),
            $crate::Lang::Zh => ::std::format!($zh $(, $($args)*)?),
        }
    };
}

/// A length of time as a person says it.
pub fn duration(lang: Lang, seconds: i64) -> String {
    match seconds {
        ..120 => say!(lang, en: "{seconds} s", zh: "{seconds} 秒"),
        120..7200 => say!(lang, en: "{} min", zh: "{} 分钟", seconds / 60),
        7200..172_800 => say!(lang, en: "{} h", zh: "{} 小时", seconds / 3600),
        _ => say!(lang, en: "{} d", zh: "{} 天", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locale_names_are_understood() {
        assert_eq!(Lang::from_tag("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("en-US"), Some(Lang::En));
        assert_eq!(Lang::from_tag("C.UTF-8"), Some(Lang::En));
        assert_eq!(Lang::from_tag("de_DE"), None);
    }

    #[test]
    fn a_sentence_is_said_in_the_language_asked_for() {
        let pods = 2;
        assert_eq!(say!(Lang::En, en: "{pods} pods", zh: "{pods} 个 Pod"), "2 pods");
        assert_eq!(say!(Lang::Zh, en: "{pods} pods", zh: "{pods} 个 Pod"), "2 个 Pod");
    }
}

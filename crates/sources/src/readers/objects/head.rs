//! What is read of every object at once: kind, version, name. The rest of its text is checked, so that it can be parsed whenever it is
//! asked for, and left where it is.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// What stands at the outermost levels of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) namespace: Option<String>,
    pub(super) name: String,
    pub(super) resource_version: Option<u64>,
    /// Whether it has fields that lists and events of a watch have, and plain objects do not.
    pub(super) is_other: bool,
}

impl Head {
    pub(super) fn of_value(value: &Value) -> Head {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let metadata = value.get("metadata").unwrap_or(&Value::Null);
        Head {
            api_version: text(value, "apiVersion").unwrap_or_default(),
            kind: text(value, "kind").unwrap_or_default(),
            namespace: text(metadata, "namespace"),
            name: text(metadata, "name").unwrap_or_default(),
            resource_version: text(metadata, "resourceVersion").and_then(|version| version.parse().ok()),
            is_other: value.get("items").is_some() || value.get("object").is_some(),
        }
    }

    /// Reads an object's text to its end; an error if it cannot be parsed.
    pub(super) fn of_text(text: &str) -> serde_json::Result<Head> {
        serde_json::from_str(text)
    }

    /// Whether it is no plain object that may stay as it is: it has to be looked into.
    pub(super) fn is_special(&self) -> bool {
        match self.kind.as_str() {
            "" | "Status" | "Config" | "APIResourceList" | "APIGroupDiscovery" | "APIGroupList" => true,
            "Secret" => !self.api_version.contains('/'),
            _ => self.is_other,
        }
    }

    fn take(&mut self, inner: bool, key: &str, value: String) {
        match (inner, key) {
            (false, "apiVersion") => self.api_version = value,
            (false, "kind") => self.kind = value,
            (true, "namespace") => self.namespace = Some(value),
            (true, "name") => self.name = value,
            (true, "resourceVersion") => self.resource_version = value.parse().ok(),
            _ => {}
        }
    }
}

/// Reads an object to its end.
impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Head, D::Error> {
        let mut head = Head::default();
        Level { head: &mut head, inner: false }.deserialize(reader)?;
        Ok(head)
    }
}

/// The fields of an object, or of its metadata.
struct Level<'h> {
    head: &'h mut Head,
    inner: bool,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

/// Takes any value that is no object; an object is what the type says.
macro_rules! other_values {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Default::default())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<Checked>()?.is_some() {}
            Ok(Default::default())
        }
    };
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    other_values!();

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key>()? {
            match (self.inner, &*key.0) {
                (false, "metadata") => map.next_value_seed(Level { head: self.head, inner: true })?,
                (false, "apiVersion" | "kind") | (true, "namespace" | "name" | "resourceVersion") => {
                    if let Some(text) = map.next_value::<Text>()?.0 {
                        self.head.take(self.inner, &key.0, text);
                    }
                }
                (inner, name) => {
                    self.head.is_other |= !inner && matches!(name, "items" | "object");
                    map.next_value::<Checked>()?;
                }
            }
        }
        Ok(())
    }
}

/// The name of a field.
#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

/// A value that is read as far as to know that it can be parsed.
#[derive(Default)]
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Checked, D::Error> {
        reader.deserialize_any(Checked)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Checked;

    other_values!();

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Checked, A::Error> {
        while map.next_entry::<Checked, Checked>()?.is_some() {}
        Ok(Checked)
    }
}

/// A text; of any other value nothing is kept.
#[derive(Default)]
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Text, D::Error> {
        reader.deserialize_any(Text(None))
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Text;

    other_values!();

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        Checked.visit_map(map).map(|_| Text(None))
    }
}

/// One value of a text, looked at no further than to see whether it is a list.
#[derive(Debug, Deserialize)]
pub(super) struct Shallow<'t> {
    #[serde(borrow, default, rename = "apiVersion")]
    pub(super) api_version: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    pub(super) kind: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    pub(super) items: Option<Vec<&'t RawValue>>,
    #[serde(default)]
    pub(super) metadata: Option<ListMetadata>,
    #[serde(default)]
    pub(super) object: Option<IgnoredAny>,
}

/// What a list says of itself.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ListMetadata {
    #[serde(default, rename = "continue")]
    pub(super) more: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_what_the_value_says() {
        let text = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a\u0062","namespace":"ops","resourceVersion":"7","labels":{"kind":"x"}},
            "spec":{"kind":"no","list":[1,-2,3.5,true,null,"x",{"name":"y"}]},"items":null}"#;
        let value: Value = serde_json::from_str(text).expect("JSON");
        let head = Head::of_text(text).expect("an object");
        assert_eq!(head, Head::of_value(&value));
        assert_eq!((head.name.as_str(), head.resource_version, head.is_other), ("ab", Some(7), true));
        for text in ["{\"kind\":5,\"metadata\":\"x\"}", "{\"metadata\":{\"name\":{\"a\":1}}}", "[]"] {
            assert_eq!(Head::of_text(text).expect("JSON"), Head::default(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_parsed_is_an_error() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for text in ["{\"a\":1e999}", "{\"a\":\"\\ud800\"}", "{\"a\":", "{} x", deep.as_str()] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert!(Head::of_text(text).is_err(), "{text}");
        }
    }
}

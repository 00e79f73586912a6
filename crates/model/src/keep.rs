//! Some fields of a JSON text, read without building the others: most of a large object is what nobody asks every object for.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Which fields are wanted. Lists are passed through: what is wanted is wanted of each of their elements.
#[derive(Debug)]
pub enum Keep {
    /// Everything.
    All,
    /// These fields of an object, and of each what follows.
    Fields(&'static [(&'static str, Keep)]),
}

impl Keep {
    /// Reads a JSON text; `Null` where it is none.
    pub fn read(&self, text: &str) -> Value {
        let mut reader = serde_json::Deserializer::from_str(text);
        Wanted(self).deserialize(&mut reader).unwrap_or(Value::Null)
    }
}

struct Wanted<'k>(&'k Keep);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        match self.0 {
            Keep::All => Value::deserialize(reader),
            Keep::Fields(_) => reader.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Wanted(self.0))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let wanted = match self.0 {
            Keep::All => &[][..],
            Keep::Fields(wanted) => wanted,
        };
        let mut fields = Map::new();
        while let Some(name) = map.next_key_seed(Name(wanted))? {
            match name {
                Some((name, keep)) => {
                    fields.insert((*name).to_owned(), map.next_value_seed(Wanted(keep))?);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Value::Object(fields))
    }
}

/// The wanted field that a key names.
struct Name(&'static [(&'static str, Keep)]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<&'static (&'static str, Keep)>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<&'static (&'static str, Keep)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|(wanted, _)| *wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEEP: Keep = Keep::Fields(&[
        ("metadata", Keep::Fields(&[("name", Keep::All), ("owners", Keep::Fields(&[("uid", Keep::All)]))])),
        ("n", Keep::All),
    ]);

    #[test]
    fn what_is_not_wanted_is_not_there() {
        let text = r#"{"spec":{"n":[1,{"name":"x"}]},"metadata":{"na\u006de":"a","labels":{"name":"b"},
            "owners":[{"uid":"u","kind":"K"},null,7]},"n":{"deep":[true,-1,1.5]}}"#;
        let expected =
            json!({"metadata": {"name": "a", "owners": [{"uid": "u"}, null, 7]}, "n": {"deep": [true, -1, 1.5]}});
        assert_eq!(KEEP.read(text), expected);
        assert_eq!(KEEP.read("{\"metadata\":\"a text\"}"), json!({"metadata": "a text"}));
        assert_eq!(KEEP.read("{\"n\":"), Value::Null);
    }
}

//! The fields of an object: parsed, or text that is parsed where somebody asks. A capture of ten thousand objects is large, and a command
//! asks for few of them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::Keep;

/// An object's fields.
#[derive(Clone)]
pub struct Body {
    text: Option<Text>,
    parsed: OnceLock<Value>,
}

/// JSON in a text that many objects share.
#[derive(Clone)]
struct Text {
    buffer: Arc<String>,
    range: Range<usize>,
    /// Kind and version that the list around it says, where the object does not.
    item_of: Option<Arc<(String, String)>>,
    resource_version: Option<u64>,
}

impl Body {
    /// The part of a text that is one JSON object. That it is one was checked: what cannot be parsed has no fields.
    pub fn of_text(
        buffer: &Arc<String>,
        range: Range<usize>,
        item_of: Option<Arc<(String, String)>>,
        resource_version: Option<u64>,
    ) -> Body {
        let text = Text { buffer: Arc::clone(buffer), range, item_of, resource_version };
        Body { text: Some(text), parsed: OnceLock::new() }
    }

    /// The fields; parsed once and kept.
    pub fn value(&self) -> &Value {
        self.parsed.get_or_init(|| self.text.as_ref().map_or(Value::Null, Text::parse))
    }

    /// Whether the fields were parsed and kept.
    pub fn is_parsed(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// The fields for someone who needs them once: what is text stays text.
    pub fn to_value(&self) -> Value {
        match (self.parsed.get(), &self.text) {
            (Some(value), _) => value.clone(),
            (None, Some(text)) => text.parse(),
            (None, None) => Value::Null,
        }
    }

    /// Some of the fields, for someone who asks every object for a little: what is text is not parsed beyond them. What was parsed already
    /// comes whole.
    pub fn only(&self, keep: &Keep) -> Cow<'_, Value> {
        match (self.parsed.get(), &self.text) {
            (Some(value), _) => Cow::Borrowed(value),
            (None, Some(text)) => Cow::Owned(keep.read(text.json())),
            (None, None) => Cow::Owned(Value::Null),
        }
    }

    /// The number in `metadata.resourceVersion`.
    pub fn resource_version(&self) -> Option<u64> {
        match &self.text {
            Some(text) => text.resource_version,
            None => self.value()["metadata"]["resourceVersion"].as_str()?.parse().ok(),
        }
    }

    /// Copies its part of a shared text, so that the rest can go.
    pub fn detach(&mut self) {
        if let Some(text) = &mut self.text {
            let own = text.buffer.get(text.range.clone()).unwrap_or_default().to_owned();
            text.range = 0..own.len();
            text.buffer = Arc::new(own);
        }
    }
}

impl Text {
    fn json(&self) -> &str {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }

    fn parse(&self) -> Value {
        let mut value = serde_json::from_str(self.json()).unwrap_or(Value::Null);
        if let (Some(item_of), Value::Object(fields)) = (&self.item_of, &mut value) {
            for (key, said) in [("apiVersion", &item_of.1), ("kind", &item_of.0)] {
                if !said.is_empty() && !fields.contains_key(key) {
                    fields.insert(key.to_owned(), Value::from(said.as_str()));
                }
            }
        }
        value
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Body {
        Body { text: None, parsed: OnceLock::from(value) }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_text_is_parsed_when_it_is_asked_for() {
        let buffer = Arc::new("[{\"metadata\":{\"name\":\"a\"}}, secret]".to_owned());
        let item_of = Some(Arc::new(("Pod".to_owned(), "v1".to_owned())));
        let mut body = Body::of_text(&buffer, 1..26, item_of, Some(7));
        let expected = serde_json::json!({"metadata": {"name": "a"}, "apiVersion": "v1", "kind": "Pod"});
        assert_eq!((body.to_value(), body.resource_version()), (expected.clone(), Some(7)));
        assert!(!body.is_parsed());
        body.detach();
        assert_eq!(Arc::strong_count(&buffer), 1);
        assert_eq!(body.value(), &expected);
    }
}

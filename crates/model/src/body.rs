//! The fields of an object: parsed, or text that is parsed where somebody asks. A capture of ten thousand objects is large, and a command
//! asks for few of them; so the text itself may stay where it lies.

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

/// A text that many objects lie in: in memory, or somewhere that it is read from when it is asked for.
pub trait Texts: Send + Sync {
    /// The part between two offsets; none where there is no such part any more.
    fn part(&self, range: Range<u64>) -> Option<Cow<'_, str>>;

    /// Whether it is held in memory as a whole for as long as one of its objects is.
    fn is_held(&self) -> bool;
}

impl Texts for String {
    fn part(&self, range: Range<u64>) -> Option<Cow<'_, str>> {
        let (start, end) = (usize::try_from(range.start).ok()?, usize::try_from(range.end).ok()?);
        self.get(start..end).map(Cow::Borrowed)
    }

    fn is_held(&self) -> bool {
        true
    }
}

/// What an object's text is written in.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// JSON.
    Json,
    /// What this reads.
    Other(fn(&str) -> Value),
}

impl Form {
    /// The object; `Null` where the text is none.
    pub fn read(self, text: &str) -> Value {
        match self {
            Form::Json => serde_json::from_str(text).unwrap_or(Value::Null),
            Form::Other(read) => read(text),
        }
    }
}

/// An object in a text that many objects share.
#[derive(Clone)]
struct Text {
    form: Form,
    texts: Arc<dyn Texts>,
    range: Range<u64>,
    /// Kind and version that the list around it says, where the object does not.
    item_of: Option<Arc<(String, String)>>,
    resource_version: Option<u64>,
}

impl Body {
    /// The part of a text that is one object. That it is one was checked: what cannot be parsed has no fields.
    pub fn of_text(
        form: Form,
        texts: Arc<dyn Texts>,
        range: Range<u64>,
        item_of: Option<Arc<(String, String)>>,
        resource_version: Option<u64>,
    ) -> Body {
        let text = Text { form, texts, range, item_of, resource_version };
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
            (None, Some(text)) => Cow::Owned(match text.form {
                Form::Json => keep.read(&text.part()),
                Form::Other(_) => text.parse(),
            }),
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

    /// Copies its part of a text that is held for all objects in it, so that the rest can go.
    pub fn detach(&mut self) {
        if let Some(text) = self.text.as_mut().filter(|text| text.texts.is_held()) {
            let own = text.part().into_owned();
            text.range = 0..own.len() as u64;
            text.texts = Arc::new(own);
        }
    }
}

impl Text {
    fn part(&self) -> Cow<'_, str> {
        self.texts.part(self.range.clone()).unwrap_or_default()
    }

    fn parse(&self) -> Value {
        let mut value = self.form.read(&self.part());
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
        let mut body = Body::of_text(Form::Json, buffer.clone(), 1..26, item_of, Some(7));
        let expected = serde_json::json!({"metadata": {"name": "a"}, "apiVersion": "v1", "kind": "Pod"});
        assert_eq!((body.to_value(), body.resource_version()), (expected.clone(), Some(7)));
        assert!(!body.is_parsed());
        body.detach();
        assert_eq!(Arc::strong_count(&buffer), 1);
        assert_eq!(body.value(), &expected);
    }
}

//! What a template computes with.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::go::{Num, num};

/// A value. Elements of objects stand in an interface, which messages name and pipelines take off.
#[derive(Clone, Debug)]
pub(super) struct Val<'a> {
    pub(super) data: Data<'a>,
    pub(super) boxed: bool,
}

/// The value itself.
#[derive(Clone, Debug)]
pub(super) enum Data<'a> {
    /// Nothing at all, or in an interface a null.
    Nil,
    Bool(bool),
    /// A number of the template.
    Int(i64),
    /// A number of an object.
    Int64(i64),
    Float(f64),
    Byte(u8),
    Text(Cow<'a, str>),
    List(&'a [Value]),
    Map(&'a Map<String, Value>),
}

impl<'a> Val<'a> {
    pub(super) const NOTHING: Val<'static> = Val { data: Data::Nil, boxed: false };

    /// A value of its own.
    pub(super) fn bare(data: Data<'a>) -> Val<'a> {
        Val { data, boxed: false }
    }

    pub(super) fn text(text: String) -> Val<'a> {
        Val::bare(Data::Text(Cow::Owned(text)))
    }

    pub(super) fn truth(truth: bool) -> Val<'a> {
        Val::bare(Data::Bool(truth))
    }

    pub(super) fn length(length: usize) -> Val<'a> {
        Val::bare(Data::Int(i64::try_from(length).unwrap_or(i64::MAX)))
    }

    /// An element of an object.
    pub(super) fn element(value: &'a Value) -> Val<'a> {
        Val { data: Data::of(value), boxed: true }
    }

    /// A null of an object.
    pub(super) fn null() -> Val<'a> {
        Val { data: Data::Nil, boxed: true }
    }

    /// Without the interface; a null becomes nothing.
    pub(super) fn unboxed(self) -> Val<'a> {
        Val { boxed: false, ..self }
    }

    /// Whether it is nothing, not even a null.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.data, Data::Nil) && !self.boxed
    }

    /// The name of its type.
    pub(super) fn kind(&self) -> &'static str {
        if self.boxed { "interface {}" } else { self.data.kind() }
    }
}

impl<'a> Data<'a> {
    pub(super) fn of(value: &'a Value) -> Data<'a> {
        match value {
            Value::Null => Data::Nil,
            Value::Bool(truth) => Data::Bool(*truth),
            Value::Number(number) => match num(number) {
                Num::Int(whole) => Data::Int64(whole),
                Num::Float(value) => Data::Float(value),
            },
            Value::String(text) => Data::Text(Cow::Borrowed(text)),
            Value::Array(items) => Data::List(items),
            Value::Object(fields) => Data::Map(fields),
        }
    }

    /// The name of the type behind an interface.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Data::Nil => "<nil>",
            Data::Bool(_) => "bool",
            Data::Int(_) => "int",
            Data::Int64(_) => "int64",
            Data::Float(_) => "float64",
            Data::Byte(_) => "uint8",
            Data::Text(_) => "string",
            Data::List(_) => "[]interface {}",
            Data::Map(_) => "map[string]interface {}",
        }
    }

    /// What `if` takes for true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Data::Nil => false,
            Data::Bool(truth) => *truth,
            Data::Int(value) | Data::Int64(value) => *value != 0,
            Data::Float(value) => *value != 0.0,
            Data::Byte(value) => *value != 0,
            Data::Text(text) => !text.is_empty(),
            Data::List(items) => !items.is_empty(),
            Data::Map(fields) => !fields.is_empty(),
        }
    }
}

//! From nodes to what they find.

use serde_json::Value;

use super::super::go;
use super::compare::holds;
use super::parse::{Filter, Node, Slice};

/// Something that was found, or a literal of the template.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Of(&'a Value),
    Text(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A part of a text.
    Byte(u8),
    /// What a range without elements walks through.
    Absent,
}

impl<'a> Item<'a> {
    /// An object to look into; a null is nothing.
    pub(super) fn of(value: &'a Value) -> Item<'a> {
        if value.is_null() { Item::Absent } else { Item::Of(value) }
    }

    pub(super) fn to_value(&self) -> Value {
        match self {
            Item::Of(value) => (*value).clone(),
            Item::Text(text) => Value::from(*text),
            Item::Int(value) => Value::from(*value),
            Item::Float(value) => Value::from(*value),
            Item::Bool(value) => Value::from(*value),
            Item::Byte(value) => Value::from(*value),
            Item::Absent => Value::Null,
        }
    }

    /// The name of its type in Go.
    fn kind(&self) -> &'static str {
        match self {
            Item::Of(Value::Object(_)) => "map[string]interface {}",
            Item::Of(Value::Array(_)) => "[]interface {}",
            Item::Of(Value::String(_)) | Item::Text(_) => "string",
            Item::Of(Value::Bool(_)) | Item::Bool(_) => "bool",
            Item::Of(Value::Number(number)) => match go::num(number) {
                go::Num::Int(_) => "int64",
                go::Num::Float(_) => "float64",
            },
            Item::Int(_) => "int",
            Item::Float(_) => "float64",
            Item::Byte(_) => "uint8",
            Item::Of(Value::Null) | Item::Absent => "<nil>",
        }
    }

    /// What is inside: elements, values of fields, bytes of a text.
    fn inside(&self) -> Vec<Item<'a>> {
        match self {
            Item::Of(Value::Array(items)) => items.iter().map(Item::Of).collect(),
            Item::Of(Value::Object(fields)) => fields.values().map(Item::Of).collect(),
            Item::Of(Value::String(text)) => text.bytes().map(Item::Byte).collect(),
            Item::Text(text) => text.bytes().map(Item::Byte).collect(),
            _ => Vec::new(),
        }
    }
}

type Found<'a> = Result<Vec<Item<'a>>, String>;

/// One walk through a template.
pub(super) struct Run<'a> {
    nodes: &'a [Node],
    allow_missing: bool,
    begin: usize,
    inside: usize,
    end: usize,
    last_end: Option<usize>,
}

impl<'a> Run<'a> {
    pub(super) fn new(nodes: &'a [Node], allow_missing: bool) -> Run<'a> {
        Run { nodes, allow_missing, begin: 0, inside: 0, end: 0, last_end: None }
    }

    /// What each node from a place on finds in an object.
    pub(super) fn results(&mut self, from: usize, object: Item<'a>) -> Result<Vec<Vec<Item<'a>>>, String> {
        let current = vec![object];
        let mut all = Vec::new();
        let mut at = from;
        while at < self.nodes.len() {
            let found = self.walk(current.clone(), &self.nodes[at])?;
            if self.end > 0 && self.end <= self.inside {
                self.end -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begin == 0 {
                all.push(found);
                at += 1;
                continue;
            }
            self.begin -= 1;
            self.inside += 1;
            if found.is_empty() {
                // The way to the end of the range is walked all the same.
                self.results(at + 1, Item::Absent)?;
            }
            for item in found {
                let item = if let Item::Of(value) = item { Item::of(value) } else { item };
                all.extend(self.results(at + 1, item)?);
            }
            self.inside -= 1;
            at = self.last_end.filter(|end| *end > at).unwrap_or(at) + 1;
        }
        Ok(all)
    }

    fn list(&mut self, mut current: Vec<Item<'a>>, nodes: &'a [Node]) -> Found<'a> {
        for node in nodes {
            current = self.walk(current, node)?;
        }
        Ok(current)
    }

    fn walk(&mut self, input: Vec<Item<'a>>, node: &'a Node) -> Found<'a> {
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Item::Text(text)]),
            Node::Int(value) => Ok(vec![Item::Int(*value); input.len()]),
            Node::Float(value) => Ok(vec![Item::Float(*value); input.len()]),
            Node::Bool(value) => Ok(vec![Item::Bool(*value); input.len()]),
            Node::Field(name) => self.field(&input, name),
            Node::Array(slice) => array(&input, *slice),
            Node::Wildcard => Ok(input.iter().flat_map(Item::inside).collect()),
            Node::Recursive => {
                let mut found = Vec::new();
                descend(input, &mut found);
                Ok(found)
            }
            Node::Union(lists) => {
                let mut found = Vec::new();
                for nodes in lists {
                    found.extend(self.list(input.clone(), nodes)?);
                }
                Ok(found)
            }
            Node::Filter(filter) => self.filter(&input, filter),
            Node::Identifier(name) => match name.as_str() {
                "range" => {
                    self.begin += 1;
                    Ok(input)
                }
                "end" if self.inside > 0 => {
                    self.end += 1;
                    Ok(Vec::new())
                }
                "end" => Err("not in range, nothing to end".into()),
                name => Err(format!("unrecognized identifier {name}")),
            },
        }
    }

    fn field(&self, input: &[Item<'a>], name: &str) -> Found<'a> {
        let found: Vec<Item> = input
            .iter()
            .filter_map(|item| match item {
                Item::Of(Value::Object(fields)) => fields.get(name).map(Item::Of),
                _ => None,
            })
            .collect();
        if found.is_empty() && !input.is_empty() && !self.allow_missing {
            return Err(format!("{name} is not found"));
        }
        Ok(found)
    }

    fn filter(&mut self, input: &[Item<'a>], filter: &'a Filter) -> Found<'a> {
        let mut kept = Vec::new();
        for item in input {
            let Item::Of(Value::Array(elements)) = item else {
                let shown = match item {
                    Item::Absent => "<invalid reflect.Value>".to_owned(),
                    other => go::plain(&other.to_value()),
                };
                return Err(format!("{shown} is not array or slice and cannot be filtered"));
            };
            for element in elements {
                let left = self.list(vec![Item::Of(element)], &filter.left);
                let Some((operator, right)) = &filter.comparison else {
                    if left.is_ok_and(|found| !found.is_empty()) {
                        kept.push(Item::Of(element));
                    }
                    continue;
                };
                let Some(left) = one(left?)? else { continue };
                let Some(right) = one(self.list(vec![Item::Of(element)], right)?)? else { continue };
                if holds(operator, &left, &right)? {
                    kept.push(Item::Of(element));
                }
            }
        }
        Ok(kept)
    }
}

fn one(mut found: Vec<Item>) -> Result<Option<Item>, String> {
    if found.len() > 1 {
        return Err("can only compare one element at a time".into());
    }
    Ok(found.pop())
}

/// Everything that has something inside, from the outside in.
fn descend<'a>(input: Vec<Item<'a>>, found: &mut Vec<Item<'a>>) {
    for item in input {
        let inside = item.inside();
        if !inside.is_empty() {
            found.push(item);
            descend(inside, found);
        }
    }
}

fn array<'a>(input: &[Item<'a>], slice: Slice) -> Found<'a> {
    let mut found = Vec::new();
    for item in input {
        let items = match item {
            Item::Of(Value::Array(items)) => items,
            Item::Of(Value::Null) => continue,
            other => return Err(format!("{} is not array or slice", other.kind())),
        };
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let mut from = slice.from.unwrap_or(0);
        if from < 0 {
            from = from.saturating_add(length);
        }
        let mut to = slice.to.unwrap_or(length);
        if to < 0 || to == 0 && slice.derived {
            to = to.saturating_add(length);
        }
        if to == from {
            return Ok(found);
        }
        for (index, out) in [(from, from >= length || from < 0), (to.saturating_sub(1), to > length || to < 0)] {
            if out {
                return Err(format!("array index out of bounds: index {index}, length {length}"));
            }
        }
        if from > to {
            return Err(format!("starting index {from} is greater than ending index {to}"));
        }
        let step = match slice.step {
            Some(step) if step <= 0 => return Err("step must be > 0".into()),
            step => usize::try_from(step.unwrap_or(1)).unwrap_or(usize::MAX),
        };
        let place = |index: i64| usize::try_from(index).unwrap_or_default();
        found.extend(items[place(from)..place(to)].iter().step_by(step).map(Item::Of));
    }
    Ok(found)
}

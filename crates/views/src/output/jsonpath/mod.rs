//! kubectl's `JSONPath`: text with `{…}` blocks; fields, quoted fields, indices, slices, unions, filters, `..`, `range`.

mod compare;
mod eval;
mod parse;

use serde_json::Value;

use super::go;
use super::json::{compact, indented};
use super::{Frame, Kind, Printer, Settings, file};
use eval::{Item, Run};
use parse::{Node, Slice};

/// `jsonpath`, `jsonpath-as-json`, `jsonpath-file`.
pub(super) static FORMAT: Kind = Kind {
    names: &["jsonpath", "jsonpath-as-json", "jsonpath-file"],
    template: Some("template format specified but no template given"),
    make: |name, template| {
        let written = if name == "jsonpath-file" { file("--template", template)? } else { template.to_owned() };
        let template =
            Template::parse(&written).map_err(|error| format!("error parsing jsonpath {written}, {error}"))?;
        Ok(Box::new(JsonPath { template, written, as_json: name == "jsonpath-as-json" }))
    },
};

#[derive(Debug)]
struct JsonPath {
    template: Template,
    written: String,
    as_json: bool,
}

impl Printer for JsonPath {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        let found = self.template.find(object, settings.allow_missing_keys).map_err(|error| {
            format!(
                "error executing jsonpath {}: Error executing template: {error}. Printing more information for debugging \
                 the template:\n\ttemplate was:\n\t\t{}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n",
                go::quoted(&self.written),
                self.written,
                go::source(object)
            )
        })?;
        for results in found {
            if self.as_json {
                text.push_str(&indented(&Value::Array(results.iter().map(Item::to_value).collect())));
                text.push('\n');
            } else {
                text.push_str(&results.iter().map(shown).collect::<Vec<_>>().join(" "));
            }
        }
        Ok(())
    }

    fn frame(&self, settings: Settings) -> Option<Frame> {
        let between = self.template.between().filter(|_| !self.as_json && settings.allow_missing_keys)?;
        Some(Frame::between(between))
    }
}

/// A value as it is written: text raw, maps and lists as compact JSON.
fn shown(item: &Item) -> String {
    match item {
        Item::Of(value @ (Value::Object(_) | Value::Array(_))) => compact(value),
        Item::Of(Value::Null) => "null".into(),
        Item::Absent => "<no value>".into(),
        other => go::plain(&other.to_value()),
    }
}

/// A template.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Node>);

impl Template {
    pub(super) fn parse(text: &str) -> Result<Template, String> {
        parse::parse(text).map(Template)
    }

    /// What each part of the template finds.
    fn find<'a>(&'a self, object: &'a Value, allow_missing: bool) -> Result<Vec<Vec<Item<'a>>>, String> {
        Run::new(&self.0, allow_missing).results(0, Item::of(object))
    }

    /// What stands between what a list's objects give, where they can be looked at one by one: one path through all items, or one range
    /// over them and nothing around it.
    fn between(&self) -> Option<&'static str> {
        let is_all = |node: &Node| matches!(node, Node::Array(Slice { from: None, to: None, step: None, .. }));
        let through_items =
            |nodes: &[Node]| matches!(nodes, [Node::Field(items), all, ..] if items == "items" && is_all(all));
        let is_plain = |node: &Node| matches!(node, Node::Field(_) | Node::Array(_) | Node::Filter(_));
        let is_end = |node: &Node| matches!(node, Node::List(inner) if matches!(inner.as_slice(), [Node::Identifier(end)] if end == "end"));
        let names_range =
            |node: &Node| matches!(node, Node::List(inner) if matches!(inner.first(), Some(Node::Identifier(_))));
        match self.0.as_slice() {
            [Node::List(path)] => (through_items(path) && path.iter().all(is_plain)).then_some(" "),
            [Node::List(range), body @ .., end] => {
                let [Node::Identifier(word), path @ ..] = range.as_slice() else { return None };
                let one = word == "range" && through_items(path) && path.len() == 2 && is_end(end);
                (one && !body.iter().any(names_range)).then_some("")
            }
            _ => None,
        }
    }

    /// What the first part of the template finds in an object, missing fields allowed.
    pub(super) fn first_values(&self, object: &Value) -> Result<Vec<Value>, String> {
        Ok(self.find(object, true)?.first().into_iter().flatten().map(Item::to_value).collect())
    }

    /// What a template of one path finds in an object, missing fields allowed.
    pub(super) fn values(&self, object: &Value) -> Result<Vec<Value>, String> {
        Ok(self.find(object, true)?.iter().flatten().map(Item::to_value).collect())
    }
}

/// `metadata.name`, `.metadata.name`, `{metadata.name}` and `{.metadata.name}` are the same.
pub(super) fn relaxed(path: &str) -> Result<String, String> {
    let braced = path.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let inner = braced.unwrap_or(path);
    if path.is_empty() {
        return Ok(String::new());
    }
    if inner.is_empty() || inner.contains(['{', '}']) {
        return Err("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or \
                    '{.name1.name2}'"
            .into());
    }
    let bare = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
    Ok(format!("{{.{bare}}}"))
}

#[cfg(test)]
mod tests;

//! kubectl's `-o` formats of objects: a format is one file here and one arm of [`Format::parse`].

mod columns;
mod json;
mod jsonpath;
pub mod sort_by;
mod yaml;

use serde_json::Value;

use columns::Columns;
use jsonpath::Template;

/// A format that was asked for.
#[derive(Clone, Debug)]
pub struct Format {
    kind: Kind,
    show_managed_fields: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Json,
    Yaml,
    Name,
    JsonPath(Template),
    JsonPathAsJson(Template),
    Columns(Columns),
}

impl Format {
    /// Reads what follows `-o`, with the template of `--template` where the format has none of its own.
    pub fn parse(typed: &str, template: Option<&str>) -> Result<Format, String> {
        let (name, own) = typed.split_once('=').map_or((typed, None), |(name, own)| (name, Some(own)));
        let missing = || "template format specified but no template given".to_owned();
        let given = own.or(template).filter(|it| !it.is_empty());
        let kind = match name {
            "json" if own.is_none() => Kind::Json,
            "yaml" if own.is_none() => Kind::Yaml,
            "name" if own.is_none() => Kind::Name,
            "jsonpath" => Kind::JsonPath(Template::parse(given.ok_or_else(missing)?)?),
            "jsonpath-as-json" => Kind::JsonPathAsJson(Template::parse(given.ok_or_else(missing)?)?),
            "jsonpath-file" => Kind::JsonPath(Template::parse(&file("jsonpath-file", given.ok_or_else(missing)?)?)?),
            "custom-columns" => Kind::Columns(Columns::parse(
                given.ok_or("custom-columns format specified but no custom columns given")?,
            )?),
            "custom-columns-file" => {
                let path = given.ok_or("custom-columns format specified but no custom columns given")?;
                Kind::Columns(Columns::parse_file(&file("custom-columns-file", path)?)?)
            }
            _ => {
                return Err(format!(
                    "unable to match a printer suitable for the output format \"{typed}\", allowed formats are: \
                     custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,wide,yaml"
                ));
            }
        };
        Ok(Format { kind, show_managed_fields: false })
    }

    /// Whether `managedFields` stay in JSON and YAML.
    #[must_use]
    pub fn show_managed_fields(mut self, show: bool) -> Format {
        self.show_managed_fields = show;
        self
    }

    /// Whether a list has no frame of its own in this format.
    pub fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Name)
    }

    /// One object, or a list of objects.
    pub fn print(&self, object: &Value) -> Result<String, String> {
        match &self.kind {
            Kind::Json => Ok(json::indented(&self.without_managed_fields(object)) + "\n"),
            Kind::Yaml => Ok(yaml::document(&self.without_managed_fields(object))),
            Kind::Name => Ok(items(object).map(|item| name(item) + "\n").collect()),
            Kind::JsonPath(template) => template.print(object),
            Kind::JsonPathAsJson(template) => Ok(json::indented(&Value::Array(template.values(object)?)) + "\n"),
            Kind::Columns(columns) => columns.print(items(object)),
        }
    }

    fn without_managed_fields(&self, object: &Value) -> Value {
        let mut object = object.clone();
        if self.show_managed_fields {
            return object;
        }
        let hide = |object: &mut Value| {
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.shift_remove("managedFields");
            }
        };
        hide(&mut object);
        if let Some(items) = object.get_mut("items").and_then(Value::as_array_mut) {
            items.iter_mut().for_each(hide);
        }
        object
    }
}

fn file(flag: &str, path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("error reading --{flag} {path}, {error}"))
}

/// The objects of a list, or the object.
fn items(object: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match object.get("items").and_then(Value::as_array) {
        Some(items) if object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List")) => {
            Box::new(items.iter())
        }
        _ => Box::new(std::iter::once(object)),
    }
}

/// `pod/web-0`, `deployment.apps/web`.
fn name(object: &Value) -> String {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let kind = text("/kind").to_lowercase();
    let name = text("/metadata/name");
    match text("/apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(format: &str, object: &Value) -> String {
        Format::parse(format, None).and_then(|format| format.print(object)).unwrap_or_else(|error| format!("!{error}"))
    }

    #[test]
    fn json_sorts_keys_escapes_as_go_does_and_hides_managed_fields() {
        let object = json!({"metadata": {"name": "<a>", "managedFields": [1]}, "kind": "Foo", "e": [], "m": {}});
        let expected = "{\n    \"e\": [],\n    \"kind\": \"Foo\",\n    \"m\": {},\n    \"metadata\": {\n        \"name\": \"\\u003ca\\u003e\"\n    }\n}\n";
        assert_eq!(printed("json", &object), expected);
        let shown = Format::parse("json", None).expect("a format").show_managed_fields(true);
        assert!(shown.print(&object).expect("it prints").contains("managedFields"));
    }

    #[test]
    fn names_carry_the_group() {
        let list = json!({"kind": "List", "items": [
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0"}}]});
        assert_eq!(printed("name", &list), "deployment.apps/web\npod/web-0\n");
    }

    #[test]
    fn what_is_no_format_is_named() {
        assert!(
            printed("xml", &json!({})).starts_with("!unable to match a printer suitable for the output format \"xml\"")
        );
        assert_eq!(printed("jsonpath", &json!({})), "!template format specified but no template given");
    }
}

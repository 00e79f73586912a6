//! kubectl's `-o` formats of objects: a format is one file here and one line in the list.

mod go;
mod pieces;
pub mod sort_by;
pub(crate) mod sorting;
pub mod typed;

use std::fmt::Debug;

pub use go::quoted;
pub(crate) use template::base64;

use pieces::Frame;
pub use pieces::Pieces;
use serde_json::{Value, json};

kloupe_model::registry! {
    /// All formats.
    pub FORMATS: Kind = FORMAT in { columns, json, jsonpath, kyaml, name, template, yaml }
}

/// One format, or several with the same rules.
pub struct Kind {
    /// What follows `-o`.
    names: &'static [&'static str],
    /// What is said if it needs a template and has none.
    template: Option<&'static str>,
    /// Makes its printer, of one of the names and the template.
    make: fn(&str, &str) -> Made,
}

/// A printer, or what is wrong with its template.
type Made = Result<Box<dyn Printer>, String>;

/// What writes objects in a format.
trait Printer: Debug {
    /// Writes one object, or a list of objects; an error may leave what was written before it.
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String>;

    /// What stands around the objects of a list that is not empty, where what is printed of each stands for itself.
    fn frame(&self, _: Settings) -> Option<Frame> {
        None
    }

    /// The same before tabs are aligned.
    fn cells(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        self.print(object, settings, text)
    }
}

/// What other flags say about the output.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, but the last")]
struct Settings {
    show_managed_fields: bool,
    no_headers: bool,
    allow_missing_keys: bool,
    fields: Fields,
    /// Others were printed before it.
    follows: bool,
}

/// In which order the fields of an object come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fields {
    /// By their names, as kubectl prints what it knows no type of.
    Sorted,
    /// As they stand: kubectl prints its own types in an order of their own.
    AsTheyStand,
}

impl Fields {
    fn of(self, fields: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
        match self {
            Fields::Sorted => go::sorted(fields),
            Fields::AsTheyStand => fields.iter().collect(),
        }
    }
}

impl Settings {
    fn without_managed_fields(self, object: &Value) -> Value {
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

/// Which formats a command knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Those of `get`: also tables.
    WithTables,
    /// Those of most commands.
    Objects,
}

/// A format that was asked for.
#[derive(Debug)]
pub struct Format {
    printer: Box<dyn Printer>,
    settings: Settings,
    name: &'static str,
}

impl Format {
    /// Reads what follows `-o` and `--template`; `None` where neither asks for a format of objects.
    pub fn parse(typed: &str, template: &str, known: Known) -> Result<Option<Format>, String> {
        let typed = match (typed, template) {
            ("", "") => return Ok(None),
            ("", _) => "go-template",
            ("wide", "") if known == Known::WithTables => return Ok(None),
            _ => typed,
        };
        for kind in FORMATS.iter().filter(|kind| known.has(kind)) {
            let Some(missing) = kind.template else {
                if let Some(name) = kind.names.iter().find(|name| name.eq_ignore_ascii_case(typed)) {
                    return Ok(Some(Format::new((kind.make)(name, "")?, name)));
                }
                continue;
            };
            let (name, own) =
                if template.is_empty() { typed.split_once('=').unwrap_or((typed, "")) } else { (typed, template) };
            if kind.names.contains(&name) {
                if own.is_empty() {
                    return Err(missing.to_owned());
                }
                return Ok(Some(Format::new((kind.make)(name, own)?, kind.names[0])));
            }
        }
        if typed == "wide" && known == Known::WithTables {
            return Ok(None);
        }
        let mut names: Vec<&str> =
            FORMATS.iter().filter(|kind| known.has(kind)).flat_map(|kind| kind.names).copied().collect();
        if known == Known::WithTables {
            names.push("wide");
        }
        names.sort_unstable();
        Err(format!(
            "unable to match a printer suitable for the output format {}, allowed formats are: {}",
            go::quoted(typed),
            names.join(",")
        ))
    }

    fn new(printer: Box<dyn Printer>, name: &'static str) -> Format {
        let settings = Settings {
            show_managed_fields: false,
            no_headers: false,
            allow_missing_keys: true,
            fields: Fields::Sorted,
            follows: false,
        };
        Format { printer, settings, name }
    }

    /// Whether `managedFields` stay in JSON and YAML.
    #[must_use]
    pub fn show_managed_fields(mut self, show: bool) -> Format {
        self.settings.show_managed_fields = show;
        self
    }

    /// Whether columns come without their headers.
    #[must_use]
    pub fn no_headers(mut self, without: bool) -> Format {
        self.settings.no_headers = without;
        self
    }

    /// Whether a template may ask for what an object does not have.
    #[must_use]
    pub fn allow_missing_keys(mut self, allow: bool) -> Format {
        self.settings.allow_missing_keys = allow;
        self
    }

    /// Leaves the fields in the order that they have, where the format has one.
    #[must_use]
    pub fn as_they_stand(mut self) -> Format {
        self.settings.fields = Fields::AsTheyStand;
        self
    }

    /// Whether a list has no frame of its own in this format.
    pub fn is_name(&self) -> bool {
        self.name == "name"
    }

    /// Writes one object, or a list of objects; what came before an error stays.
    pub fn print_to(&self, object: &Value, text: &mut String) -> Result<(), String> {
        self.printer.print(object, self.settings, text)
    }

    /// One of several objects that come one by one, and whether others came before it. Tabs are left to whoever aligns all of them.
    pub fn print_next(&self, object: &Value, follows: bool) -> Result<String, String> {
        let mut text = if follows && self.name == "yaml" { "---\n".to_owned() } else { String::new() };
        self.printer.cells(object, Settings { follows, ..self.settings }, &mut text)?;
        Ok(text)
    }

    /// The same of what happened to an object.
    pub fn print_event(&self, kind: &str, object: &Value, follows: bool) -> Result<String, String> {
        if self.name == "name" {
            return self.print_next(object, follows);
        }
        let event = json!({"type": kind, "object": object});
        if self.name == "json" {
            // kubectl writes these on one line, in the order of its type.
            let (kind, object) = (json::compact(&event["type"]), json::compact(&event["object"]));
            return Ok(format!("{{\"type\":{kind},\"object\":{object}}}\n"));
        }
        self.print_next(&event, follows)
    }

    /// One object, or a list of objects.
    pub fn print(&self, object: &Value) -> Result<String, String> {
        let mut text = String::new();
        self.print_to(object, &mut text)?;
        Ok(text)
    }
}

impl Known {
    fn has(self, kind: &Kind) -> bool {
        self == Known::WithTables || !kind.names.contains(&"custom-columns")
    }
}

/// A list of objects as commands print several of them: numbers that are whole come back from it as whole numbers.
pub fn list(objects: Vec<Value>) -> Value {
    let mut items = Value::Array(objects);
    go::settle(&mut items);
    json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}})
}

/// The text of a file that a format names; the error begins with what it was read for.
fn file(what: &str, path: &str) -> Result<String, String> {
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "open PATH: no such file or directory",
            std::io::ErrorKind::PermissionDenied => "open PATH: permission denied",
            std::io::ErrorKind::IsADirectory => "read PATH: is a directory",
            _ => return format!("error reading {what} {path}, open {path}: {error}"),
        };
        format!("error reading {what} {path}, {}", reason.replace("PATH", path))
    })
}

/// The objects of a list, or the object.
fn items(object: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match object.get("items").and_then(Value::as_array) {
        Some(items) => Box::new(items.iter()),
        None => Box::new(std::iter::once(object)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: &str, object: &Value) -> String {
        let format =
            Format::parse(format, "", Known::WithTables).and_then(|format| format.ok_or("no format".to_owned()));
        format.and_then(|format| format.print(object)).unwrap_or_else(|error| format!("!{error}"))
    }

    #[test]
    fn json_hides_managed_fields_unless_asked() {
        let object = json!({"metadata": {"name": "<a>", "managedFields": [1]}, "kind": "Foo"});
        let hidden =
            "{\n    \"kind\": \"Foo\",\n    \"metadata\": {\n        \"name\": \"\\u003ca\\u003e\"\n    }\n}\n";
        assert_eq!(printed("json", &object), hidden);
        assert_eq!(printed("JSON", &object), hidden);
        let shown = Format::parse("json", "", Known::Objects).expect("a format").expect("a format");
        assert!(shown.show_managed_fields(true).print(&object).expect("it prints").contains("managedFields"));
    }

    #[test]
    fn names_carry_the_group() {
        let list = json!({"kind": "List", "items": [
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0"}}]});
        assert_eq!(printed("name", &list), "deployment.apps/web\npod/web-0\n");
    }

    #[test]
    fn numbers_of_a_list_were_written_as_json_once() {
        let object = json!({"f": 1e6, "z": -0.0, "big": 1e20, "half": 0.5});
        assert_eq!(printed("jsonpath={.f} {.z} {.big} {.half}", &object), "1e+06 -0 1e+20 0.5");
        let listed = list(vec![object]);
        assert_eq!(printed("jsonpath={.items[0].f} {.items[*].z} {..big} {..half}", &listed), "1000000 0 1e+20 0.5");
    }

    #[test]
    fn objects_that_come_one_by_one_are_parted_as_the_format_does_it() {
        let object = json!({"kind": "A", "metadata": {"name": "a", "managedFields": [1]}});
        let one = |format: &str, follows: bool| {
            let format = Format::parse(format, "", Known::WithTables).expect("a format").expect("a format");
            let event = format.print_event("ADDED", &object, follows).expect("it prints");
            (format.print_next(&object, follows).expect("it prints"), event)
        };
        assert_eq!(one("yaml", false).0, "kind: A\nmetadata:\n  name: a\n");
        assert_eq!(one("yaml", true).0, "---\nkind: A\nmetadata:\n  name: a\n");
        let (_, event) = one("json", true);
        assert_eq!(
            event,
            "{\"type\":\"ADDED\",\"object\":{\"kind\":\"A\",\"metadata\":{\"managedFields\":[1],\"name\":\"a\"}}}\n"
        );
        assert_eq!(one("name", true), ("a/a\n".to_owned(), "a/a\n".to_owned()));
        assert_eq!(one("custom-columns=N:.metadata.name,K:.kind", false).0, "N\tK\na\tA\n");
        assert_eq!(one("custom-columns=N:.metadata.name,K:.kind", true).0, "a\tA\n");
    }

    #[test]
    fn what_is_no_format_is_named() {
        let refused = |typed: &str, template: &str, known: Known| Format::parse(typed, template, known).err();
        assert_eq!(
            refused("xml=\"", "", Known::WithTables).as_deref(),
            Some(
                "unable to match a printer suitable for the output format \"xml=\\\"\", allowed formats are: custom-columns,\
                 custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,\
                 template,templatefile,wide,yaml"
            )
        );
        let plain = refused("custom-columns=A:.a", "", Known::Objects).expect("an error");
        assert!(plain.ends_with("are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml"));
        assert!(refused("jsonpath={.a}", "{.b}", Known::Objects).is_some());
        assert!(refused("json=", "", Known::Objects).is_some());
        assert_eq!(
            refused("jsonpath", "", Known::Objects).as_deref(),
            Some("template format specified but no template given")
        );
        assert!(Format::parse("wide", "", Known::WithTables).expect("known").is_none());
        assert!(refused("wide", "", Known::Objects).is_some());
    }
}

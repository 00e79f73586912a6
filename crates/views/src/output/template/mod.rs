//! Go's text templates, as kubectl runs them over an object.

mod exec;
mod funcs;
mod lex;
mod node;
mod parse;
mod printf;
mod value;

use serde_json::Value;

use super::json::compact_as;
use super::{Kind, Printer, Settings, file, go};
pub(crate) use funcs::base64;
use parse::Trees;
use value::{Data, Val};

/// `go-template`, `go-template-file` and their old names.
pub(super) static FORMAT: Kind = Kind {
    names: &["go-template", "go-template-file", "template", "templatefile"],
    template: Some("template format specified but no template given"),
    make: |name, template| {
        let is_file = matches!(name, "go-template-file" | "templatefile");
        let written = if is_file { file("--template", template)? } else { template.to_owned() };
        let trees =
            parse::parse(NAME, &written).map_err(|error| format!("error parsing template {written}, {error}"))?;
        Ok(Box::new(Template { written, trees }))
    },
};

/// What kubectl calls the template.
const NAME: &str = "output";

#[derive(Debug)]
struct Template {
    written: String,
    trees: Trees,
}

impl Printer for Template {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        let mut object = object.clone();
        let raw = compact_as(&object, settings.fields);
        go::settle(&mut object);
        let root = Val::bare(Data::of(&object));
        exec::execute(&self.trees, &self.written, NAME, &root, settings.allow_missing_keys, text).map_err(|error| {
            text.push_str(&format!(
                "Error executing template: {error}. Printing more information for debugging the template:\n\ttemplate \
                 was:\n\t\t{}\n\traw data was:\n\t\t{raw}\n\tobject given to template engine was:\n\t\t{}\n\n",
                self.written,
                go::plain(&object)
            ));
            format!("error executing template {}: {error}", go::quoted(&self.written))
        })
    }
}

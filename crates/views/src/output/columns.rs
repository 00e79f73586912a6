//! `custom-columns=NAME:.metadata.name,…`: one column for each path.

use serde_json::Value;

use super::go;
use super::jsonpath::{Template, relaxed};
use super::{Kind, Printer, Settings, file, items};
use crate::layout::{Aligner, escape};

/// `custom-columns`, `custom-columns-file`.
pub(super) static FORMAT: Kind = Kind {
    names: &["custom-columns", "custom-columns-file"],
    template: Some("custom-columns format specified but no custom columns given"),
    make: |name, template| {
        Ok(Box::new(match name {
            "custom-columns-file" => of_file(&file("template", template)?)?,
            _ => of_spec(template)?,
        }))
    },
};

/// Headers and paths.
#[derive(Debug)]
struct Columns {
    columns: Vec<(String, String)>,
    from_file: bool,
}

fn of_spec(spec: &str) -> Result<Columns, String> {
    let column = |part: &str| {
        let wrong = || format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>");
        let (header, path) = part.split_once(':').ok_or_else(wrong)?;
        Ok((header.to_owned(), relaxed(path)?))
    };
    let columns = spec.split(',').map(column).collect::<Result<_, String>>()?;
    Ok(Columns { columns, from_file: false })
}

/// Two lines: the headers, the paths.
fn of_file(text: &str) -> Result<Columns, String> {
    let mut lines = text.lines();
    let mut next = |what: &str| {
        lines.next().map(|line| line.split_whitespace().collect::<Vec<_>>()).ok_or_else(|| {
            format!(
                "invalid template, missing {what} line. Expected format is one line of space separated headers, one line of \
                 space separated column specs."
            )
        })
    };
    let (headers, paths) = (next("header")?, next("spec")?);
    if headers.len() != paths.len() {
        let (headers, paths) = (headers.len(), paths.len());
        return Err(format!("number of headers ({headers}) and field specifications ({paths}) don't match"));
    }
    let column = |(header, path): (&str, &str)| Ok((header.to_owned(), relaxed(path)?));
    let columns = headers.into_iter().zip(paths).map(column).collect::<Result<_, String>>()?;
    Ok(Columns { columns, from_file: true })
}

impl Printer for Columns {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        let mut table = String::new();
        let outcome = self.cells(object, settings, &mut table);
        text.push_str(&Aligner::table().align(&table));
        outcome
    }

    /// Cells apart by tabs; the rows before an error stay.
    fn cells(&self, object: &Value, settings: Settings, table: &mut String) -> Result<(), String> {
        if !settings.follows && (self.from_file || !settings.no_headers) {
            let headers: Vec<&str> = self.columns.iter().map(|(header, _)| header.as_str()).collect();
            table.push_str(&(headers.join("\t") + "\n"));
        }
        let templates = self.columns.iter().map(|(_, path)| Template::parse(path)).collect::<Result<Vec<_>, _>>()?;
        for item in items(object) {
            let cells = templates.iter().map(|template| cell(template, item)).collect::<Result<Vec<_>, _>>()?;
            table.push_str(&(cells.join("\t") + "\n"));
        }
        Ok(())
    }
}

fn cell(template: &Template, object: &Value) -> Result<String, String> {
    let values = template.values(object)?;
    if values.is_empty() {
        return Ok("<none>".into());
    }
    Ok(values.iter().map(|value| escape(&go::plain(value))).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SETTINGS: Settings = Settings {
        show_managed_fields: false,
        no_headers: false,
        allow_missing_keys: true,
        fields: super::super::Fields::Sorted,
        follows: false,
    };

    fn printed(columns: &Columns, settings: Settings) -> (String, Option<String>) {
        let object = json!({"metadata": {"name": "a", "labels": {"b": "2", "a": "1"}}, "n": null, "f": 1e6,
            "c": [{"image": "i"}, {"image": "j"}]});
        let mut text = String::new();
        let error = columns.print(&object, settings, &mut text).err();
        (text, error)
    }

    #[test]
    fn cells_are_values_as_go_shows_them() {
        let spec = "NAME:.metadata.name,IMAGES:{c[*].image},ALL:c,L:.metadata.labels,N:n,X:.x,F:f,E:";
        let expected = [
            "NAME   IMAGES   ALL                           L              N       X        F       E\n",
            "a      i,j      [map[image:i] map[image:j]]   map[a:1 b:2]   <nil>   <none>   1e+06   <none>\n",
        ];
        assert_eq!(printed(&of_spec(spec).expect("columns"), SETTINGS), (expected.concat(), None));
        let bare = Settings { no_headers: true, ..SETTINGS };
        assert_eq!(printed(&of_spec("A:f").expect("a column"), bare).0, "1e+06\n");
        assert_eq!(printed(&of_file("A B\nf n\n").expect("columns"), bare).0, "A       B\n1e+06   <nil>\n");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let refused = |spec: &str| of_spec(spec).err();
        assert_eq!(
            refused("NAME").as_deref(),
            Some("unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>")
        );
        assert!(
            refused("A:{.a}{.b}").expect("an error").starts_with("unexpected path string, expected a 'name1.name2' or")
        );
        assert!(of_file("A\n").expect_err("an error").starts_with("invalid template, missing spec line."));
        assert_eq!(
            of_file("A B\na\n").expect_err("an error"),
            "number of headers (2) and field specifications (1) don't match"
        );
        // A path is read only when it is used.
        let (text, error) = printed(&of_spec("A:.a,B:.c[5]").expect("columns"), SETTINGS);
        assert_eq!(
            (text.as_str(), error.as_deref()),
            ("A     B\n", Some("array index out of bounds: index 5, length 2"))
        );
    }
}

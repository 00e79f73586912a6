//! `custom-columns=NAME:.metadata.name,…`: one column for each path.

use serde_json::Value;

use super::go;
use super::jsonpath::Template;
use super::sort_by::relaxed;
use crate::layout::{Aligner, escape};

use super::{Kind, Printer, Settings, file, items};

/// `custom-columns`, `custom-columns-file`.
pub(super) static FORMAT: Kind = Kind {
    names: &["custom-columns", "custom-columns-file"],
    template: Some("custom-columns format specified but no custom columns given"),
    make: |name, template| {
        Ok(Box::new(match name {
            "custom-columns-file" => Columns::parse_file(&file("template", template)?)?,
            _ => Columns::parse(template)?,
        }))
    },
};

impl Printer for Columns {
    fn print(&self, object: &Value, _: Settings, text: &mut String) -> Result<(), String> {
        text.push_str(&self.print(items(object))?);
        Ok(())
    }
}

#[derive(Clone, Debug)]
pub(super) struct Columns(Vec<(String, Template)>);

impl Columns {
    pub(super) fn parse(spec: &str) -> Result<Columns, String> {
        let column = |part: &str| {
            let wrong = || format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>");
            let (header, path) = part.split_once(':').filter(|(_, path)| !path.is_empty()).ok_or_else(wrong)?;
            Ok((header.to_owned(), Template::parse(&relaxed(path))?))
        };
        split(spec).into_iter().map(column).collect::<Result<_, String>>().map(Columns)
    }

    /// Two lines: the headers, the paths.
    pub(super) fn parse_file(text: &str) -> Result<Columns, String> {
        let mut lines = text.lines();
        let (Some(headers), Some(paths)) = (lines.next(), lines.next()) else {
            return Err("invalid template, expected a line of headers and a line of paths".into());
        };
        let headers: Vec<&str> = headers.split_whitespace().collect();
        let paths: Vec<&str> = paths.split_whitespace().collect();
        if headers.len() != paths.len() {
            return Err(format!(
                "number of headers ({}) and field specifications ({}) don't match",
                headers.len(),
                paths.len()
            ));
        }
        let column = |(header, path): (&str, &str)| Ok((header.to_owned(), Template::parse(&relaxed(path))?));
        headers.into_iter().zip(paths).map(column).collect::<Result<_, String>>().map(Columns)
    }

    pub(super) fn print<'a>(&self, objects: impl Iterator<Item = &'a Value>) -> Result<String, String> {
        let mut text = self.0.iter().map(|(header, _)| header.as_str()).collect::<Vec<_>>().join("\t") + "\n";
        for object in objects {
            let mut cells = Vec::new();
            for (_, template) in &self.0 {
                let values = template.values(object)?;
                cells.push(if values.is_empty() {
                    "<none>".to_owned()
                } else {
                    values.iter().map(|value| escape(&go::plain(value))).collect::<Vec<_>>().join(",")
                });
            }
            text.push_str(&(cells.join("\t") + "\n"));
        }
        Ok(Aligner::table().align(&text))
    }
}

/// At commas outside brackets.
fn split(spec: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in spec.char_indices() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&spec[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&spec[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_without_a_value_says_so() {
        let columns = Columns::parse("NAME:.metadata.name,IMAGES:.spec.c[*].image,X:.x").expect("three columns");
        let object = json!({"metadata": {"name": "a"}, "spec": {"c": [{"image": "i"}, {"image": "j"}]}});
        assert_eq!(
            columns.print(std::iter::once(&object)).expect("it prints"),
            "NAME   IMAGES   X\na      i,j      <none>\n"
        );
        assert!(Columns::parse("NAME").is_err());
    }
}

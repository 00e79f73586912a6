//! A long list printed as its objects come: what is printed of each stands for itself in most formats, so the whole list need not be held.

use serde_json::Value;

use super::{Format, list};

/// What stands around and between the objects of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) before: &'static str,
    pub(super) between: &'static str,
    pub(super) after: &'static str,
}

impl Frame {
    /// Nothing around, and this between what is printed of objects.
    pub(super) const fn between(between: &'static str) -> Frame {
        Frame { before: "", between, after: "" }
    }
}

/// A list that is being printed.
#[derive(Debug)]
pub struct Pieces<'f> {
    format: &'f Format,
    frame: Option<Frame>,
    /// The objects, where the format needs all of them at once.
    held: Vec<Value>,
    text: String,
    begun: bool,
    error: Option<String>,
}

impl Format {
    /// Begins to print a list.
    pub fn pieces(&self) -> Pieces<'_> {
        let frame = self.printer.frame(self.settings);
        Pieces { format: self, frame, held: Vec::new(), text: String::new(), begun: false, error: None }
    }
}

impl Pieces<'_> {
    /// Adds objects.
    pub fn add(&mut self, objects: Vec<Value>) {
        let Some(frame) = self.frame else { return self.held.extend(objects) };
        if self.error.is_some() || objects.is_empty() {
            return;
        }
        match self.format.print(&list(objects)) {
            Ok(printed) => self.add_text(frame, &printed),
            Err(error) => self.error = Some(error),
        }
    }

    fn add_text(&mut self, frame: Frame, printed: &str) {
        let inner = printed.strip_prefix(frame.before).and_then(|rest| rest.strip_suffix(frame.after));
        let inner = inner.unwrap_or(printed);
        if !inner.is_empty() {
            self.text.push_str(if self.begun { frame.between } else { frame.before });
            self.text.push_str(inner);
            self.begun = true;
        }
    }

    /// Ends the list and writes it.
    pub fn finish(mut self, text: &mut String) -> Result<(), String> {
        match (self.error, self.frame) {
            (Some(error), _) => Err(error),
            (None, Some(frame)) if self.begun => {
                self.text.push_str(frame.after);
                if text.is_empty() {
                    *text = self.text;
                } else {
                    text.push_str(&self.text);
                }
                Ok(())
            }
            _ => self.format.print_to(&list(self.held), text),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Known;
    use super::*;

    #[test]
    fn a_list_is_the_same_in_pieces_and_as_a_whole() {
        let pod = |at: usize| json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("web-{at}"), "managedFields": [at]}, "n": 1e6, "empty": at == 3});
        let mut sparse = pod(0);
        sparse["spec"] = json!({"nodeName": "n1"});
        let objects: Vec<Value> = [sparse].into_iter().chain((1..7).map(pod)).collect();
        for (typed, in_pieces) in [
            ("json", true),
            ("yaml", true),
            ("name", true),
            ("kyaml", false),
            ("jsonpath={.items[*].metadata.name}", true),
            ("jsonpath={.items[*].spec.nodeName}", true),
            ("jsonpath={range .items[*]}{.metadata.name}{\"\\t\"}{.n}{\"\\n\"}{end}", true),
            ("jsonpath={.items[0].metadata.name}", false),
            ("jsonpath={.items[*]['kind','apiVersion']}", false),
            ("jsonpath={.items[*].metadata.name} {.kind}", false),
            ("jsonpath={..name}", false),
            ("custom-columns=N:.metadata.name", false),
        ] {
            let format = Format::parse(typed, "", Known::WithTables).expect("a format").expect("a format");
            for size in [1, 2, 7] {
                let mut pieces = format.pieces();
                assert_eq!(pieces.frame.is_some(), in_pieces, "{typed}");
                objects.chunks(size).for_each(|chunk| pieces.add(chunk.to_vec()));
                let mut text = String::new();
                pieces.finish(&mut text).expect("it prints");
                assert_eq!(text, format.print(&list(objects.clone())).expect("it prints"), "{typed}");
            }
            let mut empty = String::new();
            let ended = format.pieces().finish(&mut empty).map(|()| empty);
            assert_eq!(ended, format.print(&list(Vec::new())), "{typed}");
        }
    }
}

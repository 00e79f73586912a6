//! `pod/web-0`: what a name is enough for.

use serde_json::Value;

use super::{Frame, Kind, Printer, Settings, items};

/// `name`.
pub(super) static FORMAT: Kind = Kind { names: &["name"], template: None, make: |_, _| Ok(Box::new(Name)) };

#[derive(Debug)]
struct Name;

impl Printer for Name {
    fn print(&self, object: &Value, _: Settings, text: &mut String) -> Result<(), String> {
        for item in items(object) {
            text.push_str(&name(item));
            text.push('\n');
        }
        Ok(())
    }

    fn frame(&self, _: Settings) -> Option<Frame> {
        Some(Frame::between(""))
    }
}

/// `pod/web-0`, `deployment.apps/web`.
fn name(object: &Value) -> String {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let kind = text("/kind").to_lowercase();
    let name = text("/metadata/name");
    let name = if name.is_empty() { "<unknown>" } else { name };
    match text("/apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    }
}

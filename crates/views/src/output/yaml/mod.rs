//! YAML as kubectl writes it: the rules of go-yaml, which kubectl gets there by way of JSON.

mod emit;
mod keys;
mod resolve;
mod scalar;

use serde_json::{Number, Value};

use super::go::{Num, float, json_number, num};
use super::json;
use super::{Frame, Kind, Printer, Settings};

/// `yaml`.
pub(super) static FORMAT: Kind = Kind { names: &["yaml"], template: None, make: |_, _| Ok(Box::new(Yaml)) };

#[derive(Debug)]
struct Yaml;

impl Printer for Yaml {
    fn print(&self, object: &Value, settings: Settings, text: &mut String) -> Result<(), String> {
        let object = settings.without_managed_fields(object);
        json::as_yaml_reads_it(&object)?;
        text.push_str(&emit::document(&object));
        Ok(())
    }

    fn frame(&self, _: Settings) -> Option<Frame> {
        let after = "kind: List\nmetadata:\n  resourceVersion: \"\"\n";
        Some(Frame { before: "apiVersion: v1\nitems:\n", between: "", after })
    }
}

/// A number, as YAML's reader understood its JSON.
fn number(number: &Number) -> String {
    match num(number) {
        Num::Int(whole) => whole.to_string(),
        Num::Float(0.0) => "0".into(),
        Num::Float(value) => {
            let text = json_number(number);
            if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() { text } else { float(value) }
        }
    }
}

/// Whether plain text reads as a number or a time.
pub(super) fn is_number_or_time(text: &str) -> bool {
    resolve::is_number_or_time(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::emit::document;

    #[test]
    fn lists_stand_at_the_level_of_their_key_and_keys_are_sorted() {
        let object = json!({"b": [{"y": 1, "x": "t"}, "s", ["i"]], "a": {"e": {}, "l": []}, "n": null, "a10": 1, "a2": -0.0, "A": 1e20});
        let expected =
            "A: 1e+20\na:\n  e: {}\n  l: []\na2: 0\na10: 1\nb:\n- x: t\n  \"y\": 1\n- s\n- - i\n\"n\": null\n";
        assert_eq!(document(&object), expected);
    }

    #[test]
    fn text_that_a_reader_would_take_for_something_else_is_quoted() {
        let written = |text: &str| document(&json!({ "k": text })).trim_start_matches("k: ").trim_end().to_owned();
        for quoted in
            ["yes", "YES", "123", "1.5", "null", "", "0x1f", "1e3", "2026-01-02", "12:30", "+.Inf", "~", "1_000", "09"]
        {
            assert_eq!(written(quoted), format!("\"{quoted}\""), "{quoted}");
        }
        for plain in [
            "v1",
            "a:b",
            "1.2.3",
            "100m",
            "-x",
            "a#b",
            "10.0.0.1",
            "/path",
            "yEs",
            "nUll",
            "<<",
            "=",
            "1e400",
            "2026-13-45",
        ] {
            assert_eq!(written(plain), plain);
        }
        assert_eq!(written("a: b"), "'a: b'");
        assert_eq!(written("it's: x"), "'it''s: x'");
        assert_eq!(written("\u{1f600}\u{a0}\t"), "\"\\U0001F600\u{a0}\\t\"");
    }

    #[test]
    fn lines_stand_in_a_block_unless_blanks_would_be_lost() {
        assert_eq!(document(&json!({"a": "x\n\ny"})), "a: |-\n  x\n\n  y\n");
        assert_eq!(document(&json!({"a": " x\ny\n\n"})), "a: |2+\n   x\n  y\n\n");
        assert_eq!(document(&json!({"a": "x \ny"})), "a: \"x \\ny\"\n");
    }
}

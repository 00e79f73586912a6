//! kubectl's formats: the expected files are what kubectl 1.37.2 printed for `tricky.json`.

use kloupe_views::output::{Format, Known};
use serde_json::Value;

fn printed(format: &str) -> String {
    let object = serde_json::from_str(include_str!("output/tricky.json")).expect("an object");
    let format = Format::parse(format, "", Known::WithTables).expect("a known format").expect("a format of objects");
    format.print(&object).expect("it prints")
}

#[test]
fn json_is_kubectls_byte_for_byte() {
    assert_eq!(printed("json"), include_str!("output/tricky.out.json"));
}

#[test]
fn yaml_is_kubectls_byte_for_byte() {
    assert_eq!(printed("yaml"), include_str!("output/tricky.out.yaml"));
}

#[test]
fn kyaml_is_kubectls_byte_for_byte() {
    assert_eq!(printed("kyaml"), include_str!("output/tricky.out.kyaml"));
}

/// Runs every template of a table over one object; the tables hold what kubectl 1.37.2 printed and said.
fn templates(format: &str, table: &str) {
    let object: Value = serde_json::from_str(include_str!("output/object.json")).expect("an object");
    let table: Vec<Value> = serde_json::from_str(table).expect("a table");
    for case in &table {
        let template = case["template"].as_str().expect("a template");
        let mut text = String::new();
        let said = Format::parse(&format!("{format}={template}"), "", Known::WithTables).and_then(|known| {
            let known = known.expect("a format of objects").allow_missing_keys(case.get("strict").is_none());
            known.print_to(&object, &mut text)
        });
        // The dumps of the object are the same everywhere.
        let text = text.split("Error executing template: template: ").next().unwrap_or_default();
        let said =
            said.err().map(|error| error.split(". Printing more information").next().unwrap_or_default().to_owned());
        assert_eq!(text, case.get("prints").and_then(Value::as_str).unwrap_or_default(), "{template}");
        assert_eq!(said.as_deref(), case.get("error").and_then(Value::as_str), "{template}");
    }
}

#[test]
fn jsonpath_prints_what_kubectl_prints() {
    templates("jsonpath", include_str!("output/jsonpath.json"));
}

#[test]
fn go_templates_print_what_kubectl_prints() {
    templates("go-template", include_str!("output/go-template.json"));
}

#[test]
fn a_template_that_stops_shows_what_it_ran_over() {
    let object = serde_json::json!({"b": "<", "a": 1e6});
    let format =
        Format::parse("", "{{.b}}{{.b.c}}", Known::WithTables).expect("a template").expect("a format of objects");
    let mut text = String::new();
    let said = format.print_to(&object, &mut text).expect_err("an error");
    let error = "template: output:1:10: executing \"output\" at <.b.c>: can't evaluate field c in type interface {}";
    assert_eq!(said, format!("error executing template \"{{{{.b}}}}{{{{.b.c}}}}\": {error}"));
    assert_eq!(
        text,
        format!(
            "<Error executing template: {error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t\
             {{{{.b}}}}{{{{.b.c}}}}\n\traw data was:\n\t\t{{\"a\":1000000,\"b\":\"\\u003c\"}}\n\tobject given to template engine \
             was:\n\t\tmap[a:1000000 b:<]\n\n"
        )
    );
}

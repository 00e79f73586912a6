//! kubectl's formats: the expected files are what kubectl 1.37.2 printed for `tricky.json`.

use kloupe_views::output::{Format, Known};

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

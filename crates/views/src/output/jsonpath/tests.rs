use serde_json::{Value, json};

use super::super::{Format, Known};
use super::relaxed;

fn object() -> Value {
    json!({"apiVersion":"example.com/v1","kind":"Foo","metadata":{"name":"w1","namespace":"default","labels":{"k":"v","app.kubernetes.io/name":"shop"},"finalizers":["example.com/f","z","q"],"ownerReferences":[{"kind":"Deployment","name":"web","uid":"u","controller":true},{"kind":"Job","name":"b<x>","uid":"v"}]},
        "spec":{"size":3,"ratio":0.5,"big":1e6,"f":3.0,"nul":null,"e":"","empty":[],"em":{},"list":[{"n":1,"s":"a"},{"n":2,"s":"b"},{"n":3}],"nest":{"name":"x","deeper":{"name":"y"}},"b":false}})
}

fn printed(format: &str, allow_missing: bool) -> String {
    let format = Format::parse(format, "", Known::Objects).map(|format| format.expect("a format of objects"));
    let printed = format.and_then(|format| format.allow_missing_keys(allow_missing).print(&object()));
    printed.unwrap_or_else(|error| {
        // The dump of the object is compared once, below.
        let error = error.split(". Printing more information").next().unwrap_or_default();
        format!("!{}", error.rsplit("Error executing template: ").next().unwrap_or_default())
    })
}

#[test]
fn each_part_is_a_list_of_json() {
    assert_eq!(
        printed("jsonpath-as-json={.metadata.finalizers[0]}-{.x}", true),
        "[\n    \"example.com/f\"\n]\n[\n    \"-\"\n]\n[]\n"
    );
}

#[test]
fn what_is_missing_can_be_an_error() {
    assert_eq!(printed("jsonpath={.spec.list[*].zz}", false), "!zz is not found");
    assert_eq!(printed("jsonpath={.spec.list[*].s}", false), "a b");
    assert_eq!(printed("jsonpath={.spec.list[?(@.zz)]}", false), "");
    assert_eq!(printed("jsonpath={.spec.list[?(@.zz==1)]}", false), "!zz is not found");
    assert_eq!(printed("jsonpath={range .nope[*]}{.x}{end}", false), "!nope is not found");
}

#[test]
fn an_error_shows_the_template_and_the_object() {
    let format = Format::parse("jsonpath={.a[5]}", "", Known::Objects).expect("a template").expect("a format");
    assert_eq!(
        format.print(&json!({"a": [1, null]})),
        Err("error executing jsonpath \"{.a[5]}\": Error executing template: array index out of bounds: index 5, length 2. \
             Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.a[5]}\n\tobject given to jsonpath \
             engine was:\n\t\tmap[string]interface {}{\"a\":[]interface {}{1, interface {}(nil)}}\n\n"
            .to_owned())
    );
}

#[test]
fn paths_may_leave_out_what_is_clear() {
    for path in ["a.b", ".a.b", "{a.b}", "{.a.b}"] {
        assert_eq!(relaxed(path).as_deref(), Ok("{.a.b}"));
    }
    assert_eq!(relaxed("").as_deref(), Ok(""));
    assert_eq!(relaxed(".").as_deref(), Ok("{..}"));
    assert!(relaxed("{.a}{.b}").is_err());
    assert!(relaxed("{}").is_err());
}

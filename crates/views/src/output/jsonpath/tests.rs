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

/// Templates and what kubectl 1.37.2 printed for them; after `!` the error.
const TEMPLATES: &[(&str, &str)] = &[
    (
        "{.spec}",
        "{\"b\":false,\"big\":1000000,\"e\":\"\",\"em\":{},\"empty\":[],\"f\":3,\"list\":[{\"n\":1,\"s\":\"a\"},{\"n\":2,\"s\":\"b\"},{\"n\":3}],\"nest\":{\"deeper\":{\"name\":\"y\"},\"name\":\"x\"},\"nul\":null,\"ratio\":0.5,\"size\":3}",
    ),
    ("{.spec.list[0:3:2].n}", "1 3"),
    ("{.spec.list[-2:].n}", "2 3"),
    ("{.spec.list[1:9].n}", "!array index out of bounds: index 8, length 3"),
    ("{.spec.list[2:1].n}", "!starting index 2 is greater than ending index 1"),
    ("{.spec.list[-5]}", "!array index out of bounds: index -2, length 3"),
    ("{.spec.list[0:2:0].n}", "!step must be > 0"),
    ("{.spec.list[?(@.n>1)].n}", "2 3"),
    ("{.spec.list[?(@.s!=\"a\")].n}", "2"),
    (
        "{.spec.list[?(@.s==\"a\" && @.n==1)].n}",
        "!error parsing jsonpath {.spec.list[?(@.s==\"a\" && @.n==1)].n}, unrecognized character in action: U+0026 '&'",
    ),
    (
        "{.spec.list[?(@.n==1||@.n==2)].n}",
        "!error parsing jsonpath {.spec.list[?(@.n==1||@.n==2)].n}, unrecognized character in action: U+007C '|'",
    ),
    ("{.spec.list[?(@.n>\"a\")].n}", "!incompatible types for comparison"),
    ("{.spec.list[?(@.n>1.5)].n}", "!incompatible types for comparison"),
    (
        "{.spec.list[?(@.s=~\"a\")].n}",
        "!error parsing jsonpath {.spec.list[?(@.s=~\"a\")].n}, unrecognized character in action: U+007E '~'",
    ),
    ("{.metadata.ownerReferences[?(@.controller)].name}", "web"),
    ("{.spec.nest[?(@.name==\"y\")]}", "!map[deeper:map[name:y] name:x] is not array or slice and cannot be filtered"),
    (
        "{.spec.size} {.spec.ratio} {.spec.big} {.spec.f} {.spec.nul} {.spec.b} {.spec.e} {.spec.empty} {.spec.em}",
        "3 0.5 1e+06 3 null false  [] {}",
    ),
    ("{.spec.size .spec.ratio}", ""),
    ("{.spec.size[0]}", "!int64 is not array or slice"),
    ("{.metadata.labels.app\\.kubernetes\\.io/name}", "shop"),
    ("{.metadata.labels['app\\.kubernetes\\.io/name']}", "shop"),
    ("{.metadata.labels['app.kubernetes.io/name']}", ""),
    ("{.metadata[\"name\"]}", "!error parsing jsonpath {.metadata[\"name\"]}, invalid array index \"name\""),
    ("{.metadata['name','namespace']}", "w1 default"),
    ("{.spec.list[*]['n','s']}", "1 2 3 a b"),
    ("{.spec.nest..name}", "x y"),
    ("{.metadata.name.*}", "119 49"),
    ("{range .spec.list[*]}{.n}:{.s}{\"\\n\"}{end}", "1:a\n2:b\n3:\n"),
    ("{range .spec.list[*]}{$.metadata.name}{end}", ""),
    ("{range .missing[*]}{.x}{end}", ""),
    ("{range .spec.list[*]}{.n}", "123"),
    ("{range .spec.list[*]}{.n}{range .x[*]}{.y}{end}!{end}tail", "1!2!3!tail"),
    ("{range .spec.nul}{@}{end}", "<no value>"),
    ("{range .metadata.ownerReferences[*]}{.name}{\",\"}{end}{.metadata.name}", "web,b<x>,w1"),
    ("{end}", "!not in range, nothing to end"),
    ("{metadata.name}", "!unrecognized identifier metadata"),
    (
        "{.metadata.name,.metadata.namespace}",
        "!error parsing jsonpath {.metadata.name,.metadata.namespace}, unrecognized character in action: U+002C ','",
    ),
    (
        "{}",
        "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Foo\",\"metadata\":{\"finalizers\":[\"example.com/f\",\"z\",\"q\"],\"labels\":{\"app.kubernetes.io/name\":\"shop\",\"k\":\"v\"},\"name\":\"w1\",\"namespace\":\"default\",\"ownerReferences\":[{\"controller\":true,\"kind\":\"Deployment\",\"name\":\"web\",\"uid\":\"u\"},{\"kind\":\"Job\",\"name\":\"b\\u003cx\\u003e\",\"uid\":\"v\"}]},\"spec\":{\"b\":false,\"big\":1000000,\"e\":\"\",\"em\":{},\"empty\":[],\"f\":3,\"list\":[{\"n\":1,\"s\":\"a\"},{\"n\":2,\"s\":\"b\"},{\"n\":3}],\"nest\":{\"deeper\":{\"name\":\"y\"},\"name\":\"x\"},\"nul\":null,\"ratio\":0.5,\"size\":3}}",
    ),
    ("{.}", ""),
    ("{\"a\\tb\\\"c\"}", "a\tb\"c"),
    ("{\"a\\qb\"}", "!error parsing jsonpath {\"a\\qb\"}, unquote string \"a\\qb\" error invalid syntax"),
    ("{'a\\'b'}", "a'b"),
    ("{1.5}", "1.5"),
    ("{1.2.3}", "!error parsing jsonpath {1.2.3}, cannot parse number 1.2.3"),
    ("{-}", "!error parsing jsonpath {-}, cannot parse number -"),
    ("{#}", "!error parsing jsonpath {#}, unrecognized character in action: U+0023 '#'"),
    ("{{.metadata.name}}", "!error parsing jsonpath {{.metadata.name}}, unrecognized character in action: U+007B '{'"),
    ("{.metadata.name", "!error parsing jsonpath {.metadata.name, unclosed action"),
    ("{.spec.list[}", "!error parsing jsonpath {.spec.list[}, unterminated array"),
    ("{.spec.list[a]}", "!error parsing jsonpath {.spec.list[a]}, invalid array index a"),
    ("{.spec.list[?(}", "!error parsing jsonpath {.spec.list[?(}, unterminated filter"),
    ("{.spec.list[?(@.n]}", "!error parsing jsonpath {.spec.list[?(@.n]}, unterminated filter"),
    ("{.spec.list[-]}", "!error parsing jsonpath {.spec.list[-]}, array index - is not a number"),
    ("{\"unterminated}", "!error parsing jsonpath {\"unterminated}, unterminated quoted string"),
    ("{...}", ""),
    ("{.metadata.ownerReferences[1]}", "{\"kind\":\"Job\",\"name\":\"b\\u003cx\\u003e\",\"uid\":\"v\"}"),
];

#[test]
fn templates_print_what_kubectl_prints() {
    for (template, expected) in TEMPLATES {
        assert_eq!(printed(&format!("jsonpath={template}"), true), *expected, "{template}");
    }
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

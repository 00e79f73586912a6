//! `LimitRanges`: bounds and defaults of what containers, pods and claims may ask for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::describe::page::{Page, put};
use crate::describe::value::{canonical, list, set, sorted, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("", "LimitRange")], queries: nothing, events: false, write };

/// The fields in the order of the columns.
const BOUNDS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    heads(page, "");
    rows(page, "", subject.spec());
}

/// The heads of the columns, each line after `indent`.
pub(super) fn heads(page: &mut Page, indent: &str) {
    let heads = ["Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio"];
    put!(page, 0, "{indent}{}\n", heads.join("\t"));
    put!(page, 0, "{indent}{}\n", heads.map(|head| "-".repeat(head.len())).join("\t"));
}

/// A row for each resource, sorted by name within a type (kubectl leaves that order to chance).
pub(super) fn rows(page: &mut Page, indent: &str, spec: &Value) {
    for limit in list(&spec["limits"]) {
        let resources: BTreeSet<&str> =
            BOUNDS.iter().flat_map(|bound| sorted(&limit[bound])).map(|(resource, _)| resource).collect();
        for resource in resources {
            let bounds = BOUNDS.map(|bound| set(&limit[bound][resource]).map_or("-".to_owned(), canonical));
            put!(page, 0, "{indent}{}\t{resource}\t{}\n", text(&limit["type"]), bounds.join("\t"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn each_resource_is_a_row_and_what_is_not_set_a_dash() {
        let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l", "namespace": "shop"},
            "spec": {"limits": [{"type": "Container", "max": {"memory": "1024Mi"}, "min": {"cpu": "100m"},
                "default": {"cpu": "1"}, "defaultRequest": {"cpu": "0.5"}, "maxLimitRequestRatio": {"memory": "2"}}]}});
        let expected = "\
Name:       l
Namespace:  shop
Type        Resource  Min   Max  Default Request  Default Limit  Max Limit/Request Ratio
----        --------  ---   ---  ---------------  -------------  -----------------------
Container   cpu       100m  -    500m             1              -
Container   memory    -     1Gi  -                -              2
";
        assert_eq!(described(&range), expected);
    }
}

//! `PriorityClasses`.

use crate::describe::page::Page;
use crate::describe::value::{number, text, truth};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::{label_set, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("scheduling.k8s.io", "PriorityClass")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let class = subject.object;
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.field(0, "Value", number(&class["value"]));
    page.field(0, "GlobalDefault", truth(&class["globalDefault"]));
    page.field(0, "PreemptionPolicy", text(&class["preemptionPolicy"]));
    page.field(0, "Description", text(&class["description"]));
    page.field(0, "Annotations", or_none(label_set(&subject.metadata()["annotations"])));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn annotations_are_one_line() {
        let class = json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": -10,
            "metadata": {"name": "low", "annotations": {"b": "2", "a": "1"}}, "preemptionPolicy": "Never"});
        let expected = "\
Name:              low
Value:             -10
GlobalDefault:     false
PreemptionPolicy:  Never
Description:       \n\
Annotations:       a=1,b=2
Events:            <none>
";
        assert_eq!(described(&class), expected);
    }
}

//! `PodDisruptionBudgets`: how many pods may be taken away.

use crate::describe::page::Page;
use crate::describe::value::{number, scalar, set};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::{label_selector, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("policy", "PodDisruptionBudget")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (spec, status) = (subject.spec(), subject.status());
    page.name_and_namespace(subject.object);
    if let Some(least) = set(&spec["minAvailable"]) {
        page.field(0, "Min available", scalar(least));
    } else if let Some(most) = set(&spec["maxUnavailable"]) {
        page.field(0, "Max unavailable", scalar(most));
    }
    let selector = set(&spec["selector"]).map(|selector| or_none(label_selector(selector)));
    page.field(0, "Selector", selector.as_deref().unwrap_or("<unset>"));
    page.put(0, "Status:\n");
    page.field(2, "Allowed disruptions", number(&status["disruptionsAllowed"]));
    page.field(2, "Current", number(&status["currentHealthy"]));
    page.field(2, "Desired", number(&status["desiredHealthy"]));
    page.field(2, "Total", number(&status["expectedPods"]));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn a_bound_is_a_number_or_a_share() {
        let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": {"name": "p", "namespace": "shop"}, "spec": {"maxUnavailable": "30%", "selector": {}},
            "status": {"disruptionsAllowed": 1, "currentHealthy": 3, "desiredHealthy": 2, "expectedPods": 3}});
        let expected = "\
Name:             p
Namespace:        shop
Max unavailable:  30%
Selector:         <none>
Status:
    Allowed disruptions:  1
    Current:              3
    Desired:              2
    Total:                3
Events:                   <none>
";
        assert_eq!(described(&budget), expected);
    }

    #[test]
    fn no_selector_is_not_an_empty_one() {
        let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "p"},
            "spec": {"minAvailable": 2}});
        let said = described(&budget);
        assert!(said.contains("Min available:  2\nSelector:       <unset>\n"), "{said}");
    }
}

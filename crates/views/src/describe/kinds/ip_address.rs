//! `IPAddresses`: which object holds an address.

use crate::describe::page::Page;
use crate::describe::value::{set, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("networking.k8s.io", "IPAddress")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    if let Some(parent) = set(&subject.spec()["parentRef"]) {
        page.put(0, "Parent Reference:\n");
        for (label, field) in
            [("Group", "group"), ("Resource", "resource"), ("Namespace", "namespace"), ("Name", "name")]
        {
            page.field(1, label, text(&parent[field]));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn the_holder_is_named() {
        let address = json!({"apiVersion": "networking.k8s.io/v1", "kind": "IPAddress", "metadata": {"name": "10.0.0.1"},
            "spec": {"parentRef": {"resource": "services", "namespace": "shop", "name": "web"}}});
        let expected = "\
Name:         10.0.0.1
Labels:       <none>
Annotations:  <none>
Parent Reference:
  Group:      \n  Resource:   services
  Namespace:  shop
  Name:       web
Events:       <none>
";
        assert_eq!(described(&address), expected);
    }
}

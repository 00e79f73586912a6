//! `RoleBindings` and `ClusterRoleBindings`: which role for whom.

use crate::describe::page::{Page, put};
use crate::describe::value::{list, text};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding")],
    queries: nothing,
    events: false,
    write,
};

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.put(0, "Role:\n");
    let role = &subject.object["roleRef"];
    page.field(1, "Kind", text(&role["kind"]));
    page.field(1, "Name", text(&role["name"]));
    page.put(0, "Subjects:\n");
    page.heads(1, &["Kind", "Name", "Namespace"]);
    for whom in list(&subject.object["subjects"]) {
        put!(page, 1, "{}\t{}\t{}\n", text(&whom["kind"]), text(&whom["name"]), text(&whom["namespace"]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn subjects_are_a_table_and_users_have_no_namespace() {
        let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": "b", "namespace": "shop", "labels": {"a": "b"}},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
            "subjects": [{"kind": "ServiceAccount", "name": "robot", "namespace": "ops"}, {"kind": "User", "name": "eve"}]});
        let expected = "\
Name:         b
Labels:       a=b
Annotations:  <none>
Role:
  Kind:  Role
  Name:  reader
Subjects:
  Kind            Name   Namespace
  ----            ----   ---------
  ServiceAccount  robot  ops
  User            eve    \n";
        assert_eq!(described(&binding), expected);
    }
}

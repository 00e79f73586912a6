//! Who was given which role.

use super::field::{list, name, text};
use super::{AGE, Head, NAME, Printer, Scene, cells, text as column, wide};
use serde_json::Value;

const GROUP: &str = "rbac.authorization.k8s.io";
const COLUMNS: &[Head] = &[NAME, column("Role"), AGE, wide("Users"), wide("Groups"), wide("ServiceAccounts")];

pub(super) static PRINTERS: &[Printer] = &[
    Printer { group: GROUP, kind: "RoleBinding", columns: COLUMNS, cells: binding },
    Printer { group: GROUP, kind: "ClusterRoleBinding", columns: COLUMNS, cells: binding },
];

fn binding(object: &Value, scene: &Scene) -> Vec<Value> {
    let subjects = |kind: &str| {
        let of_kind = list(object, "/subjects").iter().filter(|subject| text(subject, "/kind") == kind);
        let names = of_kind.map(|subject| match kind {
            "ServiceAccount" => format!("{}/{}", text(subject, "/namespace"), text(subject, "/name")),
            _ => text(subject, "/name").to_owned(),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    cells![
        name(object),
        format!("{}/{}", text(object, "/roleRef/kind"), text(object, "/roleRef/name")),
        scene.age(object),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

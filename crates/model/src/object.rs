//! Kubernetes objects as evidence: a reference that a person can copy, and the object itself, whole or partly seen.

use std::fmt;

use serde_json::Value;

use crate::Body;

/// Names one object: kind, API group, namespace, name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// The kind, spelt as the API spells it (`Deployment`).
    pub kind: String,
    /// The API group, empty for the core group or where it is not known.
    pub group: String,
    /// The namespace, empty for cluster-scoped objects or where it is not known.
    pub namespace: String,
    /// The object's name.
    pub name: String,
}

impl ObjectRef {
    /// A reference from its parts.
    pub fn new(kind: &str, group: &str, namespace: &str, name: &str) -> ObjectRef {
        ObjectRef { kind: kind.into(), group: group.into(), namespace: namespace.into(), name: name.into() }
    }

    /// Whether the two can be the same object: an unknown group or namespace on either side does not tell them apart.
    pub fn could_be(&self, other: &ObjectRef) -> bool {
        let same_or_unknown = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        self.name == other.name
            && self.kind.eq_ignore_ascii_case(&other.kind)
            && same_or_unknown(&self.group, &other.group)
            && same_or_unknown(&self.namespace, &other.namespace)
    }
}

/// `pod/web-0`, `deploy/shop-controller`, `Foo/berlin`: what kubectl takes on its command line where it has a short form.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = match self.kind.as_str() {
            "Deployment" => "deploy",
            "StatefulSet" => "sts",
            "DaemonSet" => "ds",
            "ReplicaSet" => "rs",
            other => return write!(f, "{}/{}", other.to_lowercase(), self.name),
        };
        write!(f, "{short}/{}", self.name)
    }
}

/// An object that was read.
///
/// A whole one came as YAML or JSON; a partial one was read from describe text or a table: what it does not mention is unknown, not unset.
#[derive(Clone, Debug)]
pub struct Object {
    /// Which object this is.
    pub reference: ObjectRef,
    /// The object in API shape. Of a partial one only the fields that the text shows.
    pub body: Body,
    /// Whether all fields are there.
    pub whole: bool,
    /// The file it came from.
    pub file: String,
}

impl Object {
    /// The object in API shape.
    pub fn value(&self) -> &Value {
        self.body.value()
    }

    /// The value at a path of field names, `None` where any step is missing.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self.value(), |value, key| value.get(key))
    }

    /// The text at a path of field names.
    pub fn str_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).and_then(Value::as_str)
    }

    /// The list at a path of field names, empty where there is none.
    pub fn list_at(&self, path: &[&str]) -> &[Value] {
        self.at(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The owner references' kinds and names.
    pub fn owners(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list_at(&["metadata", "ownerReferences"])
            .iter()
            .filter_map(|owner| Some((owner.get("kind")?.as_str()?, owner.get("name")?.as_str()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_read_as_kubectl_takes_them() {
        assert_eq!(ObjectRef::new("Deployment", "apps", "ops", "shop").to_string(), "deploy/shop");
        assert_eq!(ObjectRef::new("Pod", "", "ops", "shop-0").to_string(), "pod/shop-0");
    }

    #[test]
    fn an_unknown_namespace_does_not_tell_objects_apart() {
        let seen = ObjectRef::new("Pod", "", "", "shop-0");
        assert!(seen.could_be(&ObjectRef::new("Pod", "", "ops", "shop-0")));
        assert!(!ObjectRef::new("Pod", "", "dev", "shop-0").could_be(&ObjectRef::new("Pod", "", "ops", "shop-0")));
    }
}

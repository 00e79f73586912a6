//! What the place of a file says of the list in it, in the layouts of collectors.

use crate::kinds::{Kind, builtin, is_label};

/// The folder of a support bundle.
const BUNDLE: &str = "cluster-resources";

/// The namespace whose folder or file this is: `namespaces/NS/…` (must-gather, crust-gather), `cluster-resources/pods/NS.json` and
/// `cluster-resources/custom-resources/CRD/NS.json` (support bundles).
pub(super) fn namespace_of_place(path: &[String]) -> Option<&str> {
    if let Some(at) = path.iter().rposition(|part| part == "namespaces")
        && at + 2 < path.len()
    {
        return path.get(at + 1).map(String::as_str).filter(|namespace| is_label(namespace));
    }
    match path {
        [.., bundle, custom, _, file] if bundle == BUNDLE && custom == "custom-resources" => stem(file),
        [.., bundle, folder, file] if bundle == BUNDLE && folder != "custom-resources" => stem(file),
        _ => None,
    }
}

/// Kind and version of what a file of a support bundle lists: `cluster-resources/nodes.json`, `cluster-resources/network-policy/NS.json`.
pub(super) fn kind_of_place(path: &[String]) -> Option<(String, String)> {
    let name = match path {
        [.., bundle, folder, file] if bundle == BUNDLE && stem(file).is_some() => folder.as_str(),
        [.., bundle, file] if bundle == BUNDLE => stem(file)?,
        _ => return None,
    };
    let name = name.replace('-', "");
    let kind: &Kind = builtin(&name).or_else(|| builtin(name.strip_suffix('s')?))?;
    let api_version = if kind.group.is_empty() { "v1".to_owned() } else { format!("{}/v1", kind.group) };
    Some((kind.name.to_owned(), api_version))
}

fn stem(file: &str) -> Option<&str> {
    file.strip_suffix(".json").or_else(|| file.strip_suffix(".yaml")).filter(|stem| is_label(stem))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::read_as;

    #[test]
    fn places_of_lists() {
        let empty =
            "{\n  \"kind\": \"LeaseList\",\n  \"apiVersion\": \"coordination.k8s.io/v1\",\n  \"items\": []\n}\n";
        for (file, namespace) in [
            ("bundle/cluster-resources/leases/ops.json", Some("ops")),
            ("gather/namespaces/ops/coordination.k8s.io/leases.yaml", Some("ops")),
            ("gather/cluster-scoped-resources/coordination.k8s.io/leases.yaml", None),
            ("leases.json", None),
        ] {
            let found = read_as(file, empty);
            let listed: Vec<_> =
                found.facts.listed.iter().map(|it| (it.kind.as_str(), it.namespace.as_deref())).collect();
            assert_eq!(listed, [("Lease", namespace)], "{file}");
        }
    }

    #[test]
    fn lists_without_a_kind_in_a_bundle() {
        let list =
            "{\n  \"metadata\": {},\n  \"items\": [{\"metadata\": {\"name\": \"a\", \"namespace\": \"ops\"}}]\n}\n";
        for (file, kind) in [
            ("b/cluster-resources/pods/ops.json", "Pod"),
            ("b/cluster-resources/network-policy/ops.json", "NetworkPolicy"),
            ("b/cluster-resources/pvcs/ops.json", "PersistentVolumeClaim"),
            ("b/cluster-resources/storage-classes.json", "StorageClass"),
        ] {
            let found = read_as(file, list);
            let kinds: Vec<_> = found.facts.objects.iter().map(|object| object.reference.kind.as_str()).collect();
            assert_eq!(kinds, [kind], "{file}");
        }
        assert!(read_as("elsewhere/ops.json", list).facts.objects.is_empty());
    }
}

//! The kinds that Kubernetes itself serves, by every name that kubectl knows them by, and the shape of generated pod names.

/// A built-in kind: its spelling, its group, its plural, and short names.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) group: &'static str,
    plural: &'static str,
    short: &'static [&'static str],
}

const fn kind(name: &'static str, group: &'static str, plural: &'static str, short: &'static [&'static str]) -> Kind {
    Kind { name, group, plural, short }
}

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const STORAGE: &str = "storage.k8s.io";

const KINDS: &[Kind] = &[
    kind("Pod", "", "pods", &["po"]),
    kind("Service", "", "services", &["svc"]),
    kind("Node", "", "nodes", &["no"]),
    kind("Namespace", "", "namespaces", &["ns"]),
    kind("ConfigMap", "", "configmaps", &["cm"]),
    kind("Secret", "", "secrets", &[]),
    kind("ServiceAccount", "", "serviceaccounts", &["sa"]),
    kind("Event", "", "events", &["ev"]),
    kind("Endpoints", "", "endpoints", &["ep"]),
    kind("LimitRange", "", "limitranges", &["limits"]),
    kind("ResourceQuota", "", "resourcequotas", &["quota"]),
    kind("PersistentVolume", "", "persistentvolumes", &["pv"]),
    kind("PersistentVolumeClaim", "", "persistentvolumeclaims", &["pvc"]),
    kind("ReplicationController", "", "replicationcontrollers", &["rc", "replication-controllers"]),
    kind("ComponentStatus", "", "componentstatuses", &["cs"]),
    kind("PodTemplate", "", "podtemplates", &[]),
    kind("Deployment", "apps", "deployments", &["deploy"]),
    kind("ReplicaSet", "apps", "replicasets", &["rs"]),
    kind("StatefulSet", "apps", "statefulsets", &["sts"]),
    kind("DaemonSet", "apps", "daemonsets", &["ds"]),
    kind("ControllerRevision", "apps", "controllerrevisions", &[]),
    kind("Job", "batch", "jobs", &[]),
    kind("CronJob", "batch", "cronjobs", &["cj"]),
    kind("HorizontalPodAutoscaler", "autoscaling", "horizontalpodautoscalers", &["hpa"]),
    kind("Lease", "coordination.k8s.io", "leases", &[]),
    kind("EndpointSlice", "discovery.k8s.io", "endpointslices", &[]),
    kind("Ingress", "networking.k8s.io", "ingresses", &["ing"]),
    kind("IngressClass", "networking.k8s.io", "ingressclasses", &[]),
    kind("NetworkPolicy", "networking.k8s.io", "networkpolicies", &["netpol"]),
    kind("PodDisruptionBudget", "policy", "poddisruptionbudgets", &["pdb"]),
    kind("PodSecurityPolicy", "policy", "podsecuritypolicies", &["psp"]),
    kind("Role", RBAC, "roles", &[]),
    kind("RoleBinding", RBAC, "rolebindings", &[]),
    kind("ClusterRole", RBAC, "clusterroles", &[]),
    kind("ClusterRoleBinding", RBAC, "clusterrolebindings", &[]),
    kind("StorageClass", STORAGE, "storageclasses", &["sc"]),
    kind("VolumeAttachment", STORAGE, "volumeattachments", &[]),
    kind("CSIDriver", STORAGE, "csidrivers", &[]),
    kind("CSINode", STORAGE, "csinodes", &[]),
    kind("PriorityClass", "scheduling.k8s.io", "priorityclasses", &["pc"]),
    kind("RuntimeClass", "node.k8s.io", "runtimeclasses", &[]),
    kind("CustomResourceDefinition", "apiextensions.k8s.io", "customresourcedefinitions", &["crd", "crds"]),
    kind("APIService", "apiregistration.k8s.io", "apiservices", &[]),
    kind("ValidatingWebhookConfiguration", ADMISSION, "validatingwebhookconfigurations", &["vwc"]),
    kind("MutatingWebhookConfiguration", ADMISSION, "mutatingwebhookconfigurations", &["mwc"]),
    kind("ValidatingAdmissionPolicy", ADMISSION, "validatingadmissionpolicies", &["vap"]),
    kind("ValidatingAdmissionPolicyBinding", ADMISSION, "validatingadmissionpolicybindings", &[]),
    kind("CertificateSigningRequest", "certificates.k8s.io", "certificatesigningrequests", &["csr"]),
    kind("FlowSchema", "flowcontrol.apiserver.k8s.io", "flowschemas", &[]),
    kind("PriorityLevelConfiguration", "flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations", &[]),
];

/// The built-in kind of that name: kind, plural, singular or short name, in any case.
pub(crate) fn builtin(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| {
        kind.name.eq_ignore_ascii_case(name)
            || kind.plural.eq_ignore_ascii_case(name)
            || kind.short.iter().any(|short| short.eq_ignore_ascii_case(name))
    })
}

/// Whether only the cluster as a whole has such objects, never a namespace. Of a kind that is not built in this is not known.
pub(crate) fn cluster_scoped(kind: &str) -> bool {
    matches!(
        kind,
        "Node"
            | "Namespace"
            | "PersistentVolume"
            | "ClusterRole"
            | "ClusterRoleBinding"
            | "StorageClass"
            | "PriorityClass"
            | "RuntimeClass"
            | "IngressClass"
            | "CSIDriver"
            | "CSINode"
            | "VolumeAttachment"
            | "CustomResourceDefinition"
            | "APIService"
            | "ValidatingWebhookConfiguration"
            | "MutatingWebhookConfiguration"
            | "ValidatingAdmissionPolicy"
            | "ValidatingAdmissionPolicyBinding"
            | "CertificateSigningRequest"
            | "FlowSchema"
            | "PriorityLevelConfiguration"
            | "PodSecurityPolicy"
            | "ComponentStatus"
    )
}

/// A resource as kubectl writes it: `pods`, `deployment.apps`, `foos.example.com`, `foos.v1.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    /// The kind; of an unknown one the name as it was written.
    pub(crate) kind: String,
    /// Its group, empty where it is the core group or was not written.
    pub(crate) group: String,
    /// Whether the kind is a built-in one, and so spelt as the API spells it.
    pub(crate) known: bool,
}

impl Resource {
    /// Reads a resource name.
    pub(crate) fn parse(text: &str) -> Resource {
        let (name, group) = text.split_once('.').unwrap_or((text, ""));
        // `foos.v1.example.com` names a version between the two.
        let group = match group.split_once('.') {
            Some((version, rest)) if is_version(version) => rest,
            _ => group,
        };
        match builtin(name) {
            Some(kind) if group.is_empty() || group == kind.group || is_version(group) => {
                Resource { kind: kind.name.to_owned(), group: kind.group.to_owned(), known: true }
            }
            _ => Resource { kind: name.to_owned(), group: group.to_owned(), known: false },
        }
    }
}

/// Whether this reads as an API version: `v1`, `v1beta1`.
pub(crate) fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let digits = rest.trim_start_matches(|char: char| char.is_ascii_digit());
    digits.len() < rest.len() && (digits.is_empty() || digits.starts_with("alpha") || digits.starts_with("beta"))
}

/// The group in an `apiVersion`, empty for the core group.
pub(crate) fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A kind made from a plural that nothing explains: `foos` becomes `Foo`.
pub(crate) fn guess_from_plural(plural: &str) -> String {
    let singular = if let Some(stem) = plural.strip_suffix("ies") {
        format!("{stem}y")
    } else if let Some(stem) =
        plural.strip_suffix("es").filter(|stem| stem.ends_with(['s', 'x']) || stem.ends_with("ch"))
    {
        stem.to_owned()
    } else {
        plural.strip_suffix('s').unwrap_or(plural).to_owned()
    };
    let mut chars = singular.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Whether this is a name that the API server takes for a namespace (a DNS label).
pub(crate) fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether this is a name that the API server takes for a pod (DNS labels joined by dots).
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether a name ends as the names of a Deployment's or `DaemonSet`'s pods do: in five characters of the alphabet without vowels that
/// the API server draws from (apimachinery, util/rand).
pub(crate) fn is_generated_pod(name: &str) -> bool {
    let drawn = |part: &str| part.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    let mut parts = name.rsplit('-');
    let last = parts.next().unwrap_or_default();
    let before = parts.next().unwrap_or_default();
    is_name(name)
        && last.len() == 5
        && drawn(last)
        && (8..=10).contains(&before.len())
        && drawn(before)
        && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_known_by_all_their_names() {
        for name in ["po", "pods", "pod", "Pod"] {
            assert_eq!(Resource::parse(name).kind, "Pod");
        }
        assert_eq!(Resource::parse("deployment.apps").group, "apps");
        assert_eq!(Resource::parse("deployments.v1.apps").kind, "Deployment");
        let foo = Resource::parse("foos.example.com");
        assert_eq!((foo.kind.as_str(), foo.group.as_str(), foo.known), ("foos", "example.com", false));
        // A kind of the same name in another group is another kind.
        assert!(!Resource::parse("services.serving.example.com").known);
    }

    #[test]
    fn names_of_pods_have_a_shape() {
        assert!(is_generated_pod("shop-controller-7d9f8c6b5d-x2x4z"));
        assert!(!is_generated_pod("shop-controller"));
        assert!(!is_generated_pod("controller-2026-01-02"));
    }

    #[test]
    fn a_kind_is_guessed_from_its_plural() {
        assert_eq!(guess_from_plural("foos"), "Foo");
        assert_eq!(guess_from_plural("policies"), "Policy");
        assert_eq!(guess_from_plural("boxes"), "Box");
    }
}

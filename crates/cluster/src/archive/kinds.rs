//! The resources that a Kubernetes API server has of its own.

/// One kind of resource, as discovery tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the API calls this field `kind`")]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) resource: String,
    pub(crate) singular: String,
    pub(crate) kind: String,
    pub(crate) namespaced: bool,
    pub(crate) short: Vec<String>,
    pub(crate) categories: Vec<String>,
    /// What the API server let be done with it.
    pub(crate) verbs: Vec<String>,
    /// Its subresources, as aggregated discovery writes them.
    pub(crate) subresources: Vec<serde_json::Value>,
    /// The columns of a custom kind, as its definition lists them; none for what the API server has of its own.
    pub(crate) columns: Option<Vec<serde_json::Value>>,
    /// The fields that its definition lets lists be selected by.
    pub(crate) selectable: Vec<String>,
    /// What is said to whoever asks for a version that is on its way out.
    pub(crate) deprecated: Option<String>,
}

/// Group/version, resource, kind, whether it is namespaced (`N`), short names and categories, as Kubernetes 1.37 lists them.
const BUILT_IN: &str = "\
v1 bindings Binding N
v1 componentstatuses ComponentStatus C cs
v1 configmaps ConfigMap N cm
v1 endpoints Endpoints N ep
v1 events Event N ev
v1 limitranges LimitRange N limits
v1 namespaces Namespace C ns
v1 nodes Node C no
v1 persistentvolumeclaims PersistentVolumeClaim N pvc
v1 persistentvolumes PersistentVolume C pv
v1 pods Pod N po all
v1 podtemplates PodTemplate N
v1 replicationcontrollers ReplicationController N rc all
v1 resourcequotas ResourceQuota N quota
v1 secrets Secret N
v1 serviceaccounts ServiceAccount N sa
v1 services Service N svc all
apiregistration.k8s.io/v1 apiservices APIService C - api-extensions
apps/v1 controllerrevisions ControllerRevision N
apps/v1 daemonsets DaemonSet N ds all
apps/v1 deployments Deployment N deploy all
apps/v1 replicasets ReplicaSet N rs all
apps/v1 statefulsets StatefulSet N sts all
events.k8s.io/v1 events Event N ev
authentication.k8s.io/v1 selfsubjectreviews SelfSubjectReview C
authentication.k8s.io/v1 tokenreviews TokenReview C
authorization.k8s.io/v1 localsubjectaccessreviews LocalSubjectAccessReview N
authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview C
authorization.k8s.io/v1 selfsubjectrulesreviews SelfSubjectRulesReview C
authorization.k8s.io/v1 subjectaccessreviews SubjectAccessReview C
autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler N hpa all
autoscaling/v1 horizontalpodautoscalers HorizontalPodAutoscaler N hpa all
batch/v1 cronjobs CronJob N cj all
batch/v1 jobs Job N - all
certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest C csr
certificates.k8s.io/v1 clustertrustbundles ClusterTrustBundle C
certificates.k8s.io/v1 podcertificaterequests PodCertificateRequest N
networking.k8s.io/v1 ingressclasses IngressClass C
networking.k8s.io/v1 ingresses Ingress N ing
networking.k8s.io/v1 ipaddresses IPAddress C ip
networking.k8s.io/v1 networkpolicies NetworkPolicy N netpol
networking.k8s.io/v1 servicecidrs ServiceCIDR C
policy/v1 poddisruptionbudgets PodDisruptionBudget N pdb
rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding C
rbac.authorization.k8s.io/v1 clusterroles ClusterRole C
rbac.authorization.k8s.io/v1 rolebindings RoleBinding N
rbac.authorization.k8s.io/v1 roles Role N
storage.k8s.io/v1 csidrivers CSIDriver C
storage.k8s.io/v1 csinodes CSINode C
storage.k8s.io/v1 csistoragecapacities CSIStorageCapacity N
storage.k8s.io/v1 storageclasses StorageClass C sc
storage.k8s.io/v1 volumeattachments VolumeAttachment C
storage.k8s.io/v1 volumeattributesclasses VolumeAttributesClass C vac
admissionregistration.k8s.io/v1 mutatingadmissionpolicies MutatingAdmissionPolicy C - api-extensions
admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding C - api-extensions
admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration C - api-extensions
admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy C - api-extensions
admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding C - api-extensions
admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration C - api-extensions
apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition C crd,crds api-extensions
scheduling.k8s.io/v1 priorityclasses PriorityClass C pc
coordination.k8s.io/v1 leases Lease N
node.k8s.io/v1 runtimeclasses RuntimeClass C
discovery.k8s.io/v1 endpointslices EndpointSlice N
resource.k8s.io/v1 deviceclasses DeviceClass C
resource.k8s.io/v1 devicetaintrules DeviceTaintRule C
resource.k8s.io/v1 resourceclaims ResourceClaim N
resource.k8s.io/v1 resourceclaimtemplates ResourceClaimTemplate N
resource.k8s.io/v1 resourceslices ResourceSlice C
flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema C
flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration C
storagemigration.k8s.io/v1 storageversionmigrations StorageVersionMigration C
";

/// `apps/v1` as group and version; the core group is empty.
pub(crate) fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

pub(crate) fn built_in() -> Vec<Kind> {
    BUILT_IN.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Kind> {
    let mut words = line.split(' ');
    let (group, version) = split_api_version(words.next()?);
    let (resource, kind, scope) = (words.next()?, words.next()?, words.next()?);
    let is_asked = kind.ends_with("Review") || kind == "Binding";
    let verbs: &[&str] = if is_asked { &["create"] } else { &["get", "list", "watch"] };
    let short = words.next().filter(|short| *short != "-").unwrap_or_default();
    Some(Kind {
        group: group.to_owned(),
        version: version.to_owned(),
        resource: resource.to_owned(),
        singular: kind.to_lowercase(),
        kind: kind.to_owned(),
        namespaced: scope == "N",
        short: short.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        categories: words.map(str::to_owned).collect(),
        verbs: verbs.iter().map(|&verb| verb.to_owned()).collect(),
        ..Kind::default()
    })
}

/// The plural that most kinds have, where no definition tells it.
pub(crate) fn guess_plural(kind: &str) -> String {
    let lower = kind.to_lowercase();
    if let Some(stem) = lower.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    if lower.ends_with(['s', 'x', 'z']) || lower.ends_with("ch") || lower.ends_with("sh") {
        return format!("{lower}es");
    }
    format!("{lower}s")
}

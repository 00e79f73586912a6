//! Volumes: of a pod, of a template, and the source of a persistent volume.

use super::page::{Page, optional, put};
use super::value::{
    amount, bracketed, is_set, list, number, printed, scalar, scalar_or, set, sorted, text, texts, truth,
};
use serde_json::Value;

/// How a field of a volume source is shown.
#[derive(Clone, Copy)]
enum Show {
    /// A text or a number that is empty or 0 where it is not set.
    Text,
    Number,
    Truth,
    /// `<none>` where it is not set.
    OrNone,
    /// `<unset>` where it is not set.
    OrUnset,
    /// A list in brackets.
    Brackets,
    /// A list with commas.
    Commas,
    /// A reference to an object.
    Reference,
    /// A map.
    Map,
}

/// A line of a volume source: label, path of the field, and how it is shown.
type Line = (&'static str, &'static str, Show);

/// A kind of volume whose lines are plain fields.
struct Source {
    field: &'static str,
    kind: &'static str,
    /// In a pod.
    lines: &'static [Line],
    /// In a persistent volume, if that differs.
    persistent: Option<&'static [Line]>,
}

use Show::{Brackets, Commas, Map, Number, OrNone, OrUnset, Reference, Text, Truth};

const FS_TYPE: Line = ("FSType:", "fsType", Text);
const READ_ONLY: Line = ("ReadOnly:", "readOnly", Truth);
const SECRET_REF: Line = ("SecretRef:", "secretRef", Reference);

/// In the order in which kubectl looks for them.
const SOURCES: &[Source] = &[
    Source {
        field: "hostPath",
        kind: "HostPath (bare host directory volume)",
        lines: &[("Path:", "path", Text), ("HostPathType:", "type", OrNone)],
        persistent: None,
    },
    Source {
        field: "gcePersistentDisk",
        kind: "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        lines: &[("PDName:", "pdName", Text), FS_TYPE, ("Partition:", "partition", Number), READ_ONLY],
        persistent: None,
    },
    Source {
        field: "awsElasticBlockStore",
        kind: "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        lines: &[("VolumeID:", "volumeID", Text), FS_TYPE, ("Partition:", "partition", Number), READ_ONLY],
        persistent: None,
    },
    Source {
        field: "gitRepo",
        kind: "GitRepo (a volume that is pulled from git when the pod is created)",
        lines: &[("Repository:", "repository", Text), ("Revision:", "revision", Text)],
        persistent: None,
    },
    Source {
        field: "nfs",
        kind: "NFS (an NFS mount that lasts the lifetime of a pod)",
        lines: &[("Server:", "server", Text), ("Path:", "path", Text), READ_ONLY],
        persistent: None,
    },
    Source {
        field: "iscsi",
        kind: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        lines: &[
            ("TargetPortal:", "targetPortal", Text),
            ("IQN:", "iqn", Text),
            ("Lun:", "lun", Number),
            ("ISCSIInterface", "iscsiInterface", Text),
            FS_TYPE,
            READ_ONLY,
            ("Portals:", "portals", Brackets),
            ("DiscoveryCHAPAuth:", "chapAuthDiscovery", Truth),
            ("SessionCHAPAuth:", "chapAuthSession", Truth),
            SECRET_REF,
            ("InitiatorName:", "initiatorName", OrNone),
        ],
        persistent: None,
    },
    Source {
        field: "glusterfs",
        kind: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        lines: &[("EndpointsName:", "endpoints", Text), ("Path:", "path", Text), READ_ONLY],
        persistent: Some(&[
            ("EndpointsName:", "endpoints", Text),
            ("EndpointsNamespace:", "endpointsNamespace", OrUnset),
            ("Path:", "path", Text),
            READ_ONLY,
        ]),
    },
    Source {
        field: "persistentVolumeClaim",
        kind: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        lines: &[("ClaimName:", "claimName", Text), READ_ONLY],
        persistent: None,
    },
    Source {
        field: "rbd",
        kind: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        lines: &[
            ("CephMonitors:", "monitors", Brackets),
            ("RBDImage:", "image", Text),
            FS_TYPE,
            ("RBDPool:", "pool", Text),
            ("RadosUser:", "user", Text),
            ("Keyring:", "keyring", Text),
            SECRET_REF,
            READ_ONLY,
        ],
        persistent: None,
    },
    Source {
        field: "quobyte",
        kind: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        lines: &[("Registry:", "registry", Text), ("Volume:", "volume", Text), READ_ONLY],
        persistent: None,
    },
    Source {
        field: "azureDisk",
        kind: "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        lines: &[
            ("DiskName:", "diskName", Text),
            ("DiskURI:", "diskURI", Text),
            ("Kind: ", "kind", Text),
            FS_TYPE,
            ("CachingMode:", "cachingMode", Text),
            READ_ONLY,
        ],
        persistent: None,
    },
    Source {
        field: "vsphereVolume",
        kind: "vSphereVolume (a Persistent Disk resource in vSphere)",
        lines: &[("VolumePath:", "volumePath", Text), FS_TYPE, ("StoragePolicyName:", "storagePolicyName", Text)],
        persistent: None,
    },
    Source {
        field: "cinder",
        kind: "Cinder (a Persistent Disk resource in OpenStack)",
        lines: &[("VolumeID:", "volumeID", Text), FS_TYPE, READ_ONLY, SECRET_REF],
        persistent: None,
    },
    Source {
        field: "photonPersistentDisk",
        kind: "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        lines: &[("PdID:", "pdID", Text), FS_TYPE],
        persistent: None,
    },
    Source {
        field: "portworxVolume",
        kind: "PortworxVolume (a Portworx Volume resource)",
        lines: &[("VolumeID:", "volumeID", Text)],
        persistent: None,
    },
    Source {
        field: "scaleIO",
        kind: "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        lines: &[
            ("Gateway:", "gateway", Text),
            ("System:", "system", Text),
            ("Protection Domain:", "protectionDomain", Text),
            ("Storage Pool:", "storagePool", Text),
            ("Storage Mode:", "storageMode", Text),
            ("VolumeName:", "volumeName", Text),
            FS_TYPE,
            READ_ONLY,
        ],
        persistent: Some(&[
            ("Gateway:", "gateway", Text),
            ("System:", "system", Text),
            ("Protection Domain:", "protectionDomain", Text),
            ("Storage Pool:", "storagePool", Text),
            ("Storage Mode:", "storageMode", Text),
            ("VolumeName:", "volumeName", Text),
            ("SecretName:", "secretRef.name", Text),
            ("SecretNamespace:", "secretRef.namespace", Text),
            FS_TYPE,
            READ_ONLY,
        ]),
    },
    Source {
        field: "local",
        kind: "LocalVolume (a persistent volume backed by local storage on a node)",
        lines: &[("Path:", "path", Text)],
        persistent: None,
    },
    Source {
        field: "cephfs",
        kind: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        lines: &[
            ("Monitors:", "monitors", Brackets),
            ("Path:", "path", Text),
            ("User:", "user", Text),
            ("SecretFile:", "secretFile", Text),
            SECRET_REF,
            READ_ONLY,
        ],
        persistent: None,
    },
    Source {
        field: "storageos",
        kind: "StorageOS (a StorageOS Persistent Disk resource)",
        lines: &[
            ("VolumeName:", "volumeName", Text),
            ("VolumeNamespace:", "volumeNamespace", Text),
            FS_TYPE,
            READ_ONLY,
        ],
        persistent: None,
    },
    Source {
        field: "fc",
        kind: "FC (a Fibre Channel disk)",
        lines: &[("TargetWWNs:", "targetWWNs", Commas), ("LUN:", "lun", OrNone), FS_TYPE, READ_ONLY],
        persistent: None,
    },
    Source {
        field: "azureFile",
        kind: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        lines: &[("SecretName:", "secretName", Text), ("ShareName:", "shareName", Text), READ_ONLY],
        persistent: Some(&[
            ("SecretName:", "secretName", Text),
            ("SecretNamespace:", "secretNamespace", Text),
            ("ShareName:", "shareName", Text),
            READ_ONLY,
        ]),
    },
    Source {
        field: "flexVolume",
        kind: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        lines: &[("Driver:", "driver", Text), FS_TYPE, SECRET_REF, READ_ONLY, ("Options:", "options", Map)],
        persistent: None,
    },
    Source {
        field: "flocker",
        kind: "Flocker (a Flocker volume mounted by the Flocker agent)",
        lines: &[("DatasetName:", "datasetName", Text), ("DatasetUUID:", "datasetUUID", Text)],
        persistent: None,
    },
    Source {
        field: "image",
        kind: "Image (a container image or OCI artifact)",
        lines: &[("Reference:", "reference", Text), ("PullPolicy:", "pullPolicy", Text)],
        persistent: None,
    },
];

/// Writes the volumes of a pod (`indent` empty) or of a template.
pub(crate) fn write(page: &mut Page, volumes: &Value, indent: &str) {
    if list(volumes).is_empty() {
        put!(page, 0, "{indent}Volumes:\t<none>\n");
        return;
    }
    put!(page, 0, "{indent}Volumes:\n");
    let name_indent = if indent.is_empty() { "" } else { " " };
    for volume in list(volumes) {
        put!(page, 1, "{name_indent}{}:\n", text(&volume["name"]));
        source(page, volume, false);
    }
}

/// Writes where the data of a volume is: `holder` has a field for it.
pub(crate) fn source(page: &mut Page, holder: &Value, persistent: bool) {
    if let Some(found) = SOURCES.iter().find(|source| is_set(&holder[source.field])) {
        page.field(2, "Type", found.kind);
        let lines = if persistent { found.persistent.unwrap_or(found.lines) } else { found.lines };
        for &(label, path, show) in lines {
            let value = path.split('.').fold(&holder[found.field], |value, field| &value[field]);
            put!(page, 2, "{label}\t{}\n", shown(value, show, persistent));
        }
    } else if let Some(directory) = set(&holder["emptyDir"]) {
        page.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
        page.field(2, "Medium", text(&directory["medium"]));
        let limit = amount(&directory["sizeLimit"]);
        let limit = if limit.value() > 0 { limit.to_string() } else { "<unset>".to_owned() };
        page.field(2, "SizeLimit", limit);
    } else if let Some(secret) = set(&holder["secret"]) {
        page.field(2, "Type", "Secret (a volume populated by a Secret)");
        page.field(2, "SecretName", text(&secret["secretName"]));
        page.field(2, "Optional", optional(secret));
    } else if let Some(map) = set(&holder["configMap"]) {
        page.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
        page.field(2, "Name", text(&map["name"]));
        page.field(2, "Optional", optional(map));
    } else if let Some(ephemeral) = set(&holder["ephemeral"]) {
        page.field(
            2,
            "Type",
            "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
        );
        if let Some(template) = set(&ephemeral["volumeClaimTemplate"]) {
            page.indent += 2;
            claim(page, template, false);
            page.indent -= 2;
        }
    } else if let Some(api) = set(&holder["downwardAPI"]) {
        page.put(2, "Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n");
        for item in list(&api["items"]) {
            for from in
                [&item["fieldRef"]["fieldPath"], &item["resourceFieldRef"]["resource"]].into_iter().filter_map(set)
            {
                put!(page, 3, "{} -> {}\n", text(from), text(&item["path"]));
            }
        }
    } else if let Some(projected) = set(&holder["projected"]) {
        page.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
        for source in list(&projected["sources"]) {
            projection(page, source);
        }
    } else if let Some(csi) = set(&holder["csi"]) {
        page.field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)");
        page.field(2, "Driver", text(&csi["driver"]));
        page.field(2, "FSType", text(&csi["fsType"]));
        if persistent {
            page.field(2, "VolumeHandle", text(&csi["volumeHandle"]));
        }
        page.field(2, "ReadOnly", truth(&csi["readOnly"]));
        page.attributes("VolumeAttributes", &csi["volumeAttributes"]);
    } else {
        page.put(1, "<unknown>\n");
    }
}

fn projection(page: &mut Page, source: &Value) {
    if let Some(secret) = set(&source["secret"]) {
        page.field(2, "SecretName", text(&secret["name"]));
        page.field(2, "Optional", optional(secret));
    } else if is_set(&source["downwardAPI"]) {
        page.field(2, "DownwardAPI", true);
    } else if let Some(map) = set(&source["configMap"]) {
        page.field(2, "ConfigMapName", text(&map["name"]));
        page.field(2, "Optional", optional(map));
    } else if let Some(token) = set(&source["serviceAccountToken"]) {
        page.field(2, "TokenExpirationSeconds", set(&token["expirationSeconds"]).map_or(3600, number));
    }
}

fn shown(value: &Value, show: Show, persistent: bool) -> String {
    match show {
        Text => scalar(value),
        Number => number(value).to_string(),
        Truth => truth(value).to_string(),
        OrNone => scalar_or(value, "<none>"),
        OrUnset => scalar_or(value, "<unset>"),
        Brackets => bracketed(value),
        Commas => texts(value).join(", "),
        Map => {
            let pairs: Vec<String> =
                sorted(value).into_iter().map(|(key, value)| format!("{key}:{}", printed(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        Reference if value.is_null() => "nil".to_owned(),
        // A volume of no namespace says in which one the secret is.
        Reference if persistent => {
            format!("&SecretReference{{Name:{},Namespace:{},}}", text(&value["name"]), text(&value["namespace"]))
        }
        Reference => format!("&LocalObjectReference{{Name:{},}}", text(&value["name"])),
    }
}

/// Writes a claim, or the template of one, of which only some lines mean something.
pub(crate) fn claim(page: &mut Page, claim: &Value, full: bool) {
    let (metadata, spec, status) = (&claim["metadata"], &claim["spec"], &claim["status"]);
    if full {
        page.name_and_namespace(claim);
    }
    page.field(0, "StorageClass", class(claim));
    if full {
        page.phase(claim);
    }
    page.field(0, "Volume", text(&spec["volumeName"]));
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    if full {
        page.field(0, "Finalizers", bracketed(&metadata["finalizers"]));
    }
    let bound = !text(&spec["volumeName"]).is_empty();
    let capacity = if bound { super::value::canonical(&status["capacity"]["storage"]) } else { String::new() };
    page.field(0, "Capacity", capacity);
    page.field(0, "Access Modes", if bound { access_modes(&status["accessModes"]) } else { String::new() });
    if let Some(mode) = set(&spec["volumeMode"]) {
        page.field(0, "VolumeMode", text(mode));
    }
    if let Some(from) = set(&spec["dataSource"]) {
        page.put(0, "DataSource:\n");
        if let Some(group) = set(&from["apiGroup"]) {
            page.field(1, "APIGroup", text(group));
        }
        page.field(1, "Kind", text(&from["kind"]));
        page.field(1, "Name", text(&from["name"]));
    }
}

/// The storage class of a claim or a volume: an old annotation wins.
pub(crate) fn class(claim: &Value) -> &str {
    text(
        set(&claim["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"])
            .unwrap_or(&claim["spec"]["storageClassName"]),
    )
}

/// Access modes in short, each once, in a fixed order.
pub(crate) fn access_modes(modes: &Value) -> String {
    let modes = texts(modes);
    let known =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    known.iter().filter(|(mode, _)| modes.contains(mode)).map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}

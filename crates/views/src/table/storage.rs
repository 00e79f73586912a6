//! Volumes and who provides them.

use super::field::{
    annotation, at, count, deleting, flag_or, joined, list, name, quantity, set_or, text, text_or, texts,
};
use super::{AGE, Head, NAME, Printer, Scene, cells, flag, int as number, text as column, wide};
use serde_json::Value;

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: "",
        kind: "PersistentVolume",
        columns: &[
            NAME,
            column("Capacity"),
            column("Access Modes"),
            column("Reclaim Policy"),
            column("Status"),
            column("Claim"),
            column("StorageClass"),
            column("VolumeAttributesClass"),
            column("Reason"),
            AGE,
            wide("VolumeMode"),
        ],
        cells: |object, scene| {
            let claim = at(object, "/spec/claimRef")
                .map(|claim| format!("{}/{}", text(claim, "/namespace"), text(claim, "/name")));
            cells![
                name(object),
                quantity(object, "/spec/capacity/storage"),
                access_modes(list(object, "/spec/accessModes")),
                text_or(object, "/spec/persistentVolumeReclaimPolicy", "Retain"),
                phase(object),
                claim.unwrap_or_default(),
                class(object),
                set_or(object, "/spec/volumeAttributesClassName", "<unset>"),
                text(object, "/status/reason"),
                scene.age(object),
                set_or(object, "/spec/volumeMode", "Filesystem"),
            ]
        },
    },
    Printer {
        group: "",
        kind: "PersistentVolumeClaim",
        columns: &[
            NAME,
            column("Status"),
            column("Volume"),
            column("Capacity"),
            column("Access Modes"),
            column("StorageClass"),
            column("VolumeAttributesClass"),
            AGE,
            wide("VolumeMode"),
        ],
        cells: |object, scene| {
            let volume = text(object, "/spec/volumeName");
            let (capacity, modes) = if volume.is_empty() {
                (String::new(), String::new())
            } else {
                (quantity(object, "/status/capacity/storage"), access_modes(list(object, "/status/accessModes")))
            };
            cells![
                name(object),
                phase(object),
                volume,
                capacity,
                modes,
                class(object),
                set_or(object, "/spec/volumeAttributesClassName", "<unset>"),
                scene.age(object),
                set_or(object, "/spec/volumeMode", "Filesystem"),
            ]
        },
    },
    Printer {
        group: "storage.k8s.io",
        kind: "StorageClass",
        columns: &[
            NAME,
            column("Provisioner"),
            column("ReclaimPolicy"),
            column("VolumeBindingMode"),
            column("AllowVolumeExpansion"),
            AGE,
        ],
        cells: |object, scene| {
            let default = effective_default(scene) == Some(name(object));
            cells![
                format!("{}{}", name(object), if default { " (default)" } else { "" }),
                text(object, "/provisioner"),
                set_or(object, "/reclaimPolicy", "Delete"),
                set_or(object, "/volumeBindingMode", "Immediate"),
                flag_or(object, "/allowVolumeExpansion", false),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "storage.k8s.io",
        kind: "VolumeAttributesClass",
        columns: &[NAME, column("DriverName"), AGE],
        cells: |object, scene| cells![name(object), text(object, "/driverName"), scene.age(object)],
    },
    Printer {
        group: "storage.k8s.io",
        kind: "VolumeAttachment",
        columns: &[
            NAME,
            Head { format: "name", ..column("Attacher") },
            column("PV"),
            column("Node"),
            flag("Attached"),
            AGE,
        ],
        cells: |object, scene| {
            cells![
                name(object),
                text(object, "/spec/attacher"),
                text(object, "/spec/source/persistentVolumeName"),
                text(object, "/spec/nodeName"),
                flag_or(object, "/status/attached", false),
                scene.age(object),
            ]
        },
    },
    Printer {
        group: "storage.k8s.io",
        kind: "CSINode",
        columns: &[NAME, number("Drivers"), AGE],
        cells: |object, scene| cells![name(object), count(object, "/spec/drivers"), scene.age(object)],
    },
    Printer {
        group: "storage.k8s.io",
        kind: "CSIDriver",
        columns: &[
            NAME,
            flag("AttachRequired"),
            flag("PodInfoOnMount"),
            flag("StorageCapacity"),
            column("TokenRequests"),
            flag("RequiresRepublish"),
            column("Modes"),
            AGE,
        ],
        cells: |object, scene| {
            let tokens = match at(object, "/spec/tokenRequests") {
                Some(_) => joined(list(object, "/spec/tokenRequests"), "/audience", ","),
                None => "<unset>".to_owned(),
            };
            let modes = match list(object, "/spec/volumeLifecycleModes") {
                [] => "Persistent".to_owned(),
                modes => texts(modes, ","),
            };
            cells![
                name(object),
                flag_or(object, "/spec/attachRequired", true),
                flag_or(object, "/spec/podInfoOnMount", false),
                flag_or(object, "/spec/storageCapacity", false),
                tokens,
                flag_or(object, "/spec/requiresRepublish", false),
                modes,
                scene.age(object),
            ]
        },
    },
];

fn phase(object: &Value) -> &str {
    if deleting(object) { "Terminating" } else { text_or(object, "/status/phase", "Pending") }
}

/// The storage class: the old annotation goes before the field.
fn class(object: &Value) -> &str {
    annotation(object, "volume.beta.kubernetes.io/storage-class")
        .unwrap_or_else(|| text(object, "/spec/storageClassName"))
}

fn access_modes(modes: &[Value]) -> String {
    const SHORT: [(&str, &str); 4] =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let known = SHORT.iter().filter(|(long, _)| modes.iter().any(|mode| mode.as_str() == Some(long)));
    known.map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}

/// Of the storage classes that say they are the default, the one that counts: the youngest, of equally old ones the first by name.
fn effective_default<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let says_so = |class: &&Value| {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .iter()
            .any(|key| annotation(class, key) == Some("true"))
    };
    let made = |class: &Value| crate::age::parse(text(class, "/metadata/creationTimestamp"));
    scene
        .list
        .iter()
        .copied()
        .filter(says_so)
        .min_by(|a, b| made(b).cmp(&made(a)).then_with(|| name(a).cmp(name(b))))
        .map(name)
}

//! Requests for certificates, and trust.

use super::field::{at, condition, labels, list, name, text, text_or};
use super::{AGE, NAME, Printer, cells, text as column};
use serde_json::Value;

const GROUP: &str = "certificates.k8s.io";

pub(super) static PRINTERS: &[Printer] = &[
    Printer {
        group: GROUP,
        kind: "CertificateSigningRequest",
        columns: &[
            NAME,
            AGE,
            column("SignerName"),
            column("Requestor"),
            column("RequestedDuration"),
            column("Condition"),
        ],
        cells: |object, scene| {
            let seconds = at(object, "/spec/expirationSeconds").and_then(Value::as_i64);
            cells![
                name(object),
                scene.age(object),
                text_or(object, "/spec/signerName", "<none>"),
                text(object, "/spec/username"),
                seconds.map_or("<none>".to_owned(), crate::age::human_seconds),
                request_state(object),
            ]
        },
    },
    Printer {
        group: GROUP,
        kind: "ClusterTrustBundle",
        columns: &[NAME, column("SignerName")],
        cells: |object, _| cells![name(object), text_or(object, "/spec/signerName", "<none>")],
    },
    Printer {
        group: GROUP,
        kind: "PodCertificateRequest",
        columns: &[
            NAME,
            column("PodName"),
            column("ServiceAccountName"),
            column("NodeName"),
            column("SignerName"),
            column("State"),
            column("UnverifiedUserAnnotations"),
        ],
        cells: |object, _| {
            let conditions = list(object, "/status/conditions").iter().rev().map(|condition| text(condition, "/type"));
            let state = conditions.into_iter().find(|of| matches!(*of, "Issued" | "Denied" | "Failed"));
            cells![
                name(object),
                text(object, "/spec/podName"),
                text(object, "/spec/serviceAccountName"),
                text(object, "/spec/nodeName"),
                text(object, "/spec/signerName"),
                state.unwrap_or("Pending"),
                labels(object, "/spec/unverifiedUserAnnotations"),
            ]
        },
    },
];

fn request_state(request: &Value) -> String {
    let conditions = list(request, "/status/conditions");
    let has = |of: &str| condition(conditions, of).is_some();
    let decided = match () {
        () if has("Denied") => "Denied",
        () if has("Approved") => "Approved",
        () => "Pending",
    };
    let failed = if has("Failed") { ",Failed" } else { "" };
    let issued = if text(request, "/status/certificate").is_empty() { "" } else { ",Issued" };
    format!("{decided}{failed}{issued}")
}

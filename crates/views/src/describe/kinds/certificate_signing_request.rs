//! `CertificateSigningRequests`: who asks, for whom, and what became of it.

use serde_json::Value;

use crate::age;
use crate::describe::page::{Page, put};
use crate::describe::pkcs10::{self, Request};
use crate::describe::value::{list, number, set, text};
use crate::describe::{Describer, Subject, nothing};
use crate::selector::{label_set, or_none};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("certificates.k8s.io", "CertificateSigningRequest")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    let (metadata, spec) = (subject.metadata(), subject.spec());
    page.field(0, "Name", text(&metadata["name"]));
    page.field(0, "Labels", or_none(label_set(&metadata["labels"])));
    page.field(0, "Annotations", or_none(label_set(&metadata["annotations"])));
    page.time(0, "CreationTimestamp", &metadata["creationTimestamp"]);
    page.field(0, "Requesting User", text(&spec["username"]));
    page.field_if(0, "Signer", &spec["signerName"]);
    if let Some(seconds) = set(&spec["expirationSeconds"]) {
        page.field(0, "Requested Duration", age::human_seconds(number(seconds)));
    }
    page.field(0, "Status", state(subject.status()));
    match pkcs10::read(text(&spec["request"])) {
        Some(request) => write_request(page, &request),
        // kubectl gives up here; what is known is shown instead.
        None => page.field(0, "Subject", "<unreadable>"),
    }
}

fn state(status: &Value) -> String {
    let has = |kind: &str| list(&status["conditions"]).iter().any(|condition| condition["type"] == kind);
    let decided = if has("Denied") {
        "Denied"
    } else if has("Approved") {
        "Approved"
    } else {
        "Pending"
    };
    let failed = if has("Failed") { ",Failed" } else { "" };
    let issued = if text(&status["certificate"]).is_empty() { "" } else { ",Issued" };
    format!("{decided}{failed}{issued}")
}

fn write_request(page: &mut Page, request: &Request) {
    page.put(0, "Subject:\n");
    put!(page, 0, "\tCommon Name:\t{}\n", request.common_name);
    put!(page, 0, "\tSerial Number:\t{}\n", request.serial_number);
    values(page, "Organization", &request.organization);
    values(page, "Organizational Unit", &request.organizational_unit);
    values(page, "Country", &request.country);
    values(page, "Locality", &request.locality);
    values(page, "Province", &request.province);
    values(page, "StreetAddress", &request.street_address);
    values(page, "PostalCode", &request.postal_code);
    let names = [
        ("DNS Names", &request.dns_names),
        ("Email Addresses", &request.emails),
        ("URIs", &request.uris),
        ("IP Addresses", &request.addresses),
    ];
    if names.iter().any(|(_, names)| !names.is_empty()) {
        page.put(0, "Subject Alternative Names:\n");
    }
    for (label, names) in names {
        values(page, label, names);
    }
}

/// All values of one part below each other.
fn values(page: &mut Page, label: &str, values: &[String]) {
    if !values.is_empty() {
        put!(page, 0, "\t{label}:\t{}\n", values.join("\n\t\t"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::describe::described;

    /// Made with openssl, with every part that has a label.
    const REQUEST: &str = include_str!("../../../tests/data/request.b64");

    fn object(request: &str) -> Value {
        json!({"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
            "metadata": {"name": "eve", "creationTimestamp": "2026-01-02T03:04:05Z", "labels": {"b": "2", "a": "1"}},
            "spec": {"request": request, "username": "admin", "signerName": "example.com/none", "expirationSeconds": 864_000},
            "status": {"conditions": [{"type": "Approved"}, {"type": "Failed"}]}})
    }

    #[test]
    fn the_request_is_read() {
        let expected = "\
Name:                eve
Labels:              a=1,b=2
Annotations:         <none>
CreationTimestamp:   Fri, 02 Jan 2026 03:04:05 +0000
Requesting User:     admin
Signer:              example.com/none
Requested Duration:  10d
Status:              Approved,Failed
Subject:
  Common Name:          eve
  Serial Number:        42
  Organization:         system:masters
                        two
  Organizational Unit:  unit
  Country:              CN
  Locality:             杭州
  Province:             Zhejiang
  StreetAddress:        1 Road
  PostalCode:           310000
Subject Alternative Names:
         DNS Names:        a.example.com
                           b.example.com
         Email Addresses:  e@example.com
         URIs:             spiffe://x/y
         IP Addresses:     10.0.0.1
                           fd00::1
Events:  <none>
";
        assert_eq!(described(&object(REQUEST)), expected);
    }

    #[test]
    fn what_is_no_request_does_no_harm() {
        for length in (0..REQUEST.len()).step_by(7) {
            let said = described(&object(&REQUEST[..length]));
            assert!(said.contains("Subject:             <unreadable>\n"), "{said}");
        }
    }

    #[test]
    fn a_denied_request_is_not_approved_and_a_pending_one_is_neither() {
        let mut denied = object(REQUEST);
        denied["status"] = json!({"conditions": [{"type": "Approved"}, {"type": "Denied"}]});
        assert!(described(&denied).contains("Status:              Denied\n"));
        denied["status"] = json!({"certificate": "eA=="});
        assert!(described(&denied).contains("Status:              Pending,Issued\n"));
    }
}

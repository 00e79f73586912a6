//! `ServiceCIDRs`: where the addresses of Services come from.

use crate::describe::page::Page;
use crate::describe::value::{list, text, texts};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer =
    Describer { kinds: &[("networking.k8s.io", "ServiceCIDR")], queries: nothing, events: true, write };

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.field(0, "CIDRs", texts(&subject.spec()["cidrs"]).join(", "));
    let conditions = &subject.status()["conditions"];
    if !list(conditions).is_empty() {
        page.put(0, "Status:\n");
    }
    page.conditions(conditions, &["Type", "Status", "LastTransitionTime", "Reason", "Message"], |page, condition| {
        let [kind, status, reason, message] =
            ["type", "status", "reason", "message"].map(|field| text(&condition[field]));
        format!("{kind}\t{status}\t{}\t{reason}\t{message}", page.written(&condition["lastTransitionTime"]))
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn conditions_have_their_time() {
        let cidr = json!({"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": "c"},
            "spec": {"cidrs": ["10.0.0.0/24", "fd00::/112"]},
            "status": {"conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z", "message": "in use"}]}});
        let said = described(&cidr);
        let expected = "\
CIDRs:        10.0.0.0/24, fd00::/112
Status:
Conditions:
  Type   Status  LastTransitionTime               Reason  Message
  ----   ------  ------------------               ------  -------
  Ready  True    Fri, 02 Jan 2026 03:04:05 +0000          in use
Events:  <none>
";
        assert!(said.ends_with(expected), "{said}");
    }

    #[test]
    fn without_conditions_there_is_no_status() {
        let cidr = json!({"apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": {"name": "c"}});
        assert!(!described(&cidr).contains("Status"));
    }
}

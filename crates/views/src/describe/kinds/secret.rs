//! Secrets: the sizes of their values; of the values only the token of a service account is shown, as kubectl does.

use serde_json::Value;

use crate::describe::page::Page;
use crate::describe::value::{decoded_length, text};
use crate::describe::{Describer, Subject, nothing};
use crate::output::base64;

pub(crate) static DESCRIBER: Describer = Describer { kinds: &[("", "Secret")], queries: nothing, events: false, write };

fn write(page: &mut Page, subject: &Subject) {
    page.name_and_namespace(subject.object);
    page.labels_and_annotations(subject.object);
    page.put(0, "\n");
    page.field(0, "Type", text(&subject.object["type"]));
    page.put(0, "\n");
    page.put(0, "Data\n====\n");
    let mut data: Vec<(&String, &Value)> = subject.object["data"].as_object().into_iter().flatten().collect();
    data.sort_by_key(|(key, _)| *key);
    let of_account = text(&subject.object["type"]) == "kubernetes.io/service-account-token";
    for (key, value) in data {
        let token = base64(text(value)).ok().filter(|it| of_account && key == "token" && !it.is_empty());
        page.field(0, key, token.unwrap_or_else(|| format!("{} bytes", decoded_length(text(value)))));
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use serde_json::json;

    use crate::Clock;
    use crate::describe::{Related, describe};

    #[test]
    fn a_secret_shows_sizes_and_no_value() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": {"name": "s", "namespace": "shop"}, "data": {"password": "aHVudGVyMg==", "a": "eA=="}});
        let clock = Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
        let said = describe(&secret, &Related::default(), &clock, true);
        assert!(said.ends_with("Type:  Opaque\n\nData\n====\na:         1 bytes\npassword:  7 bytes\n"), "{said}");
        assert!(!said.contains("aHVudGVyMg"));
    }

    #[test]
    fn the_token_of_a_service_account_is_shown_as_kubectl_shows_it() {
        let secret =
            |kind: &str| json!({"apiVersion": "v1", "kind": "Secret", "type": kind, "data": {"token": "aHVudGVyMg=="}});
        let clock = Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
        let said = |kind: &str| describe(&secret(kind), &Related::default(), &clock, true);
        assert!(said("kubernetes.io/service-account-token").ends_with("token:  hunter2\n"));
        assert!(said("Opaque").ends_with("token:  7 bytes\n"));
    }
}

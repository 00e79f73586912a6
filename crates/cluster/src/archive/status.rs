//! Errors as the API server words them.

use serde_json::{Value, json};

/// The reason of a refusal that says that a capture does not hold what was asked for. No API server uses it; its code, 501, is none that
/// programs take for "there is none".
pub(crate) const NOT_CAPTURED: &str = "NotCaptured";

/// A refusal: becomes a `Status` object with the matching HTTP code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    /// Resource, group and name, where the refusal is about one object or list.
    pub(crate) about: Option<(String, String, String)>,
}

impl Refusal {
    fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, reason, message: message.into(), about: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Refusal {
        Refusal::new(400, "BadRequest", message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Refusal {
        Refusal::new(500, "InternalError", message)
    }

    /// No such path.
    pub(crate) fn no_path() -> Refusal {
        Refusal::new(404, "NotFound", "the server could not find the requested resource")
    }

    /// The server behind an aggregated API does not answer.
    pub(crate) fn unavailable() -> Refusal {
        Refusal::new(503, "ServiceUnavailable", "the server is currently unable to handle the request")
    }

    pub(crate) fn forbidden(resource: &str, group: &str, message: impl Into<String>) -> Refusal {
        let about = Some((resource.to_owned(), group.to_owned(), String::new()));
        Refusal { about, ..Refusal::new(403, "Forbidden", message) }
    }

    /// The capture does not hold that: nothing is known of it.
    pub(crate) fn not_captured(resource: &str, group: &str, message: impl Into<String>) -> Refusal {
        let about = Some((resource.to_owned(), group.to_owned(), String::new()));
        Refusal { about, ..Refusal::new(501, NOT_CAPTURED, message) }
    }

    /// `pods "x" not found`, `deployments.apps "x" not found`.
    pub(crate) fn not_found(resource: &str, group: &str, name: &str) -> Refusal {
        let qualified = if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") };
        let about = Some((resource.to_owned(), group.to_owned(), name.to_owned()));
        Refusal { about, ..Refusal::new(404, "NotFound", format!("{qualified} \"{name}\" not found")) }
    }

    /// A body in a form that is not understood.
    pub(crate) fn unsupported(accepted: &str) -> Refusal {
        let message =
            format!("the body of the request was in an unknown format - accepted media types include: {accepted}");
        Refusal::new(415, "UnsupportedMediaType", message)
    }

    /// The path is right and the method is not.
    pub(crate) fn method() -> Refusal {
        Refusal::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    }

    /// `Kind.group "" is invalid: why`.
    pub(crate) fn invalid(kind: &str, group: &str, why: &str) -> Refusal {
        Refusal::new(422, "Invalid", format!("{kind}.{group} \"\" is invalid: {why}"))
    }

    /// A capture cannot be written to, nor can its containers be reached.
    pub(crate) fn read_only(what: &str) -> Refusal {
        Refusal::new(
            405,
            "MethodNotAllowed",
            format!("this is a capture of a cluster, it can only be read: {what} is not possible"),
        )
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason});
        if let Some((resource, group, name)) = &self.about {
            let mut details = json!({});
            for (key, value) in [("name", name), ("group", group), ("kind", resource)] {
                if !value.is_empty() {
                    details[key] = Value::from(value.as_str());
                }
            }
            status["details"] = details;
        }
        status["code"] = Value::from(self.code);
        status
    }
}

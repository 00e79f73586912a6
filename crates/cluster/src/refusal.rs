//! Why a request got no answer, worded as kubectl words it: people search for these lines.

use std::fmt;

use http::Uri;
use kube::core::Status;

use crate::archive::NOT_CAPTURED;

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The API server answered with a `Status`.
    Status {
        /// The HTTP code.
        code: u16,
        /// The reason, one word; may be empty.
        reason: String,
        /// The message.
        message: String,
    },
    /// Nothing listens there.
    Refused {
        /// `host:port`.
        server: String,
    },
    /// The connection failed for another reason.
    Unreachable(String),
    /// There was no answer in time.
    Timeout,
    /// Something else.
    Other(String),
}

impl Refusal {
    /// Whether the API server says that the object or the path does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Refusal::Status { code: 404, .. })
    }

    /// Whether the API server refuses for want of rights.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Refusal::Status { code: 403, .. })
    }

    /// Whether a capture says that it does not hold what was asked for.
    pub fn is_not_captured(&self) -> bool {
        matches!(self, Refusal::Status { reason, .. } if reason == NOT_CAPTURED)
    }

    /// What went wrong without the words that kubectl puts before it.
    pub fn message(&self) -> String {
        match self {
            Refusal::Status { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }

    pub(crate) fn of_status(status: &Status) -> Refusal {
        let mut reason = status.reason.clone();
        // So the client library calls an answer that is no `Status`: one of a proxy, or of another server.
        if reason == "Failed to parse error data" {
            reason_of(status.code).clone_into(&mut reason);
        }
        Refusal::Status { code: status.code, reason, message: status.message.clone() }
    }

    pub(crate) fn of_error(error: &kube::Error, server: &Uri) -> Refusal {
        match error {
            kube::Error::Api(status) => Refusal::of_status(status),
            kube::Error::SerdeError(source) => Refusal::Other(format!("the answer is no JSON: {source}")),
            kube::Error::Service(source) => of_transport(source.as_ref(), server),
            kube::Error::HyperError(source) => of_transport(source, server),
            other => Refusal::Other(innermost(other)),
        }
    }
}

/// The line that kubectl ends with.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Status { code: 401, message, .. } => {
                write!(f, "error: You must be logged in to the server ({message})")
            }
            Refusal::Status { reason, message, .. } if reason.is_empty() => write!(f, "Error from server: {message}"),
            Refusal::Status { reason, message, .. } => write!(f, "Error from server ({reason}): {message}"),
            Refusal::Refused { server } => write!(
                f,
                "The connection to the server {server} was refused - did you specify the right host or port?"
            ),
            Refusal::Unreachable(why) => write!(f, "Unable to connect to the server: {why}"),
            Refusal::Timeout => f.write_str(
                "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
            ),
            Refusal::Other(text) => write!(f, "error: {text}"),
        }
    }
}

fn of_transport(error: &(dyn std::error::Error + 'static), server: &Uri) -> Refusal {
    let mut chain = Some(error);
    while let Some(link) = chain {
        if let Some(io) = link.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            let port = server.port_u16().unwrap_or(if server.scheme_str() == Some("http") { 80 } else { 443 });
            return Refusal::Refused { server: format!("{}:{port}", server.host().unwrap_or_default()) };
        }
        if let Some(nested) = link.downcast_ref::<kube::Error>() {
            return Refusal::of_error(nested, server);
        }
        chain = link.source();
    }
    let why = innermost(error);
    if why.contains("failed to lookup address") {
        return Refusal::Unreachable(format!("dial tcp: lookup {}: no such host", server.host().unwrap_or_default()));
    }
    // kubectl's words come first: they are what people look for.
    let why = why
        .replace(
            "invalid peer certificate: UnknownIssuer",
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        )
        .replace(
            "invalid peer certificate: certificate expired",
            "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        )
        .replace("invalid peer certificate: ", "tls: failed to verify certificate: x509: ");
    // A server's own certificate is no trust anchor here, as it is for Go programs.
    let hint = if why.contains("signed by unknown authority") {
        " (it is none of those that the kubeconfig names)"
    } else {
        ""
    };
    Refusal::Unreachable(format!("{why}{hint}"))
}

/// The API server's reason for a code.
fn reason_of(code: u16) -> &'static str {
    match code {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(link) = next {
        text = link.to_string();
        next = link.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_the_server_is_worded_as_kubectl_words_it() {
        let status = |code, reason: &str| Refusal::Status { code, reason: reason.into(), message: "m".into() };
        assert_eq!(status(404, "NotFound").to_string(), "Error from server (NotFound): m");
        assert_eq!(status(500, "").to_string(), "Error from server: m");
        assert_eq!(status(401, "Unauthorized").to_string(), "error: You must be logged in to the server (m)");
    }

    #[test]
    fn an_answer_of_something_else_gets_the_reason_of_its_code() {
        let status = Status::failure("go away", "Failed to parse error data").with_code(400);
        assert_eq!(Refusal::of_status(&status).to_string(), "Error from server (BadRequest): go away");
    }

    #[test]
    fn a_refused_connection_names_host_and_port() {
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let server = Uri::from_static("https://10.0.0.1");
        assert_eq!(of_transport(&io, &server), Refusal::Refused { server: "10.0.0.1:443".into() });
        let other = std::io::Error::other("invalid peer certificate: UnknownIssuer");
        let Refusal::Unreachable(said) = of_transport(&other, &server) else { panic!("it is unreachable") };
        assert!(
            said.starts_with("tls: failed to verify certificate: x509: certificate signed by unknown authority ("),
            "{said}"
        );
        let other = std::io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(
            of_transport(&other, &server),
            Refusal::Unreachable("dial tcp: lookup 10.0.0.1: no such host".into())
        );
        let other = std::io::Error::other("no route");
        assert_eq!(of_transport(&other, &server), Refusal::Unreachable("no route".into()));
    }
}

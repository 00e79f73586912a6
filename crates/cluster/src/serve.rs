//! A service behind a loopback port: TLS with an authority and a token that live as long as the server.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::crypto::SecureRandom;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::archive::{Answered, Service};

/// A client that has not said hello by then is no client.
const HELLO: Duration = Duration::from_secs(10);

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port cannot be had.
    #[error("port {port}: {source}")]
    Port {
        /// The port that was asked for; 0 is any.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// No certificate could be made.
    #[error("no certificate: {0}")]
    Certificate(String),
}

/// A port that waits for requests.
pub struct Server {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    service: Service,
    token: String,
    authority: String,
    address: SocketAddr,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Takes a port of 127.0.0.1; 0 is any that is free.
    pub async fn new(service: Service, port: u16) -> Result<Server, ServeError> {
        // A second call finds the provider in place.
        drop(rustls::crypto::ring::default_provider().install_default());
        let of_port = |source| ServeError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(of_port)?;
        let address = listener.local_addr().map_err(of_port)?;
        let (authority, acceptor) = certificates().map_err(ServeError::Certificate)?;
        let token = token().map_err(ServeError::Certificate)?;
        Ok(Server { listener, acceptor, service, token, authority, address })
    }

    /// `https://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// A kubeconfig for this server, with its authority and token.
    pub fn kubeconfig(&self, namespace: &str) -> Value {
        let named = |key: &str, what: Value| json!([{"name": "capture", key: what}]);
        json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": named("cluster", json!({
                "server": self.url(),
                "certificate-authority-data": STANDARD.encode(&self.authority),
            })),
            "users": named("user", json!({"token": self.token})),
            "contexts": named("context", json!({"cluster": "capture", "user": "capture", "namespace": namespace})),
            "current-context": "capture",
        })
    }

    /// Answers until it is dropped.
    pub async fn run(self) -> Infallible {
        let token = Arc::new(format!("Bearer {}", self.token));
        loop {
            let Ok((socket, _)) = self.listener.accept().await else {
                // Out of file handles: those who are served now will give some back.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let (acceptor, service, token) = (self.acceptor.clone(), self.service.clone(), Arc::clone(&token));
            tokio::spawn(serve(socket, acceptor, service, token));
        }
    }
}

async fn serve(socket: TcpStream, acceptor: TlsAcceptor, service: Service, token: Arc<String>) {
    let Ok(Ok(stream)) = tokio::time::timeout(HELLO, acceptor.accept(socket)).await else { return };
    let answer = service_fn(move |request: Request<Incoming>| {
        let (service, token) = (service.clone(), Arc::clone(&token));
        async move {
            if is_open(request.uri().path()) || is_allowed(&request, &token) {
                return service.oneshot(request).await;
            }
            Ok(unauthorized())
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    // A client that goes away in the middle is its own affair.
    drop(builder.serve_connection_with_upgrades(TokioIo::new(stream), answer).await);
}

fn is_open(path: &str) -> bool {
    matches!(path, "/healthz" | "/livez" | "/readyz" | "/version")
}

/// Every byte is compared, so that the time tells nothing of the token.
fn is_allowed<B: Body>(request: &Request<B>, expected: &str) -> bool {
    let given = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    given.len() == expected.len() && given.iter().zip(expected.as_bytes()).fold(0, |wrong, (a, b)| wrong | (a ^ b)) == 0
}

fn unauthorized() -> Response<Answered> {
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "Unauthorized", "reason": "Unauthorized", "code": 401});
    let mut response = Response::new(Full::new(bytes::Bytes::from(status.to_string())).boxed_unsync());
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An authority's certificate, and what accepts connections with one that it signed for this machine alone.
fn certificates() -> Result<(String, TlsAcceptor), String> {
    let said = |error: rcgen::Error| error.to_string();
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "kloupe capture");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().map_err(said)?).map_err(said)?;

    let key = KeyPair::generate().map_err(said)?;
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let mut leaf = CertificateParams::new(names).map_err(said)?;
    leaf.distinguished_name.push(DnType::CommonName, "kloupe serve");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &authority).map_err(said)?;

    let secret = PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?;
    let mut config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], secret)
        .map_err(|error| error.to_string())?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((authority.pem(), TlsAcceptor::from(Arc::new(config))))
}

fn token() -> Result<String, String> {
    let provider = rustls::crypto::ring::default_provider();
    let random: &dyn SecureRandom = provider.secure_random;
    let mut bytes = [0; 32];
    random.fill(&mut bytes).map_err(|_| "no random numbers".to_owned())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens() {
        let request =
            |value: &str| Request::builder().header(AUTHORIZATION, value).body(String::new()).expect("a request");
        assert!(is_allowed(&request("Bearer abc"), "Bearer abc"));
        for wrong in ["Bearer abd", "Bearer ab", "bearer abc", ""] {
            assert!(!is_allowed(&request(wrong), "Bearer abc"), "{wrong}");
        }
        assert!(is_open("/version") && !is_open("/api"));
    }
}

//! The live client: kubeconfig, contexts and overrides as kubectl has them, or the pod's own service account.

use std::collections::HashMap;
use std::time::Duration;

use kube::Config;
use kube::client::ClientBuilder;
use kube::config::{InferConfigError, Kubeconfig};

use crate::Cluster;
use crate::kubeconfig;
pub use crate::kubeconfig::ConnectError;
use crate::warnings::Warnings;

/// What the command line says about the connection.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The kubeconfig file in place of `KUBECONFIG` and `~/.kube/config`.
    pub kubeconfig: Option<String>,
    /// The context in place of the current one.
    pub context: Option<String>,
    /// The cluster in place of the context's.
    pub cluster: Option<String>,
    /// The user in place of the context's.
    pub user: Option<String>,
    /// The namespace in place of the context's.
    pub namespace: Option<String>,
    /// The API server in place of the cluster's.
    pub server: Option<String>,
    /// A bearer token in place of the user's.
    pub token: Option<String>,
    /// Whom to act as.
    pub act_as: Option<String>,
    /// The groups to act as.
    pub act_as_groups: Vec<String>,
    /// The uid to act as.
    pub act_as_uid: Option<String>,
    /// `key=value`, extra fields to act with.
    pub act_as_extra: Vec<String>,
    /// Do not check the server's certificate.
    pub insecure: bool,
    /// A file with the authority's certificate.
    pub certificate_authority: Option<String>,
    /// A file with the user's certificate.
    pub client_certificate: Option<String>,
    /// A file with the user's key.
    pub client_key: Option<String>,
    /// The name to ask of the server's certificate.
    pub tls_server_name: Option<String>,
    /// How long one answer may take.
    pub timeout: Option<Duration>,
}

/// A client for the cluster that the flags, the kubeconfig or the pod name.
pub async fn connect(flags: &Flags) -> Result<Cluster, ConnectError> {
    // A second call finds the provider in place.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut config = config(flags).await?;
    if let Some(server) = &flags.server {
        let with_scheme = if server.contains("://") { server.clone() } else { format!("http://{server}") };
        config.cluster_url = with_scheme.parse().map_err(|_| ConnectError::Server(server.clone()))?;
    }
    override_user(&mut config, flags);
    // Retries of the library hide that a server says 503; what is asked is asked once.
    config.default_retry = false;
    let server = config.cluster_url.clone();
    let certificate_ends = kubeconfig::certificate_end(&config);
    let namespace = flags.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
    let warnings = Warnings::default();
    let builder = ClientBuilder::try_from(config).map_err(|error| kubeconfig::of_chain(&error))?;
    let mut cluster = Cluster::new(builder.with_layer(&warnings).build(), server, namespace, warnings);
    cluster.timeout = flags.timeout;
    cluster.certificate_ends = certificate_ends;
    Ok(cluster)
}

async fn config(flags: &Flags) -> Result<Config, ConnectError> {
    // An empty kubeconfig is as good as none.
    let kubeconfig = kubeconfig::read(flags)?.filter(|it| !it.contexts.is_empty() || !it.clusters.is_empty());
    let chosen = |it: &Kubeconfig| {
        let name = flags.context.as_ref().or(it.current_context.as_ref());
        name.is_some_and(|name| !name.is_empty())
    };
    if flags.server.is_some() && !kubeconfig.as_ref().is_some_and(chosen) {
        return Ok(Config::new(http::Uri::from_static("http://localhost:8080")));
    }
    let Some(mut kubeconfig) = kubeconfig else { return infer().await };
    let with = !flags.act_as_groups.is_empty() || !flags.act_as_extra.is_empty() || flags.act_as_uid.is_some();
    if with && flags.act_as.is_none() {
        return Err(ConnectError::NobodyToActAs(user_name(&kubeconfig, flags)));
    }
    override_cluster(&mut kubeconfig, flags);
    kubeconfig::config(kubeconfig, flags).await
}

/// The name of the user's entry.
fn user_name(kubeconfig: &Kubeconfig, flags: &Flags) -> String {
    let context = flags.context.as_ref().or(kubeconfig.current_context.as_ref());
    let named = kubeconfig.contexts.iter().find(|named| Some(&named.name) == context);
    let own = named.and_then(|named| named.context.as_ref()).and_then(|context| context.user.clone());
    flags.user.clone().or(own).unwrap_or_default()
}

/// Certificates are read while the configuration is made, so these are put in before.
fn override_cluster(kubeconfig: &mut Kubeconfig, flags: &Flags) {
    for cluster in kubeconfig.clusters.iter_mut().filter_map(|named| named.cluster.as_mut()) {
        if flags.insecure {
            cluster.insecure_skip_tls_verify = Some(true);
        }
        if let Some(file) = &flags.certificate_authority {
            cluster.certificate_authority = Some(file.clone());
            cluster.certificate_authority_data = None;
        }
        if let Some(name) = &flags.tls_server_name {
            cluster.tls_server_name = Some(name.clone());
        }
    }
}

fn override_user(config: &mut Config, flags: &Flags) {
    let user = &mut config.auth_info;
    if let Some(token) = &flags.token {
        user.token = Some(token.clone().into());
        user.token_file = None;
        user.exec = None;
        user.username = None;
        user.password = None;
    }
    if let (Some(certificate), Some(key)) = (&flags.client_certificate, &flags.client_key) {
        user.client_certificate = Some(certificate.clone());
        user.client_certificate_data = None;
        user.client_key = Some(key.clone());
        user.client_key_data = None;
    }
    if let Some(name) = &flags.act_as {
        user.impersonate = Some(name.clone());
        user.impersonate_groups = Some(flags.act_as_groups.clone()).filter(|groups| !groups.is_empty());
        user.impersonate_uid.clone_from(&flags.act_as_uid);
        let mut extra: HashMap<String, Vec<String>> = HashMap::new();
        for (key, value) in flags.act_as_extra.iter().filter_map(|pair| pair.split_once('=')) {
            extra.entry(key.to_owned()).or_default().push(value.to_owned());
        }
        user.impersonate_user_extra = Some(extra).filter(|extra| !extra.is_empty());
    }
}

async fn infer() -> Result<Config, ConnectError> {
    Config::infer().await.map_err(|error: InferConfigError| match error {
        InferConfigError { .. } if std::env::var_os("KUBERNETES_SERVICE_HOST").is_none() => ConnectError::NoCluster,
        other => ConnectError::Config(other.to_string()),
    })
}

//! The kubeconfig: which files, which context, and what is wrong with them, so that it can be said in any language.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kloupe_views::describe::typed::end_of_first_certificate;
use kube::Config;
use kube::client::AuthError;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError, LoadDataError};

use crate::live::Flags;

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A kubeconfig that was named cannot be read.
    #[error("cannot read the kubeconfig \"{}\"", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A kubeconfig is no YAML, or no kubeconfig.
    #[error("\"{}\" is no kubeconfig: {why}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, without a piece of the file: it may hold keys.
        why: String,
    },
    /// The kubeconfig has no current context, and none was named.
    #[error("no context is chosen")]
    NoCurrentContext {
        /// The contexts that there are.
        known: Vec<String>,
    },
    /// The context is not in the kubeconfig.
    #[error("context \"{name}\" does not exist")]
    NoContext {
        /// The context.
        name: String,
        /// The contexts that there are.
        known: Vec<String>,
    },
    /// The cluster is not in the kubeconfig.
    #[error("cluster \"{0}\" does not exist")]
    NoClusterEntry(String),
    /// The user is not in the kubeconfig.
    #[error("user \"{0}\" does not exist")]
    NoUserEntry(String),
    /// A file that the kubeconfig or a flag names cannot be read.
    #[error("cannot read \"{}\"", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No kubeconfig says where the cluster is, and this is no pod.
    #[error("no kubeconfig names a cluster, and this program does not run in a pod")]
    NoCluster,
    /// Groups, a uid or extra fields to act with, and nobody to act as.
    #[error("requesting uid, groups or user-extra for {0} without impersonating a user")]
    NobodyToActAs(String),
    /// The client's key and its certificate are not a pair.
    #[error("the client key does not match the client certificate")]
    KeyMismatch,
    /// The server's address is no address.
    #[error("\"{0}\" is no address of a server")]
    Server(String),
    /// Something else in the kubeconfig cannot be used.
    #[error("{0}")]
    Config(String),
}

/// The kubeconfig of the flag, of the environment, or of the home folder; none where there is none.
pub(crate) fn read(flags: &Flags) -> Result<Option<Kubeconfig>, ConnectError> {
    if let Some(path) = &flags.kubeconfig {
        return read_file(Path::new(path)).map(Some);
    }
    let named = std::env::var_os("KUBECONFIG").unwrap_or_default();
    let paths: Vec<PathBuf> = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty()).collect();
    if paths.is_empty() {
        let home = std::env::home_dir().map(|home| home.join(".kube").join("config"));
        return home.filter(|path| path.exists()).map(|path| read_file(&path)).transpose();
    }
    // Of several files some may be missing, as with kubectl; where all are, the first is named.
    let mut merged: Option<Kubeconfig> = None;
    let mut missing = None;
    for path in &paths {
        match read_file(path) {
            Ok(next) => {
                let whole = match merged {
                    Some(before) => before.merge(next).map_err(|error| of_kubeconfig(&error))?,
                    None => next,
                };
                merged = Some(whole);
            }
            Err(ConnectError::Unreadable { path, source }) if source.kind() == io::ErrorKind::NotFound => {
                missing.get_or_insert(ConnectError::Unreadable { path, source });
            }
            Err(other) => return Err(other),
        }
    }
    match (merged, missing) {
        (None, Some(missing)) => Err(missing),
        (merged, _) => Ok(merged),
    }
}

fn read_file(path: &Path) -> Result<Kubeconfig, ConnectError> {
    Kubeconfig::read_from(path).map_err(|error| match error {
        KubeconfigError::ReadConfig(source, path) => ConnectError::Unreadable { path, source },
        KubeconfigError::Parse(why) => {
            ConnectError::Malformed { path: path.to_owned(), why: first_line(&why.to_string()) }
        }
        other => ConnectError::Malformed { path: path.to_owned(), why: first_line(&chain(&other)) },
    })
}

/// What the kubeconfig and the flags come to.
pub(crate) async fn config(kubeconfig: Kubeconfig, flags: &Flags) -> Result<Config, ConnectError> {
    check(&kubeconfig, flags)?;
    let options =
        KubeConfigOptions { context: flags.context.clone(), cluster: flags.cluster.clone(), user: flags.user.clone() };
    Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| of_kubeconfig(&error))
}

/// Whether everything that is named is there. A user that is not would make the client an anonymous one.
fn check(kubeconfig: &Kubeconfig, flags: &Flags) -> Result<(), ConnectError> {
    let known = || kubeconfig.contexts.iter().map(|context| context.name.clone()).collect::<Vec<_>>();
    let name = flags.context.as_ref().or(kubeconfig.current_context.as_ref()).filter(|name| !name.is_empty());
    let Some(name) = name else {
        let whole = flags.cluster.is_some() && flags.user.is_some();
        return if whole { Ok(()) } else { Err(ConnectError::NoCurrentContext { known: known() }) };
    };
    let Some(context) = kubeconfig.contexts.iter().find(|context| context.name == *name) else {
        return Err(ConnectError::NoContext { name: name.clone(), known: known() });
    };
    let context = context.context.clone().unwrap_or_default();
    let cluster = flags.cluster.as_ref().unwrap_or(&context.cluster);
    if !kubeconfig.clusters.iter().any(|it| it.name == *cluster) {
        return Err(ConnectError::NoClusterEntry(cluster.clone()));
    }
    match flags.user.as_ref().or(context.user.as_ref()).filter(|user| !user.is_empty()) {
        Some(user) if !kubeconfig.auth_infos.iter().any(|it| it.name == *user) => {
            Err(ConnectError::NoUserEntry(user.clone()))
        }
        _ => Ok(()),
    }
}

pub(crate) fn of_kubeconfig(error: &KubeconfigError) -> ConnectError {
    match error {
        KubeconfigError::LoadCertificateAuthority(source)
        | KubeconfigError::LoadClientCertificate(source)
        | KubeconfigError::LoadClientKey(source) => {
            of_data(source).unwrap_or_else(|| ConnectError::Config(chain(error)))
        }
        other => ConnectError::Config(chain(other)),
    }
}

/// A file that cannot be read, wherever in the chain of an error it is named.
pub(crate) fn of_chain(error: &(dyn std::error::Error + 'static)) -> ConnectError {
    let mut next = Some(error);
    while let Some(link) = next {
        if let Some(found) = link.downcast_ref::<LoadDataError>().and_then(of_data) {
            return found;
        }
        if let Some(found) = link.downcast_ref::<AuthError>() {
            return ConnectError::Config(of_plugin(found));
        }
        if let Some(found) = link.downcast_ref::<KubeconfigError>() {
            return of_kubeconfig(found);
        }
        next = link.source();
    }
    let why = chain(error);
    if why.contains("KeyMismatch") { ConnectError::KeyMismatch } else { ConnectError::Config(why) }
}

/// When the certificate by which the API server knows us ends.
pub(crate) fn certificate_end(config: &Config) -> Option<Timestamp> {
    let user = &config.auth_info;
    let own = user.client_certificate_data.clone();
    let file = || Some(STANDARD.encode(std::fs::read(user.client_certificate.as_ref()?).ok()?));
    end_of_first_certificate(&own.or_else(file)?)
}

/// What went wrong with a program that gives credentials. What it printed is not shown: it may be a token.
fn of_plugin(error: &AuthError) -> String {
    match error {
        AuthError::AuthExecStart(source) => {
            format!("getting credentials: exec: the plugin cannot be started: {source}")
        }
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            format!("getting credentials: exec: the plugin failed ({}): {last}", out.status)
        }
        other => first_line(&other.to_string()),
    }
}

fn of_data(error: &LoadDataError) -> Option<ConnectError> {
    let LoadDataError::ReadFile(source, path) = error else { return None };
    Some(ConnectError::File { path: path.clone(), source: io::Error::from(source.kind()) })
}

/// An error with its reasons, each said once, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(link) = next {
        let more = link.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = link.source();
    }
    first_line(&text)
}

/// What a reader of YAML says first. What follows is a piece of the file, which may hold a key.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "\
apiVersion: v1
kind: Config
clusters: [{name: here, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: hunter2}}]
contexts:
- {name: whole, context: {cluster: here, user: me}}
- {name: without-cluster, context: {cluster: gone, user: me}}
- {name: without-user, context: {cluster: here, user: gone}}
";

    fn said(flags: &Flags) -> String {
        let kubeconfig = Kubeconfig::from_yaml(ONE).expect("a kubeconfig");
        check(&kubeconfig, flags).map_or_else(|error| error.to_string(), |()| "all is there".to_owned())
    }

    #[test]
    fn what_is_named_and_not_there_is_said() {
        let context = |name: &str| Flags { context: Some(name.into()), ..Flags::default() };
        assert_eq!(said(&context("whole")), "all is there");
        assert_eq!(said(&context("gone")), "context \"gone\" does not exist");
        assert_eq!(said(&context("without-cluster")), "cluster \"gone\" does not exist");
        assert_eq!(said(&context("without-user")), "user \"gone\" does not exist");
        assert_eq!(said(&Flags { cluster: Some("here".into()), ..context("without-cluster") }), "all is there");
        assert_eq!(said(&Flags { user: Some("other".into()), ..context("whole") }), "user \"other\" does not exist");
        assert_eq!(said(&Flags::default()), "no context is chosen");
    }

    #[test]
    fn nothing_of_a_broken_file_is_shown() {
        let folder = std::env::temp_dir().join(format!("kloupe-kubeconfig-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("broken");
        std::fs::write(&path, format!("{ONE}broken: [{{token: hunter2\n")).expect("a file");
        let error = read_file(&path).expect_err("it is broken");
        assert!(matches!(&error, ConnectError::Malformed { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        std::fs::remove_dir_all(&folder).expect("it was made above");
    }
}

//! A read-only Kubernetes API server in the process, over captured state: what was captured whole is served, nothing else.
//!
//! `store.rs` finds objects, `service.rs` answers requests; what a capture cannot do is refused with a proper `Status`.

mod access;
mod discovery;
mod kinds;
mod log;
mod protobuf;
mod selector;
mod service;
mod status;
mod store;

use kloupe_sources::Archive;
use tower::Layer;

use crate::warnings::Warnings;

pub use service::{Answered, Service};
pub use store::Store;

/// A client of the API server over this archive. Call it within a runtime: the client's buffer is a task.
pub fn client(archive: Archive) -> kube::Client {
    collecting(archive, &Warnings::default())
}

fn collecting(archive: Archive, warnings: &Warnings) -> kube::Client {
    kube::Client::new(warnings.layer(Service::new(Store::new(archive))), "default")
}

/// The archive as a cluster; like kubectl, commands look into `default` where no namespace is named.
pub fn cluster(archive: Archive, namespace: Option<&str>) -> crate::Cluster {
    let server = http::Uri::from_static("https://capture");
    let warnings = Warnings::default();
    let client = collecting(archive, &warnings);
    crate::Cluster::archived(client, server, namespace.unwrap_or("default").to_owned(), warnings)
}

#[cfg(test)]
mod custom_tests;
#[cfg(test)]
mod tests;

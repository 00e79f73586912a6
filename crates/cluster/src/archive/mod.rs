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

pub use service::{Answered, Service};
pub use store::Store;

/// A client of the API server over this archive. Call it within a runtime: the client's buffer is a task.
pub fn client(archive: Archive) -> kube::Client {
    kube::Client::new(Service::new(Store::new(archive)), "default")
}

/// The archive as a cluster; like kubectl, commands look into `default` where no namespace is named.
pub fn cluster(archive: Archive, namespace: Option<&str>) -> crate::Cluster {
    let server = http::Uri::from_static("https://capture");
    crate::Cluster::archived(client(archive), server, namespace.unwrap_or("default").to_owned())
}

#[cfg(test)]
mod custom_tests;
#[cfg(test)]
mod tests;

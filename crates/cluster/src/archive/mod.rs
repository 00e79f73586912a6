//! A read-only Kubernetes API server in the process, over captured state: what was captured whole is served, nothing else.
//!
//! `store.rs` finds objects, `service.rs` answers requests; what a capture cannot do is refused with a proper `Status`, and so is what it
//! does not hold (`gaps.rs`). Its present is when it was taken (`clock.rs`).

mod access;
mod clock;
mod discovery;
mod events;
mod gaps;
mod kinds;
mod list;
mod log;
mod log_text;
mod openapi;
mod protobuf;
mod proxy;
mod query;
mod selector;
mod served;
mod service;
mod status;
mod store;

use jiff::Timestamp;
use kloupe_sources::Archive;

use crate::Cluster;

pub use service::{Answered, Service};
pub(crate) use status::NOT_CAPTURED;
pub use store::Store;

/// A client of the API server over this archive. Call it within a runtime: the client's buffer is a task.
pub fn client(archive: Archive) -> kube::Client {
    kube::Client::new(Service::new(Store::new(archive)), "default")
}

/// The archive as a cluster; like kubectl, commands look into `default` where no namespace is named. Ages count from `as_of` or, without
/// it, from the time of the capture.
pub fn cluster(archive: Archive, namespace: Option<&str>, as_of: Option<Timestamp>) -> Cluster {
    let server = http::Uri::from_static("https://capture");
    let namespace = namespace.unwrap_or("default").to_owned();
    Cluster::archived(Service::new(Store::new(archive).as_of(as_of)), server, namespace)
}

#[cfg(test)]
mod custom_tests;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod tests;

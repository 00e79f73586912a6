//! The one seam: whoever wants something from a cluster holds a `kube::Client`. There are two of them: the live one over HTTPS, and the
//! archive one, a read-only Kubernetes API server in the process over captured state.

pub mod archive;
pub mod capture;
pub mod cluster;
pub mod discovery;
pub mod family;
mod kubeconfig;
pub mod live;
mod refusal;
pub mod serve;
pub mod warnings;

pub use cluster::Cluster;
pub use discovery::{Discovery, Resource};
pub use family::Family;
pub use refusal::Refusal;

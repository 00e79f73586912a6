//! Tasks that need a running cluster (`testbed/up`, then `testbed/fill`).

mod compare;
mod parity;
mod rbac;

use clap::Subcommand;

pub(crate) use parity::Parity;
pub(crate) use rbac::Rbac;

/// What to do on the cluster.
#[derive(Subcommand)]
pub(crate) enum Live {
    /// Run every line of testbed/parity.txt with kubectl and with kloupe, and say where they differ
    Parity(Parity),
    /// Make random roles and bindings, ask the API server who may do what, and say where our evaluation differs
    Rbac(Rbac),
}

/// Does one task.
pub(crate) fn run(task: &Live) -> Result<(), String> {
    match task {
        Live::Parity(parity) => parity::run(parity),
        Live::Rbac(rbac) => rbac::run(rbac),
    }
}

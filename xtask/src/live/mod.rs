//! Tasks that need a running cluster (`testbed/up`, then `testbed/fill`).

mod compare;
mod parity;

use clap::Subcommand;

pub(crate) use parity::Parity;

/// What to do on the cluster.
#[derive(Subcommand)]
pub(crate) enum Live {
    /// Run every line of testbed/parity.txt with kubectl and with kloupe, and say where they differ
    Parity(Parity),
}

/// Does one task.
pub(crate) fn run(task: &Live) -> Result<(), String> {
    match task {
        Live::Parity(parity) => parity::run(parity),
    }
}

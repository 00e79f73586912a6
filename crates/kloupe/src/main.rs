//! kloupe: a loupe on the Kubernetes reconcile loop.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(kloupe::run(std::env::args_os()))
}

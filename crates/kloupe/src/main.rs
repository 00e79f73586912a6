//! kloupe: says why a Kubernetes controller does not do its job. All of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    kloupe::run(std::env::args_os().collect())
}

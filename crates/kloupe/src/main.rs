//! kloupe.
fn main() {}

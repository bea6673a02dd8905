//! The `kliping` command.
fn main() {}

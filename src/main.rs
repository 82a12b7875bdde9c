//! The command line: parses arguments and calls cli.
fn main() {}

//! The command line: hands the arguments, and the window if this build has one, to cli.

use std::process::ExitCode;
use wheel_of_misfortune::cli;

#[cfg(feature = "desktop")]
const OPEN: Option<cli::Open> =
    Some(|scenario, seed| wheel_of_misfortune::app::run(scenario, seed).map_err(|why| why.to_string()));

#[cfg(not(feature = "desktop"))]
const OPEN: Option<cli::Open> = None;

fn main() -> ExitCode {
    cli::run(std::env::args_os().skip(1), OPEN)
}

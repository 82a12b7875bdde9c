//! `wheel` and `wheel play`: opens the desktop game, which the program's start hands in, for cli knows no engine.

use super::{Exit, Io};

/// Opens the window at a scenario, or at the title; returns when it is closed, or why it cannot open.
pub type Open = fn(scenario: Option<String>, seed: Option<u64>) -> Result<(), String>;

/// Opens the window; a build without one says what to build instead.
pub(super) fn open(scenario: Option<String>, seed: Option<u64>, io: &mut Io<'_>) -> Exit {
    match io.open.map(|open| open(scenario, seed)) {
        Some(Ok(())) => Exit::Done,
        Some(Err(why)) => io.fail(Exit::Wrong, why),
        None => {
            let text = io.locale.say("cli-no-desktop");
            io.fail(Exit::Usage, text)
        }
    }
}

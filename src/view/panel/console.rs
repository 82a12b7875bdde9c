//! The consoles of a seat.

use crate::session::projection::{Projection, TerminalView};

/// The console panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsoleVm {
    /// Terminals of this seat, 1 first.
    pub terminals: Vec<TerminalView>,
}

impl ConsoleVm {
    /// Builds it for the projection's own seat.
    pub fn of(p: &Projection) -> ConsoleVm {
        ConsoleVm::of_seat(p, &p.seat)
    }

    /// Builds it for `seat`, as the game master's mirror shows it.
    pub fn of_seat(p: &Projection, seat: &str) -> ConsoleVm {
        ConsoleVm { terminals: p.terminals.iter().filter(|t| t.seat == seat).cloned().collect() }
    }
}

//! Pure builders: what a screen shows, in display terms. Reads a `Projection` or a report, never session state.

pub mod action;
pub mod debrief;
pub mod front;
pub mod gm; // the game master's station
pub mod line;
pub mod live; // the trainee's room
pub mod panel;
pub mod replay; // the panels of both
pub mod words;

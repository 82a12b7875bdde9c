//! Pure builders: what a screen shows, in display terms. Reads a `Projection` or a report, never session state.

pub mod action;
pub mod debrief;
pub mod front;
pub mod words;

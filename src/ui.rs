//! egui: panels as pure functions of a view-model.

pub mod debrief; // two lanes, turning points, questions, score, log
pub mod front; // title, wheel, landing card, briefing, library
pub mod theme; // colours, type, space
pub mod widget; // painted parts shared by every screen

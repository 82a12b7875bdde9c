//! egui: panels as pure functions of a view-model.

pub mod debrief; // two lanes, turning points, questions, score, log
pub mod front; // title, wheel, landing card, briefing, library
pub mod gm; // the game master's station
pub mod keys; // what the keyboard does
pub mod live; // the trainee's room
pub mod palette; // every action, found by typing
pub mod panel;
pub mod replay; // the panels that rooms are made of
pub mod theme; // colours, type, space
pub mod widget; // painted parts shared by every screen

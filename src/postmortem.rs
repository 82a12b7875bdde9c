//! Documents of a finished session: the blameless postmortem, the after-action report of the exercise, its list of events, everything as data.

pub mod document;
mod draft;
mod exercise;
mod html;
mod json;
mod markdown;
mod msel;
mod picture;
mod reasoning;

pub use draft::postmortem;
pub use exercise::after_action;
pub use html::write as html;
pub use json::json;
pub use markdown::write as markdown;
pub use msel::{msel, timeline};

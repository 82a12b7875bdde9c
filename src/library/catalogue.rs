//! The catalogue: what a library or a list shows of a scenario, nothing that would give it away.

use crate::scenario::{LangText, Level, Scenario};
use serde::Serialize;

/// One scenario as the catalogue shows it. Titles, sources and causes stay sealed until the debrief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Scenario's id, the folder's name.
    pub slug: String,
    /// Name on the wheel: a symptom or a place.
    pub wedge: LangText,
    /// Difficulty.
    pub level: Level,
    /// Expected playing time in minutes, from and to.
    pub minutes: (u32, u32),
    /// Fault classes. They hint at the cause: for game masters and leads, not for those about to play.
    pub classes: Vec<String>,
    /// Skills exercised.
    pub skills: Vec<String>,
    /// Weight on the wheel, at least 1.
    pub weight: u32,
}

impl Entry {
    /// The entry of a scenario.
    pub fn of(scenario: &Scenario) -> Entry {
        Entry {
            slug: scenario.id.clone(),
            wedge: scenario.wedge.clone(),
            level: scenario.level,
            minutes: scenario.minutes,
            classes: scenario.classes.clone(),
            skills: scenario.skills.clone(),
            weight: scenario.weight.max(1),
        }
    }
}

/// Sorts a catalogue for reading: easy ones first, then by id.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| (a.level, &a.slug).cmp(&(b.level, &b.slug)));
}

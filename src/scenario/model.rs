//! The validated scenario: data about a world, a story and what really happened. Names are checked, quantities are exact.

mod capacity;
mod change;
pub mod fault;
pub mod flow;
pub mod net;
pub mod observe;
mod original;
mod people;
pub mod scoring;
pub mod store;
mod story;
mod watch;
mod world;

pub use capacity::*;
pub use change::*;
pub use fault::*;
pub use flow::*;
pub use net::*;
pub use observe::*;
pub use original::*;
pub use people::*;
pub use scoring::*;
pub use store::*;
pub use story::*;
pub use watch::*;
pub use world::*;

use crate::stdx::time::Offset;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text of an author in each language of the catalogue; English is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LangText {
    /// English.
    pub en: String,
    /// Korean; empty means "as in English".
    pub ko: String,
}

/// Where a fact of the scenario comes from: a row of a source, arithmetic on one, or the author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provenance {
    /// `"pm 12:17"`: source id and the row's time or place in it.
    Source {
        /// Id in [`Scenario::sources`].
        source: String,
        /// The row, as the sheet names it.
        row: String,
    },
    /// `"derived pm 4710/4"`: computed from a source row; the text says how.
    Derived(String),
    /// `"invented"`: made up for the exercise.
    Invented,
}

/// How hard a scenario is; drawn as one to three pips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// One clear cause, few components.
    Easy,
    /// Several signals or a misleading one.
    Medium,
    /// Cascades, trade-offs, long horizons.
    Hard,
}

/// Everything a scenario file says, resolved and validated. All maps are ordered: order is identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Slug: lower-case letters, digits, hyphens; the folder's name.
    pub id: String,
    /// Full title, shown in the debrief (it may name the cause).
    pub title: LangText,
    /// The name on the wheel: a symptom or a place, never a cause.
    pub wedge: LangText,
    /// Difficulty.
    pub level: Level,
    /// Expected playing time in minutes, from and to.
    pub minutes: (u32, u32),
    /// Fault classes, for the catalogue.
    pub classes: Vec<String>,
    /// Skills exercised, for the catalogue.
    pub skills: Vec<String>,
    /// Cited sources by id.
    pub sources: BTreeMap<String, Source>,
    /// What accounts tell differently, and which one is followed.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
    /// What T0 is.
    pub t0: T0,
    /// When the session opens, before or at T0.
    pub opens: Offset,
    /// When it ends at the latest; scoring runs to here.
    pub horizon: Offset,
    /// The briefing, one text a language (Markdown).
    pub briefing: LangText,
    /// What the trainee is told they own and are allowed to do.
    pub you: You,
    /// The world at the opening.
    pub world: WorldSpec,
    /// What the scenario does, in order.
    pub script: Vec<ScriptRule>,
    /// What the original responders did and saw, in time order.
    pub original: Vec<OriginalRow>,
    /// What counts, by id.
    pub milestones: Vec<Milestone>,
    /// The answer, for scoring and the GM only.
    pub truth: Truth,
    /// What it sets of the scoring model.
    #[serde(default)]
    pub scoring: Scoring,
    /// Simulated people by id.
    pub people: BTreeMap<String, Person>,
    /// Cards that the GM may fire.
    pub deck: Vec<Card>,
    /// Nudges from smallest to largest.
    pub nudges: Vec<Nudge>,
    /// Points at which the team has to decide.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// Questions for the debrief.
    pub questions: Vec<Question>,
    /// Runbooks that the trainee may open.
    pub runbooks: BTreeMap<String, Doc>,
    /// Weight on the wheel, at least 1.
    pub weight: u32,
    /// SHA-256 digest over the package's files.
    pub digest: String,
}

impl Scenario {
    /// What is to be thought of a message, ticket or page that a rule or a card sends, if it says so.
    pub fn reliability_of(&self, text: &LangText) -> Option<Reliability> {
        let sends = |a: &Action| match a {
            Action::Say { text: t, .. } | Action::Ticket { text: t, .. } | Action::Page { text: t, .. } => t == text,
            _ => false,
        };
        let rules = self.script.iter().map(|r| (r.reliability, &r.actions));
        let all = rules.chain(self.deck.iter().map(|c| (c.reliability, &c.actions)));
        let mut declared = all.filter_map(|(r, actions)| Some((r?, actions)));
        declared.find(|(_, actions)| actions.iter().any(sends)).map(|(r, _)| r)
    }
}

/// The trainee's seat in the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct You {
    /// One sentence: what you are on call for.
    pub role: LangText,
    /// Host on which the first terminal opens.
    pub host: String,
    /// Unix user there.
    pub user: String,
    /// Permissions held, from a small closed list that tools name in their errors (`release`, `sudo:<host>`, `volume`).
    pub may: Vec<String>,
    /// Name of the incident channel, such as `#ops`.
    pub channel: String,
}

//! Simulated people: how they come, how fast they are, when they can be reached; and what is to be thought of a signal.

use super::LangText;
use crate::stdx::rational::{Exact, Ratio, ratio, whole};
use crate::stdx::time::{Span, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A simulated person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Role shown instead of a name.
    pub role: LangText,
    /// How long they take to join when called; `None` means they never do.
    pub joins: Option<Span>,
    /// Whether they are in the channel from the start.
    pub here: bool,
    /// Permissions they can use when asked, such as `volume`.
    pub may: Vec<String>,
    /// How long they take to answer what they are asked.
    #[serde(default)]
    pub answers: Span,
    /// How well they know the system.
    #[serde(default)]
    pub skill: SkillLevel,
    /// How tired they are: so much longer everything takes them.
    #[serde(default = "not_tired")]
    pub fatigue: Exact,
    /// How they tire on top of that.
    #[serde(default)]
    pub tires: Option<Tires>,
    /// When they can be reached; `None` is always.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// What they say when they join, and what they know, by topic word.
    pub says: BTreeMap<String, LangText>,
}

fn not_tired() -> Exact {
    Exact(whole(0))
}

/// How somebody tires the longer they are awake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tires {
    /// Since when they are awake.
    pub since: Utc,
    /// How much longer everything takes them with each hour since then.
    pub per_hour: Exact,
    /// How much longer it takes them at most.
    pub most: Exact,
}

/// How well somebody knows the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkillLevel {
    /// Takes twice as long.
    Novice,
    /// Takes the usual time.
    #[default]
    Able,
    /// Takes half as long.
    Expert,
}

/// When somebody can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// First hour of the day.
    pub from: u32,
    /// The hour at which it ends, after the first.
    pub to: u32,
    /// Minutes that their zone is ahead of UTC.
    pub zone_min: i32,
    /// Whether on Saturdays and Sundays too.
    pub weekends: bool,
}

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// Days that are looked ahead for the next time of being there: a week and a day.
const DAYS_AHEAD: i64 = 8;

impl Hours {
    /// Seconds from a moment until they can be reached; 0 if they can be now.
    pub fn wait(&self, now: Utc) -> u64 {
        let local = now.0 + i64::from(self.zone_min) * 60;
        let (from, to) = (i64::from(self.from) * 3_600, i64::from(self.to) * 3_600);
        let opens = |day: i64| {
            // The first of January 1970 was a Thursday, the fourth day of a week that begins on Monday.
            let works = self.weekends || (day + 3).rem_euclid(7) < 5;
            (works && local < day * DAY_S + to).then_some((day * DAY_S + from - local).max(0))
        };
        let today = local.div_euclid(DAY_S);
        let wait = (today..today + DAYS_AHEAD).find_map(opens).unwrap_or(DAYS_AHEAD * DAY_S);
        u64::try_from(wait).unwrap_or(0)
    }
}

impl Person {
    /// How long something takes them that usually takes so long: by their skill and how tired they are by then.
    pub fn takes(&self, usual: Span, now: Utc) -> u64 {
        let skill = match self.skill {
            SkillLevel::Novice => whole(2),
            SkillLevel::Able => whole(1),
            SkillLevel::Expert => ratio(1, 2),
        };
        self.tired(skill * whole(i64::try_from(usual.0).unwrap_or(i64::MAX)), now)
    }

    /// Seconds until they are in the channel once they are called at a moment; `None` if they never come.
    pub fn comes_in(&self, now: Utc) -> Option<u64> {
        let way = self.tired(whole(i64::try_from(self.joins?.0).unwrap_or(i64::MAX)), now);
        Some(self.hours.map_or(0, |h| h.wait(now)).saturating_add(way))
    }

    /// How tired they are at a moment: what they brought with them, and what being awake adds.
    fn fatigue_at(&self, now: Utc) -> Ratio {
        let awake = self.tires.as_ref().map_or(whole(0), |t| {
            let hours = ratio((now.0 - t.since.0).max(0), 3_600);
            (hours * &t.per_hour.0).min(t.most.0.clone())
        });
        &self.fatigue.0 + awake
    }

    fn tired(&self, seconds: Ratio, now: Utc) -> u64 {
        u64::try_from((seconds * (whole(1) + self.fatigue_at(now))).ceil().to_integer()).unwrap_or(u64::MAX)
    }
}

/// What the author knows of a signal: for the GM and the debrief, never for a trainee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reliability {
    /// It says what is so.
    True,
    /// It was so once and is no longer.
    Stale,
    /// It leads elsewhere.
    Decoy,
    /// It is so, and has nothing to do with it.
    Coincidence,
}

//! Sessions that were played here: the rows of the list, and one of them opened again.

use super::desk::Desk;
use super::play::Play;
use super::wheel::Wheel;
use crate::debrief::words::signed;
use crate::host::{self, HostError, Past};
use crate::scenario::LangText;
use crate::scoring::{self, Par};
use crate::stdx::rational::decimal;
use crate::storage::sessions;
use crate::view::front::{CameTo, PastRow};
use std::path::Path;
use std::time::Duration;

/// Sessions that are listed at most.
const MOST: usize = 50;

/// The rows of the list, newest first. What cannot be read at all is a row that says so.
pub fn rows(dir: &Path) -> Vec<PastRow> {
    host::past(dir, MOST).map(|all| all.iter().map(row).collect()).unwrap_or_default()
}

fn row(p: &Past) -> PastRow {
    let folder = p.folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (name, came_to) = match &p.log {
        Ok(log) if !log.finished => (log.scenario.wedge.clone(), CameTo::Open),
        Ok(log) => {
            let report =
                Par::pinned(&log.package).map(|par| scoring::score(&log.scenario, &log.header, &log.facts, &par));
            let word = |r: scoring::Report| CameTo::Word(r.word, signed(&decimal(&r.delta, 1)));
            (log.scenario.wedge.clone(), report.map_or(CameTo::Word("front-sessions-unscored", String::new()), word))
        }
        Err(e) => (LangText { en: folder, ko: String::new() }, CameTo::Unreadable(e.to_string())),
    };
    let date = p.written.map(|t| t.iso().chars().take(10).collect()).unwrap_or_default();
    PastRow { number: p.number, date, name, came_to }
}

impl Desk {
    /// Opens a session that was played here: its debrief, or the room if it has no end yet. What is wrong with its log is said.
    pub fn open_session(&mut self, number: u64, wheel: &mut Wheel, now: Duration) {
        let Some(dir) = &self.sessions else { return };
        let found = sessions::list(dir).ok().and_then(|all| all.into_iter().find(|(n, _)| *n == number));
        let Some((_, folder)) = found else { return };
        let said = match Play::reopen(&folder) {
            Ok((play, wrong)) => {
                self.play = Some(play);
                self.finish(now);
                wrong.join(" ")
            }
            Err(HostError::Unfinished(_)) => match Play::resume(&folder) {
                Ok((play, dropped)) => {
                    self.enter(play, wheel, now);
                    dropped.unwrap_or_default()
                }
                Err(e) => e.to_string(),
            },
            Err(e) => e.to_string(),
        };
        if !said.is_empty() {
            self.say(said, now);
        }
    }
}

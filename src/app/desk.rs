//! What the program holds between frames: settings, the scenarios, the draw, the session being played, what the screens remember.

use super::idle::Pace;
use super::play::Play;
use super::screens::Memory;
use super::shelf::Shelf;
use super::{AppOptions, seed};
use crate::library::draw::{self, Filling};
use crate::locale::{Arg, Lang, Locale};
use crate::storage::settings::{self, Settings};
use crate::storage::{place, sessions};
use crate::view::action::Screen;
use crate::view::front::{Kept, Wedge};
use bevy::prelude::Resource;
use std::path::PathBuf;
use std::time::Duration;

/// How long a note stays on the screen.
const NOTE: Duration = Duration::from_secs(8);

/// Fewest wedges on the wheel.
const LEAST_WEDGES: usize = 6;

/// A session that was closed before its end.
#[derive(Clone, Debug)]
pub struct KeptSession {
    /// Its folder.
    pub folder: PathBuf,
    /// As the title shows it.
    pub shown: Kept,
}

/// The draw of the wheel.
#[derive(Debug, Default)]
pub struct Draw {
    /// Seed of the next spin, or of the last one while it is shown.
    pub seed: u64,
    /// What stands on the wheel.
    pub filling: Filling,
    /// Slugs by wedge; those of a small pool stand on several.
    pub wedges: Vec<String>,
    /// Number of the last spin within the pool.
    pub spin: u32,
    /// What the last spin drew was new to this team.
    pub new: bool,
    /// Scenario that the game master fixed.
    pub pinned: Option<String>,
    /// Chosen volunteer.
    pub volunteer: Option<usize>,
    /// The seed is given and not to be replaced.
    pub fixed: bool,
}

/// Everything that is not the wheel.
#[derive(Resource)]
pub struct Desk {
    /// Settings in force.
    pub settings: Settings,
    settings_path: Option<PathBuf>,
    /// The catalogue of words.
    pub locale: Locale,
    /// The scenarios.
    pub shelf: Shelf,
    /// The screen that is shown.
    pub screen: Screen,
    /// The draw.
    pub draw: Draw,
    /// The scenario of landing card and briefing.
    pub chosen: Option<String>,
    /// Whether it came from the wheel.
    pub from_wheel: bool,
    /// The session being played or debriefed.
    pub play: Option<Play>,
    /// The session that can be resumed.
    pub kept: Option<KeptSession>,
    /// How many sessions are kept on this machine.
    pub kept_sessions: u32,
    /// Where sessions are kept.
    pub sessions: Option<PathBuf>,
    /// What the screens remember.
    pub memory: Memory,
    /// A note and until when it is shown.
    pub note: Option<(String, Duration)>,
    /// The question before a running session is left: whether the program closes after it.
    pub leaving: Option<bool>,
    /// A newer version of the running scenario is there.
    pub newer: bool,
    /// The program is to close.
    pub quit: bool,
}

impl Desk {
    /// The desk at the start of the program.
    pub fn new(options: &AppOptions) -> Desk {
        let settings_path = options.config.clone().or_else(|| place::config_dir().ok()).map(|d| d.join("settings.ron"));
        let loaded = settings_path.as_deref().map(settings::load);
        let broken = loaded.as_ref().and_then(|l| l.broken.as_ref()).map(|b| b.why.clone());
        let settings = loaded.map(|l| l.settings).unwrap_or_default();
        let locale = Locale::new(Lang::parse(&settings.language).unwrap_or_default());
        let note = broken.map(|why| (locale.text("app-settings-broken", &[("why", Arg::Word(why))]), NOTE));
        let data = options.data.clone().or_else(|| place::data_dir().ok());
        let mut desk = Desk {
            settings,
            settings_path,
            locale,
            shelf: Shelf::open(options.scenarios.as_deref()),
            screen: Screen::Title,
            draw: Draw {
                seed: options.seed.unwrap_or_else(seed::fresh),
                fixed: options.seed.is_some(),
                ..Draw::default()
            },
            chosen: None,
            from_wheel: false,
            play: None,
            kept: None,
            kept_sessions: 0,
            sessions: data.map(|d| d.join("session")),
            memory: Memory::default(),
            note,
            leaving: None,
            newer: false,
            quit: false,
        };
        desk.look_for_kept();
        desk.refill();
        desk
    }

    /// Shows a note for a while.
    pub fn say(&mut self, words: String, now: Duration) {
        self.note = Some((words, now + NOTE));
    }

    /// Shows the words of a catalogue key for a while.
    pub fn say_key(&mut self, key: &str, now: Duration) {
        let words = self.locale.say(key);
        self.say(words, now);
    }

    /// Writes the settings; what cannot be written is said.
    pub fn save(&mut self, now: Duration) {
        if let Some(path) = &self.settings_path
            && let Err(e) = settings::save(path, &self.settings)
        {
            let words = self.locale.text("app-settings-unsaved", &[("why", Arg::Word(e.to_string()))]);
            self.say(words, now);
        }
    }

    /// Writes the room's layout into the settings once it differs from what stands there.
    pub fn keep_layout(&mut self, now: Duration) {
        if self.screen != Screen::Live {
            return;
        }
        let layout = self.memory.live.layout();
        if layout != self.settings.dock {
            self.settings.dock = layout;
            self.save(now);
        }
    }

    /// Fills the wheel for the next spin.
    pub fn refill(&mut self) {
        let pool = self.shelf.pool();
        let pinned = self.draw.pinned.as_deref();
        self.draw.filling = draw::fill(&pool, &self.settings.played, self.settings.never_repeats, pinned);
        let slugs = |n: &usize| pool.get(*n).map(|e| e.slug.clone());
        self.draw.wedges = self.draw.filling.on_wheel.iter().filter_map(slugs).collect();
        // A small pool stands several times around the wheel, each scenario as often: a name then never rests far from the pointer.
        let once = self.draw.wedges.clone();
        while !once.is_empty() && self.draw.wedges.len() < LEAST_WEDGES {
            self.draw.wedges.extend(once.iter().cloned());
        }
    }

    /// The wedges for the scene and the lettering.
    pub fn wedges(&self) -> Vec<Wedge> {
        let count = self.draw.wedges.len().max(1) as f32;
        let wedge = |(i, slug): (usize, &String)| {
            let book = self.shelf.book(slug)?;
            let at = i as f32 / count;
            Some(Wedge {
                scenario: slug.clone(),
                name: book.scenario.wedge.clone(),
                level: book.scenario.level,
                span: (at - 0.5 / count, at + 0.5 / count),
                played: false,
            })
        };
        self.draw.wedges.iter().enumerate().filter_map(wedge).collect()
    }

    /// Looks for a session that can be resumed.
    pub fn look_for_kept(&mut self) {
        self.kept = None;
        let Some(dir) = &self.sessions else { return };
        self.kept_sessions = sessions::list(dir).map_or(0, |all| u32::try_from(all.len()).unwrap_or(u32::MAX));
        let Ok(Some(folder)) = sessions::kept_session_in(dir) else { return };
        self.kept = kept(&folder).map(|shown| KeptSession { folder, shown });
    }

    /// Whether a session's clock runs.
    pub fn clock_runs(&self) -> bool {
        self.screen == Screen::Live && self.play.as_ref().is_some_and(|p| p.host.next_tick_in().is_some())
    }

    /// How soon the next frame is due for what is not the wheel.
    pub fn pace(&self, now: Duration) -> Pace {
        let clock = match &self.play {
            Some(play) if self.screen == Screen::Live => {
                play.host.next_tick_in().map(|t| Pace::Within(t.saturating_sub(now.saturating_sub(play.seen(now)))))
            }
            _ => None,
        };
        let again = self.memory.concluded.as_ref().filter(|c| self.screen == Screen::Debrief && c.moves());
        let again = again.map(|_| Pace::Within(Duration::from_millis(33)));
        let note = self.note.as_ref().map(|(_, until)| Pace::Within(until.saturating_sub(now)));
        clock.into_iter().chain(note).chain(again).min().unwrap_or(Pace::Idle)
    }
}

/// What the title says of a kept session, read from its log without folding it.
fn kept(folder: &std::path::Path) -> Option<Kept> {
    let log = crate::host::read_log(folder).ok()?;
    let package = sessions::read_package(folder, &log.header.scenario_digest).ok()?;
    let scenario = crate::scenario::load(&package).scenario?;
    let ticks: u64 =
        log.items.iter().map(|i| if let crate::storage::journal::Item::Ticks(n) = i { *n } else { 0 }).sum();
    let at = crate::stdx::time::Offset::of(crate::stdx::time::Tick(ticks), scenario.opens);
    Some(Kept { name: scenario.wedge, t_s: at.0 })
}

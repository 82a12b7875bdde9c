//! From what a person wants to what happens: one function over the desk and the wheel.

use super::desk::{Desk, Draw};
use super::past::rows;
use super::play::{GM, Play};
use super::screens;
use super::seed;
use super::wheel::{Stage, Wheel};
use crate::fact::{Actor, FactKind};
use crate::library::draw;
use crate::locale::{Arg, Lang, Locale};
use crate::session::Command;
use crate::session::TermSignal;
use crate::stdx::time::Offset;
use crate::storage::settings::Volunteer;
use crate::view::action::{ExportForm, Screen, UiAction};
use crate::view::words::say;
use std::time::Duration;

impl Desk {
    /// Does what a person wants.
    pub fn act(&mut self, action: UiAction, wheel: &mut Wheel, now: Duration) {
        match action {
            UiAction::Go(screen) => self.go(screen, wheel, now),
            UiAction::Back => self.back(wheel, now),
            UiAction::Quit => self.close(),
            UiAction::Spin => self.spin(wheel, now),
            UiAction::SkipSpin => wheel.skip(),
            UiAction::Volunteer(step) => self.step_volunteer(step),
            UiAction::DrawVolunteer => {
                let turns: Vec<u32> = self.settings.volunteers.iter().map(|v| v.turns).collect();
                self.draw.volunteer = draw::volunteer(&turns, seed::fresh());
            }
            UiAction::SetVolunteers(names) => self.set_volunteers(&names, now),
            UiAction::NeverRepeats(on) => {
                self.settings.never_repeats = on;
                self.save(now);
                self.refill_wheel(wheel);
            }
            UiAction::PutBack => {
                if let Some(slug) = self.chosen.take() {
                    draw::put_back(&mut self.settings.played, &slug);
                    self.save(now);
                }
                wheel.clear();
                self.refill_wheel(wheel);
            }
            UiAction::Pin(slug) => {
                self.draw.pinned = slug;
                self.refill_wheel(wheel);
            }
            UiAction::Choose(slug) => {
                self.chosen = Some(slug);
                self.from_wheel = false;
                self.go(Screen::Briefing, wheel, now);
            }
            UiAction::Ready => self.ready(wheel, now),
            UiAction::ResumeKept => self.resume(wheel, now),
            UiAction::ListSessions => self.memory.past = self.sessions.as_deref().map(rows).unwrap_or_default(),
            UiAction::OpenSession(number) => self.open_session(number, wheel, now),
            UiAction::Export(form) => self.export(form, now),
            UiAction::Branch(t_s) => self.branch(t_s, wheel, now),
            UiAction::Language(tag) => {
                if let Some(lang) = Lang::parse(tag) {
                    self.settings.language = lang.tag().to_owned();
                    self.locale = Locale::new(lang);
                    self.save(now);
                }
            }
            UiAction::Volume(volume) => {
                self.settings.volume = volume.min(100);
                self.save(now);
            }
            UiAction::ReduceMotion(on) => {
                self.settings.reduce_motion = on;
                wheel.reduced = on;
                self.save(now);
            }
            UiAction::Light(on) => {
                self.settings.light = on;
                self.save(now);
            }
            UiAction::Palette(open) => self.memory.palette(open),
            UiAction::Keys(open) => self.memory.keys = open,
            UiAction::ShowFact(fact) => self.memory.show_fact(fact),
            UiAction::Rewind(t_s) => self.rewind(t_s, now),
            UiAction::Seat(seat) => {
                if let Some(play) = &mut self.play {
                    play.sit(&seat);
                    if seat != GM {
                        // Back in the room the console has the keyboard, as when it opened.
                        let first = self.memory.live.console.first.max(1);
                        self.memory.live.console.focus(first);
                    }
                }
            }
            session => self.in_session(session, now),
        }
    }

    /// What goes to the session, with the reason said if it is not accepted.
    fn in_session(&mut self, action: UiAction, now: Duration) {
        let Some(play) = &mut self.play else { return };
        let done = match action {
            UiAction::Line(line) => play.line(&line),
            UiAction::Type { terminal, text } => match play.terminal(terminal) {
                Some(terminal) => play.submit(Command::LineSubmitted { terminal, text }),
                None => Ok(()),
            },
            UiAction::Signal { terminal, signal } => match (play.terminal(terminal), signal_of(signal)) {
                (Some(terminal), Some(signal)) => play.submit(Command::Signal { terminal, signal }),
                _ => Ok(()),
            },
            UiAction::Complete { terminal, line, cursor } => {
                screens::live::complete(play, &mut self.memory, terminal, line, cursor);
                Ok(())
            }
            UiAction::CompleteQuery { text, cursor } => {
                screens::live::complete_query(play, &mut self.memory, text, cursor);
                Ok(())
            }
            UiAction::Post { channel, text, fields } => {
                play.submit(Command::Update { channel, text, fields, about: Vec::new() })
            }
            UiAction::Cause { components, mechanisms, evidence } => {
                play.submit(Command::Cause { components, mechanisms, evidence, confidence: None })
            }
            UiAction::Reflect { seat, on, text, owner } => {
                play.submit_as(Actor::Seat(seat), Command::Reflect { on, text, owner })
            }
            UiAction::Workload { seat, scale, value } => {
                play.submit_as(Actor::Seat(seat), Command::RateWorkload { scale, value })
            }
            UiAction::Witness { seat, row, text } => play.submit_as(Actor::Seat(seat), Command::Witness { row, text }),
            // A game master's looks are nobody's evidence.
            UiAction::View { .. } if play.seat == GM => Ok(()),
            UiAction::View { panel, subject, shown: true } => play.submit(Command::Viewed { panel, subject }),
            UiAction::View { panel, subject, shown: false } => {
                // A panel that the session already forgot need not be said.
                let _ = play.submit(Command::Unviewed { panel, subject });
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(why) = done {
            let words = say(&self.locale, &why);
            self.say(words, now);
        }
    }

    /// Shows a screen.
    pub fn go(&mut self, screen: Screen, wheel: &mut Wheel, now: Duration) {
        let from = self.screen;
        if from == Screen::Live && screen != Screen::Live && self.play.as_ref().is_some_and(|p| !p.host.ended()) {
            self.leaving = Some(false);
            return;
        }
        if screen == Screen::Briefing && self.briefed().is_none() {
            return;
        }
        self.memory.keys = false;
        self.memory.palette(false);
        match screen {
            Screen::Title => {
                self.play = None;
                wheel.clear();
                self.look_for_kept();
            }
            Screen::Wheel if from != Screen::Briefing => {
                wheel.clear();
                self.new_seed();
                self.refill_wheel(wheel);
            }
            Screen::Briefing => screens::front::brief(self, now),
            _ => {}
        }
        self.screen = screen;
        self.stage(wheel, now);
    }

    /// Backs out of the topmost thing.
    fn back(&mut self, wheel: &mut Wheel, now: Duration) {
        if self.leaving.take().is_some() {
            return;
        }
        if self.memory.close_overlay() {
            return;
        }
        match self.screen {
            Screen::Title => {}
            Screen::Wheel if wheel.spinning() => wheel.skip(),
            Screen::Wheel if wheel.landed.is_some() => {
                wheel.clear();
                self.new_seed();
                self.refill_wheel(wheel);
                self.stage(wheel, now);
            }
            Screen::Briefing if self.from_wheel => self.go(Screen::Wheel, wheel, now),
            Screen::Briefing => self.go(Screen::Library, wheel, now),
            Screen::Wheel | Screen::Library | Screen::Live | Screen::Debrief => self.go(Screen::Title, wheel, now),
        }
    }

    /// Puts the wheel where the screen has it.
    pub fn stage(&self, wheel: &mut Wheel, now: Duration) {
        wheel.stage = match self.screen {
            Screen::Title => Stage::Title,
            Screen::Wheel if wheel.card_shown(now) => Stage::Landing,
            Screen::Wheel => Stage::Wheel,
            _ => Stage::Away,
        };
    }

    fn briefed(&self) -> Option<&super::shelf::Book> {
        self.chosen.as_deref().and_then(|slug| self.shelf.book(slug))
    }

    fn refill_wheel(&mut self, wheel: &mut Wheel) {
        self.refill();
        wheel.load(self.wedges());
    }

    fn new_seed(&mut self) {
        if !self.draw.fixed {
            self.draw.seed = seed::fresh();
        }
    }

    fn spin(&mut self, wheel: &mut Wheel, now: Duration) {
        if wheel.spinning() || self.screen != Screen::Wheel {
            return;
        }
        if wheel.landed.is_some() {
            self.new_seed();
            wheel.clear();
            self.refill_wheel(wheel);
        }
        if self.settings.volunteers.len() > 1 && self.draw.volunteer.is_none() {
            let turns: Vec<u32> = self.settings.volunteers.iter().map(|v| v.turns).collect();
            self.draw.volunteer = draw::volunteer(&turns, self.draw.seed);
        }
        let pool = self.shelf.pool();
        match draw::draw(&pool, &self.draw.filling, self.draw.seed) {
            Some(wedge) => {
                // Of the wedges that carry the drawn name any will do; the seed picks one, so that the same seed lands alike.
                let once = self.draw.filling.on_wheel.len().max(1);
                let rounds = (self.draw.wedges.len() / once).max(1) as u64;
                let round = usize::try_from((self.draw.seed >> 7) % rounds).unwrap_or(0);
                wheel.release(wedge + once * round, self.draw.seed, now);
            }
            None => self.say_key("app-no-scenarios", now),
        }
        self.stage(wheel, now);
    }

    /// The wheel rests on a wedge.
    pub fn landed(&mut self, wedge: usize, now: Duration) {
        let Some(slug) = self.draw.wedges.get(wedge).cloned() else { return };
        let Draw { filling, spin, new, pinned, .. } = &mut self.draw;
        *new = !self.settings.played.contains(&slug);
        draw::record(&mut self.settings.played, filling, &slug);
        *spin = u32::try_from(self.settings.played.len()).unwrap_or(u32::MAX);
        *pinned = None;
        self.chosen = Some(slug);
        self.from_wheel = true;
        self.save(now);
    }

    fn step_volunteer(&mut self, step: i32) {
        let count = i32::try_from(self.settings.volunteers.len()).unwrap_or(0);
        if count > 0 {
            let at = self.draw.volunteer.and_then(|v| i32::try_from(v).ok());
            let next = at.map_or(0, |v| (v + step).rem_euclid(count));
            self.draw.volunteer = usize::try_from(next).ok();
        }
    }

    fn set_volunteers(&mut self, names: &str, now: Duration) {
        let old = std::mem::take(&mut self.settings.volunteers);
        let turns = |name: &str| old.iter().find(|v| v.name == name).map_or(0, |v| v.turns);
        let lines = names.lines().map(str::trim).filter(|n| !n.is_empty());
        self.settings.volunteers = lines
            .take(crate::storage::settings::MAX_VOLUNTEERS)
            .map(|name| Volunteer { name: name.to_owned(), turns: turns(name) })
            .collect();
        self.draw.volunteer = None;
        self.save(now);
    }

    /// Starts the clock of the chosen scenario.
    fn ready(&mut self, wheel: &mut Wheel, now: Duration) {
        let Some(package) = self.briefed().map(|b| b.package.clone()) else { return };
        match Play::start(package, self.draw.seed, self.sessions.clone()) {
            Ok(play) => {
                if let Some(v) = self.draw.volunteer.and_then(|v| self.settings.volunteers.get_mut(v)) {
                    v.turns = v.turns.saturating_add(1);
                    self.save(now);
                }
                self.enter(play, wheel, now);
            }
            Err(e) => self.say(e.to_string(), now),
        }
    }

    fn resume(&mut self, wheel: &mut Wheel, now: Duration) {
        let Some(kept) = self.kept.take() else { return };
        match Play::resume(&kept.folder) {
            Ok((play, dropped)) => {
                self.enter(play, wheel, now);
                if let Some(dropped) = dropped {
                    self.say(dropped, now);
                }
            }
            Err(e) => self.say(e.to_string(), now),
        }
    }

    pub(super) fn enter(&mut self, play: Play, wheel: &mut Wheel, now: Duration) {
        self.play = Some(play);
        self.newer = false;
        self.memory.enter_session(&self.settings.dock);
        self.screen = Screen::Live;
        self.stage(wheel, now);
    }

    /// The session is over: runs the world on to the horizon and shows the debrief.
    pub fn finish(&mut self, now: Duration) {
        self.memory.leave_session();
        match screens::debrief::conclude(self) {
            Ok(()) => self.screen = Screen::Debrief,
            Err(e) => {
                self.screen = Screen::Title;
                self.say(e, now);
            }
        }
    }

    fn export(&mut self, form: ExportForm, now: Duration) {
        let words = match screens::debrief::export(self, form) {
            Ok(path) => self.locale.text("app-exported", &[("path", Arg::Word(path.display().to_string()))]),
            Err(why) => self.locale.text("app-not-exported", &[("why", Arg::Word(why))]),
        };
        self.say(words, now);
    }

    /// Closing: in a running session it asks once.
    pub fn close(&mut self) {
        let running = self.screen == Screen::Live && self.play.as_ref().is_some_and(|p| !p.host.ended());
        if running && self.leaving != Some(true) {
            self.leaving = Some(true);
        } else {
            self.quit = true;
        }
    }

    /// The answer to the question before leaving: the session is kept as it is on disk.
    pub fn leave(&mut self, wheel: &mut Wheel, now: Duration) {
        let Some(quit) = self.leaving.take() else { return };
        // Dropping the host closes its log, which can be resumed from its last line.
        self.play = None;
        if quit {
            self.quit = true;
        } else {
            self.screen = Screen::Title;
            wheel.clear();
            self.look_for_kept();
            self.refill_wheel(wheel);
            self.stage(wheel, now);
        }
    }

    /// Opens a branch that begins as the running session did up to a moment, seconds from T0; the game master's alone.
    fn rewind(&mut self, t_s: i64, now: Duration) {
        let Some(play) = self.play.as_mut().filter(|p| p.seat == GM) else { return };
        let words = match play.rewind(Offset(t_s)) {
            Ok(branch) => {
                self.memory.live.come_back();
                let args = [("branch", Arg::Number(branch.into())), ("at", Arg::Word(Offset(t_s).clock()))];
                self.locale.text("app-rewound", &args)
            }
            Err(e) => e.to_string(),
        };
        self.say(words, now);
    }

    /// Starts a branch of the debriefed session from a moment, seconds from T0, and goes on living there.
    fn branch(&mut self, t_s: i64, wheel: &mut Wheel, now: Duration) {
        let Some(play) = self.play.as_mut().filter(|_| self.screen == Screen::Debrief) else { return };
        let opens = play.host.session().scenario.opens;
        let over = play.host.session().facts().iter().find(|f| matches!(f.what, FactKind::Ended)).map(|f| f.id.tick);
        if over.is_some_and(|end| Offset(t_s).tick(opens).unwrap_or_default() >= end) {
            self.say_key("app-branch-at-end", now);
            return;
        }
        let words = match play.rewind(Offset(t_s)) {
            Ok(branch) => {
                play.sit(crate::session::PRIMARY);
                self.memory.concluded = None;
                self.memory.enter_session(&self.settings.dock);
                self.screen = Screen::Live;
                self.stage(wheel, now);
                let args = [("branch", Arg::Number(branch.into())), ("at", Arg::Word(Offset(t_s).clock()))];
                self.locale.text("app-rewound", &args)
            }
            Err(e) => e.to_string(),
        };
        self.say(words, now);
    }

    /// Opens a branch of the running session with the newest version of its scenario.
    pub fn take_newer(&mut self, now: Duration) {
        self.newer = false;
        let slug = self.play.as_ref().map(|p| p.host.package().slug.clone());
        let Some(package) = slug.and_then(|s| self.shelf.book(&s)).map(|b| b.package.clone()) else { return };
        let Some(play) = &mut self.play else { return };
        let words = match play.host.reload(package) {
            Ok(r) => {
                let refused = i64::try_from(r.refused.len()).unwrap_or(i64::MAX);
                let args = [("branch", Arg::Number(r.branch.into())), ("refused", Arg::Number(refused))];
                self.locale.text("app-branch-opened", &args)
            }
            Err(e) => e.to_string(),
        };
        self.say(words, now);
    }
}

fn signal_of(word: &str) -> Option<TermSignal> {
    Some(match word {
        "int" => TermSignal::Int,
        "tstp" => TermSignal::Tstp,
        "eof" => TermSignal::Eof,
        _ => return None,
    })
}

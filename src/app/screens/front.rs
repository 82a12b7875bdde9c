//! What the screens before a session are given.

use crate::app::desk::Desk;
use crate::app::play::Play;
use crate::app::seed;
use crate::app::wheel::Wheel;
use crate::locale::Lang;
use crate::session::PRIMARY;
use crate::session::projection::Text;
use crate::ui::front::{briefing_ui, keys_ui, landing_ui, library_ui, title_ui, wheel_ui};
use crate::view::action::{Screen, UiAction};
use crate::view::front::{
    BriefingVm, LandingVm, LibraryRow, LibraryVm, Pool, SeatRow, SettingsVm, TitleVm, ToolRow, Volunteer, WheelPhase,
    WheelVm,
};
use bevy_egui::egui;
use std::time::Duration;

/// Draws title, library, wheel, landing card or briefing.
pub fn draw(ui: &mut egui::Ui, desk: &mut Desk, wheel: &Wheel, now: Duration, height: f32, out: &mut Vec<UiAction>) {
    let face = wheel.face(now, height);
    match desk.screen {
        Screen::Title => {
            let vm = TitleVm {
                wheel: face,
                incidents: count(desk.shelf.books.len()),
                played: count(desk.settings.played.len()),
                kept: desk.kept.as_ref().map(|k| k.shown.clone()),
                sessions: desk.kept_sessions,
                past: desk.memory.past.clone(),
                volunteers: volunteers(desk),
            };
            let settings = settings(desk);
            title_ui(ui, &desk.locale, &vm, &settings, &mut desk.memory.front, out);
        }
        Screen::Library => {
            let rows = desk.shelf.books.iter().map(|b| LibraryRow {
                card: b.face(),
                played: u32::from(desk.settings.played.contains(&b.scenario.id)),
            });
            let vm = LibraryVm { rows: rows.collect() };
            library_ui(ui, &desk.locale, &vm, &mut desk.memory.front, out);
        }
        Screen::Wheel => {
            let card = desk.chosen.as_deref().and_then(|slug| desk.shelf.book(slug)).map(|b| b.face());
            if let Some(card) = card.filter(|_| wheel.card_shown(now)) {
                let vm = LandingVm {
                    wheel: face,
                    card,
                    seed: seed::words(desk.draw.seed),
                    spin: desk.draw.spin,
                    of: count(desk.shelf.books.len()),
                    new_to_team: desk.draw.new,
                    volunteers: volunteers(desk),
                    chosen: desk.draw.volunteer,
                };
                landing_ui(ui, &desk.locale, &vm, out);
            } else {
                let filling = &desk.draw.filling;
                let vm = WheelVm {
                    wheel: face,
                    phase: match (wheel.spinning(), wheel.landed) {
                        (true, _) => WheelPhase::Turning,
                        (false, Some(_)) => WheelPhase::Landed,
                        (false, None) => WheelPhase::Resting,
                    },
                    pointer: wheel.pointed(),
                    turns_per_s: wheel.speed as f32,
                    released: wheel.released() as f32,
                    elapsed_s: wheel.elapsed(now) as f32,
                    seed: seed::words(desk.draw.seed),
                    cards: desk.draw.wedges.iter().filter_map(|s| desk.shelf.book(s)).map(|b| b.face()).collect(),
                    volunteers: volunteers(desk),
                    chosen: desk.draw.volunteer,
                    pool: Pool {
                        played: count(filling.played.len()),
                        on_wheel: count(filling.on_wheel.len()),
                        waiting: count(filling.waiting.len()),
                    },
                    never_repeats: desk.settings.never_repeats,
                    pinned: desk.draw.pinned.clone(),
                    gm: true,
                };
                wheel_ui(ui, &desk.locale, &vm, &mut desk.memory.front, out);
            }
        }
        _ => {
            if let Some(vm) = &desk.memory.briefing {
                briefing_ui(ui, &desk.locale, vm, out);
            }
        }
    }
    if desk.memory.keys {
        keys_ui(ui, &desk.locale, out);
    }
}

/// Prepares the briefing: what the primary seat would see at the opening, in a session that nobody keeps.
pub fn brief(desk: &mut Desk, now: Duration) {
    desk.memory.briefing = None;
    let Some(book) = desk.chosen.as_deref().and_then(|slug| desk.shelf.book(slug)) else { return };
    let skills = book.scenario.skills.clone();
    let preview = match Play::start(book.package.clone(), desk.draw.seed, None) {
        Ok(preview) => preview,
        Err(e) => {
            desk.say(e.to_string(), now);
            return;
        }
    };
    let name = desk.draw.volunteer.and_then(|v| desk.settings.volunteers.get(v)).map(|v| v.name.clone());
    let seats = vec![SeatRow { seat: PRIMARY.to_owned(), name: name.unwrap_or_default(), ready: false, you: true }];
    let mut vm = BriefingVm::of(preview.projection(), tools(), seats);
    vm.card.skills = skills;
    desk.memory.briefing = Some(vm);
}

/// Tools that a first look at most incidents takes, as the briefing lists them; `help` in the console knows every one.
const BRIEFED: [&str; 12] = [
    "metrics",
    "logs",
    "release",
    "curl",
    "systemctl",
    "journalctl",
    "df",
    "ssh",
    "tickets",
    "page",
    "update",
    "runbook",
];

/// Those of them that the console has, with a line about each.
fn tools() -> Vec<ToolRow> {
    let known = |name: &&str| crate::console::tool::all().any(|t| t.name == *name);
    let row = |name: &str| ToolRow { name: name.to_owned(), about: Text::key(&format!("tool-{name}")) };
    BRIEFED.into_iter().filter(known).map(row).collect()
}

fn volunteers(desk: &Desk) -> Vec<Volunteer> {
    desk.settings.volunteers.iter().map(|v| Volunteer::new(&v.name, v.turns)).collect()
}

fn settings(desk: &Desk) -> SettingsVm {
    SettingsVm {
        lang: Lang::parse(&desk.settings.language).unwrap_or_default(),
        volume: desk.settings.volume,
        reduce_motion: desk.settings.reduce_motion,
        light: desk.settings.light,
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

//! What the trainee's room and the game master's station are given, and the answers to completions.

use super::Memory;
use crate::app::desk::Desk;
use crate::app::play::{GM, Play};
use crate::ui::gm::{GmUiState, gm_ui};
use crate::ui::live::live_ui;
use crate::ui::panel::console::Completion;
use crate::view::action::UiAction;
use crate::view::gm::GmVm;
use crate::view::live::LiveVm;
use bevy_egui::egui;

/// State of the station.
pub type Station = GmUiState;

/// View-models of the running session.
#[derive(Default)]
pub struct Models {
    version: Option<(u64, String)>,
    live: Option<LiveVm>,
    gm: Option<GmVm>,
}

impl Models {
    /// Builds them again if the session or the seat has changed.
    fn update(&mut self, play: &Play) {
        let version = (play.host.version(), play.projection().seat.clone());
        if self.version.as_ref() == Some(&version) {
            return;
        }
        let p = play.projection();
        self.gm = if p.gm.is_some() { GmVm::of(p) } else { None };
        self.live = if p.gm.is_some() { None } else { Some(LiveVm::of(p)) };
        self.version = Some(version);
    }
}

/// Draws the room, or the station for the game master.
pub fn draw(ui: &mut egui::Ui, desk: &mut Desk, out: &mut Vec<UiAction>) {
    let Some(play) = &mut desk.play else { return };
    play.refresh();
    desk.memory.models.update(play);
    // One machine, two places: the game master's is one key away.
    let swap = egui::KeyboardShortcut::new(egui::Modifiers::CTRL, egui::Key::G);
    if ui.input_mut(|i| i.consume_shortcut(&swap)) {
        let other = if play.seat == GM { crate::session::PRIMARY } else { GM };
        out.push(UiAction::Seat(other.to_owned()));
    }
    let Memory { live, gm, models, .. } = &mut desk.memory;
    if let Some(vm) = &models.gm {
        gm_ui(ui, vm, gm, &desk.locale, out);
    } else if let Some(vm) = &models.live {
        live_ui(ui, vm, live, &desk.locale, out);
    }
}

/// Answers a completion: what all candidates share is filled in. `cursor` counts characters.
pub fn complete(play: &mut Play, memory: &mut Memory, terminal: u32, line: String, cursor: usize) {
    let byte = line.char_indices().nth(cursor).map_or(line.len(), |(at, _)| at);
    let seat = play.seat.clone();
    let Some(done) = play.host.complete(&seat, terminal, &line, byte) else { return };
    let (filled, cursor) = fill(&line, done.start, byte, &done.candidates);
    memory.live.console.complete(Completion {
        terminal,
        asked: line,
        line: filled,
        cursor,
        candidates: done.candidates,
    });
}

/// Answers a completion of a query. `cursor` counts characters.
pub fn complete_query(play: &mut Play, memory: &mut Memory, text: String, cursor: usize) {
    let byte = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
    let (start, candidates) = play.host.complete_query(&text, byte);
    let start = text.get(..start).map_or(cursor, |before| before.chars().count());
    memory.live.explore.complete(text, start, candidates);
}

/// The line with the shared beginning of the candidates in place of `start..end` (bytes), and the cursor after it in characters.
fn fill(line: &str, start: usize, end: usize, candidates: &[String]) -> (String, usize) {
    let (Some(before), Some(typed), Some(after)) = (line.get(..start), line.get(start..end), line.get(end..)) else {
        return (line.to_owned(), line.chars().count());
    };
    let Some(first) = candidates.first() else {
        return (line.to_owned(), before.chars().count() + typed.chars().count());
    };
    let shared = candidates.iter().fold(first.as_str(), |shared, c| {
        let same = shared
            .char_indices()
            .zip(c.chars())
            .find(|((_, a), b)| a != b)
            .map_or(c.len().min(shared.len()), |((at, _), _)| at);
        shared.get(..same).unwrap_or("")
    });
    let mut word = if shared.len() >= typed.len() { shared.to_owned() } else { typed.to_owned() };
    // A single answer is a whole word, except a directory, which goes on.
    if candidates.len() == 1 && !word.ends_with('/') && !after.starts_with(' ') {
        word.push(' ');
    }
    let cursor = before.chars().count() + word.chars().count();
    (format!("{before}{word}{after}"), cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completion_fills_what_is_shared() {
        let c = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(fill("tail /va", 5, 8, &c(&["/var/"])), ("tail /var/".to_owned(), 10));
        assert_eq!(fill("sys", 0, 3, &c(&["systemctl"])), ("systemctl ".to_owned(), 10));
        assert_eq!(fill("cat a", 4, 5, &c(&["alpha", "alps"])), ("cat alp".to_owned(), 7));
        assert_eq!(fill("cat z", 4, 5, &c(&[])), ("cat z".to_owned(), 5));
        assert_eq!(fill("한 a b", 4, 5, &c(&["abc"])), ("한 abc b".to_owned(), 5));
    }
}

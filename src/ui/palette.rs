//! The palette: every action, found by typing some of its letters.

use crate::locale::Locale;
use crate::ui::keys::{ALL, Act};
use crate::ui::theme::{self, MARGIN};
use crate::ui::widget::{self, Ink, paint};
use egui::{Align2, Area, Id, Key, Order, Rect, Ui, pos2, vec2};

/// State of the palette.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaletteUiState {
    /// Whether it is open.
    pub open: bool,
    /// Letters typed.
    pub query: String,
    /// Chosen row.
    pub row: usize,
}

/// How well letters fit words: `None` if they are not in it in this order, else fewer gaps are better.
pub fn fit(query: &str, words: &str) -> Option<usize> {
    let words: Vec<char> = words.to_lowercase().chars().collect();
    let mut at = 0;
    let mut gaps = 0;
    for c in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = words.iter().skip(at).position(|x| *x == c)?;
        gaps += found;
        at += found + 1;
    }
    Some(gaps)
}

/// Draws the palette if it is open. Returns what was chosen.
pub fn palette_ui(ui: &mut Ui, state: &mut PaletteUiState, locale: &Locale) -> Option<Act> {
    if !state.open {
        return None;
    }
    let t = theme::tokens(ui);
    let screen = ui.ctx().viewport_rect();
    let mut rows: Vec<(usize, usize, String)> = ALL
        .iter()
        .enumerate()
        .filter_map(|(k, b)| {
            let words = locale.say(b.words);
            // Where the keyboard is Latin and the words are not, the action's key finds it too: `act-end`.
            let id = b.words.split_once('-').map_or(b.words, |(_, id)| id);
            let by_id = || fit(&state.query, id).map(|gaps| gaps + words.len());
            fit(&state.query, &words).or_else(by_id).map(|gaps| (gaps, k, words))
        })
        .collect();
    rows.sort();
    rows.truncate(12);
    state.row = state.row.min(rows.len().saturating_sub(1));
    ui.input_mut(|i| {
        if i.consume_key(egui::Modifiers::NONE, Key::ArrowDown) {
            state.row = (state.row + 1).min(rows.len().saturating_sub(1));
        }
        if i.consume_key(egui::Modifiers::NONE, Key::ArrowUp) {
            state.row = state.row.saturating_sub(1);
        }
    });
    // Taken, so that the dialog that it opens does not see it and ask nothing.
    let enter = ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Enter));
    let size = vec2(520.0, 56.0 + 36.0 * rows.len().max(1) as f32);
    let place = Rect::from_min_size(pos2(screen.center().x - size.x / 2.0, screen.top() + 96.0), size);
    let mut chosen = None;
    Area::new(Id::new("palette")).order(Order::Foreground).fixed_pos(place.min).show(ui.ctx(), |ui| {
        ui.set_min_size(size);
        let shadow = egui::Shadow { offset: [0, 8], blur: 32, spread: 0, color: egui::Color32::from_black_alpha(160) };
        ui.painter().add(shadow.as_shape(place, 8));
        widget::card(ui, place, t.panel, t.line);
        let field = Rect::from_min_size(place.min + vec2(8.0, 8.0), vec2(size.x - 16.0, 40.0));
        let id = Id::new("palette-query");
        let hint = locale.say("palette-hint");
        let before = state.query.clone();
        widget::field(ui, field, id, &mut state.query, &hint, 1, &locale.say("palette-aria"));
        ui.memory_mut(|m| m.request_focus(id));
        if state.query != before {
            state.row = 0;
        }
        if rows.is_empty() {
            let at = place.min + vec2(4.0 + MARGIN, 70.0);
            widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("palette-none"), &Ink::body(t.muted));
        }
        for (k, (_, index, words)) in rows.iter().enumerate() {
            let Some(binding) = ALL.get(*index) else { continue };
            let top = place.top() + 52.0 + 36.0 * k as f32;
            let rect = Rect::from_min_size(pos2(place.left() + 4.0, top), vec2(size.x - 8.0, 36.0));
            let aria = locale.text("palette-row-aria", &[("action", crate::ui::panel::w(words))]);
            if widget::row_button(ui, rect, k == state.row, &aria).clicked() || (enter && k == state.row) {
                chosen = Some(binding.act);
            }
            let at = pos2(rect.left() + MARGIN, rect.center().y);
            paint(ui, at, Align2::LEFT_CENTER, words, &Ink::body(t.text));
            let wide = widget::key_cap_width(ui, binding.cap);
            widget::key_cap(ui, pos2(rect.right() - 12.0 - wide, rect.center().y), binding.cap, t.muted);
        }
    });
    if chosen.is_some() {
        *state = PaletteUiState::default();
    }
    chosen
}

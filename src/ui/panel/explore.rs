//! Boards and the query box: a field with completion, a range, a component, and charts of several lines.

mod chart;

use crate::locale::Locale;
use crate::ui::panel::w;
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, area, put};
use crate::view::action::UiAction;
use crate::view::panel::explore::ExploreVm;
use egui::{Align2, Id, Key, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// Ranges that can be chosen.
const RANGES: [&str; 5] = ["5m", "15m", "30m", "1h", "3h"];

/// Candidates shown at once.
const CANDIDATES: usize = 8;

/// State of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExploreUiState {
    /// What is typed.
    pub query: String,
    /// The query that is asked.
    pub asked: Option<String>,
    /// The component whose board is open.
    pub board: Option<String>,
    /// Range, as the line form has it.
    pub range: String,
    /// Ways to complete what is typed: the text that they are for, where the word begins (characters), and the words.
    pub candidates: Option<(String, usize, Vec<String>)>,
    /// The text for which candidates were asked.
    wanted: String,
}

impl Default for ExploreUiState {
    fn default() -> ExploreUiState {
        ExploreUiState {
            query: String::new(),
            asked: None,
            board: None,
            range: "30m".to_owned(),
            candidates: None,
            wanted: String::new(),
        }
    }
}

impl ExploreUiState {
    /// Takes the answer to a completion; of a text that has changed meanwhile it is dropped.
    pub fn complete(&mut self, text: String, start: usize, candidates: Vec<String>) {
        if text == self.query {
            self.candidates = Some((text, start, candidates)).filter(|(_, _, c)| !c.is_empty());
        }
    }

    /// What is looked at: panel and subject.
    pub fn looks(&self) -> Vec<(&'static str, String)> {
        let subject = |what: &String| format!("{} {what}", self.range);
        let query = self.asked.as_ref().map(|q| ("promql", subject(q)));
        let board = self.board.as_ref().map(|b| ("board", subject(b)));
        query.into_iter().chain(board).collect()
    }

    fn ask(&mut self) {
        let text = self.query.trim();
        self.asked = (!text.is_empty()).then(|| text.to_owned());
        self.candidates = None;
    }

    fn take(&mut self, start: usize, word: &str) {
        let head: String = self.query.chars().take(start).collect();
        self.query = head + word;
        self.wanted = self.query.clone();
        self.candidates = None;
    }
}

/// Draws the panel into the whole of `ui`.
pub fn explore_ui(ui: &mut Ui, vm: &ExploreVm, state: &mut ExploreUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let ranges_w = 44.0 * RANGES.len() as f32;
    let field = Rect::from_min_size(
        full.min + vec2(MARGIN, 8.0),
        vec2((full.width() - ranges_w - 3.0 * MARGIN).max(120.0), theme::CONTROL),
    );
    let id = Id::new("explore-query");
    let hint = locale.say("explore-query");
    let aria = locale.say("explore-query-aria");
    let typed = widget::field(ui, field, id, &mut state.query, &hint, 1, &aria);
    if typed.has_focus() && state.query != state.wanted {
        state.wanted = state.query.clone();
        state.candidates = None;
        let cursor = state.query.chars().count();
        out.push(UiAction::CompleteQuery { text: state.query.clone(), cursor });
    }
    if typed.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
        state.ask();
    }
    tab_takes(ui, id, typed.has_focus(), state);
    let mut x = full.right() - MARGIN - ranges_w;
    for range in RANGES {
        let rect = Rect::from_min_size(pos2(x, field.top() + 2.0), vec2(40.0, 28.0));
        let aria = locale.text("explore-range-aria", &[("range", w(range))]);
        if widget::chip(ui, rect, range, state.range == range, &aria).clicked() {
            range.clone_into(&mut state.range);
        }
        x += 44.0;
    }
    let row = Rect::from_min_size(pos2(full.left(), field.bottom() + 6.0), vec2(full.width(), 32.0));
    boards_ui(ui, row, vm, state, locale);
    widget::hline(ui, full.x_range(), row.bottom(), t.line);
    let body = Rect::from_min_max(row.left_bottom(), full.max);
    charts_ui(ui, body, vm, state, locale);
    candidates_ui(ui, field, state, locale);
}

fn boards_ui(ui: &mut Ui, row: Rect, vm: &ExploreVm, state: &mut ExploreUiState, locale: &Locale) {
    area(ui, "explore-boards", row.shrink2(vec2(MARGIN, 2.0)), |ui| {
        ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
                for name in &vm.boards {
                    let size = vec2(widget::chip_width(ui, name), 26.0);
                    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                    let chosen = state.board.as_ref() == Some(name);
                    let aria = locale.text("explore-board-aria", &[("name", w(name))]);
                    if widget::chip(ui, rect, name, chosen, &aria).clicked() {
                        state.board = (!chosen).then(|| name.clone());
                    }
                }
            });
        });
    });
}

fn charts_ui(ui: &mut Ui, body: Rect, vm: &ExploreVm, state: &ExploreUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let query = vm.query.iter().filter(|_| state.asked.is_some());
    let charts: Vec<_> = query.chain(vm.board.iter().filter(|_| state.board.is_some())).collect();
    if charts.is_empty() {
        let ink = Ink::body(t.muted);
        put(ui, body.center(), Align2::CENTER_CENTER, &locale.say("explore-none"), &ink);
        return;
    }
    let columns = if body.width() > 620.0 && charts.len() > 1 { 2 } else { 1 };
    let rows = charts.len().div_ceil(columns);
    let height = (body.height() / rows.min(2) as f32).max(150.0).floor();
    area(ui, "explore-charts", body, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            for (at, pair) in charts.chunks(columns).enumerate() {
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
                if !ui.is_rect_visible(rect) {
                    continue;
                }
                let wide = (rect.width() / pair.len() as f32).floor();
                for (k, c) in pair.iter().enumerate() {
                    let place = Rect::from_min_size(rect.min + vec2(wide * k as f32, 0.0), vec2(wide, height));
                    chart::chart_ui(ui, place, c, (at, k), vm.utc_zero_s, locale);
                }
            }
        });
    });
}

/// While words are offered, Tab takes the first of them; else it leads on, as everywhere.
fn tab_takes(ui: &Ui, id: Id, focused: bool, state: &mut ExploreUiState) {
    let offered = state.candidates.as_ref().filter(|(text, ..)| focused && *text == state.query);
    let Some((start, word)) = offered.and_then(|(_, start, words)| Some((*start, words.first()?.clone()))) else {
        return;
    };
    let filter = egui::EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    if ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Tab)) {
        state.take(start, &word);
        to_end(ui, id, state);
    }
}

/// The cursor goes behind what was filled in.
fn to_end(ui: &Ui, id: Id, state: &ExploreUiState) {
    let Some(mut edit) = egui::TextEdit::load_state(ui.ctx(), id) else { return };
    let end = egui::text::CCursor::new(egui::text::CharIndex(state.query.chars().count()));
    edit.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    edit.store(ui.ctx(), id);
}

/// The list below the field; a click takes a word.
fn candidates_ui(ui: &mut Ui, field: Rect, state: &mut ExploreUiState, locale: &Locale) {
    let Some((_, start, words)) = state.candidates.clone().filter(|(text, ..)| *text == state.query) else { return };
    let t = theme::tokens(ui);
    let n = words.len().min(CANDIDATES);
    let list =
        Rect::from_min_size(field.left_bottom() + vec2(0.0, 2.0), vec2(field.width().min(420.0), 26.0 * n as f32));
    let mut taken = None;
    egui::Area::new(Id::new("explore-candidates")).order(egui::Order::Foreground).fixed_pos(list.min).show(
        ui.ctx(),
        |ui| {
            widget::card(ui, list, t.raised, t.line);
            for (k, word) in words.iter().take(CANDIDATES).enumerate() {
                let rect = Rect::from_min_size(list.min + vec2(0.0, 26.0 * k as f32), vec2(list.width(), 26.0));
                let aria = locale.text("explore-candidate-aria", &[("word", w(word))]);
                if widget::row_button(ui, rect, false, &aria).clicked() {
                    taken = Some(word.clone());
                }
                let ink = Ink::mono(theme::LABEL, t.text);
                let shown = widget::fit(ui, word, &ink, rect.width() - 2.0 * GAP);
                widget::paint(ui, rect.left_center() + vec2(GAP, 0.0), Align2::LEFT_CENTER, &shown, &ink);
            }
        },
    );
    if let Some(word) = taken {
        let id = Id::new("explore-query");
        state.take(start, &word);
        to_end(ui, id, state);
        ui.memory_mut(|m| m.request_focus(id));
    }
}

//! The consoles: what was printed, an input line with history, search and ghost text, signals, two terminals side by side.

mod find;
mod input;
mod output;
mod rows;
mod select;

pub use find::Find;
pub use output::line_job;
pub use rows::{Point, Rows};
pub use select::{Selection, Unit};

use crate::locale::Locale;
use crate::session::projection::{Scrollback, TerminalView};
use crate::ui::panel::{n, w};
use crate::ui::theme::{self, MARGIN};
use crate::ui::widget::{self, Ink, put};
use crate::view::action::UiAction;
use crate::view::line::LineEditor;
use crate::view::panel::console::ConsoleVm;
use egui::{Align2, Id, Rect, Ui, pos2, vec2};
use output::Scroll;

/// An answer to [`UiAction::Complete`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Terminal asked for.
    pub terminal: u32,
    /// Line as it was when asked; an answer to another line is dropped.
    pub asked: String,
    /// The line with the common part filled in.
    pub line: String,
    /// Cursor in that line, in characters.
    pub cursor: usize,
    /// Candidates, shown above the line if there are several.
    pub candidates: Vec<String>,
}

/// State of one terminal's input line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermUiState {
    /// What is typed.
    pub line: String,
    /// Place in the history while going back in it, 1 is the newest.
    back: usize,
    /// What was typed before going back.
    kept: String,
    /// Words searched for, while searching.
    pub search: Option<String>,
    /// What was killed from the line, and what can be undone.
    editor: LineEditor,
    /// Candidates of the last completion.
    candidates: Vec<String>,
    /// Whether to take the keyboard in this pass.
    pub want_focus: bool,
    /// Where to put the cursor in this pass, in characters.
    cursor: Option<usize>,
    /// What is selected of the output.
    pub selection: Option<Selection>,
    /// A search in the output.
    pub find: Option<Find>,
    /// Where to go in this pass.
    scroll: Option<Scroll>,
    /// The rows of the output.
    rows: Rows,
}

/// State of the console panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsoleUiState {
    /// Input lines, by terminal from 1.
    terms: std::collections::BTreeMap<u32, TermUiState>,
    /// Terminal in the first place; 0 means 1.
    pub first: u32,
    /// Terminal beside it.
    pub second: Option<u32>,
}

impl ConsoleUiState {
    /// The input line of a terminal.
    pub fn term(&mut self, terminal: u32) -> &mut TermUiState {
        self.terms.entry(terminal).or_default()
    }

    /// Takes the answer of a completion.
    pub fn complete(&mut self, answer: Completion) {
        let term = self.term(answer.terminal);
        if term.line != answer.asked {
            return;
        }
        term.line = answer.line;
        term.cursor = Some(answer.cursor);
        term.candidates = if answer.candidates.len() > 1 { answer.candidates } else { Vec::new() };
    }

    /// Leaves a search, of the history or of the output, if one is going on.
    pub fn leave_search(&mut self) -> bool {
        self.terms.values_mut().any(|t| {
            let left = t.search.take().is_some() | t.find.take().is_some();
            t.want_focus |= left;
            left
        })
    }

    /// Gives the keyboard to a terminal, which comes to the front.
    pub fn focus(&mut self, terminal: u32) {
        if self.second != Some(terminal) && self.first.max(1) != terminal {
            if self.second.is_some() { self.second = Some(terminal) } else { self.first = terminal }
        }
        self.term(terminal).want_focus = true;
    }

    /// Opens a terminal beside the first, or closes it again.
    pub fn split(&mut self) {
        match self.second.take() {
            Some(_) => self.focus(self.first.max(1)),
            None => {
                let next = if self.first.max(1) == 1 { 2 } else { 1 };
                self.second = Some(next);
                self.focus(next);
            }
        }
    }
}

/// Id of a terminal's input line.
pub fn input_id(terminal: u32) -> Id {
    Id::new(("console-input", terminal))
}

/// Whether a terminal has the keyboard.
pub fn has_focus(ui: &Ui) -> bool {
    ui.memory(|m| m.focused()).is_some_and(|f| (1..=9).any(|k| input_id(k) == f))
}

/// Draws the consoles into the whole of `ui`.
pub fn console_ui(ui: &mut Ui, vm: &ConsoleVm, state: &mut ConsoleUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let first = state.first.max(1);
    match state.second {
        None => terminal(ui, full, vm, first, true, state, locale, out),
        Some(second) => {
            let half = (full.width() / 2.0).floor();
            let left = Rect::from_min_size(full.min, vec2(half, full.height()));
            let right = Rect::from_min_max(pos2(full.left() + half, full.top()), full.max);
            terminal(ui, left, vm, first, false, state, locale, out);
            terminal(ui, right, vm, second, true, state, locale, out);
            widget::vline(ui, right.left(), full.y_range(), t.line);
        }
    }
}

#[allow(clippy::too_many_arguments)] // A terminal needs its place, its number and all that the panel has.
fn terminal(
    ui: &mut Ui,
    rect: Rect,
    vm: &ConsoleVm,
    number: u32,
    last: bool,
    state: &mut ConsoleUiState,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let focused = ui.memory(|m| m.has_focus(input_id(number)));
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 40.0));
    ui.painter().rect_filled(bar, 0, t.panel);
    let view = vm.terminals.iter().find(|v| v.id == number);
    // A terminal that nobody has typed into yet stands where the first one does.
    let host = view.or(vm.terminals.first()).map_or("ops", |v| v.host.as_str());
    let title = locale.text("console-title", &[("host", w(host))]);
    let split = state.second.is_some();
    let key = if split { format!("Alt {number}") } else { "`".to_owned() };
    let wide = widget::tab_width(ui, &title, &key);
    let place = Rect::from_min_size(pos2(bar.left() + MARGIN, bar.top()), vec2(wide, bar.height()));
    let aria = locale.text("console-tab-aria", &[("n", n(number)), ("host", w(host))]);
    if widget::tab(ui, place, &title, &key, true, &aria).clicked() {
        state.focus(number);
    }
    if last {
        let plus = Rect::from_min_size(pos2(place.right() + 16.0, bar.top() + 8.0), vec2(24.0, 24.0));
        let (sign, key) = if split { ("×", "console-join") } else { ("+", "console-split") };
        if widget::chip(ui, plus, sign, false, &locale.say(key)).clicked() {
            state.split();
        }
    }
    let note = if focused && split { locale.say("console-keyboard") } else { locale.say("console-note") };
    let ink = Ink::label(if focused && split { t.strong } else { t.muted });
    let room = bar.right() - place.right() - 80.0;
    let note = widget::fit(ui, &note, &ink, room.max(0.0));
    if room > 60.0 {
        put(ui, pos2(bar.right() - MARGIN, bar.center().y), Align2::RIGHT_CENTER, &note, &ink);
    }
    widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
    let body = Rect::from_min_max(bar.left_bottom(), rect.max);
    ui.painter().rect_filled(body, 0, t.ink);
    if focused {
        let line = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
        ui.painter().rect_filled(line, 0, t.strong);
    } else {
        widget::hline(ui, rect.x_range(), rect.top() + 1.0, t.line);
    }
    let size = if ui.ctx().viewport_rect().width() < 1600.0 { 14.0 } else { 16.0 };
    let empty = TerminalView {
        seat: String::new(),
        id: number,
        host: host.to_owned(),
        prompt: vm.terminals.first().map_or_else(|| "$ ".to_owned(), |v| v.prompt.clone()),
        lines: Scrollback::default(),
        running: None,
        history: Vec::new(),
    };
    let view = view.unwrap_or(&empty);
    let term = state.term(number);
    input::keys(ui, number, view, term, focused, out);
    output::output(ui, number, view, term, body, size, locale, out);
    // A press outside the input line takes the keyboard from it; it asks for it again with the next frame.
    let pressed = ui.rect_contains_pointer(body) && ui.input(|i| i.pointer.primary_clicked());
    let term = state.term(number);
    if pressed && term.find.is_none() {
        term.want_focus = true;
        ui.ctx().request_repaint();
    }
}

//! The consoles: scrollback, an input line with history, search and ghost text, signals, two terminals side by side.

use crate::locale::{Arg, Locale};
use crate::session::projection::{TermLine, TerminalView};
use crate::ui::panel::{n, w};
use crate::ui::theme::{self, MARGIN, Tokens};
use crate::ui::widget::{self, Ink, area, paint, put};
use crate::view::action::UiAction;
use crate::view::panel::console::ConsoleVm;
use egui::text::{CCursor, CCursorRange, CharIndex, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{Align2, Color32, Event, Id, Key, Modifiers, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// Scrollback lines that are drawn; older ones stay in the session's record.
const DRAWN: usize = 600;

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
    /// Candidates of the last completion.
    candidates: Vec<String>,
    /// Whether to take the keyboard in this pass.
    pub want_focus: bool,
    /// Where to put the cursor in this pass, in characters.
    cursor: Option<usize>,
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

    /// Leaves the search of the history, if one is going on.
    pub fn leave_search(&mut self) -> bool {
        self.terms.values_mut().any(|t| {
            t.want_focus |= t.search.is_some();
            t.search.take().is_some()
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
        lines: Vec::new(),
        running: None,
        history: Vec::new(),
    };
    let view = view.unwrap_or(&empty);
    let term = state.term(number);
    keys(ui, number, view, term, focused, out);
    area(ui, &format!("console-{number}"), body.shrink2(vec2(MARGIN, 8.0)), |ui| {
        ScrollArea::vertical().id_salt(number).auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let skip = view.lines.len().saturating_sub(DRAWN);
            let row = size + 4.0;
            let rows = view.lines.len() - skip + 1;
            ui.add_space((body.height() - 24.0 - row * rows as f32).clamp(0.0, 8.0));
            for line in view.lines.iter().skip(skip) {
                ui.add(egui::Label::new(line_job(line, size, ui.available_width(), t)).selectable(true));
            }
            if !term.candidates.is_empty() {
                let text = TermLine { prompt: None, text: term.candidates.join("  ") };
                ui.add(egui::Label::new(line_job(&text, size, ui.available_width(), t)));
            }
            input(ui, number, view, term, size, locale, out);
        });
    });
    // The scroll area takes presses as drags, so a click is read from the pointer itself; the input line gives the focus
    // up for any click outside it, so it asks for it again with the next frame.
    if ui.rect_contains_pointer(body) && ui.input(|i| i.pointer.primary_clicked()) {
        state.term(number).want_focus = true;
        ui.ctx().request_repaint();
    }
}

/// A scrollback line: the prompt teal, the rest as the tool prints it.
pub fn line_job(line: &TermLine, size: f32, width: f32, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let format =
        |color| TextFormat { line_height: Some(size + 4.0), ..TextFormat::simple(theme::mono_font(size), color) };
    if let Some(prompt) = &line.prompt {
        job.append(prompt, 0.0, format(t.yours));
        job.append(&line.text, 0.0, format(t.text));
    } else {
        // An empty line still has its height.
        let text = if line.text.is_empty() { " " } else { &line.text };
        job.append(text, 0.0, format(t.output));
    }
    job.wrap.max_width = width;
    job.wrap.break_anywhere = true;
    job
}

fn take(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
    ui.input_mut(|i| {
        let mut hit = false;
        i.events.retain(|e| {
            let is = matches!(e, Event::Key { key: k, modifiers: m, pressed: true, .. }
                if *k == key && m.ctrl == modifiers.ctrl && m.alt == modifiers.alt && m.shift == modifiers.shift);
            hit |= is;
            !is
        });
        hit
    })
}

/// Keys that a terminal answers before the text field sees them.
fn keys(ui: &Ui, number: u32, view: &TerminalView, term: &mut TermUiState, focused: bool, out: &mut Vec<UiAction>) {
    if !focused {
        return;
    }
    let selected = TextEditState::load(ui.ctx(), input_id(number))
        .and_then(|s| s.cursor.char_range())
        .is_some_and(|r| !r.is_empty())
        || ui.ctx().plugin::<egui::text_selection::LabelSelectionState>().lock().has_selection();
    let copy = ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Copy)));
    let ctrl_c = take(ui, Modifiers::CTRL, Key::C);
    if (copy || ctrl_c) && !selected {
        ui.input_mut(|i| i.events.retain(|e| !matches!(e, Event::Copy)));
        term.search = None;
        term.line.clear();
        out.push(UiAction::Signal { terminal: number, signal: "int" });
    }
    if take(ui, Modifiers::CTRL, Key::Z) {
        out.push(UiAction::Signal { terminal: number, signal: "tstp" });
    }
    if take(ui, Modifiers::CTRL, Key::D) && term.line.is_empty() {
        out.push(UiAction::Signal { terminal: number, signal: "eof" });
    }
    if take(ui, Modifiers::CTRL, Key::R) {
        term.search = Some(std::mem::take(&mut term.line));
    }
    if take(ui, Modifiers::CTRL, Key::U) {
        term.line.clear();
    }
    if term.search.is_some() {
        return;
    }
    if take(ui, Modifiers::NONE, Key::Tab) {
        let cursor = TextEditState::load(ui.ctx(), input_id(number))
            .and_then(|s| s.cursor.char_range())
            .map_or(term.line.chars().count(), |r| r.primary.index.0);
        out.push(UiAction::Complete { terminal: number, line: term.line.clone(), cursor });
    }
    if take(ui, Modifiers::NONE, Key::ArrowUp) && term.back < view.history.len() {
        if term.back == 0 {
            term.kept = term.line.clone();
        }
        term.back += 1;
        recall(view, term);
    }
    if take(ui, Modifiers::NONE, Key::ArrowDown) && term.back > 0 {
        term.back -= 1;
        recall(view, term);
    }
    let at_end = TextEditState::load(ui.ctx(), input_id(number))
        .and_then(|s| s.cursor.char_range())
        .is_some_and(|r| r.primary.index.0 >= term.line.chars().count());
    if at_end
        && let Some(rest) = ghost(view, &term.line).map(str::to_owned)
        && take(ui, Modifiers::NONE, Key::ArrowRight)
    {
        term.line.push_str(&rest);
        term.cursor = Some(term.line.chars().count());
    }
}

fn recall(view: &TerminalView, term: &mut TermUiState) {
    term.line = match term.back {
        0 => term.kept.clone(),
        back => view.history.get(view.history.len() - back).cloned().unwrap_or_default(),
    };
    term.cursor = Some(term.line.chars().count());
}

/// What the newest line of the history that begins like this one adds to it.
fn ghost<'a>(view: &'a TerminalView, line: &str) -> Option<&'a str> {
    if line.len() < 2 {
        return None;
    }
    view.history.iter().rev().find_map(|h| h.strip_prefix(line)).filter(|rest| !rest.is_empty())
}

fn found<'a>(view: &'a TerminalView, words: &str) -> Option<&'a String> {
    view.history.iter().rev().find(|h| !words.is_empty() && h.contains(words))
}

fn input(
    ui: &mut Ui,
    number: u32,
    view: &TerminalView,
    term: &mut TermUiState,
    size: f32,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let id = input_id(number);
    let row = size + 4.0;
    let busy = view.running.is_some();
    let prompt = match (&term.search, busy) {
        (Some(words), _) => format!("(reverse-i-search)`{words}': "),
        (None, true) => String::new(),
        (None, false) => view.prompt.clone(),
    };
    let ink = Ink::mono(size, t.yours);
    let wide = widget::width(ui, &prompt, &ink);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), row), Sense::hover());
    let place = Rect::from_min_max(rect.min + vec2(wide, 0.0), rect.max);
    if let Some(words) = &term.search
        && let Some(line) = found(view, words)
    {
        paint(ui, place.left_center(), Align2::LEFT_CENTER, line, &Ink::mono(size, t.text));
    }
    if term.want_focus {
        term.want_focus = false;
        ui.memory_mut(|m| m.request_focus(id));
    }
    if let Some(cursor) = term.cursor.take() {
        let mut edit = TextEditState::load(ui.ctx(), id).unwrap_or_default();
        let at = CCursor::new(CharIndex(cursor));
        edit.cursor.set_char_range(Some(CCursorRange::one(at)));
        edit.store(ui.ctx(), id);
    }
    let had_focus = ui.memory(|m| m.has_focus(id));
    let enter = had_focus && ui.input(|i| i.key_pressed(Key::Enter));
    let escape = had_focus && term.search.is_some() && take(ui, Modifiers::NONE, Key::Escape);
    let aria = locale.text("console-input-aria", &[("n", n(number)), ("host", Arg::Word(view.host.clone()))]);
    let searching = term.search.is_some();
    let before = term.line.clone();
    let text = match &mut term.search {
        Some(words) => words,
        None => &mut term.line,
    };
    let output = ui
        .scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
            // The block below is the cursor.
            ui.visuals_mut().text_cursor.stroke = Stroke::new(0.0, Color32::TRANSPARENT);
            egui::TextEdit::singleline(text)
                .id(id)
                .font(theme::mono_font(size))
                .text_color(if searching { Color32::TRANSPARENT } else { t.text })
                .frame(egui::Frame::NONE)
                .margin(egui::Margin::ZERO)
                .desired_width(place.width())
                .min_size(place.size())
                .char_limit(4096)
                .lock_focus(true)
                .show(ui)
        })
        .inner;
    // The prompt stands on the same line as what is typed.
    let drawn = ui.painter().layout_no_wrap(prompt, ink.font.clone(), ink.color);
    ui.painter().galley(pos2(rect.left(), output.galley_pos.y), drawn, ink.color);
    let value = term.line.clone();
    output.response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, &aria);
        info.current_text_value = Some(value.clone());
        info
    });
    if before != term.line {
        term.back = 0;
        term.candidates.clear();
    }
    block_cursor(ui, &output, searching, place, size, had_focus, t);
    if !searching && let Some(rest) = ghost(view, &term.line) {
        let x = place.left() + widget::width(ui, &term.line, &Ink::mono(size, t.text));
        let clip = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
        let galley = clip.layout_no_wrap(rest.to_owned(), theme::mono_font(size), t.ghost);
        clip.galley(pos2(x + size * 0.5, output.galley_pos.y), galley, t.ghost);
    }
    if enter {
        if let Some(words) = term.search.take() {
            term.line = found(view, &words).cloned().unwrap_or_default();
            term.cursor = Some(term.line.chars().count());
        } else {
            out.push(UiAction::Type { terminal: number, text: std::mem::take(&mut term.line) });
            term.back = 0;
            term.candidates.clear();
        }
        term.want_focus = true;
    }
    if escape {
        term.search = None;
        term.want_focus = true;
    }
}

fn block_cursor(
    ui: &Ui,
    output: &egui::text_edit::TextEditOutput,
    searching: bool,
    place: Rect,
    size: f32,
    focused: bool,
    t: &Tokens,
) {
    let cursor = match output.cursor_range {
        Some(range) if !searching => output.galley.pos_from_cursor(range.primary).min + output.galley_pos.to_vec2(),
        _ if searching => place.min,
        _ => pos2(output.galley_pos.x + output.galley.size().x, place.top()),
    };
    let block = Rect::from_min_size(pos2(cursor.x, place.top() + 1.0), vec2(size * 0.5, size + 2.0));
    if focused {
        ui.painter().rect_filled(block, 0, t.text);
        if let Some(range) = output.cursor_range
            && let Some(under) = output.galley.text().chars().nth(range.primary.index.0)
            && !searching
        {
            let ink = Ink::mono(size, t.ink);
            paint(ui, pos2(block.left(), place.center().y), Align2::LEFT_CENTER, &under.to_string(), &ink);
        }
    } else {
        ui.painter().rect_stroke(block, 0, Stroke::new(1.0, t.muted), StrokeKind::Inside);
    }
}

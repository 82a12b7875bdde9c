//! The line of a terminal that is typed on: keys, history, search of it, ghost text, the cursor.

use super::output::Scroll;
use super::{TermUiState, input_id};
use crate::locale::{Arg, Locale};
use crate::session::projection::TerminalView;
use crate::ui::panel::n;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink, paint};
use crate::view::action::UiAction;
use crate::view::line::EditKey;
use egui::text::{CCursor, CCursorRange, CharIndex};
use egui::text_edit::TextEditState;
use egui::{Align2, Color32, Event, Key, Modifiers, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Lines of a paste that are typed at once; a session takes no more in a tick.
const PASTED: usize = 64;

pub(super) fn take(ui: &Ui, modifiers: Modifiers, key: Key) -> bool {
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
pub(super) fn keys(
    ui: &Ui,
    number: u32,
    view: &TerminalView,
    term: &mut TermUiState,
    focused: bool,
    out: &mut Vec<UiAction>,
) {
    if !focused {
        return;
    }
    let in_line = TextEditState::load(ui.ctx(), input_id(number))
        .and_then(|s| s.cursor.char_range())
        .is_some_and(|r| !r.is_empty());
    let (copy, shift) = ui.input(|i| (i.events.iter().any(|e| matches!(e, Event::Copy)), i.modifiers.shift));
    let ctrl_c = take(ui, Modifiers::CTRL, Key::C) || take(ui, Modifiers::CTRL | Modifiers::SHIFT, Key::C);
    let selected = term.selection.filter(|s| !s.is_empty(&view.lines));
    if (copy || ctrl_c)
        && let Some(selection) = selected
    {
        // Once copied, the next Ctrl-C interrupts again.
        ui.input_mut(|i| i.events.retain(|e| !matches!(e, Event::Copy)));
        ui.copy_text(selection.text(&view.lines));
        term.selection = None;
    } else if (copy || ctrl_c) && !in_line {
        ui.input_mut(|i| i.events.retain(|e| !matches!(e, Event::Copy)));
        if shift {
            return;
        }
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
    if take(ui, Modifiers::CTRL | Modifiers::SHIFT, Key::F) {
        term.find.get_or_insert_default().want_focus = true;
    }
    let page = |key| take(ui, Modifiers::SHIFT, key);
    term.scroll = match (page(Key::PageUp), page(Key::PageDown), page(Key::Home), page(Key::End)) {
        (true, ..) => Some(Scroll::Pages(-1)),
        (_, true, ..) => Some(Scroll::Pages(1)),
        (_, _, true, _) => Some(Scroll::Top),
        (_, _, _, true) => Some(Scroll::Bottom),
        _ => None,
    };
    let typing = |e: &Event| {
        matches!(
            e,
            Event::Text(_) | Event::Paste(_) | Event::Ime(_) | Event::Key { key: Key::Enter, pressed: true, .. }
        )
    };
    if ui.input(|i| i.events.iter().any(typing)) {
        term.scroll = Some(Scroll::Bottom);
    }
    if term.search.is_some() {
        return;
    }
    paste(ui, number, term, out);
    emacs(ui, number, view, term);
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

/// Keys of readline, and what they are called there.
const EMACS: [(Modifiers, Key, EditKey); 24] = [
    (Modifiers::CTRL, Key::A, EditKey::Ctrl('a')),
    (Modifiers::CTRL, Key::E, EditKey::Ctrl('e')),
    (Modifiers::CTRL, Key::B, EditKey::Ctrl('b')),
    (Modifiers::CTRL, Key::F, EditKey::Ctrl('f')),
    (Modifiers::CTRL, Key::D, EditKey::Ctrl('d')),
    (Modifiers::CTRL, Key::H, EditKey::Ctrl('h')),
    (Modifiers::CTRL, Key::K, EditKey::Ctrl('k')),
    (Modifiers::CTRL, Key::U, EditKey::Ctrl('u')),
    (Modifiers::CTRL, Key::W, EditKey::Ctrl('w')),
    (Modifiers::CTRL, Key::Y, EditKey::Ctrl('y')),
    (Modifiers::CTRL, Key::T, EditKey::Ctrl('t')),
    (Modifiers::CTRL, Key::Minus, EditKey::Ctrl('_')),
    (Modifiers::CTRL, Key::P, EditKey::Ctrl('p')),
    (Modifiers::CTRL, Key::N, EditKey::Ctrl('n')),
    (Modifiers::ALT, Key::B, EditKey::Alt('b')),
    (Modifiers::ALT, Key::F, EditKey::Alt('f')),
    (Modifiers::ALT, Key::D, EditKey::Alt('d')),
    (Modifiers::ALT, Key::Y, EditKey::Alt('y')),
    (Modifiers::ALT, Key::T, EditKey::Alt('t')),
    (Modifiers::ALT, Key::U, EditKey::Alt('u')),
    (Modifiers::ALT, Key::L, EditKey::Alt('l')),
    (Modifiers::ALT, Key::C, EditKey::Alt('c')),
    (Modifiers::ALT, Key::Period, EditKey::Alt('.')),
    (Modifiers::ALT, Key::Backspace, EditKey::AltBackspace),
];

/// Hands the keys of readline to the editor of the line.
fn emacs(ui: &Ui, number: u32, view: &TerminalView, term: &mut TermUiState) {
    for (modifiers, key, edit) in EMACS {
        if !take(ui, modifiers, key) {
            continue;
        }
        if modifiers.alt {
            // The letter itself is not typed.
            ui.input_mut(|i| i.events.retain(|e| !matches!(e, Event::Text(_))));
        }
        let cursor = TextEditState::load(ui.ctx(), input_id(number))
            .and_then(|s| s.cursor.char_range())
            .map_or(term.line.chars().count(), |r| r.primary.index.0);
        term.editor.set(&term.line, term.cursor.unwrap_or(cursor));
        let _stays = term.editor.key(edit, &view.history);
        term.line = term.editor.text();
        term.cursor = Some(term.editor.cursor());
        term.candidates.clear();
    }
}

/// Lines of a pasted text are typed one after the other, as in a terminal; the last waits for Enter.
fn paste(ui: &Ui, number: u32, term: &mut TermUiState, out: &mut Vec<UiAction>) {
    let many = |e: &Event| matches!(e, Event::Paste(text) if text.contains('\n'));
    let Some(Event::Paste(text)) = ui.input(|i| i.events.iter().find(|e| many(e)).cloned()) else { return };
    ui.input_mut(|i| i.events.retain(|e| !many(e)));
    let mut lines: Vec<&str> = text.split('\n').map(|l| l.trim_end_matches('\r')).take(PASTED).collect();
    let last = lines.pop().unwrap_or_default().to_owned();
    for line in lines {
        out.push(UiAction::Type { terminal: number, text: std::mem::take(&mut term.line) + line });
    }
    term.line = last;
    term.cursor = Some(term.line.chars().count());
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

pub(super) fn input(
    ui: &mut Ui,
    number: u32,
    view: &TerminalView,
    term: &mut TermUiState,
    rect: Rect,
    size: f32,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let id = input_id(number);
    let prompt = match &term.search {
        Some(words) => format!("(reverse-i-search)`{words}': "),
        None => view.prompt.clone(),
    };
    // What stands there while a program runs is what the program asked.
    let ink = Ink::mono(size, if view.running.is_some() { t.output } else { t.yours });
    let wide = widget::width(ui, &prompt, &ink);
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

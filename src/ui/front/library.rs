//! The library: every incident with what may be told of it, opened without a spin.

use super::{Frame, FrontUiState, about_minutes, action, hint_right, key, level_word, pips, press};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::{Screen, UiAction};
use crate::view::front::LibraryVm;
use crate::view::words::author_text;
use egui::{Align2, Key, Rangef, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// Draws the list at the left and the chosen incident at the right.
pub fn library_ui(ui: &mut Ui, locale: &Locale, vm: &LibraryVm, state: &mut FrontUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    ui.painter().rect_filled(ui.max_rect(), 0, t.ink);
    let note = locale.text("front-library-count", &[("n", Arg::Number(vm.rows.len() as i64))]);
    if super::top_bar(ui, &f, locale, &locale.say("front-library"), &note) {
        out.push(UiAction::Go(Screen::Title));
    }
    let at = pos2(f.at(1856.0, 0.0).x, f.at(0.0, 44.0).y);
    if hint_right(ui, at, "?", &locale.say("front-keys"), &locale.say("front-keys-aria")).0
        || key(ui, Key::Questionmark)
    {
        out.push(UiAction::Keys(true));
    }
    if vm.rows.is_empty() {
        let at = f.at(64.0, 180.0);
        widget::put(ui, at, Align2::LEFT_CENTER, &locale.say("front-library-empty"), &Ink::new(16.0, t.muted));
        return;
    }
    let last = vm.rows.len() - 1;
    state.library_row = state.library_row.min(last);
    let before = state.library_row;
    if key(ui, Key::ArrowDown) {
        state.library_row = (state.library_row + 1).min(last);
    }
    if key(ui, Key::ArrowUp) {
        state.library_row = state.library_row.saturating_sub(1);
    }
    let moved = before != state.library_row;
    let list = f.rect(64.0, 112.0, 904.0, 1048.0);
    widget::area(ui, "library", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for (i, row) in vm.rows.iter().enumerate() {
                let (_, rect) = ui.allocate_space(vec2(list.width() - 12.0, 56.0));
                let on = state.library_row == i;
                if on && moved {
                    ui.scroll_to_rect(rect, None);
                }
                let name = author_text(locale, &row.card.name);
                let response = press(ui, rect.shrink2(vec2(3.0, 0.0)), name);
                if response.clicked() {
                    state.library_row = i;
                }
                if response.double_clicked() {
                    out.push(UiAction::Choose(row.card.id.clone()));
                }
                if on {
                    ui.painter().rect(rect, 8, t.raised, Stroke::new(1.0, t.line), StrokeKind::Inside);
                } else if response.hovered() {
                    ui.painter().rect_filled(rect, 8, t.panel);
                }
                let y = rect.center().y;
                let played = (row.played > 0)
                    .then(|| locale.text("front-played-times", &[("n", Arg::Number(row.played.into()))]));
                let small = Ink::new(14.0, t.muted);
                let mut edge = rect.right() - 20.0;
                let minutes = about_minutes(locale, row.card.minutes);
                edge = widget::paint(ui, pos2(edge, y), Align2::RIGHT_CENTER, &minutes, &small).left() - 20.0;
                pips(ui, pos2(edge - 44.0, y), 5.0, row.card.level, t.text);
                edge -= 68.0;
                if let Some(played) = played {
                    edge = widget::paint(ui, pos2(edge, y), Align2::RIGHT_CENTER, &played, &small).left() - 20.0;
                }
                let ink = Ink::bold(f.size(20.0), t.text);
                let x = rect.left() + 20.0;
                let name = widget::fit(ui, name, &ink, edge - x);
                widget::paint(ui, pos2(x, y), Align2::LEFT_CENTER, &name, &ink);
            }
        });
    });
    let Some(row) = vm.rows.get(state.library_row) else { return };
    let card = f.rect(960.0, 112.0, 1856.0, 760.0);
    ui.painter().rect(card, 16, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let inner: Rect = card.shrink(48.0 * f.k.y.max(0.7));
    let ink = Ink::bold(f.size(40.0), t.text);
    let name = widget::fit(ui, author_text(locale, &row.card.name), &ink, inner.width());
    let title = widget::put(ui, inner.left_top(), Align2::LEFT_TOP, &name, &ink).rect;
    let role = author_text(locale, &row.card.role);
    let role = widget::put_wrapped(
        ui,
        title.left_bottom() + vec2(0.0, 16.0),
        inner.width(),
        5,
        role,
        &Ink::new(f.size(20.0).max(16.0), t.text),
    );
    let y = role.rect.bottom() + 24.0;
    widget::hline(ui, Rangef::new(inner.left(), inner.right()), y, t.line);
    let x = pips(ui, pos2(inner.left(), y + 28.0), 5.5, row.card.level, t.text);
    let facts = format!("{}  ·  {}", level_word(locale, row.card.level), about_minutes(locale, row.card.minutes));
    widget::put(ui, pos2(x + 6.0, y + 28.0), Align2::LEFT_CENTER, &facts, &Ink::new(16.0, t.text));
    let skills: Vec<String> = row.card.skills.iter().map(|s| super::landing::skill(locale, s)).collect();
    if !skills.is_empty() {
        let text = format!("{}: {}", locale.say("front-practises"), skills.join(", "));
        widget::put_wrapped(ui, pos2(inner.left(), y + 48.0), inner.width(), 2, &text, &Ink::new(14.0, t.muted));
    }
    let sealed = locale.say("front-sealed");
    let at = pos2(inner.left(), inner.bottom() - 124.0);
    widget::put_wrapped(ui, at, inner.width(), 2, &sealed, &Ink::new(14.0, t.muted));
    let open = locale.say("front-open-briefing");
    let button = Rect::from_min_max(pos2(inner.left(), inner.bottom() - 60.0), inner.max);
    if action(ui, button, true, &open, "Enter", f.size(20.0).max(16.0), &open) || key(ui, Key::Enter) {
        out.push(UiAction::Choose(row.card.id.clone()));
    }
}

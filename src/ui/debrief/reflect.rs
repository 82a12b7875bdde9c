//! Reactions, before any number: prompts with a field each, what was written so far, and six sliders that are asked, never scored.

use crate::fact::{LoadScale, Reflection};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink, Kind};
use crate::view::action::UiAction;
use crate::view::debrief::DebriefVm;
use crate::view::words::{reflection_key, workload_key};
use egui::{Align2, Key, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// What is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReflectUiState {
    /// Who writes; the first seat if nobody was chosen.
    pub seat: Option<String>,
    /// Drafts, in the order of [`Reflection::ALL`].
    pub drafts: [String; 6],
    /// Owner of the action item that is being written.
    pub owner: String,
    /// The slider that is being moved, and its value.
    moved: Option<(usize, u8)>,
}

const GAP: f32 = 16.0;
const FIELD: f32 = 34.0;

fn writer(vm: &DebriefVm, state: &ReflectUiState) -> String {
    let chosen = state.seat.clone().filter(|s| vm.seats.contains(s));
    chosen.or_else(|| vm.seats.first().cloned()).unwrap_or_else(|| "primary".to_owned())
}

/// Draws the page.
pub(super) fn reactions(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut ReflectUiState,
    out: &mut Vec<UiAction>,
) {
    let full = ui.max_rect();
    let width = (full.width() - 96.0).min(1480.0);
    let page = Rect::from_min_max(
        pos2(full.center().x - width / 2.0, full.top() + 8.0),
        pos2(full.center().x + width / 2.0 + 16.0, full.bottom()),
    );
    let seat = writer(vm, state);
    widget::area(ui, "reactions", page, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if vm.seats.len() > 1 {
                seats(ui, locale, vm, state, &seat, width);
            }
            let half = (width - GAP) / 2.0;
            for pair in [[0, 1], [2, 3], [4, 5]] {
                let height = pair.iter().map(|i| card_height(ui, vm, *i, half)).fold(0.0, f32::max);
                let (_, row) = ui.allocate_space(vec2(width, height + GAP));
                for (column, i) in pair.into_iter().enumerate() {
                    let left = row.left() + column as f32 * (half + GAP);
                    let rect = Rect::from_min_size(pos2(left, row.top()), vec2(half, height));
                    prompt(ui, locale, vm, state, i, rect, &seat, out);
                }
                // What is painted within a row does not move the next one.
                ui.allocate_rect(row, Sense::hover());
            }
            workload(ui, locale, vm, state, &seat, width, out);
            ui.add_space(24.0);
        });
    });
}

fn seats(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut ReflectUiState, seat: &str, width: f32) {
    let t = theme::tokens(ui);
    let (_, row) = ui.allocate_space(vec2(width, 40.0));
    let y = row.top() + 16.0;
    let drawn = widget::put(
        ui,
        pos2(row.left(), y),
        Align2::LEFT_CENTER,
        &locale.say("dui-reflect-who"),
        &Ink::new(14.0, t.muted),
    )
    .rect;
    let mut x = drawn.right() + 12.0;
    for s in &vm.seats {
        let text = super::seat_word(locale, s);
        let wide = widget::chip_width(ui, &text);
        let rect = Rect::from_min_size(pos2(x, y - 12.0), vec2(wide, 24.0));
        if widget::chip(ui, rect, &text, s == seat, &text).clicked() {
            state.seat = Some(s.clone());
        }
        x += wide + 4.0;
    }
}

/// Thoughts on a prompt, newest last.
fn kept(vm: &DebriefVm, on: Reflection) -> Vec<String> {
    let words = |t: &crate::debrief::model::Thought| {
        if t.owner.is_empty() {
            format!("{} ({})", t.text, t.by)
        } else {
            format!("{} ({} → {})", t.text, t.by, t.owner)
        }
    };
    vm.thoughts.iter().filter(|t| t.on == on).map(words).collect()
}

fn card_height(ui: &Ui, vm: &DebriefVm, i: usize, width: f32) -> f32 {
    let t = theme::tokens(ui);
    let Some(on) = Reflection::ALL.get(i).copied() else { return 0.0 };
    let lines: f32 = kept(vm, on)
        .iter()
        .map(|words| (widget::width(ui, words, &Ink::new(14.0, t.text)) / (width - 52.0)).ceil().clamp(1.0, 3.0))
        .sum();
    86.0 + lines * 20.0 + if lines > 0.0 { 6.0 } else { 0.0 }
}

#[expect(clippy::too_many_arguments, reason = "a card is drawn from everything that the page knows")]
fn prompt(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut ReflectUiState,
    i: usize,
    rect: Rect,
    seat: &str,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let (Some(on), Some(draft)) = (Reflection::ALL.get(i).copied(), state.drafts.get_mut(i)) else { return };
    ui.painter().rect(rect, 8, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let question = prompt_words(locale, on);
    let bar = Rect::from_min_size(rect.min + vec2(14.0, 12.0), vec2(4.0, 20.0));
    ui.painter().rect_filled(bar, 0, t.amber);
    let ink = Ink::bold(16.0, t.text);
    let shown = widget::fit(ui, &question, &ink, rect.width() - 44.0);
    widget::put(ui, pos2(rect.left() + 28.0, rect.top() + 22.0), Align2::LEFT_CENTER, &shown, &ink);
    let word = locale.say("dui-reflect-keep");
    let button_px = widget::width(ui, &word, &Ink::body(t.text)) + 28.0;
    let top = rect.top() + 40.0;
    let button = Rect::from_min_size(pos2(rect.right() - 14.0 - button_px, top), vec2(button_px, FIELD));
    let mut field_right = button.left() - 8.0;
    let mut sent = false;
    if on == Reflection::Action {
        let owner = Rect::from_min_size(pos2(field_right - 130.0, top), vec2(130.0, FIELD));
        let id = ui.id().with("reflect-owner");
        let aria = locale.say("dui-reflect-owner");
        let response = widget::field(ui, owner, id, &mut state.owner, &aria, 1, &aria);
        sent |= response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        field_right = owner.left() - 8.0;
    }
    let field = Rect::from_min_max(pos2(rect.left() + 14.0, top), pos2(field_right, top + FIELD));
    let id = ui.id().with(("reflect", i));
    let response = widget::field(ui, field, id, draft, &locale.say("dui-reflect-hint"), 1, &question);
    sent |= response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let aria = locale.text("dui-reflect-keep-aria", &[("what", Arg::Word(question.clone()))]);
    sent |= widget::button(ui, button, Kind::Plain, &word, "", &aria).clicked();
    if sent && !draft.trim().is_empty() {
        let text = draft.split_whitespace().collect::<Vec<_>>().join(" ");
        let owner = if on == Reflection::Action { state.owner.trim().to_owned() } else { String::new() };
        out.push(UiAction::Reflect { seat: seat.to_owned(), on, text, owner });
        draft.clear();
        if on == Reflection::Action {
            state.owner.clear();
        }
    }
    let mut y = top + FIELD + 8.0;
    for words in kept(vm, on) {
        let dot = pos2(rect.left() + 20.0, y + 10.0);
        ui.painter().circle_filled(dot, 2.5, t.yours);
        let at = pos2(rect.left() + 30.0, y);
        y = widget::put_wrapped(ui, at, rect.width() - 52.0, 3, &words, &Ink::new(14.0, t.text)).rect.bottom();
    }
}

/// The words of a prompt, without the hint for lines of text.
fn prompt_words(locale: &Locale, on: Reflection) -> String {
    let key = reflection_key(on);
    let own = format!("dui-{key}");
    if locale.has(&own) { locale.say(&own) } else { locale.say(key) }
}

fn workload(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut ReflectUiState,
    seat: &str,
    width: f32,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let (_, head) = ui.allocate_space(vec2(width, 44.0));
    let title = locale.say("dui-workload-head");
    let y = head.top() + 20.0;
    let drawn = widget::put(ui, pos2(head.left(), y), Align2::LEFT_CENTER, &title, &Ink::bold(16.0, t.text)).rect;
    let ink = Ink::new(14.0, t.muted);
    let note = widget::fit(ui, &locale.say("dui-workload-note"), &ink, head.right() - drawn.right() - 24.0);
    widget::put(ui, pos2(drawn.right() + 16.0, y), Align2::LEFT_CENTER, &note, &ink);
    let half = (width - GAP * 2.0) / 2.0;
    for pair in [[0, 1], [2, 3], [4, 5]] {
        let (_, row) = ui.allocate_space(vec2(width, 40.0));
        for (column, i) in pair.into_iter().enumerate() {
            let left = row.left() + column as f32 * (half + GAP * 2.0);
            slider(ui, locale, vm, state, i, Rect::from_min_size(pos2(left, row.top()), vec2(half, 36.0)), seat, out);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a slider is drawn from everything that the page knows")]
fn slider(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    state: &mut ReflectUiState,
    i: usize,
    rect: Rect,
    seat: &str,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let Some(scale) = LoadScale::ALL.get(i).copied() else { return };
    let name = locale.say(workload_key(scale));
    let y = rect.center().y;
    let name_px = (rect.width() * 0.36).min(230.0);
    let ink = Ink::new(14.0, t.text);
    let shown = widget::fit(ui, &name, &ink, name_px - 12.0);
    widget::put(ui, pos2(rect.left(), y), Align2::LEFT_CENTER, &shown, &ink);
    let line = Rect::from_min_max(pos2(rect.left() + name_px, y - 3.0), pos2(rect.right() - 56.0, y + 3.0));
    let given = vm.workload.iter().find(|(s, by, _)| *s == scale && by == seat).map(|(.., v)| *v);
    let value = state.moved.filter(|(at, _)| *at == i).map(|(_, v)| v).or(given);
    let response = {
        let area = line.expand2(vec2(8.0, 12.0));
        let response = ui.interact(area, ui.id().with(("workload", i)), Sense::click_and_drag());
        let aria = locale.text(
            "dui-workload-aria",
            &[("scale", Arg::Word(name.clone())), ("n", Arg::Word(value.map_or("–".to_owned(), |v| v.to_string())))],
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Slider, true, &aria));
        response
    };
    ui.painter().rect_filled(line, 3, t.raised);
    ui.painter().rect_stroke(line, 3, Stroke::new(1.0, t.line), StrokeKind::Inside);
    for step in 1..20_u8 {
        let x = line.left() + line.width() * f32::from(step) / 20.0;
        widget::vline(ui, x, egui::Rangef::new(y - 2.0, y + 2.0), t.line);
    }
    let x_of = |v: u8| line.left() + line.width() * f32::from(v) / 100.0;
    match value {
        Some(v) => {
            let done = Rect::from_min_max(line.min, pos2(x_of(v), line.bottom()));
            ui.painter().rect_filled(done, 3, t.muted);
            ui.painter().circle(pos2(x_of(v), y), 8.0, t.text, Stroke::new(2.0, t.ink));
        }
        None => {
            ui.painter().circle(pos2(line.center().x, y), 7.0, t.ink, Stroke::new(1.5, t.muted));
        }
    }
    if response.has_focus() {
        ui.painter().rect_stroke(line.expand(6.0), 6, Stroke::new(2.0, t.text), StrokeKind::Inside);
    }
    let number = value.map_or("–".to_owned(), |v| v.to_string());
    let color = if value.is_some() { t.text } else { t.muted };
    widget::put(ui, pos2(rect.right() - 8.0, y), Align2::RIGHT_CENTER, &number, &Ink::bold(14.0, color));
    if let Some(at) = response.interact_pointer_pos() {
        // Steps of five, as the paper has them.
        let share = ((at.x - line.left()) / line.width()).clamp(0.0, 1.0);
        state.moved = Some((i, (share * 20.0).round() as u8 * 5));
    }
    let mut given_now = None;
    if response.drag_stopped() || response.clicked() {
        given_now = state.moved.take().map(|(_, v)| v);
    }
    if response.has_focus() {
        let now = value.unwrap_or(50);
        let pressed = |k| ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, k));
        if pressed(Key::ArrowRight) {
            given_now = Some((now + 5).min(100));
        }
        if pressed(Key::ArrowLeft) {
            given_now = Some(now.saturating_sub(5));
        }
    }
    if let Some(value) = given_now {
        out.push(UiAction::Workload { seat: seat.to_owned(), scale, value });
    }
}

//! The composer of updates: impact, status, next step, when the next one comes.

use crate::fact::{UpdateFields, UpdateStatus};
use crate::locale::{Arg, Locale};
use crate::scenario::Channel;
use crate::ui::panel::n;
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, Kind, put};
use crate::view::action::UiAction;
use crate::view::panel::channel::ComposerVm;
use crate::view::panel::stopwatch;
use egui::{Align2, Id, Rect, Ui, pos2, vec2};

/// State of the composer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposerUiState {
    /// Who or what is affected.
    pub impact: String,
    /// Where the work stands.
    pub status: Option<UpdateStatus>,
    /// What comes next.
    pub next: String,
    /// Minutes until the next update.
    pub again_min: u32,
    /// Where it goes.
    pub channel: Channel,
}

impl Default for ComposerUiState {
    fn default() -> ComposerUiState {
        ComposerUiState {
            impact: String::new(),
            status: Some(UpdateStatus::Investigating),
            next: String::new(),
            again_min: 10,
            channel: Channel::Internal,
        }
    }
}

/// Id of the field for the impact, which the update key goes to.
pub fn impact_id() -> Id {
    Id::new("composer-impact")
}

fn next_id() -> Id {
    Id::new("composer-next")
}

/// Whether the composer has the keyboard.
pub fn has_focus(ui: &Ui) -> bool {
    ui.memory(|m| m.focused()).is_some_and(|id| id == impact_id() || id == next_id())
}

/// The four states that can be chosen.
const STATES: [UpdateStatus; 4] =
    [UpdateStatus::Investigating, UpdateStatus::Identified, UpdateStatus::Mitigating, UpdateStatus::Monitoring];

/// Catalogue key of a state's word.
pub fn status_word(status: UpdateStatus) -> &'static str {
    match status {
        UpdateStatus::Investigating => "update-investigating",
        UpdateStatus::Identified => "update-identified",
        UpdateStatus::Mitigating => "update-mitigating",
        UpdateStatus::Monitoring => "update-monitoring",
        UpdateStatus::Resolved => "update-resolved",
    }
}

/// Height that the composer wants in a column `width` wide.
pub fn composer_height(width: f32) -> f32 {
    if width < 380.0 { 240.0 } else { 282.0 }
}

/// Posts what is written and clears the fields.
pub fn post(state: &mut ComposerUiState, out: &mut Vec<UiAction>) {
    let written = |s: &str| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
    let fields = UpdateFields {
        impact: written(&state.impact),
        status: state.status,
        action: None,
        next: written(&state.next),
        again_min: Some(state.again_min),
    };
    out.push(UiAction::Post { channel: state.channel, text: String::new(), fields });
    state.impact.clear();
    state.next.clear();
}

/// Draws the composer into the whole of `ui`.
pub fn composer_ui(
    ui: &mut Ui,
    vm: &ComposerVm,
    state: &mut ComposerUiState,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let narrow = full.width() < 380.0;
    ui.painter().rect_filled(full, 0, t.raised);
    widget::hline(ui, full.x_range(), full.top() + 1.0, t.line);
    let inner = full.shrink2(vec2(MARGIN, 0.0));
    let y = full.top() + 23.0;
    let title = Ink::bold(theme::BODY, t.text);
    put(ui, pos2(inner.left(), y), Align2::LEFT_CENTER, &locale.say("composer-title"), &title);
    let (to, other) = match state.channel {
        Channel::Internal => ("composer-to-team", Channel::Status),
        Channel::Status => ("composer-to-status", Channel::Internal),
    };
    let to = locale.say(to);
    let wide = widget::chip_width(ui, &to);
    let rect = Rect::from_min_size(pos2(inner.right() - wide + 8.0, y - 12.0), vec2(wide, 24.0));
    if widget::chip(ui, rect, &to, false, &locale.say("composer-to-aria")).clicked() {
        state.channel = other;
    }
    let label_width = 88.0;
    let left = inner.left() + label_width;
    let field = |top: f32, height: f32| Rect::from_min_max(pos2(left, top), pos2(inner.right(), top + height));
    let label = |ui: &mut Ui, y: f32, key: &str| {
        put(ui, pos2(inner.left(), y), Align2::LEFT_CENTER, &locale.say(key), &Ink::label(t.muted));
    };
    let rows = if narrow { 1 } else { 2 };
    let tall = if narrow { 32.0 } else { 52.0 };
    let mut top = full.top() + 41.0;
    label(ui, top + 16.0, "composer-impact");
    let hint = locale.say("composer-impact-hint");
    widget::field(
        ui,
        field(top, tall),
        impact_id(),
        &mut state.impact,
        &hint,
        rows,
        &locale.say("composer-impact-aria"),
    );
    top += tall + 8.0;
    label(ui, top + 16.0, "composer-status");
    status_ui(ui, field(top, theme::CONTROL), narrow, state, locale);
    top += theme::CONTROL + 8.0;
    label(ui, top + 16.0, "composer-next");
    let hint = locale.say(if narrow { "composer-next-hint-short" } else { "composer-next-hint" });
    widget::field(ui, field(top, tall), next_id(), &mut state.next, &hint, rows, &locale.say("composer-next-aria"));
    top += tall + 4.0;
    label(ui, top + 16.0, "composer-again");
    let mut x = left;
    for minutes in [5, 10, 15, 30] {
        let text = locale.text("composer-minutes", &[("n", n(minutes))]);
        let wide = widget::chip_width(ui, &text).min((inner.right() - left) / 4.0);
        let rect = Rect::from_min_size(pos2(x, top + 4.0), vec2(wide, 24.0));
        let aria = locale.text("composer-again-aria", &[("n", n(minutes))]);
        if widget::chip(ui, rect, &text, state.again_min == minutes, &aria).clicked() {
            state.again_min = minutes;
        }
        x += wide + if narrow { 2.0 } else { 8.0 };
    }
    let button = Rect::from_min_size(pos2(inner.right() - 108.0, full.bottom() - 44.0), vec2(108.0, theme::CONTROL));
    note(ui, pos2(inner.left(), button.center().y), button.left() - inner.left() - GAP, vm, state, locale);
    let word = locale.say("composer-post");
    if widget::button(ui, button, Kind::Plain, &word, "Ctrl ↵", &locale.say("composer-post-aria")).clicked() {
        post(state, out);
    }
}

fn note(ui: &mut Ui, at: egui::Pos2, room: f32, vm: &ComposerVm, state: &ComposerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    if let Some(past) = vm.past_promise_s {
        widget::status_glyph(ui, at + vec2(6.0, 0.0), 11.0, crate::session::projection::Health::Warning, t);
        let words = locale.text("update-past-promise", &[("span", Arg::Word(stopwatch(past)))]);
        put(ui, at + vec2(18.0, 0.0), Align2::LEFT_CENTER, &words, &Ink::label(t.warn));
        return;
    }
    let key = match (state.impact.trim().is_empty(), state.next.trim().is_empty()) {
        (true, true) => "composer-empty-both",
        (true, false) => "composer-empty-impact",
        (false, true) => "composer-empty-next",
        (false, false) => "composer-full",
    };
    let ink = Ink::label(t.muted);
    let words = widget::fit(ui, &locale.say(key), &ink, room);
    put(ui, at, Align2::LEFT_CENTER, &words, &ink);
}

fn status_ui(ui: &mut Ui, rect: Rect, narrow: bool, state: &mut ComposerUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    if narrow {
        let shown = state.status.map(|s| locale.say(status_word(s))).unwrap_or_default();
        let response = widget::area(ui, "composer-status", rect, |ui| {
            egui::ComboBox::from_id_salt("composer-status")
                .width(rect.width() - 8.0)
                .selected_text(shown)
                .show_ui(ui, |ui| {
                    for s in STATES {
                        ui.selectable_value(&mut state.status, Some(s), locale.say(status_word(s)));
                    }
                })
                .response
        });
        let aria = locale.say("composer-status-aria");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::ComboBox, true, &aria));
        return;
    }
    let stroke = egui::Stroke::new(1.0, t.line);
    ui.painter().rect(rect, theme::CONTROL_RADIUS, t.ink, stroke, egui::StrokeKind::Inside);
    let words: Vec<String> = STATES.iter().map(|s| locale.say(status_word(*s))).collect();
    let wants: Vec<f32> = words.iter().map(|s| widget::chip_width(ui, s)).collect();
    let spare = (rect.width() - 6.0 - wants.iter().sum::<f32>()) / 4.0;
    let mut x = rect.left() + 3.0;
    for ((s, text), want) in STATES.into_iter().zip(&words).zip(wants) {
        let place = Rect::from_min_size(pos2(x, rect.top() + 3.0), vec2(want + spare, rect.height() - 6.0));
        let aria = locale.text("composer-status-choice", &[("status", Arg::Word(text.clone()))]);
        if widget::chip(ui, place, text, state.status == Some(s), &aria).clicked() {
            state.status = Some(s);
        }
        x += want + spare;
    }
}

//! The incident channel: messages from below, teal for this team, grey for simulated people.

use crate::locale::{Arg, Locale};
use crate::scenario::Channel;
use crate::session::projection::MessageFrom;
use crate::ui::panel::{absolute, ago, n, who};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, area, paint, put, put_wrapped};
use crate::view::panel::channel::{ChannelVm, MessageVm};
use crate::view::words::{author_text, say};
use egui::{Align2, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// State of the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelUiState {
    /// Channel shown.
    pub shown: Channel,
}

impl Default for ChannelUiState {
    fn default() -> ChannelUiState {
        ChannelUiState { shown: Channel::Internal }
    }
}

/// Draws the channel into the whole of `ui`.
pub fn channel_ui(ui: &mut Ui, vm: &ChannelVm, state: &mut ChannelUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let bar = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    widget::hline(ui, bar.x_range(), bar.bottom(), t.line);
    let mut x = bar.left() + MARGIN + 4.0;
    let name = format!("# {}", vm.name.trim_start_matches('#').trim());
    let parts = [(Channel::Internal, name, "C"), (Channel::Status, locale.say("status-page"), "")];
    for (channel, title, key) in parts {
        let wide = widget::tab_width(ui, &title, key);
        let rect = Rect::from_min_size(pos2(x, bar.top()), vec2(wide, bar.height()));
        if widget::tab(ui, rect, &title, key, state.shown == channel, &title).clicked() {
            state.shown = channel;
        }
        x += wide + 28.0;
    }
    let body = Rect::from_min_max(bar.left_bottom(), full.max);
    let messages: Vec<&MessageVm> = vm.messages.iter().filter(|m| m.channel == state.shown).collect();
    let room = body.width() - 2.0 * MARGIN - 16.0;
    let heights: Vec<f32> = messages.iter().map(|m| height(ui, m, room, locale)).collect();
    let total: f32 = heights.iter().sum::<f32>() + if vm.declared { 0.0 } else { 40.0 };
    area(ui, "channel-messages", body, |ui| {
        ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            // Few messages stand at the bottom, beside the composer.
            ui.add_space((body.height() - total - GAP).max(0.0));
            if !vm.declared && state.shown == Channel::Internal {
                undeclared(ui, locale);
            }
            for (m, h) in messages.iter().zip(heights) {
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), h), Sense::hover());
                if ui.is_rect_visible(rect) {
                    message(ui, rect, m, locale);
                }
            }
            ui.add_space(GAP);
        });
    });
}

fn undeclared(ui: &mut Ui, locale: &Locale) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let words = locale.say("channel-undeclared");
    let drawn = put(ui, rect.center(), Align2::CENTER_CENTER, &words, &Ink::label(t.muted)).rect;
    widget::hline(ui, (rect.left() + MARGIN)..=(drawn.left() - 12.0), rect.center().y, t.line);
    widget::hline(ui, (drawn.right() + 12.0)..=(rect.right() - MARGIN), rect.center().y, t.line);
}

/// A message's words with its structured fields below.
fn words(m: &MessageVm, locale: &Locale) -> String {
    let mut lines = Vec::new();
    let text = say(locale, &m.text);
    if !text.is_empty() {
        lines.push(text);
    }
    let f = &m.fields;
    if let Some(impact) = &f.impact {
        lines.push(locale.text("said-impact", &[("text", Arg::Word(impact.clone()))]));
    }
    if let Some(status) = f.status {
        lines.push(locale.say(crate::ui::panel::composer::status_word(status)));
    }
    if let Some(action) = &f.action {
        lines.push(locale.text("said-action", &[("text", Arg::Word(action.clone()))]));
    }
    if let Some(next) = &f.next {
        lines.push(locale.text("said-next", &[("text", Arg::Word(next.clone()))]));
    }
    if let Some(again) = f.again_min {
        lines.push(locale.text("said-again", &[("n", n(again))]));
    }
    lines.join("\n")
}

fn height(ui: &Ui, m: &MessageVm, room: f32, locale: &Locale) -> f32 {
    let text = words(m, locale);
    let t = theme::tokens(ui);
    if m.from == MessageFrom::System {
        return 28.0;
    }
    22.0 + widget::wrapped_height(ui, &text, &Ink::body(t.text), room) + 14.0
}

fn message(ui: &mut Ui, rect: Rect, m: &MessageVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let text = words(m, locale);
    if m.from == MessageFrom::System {
        let ink = Ink::label(t.muted);
        let shown = widget::fit(ui, &text, &ink, rect.width() - 2.0 * MARGIN);
        put(ui, rect.center(), Align2::CENTER_CENTER, &shown, &ink).on_hover_text(absolute(&m.when));
        return;
    }
    let ours = matches!(m.from, MessageFrom::You | MessageFrom::Team);
    let left = rect.left() + MARGIN;
    let edge = Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(3.0, rect.height() - 16.0));
    ui.painter().rect_filled(edge, 0, if ours { t.yours } else { t.edge });
    let x = left + 16.0;
    let y = rect.top() + 10.0;
    let color = if ours { t.yours } else { t.text };
    let name = match &m.role {
        Some(role) => author_text(locale, role).to_owned(),
        None => who(locale, &m.who),
    };
    let name = put(ui, pos2(x, y), Align2::LEFT_CENTER, &name, &Ink::bold(theme::BODY, color));
    if m.from == MessageFrom::You {
        let at = pos2(name.rect.right() + GAP, y);
        paint(ui, at, Align2::LEFT_CENTER, &locale.say("channel-you"), &Ink::label(t.muted));
    }
    put(ui, pos2(rect.right() - MARGIN, y), Align2::RIGHT_CENTER, &ago(locale, &m.when), &Ink::label(t.muted))
        .on_hover_text(absolute(&m.when));
    put_wrapped(ui, pos2(x, rect.top() + 22.0), rect.right() - MARGIN - x, 99, &text, &Ink::body(t.text));
}

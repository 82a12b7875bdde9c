//! What lies over every screen: notes, the question before leaving, problems of scenario files, a newer version.

use super::Ask;
use crate::app::desk::Desk;
use crate::locale::Arg;
use crate::ui::theme;
use crate::view::action::{Screen, UiAction};
use bevy_egui::egui::{self, Align2, Id, Key, Modifiers, RichText, vec2};

/// Before the screen: keys of the topmost layer, so that the screen below does not take them.
pub fn before(ui: &mut egui::Ui, desk: &mut Desk, asks: &mut Vec<Ask>) {
    let take = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if desk.leaving.is_some() {
        if take(Key::Enter) {
            asks.push(Ask::Leave);
        }
        if take(Key::Escape) {
            asks.push(Ask::Stay);
        }
    } else if desk.memory.problem.is_some() && take(Key::Escape) {
        desk.memory.problem = None;
    }
}

/// After the screen, over it.
pub fn after(ui: &mut egui::Ui, desk: &mut Desk, out: &mut Vec<UiAction>, asks: &mut Vec<Ask>) {
    // With Shift, letters work on every screen that does not type.
    let typing = ui.ctx().text_edit_focused() || ui.ctx().egui_wants_keyboard_input();
    if !typing && ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::M)) {
        out.push(UiAction::ReduceMotion(!desk.settings.reduce_motion));
    }
    problems(ui, desk);
    newer(ui, desk, asks);
    leaving(ui, desk, asks);
    note(ui, desk);
}

fn note(ui: &egui::Ui, desk: &Desk) {
    let Some((words, _)) = &desk.note else { return };
    let t = theme::tokens(ui);
    egui::Area::new(Id::new("note"))
        .order(egui::Order::Tooltip)
        .interactable(false)
        .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -48.0))
        .show(ui.ctx(), |ui| {
            frame(t).show(ui, |ui| {
                ui.set_max_width(640.0);
                ui.label(RichText::new(words).color(t.text));
            });
        });
}

fn frame(t: &theme::Tokens) -> egui::Frame {
    egui::Frame::new()
        .fill(t.raised)
        .stroke(egui::Stroke::new(1.0, t.line))
        .corner_radius(8)
        .inner_margin(egui::Margin::symmetric(20, 12))
}

fn leaving(ui: &egui::Ui, desk: &Desk, asks: &mut Vec<Ask>) {
    let Some(quit) = desk.leaving else { return };
    let t = theme::tokens(ui);
    egui::Modal::new(Id::new("leaving")).frame(frame(t)).show(ui.ctx(), |ui| {
        ui.set_width(440.0);
        ui.label(RichText::new(desk.locale.say("app-leave-title")).font(theme::semibold_font(20.0)).color(t.text));
        ui.add_space(8.0);
        ui.label(RichText::new(desk.locale.say("app-leave-text")).color(t.muted));
        ui.add_space(16.0);
        ui.horizontal(|ui| {
            let yes = desk.locale.say(if quit { "app-leave-quit" } else { "app-leave-title-screen" });
            if ui.button(format!("{yes}  (Enter)")).clicked() {
                asks.push(Ask::Leave);
            }
            if ui.button(format!("{}  (Esc)", desk.locale.say("app-leave-stay"))).clicked() {
                asks.push(Ask::Stay);
            }
        });
    });
}

/// Problems of scenario files: one line each on the library, the whole text on demand.
fn problems(ui: &egui::Ui, desk: &mut Desk) {
    let t = theme::tokens(ui);
    if !desk.shelf.problems.is_empty() && matches!(desk.screen, Screen::Library | Screen::Briefing) {
        let mut open = None;
        egui::Area::new(Id::new("problems"))
            .order(egui::Order::Foreground)
            .anchor(Align2::LEFT_BOTTOM, vec2(64.0, -24.0))
            .show(ui.ctx(), |ui| {
                frame(t).show(ui, |ui| {
                    ui.set_max_width(720.0);
                    let n = i64::try_from(desk.shelf.problems.len()).unwrap_or(i64::MAX);
                    let words = desk.locale.text("app-problems", &[("n", Arg::Number(n))]);
                    ui.label(RichText::new(format!("▲ {words}")).color(t.warn));
                    for problem in desk.shelf.problems.iter().take(4) {
                        if ui.button(RichText::new(&problem.first).font(theme::mono_font(12.0))).clicked() {
                            open = Some(problem.slug.clone());
                        }
                    }
                });
            });
        if open.is_some() {
            desk.memory.problem = open;
        }
    }
    let shown = desk.memory.problem.as_ref().and_then(|slug| desk.shelf.problems.iter().find(|p| p.slug == *slug));
    let Some(problem) = shown else {
        desk.memory.problem = None;
        return;
    };
    let mut open = true;
    egui::Window::new(desk.locale.text("app-problems-of", &[("scenario", Arg::Word(problem.slug.clone()))]))
        .id(Id::new("problem"))
        .open(&mut open)
        .default_size(vec2(760.0, 420.0))
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ui.ctx(), |ui| {
            egui::ScrollArea::both().show(ui, |ui| {
                ui.label(RichText::new(&problem.text).font(theme::mono_font(14.0)).color(t.output));
            });
        });
    if !open {
        desk.memory.problem = None;
    }
}

/// The running scenario was edited: offers a branch.
fn newer(ui: &egui::Ui, desk: &Desk, asks: &mut Vec<Ask>) {
    if !desk.newer || desk.screen != Screen::Live {
        return;
    }
    let t = theme::tokens(ui);
    egui::Area::new(Id::new("newer")).order(egui::Order::Foreground).anchor(Align2::CENTER_TOP, vec2(0.0, 84.0)).show(
        ui.ctx(),
        |ui| {
            frame(t).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(desk.locale.say("app-newer")).color(t.text));
                    if ui.button(desk.locale.say("app-newer-branch")).clicked() {
                        asks.push(Ask::TakeNewer);
                    }
                    if ui.button(desk.locale.say("app-newer-keep")).clicked() {
                        asks.push(Ask::KeepVersion);
                    }
                });
            });
        },
    );
}

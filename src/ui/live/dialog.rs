//! Dialogs of the incident process: declare, roles, page, help, hypothesis, cause, resolve, follow-up, keys, end.

use crate::fact::FactId;
use crate::locale::Locale;
use crate::ui::keys;
use crate::ui::panel::{n, w, who};
use crate::ui::theme::{self, GAP};
use crate::ui::widget::{self, Ink, Kind, paint};
use crate::view::action::UiAction;
use crate::view::live::LiveVm;
use crate::view::words::say;
use egui::{Align2, Id, Key, Modal, Sense, Ui, pos2, vec2};
use std::collections::BTreeSet;

/// A dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Declare, or change severity.
    Declare,
    /// Take or give a role.
    Role,
    /// Page somebody.
    PagePerson,
    /// Ask for help.
    Help,
    /// State what may be wrong.
    Hypothesis,
    /// State the cause.
    Cause,
    /// Close the incident.
    Resolve,
    /// Record work for later.
    FollowUp,
    /// The keys.
    Keys,
    /// End the session.
    End,
}

/// State of the open dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogUiState {
    /// Which is open.
    pub open: Option<Dialog>,
    /// What is typed.
    pub text: String,
    /// One choice: a role, a person, a component, an owner.
    pub choice: Option<String>,
    /// Components of a cause.
    pub components: BTreeSet<String>,
    /// Mechanisms of a cause.
    pub mechanisms: BTreeSet<String>,
    /// Evidence of a cause.
    pub evidence: BTreeSet<FactId>,
}

impl DialogUiState {
    /// Opens a dialog with nothing filled in.
    pub fn show(&mut self, dialog: Dialog) {
        *self = DialogUiState { open: Some(dialog), ..DialogUiState::default() };
    }
}

/// Mechanisms that a cause may name, as the line grammar takes them.
pub const MECHANISMS: [&str; 12] = [
    "bad_release",
    "config_change",
    "overload",
    "retry_storm",
    "capacity",
    "disk_full",
    "data_loss",
    "replication",
    "dependency",
    "expired",
    "wrong_host",
    "bug",
];

/// Words as one argument of the line grammar.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.trim().replace('\\', "\\\\").replace('"', "\\\""))
}

/// Draws the open dialog, if there is one.
pub fn dialog_ui(ui: &mut Ui, vm: &LiveVm, state: &mut DialogUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let Some(dialog) = state.open else { return };
    let t = theme::tokens(ui);
    let frame = egui::Frame::new()
        .fill(t.panel)
        .stroke(egui::Stroke::new(1.0, t.line))
        .corner_radius(8)
        .inner_margin(egui::Margin::same(24));
    let before = out.len();
    let answer = Modal::new(Id::new(("dialog", dialog as u8))).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(if matches!(dialog, Dialog::Cause | Dialog::Keys) { 640.0 } else { 440.0 });
        ui.spacing_mut().item_spacing = vec2(GAP, 12.0);
        match dialog {
            Dialog::Declare => declare(ui, vm, locale, out),
            Dialog::Role => role(ui, vm, locale, out),
            Dialog::PagePerson => page_person(ui, vm, state, locale, out),
            Dialog::Help => one_line(ui, "help", state, locale, |text| format!(":help {text}"), out),
            Dialog::Hypothesis => hypothesis(ui, vm, state, locale, out),
            Dialog::Cause => cause(ui, vm, state, locale, out),
            Dialog::Resolve => confirm(ui, "resolve", UiAction::Line(":resolve".to_owned()), locale, out),
            Dialog::FollowUp => follow_up(ui, state, locale, out),
            Dialog::Keys => all_keys(ui, locale),
            Dialog::End => confirm(ui, "end", UiAction::Line(":end".to_owned()), locale, out),
        }
    });
    if out.len() > before || answer.should_close() {
        *state = DialogUiState::default();
    }
}

fn heading(ui: &mut Ui, key: &str, locale: &Locale) {
    let t = theme::tokens(ui);
    let title = egui::RichText::new(locale.say(&format!("dialog-{key}"))).font(theme::semibold_font(theme::HEADING));
    ui.label(title.color(t.text));
    let note = format!("dialog-{key}-note");
    if locale.has(&note) {
        ui.label(egui::RichText::new(locale.say(&note)).color(t.muted));
    }
}

fn wide_button(ui: &mut Ui, kind: Kind, text: &str, key: &str, aria: &str) -> bool {
    let t = theme::tokens(ui);
    let wide = widget::width(ui, text, &Ink::bold(theme::BODY, t.text)) + 40.0 + widget::key_cap_width(ui, key);
    let (rect, _) = ui.allocate_exact_size(vec2(wide.max(96.0), theme::CONTROL), Sense::hover());
    widget::button(ui, rect, kind, text, key, aria).clicked()
}

fn choice_row(ui: &mut Ui, text: &str, note: &str, chosen: bool, aria: &str) -> bool {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let clicked = widget::row_button(ui, rect, chosen, aria).clicked();
    let ink = Ink::bold(theme::BODY, t.text);
    let drawn = paint(ui, pos2(rect.left() + 12.0, rect.center().y), Align2::LEFT_CENTER, text, &ink);
    let ink = Ink::label(t.muted);
    let note = widget::fit(ui, note, &ink, rect.right() - drawn.right() - 36.0);
    paint(ui, pos2(rect.right() - 12.0, rect.center().y), Align2::RIGHT_CENTER, &note, &ink);
    clicked
}

fn chips(ui: &mut Ui, items: &[(String, String)], prefix: &str, chosen: &mut BTreeSet<String>, locale: &Locale) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (id, words) in items {
            let wide = widget::chip_width(ui, words);
            let (rect, _) = ui.allocate_exact_size(vec2(wide, 28.0), Sense::hover());
            let t = theme::tokens(ui);
            let stroke = egui::Stroke::new(1.0, t.line);
            ui.painter().rect_stroke(rect, theme::CONTROL_RADIUS, stroke, egui::StrokeKind::Inside);
            let aria = locale.text(prefix, &[("name", w(words))]);
            if widget::chip(ui, rect, words, chosen.contains(id), &aria).clicked() && !chosen.remove(id) {
                chosen.insert(id.clone());
            }
        }
    });
}

fn text_field(ui: &mut Ui, state: &mut DialogUiState, key: &str, locale: &Locale) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::CONTROL), Sense::hover());
    let id = Id::new(("dialog-text", key));
    let label = locale.say(&format!("dialog-{key}-text"));
    widget::field(ui, rect, id, &mut state.text, &label, 1, &label);
    if ui.memory(|m| m.focused()).is_none() {
        ui.memory_mut(|m| m.request_focus(id));
    }
    ui.input(|i| i.key_pressed(Key::Enter)) && !state.text.trim().is_empty()
}

fn declare(ui: &mut Ui, vm: &LiveVm, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, "declare", locale);
    for sev in 1..=4_u8 {
        let title = locale.text("top-sev", &[("n", n(sev))]);
        let note = locale.say(&format!("severity-{sev}"));
        let chosen = vm.composer.severity == Some(sev);
        let aria = locale.text("dialog-declare-aria", &[("n", n(sev))]);
        let digit = [Key::Num1, Key::Num2, Key::Num3, Key::Num4].get(usize::from(sev) - 1).copied();
        let pressed = digit.is_some_and(|k| ui.input(|i| i.key_pressed(k)));
        if choice_row(ui, &title, &note, chosen, &aria) || pressed {
            out.push(UiAction::Line(format!(":declare sev{sev}")));
        }
    }
}

fn role(ui: &mut Ui, vm: &LiveVm, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, "role", locale);
    let seats = std::iter::once("me".to_owned())
        .chain(vm.top.here.iter().filter(|h| !h.you).map(|h| h.name.clone()))
        .collect::<Vec<_>>();
    for role in ["ic", "comms", "scribe", "ops"] {
        let title = locale.say(&format!("role-{role}"));
        ui.horizontal(|ui| {
            ui.set_min_height(theme::CONTROL);
            let (rect, _) = ui.allocate_exact_size(vec2(160.0, theme::CONTROL), Sense::hover());
            let t = theme::tokens(ui);
            paint(ui, rect.left_center(), Align2::LEFT_CENTER, &title, &Ink::bold(theme::BODY, t.text));
            for seat in &seats {
                let name = if seat == "me" { locale.say("channel-you") } else { who(locale, seat) };
                let aria = locale.text("dialog-role-aria", &[("role", w(&title)), ("name", w(&name))]);
                if wide_button(ui, Kind::Plain, &name, "", &aria) {
                    out.push(UiAction::Line(format!(":role {role} {seat}")));
                }
            }
        });
    }
}

fn page_person(ui: &mut Ui, vm: &LiveVm, state: &mut DialogUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, "page", locale);
    for person in &vm.pager.people {
        let role = crate::view::words::author_text(locale, &person.role);
        let chosen = state.choice.as_deref() == Some(&person.id);
        let aria = locale.text("dialog-page-aria", &[("name", w(&person.id))]);
        if choice_row(ui, &who(locale, &person.id), role, chosen, &aria) {
            state.choice = Some(person.id.clone());
        }
    }
    let enter = text_field(ui, state, "page", locale);
    let word = locale.say("dialog-page-do");
    if (wide_button(ui, Kind::Plain, &word, "↵", &word) || enter)
        && let Some(person) = &state.choice
    {
        let line = if state.text.trim().is_empty() {
            format!(":page {person}")
        } else {
            format!(":page {person} {}", quoted(&state.text))
        };
        out.push(UiAction::Line(line));
    }
}

fn one_line(
    ui: &mut Ui,
    key: &str,
    state: &mut DialogUiState,
    locale: &Locale,
    line: impl Fn(&str) -> String,
    out: &mut Vec<UiAction>,
) {
    heading(ui, key, locale);
    let enter = text_field(ui, state, key, locale);
    let word = locale.say(&format!("dialog-{key}-do"));
    if (wide_button(ui, Kind::Plain, &word, "↵", &word) || enter) && !state.text.trim().is_empty() {
        out.push(UiAction::Line(line(state.text.trim())));
    }
}

fn hypothesis(ui: &mut Ui, vm: &LiveVm, state: &mut DialogUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, "hypothesis", locale);
    let mut chosen = BTreeSet::new();
    let items: Vec<_> = vm.composer.components.iter().map(|c| (c.clone(), c.clone())).collect();
    chips(ui, &items, "component-aria", &mut chosen, locale);
    let enter = text_field(ui, state, "hypothesis", locale);
    let word = locale.say("dialog-hypothesis-do");
    let pressed = wide_button(ui, Kind::Plain, &word, "↵", &word) || enter;
    let named =
        chosen.into_iter().next().or_else(|| Some(state.text.trim().to_owned()).filter(|s| pressed && !s.is_empty()));
    if let Some(name) = named {
        out.push(UiAction::Line(format!(":hypothesis {}", if name.contains(' ') { quoted(&name) } else { name })));
    }
}

fn cause(ui: &mut Ui, vm: &LiveVm, state: &mut DialogUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    heading(ui, "cause", locale);
    let label =
        |ui: &mut Ui, key: &str| ui.label(egui::RichText::new(locale.say(key)).color(t.muted).size(theme::LABEL));
    label(ui, "cause-components");
    let items: Vec<_> = vm.composer.components.iter().map(|c| (c.clone(), c.clone())).collect();
    chips(ui, &items, "component-aria", &mut state.components, locale);
    label(ui, "cause-mechanisms");
    let items: Vec<_> = MECHANISMS.iter().map(|m| ((*m).to_owned(), locale.say(&format!("mechanism-{m}")))).collect();
    chips(ui, &items, "mechanism-aria", &mut state.mechanisms, locale);
    label(ui, "cause-evidence");
    egui::ScrollArea::vertical().max_height(220.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for row in vm.timeline.rows.iter().rev().take(100) {
            let chosen = state.evidence.contains(&row.id);
            let id = row.id.to_string();
            let text = format!("{}  {}", crate::stdx::time::Offset(row.when.t_s).clock(), say(locale, &row.text));
            let shown = widget::fit(ui, &text, &Ink::bold(theme::BODY, t.text), ui.available_width() - 100.0);
            let aria = locale.text("cause-evidence-aria", &[("id", w(&id)), ("text", w(&text))]);
            if choice_row(ui, &shown, &id, chosen, &aria) && !state.evidence.remove(&row.id) {
                state.evidence.insert(row.id);
            }
        }
    });
    let word = locale.say("dialog-cause-do");
    let ready = !state.components.is_empty() && !state.mechanisms.is_empty();
    let pressed = ui.add_enabled_ui(ready, |ui| wide_button(ui, Kind::Plain, &word, "", &word)).inner;
    if pressed && ready {
        out.push(UiAction::Cause {
            components: state.components.iter().cloned().collect(),
            mechanisms: state.mechanisms.iter().cloned().collect(),
            evidence: state.evidence.iter().copied().collect(),
        });
    }
}

fn confirm(ui: &mut Ui, key: &str, action: UiAction, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, key, locale);
    let word = locale.say(&format!("dialog-{key}-do"));
    let enter = ui.input(|i| i.key_pressed(Key::Enter));
    if wide_button(ui, Kind::Plain, &word, "↵", &word) || enter {
        out.push(action);
    }
}

fn follow_up(ui: &mut Ui, state: &mut DialogUiState, locale: &Locale, out: &mut Vec<UiAction>) {
    heading(ui, "follow-up", locale);
    let owner = state.choice.get_or_insert_with(|| "team".to_owned());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::CONTROL), Sense::hover());
    let label = locale.say("dialog-follow-up-owner");
    widget::field(ui, rect, Id::new("dialog-owner"), owner, &label, 1, &label);
    let owner = owner.trim().to_owned();
    let enter = text_field(ui, state, "follow-up", locale);
    let word = locale.say("dialog-follow-up-do");
    let pressed = wide_button(ui, Kind::Plain, &word, "↵", &word) || enter;
    if pressed && !state.text.trim().is_empty() && !owner.is_empty() {
        let owner = if owner.contains(' ') { quoted(&owner) } else { owner };
        out.push(UiAction::Line(format!(":followup {} --owner {owner}", quoted(&state.text))));
    }
}

fn all_keys(ui: &mut Ui, locale: &Locale) {
    let t = theme::tokens(ui);
    heading(ui, "keys", locale);
    let rows = keys::ALL.iter().filter(|b| !b.cap.is_empty()).collect::<Vec<_>>();
    let half = rows.len().div_ceil(2);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), half as f32 * 30.0), Sense::hover());
    for (k, b) in rows.iter().enumerate() {
        let x = area.left() + if k < half { 0.0 } else { area.width() / 2.0 };
        let y = area.top() + 15.0 + 30.0 * (k % half) as f32;
        widget::key_cap(ui, pos2(x, y), b.cap, t.muted);
        let words = locale.say(b.words);
        widget::put(ui, pos2(x + 64.0, y), Align2::LEFT_CENTER, &words, &Ink::body(t.text));
    }
}

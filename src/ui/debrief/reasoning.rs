//! Grounds of each action and what was stated of the cause: words, chips, no points.

use super::{DebriefUiState, chip, seat_word};
use crate::debrief::model::{Basis, Outcome};
use crate::locale::{Arg, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::words::way_words;
use crate::view::debrief::{DebriefVm, moment};
use crate::view::words::{author_text, say};
use egui::{Align2, Rect, Ui, pos2, vec2};

fn head(ui: &mut Ui, text: &str, note: &str) {
    let t = theme::tokens(ui);
    ui.add_space(20.0);
    ui.label(egui::RichText::new(text).font(theme::semibold_font(20.0)).color(t.text));
    ui.label(egui::RichText::new(note).font(theme::regular_font(14.0)).color(t.muted));
}

/// Every action with what it rested on and, apart from that, how it turned out.
pub(super) fn grounds(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    width: f32,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    head(ui, &locale.say("export-grounds"), &locale.say("export-grounds-note"));
    if vm.grounds.is_empty() {
        ui.label(egui::RichText::new(locale.say("export-no-step")).font(theme::regular_font(16.0)).color(t.text));
    }
    for (n, g) in vm.grounds.iter().enumerate() {
        let from = ui.cursor().min;
        let y = from.y + 12.0;
        // The mark is about the words and the log at that moment, never about a person.
        let c = pos2(from.x + 9.0, y);
        match g.basis {
            Basis::OnScreen => {
                let tick = vec![c + vec2(-6.0, 0.0), c + vec2(-1.5, 5.0), c + vec2(7.0, -6.0)];
                ui.painter().add(egui::Shape::line(tick, egui::Stroke::new(2.0, t.text)));
            }
            Basis::Other => widget::dashed_circle(ui, c, 6.0, t.muted),
        }
        let basis = locale.say(match g.basis {
            Basis::OnScreen => "dui-ground-screen",
            Basis::Other => "dui-ground-other",
        });
        let outcome = match g.outcome {
            Outcome::Better => locale.say("dui-outcome-better"),
            Outcome::Worse => locale.say("dui-outcome-worse"),
            Outcome::Same => locale.say("dui-outcome-same"),
        };
        let at = pos2(from.x + 28.0, y);
        let drawn = widget::put(ui, at, Align2::LEFT_CENTER, &basis, &Ink::bold(14.0, t.text)).rect;
        let seat = format!("·  {outcome}  ·  {}", seat_word(locale, &g.seat));
        let at = pos2(drawn.right() + 8.0, y);
        let drawn = widget::put(ui, at, Align2::LEFT_CENTER, &seat, &Ink::new(14.0, t.muted)).rect;
        let mut x = drawn.right() + 12.0;
        let mut seen = std::collections::BTreeSet::new();
        for fact in std::iter::once(g.action).chain(g.seen.iter().copied()).chain(g.proof) {
            let room = widget::width(ui, &format!("#{fact}"), &Ink::new(14.0, t.text)) + 14.0;
            if seen.insert(fact) && x + room < from.x + width {
                x = chip(
                    ui,
                    pos2(x, y),
                    fact,
                    &format!("#{fact}: {} {}", locale.say("export-grounds"), n + 1),
                    state,
                    out,
                ) + 6.0;
            }
        }
        let at = pos2(from.x + 28.0, y + 14.0);
        let said = widget::put_wrapped(ui, at, width - 28.0, 3, &say(locale, &g.text), &Ink::new(14.0, t.text));
        let whole = Rect::from_min_max(from, pos2(from.x + width, said.rect.bottom() + 6.0));
        ui.allocate_rect(whole, egui::Sense::hover());
    }
}

/// What was to be decided, the way of the original above the ways that were taken here, and what comes of each.
pub(super) fn decisions(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    width: f32,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    if vm.decisions.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    head(ui, &locale.say("export-decisions"), &locale.say("dui-decisions-note"));
    for d in &vm.decisions {
        let (_, row) = ui.allocate_space(vec2(width, 30.0));
        let y = row.center().y;
        let at = moment(locale, d.open_s);
        widget::put(ui, pos2(row.left(), y), Align2::LEFT_CENTER, &at, &Ink::new(14.0, t.muted));
        let name = author_text(locale, &d.name);
        widget::put(ui, pos2(row.left() + 76.0, y), Align2::LEFT_CENTER, name, &Ink::bold(16.0, t.text));
        let original =
            d.original.as_ref().map_or_else(|| locale.say("export-none-known"), |(n, o)| way_words(locale, n, *o));
        let mut ways = vec![(t.theirs, locale.say("export-col-original"), original, None, String::new())];
        let yours = locale.say("export-col-yours");
        for way in &d.taken {
            let said = way_words(locale, &way.name, way.outcome);
            ways.push((t.yours, yours.clone(), said, way.fact, moment(locale, way.t_s)));
        }
        if d.taken.is_empty() {
            ways.push((t.yours, yours, locale.say("export-none-taken"), None, String::new()));
        }
        for (color, who, said, fact, at) in ways {
            let from = ui.cursor().min;
            let y = from.y + 10.0;
            let at_x = from.x + 76.0;
            widget::put(ui, pos2(from.x, y), Align2::LEFT_CENTER, &at, &Ink::new(14.0, color));
            widget::put(ui, pos2(at_x, y), Align2::LEFT_CENTER, &who, &Ink::bold(14.0, color));
            let left = at_x + 124.0;
            let room = width - 124.0 - 76.0 - 96.0;
            let drawn = widget::put_wrapped(ui, pos2(left, from.y), room, 2, &said, &Ink::new(14.0, t.text)).rect;
            if let Some(fact) = fact {
                let aria = format!("#{fact}: {} {said}", locale.say("export-decisions"));
                chip(ui, pos2(left + room + 16.0, y), fact, &aria, state, out);
            }
            let whole = Rect::from_min_max(from, pos2(from.x + width, drawn.bottom().max(from.y + 22.0) + 4.0));
            ui.allocate_rect(whole, egui::Sense::hover());
        }
    }
}

/// What was stated of the cause over time, each name with whether it contributed; then what contributed and how it reached users.
pub(super) fn diagnosis(
    ui: &mut Ui,
    locale: &Locale,
    vm: &DebriefVm,
    width: f32,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let d = &vm.diagnosis;
    if d.components.is_empty() && d.statements.is_empty() {
        return;
    }
    head(ui, &locale.say("dui-diagnosis"), &locale.say("dui-diagnosis-note"));
    if d.statements.is_empty() {
        ui.label(egui::RichText::new(locale.say("export-none-stated")).font(theme::regular_font(16.0)).color(t.text));
    }
    for (n, x) in d.statements.iter().enumerate() {
        let (_, row) = ui.allocate_space(vec2(width, 30.0));
        let y = row.center().y;
        let at = moment(locale, x.t_s);
        let drawn = widget::put(ui, pos2(row.left(), y), Align2::LEFT_CENTER, &at, &Ink::new(14.0, t.yours)).rect;
        let kind = locale.say(if x.cause { "export-stated-cause" } else { "export-stated-hypothesis" });
        let kind = x.confidence.map_or(kind.clone(), |c| format!("{kind}, {c} %"));
        let at = pos2((drawn.right() + 12.0).max(row.left() + 76.0), y);
        let drawn = widget::put(ui, at, Align2::LEFT_CENTER, &kind, &Ink::bold(14.0, t.text)).rect;
        let mut left = (drawn.right() + 14.0).max(row.left() + 200.0);
        for (name, hit) in x.location.iter().chain(&x.mechanism) {
            let c = pos2(left + 5.0, y);
            // Filled: it contributed. Hollow: the simulation has no part for it.
            if *hit {
                ui.painter().circle_filled(c, 4.5, t.text);
            } else {
                ui.painter().circle_stroke(c, 4.0, egui::Stroke::new(1.5, t.muted));
            }
            let ink = Ink::new(14.0, if *hit { t.text } else { t.muted });
            let shown = widget::fit(ui, name, &ink, (row.right() - 90.0 - left - 14.0).max(20.0));
            let word = locale.say(if *hit { "export-contributed" } else { "export-not-seen-in-it" });
            let drawn = widget::put(ui, pos2(left + 14.0, y), Align2::LEFT_CENTER, &shown, &ink);
            left = drawn.rect.right() + 16.0;
            drawn.on_hover_text(word);
        }
        let aria = format!("#{}: {} {}", x.fact, locale.say("dui-diagnosis"), n + 1);
        chip(ui, pos2((row.right() - 80.0).max(left), y), x.fact, &aria, state, out);
        widget::hline(ui, row.x_range(), row.bottom() + 2.0, t.line);
    }
    let facts = locale.text(
        "export-components",
        &[("components", Arg::Word(d.components.join(", "))), ("mechanisms", Arg::Word(d.mechanisms.join(", ")))],
    );
    ui.label(egui::RichText::new(facts).font(theme::regular_font(16.0)).color(t.text));
    for chain in &d.chains {
        let (_, row) = ui.allocate_space(vec2(width, 34.0));
        let y = row.center().y;
        let mut x = row.left();
        for (i, name) in chain.iter().enumerate() {
            if i > 0 {
                super::arrow(ui, pos2(x, y), t.muted);
                x += 22.0;
            }
            let ink = Ink::bold(14.0, t.text);
            let wide = widget::width(ui, name, &ink) + 20.0;
            let node = Rect::from_min_size(pos2(x, y - 13.0), vec2(wide, 26.0));
            ui.painter().rect(node, 6, t.panel, egui::Stroke::new(1.0, t.edge), egui::StrokeKind::Inside);
            widget::paint(ui, node.center(), Align2::CENTER_CENTER, name, &ink);
            x = node.right() + 11.0;
        }
        let said = locale.text("export-chain", &[("chain", Arg::Word(chain.join(" → ")))]);
        super::labelled(ui, row, &said);
    }
}

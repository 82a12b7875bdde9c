//! The numbers, last: dimensions and checks beside par, each with its formula and the facts that earned it.

use super::{DebriefUiState, chip, dimension_word};
use crate::locale::{Arg, Locale};
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::debrief::{CheckVm, DebriefVm, GroupVm, moment};
use crate::view::words::say;
use egui::{Align2, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// Height of a check's row.
const ROW: f32 = 27.0;

/// Left edges of the columns, from the left of the stage.
struct Columns {
    group: f32,
    group_end: f32,
    id: f32,
    name: f32,
    points: f32,
    formula: f32,
    evidence: f32,
    end: f32,
}

/// Draws the score.
pub(super) fn score(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, state: &mut DebriefUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let wide = full.width() > 1500.0;
    let side_px = if wide { 424.0 } else { 0.0 };
    let end = full.right() - 32.0 - side_px;
    let left = full.left() + 32.0;
    let width = end - left;
    let at = |share: f32| left + width * share;
    let c = Columns {
        group: left,
        group_end: at(0.235),
        id: at(0.255),
        name: at(0.255) + 34.0,
        points: at(0.375),
        formula: at(0.505),
        evidence: at(0.75),
        end,
    };
    let y = full.top() + 16.0;
    let ink = Ink::new(14.0, t.muted);
    for (x, key) in [
        (c.group, "dui-col-dimension"),
        (c.id, "dui-col-check"),
        (c.points, "dui-col-points"),
        (c.formula, "dui-col-formula"),
        (c.evidence, "dui-col-evidence"),
    ] {
        widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &locale.say(key), &ink);
    }
    widget::put(ui, pos2(c.group_end, y), Align2::RIGHT_CENTER, &locale.say("dui-col-delta"), &ink);
    widget::hline(ui, Rangef::new(c.group, c.group_end), full.top() + 30.0, t.edge);
    widget::hline(ui, Rangef::new(c.id, c.end), full.top() + 30.0, t.edge);
    let list = Rect::from_min_max(pos2(full.left(), full.top() + 32.0), pos2(end + 8.0, full.bottom()));
    widget::area(ui, "score", list, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for group in &vm.groups {
                let top = ui.cursor().top();
                let height = (group.checks.len() as f32 * ROW + 8.0).max(64.0);
                ui.allocate_space(vec2(list.width() - 8.0, height));
                dimension(ui, locale, group, &c, top);
                for (i, check) in group.checks.iter().enumerate() {
                    row(ui, locale, check, &c, top + 4.0 + ROW * i as f32, state, out);
                }
                widget::hline(ui, Rangef::new(c.group, c.group_end), top + height, t.line);
                widget::hline(ui, Rangef::new(c.id, c.end), top + height, t.line);
            }
            if !wide {
                let from = ui.cursor().min;
                ui.allocate_space(vec2(list.width() - 8.0, 440.0));
                side(ui, locale, vm, Rect::from_min_size(pos2(left, from.y + 16.0), vec2(width, 410.0)));
            }
        });
    });
    if wide {
        let rect =
            Rect::from_min_max(pos2(end + 24.0, full.top() + 6.0), pos2(full.right() - 24.0, full.bottom() - 12.0));
        ui.painter().rect_filled(rect, 8, t.panel);
        side(ui, locale, vm, rect.shrink2(vec2(22.0, 16.0)));
    }
}

/// A bar: teal earned, headroom hatched, the par tick violet with ground on both sides; hollow where par rests on an assumption.
#[expect(clippy::too_many_arguments, reason = "a bar is its numbers")]
fn bar(ui: &Ui, at: Pos2, px: f32, height: f32, points: f32, max: f32, par: f32, assumed: bool, t: &Tokens) {
    let full = Rect::from_min_size(at - vec2(0.0, height / 2.0), vec2(max * px, height));
    let mine = Rect::from_min_size(full.min, vec2(points * px, height));
    let room = Rect::from_min_max(pos2(mine.right(), full.top()), full.max);
    if room.width() > 1.0 {
        widget::hatch(ui, room, t.line);
        ui.painter().rect_stroke(room, 0, Stroke::new(1.0, t.edge), StrokeKind::Inside);
    }
    ui.painter().rect_filled(mine, 0, t.yours);
    let x = full.left() + par * px;
    let tick = Rect::from_center_size(pos2(x, at.y), vec2(3.0, height + 6.0));
    ui.painter().rect_filled(tick.expand2(vec2(1.5, 0.0)), 0, t.ink);
    if assumed {
        ui.painter().rect(tick.expand2(vec2(1.0, 0.0)), 0, t.ink, Stroke::new(1.0, t.theirs), StrokeKind::Inside);
    } else {
        ui.painter().rect_filled(tick, 0, t.theirs);
    }
}

fn dimension(ui: &mut Ui, locale: &Locale, g: &GroupVm, c: &Columns, top: f32) {
    let t = theme::tokens(ui);
    let y = top + 16.0;
    let name = dimension_word(locale, g.dimension);
    let drawn = widget::put(ui, pos2(c.group, y), Align2::LEFT_CENTER, &name, &Ink::bold(16.0, t.text)).rect;
    let word = locale.say(g.word);
    let at = pos2((drawn.right() + 12.0).max(c.group + 110.0), y);
    let delta_px = widget::width(ui, &g.delta, &Ink::bold(16.0, t.text));
    let ink = Ink::new(14.0, t.text);
    let word = widget::fit(ui, &word, &ink, c.group_end - delta_px - 8.0 - at.x);
    widget::put(ui, at, Align2::LEFT_CENTER, &word, &ink);
    widget::put(ui, pos2(c.group_end, y), Align2::RIGHT_CENTER, &g.delta, &Ink::bold(16.0, t.text));
    // Lengths compare down the page: one scale for all groups, that of the longest bar with its words.
    let px = ((c.group_end - c.group - 110.0) / 20.0).clamp(6.0, 13.0);
    let by = top + 40.0;
    bar(ui, pos2(c.group, by), px, 16.0, g.points, g.max, g.par, false, t);
    let of = locale.text("dui-of", &[("n", Arg::Word(format!("{:.1}", g.points))), ("max", Arg::Word(trim(g.max)))]);
    widget::put(ui, pos2(c.group + g.max * px + 12.0, by), Align2::LEFT_CENTER, &of, &Ink::bold(14.0, t.text));
    if g.checks.len() > 2 {
        let x = c.group + g.par * px;
        let tip = pos2(x, by + 13.0);
        let points = vec![tip, tip + vec2(4.5, 7.0), tip + vec2(-4.5, 7.0)];
        ui.painter().add(Shape::convex_polygon(points, t.theirs, Stroke::NONE));
        let par = locale.text("dui-par", &[("n", Arg::Word(format!("{:.1}", g.par)))]);
        let ink = Ink::new(14.0, t.theirs);
        let half = widget::width(ui, &par, &ink) / 2.0;
        let px = x.max(c.group + half);
        widget::put(ui, pos2(px, by + 30.0), Align2::CENTER_CENTER, &par, &ink);
        if g.max - g.points > 0.05 {
            let room = locale.text("dui-headroom", &[("n", Arg::Word(format!("{:.1}", g.max - g.points)))]);
            let ink = Ink::new(14.0, t.muted);
            if px + half + 12.0 + widget::width(ui, &room, &ink) < c.group_end {
                widget::put(ui, pos2(c.group_end, by + 30.0), Align2::RIGHT_CENTER, &room, &ink);
            }
        }
    }
}

fn trim(v: f32) -> String {
    let text = format!("{v:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn row(
    ui: &mut Ui,
    locale: &Locale,
    check: &CheckVm,
    c: &Columns,
    top: f32,
    state: &mut DebriefUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let y = top + ROW / 2.0;
    let whole = Rect::from_min_max(pos2(c.id - 6.0, top), pos2(c.end, top + ROW));
    let zero = check.max > 0.0 && check.points <= 0.0;
    let said = say(locale, &check.text);
    let hover = ui.interact(whole, ui.id().with(("check", check.id)), egui::Sense::hover());
    hover.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, format!("{}: {said}", check.id)));
    if zero || hover.hovered() {
        ui.painter().rect_filled(whole, 4, t.raised.gamma_multiply(0.6));
    }
    hover.on_hover_text(&said);
    let name_key = format!("dui-check-{}", check.id);
    let name = if locale.has(&name_key) { locale.say(&name_key) } else { check.id.to_owned() };
    widget::paint(ui, pos2(c.id, y), Align2::LEFT_CENTER, check.id, &Ink::new(14.0, t.muted));
    let strong = Ink::bold(14.0, if check.max > 0.0 { t.text } else { t.muted });
    let name = widget::fit(ui, &name, &strong, c.points - c.name - 8.0);
    widget::put(ui, pos2(c.name, y), Align2::LEFT_CENTER, &name, &strong);
    let formula_px = c.evidence - c.formula - 12.0;
    if check.max <= 0.0 {
        let na = locale.say("dui-not-exercised");
        widget::put(ui, pos2(c.points, y), Align2::LEFT_CENTER, &na, &Ink::new(14.0, t.muted));
        return;
    }
    let ink = if zero { Ink::new(14.0, t.muted) } else { Ink::bold(14.0, t.text) };
    widget::paint(ui, pos2(c.points + 36.0, y), Align2::RIGHT_CENTER, &check.points_text, &ink);
    let px = ((c.formula - c.points - 56.0) / 16.0).clamp(2.5, 7.0);
    bar(ui, pos2(c.points + 44.0, y), px, 10.0, check.points, check.max, check.par, check.assumed, t);
    let ink = Ink::new(14.0, t.text);
    let formula = widget::fit(ui, &check.formula, &ink, formula_px);
    widget::put(ui, pos2(c.formula, y), Align2::LEFT_CENTER, &formula, &ink).on_hover_text(&check.formula);
    let mut x = c.evidence;
    for fact in &check.evidence {
        let width = widget::width(ui, &format!("#{fact}"), &Ink::new(14.0, t.text)) + 14.0;
        if x + width > c.end - 4.0 {
            break;
        }
        x = chip(ui, pos2(x, y), *fact, &format!("#{fact}: {}", check.id), state, out) + 7.0;
    }
    if zero && check.evidence.is_empty() {
        let unseen = locale.say("dui-not-seen");
        let text = match check.window {
            Some((a, b)) => format!("{}–{}  {unseen}", moment(locale, a), moment(locale, b)),
            None => unseen,
        };
        let ink = Ink::new(14.0, t.muted);
        let text = widget::fit(ui, &text, &ink, c.end - x - 4.0);
        widget::put(ui, pos2(x, y), Align2::LEFT_CENTER, &text, &ink);
    }
}

/// What the numbers are, where the headroom is, how to read a bar.
fn side(ui: &mut Ui, locale: &Locale, vm: &DebriefVm, rect: Rect) {
    let t = theme::tokens(ui);
    let mut y = rect.top() + 12.0;
    let sum = locale.text(
        "dui-sum",
        &[
            ("delta", Arg::Word(vm.delta.clone())),
            ("yours", Arg::Word(vm.points.0.clone())),
            ("par", Arg::Word(vm.points.1.clone())),
        ],
    );
    widget::put(ui, pos2(rect.left(), y), Align2::LEFT_CENTER, &locale.say("dui-par-head"), &Ink::bold(20.0, t.text));
    y += 22.0;
    let put = |ui: &mut Ui, y: f32, text: &str, ink: &Ink| {
        widget::put_wrapped(ui, pos2(rect.left(), y), rect.width(), 3, text, ink).rect.bottom()
    };
    y = put(ui, y, &sum, &Ink::new(14.0, t.text)) + 4.0;
    y = put(ui, y, &locale.say("dui-par-note"), &Ink::new(14.0, t.muted)) + 20.0;
    let rows = vm.headroom();
    if !rows.is_empty() {
        widget::hline(ui, rect.x_range(), y, t.line);
        y += 24.0;
        let head = locale.say("dui-headroom-head");
        widget::put(ui, pos2(rect.left(), y), Align2::LEFT_CENTER, &head, &Ink::bold(16.0, t.text));
        y += 16.0;
    }
    for (group, check) in rows {
        let room = group.max - group.points;
        let hatched = Rect::from_min_size(pos2(rect.left(), y + 6.0), vec2((room * 8.0).clamp(6.0, 150.0), 12.0));
        widget::hatch(ui, hatched, t.line);
        ui.painter().rect_stroke(hatched, 0, Stroke::new(1.0, t.edge), StrokeKind::Inside);
        let text = format!("{room:.1}  {}", dimension_word(locale, group.dimension));
        let at = pos2(hatched.right() + 12.0, hatched.center().y);
        widget::put(ui, at, Align2::LEFT_CENTER, &text, &Ink::bold(14.0, t.text));
        let said = say(locale, &check.text);
        let words = widget::put_wrapped(
            ui,
            pos2(rect.left() + 12.0, y + 24.0),
            rect.width() - 12.0,
            3,
            &said,
            &Ink::new(14.0, t.text),
        );
        let side_bar =
            Rect::from_min_max(pos2(rect.left(), words.rect.top()), pos2(rect.left() + 3.0, words.rect.bottom()));
        ui.painter().rect_filled(side_bar, 0, t.amber.gamma_multiply(0.8));
        y = words.rect.bottom() + 12.0;
    }
    let assumed = vm.assumed();
    if !assumed.is_empty() {
        widget::hline(ui, rect.x_range(), y, t.line);
        y += 20.0;
        let head = locale.say("dui-assumes-head");
        widget::put(ui, pos2(rect.left(), y), Align2::LEFT_CENTER, &head, &Ink::bold(16.0, t.text));
        y += 14.0;
        let words = locale.text("dui-assumes", &[("checks", Arg::Word(assumed.join(", ")))]);
        y = put(ui, y, &words, &Ink::new(14.0, t.text)) + 8.0;
    }
    y += 12.0;
    bar(ui, pos2(rect.left(), y + 8.0), 8.0, 13.0, 5.0, 8.0, 3.5, false, t);
    let read = locale.say("dui-read-bar");
    let ink = Ink::new(14.0, t.muted);
    let read = widget::fit(ui, &read, &ink, rect.width() - 80.0);
    widget::put(ui, pos2(rect.left() + 78.0, y + 8.0), Align2::LEFT_CENTER, &read, &ink);
}

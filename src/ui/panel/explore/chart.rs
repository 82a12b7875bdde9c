//! One chart: lines with a legend, deploys and pages, and the times in which alerts fired.

use crate::locale::{Arg, Locale};
use crate::session::projection::MarkKind;
use crate::stdx::time::Utc;
use crate::ui::panel::graph::{lines, minutes, spans};
use crate::ui::panel::{n, w};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, MarkShape, fit, paint, put, width};
use crate::view::panel::explore::ChartVm;
use crate::view::words::say;
use egui::{Align2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

/// Draws a chart into `rect`; `place` tells it from the others.
pub(super) fn chart_ui(ui: &mut Ui, rect: Rect, c: &ChartVm, place: (usize, usize), utc_zero_s: i64, locale: &Locale) {
    let t = theme::tokens(ui);
    let title = say(locale, &c.title);
    let ink = Ink::bold(theme::BODY, t.text);
    let shown = fit(ui, &title, &ink, rect.width() - 2.0 * MARGIN);
    put(ui, rect.min + vec2(MARGIN, 14.0), Align2::LEFT_CENTER, &shown, &ink).on_hover_text(&c.query);
    let plot = Rect::from_min_max(rect.min + vec2(52.0, 42.0), rect.max - vec2(MARGIN, 42.0));
    if plot.height() < 24.0 || plot.width() < 48.0 {
        return;
    }
    ui.painter().rect_filled(plot, 0, t.ink);
    let (low, top) = (c.axis.first().map_or(0.0, |a| a.0), c.axis.last().map_or(1.0, |a| a.0));
    let y_of = |v: f64| plot.bottom() - ((v - low) / (top - low).max(1e-9)) as f32 * plot.height();
    let (from, to) = c.window;
    let x_of = |s: i64| plot.left() + (s - from) as f32 / (to - from).max(1) as f32 * plot.width();
    let ink = Ink::label(t.muted);
    let skip = if plot.height() / (c.axis.len().max(2) - 1) as f32 >= 18.0 { 1 } else { 2 };
    for (k, (value, label)) in c.axis.iter().enumerate() {
        let y = y_of(*value);
        widget::hline(ui, plot.x_range(), y, t.line.gamma_multiply(0.7));
        if k % skip == 0 {
            paint(ui, pos2(plot.left() - GAP, y), Align2::RIGHT_CENTER, label, &ink);
        }
    }
    for utc in minutes(utc_zero_s, c.window, plot.width()) {
        let x = x_of(utc - utc_zero_s);
        let hms = Utc(utc).hms();
        if x > plot.left() + 18.0 && x < plot.right() - 12.0 {
            paint(ui, pos2(x, plot.bottom() + 11.0), Align2::CENTER_CENTER, hms.get(..5).unwrap_or(&hms), &ink);
        }
    }
    spans(ui, plot, &c.spans, &x_of, t);
    for m in &c.marks {
        let (x, shape, color) = match m.kind {
            MarkKind::Deploy => (x_of(m.t_s), MarkShape::Deploy, t.strong),
            MarkKind::Page => (x_of(m.t_s), MarkShape::Page, t.warn),
            MarkKind::TeamAction => (x_of(m.t_s), MarkShape::Team, t.yours),
        };
        let ends = [pos2(x, plot.top()), pos2(x, plot.bottom())];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, color), 4.0, 3.0));
        widget::mark(ui, pos2(x, plot.top() - 8.0), shape, t);
        let spot = Rect::from_center_size(pos2(x, plot.top() - 8.0), vec2(14.0, 14.0));
        ui.interact(spot, ui.id().with(("explore-mark", place, m.t_s, &m.label)), Sense::hover())
            .on_hover_text(&m.label);
    }
    lines(ui, plot, &c.lines, c.window, (&x_of, &y_of), t);
    let words = match (&c.error, c.lines.is_empty()) {
        (Some(why), _) => why.clone(),
        (None, true) => locale.say("explore-empty"),
        _ => String::new(),
    };
    if !words.is_empty() {
        widget::paint_wrapped(ui, plot.min + vec2(GAP, GAP), plot.width() - 2.0 * GAP, 4, &words, &Ink::body(t.muted));
    }
    legend(ui, Rect::from_min_max(pos2(rect.left() + MARGIN, rect.bottom() - 22.0), rect.max), c, locale);
    let hover = ui.interact(plot, ui.id().with(("explore-chart", place)), Sense::hover());
    let value = c.lines.first().and_then(|l| l.now.clone()).unwrap_or_else(|| locale.say("alert-no-data"));
    let count = n(i64::try_from(c.lines.len()).unwrap_or(i64::MAX));
    let spoken =
        locale.text("explore-chart-aria", &[("title", w(&title)), ("lines", count), ("value", Arg::Word(value))]);
    hover.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &spoken));
    if let Some(at) = hover.hover_pos() {
        readout(ui, plot, at.x, c, utc_zero_s);
    }
}

/// Which line is which, by colour and dashes, with its figure; the rest in words.
fn legend(ui: &mut Ui, row: Rect, c: &ChartVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let ink = Ink::label(t.muted);
    let y = row.center().y;
    let mut x = row.left();
    let mut left = c.more;
    for (k, l) in c.lines.iter().enumerate() {
        let text = match &l.now {
            Some(now) if l.name.is_empty() => now.clone(),
            Some(now) => format!("{} {now}", l.name),
            None => l.name.clone(),
        };
        let wide = width(ui, &text, &ink);
        if x + 24.0 + wide > row.right() - 72.0 && k > 0 {
            left += c.lines.len() - k;
            break;
        }
        super::super::graph::stroke(ui, [pos2(x, y), pos2(x + 18.0, y)], k, t);
        let shown = fit(ui, &text, &ink, row.right() - x - 24.0);
        put(ui, pos2(x + 24.0, y), Align2::LEFT_CENTER, &shown, &ink).on_hover_text(&text);
        x += 24.0 + wide + 16.0;
    }
    if left > 0 {
        let text = locale.text("explore-more", &[("n", n(i64::try_from(left).unwrap_or(i64::MAX)))]);
        put(ui, pos2(row.right() - MARGIN, y), Align2::RIGHT_CENTER, &text, &ink);
    }
}

/// The figures of all lines at the pointer.
fn readout(ui: &Ui, plot: Rect, x: f32, c: &ChartVm, utc_zero_s: i64) {
    let t = theme::tokens(ui);
    let share = f64::from((x - plot.left()) / plot.width());
    let at = c.window.0 + (share * (c.window.1 - c.window.0) as f64) as i64;
    widget::vline(ui, x, plot.y_range(), t.muted);
    let mut rows = vec![Utc(utc_zero_s + at).hms()];
    for l in c.lines.iter().take(6) {
        let nearest = l.points.iter().min_by_key(|(p, _)| (p - at).abs());
        let figure = nearest.and_then(|(_, v)| *v).map_or_else(|| "—".to_owned(), crate::stdx::text::compact);
        rows.push(format!("{} {figure}", l.name));
    }
    let ink = Ink::label(t.text);
    let wide = rows.iter().map(|r| width(ui, r, &ink)).fold(0.0, f32::max) + 16.0;
    let left = if x + wide + 8.0 > plot.right() { x - wide - 8.0 } else { x + 8.0 };
    let card = Rect::from_min_size(pos2(left, plot.top() + 4.0), vec2(wide, 8.0 + 16.0 * rows.len() as f32));
    widget::card(ui, card, t.raised, t.line);
    for (k, row) in rows.iter().enumerate() {
        paint(ui, card.min + vec2(8.0, 12.0 + 16.0 * k as f32), Align2::LEFT_CENTER, row, &ink);
    }
}

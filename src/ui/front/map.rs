//! The small map of the briefing: layered left to right, healthy, with what you run standing out.

use super::Frame;
use crate::locale::Locale;
use crate::session::projection::{MapNode, MapView};
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{self, Ink};
use crate::view::words::author_text;
use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

const COLUMNS: [&str; 4] = ["front-map-users", "front-map-edge", "front-map-services", "front-map-data"];

/// Draws the map into `rect`.
pub(super) fn map(ui: &mut Ui, f: &Frame, locale: &Locale, map: &MapView, rect: Rect) {
    let t = theme::tokens(ui);
    let gap = (rect.width() * 0.05).clamp(16.0, 40.0);
    let width = (rect.width() - 3.0 * gap) / 4.0;
    let head = 34.0;
    let column_x = |c: u8| rect.left() + f32::from(c.min(3)) * (width + gap);
    for (c, key) in COLUMNS.iter().enumerate() {
        let x = column_x(c as u8);
        let at = pos2(x, rect.top() + 10.0);
        widget::put(ui, at, Align2::LEFT_CENTER, &locale.say(key), &Ink::new(14.0, t.muted));
        widget::hline(ui, Rangef::new(x, x + width), rect.top() + 24.0, t.line);
    }
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + head), rect.max);
    let mut boxes: Vec<(&MapNode, Rect)> = Vec::new();
    for column in 0..4_u8 {
        let nodes: Vec<&MapNode> = map.nodes.iter().filter(|n| n.column.min(3) == column).collect();
        let slot = body.height() / nodes.len().max(1) as f32;
        let height = (88.0 * f.k.y.max(0.75)).min(slot - 8.0);
        for (i, node) in nodes.into_iter().enumerate() {
            let centre = body.top() + slot * (i as f32 + 0.5);
            let corner = pos2(column_x(column), centre - height / 2.0);
            boxes.push((node, Rect::from_min_size(corner, vec2(width, height))));
        }
    }
    let top = map.edges.iter().map(|e| e.rate).fold(1e-9, f64::max);
    let find = |id: &str| boxes.iter().find(|(n, _)| n.id == id).map(|(_, r)| *r);
    for edge in &map.edges {
        let (Some(a), Some(b)) = (find(&edge.from), find(&edge.to)) else { continue };
        let weight = (1.0 + 4.0 * (edge.rate / top).max(0.0).sqrt()) as f32;
        arrow(ui, a, b, weight, t);
    }
    for (node, r) in boxes {
        draw_node(ui, locale, node, r, t);
    }
}

fn arrow(ui: &Ui, a: Rect, b: Rect, weight: f32, t: &Tokens) {
    let stroke = Stroke::new(weight, t.edge);
    // Within a column the line runs down the side; between columns it is a soft S.
    let (from, to, bend) = if (a.left() - b.left()).abs() < 4.0 {
        (a.center_bottom(), b.center_top(), vec2(0.0, (b.top() - a.bottom()) / 2.0))
    } else {
        let right = b.left() > a.left();
        let (p, q) = if right { (a.right_center(), b.left_center()) } else { (a.left_center(), b.right_center()) };
        (p, q, vec2((q.x - p.x) / 2.0, 0.0))
    };
    let tip = (to - from).normalized();
    let end = if bend.x == 0.0 { to - vec2(0.0, 6.0) } else { to - vec2(6.0 * bend.x.signum(), 0.0) };
    let points: [Pos2; 4] = [from, from + bend, end - bend, end];
    ui.painter().add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
    let along = if bend.x == 0.0 { vec2(0.0, tip.y.signum()) } else { vec2(bend.x.signum(), 0.0) };
    let side = along.rot90();
    let head = vec![to, to - along * 9.0 + side * 5.0, to - along * 9.0 - side * 5.0];
    ui.painter().add(Shape::convex_polygon(head, t.edge, Stroke::NONE));
}

fn draw_node(ui: &mut Ui, locale: &Locale, node: &MapNode, r: Rect, t: &Tokens) {
    let (fill, edge) = if node.yours { (t.raised, t.text) } else { (t.panel, t.line) };
    ui.painter().rect(r, 8, fill, Stroke::new(if node.yours { 1.5 } else { 1.0 }, edge), StrokeKind::Inside);
    if r.width() < 130.0 {
        narrow_node(ui, locale, node, r, t);
        return;
    }
    let ink = if node.yours { Ink::bold(14.0, t.text) } else { Ink::new(14.0, t.text) };
    let name = widget::fit(ui, author_text(locale, &node.name), &ink, r.width() - 40.0);
    let tall = r.height() >= 56.0;
    let y = if tall { r.top() + 18.0 } else { r.center().y };
    widget::put(ui, pos2(r.left() + 12.0, y), Align2::LEFT_CENTER, &name, &ink);
    widget::status_glyph(ui, pos2(r.right() - 16.0, y), 10.0, node.health, t);
    if tall && node.column > 0 {
        let word = locale.say(if node.yours { "front-you-run-it" } else { "front-others-run-it" });
        let ink = Ink::new(12.0, t.muted);
        let word = widget::fit(ui, &word, &ink, r.width() - 24.0);
        widget::paint(ui, pos2(r.left() + 12.0, r.top() + 36.0), Align2::LEFT_CENTER, &word, &ink);
    }
    if r.height() >= 76.0 && node.spark.len() > 1 {
        let area = Rect::from_min_max(pos2(r.left() + 12.0, r.bottom() - 26.0), r.max - vec2(12.0, 8.0));
        let color = if node.yours { t.series } else { t.usual };
        spark(ui, area, &node.spark, Stroke::new(1.2, color));
    }
}

/// A node of a small window: the name on two lines, no curve.
fn narrow_node(ui: &mut Ui, locale: &Locale, node: &MapNode, r: Rect, t: &Tokens) {
    let ink = if node.yours { Ink::bold(12.0, t.text) } else { Ink::new(12.0, t.text) };
    let at = r.left_top() + vec2(8.0, 6.0);
    widget::put_wrapped(ui, at, r.width() - 30.0, 2, author_text(locale, &node.name), &ink);
    widget::status_glyph(ui, pos2(r.right() - 13.0, r.top() + 14.0), 9.0, node.health, t);
    if node.column > 0 && r.height() >= 56.0 {
        let word = locale.say(if node.yours { "front-you-run-it" } else { "front-others-run-it" });
        let ink = Ink::new(12.0, t.muted);
        let word = widget::fit(ui, &word, &ink, r.width() - 16.0);
        widget::paint(ui, pos2(r.left() + 8.0, r.bottom() - 13.0), Align2::LEFT_CENTER, &word, &ink);
    }
}

/// A small curve from the lowest to the highest of its values.
pub(super) fn spark(ui: &Ui, area: Rect, values: &[f64], stroke: Stroke) {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
    let span = (high - low).max(high.abs() * 0.2).max(1e-9);
    let last = (values.len().saturating_sub(1)).max(1) as f32;
    // One point a pixel is enough.
    let skip = (values.len() / area.width().max(1.0) as usize).max(1);
    let points: Vec<Pos2> = values
        .iter()
        .enumerate()
        .step_by(skip)
        .map(|(i, v)| {
            let share = ((v - low) / span) as f32;
            pos2(area.left() + area.width() * i as f32 / last, area.bottom() - area.height() * share)
        })
        .collect();
    ui.painter().add(Shape::line(points, stroke));
}

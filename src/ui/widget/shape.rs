//! Shapes: status glyphs, marks, rings, hairlines, dashes, hatching. Painted, so that no font needs to have them.

use crate::session::projection::Health;
use crate::ui::theme::{self, Tokens};
use crate::ui::widget::{Ink, paint};
use egui::{Align2, Color32, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// A hairline across, one pixel high.
pub fn hline(ui: &Ui, x: impl Into<Rangef>, y: f32, color: Color32) {
    let x: Rangef = x.into();
    ui.painter().rect_filled(Rect::from_min_max(pos2(x.min, y - 1.0), pos2(x.max, y)), 0, color);
}

/// A hairline down, one pixel wide, right of `x`.
pub fn vline(ui: &Ui, x: f32, y: impl Into<Rangef>, color: Color32) {
    let y: Rangef = y.into();
    ui.painter().rect_filled(Rect::from_min_max(pos2(x - 1.0, y.min), pos2(x, y.max)), 0, color);
}

/// The area between a line and `base`, as one piece: single quads would show their edges.
pub fn area_under(painter: &egui::Painter, points: &[Pos2], base: f32, color: Color32) {
    let mut mesh = egui::Mesh::default();
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        if (a.y - base).abs() + (b.y - base).abs() < 0.5 || b.x - a.x < 0.05 {
            continue;
        }
        let first = u32::try_from(mesh.vertices.len()).unwrap_or(u32::MAX);
        for corner in [*a, *b, pos2(b.x, base), pos2(a.x, base)] {
            mesh.colored_vertex(corner, color);
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }
    painter.add(Shape::mesh(mesh));
}

/// The shape of a state: ● ok, ▲ warning, ■ critical, ◌ unknown. `size` is its height in points.
pub fn status_glyph(ui: &Ui, center: Pos2, size: f32, health: Health, t: &Tokens) {
    let color = theme::status_color(t, health);
    match health {
        Health::Ok => {
            ui.painter().circle_filled(center, size * 0.46, color);
        }
        Health::Warning => triangle_up(ui, center, size, color),
        Health::Critical => {
            ui.painter().rect_filled(Rect::from_center_size(center, vec2(size * 0.9, size * 0.9)), 0, color);
        }
        Health::Unknown => dashed_circle(ui, center, size * 0.46, color),
    }
}

/// A filled triangle that points up.
pub fn triangle_up(ui: &Ui, center: Pos2, size: f32, color: Color32) {
    let (w, h) = (size * 0.54, size * 0.46);
    let points = vec![center + vec2(0.0, -h), center + vec2(w, h), center + vec2(-w, h)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// A diamond, filled or as an outline.
pub fn diamond(ui: &Ui, center: Pos2, size: f32, color: Color32, filled: bool) {
    let r = size * 0.5;
    let points = vec![center + vec2(0.0, -r), center + vec2(r, 0.0), center + vec2(0.0, r), center + vec2(-r, 0.0)];
    let (fill, stroke) = if filled { (color, Stroke::NONE) } else { (Color32::TRANSPARENT, Stroke::new(1.5, color)) };
    ui.painter().add(Shape::convex_polygon(points, fill, stroke));
}

/// A circle of eight short arcs: not measured.
pub fn dashed_circle(ui: &Ui, center: Pos2, radius: f32, color: Color32) {
    let dashes = 7;
    for i in 0..dashes {
        let from = std::f32::consts::TAU * (i as f32) / dashes as f32;
        let points = (0..=3)
            .map(|k| {
                let a = from + std::f32::consts::TAU * 0.5 * k as f32 / (3.0 * dashes as f32);
                center + radius * vec2(a.cos(), a.sin())
            })
            .collect();
        ui.painter().add(Shape::line(points, Stroke::new(1.5, color)));
    }
}

/// A rounded rectangle of dashes.
pub fn dashed_rect(ui: &Ui, rect: Rect, color: Color32) {
    let r = rect.shrink(0.5);
    for pair in [
        [r.left_top(), r.right_top()],
        [r.right_top(), r.right_bottom()],
        [r.right_bottom(), r.left_bottom()],
        [r.left_bottom(), r.left_top()],
    ] {
        let inset = (pair[1] - pair[0]).normalized() * 4.0;
        let ends = [pair[0] + inset, pair[1] - inset];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, color), 3.0, 3.0));
    }
}

/// Slanted lines over a stretch without data.
pub fn hatch(ui: &Ui, rect: Rect, color: Color32) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], Stroke::new(1.0, color));
        x += 8.0;
    }
}

/// A disc with an initial: a seat. Filled for the reader's own seat.
pub fn disc(ui: &Ui, center: Pos2, radius: f32, initial: &str, color: Color32, filled: bool, t: &Tokens) {
    if filled {
        ui.painter().circle_filled(center, radius, color);
    } else {
        ui.painter().circle(center, radius - 0.75, t.panel, Stroke::new(1.5, color));
    }
    let size = if radius < 9.0 { 9.5 } else { 12.0 };
    let ink = Ink::bold(size, if filled { t.ink } else { color });
    paint(ui, center, Align2::CENTER_CENTER, initial, &ink);
}

/// A white ring around a rectangle: something was deployed there.
pub fn ring(ui: &Ui, rect: Rect, t: &Tokens) {
    ui.painter().rect_stroke(rect.expand(3.0), 8, Stroke::new(1.0, t.text), StrokeKind::Middle);
    ui.painter().rect_stroke(rect.expand(6.0), 10, Stroke::new(1.0, t.muted), StrokeKind::Middle);
}

/// What a mark looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkShape {
    /// White diamond: a deploy or another recorded change.
    Deploy,
    /// Amber triangle: a page.
    Page,
    /// Teal circle: an action of this team.
    Team,
}

/// A mark of 10 points, as it stands on graphs, in lists and in legends.
pub fn mark(ui: &Ui, center: Pos2, shape: MarkShape, t: &Tokens) {
    match shape {
        MarkShape::Deploy => diamond(ui, center, 10.0, t.strong, true),
        MarkShape::Page => triangle_up(ui, center, 10.0, t.warn),
        MarkShape::Team => {
            ui.painter().circle_filled(center, 4.5, t.yours);
        }
    }
}

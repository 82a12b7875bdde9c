//! The service map: nodes of 116×64, edges by traffic, dashes for errors, rings for deploys, initials for who looks.

use crate::locale::{Arg, Locale};
use crate::session::projection::Health;
use crate::ui::panel::graph::sparkline;
use crate::ui::panel::{ago, w};
use crate::ui::theme::{self, MARGIN, Tokens};
use crate::ui::widget::{self, Ink, fit, paint, put};
use crate::view::panel::map::{EdgeVm, MapVm, NodeVm};
use crate::view::words::{author_text, say};
use egui::{Align2, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, epaint::CubicBezierShape, pos2, vec2};

/// State of the map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapUiState {
    /// Chosen node.
    pub node: Option<String>,
}

/// Size of a node.
const NODE: egui::Vec2 = vec2(116.0, 64.0);

/// Least height of a node: a name and a figure.
const LOWEST: f32 = 36.0;

/// Height from which a node shows its sparkline.
const SPARK: f32 = 56.0;

/// Room above a node for the label of a deploy.
const HEAD: f32 = 26.0;

/// Air under the last node.
const AIR: f32 = 8.0;

/// Least gap between two nodes.
const GAP: f32 = 6.0;

/// Draws the map into the whole of `ui`.
pub fn map_ui(ui: &mut Ui, vm: &MapVm, state: &mut MapUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let legend = Rect::from_min_max(pos2(full.left(), full.bottom() - 40.0), full.max);
    let head = Rect::from_min_size(full.min, vec2(full.width(), 40.0));
    let body = Rect::from_min_max(head.left_bottom() + vec2(0.0, 8.0), legend.right_top());
    let columns = 4.0;
    let step = (full.width() - 2.0 * MARGIN - NODE.x) / (columns - 1.0);
    for (k, key) in ["map-users", "map-edge", "map-services", "map-data"].into_iter().enumerate() {
        let at = pos2(full.left() + MARGIN + step * k as f32, head.center().y);
        put(ui, at, Align2::LEFT_CENTER, &locale.say(key), &Ink::label(t.muted));
    }
    widget::hline(ui, (full.left() + MARGIN)..=(full.right() - MARGIN), head.bottom(), t.line);
    if vm.nodes.is_empty() {
        put(ui, body.center(), Align2::CENTER_CENTER, &locale.say("map-none"), &Ink::body(t.muted));
        return;
    }
    let slots = vm.slots.max(1) as f32;
    // A low body gets lower nodes: above them a deploy has room, below them is air, and none touches the next.
    let node = vec2(NODE.x, ((body.height() - HEAD - AIR - GAP * (slots - 1.0)) / slots).clamp(LOWEST, NODE.y).floor());
    let pitch = ((body.height() - node.y - HEAD - AIR) / (slots - 1.0).max(1.0))
        .clamp(node.y + GAP, (body.height() * 0.3).max(144.0));
    let used = node.y + pitch * (slots - 1.0);
    let top = body.top() + ((body.height() - used) / 2.0).clamp(HEAD, (body.height() * 0.12).max(56.0));
    let places: Vec<Rect> = vm
        .nodes
        .iter()
        .map(|n| {
            let x = full.left() + MARGIN + step * n.column as f32;
            Rect::from_min_size(pos2(x.round(), (top + pitch * n.slot as f32).round()), node)
        })
        .collect();
    for edge in &vm.edges {
        if let (Some(a), Some(b)) = (places.get(edge.from), places.get(edge.to)) {
            edge_ui(ui, *a, *b, edge, t);
        }
    }
    for (node, rect) in vm.nodes.iter().zip(&places) {
        node_ui(ui, *rect, node, (node.slot == 0 || pitch - rect.height() >= HEAD, state), locale, t);
    }
    legend_ui(ui, legend, locale, t);
}

fn edge_ui(ui: &Ui, a: Rect, b: Rect, edge: &EdgeVm, t: &Tokens) {
    let same = (a.center().x - b.center().x).abs() < 1.0;
    let points: Vec<Pos2> = if same {
        let (from, to) =
            if a.top() < b.top() { (a.center_bottom(), b.center_top()) } else { (a.center_top(), b.center_bottom()) };
        vec![from, to]
    } else {
        let (from, to) =
            if a.left() < b.left() { (a.right_center(), b.left_center()) } else { (a.left_center(), b.right_center()) };
        if (from.y - to.y).abs() < 1.0 {
            vec![from, to]
        } else {
            let bend = vec2((to.x - from.x) * 0.6, 0.0);
            CubicBezierShape::from_points_stroke(
                [from, from + bend, to - bend, to],
                false,
                egui::Color32::TRANSPARENT,
                Stroke::NONE,
            )
            .flatten(Some(0.25))
        }
    };
    let width = 1.6 + 10.4 * edge.weight as f32;
    if edge.weight <= 0.0 {
        ui.painter().extend(Shape::dashed_line(&points, Stroke::new(2.0, t.edge), 2.0, 8.0));
    } else if edge.error_share >= 0.01 {
        // The worse it is, the less of the line is left.
        let gap = 3.0 + 9.0 * edge.error_share.clamp(0.0, 1.0) as f32;
        ui.painter().extend(Shape::dashed_line(&points, Stroke::new(width.min(8.0), t.edge), 6.0, gap));
    } else {
        ui.painter().add(Shape::line(points, Stroke::new(width, t.edge)));
    }
}

fn node_ui(
    ui: &mut Ui,
    rect: Rect,
    node: &NodeVm,
    (label, state): (bool, &mut MapUiState),
    locale: &Locale,
    t: &Tokens,
) {
    let name = author_text(locale, &node.name);
    let word = locale.say(theme::status_key(node.health));
    let figure = node.figure.as_ref().map_or_else(|| locale.say("map-not-measured"), |f| say(locale, f));
    let aria = locale.text("map-node-aria", &[("name", w(name)), ("word", Arg::Word(word)), ("figure", w(&figure))]);
    let chosen = state.node.as_deref() == Some(&node.id);
    if node.deploy.is_some() {
        widget::ring(ui, rect, t);
    }
    let response = ui.push_id(&node.id, |ui| widget::row_button(ui, rect, false, &aria)).inner;
    if response.clicked() {
        state.node = if chosen { None } else { Some(node.id.clone()) };
    }
    let color = theme::status_color(t, node.health);
    ui.painter().rect_filled(rect, theme::CARD_RADIUS, t.raised);
    match node.health {
        Health::Unknown => widget::dashed_rect(ui, rect, t.unknown),
        Health::Ok => {
            let edge = if chosen || response.hovered() { t.muted } else { t.line };
            ui.painter().rect_stroke(rect, theme::CARD_RADIUS, Stroke::new(1.0, edge), StrokeKind::Inside);
        }
        _ => {
            ui.painter().rect_stroke(rect, theme::CARD_RADIUS, Stroke::new(2.0, color), StrokeKind::Inside);
        }
    }
    if chosen {
        ui.painter().rect_stroke(rect.expand(2.0), 7, Stroke::new(2.0, t.strong), StrokeKind::Inside);
    }
    let head = (rect.height() / 4.0).max(11.0);
    widget::status_glyph(ui, rect.min + vec2(14.0, head), 11.0, node.health, t);
    let ink = Ink::bold(theme::BODY, t.text);
    paint(ui, rect.min + vec2(25.0, head), Align2::LEFT_CENTER, &fit(ui, name, &ink, 86.0), &ink);
    let spark = Rect::from_min_size(rect.min + vec2(10.0, 25.0), vec2(96.0, 14.0));
    if rect.height() >= SPARK {
        sparkline(ui, spark, &node.spark, t.series, node.health == Health::Unknown);
    }
    let note = Ink::label(t.muted);
    let note = if node.figure.is_some() { Ink::label(t.output) } else { note };
    paint(ui, rect.left_bottom() + vec2(10.0, -12.0), Align2::LEFT_CENTER, &fit(ui, &figure, &note, 96.0), &note);
    // Where the label has no room, the ring stays.
    if let Some((release, when)) = node.deploy.as_ref().filter(|_| label) {
        let label = format!("{release} · {}", ago(locale, when));
        let at = rect.center_top() - vec2(0.0, 18.0);
        put(ui, at, Align2::CENTER_CENTER, &label, &Ink::label(t.text));
    }
    for (k, who) in node.touched_by.iter().enumerate() {
        widget::disc(ui, rect.right_top() - vec2(2.0 + 20.0 * k as f32, -2.0), 9.0, who, t.yours, false, t);
    }
    response.on_hover_text(aria);
}

fn legend_ui(ui: &mut Ui, rect: Rect, locale: &Locale, t: &Tokens) {
    let y = rect.center().y;
    widget::hline(ui, (rect.left() + MARGIN)..=(rect.right() - MARGIN), rect.top() + 1.0, t.line);
    let ink = Ink::label(t.muted);
    let mut x = rect.left() + MARGIN;
    ui.painter().line_segment([pos2(x, y), pos2(x + 24.0, y)], Stroke::new(8.0, t.edge));
    x = put(ui, pos2(x + 32.0, y), Align2::LEFT_CENTER, &locale.say("map-traffic"), &ink).rect.right() + 24.0;
    let ends = [pos2(x, y), pos2(x + 24.0, y)];
    ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(4.0, t.edge), 4.0, 5.0));
    x = put(ui, pos2(x + 32.0, y), Align2::LEFT_CENTER, &locale.say("map-errors"), &ink).rect.right() + 24.0;
    let ring = Rect::from_center_size(pos2(x + 7.0, y), vec2(14.0, 14.0));
    ui.painter().rect_stroke(ring, 4, Stroke::new(1.0, t.text), StrokeKind::Inside);
    x = put(ui, pos2(x + 24.0, y), Align2::LEFT_CENTER, &locale.say("legend-deploy"), &ink).rect.right() + 24.0;
    ui.painter().circle_stroke(pos2(x + 8.0, y), 8.0, Stroke::new(1.5, t.yours));
    put(ui, pos2(x + 26.0, y), Align2::LEFT_CENTER, &locale.say("map-looking"), &ink);
}

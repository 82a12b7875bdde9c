//! The lettering of the wheel: names along the radii, pips under them, initials around the hub. The wheel itself is beneath.

use super::{level_pips, volunteer_disc};
use crate::locale::Locale;
use crate::ui::theme;
use crate::view::front::{Volunteer, WheelFace};
use crate::view::words::author_text;
use egui::epaint::TextShape;
use egui::{Align2, Color32, Shape, Stroke, Ui, Vec2, pos2, vec2};

/// Where a name ends, in units of the drawing (the rim's outer radius is 440).
const END: f32 = 370.0;
/// Longest name in units.
const LONGEST: f32 = 180.0;
/// Streak behind a name: how far it reaches, radians (1.8°), how strong it begins, and in how many steps it ends.
const STREAK: (f32, f32, u8) = (0.0314, 0.08, 4);

/// Letters the wheel.
pub fn letter(ui: &Ui, locale: &Locale, face: &WheelFace, volunteers: &[Volunteer], chosen: Option<usize>) {
    let unit = face.radius / 440.0;
    let centre = pos2(face.centre[0], face.centre[1]);
    let white = Color32::from_rgb(0xF0, 0xF3, 0xF7);
    for (i, wedge) in face.wedges.iter().enumerate() {
        let angle = (face.turn + (wedge.span.0 + wedge.span.1) / 2.0) * std::f32::consts::TAU;
        let along = Vec2::angled(angle);
        // Clockwise from the reading direction: below the words.
        let under = -along.rot90();
        // Skip what is out of the window: on the title half of the wheel is.
        if !ui.max_rect().expand(60.0).contains(centre + along * 260.0 * unit) {
            continue;
        }
        let dim = face.lit.is_some_and(|lit| lit != i) || (wedge.played && face.lit != Some(i));
        let color = if dim { white.gamma_multiply(0.5) } else { white };
        let name = author_text(locale, &wedge.name);
        let lay = |size: f32, wrap: f32| {
            ui.fonts_mut(|f| f.layout(name.to_owned(), theme::semibold_font(size * unit), color, wrap))
        };
        let galley = [20.0, 18.0, 16.0]
            .into_iter()
            .map(|size| lay(size, f32::INFINITY))
            .find(|g| g.size().x <= LONGEST * unit)
            .unwrap_or_else(|| lay(16.0, LONGEST * unit));
        let drop = galley.size().y / 2.0 / unit;
        let pivot = centre + along * END * unit - under * 6.0 * unit;
        let corner = Align2::RIGHT_CENTER.anchor_size(pivot, galley.size()).min;
        let ghosts = if face.streak > 0.0 { STREAK.2 } else { 0 };
        for step in (1..=ghosts).rev() {
            let share = f32::from(step) / f32::from(STREAK.2);
            let lag = angle - STREAK.0 * share;
            let strength = STREAK.1 * face.streak * (1.0 - share + 1.0 / f32::from(STREAK.2));
            let pivot = centre + Vec2::angled(lag) * END * unit + Vec2::angled(lag).rot90() * 6.0 * unit;
            let corner = Align2::RIGHT_CENTER.anchor_size(pivot, galley.size()).min;
            let ghost = TextShape::new(corner, galley.clone(), color)
                .with_override_text_color(color.gamma_multiply(strength))
                .with_angle_and_anchor(lag, Align2::RIGHT_CENTER);
            ui.painter().add(Shape::Text(ghost));
        }
        let shade = TextShape::new(corner + vec2(1.0, 2.0), galley.clone(), color)
            .with_override_text_color(Color32::from_black_alpha(130))
            .with_angle_and_anchor(angle, Align2::RIGHT_CENTER);
        ui.painter().add(Shape::Text(shade));
        let words = TextShape::new(corner, galley, color).with_angle_and_anchor(angle, Align2::RIGHT_CENTER);
        ui.painter().add(Shape::Text(words));
        for pip in 0..3_usize {
            let at = centre + along * (END - 6.0 - (2 - pip) as f32 * 15.0) * unit + under * (drop + 5.0) * unit;
            let h = 5.0 * unit;
            let points = vec![at + along * h, at + under * h, at - along * h, at - under * h];
            let filled = pip < level_pips(wedge.level);
            let (fill, stroke) =
                if filled { (color, Stroke::NONE) } else { (Color32::TRANSPARENT, Stroke::new(1.2, color)) };
            ui.painter().add(Shape::convex_polygon(points, fill, stroke));
        }
    }
    let ring = volunteers.len().min(8);
    let first = chosen.unwrap_or(0);
    for (i, v) in volunteers.iter().enumerate().take(ring) {
        let angle = (i as f32 - first as f32) / ring as f32 * std::f32::consts::TAU;
        let at = centre + Vec2::angled(angle) * 138.0 * unit;
        if ui.max_rect().expand(30.0).contains(at) {
            volunteer_disc(ui, at, 20.0 * unit, &v.initials, chosen == Some(i));
        }
    }
}

//! The wheel as entities: what stands still, what turns, the pegs, and the parts that show on landing.

use super::mesh::{Pen, polar};
use super::palette::{self, alpha, hex, oklch, shade, steel, tint};
use crate::library::spin;
use bevy::math::Vec2;
use bevy::prelude::{
    Assets, Color, ColorMaterial, Commands, Component, Entity, Handle, Mesh, Mesh2d, Resource, Transform, Visibility,
};
use bevy::prelude::{ChildOf, MeshMaterial2d};
use std::f32::consts::{PI, TAU};

/// Radius at which pegs sit.
pub const PEG_RADIUS: f32 = 420.0;
/// Distance of the flapper's pivot.
pub const PIVOT: f32 = 492.0;
/// Length of the flapper.
pub const FLAPPER: f32 = 86.0;
/// Inner and outer radius of the wedges.
pub const WEDGE: (f32, f32) = (150.0, 394.0);

/// The root of the scene; its scale flips y, so that everything below it counts downward.
#[derive(Component)]
pub struct Root;

/// What turns as one piece.
#[derive(Component)]
pub struct Turning;

/// A peg: where it sits on the wheel, radians from the first wedge's centre. Pegs turn, their light does not.
#[derive(Component)]
pub struct Peg(pub f32);

/// The flapper's blade, whose mesh is made anew when it bends.
#[derive(Component)]
pub struct Blade;

/// Streaks behind the pegs.
#[derive(Component)]
pub struct Trails;

/// A part that appears on landing.
#[derive(Component, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// Dims the other wedges.
    Dim,
    /// The lit wedge.
    Lit,
    /// Its outline.
    Outline,
    /// The light that goes round once.
    Sweep,
}

/// Handles that are used again.
#[derive(Resource)]
pub struct Parts {
    /// White material: colour comes from the vertices.
    pub plain: Handle<ColorMaterial>,
    /// Material of the streaks behind the pegs, clear while the wheel is slow.
    pub trails: Handle<ColorMaterial>,
    /// The flapper's mesh.
    pub blade: Handle<Mesh>,
    /// Materials of the parts that fade.
    pub fading: Vec<(Landing, Handle<ColorMaterial>)>,
    /// What exists for the current number of wedges.
    pub turning: Option<Entity>,
    /// The root.
    pub root: Entity,
    /// Number of wedges shown.
    pub wedges: usize,
    /// Wedge for which the landing parts were made.
    pub landed: Option<usize>,
}

/// Angle of one wedge, radians.
pub fn wedge_angle(wedges: usize) -> f32 {
    TAU / wedges.max(1) as f32
}

/// Pegs on one wedge, as the spin is solved with.
pub fn pegs(wedges: usize) -> usize {
    spin::pegs_per_wedge(u32::try_from(wedges).unwrap_or(1)) as usize
}

/// Builds what never changes and returns the parts.
pub fn build(commands: &mut Commands, meshes: &mut Assets<Mesh>, materials: &mut Assets<ColorMaterial>) -> Parts {
    let plain = materials.add(ColorMaterial::default());
    let root = commands.spawn((Root, Transform::default(), Visibility::Hidden)).id();
    let mut layer = |mesh: Mesh, z: f32| {
        let id = commands.spawn((
            Mesh2d(meshes.add(mesh)),
            MeshMaterial2d(plain.clone()),
            Transform::from_xyz(0.0, 0.0, z),
            ChildOf(root),
        ));
        id.id()
    };
    layer(wall(), 0.0);
    layer(rim(), 1.0);
    layer(light(), 3.0);
    layer(hub(), 5.0);
    layer(mount(), 6.0);
    layer(pivot(), 8.0);
    let blade = meshes.add(blade(0.0));
    commands.spawn((
        Blade,
        Mesh2d(blade.clone()),
        MeshMaterial2d(plain.clone()),
        Transform::from_xyz(0.0, 0.0, 7.0),
        ChildOf(root),
    ));
    let trails = materials.add(ColorMaterial { color: faded(0.0), ..Default::default() });
    Parts { plain, trails, blade, fading: Vec::new(), turning: None, root, wedges: 0, landed: None }
}

/// Replaces wedges and pegs by those of a pool of `wedges`.
pub fn rebuild(commands: &mut Commands, meshes: &mut Assets<Mesh>, old: &[Entity], parts: &mut Parts, wedges: usize) {
    for entity in old {
        commands.entity(*entity).despawn();
    }
    parts.wedges = wedges;
    parts.landed = None;
    parts.fading.clear();
    let turning = commands
        .spawn((
            Turning,
            Mesh2d(meshes.add(face(wedges))),
            MeshMaterial2d(parts.plain.clone()),
            Transform::from_xyz(0.0, 0.0, 2.0),
            ChildOf(parts.root),
        ))
        .id();
    parts.turning = Some(turning);
    commands.spawn((
        Trails,
        Mesh2d(meshes.add(trails(wedges))),
        MeshMaterial2d(parts.trails.clone()),
        Transform::from_xyz(0.0, 0.0, 0.05),
        ChildOf(turning),
    ));
    let (big, small) = (meshes.add(peg(8.0)), meshes.add(peg(5.6)));
    let per = pegs(wedges);
    let step = wedge_angle(wedges) / per as f32;
    for i in 0..wedges * per {
        let at = wedge_angle(wedges) * 0.5 + step * i as f32;
        let mesh = if i.is_multiple_of(per) { big.clone() } else { small.clone() };
        commands.spawn((
            Peg(at),
            Mesh2d(mesh),
            MeshMaterial2d(parts.plain.clone()),
            Transform::from_xyz(0.0, 0.0, 4.0),
            ChildOf(parts.root),
        ));
    }
}

/// Makes the parts that show on landing on `wedge`; they turn with the wheel, but the sweep's light does not.
pub fn land(
    commands: &mut Commands,
    meshes: &mut Assets<Mesh>,
    materials: &mut Assets<ColorMaterial>,
    parts: &mut Parts,
    wedge: usize,
) {
    let Some(turning) = parts.turning else { return };
    parts.landed = Some(wedge);
    parts.fading.clear();
    let arc = wedge_angle(parts.wedges);
    let (from, to) = (arc * (wedge as f32 - 0.5), arc * (wedge as f32 + 0.5));
    let mut dim = Pen::default();
    dim.bands(to, from + TAU, &[(WEDGE.0, shade(0.46)), (WEDGE.1, shade(0.46))]);
    let mut lit = Pen::default();
    let [inner, middle, rim] = palette::wedge(wedge, parts.wedges, true);
    lit.bands(from, to, &[(WEDGE.0, inner), (250.0, middle), (WEDGE.1 - 10.0, rim)]);
    lit.bands(from, to, &[(399.0, tint(hex(0xF2A93B), 0.12)), (440.0, tint(hex(0xF2A93B), 0.05))]);
    let mut outline = Pen::default();
    let amber = hex(0xF2A93B);
    outline.arc(WEDGE.0 + 2.0, 2.0, from, to, amber);
    outline.arc(WEDGE.1 - 8.0, 2.4, from, to, amber);
    for a in [from, to] {
        outline.line(polar(a, WEDGE.0 + 1.0), polar(a, WEDGE.1 - 7.0), 2.4, amber);
    }
    let mut sweep = Pen::default();
    let warm = hex(0xFFE2B4);
    // The leading edge is at angle 0; the tail of 66 degrees fades behind it.
    sweep.sweep(-66f32.to_radians(), 0.0, 40, |_, t| {
        vec![(WEDGE.0, tint(warm, 0.19 * t)), (440.0, tint(warm, 0.19 * t))]
    });
    for (kind, pen, z) in [
        (Landing::Dim, dim, 0.1),
        (Landing::Lit, lit, 0.2),
        (Landing::Sweep, sweep, 0.3),
        (Landing::Outline, outline, 1.5),
    ] {
        let material = materials.add(ColorMaterial { color: faded(0.0), ..Default::default() });
        commands.spawn((
            kind,
            Mesh2d(meshes.add(pen.mesh())),
            MeshMaterial2d(material.clone()),
            Transform::from_xyz(0.0, 0.0, z),
            ChildOf(turning),
        ));
        parts.fading.push((kind, material));
    }
}

/// White that does not show; the alpha rises as the part fades in.
pub fn faded(alpha: f32) -> Color {
    Color::linear_rgba(1.0, 1.0, 1.0, alpha)
}

/// The wall behind: halo, shadow of the disc, fixed scale.
fn wall() -> Mesh {
    let mut pen = Pen::default();
    pen.glow(Vec2::new(-60.0, -60.0), Vec2::new(1250.0, 1000.0), alpha(hex(0x3B4C66), 0.10));
    let fall: Vec<(f32, palette::Paint)> =
        (0..=12).map(|i| (400.0 + 10.0 * i as f32, shade(0.62 * (1.0 - i as f32 / 12.0).powi(2)))).collect();
    pen.ball(Vec2::new(18.0, 34.0), Vec2::ZERO, &fall);
    pen.arc(463.0, 1.0, 0.0, TAU, tint(hex(0x93A0B0), 0.17));
    for degree in 0..360 {
        let (length, strength) = match degree {
            d if d % 30 == 0 => (14.0, 0.42),
            d if d % 10 == 0 => (9.0, 0.28),
            _ => (4.0, 0.14),
        };
        let a = (degree as f32).to_radians();
        pen.line(polar(a, 463.0), polar(a, 463.0 + length), 1.0, tint(hex(0x93A0B0), strength));
    }
    pen.mesh()
}

/// The rim and the groove; the metal is the same all round, so it need not turn.
fn rim() -> Mesh {
    let mut pen = Pen::default();
    pen.sweep(0.0, TAU, 360, |a, _| {
        let metal = palette::rim(a);
        let lip = palette::mix(metal, hex(0x8FA0B4), 0.12);
        let low = palette::mix(metal, hex(0x000000), 0.45);
        vec![
            (393.0, hex(0x05070A)),
            (399.0, hex(0x0A0D11)),
            (399.5, low),
            (404.0, metal),
            (420.0, palette::mix(metal, low, 0.25)),
            (435.0, metal),
            (438.0, lip),
            (440.0, low),
        ]
    });
    for (r, dark) in [(405.0, true), (406.0, false), (433.0, true), (434.0, false)] {
        pen.arc(r, 1.0, 0.0, TAU, if dark { shade(0.55) } else { tint(hex(0xFFFFFF), 0.10) });
    }
    pen.arc(439.0, 1.0, 0.0, TAU, tint(hex(0xB4BFCC), 0.16));
    pen.mesh()
}

/// Streaks behind the pegs, which show only while the wheel is fast.
fn trails(wedges: usize) -> Mesh {
    let mut pen = Pen::default();
    let count = wedges * pegs(wedges);
    let bright = alpha(hex(0xC9D3DE), 0.10);
    let none = alpha(bright, 0.0);
    for i in 0..count {
        let at = wedge_angle(wedges) * 0.5 + TAU * i as f32 / count as f32;
        pen.sweep(at - 5f32.to_radians(), at, 8, |_, t| {
            vec![
                (413.5, none),
                (416.0, palette::mix(none, bright, t)),
                (424.0, palette::mix(none, bright, t)),
                (426.5, none),
            ]
        });
    }
    pen.mesh()
}

/// The face: wedges, separators, ticks, tinted arcs.
fn face(wedges: usize) -> Mesh {
    let mut pen = Pen::default();
    let arc = wedge_angle(wedges);
    for i in 0..wedges {
        let (from, to) = (arc * (i as f32 - 0.5), arc * (i as f32 + 0.5));
        let [inner, middle, rim] = palette::wedge(i, wedges, false);
        pen.bands(
            from,
            to,
            &[(WEDGE.0, inner), (205.0, palette::mix(inner, middle, 0.65)), (255.0, middle), (WEDGE.1, rim)],
        );
        let line = tint(palette::mix(rim, hex(0xFFFFFF), 0.35), 0.30);
        let inset = 3.0f32.to_radians().min(arc * 0.1);
        pen.arc(379.0, 1.0, from + inset, to - inset, line);
        pen.arc(196.0, 1.0, from + inset * 2.0, to - inset * 2.0, line);
    }
    for degree in 0..360 {
        let a = (degree as f32).to_radians();
        let from = if degree % 5 == 0 { 384.0 } else { 388.0 };
        pen.line(polar(a, from), polar(a, 393.0), 0.9, tint(hex(0xFFFFFF), if degree % 5 == 0 { 0.16 } else { 0.08 }));
    }
    for i in 0..wedges {
        let a = arc * (i as f32 + 0.5);
        let beside = polar(a + TAU / 4.0, 1.7);
        pen.line(polar(a, WEDGE.0), polar(a, WEDGE.1), 2.4, alpha(hex(0x05070A), 0.86));
        pen.line(polar(a, WEDGE.0) + beside, polar(a, WEDGE.1) + beside, 1.0, tint(hex(0xFFFFFF), 0.17));
    }
    pen.mesh()
}

/// Light and shadow over the face; they stand still while the wheel turns.
fn light() -> Mesh {
    let mut pen = Pen::default();
    let lamp = Vec2::new(-170.0, -210.0);
    // White near the lamp, then black far from it, on a polar grid so that the edges stay round.
    let (rings, steps) = (16, 144);
    let near = |p: Vec2| tint(hex(0xFFFFFF), 0.15 * (1.0 - p.distance(lamp) / 330.0).max(0.0));
    let far = |p: Vec2| shade(0.36 * ((p.distance(lamp) - 250.0) / 420.0).clamp(0.0, 1.0));
    for paint in [&near as &dyn Fn(Vec2) -> palette::Paint, &far] {
        for i in 0..steps {
            let (a, b) = (TAU * i as f32 / steps as f32, TAU * (i + 1) as f32 / steps as f32);
            for r in 0..rings {
                let radius = |k: usize| WEDGE.0 + (WEDGE.1 - WEDGE.0) * k as f32 / rings as f32;
                let corners = [(a, r), (b, r), (b, r + 1), (a, r + 1)];
                pen.quad(corners.map(|(a, k)| polar(a, radius(k))).map(|p| (p, paint(p))));
            }
        }
    }
    pen.bands(0.0, TAU, &[(350.0, shade(0.0)), (378.0, shade(0.10)), (396.0, shade(0.62))]);
    pen.bands(0.0, TAU, &[(WEDGE.0, shade(0.62)), (185.0, shade(0.28)), (232.0, shade(0.0))]);
    // The hub's shadow falls away from the lamp.
    pen.sweep(0.0, TAU, 96, |a, _| {
        let away = (0.5 + 0.5 * (a - 0.9).cos()).powi(2);
        vec![(WEDGE.0, shade(0.5 * away)), (205.0, shade(0.28 * away)), (262.0, shade(0.0))]
    });
    pen.mesh()
}

/// Volunteer ring and hub.
fn hub() -> Mesh {
    let mut pen = Pen::default();
    let metal = |k: f32| {
        move |a: f32| {
            let shine = 0.5 - 0.5 * (a - 0.9).cos();
            oklch(0.235 + 0.21 * shine * shine * k, 0.016, 250.0)
        }
    };
    let collar = metal(1.0);
    pen.sweep(0.0, TAU, 180, |a, _| {
        let m = collar(a);
        vec![(165.0, hex(0x0B0F14)), (165.5, m), (169.0, m), (171.0, shade(0.85))]
    });
    pen.bands(0.0, TAU, &[(100.0, hex(0x0A0E13)), (138.0, hex(0x11161D)), (165.5, hex(0x0C1016))]);
    for i in 0..6 {
        let a = TAU * (i as f32 + 0.5) / 6.0;
        pen.line(polar(a, 113.0), polar(a, 164.0), 1.0, tint(hex(0x93A0B0), 0.22));
    }
    // Shadow of the hub on the ring, then the machined ring itself.
    for i in 0..6 {
        pen.ball(Vec2::new(5.0, 9.0), Vec2::ZERO, &[(0.0, shade(0.16)), (112.0 + i as f32 * 1.6, shade(0.16))]);
    }
    let ring = metal(0.9);
    pen.sweep(0.0, TAU, 180, |a, _| {
        let m = ring(a);
        vec![
            (94.0, shade(0.9)),
            (96.0, palette::mix(m, hex(0x000000), 0.5)),
            (97.5, m),
            (110.5, m),
            (111.2, palette::mix(m, hex(0x8FA0B4), 0.35)),
            (112.0, palette::mix(m, hex(0x000000), 0.4)),
        ]
    });
    pen.sweep(0.0, TAU, 120, |a, _| {
        // Fine turning marks catch the light in two opposite fans.
        let fan = (a + 1.35).cos().abs().powi(10) + 0.6 * (a - 0.25).cos().abs().powi(16);
        vec![
            (0.0, hex(0x12171E)),
            (44.0, oklch(0.185 + 0.06 * fan, 0.010, 250.0)),
            (95.0, oklch(0.165 + 0.07 * fan, 0.010, 250.0)),
        ]
    });
    for i in 0..32 {
        let r = 47.0 + i as f32 * 1.5;
        pen.arc(r, 0.7, 0.0, TAU, if i % 2 == 0 { shade(0.14) } else { tint(hex(0xFFFFFF), 0.018) });
    }
    for i in 0..6 {
        let at = polar(TAU * i as f32 / 6.0 + 0.36, 76.0);
        pen.ball(at + Vec2::new(1.0, 1.6), Vec2::ZERO, &[(0.0, shade(0.6)), (7.6, shade(0.6))]);
        bolt(&mut pen, at, 5.6, 1.1);
    }
    for i in 0..5 {
        pen.ball(Vec2::new(5.0, 8.0), Vec2::ZERO, &[(0.0, shade(0.16)), (43.0 + i as f32 * 1.8, shade(0.16))]);
    }
    pen.sweep(0.0, TAU, 120, |a, _| {
        let m = metal(1.0)(a);
        vec![(40.0, m), (42.0, palette::mix(m, hex(0x8FA0B4), 0.30)), (43.0, palette::mix(m, hex(0x000000), 0.5))]
    });
    pen.ball(
        Vec2::ZERO,
        Vec2::new(-13.0, -16.0),
        &[(0.0, hex(0x66788C)), (16.0, hex(0x4A5867)), (32.0, hex(0x333E4A)), (41.0, hex(0x262E37))],
    );
    pen.arc(33.5, 0.9, 0.0, TAU, shade(0.35));
    pen.arc(34.4, 0.7, 0.0, TAU, tint(hex(0xB4BFCC), 0.12));
    pen.ball(
        Vec2::ZERO,
        Vec2::ZERO,
        &[(0.0, hex(0x39434E)), (11.0, hex(0x2A323B)), (12.0, hex(0x0B0E12)), (13.4, hex(0x0B0E12))],
    );
    pen.arc(13.6, 0.9, 0.2, 2.9, tint(hex(0xFFFFFF), 0.20));
    pen.line(polar(-0.5, 9.5), polar(-0.5 + PI, 9.5), 3.4, hex(0x07090C));
    // The notch that marks the volunteer: amber, beside the pointer's axis.
    let [_, amber, _] = palette::amber();
    let tip = Vec2::new(160.0, 0.0);
    pen.quad([(tip, amber), (Vec2::new(172.0, -7.0), amber), (Vec2::new(172.0, 7.0), amber), (tip, amber)]);
    pen.mesh()
}

/// A slotless bolt's head, lit from the upper left.
fn bolt(pen: &mut Pen, at: Vec2, radius: f32, dark: f32) {
    let [a, b, c, d] = steel().map(|s| palette::mix(s, hex(0x1A222B), dark * 0.62));
    pen.ball(at, Vec2::new(-0.3, -0.36) * radius, &[(0.0, a), (radius * 0.3, b), (radius * 0.75, c), (radius, d)]);
}

/// A peg with its shadow.
fn peg(radius: f32) -> Mesh {
    let mut pen = Pen::default();
    for i in 0..3 {
        let r = radius * (1.0 + 0.12 * i as f32);
        pen.ball(Vec2::new(0.45, 0.7) * radius, Vec2::ZERO, &[(0.0, shade(0.30)), (r, shade(0.18))]);
    }
    let [a, b, c, d] = steel();
    pen.ball(
        Vec2::ZERO,
        Vec2::new(-0.3, -0.36) * radius,
        &[(0.0, a), (radius * 0.22, a), (radius * 0.5, b), (radius * 0.82, c), (radius, d)],
    );
    pen.mesh()
}

/// The plate that holds the flapper, on the wall beside the wheel, with the amber glow behind it.
fn mount() -> Mesh {
    let mut pen = Pen::default();
    pen.glow(Vec2::new(470.0, 0.0), Vec2::new(150.0, 122.0), tint(hex(0xF2A93B), 0.21));
    let at = Vec2::new(496.0, 0.0);
    for i in 0..5 {
        let grow = i as f32 * 1.6;
        pen.plate(at + Vec2::new(4.0, 7.0), Vec2::new(33.0 + grow, 60.0 + grow), 12.0 + grow, shade(0.13), shade(0.13));
    }
    pen.plate(at, Vec2::new(33.0, 60.0), 12.0, hex(0x566476), hex(0x353F4C));
    pen.plate(at, Vec2::new(32.0, 59.0), 11.0, hex(0x2E3845), hex(0x171D25));
    pen.plate(at, Vec2::new(29.0, 56.0), 9.0, hex(0x303B49), hex(0x1C232D));
    pen.plate(at, Vec2::new(28.2, 55.2), 8.4, hex(0x27303C), hex(0x181E27));
    for (y, slot) in [(-42.0, 0.7f32), (42.0, -0.3)] {
        let p = at + Vec2::new(4.0, y);
        pen.ball(p, Vec2::ZERO, &[(0.0, hex(0x0C1015)), (7.2, hex(0x0C1015))]);
        pen.ball(p, Vec2::new(-1.5, -2.0), &[(0.0, hex(0x55616F)), (6.0, hex(0x2B343F))]);
        pen.line(p + polar(slot, 5.0), p - polar(slot, 5.0), 1.6, hex(0x0A0D11));
    }
    pen.mesh()
}

/// The cap over the flapper's pivot.
fn pivot() -> Mesh {
    let mut pen = Pen::default();
    let at = Vec2::new(PIVOT, 0.0);
    pen.ball(at + Vec2::new(2.5, 4.0), Vec2::ZERO, &[(0.0, shade(0.5)), (17.0, shade(0.35))]);
    pen.ball(
        at,
        Vec2::new(-4.0, -6.0),
        &[(0.0, hex(0xB9C6D4)), (8.0, hex(0x6B7A8B)), (15.0, hex(0x3A4551)), (16.5, hex(0x1B2128))],
    );
    pen.ball(at, Vec2::new(-1.0, -1.5), &[(0.0, hex(0x57646F)), (6.5, hex(0x323C47)), (7.5, hex(0x161B21))]);
    pen.mesh()
}

/// The flapper, bent by `push` radians at its middle, more toward the tip; positive is downward.
pub fn blade(push: f32) -> Mesh {
    const STEPS: usize = 16;
    let mut spine = vec![(Vec2::new(PIVOT, 0.0), PI)];
    for i in 1..=STEPS {
        let s = i as f32 / STEPS as f32;
        // Pointing left is PI; a push down on the screen turns the blade the other way.
        let heading = PI - push * (0.35 + 1.3 * s);
        let last = spine.last().map_or(Vec2::ZERO, |p| p.0);
        spine.push((last + polar(heading, FLAPPER / STEPS as f32), heading));
    }
    let width = |i: usize| 12.0 + (4.2 - 12.0) * i as f32 / STEPS as f32;
    let [edge, body, low] = palette::amber();
    let mut pen = Pen::default();
    let side = |i: usize, k: f32| spine.get(i).map_or(Vec2::ZERO, |(p, h)| *p + polar(h + PI / 2.0, width(i) * k));
    for layer in 0..4 {
        let grow = 1.0 + 0.12 * layer as f32;
        let off = Vec2::new(5.0, 9.0);
        for i in 0..STEPS {
            let c = shade(0.20);
            pen.quad([
                (side(i, -grow) + off, c),
                (side(i + 1, -grow) + off, c),
                (side(i + 1, grow) + off, c),
                (side(i, grow) + off, c),
            ]);
        }
    }
    // Across: from the upper, lit edge to the lower one. The first side is up on the screen.
    let across = [
        (1.0, palette::mix(edge, hex(0xFFFFFF), 0.35)),
        (0.8, edge),
        (0.15, body),
        (-0.55, palette::mix(body, low, 0.55)),
        (-1.0, low),
    ];
    for i in 0..STEPS {
        for pair in across.windows(2) {
            if let [(k0, c0), (k1, c1)] = *pair {
                pen.quad([(side(i, k0), c0), (side(i + 1, k0), c0), (side(i + 1, k1), c1), (side(i, k1), c1)]);
            }
        }
    }
    if let Some((tip, _)) = spine.last() {
        pen.ball(*tip, Vec2::new(-0.6, -1.6), &[(0.0, edge), (2.4, body), (4.2, palette::mix(body, low, 0.35))]);
    }
    pen.mesh()
}

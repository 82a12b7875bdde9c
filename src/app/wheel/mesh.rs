//! A pen that draws flat, vertex-coloured triangles. Lengths in wheel units (rim at 440), y down, angles clockwise from 3 o'clock.

use super::palette::Paint;
use bevy::asset::RenderAssetUsages;
use bevy::math::Vec2;
use bevy::mesh::{Indices, Mesh, PrimitiveTopology};
use std::f32::consts::TAU;

/// A point by angle (radians) and radius.
pub fn polar(angle: f32, radius: f32) -> Vec2 {
    Vec2::new(angle.cos(), angle.sin()) * radius
}

/// Collects triangles.
#[derive(Default)]
pub struct Pen {
    positions: Vec<[f32; 3]>,
    colors: Vec<Paint>,
    indices: Vec<u32>,
}

impl Pen {
    /// The mesh of everything drawn.
    pub fn mesh(self) -> Mesh {
        let normals = vec![[0.0, 0.0, 1.0]; self.positions.len()];
        let uvs = vec![[0.0, 0.0]; self.positions.len()];
        Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, self.positions)
            .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
            .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs)
            .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, self.colors)
            .with_inserted_indices(Indices::U32(self.indices))
    }

    fn vertex(&mut self, at: Vec2, paint: Paint) -> u32 {
        let index = u32::try_from(self.positions.len()).unwrap_or(u32::MAX);
        self.positions.push([at.x, at.y, 0.0]);
        self.colors.push(paint);
        index
    }

    /// A quadrilateral, corners in order around it.
    pub fn quad(&mut self, corners: [(Vec2, Paint); 4]) {
        let [a, b, c, d] = corners.map(|(p, c)| self.vertex(p, c));
        self.indices.extend([a, b, c, a, c, d]);
    }

    /// A straight stroke.
    pub fn line(&mut self, from: Vec2, to: Vec2, width: f32, paint: Paint) {
        let side = (to - from).perp().normalize_or_zero() * (width / 2.0);
        self.quad([(from + side, paint), (to + side, paint), (to - side, paint), (from - side, paint)]);
    }

    /// A sector of a ring whose colour at each stop `(radius, paint)` may depend on the angle.
    pub fn sweep(&mut self, from: f32, to: f32, steps: usize, stops: impl Fn(f32, f32) -> Vec<(f32, Paint)>) {
        let steps = steps.max(1);
        let mut before: Option<(f32, Vec<(f32, Paint)>)> = None;
        for i in 0..=steps {
            let t = i as f32 / steps as f32;
            let a = from + (to - from) * t;
            let now = stops(a, t);
            if let Some((a0, old)) = &before {
                for ((o, n), (o2, n2)) in old.iter().zip(&now).zip(old.iter().zip(&now).skip(1)) {
                    self.quad([
                        (polar(*a0, o.0), o.1),
                        (polar(a, n.0), n.1),
                        (polar(a, n2.0), n2.1),
                        (polar(*a0, o2.0), o2.1),
                    ]);
                }
            }
            before = Some((a, now));
        }
    }

    /// A ring or its sector with a radial gradient.
    pub fn bands(&mut self, from: f32, to: f32, stops: &[(f32, Paint)]) {
        let outer = stops.last().map_or(0.0, |s| s.0);
        let steps = ((to - from).abs() * outer.sqrt() * 2.2).ceil().max(8.0) as usize;
        self.sweep(from, to, steps, |_, _| stops.to_vec());
    }

    /// A whole ring of one colour.
    pub fn ring(&mut self, inner: f32, outer: f32, paint: Paint) {
        self.bands(0.0, TAU, &[(inner, paint), (outer, paint)]);
    }

    /// An arc stroke.
    pub fn arc(&mut self, radius: f32, width: f32, from: f32, to: f32, paint: Paint) {
        self.bands(from, to, &[(radius - width / 2.0, paint), (radius + width / 2.0, paint)]);
    }

    /// A disc with a radial gradient whose centre is moved from the middle to `focus`, for things that are lit from one side.
    pub fn ball(&mut self, at: Vec2, focus: Vec2, stops: &[(f32, Paint)]) {
        let outer = stops.last().map_or(1.0, |s| s.0);
        let steps = (outer.sqrt() * 7.0).ceil().max(14.0) as usize;
        let point = |a: f32, r: f32| at + focus * (1.0 - r / outer) + polar(a, r);
        for i in 0..steps {
            let (a, b) = (TAU * i as f32 / steps as f32, TAU * (i + 1) as f32 / steps as f32);
            for pair in stops.windows(2) {
                if let [(r0, c0), (r1, c1)] = *pair {
                    self.quad([(point(a, r0), c0), (point(b, r0), c0), (point(b, r1), c1), (point(a, r1), c1)]);
                }
            }
        }
    }

    /// A soft ellipse: full colour in the middle, nothing at the edge.
    pub fn glow(&mut self, at: Vec2, half: Vec2, paint: Paint) {
        let rings = 10;
        let steps = 48;
        let fade = |t: f32| {
            let k = 1.0 - t;
            [paint[0], paint[1], paint[2], paint[3] * k * k * (3.0 - 2.0 * k)]
        };
        for i in 0..steps {
            let (a, b) = (TAU * i as f32 / steps as f32, TAU * (i + 1) as f32 / steps as f32);
            for r in 0..rings {
                let (t0, t1) = (r as f32 / rings as f32, (r + 1) as f32 / rings as f32);
                let p = |a: f32, t: f32| at + polar(a, t) * half;
                self.quad([(p(a, t0), fade(t0)), (p(b, t0), fade(t0)), (p(b, t1), fade(t1)), (p(a, t1), fade(t1))]);
            }
        }
    }

    /// A rounded rectangle, shaded from top to bottom.
    pub fn plate(&mut self, at: Vec2, half: Vec2, radius: f32, top: Paint, bottom: Paint) {
        let centre = self.vertex(at, super::palette::mix(top, bottom, 0.5));
        let mut rim = Vec::new();
        for (corner, sign) in [
            (0.0, Vec2::new(1.0, 1.0)),
            (1.0, Vec2::new(-1.0, 1.0)),
            (2.0, Vec2::new(-1.0, -1.0)),
            (3.0, Vec2::new(1.0, -1.0)),
        ] {
            for i in 0..=6 {
                let a = (corner + i as f32 / 6.0) * TAU / 4.0;
                let p = at + sign * (half - radius) + polar(a, radius);
                let t = ((p.y - at.y + half.y) / (2.0 * half.y)).clamp(0.0, 1.0);
                rim.push(self.vertex(p, super::palette::mix(top, bottom, t)));
            }
        }
        for (i, a) in rim.iter().enumerate() {
            let b = rim.get(i + 1).or(rim.first()).copied().unwrap_or(*a);
            self.indices.extend([centre, *a, b]);
        }
    }
}

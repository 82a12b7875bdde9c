//! A small rasteriser: what egui would draw, as pixels, without a GPU. For looking at screens and for asking which colours they hold.

use egui::epaint::{ImageDelta, Primitive, Vertex};
use egui::{Color32, Context, Event, ImageData, Pos2, RawInput, Rect, Shape, TextureId, Ui, Vec2, pos2, vec2};
use std::collections::BTreeMap;
use std::io::Write;

/// A picture, row by row from the top.
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Pixels.
    pub pixels: Vec<Color32>,
}

impl Picture {
    /// Writes it as a binary PPM.
    pub fn write_ppm(&self, path: &std::path::Path) -> std::io::Result<()> {
        let mut bytes = format!("P6\n{} {}\n255\n", self.width, self.height).into_bytes();
        for p in &self.pixels {
            bytes.extend([p.r(), p.g(), p.b()]);
        }
        std::fs::File::create(path)?.write_all(&bytes)
    }

    /// How many pixels are within `slack` of a colour, channel by channel.
    pub fn count(&self, color: Color32, slack: u8) -> usize {
        let near = |a: u8, b: u8| a.abs_diff(b) <= slack;
        self.pixels
            .iter()
            .filter(|p| near(p.r(), color.r()) && near(p.g(), color.g()) && near(p.b(), color.b()))
            .count()
    }
}

/// A texture that the context has sent.
struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
}

/// A window without a window: a context, its textures, its size.
pub struct Screen {
    ctx: Context,
    size: Vec2,
    textures: BTreeMap<u64, Texture>,
    time: f64,
    /// Words of the last picture with their colours.
    pub words: Vec<(String, Color32)>,
}

impl Screen {
    /// A dark screen of `width`×`height` points, one pixel a point.
    pub fn new(width: f32, height: f32) -> Screen {
        let ctx = Context::default();
        ctx.set_theme(egui::Theme::Dark);
        Screen { ctx, size: vec2(width, height), textures: BTreeMap::new(), time: 0.0, words: Vec::new() }
    }

    /// The same in the light theme.
    pub fn light(width: f32, height: f32) -> Screen {
        let screen = Screen::new(width, height);
        screen.ctx.set_theme(egui::Theme::Light);
        screen
    }

    /// Draws `passes` times and returns the last picture.
    pub fn draw(&mut self, passes: usize, events: Vec<Event>, mut add: impl FnMut(&mut Ui)) -> Picture {
        let mut events = Some(events);
        let mut last = Vec::new();
        for _ in 0..passes.max(1) {
            self.time += 1.0 / 30.0;
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
                time: Some(self.time),
                events: events.take().unwrap_or_default(),
                focused: true,
                max_texture_side: Some(8192),
                ..RawInput::default()
            };
            let mut output = self.ctx.run_ui(input, &mut add);
            let mut delta = std::mem::take(&mut output.textures_delta);
            for (id, images) in &delta.set {
                for image in images {
                    self.update(*id, image);
                }
            }
            delta.clear();
            self.words.clear();
            output.shapes.iter().for_each(|s| words(&s.shape, &mut self.words));
            last = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        }
        let (width, height) = (self.size.x as usize, self.size.y as usize);
        let mut picture = Picture { width, height, pixels: vec![Color32::BLACK; width * height] };
        for clipped in &last {
            if let Primitive::Mesh(mesh) = &clipped.primitive {
                let texture = self.textures.get(&key(mesh.texture_id));
                for triangle in mesh.indices.chunks_exact(3) {
                    let v = [triangle[0], triangle[1], triangle[2]].map(|i| mesh.vertices[i as usize]);
                    fill(&mut picture, clipped.clip_rect, v, texture);
                }
            }
        }
        picture
    }

    fn update(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        match delta.pos {
            None => {
                self.textures.insert(key(id), Texture { size: image.size, pixels: image.pixels.clone() });
            }
            Some([x, y]) => {
                let Some(texture) = self.textures.get_mut(&key(id)) else { return };
                for row in 0..image.size[1] {
                    let from = row * image.size[0];
                    let to = (y + row) * texture.size[0] + x;
                    texture.pixels[to..to + image.size[0]].copy_from_slice(&image.pixels[from..from + image.size[0]]);
                }
            }
        }
    }
}

/// The words of a shape that can be seen, a run of one colour each.
fn words(shape: &Shape, out: &mut Vec<(String, Color32)>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|s| words(s, out)),
        Shape::Text(text) if text.opacity_factor > 0.0 => {
            for section in &text.galley.job.sections {
                let own = section.format.color;
                let own = if own == Color32::PLACEHOLDER { text.fallback_color } else { own };
                let color = text.override_text_color.unwrap_or(own);
                let range = section.byte_range.clone();
                let said = text.galley.job.text.get(range.start.0..range.end.0).unwrap_or_default();
                if !said.trim().is_empty() && color.a() > 0 {
                    out.push((said.to_owned(), color));
                }
            }
        }
        _ => {}
    }
}

fn key(id: TextureId) -> u64 {
    match id {
        TextureId::Managed(n) => n,
        TextureId::User(n) => n | (1 << 63),
    }
}

fn fill(picture: &mut Picture, clip: Rect, v: [Vertex; 3], texture: Option<&Texture>) {
    let area = |a: Pos2, b: Pos2, c: Pos2| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let [a, b, c] = v.map(|x| x.pos);
    let whole = area(a, b, c);
    if whole.abs() < 1e-6 {
        return;
    }
    let bounds = Rect::from_points(&[a, b, c]).intersect(clip);
    let (x0, x1) = (bounds.left().floor().max(0.0) as usize, bounds.right().ceil().min(picture.width as f32) as usize);
    let (y0, y1) = (bounds.top().floor().max(0.0) as usize, bounds.bottom().ceil().min(picture.height as f32) as usize);
    for y in y0..y1 {
        for x in x0..x1 {
            let p = pos2(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(p) {
                continue;
            }
            let w = [area(b, c, p) / whole, area(c, a, p) / whole, area(a, b, p) / whole];
            // A pixel on a shared edge belongs to one triangle only.
            if w.iter().any(|w| *w < 0.0) || (w[0] == 0.0 && whole < 0.0) {
                continue;
            }
            let mix = |f: &dyn Fn(&Vertex) -> f32| w[0] * f(&v[0]) + w[1] * f(&v[1]) + w[2] * f(&v[2]);
            let color = [0, 1, 2, 3].map(|k| mix(&|vertex: &Vertex| f32::from(vertex.color.to_array()[k])));
            let uv = pos2(mix(&|vertex: &Vertex| vertex.uv.x), mix(&|vertex: &Vertex| vertex.uv.y));
            let sample = texture.map_or([255.0; 4], |t| bilinear(t, uv));
            let source: [f32; 4] = std::array::from_fn(|k| color[k] * sample[k] / 255.0);
            let pixel = &mut picture.pixels[y * picture.width + x];
            let under = pixel.to_array();
            let out: [u8; 3] = std::array::from_fn(|k| {
                (source[k] + f32::from(under[k]) * (1.0 - source[3] / 255.0)).round().clamp(0.0, 255.0) as u8
            });
            *pixel = Color32::from_rgb(out[0], out[1], out[2]);
        }
    }
}

fn bilinear(t: &Texture, uv: Pos2) -> [f32; 4] {
    let (x, y) = (uv.x * t.size[0] as f32 - 0.5, uv.y * t.size[1] as f32 - 0.5);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = |dx: i64, dy: i64| {
        let cx = (x.floor() as i64 + dx).clamp(0, t.size[0] as i64 - 1) as usize;
        let cy = (y.floor() as i64 + dy).clamp(0, t.size[1] as i64 - 1) as usize;
        t.pixels[cy * t.size[0] + cx].to_array()
    };
    let (p, q, r, s) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|k| {
        let top = f32::from(p[k]) * (1.0 - fx) + f32::from(q[k]) * fx;
        let bottom = f32::from(r[k]) * (1.0 - fx) + f32::from(s[k]) * fx;
        top * (1.0 - fy) + bottom * fy
    })
}

/// Writes a picture to `$WOM_SHOTS/NAME.ppm` if that variable names a folder.
pub fn keep(picture: &Picture, name: &str) {
    if let Some(folder) = std::env::var_os("WOM_SHOTS") {
        let path = std::path::Path::new(&folder).join(format!("{name}.ppm"));
        picture.write_ppm(&path).expect("the folder for screens can be written");
    }
}

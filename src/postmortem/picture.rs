//! The debrief's pictures as scalable vector graphics: two lanes, impact, score. Places come from the same functions as on screen.

mod back;
mod impact;

pub(super) use impact::impact;

use super::html::escaped;
use crate::debrief::{WorldMark, WorldMarkKind};
use crate::locale::{Arg, Locale};
use crate::scenario::{LangText, Precision};
use crate::view::debrief::label::Box2;
use crate::view::debrief::lanes::{Geometry, Label, Lanes, fit, lanes as place_lanes};
use crate::view::debrief::scale::Scale;
use crate::view::debrief::{DebriefVm, GroupVm, MarkShape, MarkVm, moment, precise};
use crate::view::words::{author_text, say};
use std::fmt::Write as _;

const WIDTH: f32 = 1400.0;
const LEFT: f32 = 132.0;
const RIGHT: f32 = 1376.0;
const WORLD_Y: f32 = 22.0;
const ORIGINAL_Y: f32 = 250.0;
const YOURS_Y: f32 = 376.0;
const ROW_UP: f32 = 44.0;
const ROW_DOWN: f32 = 42.0;
/// Where the first branch's lane is, and the axis if there is none.
const BELOW_Y: f32 = 604.0;
/// Room under the axis.
const AXIS_ROOM: f32 = 44.0;

/// Widths of the default fonts in ems, rounded up: labels may stand apart a little more than they need, never on each other.
fn width(text: &str, strong: bool, size: f32) -> f32 {
    let em: f32 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.30,
            'm' | 'w' | 'M' | 'W' | '@' | '…' => 0.92,
            'A'..='Z' => 0.70,
            c if c.is_ascii() => 0.59,
            _ => 1.0,
        })
        .sum();
    em * size * if strong { 1.06 } else { 1.0 }
}

struct Svg {
    out: String,
}

impl Svg {
    fn new(height: f32) -> Svg {
        Svg { out: format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\">\n") }
    }

    fn done(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    fn line(&mut self, a: [f32; 2], b: [f32; 2], color: &str, width: f32, more: &str) {
        let _ = writeln!(
            self.out,
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{color}\" stroke-width=\"{width}\" {more}/>",
            a[0], a[1], b[0], b[1]
        );
    }

    /// Words; `anchor` is `start`, `middle` or `end`. A halo keeps lines behind from cutting them.
    fn text(&mut self, x: f32, y: f32, anchor: &str, size: f32, color: &str, strong: bool, words: &str) {
        let weight = if strong { " font-weight=\"600\"" } else { "" };
        let _ = writeln!(
            self.out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\"{weight} \
             style=\"fill:{color};paint-order:stroke;stroke:var(--ink);stroke-width:4px\">{}</text>",
            escaped(words)
        );
    }

    /// What a pointer at rest is told about what follows, up to [`Svg::close`].
    fn open(&mut self, title: &str) {
        let _ = writeln!(self.out, "<g><title>{}</title>", escaped(title));
    }

    fn close(&mut self) {
        self.out.push_str("</g>\n");
    }
}

/// The two lanes, joined.
pub(super) fn lanes(vm: &DebriefVm, locale: &Locale) -> String {
    let scale = Scale::new(vm.from_s, vm.to_s, &vm.landmarks(), LEFT, RIGHT, true);
    let g = Geometry { from: LEFT, to: RIGHT, original_y: ORIGINAL_Y, yours_y: YOURS_Y, rows_up: 4, rows_down: 4 };
    let head = |m: &MarkVm| match m.fact {
        Some(id) => format!("{} #{id}", moment(locale, m.t_s)),
        None => precise(m.precision, m.t_s, |t| moment(locale, t)),
    };
    let pill = |i: usize| {
        let join = vm.joins.get(i);
        join.map(|j| format!("{} {}", author_text(locale, &j.name), j.difference(locale))).unwrap_or_default()
    };
    let placed = place_lanes(
        vm,
        None,
        &scale,
        &g,
        &|text, strong| width(text, strong, 14.0),
        &head,
        &|m| say(locale, &m.text),
        &pill,
    );
    let axis_y = BELOW_Y + back::height(vm);
    let mut svg = Svg::new(axis_y + AXIS_ROOM);
    axis(&mut svg, locale, &scale, axis_y);
    held(&mut svg, vm, locale, &scale, axis_y);
    back::shadow(&mut svg, vm, &scale);
    back::alerts(&mut svg, vm, locale, &scale);
    world(&mut svg, vm, locale, &scale);
    joins(&mut svg, vm, &scale);
    for (y, color) in [(ORIGINAL_Y, "var(--theirs)"), (YOURS_Y, "var(--yours)")] {
        svg.line([LEFT, y], [RIGHT, y], color, 3.0, "");
    }
    side_paths(&mut svg, vm, &scale);
    for look in &vm.exploration {
        let x = scale.x(look.t_s as f64);
        svg.line([x, YOURS_Y + 9.0], [x, YOURS_Y + 18.0], "var(--yours)", 1.3, "opacity=\".75\"");
    }
    lane(&mut svg, vm, locale, &scale, &placed, true);
    lane(&mut svg, vm, locale, &scale, &placed, false);
    pills(&mut svg, vm, locale, &placed);
    back::branches(&mut svg, vm, locale, &scale);
    svg.text(24.0, ORIGINAL_Y + 4.0, "start", 18.0, "var(--theirs)", true, &locale.say("dui-original"));
    svg.text(24.0, YOURS_Y + 4.0, "start", 18.0, "var(--yours)", true, &locale.say("dui-yours"));
    svg.done()
}

fn axis(svg: &mut Svg, locale: &Locale, scale: &Scale, axis_y: f32) {
    for tick in scale.ticks(64.0) {
        let x = scale.x(tick as f64);
        svg.line([x, WORLD_Y + 16.0], [x, axis_y], "var(--grid)", if tick == 0 { 2.0 } else { 1.0 }, "");
        svg.text(x, axis_y + 20.0, "middle", 13.0, "var(--muted)", tick == 0, &moment(locale, tick));
    }
    svg.line([LEFT, axis_y], [RIGHT, axis_y], "var(--line)", 1.0, "");
    for p in scale.pieces().iter().filter(|p| p.quiet) {
        let _ = writeln!(
            svg.out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"var(--panel)\" opacity=\".8\"/>",
            p.x0,
            WORLD_Y + 16.0,
            p.x1 - p.x0,
            axis_y - WORLD_Y - 16.0
        );
        let n = Arg::Word(format!("{:.0}", 1.0 / p.ratio.max(0.001)));
        let words = locale.text("dui-tighter", &[("n", n)]);
        svg.text((p.x0 + p.x1) / 2.0, axis_y + 38.0, "middle", 12.0, "var(--muted)", false, &words);
    }
}

fn held(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, scale: &Scale, axis_y: f32) {
    if !vm.held.is_empty() {
        svg.out.push_str(
            "<defs><pattern id=\"held\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect width=\"1\" height=\"8\" fill=\"var(--muted)\" opacity=\".35\"/></pattern></defs>\n",
        );
    }
    for (from, to, title) in &vm.held {
        let (a, b) = (scale.x(*from as f64), scale.x(*to as f64));
        let words = locale.text("dui-held", &[("n", Arg::Word(clock(to - from)))]);
        svg.open(&format!("{words}: {}", author_text(locale, title)));
        let _ = writeln!(
            svg.out,
            "<rect x=\"{a:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"url(#held)\"/>",
            WORLD_Y + 16.0,
            (b - a).max(2.0),
            axis_y - WORLD_Y - 16.0
        );
        svg.close();
        svg.text(a + 6.0, WORLD_Y + 32.0, "start", 13.0, "var(--text)", true, &words);
        svg.text(a + 6.0, WORLD_Y + 50.0, "start", 13.0, "var(--muted)", false, author_text(locale, title));
    }
}

fn clock(s: i64) -> String {
    format!("{}:{:02}", s / 60, s % 60)
}

fn glyph(mark: &WorldMark) -> (&'static str, &'static str) {
    match mark.kind {
        WorldMarkKind::Change => ("◆", "var(--text)"),
        WorldMarkKind::Signal => ("▲", "var(--amber)"),
        WorldMarkKind::Impact => ("■", "var(--critical)"),
        WorldMarkKind::Cleared => ("□", "var(--muted)"),
        WorldMarkKind::Absence => ("◌", "var(--muted)"),
    }
}

fn world(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, scale: &Scale) {
    svg.text(24.0, WORLD_Y + 5.0, "start", 14.0, "var(--muted)", true, &locale.say("dui-world"));
    let inside: Vec<&WorldMark> = vm.world.iter().filter(|m| (vm.from_s..=vm.to_s).contains(&m.t_s)).collect();
    let mut free_from = LEFT;
    for (i, m) in inside.iter().enumerate() {
        let x = scale.x(m.t_s as f64);
        let (sign, color) = glyph(m);
        let words = say(locale, &m.text);
        svg.open(&format!("{} {words}", moment(locale, m.t_s)));
        svg.text(x, WORLD_Y + 5.0, "middle", 13.0, color, false, sign);
        svg.close();
        // As many words as touch neither the words before nor the next sign.
        let next = inside.get(i + 1).map_or(RIGHT, |n| scale.x(n.t_s as f64) - 10.0);
        let room = next - x - 10.0;
        if x >= free_from && room > 70.0 {
            let words = fit(&words, false, room, &|text, strong| width(text, strong, 13.0));
            svg.text(x + 10.0, WORLD_Y + 5.0, "start", 13.0, "var(--muted)", false, &words);
            free_from = x + 22.0 + width(&words, false, 13.0);
        } else {
            free_from = free_from.max(x + 10.0);
        }
    }
}

fn joins(svg: &mut Svg, vm: &DebriefVm, scale: &Scale) {
    for j in &vm.joins {
        let (a, b) = ([scale.x(j.original_s as f64), ORIGINAL_Y], [scale.x(j.yours_s as f64), YOURS_Y]);
        let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let dash = if j.assumed { "stroke-dasharray=\"4 4\"" } else { "" };
        let width = if j.large { 2.4 } else { 1.4 };
        svg.line(a, middle, "var(--theirs)", width, dash);
        svg.line(middle, b, "var(--yours)", width, dash);
    }
}

fn side_paths(svg: &mut Svg, vm: &DebriefVm, scale: &Scale) {
    for (i, side) in vm.original.iter().enumerate().filter(|(_, m)| m.shape == MarkShape::Side) {
        let Some(next) = vm.original.iter().skip(i + 1).find(|m| m.t_s > side.t_s) else { continue };
        let (x0, x1) = (scale.x(side.t_s as f64), scale.x(next.t_s as f64));
        let y = ORIGINAL_Y;
        let _ = writeln!(
            svg.out,
            "<path d=\"M{x0:.1},{y:.1} C{x0:.1},{top:.1} {x1:.1},{top:.1} {x1:.1},{y:.1}\" fill=\"none\" stroke=\"var(--side)\" \
             stroke-width=\"1.5\" stroke-dasharray=\"5 4\"/>",
            top = y - 18.0
        );
    }
}

fn lane(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, scale: &Scale, placed: &Lanes, original: bool) {
    let (marks, labels, y, color) = if original {
        (&vm.original, &placed.original, ORIGINAL_Y, "var(--theirs)")
    } else {
        (&vm.yours, &placed.yours, YOURS_Y, "var(--yours)")
    };
    for l in labels {
        let Some(m) = marks.get(l.mark) else { continue };
        label(svg, m, l, y, color, original);
    }
    for m in marks {
        let x = scale.x(m.t_s as f64);
        // Within a stretch the source does not say when.
        if let Precision::Range { from, to } = m.precision {
            let ends = [from, to].map(|t| [scale.x(t.0 as f64), y]);
            svg.line(ends[0], ends[1], color, 11.0, "opacity=\".35\"");
        }
        let r = if m.milestone { 7.0 } else { 4.5 };
        svg.open(&format!("{} {}", moment(locale, m.t_s), say(locale, &m.text)));
        let _ = match m.shape {
            MarkShape::Full => {
                writeln!(
                    svg.out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\" fill=\"{color}\" stroke=\"var(--ink)\" stroke-width=\"1.5\"/>"
                )
            }
            MarkShape::Hollow => {
                writeln!(
                    svg.out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{}\" fill=\"var(--ink)\" stroke=\"{color}\" stroke-width=\"2\"/>",
                    r - 1.0
                )
            }
            MarkShape::Action => {
                let s = if m.milestone { 14.0 } else { 9.0 };
                writeln!(
                    svg.out,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{s}\" height=\"{s}\" fill=\"{color}\" stroke=\"var(--ink)\"/>",
                    x - s / 2.0,
                    y - s / 2.0
                )
            }
            MarkShape::Side => {
                writeln!(
                    svg.out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\" fill=\"var(--ink)\" stroke=\"var(--side)\" stroke-width=\"2\"/>"
                )
            }
        };
        svg.close();
    }
}

fn label(svg: &mut Svg, m: &MarkVm, l: &Label, y: f32, color: &str, original: bool) {
    let row = l.place.row as f32;
    // Rows grow away from the lane; each holds a time and, under it, words.
    let first = if original { y - 40.0 - row * ROW_UP } else { y + 34.0 + row * ROW_DOWN };
    let far = if original { first - 8.0 } else { first + 22.0 };
    svg.line([l.x, y], [l.x, far], color, 1.0, "opacity=\".75\"");
    let (x, anchor) = if l.place.left { (l.place.x1, "end") } else { (l.place.x0, "start") };
    let turning = m.turning.map(|n| format!(" ({n})")).unwrap_or_default();
    svg.text(x, first, anchor, 14.0, color, false, &format!("{}{turning}", l.head));
    let ink = if m.milestone { "var(--text)" } else { "var(--muted)" };
    svg.text(x, first + 17.0, anchor, 14.0, ink, m.milestone, &l.words);
}

fn pills(svg: &mut Svg, vm: &DebriefVm, locale: &Locale, placed: &Lanes) {
    for (j, b) in vm.joins.iter().zip(&placed.pills) {
        let Some(Box2 { x0, y0, x1, y1 }) = *b else { continue };
        let dash = if j.assumed { " stroke-dasharray=\"3 3\"" } else { "" };
        let _ = writeln!(
            svg.out,
            "<rect x=\"{x0:.1}\" y=\"{y0:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"11\" fill=\"var(--ink)\" stroke=\"var(--muted)\"{dash}/>",
            x1 - x0,
            y1 - y0
        );
        let words = format!("{} {}", author_text(locale, &j.name), j.difference(locale));
        let size = if j.large { 15.0 } else { 13.0 };
        svg.text((x0 + x1) / 2.0, (y0 + y1) / 2.0 + 5.0, "middle", size, "var(--text)", j.large, &words);
    }
}

/// The dimensions as bars with the original's tick.
pub(super) fn score(vm: &DebriefVm, locale: &Locale) -> String {
    const ROW: f32 = 34.0;
    const BAR: f32 = 320.0;
    let most = vm.groups.iter().map(|g| g.max).fold(1.0, f32::max);
    let mut svg = Svg::new(ROW * vm.groups.len() as f32 + 16.0);
    for (i, g) in vm.groups.iter().enumerate() {
        bar(&mut svg, g, locale, 12.0 + ROW * i as f32, (RIGHT - BAR - 260.0) / most, BAR);
    }
    svg.done()
}

fn bar(svg: &mut Svg, g: &GroupVm, locale: &Locale, y: f32, px: f32, x: f32) {
    let name = locale.say(&format!("dui-dim-{}", g.dimension));
    svg.text(24.0, y + 14.0, "start", 15.0, "var(--text)", true, &name);
    svg.text(x - 12.0, y + 14.0, "end", 14.0, "var(--muted)", false, &locale.say(g.word));
    let _ = writeln!(
        svg.out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{:.1}\" height=\"18\" fill=\"none\" stroke=\"var(--line)\"/>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{:.1}\" height=\"18\" fill=\"var(--yours)\"/>",
        g.max * px,
        g.points * px
    );
    let par = x + g.par * px;
    svg.line([par, y - 4.0], [par, y + 22.0], "var(--theirs)", 3.0, "");
    let words = format!("{:.1} / {:.0}   {}", g.points, g.max, g.delta);
    svg.text(x + g.max * px + 12.0, y + 14.0, "start", 14.0, "var(--text)", false, &words);
}

/// What the lanes show, in words.
pub(super) fn lanes_alt(vm: &DebriefVm, locale: &Locale) -> String {
    let words = |name: &LangText| author_text(locale, name).to_owned();
    let pairs: Vec<String> = vm.joins.iter().map(|j| format!("{} {}", words(&j.name), j.difference(locale))).collect();
    format!("{} / {}: {}", locale.say("dui-original"), locale.say("dui-yours"), pairs.join("; "))
}

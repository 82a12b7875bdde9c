//! The one time scale of the debrief: piecewise linear and monotone, the same for lanes, axis, impact and scrubber.

/// Quiet stretches of this length or more are compressed, seconds.
pub const QUIET_S: i64 = 3600;
/// Least width of a piece, pixels.
const LEAST_PX: f32 = 60.0;

/// A stretch of time that is drawn at one speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Begin, seconds from T0.
    pub from_s: i64,
    /// End.
    pub to_s: i64,
    /// Left edge in pixels.
    pub x0: f32,
    /// Right edge.
    pub x1: f32,
    /// Nothing happened in it in either log.
    pub quiet: bool,
    /// Its pixels a second over those of a linear axis: above 1 is wider, below is tighter.
    pub ratio: f32,
}

/// Time to pixels and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Pieces from left to right, without gaps; never empty.
    pieces: Vec<Piece>,
}

impl Scale {
    /// A scale over `from_s..to_s` seconds and `x0..x1` pixels. Where neither log has an event (`events`, any order) for an hour,
    /// or for a sixth of the span if that is less (but 10 minutes), the time is pressed together. `compress` off gives the linear axis.
    pub fn new(from_s: i64, to_s: i64, events: &[i64], x0: f32, x1: f32, compress: bool) -> Scale {
        let to_s = to_s.max(from_s + 60);
        let x1 = x1.max(x0 + 1.0);
        let mut inside: Vec<i64> = events.iter().copied().filter(|t| (from_s..=to_s).contains(t)).collect();
        inside.sort_unstable();
        let quiet = if compress { quiet_stretches(from_s, to_s, &inside, x1 - x0) } else { Vec::new() };
        let mut cuts = Vec::new();
        let mut at = from_s;
        for (a, b) in quiet {
            if a > at {
                cuts.push((at, a, false));
            }
            cuts.push((a, b, true));
            at = b;
        }
        if at < to_s {
            cuts.push((at, to_s, false));
        }
        let weight = |a: i64, b: i64| 1.0 + inside.iter().filter(|t| (a..=b).contains(*t)).count() as f32;
        let linear = (x1 - x0) / (to_s - from_s) as f32;
        // A quiet piece takes its least width, never more than on a linear axis; what has events shares the rest.
        let least = |a: i64, b: i64, quiet: bool| match (quiet, cuts.len()) {
            (true, _) => LEAST_PX.min((b - a) as f32 * linear),
            (false, 1) => 0.0,
            (false, _) => LEAST_PX,
        };
        let total: f32 = cuts.iter().filter(|c| !c.2).map(|(a, b, _)| weight(*a, *b)).sum();
        let free = (x1 - x0) - cuts.iter().map(|(a, b, quiet)| least(*a, *b, *quiet)).sum::<f32>();
        let mut x = x0;
        let last = cuts.len().saturating_sub(1);
        let pieces = cuts
            .iter()
            .enumerate()
            .map(|(i, (a, b, quiet))| {
                let share = if *quiet { 0.0 } else { free * weight(*a, *b) / total.max(1.0) };
                let end = if i == last { x1 } else { x + least(*a, *b, *quiet) + share };
                let ratio = (end - x) / (b - a) as f32 / linear;
                let piece = Piece { from_s: *a, to_s: *b, x0: x, x1: end, quiet: *quiet, ratio };
                x = end;
                piece
            })
            .collect();
        Scale { pieces }
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Begin of the scale, seconds.
    pub fn from_s(&self) -> i64 {
        self.pieces.first().map_or(0, |p| p.from_s)
    }

    /// End of the scale, seconds.
    pub fn to_s(&self) -> i64 {
        self.pieces.last().map_or(0, |p| p.to_s)
    }

    /// Pixel of a moment; moments outside stay at the edges.
    pub fn x(&self, t_s: f64) -> f32 {
        for p in &self.pieces {
            if t_s <= p.to_s as f64 {
                let share = (t_s - p.from_s as f64) / (p.to_s - p.from_s) as f64;
                return p.x0 + (p.x1 - p.x0) * share.clamp(0.0, 1.0) as f32;
            }
        }
        self.pieces.last().map_or(0.0, |p| p.x1)
    }

    /// Moment of a pixel, in whole seconds.
    pub fn t(&self, x: f32) -> i64 {
        for p in &self.pieces {
            if x <= p.x1 {
                let share = ((x - p.x0) / (p.x1 - p.x0)).clamp(0.0, 1.0);
                return p.from_s + libm::round(f64::from(share) * (p.to_s - p.from_s) as f64) as i64;
            }
        }
        self.to_s()
    }

    /// Pixels a minute where the scale is widest: it decides how much detail is shown.
    pub fn px_per_min(&self) -> f32 {
        self.pieces.iter().map(|p| (p.x1 - p.x0) / (p.to_s - p.from_s) as f32 * 60.0).fold(0.0, f32::max)
    }

    /// Ticks of the axis: moments at round steps, at least `gap` pixels apart.
    pub fn ticks(&self, gap: f32) -> Vec<i64> {
        const STEPS: [i64; 11] = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600];
        let mut out: Vec<i64> = Vec::new();
        for p in &self.pieces {
            let px_per_s = (p.x1 - p.x0) / (p.to_s - p.from_s) as f32;
            let step = STEPS.into_iter().find(|s| *s as f32 * px_per_s >= gap).unwrap_or(86_400);
            let mut t = p.from_s.div_euclid(step) * step;
            while t <= p.to_s {
                let clear = out.last().is_none_or(|last| self.x(t as f64) - self.x(*last as f64) >= gap);
                if t >= p.from_s && clear {
                    out.push(t);
                }
                t += step;
            }
        }
        out
    }
}

/// Stretches without an event, long enough to press together, with a little air left beside the events.
fn quiet_stretches(from_s: i64, to_s: i64, events: &[i64], width: f32) -> Vec<(i64, i64)> {
    let least = ((to_s - from_s) / 6).clamp(600, QUIET_S);
    let air = least / 10;
    let mut stops = vec![from_s];
    stops.extend_from_slice(events);
    stops.push(to_s);
    let mut gaps: Vec<(i64, i64)> = stops
        .windows(2)
        .filter_map(|w| match w {
            [a, b] if b - a >= least => Some((a + air, b - air)),
            _ => None,
        })
        .collect();
    // A gap at the very edge keeps no air there.
    if let Some(first) = gaps.first_mut().filter(|g| g.0 == from_s + air && !events.contains(&from_s)) {
        first.0 = from_s;
    }
    if let Some(last) = gaps.last_mut().filter(|g| g.1 == to_s - air && !events.contains(&to_s)) {
        last.1 = to_s;
    }
    // Every piece needs its least width: when they would eat half of the axis, the shortest gaps stay as they are.
    let most = ((width / LEAST_PX / 2.0) as usize).saturating_sub(1) / 2;
    while gaps.len() > most {
        let Some(shortest) = (0..gaps.len()).min_by_key(|i| gaps.get(*i).map_or(0, |g| g.1 - g.0)) else { break };
        gaps.remove(shortest);
    }
    gaps
}

/// How much is drawn at a zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Events that are no milestone.
    pub others: bool,
    /// Exploration ticks and event ids.
    pub fine: bool,
    /// Seats and what was looked at.
    pub finest: bool,
}

impl Detail {
    /// What is shown at so many pixels a minute.
    pub fn at(px_per_min: f32) -> Detail {
        Detail { others: px_per_min >= 1.0, fine: px_per_min >= 8.0, finest: px_per_min > 60.0 }
    }
}

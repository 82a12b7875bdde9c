//! The wheel's motion: the result is drawn first, then a spin is solved that ends there. Nothing here decides anything.
//!
//! Angles are degrees and grow with the direction of turn (clockwise on a screen whose y points down); wedge `i` has its
//! centre at `i × 360 / wedges` on the wheel, the pointer stands at 0. Times are seconds from the start of the spin.

use crate::stdx::rng::Stream;

/// Friction of the bearing, a second.
pub const K: f64 = 0.237;
/// Constant friction, turns a second squared.
pub const C: f64 = 0.048;
/// Slowest start, turns a second.
pub const START_MIN: f64 = 1.45;
/// Fastest start, turns a second.
pub const START_MAX: f64 = 1.80;
/// Start speed that the whole turns are chosen for.
const START_USUAL: f64 = 1.62;
/// How far the wheel falls back from the last peg, as a share of the space between pegs (1.5° of 10°).
const FALL_BACK: f64 = 0.15;
/// How long the last peg swings, seconds.
pub const RECOIL_S: f64 = 0.6;
/// Swings a second of the fall back.
const RECOIL_HZ: f64 = 2.2;
/// Damping of the fall back.
const RECOIL_DAMPING: f64 = 0.35;

/// A solved spin.
#[derive(Clone, Debug, PartialEq)]
pub struct Spin {
    /// Wedges on the wheel, at least 1.
    pub wedges: u32,
    /// The wedge that it ends on.
    pub chosen: u32,
    /// Angle of the wheel at the start.
    pub from: f64,
    /// Speed at the start, turns a second.
    pub start: f64,
    /// How far it turns until the last peg stops it, degrees.
    pub glide: f64,
    /// Seconds until the last peg stops it.
    pub glide_s: f64,
    /// Where the chosen wedge's centre rests, relative to the pointer; the largest is the teasing one.
    pub rest: f64,
}

/// Pegs on one wedge: 36 on a wheel of twelve, and about as many on any other.
pub fn pegs_per_wedge(wedges: u32) -> u32 {
    (36 / wedges.max(1)).max(1)
}

/// The rest positions of a wedge's centre, the teasing one first. On a wheel of twelve: 13.5, 3.5, −6.5.
pub fn rests(wedges: u32) -> Vec<f64> {
    let (wedges, pegs) = (wedges.max(1), pegs_per_wedge(wedges));
    let width = 360.0 / f64::from(wedges);
    let space = width / f64::from(pegs);
    (0..pegs).map(|peg| width / 2.0 - FALL_BACK * space - f64::from(peg) * space).collect()
}

impl Spin {
    /// Solves the spin from the wheel's angle `from` to the chosen wedge. The seed picks the rest and the whole turns.
    pub fn solve(wedges: u32, chosen: u32, seed: u64, from: f64) -> Spin {
        let wedges = wedges.max(1);
        let chosen = chosen.min(wedges - 1);
        let mut stream = Stream::new(seed, "spin");
        let rests = rests(wedges);
        let pick = usize::try_from(stream.below(rests.len() as u64)).unwrap_or(0);
        let rest = rests.get(pick).copied().unwrap_or(0.0);

        let centre = f64::from(chosen) * 360.0 / f64::from(wedges);
        // The glide ends with the peg at the top of the flapper, one fall back beyond the rest.
        let part = turn(rest - centre + fall_back(wedges) - from);
        let usual = glide(START_USUAL) * 360.0;
        let (least, most) = (glide(START_MIN) * 360.0, glide(START_MAX) * 360.0);
        let mut far = part;
        while far < least || (far + 360.0 <= most && (far + 360.0 - usual).abs() < (far - usual).abs()) {
            far += 360.0;
        }
        let start = start_for(far / 360.0);
        Spin { wedges, chosen, from, start, glide: far, glide_s: glide_s(start), rest }
    }

    /// Seconds until it stands still.
    pub fn duration(&self) -> f64 {
        self.glide_s + RECOIL_S
    }

    /// Speed in turns a second; 0 once the last peg has stopped it (the fall back is a swing, not a turn).
    pub fn speed(&self, t: f64) -> f64 {
        if t >= self.glide_s {
            return 0.0;
        }
        let t = t.max(0.0);
        ((self.start + C / K) * libm::exp(-K * t) - C / K).max(0.0)
    }

    /// Angle of the wheel, not reduced to one turn.
    pub fn angle(&self, t: f64) -> f64 {
        let end = self.from + self.glide;
        if t < self.glide_s {
            return self.from + 360.0 * turned(self.start, t.max(0.0)).min(self.glide / 360.0);
        }
        let back = fall_back(self.wedges);
        let t = t - self.glide_s;
        if t >= RECOIL_S {
            return end - back;
        }
        let natural = core::f64::consts::TAU * RECOIL_HZ;
        let damped = natural * (1.0 - RECOIL_DAMPING * RECOIL_DAMPING).sqrt();
        let swing = libm::cos(damped * t) + RECOIL_DAMPING * natural / damped * libm::sin(damped * t);
        // The last factor brings the rest of the swing to 0 at the end, so that the wheel does not jump.
        let left = libm::exp(-RECOIL_DAMPING * natural * t) * swing * (1.0 - t / RECOIL_S);
        end - back + back * left
    }

    /// The wedge at the pointer.
    pub fn at_pointer(&self, t: f64) -> u32 {
        let width = 360.0 / f64::from(self.wedges);
        let at = turn(-self.angle(t) + width / 2.0) / width;
        (at as u32).min(self.wedges - 1)
    }

    /// When a peg passes the flapper, in order: one tick each. The last peg does not pass.
    pub fn ticks(&self) -> Vec<f64> {
        let space = 360.0 / f64::from(self.wedges * pegs_per_wedge(self.wedges));
        // The last peg is at the flapper when the glide ends, so the others passed whole spaces before.
        let passed = (self.glide / space - 1e-9).floor().max(0.0) as u32;
        (1..=passed).rev().map(|n| self.time_at(self.glide - f64::from(n) * space)).collect()
    }

    /// When the wheel had glided so many degrees, by halving: the angle only grows.
    fn time_at(&self, degrees: f64) -> f64 {
        bisect(0.0, self.glide_s, |t| 360.0 * turned(self.start, t) < degrees)
    }
}

fn fall_back(wedges: u32) -> f64 {
    FALL_BACK * 360.0 / f64::from(wedges * pegs_per_wedge(wedges))
}

/// Degrees in `[0, 360)`.
fn turn(degrees: f64) -> f64 {
    let r = degrees - 360.0 * (degrees / 360.0).floor();
    if r >= 360.0 { 0.0 } else { r }
}

/// Turns after `t` seconds of dω/dt = −Kω − C, started at `start`.
fn turned(start: f64, t: f64) -> f64 {
    (start + C / K) * (1.0 - libm::exp(-K * t)) / K - C / K * t
}

/// Seconds until the speed is 0.
fn glide_s(start: f64) -> f64 {
    libm::log(1.0 + start * K / C) / K
}

/// Turns until the speed is 0.
fn glide(start: f64) -> f64 {
    (start - C * glide_s(start)) / K
}

/// The start speed that glides so many turns.
fn start_for(turns: f64) -> f64 {
    bisect(0.0, 2.0 * START_MAX, |start| glide(start) < turns)
}

/// The place in `low..high` where `below` turns false.
fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

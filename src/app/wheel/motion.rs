//! Where the wheel stands in the frame and how the flapper moves: pure functions of time and angle.

use std::time::Duration;

/// Place of the wheel in a frame of 1080 points height, y down from the top: centre and rim radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Centre from the left.
    pub x: f32,
    /// Centre from the top.
    pub y: f32,
    /// Radius of the rim.
    pub radius: f32,
}

/// The title: half out of frame.
pub const TITLE: Pose = Pose { x: 64.0, y: 556.0, radius: 640.0 };
/// Before and during a spin.
pub const WHEEL: Pose = Pose { x: 620.0, y: 572.0, radius: 436.0 };
/// Beside the card.
pub const LANDING: Pose = Pose { x: 300.0, y: 572.0, radius: 456.0 };
/// Gone to the left.
pub const AWAY: Pose = Pose { x: -720.0, y: 572.0, radius: 456.0 };

/// How long one move of the wheel takes.
pub const MOVE: Duration = Duration::from_millis(480);

/// Cubic ease in and out, `t` from 0 to 1.
pub fn ease_in_out(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (2.0 - 2.0 * t).powi(3) / 2.0 }
}

/// Cubic ease out.
pub fn ease_out(t: f32) -> f32 {
    1.0 - (1.0 - t.clamp(0.0, 1.0)).powi(3)
}

/// A move between two poses that began at a moment of the running clock.
#[derive(Clone, Copy, Debug)]
pub struct Travel {
    from: Pose,
    to: Pose,
    began: Duration,
}

impl Travel {
    /// Stands at `pose`.
    pub fn at(pose: Pose) -> Travel {
        Travel { from: pose, to: pose, began: Duration::ZERO }
    }

    /// Heads for `to` from wherever it is; at once if motion is reduced.
    pub fn head(&mut self, to: Pose, now: Duration, reduced: bool) {
        if self.to != to {
            *self = Travel { from: if reduced { to } else { self.pose(now) }, to, began: now };
        }
    }

    /// Whether it still moves.
    pub fn moves(&self, now: Duration) -> bool {
        self.from != self.to && now.saturating_sub(self.began) < MOVE
    }

    /// Where it is.
    pub fn pose(&self, now: Duration) -> Pose {
        let t = ease_in_out(now.saturating_sub(self.began).as_secs_f32() / MOVE.as_secs_f32());
        let mix = |a: f32, b: f32| a + (b - a) * t;
        Pose {
            x: mix(self.from.x, self.to.x),
            y: mix(self.from.y, self.to.y),
            radius: mix(self.from.radius, self.to.radius),
        }
    }
}

/// Longest that a name beside the wheel may lag: it changes at most three times a second while names rush by.
const NAME_HOLDS: Duration = Duration::from_nanos(1_000_000_000 / 3);
/// Below this speed, turns a second, the name is the one at the pointer, always.
const NAME_EXACT: f64 = 0.2;

/// The wedge whose name stands beside the wheel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pointed {
    wedge: Option<usize>,
    since: Duration,
}

impl Pointed {
    /// Takes in which wedge is at the pointer.
    pub fn see(&mut self, wedge: Option<usize>, speed: f64, now: Duration) {
        let free = speed < NAME_EXACT || self.wedge.is_none() || now.saturating_sub(self.since) >= NAME_HOLDS;
        if free && wedge != self.wedge {
            *self = Pointed { wedge, since: now };
        }
    }

    /// The wedge to name.
    pub fn wedge(self) -> Option<usize> {
        self.wedge
    }
}

/// How strongly pegs and names streak at a speed in turns a second, 0 to 1: nothing at 0.15, then rising, never a flash.
pub fn streak(speed: f32) -> f32 {
    ((speed - 0.15) / 0.25).clamp(0.0, 1.0)
}

/// Largest bend of the flapper, degrees.
const BEND: f32 = 16.0;
/// Angles of a peg, degrees past the axis, between which it touches the flapper.
const TOUCH: (f32, f32) = (-1.9, 0.9);

/// How far the flapper is pushed down, radians, by pegs `spacing` degrees apart.
///
/// `turned` is how far the wheel has turned past a place where a peg lies on the axis, degrees; `speed` in turns a second; `now` in
/// seconds only shakes the blade at speed.
pub fn flapper(turned: f32, spacing: f32, speed: f32, now: f32) -> f32 {
    if speed.abs() > 0.25 {
        // Faster than the eye follows single hits: held down and trembling.
        return (12.0 + 1.5 * (now * 61.0).sin()).to_radians();
    }
    // Place of the peg that touches next or has passed last, in (touch.0, touch.0 + spacing].
    let past = (turned - TOUCH.0).rem_euclid(spacing) + TOUCH.0;
    let pushed = |at: f32| (420.0 * at.to_radians().sin() + 14.0).atan2(72.0).to_degrees().clamp(0.0, BEND);
    if past <= TOUCH.1 {
        return pushed(past).to_radians();
    }
    if speed.abs() < 1e-4 {
        return 0.0;
    }
    // Let go: springs back at 14 Hz, damping .35.
    let since = (past - TOUCH.1) / (360.0 * speed.abs());
    let w = std::f32::consts::TAU * 14.0;
    (pushed(TOUCH.1) * (-0.35 * w * since).exp() * (w * 0.937 * since).cos()).to_radians()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_begins_and_ends_where_it_says() {
        let mut travel = Travel::at(TITLE);
        travel.head(WHEEL, Duration::from_secs(1), false);
        assert_eq!(travel.pose(Duration::from_secs(1)), TITLE);
        assert_eq!(travel.pose(Duration::from_secs(2)), WHEEL);
        assert!(travel.moves(Duration::from_millis(1200)) && !travel.moves(Duration::from_secs(2)));
    }

    #[test]
    fn a_name_changes_at_most_three_times_a_second_and_is_exact_when_slow() {
        let (mut pointed, mut changes, mut last) = (Pointed::default(), Vec::new(), None);
        for frame in 0..600_u64 {
            let now = Duration::from_millis(frame * 5);
            // Twelve wedges at 1.6 turns a second: a new one every 52 ms.
            pointed.see(Some((frame * 5 / 52) as usize % 12), 1.6, now);
            if pointed.wedge() != last {
                last = pointed.wedge();
                changes.push(now);
            }
        }
        assert!(changes.len() >= 8, "{changes:?}");
        for pair in changes.windows(2) {
            assert!(pair[1] - pair[0] >= NAME_HOLDS, "{pair:?}");
        }
        let now = Duration::from_secs(3);
        for wedge in 0..4 {
            pointed.see(Some(wedge), 0.19, now);
            assert_eq!(pointed.wedge(), Some(wedge), "slow enough to read");
        }
    }

    #[test]
    fn the_flapper_is_free_between_pegs_and_bends_at_most_sixteen_degrees() {
        assert_eq!(flapper(5.0, 10.0, 0.0, 0.0), 0.0);
        for i in 0..1000 {
            let bend = flapper(i as f32 * 0.01, 10.0, 0.02, 0.0).to_degrees();
            assert!((-BEND..=BEND).contains(&bend), "{bend}");
        }
        assert!(flapper(-1.5, 10.0, 0.0, 0.0) > 0.0, "a peg that leans on it bends it");
    }
}

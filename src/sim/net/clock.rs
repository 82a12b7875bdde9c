//! Clocks: what a host believes the time is, and which local time it keeps.

use crate::scenario::{Leap, ZoneShift};
use crate::stdx::time::Utc;
use serde::Serialize;

/// How fast a disciplined clock is brought back, microseconds a second (the kernel's limit of 500 ppm).
const SLEW_US: f64 = 500.0;

/// A host's clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Clock {
    /// How far it is ahead of true time, microseconds.
    pub offset_us: f64,
    /// How fast it runs away while it is not disciplined, parts per million.
    pub drift_ppm: f64,
    /// Whether NTP disciplines it.
    pub ntp: bool,
    /// Minutes that local time is east of UTC.
    pub zone_min: i32,
    /// What a leap second did to the programs there, with the share of their work that it spoils.
    pub leap: Option<(Leap, f64)>,
    /// Time of the last step of it, if there was one.
    pub stepped: Option<Utc>,
    pub(crate) shift: Option<ZoneShift>,
}

impl Clock {
    /// A clock that is right.
    pub fn right() -> Clock {
        Clock { ntp: true, ..Clock::default() }
    }

    /// What it shows, to the second.
    pub fn shows(&self, now: Utc) -> Utc {
        now.plus(libm::floor(self.offset_us / 1e6) as i64)
    }

    /// One second passes.
    pub fn step(&mut self, now: Utc, t0: Utc) {
        if !self.ntp {
            self.offset_us += self.drift_ppm;
        } else if self.offset_us != 0.0 {
            let back = self.offset_us.clamp(-SLEW_US, SLEW_US);
            self.offset_us -= back;
        }
        if self.shift.is_some_and(|s| now.0 - t0.0 >= s.at.0) {
            self.zone_min = self.shift.take().map_or(self.zone_min, |s| s.zone_min);
        }
    }

    /// Whether a second of it has anything to do.
    pub fn moves(&self) -> bool {
        self.offset_us != 0.0 || (!self.ntp && self.drift_ppm != 0.0) || self.shift.is_some()
    }
}

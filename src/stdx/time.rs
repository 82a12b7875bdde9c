//! Simulated time: one tick is one simulated second; scenario times are offsets from T0.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds since the session opened (0 is the opening itself).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tick(pub u64);

impl Tick {
    /// The tick `seconds` later.
    pub fn plus(self, seconds: u64) -> Tick {
        Tick(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this tick, 0 if `earlier` is later.
    pub fn since(self, earlier: Tick) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Seconds from T0 (negative before it). Written `T+12m30s`, `T-20s`, `T+0s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub i64);

impl Offset {
    /// The tick at which this offset falls in a session that opens at `opens`; `None` before the opening.
    pub fn tick(self, opens: Offset) -> Option<Tick> {
        u64::try_from(self.0 - opens.0).ok().map(Tick)
    }

    /// The offset of `tick` in a session that opens at `opens`.
    pub fn of(tick: Tick, opens: Offset) -> Offset {
        Offset(opens.0.saturating_add(i64::try_from(tick.0).unwrap_or(i64::MAX)))
    }

    /// As a clock: `T+09:12`, `T-00:20`, `T+1:53:00`.
    pub fn clock(self) -> String {
        let (sign, s) = if self.0 < 0 { ('-', self.0.unsigned_abs()) } else { ('+', self.0.unsigned_abs()) };
        let (h, m, s) = (s / 3600, s % 3600 / 60, s % 60);
        if h > 0 { format!("T{sign}{h}:{m:02}:{s:02}") } else { format!("T{sign}{m:02}:{s:02}") }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, s) = if self.0 < 0 { ('-', self.0.unsigned_abs()) } else { ('+', self.0.unsigned_abs()) };
        write!(f, "T{sign}{}", Span(s))
    }
}

/// A length of time in whole seconds, written `1h5m30s`, `90s` reads the same as `1m30s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = (self.0 / 3600, self.0 % 3600 / 60, self.0 % 60);
        if h > 0 {
            write!(f, "{h}h")?;
        }
        if m > 0 {
            write!(f, "{m}m")?;
        }
        if s > 0 || (h == 0 && m == 0) {
            write!(f, "{s}s")?;
        }
        Ok(())
    }
}

/// A moment in simulated UTC, seconds since 1970-01-01T00:00:00Z. Never the machine's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Utc(pub i64);

/// The parts of a UTC moment, for tools that print dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, such as 2023.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, 1 to 31.
    pub day: u32,
    /// Hour, 0 to 23.
    pub hour: u32,
    /// Minute, 0 to 59.
    pub minute: u32,
    /// Second, 0 to 59.
    pub second: u32,
    /// Day of the week, 0 is Sunday.
    pub weekday: u32,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Utc {
    /// Reads `2023-07-20T12:17:00Z`.
    pub fn parse(text: &str) -> Option<Utc> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Utc(t.as_second()))
    }

    /// The moment `seconds` later.
    pub fn plus(self, seconds: i64) -> Utc {
        Utc(self.0.saturating_add(seconds))
    }

    /// Splits into calendar parts (proleptic Gregorian, UTC).
    pub fn civil(self) -> Civil {
        let days = self.0.div_euclid(86_400);
        let secs = self.0.rem_euclid(86_400);
        // Days to civil, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
        let year = yoe + era * 400 + i64::from(month <= 2);
        Civil {
            year,
            month,
            day,
            hour: (secs / 3600) as u32,
            minute: (secs % 3600 / 60) as u32,
            second: (secs % 60) as u32,
            weekday: (days + 4).rem_euclid(7) as u32,
        }
    }

    /// `12:26:12`.
    pub fn hms(self) -> String {
        let c = self.civil();
        format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second)
    }

    /// `2023-07-20T12:17:00Z`.
    pub fn iso(self) -> String {
        let c = self.civil();
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// `Jul 20 12:17:04`, as syslog and `ls -l` print it.
    pub fn syslog(self) -> String {
        let c = self.civil();
        format!("{} {:>2} {:02}:{:02}:{:02}", self.month_name(), c.day, c.hour, c.minute, c.second)
    }

    /// `Thu, 20 Jul 2023 12:25:41 GMT`, as HTTP prints it.
    pub fn http(self) -> String {
        let c = self.civil();
        format!(
            "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
            self.day_name(),
            c.day,
            self.month_name(),
            c.year,
            c.hour,
            c.minute,
            c.second
        )
    }

    /// `Jul`.
    pub fn month_name(self) -> &'static str {
        MONTHS[self.civil().month as usize - 1]
    }

    /// `Thu`.
    pub fn day_name(self) -> &'static str {
        DAYS[self.civil().weekday as usize]
    }
}

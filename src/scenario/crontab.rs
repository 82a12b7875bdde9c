//! The five fields of a crontab line: minute, hour, day of the month, month, day of the week.

use crate::stdx::time::{Civil, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A schedule, as sets of bits, with the text that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crontab {
    text: String,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether the days of the month and of the week are both restricted: then either of them is enough.
    either: bool,
}

/// Months and days by name, as cron takes them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Furthest that is looked ahead for the next run, in minutes: a leap year and a day.
const AHEAD_MIN: i64 = 367 * 24 * 60;

/// A number or a name of a field.
fn number(text: &str, names: &[&str], base: u64) -> Option<u64> {
    let by_name = names.iter().position(|n| n.eq_ignore_ascii_case(text)).map(|i| i as u64 + base);
    by_name.or_else(|| text.parse().ok())
}

/// One field as a set of bits: `*`, `5`, `1-5`, `*/10`, `0-30/5`, and lists of them.
fn field(text: &str, lo: u64, hi: u64, names: &[&str]) -> Result<u64, String> {
    let bad = || format!("`{text}` is not a crontab field from {lo} to {hi}");
    let mut bits = 0u64;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u64>().map_err(|_| bad())?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (lo, hi),
            Some((a, b)) => (number(a, names, lo).ok_or_else(bad)?, number(b, names, lo).ok_or_else(bad)?),
            None => {
                let n = number(range, names, lo).ok_or_else(bad)?;
                (n, if part.contains('/') { hi } else { n })
            }
        };
        if from < lo || to > hi || from > to || step == 0 {
            return Err(bad());
        }
        let mut n = from;
        while n <= to {
            bits |= 1 << n;
            n += step;
        }
    }
    Ok(bits)
}

impl Crontab {
    /// Reads five fields, or one of `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`.
    ///
    /// # Errors
    /// Which field cannot be read.
    pub fn parse(text: &str) -> Result<Crontab, String> {
        let whole = match text.trim() {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            other => other,
        };
        let parts: Vec<&str> = whole.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = parts.as_slice() else {
            return Err(format!("`{text}` has {} fields, a schedule has five", parts.len()));
        };
        let week = field(weekday, 0, 7, &DAYS)?;
        Ok(Crontab {
            text: text.trim().to_owned(),
            minutes: field(minute, 0, 59, &[])?,
            hours: field(hour, 0, 23, &[])?,
            days: field(day, 1, 31, &[])?,
            months: field(month, 1, 12, &MONTHS)?,
            // Sunday is 0 and 7.
            weekdays: (week | week >> 7) & 0x7f,
            either: !day.starts_with('*') && !weekday.starts_with('*'),
        })
    }

    /// Whether it runs in this minute of the local calendar.
    pub fn fits(&self, c: &Civil) -> bool {
        let has = |bits: u64, n: u32| bits >> n & 1 == 1;
        let (day, week) = (has(self.days, c.day), has(self.weekdays, c.weekday));
        let date = if self.either { day || week } else { day && week };
        has(self.minutes, c.minute) && has(self.hours, c.hour) && has(self.months, c.month) && date
    }

    /// The first full minute after `after` at which it runs; `zone` gives the minutes ahead of UTC at a moment.
    /// `None` if it does not run before `until`, or within a year.
    pub fn next(&self, after: Utc, until: Utc, zone: impl Fn(Utc) -> i64) -> Option<Utc> {
        let first = after.0.div_euclid(60) + 1;
        let last = until.0.div_euclid(60).min(first.saturating_add(AHEAD_MIN));
        (first..=last).map(|m| Utc(m * 60)).find(|at| self.fits(&at.plus(zone(*at) * 60).civil()))
    }
}

impl fmt::Display for Crontab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Crontab {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Crontab {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Crontab, D::Error> {
        let text = String::deserialize(d)?;
        Crontab::parse(&text).map_err(serde::de::Error::custom)
    }
}

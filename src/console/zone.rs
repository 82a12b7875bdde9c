//! Time zones as the variable `TZ` names them: a rule of POSIX (`EST5EDT,M3.2.0,M11.1.0`), or a place, which has the rule of
//! today for all times.

mod places;

use crate::console::tool::{civil, days};
use crate::stdx::time::Utc;
use places::PLACES;

/// The change of a rule that names none: as in the United States.
const USUAL_CHANGES: &str = "M3.2.0,M11.1.0";

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 86_400;

/// How far a clock is ahead of UTC, and what that is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Abbreviation, such as `KST`.
    pub name: String,
    /// Seconds east of Greenwich.
    pub east_s: i64,
}

/// A day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// The weekday (Sunday 0) of a week of a month, 5 being the last.
    Of { month: i64, week: i64, weekday: i64 },
    /// The day from 1, the 29th of February not being counted.
    Plain(i64),
    /// The day from 0.
    Counted(i64),
}

/// When clocks are changed: the day, and seconds behind its midnight by the clock that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    day: Day,
    at_s: i64,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    usual: Offset,
    summer: Option<(Offset, Change, Change)>,
}

impl Default for Zone {
    fn default() -> Zone {
        Zone { usual: Offset { name: "UTC".to_owned(), east_s: 0 }, summer: None }
    }
}

/// What is left to read of a rule.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, c: char) -> bool {
        self.0.strip_prefix(c).map(|rest| self.0 = rest).is_some()
    }

    fn number(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        digits.parse().ok()
    }

    fn name(&mut self) -> Option<String> {
        let quoted = self.take('<');
        let fits = |c: char| c.is_ascii_alphabetic() || (quoted && (c.is_ascii_digit() || "+-".contains(c)));
        let end = self.0.find(|c: char| !fits(c)).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        ((!quoted || self.take('>')) && name.len() >= 3).then(|| name.to_owned())
    }

    /// Seconds of `[+-]h[:m[:s]]`.
    fn time(&mut self) -> Option<i64> {
        let minus = self.take('-');
        if !minus {
            self.take('+');
        }
        let mut all = self.number()?.min(167) * HOUR_S;
        for unit in [60, 1] {
            if self.take(':') {
                all += self.number()?.min(59) * unit;
            }
        }
        Some(if minus { -all } else { all })
    }

    fn change(&mut self) -> Option<Change> {
        let day = if self.take('M') {
            let month = self.number().filter(|m| (1..=12).contains(m))?;
            let week = self.take('.').then(|| self.number()).flatten().filter(|w| (1..=5).contains(w))?;
            let weekday = self.take('.').then(|| self.number()).flatten().filter(|d| *d <= 6)?;
            Day::Of { month, week, weekday }
        } else if self.take('J') {
            Day::Plain(self.number().filter(|d| (1..=365).contains(d))?)
        } else {
            Day::Counted(self.number().filter(|d| *d <= 365)?)
        };
        let at_s = if self.take('/') { self.time()? } else { 2 * HOUR_S };
        Some(Change { day, at_s })
    }
}

impl Change {
    /// Seconds since 1970 of this moment of a year by the clock that is left.
    fn of(&self, year: i64) -> i64 {
        let first = days(year, 1, 1);
        let leap = days(year, 3, 1) - first == 60;
        let day = match self.day {
            Day::Counted(n) => first + n,
            Day::Plain(n) => first + n - 1 + i64::from(leap && n >= 60),
            Day::Of { month, week, weekday } => {
                let begin = days(year, month, 1);
                let ahead = (weekday - (begin + 4)).rem_euclid(7);
                let day = begin + ahead + 7 * (week - 1);
                if day >= days(year, month + 1, 1) { day - 7 } else { day }
            }
        };
        day * DAY_S + self.at_s
    }
}

impl Zone {
    /// Reads the value of `TZ`. What is no zone is UTC by the name it was given, as the C library has it.
    pub(crate) fn read(text: &str) -> Zone {
        let text = text.strip_prefix(':').unwrap_or(text);
        if text.is_empty() {
            return Zone::default();
        }
        let place = PLACES.lines().filter_map(|l| l.split_once(' ')).find(|(_, all)| all.split(' ').any(|n| n == text));
        let mut rest = Rest(place.map_or(text, |(rule, _)| rule));
        let Some(name) = rest.name() else { return Zone { usual: Offset::default(), summer: None } };
        let mut zone = Zone { usual: Offset { name, east_s: 0 }, summer: None };
        let Some(west) = rest.time() else { return zone };
        zone.usual.east_s = -west.clamp(-24 * HOUR_S, 24 * HOUR_S + HOUR_S - 1);
        zone.summer = rest.name().and_then(|name| {
            let given = !rest.0.is_empty() && !rest.0.starts_with(',');
            let east_s = if given { -rest.time()? } else { zone.usual.east_s + HOUR_S };
            let mut changes = if rest.take(',') { Rest(rest.0) } else { Rest(USUAL_CHANGES) };
            let begin = changes.change()?;
            let end = changes.take(',').then(|| changes.change()).flatten()?;
            Some((Offset { name, east_s }, begin, end))
        });
        zone
    }

    /// What its clocks are at.
    pub(crate) fn at(&self, t: Utc) -> &Offset {
        let Some((summer, begin, end)) = &self.summer else { return &self.usual };
        let [year, ..] = civil(t.0);
        let (begin, end) = (begin.of(year) - self.usual.east_s, end.of(year) - summer.east_s);
        let is_summer = if begin <= end { begin <= t.0 && t.0 < end } else { !(end <= t.0 && t.0 < begin) };
        if is_summer { summer } else { &self.usual }
    }

    /// What its clocks show, as if it were UTC.
    pub(crate) fn local(&self, t: Utc) -> i64 {
        t.0 + self.at(t).east_s
    }

    /// When its clocks show this; the first time if twice, `None` if never.
    pub(crate) fn when(&self, local: i64) -> Option<i64> {
        let summer = self.summer.as_ref().map(|(s, ..)| s.east_s);
        let fits = |east: i64| local.checked_sub(east).filter(|t| self.local(Utc(*t)) == local);
        let (first, second) = (summer.and_then(fits), fits(self.usual.east_s));
        first.into_iter().chain(second).min()
    }
}

//! Date functions: fields of a Unix time in UTC, in the proleptic Gregorian calendar.

const DAY_S: i64 = 86_400;

/// The function of a name.
pub(super) fn find(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "minute" => |v| clock(v, |s| s % 3600 / 60),
        "hour" => |v| clock(v, |s| s / 3600),
        // 1 January 1970 was a Thursday.
        "day_of_week" => |v| date(v, |d| (d.days + 4).rem_euclid(7)),
        "day_of_month" => |v| date(v, |d| d.day),
        "day_of_year" => |v| date(v, |d| d.days - days_before(d.year, 1) + 1),
        "days_in_month" => |v| date(v, |d| days_in_month(d.year, d.month)),
        "month" => |v| date(v, |d| d.month),
        "year" => |v| date(v, |d| d.year),
        _ => return None,
    })
}

struct Date {
    /// Since 1 January 1970.
    days: i64,
    year: i64,
    month: i64,
    day: i64,
}

/// Whole seconds of a time, none for NaN, infinity and what lies beyond the ages.
fn whole_seconds(unix_s: f64) -> Option<i64> {
    // Within these bounds the cast only cuts the fraction off.
    (unix_s.abs() < 1e15).then_some(unix_s as i64)
}

/// A field of the time of day, of which `f` is given the seconds.
fn clock(unix_s: f64, f: impl Fn(i64) -> i64) -> f64 {
    whole_seconds(unix_s).map_or(f64::NAN, |s| f(s.rem_euclid(DAY_S)) as f64)
}

/// A field of the date.
fn date(unix_s: f64, f: impl Fn(Date) -> i64) -> f64 {
    let Some(seconds) = whole_seconds(unix_s) else { return f64::NAN };
    let days = seconds.div_euclid(DAY_S);
    // 400 years have 146,097 days; the guess is off by a year at most, either way.
    let mut year = 1970 + (days * 400).div_euclid(146_097);
    while days_before(year, 1) > days {
        year -= 1;
    }
    while days_before(year + 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_before(year, month + 1) <= days {
        month += 1;
    }
    f(Date { days, year, month, day: days - days_before(year, month) + 1 }) as f64
}

fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1 January 1970 to the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    let y = year - 1;
    let leap_days = y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    let years = y * 365 + leap_days - 719_162;
    years + (1..month).map(|m| days_in_month(year, m)).sum::<i64>()
}

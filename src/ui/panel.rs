//! The panels that rooms are made of, and the words that they share.

pub mod channel;
pub mod composer;
pub mod console;
pub mod explore;
pub mod graph;
pub mod log;
pub mod map;
pub mod pager;
pub mod runbook;

use crate::locale::{Arg, Locale};
use crate::scenario::LangText;
use crate::stdx::time::{Offset, Utc};
use crate::view::panel::When;
use crate::view::words::author_text;

/// A number as a message's argument.
pub fn n(value: impl Into<i64>) -> Arg {
    Arg::Number(value.into())
}

/// A word as a message's argument.
pub fn w(value: &str) -> Arg {
    Arg::Word(value.to_owned())
}

/// A length of time in words of one or two units: `4m`, `2h 13m`, `21d`.
pub fn span(locale: &Locale, seconds: i64) -> String {
    let s = seconds.max(0);
    let (days, hours, minutes) = (s / 86_400, s / 3600, s / 60);
    if minutes == 0 {
        locale.text("span-seconds", &[("n", n(s))])
    } else if hours == 0 {
        locale.text("span-minutes", &[("n", n(minutes))])
    } else if days > 0 {
        locale.text("span-days", &[("n", n(days))])
    } else if minutes % 60 == 0 {
        locale.text("span-hours", &[("n", n(hours))])
    } else {
        locale.text("span-hours-minutes", &[("h", n(hours)), ("m", n(minutes % 60))])
    }
}

/// How long ago: `now`, `4m`, `2h 13m`.
pub fn ago(locale: &Locale, when: &When) -> String {
    if when.ago_s < 60 {
        return locale.say("ago-now");
    }
    locale.text("ago", &[("span", Arg::Word(span(locale, when.ago_s)))])
}

/// The absolute time, for the pointer that rests on a relative one: `12:17:04 UTC · T+00:00`.
pub fn absolute(when: &When) -> String {
    format!("{} UTC · {}", Utc(when.utc_s).hms(), Offset(when.t_s).clock())
}

/// The name of whoever did something: the role of a simulated person, else as [`who`].
pub fn name(locale: &Locale, id: &str, role: Option<&LangText>) -> String {
    role.map_or_else(|| who(locale, id), |r| author_text(locale, r).to_owned())
}

/// The name of a seat or person for reading: the catalogue's word for the seats of the house, else the name itself.
pub fn who(locale: &Locale, name: &str) -> String {
    let key = format!("seat-{name}");
    if locale.has(&key) { locale.say(&key) } else { name.to_owned() }
}

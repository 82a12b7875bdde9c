//! Numbers of the debrief as the page writes them: moments, differences, counts, shares.

use crate::debrief::budget::{Budget, Money};
use crate::locale::{Arg, Locale};
use crate::scenario::Precision;
use crate::stdx::rational::{self, Ratio};
use num_traits::Signed as _;

/// A share of the error budget: `43 %`, `0.2 %`, `310 %`.
pub fn share(r: &Ratio) -> String {
    let percent = r * rational::whole(100);
    let places = if percent < rational::whole(10) { 1 } else { 0 };
    format!("{} %", rational::decimal(&percent, places))
}

/// How much of the error budget each curve used, in words; whether the scenario states the objective is said.
pub fn budget_words(locale: &Locale, b: &Budget) -> String {
    let [yours, original, idle] = &b.used;
    let percent = rational::decimal(&(&b.objective * rational::whole(100)), 2);
    let key = match (&b.service, b.assumed) {
        (None, _) => "debrief-budget-usual",
        (Some(_), true) => "debrief-budget-assumed",
        (Some(_), false) => "debrief-budget",
    };
    let args = [
        ("objective", Arg::Word(percent.trim_end_matches('0').trim_end_matches('.').to_owned())),
        ("days", Arg::Number(b.period_s / 86_400)),
        ("service", Arg::Word(b.service.clone().unwrap_or_default())),
        ("h", Arg::Word(share(yours))),
        ("r", Arg::Word(share(original))),
        ("n", Arg::Word(share(idle))),
    ];
    locale.text(key, &args)
}

/// What each curve cost the business, in words; whether a source supports the price is said.
pub fn money_words(locale: &Locale, m: &Money) -> String {
    let sum = |r: &Ratio| Arg::Word(format!("{} {}", rational::decimal(r, 2), m.currency));
    let [yours, original, idle] = &m.lost;
    let key = if m.assumed { "debrief-money-assumed" } else { "debrief-money" };
    locale.text(key, &[("h", sum(yours)), ("r", sum(original)), ("n", sum(idle))])
}

/// A difference with its sign, one decimal: `+21.6`, `−3.0`, `0.0`.
pub fn signed(r: &Ratio) -> String {
    let text = rational::decimal(&r.abs(), 1);
    match (text.bytes().all(|b| b == b'0' || b == b'.'), r.is_negative()) {
        (true, _) => text,
        (false, true) => format!("−{text}"),
        (false, false) => format!("+{text}"),
    }
}

/// A moment or a difference on the page: `+4:36` within an hour and a half, `+113 min` later, hours after ten of them.
pub fn moment(locale: &Locale, t_s: i64) -> String {
    let sign = if t_s < 0 { "−" } else { "+" };
    let s = t_s.unsigned_abs();
    match s {
        0..3_600 => format!("{sign}{}:{:02}", s / 60, s % 60),
        3_600..36_000 => locale.text("dui-min", &[("n", Arg::Word(format!("{sign}{}", (s + 30) / 60)))]),
        _ => locale.text("dui-hours", &[("n", Arg::Word(format!("{sign}{}:{:02}", s / 3_600, s % 3_600 / 60)))]),
    }
}

/// A signed difference between two moments; none is `±0:00`.
pub fn difference(locale: &Locale, s: i64) -> String {
    if s == 0 { "±0:00".to_owned() } else { moment(locale, s) }
}

/// A count as the language writes it: `34.0 k`, `4.04 M`; `3만 4천`, `403만 8천`.
pub fn count(locale: &Locale, n: i64) -> String {
    let (sign, a) = if n < 0 { ("−", n.unsigned_abs()) } else { ("", n.unsigned_abs()) };
    if locale.lang() == crate::locale::Lang::Ko {
        let thousands = |a: u64, unit: &str| {
            let (ten, one) = (a / 10, a % 10);
            match (ten, one) {
                (0, 0) => "0".to_owned(),
                (t, 0) => format!("{t}만{unit}"),
                (0, o) => format!("{o}천{unit}"),
                (t, o) => format!("{t}만 {o}천{unit}"),
            }
        };
        return match a {
            0..1_000 => format!("{sign}{a}"),
            1_000..100_000_000 => format!("{sign}{}", thousands((a + 500) / 1_000, "")),
            _ => format!("{sign}{}.{}억", a / 100_000_000, a % 100_000_000 / 10_000_000),
        };
    }
    let short = |v: f64, unit: &str| match v {
        v if v >= 100.0 => format!("{sign}{v:.0} {unit}"),
        v if v >= 10.0 => format!("{sign}{v:.1} {unit}"),
        v => format!("{sign}{v:.2} {unit}"),
    };
    match a {
        0..1_000 => format!("{sign}{a}"),
        1_000..1_000_000 => short(a as f64 / 1e3, "k"),
        1_000_000..1_000_000_000 => short(a as f64 / 1e6, "M"),
        _ => short(a as f64 / 1e9, "G"),
    }
}

/// A moment of the original as precisely as its source gives it: `~` before one that is rough, both ends of a stretch.
/// `write` writes seconds from T0.
pub fn precise(precision: Precision, t_s: i64, write: impl Fn(i64) -> String) -> String {
    match precision {
        Precision::Range { from, to } => format!("{} … {}", write(from.0), write(to.0)),
        p if p.is_rough() => format!("~{}", write(t_s)),
        _ => write(t_s),
    }
}

/// How much later than in the original something came here; where the source gives only an order, that.
pub fn join_difference(locale: &Locale, precision: Precision, original_s: i64, yours_s: i64) -> String {
    let about = if precision.is_rough() { "~" } else { "" };
    match precision.difference(original_s, yours_s) {
        Some(s) => format!("{about}{}", difference(locale, s)),
        None => locale.say("dui-order-only"),
    }
}

//! Lists as comma-separated values (RFC 4180): the session's timeline, and the master scenario events list of the exercise.

use crate::debrief::Debrief;
use crate::debrief::words::fact_text;
use crate::fact::{Actor, Fact, FactKind, words::who};
use crate::locale::Locale;
use crate::scenario::Scenario;
use crate::stdx::time::{Offset, Utc};
use crate::view::words::{author_text, say};

/// The timeline: every fact of note a row; steps say on what grounds they stood and how they turned out.
pub fn timeline(d: &Debrief, locale: &Locale) -> String {
    let mut out = row(["id", "t_s", "t", "utc", "who", "what", "grounds", "outcome"].map(str::to_owned));
    for r in &d.log {
        let ground = d.grounds.iter().find(|g| g.action == r.id);
        out.push_str(&row([
            r.id.to_string(),
            r.t_s.to_string(),
            Offset(r.t_s).clock(),
            Utc(d.t0_utc_s).plus(r.t_s).hms(),
            r.who.clone(),
            say(locale, &r.text),
            ground.map_or("", |g| g.basis.name()).to_owned(),
            ground.map_or("", |g| g.outcome.name()).to_owned(),
        ]));
    }
    out
}

/// What the exercise put before the players, in order: events of the script, of the game master and of the system, then cards that
/// stayed in the deck. One row an event, in the columns that exercise planners exchange.
pub fn msel(scenario: &Scenario, facts: &[Fact], locale: &Locale) -> String {
    let head =
        ["number", "time", "utc", "kind", "from", "to", "event", "expected_action", "allowance_min", "delivered"];
    let mut out = row(head.map(str::to_owned));
    let mut number = 0_u32;
    for fact in facts {
        let Some((kind, to, expected, allowance)) = delivered(scenario, fact, locale) else { continue };
        number += 1;
        let at = Offset::of(fact.id.tick, scenario.opens);
        out.push_str(&row([
            number.to_string(),
            at.clock(),
            scenario.t0.utc.plus(at.0).hms(),
            kind.to_owned(),
            who(&fact.by).to_owned(),
            to,
            say(locale, &fact_text(scenario, &fact.what)),
            expected,
            allowance,
            "yes".to_owned(),
        ]));
    }
    for card in &scenario.deck {
        let fired = facts.iter().any(|f| matches!(&f.what, FactKind::Injected { card: c, .. } if *c == card.id));
        if fired {
            continue;
        }
        number += 1;
        out.push_str(&row([
            number.to_string(),
            String::new(),
            String::new(),
            "inject".to_owned(),
            "gm".to_owned(),
            "team".to_owned(),
            author_text(locale, &card.title).to_owned(),
            author_text(locale, &card.note).to_owned(),
            minutes(card.allowance.0),
            "no".to_owned(),
        ]));
    }
    out
}

/// Kind, receiver, expected action and allowance of an event that the exercise delivered; `None` for what players did.
fn delivered(scenario: &Scenario, fact: &Fact, locale: &Locale) -> Option<(&'static str, String, String, String)> {
    if fact.by.is_responder() {
        return None;
    }
    let team = || "team".to_owned();
    Some(match &fact.what {
        FactKind::Injected { card, allowance, .. } => {
            let note = scenario.deck.iter().find(|c| c.id == *card).map(|c| author_text(locale, &c.note).to_owned());
            ("inject", team(), note.unwrap_or_default(), minutes(*allowance))
        }
        FactKind::PageOpened { to, .. } => ("page", to.clone(), locale.say("msel-expect-page"), String::new()),
        FactKind::TicketArrived { .. } => ("ticket", team(), locale.say("msel-expect-ticket"), String::new()),
        FactKind::AlertFired { .. } => ("alert", team(), locale.say("msel-expect-alert"), String::new()),
        FactKind::Deployed { .. } => ("change", team(), String::new(), String::new()),
        FactKind::Nudged { .. } => ("nudge", team(), String::new(), String::new()),
        FactKind::Said { .. } if matches!(fact.by, Actor::Person(_) | Actor::Script(_) | Actor::Gm) => {
            ("message", team(), locale.say("msel-expect-message"), String::new())
        }
        _ => return None,
    })
}

fn minutes(seconds: u64) -> String {
    crate::stdx::rational::decimal(&crate::stdx::rational::ratio(i64::try_from(seconds).unwrap_or(i64::MAX), 60), 1)
}

fn row<const N: usize>(fields: [String; N]) -> String {
    let mut line = fields.map(|f| quoted(&f)).join(",");
    line.push_str("\r\n");
    line
}

/// A field as RFC 4180 writes it. What a spreadsheet would take for a formula is kept from being one.
fn quoted(field: &str) -> String {
    let number = field.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    let formula = field.starts_with(['=', '@', '\t', '\r']) || field.starts_with(['+', '-']) && !number;
    let safe = if formula { format!("'{field}") } else { field.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

//! The error budget beside the impact: the same integral over users and time, divided by what an objective allows.

use crate::scenario::{Provenance, Scenario};
use crate::scoring::Report;
use crate::stdx::rational::{Ratio, ratio, whole};

/// What is taken where a scenario states no objective: 99.9 % over 30 days.
const USUAL: (i64, i64, i64) = (999, 1000, 30 * 86_400);

/// How much of an error budget each curve used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Share of good events that the objective asks for.
    pub objective: Ratio,
    /// Period of the budget, seconds.
    pub period_s: i64,
    /// Service that the objective is about; `None` where the scenario states none and the usual one is taken.
    pub service: Option<String>,
    /// Whether no source supports the objective: the usual one is taken, or the scenario's author made it up.
    pub assumed: bool,
    /// The whole budget in user-minutes: `(1 − objective) · period · users`.
    pub minutes: Ratio,
    /// Share used: yours, original, hands-off; 1 is all of it.
    pub used: [Ratio; 3],
}

/// What each curve cost the business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Whether no source supports the price: the scenario's author made it up.
    pub assumed: bool,
    /// Lost: yours, original, hands-off.
    pub lost: [Ratio; 3],
}

/// The area under each curve at the scenario's price of a user-minute; `None` where it names none.
pub fn money(scenario: &Scenario, report: &Report) -> Option<Money> {
    let business = scenario.world.business.as_ref()?;
    let lost = report.impact.area.each_ref().map(|a| a * &business.per_user_minute.0);
    let assumed = business.fact == Provenance::Invented;
    Some(Money { currency: business.currency.clone(), assumed, lost })
}

/// The budget of the objective that is about an affected service, else of the first one, else of the usual one. `None` without users.
pub fn budget(scenario: &Scenario, report: &Report) -> Option<Budget> {
    let affected = |service: &String| scenario.truth.affected.iter().any(|a| a.split(':').next() == Some(service));
    let slos = &scenario.world.slos;
    let stated = slos.values().find(|s| affected(&s.service)).or_else(|| slos.values().next());
    let (objective, period_s, service, assumed) = match stated {
        Some(s) => {
            let period_s = i64::try_from(s.period.0).unwrap_or(i64::MAX);
            (s.objective.0.clone(), period_s, Some(s.service.clone()), s.fact == Provenance::Invented)
        }
        None => (ratio(USUAL.0, USUAL.1), USUAL.2, None, true),
    };
    let users = whole(i64::try_from(report.impact.of).unwrap_or(i64::MAX));
    let minutes = (whole(1) - &objective) * ratio(period_s, 60) * users;
    if minutes <= whole(0) {
        return None;
    }
    let used = report.impact.area.each_ref().map(|a| a / &minutes);
    Some(Budget { objective, period_s, service, assumed, minutes, used })
}

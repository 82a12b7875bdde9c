//! What an outage costs the business: beside user-minutes, and never scored.

use crate::scoring::{header, par, s, scenario, session};
use wheel_of_misfortune::debrief::build;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::{BusinessSpec, Provenance};
use wheel_of_misfortune::scoring::score;
use wheel_of_misfortune::stdx::rational::{Exact, decimal, ratio};

#[test]
fn money_is_exactly_the_area_at_its_price_and_changes_no_score() {
    let without = scenario();
    let mut with = scenario();
    let price = Exact(ratio(3, 100));
    with.world.business =
        Some(BusinessSpec { per_user_minute: price.clone(), currency: s("EUR"), fact: Provenance::Invented });
    let report = |of: &_| score(of, &header(), &session(), &par());
    assert_eq!(report(&with).checks, report(&without).checks);
    assert_eq!(build(&without, &header(), &session(), report(&without)).money, None);
    let d = build(&with, &header(), &session(), report(&with));
    let money = d.money.clone().expect("a price is named");
    assert!(money.assumed && money.currency == "EUR");
    for (lost, area) in money.lost.iter().zip(&d.report.impact.area) {
        assert_eq!(*lost, area * ratio(3, 100));
    }
    let said = format!("{} EUR", decimal(&money.lost[0], 2));
    for lang in [Lang::En, Lang::Ko] {
        let locale = Locale::new(lang);
        let page = postmortem::markdown(&postmortem::postmortem(&d, &with, &locale));
        assert!(page.contains(&said), "{said}: {page}");
        let json = postmortem::json(&d, &header(), &locale).to_string();
        assert!(json.contains("\"currency\"") && json.contains("EUR"), "{json}");
    }
}

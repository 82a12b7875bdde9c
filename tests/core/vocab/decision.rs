//! Decision points: what was done at them, beside the original.

use super::{package, played};
use wheel_of_misfortune::debrief::build;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::{DecisionOutcome, load};
use wheel_of_misfortune::scoring::{Par, score};

const DECISIONS: &str = "decisions: [(id: \"way\", name: \"Back or on?\", when: AlertFired(alert: \"errors\"), question: \"What spoke for it?\", options: [\
    (name: \"Back to v1\", when: Running(service: \"api\", release: \"v1\"), original: true, outcome: Debt), \
    (name: \"Wait\", when: Said(about: \"wait\"), outcome: CostsTime)])],\n    nudges: [";

#[test]
fn what_was_decided_stands_beside_what_the_original_did() {
    let edits = [("nudges: [", DECISIONS)];
    let done = played(
        &edits,
        "T+1m release promote api v1\nT+3m release promote api v2\nT+8m release promote api v1\nT+12m :end",
        1,
    );
    let s = done.host.session();
    let scenario = load(&package(&edits)).scenario.expect("it loads");
    let par = Par::of(&scenario, &s.header, s.facts(), "x");
    let d = build(&scenario, &s.header, s.facts(), score(&scenario, &s.header, s.facts(), &par));
    let [mark] = d.decisions.as_slice() else { panic!("{:?}", d.decisions) };
    // The alert comes after T+5m. That v1 ran at T+2m, before anything was to be decided, is no answer.
    assert!(
        mark.open_s > 300
            && mark.original.as_ref().is_some_and(|(n, o)| n.en == "Back to v1" && *o == DecisionOutcome::Debt)
    );
    let [taken] = mark.taken.as_slice() else { panic!("{:?}", mark.taken) };
    assert!(taken.original && taken.t_s >= 480, "{taken:?}");
    assert!(d.questions.iter().any(|q| format!("{q:?}").contains("What spoke for it?")));
    for (lang, words) in [(Lang::En, "Decision points"), (Lang::Ko, "결정할 지점")] {
        let locale = Locale::new(lang);
        let page = postmortem::markdown(&postmortem::postmortem(&d, &scenario, &locale));
        assert!(page.contains(words) && page.contains("Back to v1"), "{page}");
        assert!(postmortem::json(&d, &s.header, &locale).to_string().contains("Back or on?"));
    }
}

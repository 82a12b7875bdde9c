//! What is to be thought of a signal: for the game master and the debrief, never for a trainee.

use super::package;
use super::played;
use wheel_of_misfortune::debrief::build;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::postmortem;
use wheel_of_misfortune::scenario::load;
use wheel_of_misfortune::scoring::{Par, score};

const TICKET: &str = "(at: \"T+2m\", do: Ticket(who: \"dev\", text: \"The search is slow again.\", about: \"api\"), reliability: Decoy, fact: \"invented\"),\n        ";

#[test]
fn a_decoy_is_named_to_the_game_master_and_in_the_debrief_only() {
    let script = format!("{TICKET}(at: \"T+5m\", do: Begin");
    let alert = "severity: Critical, reliability: Coincidence, summary: \"errors\"";
    let edits = [("(at: \"T+5m\", do: Begin", script.as_str()), ("severity: Critical, summary: \"errors\"", alert)];
    let done = played(&edits, "T+8m :ack 1\nT+10m :end", 1);
    let s = done.host.session();
    let trainee = serde_json::to_string(&s.project("primary")).expect("it serialises");
    let master = serde_json::to_string(&s.project("gm")).expect("it serialises");
    for word in ["decoy", "coincidence", "Decoy", "Coincidence"] {
        assert!(!trainee.contains(word), "{word}");
    }
    assert!(master.contains("signal-decoy") && master.contains("signal-coincidence"));
    let scenario = load(&package(&edits)).scenario.expect("it loads");
    let par = Par::of(&scenario, &s.header, s.facts(), "x");
    let d = build(&scenario, &s.header, s.facts(), score(&scenario, &s.header, s.facts(), &par));
    for (lang, words) in [(Lang::En, ["decoy", "coincidence"]), (Lang::Ko, ["미끼", "우연"])] {
        let page = postmortem::markdown(&postmortem::postmortem(&d, &scenario, &Locale::new(lang)));
        assert!(words.iter().all(|w| page.contains(w)), "{page}");
    }
}

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

#[test]
fn graphs_and_log_lines_are_judged_for_the_game_master_and_in_the_debrief_only() {
    let world = "graphs: [(id: \"seen\", title: { \"en\": \"Requests\", \"ko\": \"요청 수\" }, signal: RequestRate(\"api\"), reliability: Decoy), \
        (id: \"unseen\", title: \"Latency\", signal: Latency(\"api\"), reliability: True)],\n        \
        logs: { \"api\": (on: \"api\", lines: [(text: \"pool has room for {n} more\", reliability: Stale)]) },\n        alerts: {";
    let edits = [("alerts: {", world)];
    let done = played(&edits, "T+1m :look graph seen\nT+2m :look log api\nT+3m logs api\nT+10m :end", 1);
    let s = done.host.session();
    let trainee = serde_json::to_string(&s.project("primary")).expect("it serialises");
    assert!(trainee.contains("Requests"));
    for word in ["decoy", "stale", "Decoy", "Stale", "reliability", "signal-"] {
        assert!(!trainee.contains(word), "{word}");
    }
    let facts = serde_json::to_string(s.facts()).expect("they serialise");
    assert!(!facts.contains("Decoy") && !facts.contains("signal-"));
    let master = serde_json::to_string(&s.project("gm")).expect("it serialises");
    assert!(master.contains("signal-decoy") && master.contains("signal-stale"));
    let scenario = load(&package(&edits)).scenario.expect("it loads");
    let par = Par::of(&scenario, &s.header, s.facts(), "x");
    let d = build(&scenario, &s.header, s.facts(), score(&scenario, &s.header, s.facts(), &par));
    let page = |lang| postmortem::markdown(&postmortem::postmortem(&d, &scenario, &Locale::new(lang)));
    for line in [
        "seen: Requests · decoy: it leads elsewhere; first on a screen at +1:0",
        "unseen: Latency · true; on no screen",
        "api: pool has room for … more · stale: it was so once; first on a screen at +2:0",
    ] {
        assert!(page(Lang::En).contains(line), "{line}\n{}", page(Lang::En));
    }
    assert!(
        page(Lang::Ko).contains("seen: 요청 수 · 미끼: 다른 곳을 가리킴; 화면에 처음 나온 시각 +1:0"),
        "{}",
        page(Lang::Ko)
    );
    // The log of the session says it beside the look itself.
    assert_eq!(d.log.iter().filter(|r| format!("{:?}", r.text).contains("signal-decoy")).count(), 1);
    let json = postmortem::json(&d, &s.header, &Locale::new(Lang::En));
    assert_eq!(
        (&json["signals"][0]["reliability"], &json["signals"][1]["seen_s"]),
        (&"Decoy".into(), &serde_json::Value::Null)
    );
}

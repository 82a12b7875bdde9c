//! The ledger of what was on screens, read backwards: on what grounds actions stood, and what was stated of the cause.

use super::sample::{Sample, add, session};
use super::{s, seat};
use wheel_of_misfortune::debrief::diagnosis::diagnosis;
use wheel_of_misfortune::debrief::grounds::{Basis, Outcome, grounds};
use wheel_of_misfortune::debrief::ledger::{Sighting, ledger};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind, Shown};
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::scenario::{Channel, ObservedKind};
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::time::Tick;
use wheel_of_misfortune::storage::package;

fn registry(name: &str) -> &'static Sample {
    session(name).into_iter().find(|x| x.name.contains("registry")).unwrap()
}

fn act(facts: &mut Vec<Fact>, tick: u64, target: &str) -> FactId {
    add(facts, tick, seat(), FactKind::Acted { verb: s("mend"), target: s(target), mutating: true, hazard: None })
}

fn look(facts: &mut Vec<Fact>, tick: u64, by: Actor, target: &str) -> FactId {
    let what = FactKind::Observed {
        what: ObservedKind::Files,
        target: s(target),
        service: None,
        user_facing: false,
        shown: None,
    };
    add(facts, tick, by, what)
}

#[test]
fn grounds_are_what_that_person_saw_before() {
    let mut facts = Vec::new();
    let seen = look(&mut facts, 100, seat(), "web-01:/srv/docs/builder");
    look(&mut facts, 100, Actor::Seat(s("comms")), "db-01:/var");
    let right = act(&mut facts, 160, "web-01:/srv/docs/builder/output");
    add(&mut facts, 160, Actor::World, FactKind::DurableLoss { amount: 3, what: s("files") });
    let lucky = act(&mut facts, 200, "db-01:/var/lib");
    add(&mut facts, 300, seat(), FactKind::Relief { action: lucky, at: Tick(240) });
    // What is seen afterwards does not count.
    look(&mut facts, 301, seat(), "db-01:/var/lib");
    let plain = act(&mut facts, 5_000, "db-01:/var/lib");
    let got = grounds(&facts);
    assert_eq!(got.iter().map(|g| g.action).collect::<Vec<_>>(), [right, lucky, plain]);
    assert_eq!((got[0].basis, got[0].outcome, got[0].seen.clone()), (Basis::OnScreen, Outcome::Worse, vec![seen]));
    assert!(got[0].is_sound() && !got[0].is_lucky());
    assert!(got[1].is_lucky() && !got[1].is_sound(), "another seat's screen is not this one's");
    assert_eq!((got[2].basis, got[2].outcome), (Basis::Other, Outcome::Same), "an hour ago is not on the screen");
}

#[test]
fn grounds_have_words_in_both_languages_and_no_points() {
    let rules = crate::debrief::rules();
    for x in [registry("better"), registry("reference")] {
        let got = grounds(&x.facts);
        assert!(!got.is_empty());
        assert!(got.iter().any(|g| g.outcome == Outcome::Better), "{}", x.name);
        for g in &got {
            for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
                let text = wheel_of_misfortune::view::words::say(&Locale::new(lang), &g.text);
                assert!(text.contains(&g.action.to_string()) && !text.contains('⟦'), "{text}");
                assert_eq!(crate::debrief::findings(&rules, tag, &text), Vec::<String>::new(), "{text}");
            }
        }
    }
    // The rollback of the better run followed a request made as a client does.
    let first = grounds(&registry("better").facts).remove(0);
    assert_eq!(first.basis, Basis::OnScreen);
}

#[test]
fn diagnosis_is_apart_from_mitigation() {
    let x = registry("better");
    let d = diagnosis(&x.scenario, &x.facts);
    let kinds: Vec<bool> = d.statements.iter().map(|s| s.cause).collect();
    assert_eq!(kinds, [false, true]);
    assert_eq!(d.statements[1].location, [(s("api"), true)]);
    assert_eq!(d.statements[1].mechanism, [(s("bad_release"), true), (s("client_retries"), true)]);
    assert_eq!(d.statements[1].scope, [s("api")]);
    assert!(d.chains.iter().any(|c| c.first() == Some(&s("api"))), "{:?}", d.chains);
    // A disk reaches readers through what runs on it.
    let docs = session("better").into_iter().find(|x| x.name.contains("docsrs")).unwrap();
    let d = diagnosis(&docs.scenario, &docs.facts);
    assert!(d.chains.iter().all(|c| c.len() >= 2 && c[0].starts_with("web-01")), "{:?}", d.chains);
    // How sure they were goes along, and a revision is one more row.
    let mut facts = x.facts.clone();
    let what = FactKind::Cause { components: vec![s("db")], mechanisms: vec![], confidence: Some(40) };
    add(&mut facts, 130, seat(), what);
    let d = diagnosis(&x.scenario, &facts);
    assert_eq!((d.statements.len(), d.statements[0].confidence), (3, Some(40)));
    assert_eq!(d.statements[0].location, [(s("db"), false)]);
}

// ---- what was on whose screen, from real sessions ----

fn host() -> SessionHost {
    let package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).unwrap();
    SessionHost::start(package, Options::default()).unwrap()
}

fn looks(host: &SessionHost) -> Vec<Sighting> {
    ledger(&host.session().scenario, host.session().facts())
}

fn played(lines: &[&str]) -> SessionHost {
    let mut host = host();
    for line in lines {
        host.line(PRIMARY, line).unwrap_or_else(|e| panic!("{line}: {e:?}"));
    }
    host
}

#[test]
fn a_graph_is_kept_with_its_query_and_range_and_when_it_came_and_went() {
    let h = played(&[
        "T+2m look graph disk",
        "T+5m :unlook graph disk",
        "T+6m look promql \"1h up\"",
        "T+7m look promql \"2h up\"",
        "T+8m look status",
    ]);
    let seen = looks(&h);
    let graphs: Vec<_> = seen.iter().map(|s| (s.target.as_str(), s.from_s, s.to_s, s.shown.clone())).collect();
    let query = |of: &str, range_s| Some(Shown::Graph { query: s(of), range_s });
    let disk = wheel_of_misfortune::observe::query(
        &h.session().scenario.world.graphs.iter().find(|g| g.id == "disk").unwrap().signal,
    );
    assert_eq!(
        graphs,
        [
            ("disk", 121, Some(300), query(&disk, 1_800)),
            // A seat has one query open: the next one closes it.
            ("up over 60m", 361, Some(420), query("up", 3_600)),
            ("up over 120m", 421, None, query("up", 7_200)),
        ],
        "the status page was there for less than a second"
    );
    // What was there for less than a second was not seen and does not close.
    let h = played(&["T+2m look graph disk", ":unlook graph disk", "T+3m df -h"]);
    assert!(looks(&h).iter().all(|l| l.target != "disk"));
    assert!(!h.session().facts().iter().any(|f| matches!(f.what, FactKind::ViewClosed { .. })));
}

#[test]
fn output_of_a_tool_is_kept_with_its_line_and_its_words() {
    let h = played(&[
        "T+2m df -h",
        "T+3m curl -sI https://docs.example/serde",
        "T+4m cat /etc/docs/builder.toml | grep dir",
    ]);
    let seen = looks(&h);
    let said = |target: &str| match seen.iter().find(|l| l.target.contains(target)).and_then(|l| l.shown.clone()) {
        Some(Shown::Output { terminal, line, text }) => (terminal, line, text),
        other => panic!("{target}: {other:?} in {seen:#?}"),
    };
    let (terminal, line, text) = said("web-01:/");
    assert_eq!((terminal, line.as_str()), (1, "df -h"));
    assert!(text.starts_with("Filesystem"), "{text}");
    let (_, line, text) = said("cdn:page");
    assert!(line.starts_with("curl") && text.starts_with("HTTP/"), "{line}: {text}");
    let (_, line, text) = said("builder.toml");
    assert!(line.ends_with("| grep dir") && text.contains("dir"), "what a filter let through: {text}");
    assert!(seen.iter().all(|l| l.to_s.is_none()), "output does not leave the screen by itself");
    // However long a line is, its entry is short.
    let long = format!("T+5m df -h {}", "/".repeat(3_000));
    let h = played(&[&long]);
    for l in looks(&h) {
        if let Some(Shown::Output { line, text, .. }) = l.shown {
            assert!(line.chars().count() <= Shown::MAX_TEXT && text.chars().count() <= Shown::MAX_TEXT);
        }
    }
}

#[test]
fn a_page_and_messages_are_kept_as_what_was_read() {
    let h = played(&[
        "T+30s look pager 1",
        "look channel",
        "T+1m update internal --status investigating \"looking\"",
        "page infra \"disk\"",
        "T+15m df -h",
    ]);
    let facts = h.session().facts();
    let fact = |id: &FactId| facts.iter().find(|f| f.id == *id).unwrap();
    let seen = looks(&h);
    let page = seen.iter().find(|l| l.what == ObservedKind::Page).expect("the page was on the screen");
    assert!(matches!(fact(&page.read[0]).what, FactKind::PageOpened { page: 1, .. }));
    let messages: Vec<_> = seen.iter().filter(|l| l.what == ObservedKind::Message).collect();
    let read: Vec<&FactId> = messages.iter().flat_map(|l| &l.read).collect();
    let others = |f: &&Fact| {
        matches!(f.what, FactKind::Said { channel: Channel::Internal, .. })
            && f.by != seat()
            && f.id.tick >= page.fact.tick
    };
    let said: Vec<&FactId> = facts.iter().filter(others).map(|f| &f.id).collect();
    assert!(!said.is_empty(), "somebody answers");
    for id in said {
        assert_eq!(read.iter().filter(|r| **r == id).count(), 1, "{id} was read once");
        let look = messages.iter().find(|l| l.read.contains(id)).unwrap();
        assert!(look.fact.tick > id.tick && look.fact.tick.since(id.tick) <= 1, "a second after it came");
    }
    assert!(read.iter().all(|id| fact(id).by != seat()), "nobody reads what they wrote themselves");
    // Closed, nothing in it is read any more.
    let h = played(&["T+30s look channel", "T+40s :unlook channel", "page infra \"disk\"", "T+15m df -h"]);
    let last = looks(&h).into_iter().rfind(|l| l.what == ObservedKind::Message).unwrap();
    assert_eq!(last.to_s, Some(40));
    assert!(last.from_s < 40);
}

#[test]
fn the_ledger_is_in_the_export_and_in_the_log() {
    let package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).unwrap();
    let mut h = played(&["T+2m look graph disk", "T+3m df -h", "T+4m :unlook graph disk", "T+5m :end"]);
    h.conclude().unwrap();
    let session = h.session();
    let d = wheel_of_misfortune::debrief::against_par(&package, &session.scenario, &session.header, session.facts());
    let d = d.unwrap();
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        let json = wheel_of_misfortune::postmortem::json(&d, &session.header, &locale);
        let rows = json["on_screen"].as_array().unwrap();
        assert_eq!(rows.len(), d.ledger.len());
        assert_eq!((&rows[0]["shown"]["range_s"], &rows[0]["to_s"]), (&1_800.into(), &240.into()), "{:#}", rows[0]);
        let printed = rows.iter().find(|r| r["shown"]["line"] == "df -h").unwrap();
        assert!(printed["shown"]["text"].as_str().unwrap().starts_with("Filesystem"));
        for f in session.facts() {
            let words = wheel_of_misfortune::debrief::words::row_text(&session.scenario, &f.what);
            let said = wheel_of_misfortune::view::words::say(&locale, &words);
            assert!(!said.contains('⟦'), "{said}");
        }
    }
}

//! The ledger of what was on screens, read backwards: on what grounds actions stood, and what was stated of the cause.

use super::sample::{Sample, add, session};
use super::{s, seat};
use wheel_of_misfortune::debrief::diagnosis::diagnosis;
use wheel_of_misfortune::debrief::grounds::{Basis, Outcome, grounds};
use wheel_of_misfortune::fact::{Actor, Fact, FactId, FactKind};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::scenario::ObservedKind;
use wheel_of_misfortune::stdx::time::Tick;

fn registry(name: &str) -> &'static Sample {
    session(name).into_iter().find(|x| x.name.contains("registry")).unwrap()
}

fn act(facts: &mut Vec<Fact>, tick: u64, target: &str) -> FactId {
    add(facts, tick, seat(), FactKind::Acted { verb: s("mend"), target: s(target), mutating: true, hazard: None })
}

fn look(facts: &mut Vec<Fact>, tick: u64, by: Actor, target: &str) -> FactId {
    let what = FactKind::Observed { what: ObservedKind::Files, target: s(target), service: None, user_facing: false };
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

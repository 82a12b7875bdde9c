//! Injects that take something away (SCORING §2.10): what they make impossible counts for nobody.

use super::s;
use super::sample::{Sample, add, golden, points, sample};
use num_traits::Signed as _;
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::host::{LineError, Options, SessionHost};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{Capability, Card, LangText, Predicate};
use wheel_of_misfortune::scoring::{MoveKind, Report};
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::stdx::rational::{ratio, whole};
use wheel_of_misfortune::stdx::time::Span;
use wheel_of_misfortune::storage::package;

/// The worked example's guarded run with an inject at a minute that takes things away for so many minutes.
fn with(at_min: u64, disables: &[Capability], minutes: Option<u64>, allowance_min: u64) -> (Sample, Report) {
    let b = golden().iter().find(|g| g.name == "B_guarded").unwrap();
    let mut facts = b.facts.clone();
    let text = LangText { en: s("x"), ko: s("x") };
    let kind = FactKind::Injected { card: s("I1"), text, allowance: allowance_min * 60 };
    add(&mut facts, at_min * 60, Actor::Gm, kind);
    let mut scenario = (*b.scenario).clone();
    let like = scenario.deck[0].clone();
    let disabled_for = minutes.map(|m| Span(m * 60));
    scenario.deck = vec![Card { id: s("I1"), disables: disables.to_vec(), disabled_for, ..like }];
    let x = Sample { scenario: scenario.into(), ..b.with(facts) };
    let r = x.score(&x.facts);
    (x, r)
}

fn suspended(r: &Report) -> Vec<&str> {
    r.suspended.iter().map(|x| x.of.as_str()).collect()
}

#[test]
fn what_is_impossible_for_its_whole_window_counts_for_nobody() {
    use Capability::{Channel, People, StatusPage};
    // Windows of the model: a note within 10 min, an update within 30, nothing left at twice that.
    for (disables, minutes, want) in [
        (&[StatusPage][..], Some(60), vec!["C2"]),
        (&[StatusPage], Some(59), vec![]),
        (&[Channel], Some(20), vec!["C1"]),
        (&[Channel], Some(19), vec![]),
        (&[StatusPage, Channel], Some(40), vec!["D2", "C1"]),
        (&[StatusPage], None, vec!["C2", "C3", "C4", "C5"]),
        (&[People], None, vec!["O3"]),
        (&[], None, vec![]),
    ] {
        let (_, r) = with(0, disables, minutes, 0);
        assert_eq!(suspended(&r), want, "{disables:?} for {minutes:?}");
        for id in &want {
            let c = r.check(id).unwrap();
            assert_eq!((&c.max, &c.points, &c.par_points), (&whole(0), &whole(0), &whole(0)), "{id}");
            assert_eq!(c.text.0, "score-suspended");
        }
        assert_eq!(r.max, whole(100), "its points go to the rest of the dimension, for par as well");
        let json = wheel_of_misfortune::scoring::report_json(&r);
        assert_eq!(json["suspended"].as_array().unwrap().len(), want.len());
    }
    // A minute after the impact began is not the whole window.
    assert_eq!(suspended(&with(1, &[StatusPage], Some(90), 0).1), Vec::<&str>::new());
    // Held time is no time: the window goes on after the freeze.
    assert_eq!(suspended(&with(0, &[StatusPage], Some(60), 5).1), Vec::<&str>::new());
    assert_eq!(suspended(&with(0, &[StatusPage], Some(65), 5).1), ["C2"]);
}

#[test]
fn what_is_suspended_hangs_on_nothing_that_trainees_do() {
    let (x, r) = with(0, &[Capability::StatusPage], Some(60), 0);
    let alone = x.facts.iter().filter(|f| !f.by.is_responder()).cloned().collect::<Vec<_>>();
    assert_eq!(x.score(&alone).suspended, r.suspended);
    // Where nothing can be written, that it was noticed is expected of nobody; the rest of the ledger stands.
    let both = [Capability::StatusPage, Capability::Channel];
    let (_, mute) = with(45, &both, None, 20);
    let (_, loud) = with(45, &both, Some(10), 20);
    assert!(mute.injects[0].noticed && !loud.injects[0].noticed);
    assert!((&mute.injects[0].credit - &loud.injects[0].credit - ratio(3, 10)).abs() == whole(0));
}

/// The worked example with milestones that ask for words and calls, and an inject at its beginning.
fn spoken(name: &str, disables: &[Capability], minutes: Option<u64>) -> Report {
    let x = golden().iter().find(|g| g.name == name).unwrap();
    let mut facts = x.facts.clone();
    let kind = FactKind::Injected { card: s("I1"), text: LangText::default(), allowance: 0 };
    add(&mut facts, 0, Actor::Gm, kind);
    let mut scenario = (*x.scenario).clone();
    let said = |channel, by: Option<&str>| Predicate::Said {
        channel,
        by: by.map(s),
        about: None,
        fields_at_least: 2,
        truthful: false,
    };
    let told = said(Some(wheel_of_misfortune::scenario::Channel::Status), None);
    let since = Predicate::Since { milestone: s("notify_ext"), then: Box::new(Predicate::Resolved) };
    let either = Predicate::Any(vec![told.clone(), Predicate::Paged { person: s("infra") }]);
    let both = Predicate::All(vec![Predicate::Resolved, said(None, Some("responder"))]);
    let whens = [("notify_ext", told), ("resolve", since), ("page_ack", either), ("declare", both)];
    for (id, when) in whens {
        scenario.milestones.iter_mut().find(|m| m.id == id).unwrap_or_else(|| panic!("{id}")).when = when;
    }
    let like = scenario.deck[0].clone();
    let disabled_for = minutes.map(|m| Span(m * 60));
    scenario.deck = vec![Card { id: s("I1"), disables: disables.to_vec(), disabled_for, ..like }];
    let x = Sample { scenario: scenario.into(), ..x.with(facts) };
    x.score(&x.facts)
}

#[test]
fn a_milestone_without_a_way_to_it_counts_for_nobody() {
    use Capability::{Channel, People, StatusPage};
    for (disables, minutes, want) in [
        (&[StatusPage][..], None, vec!["notify_ext", "resolve"]),
        (&[StatusPage, People], None, vec!["notify_ext", "resolve", "page_ack"]),
        (&[StatusPage, Channel], None, vec!["notify_ext", "resolve", "declare"]),
        (&[Channel], None, vec![]),
        // It came back before the end: it could be told.
        (&[StatusPage], Some(1_499), vec![]),
        (&[StatusPage], Some(1_500), vec!["notify_ext", "resolve"]),
    ] {
        let r = spoken("D_slow_silent", disables, minutes);
        let mut steps = suspended(&r);
        steps.retain(|of| r.check(of).is_none());
        steps.sort_unstable();
        let mut want = want;
        want.sort_unstable();
        assert_eq!(steps, want, "{disables:?} for {minutes:?}");
        for m in &r.moves {
            let spare = m.kind == MoveKind::NotNeeded;
            assert!(spare || !want.contains(&m.milestone.as_str()), "{}", m.milestone);
        }
        // The same is taken out of the original: what it earned there, it earns no more.
        let free = spoken("D_slow_silent", &[], None);
        let lost = free.check("A1").unwrap().points.clone();
        assert!(r.check("A1").unwrap().points >= lost, "{disables:?}");
        let json = wheel_of_misfortune::scoring::report_json(&r);
        let named = |x: &&serde_json::Value| x.get("milestone").is_some();
        assert_eq!(json["suspended"].as_array().unwrap().iter().filter(named).count(), want.len());
    }
}

/// A shipped scenario with a card that takes the status page and people away for ten minutes.
fn without_page() -> Package {
    let mut package = package::bundled().remove(0);
    let text = package.files.get_mut("scenario.ron").unwrap();
    let card = "(id: \"page-down\", title: \"The status page is down\", note: \"x\", allowance: \"0s\", \
                disables: [\"status_page\", \"people\"], disabled_for: \"10m\", \
                do: Say(who: \"lead\", text: \"The status page does not load.\")),\n        (id: \"lead-asks\"";
    *text = text.replacen("(id: \"lead-asks\"", card, 1);
    package
}

#[test]
fn what_a_card_takes_is_refused_for_as_long_as_it_says() {
    let mut host = SessionHost::start(without_page(), Options::default()).unwrap();
    let mut post = |line: &str| match host.line(PRIMARY, line) {
        Ok(_) => s("done"),
        Err(LineError::Refused(text)) => format!("{text:?}"),
        Err(e) => panic!("{line}: {e:?}"),
    };
    let update = "update status --status investigating --action looking";
    assert_eq!(post("T+1m @gm inject page-down"), "done");
    for (line, key) in [(update, "refuse-no-status-page"), ("page infra disk", "refuse-no-people")] {
        let said = post(line);
        assert!(said.contains(key) || said == "done", "{line}: {said}");
    }
    assert_eq!(post("update internal --status investigating"), "done");
    assert_eq!(post(&format!("T+11m30s {update}")), "done");
    let said = |f: &&wheel_of_misfortune::fact::Fact| {
        matches!(&f.what, FactKind::Said { channel: wheel_of_misfortune::scenario::Channel::Status, .. })
    };
    let posts: Vec<_> = host.session().facts().iter().filter(said).map(|f| f.id.tick.0).collect();
    let opens = host.session().scenario.opens.0.unsigned_abs();
    assert_eq!(posts, [opens + 690], "only the one after it was back");
    assert!(!host.session().facts().iter().any(|f| matches!(f.what, FactKind::Called { .. })));
    assert!(host.last_output(PRIMARY).contains("posted to the status page"));
}

#[test]
fn a_run_without_a_status_page_is_measured_by_the_rest() {
    let mut package = without_page();
    let text = package.files.get_mut("scenario.ron").unwrap();
    *text = text.replacen(
        "disables: [\"status_page\", \"people\"], disabled_for: \"10m\"",
        "disables: [\"status_page\"]",
        1,
    );
    let quiet = sample(&package, "quiet", "@gm inject page-down\nT+1m :ack 1\nT+2m df -h\nT+3m :end\n");
    let r = quiet.score(&quiet.facts);
    assert_eq!(suspended(&r), ["C2", "C3", "C4", "C5", "told-users"]);
    let (c1, communicate) = (r.check("C1").unwrap(), r.dimension("communicate"));
    assert_eq!((&c1.max, communicate.1), (&whole(14), whole(14)));
    assert_eq!(points(&r, "C1"), whole(0));
}

//! SCORING §2.4: where the game master lets the clock run faster, what people need is counted in their own minutes.

use super::super::sample::*;
use super::{Outcome, ensure};
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::scoring::Mistake;
use wheel_of_misfortune::stdx::rational::{ratio, whole};

/// Checks of what people read, write and decide; all others go by the scenario's clock.
const HUMAN: [&str; 6] = ["D1", "D2", "C1", "C2", "O1", "O3"];

/// A run at ten times the speed reacts ten times as fast; harm, relief and silence are what they were.
pub fn people_have_their_own_minutes(mistake: Option<Mistake>) -> Outcome {
    for x in golden() {
        let mut faster = x.facts.clone();
        add(&mut faster, 0, Actor::Gm, FactKind::SpeedSet { factor: 10 });
        let (a, b) = (x.score_as(&x.facts, mistake), x.score_as(&faster, mistake));
        let mut gained = false;
        for (p, q) in a.checks.iter().zip(&b.checks) {
            let human = HUMAN.contains(&p.id);
            ensure(if human { q.credit >= p.credit } else { q.credit == p.credit }, || {
                format!("{} {}: {} and {}", x.name, p.id, p.credit, q.credit)
            })?;
            gained |= q.credit > p.credit;
        }
        let late = a.checks.iter().any(|c| HUMAN.contains(&c.id) && c.credit > whole(0) && c.credit < whole(1));
        ensure(gained || !late, || format!("{}: a late reaction is as late at ten times the speed", x.name))?;
    }
    Ok(())
}

#[test]
fn people_are_measured_in_their_own_minutes() {
    people_have_their_own_minutes(None).unwrap();
    // From one minute to the next the factor changes; what was held is held.
    let r = golden().iter().find(|g| g.name == "R_replay").unwrap();
    let recognised = |speeds: &[(u64, u32)]| {
        let mut facts = r.facts.clone();
        for (t, factor) in speeds {
            add(&mut facts, *t, Actor::Gm, FactKind::SpeedSet { factor: *factor });
        }
        let steps = wheel_of_misfortune::scoring::Steps::of(&r.scenario, &facts);
        wheel_of_misfortune::scoring::measure_with(&r.model(None), &r.scenario, &facts, steps).recognise.x.unwrap()
    };
    assert_eq!(recognised(&[]), whole(5));
    assert_eq!(recognised(&[(0, 5)]), whole(1));
    assert_eq!(recognised(&[(120, 6)]), ratio(5, 2));
    assert_eq!(recognised(&[(60, 6), (120, 1), (900, 60)]), whole(1) + ratio(1, 6) + whole(3));
    // A trainee's word changes nothing: what they skip is not corrected.
    let mut facts = r.facts.clone();
    add(&mut facts, 0, super::seat(), FactKind::SpeedSet { factor: 10 });
    assert_eq!(r.score(&facts).points, r.score(&r.facts).points);
}

#[test]
fn the_speed_of_a_session_is_in_its_facts() {
    let package = wheel_of_misfortune::storage::package::bundled().remove(0);
    let text = "T+1m @gm speed 4\nT+5m :ack 1\nT+6m :end\n";
    let x = sample(&package, "speed", text);
    let set: Vec<_> = x.facts.iter().filter(|f| matches!(f.what, FactKind::SpeedSet { factor: 4 })).collect();
    assert_eq!((set.len(), &set[0].by), (1, &Actor::Gm));
}

//! Random streams of facts of the small incident: bounds, evidence, and what never helps.

use super::*;
use num_traits::Signed as _;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn random_session() -> impl Strategy<Value = Vec<Fact>> {
    let deed = (0usize..11, 60u64..4000, any::<bool>());
    (prop::collection::vec(deed, 0..14), prop::option::of(130u64..3000)).prop_map(|(deeds, act)| {
        let mut rows = match act {
            Some(t) => world(&[(120, 12_000), (t, 3_000), (t + 200, 0)], 4000),
            None => world(&[(120, 12_000)], 4000),
        };
        if let Some(t) = act {
            rows.push((t, seat(), rollback()));
            rows.push((t + 60, Actor::World, relief(t)));
        }
        for (kind, t, flag) in deeds {
            let what = match kind {
                0 => acked(),
                1 => FactKind::Declared { severity: if flag { 1 } else { 4 } },
                2 => FactKind::SeveritySet { severity: if flag { 2 } else { 5 } },
                3 => FactKind::Cause {
                    components: vec![s(if flag { "api" } else { "db" })],
                    mechanisms: vec![],
                    confidence: None,
                },
                4 => FactKind::Cause { components: vec![s("api"), s("db")], mechanisms: vec![], confidence: None },
                5 => said(Channel::Internal, flag, None),
                6 => said(Channel::Status, flag, Some(flag)),
                7 => said(Channel::Status, true, None),
                8 => look("api:download", flag),
                9 => FactKind::Resolved,
                _ => FactKind::Help { topic: s("api") },
            };
            rows.push((t, seat(), what));
        }
        stream(rows)
    })
}

fn with(facts: &[Fact], t: u64, what: FactKind) -> Vec<Fact> {
    let mut out = facts.to_vec();
    let id = FactId { branch: 0, tick: Tick(t), n: 900 };
    let at = out.iter().position(|f| f.id.tick.0 > t).unwrap_or(out.len());
    out.insert(at, Fact { id, by: seat(), what, evidence: vec![] });
    out
}

fn cut(facts: &[Fact], keep: &BTreeSet<FactId>) -> Vec<Fact> {
    facts.iter().filter(|f| !f.by.is_responder() || keep.contains(&f.id)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn bounds_and_sum(facts in random_session()) {
        let r = report(&facts);
        prop_assert!(!r.points.is_negative() && r.points <= r.max);
        for c in &r.checks {
            prop_assert!(!c.credit.is_negative() && c.credit <= whole(1), "{}", c.id);
            prop_assert_eq!(&c.points, &(&c.max * &c.credit));
            prop_assert!(c.points == whole(0) || !c.evidence.is_empty(), "{} without evidence", c.id);
        }
        prop_assert_eq!(&r.points, &r.checks.iter().fold(whole(0), |a, c| a + &c.points));
    }

    #[test]
    fn exploration_is_free(facts in random_session(), t in 0u64..4000, user in any::<bool>()) {
        let more = with(&facts, t, look("api:download", user));
        prop_assert!(report(&more).points >= report(&facts).points);
    }

    #[test]
    fn repeating_never_helps(facts in random_session(), picks in prop::collection::vec(any::<bool>(), 20)) {
        let mut rows = Vec::new();
        for (i, f) in facts.iter().enumerate() {
            rows.push((f.id.tick.0, f.by.clone(), f.what.clone()));
            let action = matches!(f.what, FactKind::Acted { .. });
            if f.by.is_responder() && !action && picks[i % picks.len()] {
                rows.push((f.id.tick.0, f.by.clone(), f.what.clone()));
            }
        }
        prop_assert_eq!(report(&stream(rows)).points, report(&facts).points);
    }

    #[test]
    fn the_last_statement_counts_and_claiming_more_costs(facts in random_session(), more in 1usize..5) {
        let g1 = |facts: &[Fact]| report(facts).checks.into_iter().find(|c| c.id == "G1").unwrap().credit;
        let cause = |n: usize| {
            let names = ["api", "db", "web", "cdn", "dns"];
            FactKind::Cause { components: names[..n].iter().map(|c| s(c)).collect(), mechanisms: vec![], confidence: None }
        };
        let right = g1(&with(&facts, 4000, cause(1)));
        prop_assert_eq!(&right, &whole(1));
        prop_assert!(g1(&with(&facts, 4000, cause(1 + more))) < right);
    }

    #[test]
    fn evidence_is_sufficient(facts in random_session()) {
        let r = report(&facts);
        let cited: BTreeSet<FactId> = r.checks.iter().flat_map(|c| c.evidence.iter().copied()).collect();
        prop_assert_eq!(points(&report(&cut(&facts, &cited))), points(&r));
    }

    #[test]
    fn evidence_is_necessary(facts in random_session()) {
        let r = report(&facts);
        for c in r.checks.iter().filter(|c| ["M3", "C1", "C2", "O1", "D1"].contains(&c.id) && !c.evidence.is_empty()) {
            // Without what earned it and without what could stand in for it, nothing is earned.
            let kind = |f: &Fact| std::mem::discriminant(&f.what);
            let cited: Vec<_> = facts.iter().filter(|f| c.evidence.contains(&f.id)).map(kind).collect();
            let rest: Vec<Fact> = facts.iter().filter(|f| {
                let look = matches!(f.what, FactKind::Observed { .. } | FactKind::Acked { .. });
                !cited.contains(&kind(f)) && !(c.id == "D1" && look)
            }).cloned().collect();
            let after = report(&rest);
            let same = after.checks.iter().find(|x| x.id == c.id).unwrap();
            prop_assert_eq!(&same.credit, &whole(0), "{}", c.id);
        }
    }

    #[test]
    fn sooner_relief_is_never_worse(a in 130u64..2500, b in 130u64..2500) {
        let run = |t: u64| {
            let mut rows = world(&[(120, 12_000), (t, 0)], 4000);
            rows.extend([
                (t, seat(), rollback()),
                (t + 60, Actor::World, relief(t)),
                (2900, seat(), look("api:download", true)),
                (3000, seat(), said(Channel::Status, true, Some(true))),
            ]);
            report(&stream(rows)).points
        };
        let (sooner, later) = (a.min(b), a.max(b));
        prop_assert!(run(sooner) >= run(later));
    }

    #[test]
    fn sooner_words_are_never_worse(a in 60u64..4000, b in 60u64..4000, which in 0usize..4) {
        let run = |t: u64| {
            let what = match which {
                0 => acked(),
                1 => FactKind::Declared { severity: 2 },
                2 => said(Channel::Internal, true, None),
                _ => said(Channel::Status, true, Some(true)),
            };
            let mut rows = world(&[(120, 12_000)], 4000);
            rows.push((t.max(120), seat(), what));
            report(&stream(rows)).points
        };
        prop_assert!(run(a.min(b)) >= run(a.max(b)));
    }

    #[test]
    fn scale_does_not_matter(x in 1i64..5000, r in 1i64..500, c in 1i64..100) {
        let zero = whole(0);
        let one: Ratio = par_credit(Some(&whole(x)), Some(&whole(r)), &whole(1), &zero);
        prop_assert_eq!(par_credit(Some(&whole(x * c)), Some(&whole(r * c)), &whole(1), &zero), one);
    }
}

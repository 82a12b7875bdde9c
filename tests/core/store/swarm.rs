//! Random faults and random acts on random stores: every write is somewhere after every second.

use super::*;
use proptest::prelude::*;
use wheel_of_misfortune::stdx::rng::Stream;

/// A run of 400 seconds; `Bench::run` checks the balance after each.
fn play(seed: u64) -> Vec<FactKind> {
    let mut dice = Stream::new(seed, "store-swarm");
    let mut spec = if dice.below(2) == 0 { automatic(dice.below(2) == 0) } else { three() };
    if dice.below(3) == 0 {
        spec.commit = Commit::Synchronous;
    }
    spec.archive = dice.below(2) == 0;
    spec.checkpoint = Span(5);
    spec.restore_rate = 8_000_000_000;
    spec.copy_rate = 8_000_000_000;
    for m in spec.members.values_mut() {
        m.slot = m.follows.is_some() && dice.below(2) == 0;
    }
    let mut b = Bench::new(&spec);
    let name = |n: u64| format!("db-{}", n + 1);
    for _ in 0..100 {
        let member = name(dice.below(3));
        match dice.below(12) {
            0 => b.weigh(&dead(&member), 1.0),
            1 => b.weigh(&dead(&member), 0.0),
            2 => b.weigh(&isolated(&member), dice.below(11) as f64 / 10.0),
            3 => b.weigh(&isolated(&member), 0.0),
            4 => b.weigh(&stuck(&member), dice.below(11) as f64 / 10.0),
            5 => drop(b.act(StoreAct::Promote { member })),
            6 => drop(b.act(StoreAct::Switchover { member })),
            7 => drop(b.act(StoreAct::Rebuild { member, wipe: true })),
            8 if dice.below(4) == 0 => drop(b.act(StoreAct::Destroy { member })),
            9 => drop(b.act(StoreAct::Backup)),
            10 => {
                let rows = b.state.backup_rows();
                let backup = rows[dice.below(rows.len() as u64) as usize].id.clone();
                if dice.below(4) == 0 {
                    drop(b.act(StoreAct::Restore { backup, member, until: None }));
                }
            }
            _ => {
                let at = dice.below(3) as usize;
                let runs = dice.below(4) > 0;
                b.host(at, runs);
            }
        }
        b.run(4);
        let w = b.weight();
        assert!(w.factor.is_finite() && w.factor >= 1.0 && (0.0..=1.0).contains(&w.errors), "{w:?}");
    }
    b.facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_write_is_somewhere(seed in any::<u64>()) {
        prop_assert_eq!(play(seed), play(seed));
    }
}

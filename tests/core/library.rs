//! The draw and the spin: seeded, weighted, never repeating; and a wheel that always ends where the draw said.

use proptest::prelude::*;
use std::collections::BTreeSet;
use wheel_of_misfortune::library::catalogue::Entry;
use wheel_of_misfortune::library::draw::{self, MAX_WEDGES};
use wheel_of_misfortune::library::spin::{RECOIL_S, START_MAX, START_MIN, Spin, rests};
use wheel_of_misfortune::scenario::{LangText, Level};

fn entry(n: usize, weight: u32) -> Entry {
    Entry {
        slug: format!("s{n}"),
        wedge: LangText { en: format!("Wedge {n}"), ko: String::new() },
        level: Level::Easy,
        minutes: (20, 40),
        classes: vec![],
        skills: vec![],
        weight,
    }
}

fn pool(n: usize) -> Vec<Entry> {
    (0..n).map(|n| entry(n, 1 + n as u32 % 3)).collect()
}

/// Spins once and writes it down, as the wheel does.
fn turn(pool: &[Entry], played: &mut Vec<String>, seed: u64) -> (String, bool) {
    let filling = draw::fill(pool, played, true, None);
    let wedge = draw::draw(pool, &filling, seed).unwrap();
    let slug = pool[filling.on_wheel[wedge]].slug.clone();
    draw::record(played, &filling, &slug);
    (slug, filling.started_over)
}

#[test]
fn an_empty_pool_draws_nothing() {
    let filling = draw::fill(&[], &[], true, Some("s1"));
    assert_eq!(filling, draw::Filling::default());
    assert_eq!(draw::draw(&[], &filling, 1), None);
    assert_eq!(draw::volunteer(&[], 1), None);
}

#[test]
fn weights_decide_how_often() {
    let pool = vec![entry(0, 1), entry(1, 3)];
    let filling = draw::fill(&pool, &[], false, None);
    let heavy = (0..4000).filter(|seed| draw::draw(&pool, &filling, *seed) == Some(1)).count();
    assert!((2850..=3150).contains(&heavy), "{heavy} of 4000, 3000 expected");
}

#[test]
fn a_repeating_wheel_keeps_played_ones() {
    let pool = pool(3);
    let played = vec!["s0".to_owned(), "s1".into(), "s2".into()];
    let filling = draw::fill(&pool, &played, false, None);
    assert_eq!((filling.on_wheel.len(), filling.started_over), (3, false));
}

#[test]
fn put_back_may_come_up_again() {
    let pool = pool(2);
    let mut played = Vec::new();
    let (first, _) = turn(&pool, &mut played, 5);
    draw::put_back(&mut played, &first);
    assert_eq!(played, Vec::<String>::new());
}

proptest! {
    #[test]
    fn never_repeats_until_all_have_come_up(n in 1usize..30, seed in any::<u64>()) {
        let pool = pool(n);
        let mut played = Vec::new();
        for round in 0..2u64 {
            let mut seen = BTreeSet::new();
            for i in 0..n {
                let (slug, started_over) = turn(&pool, &mut played, seed.wrapping_add(round * 100 + i as u64));
                prop_assert!(seen.insert(slug), "came up twice in a round");
                prop_assert_eq!(started_over, round == 1 && i == 0, "says when it starts over, and only then");
            }
        }
    }

    #[test]
    fn every_scenario_stands_in_exactly_one_place(
        n in 0usize..30, played in prop::collection::vec(0usize..30, 0..30), pin in prop::option::of(0usize..30),
        never in any::<bool>(), seed in any::<u64>(),
    ) {
        let pool = pool(n);
        let played: Vec<_> = played.into_iter().map(|p| format!("s{p}")).collect();
        let pin = pin.map(|p| format!("s{p}"));
        let filling = draw::fill(&pool, &played, never, pin.as_deref());
        let mut all = [filling.on_wheel.clone(), filling.played.clone(), filling.waiting.clone()].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
        prop_assert!(filling.on_wheel.len() <= MAX_WEDGES);
        prop_assert!(n == 0 || !filling.on_wheel.is_empty());
        prop_assert!(filling.waiting.is_empty() || filling.on_wheel.len() == MAX_WEDGES);
        let drawn = draw::draw(&pool, &filling, seed).map(|w| pool[filling.on_wheel[w]].slug.clone());
        prop_assert_eq!(drawn.is_some(), n > 0);
        prop_assert_eq!(drawn.clone(), draw::draw(&pool, &filling, seed).map(|w| pool[filling.on_wheel[w]].slug.clone()));
        if let Some(pin) = pin.filter(|p| pool.iter().any(|e| e.slug == *p)) {
            prop_assert_eq!(drawn, Some(pin));
        }
    }

    #[test]
    fn volunteers_with_fewest_turns_come_first(turns in prop::collection::vec(0u32..4, 1..9), seed in any::<u64>()) {
        let n = draw::volunteer(&turns, seed).unwrap();
        prop_assert_eq!(turns.get(n), turns.iter().min());
        let reached: BTreeSet<_> = (0..200).filter_map(|s| draw::volunteer(&turns, s)).collect();
        let fewest = turns.iter().filter(|t| Some(*t) == turns.iter().min()).count();
        prop_assert_eq!(reached.len(), fewest, "each of them can be drawn");
    }
}

#[test]
fn a_wheel_of_twelve_rests_where_the_picture_says() {
    let got = rests(12);
    for (got, want) in got.iter().zip([13.5, 3.5, -6.5]) {
        assert!((got - want).abs() < 1e-9, "{got} is not {want}");
    }
    assert_eq!(got.len(), 3);
}

#[test]
fn a_spin_ends_at_rest_on_the_chosen_wedge() {
    let mut rests_seen = BTreeSet::new();
    for seed in 0..1000u64 {
        let wedges = [12, 1, 2, 5, 7, 12, 30, 60][seed as usize % 8];
        let chosen = (seed / 8) as u32 % wedges;
        let from = seed as f64 * 77.7 - 500.0;
        let spin = Spin::solve(wedges, chosen, seed, from);
        let end = spin.duration();
        assert_eq!(spin.at_pointer(end), chosen, "{spin:?}");
        assert_eq!(spin.angle(end), spin.angle(end + 100.0), "it stays there");
        assert_eq!(spin.speed(end), 0.0);
        let centre = spin.angle(end) + f64::from(chosen) * 360.0 / f64::from(wedges);
        let off = (centre - spin.rest).rem_euclid(360.0);
        assert!(off.min(360.0 - off) < 1e-6, "rests {off} beside {}", spin.rest);
        assert!((START_MIN - 1e-9..=START_MAX + 1e-9).contains(&spin.start), "{spin:?}");
        let turns = spin.glide / 360.0;
        assert!((4.3..5.7).contains(&turns), "{turns} turns");
        assert!((8.8..9.8).contains(&spin.glide_s), "{} s", spin.glide_s);
        if wedges == 12 {
            rests_seen.insert((spin.rest * 10.0).round() as i64);
        }
    }
    assert_eq!(rests_seen, BTreeSet::from([-65, 35, 135]));
}

#[test]
fn it_slows_all_the_way_and_never_jumps() {
    for seed in 0..50 {
        let spin = Spin::solve(12, seed % 12, u64::from(seed), 40.0);
        let at = |ms: u32| f64::from(ms) / 1000.0;
        let end = (spin.duration() * 1000.0) as u32 + 100;
        assert!((spin.angle(0.0) - 40.0).abs() < 1e-9);
        for ms in 0..end {
            let (a, b) = (at(ms), at(ms + 1));
            assert!(spin.speed(b) <= spin.speed(a), "faster at {b}");
            let moved = spin.angle(b) - spin.angle(a);
            assert!(moved.abs() < 0.7, "jumps by {moved} at {b}");
            if b < spin.glide_s {
                assert!(moved >= 0.0, "turns back at {b}");
                // The closed forms of angle and speed belong together.
                let mean = 180.0 * (spin.speed(a) + spin.speed(b)) / 1000.0;
                assert!((moved - mean).abs() < 1e-4, "{moved} is not {mean}");
            }
        }
    }
}

#[test]
fn the_last_peg_climbs_and_falls_back() {
    let spin = Spin::solve(12, 3, 9, 0.0);
    let (top, rest) = (spin.angle(spin.glide_s), spin.angle(spin.duration()));
    assert!((top - rest - 1.5).abs() < 1e-6, "falls back {}", top - rest);
    let lowest = (0..60).map(|n| spin.angle(spin.glide_s + RECOIL_S * f64::from(n) / 60.0)).fold(top, f64::min);
    assert!(lowest < rest - 0.1, "it swings past its rest once: {lowest} against {rest}");
}

#[test]
fn each_peg_ticks_once() {
    for seed in 0..40 {
        let spin = Spin::solve(12, seed % 12, u64::from(seed), f64::from(seed) * 13.0);
        let ticks = spin.ticks();
        assert!(ticks.is_sorted());
        assert!(ticks.iter().all(|t| (0.0..spin.glide_s).contains(t)));
        let pegs = (spin.glide / 10.0).ceil() as usize - 1;
        assert_eq!(ticks.len(), pegs);
        for t in ticks {
            // A peg stands at the pointer: on a wheel of twelve boundaries lie 15° from a centre, pegs 10° apart.
            let off = (spin.angle(t) - 15.0).rem_euclid(10.0);
            assert!(off.min(10.0 - off) < 1e-6, "no peg at the flapper at {t}: {off}");
        }
    }
}

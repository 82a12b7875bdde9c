//! The swarm of whole worlds: every room, every kind of fault, lines of responders, checkers after every second and, every few, the
//! tools themselves: what they print, the metrics, the alerts, the logs, the map and `status` may not contradict each other.
//!
//! `WOM_WHOLE_STEPS=1000000 cargo test --no-default-features whole` runs longer; `WOM_WHOLE_SEED=17` runs one world.

mod agree;
mod deed;
mod lie;
mod number;
pub mod place;
mod room;
pub mod seat;

use crate::world::swarm::draw::Draw;
use crate::world::swarm::{Before, calls_add_up, measures, numbers, setting};
use crate::world::{check, logs};
use seat::Seat;
use std::collections::{BTreeMap, BTreeSet};
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::observe::series::is_stale;
use wheel_of_misfortune::scenario::fault_words;
use wheel_of_misfortune::session::{Command, TermSignal};
use wheel_of_misfortune::stdx::digest;

/// Seconds in one world.
const STEPS: u64 = 1_000;

/// Seconds between two looks of the tools.
const LOOK_S: u64 = 45;

/// Seconds after which somebody presses Ctrl-C.
const PATIENCE_S: u64 = 25;

/// Series that may be below zero.
const SIGNED: [&str; 1] = ["node_timex_offset_seconds"];

/// What a world saw.
#[derive(Default)]
struct Seen {
    faults: BTreeSet<String>,
    lines: BTreeSet<String>,
    looks: u64,
}

/// Something happens: a fault comes or goes, or a responder types a line.
fn happen(seat: &mut Seat, d: &mut Draw, seen: &mut Seen, log: &mut Vec<String>) {
    let spec = seat.session.world().spec().clone();
    let at = seat.session.tick().0;
    match d.number(0, 8) {
        0..=2 => {
            if let Some(fault) = d.fault(&spec) {
                let (course, kind) = (d.course(&spec), fault_words(&fault).0.to_owned());
                log.push(format!("{at}: begins {fault:?} {course:?}"));
                if seat.does(Actor::Gm, Command::BeginFault { fault, course }) {
                    seen.faults.insert(kind);
                }
            }
        }
        3 | 4 => {
            let now: Vec<_> = seat.session.world().faults().cloned().collect();
            if let Some(fault) = d.one(&now) {
                log.push(format!("{at}: clears {fault:?}"));
                seat.does(Actor::Gm, Command::ClearFault { fault: fault.clone() });
            }
        }
        _ => {
            if let Some(line) = deed::line(d, &spec).filter(|_| !seat.busy(1)) {
                log.push(format!("{at}: $ {line}"));
                if seat.begins(1, &line) {
                    seen.lines.insert(line.split(' ').take(2).collect::<Vec<_>>().join(" "));
                }
            }
        }
    }
}

/// No sample that a graph could not draw.
fn samples(seat: &Seat) -> Result<(), String> {
    let store = seat.session.telemetry().store();
    for id in store.ids() {
        let Some((_, v)) = store.last(id).filter(|(_, v)| !is_stale(*v)) else { continue };
        let name = store.labels(id).get("__name__").unwrap_or_default();
        if !v.is_finite() || (v < 0.0 && !SIGNED.contains(&name)) {
            return Err(format!("{:?} is {v}", store.labels(id)));
        }
    }
    Ok(())
}

/// The counters of a few services.
fn some((services, calls): &logs::Counters, mine: [u64; 2]) -> logs::Counters {
    let n = services.len() as u64;
    let few: BTreeMap<_, _> =
        mine.iter().filter_map(|at| services.iter().nth((at % n) as usize)).map(|(k, v)| (k.clone(), *v)).collect();
    let calls = calls.iter().filter(|(from, ..)| few.contains_key(from)).cloned().collect();
    (few, calls)
}

/// Plays one world; the digest at the end.
fn play(seed: u64, steps: u64, seen: &mut Seen, log: &mut Vec<String>) -> Result<String, String> {
    let mut d = Draw::new(seed);
    let mut seat = Seat::new(place::world(&mut d), seed);
    let mut typed = 0;
    for _ in 0..steps {
        if d.once_in(10) {
            happen(&mut seat, &mut d, seen, log);
            typed = seat.session.tick().0;
        }
        if seat.busy(1) && seat.session.tick().0 > typed + PATIENCE_S {
            seat.does(Actor::Seat("primary".to_owned()), Command::Signal { terminal: 1, signal: TermSignal::Int });
        }
        let before = Before::of(seat.session.telemetry());
        let told = seat.session.facts().len();
        let quiet = !seat.busy(1);
        let counted = logs::counters(seat.session.world());
        seat.session.advance();
        let w = seat.session.world();
        let at = |e: String| format!("at {}: {e}", w.tick().0);
        let facts: Vec<_> = seat.session.facts()[told..].iter().map(|f| f.what.clone()).collect();
        check(w).map_err(at)?;
        calls_add_up(w).map_err(at)?;
        numbers(w).map_err(at)?;
        measures(w, seat.session.telemetry(), &before, &facts).map_err(at)?;
        let scraped = w.tick().0.is_multiple_of(seat.session.telemetry().interval_s());
        if scraped {
            samples(&seat).map_err(at)?;
        }
        // Between two seconds, just after a scrape, and while nobody's line is under way.
        if scraped && quiet && w.tick().0.is_multiple_of(LOOK_S) {
            let wrong = number::wrong(w);
            if !wrong.is_empty() {
                return Err(at(wrong.join("\n")));
            }
            let now = logs::counters(w);
            let mine = [d.number(0, 64), d.number(0, 64)];
            let (was, now) = (some(&counted, mine), some(&now, mine));
            logs::agree(seat.session.telemetry(), w.utc(), &was, &now).map_err(at)?;
            let wrong = agree::all(&seat.clone());
            if !wrong.is_empty() {
                return Err(at(wrong.join("\n")));
            }
            seen.looks += 1;
        }
    }
    Ok(digest::of(&(seat.session.world(), seat.session.telemetry())))
}

/// Plays half of the worlds.
fn swarm(half: u64) {
    let mut seen = Seen::default();
    let one = setting("WOM_WHOLE_SEED");
    let worlds = setting("WOM_WHOLE_STEPS").unwrap_or(10_000).div_ceil(STEPS);
    let mut failed = Vec::new();
    for seed in one.map_or(0..worlds, |s| s..s + 1).filter(|s| s % 2 == half) {
        let mut log = Vec::new();
        match play(seed, STEPS, &mut seen, &mut log) {
            Err(e) => {
                let last = log.split_off(log.len().saturating_sub(6)).join("\n");
                failed.push(format!("{last}\n{e}\n    {}", line(seed)));
            }
            // Determinism, on the shortest way.
            Ok(_) if seed == half => {
                let short = |log: &mut Vec<String>| play(seed, STEPS / 10, &mut Seen::default(), log);
                assert_eq!(short(&mut log), short(&mut log), "two runs differ\n    {}", line(seed));
            }
            Ok(_) => {}
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    if one.is_none() {
        let (faults, lines) = (seen.faults.len(), seen.lines.len());
        assert!(
            faults > 30 && lines > 25 && seen.looks > 60,
            "{faults} kinds of fault, {lines} of lines, {} looks",
            seen.looks
        );
    }
}

/// The line that repeats one world.
fn line(seed: u64) -> String {
    format!("WOM_WHOLE_SEED={seed} cargo test --no-default-features --test core -- whole_swarm")
}

#[test]
fn whole_swarm_of_even_worlds() {
    swarm(0);
}

#[test]
fn whole_swarm_of_odd_worlds() {
    swarm(1);
}

//! Random worlds, random faults, random actions, checked at every tick. A failure prints the one line that repeats it.
//!
//! `WOM_SWARM_STEPS=1000000 cargo test --no-default-features swarm` runs longer; `WOM_SWARM_SEED=17` runs one world.

#[path = "../../support/draw.rs"]
pub mod draw;

use super::worlds::{docs, registry};
use super::{check, mesh, worlds};
use draw::Draw;
use std::collections::BTreeMap;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::observe::{AlertPhase, Telemetry};
use wheel_of_misfortune::scenario::{Scenario, Signal};
use wheel_of_misfortune::sim::{EdgeFlow, Effect, UnitVerb, World};
use wheel_of_misfortune::stdx::digest;

/// Seconds in one world.
const STEPS: u64 = 400;

/// A number from the environment.
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|v| v.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{v}`")))
}

pub fn world(d: &mut Draw) -> Scenario {
    match d.number(0, 4) {
        0 => registry(),
        1 => docs(),
        _ => d.mesh(),
    }
}

/// Something that somebody does to the world; it may well refuse.
pub fn act(w: &mut World, d: &mut Draw) {
    let spec = w.spec().clone();
    let keys = |m: Vec<&String>| m.into_iter().cloned().collect::<Vec<String>>();
    let hosts = keys(spec.hosts.keys().collect());
    let effect = match d.number(0, 8) {
        0 | 1 => match d.fault(&spec) {
            Some(fault) => Effect::Begin(fault, d.course(&spec)),
            None => return,
        },
        2 => {
            let now: Vec<_> = w.faults().cloned().collect();
            match d.one(&now) {
                Some(fault) => Effect::Clear(fault.clone()),
                None => return,
            }
        }
        3 => {
            let Some(host) = d.one(&hosts).cloned() else { return };
            let units = keys(spec.hosts.get(&host).map(|h| h.units.keys().collect()).unwrap_or_default());
            let Some(unit) = d.one(&units).cloned() else { return };
            let verb = [UnitVerb::Start, UnitVerb::Stop, UnitVerb::Restart][d.number(0, 3) as usize];
            Effect::Unit { host, unit, verb }
        }
        4 => {
            let releases = keys(spec.releases.keys().collect());
            let Some(release) = d.one(&releases).cloned() else { return };
            Effect::Promote { service: spec.releases[&release].service.clone(), release }
        }
        5 => {
            let queues = keys(spec.queues.keys().collect());
            let Some(queue) = d.one(&queues).cloned() else { return };
            Effect::Requeue { queue }
        }
        6 => {
            let Some(host) = d.one(&hosts).cloned() else { return };
            let path = ["/srv/build/output", "/tmp", "/var/tmp/fill"][d.number(0, 3) as usize].to_owned();
            Effect::Remove { host, path }
        }
        _ => return,
    };
    let _ = w.apply(&effect);
}

/// The calls of one edge: `carried` were under way at the opening, `under_way` are now.
pub fn call_adds_up(t: &EdgeFlow, carried: u64, under_way: u64) -> Result<(), String> {
    let fits = t.sent + carried == t.ok + t.errors + t.timeouts + t.cut + under_way;
    if fits { Ok(()) } else { Err(format!("{t:?}, {under_way} under way")) }
}

/// Every call that went out came back, was given up, or is under way.
pub fn calls_add_up(w: &World) -> Result<(), String> {
    for (from, to, e) in w.edges() {
        call_adds_up(&e.total, e.carried, e.under_way()).map_err(|e| format!("{from} -> {to}: {e}"))?;
        if e.flow.retries > e.flow.sent {
            return Err(format!("{from} -> {to}: more retries than calls: {:?}", e.flow));
        }
    }
    Ok(())
}

/// No number that a graph could not draw.
pub fn numbers(w: &World) -> Result<(), String> {
    for (name, s) in w.services() {
        let all = [s.latency_ms, s.busy, s.warmth, s.work_s, s.response.mean_s(), s.in_flight()];
        if all.iter().any(|x| !x.is_finite() || *x < 0.0) || s.busy > 1.0 || s.warmth > 1.0 {
            return Err(format!("{name}: {all:?}"));
        }
    }
    Ok(())
}

/// Every element of an alert that is there, and whether it fires.
fn elements(t: &Telemetry) -> BTreeMap<String, bool> {
    t.active().map(|(id, a)| (format!("{id} {:?}", a.labels), a.firing)).collect()
}

/// Whether an alert may go from one state to another.
pub fn legal(was: Option<AlertPhase>, now: AlertPhase) -> bool {
    use AlertPhase::*;
    matches!(
        (was, now),
        (None, _)
            | (Some(Normal | NoData), Normal | NoData | Pending | Firing)
            | (Some(Pending), Pending | Firing | Normal | NoData)
            // What no series tells any longer no longer fires.
            | (Some(Firing), Firing | Normal | NoData)
    )
}

/// Alerts before a second.
pub struct Before {
    phases: Vec<(String, AlertPhase)>,
    elements: BTreeMap<String, bool>,
}

impl Before {
    pub fn of(t: &Telemetry) -> Before {
        Before { phases: t.alerts().into_iter().map(|a| (a.id, a.state)).collect(), elements: elements(t) }
    }
}

/// What is measured is what is: counters against the world, alerts against their rules' past.
pub fn measures(w: &World, t: &Telemetry, before: &Before, facts: &[FactKind]) -> Result<(), String> {
    for (name, s) in w.services() {
        for signal in [Signal::RequestRate(name.into()), Signal::Latency(name.into()), Signal::ErrorShare(name.into())]
        {
            if t.now(&signal).is_some_and(|v| !v.is_finite() || v < 0.0) {
                return Err(format!("{signal:?}: {:?}", t.now(&signal)));
            }
        }
        if s.flow.requests == 0 && s.flow.errors() > 0 && s.queue + s.held == 0 && s.flow.queued == 0 {
            return Err(format!("{name}: errors of nobody's requests: {:?}", s.flow));
        }
    }
    for (key, fires) in &elements(t) {
        if before.elements.get(key) == Some(&true) && !fires {
            return Err(format!("{key} fired and is pending"));
        }
    }
    for a in t.alerts() {
        let was = before.phases.iter().find(|(id, _)| *id == a.id).map(|(_, s)| *s);
        // Of an alert with several elements one may end while another begins.
        let other = || elements(t).keys().any(|k| k.starts_with(&a.id) && !before.elements.contains_key(k));
        use AlertPhase::{Firing, Pending};
        if !(legal(was, a.state) || (was == Some(Firing) && a.state == Pending && other())) {
            return Err(format!("{}: from {was:?} to {:?}", a.id, a.state));
        }
        let fired = facts.iter().any(|f| matches!(f, FactKind::AlertFired { alert, .. } if *alert == a.id));
        if fired != (a.state == Firing && was != Some(Firing)) {
            return Err(format!("{}: {was:?} -> {:?}, said: {fired}", a.id, a.state));
        }
    }
    Ok(())
}

/// Plays one world; the digest at the end.
fn play(seed: u64) -> Result<String, String> {
    let mut d = Draw::new(seed);
    let scenario = world(&mut d);
    let mut w = World::new(&scenario, seed);
    let mut t = Telemetry::new(&scenario, &w);
    for _ in 0..STEPS {
        if d.once_in(12) {
            act(&mut w, &mut d);
        }
        let before = Before::of(&t);
        w.step();
        let facts = t.record(&w);
        let at = |e: String| format!("at {}: {e}", w.tick().0);
        check(&w).map_err(at)?;
        calls_add_up(&w).map_err(at)?;
        numbers(&w).map_err(at)?;
        measures(&w, &t, &before, &facts).map_err(at)?;
    }
    Ok(digest::of(&(&w, &t)))
}

#[test]
fn swarm() {
    if let Some(seed) = setting("WOM_SWARM_SEED") {
        play(seed).unwrap_or_else(|e| panic!("{e}"));
        return;
    }
    let steps = setting("WOM_SWARM_STEPS").unwrap_or(10_000);
    for seed in 0..steps.div_ceil(STEPS) {
        let line = format!("WOM_SWARM_SEED={seed} cargo test --no-default-features --test core -- swarm");
        let once = play(seed).unwrap_or_else(|e| panic!("{e}\n    {line}"));
        // Determinism, on a few of them.
        if seed % 8 == 0 {
            assert_eq!(play(seed).as_deref(), Ok(once.as_str()), "two runs differ\n    {line}");
        }
    }
}

/// Two worlds of one seed, of which one walks every second way by way: the same digest all along.
#[test]
fn a_calm_second_is_settled_as_it_would_be_walked() {
    let mut settled = 0;
    for seed in 0..30 {
        let mut d = Draw::new(seed);
        let scenario = if seed == 0 { mesh::thirty() } else { world(&mut d) };
        let mut w = World::new(&scenario, seed);
        let mut walked = w.clone();
        walked.walk_always();
        let before = (w.seconds_settled(), walked.seconds_settled());
        let mut again = Draw::new(1_000 + seed);
        d = Draw::new(1_000 + seed);
        for t in 1..=240 {
            // Most of the time nobody does anything.
            if t % 40 == 7 {
                act(&mut w, &mut d);
                act(&mut walked, &mut again);
            }
            assert_eq!(w.step(), walked.step(), "seed {seed} at {t}");
            if t % 20 == 0 {
                assert_eq!(digest::of(&w), digest::of(&walked), "seed {seed} at {t}");
            }
        }
        settled += w.seconds_settled() - before.0;
        assert_eq!(walked.seconds_settled(), before.1, "seed {seed}: walked");
    }
    assert!(settled > 500, "{settled} seconds were calm");
}

//! Tests of what the world shows: samples, alerts and log lines agree with it.

use super::worlds::{docs, exact, registry};
use super::{promote, unit};
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::observe::{AlertPhase, SCRAPE_S, Telemetry};
use wheel_of_misfortune::scenario::{Course, Fault, LogLevel, Scenario, Signal};
use wheel_of_misfortune::sim::{Effect, UnitVerb, World};
use wheel_of_misfortune::stdx::digest;
use wheel_of_misfortune::stdx::time::Tick;

/// A world with its telemetry, opened.
fn watched(s: &Scenario) -> (World, Telemetry) {
    let w = World::new(s, 11);
    let t = Telemetry::new(s, &w);
    (w, t)
}

fn watch(w: &mut World, t: &mut Telemetry, n: u64) -> Vec<FactKind> {
    let mut facts = Vec::new();
    for _ in 0..n {
        facts.extend(w.step());
        facts.extend(t.record(w));
    }
    facts
}

#[test]
fn the_prehistory_agrees_with_the_opening() {
    let (w, t) = watched(&docs());
    for signal in t.signals() {
        let points = t.series(signal);
        assert_eq!(points.len(), 120, "{signal:?}");
        assert!(points.windows(2).all(|p| p[1].0 - p[0].0 == 15), "{signal:?}");
        assert_eq!(points.last().map(|p| p.0), Some(-480), "{signal:?}");
    }
    let used = t.series(&Signal::DiskUsed("docs-01:/".into()));
    let m = w.mount("docs-01:/").expect("mount");
    assert_eq!(used.last().and_then(|p| p.1), Some(m.used() as f64 / m.size as f64));
    assert!(used.windows(2).all(|p| p[0].1 < p[1].1), "it climbs");
    assert_eq!(t.now(&Signal::QueueSuccess("builds".into())), Some(0.0));
    assert_eq!(t.now(&Signal::Probe("site".into())), Some(1.0));
    let usual = t.usual(&Signal::RequestRate("cdn".into())).expect("known");
    assert!((usual - 85.0).abs() < 0.5, "{usual}");
    assert!(t.alerts().iter().all(|a| a.state == AlertPhase::Normal), "{:?}", t.alerts());
    let lines = t.logs(Some("docs-01"), None, 100_000);
    let web = lines.iter().filter(|l| l.program == "web").count();
    assert_eq!(web, 360, "12 a minute for half an hour");
    let failed = lines.iter().filter(|l| l.program == "builder" && l.level == LogLevel::Error).count();
    assert_eq!(failed, 60, "an item every half minute, none of which finds room");
    assert!(lines.iter().all(|l| l.tick == Tick(0) && l.utc <= w.utc() && !l.text.contains('{')));
    assert_eq!(t.now(&Signal::Load("nowhere".into())), None);
    assert!(t.series(&Signal::RequestRate("nowhere".into())).is_empty());
}

#[test]
fn samples_agree_with_the_world() {
    let (mut w, mut t) = watched(&registry());
    for round in 0..40 {
        if round == 4 {
            promote(&mut w, "v2");
        }
        let before = w.service("api").expect("api").total;
        watch(&mut w, &mut t, SCRAPE_S);
        let after = w.service("api").expect("api").total;
        let rate = (after.requests - before.requests) as f64 / 15.0;
        assert_eq!(t.now(&Signal::RequestRate("api".into())), Some(rate));
        assert_eq!(t.now(&Signal::RequestRate("api:download".into())), Some(rate));
        assert_eq!(t.now(&Signal::ErrorShare("api".into())), Some(0.0));
        assert_eq!(t.now(&Signal::Probe("user".into())), Some(f64::from(u8::from(w.probe("user").expect("probe").ok))));
        assert_eq!(t.series(&Signal::Latency("api".into())).last().map(|p| p.0), Some(w.t_s()));
    }
    assert!(t.now(&Signal::RequestRate("api".into())).expect("known") > 4_600.0);
    assert_eq!(t.now(&Signal::RequestRate("static".into())), Some(0.0), "nobody arrives at the edge");
    let fired = t.alerts().into_iter().find(|a| a.id == "api-rate").expect("alert");
    assert_eq!(fired.state, AlertPhase::Firing);
    assert!(t.logs(Some("api"), Some(Tick(1)), 10_000).iter().any(|l| l.text == "client gave up"));
}

#[test]
fn alerts_go_through_their_states_in_order() {
    let (mut w, mut t) = watched(&docs());
    let phase = |t: &Telemetry| t.alerts().first().map(|a| a.state);
    let mut seen = vec![phase(&t)];
    let mut facts = Vec::new();
    for round in 0..1_500 {
        if round == 700 {
            let rm = Effect::Remove { host: "docs-01".into(), path: "/srv/build/output".into() };
            w.apply(&rm).expect("accepted");
            unit(&mut w, UnitVerb::Restart);
        }
        facts.extend(watch(&mut w, &mut t, 1));
        if seen.last() != Some(&phase(&t)) {
            seen.push(phase(&t));
        }
    }
    use AlertPhase::{Firing, Normal, Pending};
    assert_eq!(seen, [Normal, Pending, Firing, Normal].map(Some));
    let alert = |f: &&FactKind| matches!(f, FactKind::AlertFired { .. } | FactKind::AlertResolved { .. });
    let said: Vec<&FactKind> = facts.iter().filter(alert).collect();
    assert!(
        matches!(said[..], [FactKind::AlertFired { .. }, FactKind::AlertResolved { .. }]),
        "each end once: {said:?}"
    );
    let lines = t.logs(Some("docs-01"), Some(Tick(1)), 50_000);
    let full = |l: &&wheel_of_misfortune::observe::LogLine| l.text == "write: No space left on device";
    // A dead program writes nothing: the last words come once, from the process that died.
    let last: Vec<_> = lines.iter().filter(full).collect();
    assert_eq!(last.len(), 1, "{last:?}");
    assert_eq!((last[0].level, last[0].pid.is_some()), (LogLevel::Error, true));
    let dead = last[0].tick;
    let web = |l: &&wheel_of_misfortune::observe::LogLine| l.program == "web" && l.tick > dead && l.tick < Tick(701);
    assert_eq!(lines.iter().filter(web).count(), 0);
    let systemd: Vec<&str> = lines.iter().filter(|l| l.program == "systemd").map(|l| l.text.as_str()).collect();
    let want = [
        "web.service: Main process exited, code=exited, status=1/FAILURE",
        "web.service: Failed with result 'exit-code'.",
        "Starting a unit...",
        "Started a unit.",
    ];
    assert_eq!(systemd, want);
    let pids: Vec<u32> = lines.iter().filter(|l| l.program == "web").filter_map(|l| l.pid).collect();
    assert!(pids.first() < pids.last(), "a new process has a new number");
    assert!(lines.windows(2).all(|l| l[0].utc <= l[1].utc));
    assert_eq!(t.logs(None, None, 7).len(), 7);
}

#[test]
fn telemetry_is_the_same_every_time() {
    let run = || {
        let (mut w, mut t) = watched(&docs());
        watch(&mut w, &mut t, 600);
        (digest::of(&t), t.logs(None, None, 1_000))
    };
    let (a, b) = (run(), run());
    assert_eq!(a, b);
    let (mut w, mut t) = watched(&docs());
    watch(&mut w, &mut t, 599);
    assert_ne!(digest::of(&t), a.0);
    watch(&mut w, &mut t, 1);
    assert_eq!(digest::of(&t.clone()), a.0);
}

#[test]
fn log_lines_tell_the_latency_that_the_metrics_show() {
    let (mut w, mut t) = watched(&docs());
    let ms = |t: &Telemetry, since| -> Vec<u64> {
        let lines = t.logs(Some("web"), Some(Tick(since)), 1_000);
        let number = |text: &str| text.rsplit(' ').next()?.strip_suffix("ms")?.parse().ok();
        lines.iter().filter_map(|l| number(&l.text)).collect()
    };
    watch(&mut w, &mut t, 120);
    let calm = ms(&t, 1);
    assert!(calm.len() > 20 && calm.iter().all(|n| (1..=9).contains(n)), "6 ms: {calm:?}");
    let slow = Fault::Slow { service: "web".into(), factor: exact(50, 1) };
    w.apply(&Effect::Begin(slow, Course::default())).expect("accepted");
    watch(&mut w, &mut t, 120);
    let slow = ms(&t, 121);
    assert!(slow.len() > 20 && slow.iter().all(|n| *n >= 150), "300 ms: {slow:?}");
}

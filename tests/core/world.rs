//! Tests of the world and of what it shows: conservation, the two incidents, determinism, no contradictions.

#[path = "../support/worlds.rs"]
pub mod worlds;

#[path = "../support/mesh.rs"]
pub mod mesh;

mod emergence;
pub mod family;
pub mod swarm;
mod truth;

mod files;
mod kinds;
pub mod logs;
mod rooms;
mod telemetry;
mod traces;

use proptest::prelude::*;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::{Course, Fault, Scenario};
use wheel_of_misfortune::sim::{Applied, Effect, UnitState, UnitVerb, World};
use wheel_of_misfortune::stdx::digest;
use worlds::{DOCS_FREE, DOCS_LEAK, docs, exact, registry};

fn steps(w: &mut World, n: u64) -> Vec<FactKind> {
    (0..n).flat_map(|_| w.step()).collect()
}

fn share(w: &World) -> f64 {
    let (n, of) = w.users();
    n as f64 / of as f64
}

fn promote(w: &mut World, release: &str) {
    let effect = Effect::Promote { service: "api".into(), release: release.into() };
    let (applied, _) = w.apply(&effect).expect("accepted");
    assert!(matches!(applied, Applied::Job { seconds: 60, .. }), "{applied:?}");
}

fn unit(w: &mut World, verb: UnitVerb) {
    w.apply(&Effect::Unit { host: "docs-01".into(), unit: "web".into(), verb }).expect("accepted");
}

/// Every request was answered, turned away, or waits.
pub fn flow_adds_up(f: &wheel_of_misfortune::sim::Flow) -> Result<(), String> {
    let sum = (f.served() + f.errors()) as i64 + f.queued;
    if f.requests as i64 == sum { Ok(()) } else { Err(format!("{} requests, {sum} accounted for: {f:?}", f.requests)) }
}

/// What must hold after every second, in every world.
pub fn check(w: &World) -> Result<(), String> {
    for (name, s) in w.services() {
        flow_adds_up(&s.flow).map_err(|e| format!("{name}: {e}"))?;
    }
    for ((name, s), spec) in w.sources().zip(w.spec().traffic.values()) {
        if s.affected > spec.users {
            return Err(format!("{name}: {} of {} users affected", s.affected, spec.users));
        }
    }
    for (name, q) in w.queues() {
        let spec = &w.spec().queues[name];
        let came = spec.waiting + spec.failed + q.arrived_total;
        let is = q.waiting + q.held() + q.failed + q.done_total + q.expired_total + q.purged_total;
        if came != is {
            return Err(format!("{name}: {came} items came, {q:?}"));
        }
    }
    for (name, h) in w.hosts() {
        for m in h.vfs.mounts() {
            let on = |p: &String| h.vfs.mount_of(p).is_some_and(|x| x.point == m.point);
            let sum: u64 = h.vfs.all().filter(|(p, _)| on(p)).map(|(_, n)| n.bytes()).sum();
            if sum != m.files || m.used() > m.size {
                return Err(format!("{name}:{}: {sum} bytes of files, {m:?}", m.point));
            }
        }
    }
    Ok(())
}

#[test]
fn calm_worlds_serve_everybody_exactly() {
    let mut w = World::new(&registry(), 7);
    assert_eq!(w.users(), (0, 40_000));
    assert_eq!(w.tick().0, 0);
    assert_eq!(w.utc().iso(), "2023-07-20T12:15:00Z");
    for _ in 0..600 {
        let facts = w.step();
        assert_eq!(facts, vec![]);
        check(&w).expect("invariant");
    }
    // 1177.5 a second, to the last request but those that are a second late.
    let total = w.service("api").expect("api").total;
    assert!(total.requests.abs_diff(706_500) <= 80, "{total:?}");
    assert_eq!(total.served(), total.requests);
}

#[test]
fn a_bad_redirect_hides_from_the_server_and_a_rollback_ends_it() {
    let mut w = World::new(&registry(), 7);
    promote(&mut w, "v2");
    assert_eq!(w.jobs().len(), 1);
    let facts = steps(&mut w, 60);
    assert!(facts.contains(&FactKind::Deployed {
        service: "api".into(),
        release: "v2".into(),
        stage: "production".into()
    }));
    assert_eq!(w.users().0, 0, "users notice with their next request");
    let mut seen = 0;
    for t in 1..=120 {
        w.step();
        check(&w).expect("invariant");
        let f = w.flow("api").expect("api");
        assert_eq!(f.errors(), 0, "the server sees nothing wrong");
        assert_eq!(f.redirects, f.requests);
        assert!(w.users().0 >= seen, "ramp at {t}");
        seen = w.users().0;
    }
    assert!(share(&w) > 0.9, "{:?}", w.users());
    let before = w.service("api").expect("api").total.requests;
    steps(&mut w, 100);
    let rate = (w.service("api").expect("api").total.requests - before) as f64 / 100.0;
    assert!((rate - 4_710.0).abs() < 20.0, "{rate}");
    let url = "https://registry.example/api/v1/crates/serde/1.0.0/download";
    let r = w.http(url, true);
    assert_eq!((r.status, r.line.as_str()), (302, "HTTP/2 302"));
    assert_eq!(r.header("location"), Some("https://static.registry.examplecrates/serde/1.0.0"));
    let r = w.http(r.header("location").expect("location"), false);
    assert_eq!(r.error.as_deref(), Some("Could not resolve host: static.registry.examplecrates"));
    let staged = "https://staging.registry.example/api/v1/crates/serde/1.0.0/download";
    assert_eq!(w.http(staged, true).header("location"), w.http(url, true).header("location"));
    assert!(!w.probe("user").expect("probe").ok && w.probe("front").expect("probe").ok);

    promote(&mut w, "v1");
    let refused = w.apply(&Effect::Promote { service: "api".into(), release: "v9".into() });
    assert_eq!(refused.expect_err("unknown").message, "release v9 not found");
    let early = w.apply(&Effect::Stage { service: "api".into(), release: "v3".into() });
    assert_eq!(early.expect_err("not built yet").message, "release v3 not found");
    let twice = w.apply(&Effect::Promote { service: "api".into(), release: "v2".into() });
    assert_eq!(twice.expect_err("busy").message, "a deploy of api is in progress: promote v1 to api");
    steps(&mut w, 60);
    assert!(share(&w) > 0.9, "nothing changes before the job ends");
    steps(&mut w, 500);
    assert_eq!(w.users().0, 0);
    steps(&mut w, 600);
    w.apply_by(&Effect::Stage { service: "api".into(), release: "v3".into() }, "developer").expect("built by now");
    assert_eq!(w.service("api").expect("api").staging.as_deref(), Some("v3"));
    let log: Vec<(&str, &str, &str)> =
        w.deploys().iter().map(|d| (d.release.as_str(), d.stage.as_str(), d.by.as_str())).collect();
    let production = "production";
    let want = [
        ("v1", "staging", "deployer"),
        ("v1", production, "deployer"),
        ("v2", "staging", "deployer"),
        ("v2", production, ""),
        ("v1", production, ""),
        ("v3", "staging", "developer"),
    ];
    assert_eq!(log, want);
    assert!(w.http(url, true).header("location").is_some_and(|l| w.http(l, false).status == 200));
}

/// The docs world at the moment its disk is full and its web server dead.
fn dead_docs() -> World {
    let mut w = World::new(&docs(), 3);
    // The leak, and a build's kilobyte every 30 seconds.
    let predicted = DOCS_FREE.div_ceil(DOCS_LEAK);
    for t in 1..predicted {
        let facts = w.step();
        assert!(!facts.iter().any(|f| matches!(f, FactKind::StateChanged { .. })), "{t}: {facts:?}");
        check(&w).expect("invariant");
    }
    let facts = w.step();
    let changed = |c: &str, to: &str| FactKind::StateChanged { component: c.into(), to: to.into() };
    let full = vec![changed("mount docs-01:/", "full"), changed("unit docs-01:web", "failed"), changed("web", "down")];
    assert_eq!(facts, full, "at {predicted}");
    assert_eq!(w.mount("docs-01:/").expect("mount").avail(), 0);
    w
}

#[test]
fn the_disk_fills_when_predicted_and_the_site_dies() {
    let mut w = dead_docs();
    let u = &w.host("docs-01").expect("host").units["web"];
    assert_eq!((u.state, u.why.as_str()), (UnitState::Failed, "No space left on device"));
    assert_eq!(w.http("http://localhost/serde", false).exit, 7, "a client's own machine");
    assert_eq!(w.http_from(Some("docs-01"), "http://localhost/serde", false).exit, 7);
    assert_eq!(w.http("https://docs.example/serde", false).status, 503);
    steps(&mut w, 300);
    assert_eq!(w.users(), (3_000, 3_000));
    assert!(!w.probe("site").expect("probe").ok);
    let note = Effect::Write {
        host: "docs-01".into(),
        path: "/tmp/note".into(),
        text: "x".into(),
        append: false,
        owner: "oncall".into(),
    };
    assert_eq!(w.apply(&note).expect_err("full").message, "No space left on device");
    unit(&mut w, UnitVerb::Restart);
    let facts = steps(&mut w, 20);
    assert!(facts.iter().any(|f| matches!(f, FactKind::JobDone { .. })));
    assert_eq!(w.host("docs-01").expect("host").units["web"].state, UnitState::Failed, "a full disk kills it again");
}

#[test]
fn room_and_a_restart_bring_the_site_back_after_the_edge_recovers() {
    let remove = Effect::Remove { host: "docs-01".into(), path: "/srv/build/output".into() };
    let grow = Effect::Resize { volume: "docs-root".into(), bytes: 200_000_000_000 };
    for room in [remove, grow] {
        let mut w = dead_docs();
        steps(&mut w, 300);
        let (applied, facts) = w.apply(&room).expect("accepted");
        assert_eq!(applied, Applied::Now);
        assert_eq!(facts, vec![FactKind::StateChanged { component: "mount docs-01:/".into(), to: "ok".into() }]);
        let mut idle = w.clone();
        steps(&mut idle, 900);
        assert_eq!(idle.users(), (3_000, 3_000), "without a restart nothing changes");
        unit(&mut w, UnitVerb::Restart);
        steps(&mut w, 8);
        assert_eq!(w.http_from(Some("docs-01"), "http://localhost/serde", false).status, 200);
        assert_eq!(w.http("https://docs.example/serde", false).status, 503, "the edge still answers errors");
        steps(&mut w, 170);
        assert_eq!(w.users(), (3_000, 3_000));
        steps(&mut w, 12);
        assert_eq!(w.http("https://docs.example/serde", false).status, 200);
        steps(&mut w, 300);
        assert_eq!(w.users().0, 0);
        assert!(w.probe("site").expect("probe").ok);
        check(&w).expect("invariant");
    }
}

#[test]
fn builds_fail_without_room_and_go_on_once_put_back() {
    let mut w = World::new(&docs(), 3);
    steps(&mut w, 120);
    let q = w.queue("builds").expect("queue").clone();
    assert_eq!((q.done_total, q.failed_total), (0, 4), "one in 30 seconds, none with room");
    w.apply(&Effect::Resize { volume: "docs-root".into(), bytes: 400_000_000_000 }).expect("accepted");
    w.apply(&Effect::Requeue { queue: "builds".into() }).expect("accepted");
    assert_eq!(w.queue("builds").expect("queue").failed, 0);
    steps(&mut w, 300);
    let after = w.queue("builds").expect("queue");
    assert_eq!((after.done_total, after.failed_total), (10, 4));
    check(&w).expect("invariant");
}

#[test]
fn precious_data_is_lost_once_and_counted() {
    let mut w = World::new(&docs(), 3);
    let rm = |path: &str| Effect::Remove { host: "docs-01".into(), path: path.into() };
    let (_, facts) = w.apply(&rm("/srv/build/output")).expect("accepted");
    assert_eq!(facts, vec![], "work files are nobody's loss");
    let (_, facts) = w.apply(&rm("/var/lib/postgresql/11/main/base-000")).expect("accepted");
    let lost = |amount, what: &str| vec![FactKind::DurableLoss { amount, what: format!("docs-01:{what}") }];
    assert_eq!(facts, lost(62, "/var/lib/postgresql/11/main/base-000"));
    let (_, facts) = w.apply(&rm("/var/lib/postgresql/11/main/")).expect("accepted");
    assert_eq!(facts, lost(438, "/var/lib/postgresql/11/main/"));
    assert_eq!(w.apply(&rm("/var/lib/postgresql/11/main")).expect_err("gone").message, "No such file or directory");
    assert_eq!(w.apply(&rm("/")).expect_err("root").message, "Device or resource busy");
    assert_eq!(w.lost(), 500);
}

#[test]
fn refusals_are_those_of_real_systems() {
    let mut w = World::new(&docs(), 3);
    let host = || "docs-01".to_owned();
    let cases = [
        (Effect::Unit { host: host(), unit: "nginx".into(), verb: UnitVerb::Start }, "Unit nginx.service not found."),
        (Effect::MakeDir { host: host(), path: "/no/such".into(), owner: "a".into() }, "No such file or directory"),
        (Effect::MakeDir { host: host(), path: "/srv".into(), owner: "a".into() }, "File exists"),
        (Effect::Rename { host: host(), from: "/srv/web".into(), to: "/srv/build".into() }, "Directory not empty"),
        (Effect::Rename { host: host(), from: "/srv".into(), to: "/srv/web/x".into() }, "Invalid argument"),
        (Effect::Kill { host: host(), pid: 4_000_000 }, "No such process"),
        (Effect::Kill { host: host(), pid: 1 }, "Operation not permitted"),
        (Effect::Resize { volume: "docs-root".into(), bytes: 1 }, "volume docs-root can only grow"),
        (Effect::Requeue { queue: "x".into() }, "queue x not found"),
    ];
    let before = digest::of(&w);
    for (effect, message) in cases {
        assert_eq!(w.apply(&effect).expect_err(message).message, message);
    }
    assert_eq!(digest::of(&w), before, "a refusal changes nothing");
}

#[test]
fn too_many_requests_are_queued_then_shed_and_a_slow_service_is_slow() {
    let mut w = World::new(&registry(), 1);
    let calm = w.service("api").expect("api").latency_ms;
    w.apply(&Effect::Begin(Fault::Slow { service: "api".into(), factor: exact(12, 1) }, Course::default()))
        .expect("accepted");
    let mut shed = 0;
    for _ in 0..120 {
        w.step();
        check(&w).expect("invariant");
        shed += w.flow("api").expect("api").shed;
    }
    assert!(shed > 0, "2 × 40 / 72 ms is fewer than asked for");
    assert!(w.service("api").expect("api").latency_ms > 12.0 * calm);
    assert!(w.users().0 > 0);
    w.apply(&Effect::Clear(Fault::Slow { service: "api".into(), factor: exact(2, 1) })).expect("accepted");
    steps(&mut w, 300);
    assert_eq!(w.users().0, 0);
}

#[test]
fn an_origin_that_is_too_slow_sheds_behind_its_edge() {
    let mut w = World::new(&docs(), 1);
    let slow = |n| Fault::Slow { service: "web".into(), factor: exact(n, 1) };
    w.apply(&Effect::Begin(slow(200), Course::default())).expect("accepted");
    let mut share = 0.0;
    // The first second fills the queue: as many wait as are worked on.
    w.step();
    assert_eq!(w.service("web").expect("web").queue, 40);
    for _ in 0..100 {
        w.step();
        check(&w).expect("invariant");
        let f = w.flow("web").expect("web");
        assert!((33..=34).contains(&f.served()) && f.requests - f.shed == f.served(), "40 at once, 1.2 s each: {f:?}");
        share += (0..50).filter(|i| w.http(&format!("https://docs.example/c{i}"), true).status == 503).count() as f64;
    }
    assert!((share / 5_000.0 - 0.61).abs() < 0.03, "52 of 85 are turned away: {share}");
    w.apply(&Effect::Clear(slow(200))).expect("accepted");
    assert!((0..50).all(|i| w.http(&format!("https://docs.example/c{i}"), true).status == 200));
}

/// An effect or fault out of the few kinds that a session can bring, by number.
fn effect(kind: u8, n: u64) -> Effect {
    let docs = || "docs-01".to_owned();
    let path = ["/srv/build/output", "/srv/web", "/tmp/a", "/var/lib/postgresql/11/main/base-001", "/srv/build"];
    let path = |k: u64| path[(k % 5) as usize].to_owned();
    let unit = if n.is_multiple_of(2) { "web" } else { "builder" };
    let verb = [UnitVerb::Start, UnitVerb::Stop, UnitVerb::Restart][(n % 3) as usize];
    let fault = match n % 8 {
        0 => Fault::Errors { service: "api".into(), share: exact(1, 3) },
        1 => Fault::Errors { service: "web".into(), share: exact(1, 1) },
        2 => Fault::Slow { service: "api".into(), factor: exact(5 + n as i64 % 20, 1) },
        7 => Fault::Slow { service: "web".into(), factor: exact(20 + n as i64 % 300, 1) },
        3 => Fault::Surge { traffic: "cargo".into(), factor: exact(7, 3) },
        4 => Fault::Surge { traffic: "readers".into(), factor: exact(5, 1) },
        5 => Fault::Crash { host: docs(), unit: unit.into() },
        _ => Fault::DiskFill { host: docs(), path: path(n), bytes_per_s: 1 + n * 1_000_003 },
    };
    match kind % 12 {
        0 => Effect::Remove { host: docs(), path: path(n) },
        1 => Effect::Write {
            host: docs(),
            path: format!("{}/f{}", path(n), n % 3),
            text: "x".repeat(n as usize % 99),
            append: n.is_multiple_of(2),
            owner: "a".into(),
        },
        2 => Effect::Rename { host: docs(), from: path(n), to: path(n / 5) },
        3 => Effect::MakeDir { host: docs(), path: path(n), owner: "a".into() },
        4 | 5 => Effect::Unit { host: docs(), unit: unit.into(), verb },
        6 => Effect::Promote { service: "api".into(), release: if n.is_multiple_of(2) { "v1" } else { "v2" }.into() },
        7 => Effect::Requeue { queue: "builds".into() },
        8 => Effect::Resize { volume: "docs-root".into(), bytes: 91_000_000_000 + n * 1_000_000 },
        9 => Effect::Clear(fault),
        10 => Effect::Kill { host: docs(), pid: n as u32 % 900 },
        _ => Effect::Begin(fault, Course::default()),
    }
}

/// No two ways of looking at the world may contradict each other.
fn agrees(w: &World, next: &World) -> Result<(), String> {
    // Under overload a single request may fare either way.
    let calm = [w, next].iter().all(|w| w.services().all(|(_, s)| s.flow.shed == 0));
    for (target, url) in [
        ("cargo", "https://registry.example/api/v1/crates/serde/1.0.0/download"),
        ("readers", "https://docs.example/serde"),
    ] {
        let Some((_, source)) = next.sources().find(|(n, _)| *n == target) else { continue };
        let mut reply = w.http(url, false);
        if let Some(to) = reply.header("location").map(str::to_owned) {
            reply = w.http(&to, false);
        }
        let good = reply.is_good();
        let attempts = source.attempts;
        if calm && attempts > 0 && source.failures == 0 && !good {
            return Err(format!("{target}: {reply:?} while every user was served: {source:?}"));
        }
        if calm && attempts > 0 && source.failures >= attempts && good {
            return Err(format!("{target}: {reply:?} while every user failed: {source:?}"));
        }
    }
    for (name, p) in next.probes() {
        let front = next.spec().probes[name].target == "cdn:page";
        if p.at == next.tick() && front && p.ok != next.http("https://docs.example/serde", false).is_good() {
            return Err(format!("probe {name}: {p:?}"));
        }
    }
    Ok(())
}

fn play(scenario: &Scenario, seed: u64, plan: &[(u8, u64, u64)]) -> Result<World, String> {
    let mut w = World::new(scenario, seed);
    for (kind, n, wait) in plan {
        let was = w.users();
        let _ = w.apply(&effect(*kind, *n));
        if w.users() != was {
            return Err("an effect changed users without a second passing".to_owned());
        }
        for _ in 0..*wait {
            let before = w.clone();
            let facts = w.step();
            check(&w)?;
            agrees(&before, &w)?;
            let said = facts.iter().any(|f| matches!(f, FactKind::Impact { .. }));
            if said != (before.users() != w.users()) {
                return Err(format!("{:?} -> {:?} but {facts:?}", before.users(), w.users()));
            }
        }
    }
    Ok(w)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Conservation, agreement and determinism under anything that may happen.
    #[test]
    fn worlds_add_up_and_agree(
        seed in 0u64..1000,
        plan in proptest::collection::vec((0u8..12, 0u64..5000, 1u64..90), 1..14),
    ) {
        for (name, s) in [("registry", registry()), ("docs", docs())] {
            let line = format!("play(&{name}(), {seed}, &{plan:?})");
            let a = play(&s, seed, &plan).map_err(|e| TestCaseError::fail(format!("{line}: {e}")))?;
            let b = play(&s, seed, &plan).map_err(|e| TestCaseError::fail(format!("{line}: {e}")))?;
            prop_assert_eq!(digest::of(&a), digest::of(&b), "{}", line);
        }
    }
}

#[test]
fn clones_step_alike_and_seeds_differ() {
    let mut a = World::new(&registry(), 5);
    promote(&mut a, "v2");
    steps(&mut a, 30);
    let mut b = a.clone();
    for _ in 0..200 {
        assert_eq!(a.step(), b.step());
    }
    assert_eq!(digest::of(&a), digest::of(&b));
    let mut c = World::new(&registry(), 6);
    promote(&mut c, "v2");
    steps(&mut c, 230);
    assert_ne!(digest::of(&a), digest::of(&c));
}

#[test]
fn a_small_error_rate_affects_a_small_share_for_ever() {
    let mut w = World::new(&docs(), 3);
    w.apply(&Effect::Clear(Fault::DiskFill {
        host: "docs-01".into(),
        path: "/srv/build/output".into(),
        bytes_per_s: 0,
    }))
    .expect("accepted");
    w.apply(&Effect::Begin(Fault::Errors { service: "web".into(), share: exact(1, 50) }, Course::default()))
        .expect("accepted");
    steps(&mut w, 600);
    let before = w.service("web").expect("web").total;
    let mut sum = 0;
    for _ in 0..600 {
        w.step();
        check(&w).expect("invariant");
        sum += w.users().0;
    }
    let mean = sum as f64 / 600.0;
    assert!((mean - 60.0).abs() < 4.0, "a fiftieth of 3,000 users: {mean}");
    let after = w.service("web").expect("web").total;
    assert_eq!(after.failed - before.failed, (after.requests - before.requests) / 50);
}

#[test]
fn one_replica_down_is_seen_on_its_host_and_by_nobody_else() {
    let mut w = World::new(&registry(), 1);
    w.apply(&Effect::Unit { host: "web-1".into(), unit: "api".into(), verb: UnitVerb::Stop }).expect("accepted");
    steps(&mut w, 60);
    assert_eq!((w.replicas("api"), w.users().0), (Some((1, 2)), 0));
    let path = "/api/v1/crates/serde/1.0.0/download";
    let get = |w: &World, from: &str| w.http_from(Some(from), &format!("http://localhost{path}"), true);
    assert_eq!((get(&w, "web-1").exit, get(&w, "web-2").line.as_str()), (7, "HTTP/1.1 302 Found"));
    assert_eq!(w.http(&format!("http://10.0.0.1{path}"), true).exit, 7);
    let pid = w.processes("web-2").into_iter().find(|p| p.unit.as_deref() == Some("api")).expect("process").pid;
    w.apply(&Effect::Kill { host: "web-2".into(), pid }).expect("accepted");
    steps(&mut w, 1);
    assert!(w.users().0 > 0 && !w.is_up("api"));
    let facts = steps(&mut w, 10);
    assert!(facts.contains(&FactKind::StateChanged { component: "api".into(), to: "up".into() }), "it comes back");
}

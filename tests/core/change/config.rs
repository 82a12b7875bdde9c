//! Configuration, flags and scheduled jobs: pushes, gates, drift, generators, kill switches, zones.

use super::*;
use wheel_of_misfortune::scenario::Crontab;
use wheel_of_misfortune::sim::{CronVerb, RolloutVerb};
use wheel_of_misfortune::stdx::time::Utc;

fn push(config: &str, version: &str) -> ChangeEffect {
    ChangeEffect::Push { config: config.into(), version: version.into() }
}

fn live(w: &World, config: &str) -> String {
    w.config(config).expect("config").live().to_owned()
}

#[test]
fn a_global_push_spreads_evenly_and_a_rollback_ends_it() {
    let mut w = open();
    act(&mut w, push("rules", "r2"));
    steps(&mut w, 10);
    let early = errors(&mut w, "api", 5);
    steps(&mut w, 10);
    let later = errors(&mut w, "api", 5);
    let facts = steps(&mut w, 20);
    assert!(facts.contains(&changed("config rules", "r2")), "{facts:?}");
    let whole = errors(&mut w, "api", 30);
    assert!(early > 0.05 && early < later && later < whole && (whole - 0.5).abs() < 0.01, "{early} {later} {whole}");
    act(&mut w, push("rules", "r1"));
    steps(&mut w, 42);
    assert!(errors(&mut w, "api", 20) < 1e-9);
    let rows: Vec<(String, String)> =
        w.config("rules").expect("rules").history().map(|(_, v, by)| (v.to_owned(), by.to_owned())).collect();
    let row = |v: &str| (v.to_owned(), "dev".to_owned());
    assert_eq!(rows, [row("r1"), row("r2"), row("r1")]);
    assert_eq!(refusal(&mut w, Effect::Change(push("rules", "r9"))), "rules has no version r9");
    assert_eq!(refusal(&mut w, Effect::Change(push("nope", "r1"))), "config nope not found");
}

#[test]
fn a_gate_stops_a_staged_push_before_it_hurts_everybody() {
    let mut w = open();
    act(&mut w, push("limits", "l2"));
    let facts = steps(&mut w, 120);
    assert!(facts.contains(&changed("config limits", "stopped")), "{facts:?}");
    let hurt = errors(&mut w, "api", 30);
    assert!((hurt - 0.06).abs() < 0.01, "a tenth of three fifths: {hurt}");
    let rollout = w.config("limits").expect("limits").state.rollout.clone().expect("on its way");
    assert!(rollout.paused && rollout.why.contains("gate 2.0 %"), "{rollout:?}");
    act(&mut w, ChangeEffect::Rollout { of: "limits".into(), verb: RolloutVerb::Abort });
    steps(&mut w, 2);
    assert!(errors(&mut w, "api", 20) < 1e-9);
    assert_eq!(w.config("limits").expect("limits").declared(), "l1");
}

#[test]
fn drift_is_in_no_history_and_reconciling_ends_it() {
    let mut w = open();
    let drift = ChangeFault::OutOfBand { config: "rules".into(), version: "r2".into() };
    begin(&mut w, drift.clone(), 1, 1);
    steps(&mut w, 2);
    assert!((errors(&mut w, "api", 30) - 0.5).abs() < 0.01);
    let c = w.config("rules").expect("rules");
    assert!(c.state.drifted() && c.declared() == "r1" && c.live() == "r2");
    assert!(c.history().all(|(_, v, _)| v != "r2"));
    // Looking at releases in vain: nothing was deployed.
    w.apply(&Effect::Promote { service: "api".into(), release: "v1".into() }).expect("accepted");
    steps(&mut w, 62);
    assert!((errors(&mut w, "api", 20) - 0.5).abs() < 0.01 && is_ill(&w, &drift), "a rollback of code changes nothing");
    assert_eq!(refusal(&mut w, Effect::Change(ChangeEffect::Reconcile { stack: "x".into() })), "stack x not found");
    act(&mut w, ChangeEffect::Reconcile { stack: "edge".into() });
    steps(&mut w, 42);
    assert!(errors(&mut w, "api", 20) < 1e-9 && !is_ill(&w, &drift));
}

#[test]
fn a_bad_push_is_dialled_and_ends_as_it_came() {
    let bad = ChangeFault::BadConfig { config: "rules".into(), version: "r2".into() };
    let dial = |n| {
        let mut w = open();
        begin(&mut w, bad.clone(), n, 4);
        steps(&mut w, 45);
        errors(&mut w, "api", 30)
    };
    rises(&[dial(1), dial(2), dial(3), dial(4)]);
    let mut w = open();
    begin(&mut w, bad.clone(), 1, 1);
    steps(&mut w, 45);
    w.apply(&Effect::Clear(fault(bad))).expect("there");
    steps(&mut w, 45);
    assert_eq!(live(&w, "rules"), "r1");
}

#[test]
fn a_generator_flaps_until_it_is_stopped_and_overwrites_what_is_pushed() {
    let mut w = open();
    steps(&mut w, 60 + 3_600 + 30);
    let mut seen = Vec::new();
    for _ in 0..24 {
        steps(&mut w, 60);
        seen.push(live(&w, "features"));
    }
    let bad = seen.iter().filter(|v| *v == "bad").count();
    assert!((4..=20).contains(&bad), "it comes and goes: {seen:?}");
    // Pushing a good one without stopping the generator is in vain.
    act(&mut w, push("features", "good"));
    let lived: Vec<String> = (0..20).map(|_| (steps(&mut w, 60), live(&w, "features")).1).collect();
    assert!(lived.iter().any(|v| v == "bad"), "{lived:?}");
    act(&mut w, ChangeEffect::Generator { config: "features".into(), on: false });
    act(&mut w, push("features", "good"));
    steps(&mut w, 10);
    assert!(errors(&mut w, "api", 600) < 1e-9);
    let none = ChangeEffect::Generator { config: "rules".into(), on: false };
    assert_eq!(refusal(&mut w, Effect::Change(none)), "no program makes rules");
    let broken = ChangeFault::BadGenerator { config: "features".into() };
    let mut w = open();
    begin(&mut w, broken.clone(), 1, 1);
    steps(&mut w, 70);
    assert_eq!(live(&w, "features"), "bad", "broken in full: every cycle");
    act(&mut w, ChangeEffect::Generator { config: "features".into(), on: false });
    assert!(is_ill(&w, &broken));
    act(&mut w, push("features", "good"));
    steps(&mut w, 10);
    assert!(!is_ill(&w, &broken));
}

#[test]
fn a_kill_switch_silences_what_it_is_for() {
    let mut w = open();
    act(&mut w, push("rules", "r2"));
    steps(&mut w, 45);
    let share = |w: &mut World, percent| {
        act(w, ChangeEffect::Flag { flag: "no-rules".into(), percent });
        steps(w, 2);
        errors(w, "api", 20)
    };
    let (none, half, all) = (share(&mut w, 0), share(&mut w, 50), share(&mut w, 100));
    assert!((none - 0.5).abs() < 0.01 && (half - 0.25).abs() < 0.01 && all < 1e-9, "{none} {half} {all}");
    let too_much = ChangeEffect::Flag { flag: "no-rules".into(), percent: 101 };
    assert_eq!(refusal(&mut w, Effect::Change(too_much)), "101 is not a percentage");
    let flip = ChangeFault::FlagFlip { flag: "no-rules".into(), percent: 0 };
    begin(&mut w, flip.clone(), 1, 1);
    steps(&mut w, 2);
    assert!((errors(&mut w, "api", 20) - 0.5).abs() < 0.01);
    act(&mut w, ChangeEffect::Flag { flag: "no-rules".into(), percent: 100 });
    steps(&mut w, 2);
    assert!(!is_ill(&w, &flip));
}

#[test]
fn jobs_run_when_the_crontab_says_and_weigh_while_they_run() {
    let mut w = open();
    let calm = latency(&mut w, "api", 30);
    // Half past twelve is half an hour after T0.
    steps(&mut w, 60 + 1_800 - 31);
    let facts = steps(&mut w, 2);
    assert!(facts.contains(&changed("job report", "running")), "{facts:?}");
    let busy = latency(&mut w, "api", 60);
    let facts = steps(&mut w, 40);
    assert!(facts.contains(&changed("job report", "done")), "{facts:?}");
    assert!(busy > calm * 2.5 && latency(&mut w, "api", 30) < calm * 1.1, "{calm} {busy}");
    // At a quarter to one the zone goes back an hour: half past twelve comes once more.
    steps(&mut w, 4_000);
    let runs = |w: &World, name: &str| w.crons().find(|c| c.name == name).expect("job").state.runs;
    assert_eq!((runs(&w, "report"), runs(&w, "twice")), (1, 2));
}

#[test]
fn a_job_deletes_what_its_selector_names_and_a_pause_prevents_it() {
    let mut w = open();
    let steer = |verb| ChangeEffect::Cron { cron: "clean".into(), verb };
    assert_eq!(refusal(&mut w, Effect::Change(steer(CronVerb::Kill))), "clean does not run");
    act(&mut w, steer(CronVerb::Run));
    act(&mut w, steer(CronVerb::Kill));
    steps(&mut w, 20);
    assert_eq!(w.lost(), 0, "a run that is killed does not come to its end");
    act(&mut w, steer(CronVerb::Run));
    let facts = steps(&mut w, 20);
    let lost = FactKind::DurableLoss { amount: 5, what: "job-1:/srv/reports".into() };
    assert!(facts.contains(&lost), "{facts:?}");
    assert!(w.host("job-1").expect("host").vfs.stat("/srv/reports").is_none());
}

#[test]
fn runaway_runs_overlap_and_add_up() {
    let run = |n: Option<i64>| {
        let mut w = open();
        act(&mut w, ChangeEffect::Cron { cron: "sync".into(), verb: CronVerb::Resume });
        if let Some(n) = n {
            let factor = Exact(ratio(12, 1));
            begin(&mut w, ChangeFault::RunawayJob { cron: "sync".into(), factor }, n, 2);
        }
        steps(&mut w, 400);
        let running = w.crons().find(|c| c.name == "sync").expect("job").state.running.len();
        (running as f64, latency(&mut w, "catalog", 60))
    };
    let (usual, half, whole) = (run(None), run(Some(1)), run(Some(2)));
    rises(&[usual.0, half.0, whole.0]);
    rises(&[usual.1, half.1, whole.1]);
    assert!(whole.0 >= 3.0, "{whole:?}");
}

#[test]
fn crontabs_are_read_as_cron_reads_them() {
    let at = |text: &str| Utc::parse(text).expect("a moment");
    let next = |schedule: &str, after: &str| {
        let far = at(after).plus(400 * 86_400);
        Crontab::parse(schedule).expect("a schedule").next(at(after), far, |_| 0).map(Utc::iso)
    };
    let cases = [
        ("30 2 * * *", "2024-01-01T02:29:59Z", "2024-01-01T02:30:00Z"),
        ("30 2 * * *", "2024-01-01T02:30:00Z", "2024-01-02T02:30:00Z"),
        ("*/15 8-9 * * mon-fri", "2024-01-05T09:45:00Z", "2024-01-08T08:00:00Z"),
        ("0 0 29 feb *", "2024-01-01T00:00:00Z", "2024-02-29T00:00:00Z"),
        // Days of the month and of the week, both restricted: either is enough.
        ("0 0 13 * 5", "2024-01-01T00:00:00Z", "2024-01-05T00:00:00Z"),
        ("5,10 * * * 7", "2024-01-01T00:00:00Z", "2024-01-07T00:05:00Z"),
        ("@weekly", "2024-01-01T00:00:00Z", "2024-01-07T00:00:00Z"),
    ];
    for (schedule, after, want) in cases {
        assert_eq!(next(schedule, after).as_deref(), Some(want), "{schedule} after {after}");
    }
    for bad in ["", "* * * *", "60 * * * *", "* * 0 * *", "a * * * *", "*/0 * * * *", "5-1 * * * *"] {
        assert!(Crontab::parse(bad).is_err(), "{bad}");
    }
}

/// Parameters: a timeout, a limit, a quota, each by a push or by itself, and each on a dial.
#[test]
fn a_wrong_parameter_fails_calls_that_were_well() {
    let mut w = open();
    assert!(errors(&mut w, "web", 30) < 1e-9);
    act(&mut w, push("calls", "c2"));
    steps(&mut w, 2);
    // Answers take 100 ms on average, so e^-0.3 of them take longer than 30 ms.
    let late = errors(&mut w, "web", 60);
    assert!((late - 0.741).abs() < 0.03, "{late}");
    assert!(errors(&mut w, "stock", 30) < 1e-9, "and the called service is well");
    act(&mut w, push("calls", "c1"));
    steps(&mut w, 3);
    assert!(errors(&mut w, "web", 30) < 1e-9);
    let parameter = |change: &ChangeFault, service: &str, n| {
        let mut w = open();
        begin(&mut w, change.clone(), n, 4);
        steps(&mut w, 30);
        errors(&mut w, service, 60)
    };
    let (from, to, stock) = ("web".to_owned(), "stock".to_owned(), "stock".to_owned());
    let cases = [
        (ChangeFault::Timeout { from, to, timeout: 30_000 }, "web"),
        (ChangeFault::Limit { service: stock.clone(), slots: 1 }, "stock"),
        (ChangeFault::Quota { service: stock, rate: Exact(ratio(10, 1)) }, "stock"),
    ];
    for (change, service) in cases {
        let all = [1, 2, 3, 4].map(|n| parameter(&change, service, n));
        rises(&all);
        assert!(all[3] > 0.3, "{change:?}: {all:?}");
    }
}

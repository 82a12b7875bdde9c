//! Releases that carry faults as far as they run: steps, gates, aborts, missed hosts, automatic updates, freezes.

use super::*;
use wheel_of_misfortune::sim::RolloutVerb;

fn promote(w: &mut World, release: &str) {
    let effect = Effect::Promote { service: "api".into(), release: release.into() };
    w.apply_by(&effect, "dev").expect("accepted");
}

fn shares(w: &World) -> Vec<(String, u64)> {
    w.release_shares("api").into_iter().map(|s| (s.release, s.permille)).collect()
}

#[test]
fn a_staged_release_hurts_as_far_as_it_runs() {
    let mut w = open();
    assert!(errors(&mut w, "api", 30) < 1e-9);
    promote(&mut w, "v2");
    let early = w.apply(&Effect::Promote { service: "api".into(), release: "v3".into() });
    assert_eq!(early.expect_err("busy").message, "a rollout of api is in progress: v2 at 25%");
    assert_eq!(shares(&w), [("v1".to_owned(), 750), ("v2".to_owned(), 250)]);
    assert_eq!((w.release_on("api", "web-1"), w.release_on("api", "web-4")), (Some("v2"), Some("v1")));
    assert_eq!(w.service("api").expect("api").release.as_deref(), Some("v1"), "production is what was there before");
    steps(&mut w, 2);
    let quarter = errors(&mut w, "api", 50);
    let facts = steps(&mut w, 12);
    assert!(facts.contains(&changed("rollout api", "v2 50%")), "{facts:?}");
    let half = errors(&mut w, "api", 40);
    let facts = steps(&mut w, 30);
    let deployed = FactKind::Deployed { service: "api".into(), release: "v2".into(), stage: "production".into() };
    assert!(facts.contains(&deployed), "{facts:?}");
    let whole = errors(&mut w, "api", 40);
    for (seen, want) in [(quarter, 0.2), (half, 0.4), (whole, 0.8)] {
        assert!((seen - want).abs() < 0.01, "{quarter} {half} {whole}");
    }
    assert_eq!(w.deploys().last().map(|d| (d.release.as_str(), d.by.as_str())), Some(("v2", "dev")));
    // The way back is short: one job for all.
    promote(&mut w, "v1");
    assert_eq!(w.jobs().len(), 1);
    steps(&mut w, 62);
    assert!(errors(&mut w, "api", 30) < 1e-9 && w.carried().is_empty());
}

#[test]
fn a_rollout_is_paused_resumed_hurried_and_aborted() {
    let mut w = open();
    let steer = |verb| ChangeEffect::Rollout { of: "api".into(), verb };
    assert_eq!(refusal(&mut w, Effect::Change(steer(RolloutVerb::Abort))), "no rollout of api is in progress");
    promote(&mut w, "v2");
    act(&mut w, steer(RolloutVerb::Pause));
    steps(&mut w, 300);
    assert_eq!(shares(&w)[1], ("v2".to_owned(), 250), "it stands still");
    assert_eq!(w.rollout_left_s("api"), Some(120), "and the clock of its step too");
    act(&mut w, steer(RolloutVerb::Resume));
    act(&mut w, steer(RolloutVerb::Promote));
    assert_eq!(shares(&w)[1], ("v2".to_owned(), 500));
    steps(&mut w, 2);
    act(&mut w, steer(RolloutVerb::Abort));
    assert_eq!(shares(&w), [("v1".to_owned(), 1000)]);
    steps(&mut w, 2);
    assert!(errors(&mut w, "api", 30) < 1e-9);
    assert!(w.deploys().iter().all(|d| d.release != "v2" || d.stage == "staging"), "it never was in production");
}

/// The new code is right and the flag means another thing in the old code: a host that was missed, then a rollback.
#[test]
fn a_missed_host_and_a_reused_flag_and_the_rollback_that_makes_it_worse() {
    let mut w = open();
    let missed = ChangeEffect::Partial { service: "api".into(), release: "v3".into(), misses: vec!["web-4".into()] };
    act(&mut w, missed);
    assert_eq!(w.service("api").expect("api").release.as_deref(), Some("v3"), "the log says that it is everywhere");
    assert_eq!(w.release_on("api", "web-4"), Some("v1"));
    let calm = latency(&mut w, "api", 20);
    act(&mut w, ChangeEffect::Flag { flag: "fast-path".into(), percent: 100 });
    steps(&mut w, 2);
    let one_of_four = latency(&mut w, "api", 20);
    promote(&mut w, "v1");
    steps(&mut w, 62);
    let all = latency(&mut w, "api", 20);
    assert!(calm * 2.0 < one_of_four && one_of_four * 1.5 < all, "{calm} {one_of_four} {all}");
    act(&mut w, ChangeEffect::Flag { flag: "fast-path".into(), percent: 0 });
    steps(&mut w, 2);
    assert!(latency(&mut w, "api", 20) < calm * 1.1);
    let nobody = ChangeEffect::Partial { service: "api".into(), release: "v3".into(), misses: vec!["job-1".into()] };
    assert_eq!(refusal(&mut w, Effect::Change(nobody)), "api does not run on job-1");
}

#[test]
fn an_automatic_update_leaves_no_row_in_the_log_and_a_rollback_ends_it() {
    let mut w = open();
    let update = ChangeFault::AutoUpdate { service: "api".into(), release: "v2".into() };
    let rows = w.deploys().len();
    begin(&mut w, update.clone(), 1, 2);
    steps(&mut w, 2);
    assert!((errors(&mut w, "api", 30) - 0.4).abs() < 0.01);
    assert_eq!(w.deploys().len(), rows);
    assert!(is_ill(&w, &update));
    act(&mut w, ChangeEffect::Rollout { of: "api".into(), verb: RolloutVerb::Abort });
    steps(&mut w, 2);
    assert!(!is_ill(&w, &update) && errors(&mut w, "api", 30) < 1e-9);
    let dial = |n| {
        let mut w = open();
        begin(&mut w, update.clone(), n, 4);
        steps(&mut w, 2);
        errors(&mut w, "api", 30)
    };
    rises(&[dial(1), dial(2), dial(3), dial(4)]);
}

#[test]
fn a_freeze_keeps_new_things_out_and_lets_old_ones_back() {
    let mut w = open();
    act(&mut w, ChangeEffect::Freeze { on: true, why: "incident".into() });
    let new = Effect::Promote { service: "api".into(), release: "v3".into() };
    assert_eq!(refusal(&mut w, new.clone()), "deploys are frozen: incident");
    let push = ChangeEffect::Push { config: "rules".into(), version: "r2".into() };
    assert_eq!(refusal(&mut w, Effect::Change(push)), "deploys are frozen: incident");
    assert_eq!(w.freeze(), Some(("dev", "incident")));
    w.apply(&Effect::Promote { service: "api".into(), release: "v1".into() }).expect("what ran before may come back");
    steps(&mut w, 61);
    act(&mut w, ChangeEffect::Freeze { on: false, why: String::new() });
    w.apply(&new).expect("open again");
}

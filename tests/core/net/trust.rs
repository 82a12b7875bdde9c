//! Certificates, secrets, tokens and clocks: each side judges by what it has and by its own clock.

use super::*;

fn tls(w: &World, from: &str, to: &str) -> f64 {
    w.net().passage_between(from, to).expect("a call").tls
}

#[test]
fn a_certificate_runs_out_at_its_second() {
    let mut w = world();
    // It ends at T+2h and the session opens at T-1m.
    steps(&mut w, 7_260 - 1);
    assert_eq!(tls(&w, "web", "api"), 0.0);
    let (mut first, mut n) = (None, 0);
    while first.is_none() && n < 5 {
        steps(&mut w, 1);
        n += 1;
        first = (tls(&w, "web", "api") > 0.0).then_some(n);
    }
    assert_eq!((first, tls(&w, "web", "api")), (Some(1), 1.0));
    assert!(failures(&mut w, 60) > 1_000);
    assert_eq!(w.http_from(Some("web-01"), "https://api.shop.example/", false).exit, 60);
}

#[test]
fn each_caller_judges_by_its_own_clock() {
    let mut w = world();
    // One of two web servers is an hour and a half ahead, so for it the API's certificate ends early.
    begin(&mut w, NetFault::ClockStep { host: s("web-02"), ms: 7_000_000 });
    steps(&mut w, 400);
    assert_eq!(tls(&w, "web", "api"), 0.5);
    let reply = w.http_from(Some("web-02"), "https://api.shop.example/", false);
    assert_eq!(reply.error.as_deref(), Some("SSL certificate problem: certificate has expired"));
    assert_eq!(w.http_from(Some("web-01"), "https://api.shop.example/", false).exit, 0);
    does(&mut w, NetEffect::ClockStep { host: s("web-02") });
    steps(&mut w, 1);
    assert_eq!(tls(&w, "web", "api"), 0.0);
    assert!(w.faults().next().is_none());
}

#[test]
fn a_renewed_certificate_is_used_after_a_restart_if_the_program_reads_it_only_then() {
    let mut w = world();
    begin(&mut w, NetFault::CertExpired { cert: s("api") });
    steps(&mut w, 2);
    assert_eq!(tls(&w, "web", "api"), 1.0);
    assert!(matches!(does(&mut w, NetEffect::CertRenew { cert: s("api") }), Applied::Job { seconds: 30, .. }));
    steps(&mut w, 31);
    assert_eq!(tls(&w, "web", "api"), 1.0, "renewed on disk");
    does(&mut w, NetEffect::CertReload { cert: s("api"), service: None });
    steps(&mut w, 1);
    assert_eq!(tls(&w, "web", "api"), 1.0, "it does not read it on a reload");
    restart(&mut w, "api-01", "api");
    steps(&mut w, 4);
    assert_eq!(tls(&w, "web", "api"), 0.5, "one of two replicas");
    restart(&mut w, "api-02", "api");
    steps(&mut w, 4);
    assert_eq!(tls(&w, "web", "api"), 0.0);
    assert!(w.faults().next().is_none(), "nothing is left of the fault");
}

#[test]
fn a_consumer_that_keeps_a_copy_must_be_given_the_new_one() {
    let mut w = world();
    begin(&mut w, NetFault::CertExpired { cert: s("sign") });
    steps(&mut w, 2);
    assert_eq!(tls(&w, "api", "auth"), 1.0);
    does(&mut w, NetEffect::CertRenew { cert: s("sign") });
    steps(&mut w, 31);
    assert_eq!(tls(&w, "api", "auth"), 1.0, "it presents the new one, which the API does not know");
    does(&mut w, NetEffect::CertTrust { cert: s("sign"), service: Some(s("api")) });
    steps(&mut w, 1);
    assert_eq!(tls(&w, "api", "auth"), 0.0);
}

#[test]
fn a_rotated_secret_hurts_after_its_grace_until_each_holder_has_it() {
    let mut w = world();
    begin(&mut w, NetFault::SecretRotated { secret: s("db-password") });
    let denied = |w: &World| w.net().passage_between("api", "db").expect("a call").denied;
    steps(&mut w, 19);
    assert_eq!(denied(&w), 0.0, "within the grace time");
    steps(&mut w, 2);
    assert_eq!(denied(&w), 1.0);
    restart(&mut w, "api-01", "api");
    steps(&mut w, 4);
    assert_eq!(denied(&w), 0.5);
    does(&mut w, NetEffect::SecretReload { secret: s("db-password"), service: None });
    steps(&mut w, 1);
    assert_eq!(denied(&w), 0.0);
    assert!(w.faults().next().is_none());
}

#[test]
fn a_token_is_judged_by_the_difference_of_two_clocks() {
    let denied = |host: &str, ms: i64| {
        let mut w = world();
        begin(&mut w, NetFault::ClockStep { host: s(host), ms });
        steps(&mut w, 2);
        w.net().passage_between("cdn", "web").expect("a call").denied
    };
    assert_eq!(denied("auth-01", 20_000), 0.0, "within the leeway");
    assert_eq!(denied("auth-01", 60_000), 1.0, "signed in the future");
    assert_eq!(denied("auth-01", -200_000), 0.0, "still valid");
    assert_eq!(denied("auth-01", -400_000), 1.0, "expired when it was made");
    assert_eq!(denied("web-01", -60_000), 0.5, "one of two that check is behind");
}

#[test]
fn a_clock_drifts_until_it_is_disciplined_and_a_step_alone_does_not_last() {
    let mut w = world();
    let offset = |w: &World| w.net().clock("api-01").expect("a clock").offset_us;
    begin(&mut w, NetFault::ClockDrift { host: s("api-01"), ppm: 1_000 });
    steps(&mut w, 100);
    assert!((offset(&w) - 100_000.0).abs() < 1_500.0, "{}", offset(&w));
    let refused =
        w.apply(&Effect::Net(NetEffect::ClockStep { host: s("api-01") })).expect_err("nothing disciplines it");
    assert_eq!(refused.message, "506 Cannot talk to daemon");
    does(&mut w, NetEffect::ClockNtp { host: s("api-01"), on: true });
    steps(&mut w, 100);
    assert_eq!(offset(&w), 0.0);
    assert!(w.faults().next().is_none());
}

#[test]
fn the_name_asked_for_must_be_in_the_certificate() {
    let mut w = world();
    does(&mut w, NetEffect::RecordSet { name: s("api.shop.example"), to: vec![s("auth")], ttl: None });
    steps(&mut w, 60);
    let reply = w.http_from(Some("web-01"), "https://api.shop.example/", false);
    let error = reply.error.unwrap_or_default();
    assert!(
        error.contains("no alternative certificate subject name matches target host name 'api.shop.example'"),
        "{error}"
    );
    assert_eq!(w.request(Some("web-01"), "https://api.shop.example/", false, false).exit, 0, "unless nobody looks");
}

#[test]
fn a_name_that_nobody_wrote_a_certificate_for_shows_a_sound_one() {
    let w = World::new(&crate::world::worlds::registry(), 1);
    let now = w.utc();
    let shown = w.net().tls(None, "api", "registry.example", now, |_| true).expect("a certificate");
    assert!(!shown.declared && shown.chain && shown.problem.is_empty(), "{shown:?}");
    assert!(shown.issue.from.0 < now.0 && now.0 < shown.issue.until.0, "{shown:?}");
    assert_eq!(shown.issue.until.0 - shown.issue.from.0, 90 * 86_400);
    assert_eq!(w.net().tls(None, "api", "nowhere.example", now, |_| true), None, "another name");
}

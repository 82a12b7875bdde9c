//! Tenants: who is hit, who is not, and where it shows.

use super::small;
use crate::whole::seat::Seat;
use wheel_of_misfortune::fact::FactKind;
use wheel_of_misfortune::scenario::Scenario;
use wheel_of_misfortune::sim::{ChangeEffect, Effect, World};

const TRAFFIC: &str =
    "\"users\": (name: \"Users\", calls: \"api:get\", rate: \"10/s\", users: 100, fact: \"invented\")";

const TENANTS: &str = "\"acme-web\": (name: \"Acme\", tenant: \"acme\", calls: \"api:get\", rate: \"10/s\", users: 100, fact: \"invented\"), \
    \"globex-web\": (name: \"Globex\", tenant: \"globex\", calls: \"api:get\", rate: \"30/s\", users: 300, fact: \"invented\")";

/// The API with a database behind it, two tenants, and more of the world.
fn two(world: &str) -> Scenario {
    let world = format!("{world}\n        alerts: {{");
    let api = "release: \"v1\", staging: \"v2\", dns: \"api.example\"),";
    let calls = format!(
        "calls: [\"db\"], {api}\n            \"db\": (kind: Database, name: \"DB\", owner: \"you\", dns: \"db.example\"),"
    );
    small(&[(TRAFFIC, TENANTS), (api, &calls), ("alerts: {", &world)])
}

fn hit(w: &World) -> [(u64, u64); 2] {
    [w.tenant_users("acme"), w.tenant_users("globex")]
}

#[test]
fn a_fault_of_one_tenant_hits_it_wherever_it_lies_and_nobody_else() {
    // At the door, and two calls further where nobody sees a client any more.
    for service in ["api", "db"] {
        let fault = format!(
            "faults: [(at: \"T+0s\", fault: TenantErrors(tenant: \"acme\", service: \"{service}\", share: \"1\"), fact: \"invented\")],"
        );
        let mut seat = Seat::new(two(&fault), 7);
        for _ in 0..240 {
            seat.session.advance();
        }
        assert_eq!(hit(seat.session.world()), [(100, 100), (0, 300)], "{service}");
        assert_eq!(seat.session.world().users(), (100, 400));
        // Metrics tell them apart, and add up to what the service counts.
        let result = |tenant: &str, result: &str| {
            let q = format!("sum(tenant_requests_total{{service=\"api\",tenant=\"{tenant}\",result=\"{result}\"}})");
            seat.number(&q).expect("a series")
        };
        assert!(result("acme", "error") > 1_500.0 && result("globex", "error") == 0.0, "{service}");
        let all = seat.number("sum(http_requests_total{service=\"api\"})").expect("a series");
        assert_eq!(all, seat.number("sum(tenant_requests_total{service=\"api\"})").expect("a series"));
        // The blast radius is told by name.
        let told: Vec<&str> = seat
            .session
            .facts()
            .iter()
            .filter_map(|f| match &f.what {
                FactKind::StateChanged { component, to } if to == "affected" => Some(component.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(told, ["tenant acme"]);
    }
}

#[test]
fn a_limit_of_one_tenant_lets_the_others_through() {
    let fault = "faults: [(at: \"T+0s\", fault: TenantLimit(tenant: \"globex\", service: \"api\", rate: \"12/s\"), fact: \"invented\")],";
    let mut w = World::new(&two(fault), 7);
    for _ in 0..660 {
        w.step();
    }
    let flows = &w.service("api").expect("api").tenants;
    let (acme, globex) = (flows[0], flows[1]);
    assert_eq!((acme.limited, acme.failed), (0, 0));
    // 30 a second come for ten minutes, of which 12 are let in.
    assert!(globex.limited.abs_diff(600 * 18) < 600, "{globex:?}");
    assert_eq!(globex.started, globex.ok + globex.limited + globex.failed);
}

#[test]
fn a_flag_of_one_tenant_ends_with_the_flag() {
    let flag = "flags: { \"acme-pilot\": (service: \"api\", about: \"new path for acme\", percent: 100, \
        effects: [(fault: TenantErrors(tenant: \"acme\", service: \"api\", share: \"1/2\"))], fact: \"invented\") },";
    let mut w = World::new(&two(flag), 7);
    for _ in 0..120 {
        w.step();
    }
    assert!(hit(&w)[0].0 > 0 && hit(&w)[1].0 == 0, "{:?}", hit(&w));
    w.apply(&Effect::Change(ChangeEffect::Flag { flag: "acme-pilot".into(), percent: 0 })).expect("accepted");
    for _ in 0..120 {
        w.step();
    }
    assert_eq!(hit(&w), [(0, 100), (0, 300)]);
}

/// How many lines of the API since the opening hold all of these, as a pipe counts them.
fn lines(seat: &Seat, with: &[&str]) -> u64 {
    let greps: String = with.iter().map(|w| format!(" | grep '{w}'")).collect();
    let line = format!("logs api --since 12:00:01 -n all{greps} | wc -l");
    let said = seat.says(&line).unwrap_or_else(|| panic!("{line}"));
    said.trim().parse().unwrap_or_else(|_| panic!("{line}: {said}"))
}

#[test]
fn lines_about_a_tenant_are_as_many_as_its_counters_say() {
    // So few requests that each one has its line; what began before T0 is not looked at.
    let slow = TENANTS.replace("10/s", "1/s").replace("30/s", "1/s");
    let world = |faults: &str| {
        let text = format!("faults: [{faults}],\n        alerts: {{");
        let unit = "(address: \"10.0.0.1\", units: { \"api\": (description: \"API\", service: \"api\", exec: \"/app\", memory: \"80MiB\") })";
        small(&[
            (TRAFFIC, &slow),
            ("alerts: {", &text),
            ("opens: \"T-1m\"", "opens: \"T-0s\""),
            ("(address: \"10.0.0.1\")", unit),
        ])
    };
    let errors =
        "(at: \"T+1m\", fault: TenantErrors(tenant: \"acme\", service: \"api\", share: \"1/3\"), fact: \"invented\")";
    let limit =
        "(at: \"T+2m\", fault: TenantLimit(tenant: \"globex\", service: \"api\", rate: \"30/m\"), fact: \"invented\")";
    let down = "(at: \"T+3m\", fault: Crash(host: \"web-01\", unit: \"api\"), fact: \"invented\")";
    for faults in [errors.to_owned(), limit.to_owned(), format!("{errors}, {limit}")] {
        let mut seat = Seat::new(world(&faults), 7);
        for _ in 0..240 {
            seat.session.advance();
        }
        let flows = seat.session.world().service("api").expect("api").tenants.clone();
        let names = seat.session.world().tenants().to_vec();
        assert_eq!(names, ["acme", "globex"]);
        for (name, flow) in names.iter().zip(&flows) {
            let mine = format!("tenant={name}");
            assert_eq!(lines(&seat, &[&mine]), flow.ok + flow.limited + flow.failed, "{faults} {flow:?}");
            assert_eq!(lines(&seat, &[&mine, "status=429"]), flow.limited, "{faults}");
            assert_eq!(lines(&seat, &[&mine, "status=500"]), flow.failed, "{faults}");
        }
        let hit = flows.iter().map(|f| f.failed + f.limited).sum::<u64>();
        assert!(hit > 20, "{faults} {flows:?}");
        // No line is about nobody's request, for there is none.
        assert_eq!(lines(&seat, &["request_id="]), lines(&seat, &["tenant="]), "{faults}");
    }
    // Where nothing listens, what stands in front of it tells whose requests it turned away.
    let mut seat = Seat::new(world(down), 7);
    for _ in 0..300 {
        seat.session.advance();
    }
    let flows = seat.session.world().service("api").expect("api").tenants.clone();
    let refused = lines(&seat, &["no upstream", "tenant=acme"]);
    assert_eq!(refused, flows[0].failed, "{flows:?}");
    assert!(refused > 20);
}

#[test]
fn a_world_without_tenants_names_none_in_its_lines() {
    let mut seat = Seat::new(small(&[]), 7);
    for _ in 0..120 {
        seat.session.advance();
    }
    assert!(lines(&seat, &["msg=request"]) > 10);
    assert_eq!(lines(&seat, &["tenant"]), 0);
}

//! What a client and the tools see of the network, in the same second as its users; refusals; drift.

use super::*;
use wheel_of_misfortune::sim::net::Rcode;

/// What a client and the tools' sources of truth say in the same second, while one fault after another is at work.
#[test]
fn curl_dig_and_users_never_contradict_each_other() {
    let faults = [
        NetFault::RecordEmptied { record: s("shop.example") },
        NetFault::CertExpired { cert: s("front") },
        NetFault::LinkDown { link: s("uplink"), one_way: false },
        NetFault::EdgeRule { rule: s("cdn:waf"), share: Exact(ratio(1, 1)), drift: true },
    ];
    for fault in faults {
        let mut w = world();
        begin(&mut w, fault.clone());
        // Once every cache has run out, everybody meets the same.
        steps(&mut w, 90);
        for i in 0..20 {
            steps(&mut w, 1);
            let reply = w.http(&format!("https://shop.example/api/{i}"), false);
            let p = w.net().passage_of("buyers").expect("a route");
            let found = w.net().look_up(None, "shop.example", None, w.utc());
            let seen = (p.unresolved, p.lost, p.tls, p.blocked);
            let expected = match (reply.exit, reply.status) {
                (6, _) => (1.0, 0.0, 0.0, 0.0),
                (28, _) => (0.0, 1.0, 0.0, 0.0),
                (60, _) => (0.0, 0.0, 1.0, 0.0),
                (0, 403) => (0.0, 0.0, 0.0, 1.0),
                other => panic!("{fault:?}: {other:?}"),
            };
            assert_eq!(seen, expected, "{fault:?}: {reply:?}");
            assert_eq!(found.addresses.is_empty(), reply.exit == 6, "{fault:?}: {found:?}");
            assert_eq!(found.rcode, Rcode::NoError);
            let buyers = w.sources().find(|(n, _)| *n == "buyers").expect("a source").1;
            assert!(buyers.attempts > 0 && buyers.failures == buyers.attempts, "{fault:?}: {buyers:?}");
            assert_eq!(buyers.timeouts > 0, reply.exit == 28);
            assert_eq!(buyers.turned > 0, reply.exit != 28);
        }
    }
}

#[test]
fn what_cannot_be_is_refused_in_the_words_of_the_tool() {
    let mut w = world();
    let mut refused = |e: NetEffect| w.apply(&Effect::Net(e)).expect_err("refused").message;
    assert_eq!(refused(NetEffect::CertRenew { cert: s("nope") }), "certificate nope not found");
    assert_eq!(
        refused(NetEffect::RecordSet { name: s("shop.example"), to: vec![s("10.0.0.300")], ttl: None }),
        "invalid target 10.0.0.300: not an IPv4 address or a known service"
    );
    assert_eq!(
        refused(NetEffect::RecordRollback { name: s("shop.example") }),
        "record shop.example has no earlier version"
    );
    assert_eq!(refused(NetEffect::LinkRepair { link: s("eth9") }), "Cannot find device \"eth9\"");
    assert_eq!(refused(NetEffect::BreakGlass { tool: s("dns") }), "no break-glass path for dns");
    assert_eq!(
        refused(NetEffect::SecretRollback { secret: s("db-password") }),
        "secret db-password has no earlier version"
    );
    let unknown = Fault::Net(NetFault::CertExpired { cert: s("nope") });
    assert!(w.apply(&Effect::Begin(unknown, Course::default())).is_err());
}

#[test]
fn a_change_by_hand_shows_as_drift_and_not_in_the_history() {
    let mut w = world();
    begin(&mut w, NetFault::EdgeRule { rule: s("cdn:waf"), share: Exact(ratio(1, 2)), drift: true });
    steps(&mut w, 2);
    let before = {
        let (_, _, e) = w.net().edges().next().expect("an edge");
        assert!(e.turned.get(1).is_some_and(|n| *n > 10.0), "403s are counted at the edge: {:?}", e.turned);
        (e.drifted(), e.history.len())
    };
    assert_eq!(before, (vec![1], 2));
    does(&mut w, NetEffect::RuleRollback { rule: s("cdn:waf") });
    steps(&mut w, 100);
    let (_, _, e) = w.net().edges().next().expect("an edge");
    assert!(e.drifted().is_empty() && e.history.len() == 3);
    assert_eq!(e.turned.get(1), Some(&0.0));
}

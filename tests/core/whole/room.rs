//! What happens in the rooms stands in the logs, once for each time that it happened, in the words of the program that saw it.

use super::place;
use super::seat::Seat;
use crate::world::swarm::draw::Draw;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::observe::{LogQuery, LogScope};
use wheel_of_misfortune::scenario::{Fault, NetFault};
use wheel_of_misfortune::session::Command;

/// Lines of somebody with this in them.
fn lines(seat: &Seat, scope: LogScope<'_>, text: &str) -> u64 {
    seat.session.telemetry().log_count(&LogQuery { scope, text: Some(text), ..LogQuery::default() })
}

fn seat() -> Seat {
    Seat::new(place::world(&mut Draw::new(3)), 3)
}

/// Types a line that changes something and lets it come about.
fn does(seat: &mut Seat, line: &str, seconds: u64) {
    assert!(seat.begins(1, line), "{line}");
    (0..seconds).for_each(|_| seat.session.advance());
    assert!(!seat.busy(1), "{line}");
}

#[test]
fn a_link_that_goes_down_and_comes_up_is_in_the_log_of_its_router() {
    let mut seat = seat();
    let count =
        |seat: &Seat, to: &str| lines(seat, LogScope::Any("backbone"), &format!("backbone, changed state to {to}"));
    assert_eq!((count(&seat, "down"), count(&seat, "up")), (0, 0));
    does(&mut seat, "link block backbone", 5);
    assert_eq!((count(&seat, "down"), count(&seat, "up")), (1, 0));
    does(&mut seat, "link unblock backbone", 5);
    assert_eq!((count(&seat, "down"), count(&seat, "up")), (1, 1));
}

#[test]
fn a_flag_and_a_configuration_are_in_the_logs_of_those_who_take_them_into_use() {
    let mut seat = seat();
    let replicas = seat.session.world().spec().services["api"].on.len().max(1) as u64;
    does(&mut seat, "flag set fast-path 30", 5);
    assert_eq!(lines(&seat, LogScope::Service("api"), "msg=\"flag changed\" flag=fast-path percent=30"), replicas);
    let loaded =
        |seat: &Seat| lines(seat, LogScope::Service("api"), "msg=\"configuration loaded\" config=rules version=r2");
    assert_eq!(loaded(&seat), 0);
    does(&mut seat, "config push rules r2", 30);
    assert_eq!(loaded(&seat), replicas);
}

#[test]
fn every_failed_look_of_a_probe_is_a_line() {
    let mut seat = seat();
    let before = lines(&seat, LogScope::Any("blackbox_exporter"), "msg=\"probe failed\"");
    let mut failed = 0;
    let fault = Fault::Net(NetFault::CertExpired { cert: "api".to_owned() });
    assert!(seat.does(Actor::Gm, Command::BeginFault { fault, course: Default::default() }));
    for _ in 0..180 {
        seat.session.advance();
        let w = seat.session.world();
        failed += w.probes().filter(|(_, p)| p.at == w.tick() && !p.ok).count() as u64;
    }
    assert!(failed > 0);
    assert_eq!(lines(&seat, LogScope::Any("blackbox_exporter"), "msg=\"probe failed\""), before + failed);
}

#[test]
fn a_certificate_that_ran_out_is_named_by_those_who_do_not_accept_it() {
    let mut seat = seat();
    let fault = Fault::Net(NetFault::CertExpired { cert: "api".to_owned() });
    assert!(seat.does(Actor::Gm, Command::BeginFault { fault, course: Default::default() }));
    (0..60).for_each(|_| seat.session.advance());
    let said = lines(&seat, LogScope::All, "reason=\"certificate has expired at ");
    let counted: u64 =
        seat.session.world().edges().filter(|(_, to, _)| *to == "api").map(|(_, _, e)| e.total.cut).sum();
    assert!(said > 0, "callers say why");
    assert_eq!(said, counted, "as many as calls that were cut");
}

#[test]
fn database_servers_write_who_leads_and_who_follows() {
    let mut seat = seat();
    let promoted = |seat: &Seat| lines(seat, LogScope::Host("db-02"), "LOG:  received promote request");
    assert_eq!(promoted(&seat), 0);
    does(&mut seat, "repl switchover db-main db-02", 60);
    assert_eq!(promoted(&seat), 1);
    let follows = lines(&seat, LogScope::Host("db-01"), "LOG:  started streaming WAL from primary at ");
    assert_eq!(follows, 1, "the old primary follows");
    let before = lines(&seat, LogScope::Service("db"), "LOG:  checkpoint starting: time");
    (0..600).for_each(|_| seat.session.advance());
    assert_eq!(lines(&seat, LogScope::Service("db"), "LOG:  checkpoint starting: time"), before + 2);
}

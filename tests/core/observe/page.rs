//! From alerts to the pager: one page a group, its end, and whom it rings when nobody answers.

use super::worlds::exact;
use super::{Fault, calm};
use std::sync::Arc;
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::host::load;
use wheel_of_misfortune::scenario::{Course, EscalationSpec, RouteSpec, RoutingSpec, Scenario, Signal};
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, PRIMARY, SIMULATOR, Session};
use wheel_of_misfortune::stdx::time::Span;
use wheel_of_misfortune::storage::package;

struct Desk {
    session: Session,
    seq: u64,
}

impl Desk {
    fn new(s: Scenario) -> Desk {
        let header = Header {
            format: LOG_FORMAT,
            simulator: SIMULATOR,
            scenario: s.id.clone(),
            scenario_digest: s.digest.clone(),
            seed: 7,
            seats: vec![PRIMARY.to_owned()],
            branch: 0,
            parent: None,
        };
        Desk { session: Session::new(header, Arc::new(s)), seq: 0 }
    }

    fn does(&mut self, by: Actor, command: Command) {
        assert_eq!(self.session.decide(&by, &command).map_err(|r| format!("{r:?}")), Ok(()), "{command:?}");
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by, command });
    }

    fn begin(&mut self) {
        let course = Course::default();
        self.does(Actor::Gm, Command::BeginFault { fault: down(), course });
    }

    fn clear(&mut self) {
        self.does(Actor::Gm, Command::ClearFault { fault: down() });
    }

    fn wait(&mut self, seconds: u64) {
        (0..seconds).for_each(|_| self.session.advance());
    }

    /// Every page: its source, whether it is over, and whether it may still ring somebody.
    fn pages(&self) -> Vec<(String, bool, bool)> {
        let pages = self.session.project(PRIMARY).pages.into_iter();
        pages.map(|p| (p.source, p.ended_t_s.is_some(), p.escalates_in_s.is_some())).collect()
    }

    fn called(&self) -> usize {
        self.session.facts().iter().filter(|f| matches!(f.what, FactKind::Called { .. })).count()
    }
}

fn down() -> Fault {
    Fault::Errors { service: "web".into(), share: exact(1, 1) }
}

/// The documentation site with two alerts on one thing, the second of them later and worse named first in the alphabet,
/// somebody to ring after ten minutes, and routes if asked for.
fn site(routes: bool) -> Scenario {
    let mut s = calm();
    let package = package::find("docsrs-2019-10-21-disk-full").expect("it is bundled");
    s.people.clone_from(&load(&package).expect("it loads").people);
    let to = s.people.keys().next().expect("somebody").clone();
    s.world.escalation = vec![EscalationSpec { after: Span(600), to }];
    let mut late = s.world.alerts["site-down"].clone();
    assert!(matches!(late.signal, Signal::Probe(_)));
    late.hold = Span(240);
    late.pages = None;
    late.severity = wheel_of_misfortune::scenario::AlertSeverity::Warning;
    s.world.alerts.insert("a-late-one".to_owned(), late);
    let route = RouteSpec {
        receiver: Some("you".into()),
        group_by: Some(vec!["service".to_owned()]),
        group_wait: Some(Span(0)),
        group_interval: Some(Span(60)),
        repeat_interval: Some(Span(300)),
        ..RouteSpec::default()
    };
    s.world.routing = routes.then(|| RoutingSpec { route, inhibit: Vec::new() });
    s
}

#[test]
fn a_group_has_one_page_until_all_of_it_ends() {
    let mut d = Desk::new(site(true));
    d.begin();
    d.wait(200);
    assert_eq!(d.pages(), [("site-down".to_owned(), false, true)]);
    // The other alert joins the group, and the repeat interval passes: the pager has it already.
    d.wait(390);
    let firing = d.session.project(PRIMARY).alerts.iter().filter(|a| format!("{:?}", a.state) == "Firing").count();
    assert_eq!((firing, d.pages().len()), (2, 1), "{:?}", d.pages());
    d.clear();
    d.wait(200);
    assert_eq!(d.pages(), [("site-down".to_owned(), true, false)]);
    // The next outage is a page of its own.
    d.begin();
    d.wait(200);
    assert_eq!(d.pages(), [("site-down".to_owned(), true, false), ("site-down".to_owned(), false, true)]);
    // `ack` without a number takes the one that goes on.
    d.does(Actor::Seat(PRIMARY.to_owned()), Command::Ack { page: 0 });
    let acked: Vec<bool> = d.session.project(PRIMARY).pages.iter().map(|p| p.acked_t_s.is_some()).collect();
    assert_eq!(acked, [false, true]);
}

#[test]
fn a_page_rings_the_next_person_unless_it_is_taken_or_over() {
    for routes in [false, true] {
        let ways: [(&str, fn(&mut Desk), usize); 3] = [
            ("nobody answers", |_| {}, 1),
            ("acknowledged", |d| d.does(Actor::Seat(PRIMARY.to_owned()), Command::Ack { page: 1 }), 0),
            ("over", Desk::clear, 0),
        ];
        for (way, then, rings) in ways {
            let mut d = Desk::new(site(routes));
            d.begin();
            d.wait(300);
            assert_eq!((d.pages().len(), d.called()), (1, 0), "{way}, routed {routes}");
            then(&mut d);
            d.wait(600);
            assert_eq!(d.called(), rings, "{way}, routed {routes}: {:?}", d.pages());
        }
    }
}

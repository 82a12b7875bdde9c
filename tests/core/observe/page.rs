//! From rules to the pager: the life of a page. It opens, takes in what joins, is acknowledged, resolves, comes again;
//! it rings the next level while nobody takes it; silences and inhibitions act on it as Alertmanager's do.

use super::worlds::exact;
use super::{Fault, calm};
use std::collections::BTreeMap;
use std::sync::Arc;
use wheel_of_misfortune::fact::{Actor, FactKind};
use wheel_of_misfortune::host::load;
use wheel_of_misfortune::scenario::{
    AlertSeverity, Course, EscalationSpec, InhibitSpec, RouteSpec, RoutingSpec, Scenario,
};
use wheel_of_misfortune::session::projection::{AlertState, PageView};
use wheel_of_misfortune::session::{Command, Entry, Header, LOG_FORMAT, PRIMARY, SIMULATOR, Session};
use wheel_of_misfortune::stdx::time::Span;
use wheel_of_misfortune::storage::package;
use wheel_of_misfortune::view::panel::pager::PagerVm;
use wheel_of_misfortune::view::panel::top_bar::{TopBarVm, YourMove};

const SECONDARY: &str = "secondary";

struct Room {
    session: Session,
    seq: u64,
}

impl Room {
    fn new(s: Scenario, seats: &[&str]) -> Room {
        let header = Header {
            format: LOG_FORMAT,
            simulator: SIMULATOR,
            scenario: s.id.clone(),
            scenario_digest: s.digest.clone(),
            seed: 7,
            seats: seats.iter().map(|s| (*s).to_owned()).collect(),
            branch: 0,
            parent: None,
        };
        Room { session: Session::new(header, Arc::new(s)), seq: 0 }
    }

    fn tries(&mut self, by: Actor, command: Command) -> Result<(), String> {
        self.session.decide(&by, &command).map_err(|r| format!("{r:?}"))?;
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by, command });
        Ok(())
    }

    fn does(&mut self, by: Actor, command: Command) {
        let said = format!("{command:?}");
        assert_eq!(self.tries(by, command), Ok(()), "{said}");
    }

    fn ack(&mut self, seat: &str, page: u32) -> Result<(), String> {
        self.tries(Actor::Seat(seat.to_owned()), Command::Ack { page })
    }

    /// What a line prints.
    fn types(&mut self, seat: &str, line: &str) -> String {
        let terminal = self.session.terminal_of(seat, 1).expect("it has terminals");
        let console = |s: &Session| s.console().terminal(terminal).expect("there").lines().len();
        let before = console(&self.session);
        self.does(Actor::Seat(seat.to_owned()), Command::LineSubmitted { terminal, text: line.to_owned() });
        let terminal = self.session.console().terminal(terminal).expect("there");
        let lines: Vec<String> = terminal.lines().iter().skip(before + 1).map(|l| l.text.clone()).collect();
        lines.join("\n")
    }

    fn begin(&mut self, service: &str) {
        self.does(Actor::Gm, Command::BeginFault { fault: down(service), course: Course::default() });
    }

    fn clear(&mut self, service: &str) {
        self.does(Actor::Gm, Command::ClearFault { fault: down(service) });
    }

    /// Lets time pass; what seats are shown never contradicts itself meanwhile.
    fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.session.advance();
            if self.session.tick().0 % 5 == 0 {
                self.session.header.seats.iter().for_each(|seat| self.agrees(seat));
            }
        }
    }

    /// Pages, pager, top bar and alert rows of a seat tell one story.
    fn agrees(&self, seat: &str) {
        let p = self.session.project(seat);
        let (pager, bar) = (PagerVm::of(&p), TopBarVm::of(&p));
        let open: Vec<u32> = p.pages.iter().filter(|g| g.is_open()).map(|g| g.id).collect();
        assert_eq!(pager.pages.iter().map(|g| g.id).collect::<Vec<_>>(), open, "{seat}");
        match bar.your_move {
            YourMove::Pages { count, .. } => assert_eq!(count, open.len() as i64, "{seat}"),
            other => assert!(open.is_empty(), "{seat}: {other:?}"),
        }
        for g in &p.pages {
            assert!(g.resolved_t_s.is_none() || g.firing.is_empty(), "{seat}: {g:?}");
            assert!(g.is_open() || g.escalates_in_s.is_none(), "{seat}: {g:?}");
            assert!(g.to.iter().any(|to| to == "you" || to == seat), "{seat}: {g:?}");
        }
        for a in pager.alerts.iter().filter(|a| a.acked) {
            assert_ne!(a.state, AlertState::Normal, "{seat}: {a:?}");
            let of = |g: &&PageView| g.resolved_t_s.is_none() && (g.source == a.id || g.firing.contains(&a.id));
            assert!(p.pages.iter().filter(of).all(|g| g.acked_t_s.is_some()), "{seat}: {a:?}");
        }
    }

    fn pages(&self, seat: &str) -> Vec<PageView> {
        self.session.project(seat).pages
    }

    /// Number, rules that fire, and `open`, `acked` or `over` of every page of a seat.
    fn shown(&self, seat: &str) -> Vec<String> {
        let state = |p: &PageView| match (p.resolved_t_s, p.acked_t_s) {
            (Some(_), _) => "over",
            (None, Some(_)) => "acked",
            (None, None) => "open",
        };
        self.pages(seat).iter().map(|p| format!("{} {} {}", p.id, state(p), p.firing.join("+"))).collect()
    }

    fn firing(&self) -> Vec<String> {
        let alerts = self.session.project(PRIMARY).alerts.into_iter();
        alerts.filter(|a| a.state == AlertState::Firing).map(|a| a.id).collect()
    }

    /// Whom the pager called, in order.
    fn called(&self) -> Vec<String> {
        let called = self.session.facts().iter().filter_map(|f| match &f.what {
            FactKind::Called { person, .. } => Some(person.clone()),
            _ => None,
        });
        called.collect()
    }

    fn count(&self, is: fn(&FactKind) -> bool) -> usize {
        self.session.facts().iter().filter(|f| is(&f.what)).count()
    }
}

fn down(service: &str) -> Fault {
    Fault::Errors { service: service.into(), share: exact(1, 1) }
}

/// The documentation site with three rules on the same probe: `site-down` fires after half a minute, the warning
/// `slow-burn` three minutes later, the critical `worse` five minutes later. One person may be called.
fn site() -> Scenario {
    let mut s = calm();
    let bundled = package::find("docsrs-2019-10-21-disk-full").expect("it is bundled");
    s.people.clone_from(&load(&bundled).expect("it loads").people);
    let first = s.world.alerts["site-down"].clone();
    for (id, hold, severity) in [("slow-burn", 180, AlertSeverity::Warning), ("worse", 300, AlertSeverity::Critical)] {
        let mut rule = first.clone();
        rule.hold = Span(hold);
        rule.severity = severity;
        rule.pages = None;
        s.world.alerts.insert(id.to_owned(), rule);
    }
    s
}

fn person(s: &Scenario) -> String {
    s.people.keys().next().expect("somebody").clone()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| (*t).to_owned()).collect()
}

/// Groups by service, looked at every minute, told again after ten.
fn route(receiver: &str) -> RouteSpec {
    RouteSpec {
        receiver: Some(receiver.to_owned()),
        group_by: Some(texts(&["service"])),
        group_wait: Some(Span(0)),
        group_interval: Some(Span(60)),
        repeat_interval: Some(Span(600)),
        ..RouteSpec::default()
    }
}

fn routed(mut s: Scenario, route: RouteSpec) -> Scenario {
    s.world.routing = Some(RoutingSpec { route, inhibit: Vec::new() });
    s
}

#[test]
fn a_group_has_one_page_that_says_what_fires_until_all_of_it_ends() {
    let mut r = Room::new(routed(site(), route("you")), &[PRIMARY]);
    r.begin("web");
    r.wait(120);
    assert_eq!(r.shown(PRIMARY), ["1 open site-down"]);
    // What joins the group changes what the page says, one look later at the latest, and opens nothing.
    r.wait(180);
    assert_eq!(r.shown(PRIMARY), ["1 open site-down+slow-burn"]);
    assert_eq!(r.ack(PRIMARY, 1), Ok(()));
    r.wait(180);
    assert_eq!(r.shown(PRIMARY), ["1 acked site-down+slow-burn+worse"]);
    assert_eq!(r.firing().len(), 3);
    // Told again after the repeat interval: a page that was taken stays so.
    r.wait(900);
    assert_eq!(r.shown(PRIMARY), ["1 acked site-down+slow-burn+worse"]);
    assert_eq!(r.count(|k| matches!(k, FactKind::PageOpened { .. })), 1);
    r.clear("web");
    r.wait(180);
    assert_eq!((r.firing().len(), r.shown(PRIMARY)), (0, texts(&["1 over "])));
    assert_eq!(r.count(|k| matches!(k, FactKind::PageResolved { .. })), 1);
    // It is over: nothing to acknowledge, with a number or without.
    assert!(r.ack(PRIMARY, 1).is_err_and(|e| e.contains("refuse-already-acked")));
    assert!(r.ack(PRIMARY, 0).is_err_and(|e| e.contains("refuse-no-open-page")));
    // The next outage is a page of its own, and `ack` without a number takes it.
    r.begin("web");
    r.wait(120);
    assert_eq!(r.shown(PRIMARY), ["1 over ", "2 open site-down"]);
    assert_eq!(r.ack(PRIMARY, 0), Ok(()));
    assert_eq!(r.shown(PRIMARY)[1], "2 acked site-down");
}

#[test]
fn a_page_that_nobody_took_resolves_and_cannot_be_acknowledged_any_more() {
    for routing in [false, true] {
        let s = if routing { routed(site(), route("you")) } else { site() };
        let mut r = Room::new(s, &[PRIMARY]);
        r.begin("web");
        r.wait(90);
        assert_eq!(r.shown(PRIMARY), ["1 open site-down"], "routing {routing}");
        r.clear("web");
        r.wait(180);
        assert_eq!(r.shown(PRIMARY), ["1 over "], "routing {routing}");
        assert!(r.ack(PRIMARY, 1).is_err_and(|e| e.contains("refuse-page-resolved")), "routing {routing}");
        assert!(r.ack(PRIMARY, 9).is_err_and(|e| e.contains("refuse-no-page")), "routing {routing}");
        let said = r.types(PRIMARY, "ack 1; ack; page list");
        assert!(said.contains("ack: Page 1 has resolved: there is nothing to acknowledge."), "{said}");
        assert!(said.contains("ack: There is no open page."), "{said}");
        assert!(said.contains("1     resolved      ") && said.contains("cdn       you       0  "), "{said}");
    }
}

#[test]
fn the_page_says_the_worst_that_still_fires() {
    let mut s = routed(site(), route("you"));
    // `site-down` is the lesser one here.
    s.world.alerts.get_mut("site-down").expect("there").severity = AlertSeverity::Warning;
    let mut r = Room::new(s, &[PRIMARY]);
    r.begin("web");
    r.wait(120);
    assert_eq!(r.pages(PRIMARY)[0].severity, AlertSeverity::Warning);
    r.wait(330);
    let page = &r.pages(PRIMARY)[0];
    assert_eq!((page.source.as_str(), page.severity), ("worse", AlertSeverity::Critical));
}

#[test]
fn a_page_rings_the_next_level_only_while_nobody_took_it_and_it_goes_on() {
    let mut base = site();
    let (first, second) = (person(&base), base.people.keys().nth(1).expect("two people").clone());
    let step = |after, to: &str| EscalationSpec { after: Span(after), to: to.to_owned() };
    base.world.escalation = vec![step(300, &first), step(600, &second)];
    let ways: [(&str, u64, fn(&mut Room), usize); 5] = [
        ("nobody answers", 200, |_| {}, 2),
        ("acknowledged before the first", 200, |r| assert_eq!(r.ack(PRIMARY, 1), Ok(())), 0),
        ("acknowledged after the first", 500, |r| assert_eq!(r.ack(PRIMARY, 1), Ok(())), 1),
        ("over before the first", 200, |r| r.clear("web"), 0),
        ("over after the first", 500, |r| r.clear("web"), 1),
    ];
    for routing in [false, true] {
        for (way, at, then, rings) in ways {
            let s = if routing { routed(base.clone(), route("you")) } else { base.clone() };
            let mut r = Room::new(s, &[PRIMARY]);
            r.begin("web");
            r.wait(at);
            then(&mut r);
            r.wait(1_000 - at);
            assert_eq!(r.called(), [first.as_str(), second.as_str()][..rings], "{way}, routing {routing}");
        }
    }
}

#[test]
fn two_seats_see_their_own_pages_and_the_second_level_is_a_seat() {
    let mut s = site();
    s.world.escalation = vec![EscalationSpec { after: Span(300), to: SECONDARY.to_owned() }];
    // Critical alerts to the first seat, the others to the second.
    let critical = RouteSpec { matchers: texts(&["severity=\"critical\""]), ..route(PRIMARY) };
    let s = routed(s, RouteSpec { routes: vec![critical], ..route(SECONDARY) });
    let mut r = Room::new(s, &[PRIMARY, SECONDARY]);
    r.begin("web");
    r.wait(270);
    assert_eq!(r.shown(PRIMARY), ["1 open site-down"]);
    assert_eq!(r.shown(SECONDARY), ["2 open slow-burn"]);
    assert_eq!(r.session.project("gm").pages.len(), 2, "the game master sees all");
    assert!(r.ack(SECONDARY, 1).is_err_and(|e| e.contains("refuse-page-of-other")));
    assert!(r.types(SECONDARY, "page list").contains("2     open          "));
    assert!(!r.types(SECONDARY, "page list").contains("site-down"));
    // Nobody takes the first page: it reaches the second seat too, which may take it for both.
    r.wait(120);
    assert_eq!(r.shown(SECONDARY), ["1 open site-down+worse", "2 open slow-burn"]);
    assert_eq!(r.pages(PRIMARY)[0].to, [PRIMARY, SECONDARY]);
    assert_eq!(r.ack(SECONDARY, 0), Ok(()));
    assert_eq!(r.shown(PRIMARY), ["1 acked site-down+worse"]);
    assert_eq!(r.called(), Vec::<String>::new(), "a seat that is played is no simulated person");
}

#[test]
fn a_receiver_is_a_seat_a_role_a_person_or_nobody() {
    let s = site();
    let somebody = person(&s);
    let cases = [
        ("you", &[PRIMARY, SECONDARY][..], 0),
        (PRIMARY, &[PRIMARY], 0),
        (SECONDARY, &[SECONDARY], 0),
        ("ic", &[SECONDARY], 0),
        // Nobody has that role: no page is lost.
        ("scribe", &[PRIMARY, SECONDARY], 0),
        (somebody.as_str(), &[], 1),
        ("nobody", &[], 0),
    ];
    for (receiver, seats, calls) in cases {
        let mut r = Room::new(routed(s.clone(), route(receiver)), &[PRIMARY, SECONDARY]);
        r.does(Actor::Seat(PRIMARY.into()), Command::Role { role: "ic".into(), to: SECONDARY.into() });
        r.begin("web");
        r.wait(450);
        for seat in [PRIMARY, SECONDARY] {
            assert_eq!(r.pages(seat).len(), usize::from(seats.contains(&seat)), "{receiver}: {seat}");
        }
        // Two alerts joined the group since.
        assert_eq!(r.called().len(), calls, "{receiver}");
    }
    // A rule without routes names receivers too.
    let mut own = s;
    own.world.alerts.get_mut("site-down").expect("there").pages = Some(SECONDARY.into());
    let mut r = Room::new(own, &[PRIMARY, SECONDARY]);
    r.begin("web");
    r.wait(120);
    assert_eq!((r.pages(PRIMARY).len(), r.pages(SECONDARY).len()), (0, 1));
}

#[test]
fn a_silence_takes_no_page_back_and_keeps_the_next_one_from_coming() {
    for routing in [false, true] {
        let s = if routing { routed(site(), route("you")) } else { site() };
        let mut r = Room::new(s, &[PRIMARY]);
        r.begin("web");
        r.wait(120);
        let id = r.types(PRIMARY, "amtool silence add alertname=~.+ -d 2h -c known");
        assert_eq!(r.shown(PRIMARY), ["1 open site-down"], "it was told before");
        assert_eq!(r.types(PRIMARY, "amtool alert").lines().count(), 1, "only the heading: nothing is active");
        assert!(r.types(PRIMARY, "amtool alert -s").contains("suppressed"));
        // The rule fires all the same, and says so.
        assert!(r.types(PRIMARY, "alerts").contains("firing   critical"));
        // The end is kept quiet too: nobody is told, and the page stays with whoever takes it.
        r.clear("web");
        r.wait(180);
        assert_eq!((r.firing().len(), r.shown(PRIMARY)), (0, texts(&["1 open site-down"])), "routing {routing}");
        assert_eq!(r.ack(PRIMARY, 0), Ok(()));
        r.begin("web");
        r.wait(180);
        assert_eq!((r.firing().len(), r.pages(PRIMARY).len()), (1, 1), "routing {routing}");
        // Out of the silence: the receiver knew that it fires.
        r.types(PRIMARY, &format!("amtool silence expire {id}"));
        r.wait(120);
        assert_eq!(r.pages(PRIMARY).len(), 1, "routing {routing}");
        r.clear("web");
        r.wait(180);
        assert_eq!(r.shown(PRIMARY), ["1 over "], "routing {routing}");
    }
}

#[test]
fn a_silence_before_the_page_keeps_it_away_until_it_ends() {
    for routing in [false, true] {
        let s = if routing { routed(site(), route("you")) } else { site() };
        let mut r = Room::new(s, &[PRIMARY]);
        r.types(PRIMARY, "amtool silence add service=cdn -d 5m");
        r.begin("web");
        r.wait(200);
        assert_eq!((r.firing(), r.pages(PRIMARY).len()), (texts(&["site-down"]), 0), "routing {routing}");
        r.wait(200);
        assert_eq!(r.pages(PRIMARY).len(), 1, "routing {routing}: told at the next look");
    }
}

#[test]
fn an_inhibition_that_begins_after_the_page_takes_nothing_back() {
    // `worse` keeps warnings of its service quiet; each rule has a group of its own.
    let by_rule = RouteSpec { group_by: Some(texts(&["alertname"])), ..route("you") };
    let mut s = routed(site(), by_rule);
    let inhibit = InhibitSpec {
        source: texts(&["alertname=\"worse\""]),
        target: texts(&["severity=\"warning\""]),
        equal: texts(&["service"]),
    };
    s.world.routing.as_mut().expect("there").inhibit = vec![inhibit];
    // One that only fires once it is inhibited.
    let mut late = s.world.alerts["slow-burn"].clone();
    late.hold = Span(420);
    s.world.alerts.insert("late".to_owned(), late);
    let mut r = Room::new(s, &[PRIMARY]);
    r.begin("web");
    r.wait(600);
    assert_eq!(r.firing().len(), 4);
    assert_eq!(r.shown(PRIMARY), ["1 open site-down", "2 open slow-burn", "3 open worse"]);
    let quiet = r.types(PRIMARY, "amtool alert --inhibited");
    assert!(quiet.contains("slow-burn") && quiet.contains("late") && !quiet.contains("worse"), "{quiet}");
    // All end in the same second: the source keeps nothing quiet any more, and every page that was told is over.
    r.clear("web");
    r.wait(240);
    assert_eq!(r.shown(PRIMARY), ["1 over ", "2 over ", "3 over "]);
}

#[test]
fn a_fold_of_the_same_entries_has_the_same_pages() {
    let play = || {
        let mut r = Room::new(routed(site(), route("you")), &[PRIMARY, SECONDARY]);
        r.begin("web");
        r.wait(400);
        r.clear("web");
        r.wait(100);
        (r.session.digest(), r.shown(PRIMARY))
    };
    assert_eq!(play(), play());
}

#[test]
fn a_file_may_name_seats_roles_and_nobody_as_receivers() {
    let mut package = package::find("docsrs-2019-10-21-disk-full").expect("it is bundled");
    let file = package.files.get("scenario.ron").expect("there").clone();
    let with = |receiver: &str, to: &str| {
        let route = format!("(receiver: \"{receiver}\", group_by: [\"...\"])");
        let routes =
            format!("routing: (route: (routes: [{route}])), escalation: [(after: \"5m\", to: \"{to}\")], graphs: [");
        file.replacen("graphs: [", &routes, 1)
    };
    let mut found = BTreeMap::new();
    for (receiver, to, good) in [
        ("you", "infra", true),
        ("secondary", "ic", true),
        ("nobody", "expert", true),
        ("infra", "ops", true),
        ("nosuch", "infra", false),
        ("you", "nosuch", false),
    ] {
        package.files.insert("scenario.ron".into(), with(receiver, to));
        found.insert((receiver, to), (load(&package).is_ok(), good));
    }
    assert!(found.values().all(|(is, want)| is == want), "{found:?}");
}

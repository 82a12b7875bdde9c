//! A session whose services are run by a platform, for tests of kubectl and of what surrounds it.

use std::collections::BTreeMap;
use std::sync::Arc;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::session::{Command, Entry, Header, Session, TermSignal};
use wheel_of_misfortune::stdx::time::Span;

/// A terminal of a played session.
pub struct Desk {
    /// The session.
    pub session: Session,
    seq: u64,
}

/// The registry with its API on a platform of three nodes; `v1` runs, `v2` is on staging and breaks redirects.
pub fn scenario(replicas: u32) -> Scenario {
    let mut s = super::worlds::registry();
    s.world.faults.clear();
    s.world.traffic.values_mut().for_each(|t| t.on_failure = OnFailure::GiveUp);
    let api = s.world.services.get_mut("api").expect("api");
    api.on.clear();
    api.replicas = replicas;
    let spare = s.world.hosts.get("web-1").cloned().expect("web-1");
    s.world.hosts.insert("web-3".into(), HostSpec { address: "10.0.0.13".into(), ..spare });
    for name in ["web-1", "web-2", "web-3"] {
        let h = s.world.hosts.get_mut(name).expect("a host");
        h.units.clear();
        h.cores = 8;
    }
    let managed = ManagedSpec {
        nodes: vec!["web-1".into(), "web-2".into(), "web-3".into()],
        cpu: super::worlds::exact(1, 2),
        cpu_limit: None,
        memory: 512 << 20,
        base: 200 << 20,
        memory_limit: Some(1 << 30),
        start: Span(10),
        readiness: Some(CheckSpec { every: Span(5), timeout_us: 1_000_000, failures: 3 }),
        liveness: None,
        autoscale: None,
        min_available: Some(u64::from(replicas).saturating_sub(1)),
    };
    let own = ServiceCapacity { managed: Some(managed), ..ServiceCapacity::default() };
    s.world.capacity.services = BTreeMap::from([("api".to_owned(), own)]);
    s.you.may = ["release", "scale", "nodes", "config", "ssh:web-2"].map(str::to_owned).to_vec();
    s
}

impl Desk {
    /// A session of a scenario.
    pub fn new(s: Scenario) -> Desk {
        let header = Header {
            format: 1,
            simulator: 1,
            scenario: s.id.clone(),
            scenario_digest: s.digest.clone(),
            seed: 7,
            seats: vec!["primary".to_owned()],
            branch: 0,
            parent: None,
        };
        Desk { session: Session::new(header, Arc::new(s)), seq: 0 }
    }

    fn put(&mut self, command: Command) {
        self.seq += 1;
        let at = self.session.tick();
        self.session.apply(&Entry { seq: self.seq, at, by: Actor::Seat("primary".into()), command });
    }

    /// Replicas of the API that run, and that there should be, as the world counts them.
    pub fn world_replicas(&self) -> (u64, u64) {
        self.session.world().replicas("api").expect("a service")
    }

    /// A fault begins.
    pub fn begin_fault(&mut self, fault: Fault) {
        self.seq += 1;
        let at = self.session.tick();
        let command = Command::BeginFault { fault, course: Course::default() };
        self.session.apply(&Entry { seq: self.seq, at, by: Actor::Gm, command });
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: u64) {
        (0..seconds).for_each(|_| self.session.advance());
    }

    /// Types a line and says what was printed until the prompt is back, ten minutes at most.
    pub fn run(&mut self, line: &str) -> String {
        self.begin(line);
        for _ in 0..600 {
            if self.session.console().terminal(1).expect("a terminal").running.is_none() {
                break;
            }
            self.session.advance();
        }
        self.printed()
    }

    /// Types a line and does not wait.
    pub fn begin(&mut self, line: &str) {
        self.put(Command::LineSubmitted { terminal: 1, text: line.to_owned() });
    }

    /// Ctrl-C.
    pub fn interrupt(&mut self) {
        self.put(Command::Signal { terminal: 1, signal: TermSignal::Int });
    }

    /// What was printed since the last line was typed.
    pub fn printed(&mut self) -> String {
        let t = self.session.console().terminal(1).expect("a terminal");
        let lines: Vec<_> = t.lines().iter().collect();
        let from = lines.iter().rposition(|l| l.prompt.is_some()).map_or(0, |i| i + 1);
        let text: String = lines.iter().skip(from).map(|l| format!("{}\n", l.text)).collect();
        text + &t.partial().text
    }
}

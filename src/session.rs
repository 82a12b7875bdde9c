//! A session: commands -> decide -> entries -> apply -> state and facts. Roles, rights, clock, projection.
//!
//! `fold(header, entries)` is `Session::new` + `apply` + `advance`; there is no other way to change a session.
//! `apply` is total, `decide` is pure and the only thing that may refuse.

mod act;
mod apply;
mod charts;
pub mod command;
mod decide;
mod desk;
pub mod explore;
pub mod facts;
mod found;
pub mod grammar;
mod guard;
pub mod header;
mod look;
mod measure;
mod page;
pub(crate) mod project;
pub mod projection;
mod script;
pub mod state;
mod tick;

pub use act::MAX_SHADOWS;
pub(crate) use apply::ENLARGED;
pub use command::*;
pub use decide::Rejection;
pub use header::*;

use crate::console::Console;
use crate::observe::Telemetry;
use crate::rule::RuleBook;
use crate::scenario::Scenario;
use crate::session::facts::Facts;
use crate::session::state::{Clock, Incident, PersonState, State};
use crate::sim::World;
use crate::stdx::digest;
use crate::stdx::time::{Offset, Tick};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The seat of the person at the keyboard when nobody says otherwise.
pub const PRIMARY: &str = "primary";

/// Terminals a seat has.
pub const TERMINALS: u32 = 2;

/// A live or folded session.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the fold was given.
    pub header: Header,
    /// The scenario, never changed.
    pub scenario: Arc<Scenario>,
    /// Everything that follows.
    pub(crate) state: State,
    /// The facts so far.
    pub(crate) facts: Facts,
    /// Charts of the last scrape.
    pub(crate) charts: charts::Charts,
}

impl Session {
    /// The session at its opening, tick 0.
    pub fn new(header: Header, scenario: Arc<Scenario>) -> Session {
        let world = World::new(&scenario, header.seed);
        let telemetry = Telemetry::new(&scenario, &world);
        let mut terminals = Vec::new();
        for (index, seat) in header.seats.iter().enumerate() {
            for number in 1..=TERMINALS {
                let id = u32::try_from(index).unwrap_or(0) * TERMINALS + number;
                terminals.push((id, seat.clone(), scenario.you.host.clone(), scenario.you.user.clone()));
            }
        }
        let people = scenario
            .people
            .iter()
            .map(|(id, p)| {
                (id.clone(), PersonState { here: p.here, joins_at: None, called: None, asked: None, said: Vec::new() })
            })
            .collect();
        let state = State {
            tick: Tick(0),
            seq: 0,
            rules: RuleBook::new(&scenario),
            console: Console::new(&terminals),
            world,
            telemetry,
            incident: Incident::default(),
            people,
            views: BTreeMap::new(),
            shadows: Vec::new(),
            clock: Clock { paused: false, speed: 1, ended: None },
            printed: BTreeMap::new(),
            typed: BTreeMap::new(),
            checking: BTreeSet::new(),
            active: BTreeMap::new(),
            fired_cards: BTreeMap::new(),
            nudged: 0,
            durable_loss: 0,
            found: BTreeSet::new(),
            tried: BTreeMap::new(),
        };
        let mut session =
            Session { facts: Facts::new(header.branch), header, scenario, state, charts: Default::default() };
        session.begin_logs();
        let (n, of) = session.state.world.users();
        session.emit(crate::fact::Actor::World, crate::fact::FactKind::Impact { n, of }, Vec::new());
        session.step_rules();
        session
    }

    /// Ticks since the opening.
    pub fn tick(&self) -> Tick {
        self.state.tick
    }

    /// Position of the last entry.
    pub fn seq(&self) -> u64 {
        self.state.seq
    }

    /// Now, from T0.
    pub fn offset(&self) -> Offset {
        Offset::of(self.state.tick, self.scenario.opens)
    }

    /// The last tick of the scored time: the scenario's, and later by what its cards held the clock for.
    pub fn horizon(&self) -> Tick {
        self.scenario.horizon.tick(self.scenario.opens).unwrap_or(Tick(0)).plus(self.held())
    }

    /// Whether the trainees' session is over.
    pub fn ended(&self) -> bool {
        self.state.clock.ended.is_some()
    }

    /// Whether the clock is held.
    pub fn paused(&self) -> bool {
        self.state.clock.paused
    }

    /// Ticks a second of real time.
    pub fn speed(&self) -> u32 {
        self.state.clock.speed
    }

    /// The facts so far, in order.
    pub fn facts(&self) -> &[crate::fact::Fact] {
        self.facts.all()
    }

    /// Digest over the whole state and the facts.
    pub fn digest(&self) -> String {
        digest::of(&(&self.state, &self.facts))
    }

    /// Affected users and population now.
    pub fn users(&self) -> (u64, u64) {
        self.state.world.users()
    }

    /// The simulated world, to be read.
    pub fn world(&self) -> &World {
        &self.state.world
    }

    /// The recorded signals, to be read.
    pub fn telemetry(&self) -> &Telemetry {
        &self.state.telemetry
    }

    /// The simulated shells, to be read.
    pub fn console(&self) -> &Console {
        &self.state.console
    }

    /// Units of durable loss so far.
    pub fn durable_loss(&self) -> u64 {
        self.state.durable_loss
    }

    /// What the people of the scenario are doing.
    pub fn people(&self) -> &BTreeMap<String, PersonState> {
        &self.state.people
    }

    /// The first terminal of a seat, and how many it has.
    pub fn terminal_of(&self, seat: &str, number: u32) -> Option<u32> {
        let index = self.header.seats.iter().position(|s| s == seat)?;
        (1..=TERMINALS).contains(&number).then(|| u32::try_from(index).unwrap_or(0) * TERMINALS + number)
    }

    /// The last thing that a seat observed about a service.
    pub fn last_about(&self, seat: &str, service: &str) -> Option<crate::fact::FactId> {
        desk::last_about(self, seat, service)
    }
}

//! The ways that requests may take, by position: what telemetry needs to tell the story of one of them.

use crate::sim::carry::Rate;
use crate::sim::flow::Lead;
use crate::sim::plan::Kind;
use crate::sim::strain::Cut;
use crate::sim::{Edge, Service, World};

/// The terms of a call in this tick. Positions are those of [`World::services`] and [`World::edges`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Who calls.
    pub from: usize,
    /// Who is called.
    pub to: usize,
    /// How long the caller waits, seconds; infinite if for ever.
    pub timeout_s: f64,
    /// Further attempts after one that failed.
    pub retries: u32,
    /// Seconds before a further attempt; 0 is within the same second.
    pub wait_s: u64,
    /// Whether the caller can do without.
    pub optional: bool,
    /// Whether every request makes it.
    pub always: bool,
    /// Round trip on the way, seconds.
    pub latency_s: f64,
    /// Why nothing comes through.
    pub cut: Option<Cut>,
}

/// Where a population of users comes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'w> {
    /// Name of the traffic source.
    pub name: &'w str,
    /// Service.
    pub service: usize,
    /// Endpoint slot: position of the endpoint, or how many there are if none is named.
    pub slot: usize,
    /// How long a client waits, seconds; infinite if for ever.
    pub timeout_s: f64,
    /// Round trip added on the way, seconds.
    pub latency_s: f64,
    /// Why nothing comes through.
    pub cut: Option<Cut>,
}

impl World {
    /// A service by position.
    pub fn service_at(&self, at: usize) -> Option<&Service> {
        self.services.get(at)
    }

    /// A call by position.
    pub fn edge_at(&self, at: usize) -> Option<&Edge> {
        self.edges.get(at)
    }

    /// The terms of a call in this tick.
    pub fn terms(&self, edge: usize) -> Option<Terms> {
        let (e, from) = (self.plan.edges.get(edge)?, self.plan.edges.get(edge).map(|e| e.from)?);
        let cached = match self.plan.services.get(from).map(|s| &s.kind) {
            Some(Kind::Cdn { origin, .. } | Kind::Cache { origin, .. }) => *origin == e.to,
            _ => false,
        };
        let way = self.pressure.ways.get(edge);
        Some(Terms {
            from,
            to: e.to,
            timeout_s: e.timeout_s,
            retries: e.retries,
            wait_s: e.wait_s,
            optional: e.optional,
            always: e.share == Rate::ONE && !cached,
            latency_s: way.map_or(e.latency_s, |w| w.latency_s),
            cut: way.and_then(|w| w.cut),
        })
    }

    /// Calls that a request to an endpoint slot of a service makes, in turn, by position.
    pub fn calls(&self, service: usize, slot: usize) -> &[usize] {
        let Some(s) = self.plan.services.get(service) else { return &[] };
        s.endpoints.get(slot).and_then(|e| e.calls.as_deref()).unwrap_or(&s.calls)
    }

    /// The slot at which a call of a request arrives: an edge or a cache passes the path on, others name none.
    pub fn slot_behind(&self, edge: usize, slot: usize) -> usize {
        let Some(e) = self.plan.edges.get(edge) else { return 0 };
        let none = self.plan.services.get(e.to).map_or(0, |s| s.endpoints.len());
        let from = self.plan.services.get(e.from).filter(|s| matches!(s.kind, Kind::Cdn { .. } | Kind::Cache { .. }));
        from.and_then(|s| s.endpoints.get(slot)).and_then(|e| e.behind).unwrap_or(none)
    }

    /// Where a call for an endpoint slot may arrive, service and slot: the one that is meant, then those to which its name
    /// leads a share of the calls.
    pub fn arrivals(&self, edge: usize, slot: usize) -> Vec<(usize, usize)> {
        let Some(meant) = self.plan.edges.get(edge).map(|e| e.to) else { return Vec::new() };
        self.led_to(edge, (meant, self.slot_behind(edge, slot)))
    }

    /// Where clients of a source may arrive, service and slot, in the same order.
    pub fn entrances(&self, source: usize) -> Vec<(usize, usize)> {
        let Some(s) = self.plan.sources.get(source) else { return Vec::new() };
        let none = self.plan.services.get(s.service).map_or(0, |s| s.endpoints.len());
        self.led_to(self.plan.edges.len() + source, (s.service, s.endpoint.unwrap_or(none)))
    }

    /// Services to which a name leads some of the requests of a traffic source, or of the calls from one service to
    /// another, although they mean another one.
    pub fn led_elsewhere(&self, from: &str, to: Option<&str>) -> impl Iterator<Item = &str> {
        let way = match to {
            None => self.plan.sources.iter().position(|s| s.name == from).map(|at| self.plan.edges.len() + at),
            Some(to) => {
                let (from, to) = (self.plan.service(from), self.plan.service(to));
                self.plan.edges.iter().position(|e| Some(e.from) == from && Some(e.to) == to)
            }
        };
        let way = way.and_then(|w| self.pressure.ways.get(w));
        let moved = way.into_iter().flat_map(|w| &w.moved);
        moved.filter_map(|m| self.plan.services.get(m.to)).map(|s| s.name.as_str())
    }

    fn led_to(&self, way: usize, meant: (usize, usize)) -> Vec<(usize, usize)> {
        let mut all = vec![meant];
        for m in self.pressure.ways.get(way).into_iter().flat_map(|w| &w.moved) {
            let none = self.plan.services.get(m.to).map_or(0, |s| s.endpoints.len());
            let slot = self.plan.endpoint_at(meant.0, u32::try_from(meant.1).ok(), m.to);
            all.push((m.to, slot.map_or(none, |s| s as usize)));
        }
        all
    }

    /// Where users come in, in order of [`World::sources`].
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let none = |at: usize| self.plan.services.get(at).map_or(0, |s| s.endpoints.len());
        let ways = self.pressure.ways.get(self.plan.edges.len()..).unwrap_or_default().iter().map(Some);
        self.plan.sources.iter().zip(ways.chain(std::iter::repeat(None))).map(move |(s, way)| Entry {
            name: s.name.as_str(),
            service: s.service,
            slot: s.endpoint.unwrap_or(none(s.service)),
            timeout_s: s.timeout_s,
            latency_s: way.map_or(0.0, |w| w.latency_s),
            cut: way.and_then(|w| w.cut),
        })
    }

    /// Where a client that is redirected goes next: service and slot. `luck`, from 0 to 1, decides whether it is one that a
    /// defect leads astray.
    pub fn next_hop(&self, service: usize, slot: usize, luck: f64) -> Option<(usize, usize)> {
        let led = self.leads.get(service)?.get(slot)?;
        let wrong = led.wrong.filter(|(share, _)| led.lead == Lead::Page || luck < share.to_f64());
        match wrong.map_or(led.lead, |(_, to)| to) {
            Lead::To { at, endpoint } => {
                let none = self.plan.services.get(at)?.endpoints.len();
                Some((at, endpoint.unwrap_or(none)))
            }
            _ => None,
        }
    }

    /// Seconds of its own work that a request of a service takes now, without what it calls.
    pub fn own_s(&self, service: usize) -> f64 {
        let own = self.plan.services.get(service).map_or(0.0, |s| s.own_s);
        own * self.pressure.strain.get(service).map_or(1.0, |s| s.factor)
    }
}

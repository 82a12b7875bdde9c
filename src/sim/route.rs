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

    /// Where a client that is redirected goes next: service and slot.
    pub fn next_hop(&self, service: usize, slot: usize) -> Option<(usize, usize)> {
        match self.leads.get(service)?.get(slot)? {
            Lead::To { at, endpoint } => {
                let none = self.plan.services.get(*at)?.endpoints.len();
                Some((*at, endpoint.unwrap_or(none)))
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

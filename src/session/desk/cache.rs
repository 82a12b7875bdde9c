//! What the desk's tools learn of caches.

use super::Desk;
use crate::console::host::{CacheClient, CacheInfo, MachineHost};
use crate::scenario::ServiceKind;
use crate::sim::UnitState;

impl Desk<'_> {
    /// Every cache as its clients see it.
    pub(super) fn all_caches(&self) -> Vec<CacheInfo> {
        let spec = self.spec();
        let caches = spec.services.iter().filter(|(_, s)| matches!(s.kind, ServiceKind::Cache(_)));
        caches.filter_map(|(name, _)| self.cache_info(name)).collect()
    }

    fn cache_info(&self, name: &str) -> Option<CacheInfo> {
        let world = &self.session.state.world;
        let spec = self.spec().services.get(name)?;
        let live = world.service(name)?;
        let (hits, misses) = self.session.state.telemetry.hits(name).unwrap_or_default();
        let unit = spec.on.iter().find_map(|host| {
            let units = &self.spec().hosts.get(host)?.units;
            let (unit, _) = units.iter().find(|(_, u)| u.service.as_deref() == Some(name))?;
            let state = world.host(host)?.units.get(unit)?;
            (state.state == UnitState::Active).then_some((host, unit, state))
        });
        let pods: u64 =
            self.pods().iter().filter(|(s, _)| s == name).flat_map(|(_, rows)| rows.iter().map(|r| r.memory)).sum();
        let memory = unit.and_then(|(host, unit, _)| self.unit_use(host, unit)).map(|u| u.rss);
        let now = crate::console::ConsoleHost::utc(self);
        Some(CacheInfo {
            name: name.to_owned(),
            names: std::iter::once(spec.dns.clone()).chain(spec.on.iter().cloned()).collect(),
            port: self.port_of(name),
            up: world.is_up(name),
            held: world.held_by(name)?,
            hits,
            misses,
            requests: (live.total.requests, live.flow.requests),
            rejected: live.total.refused + live.total.shed,
            waiting: live.queue,
            wait_ms: if live.queue > 0 { live.latency_ms } else { 0.0 },
            clients: self.cache_clients(name),
            memory: memory.or(Some(pods)).filter(|bytes| *bytes > 0),
            pid: unit.and_then(|(_, _, u)| u.pid),
            up_s: unit.map(|(_, _, u)| u64::try_from(now.0 - u.since.0).unwrap_or(0)),
        })
    }

    /// A connection for each running replica of whoever calls it, more if more calls are under way.
    fn cache_clients(&self, name: &str) -> Vec<CacheClient> {
        let world = &self.session.state.world;
        let spec = self.spec();
        let callers = world.edges().filter(|(_, to, _)| *to == name).map(|(from, _, edge)| {
            let replicas = world.replicas(from).map_or(1, |(up, _)| up);
            let under_way = edge.under_way();
            let host = spec.services.get(from).and_then(|s| s.on.first());
            let address = host.and_then(|h| spec.hosts.get(h)).map(|h| h.address.clone());
            let address = address.unwrap_or_default();
            CacheClient { name: from.to_owned(), address, count: replicas.max(under_way), busy: under_way > 0 }
        });
        let calls = |t: &crate::scenario::TrafficSpec| t.calls.split(':').next() == Some(name);
        let sources = world.sources().filter(|(id, _)| spec.traffic.get(*id).is_some_and(calls)).map(|(id, s)| {
            let count = s.unanswered.max(1);
            CacheClient { name: id.to_owned(), address: String::new(), count, busy: s.unanswered > 0 }
        });
        callers.chain(sources).collect()
    }
}

//! The metrics: every scrape writes the series of every component into the store; signals are series of it too.
//!
//! Nobody writes a metric by hand. Ids are resolved once; a scrape of thirty services takes far less than a millisecond.

mod exposition;
mod family;
mod host;
mod job;
mod reference;
mod room;
mod service;
mod signal;
mod target;

pub use family::{Family, FamilyKind};
pub use reference::{families, reference};
pub use service::BOUNDS_S;
pub use signal::{query, unit};

use crate::observe::promql::{Query, Value, parse};
use crate::observe::series::{STALE, SeriesId, SeriesStore, is_stale};
use crate::scenario::{Fault, Signal};
use crate::sim::{Edge, Service, World};
use crate::stdx::digest::Running;
use host::HostSeries;
use job::{ProbeSeries, QueueSeries};
use room::Rooms;
use serde::Serialize;
use service::ServiceSeries;
use std::collections::BTreeMap;
use std::sync::Arc;
use target::Scrape;

/// Seconds between scrapes, unless the scenario says otherwise.
pub const SCRAPE_S: u64 = 15;

/// Seconds for which samples are kept: three days.
pub const RETENTION_S: i64 = 259_200;

/// Scrapes between two looks at what may be dropped.
const DROP_EVERY: u64 = 240;

/// A signal: its series, and what is usual.
#[derive(Clone, Debug)]
struct Recorded {
    id: SeriesId,
    usual: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Metrics {
    /// In no digest: what went in is.
    #[serde(skip)]
    pub store: SeriesStore,
    #[serde(skip)]
    signals: Arc<BTreeMap<Signal, Recorded>>,
    services: Vec<ServiceSeries>,
    hosts: Vec<HostSeries>,
    queues: Vec<QueueSeries>,
    probes: Vec<ProbeSeries>,
    /// Samples of rooms go into the digest as they are scraped.
    #[serde(skip)]
    rooms: Rooms,
    /// Seconds between scrapes.
    interval_s: u64,
    /// Scrapes so far, and the times of the first and the last, seconds from T0.
    scrapes: u64,
    first_s: Option<i64>,
    last_s: Option<i64>,
    /// T0 as seconds since the Unix epoch.
    t0_s: i64,
    /// What graphs ask in PromQL, and the answers so far.
    #[serde(skip)]
    asked: BTreeMap<Signal, Asked>,
    #[serde(skip)]
    bytes: Vec<u8>,
}

/// A question of a graph, answered once a scrape.
#[derive(Clone, Debug)]
struct Asked {
    query: Query,
    points: Arc<Vec<(i64, Option<f64>)>>,
    usual: Option<f64>,
}

/// The questions of the world's graphs.
fn asked(w: &World) -> BTreeMap<Signal, Asked> {
    let graphs = w.spec().graphs.iter().filter_map(|g| match &g.signal {
        s @ Signal::Query { expr, .. } => {
            let query = parse(expr).ok()?;
            Some((s.clone(), Asked { query, points: Arc::default(), usual: None }))
        }
        _ => None,
    });
    graphs.collect()
}

fn edges(w: &World) -> Vec<&Edge> {
    w.edges().map(|(_, _, e)| e).collect()
}

fn services(w: &World) -> Vec<&Service> {
    w.services().map(|(_, s)| s).collect()
}

impl Metrics {
    pub fn new(w: &World) -> Metrics {
        let mut store = SeriesStore::new();
        let spec = w.spec();
        let calls_of = |name: &str| {
            // What nobody drew nobody counts either.
            let drawn = |from: &str, to: &str| from == name && !spec.hides(from, to);
            let calls = w.edges().enumerate().filter(|(_, (from, to, _))| drawn(from, to));
            calls.map(|(at, (_, to, _))| (at, to.to_owned())).collect()
        };
        let services = w.services().map(|(n, _)| ServiceSeries::new(&mut store, spec, n, calls_of(n))).collect();
        let hosts = w.hosts().map(|(n, _)| HostSeries::new(&mut store, w, n)).collect();
        let queues = w.queues().map(|(n, _)| QueueSeries::new(&mut store, n)).collect();
        let probes = w.probes().map(|(n, _)| ProbeSeries::new(&mut store, n)).collect();
        let mut m = Metrics {
            store,
            signals: Arc::default(),
            services,
            hosts,
            queues,
            probes,
            rooms: Rooms::new(w),
            interval_s: if spec.scrape.0 == 0 { SCRAPE_S } else { spec.scrape.0 },
            scrapes: 0,
            first_s: None,
            last_s: None,
            t0_s: w.utc().0.saturating_sub(w.t_s()),
            asked: asked(w),
            bytes: Vec::new(),
        };
        m.declare(w);
        m.rebase(w);
        m
    }

    /// The signals that are recorded.
    fn declare(&mut self, w: &World) {
        let mut all = BTreeMap::new();
        let store = &mut self.store;
        let mut add = |s: Signal| {
            let id = store.series(signal::labels(&s));
            all.insert(s, Recorded { id, usual: None });
        };
        for (name, service) in &w.spec().services {
            add(Signal::RequestRate(name.clone()));
            add(Signal::ErrorShare(name.clone()));
            add(Signal::Latency(name.clone()));
            add(Signal::OkRate(name.clone()));
            for e in service.endpoints.keys() {
                add(Signal::RequestRate(format!("{name}:{e}")));
            }
        }
        for p in w.spec().probes.keys() {
            add(Signal::Probe(p.clone()));
        }
        for q in w.spec().queues.keys() {
            add(Signal::QueueDepth(q.clone()));
            add(Signal::QueueSuccess(q.clone()));
        }
        for host in &self.hosts {
            add(Signal::Load(host.name.clone()));
            for point in host.mounts() {
                add(Signal::DiskUsed(format!("{}:{point}", host.name)));
            }
        }
        self.signals = Arc::new(all);
    }

    /// The books of `w` begin here.
    fn rebase(&mut self, w: &World) {
        let edges = edges(w);
        for (series, s) in self.services.iter_mut().zip(services(w)) {
            series.rebase(s, &edges);
        }
        for (series, (_, q)) in self.queues.iter_mut().zip(w.queues()) {
            series.rebase(q);
        }
        self.rooms.rebase(w);
    }

    /// The prehistory is over: the world's totals start again, and what it showed is what is usual.
    pub fn opened(&mut self, w: &World) {
        self.rebase(w);
        let mut signals = (*self.signals).clone();
        for r in signals.values_mut() {
            let known: Vec<f64> =
                self.store.samples(r.id, i64::MIN, i64::MAX).map(|(_, v)| v).filter(|v| !is_stale(*v)).collect();
            r.usual = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        }
        self.signals = Arc::new(signals);
        for a in self.asked.values_mut() {
            let known: Vec<f64> = a.points.iter().filter_map(|p| p.1).collect();
            a.usual = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        }
    }

    /// Answers what graphs ask in PromQL.
    pub fn ask(&mut self) {
        let (Some(t_s), Some(t_ms)) = (self.last_s, self.last_ms()) else { return };
        let keep = (RETENTION_S as u64 / self.interval_s.max(1)) as usize;
        for a in self.asked.values_mut() {
            let value = match a.query.instant(&self.store, t_ms) {
                Ok(Value::Scalar(v)) => Some(v),
                // One line is drawn; of several series it is the first.
                Ok(Value::Vector(v)) => v.first().map(|(_, _, v)| *v),
                _ => None,
            };
            let points = Arc::make_mut(&mut a.points);
            if points.len() >= keep.max(1) {
                points.remove(0);
            }
            points.push((t_s, value.filter(|v| v.is_finite())));
        }
    }

    /// Looks at every tick; scrapes when it is time and says whether it did.
    pub fn record(&mut self, w: &World, opening: Option<&World>, digest: &mut Running) -> bool {
        for (at, (_, s)) in w.services().enumerate() {
            if let Some(series) = self.services.get_mut(at)
                && series.tick(s)
            {
                series.restart(s, &edges(w));
            }
        }
        self.rooms.tick(w);
        if !w.tick().0.is_multiple_of(self.interval_s) {
            return false;
        }
        self.scrape(w, opening);
        digest.push_bytes(&self.bytes);
        self.bytes.clear();
        self.scrapes += 1;
        if self.scrapes.is_multiple_of(DROP_EVERY) {
            self.store.drop_before(self.ms(w.t_s().saturating_sub(RETENTION_S)));
        }
        true
    }

    /// Hits and misses of a cache or edge since the beginning of the prehistory.
    pub fn hits(&self, name: &str) -> Option<(u64, u64)> {
        self.rooms.hits(name)
    }

    /// Milliseconds since the Unix epoch of a second from T0.
    pub fn ms(&self, t_s: i64) -> i64 {
        self.t0_s.saturating_add(t_s).saturating_mul(1_000)
    }

    fn scrape(&mut self, w: &World, opening: Option<&World>) {
        let (t_s, interval_s) = (w.t_s(), self.interval_s as f64);
        let t_ms = self.ms(t_s);
        self.first_s.get_or_insert(t_s);
        self.last_s = Some(t_s);
        let signals = Arc::clone(&self.signals);
        let mut scrape = Scrape { store: &mut self.store, t_ms, bytes: &mut self.bytes };
        let say = |scrape: &mut Scrape<'_>, signal: Signal, value: Option<f64>| {
            if let Some(r) = signals.get(&signal) {
                scrape.write(r.id, value.unwrap_or(STALE));
            }
        };
        let (edges, all) = (edges(w), services(w));
        for ((name, spec), (series, s)) in w.spec().services.iter().zip(self.services.iter_mut().zip(&all)) {
            let replicas = (w.replicas(name).unwrap_or((0, 0)), w.is_blind(name));
            let read = series.scrape(s, &edges, replicas, &mut scrape, interval_s);
            let of = |f: fn(&service::Reading) -> f64| read.as_ref().map(f);
            say(&mut scrape, Signal::RequestRate(name.clone()), of(|r| r.started_per_s));
            say(&mut scrape, Signal::OkRate(name.clone()), of(|r| r.ok_per_s));
            say(&mut scrape, Signal::ErrorShare(name.clone()), of(|r| r.error_share));
            say(&mut scrape, Signal::Latency(name.clone()), read.as_ref().and_then(|r| r.latency_ms));
            for (at, e) in spec.endpoints.keys().enumerate() {
                let rate = read.as_ref().map(|_| series.endpoint_per_s(at, interval_s));
                say(&mut scrape, Signal::RequestRate(format!("{name}:{e}")), rate);
            }
            series.scraped();
        }
        let lag =
            |place: &str| opening.map_or(0.0, |o| disk_growth_s(o, place) * o.t_s().saturating_sub(w.t_s()) as f64);
        for series in &mut self.hosts {
            let read = series.scrape(w, &mut scrape, interval_s, &lag);
            say(&mut scrape, Signal::Load(series.name.clone()), read.as_ref().map(|r| r.load));
            for (at, point) in series.mounts().enumerate() {
                let used = read.as_ref().and_then(|r| r.disks.get(at)).copied();
                say(&mut scrape, Signal::DiskUsed(format!("{}:{point}", series.name)), used);
            }
        }
        for (series, (name, q)) in self.queues.iter_mut().zip(w.queues()) {
            let depth = opening.and_then(|o| depth_before(o, w, name)).unwrap_or(q.waiting as f64);
            let success = series.scrape(q, depth, &mut scrape);
            say(&mut scrape, Signal::QueueSuccess(series.name.clone()), success);
        }
        for (series, (name, p)) in self.probes.iter_mut().zip(w.probes()) {
            let target = w.spec().probes.get(name).map(|p| p.target.split(':').next().unwrap_or(""));
            let latency_ms = target.and_then(|t| w.service(t)).map_or(0.0, |s| s.latency_ms);
            series.scrape(p, latency_ms, &mut scrape);
        }
        let waiting = |name: &str| {
            let before = opening.and_then(|o| depth_before(o, w, name));
            before.unwrap_or_else(|| w.queue(name).map_or(0.0, |q| q.waiting as f64))
        };
        self.rooms.scrape(w, &mut scrape, &waiting);
    }

    /// Whether the last scrape of a service found it.
    pub fn found(&self, service: &str) -> bool {
        self.services.iter().any(|s| s.found(service))
    }

    /// A signal's samples, one a scrape, a gap where there was no data.
    pub fn series(&self, signal: &Signal) -> Arc<Vec<(i64, Option<f64>)>> {
        if let Some(a) = self.asked.get(signal) {
            return Arc::clone(&a.points);
        }
        let (Some(r), Some(first), Some(last)) = (self.signals.get(signal), self.first_s, self.last_s) else {
            return Arc::default();
        };
        let step = i64::try_from(self.interval_s).unwrap_or(i64::MAX).max(1);
        let oldest = first.max(last.saturating_sub(RETENTION_S / step * step));
        let mut samples = self.store.samples(r.id, self.ms(oldest) - 1, i64::MAX).peekable();
        let mut points = Vec::new();
        let mut t = oldest;
        while t <= last {
            let ms = self.ms(t);
            let value = samples.next_if(|(at, _)| *at == ms).map(|(_, v)| v);
            points.push((t, value.filter(|v| !is_stale(*v))));
            t += step;
        }
        Arc::new(points)
    }

    pub fn now(&self, signal: &Signal) -> Option<f64> {
        if let Some(a) = self.asked.get(signal) {
            return a.points.last()?.1;
        }
        let (at, value) = self.store.last(self.signals.get(signal)?.id)?;
        (Some(at) == self.last_s.map(|t| self.ms(t)) && !is_stale(value)).then_some(value)
    }

    pub fn usual(&self, signal: &Signal) -> Option<f64> {
        self.asked.get(signal).map_or_else(|| self.signals.get(signal)?.usual, |a| a.usual)
    }

    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        self.signals.keys()
    }

    /// Seconds between scrapes.
    pub fn interval_s(&self) -> u64 {
        self.interval_s
    }

    /// When the last scrape was, milliseconds since the Unix epoch.
    pub fn last_ms(&self) -> Option<i64> {
        self.last_s.map(|t| self.ms(t))
    }
}

/// Items that were waiting at the time of `w` in the prehistory: the depth leads up to that of the opening.
fn depth_before(opening: &World, w: &World, name: &str) -> Option<f64> {
    let (q, spec) = (opening.queue(name)?, opening.spec().queues.get(name)?);
    let rises = if q.waiting > 0 { spec.arrivals.to_f64() - spec.rate.to_f64() } else { 0.0 };
    let ago = (opening.t_s() - w.t_s()) as f64;
    Some((q.waiting as f64 - rises * ago).max(0.0) as u64 as f64)
}

/// Bytes a second by which what is known to write to a mount makes it grow at the opening.
fn disk_growth_s(w: &World, place: &str) -> f64 {
    let lies_on = |host: &str, path: &str| {
        let on = w.host(host).and_then(|h| h.vfs.mount_of(path));
        on.is_some_and(|m| place.split_once(':') == Some((host, m.point.as_str())))
    };
    let faults: f64 = w
        .faults()
        .map(|f| match f {
            Fault::DiskFill { host, path, bytes_per_s } if lies_on(host, path) => *bytes_per_s as f64,
            _ => 0.0,
        })
        .sum();
    let left = |q: &crate::scenario::QueueSpec| {
        let (at, bytes) = q.leaves.as_ref()?;
        let (host, path) = at.split_once(':')?;
        let room = q.needs.as_ref().is_none_or(|(m, bytes)| w.mount(m).is_none_or(|m| m.avail() >= *bytes));
        if !room {
            return None;
        }
        let rate = if q.waiting > 0 { q.rate.to_f64() } else { q.rate.to_f64().min(q.arrivals.to_f64()) };
        lies_on(host, path).then_some(*bytes as f64 * rate)
    };
    faults + w.spec().queues.values().filter_map(left).sum::<f64>()
}

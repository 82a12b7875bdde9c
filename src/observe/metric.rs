//! The metrics store: one series a signal, a sample every 15 seconds.

use crate::scenario::{Fault, Signal};
use crate::sim::World;
use crate::stdx::digest::Running;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Seconds between samples.
pub const SCRAPE_S: u64 = 15;

/// Samples kept of a series: more than three days.
const SAMPLES_MAX: usize = 20_000;

/// Unit of a signal, as a graph labels it: `/s`, `%`, `ms`, `items`, `ok`. A share in `%` is stored as 0 to 1.
pub fn unit(signal: &Signal) -> &'static str {
    match signal {
        Signal::RequestRate(_) | Signal::OkRate(_) => "/s",
        Signal::ErrorShare(_) | Signal::DiskUsed(_) | Signal::QueueSuccess(_) | Signal::Load(_) => "%",
        Signal::Latency(_) => "ms",
        Signal::QueueDepth(_) => "items",
        Signal::Probe(_) => "ok",
    }
}

#[derive(Clone, Debug, Default)]
struct Series {
    points: Arc<Vec<(i64, Option<f64>)>>,
    usual: Option<f64>,
}

/// Totals of a service at the last scrape.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Seen {
    requests: u64,
    ok: u64,
    errors: u64,
    /// Sum of latency × requests over the ticks since, and of requests.
    latency: (f64, u64),
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Metrics {
    /// In no digest: what went in is.
    #[serde(skip)]
    all: BTreeMap<Signal, Series>,
    services: BTreeMap<String, Seen>,
    endpoints: BTreeMap<String, u64>,
    /// Done and failed totals.
    queues: BTreeMap<String, (u64, u64)>,
    /// Last known share of a queue's finished items that succeeded.
    success: BTreeMap<String, f64>,
}

impl Metrics {
    pub fn new(w: &World) -> Metrics {
        let mut m = Metrics {
            all: BTreeMap::new(),
            services: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            queues: BTreeMap::new(),
            success: BTreeMap::new(),
        };
        let mut add = |s: Signal| m.all.insert(s, Series::default());
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
        for (host, h) in w.hosts() {
            add(Signal::Load(host.to_owned()));
            for mount in h.vfs.mounts() {
                add(Signal::DiskUsed(format!("{host}:{}", mount.point)));
            }
        }
        m.restart(w);
        m
    }

    /// Counts from here on: the totals of `w` are the last scrape's.
    fn restart(&mut self, w: &World) {
        for (name, s) in w.services() {
            let seen = Seen { requests: s.total.requests, ok: s.total.ok, errors: s.total.errors(), latency: (0.0, 0) };
            self.services.insert(name.to_owned(), seen);
            for e in w.spec().services.get(name).into_iter().flat_map(|s| s.endpoints.keys()) {
                let target = format!("{name}:{e}");
                let total = w.endpoint_total(&target).unwrap_or(0);
                self.endpoints.insert(target, total);
            }
        }
        for (name, q) in w.queues() {
            self.queues.insert(name.to_owned(), (q.done_total, q.failed_total));
        }
    }

    /// The prehistory is over: totals start again, and what it showed is what is usual.
    pub fn opened(&mut self, w: &World) {
        self.restart(w);
        for s in self.all.values_mut() {
            let known: Vec<f64> = s.points.iter().filter_map(|p| p.1).collect();
            s.usual = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        }
    }

    /// Looks at every tick; samples every fifteenth and says whether it did.
    pub fn record(&mut self, w: &World, opening: Option<&World>, digest: &mut Running) -> bool {
        for (name, s) in w.services() {
            if let Some(seen) = self.services.get_mut(name) {
                let n = s.flow.requests;
                seen.latency = (seen.latency.0 + s.latency_ms * n as f64, seen.latency.1 + n);
            }
        }
        if !w.tick().0.is_multiple_of(SCRAPE_S) {
            return false;
        }
        for (name, q) in w.queues() {
            if let Some((done, failed)) = self.queues.get(name) {
                let (done, failed) = (q.done_total - done, q.failed_total - failed);
                // An interval in which nothing finished says nothing new.
                if done + failed > 0 {
                    self.success.insert(name.to_owned(), done as f64 / (done + failed) as f64);
                }
            }
        }
        let at = w.t_s();
        let signals: Vec<Signal> = self.all.keys().cloned().collect();
        for signal in signals {
            let value = self.sample(&signal, w, opening);
            digest.push(&(at, value));
            if let Some(s) = self.all.get_mut(&signal) {
                let points = Arc::make_mut(&mut s.points);
                if points.len() >= SAMPLES_MAX {
                    points.remove(0);
                }
                points.push((at, value));
            }
        }
        self.restart(w);
        true
    }

    fn sample(&self, signal: &Signal, w: &World, opening: Option<&World>) -> Option<f64> {
        let scrape = SCRAPE_S as f64;
        // A service of which nothing runs reports nothing.
        let of = |name: &str| {
            let s = w.service(name).filter(|_| w.is_up(name))?;
            Some((s, self.services.get(name)?))
        };
        match signal {
            Signal::RequestRate(target) => match target.split_once(':') {
                None => of(target).map(|(s, was)| (s.total.requests - was.requests) as f64 / scrape),
                Some((service, _)) => {
                    of(service)?;
                    let was = self.endpoints.get(target)?;
                    Some((w.endpoint_total(target)? - was) as f64 / scrape)
                }
            },
            Signal::OkRate(name) => of(name).map(|(s, was)| (s.total.ok - was.ok) as f64 / scrape),
            Signal::ErrorShare(name) => of(name).map(|(s, was)| {
                let requests = s.total.requests - was.requests;
                let errors = s.total.errors() - was.errors;
                if requests == 0 { 0.0 } else { (errors as f64 / requests as f64).min(1.0) }
            }),
            Signal::Latency(name) => of(name).and_then(|(_, was)| {
                let (sum, n) = was.latency;
                (n > 0).then(|| sum / n as f64)
            }),
            Signal::Probe(name) => w.probe(name).map(|p| f64::from(u8::from(p.ok))),
            Signal::DiskUsed(place) => {
                let m = w.mount(place)?;
                let before = opening.map_or(0.0, |o| disk_growth_s(o, place) * -(w.t_s() - o.t_s()) as f64);
                let used = (m.used() as f64 - before).max(m.base as f64).max(0.0);
                Some(if m.size == 0 { 1.0 } else { (used / m.size as f64).min(1.0) })
            }
            Signal::QueueDepth(name) => match opening {
                None => w.queue(name).map(|q| q.waiting as f64),
                Some(o) => {
                    let (q, spec) = (o.queue(name)?, o.spec().queues.get(name)?);
                    let rises = if q.waiting > 0 { spec.arrivals.to_f64() - spec.rate.to_f64() } else { 0.0 };
                    let ago = (o.t_s() - w.t_s()) as f64;
                    Some((q.waiting as f64 - rises * ago).max(0.0) as u64 as f64)
                }
            },
            Signal::QueueSuccess(name) => {
                w.queue(name)?;
                self.success.get(name).copied()
            }
            Signal::Load(host) => w.load(host),
        }
    }

    pub fn series(&self, signal: &Signal) -> Arc<Vec<(i64, Option<f64>)>> {
        self.all.get(signal).map(|s| Arc::clone(&s.points)).unwrap_or_default()
    }

    pub fn now(&self, signal: &Signal) -> Option<f64> {
        self.all.get(signal)?.points.last()?.1
    }

    pub fn usual(&self, signal: &Signal) -> Option<f64> {
        self.all.get(signal)?.usual
    }

    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        self.all.keys()
    }
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

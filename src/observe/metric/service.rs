//! Series of a service: RED as it counts itself, its calls as their caller sees them, and what the orchestrator says.

use super::target::{Counters, Scrape, Target};
use crate::observe::series::{Labels, STALE, SeriesId, SeriesStore};
use crate::scenario::WorldSpec;
use crate::sim::queueing::Response;
use crate::sim::{Answers, Edge, Service};
use serde::Serialize;

/// Upper bounds of the duration histogram, seconds; `+Inf` follows.
pub const BOUNDS_S: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The bounds as the label `le` has them.
const BOUNDS: [&str; 12] =
    ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"];

/// Status codes, in the order of the counters.
const CODES: [&str; 6] = ["200", "302", "404", "429", "500", "503"];

/// Counters of one endpoint: those that began, then one for each code.
const SLOT: usize = 1 + CODES.len();

/// Where answers of 5xx begin among a slot's counters.
const OWN: usize = 5;

/// How a call ended, as `outcome` names it.
const OUTCOMES: [&str; 6] = ["ok", "error", "timeout", "breaker_open", "pool_timeout", "cut"];

/// How far the mean or the chance of waiting may move, relative to itself, before the shares of the buckets are computed again.
const SAME: f64 = 0.01;

/// What a service shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ServiceSeries {
    target: Target,
    orchestrator: Target,
    counters: Counters,
    duration: Duration,
    /// Positions of its calls among the world's.
    #[serde(skip)]
    calls: Vec<usize>,
    up: bool,
    release: Option<String>,
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    info: Option<SeriesId>,
    /// Sum of milliseconds × requests over the ticks since the last scrape, and of requests.
    latency: (f64, u64),
}

/// A classic histogram that counts whole requests: each bucket is the whole part of what it is owed, and as the shares
/// of the bounds rise, so do the buckets; the last one is exactly the requests that were finished.
#[derive(Clone, Debug, Default, Serialize)]
struct Duration {
    owed: [f64; BOUNDS_S.len()],
    shares: [f64; BOUNDS_S.len()],
    /// Mean, seconds, and chance of waiting for which the shares were computed.
    of: (f64, f64),
    sum_s: f64,
    count: u64,
}

impl Duration {
    fn add(&mut self, response: &Response, waited_s: f64, mean_s: f64, answered: u64, turned_away: u64) {
        if answered == 0 && turned_away == 0 {
            return;
        }
        let now = (mean_s, response.p_wait());
        let moved = |a: f64, b: f64| (a - b).abs() > SAME * b.abs();
        if moved(now.0, self.of.0) || moved(now.1, self.of.1) {
            let shifted = response.with_shift(waited_s);
            self.of = now;
            self.shares = BOUNDS_S.map(|bound| shifted.cdf(bound));
        }
        // Who is turned away at the door hears so at once.
        for (owed, share) in self.owed.iter_mut().zip(&self.shares) {
            *owed += answered as f64 * share + turned_away as f64;
        }
        self.sum_s += answered as f64 * mean_s;
        self.count += answered + turned_away;
    }

    /// Buckets, sum and count.
    fn values(&self, out: &mut Vec<f64>) {
        let count = self.count as f64;
        out.extend(self.owed.iter().map(|o| (*o as u64 as f64).min(count)));
        out.extend([count, self.sum_s, count]);
    }
}

/// What the closed vocabulary of signals says of a service since the last scrape.
pub(super) struct Reading {
    pub started_per_s: f64,
    pub ok_per_s: f64,
    pub error_share: f64,
    pub latency_ms: Option<f64>,
}

fn books<'a>(s: &'a Service, edges: &'a [&'a Edge], calls: &'a [usize]) -> impl Iterator<Item = u64> + 'a {
    let named: u64 = s.by_endpoint.iter().sum();
    let nameless = s.total.requests.saturating_sub(named);
    let started = s.by_endpoint.iter().copied().chain([nameless]);
    let slots = started
        .zip(&s.answers)
        .flat_map(|(n, a): (u64, &Answers)| [n, a.ok, a.redirects, a.missing, a.limited, a.own, a.call + a.shed]);
    let calls = calls.iter().filter_map(|e| edges.get(*e)).flat_map(|e| {
        let t = &e.total;
        [t.ok, t.errors, t.timeouts, t.broken, t.starved, t.cut, t.retries]
    });
    slots.chain(calls)
}

impl ServiceSeries {
    pub fn new(store: &mut SeriesStore, spec: &WorldSpec, name: &str, calls: Vec<(usize, String)>) -> ServiceSeries {
        let mut target = Target::new(store, &[("job", "service"), ("service", name)]);
        let endpoints = spec.services.get(name).map(|s| s.endpoints.keys()).into_iter().flatten();
        // A label without a value is no label: requests that name no endpoint have none.
        for endpoint in endpoints.map(String::as_str).chain([""]) {
            let labels = [("service", name), ("endpoint", endpoint)];
            target.declare(store, "http_requests_started_total", &labels);
            for code in CODES {
                target.declare(store, "http_requests_total", &[labels[0], labels[1], ("code", code)]);
            }
        }
        for (_, callee) in &calls {
            for outcome in OUTCOMES {
                let labels = [("service", name), ("callee", callee.as_str()), ("outcome", outcome)];
                target.declare(store, "rpc_client_requests_total", &labels);
            }
            target.declare(store, "rpc_client_retries_total", &[("service", name), ("callee", callee)]);
        }
        for le in BOUNDS {
            target.declare(store, "http_request_duration_seconds_bucket", &[("service", name), ("le", le)]);
        }
        for metric in [
            "http_request_duration_seconds_sum",
            "http_request_duration_seconds_count",
            "http_requests_in_flight",
            "http_requests_queued",
            "service_saturation_ratio",
        ] {
            target.declare(store, metric, &[("service", name)]);
        }
        for (_, callee) in &calls {
            target.declare(store, "rpc_client_breaker_open", &[("service", name), ("callee", callee)]);
        }
        let mut orchestrator = Target::new(store, &[("job", "orchestrator"), ("service", name)]);
        for metric in ["service_replicas_ready", "service_replicas_desired"] {
            orchestrator.declare(store, metric, &[("service", name)]);
        }
        ServiceSeries {
            target,
            orchestrator,
            counters: Counters::default(),
            duration: Duration::default(),
            calls: calls.into_iter().map(|(e, _)| e).collect(),
            up: true,
            release: None,
            name: name.to_owned(),
            info: None,
            latency: (0.0, 0),
        }
    }

    /// Looks at a tick. True if the service started anew in it: then [`ServiceSeries::restart`] is due.
    pub fn tick(&mut self, s: &Service) -> bool {
        let up = s.is_up();
        let anew = up && !self.up;
        self.up = up;
        let f = &s.flow;
        self.latency = (self.latency.0 + s.latency_ms * f.requests as f64, self.latency.1 + f.requests);
        let answered = f.served() + f.failed.saturating_sub(f.refused);
        self.duration.add(&s.response, s.waited_s(), s.latency_ms / 1e3, answered, f.shed + f.limited);
        anew
    }

    /// Whether it is of this service, and the last scrape found it.
    pub fn found(&self, service: &str) -> bool {
        self.name == service && self.target.is_live()
    }

    /// Its processes are new, and so are their counters.
    pub fn restart(&mut self, s: &Service, edges: &[&Edge]) {
        self.counters.read(books(s, edges, &self.calls));
        self.counters.restart();
        self.duration = Duration::default();
    }

    /// The world's books begin again at the opening.
    pub fn rebase(&mut self, s: &Service, edges: &[&Edge]) {
        self.counters.rebase(books(s, edges, &self.calls));
        self.counters.scraped();
        self.latency = (0.0, 0);
        self.up = s.is_up();
    }

    /// A scrape; what the signals read, if there is data.
    pub fn scrape(
        &mut self,
        s: &Service,
        edges: &[&Edge],
        (replicas, blind): ((u64, u64), bool),
        scrape: &mut Scrape<'_>,
        interval_s: f64,
    ) -> Option<Reading> {
        self.orchestrator.found(scrape, &[replicas.0 as f64, replicas.1 as f64]);
        self.released(s, scrape);
        let latency = std::mem::take(&mut self.latency);
        if !s.is_up() || blind {
            self.target.lost(scrape);
            return None;
        }
        self.counters.read(books(s, edges, &self.calls));
        let mut values: Vec<f64> = self.counters.values().map(|n| n as f64).collect();
        self.duration.values(&mut values);
        values.extend([s.in_flight() + s.queue as f64, s.queue as f64, s.busy]);
        values.extend(self.calls.iter().map(|e| f64::from(u8::from(edges.get(*e).is_some_and(|e| e.open)))));
        self.target.found(scrape, &values);
        let slots = 0..s.answers.len();
        let rise = |of: std::ops::Range<usize>| -> u64 {
            slots
                .clone()
                .flat_map(|slot| of.clone().map(move |c| slot * SLOT + c))
                .map(|at| self.counters.rise(at))
                .sum()
        };
        let (started, ok, errors) = (rise(0..1), rise(1..2), rise(OWN..SLOT));
        Some(Reading {
            started_per_s: started as f64 / interval_s,
            ok_per_s: ok as f64 / interval_s,
            error_share: if started == 0 { 0.0 } else { (errors as f64 / started as f64).min(1.0) },
            latency_ms: (latency.1 > 0).then(|| latency.0 / latency.1 as f64),
        })
    }

    /// Requests a second that began at an endpoint since the last scrape, by its position.
    pub fn endpoint_per_s(&self, endpoint: usize, interval_s: f64) -> f64 {
        self.counters.rise(endpoint * SLOT) as f64 / interval_s
    }

    /// The scrape is done.
    pub fn scraped(&mut self) {
        self.counters.scraped();
    }

    /// `service_release_info` is 1 for the release that runs; the series of the one before ends.
    fn released(&mut self, s: &Service, scrape: &mut Scrape<'_>) {
        if s.release != self.release || self.info.is_none() {
            self.release.clone_from(&s.release);
            if let Some(old) = self.info.take() {
                scrape.write(old, STALE);
            }
            self.info = s.release.as_ref().map(|release| {
                let labels = [("service", self.name.as_str()), ("release", release.as_str())];
                scrape.store.series(Labels::metric("service_release_info", labels))
            });
        }
        if let Some(id) = self.info {
            scrape.write(id, 1.0);
        }
    }
}

//! What the world only has as a rate or a state of one second, added up: queries of resolvers, requests that edges turned
//! away, hits and misses of caches, ends of scheduled jobs.

use super::flag;
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::scenario::ServiceKind;
use crate::sim::World;

families! {
    REDIS_UP = Gauge "redis_up" ["instance"] "bool" "Whether a cache answers.";
    REDIS_HITS = Counter "redis_keyspace_hits_total" ["instance"] "1" "Requests that a cache answered by itself.";
    REDIS_MISSES = Counter "redis_keyspace_misses_total" ["instance"] "1" "Requests for which it went to its origin.";
    REDIS_KEYS = Gauge "redis_db_keys" ["instance", "db"] "1" "Objects that it holds.";
    CDN_HITS = Counter "fastly_rt_hits_total" ["service_name"] "1" "Requests that the edge answered without its origin.";
    CDN_MISSES = Counter "fastly_rt_miss_total" ["service_name"] "1" "Requests for which it went to its origin.";
}

/// A resolver since the beginning.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::observe::metric) struct Asked {
    pub queries: f64,
    pub failed: f64,
    pub seconds: f64,
}

/// A cache or edge: its position, the calls to its origin, and what became of requests.
#[derive(Clone, Debug)]
struct Cache {
    service: usize,
    name: String,
    /// Whether it is a cache; a network's edge does not say what it holds.
    holds: bool,
    calls: Vec<usize>,
    done: u64,
    misses: u64,
    hits: u64,
}

/// A scheduled job.
#[derive(Clone, Debug, Default)]
pub(in crate::observe::metric) struct Job {
    /// Runs under way when last looked at.
    running: usize,
    /// When a run last ended well, seconds since the Unix epoch.
    pub ended: Option<i64>,
}

/// Sums since the beginning of the prehistory.
#[derive(Clone, Debug, Default)]
pub(in crate::observe::metric) struct Tally {
    pub resolvers: Vec<Asked>,
    /// By edge and rule.
    pub turned: Vec<Vec<f64>>,
    caches: Vec<Cache>,
    pub crons: Vec<Job>,
}

impl Tally {
    pub fn new(w: &World) -> Tally {
        let mut caches = Vec::new();
        for (service, (name, spec)) in w.spec().services.iter().enumerate() {
            let (origin, holds) = match &spec.kind {
                ServiceKind::Cdn { origin, .. } => (origin, false),
                ServiceKind::Cache(c) => (&c.origin, true),
                _ => continue,
            };
            let calls = w.edges().enumerate().filter(|(_, (from, to, _))| from == name && to == origin);
            let calls = calls.map(|(at, _)| at).collect();
            caches.push(Cache { service, name: name.clone(), holds, calls, done: 0, misses: 0, hits: 0 });
        }
        Tally {
            resolvers: vec![Asked::default(); w.net().resolvers().count()],
            turned: w.net().edges().map(|(_, _, e)| vec![0.0; e.turned.len()]).collect(),
            caches,
            crons: vec![Job::default(); w.crons().count()],
        }
    }

    pub fn tick(&mut self, w: &World) {
        let net = w.net();
        for (sum, (_, r)) in self.resolvers.iter_mut().zip(net.resolvers()) {
            sum.queries += r.queries;
            sum.failed += r.queries * r.failing;
            sum.seconds += r.queries * r.latency_s;
        }
        for (sums, (_, _, edge)) in self.turned.iter_mut().zip(net.edges()) {
            for (sum, n) in sums.iter_mut().zip(&edge.turned) {
                *sum += n;
            }
        }
        for cache in &mut self.caches {
            let Some(s) = w.service_at(cache.service) else { continue };
            cache.done += s.flow.served() + s.flow.failed.saturating_sub(s.flow.refused);
            for call in cache.calls.iter().filter_map(|at| w.edge_at(*at)) {
                let f = &call.flow;
                cache.misses += (f.sent + f.broken + f.starved).saturating_sub(f.retries);
            }
            // A miss is known before its answer is, so that hits wait until they are certain.
            cache.hits = cache.hits.max(cache.done.saturating_sub(cache.misses));
        }
        let now = w.utc().0;
        for (job, cron) in self.crons.iter_mut().zip(w.crons()) {
            let running = cron.state.running.len();
            if running < job.running {
                job.ended = Some(now);
            }
            job.running = running;
        }
    }

    /// Hits and misses of a cache or edge since the beginning.
    pub fn hits(&self, name: &str) -> Option<(u64, u64)> {
        self.caches.iter().find(|c| c.name == name).map(|c| (c.hits, c.misses))
    }

    /// What caches and edges show.
    pub fn collect(&self, w: &World, emit: &mut Emit<'_>) {
        for c in &self.caches {
            let of: &[&str] = &[&c.name];
            if !c.holds {
                if !w.is_blind(&c.name) {
                    emit(&CDN_HITS, of, c.hits as f64);
                    emit(&CDN_MISSES, of, c.misses as f64);
                }
                continue;
            }
            if w.is_blind(&c.name) {
                continue;
            }
            let up = w.is_up(&c.name);
            emit(&REDIS_UP, of, flag(up));
            if up {
                emit(&REDIS_HITS, of, c.hits as f64);
                emit(&REDIS_MISSES, of, c.misses as f64);
                let sizes = w.held_by(&c.name).map(|h| h.sizes()).unwrap_or_default();
                if sizes.first().is_none_or(|(db, _)| *db > 0) {
                    emit(&REDIS_KEYS, &[&c.name, "db0"], 0.0);
                }
                for (db, n) in sizes {
                    emit(&REDIS_KEYS, &[&c.name, &format!("db{db}")], n as f64);
                }
            }
        }
    }
}

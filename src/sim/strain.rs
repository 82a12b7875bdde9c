//! What weighs on a service and what stands in its callers' way in this tick: gathered from every room before requests flow.

use crate::scenario::Fault;
use crate::sim::World;
use crate::sim::carry::Rate;
use crate::sim::plan::{Plan, ServiceAt};

/// What weighs on a service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strain {
    /// Replicas that take requests.
    pub ready: u64,
    /// How many times its usual time a request takes, at least 1. Rooms multiply it.
    pub factor: f64,
    /// Share of the requests it works on that it answers with a 5xx of its own.
    pub errors: Rate,
    /// At most so many requests at once in all, if something limits them.
    pub slots: Option<u64>,
    /// Whether it answers everything with an error at once.
    pub reject: bool,
    /// Share of the requests that arrive which it turns away at once, on purpose.
    pub shed: Rate,
    /// Share of the requests that arrive which it answers with a 429, because their clients may not make so many.
    pub limited: Rate,
    /// What weighs on single tenants, by position among all; usually on none.
    pub tenants: Vec<TenantStrain>,
}

/// What weighs on one tenant at a service, beside what weighs on all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TenantStrain {
    pub tenant: usize,
    /// Share of its requests that are answered with a 5xx.
    pub errors: Rate,
    /// Share of its requests that are answered with a 429.
    pub limited: Rate,
}

impl Strain {
    /// What weighs on a tenant here.
    pub fn of_tenant(&self, tenant: Option<usize>) -> TenantStrain {
        let nothing = TenantStrain { tenant: 0, errors: Rate::ZERO, limited: Rate::ZERO };
        if self.tenants.is_empty() {
            return nothing;
        }
        let all = self.tenants.iter().filter(|t| Some(t.tenant) == tenant);
        all.fold(nothing, |a, b| TenantStrain {
            tenant: b.tenant,
            errors: a.errors.or(b.errors),
            limited: a.limited.or(b.limited),
        })
    }

    fn new(ready: u64) -> Strain {
        Strain {
            ready,
            factor: 1.0,
            errors: Rate::ZERO,
            slots: None,
            reject: false,
            shed: Rate::ZERO,
            limited: Rate::ZERO,
            tenants: Vec::new(),
        }
    }

    /// Slows it down; a factor below 1 does nothing.
    pub fn slow(&mut self, factor: f64) {
        self.factor *= factor.max(1.0);
    }

    /// Another share of what still succeeds fails.
    pub fn fail(&mut self, share: Rate) {
        self.errors = self.errors.or(share);
    }

    /// Another share of what is still let in is over a rate limit.
    pub fn ration(&mut self, share: Rate) {
        self.limited = self.limited.or(share);
    }

    /// Allows at most so many requests at once.
    pub fn limit(&mut self, slots: u64) {
        self.slots = Some(self.slots.map_or(slots, |s| s.min(slots)));
    }
}

/// Why nothing comes through, as the caller sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Cut {
    /// The name does not resolve.
    Unresolved,
    /// Nothing listens, or the connection is reset.
    Refused,
    /// Nothing comes back.
    TimedOut,
    /// The certificate is not accepted.
    Tls,
    /// The credential is not accepted.
    Denied,
    /// A rate limit on the way answers with a 429.
    Limited,
}

/// What stands between a caller and a service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    /// Round trip added, seconds.
    pub latency_s: f64,
    /// Share of attempts that get lost.
    pub loss: Rate,
    /// Share of what is left that fails at once: not resolved, not accepted, turned away on the way.
    pub turned: Rate,
    /// Nothing comes through.
    pub cut: Option<Cut>,
    /// How long the caller waits for an answer, seconds; infinite if for ever.
    pub timeout_s: f64,
    /// Connections of the caller's pool that are taken for good.
    pub taken: u64,
    /// Whom the callee's name leads to another service, before anything else happens on the way.
    pub moved: Vec<Moved>,
}

/// A share of attempts that goes to another service than the one that is meant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moved {
    /// The service that gets them.
    pub to: ServiceAt,
    /// Share of all attempts.
    pub share: Rate,
    /// The way there.
    pub way: Way,
}

impl Way {
    pub const OPEN: Way = Way {
        latency_s: 0.0,
        loss: Rate::ZERO,
        turned: Rate::ZERO,
        cut: None,
        timeout_s: f64::INFINITY,
        taken: 0,
        moved: Vec::new(),
    };

    /// Another share of what still comes through gets lost.
    pub fn lose(&mut self, share: Rate) {
        self.loss = self.loss.or(share);
    }

    /// Another share of what still comes through fails at once.
    pub fn turn(&mut self, share: Rate) {
        self.turned = self.turned.or(share);
    }
}

/// The way of clients of a source to a service to which they are redirected.
#[derive(Clone, Debug)]
pub(super) struct Detour {
    pub source: usize,
    pub to: ServiceAt,
    pub way: Way,
}

/// Strain of every service and the way of every edge, then of every traffic source.
#[derive(Clone, Debug, Default)]
pub(super) struct Pressure {
    pub strain: Vec<Strain>,
    pub ways: Vec<Way>,
    /// Only those on which something stands in the way.
    pub detours: Vec<Detour>,
    /// Whether it is what it would be if it were gathered again, as long as the world stays undisturbed.
    pub holds: bool,
    /// Whether it was gathered since the last second of requests.
    pub fresh: bool,
    /// Whether every service takes requests and fails none, and every way is open.
    pub plain: bool,
}

impl Pressure {
    /// Nothing weighs on anything yet.
    fn reset(&mut self, plan: &Plan, ready: impl Iterator<Item = u64>) {
        self.strain.clear();
        self.strain.extend(ready.map(Strain::new));
        self.ways.clear();
        self.detours.clear();
        self.ways.extend(plan.edges.iter().map(|e| Way {
            latency_s: e.latency_s,
            timeout_s: e.timeout_s,
            ..Way::OPEN
        }));
        self.ways.resize(plan.edges.len() + plan.sources.len(), Way::OPEN);
    }
}

impl World {
    /// Whether what rooms have to say depends on nothing that a second changes by itself. What somebody does, a fault
    /// that begins or ends and a replica that comes or goes make [`Pressure::holds`] false instead.
    fn undisturbed(&self) -> bool {
        self.plan.capacity.is_bare()
            && self.queues.is_empty()
            && self.stores.is_empty()
            && self.change.active.is_empty()
            && self.ailments.awake().next().is_none()
            && self.net.rests(self.utc())
    }

    /// Lays a share of errors and of refusals on a tenant at a service, by how many requests of it came last.
    fn press_tenant(&self, pressure: &mut Pressure, of: (&str, &str), weigh: impl Fn(f64) -> (Rate, Rate)) {
        let (Some(tenant), Some(at)) = (self.plan.tenants.iter().position(|t| t == of.0), self.plan.service(of.1))
        else {
            return;
        };
        let came = self.services.get(at).and_then(|s| s.tenants.get(tenant)).map_or(0, |t| t.requests);
        if let Some(s) = pressure.strain.get_mut(at) {
            let (errors, limited) = weigh(came as f64);
            s.tenants.push(TenantStrain { tenant, errors, limited });
        }
    }

    /// Gathers what every room has to say, once a second as it `passes` and again for whoever looks between two.
    pub(super) fn press(&mut self, passes: bool) {
        let undisturbed = self.undisturbed();
        if undisturbed && self.pressure.holds {
            return;
        }
        let mut pressure = std::mem::take(&mut self.pressure);
        pressure.reset(&self.plan, self.services.iter().map(|s| s.ready));
        for a in self.ailments.awake() {
            let severity = a.severity();
            match &a.fault {
                Fault::Errors { service, share } => {
                    if let Some(s) = self.plan.service(service).and_then(|at| pressure.strain.get_mut(at)) {
                        s.fail(Rate::of(&(&share.0 * a.exact_severity())).capped());
                    }
                }
                Fault::TenantErrors { tenant, service, share } => {
                    let errors = Rate::of(&(&share.0 * a.exact_severity())).capped();
                    self.press_tenant(&mut pressure, (tenant, service), |_| (errors, Rate::ZERO));
                }
                Fault::TenantLimit { tenant, service, rate } => {
                    let most = rate.to_f64();
                    self.press_tenant(&mut pressure, (tenant, service), |came| {
                        let over = if came > most { 1.0 - most / came } else { 0.0 };
                        (Rate::ZERO, Rate::of_f64(over * severity).capped())
                    });
                }
                Fault::Slow { service, factor } => {
                    if let Some(s) = self.plan.service(service).and_then(|at| pressure.strain.get_mut(at)) {
                        s.slow(1.0 + (factor.to_f64() - 1.0).max(0.0) * severity);
                    }
                }
                _ => {}
            }
        }
        self.press_net(&mut pressure, passes);
        self.press_capacity(&self.plan, &mut pressure.strain, &mut pressure.ways);
        self.press_changes(&mut pressure);
        self.press_store(&mut pressure);
        pressure.holds = undisturbed;
        pressure.fresh = true;
        let calm =
            |s: &Strain| s.ready > 0 && [s.errors, s.shed, s.limited].iter().all(|r| *r == Rate::ZERO) && !s.reject;
        let open = |w: &Way| w.cut.is_none() && w.loss == Rate::ZERO && w.turned == Rate::ZERO && w.moved.is_empty();
        pressure.plain = self.plan.settles && pressure.strain.iter().all(calm) && pressure.ways.iter().all(open);
        self.pressure = pressure;
    }
}

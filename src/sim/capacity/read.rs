//! Reading the room: what metrics, logs and tools may ask. All of it is derived from the one state.

use super::cohort::{Cohort, Phase, Why};
use super::group::{Group, PodRow, QuotaRow};
use super::host::{Hog, HostUse, Power, UnitUse};
use super::kernel::KernelLine;
use super::plan::CapacityPlan;
use super::{CapacityState, Order};

/// Rows that a list of replicas shows at most.
pub const ROWS_MAX: usize = 2_000;

/// A short word for a number, as platforms put at the end of a name.
fn suffix(seed: u64, letters: usize) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1b87_3593_cc9e_2d51;
    let mut out = String::new();
    for _ in 0..letters {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (x >> 33) as usize % LETTERS.len();
        out.push(LETTERS.get(at).map_or('x', |b| char::from(*b)));
    }
    out
}

/// The hash of a revision, as it stands in the names of its replica set and its replicas.
pub fn hash_of(key: u64) -> String {
    suffix(key, 10)
}

/// The name of a managed replica.
pub fn pod_name(service: &str, key: u64, number: u64) -> String {
    let set = service.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
    format!("{service}-{}-{}", hash_of(key), suffix(set ^ (number << 8), 5))
}

impl CapacityState {
    /// A host as it is.
    pub fn host_use(&self, plan: &CapacityPlan, host: usize) -> Option<HostUse> {
        let (p, h) = (plan.hosts.get(host)?, self.hosts.get(host)?);
        let used = (self.used_bytes(plan, host) as u64).min(p.memory);
        // What programs leave, the kernel fills with pages of files, a third of it on a quiet machine.
        let cache = p.memory.saturating_sub(used) / 3;
        Some(HostUse {
            power: h.power,
            given_up: h.power != Power::On && self.tick.saturating_sub(h.off_since) >= super::group::NODE_GRACE_S,
            zone: p.zone.clone(),
            cores: p.cores,
            busy: h.busy,
            wanted: h.wanted,
            runnable: h.runnable,
            blocked: h.blocked,
            load: h.load,
            memory: p.memory,
            memory_used: used,
            cache,
            conntrack: h.tracked as u64,
            conntrack_max: h.conntrack_max,
            dropped: h.dropped,
            ports: h.time_wait as u64,
            ports_max: h.ports_max,
            ports_short: h.ports_short,
            established: h.established as u64,
            cordoned: h.cordoned,
            pressure: h.pressure_until > self.tick,
            oom_kills: h.oom_kills,
        })
    }

    /// A unit as it is.
    pub fn unit_use(&self, unit: usize) -> Option<UnitUse> {
        let u = self.units.get(unit)?;
        Some(UnitUse {
            cores: u.cores,
            throttled: u.throttled,
            rss: u.rss as u64,
            descriptors: u.descriptors,
            threads: u.threads,
            oom_kills: u.oom_kills,
            limits: u.limits.clone(),
        })
    }

    /// Whether a host answers.
    pub fn is_on(&self, host: usize) -> bool {
        self.hosts.get(host).is_none_or(|h| h.power == Power::On)
    }

    /// Seconds since a host lost its power the last time.
    pub fn dark_s(&self, host: usize) -> Option<u64> {
        self.hosts.get(host).map(|h| self.tick.saturating_sub(h.off_since))
    }

    /// Whether any host does not answer.
    pub fn any_off(&self) -> bool {
        self.hosts.iter().any(|h| h.power != Power::On)
    }

    /// Inodes of a host's mounts that state a limit: mount point, used, all.
    pub fn inodes_of(&self, plan: &CapacityPlan, host: usize) -> Vec<(String, u64, u64)> {
        let (Some(p), Some(h)) = (plan.hosts.get(host), self.hosts.get(host)) else { return Vec::new() };
        p.inodes.iter().zip(&h.inodes).map(|((m, total), i)| (m.clone(), i.used, *total)).collect()
    }

    /// Whether a mount has no inode left.
    pub fn no_inodes(&self, plan: &CapacityPlan, host: usize, point: &str) -> bool {
        self.inodes_of(plan, host).iter().any(|(m, used, total)| m == point && used >= total)
    }

    /// Processes that do not belong on a host.
    pub fn hogs(&self, host: usize) -> impl Iterator<Item = &Hog> {
        self.hogs.iter().filter(move |h| h.host == host)
    }

    /// What kernels said in one tick, the newest first.
    pub fn kernel_said(&self, tick: u64) -> impl Iterator<Item = &KernelLine> {
        self.klog.lines.iter().rev().take_while(move |l| l.tick == tick)
    }

    /// Kernel messages of a host since it was started, oldest first.
    pub fn kernel_log(&self, host: usize) -> impl Iterator<Item = &KernelLine> {
        let since = self.booted(host).unwrap_or(0);
        self.klog.lines.iter().filter(move |l| l.host == host && l.tick >= since)
    }

    /// Tick at which a host's kernel started; none if that was before the opening.
    pub fn booted(&self, host: usize) -> Option<u64> {
        self.hosts.get(host)?.booted
    }

    /// The managed replicas of a service.
    pub fn group(&self, service: usize) -> Option<&Group> {
        self.groups.get(service)?.as_ref()
    }

    /// The managed replicas of a service, one row each, by number, at most [`ROWS_MAX`].
    pub fn pods(&self, plan: &CapacityPlan, service: usize) -> Vec<PodRow> {
        let (Some(s), Some(g)) = (plan.services.get(service), self.group(service)) else { return Vec::new() };
        let Some(p) = &s.managed else { return Vec::new() };
        let mut cohorts: Vec<&Cohort> = g.cohorts.iter().collect();
        cohorts.sort_by_key(|c| c.first);
        let ready = g.ready().max(1) as f64;
        let in_flight = self.services.get(service).map_or(0.0, |x| x.in_flight);
        let row = |c: &Cohort, i: u64| {
            let lives = matches!(c.phase, Phase::Running | Phase::Starting | Phase::Terminating);
            let held = if c.serves() { s.connection as f64 * in_flight / ready } else { 0.0 };
            PodRow {
                name: pod_name(&s.name, c.template, c.first + i),
                ready: c.serves(),
                status: c.status(),
                restarts: c.restarts,
                age_s: self.tick.saturating_sub(c.born) + if c.born == 0 { g.aged_s } else { 0 },
                node: c.node.and_then(|n| plan.hosts.get(n)).map(|h| h.name.clone()),
                memory: if lives { (p.base as f64 + c.leaked + held) as u64 } else { 0 },
                event: event(c, p.nodes.len()),
            }
        };
        // Those that were put out of a node stay on the list.
        let evicted = g.ended.iter().filter(|e| e.why == Why::Evicted).map(|e| &e.was);
        let out = |c: &Cohort, i: u64| PodRow { status: "Evicted", ready: false, memory: 0, restarts: 0, ..row(c, i) };
        let now = cohorts.iter().flat_map(|c| (0..c.n).map(|i| row(c, i))).collect::<Vec<_>>();
        now.into_iter().chain(evicted.flat_map(|c| (0..c.n).map(move |i| out(c, i)))).take(ROWS_MAX).collect()
    }

    /// The quota, if there is one.
    pub fn quota(&self, plan: &CapacityPlan) -> Option<QuotaRow> {
        plan.quota.map(|hard| QuotaRow { used: self.quota_used(), hard })
    }

    /// Addresses of the pool: taken, all; `None` if nothing is said about it.
    pub fn addresses(&self, plan: &CapacityPlan) -> Option<(u64, u64)> {
        plan.addresses.map(|all| (self.addresses_used().min(all), all))
    }

    /// Cores that one managed replica of a service uses, a mean.
    pub(super) fn pod_cores(&self, plan: &CapacityPlan, service: usize) -> f64 {
        let (Some(s), Some(g), Some(x)) = (plan.services.get(service), self.group(service), self.services.get(service))
        else {
            return 0.0;
        };
        let stretch =
            g.cohorts.iter().filter_map(|c| self.hosts.get(c.node?)).map(|h| h.stretch).fold(g.stretch, f64::max);
        let load = super::share::Load {
            requests: x.in_flight / g.ready().max(1) as f64,
            cpu_s: s.cpu_s() * x.burn,
            wait_s: s.wait_s(1.0) + x.elsewhere_s,
        };
        load.cores(stretch)
    }

    /// Memory of the managed replicas on a node, bytes.
    pub(super) fn pods_bytes(&self, plan: &CapacityPlan, node: usize) -> f64 {
        let mut sum = 0.0;
        for (at, (s, g)) in plan.services.iter().zip(&self.groups).enumerate() {
            let (Some(p), Some(g)) = (&s.managed, g) else { continue };
            let each = self.services.get(at).map_or(0.0, |x| x.in_flight) / g.ready().max(1) as f64;
            for c in g.cohorts.iter().filter(|c| c.node == Some(node)) {
                if matches!(c.phase, Phase::Running | Phase::Starting | Phase::Terminating) {
                    let held = if c.serves() { s.connection as f64 * each } else { 0.0 };
                    sum += c.n as f64 * (p.base as f64 + c.leaked + held);
                }
            }
        }
        sum
    }

    /// Kills a managed replica on a node if one has more memory than `than`.
    pub(super) fn kill_largest_pod(&mut self, plan: &CapacityPlan, node: usize, than: f64) -> bool {
        let tick = self.tick;
        let mut worst: Option<(usize, usize, f64)> = None;
        for (at, (s, g)) in plan.services.iter().zip(&self.groups).enumerate() {
            let (Some(p), Some(g)) = (&s.managed, g) else { continue };
            for (i, c) in g.cohorts.iter().enumerate() {
                let each = p.base as f64 + c.leaked;
                let here = c.node == Some(node) && c.phase == Phase::Running;
                if here && each > worst.map_or(than, |w| w.2) {
                    worst = Some((at, i, each));
                }
            }
        }
        let Some((at, i, bytes)) = worst else { return false };
        let Some(Some(g)) = self.groups.get_mut(at) else { return false };
        let Some(c) = g.cohorts.get_mut(i) else { return false };
        let mut part = c.split(1);
        let number = part.first;
        part.end(Why::OomKilled, tick);
        g.events.say(tick, super::Reason::BackOff, &part);
        g.cohorts.push(part);
        g.cohorts.retain(|c| c.n > 0);
        g.oom_kills += 1;
        g.restarts += 1;
        let name = plan.services.get(at).map_or("", |s| s.name.as_str());
        let pid = 20_000 + (number * 37 % 12_000) as u32;
        let kb = (bytes / 1024.0) as u64;
        let text = format!("Out of memory: Killed process {pid} ({name}) total-vm:{}kB, anon-rss:{kb}kB", kb * 3 / 2);
        self.node_says(node, "SystemOOM", true, &format!("System OOM encountered, victim process: {name}, pid: {pid}"));
        self.klog.say(tick, node, "err", text);
        true
    }

    /// The session's clock starts again at zero: times move by `past`.
    pub fn rebase(&mut self, past: u64) {
        self.tick = 0;
        for h in &mut self.hosts {
            h.off_since = h.off_since.saturating_sub(past);
            h.booted = None;
            h.pressure_until = h.pressure_until.saturating_sub(past);
            h.evict_at = h.evict_at.saturating_sub(past);
            if let Power::Booting(until) = &mut h.power {
                *until = until.saturating_sub(past);
            }
        }
        self.units.iter_mut().for_each(|u| u.since = u.since.saturating_sub(past));
        self.groups.iter_mut().flatten().for_each(|g| g.rebase(past));
        self.hogs.iter_mut().for_each(|h| h.since = h.since.saturating_sub(past));
        self.klog.lines.clear();
        self.node_events.clear();
    }

    /// Something happened to a node.
    pub(super) fn node_says(&mut self, node: usize, reason: &'static str, warning: bool, text: &str) {
        if self.node_events.len() >= 100 {
            self.node_events.pop_front();
        }
        let text = text.to_owned();
        self.node_events.push_back(super::NodeEvent { at: self.tick, node, reason, warning, text });
    }

    /// What a power switch means to the world's units.
    pub(super) fn switch(&mut self, host: usize, on: bool) -> Option<Order> {
        let tick = self.tick;
        let h = self.hosts.get_mut(host)?;
        match (h.power, on) {
            (Power::On, false) => {
                (h.power, h.off_since) = (Power::Off, tick);
                Some(Order::PowerOff { host })
            }
            (Power::Off, true) => {
                h.power = Power::Booting(tick + super::host::BOOT_S);
                None
            }
            _ => None,
        }
    }
}

/// What the platform says about a replica that is not well.
fn event(c: &Cohort, nodes: usize) -> String {
    match (c.phase, c.why) {
        (Phase::Pending, Why::NoAddress) => {
            "Failed to create pod sandbox: failed to assign an IP address to container".to_owned()
        }
        (Phase::Pending, _) => format!("0/{nodes} nodes are available: insufficient cpu or memory"),
        (Phase::BackOff, Why::OomKilled) => "Last state: terminated, reason OOMKilled, exit code 137".to_owned(),
        (Phase::BackOff, Why::Unhealthy) => "Liveness probe failed: context deadline exceeded".to_owned(),
        (Phase::BackOff, _) => "Back-off restarting failed container".to_owned(),
        (Phase::Running, _) if !c.ready => "Readiness probe failed: context deadline exceeded".to_owned(),
        _ => String::new(),
    }
}

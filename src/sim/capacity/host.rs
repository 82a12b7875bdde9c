//! Hosts and units: who runs, how the cores are shared, memory and the OOM killer, tracked connections, ports, inodes.

use super::plan::{CapacityPlan, HostPlan, KERNEL_BYTES, UnitPlan};
use super::share::{Load, stretch};
use super::{CapacityState, Order, Seen};
use crate::scenario::UnitCapacity;
use serde::Serialize;

/// Seconds that a tracked connection stays in the table on average (`nf_conntrack_tcp_timeout_time_wait`).
const TRACKED_S: f64 = 120.0;

/// Seconds that a local port stays taken after its connection (TIME_WAIT).
const TIME_WAIT_S: f64 = 60.0;

/// Seconds from power to running units.
pub const BOOT_S: u64 = 75;
/// Of those, seconds from the start of the kernel until units start.
pub const KERNEL_S: u64 = 15;

/// Descriptors that a server holds when idle: its log, libraries, epoll, listen sockets.
const DESCRIPTORS_IDLE: u64 = 40;

/// Threads that a server has when idle.
const THREADS_IDLE: u64 = 8;

/// Cores of a worker with something to do, of one without, of an idle server, and of anything else.
const WORKING: f64 = 0.9;
const WATCHING: f64 = 0.05;
const SERVING: f64 = 0.01;
const RESTING: f64 = 0.000_02;

/// exp(-5 s / 1, 5, 15 min): the kernel's own decay of the load averages, applied every 5 s.
const LOAD_DECAY: [f64; 3] = [0.920_044_414_629_323_1, 0.983_471_453_821_617_5, 0.994_459_848_004_896_7];

/// Share of memory below which the kernel spends its time looking for pages to free.
const TIGHT: f64 = 0.04;

/// Whether a host has power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Power {
    /// It runs.
    #[default]
    On,
    /// It has none.
    Off,
    /// It boots, until this tick.
    Booting(u64),
}

/// A process that does not belong there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hog {
    pub(super) host: usize,
    /// Command line.
    pub command: String,
    /// Process id.
    pub pid: u32,
    /// Tick of its start.
    pub since: u64,
    /// Cores that it wants.
    pub wants: f64,
    /// Cores that it gets.
    pub cores: f64,
    /// Memory in bytes.
    pub bytes: f64,
    /// Processor time used, seconds.
    pub cpu_s: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct HostState {
    pub power: Power,
    pub off_since: u64,
    /// Tick at which its kernel started; none if that was before the opening.
    pub booted: Option<u64>,
    pub cordoned: bool,
    pub drained: bool,
    pub conntrack_max: u64,
    pub ports_max: u64,
    pub stretch: f64,
    pub wanted: f64,
    pub busy: f64,
    pub runnable: f64,
    pub blocked: f64,
    pub load: [f64; 3],
    pub reclaim: f64,
    pub pressure_until: u64,
    pub evict_at: u64,
    pub tracked: f64,
    pub dropped: f64,
    pub time_wait: f64,
    pub ports_short: f64,
    pub established: f64,
    pub oom_kills: u64,
    pub inodes: Vec<Inodes>,
}

/// Inodes of a mount.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Inodes {
    pub used: u64,
    pub full: bool,
}

/// Many small files at a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Litter {
    pub host: usize,
    pub path: String,
    pub count: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct UnitState {
    pub pid: u32,
    pub since: u64,
    pub limits: UnitCapacity,
    pub busy: f64,
    pub waiting: f64,
    pub leaked: f64,
    pub descriptors_leaked: f64,
    pub rss: f64,
    pub descriptors: u64,
    pub threads: u64,
    pub cores: f64,
    pub stretch: f64,
    pub throttled: f64,
    pub oom_kills: u32,
    pub gray: bool,
}

impl HostState {
    pub fn new(plan: &HostPlan) -> HostState {
        HostState {
            conntrack_max: plan.conntrack,
            ports_max: plan.ports,
            stretch: 1.0,
            reclaim: 1.0,
            inodes: vec![Inodes::default(); plan.inodes.len()],
            ..HostState::default()
        }
    }
}

impl UnitState {
    pub fn new(plan: &UnitPlan) -> UnitState {
        UnitState { limits: plan.limits.clone(), rss: plan.base as f64, stretch: 1.0, ..UnitState::default() }
    }

    /// Requests that it can hold at once, if a limit says so.
    pub fn slots(&self, plan: &UnitPlan, peers: u64) -> Option<u64> {
        let idle_threads = THREADS_IDLE + peers;
        let leaked = self.descriptors_leaked as u64;
        let by_descriptors = self.limits.descriptors.map(|n| n.saturating_sub(DESCRIPTORS_IDLE + leaked));
        let by_threads = self.limits.threads.map(|n| n.saturating_sub(idle_threads));
        let _ = plan;
        match (by_descriptors, by_threads) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

/// A host as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HostUse {
    /// Whether it has power.
    pub power: Power,
    /// Whether the platform has given it up: it has not answered for a while.
    pub given_up: bool,
    /// Zone.
    pub zone: String,
    /// Cores.
    pub cores: f64,
    /// Cores in use.
    pub busy: f64,
    /// Cores that were wanted.
    pub wanted: f64,
    /// Threads that want a core.
    pub runnable: f64,
    /// Threads that wait for a disk.
    pub blocked: f64,
    /// Load averages over 1, 5 and 15 minutes.
    pub load: [f64; 3],
    /// Memory in all, in use, and in the page cache, bytes.
    pub memory: u64,
    /// In use.
    pub memory_used: u64,
    /// Page cache.
    pub cache: u64,
    /// Tracked connections and the most there can be.
    pub conntrack: u64,
    /// The most there can be.
    pub conntrack_max: u64,
    /// Share of new connections that found the table full.
    pub dropped: f64,
    /// Local ports taken.
    pub ports: u64,
    /// The most there can be.
    pub ports_max: u64,
    /// Share of outgoing connections that found no port.
    pub ports_short: f64,
    /// Established connections.
    pub established: u64,
    /// Whether it takes no new replicas.
    pub cordoned: bool,
    /// Whether it is short of memory as the platform sees it.
    pub pressure: bool,
    /// Processes killed for memory.
    pub oom_kills: u64,
}

/// A unit as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UnitUse {
    /// Cores in use.
    pub cores: f64,
    /// Share of time in which it was held back by its limit.
    pub throttled: f64,
    /// Resident memory, bytes.
    pub rss: u64,
    /// Open descriptors.
    pub descriptors: u64,
    /// Threads.
    pub threads: u64,
    /// Times it was killed for memory.
    pub oom_kills: u32,
    /// Its limits.
    pub limits: UnitCapacity,
}

impl CapacityState {
    /// Takes over who runs: a unit with another main process starts afresh.
    pub fn adopt(&mut self, plan: &CapacityPlan, pids: &[u32]) {
        let opening = !self.opened;
        self.opened = true;
        for ((u, p), pid) in self.units.iter_mut().zip(&plan.units).zip(pids) {
            if *pid == u.pid {
                continue;
            }
            u.pid = *pid;
            u.since = if opening { 0 } else { self.tick };
            (u.leaked, u.descriptors_leaked, u.gray) = (0.0, 0.0, false);
            (u.rss, u.cores, u.busy, u.waiting) = (if *pid == 0 { 0.0 } else { p.base as f64 }, 0.0, 0.0, 0.0);
        }
    }

    /// Who runs, and what each replica has in flight.
    pub(super) fn measure(&mut self, plan: &CapacityPlan, seen: &[Seen], pids: &[u32]) {
        self.adopt(plan, pids);
        for u in &mut self.units {
            (u.busy, u.waiting, u.cores) = (0.0, 0.0, 0.0);
        }
        self.in_flight(plan, seen.iter().map(|now| (now.used, now.work_s)));
        for (at, (s, service)) in plan.services.iter().zip(&mut self.services).enumerate() {
            let now = seen.get(at).copied().unwrap_or_default();
            for (unit, weight) in s.units.iter().zip(&service.weights) {
                if let Some(u) = self.units.get_mut(*unit) {
                    u.busy = service.in_flight * weight;
                    u.waiting = now.waiting as f64 * weight;
                }
            }
        }
    }

    /// What each service has in flight, by Little's law: so many as come in a second times the seconds that each takes.
    pub(super) fn in_flight(&mut self, plan: &CapacityPlan, seen: impl Iterator<Item = (u64, f64)>) {
        for ((s, service), (used, work_s)) in plan.services.iter().zip(&mut self.services).zip(seen) {
            let own_s = s.time_s * service.factor;
            let in_flight = used as f64 * work_s.max(own_s);
            service.elsewhere_s = (work_s - own_s).max(0.0);
            service.in_flight = in_flight.min(service.places(s));
        }
    }

    /// How long computing takes on every host and in every unit, and who uses how many cores.
    pub(super) fn share_cores(&mut self, plan: &CapacityPlan, seen: &[Seen]) {
        for (at, host) in plan.hosts.iter().enumerate() {
            let gray = self.gray_host(&host.name);
            let disk = self.slow_disk(&host.name);
            let mut loads: Vec<Load> = Vec::new();
            let mut hogs: f64 = self.hogs.iter().filter(|h| h.host == at).map(|h| h.wants).sum();
            let mut set_aside = 0.0;
            for i in host.units.clone() {
                let Some(load) = self.unit_load(plan, i, disk) else { continue };
                let idle = self.idle_cores(plan, seen, i);
                let own = self.core_limit(plan, i).map_or(1.0, |q| stretch(q, &[load], idle));
                let Some(u) = self.units.get_mut(i) else { continue };
                u.stretch = own;
                if own > 1.0 {
                    set_aside += load.cores(own) + idle / own;
                } else {
                    loads.push(load);
                    hogs += idle;
                }
            }
            let pods = self.node_loads(plan, at, disk);
            loads.extend(pods.iter().map(|p| p.1));
            // What is held back by a limit of its own takes that and no more; the others share the rest.
            let f = stretch((host.cores - set_aside).max(host.cores * 0.05), &loads, hogs);
            let busy = set_aside + loads.iter().map(|l| l.cores(f)).sum::<f64>() + hogs / f;
            let wanted = set_aside + loads.iter().map(|l| l.cores(1.0)).sum::<f64>() + hogs;
            let mut runnable = loads.iter().map(|l| l.runnable(f)).sum::<f64>() + hogs;
            let mut blocked = 0.0;
            for i in host.units.clone() {
                let Some(load) = self.unit_load(plan, i, disk) else { continue };
                let idle = self.idle_cores(plan, seen, i);
                let demand = load.cores(1.0) + idle;
                let share = self.units.get(i).map_or(0.0, |u| u.busy);
                let disk_share = plan.units.get(i).and_then(|u| plan.services.get(u.service?)).map_or(0.0, |s| s.disk);
                let Some(u) = self.units.get_mut(i) else { continue };
                let own = u.stretch;
                u.stretch = own.max(f);
                u.cores = load.cores(u.stretch) + idle / u.stretch;
                u.throttled = if own > 1.0 { (1.0 - u.cores / demand.max(1e-9)).clamp(0.0, 1.0) } else { 0.0 };
                u.stretch *= gray;
                if own > 1.0 {
                    runnable += load.runnable(own);
                }
                blocked += share * disk_share * (disk - 1.0) / disk;
            }
            for hog in self.hogs.iter_mut().filter(|h| h.host == at) {
                hog.cores = hog.wants / f;
                hog.cpu_s += hog.cores;
            }
            let Some(h) = self.hosts.get_mut(at) else { continue };
            h.stretch = f * gray;
            h.busy = if h.power == Power::On { busy.min(host.cores) } else { 0.0 };
            h.wanted = wanted;
            h.runnable = if h.power == Power::On { runnable } else { 0.0 };
            h.blocked = blocked;
            if self.tick.is_multiple_of(5) {
                for (load, keep) in h.load.iter_mut().zip(LOAD_DECAY) {
                    *load = *load * keep + (h.runnable + h.blocked) * (1.0 - keep);
                }
            }
        }
    }

    /// What the requests of a unit want of the cores; `None` if it does not run.
    fn unit_load(&self, plan: &CapacityPlan, unit: usize, disk: f64) -> Option<Load> {
        let u = self.units.get(unit).filter(|u| u.pid != 0)?;
        let nothing = Load { requests: 0.0, cpu_s: 0.0, wait_s: 0.0 };
        let Some(at) = plan.units.get(unit)?.service else { return Some(nothing) };
        let (Some(s), Some(service)) = (plan.services.get(at), self.services.get(at)) else { return Some(nothing) };
        if s.worker {
            return Some(nothing);
        }
        Some(Load { requests: u.busy, cpu_s: s.cpu_s() * service.burn, wait_s: s.wait_s(disk) + service.elsewhere_s })
    }

    /// Cores that a unit takes beside its requests.
    fn idle_cores(&self, plan: &CapacityPlan, seen: &[Seen], unit: usize) -> f64 {
        match plan.units.get(unit).and_then(|u| u.service).and_then(|s| Some((plan.services.get(s)?, seen.get(s)?))) {
            None => RESTING,
            Some((s, now)) if s.worker => {
                if now.works {
                    WORKING
                } else {
                    WATCHING
                }
            }
            Some(_) => SERVING,
        }
    }

    /// Cores that a unit may use: its own limit, or one that a fault sets.
    fn core_limit(&self, plan: &CapacityPlan, unit: usize) -> Option<f64> {
        let own = self.units.get(unit)?.limits.cpu.as_ref().map(|c| c.to_f64());
        let at = plan.units.get(unit)?.service;
        let fault = at.and_then(|s| self.services.get(s)).and_then(|s| s.throttle);
        match (own, fault) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Memory of everything, and the OOM killer.
    pub(super) fn memory(&mut self, plan: &CapacityPlan, seen: &[Seen], orders: &mut Vec<Order>) {
        self.leak(plan, seen);
        for (i, (u, p)) in self.units.iter_mut().zip(&plan.units).enumerate() {
            if u.pid == 0 {
                u.rss = 0.0;
                u.descriptors = 0;
                u.threads = 0;
                continue;
            }
            let service = p.service.and_then(|s| plan.services.get(s));
            let connection = service.map_or(0, |s| s.connection) as f64;
            u.rss = p.base as f64 + u.leaked + connection * (u.busy + u.waiting);
            let peers = service.map_or(0, |s| s.threads_per_peer * (s.units.len() as u64).saturating_sub(1));
            u.descriptors = DESCRIPTORS_IDLE + (u.busy + u.waiting + u.descriptors_leaked) as u64;
            u.threads = THREADS_IDLE + peers + u.busy as u64;
            if u.limits.descriptors.is_some_and(|most| u.descriptors > most) {
                u.descriptors = u.limits.descriptors.unwrap_or(u.descriptors);
            }
            if u.limits.memory.is_some_and(|most| u.rss > most as f64) {
                let text = oom_text("Memory cgroup out of memory", u.pid, &p.name, u.rss);
                self.klog.say(self.tick, p.host, "err", text);
                u.oom_kills = u.oom_kills.saturating_add(1);
                (u.pid, u.rss) = (0, 0.0);
                orders.push(Order::OomKill { host: p.host, unit: i });
                if let Some(h) = self.hosts.get_mut(p.host) {
                    h.oom_kills += 1;
                }
            }
        }
        for (at, host) in plan.hosts.iter().enumerate() {
            self.settle_memory(plan, at, host, orders);
        }
    }

    /// Memory in use on a host, bytes: every process that a tool would list.
    pub(super) fn used_bytes(&self, plan: &CapacityPlan, at: usize) -> f64 {
        let units = plan.hosts.get(at).map_or(0..0, |h| h.units.clone());
        let units: f64 = units.filter_map(|i| self.units.get(i)).map(|u| u.rss).sum();
        let hogs: f64 = self.hogs.iter().filter(|h| h.host == at).map(|h| h.bytes).sum();
        KERNEL_BYTES as f64 + units + hogs + self.pods_bytes(plan, at)
    }

    fn settle_memory(&mut self, plan: &CapacityPlan, at: usize, host: &HostPlan, orders: &mut Vec<Order>) {
        let total = host.memory as f64;
        // Some die at once if one is not enough.
        for _ in 0..8 {
            let used = self.used_bytes(plan, at);
            if let Some(h) = self.hosts.get_mut(at) {
                let free = (total - used).max(0.0) / total.max(1.0);
                h.reclaim = if free < TIGHT { 1.0 + 3.0 * (1.0 - free / TIGHT) } else { 1.0 };
            }
            if used <= total {
                return;
            }
            self.kill_largest(plan, at, host, orders);
        }
    }

    /// The kernel kills what has the most memory, whether it is to blame or not.
    fn kill_largest(&mut self, plan: &CapacityPlan, at: usize, host: &HostPlan, orders: &mut Vec<Order>) {
        let unit = host.units.clone().filter_map(|i| Some((i, self.units.get(i)?.rss)));
        let unit = unit.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let hog = self.hogs.iter().enumerate().filter(|(_, h)| h.host == at).map(|(i, h)| (i, h.bytes));
        let hog = hog.max_by(|a, b| a.1.total_cmp(&b.1));
        let (unit_rss, hog_rss) = (unit.map_or(0.0, |u| u.1), hog.map_or(0.0, |h| h.1));
        if let Some(h) = self.hosts.get_mut(at) {
            h.oom_kills += 1;
        }
        if self.kill_largest_pod(plan, at, unit_rss.max(hog_rss)) {
            return;
        }
        if let Some((i, bytes)) = hog.filter(|h| h.1 >= unit_rss && h.1 > 0.0) {
            let hog = self.hogs.remove(i);
            let name = hog.command.split_whitespace().next().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or(name);
            self.klog.say(self.tick, at, "err", oom_text("Out of memory", hog.pid, name, bytes));
            self.hog_ended(plan, at, &hog.command);
            return;
        }
        let Some((i, bytes)) = unit.filter(|u| u.1 > 0.0) else { return };
        let name = plan.units.get(i).map_or("", |u| u.name.as_str());
        if let Some(u) = self.units.get_mut(i) {
            self.klog.say(self.tick, at, "err", oom_text("Out of memory", u.pid, name, bytes));
            u.oom_kills = u.oom_kills.saturating_add(1);
            u.pid = 0;
            u.rss = 0.0;
            orders.push(Order::OomKill { host: at, unit: i });
        }
    }

    /// Tracked connections and local ports of every host.
    pub(super) fn connections(&mut self, plan: &CapacityPlan, seen: &[Seen]) {
        // New connections, calls and open connections by host.
        let mut sums = vec![(0.0, 0.0, 0.0); plan.hosts.len()];
        for (i, s) in plan.services.iter().enumerate() {
            let (Some(now), Some(state)) = (seen.get(i), self.services.get(i)) else { continue };
            let fresh = now.requests as f64 / s.reuse;
            let outgoing = now.calls as f64 / s.reuse;
            let open = state.in_flight + now.waiting as f64;
            let mut add = |host: usize, weight: f64| {
                if let Some(sum) = sums.get_mut(host) {
                    *sum = (sum.0 + fresh * weight, sum.1 + outgoing * weight, sum.2 + open * weight);
                }
            };
            for (unit, weight) in s.units.iter().zip(&state.weights) {
                add(plan.units.get(*unit).map_or(usize::MAX, |u| u.host), *weight);
            }
            let Some(Some(g)) = self.groups.get(i) else { continue };
            let ready = g.ready().max(1) as f64;
            for c in g.cohorts.iter().filter(|c| c.serves()) {
                add(c.node.unwrap_or(usize::MAX), c.n as f64 / ready);
            }
        }
        for (at, (host, (fresh, outgoing, open))) in plan.hosts.iter().zip(sums).enumerate() {
            let (flood, leak) = (self.flood(&host.name), self.port_leak(&host.name));
            let tick = self.tick;
            let Some(h) = self.hosts.get_mut(at) else { continue };
            h.established = open;
            let (tracked, dropped) = fill(h.tracked, fresh + outgoing + flood, TRACKED_S, h.conntrack_max as f64);
            let (taken, short) = fill(h.time_wait, outgoing + leak, TIME_WAIT_S, h.ports_max as f64);
            (h.tracked, h.dropped, h.time_wait, h.ports_short) = (tracked, dropped, taken, short);
            if dropped > 0.0 {
                self.klog.say_rarely(tick, at, "warn", "nf_conntrack: nf_conntrack: table full, dropping packet", 30);
            }
        }
    }

    /// Inodes of the mounts that state a limit; `files` is how many nodes each has, in the order of the plan.
    pub(super) fn inodes(&mut self, plan: &CapacityPlan, files: &[u64]) {
        self.litter(plan);
        if files.is_empty() {
            return;
        }
        let mut files = files.iter();
        for (at, host) in plan.hosts.iter().enumerate() {
            for (m, (point, total)) in host.inodes.iter().enumerate() {
                let listed = files.next().copied().unwrap_or(0);
                let inside = |l: &&Litter| l.host == at && mount_of(host, &l.path) == Some(point.as_str());
                let extra: f64 = self.litter_list().iter().filter(inside).map(|l| l.count).sum();
                if let Some(i) = self.hosts.get_mut(at).and_then(|h| h.inodes.get_mut(m)) {
                    // A fresh system has used one in ten.
                    i.used = (total / 10).saturating_add(listed).saturating_add(extra as u64).min(*total);
                    i.full = i.used >= *total;
                }
            }
        }
    }
}

/// The mount with a stated number of inodes that a path lies on.
pub(super) fn mount_of<'p>(host: &'p HostPlan, path: &str) -> Option<&'p str> {
    let below = |m: &str| m == "/" || path == m || path.strip_prefix(m).is_some_and(|rest| rest.starts_with('/'));
    let points = host.inodes.iter().map(|(m, _)| m.as_str()).filter(|m| below(m));
    points.max_by_key(|m| m.len())
}

/// A table that entries enter and leave after `stay_s` on average: entries now, and the share that found it full.
fn fill(now: f64, fresh: f64, stay_s: f64, most: f64) -> (f64, f64) {
    let left = now - now / stay_s;
    let room = (most - left).max(0.0);
    if fresh <= room || fresh <= 0.0 { (left + fresh, 0.0) } else { (left + room, 1.0 - room / fresh) }
}

fn oom_text(how: &str, pid: u32, name: &str, bytes: f64) -> String {
    let kb = (bytes / 1024.0) as u64;
    format!(
        "{how}: Killed process {pid} ({name}) total-vm:{}kB, anon-rss:{kb}kB, file-rss:0kB, shmem-rss:0kB",
        kb + kb / 2
    )
}

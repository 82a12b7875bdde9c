//! Faults of the room: what they mark when they begin, what they weigh while they last, and what mends them.

use super::host::{Hog, Litter, Power};
use super::plan::CapacityPlan;
use super::{Active, CapacityState, Order, Seen};
use crate::scenario::CapacityFault;

/// Process ids of what does not belong on a host start here.
const HOG_PID: u32 = 4_200;

/// How many times slower a machine computes just before it dies.
const LIMPING: f64 = 30.0;

impl CapacityState {
    /// A fault begins, or the same one on the same component gets another size or severity.
    pub fn begin(&mut self, plan: &CapacityPlan, fault: &CapacityFault, severity: f64) {
        let severity = severity.clamp(0.0, 1.0);
        let fresh = !self.faults.iter().any(|a| a.fault.same(fault));
        self.faults.retain(|a| !a.fault.same(fault));
        self.faults.push(Active { fault: fault.clone(), severity });
        match fault {
            CapacityFault::Runaway { host, command, cores, .. } => {
                let Some(at) = plan.host(host) else { return };
                let wants = cores.to_f64().max(0.0) * severity;
                match self.hogs.iter_mut().find(|h| h.host == at && h.command == *command) {
                    Some(hog) => hog.wants = wants,
                    None => {
                        let pid = HOG_PID + 17 * self.hogs.len() as u32 + (self.tick % 997) as u32;
                        let (command, since) = (command.clone(), self.tick);
                        let bytes = (24u64 << 20) as f64;
                        self.hogs.push(Hog { host: at, command, pid, since, wants, cores: 0.0, bytes, cpu_s: 0.0 });
                    }
                }
            }
            CapacityFault::GrayReplica { service, replicas, .. } if fresh => self.mark_gray(plan, service, *replicas),
            CapacityFault::AddressLeak { count } => self.addresses_held = *count as f64 * severity,
            CapacityFault::QuotaPhantom { count } => self.quota_phantom = (*count as f64 * severity) as u64,
            _ => {}
        }
    }

    /// A fault ends, for whatever reason.
    pub fn end(&mut self, plan: &CapacityPlan, fault: &CapacityFault) {
        self.faults.retain(|a| !a.fault.same(fault));
        match fault {
            CapacityFault::Runaway { host, command, .. } => {
                let at = plan.host(host);
                self.hogs.retain(|h| Some(h.host) != at || h.command != *command);
            }
            CapacityFault::GrayReplica { service, .. } => self.unmark_gray(plan, service),
            CapacityFault::AddressLeak { .. } => self.addresses_held = 0.0,
            CapacityFault::QuotaPhantom { .. } => self.quota_phantom = 0,
            _ => {}
        }
    }

    /// Faults on which `which` says so are over, and the world is to know.
    pub(super) fn mend(&mut self, which: impl Fn(&CapacityFault) -> bool) {
        let (over, left): (Vec<Active>, Vec<Active>) = self.faults.drain(..).partition(|a| which(&a.fault));
        self.faults = left;
        self.ended.extend(over.into_iter().map(|a| a.fault));
    }

    /// Faults that are over since this was last asked.
    pub fn take_ended(&mut self) -> Vec<CapacityFault> {
        std::mem::take(&mut self.ended)
    }

    /// Paths of a host that small files fill.
    pub fn littered(&self, host: usize) -> Vec<String> {
        self.litter.iter().filter(|l| l.host == host).map(|l| l.path.clone()).collect()
    }

    /// Faults at work.
    pub fn faults(&self) -> &[Active] {
        &self.faults
    }

    fn mark_gray(&mut self, plan: &CapacityPlan, service: &str, replicas: u64) {
        let Some(at) = plan.service(service) else { return };
        let mut left = replicas;
        for unit in plan.services.get(at).into_iter().flat_map(|s| &s.units) {
            if let Some(u) = self.units.get_mut(*unit).filter(|u| left > 0 && !u.gray) {
                u.gray = true;
                left -= 1;
            }
        }
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.mark_gray(left);
        }
    }

    /// Once the last gray replica was replaced or restarted, nothing is wrong any more.
    pub(super) fn gray_gone(&mut self, plan: &CapacityPlan) {
        let mut gone: Vec<String> = Vec::new();
        for a in &self.faults {
            let CapacityFault::GrayReplica { service, .. } = &a.fault else { continue };
            let Some(at) = plan.service(service) else { continue };
            let mut units = plan.services.get(at).into_iter().flat_map(|s| &s.units);
            let unit = units.any(|u| self.units.get(*u).is_some_and(|u| u.gray));
            let pod = self.group(at).is_some_and(|g| g.cohorts.iter().any(|c| c.gray));
            if !unit && !pod {
                gone.push(service.clone());
            }
        }
        for name in gone {
            self.mend(|f| matches!(f, CapacityFault::GrayReplica { service, .. } if *service == name));
        }
    }

    fn unmark_gray(&mut self, plan: &CapacityPlan, service: &str) {
        let Some(at) = plan.service(service) else { return };
        for unit in plan.services.get(at).into_iter().flat_map(|s| &s.units) {
            if let Some(u) = self.units.get_mut(*unit) {
                u.gray = false;
            }
        }
        if let Some(Some(g)) = self.groups.get_mut(at) {
            g.unmark_gray();
        }
    }

    /// Whether a host has no power to come back to: a mere restart of it changes nothing.
    pub(super) fn powerless(&self, plan: &CapacityPlan, host: usize) -> bool {
        let Some(h) = plan.hosts.get(host) else { return false };
        self.faults.iter().any(|a| match &a.fault {
            CapacityFault::ZoneDown { zone } if *zone == h.zone => {
                let all: Vec<usize> =
                    plan.hosts.iter().enumerate().filter(|(_, h)| h.zone == *zone).map(|x| x.0).collect();
                // A milder case takes the first machines of the zone, always at least one.
                let gone = (all.len() as f64 * a.severity).max(1.0) as usize;
                all.iter().take(gone).any(|i| *i == host)
            }
            _ => false,
        })
    }

    /// Whether a machine has no power, by position.
    pub fn is_off(&self, host: usize) -> bool {
        self.hosts.get(host).is_some_and(|h| h.power == Power::Off)
    }

    /// Machines lose power and get it back.
    pub(super) fn power(&mut self, plan: &CapacityPlan, orders: &mut Vec<Order>) {
        let tick = self.tick;
        for at in 0..self.hosts.len() {
            let name = plan.hosts.get(at).map_or("", |h| h.name.as_str());
            // Short of its full size it limps instead.
            let named =
                |a: &Active| a.severity >= 1.0 && matches!(&a.fault, CapacityFault::HostDown { host } if host == name);
            let down = self.powerless(plan, at) || self.faults.iter().any(named);
            let Some(h) = self.hosts.get_mut(at) else { continue };
            match h.power {
                Power::On if down => {
                    (h.power, h.off_since) = (Power::Off, tick);
                    h.load = [0.0; 3];
                    h.tracked = 0.0;
                    h.time_wait = 0.0;
                    self.hogs.retain(|hog| hog.host != at);
                    orders.push(Order::PowerOff { host: at });
                }
                Power::Off if tick.saturating_sub(h.off_since) == super::group::NODE_GRACE_S => {
                    self.node_says(at, "NodeNotReady", false, "Node {node} status is now: NodeNotReady");
                }
                Power::Booting(_) if down => h.power = Power::Off,
                Power::Off if !down => h.power = Power::Booting(tick + super::host::BOOT_S),
                Power::Booting(until) if until <= tick => {
                    h.power = Power::On;
                    h.booted = Some(until.saturating_sub(super::host::KERNEL_S));
                    orders.push(Order::Booted { host: at });
                    self.node_says(at, "NodeReady", false, "Node {node} status is now: NodeReady");
                    self.klog.say(tick, at, "info", "systemd[1]: Startup finished.".to_owned());
                }
                _ => {}
            }
        }
    }

    fn sum(&self, of: impl Fn(&CapacityFault, f64) -> Option<f64>) -> f64 {
        self.faults.iter().filter_map(|a| of(&a.fault, a.severity)).sum()
    }

    fn product(&self, of: impl Fn(&CapacityFault) -> Option<f64>) -> f64 {
        self.faults.iter().filter_map(|a| Some(1.0 + (of(&a.fault)? - 1.0) * a.severity)).product()
    }

    /// How many times slower a gray machine computes.
    pub(super) fn gray_host(&self, name: &str) -> f64 {
        self.product(|f| match f {
            CapacityFault::GrayHost { host, factor } if host == name => Some(factor.to_f64().max(1.0)),
            CapacityFault::HostDown { host } if host == name => Some(LIMPING),
            _ => None,
        })
    }

    /// How many times slower a disk answers.
    pub(super) fn slow_disk(&self, name: &str) -> f64 {
        self.product(|f| match f {
            CapacityFault::SlowDisk { host, factor } if host == name => Some(factor.to_f64().max(1.0)),
            _ => None,
        })
    }

    /// How many times its usual computing a request of a service takes.
    pub(super) fn burn(&self, name: &str) -> f64 {
        self.product(|f| match f {
            CapacityFault::CpuBurn { service, factor } if service == name => Some(factor.to_f64().max(1.0)),
            _ => None,
        })
    }

    /// How many times the true value an autoscaler reads; `None` if it reads nothing.
    pub(super) fn reads(&self, name: &str) -> Option<f64> {
        let missing = |a: &Active| matches!(&a.fault, CapacityFault::MetricMissing { service } if service == name);
        if self.faults.iter().any(missing) {
            return None;
        }
        Some(self.product(|f| match f {
            CapacityFault::MetricWrong { service, factor } if service == name => Some(factor.to_f64().max(0.0)),
            _ => None,
        }))
    }

    /// Cores that a fault lets each replica of a service use. A milder case leaves more.
    pub(super) fn throttle_of(&self, name: &str) -> Option<f64> {
        self.faults.iter().find_map(|a| match &a.fault {
            CapacityFault::Throttle { service, cores } if service == name && a.severity > 0.0 => {
                Some((cores.to_f64() / a.severity).max(0.001))
            }
            _ => None,
        })
    }

    pub(super) fn flood(&self, name: &str) -> f64 {
        self.sum(|f, s| match f {
            CapacityFault::ConntrackFlood { host, per_s } if host == name => Some(*per_s as f64 * s),
            _ => None,
        })
    }

    pub(super) fn port_leak(&self, name: &str) -> f64 {
        self.sum(|f, s| match f {
            CapacityFault::PortLeak { host, per_s } if host == name => Some(*per_s as f64 * s),
            _ => None,
        })
    }

    /// Bytes that a replica of a service leaks a second, and with each request.
    pub(super) fn memory_leak(&self, name: &str) -> (f64, f64) {
        let mut leak = (0.0, 0.0);
        for a in &self.faults {
            if let CapacityFault::MemoryLeak { service, per_s, per_request } = &a.fault
                && service == name
            {
                leak.0 += *per_s as f64 * a.severity;
                leak.1 += *per_request as f64 * a.severity;
            }
        }
        leak
    }

    fn descriptor_leak(&self, name: &str) -> f64 {
        self.sum(|f, s| match f {
            CapacityFault::DescriptorLeak { service, share } if service == name => Some(share.to_f64() * s),
            _ => None,
        })
    }

    /// Share of starting replicas that exit at once.
    pub(super) fn crashes(&self, name: &str) -> f64 {
        self.sum(|f, s| matches!(f, CapacityFault::CrashLoop { service } if service == name).then_some(s)).min(1.0)
    }

    /// What the probes of a service wait, milliseconds, where it is usually `usual`.
    pub(super) fn probe_timeout(&self, name: &str, usual: f64) -> f64 {
        let of = |a: &Active| match &a.fault {
            CapacityFault::ProbeTimeout { service, timeout } if service == name => {
                Some(usual + (*timeout as f64 / 1e3 - usual) * a.severity)
            }
            _ => None,
        };
        self.faults.iter().find_map(of).unwrap_or(usual)
    }

    /// What leaks, leaks; what grows, grows.
    pub(super) fn leak(&mut self, plan: &CapacityPlan, seen: &[Seen]) {
        if self.faults.is_empty() {
            return;
        }
        for (at, s) in plan.services.iter().enumerate() {
            let (memory, share) = (self.memory_leak(&s.name), self.descriptor_leak(&s.name));
            if memory == (0.0, 0.0) && share <= 0.0 {
                continue;
            }
            let used = seen.get(at).map_or(0, |n| n.used) as f64;
            let Some(service) = self.services.get(at) else { continue };
            for (unit, weight) in s.units.iter().zip(&service.weights) {
                let Some(u) = self.units.get_mut(*unit).filter(|u| u.pid != 0) else { continue };
                u.leaked += memory.0 + memory.1 * used * weight;
                let most = u.limits.descriptors.unwrap_or(1 << 20) as f64;
                u.descriptors_leaked = (u.descriptors_leaked + share * used * weight).min(most);
            }
        }
        for a in &self.faults {
            if let CapacityFault::Runaway { host, command, per_s, .. } = &a.fault {
                let at = plan.host(host);
                for hog in self.hogs.iter_mut().filter(|h| Some(h.host) == at && h.command == *command) {
                    hog.bytes += *per_s as f64 * a.severity;
                }
            }
        }
        for (at, h) in plan.hosts.iter().enumerate() {
            if self.gray_host(&h.name) > 1.0 && !self.is_off(at) && self.tick.is_multiple_of(40) {
                let text = "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0";
                self.klog.say(self.tick, at, "warn", text.to_owned());
            }
            if self.slow_disk(&h.name) > 1.0 {
                let text = "blk_update_request: I/O error, dev sda, sector 2048 op 0x1:(WRITE) flags 0x800";
                self.klog.say_rarely(self.tick, at, "err", text, 60);
            }
        }
    }

    /// A process that did not belong there is gone, and with it its fault.
    pub(super) fn hog_ended(&mut self, plan: &CapacityPlan, at: usize, command: &str) {
        let name = plan.hosts.get(at).map_or("", |h| h.name.as_str());
        let its = |f: &CapacityFault| matches!(f, CapacityFault::Runaway { host, command: c, .. } if host == name && c == command);
        self.mend(its);
    }

    /// Small files appear.
    pub(super) fn litter(&mut self, plan: &CapacityPlan) {
        for a in &self.faults {
            let CapacityFault::InodeFill { host, path, per_s } = &a.fault else { continue };
            let Some(at) = plan.host(host) else { continue };
            let full = plan.hosts.get(at).and_then(|h| {
                let m = h.inodes.iter().position(|(m, _)| Some(m.as_str()) == super::host::mount_of(h, path))?;
                self.hosts.get(at)?.inodes.get(m)
            });
            if full.is_some_and(|i| i.full) {
                continue;
            }
            let more = *per_s as f64 * a.severity;
            match self.litter.iter_mut().find(|l| l.host == at && l.path == *path) {
                Some(l) => l.count += more,
                None => self.litter.push(Litter { host: at, path: path.clone(), count: more }),
            }
        }
    }

    pub(super) fn litter_list(&self) -> &[Litter] {
        &self.litter
    }

    /// Something was removed from a host's files: small files below it are gone.
    pub fn removed(&mut self, host: usize, path: &str) {
        let below = |p: &str| p == path || p.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        for l in self.litter.iter_mut().filter(|l| l.host == host) {
            if below(&l.path) {
                l.count = 0.0;
            }
        }
        self.litter.retain(|l| l.count > 0.0);
    }

    /// Small files at a path and below it.
    pub fn small_files(&self, host: usize, path: &str) -> u64 {
        let below = |p: &str| path == "/" || p == path || p.strip_prefix(path).is_some_and(|r| r.starts_with('/'));
        self.litter.iter().filter(|l| l.host == host && below(&l.path)).map(|l| l.count as u64).sum()
    }
}

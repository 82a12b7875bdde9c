//! Series of a host, as the field's exporter for machines names them: processor, load, memory, file systems.

use super::target::{Scrape, Target};
use crate::observe::series::SeriesStore;
use crate::sim::World;
use serde::Serialize;

/// What a host shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct HostSeries {
    target: Target,
    #[serde(skip)]
    pub name: String,
    mounts: Vec<String>,
    /// Seconds of processor time used and not used.
    busy_s: f64,
    idle_s: f64,
}

/// What the signals read: share of the cores in use, and of each mount.
pub(super) struct Reading {
    pub load: f64,
    pub disks: Vec<f64>,
}

impl HostSeries {
    pub fn new(store: &mut SeriesStore, w: &World, name: &str) -> HostSeries {
        let on = ("instance", name);
        let mut target = Target::new(store, &[("job", "node"), on]);
        for mode in ["user", "idle"] {
            target.declare(store, "node_cpu_seconds_total", &[on, ("mode", mode)]);
        }
        for metric in [
            "node_load1",
            "node_load5",
            "node_load15",
            "node_memory_MemTotal_bytes",
            "node_memory_MemAvailable_bytes",
            "node_boot_time_seconds",
        ] {
            target.declare(store, metric, &[on]);
        }
        let mut mounts = Vec::new();
        let spec = w.spec().hosts.get(name);
        for mount in w.host(name).into_iter().flat_map(|h| h.vfs.mounts()) {
            let device = spec.and_then(|h| h.mounts.get(&mount.point)).map_or("", |m| m.device.as_str());
            let labels = [on, ("mountpoint", mount.point.as_str()), ("device", device), ("fstype", "ext4")];
            for metric in ["node_filesystem_size_bytes", "node_filesystem_free_bytes", "node_filesystem_avail_bytes"] {
                target.declare(store, metric, &labels);
            }
            mounts.push(mount.point.clone());
        }
        HostSeries { target, name: name.to_owned(), mounts, busy_s: 0.0, idle_s: 0.0 }
    }

    /// Its mounts, in the order of [`Reading::disks`].
    pub fn mounts(&self) -> impl Iterator<Item = &str> {
        self.mounts.iter().map(String::as_str)
    }

    /// A scrape; none of a machine that does not answer. `lag` says by how many bytes less than now a mount was in use then, in the prehistory.
    pub fn scrape(
        &mut self,
        w: &World,
        scrape: &mut Scrape<'_>,
        interval_s: f64,
        lag: &dyn Fn(&str) -> f64,
    ) -> Option<Reading> {
        let spec = w.spec().hosts.get(&self.name)?;
        let load = w.load(&self.name)?;
        let (machines, plan) = w.machines();
        let at = plan.host(&self.name)?;
        if !machines.is_on(at) {
            self.target.lost(scrape);
            return None;
        }
        let cores = f64::from(spec.cores.max(1));
        self.busy_s += load * cores * interval_s;
        self.idle_s += (1.0 - load) * cores * interval_s;
        let used: u64 = w.processes(&self.name).iter().map(|p| p.rss).sum();
        let boot = w.booted(&self.name).0;
        let mut values = vec![self.busy_s, self.idle_s];
        values.extend(machines.host_use(plan, at).map_or([0.0; 3], |u| u.load));
        values.extend([spec.memory as f64, spec.memory.saturating_sub(used) as f64, boot as f64]);
        let mut disks = Vec::with_capacity(self.mounts.len());
        for point in &self.mounts {
            let Some(m) = w.host(&self.name).and_then(|h| h.vfs.mount(point)) else {
                values.extend([0.0; 3]);
                disks.push(1.0);
                continue;
            };
            let size = m.size as f64;
            let used = (m.used() as f64 - lag(&format!("{}:{point}", self.name))).max(m.base as f64).max(0.0);
            let free = (size - used).max(0.0);
            values.extend([size, free, free]);
            disks.push(if m.size == 0 { 1.0 } else { (used / size).min(1.0) });
        }
        self.target.found(scrape, &values);
        Some(Reading { load, disks })
    }
}

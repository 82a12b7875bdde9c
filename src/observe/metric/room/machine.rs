//! Machines beyond processor, memory and disks: clocks, kernel tables, units and their processes.

use super::{flag, reachable};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::{UnitState, World};

families! {
    OFFSET = Gauge "node_timex_offset_seconds" ["instance"] "s" "How far the clock is ahead of the reference; 0 while nothing compares them.";
    SYNC = Gauge "node_timex_sync_status" ["instance"] "bool" "Whether NTP disciplines the clock.";
    TIME = Gauge "node_time_seconds" ["instance"] "unix" "What the clock shows.";
    RUNNING = Gauge "node_procs_running" ["instance"] "1" "Processes that run or wait for a processor.";
    BLOCKED = Gauge "node_procs_blocked" ["instance"] "1" "Processes that wait for a disk.";
    OOM = Counter "node_vmstat_oom_kill" ["instance"] "1" "Processes that the kernel killed for memory.";
    TRACKED = Gauge "node_nf_conntrack_entries" ["instance"] "1" "Connections that the kernel tracks.";
    TRACKED_MAX = Gauge "node_nf_conntrack_entries_limit" ["instance"] "1" "Connections that it can track.";
    ESTABLISHED = Gauge "node_sockstat_TCP_inuse" ["instance"] "1" "Connections.";
    TIME_WAIT = Gauge "node_sockstat_TCP_tw" ["instance"] "1" "Ports of connections that ended a moment ago.";
    FILES = Gauge "node_filesystem_files" ["instance", "mountpoint"] "1" "Inodes of a file system that states a limit.";
    FILES_FREE = Gauge "node_filesystem_files_free" ["instance", "mountpoint"] "1" "Of those, how many are free.";
    UNIT = Gauge "node_systemd_unit_state" ["instance", "name", "state"] "bool" "State of a unit.";
    FDS = Gauge "process_open_fds" ["instance", "process"] "1" "Descriptors that a unit's process holds.";
    FDS_MAX = Gauge "process_max_fds" ["instance", "process"] "1" "Descriptors that it may hold.";
    THREADS = Gauge "process_threads" ["instance", "process"] "1" "Its threads.";
    RSS = Gauge "process_resident_memory_bytes" ["instance", "process"] "B" "Its memory.";
    START = Gauge "process_start_time_seconds" ["instance", "process"] "unix" "When it was started.";
}

pub(super) fn collect(w: &World, emit: &mut Emit<'_>) {
    let (machines, plan) = w.machines();
    for (name, host) in w.hosts() {
        if !reachable(w, name) {
            continue;
        }
        if let Some(clock) = w.net().clock(name) {
            // The kernel knows an offset only while something compares its clock with others.
            emit(&OFFSET, &[name], if clock.ntp { clock.offset_us / 1e6 } else { 0.0 });
            emit(&SYNC, &[name], flag(clock.ntp));
            emit(&TIME, &[name], w.utc().0 as f64 + clock.offset_us / 1e6);
        }
        let at = plan.host(name);
        if let Some(used) = at.and_then(|at| machines.host_use(plan, at)) {
            emit(&RUNNING, &[name], libm::ceil(used.runnable));
            emit(&BLOCKED, &[name], libm::ceil(used.blocked));
            emit(&OOM, &[name], used.oom_kills as f64);
            emit(&TRACKED, &[name], used.conntrack as f64);
            emit(&TRACKED_MAX, &[name], used.conntrack_max as f64);
            emit(&ESTABLISHED, &[name], used.established as f64);
            emit(&TIME_WAIT, &[name], used.ports as f64);
        }
        for (point, used, all) in at.map(|at| machines.inodes_of(plan, at)).unwrap_or_default() {
            emit(&FILES, &[name, &point], all as f64);
            emit(&FILES_FREE, &[name, &point], all.saturating_sub(used) as f64);
        }
        for (unit, state) in &host.units {
            let file = format!("{unit}.service");
            // One that waits for its automatic restart is not called failed.
            let is = if state.waits() { UnitState::Starting } else { state.state };
            let states = [
                ("active", UnitState::Active),
                ("activating", UnitState::Starting),
                ("inactive", UnitState::Inactive),
                ("failed", UnitState::Failed),
            ];
            for (word, which) in states {
                emit(&UNIT, &[name, &file, word], flag(is == which));
            }
            let used = plan.unit(name, unit).and_then(|at| machines.unit_use(at));
            if let Some(used) = used.filter(|_| state.pid.is_some()) {
                emit(&FDS, &[name, unit], used.descriptors as f64);
                if let Some(limit) = used.limits.descriptors {
                    emit(&FDS_MAX, &[name, unit], limit as f64);
                }
                emit(&THREADS, &[name, unit], used.threads as f64);
                emit(&RSS, &[name, unit], used.rss as f64);
                emit(&START, &[name, unit], state.since.0 as f64);
            }
        }
    }
}

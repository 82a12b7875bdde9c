//! What tools learn of a machine's sockets, open files, devices and of what its programs do: all from the one world.

use super::Desk;
use crate::console::host::{
    ANSWER_BYTES, CallRow, Connections, Disk, HttpFailure, Interface, Listener, MachineHost, OpenFile, PACKET_BYTES,
    REQUEST_BYTES, SystemHost, Traffic, UnitFile,
};
use crate::scenario::{ServiceKind, StoreEngine, UnitSpec};
use crate::sim::{Process, UnitState};

/// Bytes that a machine writes a second when nothing grows: its journal.
const JOURNAL_BYTES_S: f64 = 4_096.0;

/// A port in a command line: `--listen 0.0.0.0:3000`, `--port 8080`, `-p 5433`, `:9090`.
fn port_in(exec: &str) -> Option<u16> {
    let words: Vec<&str> = exec.split(|c: char| c.is_whitespace() || c == '=').collect();
    let named =
        words.windows(2).find(|w| matches!(w, ["--port" | "-p" | "-port", _])).and_then(|w| w.get(1)?.parse().ok());
    named.or_else(|| words.iter().filter_map(|w| w.rsplit_once(':')).find_map(|(_, p)| p.parse().ok()))
}

/// Part `at` of `n` when it is shared among `of` as evenly as whole numbers can be.
fn part(n: u64, of: u64, at: u64) -> u64 {
    let of = of.max(1);
    n / of + u64::from(at < n % of)
}

impl Desk<'_> {
    /// The port that a service listens on, on a host or wherever it is managed.
    pub(super) fn port_of(&self, service: &str) -> u16 {
        let w = self.spec();
        let of = |u: &&UnitSpec| u.service.as_deref() == Some(service);
        let unit = w.hosts.values().flat_map(|h| h.units.values()).find(of);
        if let Some(port) = unit.and_then(|u| port_in(&u.exec)) {
            return port;
        }
        match w.services.get(service).map(|s| &s.kind) {
            Some(ServiceKind::Database) => {
                let store = w.stores.values().find(|s| s.service == service);
                store.map_or_else(StoreEngine::default, |s| s.engine).port()
            }
            Some(ServiceKind::Cache(_)) => 6379,
            Some(ServiceKind::Cdn { .. } | ServiceKind::Bucket) => 443,
            Some(ServiceKind::Worker { .. }) => 0,
            _ => 8080,
        }
    }

    /// Processes of a host that have a unit, with its name.
    fn unit_processes(&self, host: &str) -> Vec<(String, Process)> {
        let all = self.session.state.world.processes(host);
        all.into_iter().filter_map(|p| Some((p.unit.clone()?, p))).collect()
    }

    /// Which one of the hosts with a running replica of a service this is, and how many there are.
    fn share(&self, service: &str, host: &str) -> Option<(u64, u64)> {
        let w = self.spec();
        let runs = |h: &&String| {
            let live = self.session.state.world.host(h);
            let spec = w.hosts.get(*h);
            let unit = spec.and_then(|s| s.units.iter().find(|(_, u)| u.service.as_deref() == Some(service)));
            unit.is_none_or(|(n, _)| live.and_then(|l| l.units.get(n)).is_some_and(|u| u.state == UnitState::Active))
        };
        let up: Vec<&String> = w.services.get(service)?.on.iter().filter(runs).collect();
        let at = up.iter().position(|h| *h == host)?;
        Some((u64::try_from(at).ok()?, u64::try_from(up.len()).ok()?))
    }

    /// Requests that a host has answered since the opening, as its services' counters have it, and calls that it made.
    fn counted(&self, host: &str) -> (u64, u64) {
        let world = &self.session.state.world;
        let spec = self.spec();
        let mut sum = (0u64, 0u64);
        for (name, s) in spec.services.iter().filter(|(_, s)| s.on.iter().any(|h| h == host)) {
            let n = u64::try_from(s.on.len()).unwrap_or(1).max(1);
            let total = world.service(name).map_or(0, |s| s.total.requests) / n;
            let calls: u64 = world.edges().filter(|(from, _, _)| from == name).map(|(_, _, e)| e.total.sent).sum();
            sum = (sum.0.saturating_add(total), sum.1.saturating_add(calls / n));
        }
        sum
    }
}

impl SystemHost for Desk<'_> {
    fn address(&self, host: &str) -> String {
        self.spec().hosts.get(host).map(|h| h.address.clone()).unwrap_or_default()
    }

    fn listeners(&self, host: &str) -> Vec<Listener> {
        let world = &self.session.state.world;
        let Some(spec) = self.spec().hosts.get(host) else { return Vec::new() };
        let mut out = Vec::new();
        let all = world.processes(host);
        if let Some(p) = all.iter().find(|p| p.command.contains("sshd")) {
            out.push(Listener {
                proto: "tcp",
                address: "0.0.0.0".to_owned(),
                port: 22,
                pid: p.pid,
                program: "sshd".to_owned(),
                user: p.user.clone(),
                waiting: 0,
                backlog: 128,
            });
        }
        for (unit, p) in self.unit_processes(host) {
            let Some(service) = spec.units.get(&unit).and_then(|u| u.service.clone()) else { continue };
            let port = self.port_of(&service);
            if port == 0 {
                continue;
            }
            let queued = world.service(&service).map_or(0, |s| s.queue);
            let (at, of) = self.share(&service, host).unwrap_or((0, 1));
            let local = p.command.contains("127.0.0.1:");
            let backlog = 511;
            out.push(Listener {
                proto: "tcp",
                address: if local { "127.0.0.1" } else { "0.0.0.0" }.to_owned(),
                port,
                pid: p.pid,
                program: program(&p.command),
                user: p.user.clone(),
                waiting: part(queued, of, at).min(backlog + 1),
                backlog,
            });
        }
        for store in self.store_infos() {
            for m in store.members.iter().filter(|m| m.host.as_deref() == Some(host) && m.up) {
                let (port, program) = (store.engine.port(), store.engine.program());
                let pid = all.iter().find(|p| p.command.contains(program)).map_or(m.sender, |p| p.pid);
                if out.iter().any(|l| l.port == port) {
                    continue;
                }
                out.push(Listener {
                    proto: "tcp",
                    address: "0.0.0.0".to_owned(),
                    port,
                    pid,
                    program: program.to_owned(),
                    user: store.engine.user().to_owned(),
                    waiting: 0,
                    backlog: 244,
                });
            }
        }
        out.sort_by_key(|l| (l.port, l.pid));
        out
    }

    fn connections(&self, host: &str) -> Vec<Connections> {
        let mut out = Vec::new();
        let Some(m) = self.machine(host) else { return out };
        let traffic = self.traffic(host);
        let open: Vec<u64> =
            traffic.iter().map(|t| (t.requests as f64 * t.latency_ms / 1_000.0).ceil() as u64 + 1).collect();
        let sum: u64 = open.iter().sum::<u64>().max(1);
        let mut left = m.established;
        for (i, (t, n)) in traffic.iter().zip(&open).enumerate() {
            let last = i + 1 == traffic.len();
            let count = if last { left } else { (m.established.saturating_mul(*n) / sum).min(left) };
            left -= count;
            let name = t.pid.map_or(String::new(), |p| self.program_of(host, p));
            if count > 0 && t.port > 0 {
                out.push(Connections {
                    state: "ESTAB",
                    pid: t.pid.unwrap_or(0),
                    program: name.clone(),
                    local_port: t.port,
                    peer: String::new(),
                    peer_port: 0,
                    count,
                });
            }
            for c in t.calls.iter().filter(|c| !c.address.is_empty()) {
                let to = |state, count| Connections {
                    state,
                    pid: t.pid.unwrap_or(0),
                    program: name.clone(),
                    local_port: 0,
                    peer: c.address.clone(),
                    peer_port: c.port,
                    count,
                };
                // A call that nobody answers at all is still being connected.
                let dark = c.sent > 0 && c.ok + c.errors == 0 && c.timeouts > 0;
                let n = c.under_way.max(u64::from(c.ok > 0));
                if n > 0 {
                    out.push(to(if dark { "SYN-SENT" } else { "ESTAB" }, n));
                }
            }
        }
        if m.ports > 0 {
            let call = traffic.iter().flat_map(|t| &t.calls).max_by_key(|c| c.sent);
            out.push(Connections {
                state: "TIME-WAIT",
                pid: 0,
                program: String::new(),
                local_port: if call.is_some() { 0 } else { traffic.iter().map(|t| t.port).max().unwrap_or(22) },
                peer: call.map(|c| c.address.clone()).unwrap_or_default(),
                peer_port: call.map_or(0, |c| c.port),
                count: m.ports,
            });
        }
        out
    }

    fn open_files(&self, host: &str) -> Vec<OpenFile> {
        let world = &self.session.state.world;
        let held = world.held().iter().filter(|f| f.host == host).map(|f| (f.clone(), true));
        let open = world.open_logs(host).into_iter().map(|f| (f, false));
        let mut next = std::collections::BTreeMap::new();
        let all = held.chain(open).map(|(f, deleted)| {
            let fd = next.entry(f.pid).or_insert(3u32);
            *fd += 1;
            OpenFile { pid: f.pid, fd: *fd - 1, path: f.path, bytes: f.bytes, deleted }
        });
        all.collect()
    }

    fn traffic(&self, host: &str) -> Vec<Traffic> {
        let world = &self.session.state.world;
        let Some(spec) = self.spec().hosts.get(host) else { return Vec::new() };
        let mut out = Vec::new();
        for (unit, u) in &spec.units {
            let Some(service) = &u.service else { continue };
            let (Some(live), Some(s)) = (world.host(host).and_then(|h| h.units.get(unit)), world.service(service))
            else {
                continue;
            };
            let Some((at, of)) = self.share(service, host) else {
                out.push(Traffic { service: service.clone(), unit: unit.clone(), ..Traffic::default() });
                continue;
            };
            let mut calls = Vec::new();
            for (_, to, e) in world.edges().filter(|(from, _, _)| from == service) {
                let name = self.spec().services.get(to).map(|s| s.dns.clone()).unwrap_or_default();
                let address = if name.is_empty() {
                    String::new()
                } else {
                    self.addresses(host, &name).into_iter().next().unwrap_or_default()
                };
                calls.push(CallRow {
                    to: to.to_owned(),
                    port: self.port_of(to),
                    name,
                    address,
                    sent: part(e.flow.sent, of, at),
                    ok: part(e.flow.ok, of, at),
                    errors: part(e.flow.errors, of, at),
                    refused: part(e.flow.refused, of, at),
                    timeouts: part(e.flow.timeouts, of, at),
                    under_way: part(e.under_way(), of, at),
                });
            }
            let wants = self.spec().services.get(service);
            let full = wants.and_then(|s| {
                let here = s.needs_space.iter().filter_map(|m| m.split_once(':')).filter(|(h, _)| *h == host);
                let mut points = here.map(|(_, p)| p.to_owned());
                points.find(|p| world.host(host).and_then(|h| h.vfs.mount_of(p)).is_some_and(|m| m.is_full()))
            });
            out.push(Traffic {
                service: service.clone(),
                unit: unit.clone(),
                pid: live.pid,
                port: self.port_of(service),
                requests: part(s.flow.requests, of, at),
                errors: part(s.flow.errors(), of, at),
                latency_ms: s.latency_ms,
                calls,
                full,
            });
        }
        out
    }

    fn disks(&self, host: &str) -> Vec<Disk> {
        let Some(live) = self.session.state.world.host(host) else { return Vec::new() };
        let machine = self.machine(host).unwrap_or_default();
        let uptime = super::tools::ConsoleHost::uptime_s(self, host);
        let booted_here = uptime < self.session.tick().0;
        let mut out: Vec<Disk> = Vec::new();
        for m in live.vfs.mounts() {
            let device = m.device.trim_start_matches("/dev/");
            let disk = disk_of(device);
            let (now, then) = (m.used(), self.used_before(host, &m.point, 60));
            let growth = then.map_or(0.0, |t| (now as f64 - t).max(0.0) / 60.0);
            let at = match out.iter().position(|d| d.name == disk) {
                Some(i) => i,
                None => {
                    out.push(Disk { name: disk.to_owned(), write_bytes_s: JOURNAL_BYTES_S, ..Disk::default() });
                    out.len() - 1
                }
            };
            if let Some(d) = out.get_mut(at) {
                d.parts.push((device.to_owned(), m.size, m.point.clone()));
                // What stood there at the boot was written before it.
                let stood = if booted_here { self.used_before(host, &m.point, uptime) } else { None };
                d.written = d.written.saturating_add(m.used().saturating_sub(stood.unwrap_or(0.0) as u64));
                d.write_bytes_s += growth;
            }
        }
        // Threads that wait for a disk wait for the first one.
        for (i, d) in out.iter_mut().enumerate() {
            let waits = if i == 0 { machine.blocked } else { 0.0 };
            d.util = (d.write_bytes_s / 250e6 + waits / (1.0 + waits)).min(1.0);
            d.await_ms = 0.6 * (1.0 + 9.0 * d.util * d.util) * (1.0 + waits);
        }
        out
    }

    fn interface(&self, host: &str) -> Interface {
        let (requests, calls) = self.counted(host);
        let traffic = self.traffic(host);
        let now: u64 = traffic.iter().map(|t| t.requests).sum();
        let asked: u64 = traffic.iter().flat_map(|t| &t.calls).map(|c| c.sent).sum();
        let rx = |n: u64, c: u64| n.saturating_mul(REQUEST_BYTES).saturating_add(c.saturating_mul(ANSWER_BYTES));
        let tx = |n: u64, c: u64| n.saturating_mul(ANSWER_BYTES).saturating_add(c.saturating_mul(REQUEST_BYTES));
        let packets = |bytes: u64, n: u64| bytes / PACKET_BYTES + 4 * n;
        let idle = super::tools::ConsoleHost::uptime_s(self, host).saturating_mul(120);
        let (r, t) = (rx(requests, calls) + idle, tx(requests, calls) + idle);
        let (rs, ts) = (rx(now, asked) + 120, tx(now, asked) + 120);
        Interface {
            rx: (r, packets(r, requests + calls)),
            tx: (t, packets(t, requests + calls)),
            rx_s: (rs as f64, packets(rs, now + asked) as f64 + 1.0),
            tx_s: (ts as f64, packets(ts, now + asked) as f64 + 1.0),
        }
    }

    fn service_port(&self, service: &str) -> Option<u16> {
        Some(self.port_of(service)).filter(|p| *p > 0)
    }

    fn unit_file(&self, host: &str, unit: &str) -> UnitFile {
        let live = self.session.state.world.host(host).and_then(|h| h.units.get(unit));
        let spec = self.spec().hosts.get(host).and_then(|h| h.units.get(unit));
        UnitFile {
            disabled: live.is_some_and(|u| u.disabled),
            masked: live.is_some_and(|u| u.masked),
            restart: spec.is_some_and(|u| u.restart),
            restarts: live.map_or(0, |u| u.restarts),
            restart_after_s: spec.and_then(|u| u.restart_after).map(|d| d.0),
            start_limit: spec.map(|u| (u.start_limit.burst, u.start_limit.interval.0)),
        }
    }
}

impl Desk<'_> {
    /// Why a URL with a port of its own gets no answer: nothing listens there, or what stands in front lets nobody through.
    pub(super) fn wrong_port(&self, from: &str, url: &str) -> Option<HttpFailure> {
        let (_, rest) = url.split_once("://")?;
        let place = rest.split(['/', '?', '#']).next()?;
        let (name, port) = place.rsplit_once(':')?;
        let port: u16 = port.parse().ok()?;
        let hosts = &self.spec().hosts;
        let machine = match name {
            "localhost" | "127.0.0.1" => Some(from.to_owned()),
            _ => hosts.iter().find(|(h, s)| *h == name || s.address == name).map(|(h, _)| h.clone()),
        };
        if let Some(m) = machine {
            let open = self.listeners(&m).iter().any(|l| l.port == port);
            return (!open).then(|| HttpFailure::Refused(name.to_owned(), port));
        }
        let services = &self.spec().services;
        let own = services.iter().find(|(_, s)| s.dns.eq_ignore_ascii_case(name)).map(|(id, _)| self.port_of(id));
        let known = matches!(port, 80 | 443) || own == Some(port);
        (!known).then(|| HttpFailure::Silent(name.to_owned(), port, 130_000))
    }

    fn program_of(&self, host: &str, pid: u32) -> String {
        let all = self.session.state.world.processes(host);
        all.iter().find(|p| p.pid == pid).map_or(String::new(), |p| program(&p.command))
    }

    /// Bytes that were in use on a mount so many seconds ago, as the metrics remember.
    fn used_before(&self, host: &str, point: &str, ago_s: u64) -> Option<f64> {
        let labels = format!("{{instance=\"{host}\",mountpoint=\"{point}\"}}");
        let expr = format!(
            "node_filesystem_size_bytes{labels} offset {ago_s}s - node_filesystem_free_bytes{labels} offset {ago_s}s"
        );
        match self.ask(&expr, None).ok()? {
            crate::console::host::Answer::Vector(rows) => rows.first().map(|r| r.3),
            _ => None,
        }
    }
}

/// The port that a URL asks for: its own, or its scheme's.
pub(super) fn port_of_url(url: &str) -> u16 {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let own = place.rsplit_once(':').and_then(|(_, p)| p.parse().ok());
    own.unwrap_or(if scheme == "https" { 443 } else { 80 })
}

/// The program of a command line: its first word without directories.
pub(super) fn program(command: &str) -> String {
    let first = command.split_whitespace().next().unwrap_or_default();
    first.rsplit('/').next().unwrap_or(first).trim_end_matches(':').to_owned()
}

/// The whole disk that a partition is part of: `nvme0n1p1` is on `nvme0n1`, `xvda1` on `xvda`.
fn disk_of(device: &str) -> &str {
    let bare = device.trim_end_matches(|c: char| c.is_ascii_digit());
    if device.starts_with("nvme") || device.starts_with("mmcblk") {
        return bare.strip_suffix('p').unwrap_or(device);
    }
    if bare.is_empty() { device } else { bare }
}

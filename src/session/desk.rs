//! The desk: what the tools of a terminal can reach, over world and telemetry. The trait is the white list.

mod cache;
mod capacity;
mod change;
mod files;
mod incident;
mod kube;
mod log;
mod net;
mod observe;
mod right;
mod store;
mod system;

pub(super) use incident::last_about;

use super::Session;
use super::measure::with_unit;
use crate::console::host as tools;
use crate::console::{Caller, ConsoleHost, Source};
use crate::console::{devfs, procfs};
use crate::fact::FactKind;
use crate::observe::AlertPhase;
use crate::scenario::{ObservedKind, ServiceKind, WorldSpec};
use crate::session::projection::Health;
use crate::sim::{Applied, Effect, Refusal, UnitState, vfs};
use crate::stdx::time::{Tick, Utc};
use std::sync::Arc;

/// A seat's tools, for the time of one console call.
pub struct Desk<'s> {
    pub(super) session: &'s mut Session,
}

impl Desk<'_> {
    /// The world as it is made: what the scenario lists, and what every machine has beside it.
    fn spec(&self) -> &WorldSpec {
        self.session.state.world.spec()
    }

    fn files(&self, host: &str) -> Option<&vfs::Vfs> {
        self.session.state.world.host(host).map(|h| &h.vfs)
    }

    fn utc_of(&self, t_s: i64) -> Utc {
        self.session.scenario.t0.utc.plus(t_s)
    }

    /// Where a service's staging answers is seen as that service, but a user never comes there.
    fn request_source(&self, reply: &crate::sim::HttpReply, user_facing: bool) -> Source {
        let staging = reply.host.starts_with("staging.");
        Source {
            what: ObservedKind::Request,
            target: match &reply.endpoint {
                Some(e) if staging => format!("staging:{e}"),
                Some(e) => e.clone(),
                None => reply.host.clone(),
            },
            service: reply.service.clone(),
            user_facing: user_facing && !staging,
        }
    }
}

impl ConsoleHost for Desk<'_> {
    fn tick(&self) -> Tick {
        self.session.tick()
    }

    fn utc(&self) -> Utc {
        self.utc_of(self.session.offset().0)
    }

    fn stat(&self, host: &str, path: &str) -> Option<tools::Stat> {
        if procfs::is_in(path) {
            return self.proc_stat(host, path);
        }
        if devfs::is_in(path) {
            return devfs::stat(path, self.utc());
        }
        let files = self.files(host)?;
        files.stat(path).map(|n| tools::Stat::of(n, files.links(path, n)))
    }

    fn lstat(&self, host: &str, path: &str) -> Option<tools::Stat> {
        if procfs::is_in(path) || devfs::is_in(path) {
            return self.stat(host, path);
        }
        let files = self.files(host)?;
        files.lstat(path).map(|n| tools::Stat::of(n, files.links(path, n)))
    }

    fn resolve(&self, host: &str, path: &str, follow: bool) -> Result<String, String> {
        if procfs::is_in(path) || devfs::is_in(path) {
            return Ok(vfs::normal(path));
        }
        let files = self.files(host).ok_or("No such file or directory")?;
        files.resolve(path, follow).map_err(|r| r.message)
    }

    fn list(&self, host: &str, path: &str) -> Result<Vec<(String, tools::Stat)>, String> {
        if procfs::is_in(path) {
            let all = procfs::list(self, host, path).ok_or("Not a directory")?;
            let stat = |(n, _): (String, bool)| Some((n.clone(), self.proc_stat(host, &format!("{path}/{n}"))?));
            return Ok(all.into_iter().filter_map(stat).collect());
        }
        if path == "/dev" {
            return Ok(devfs::list(self.utc()));
        }
        let files = self.files(host).ok_or("No such file or directory")?;
        let stat = |(name, n): (&str, &vfs::Node)| {
            let links = files.links(&format!("{path}/{name}"), n);
            (name.to_owned(), tools::Stat::of(n, links))
        };
        Ok(files.children(path).map_err(|r| r.message)?.into_iter().map(stat).collect())
    }

    fn text(&self, host: &str, path: &str) -> Result<Arc<String>, String> {
        if procfs::is_in(path) {
            let text = procfs::read(self, host, path).ok_or("No such file or directory")?;
            return Ok(Arc::new(text));
        }
        let files = self.files(host).ok_or("No such file or directory")?;
        match self.log_file(host, path) {
            Some(text) => Ok(Arc::new(text)),
            None => files.text(path).map_err(|r| r.message),
        }
    }

    fn path_of(&self, host: &str, ino: u64) -> Option<String> {
        self.named(host, ino)
    }

    fn usage(&self, host: &str, path: &str) -> u64 {
        self.files(host).and_then(|f| f.blocks(path)).unwrap_or(0)
    }

    fn mounts(&self, host: &str) -> Vec<tools::Mount> {
        let mount = |m: &vfs::Mount| tools::Mount {
            device: m.device.clone(),
            at: m.point.clone(),
            size: m.size,
            used: m.used(),
        };
        let mut out: Vec<tools::Mount> =
            self.files(host).map(|f| f.mounts().iter().map(mount).collect()).unwrap_or_default();
        out.sort_by(|a, b| a.at.cmp(&b.at));
        out
    }

    fn processes(&self, host: &str) -> Vec<tools::Process> {
        if let Some(own) = self.container_processes(host) {
            return own;
        }
        let processes = self.session.state.world.processes(host).into_iter();
        processes
            .map(|p| tools::Process {
                pid: p.pid,
                ppid: u32::from(p.pid != 1),
                user: p.user,
                cpu_percent: p.cpu,
                memory: p.rss,
                state: 'S',
                started: p.start,
                cpu_s: p.cpu_s,
                command: p.command,
            })
            .collect()
    }

    fn units(&self, host: &str) -> Vec<tools::UnitInfo> {
        let Some(spec) = self.spec().hosts.get(host) else { return Vec::new() };
        let Some(live) = self.session.state.world.host(host) else { return Vec::new() };
        let units = live.units.iter().filter_map(|(name, unit)| {
            let s = spec.units.get(name)?;
            Some(tools::UnitInfo {
                name: name.clone(),
                description: s.description.clone(),
                state: match unit.state {
                    UnitState::Active => tools::UnitState::Active,
                    UnitState::Starting => tools::UnitState::Activating,
                    UnitState::Inactive => tools::UnitState::Inactive,
                    UnitState::Failed if unit.waits() => tools::UnitState::AutoRestart,
                    UnitState::Failed => tools::UnitState::Failed,
                },
                since: unit.since,
                pid: unit.pid,
                last_pid: unit.last_pid,
                result: unit.result().to_owned(),
                cpu_ms: unit.cpu_ms,
                memory: tools::MachineHost::unit_use(self, host, name).map_or(0, |u| u.rss),
                exec: s.exec.clone(),
                service: s.service.clone(),
            })
        });
        units.collect()
    }

    fn memory(&self, host: &str) -> tools::Memory {
        let m = tools::MachineHost::machine(self, host).unwrap_or_default();
        tools::Memory { total: m.memory, used: m.memory_used, cache: m.cache }
    }

    fn load(&self, host: &str) -> [f64; 3] {
        tools::MachineHost::machine(self, host).map_or([0.0; 3], |m| m.load)
    }

    fn cores(&self, host: &str) -> u32 {
        self.spec().hosts.get(host).map_or(1, |h| h.cores)
    }

    fn uptime_s(&self, host: &str) -> u64 {
        let w = &self.session.state.world;
        u64::try_from(w.utc().0.saturating_sub(w.booted(host).0)).unwrap_or(0)
    }

    fn answers(&self, host: &str) -> bool {
        let (state, plan) = self.machines();
        plan.host(&self.place(host)).is_none_or(|at| state.is_on(at))
    }

    fn service_of(&self, host: &str) -> Option<String> {
        self.session.service_on(host)
    }

    fn http(&self, host: &str, request: &tools::HttpRequest) -> Result<tools::HttpReply, tools::HttpError> {
        let head = request.method == "HEAD";
        let reply = self.session.state.world.request(Some(&self.place(host)), &request.url, head, !request.insecure);
        if let Some(failure) = self.wrong_port(&self.place(host), &request.url).filter(|_| reply.error.is_none()) {
            return Err(tools::HttpError { failure, source: self.request_source(&reply, false) });
        }
        // What a user gets is the whole way: an answer that leads nowhere yet is not a user's experience.
        let leads_on = (300..400).contains(&reply.status);
        let localhost = reply.host == "localhost" || reply.host == "127.0.0.1";
        let mut source = self.request_source(&reply, !localhost && !leads_on);
        if let Some(error) = &reply.error {
            // The name that a redirect led to is about the service whose redirect it was.
            if request.hop > 0 && source.service.is_none() {
                source.user_facing = true;
            }
            let failure = match reply.exit {
                6 => tools::HttpFailure::Resolve(reply.host.clone()),
                28 => tools::HttpFailure::Silent(reply.host.clone(), system::port_of_url(&request.url), reply.time_ms),
                60 => tools::HttpFailure::Certificate(error.clone()),
                _ if error.contains("connect") || reply.exit == 7 => {
                    tools::HttpFailure::Refused(reply.host.clone(), system::port_of_url(&request.url))
                }
                _ => tools::HttpFailure::TimedOut(reply.time_ms),
            };
            return Err(tools::HttpError { failure, source });
        }
        Ok(tools::HttpReply {
            status: reply.status,
            headers: reply.headers,
            body: reply.body,
            source,
            ms: reply.time_ms,
        })
    }

    fn lookup(&self, host: &str, name: &str) -> Vec<String> {
        let host = &self.place(host);
        if let Some(spec) = self.spec().hosts.get(name) {
            return vec![spec.address.clone()];
        }
        // An address stands for itself.
        if crate::sim::net::is_address(name) {
            return vec![name.to_owned()];
        }
        self.addresses(host, name)
    }

    fn ping(&self, host: &str, name: &str) -> Option<tools::Pong> {
        let address = self.lookup(host, name).into_iter().next()?;
        Some(tools::Pong { address, rtt_us: self.echo(host, name).filter(|_| tools::ConsoleHost::answers(self, name)) })
    }

    fn network(&self) -> Option<&crate::sim::net::NetState> {
        Some(self.session.state.world.net())
    }

    fn reach(&self, host: &str, tool: &str) -> Result<(), String> {
        self.reaches(host, tool)
    }

    fn ssh(&self, who: &Caller, to: &str) -> Result<(), String> {
        let may = |p: &str| self.session.scenario.you.may.iter().any(|m| m == p);
        if !self.spec().hosts.contains_key(to) {
            return Err(format!("ssh: Could not resolve hostname {to}: Name or service not known"));
        }
        self.unreachable(who, to)?;
        // Whoever may become root on a machine may log in to it; the home machine needs neither.
        if to == self.session.scenario.you.host || may(&format!("ssh:{to}")) || may(&format!("sudo:{to}")) {
            Ok(())
        } else {
            Err(format!("{}@{to}: Permission denied (publickey).", who.user))
        }
    }

    fn names(&self, who: &Caller, kind: tools::NameKind) -> Vec<String> {
        let w = self.spec();
        match kind {
            tools::NameKind::Host => w.hosts.keys().cloned().collect(),
            tools::NameKind::Unit => {
                w.hosts.get(&who.host).map(|h| h.units.keys().cloned().collect()).unwrap_or_default()
            }
            tools::NameKind::Service => w.services.keys().cloned().collect(),
            tools::NameKind::Queue => w.queues.keys().cloned().collect(),
            tools::NameKind::Store => w.stores.keys().cloned().collect(),
            tools::NameKind::Volume => self.volumes().into_iter().map(|v| v.name).collect(),
            tools::NameKind::Graph => w.graphs.iter().map(|g| g.id.clone()).collect(),
            tools::NameKind::Person => self.session.scenario.people.keys().cloned().collect(),
            tools::NameKind::Runbook => self.session.scenario.runbooks.keys().cloned().collect(),
        }
    }

    fn logs(&self, scope: &tools::LogScope, since: Utc, limit: usize) -> Option<Vec<tools::LogLine>> {
        self.last_lines(scope, since, limit)
    }

    fn log_page(
        &self,
        scope: &tools::LogScope,
        since: Utc,
        text: Option<&str>,
        from: tools::LogFrom,
        limit: usize,
    ) -> Option<tools::LogPage> {
        self.lines_from(scope, since, text, from, limit)
    }

    fn traces(&self, service: Option<&str>, failed: bool, limit: usize) -> Vec<String> {
        self.session.state.telemetry.traces(service, failed, limit).iter().map(crate::observe::Trace::row).collect()
    }

    fn trace(&self, id: &str) -> Option<(String, Option<String>)> {
        let trace = self.session.state.telemetry.trace(id)?;
        Some((trace.waterfall(), trace.culprit().map(str::to_owned)))
    }

    fn graphs(&self) -> Vec<tools::Graph> {
        let graphs = self.spec().graphs.iter().map(|g| tools::Graph {
            id: g.id.clone(),
            title: g.title.en.clone(),
            unit: Session::unit(&g.signal).to_owned(),
            service: self.session.service_of_signal(&g.signal),
            user_facing: g.user_facing,
            value: self.session.value(&g.signal),
        });
        graphs.collect()
    }

    fn points(&self, graph: &str, since: Utc) -> Vec<(Utc, Option<f64>)> {
        let Some(g) = self.spec().graphs.iter().find(|g| g.id == graph) else { return Vec::new() };
        let scale = Session::scale(&g.signal);
        let series = self.session.state.telemetry.series(&g.signal);
        series.iter().map(|(t, v)| (self.utc_of(*t), v.map(|v| v * scale))).filter(|(at, _)| *at > since).collect()
    }

    fn alerts(&self) -> Vec<tools::Alert> {
        let alerts = self.session.state.telemetry.alerts().into_iter().filter_map(|a| {
            let spec = self.spec().alerts.get(&a.id)?;
            let value = a.value.map(|v| v * Session::scale(&spec.signal));
            Some(tools::Alert {
                state: match a.state {
                    AlertPhase::Firing => "firing",
                    AlertPhase::Pending => "pending",
                    AlertPhase::Normal => "normal",
                    AlertPhase::NoData => "nodata",
                }
                .to_owned(),
                severity: match spec.severity {
                    crate::scenario::AlertSeverity::Critical => "critical",
                    crate::scenario::AlertSeverity::Warning => "warning",
                }
                .to_owned(),
                service: spec.service.clone(),
                since: self.utc_of(a.since),
                value: value.map_or_else(|| "-".to_owned(), |v| with_unit(v, Session::unit(&spec.signal))),
                summary: spec.summary.en.clone(),
                id: a.id,
            })
        });
        alerts.collect()
    }

    fn query(&self, expr: &str, range: Option<(u64, u64)>) -> Result<tools::Answer, String> {
        self.ask(expr, range)
    }

    fn pages(&self, seat: &str) -> Vec<tools::PageRow> {
        self.all_pages(seat)
    }

    fn receivers(&self, labels: &[(String, String)]) -> Vec<String> {
        self.routed(labels)
    }

    fn firing(&self) -> Vec<tools::FiringAlert> {
        self.firing_alerts()
    }

    fn silences(&self) -> Vec<tools::SilenceRow> {
        self.all_silences()
    }

    fn silence(&mut self, who: &Caller, new: &tools::NewSilence) -> Result<String, String> {
        self.add_silence(&who.seat, new)
    }

    fn expire(&mut self, who: &Caller, id: &str) -> Result<(), String> {
        self.end_silence(&who.seat, id)
    }

    fn services(&self) -> Vec<tools::ServiceStatus> {
        let services = self.spec().services.iter().map(|(id, spec)| {
            let signal = self.session.figure_signal(id);
            tools::ServiceStatus {
                id: id.clone(),
                health: match self.session.health(id) {
                    Health::Ok => "ok",
                    Health::Warning => "warning",
                    Health::Critical => "critical",
                    Health::Unknown => "unknown",
                }
                .to_owned(),
                release: self
                    .session
                    .state
                    .world
                    .service(id)
                    .and_then(|s| s.release.clone())
                    .unwrap_or_else(|| "-".to_owned()),
                figure: signal.and_then(|s| self.session.figure(&s)).unwrap_or_else(|| "-".to_owned()),
                hosts: spec.on.clone(),
            }
        });
        services.collect()
    }

    fn releases(&self, service: &str) -> Option<tools::Releases> {
        self.all_releases(service)
    }

    fn diff(&self, service: &str, release: &str) -> Option<String> {
        let visible = self.releases(service)?.all.iter().any(|r| r.id == release);
        let spec = self.spec().releases.get(release).filter(|r| visible && r.service == service)?;
        Some(spec.diff.clone())
    }

    fn queues(&self) -> Vec<tools::Queue> {
        let queues = self.session.state.world.queues().map(|(name, q)| {
            let worker = self
                .session
                .scenario
                .world
                .services
                .iter()
                .find(|(_, s)| matches!(&s.kind, ServiceKind::Worker { queue } if queue == name));
            tools::Queue {
                name: name.to_owned(),
                waiting: q.waiting,
                running: self.session.state.world.in_work(name),
                failed: q.failed,
                service: worker.map(|(id, _)| id.clone()),
            }
        });
        queues.collect()
    }

    fn caches(&self) -> Vec<tools::CacheInfo> {
        self.all_caches()
    }

    fn changes(&self) -> tools::change::Changes {
        self.all_changes()
    }

    fn stores(&self) -> Vec<crate::sim::store::StoreInfo> {
        self.store_infos()
    }

    fn volumes(&self) -> Vec<tools::Volume> {
        let hosts = self.session.state.world.hosts();
        let volumes = hosts.flat_map(|(host, h)| {
            h.vfs.mounts().iter().filter(|m| !m.volume.is_empty()).map(move |m| tools::Volume {
                name: m.volume.clone(),
                host: host.to_owned(),
                at: m.point.clone(),
                size: m.size,
            })
        });
        volumes.collect()
    }

    fn people(&self) -> Vec<tools::Row> {
        let people = self.session.scenario.people.iter().map(|(id, spec)| {
            let state = self.session.state.people.get(id);
            let note = match state {
                Some(p) if p.here => "in the channel".to_owned(),
                Some(p) if p.joins_at.is_some() => "called".to_owned(),
                _ => match spec.joins {
                    Some(d) => format!("joins in about {d}"),
                    None => "does not join".to_owned(),
                },
            };
            tools::Row { key: id.clone(), text: spec.role.en.clone(), note }
        });
        people.collect()
    }

    fn tickets(&self) -> Vec<tools::Row> {
        let facts = self.session.facts().iter().rev();
        let tickets = facts.filter_map(|f| match &f.what {
            FactKind::TicketArrived { who, text, .. } => Some(tools::Row {
                key: self.utc_of(self.session.t(f.id.tick)).hms(),
                text: text.en.clone(),
                note: who.clone(),
            }),
            _ => None,
        });
        tickets.collect()
    }

    fn runbook(&self, id: &str) -> Option<String> {
        self.session.scenario.runbooks.get(id).map(|d| d.text.en.clone())
    }

    fn may(&self, _who: &Caller, permission: &str) -> bool {
        self.session.scenario.you.may.iter().any(|m| m == permission)
    }

    fn apply(&mut self, who: &Caller, effect: &Effect, verb: &str, target: &str) -> Result<Applied, Refusal> {
        self.not_in_container(effect)?;
        if let Some((permission, message)) = self.permission_for(effect, verb, target)
            && !self.may(who, permission)
        {
            self.session.refused(&who.seat, verb, target, &message);
            return Err(Refusal { message });
        }
        if let Some(message) = self.file_refusal(who, effect) {
            self.session.refused(&who.seat, verb, target, &message);
            return Err(Refusal { message });
        }
        let masked = self.masked(who, effect);
        if self.needs_root(who, effect) {
            let message = match effect {
                Effect::Unit { .. } => "Interactive authentication required.",
                Effect::Kill { .. } => "Operation not permitted",
                _ => "Permission denied",
            };
            let message = message.to_owned();
            self.session.refused(&who.seat, verb, target, &message);
            return Err(Refusal { message });
        }
        let done = self.session.respond(&who.seat, effect, verb, target)?;
        if let Some(effect) = masked {
            self.session.intervene(&effect, &who.seat)?;
        }
        Ok(done)
    }

    fn refused(&mut self, who: &Caller, verb: &str, target: &str, why: &str) {
        self.session.refused(&who.seat, verb, target, why);
    }

    fn job(&self, job: u32) -> tools::JobState {
        self.job_state(job)
    }

    fn incident(&mut self, who: &Caller, argv: &[String]) -> Result<String, String> {
        incident::run(self.session, &who.seat, argv)
    }
}

impl Session {
    /// What may follow at the cursor of a terminal's line. Changes nothing.
    pub fn complete(&mut self, terminal: u32, line: &str, cursor: usize) -> crate::console::Completion {
        self.with_console(|console, desk| console.complete(terminal, line, cursor, desk))
    }
}

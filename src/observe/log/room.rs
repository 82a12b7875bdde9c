//! What the programs of the rooms write beside requests: database servers, routers, what checks from outside, what scales,
//! and services that take a configuration or a flag into use.

use super::Logs;
use super::catalog::{Catalog, PlaceAt, TemplateAt, Writer, line};
use super::store::{Names, Record};
use super::template::Template;
use crate::scenario::{LogLevel, LogStyle, StoreEngine};
use crate::sim::World;
use crate::sim::capacity::Reason;
use crate::stdx::time::Utc;
use serde::Serialize;
use std::sync::Arc;

/// Seconds between two checkpoints of a database server (`checkpoint_timeout`).
const CHECKPOINT_S: i64 = 300;

/// Where the programs of the rooms write.
#[derive(Clone, Debug)]
pub(super) struct RoomPlaces {
    /// By store and member.
    members: Vec<Vec<Writer>>,
    /// By probe.
    probes: Vec<PlaceAt>,
    /// By link.
    links: Vec<PlaceAt>,
    /// Of the platform's controllers.
    platform: PlaceAt,
}

/// What the log remembers of the rooms from one second to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct RoomsSeen {
    /// Rows of each configuration's history.
    configs: Vec<usize>,
    /// Percent of each flag.
    flags: Vec<u64>,
    /// Whether each member of each store follows its primary, and whether it is the primary.
    members: Vec<Vec<(bool, bool)>>,
    /// Whether each link is down.
    links: Vec<bool>,
    /// The newest line of each store's servers, and how many there are of its second.
    said: Vec<(Utc, usize)>,
}

impl RoomsSeen {
    /// The rooms as they are.
    pub fn new(w: &World) -> RoomsSeen {
        RoomsSeen {
            configs: w.configs().map(|c| c.state.history.len()).collect(),
            flags: w.flags().map(|f| f.percent).collect(),
            members: w
                .stores()
                .map(|(plan, s)| {
                    let words = (0..plan.members.len()).map(|at| s.member_word(at));
                    words.map(|w| (w == "replica", w == "primary")).collect()
                })
                .collect(),
            said: w
                .stores()
                .map(|(_, s)| {
                    s.lines().fold((Utc::default(), 0), |(at, n), l| if l.at == at { (at, n + 1) } else { (l.at, 1) })
                })
                .collect(),
            links: w.net().links().map(|(_, l)| l.blocked || l.down.iter().any(|d| *d >= 1.0)).collect(),
        }
    }
}

impl RoomPlaces {
    /// `place` makes a place of a host or service, a program and a service; `unit` finds the writer of a unit.
    pub fn new(
        w: &World,
        mut place: impl FnMut(&str, &str, Option<&str>) -> PlaceAt,
        unit: impl Fn(&str, &str) -> Option<Writer>,
    ) -> RoomPlaces {
        let members = w.stores().map(|(plan, _)| {
            let of = |m: &crate::sim::store::MemberPlan| {
                let known = m.host.as_deref().zip(m.unit.as_deref()).and_then(|(h, u)| unit(h, u));
                let on = m.host.as_deref().unwrap_or(&m.name);
                known.unwrap_or_else(|| Writer {
                    place: place(on, plan.engine.program(), Some(&plan.service)),
                    unit: None,
                })
            };
            plan.members.iter().map(of).collect::<Vec<Writer>>()
        });
        let members = members.collect();
        RoomPlaces {
            members,
            probes: w.probes().map(|(name, _)| place(name, "blackbox_exporter", None)).collect(),
            links: w.net().links().map(|(name, _)| place(name, "router", None)).collect(),
            platform: place("platform", "kube-controller-manager", None),
        }
    }
}

/// The level of a line of a database server.
fn level(word: &str) -> LogLevel {
    match word {
        "ERROR" | "FATAL" | "PANIC" => LogLevel::Error,
        "WARNING" | "Warning" => LogLevel::Warning,
        _ => LogLevel::Info,
    }
}

impl Logs {
    /// The template of a text with holes that becomes known only now.
    pub(super) fn template_of(&mut self, key: &str, make: impl FnOnce() -> Template) -> TemplateAt {
        match self.catalog.known(key) {
            Some(at) => at,
            None => Arc::make_mut(&mut self.catalog).learn(Arc::make_mut(&mut self.names), key, make()),
        }
    }

    /// One line of a program whose text comes as it is.
    fn one(
        &mut self,
        w: &World,
        place: PlaceAt,
        unit: Option<usize>,
        level: LogLevel,
        text: &str,
        new: &mut Vec<Record>,
    ) {
        let template = self.template_of(text, || Template::plain(level, text));
        let pid = unit.and_then(|u| self.units.get(u)).map_or(0, |u| u.pid);
        let utc = w.utc();
        new.push(Record { utc, seed: 0, trace: 0, place, template, count: 1, pid, us: 0, shipped: true });
    }

    /// What the rooms wrote in this second.
    pub(super) fn rooms(&mut self, w: &World, new: &mut Vec<Record>) {
        let now = RoomsSeen::new(w);
        let before = std::mem::replace(&mut self.rooms, now.clone());
        let catalog = Arc::clone(&self.catalog);
        self.databases(w, &catalog, &before, &now, new);
        self.changes(w, &catalog, &before, &now, new);
        for ((probe, place), spec) in w.probes().zip(&catalog.rooms.probes).zip(w.spec().probes.values()) {
            let (_, probe) = probe;
            if probe.at == w.tick() && !probe.ok {
                let text = format!(
                    "level=error msg=\"probe failed\" target={} error=\"{}\"",
                    spec.target,
                    probe.saw.replace('"', "'")
                );
                self.one(w, *place, None, LogLevel::Error, &text, new);
            }
        }
        for (((name, _), place), (now, was)) in
            w.net().links().zip(&catalog.rooms.links).zip(now.links.iter().zip(&before.links))
        {
            if now != was {
                let (state, level) = if *now { ("down", LogLevel::Error) } else { ("up", LogLevel::Info) };
                let text = format!("%LINK-3-UPDOWN: Interface {name}, changed state to {state}");
                self.one(w, *place, None, level, &text, new);
            }
        }
        for (at, name) in w.spec().services.keys().enumerate() {
            let Some(group) = w.machines().0.group(at) else { continue };
            let fresh = group.events.at(w.tick().0).filter(|e| e.last == w.tick().0);
            let said: Vec<_> = fresh
                .filter_map(|e| match e.reason {
                    Reason::Rescaled => Some((
                        LogLevel::Info,
                        format!(
                            "\"Successful rescale\" HPA=\"default/{name}\" desiredReplicas={} reason=\"{}\"",
                            e.n, e.text
                        ),
                    )),
                    Reason::Refused => Some((
                        LogLevel::Warning,
                        format!(
                            "\"Failed to create pods\" replicaSet=\"default/{name}\" err=\"forbidden: {}\"",
                            e.text
                        ),
                    )),
                    _ => None,
                })
                .collect();
            for (level, text) in said {
                self.one(w, catalog.rooms.platform, None, level, &text, new);
            }
        }
    }

    /// What database servers write: what the room says of them, who follows whom, and checkpoints.
    fn databases(&mut self, w: &World, catalog: &Catalog, before: &RoomsSeen, now: &RoomsSeen, new: &mut Vec<Record>) {
        let utc = w.utc();
        for (at, (plan, state)) in w.stores().enumerate() {
            let Some(places) = catalog.rooms.members.get(at) else { continue };
            // Some were written since the last look, others in the same second before it.
            let (last, n) = before.said.get(at).copied().unwrap_or((utc, 0));
            let known = state.lines().filter(|l| l.at < last).count() + n;
            for l in state.lines().skip(known) {
                let Some(p) = places.get(l.member.unwrap_or(0)) else { continue };
                self.one(w, p.place, p.unit, level(l.level), &plan.written(l), new);
            }
            let turns = now.members.get(at).zip(before.members.get(at));
            let turns = turns.into_iter().flat_map(|(now, was)| now.iter().zip(was));
            for (i, (p, ((follows, accepts), (followed, accepted)))) in places.iter().zip(turns).enumerate() {
                if *follows && !followed {
                    let row = state.member_rows(plan).into_iter().nth(i);
                    let (lsn, line) = row.map_or((String::new(), 1), |r| (r.received_lsn, r.timeline));
                    let text = match plan.engine {
                        StoreEngine::PostgreSql => {
                            format!("LOG:  started streaming WAL from primary at {lsn} on timeline {line}")
                        }
                        StoreEngine::MySql => {
                            "[System] [MY-014002] [Repl] Replica receiver thread for channel '': connected to source"
                                .to_owned()
                        }
                    };
                    self.one(w, p.place, p.unit, LogLevel::Info, &text, new);
                }
                if *accepts
                    && *accepted
                    && plan.engine == StoreEngine::PostgreSql
                    && utc.0.rem_euclid(CHECKPOINT_S) == 0
                {
                    self.one(w, p.place, p.unit, LogLevel::Info, "LOG:  checkpoint starting: time", new);
                }
            }
        }
    }

    /// Configurations and flags that services take into use, a line for each of their replicas.
    fn changes(&mut self, w: &World, catalog: &Catalog, before: &RoomsSeen, now: &RoomsSeen, new: &mut Vec<Record>) {
        let mut told: Vec<(usize, &'static str, Vec<(String, String)>)> = Vec::new();
        for ((config, was), is) in w.configs().zip(&before.configs).zip(&now.configs) {
            for (_, version, by) in config.history().skip(*was).take(is.saturating_sub(*was)) {
                let fields = [("config", config.name), ("version", version), ("by", by)];
                let fields: Vec<_> = fields.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
                told.extend(config.readers().iter().map(|s| (*s, "configuration loaded", fields.clone())));
            }
        }
        for ((flag, was), service) in w.flags().zip(&before.flags).zip(w.flag_services()) {
            if flag.percent != *was {
                let fields = [("flag", flag.name.to_owned()), ("percent", flag.percent.to_string())];
                told.push((service, "flag changed", fields.map(|(k, v)| (k.to_owned(), v)).into()));
            }
        }
        for (service, msg, fields) in told {
            let Some(lines) = catalog.services.get(service) else { continue };
            let style = w.spec().services.get(&lines.name).map_or(LogStyle::Logfmt, |s| s.log_style);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let key = format!("{style:?} {msg} {fields:?}");
            let template = self.template_of(&key, || line(style, LogLevel::Info, msg, &fields));
            for p in &lines.writers {
                let alive = p.unit.and_then(|u| self.units.get(u));
                if alive.is_some_and(|u| u.state != crate::sim::UnitState::Active) {
                    continue;
                }
                let (pid, place, utc) = (alive.map_or(0, |u| u.pid), p.place, w.utc());
                let shipped = super::write::reaches(w, &lines.name);
                new.push(Record { utc, seed: 0, trace: 0, place, template, count: 1, pid, us: 0, shipped });
            }
        }
    }

    /// The line of a caller that does not accept the certificate of what it calls: why, as far as one can see.
    pub(super) fn untrusted(&mut self, w: &World, at: usize) -> Option<TemplateAt> {
        let t = w.terms(at)?;
        let services = &w.spec().services;
        let ((_, from), (callee, to)) = (services.iter().nth(t.from)?, services.iter().nth(t.to)?);
        let seen = w.net().tls(from.on.first().map(String::as_str), callee, &to.dns, w.utc(), |_| true)?;
        if seen.problem.is_empty() {
            return None;
        }
        let reason = match seen.problem.as_str() {
            expired @ "certificate has expired" => format!("{expired} at {}", seen.issue.until.iso()),
            other => other.to_owned(),
        };
        let level = if t.retries > 0 || t.optional { LogLevel::Warning } else { LogLevel::Error };
        let why = ("error", "tls: certificate not accepted");
        let fields = [("callee", callee.as_str()), why, ("reason", reason.as_str()), ("request_id", "{req}")];
        let key = format!("{:?} {level:?} {fields:?}", from.log_style);
        let style = from.log_style;
        Some(self.template_of(&key, || line(style, level, "call failed", &fields)))
    }
}

impl Catalog {
    /// The template that was learnt under a key.
    fn known(&self, key: &str) -> Option<TemplateAt> {
        self.texts.get(key).copied()
    }

    /// Keeps a template under a key, while there are not too many.
    fn learn(&mut self, names: &mut Names, key: &str, made: Template) -> TemplateAt {
        if self.texts.len() >= super::catalog::TEXTS_MAX {
            return self.text(names, made.level, "message suppressed");
        }
        let at = names.templates.len() as TemplateAt;
        names.templates.push(made);
        self.texts.insert(key.to_owned(), at);
        at
    }
}

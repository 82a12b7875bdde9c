//! What every program writes without an author: one template for each thing that the world counts, so that lines and
//! counters are the same numbers.

use super::CallKind;
use super::room::RoomPlaces;
use super::store::{Names, Place};
use super::template::{Durations, Template};
use crate::scenario::{LogLevel, LogStyle, LogWhen, ServiceKind, WorldSpec};
use crate::sim::World;
use std::collections::BTreeMap;

/// Access lines a second of a service, at most about.
const ACCESS_PER_S: u64 = 2;

/// Texts that come as they are, such as a kernel's, kept at most; later ones are told as one.
pub(super) const TEXTS_MAX: usize = 20_000;

/// Position of a template.
pub(super) type TemplateAt = u32;

/// Position of a place.
pub(super) type PlaceAt = u32;

/// What the init system writes about a unit.
pub(super) const UNIT_LINES: [(LogLevel, &str); 14] = [
    (LogLevel::Info, "Stopping {description}..."),
    (LogLevel::Info, "Stopped {description}."),
    (LogLevel::Info, "Starting {description}..."),
    (LogLevel::Info, "Started {description}."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=exited, status=1/FAILURE"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'exit-code'."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=killed, status=9/KILL"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'signal'."),
    (LogLevel::Warning, "{unit}.service: Main process exited, code=dumped, status=11/SEGV"),
    (LogLevel::Warning, "{unit}.service: Failed with result 'core-dump'."),
    (LogLevel::Warning, "{unit}.service: A process of this unit has been killed by the OOM killer."),
    (LogLevel::Warning, "{unit}.service: Failed with result 'oom-kill'."),
    (LogLevel::Warning, "{unit}.service: Start request repeated too quickly."),
    (LogLevel::Error, "Failed to start {description}."),
];

/// A replica that writes: its place, and its unit's position among all units if it has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer {
    pub place: PlaceAt,
    pub unit: Option<usize>,
}

/// Templates of one endpoint slot of a service, in the order of [`super::AnswerKind`].
pub(super) type SlotLines = [TemplateAt; 7];

#[derive(Clone, Debug)]
pub(super) struct ServiceLines {
    pub name: String,
    pub writers: Vec<Writer>,
    /// What stands in front of its replicas.
    pub front: PlaceAt,
    pub refused: TemplateAt,
    pub slots: Vec<SlotLines>,
    /// The same for requests of each tenant: by tenant, and by slot and tenant.
    pub refused_of: Vec<TemplateAt>,
    pub slots_of: Vec<SlotLines>,
    /// One access line for so many requests; 0 where an author writes them.
    pub one_in: u64,
    /// What it writes while nothing happens.
    pub idle: Option<[TemplateAt; 2]>,
}

/// Templates of a call, in the order of [`CallKind`].
#[derive(Clone, Debug)]
pub(super) struct CallLines {
    pub from: usize,
    pub lines: [TemplateAt; 13],
}

#[derive(Clone, Debug)]
pub(super) struct QueueLines {
    /// Service that works on it.
    pub worker: Option<usize>,
    pub place: PlaceAt,
    pub done: TemplateAt,
    pub failed: TemplateAt,
    pub again: TemplateAt,
}

/// Which template belongs to what.
#[derive(Clone, Debug)]
pub(super) struct Catalog {
    pub services: Vec<ServiceLines>,
    pub calls: Vec<CallLines>,
    pub queues: Vec<QueueLines>,
    /// By unit in the order of hosts: place and first of [`UNIT_LINES`].
    pub units: Vec<(PlaceAt, TemplateAt)>,
    /// By host: where its kernel and its cron write, and what cron says.
    pub hosts: Vec<(PlaceAt, PlaceAt)>,
    pub hourly: TemplateAt,
    pub rotate: TemplateAt,
    /// By authored program: where it appears and its first template.
    pub authored: Vec<(PlaceAt, TemplateAt)>,
    pub(super) texts: BTreeMap<String, TemplateAt>,
    pub(super) rooms: RoomPlaces,
}

/// One field of a line.
fn field(style: LogStyle, key: &str, value: &str) -> String {
    let plain = |v: &str| v.starts_with('{') || v.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./:{}".contains(&b));
    let number = |v: &str| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()) || v == "{took}";
    match style {
        LogStyle::Logfmt if plain(value) && !value.is_empty() => format!(" {key}={value}"),
        LogStyle::Logfmt => format!(" {key}=\"{}\"", value.replace('"', "'")),
        LogStyle::Json if number(value) => format!(",\"{key}\":{value}"),
        LogStyle::Json => format!(",\"{key}\":\"{}\"", value.replace(['"', '\\'], "'")),
    }
}

/// A structured line.
pub(super) fn line(style: LogStyle, level: LogLevel, msg: &str, fields: &[(&str, &str)]) -> Template {
    let word = match level {
        LogLevel::Info => "info",
        LogLevel::Warning => "warn",
        LogLevel::Error => "error",
    };
    let mut text = match style {
        LogStyle::Logfmt => format!("level={word}"),
        LogStyle::Json => format!("{{\"level\":\"{word}\""),
    };
    text.push_str(&field(style, "msg", msg));
    for (key, value) in fields {
        text.push_str(&field(style, key, value));
    }
    text.push_str(if style == LogStyle::Json { "{trace_json}}" } else { "{trace}" });
    Template::new(level, &text)
}

/// The smallest power of ten that brings a rate down to [`ACCESS_PER_S`].
fn one_in(rate_per_s: u64) -> u64 {
    let mut n: u64 = 1;
    while rate_per_s / n > ACCESS_PER_S {
        n = n.saturating_mul(10);
    }
    n
}

/// Whether an author writes what a service does in good health: on the service, or as its unit on one of its hosts.
fn has_author(spec: &WorldSpec, name: &str) -> bool {
    let hosts = spec.services.get(name).map_or(&[][..], |s| &s.on);
    spec.logs.iter().any(|(program, log)| {
        let unit = spec.hosts.get(&log.on).and_then(|h| h.units.get(program));
        let its =
            log.on == name || (hosts.contains(&log.on) && unit.is_some_and(|u| u.service.as_deref() == Some(name)));
        its && log.lines.iter().any(|l| matches!(l.when, LogWhen::Running | LogWhen::Release(_)))
    })
}

/// A path as lines show it, with holes that can be filled.
fn shown(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(if name == "version" { "1.0.{n}" } else { "{crate}" });
        rest = tail;
    }
    out + rest
}

struct Maker {
    names: Names,
}

impl Maker {
    fn add(&mut self, t: Template) -> TemplateAt {
        self.names.templates.push(t);
        (self.names.templates.len() - 1) as TemplateAt
    }

    fn place(&mut self, on: &str, program: &str, unit: Option<&str>, service: Option<&str>) -> PlaceAt {
        let own = |t: Option<&str>| t.map(str::to_owned);
        let (on, program) = (on.to_owned(), program.to_owned());
        self.names.places.push(Place { on, program, unit: own(unit), service: own(service) });
        (self.names.places.len() - 1) as PlaceAt
    }
}

impl Catalog {
    /// The lines of every program of `w`, a world as it opens: its traffic decides how many access lines are written.
    pub fn new(w: &World) -> (Catalog, Names) {
        let spec = w.spec();
        let names = Names { places: Vec::new(), templates: Vec::new(), durations: Durations::new() };
        let mut m = Maker { names };
        let mut authored = Vec::new();
        for (program, log) in &spec.logs {
            let unit = spec.hosts.get(&log.on).and_then(|h| h.units.get(program));
            let place = m.place(&log.on, program, None, unit.and_then(|u| u.service.as_deref()));
            let first = m.names.templates.len() as TemplateAt;
            for t in &log.lines {
                m.add(Template::new(t.level, &t.text));
            }
            authored.push((place, first));
        }
        let mut units = Vec::new();
        let mut hosts = Vec::new();
        // A program has one place, whether an author or nobody writes for it.
        let mut writers: BTreeMap<(String, String), Writer> = BTreeMap::new();
        for (host, h) in w.hosts() {
            for unit in h.units.keys() {
                let spec = spec.hosts.get(host).and_then(|h| h.units.get(unit));
                let description = spec.map(|s| s.description.as_str()).filter(|d| !d.is_empty()).unwrap_or(unit);
                let service = spec.and_then(|s| s.service.as_deref());
                let place = m.place(host, "systemd", Some(unit), service);
                let first = m.names.templates.len() as TemplateAt;
                for (level, text) in UNIT_LINES {
                    let text = text.replace("{unit}", unit).replace("{description}", description);
                    m.add(Template::plain(level, &text));
                }
                let place_of_unit = m.place(host, unit, None, service);
                let at = units.len();
                writers.insert((host.to_owned(), unit.clone()), Writer { place: place_of_unit, unit: Some(at) });
                units.push((place, first));
            }
            hosts.push((m.place(host, "kernel", None, None), m.place(host, "CRON", None, None)));
        }
        let hourly = m.add(Template::plain(LogLevel::Info, "(root) CMD (cd / && run-parts --report /etc/cron.hourly)"));
        let rotate = m.add(Template::plain(LogLevel::Info, "(root) CMD (/usr/sbin/logrotate /etc/logrotate.conf)"));
        let mut services = Vec::new();
        for (at, (name, s)) in spec.services.iter().enumerate() {
            let live = w.service_at(at);
            let rate = live.map_or(0, |s| s.flow.requests);
            services.push(m.service(name, s, rate, &writers, (spec, w.tenants())));
        }
        let calls = (0..).map_while(|e| w.terms(e)).collect::<Vec<_>>();
        let calls = calls.iter().map(|t| m.call(t, spec)).collect();
        let queues = spec.queues.keys().map(|name| {
            let works = |k: &ServiceKind| matches!(k, ServiceKind::Worker { queue } if queue == name);
            let worker = spec.services.values().position(|s| works(&s.kind));
            let style = worker.and_then(|w| spec.services.values().nth(w)).map_or(LogStyle::Logfmt, |s| s.log_style);
            let fields = [("queue", name.as_str()), ("job", "{id}")];
            QueueLines {
                worker,
                place: m.place(name, name, None, None),
                done: m.add(line(style, LogLevel::Info, "job done", &fields)),
                failed: m.add(line(style, LogLevel::Error, "job failed", &fields)),
                again: m.add(line(style, LogLevel::Warning, "job not completed, delivered again", &fields)),
            }
        });
        let queues = queues.collect();
        let texts = BTreeMap::new();
        let unit = |host: &str, unit: &str| writers.get(&(host.to_owned(), unit.to_owned())).copied();
        let rooms = RoomPlaces::new(w, |on, program, service| m.place(on, program, None, service), unit);
        (Catalog { services, calls, queues, units, hosts, hourly, rotate, authored, texts, rooms }, m.names)
    }

    /// The template of a text that comes as it is.
    pub fn text(&mut self, names: &mut Names, level: LogLevel, text: &str) -> TemplateAt {
        let text =
            if self.texts.len() >= TEXTS_MAX && !self.texts.contains_key(text) { "message suppressed" } else { text };
        if let Some(at) = self.texts.get(text) {
            return *at;
        }
        let at = names.templates.len() as TemplateAt;
        names.templates.push(Template::plain(level, text));
        self.texts.insert(text.to_owned(), at);
        at
    }

    /// The template of a call's outcome.
    pub fn call(&self, edge: usize, kind: CallKind) -> Option<TemplateAt> {
        self.calls.get(edge)?.lines.get(kind as usize).copied()
    }
}

impl Maker {
    fn service(
        &mut self,
        name: &str,
        s: &crate::scenario::ServiceSpec,
        rate_per_s: u64,
        units: &BTreeMap<(String, String), Writer>,
        (spec, tenants): (&WorldSpec, &[String]),
    ) -> ServiceLines {
        let style = s.log_style;
        let mut writers = Vec::new();
        for host in &s.on {
            let unit = spec.hosts.get(host).into_iter().flat_map(|h| &h.units);
            let unit = unit.into_iter().find(|(_, u)| u.service.as_deref() == Some(name)).map(|(n, _)| n.clone());
            let known = unit.and_then(|u| units.get(&(host.clone(), u)).copied());
            writers
                .push(known.unwrap_or_else(|| Writer { place: self.place(host, name, None, Some(name)), unit: None }));
        }
        if s.on.is_empty() {
            writers.push(Writer { place: self.place(name, name, None, Some(name)), unit: None });
        }
        let authored = has_author(spec, name);
        let one_in = one_in(rate_per_s);
        let sample = one_in.to_string();
        let paths = s.endpoints.values().map(|e| Some(shown(&e.path))).chain([None]).collect::<Vec<_>>();
        let slots = paths.iter().map(|path| self.slot(s, path.as_deref(), &sample, None)).collect();
        let mut slots_of = Vec::new();
        for path in &paths {
            slots_of.extend(tenants.iter().map(|t| self.slot(s, path.as_deref(), &sample, Some(t))));
        }
        let health = [("check", "health"), ("duration_ms", "{took}")];
        let idle = [
            self.add(line(style, LogLevel::Info, "health check", &health)),
            self.add(line(style, LogLevel::Info, "gc", &[("pause_ms", "{took}"), ("live_mb", "{n}")])),
        ];
        let refused = |tenant: Option<&str>| {
            let of = tenant.map(|t| ("tenant", t));
            let fields: Vec<_> = [("upstream", name), ("status", "503")].into_iter().chain(of).collect();
            line(style, LogLevel::Error, "no upstream", &fields)
        };
        ServiceLines {
            name: name.to_owned(),
            writers,
            front: self.place(name, "proxy", None, Some(name)),
            refused: self.add(refused(None)),
            slots,
            refused_of: tenants.iter().map(|t| self.add(refused(Some(t)))).collect(),
            slots_of,
            one_in: if authored { 0 } else { one_in },
            idle: (!authored && s.kind == ServiceKind::Http).then_some(idle),
        }
    }

    /// What a service writes about requests to an endpoint, those of a tenant or of nobody in particular.
    fn slot(
        &mut self,
        s: &crate::scenario::ServiceSpec,
        path: Option<&str>,
        sample: &str,
        tenant: Option<&str>,
    ) -> SlotLines {
        let what = if s.kind == ServiceKind::Database { "query" } else { "request" };
        let make = |level: LogLevel, msg: &str, status: &str, more: (&str, &str)| {
            let mut fields = Vec::new();
            if s.kind != ServiceKind::Database {
                fields.push(("method", "GET"));
                fields.push(("path", path.unwrap_or("/")));
            }
            fields.extend([("status", status), ("duration_ms", "{took}"), ("request_id", "{req}")]);
            fields.extend(tenant.map(|t| ("tenant", t)));
            fields.push(more);
            line(s.log_style, level, msg, &fields)
        };
        let some = format!("1/{sample}");
        let some = ("sampled", some.as_str());
        [
            self.add(make(LogLevel::Info, what, "200", some)),
            self.add(make(LogLevel::Info, what, "302", some)),
            self.add(make(LogLevel::Info, what, "404", some)),
            self.add(make(LogLevel::Error, "request failed", "500", ("error", "internal error"))),
            self.add(make(LogLevel::Error, "request failed", "503", ("error", "call failed"))),
            self.add(make(LogLevel::Warning, "request shed", "503", ("error", "queue full"))),
            self.add(make(LogLevel::Warning, "request limited", "429", ("error", "rate limit exceeded"))),
        ]
    }

    fn call(&mut self, t: &crate::sim::Terms, spec: &WorldSpec) -> CallLines {
        let of = |at: usize| spec.services.iter().nth(at);
        let callee = of(t.to).map_or("", |(n, _)| n.as_str());
        let style = of(t.from).map_or(LogStyle::Logfmt, |(_, s)| s.log_style);
        // Whoever tries again, or can do without, is not in trouble yet.
        let level = if t.retries > 0 || t.optional { LogLevel::Warning } else { LogLevel::Error };
        let limit = format!("{}", (t.timeout_s.min(1e9) * 1e3) as u64);
        let tries = format!("{}", t.retries.saturating_add(1));
        let mut add = |level: LogLevel, msg: &str, more: &[(&str, &str)]| {
            let fields: Vec<_> = [("callee", callee)].iter().chain(more).copied().collect();
            self.add(line(style, level, msg, &fields))
        };
        let id = ("request_id", "{req}");
        CallLines {
            from: t.from,
            lines: [
                add(level, "call timed out", &[("timeout_ms", &limit), id]),
                add(level, "call failed", &[("error", "upstream answered 5xx"), ("duration_ms", "{took}"), id]),
                add(level, "call failed", &[("error", "connect: connection refused"), id]),
                add(level, "call failed", &[("error", "upstream answered 503"), ("duration_ms", "{took}"), id]),
                add(level, "call not made", &[("error", "circuit breaker is open"), id]),
                add(level, "call not made", &[("error", "no connection free in pool"), ("waited_ms", &limit), id]),
                add(level, "call failed", &[("error", "lookup: no such host"), id]),
                add(level, "call failed", &[("error", "tls: certificate not accepted"), id]),
                add(level, "call failed", &[("error", "credential not accepted"), ("status", "403"), id]),
                add(level, "call failed", &[("error", "upstream answered 429"), ("duration_ms", "{took}"), id]),
                add(LogLevel::Error, "retries exhausted", &[("attempts", &tries), id]),
                add(LogLevel::Warning, "circuit breaker opened", &[]),
                add(LogLevel::Info, "circuit breaker closed", &[]),
            ],
        }
    }
}

//! What a second of the world writes: each counter's difference as that many lines.

use super::catalog::{CallLines, ServiceLines, SlotLines, TemplateAt, UNIT_LINES, Writer};
use super::store::{Record, seeds};
use super::{About, AnswerKind, CallKind, Logs, Mark, Seen, file_line};
use crate::scenario::LogLevel;
use crate::sim::carry::{Carry, Rate};
use crate::sim::{Answers, Cut, Edge, Service, Unit, UnitState, World};
use crate::stdx::digest::Running;
use crate::stdx::rational::ratio;
use crate::stdx::rng::scatter;
use std::sync::Arc;

/// Seconds between two health checks, and two collections of garbage, that a replica tells of.
const IDLE_S: [i64; 2] = [30, 75];

/// Milliseconds as the microseconds of a record.
pub(super) fn us(ms: f64) -> u32 {
    (ms * 1e3).clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Whether the lines of a service reach the place where logs are gathered.
pub(super) fn reaches(w: &World, service: &str) -> bool {
    !w.is_blind(service)
}

/// Every unit in the order of hosts and units.
pub(super) fn units(w: &World) -> impl Iterator<Item = Seen> + '_ {
    let seen =
        |u: &Unit| Seen { state: u.state, since: u.since, pid: u.last_pid, restarts: u.restarts, given_up: u.given_up };
    w.hosts().flat_map(move |(_, h)| h.units.values().map(seen))
}

/// Which of [`UNIT_LINES`] a transition writes: once each, in order.
fn transition(from: UnitState, to: &Unit) -> &'static [u32] {
    use UnitState::*;
    match (from, to.state) {
        (Active | Starting, Inactive) => &[0, 1],
        (Active, Starting) => &[0, 1, 2],
        (_, Starting) => &[2],
        (Starting, Active) => &[3],
        (_, Active) => &[2, 3],
        (_, Failed) => match to.result() {
            "signal" => &[6, 7],
            "core-dump" => &[8, 9],
            "oom-kill" => &[10, 6, 11],
            _ => &[4, 5],
        },
        (Inactive | Failed, Inactive) => &[],
    }
}

/// Which of [`UNIT_LINES`] say that a unit is not started again because it was too often.
fn given_up(unit: &Unit) -> &'static [u32] {
    match unit.result() {
        "signal" => &[12, 7, 13],
        "core-dump" => &[12, 9, 13],
        "oom-kill" => &[12, 11, 13],
        _ => &[12, 5, 13],
    }
}

/// Lines about to be written: whose, how many, and what they need to be made.
struct Lines<'a> {
    writers: &'a [Writer],
    template: TemplateAt,
    about: Option<About>,
    n: u64,
    us: u32,
    shipped: bool,
}

/// Answers to requests of one tenant, or of nobody in particular.
struct Share<'a> {
    templates: &'a SlotLines,
    /// How many there were since the last second, in the order of [`KINDS`].
    fresh: [u64; 7],
    /// Where its carries are among those of tenants.
    of: Option<usize>,
}

impl Logs {
    /// Writes what happened in the world's last second; `marks` are the requests of it that were sampled.
    pub fn record(&mut self, w: &World, marks: &[Mark], digest: &mut Running) {
        let mut new = Vec::new();
        self.author(w, &mut new);
        let catalog = Arc::clone(&self.catalog);
        let mut slot = 0;
        for (at, lines) in catalog.services.iter().enumerate() {
            self.service(w, at, lines, slot, marks, &mut new);
            slot += lines.slots.len();
        }
        for (at, (lines, (_, _, edge))) in catalog.calls.iter().zip(w.edges()).enumerate() {
            self.call(w, at, lines, edge, marks, &mut new);
        }
        self.work(w, &mut new);
        self.rooms(w, &mut new);
        self.noise(w, &mut new);
        self.cron(w, &mut new);
        self.kernel(w, &mut new);
        self.transitions(w, &mut new);
        self.measure(&new);
        if new.is_empty() {
            return;
        }
        // One link of the chain a second: every field of every record goes into it.
        let fold = |h: u64, r: &Record| {
            let parts = [
                r.utc.0 as u64,
                r.seed,
                r.trace,
                u64::from(r.place) << 32 | u64::from(r.template),
                u64::from(r.count) << 32 | u64::from(r.pid),
                u64::from(r.us) << 1 | u64::from(r.shipped),
            ];
            parts.iter().fold(h, |h, p| scatter(h, *p))
        };
        digest.push(&(new.len(), new.iter().fold(0, fold)));
        for r in new {
            self.store.push(r);
        }
    }

    /// Counts the bytes that go into files of hosts.
    fn measure(&mut self, new: &[Record]) {
        for w in &mut self.written {
            w.bytes = 0;
        }
        if self.written.is_empty() {
            return;
        }
        let files = Arc::clone(&self.files);
        let mut line = String::new();
        for r in new {
            let file = files.get(r.place as usize).copied().flatten();
            let Some(w) = file.and_then(|f| self.written.get_mut(f)) else { continue };
            let Some(template) = self.names.templates.get(r.template as usize) else { continue };
            let stamp = file_line(r.utc, "").len() as u64;
            for k in 0..r.count {
                line.clear();
                template.expand(seeds(r, k), &self.names.durations, &mut line);
                w.bytes = w.bytes.saturating_add(stamp + line.len() as u64);
            }
        }
    }

    /// The unit of a program when last looked at.
    pub(super) fn unit_before(&self, w: &World, host: &str, unit: &str) -> Option<Seen> {
        let mut at = 0;
        for (name, h) in w.hosts() {
            if name == host {
                let inside = h.units.keys().position(|u| u == unit)?;
                return self.units.get(at + inside).copied();
            }
            at += h.units.len();
        }
        None
    }

    /// Writes lines of one template, evenly by those that ran at the beginning of the second.
    fn write(&mut self, w: &World, lines: &Lines<'_>, marks: &[Mark], new: &mut Vec<Record>) {
        if lines.n == 0 {
            return;
        }
        let ran = |x: &&Writer| x.unit.is_none_or(|u| self.units.get(u).is_some_and(|s| s.state == UnitState::Active));
        let mut alive: Vec<Writer> = lines.writers.iter().filter(ran).copied().collect();
        if alive.is_empty() {
            // What runs out in the second after all of them died is told by the first of them.
            alive.extend(lines.writers.first());
        }
        let k = alive.len().max(1) as u64;
        let mut sampled: Vec<&Mark> = marks.iter().filter(|m| lines.about == Some(m.about)).collect();
        for (i, writer) in alive.iter().enumerate() {
            let turn = (i as u64 + w.tick().0) % k;
            let mut n = lines.n / k + u64::from(turn < lines.n % k);
            let pid = writer.unit.and_then(|u| self.units.get(u)).map_or(0, |u| u.pid);
            let mut write = |seed: u64, trace: u64, count: u32, us: u32| {
                let (place, template, shipped) = (writer.place, lines.template, lines.shipped);
                new.push(Record { utc: w.utc(), seed, trace, place, template, count, pid, us, shipped });
            };
            while n > 0
                && let Some(m) = sampled.pop()
            {
                write(scatter(m.trace, 1), m.trace, 1, m.us);
                n -= 1;
            }
            if n > 0 {
                write(self.stream.bits(), 0, u32::try_from(n).unwrap_or(u32::MAX), lines.us);
            }
        }
    }

    fn service(
        &mut self,
        w: &World,
        at: usize,
        lines: &ServiceLines,
        first: usize,
        marks: &[Mark],
        new: &mut Vec<Record>,
    ) {
        let Some(s) = w.service_at(at) else { return };
        let us = us(s.latency_ms);
        let ship = || reaches(w, &lines.name);
        let blank = |template: TemplateAt, about: Option<About>, n: u64| Lines {
            writers: &lines.writers,
            template,
            about,
            n,
            us,
            shipped: ship(),
        };
        for slot in 0..lines.slots.len() {
            let shares = self.shares(s, lines, first, slot);
            for kind in KINDS {
                let about = About::Answer(at, slot, kind);
                let mut left: Vec<Mark> = marks.iter().filter(|m| m.about == about).copied().collect();
                for share in &shares {
                    let mut n = share.fresh.get(kind as usize).copied().unwrap_or(0);
                    let Some(template) = share.templates.get(kind as usize).filter(|_| n > 0) else { continue };
                    let carries = match share.of {
                        None => self.access.get_mut(first + slot),
                        Some(of) => self.access_of.get_mut(of),
                    };
                    if let Some(carry) = carries.and_then(|c| c.get_mut(kind as usize)) {
                        n = sampled(carry, n, lines.one_in);
                    }
                    let mine = left.split_off(left.len().saturating_sub(usize::try_from(n).unwrap_or(usize::MAX)));
                    self.write(w, &blank(*template, Some(about), n), &mine, new);
                }
            }
        }
        let known: u64 = s.tenants.iter().map(|t| t.refused).sum();
        let front = [Writer { place: lines.front, unit: None }];
        let refused = lines.refused_of.iter().zip(s.tenants.iter().map(|t| t.refused));
        for (template, n) in std::iter::once((&lines.refused, s.flow.refused.saturating_sub(known))).chain(refused) {
            self.write(w, &Lines { writers: &front, us: 0, ..blank(*template, None, n) }, &[], new);
        }
        if let Some(now) = s.release.as_ref()
            && let Some(before) = self.releases.get_mut(at).filter(|r| r.as_ref() != Some(now))
        {
            *before = Some(now.clone());
            let text = format!("release {now} is live");
            let template = Arc::make_mut(&mut self.catalog).text(Arc::make_mut(&mut self.names), LogLevel::Info, &text);
            let all = blank(template, None, lines.writers.len() as u64);
            self.write(w, &all, &[], new);
        }
    }

    /// What was answered at an endpoint since the last second: to requests of nobody in particular, then to each tenant's.
    fn shares<'a>(&mut self, s: &Service, lines: &'a ServiceLines, first: usize, slot: usize) -> Vec<Share<'a>> {
        let (Some(now), Some(seen), Some(templates)) =
            (s.answers.get(slot), self.answers.get_mut(first + slot), lines.slots.get(slot))
        else {
            return Vec::new();
        };
        if now == seen {
            return Vec::new();
        }
        let mut rest = Share { templates, fresh: differences(now, seen), of: None };
        *seen = *now;
        let all = s.tenants.len();
        let mut out = Vec::new();
        for tenant in slot * all..(slot + 1) * all {
            let of = first * all + tenant;
            let (Some(now), Some(seen), Some(templates)) =
                (s.answers_of.get(tenant), self.answers_of.get_mut(of), lines.slots_of.get(tenant))
            else {
                continue;
            };
            let fresh = differences(now, seen);
            *seen = *now;
            for (whole, part) in rest.fresh.iter_mut().zip(fresh) {
                *whole = whole.saturating_sub(part);
            }
            out.push(Share { templates, fresh, of: Some(of) });
        }
        out.insert(0, rest);
        out
    }

    fn call(&mut self, w: &World, at: usize, lines: &CallLines, edge: &Edge, marks: &[Mark], new: &mut Vec<Record>) {
        let f = &edge.flow;
        let opened = self.open.get(at).copied().unwrap_or(edge.open);
        if f.failures() + f.exhausted == 0 && opened == edge.open {
            return;
        }
        let catalog = Arc::clone(&self.catalog);
        let Some(from) = catalog.services.get(lines.from) else { return };
        if let Some(slot) = self.open.get_mut(at) {
            *slot = edge.open;
        }
        let cut = w.terms(at).and_then(|t| t.cut);
        let cut_is = |c: Option<Cut>| if f.cut > 0 && cut == c { f.cut } else { 0 };
        let named = [Cut::Unresolved, Cut::Tls, Cut::Denied, Cut::Limited];
        let known: u64 = named.iter().map(|c| cut_is(Some(*c))).sum();
        let each = [
            (CallKind::Timeout, f.timeouts),
            (CallKind::Error, f.faulty()),
            (CallKind::Refused, f.refused + f.cut - known),
            (CallKind::Shed, f.shed),
            (CallKind::Broken, f.broken),
            (CallKind::Starved, f.starved),
            (CallKind::Unresolved, cut_is(Some(Cut::Unresolved))),
            (CallKind::Tls, cut_is(Some(Cut::Tls))),
            (CallKind::Denied, cut_is(Some(Cut::Denied))),
            (CallKind::Limited, f.limited + cut_is(Some(Cut::Limited))),
            (CallKind::Exhausted, f.exhausted),
            (CallKind::Opened, u64::from(edge.open && !opened)),
            (CallKind::Closed, u64::from(!edge.open && opened)),
        ];
        let us = w.terms(at).and_then(|t| w.service_at(t.to)).map_or(0, |s| us(s.latency_ms));
        for (kind, n) in each {
            let Some(mut template) = catalog.call(at, kind) else { continue };
            if kind == CallKind::Tls && n > 0 {
                template = self.untrusted(w, at).unwrap_or(template);
            }
            let (about, shipped) = (Some(About::Call(at, kind)), reaches(w, &from.name));
            self.write(w, &Lines { writers: &from.writers, template, about, n, us, shipped }, marks, new);
        }
    }

    /// Items that workers are done with.
    fn work(&mut self, w: &World, new: &mut Vec<Record>) {
        let catalog = Arc::clone(&self.catalog);
        for (at, (lines, (_, q))) in catalog.queues.iter().zip(w.queues()).enumerate() {
            let Some(seen) = self.queues.get_mut(at) else { continue };
            let now = (q.done_total, q.failed_total, q.redelivered_total);
            let was = std::mem::replace(seen, now);
            let worker = lines.worker.and_then(|at| catalog.services.get(at));
            let own = [Writer { place: lines.place, unit: None }];
            let writers = worker.map_or(&own[..], |w| &w.writers);
            let shipped = worker.is_none_or(|s| reaches(w, &s.name));
            let fresh = [
                (lines.done, now.0 - was.0.min(now.0)),
                (lines.failed, now.1 - was.1.min(now.1)),
                (lines.again, now.2 - was.2.min(now.2)),
            ];
            for (template, n) in fresh {
                self.write(w, &Lines { writers, template, about: None, n, us: 0, shipped }, &[], new);
            }
        }
    }

    /// What is written although nothing happens: health checks, garbage, cron.
    fn noise(&mut self, w: &World, new: &mut Vec<Record>) {
        let catalog = Arc::clone(&self.catalog);
        let now = w.utc().0;
        for (at, lines) in catalog.services.iter().enumerate() {
            let Some(idle) = lines.idle else { continue };
            for (k, writer) in lines.writers.iter().enumerate() {
                for (template, every) in idle.into_iter().zip(IDLE_S) {
                    let alive =
                        writer.unit.and_then(|u| self.units.get(u)).is_none_or(|u| u.state == UnitState::Active);
                    if (now + 7 * k as i64 + 11 * at as i64).rem_euclid(every) == 0 && alive {
                        let (writers, shipped) = (std::slice::from_ref(writer), reaches(w, &lines.name));
                        let all = Lines { writers, template, about: None, n: 1, us: 2_000, shipped };
                        self.write(w, &all, &[], new);
                    }
                }
            }
        }
        for ((host, _), (_, place)) in w.hosts().zip(&catalog.hosts) {
            let rotates = w.rotated(host) == Some(w.utc()) && !w.rotates_hourly(host);
            let local = w.wall_s(host);
            let hourly = local.rem_euclid(3_600) == 1_020;
            for template in [rotates.then_some(catalog.rotate), hourly.then_some(catalog.hourly)].into_iter().flatten()
            {
                let pid = 10_000 + (now / 60).rem_euclid(20_000) as u32;
                let (seed, utc, place) = (0, w.utc(), *place);
                new.push(Record { utc, seed, trace: 0, place, template, count: 1, pid, us: 0, shipped: true });
            }
        }
    }

    /// What cron writes about the jobs that it starts.
    fn cron(&mut self, w: &World, new: &mut Vec<Record>) {
        let specs = w.spec().change.crons.values();
        let fired = w.crons().map(|c| c.state.fired).zip(specs).enumerate();
        for (at, (fired, spec)) in fired {
            let Some(seen) = self.crons.get_mut(at) else { continue };
            let n = fired.saturating_sub(std::mem::replace(seen, fired));
            let host = w.hosts().position(|(name, _)| *name == *spec.host);
            let Some((_, place)) = host.and_then(|h| self.catalog.hosts.get(h)).copied() else { continue };
            if n == 0 {
                continue;
            }
            let text = format!("({}) CMD ({})", spec.user, spec.command);
            let catalog = Arc::make_mut(&mut self.catalog);
            let template = catalog.text(Arc::make_mut(&mut self.names), LogLevel::Info, &text);
            let (utc, count) = (w.utc(), u32::try_from(n).unwrap_or(u32::MAX));
            let pid = 10_000 + (utc.0 / 60).rem_euclid(20_000) as u32 + 3 * (at as u32 % 1_000 + 1);
            new.push(Record { utc, seed: 0, trace: 0, place, template, count, pid, us: 0, shipped: true });
        }
    }

    /// What kernels said: memory killed, tables full, disks late.
    fn kernel(&mut self, w: &World, new: &mut Vec<Record>) {
        let first = new.len();
        for line in w.machines().0.kernel_said(w.tick().0) {
            let Some((place, _)) = self.catalog.hosts.get(line.host).copied() else { continue };
            let level = match line.level {
                "err" | "crit" | "alert" | "emerg" => LogLevel::Error,
                "warn" => LogLevel::Warning,
                _ => LogLevel::Info,
            };
            let catalog = Arc::make_mut(&mut self.catalog);
            let template = catalog.text(Arc::make_mut(&mut self.names), level, &line.text);
            let (utc, count) = (w.utc(), 1);
            new.push(Record { utc, seed: 0, trace: 0, place, template, count, pid: 0, us: 0, shipped: true });
        }
        if let Some(said) = new.get_mut(first..) {
            said.reverse();
        }
    }

    /// Units that are started again by themselves.
    fn come_back(&mut self, w: &World, new: &mut Vec<Record>) {
        let again = units(w).zip(&self.units).enumerate().filter(|(_, (now, before))| now.restarts > before.restarts);
        for (at, n) in again.map(|(at, (now, _))| (at, now.restarts)).collect::<Vec<_>>() {
            let Some((place, _)) = self.catalog.units.get(at).copied() else { continue };
            let unit = self.names.places.get(place as usize).and_then(|p| p.unit.clone()).unwrap_or_default();
            let text = format!("{unit}.service: Scheduled restart job, restart counter is at {n}.");
            let catalog = Arc::make_mut(&mut self.catalog);
            let template = catalog.text(Arc::make_mut(&mut self.names), LogLevel::Info, &text);
            let utc = w.utc();
            new.push(Record { utc, seed: 0, trace: 0, place, template, count: 1, pid: 1, us: 0, shipped: true });
        }
    }

    /// What the init system writes about units.
    fn transitions(&mut self, w: &World, new: &mut Vec<Record>) {
        self.come_back(w, new);
        let catalog = Arc::clone(&self.catalog);
        // A machine that lost its power writes nothing about it.
        let machines = w.machines();
        let all = w.hosts().enumerate();
        let all = all
            .flat_map(|(at, (_, h))| std::iter::repeat_n(machines.0.is_off(at), h.units.len()).zip(h.units.values()));
        for (((dark, unit), now), (before, (place, first))) in
            all.zip(units(w)).zip(self.units.iter_mut().zip(&catalog.units))
        {
            if *before == now {
                continue;
            }
            let lines = if dark || (before.state, before.since) == (now.state, now.since) {
                &[]
            } else if now.given_up > before.given_up {
                given_up(unit)
            } else {
                transition(before.state, unit)
            };
            for line in lines {
                debug_assert!((*line as usize) < UNIT_LINES.len());
                let (place, template, utc) = (*place, first + line, w.utc());
                new.push(Record { utc, seed: 0, trace: 0, place, template, count: 1, pid: 1, us: 0, shipped: true });
            }
            *before = now;
        }
    }
}

const KINDS: [AnswerKind; 7] = [
    AnswerKind::Ok,
    AnswerKind::Redirect,
    AnswerKind::Missing,
    AnswerKind::Own,
    AnswerKind::Call,
    AnswerKind::Shed,
    AnswerKind::Limited,
];

/// What was answered since, in the order of [`KINDS`].
pub(in crate::observe) fn differences(now: &Answers, was: &Answers) -> [u64; 7] {
    let d = |now: u64, was: u64| now.saturating_sub(was);
    [
        d(now.ok, was.ok),
        d(now.redirects, was.redirects),
        d(now.missing, was.missing),
        d(now.own, was.own),
        d(now.call, was.call),
        d(now.shed, was.shed),
        d(now.limited, was.limited),
    ]
}

/// One line for so many requests, the remainder carried; none where an author writes them.
fn sampled(carry: &mut Carry, n: u64, one_in: u64) -> u64 {
    match one_in {
        0 => 0,
        1 => n,
        _ => carry.take(n, Rate::of(&ratio(1, i64::try_from(one_in).unwrap_or(i64::MAX)))),
    }
}

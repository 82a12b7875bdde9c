//! The author's templates: about so many a minute, while their situation holds.

use super::Logs;
use super::store::Record;
use crate::scenario::{LogSpec, LogWhen, ServiceKind};
use crate::sim::carry::Rate;
use crate::sim::{UnitState, World};
use crate::stdx::rational::ratio;

/// Lines of one template in a second, at most.
const BURST_MAX: u32 = 50;

impl Logs {
    /// What the author's programs write in this second.
    pub(super) fn author(&mut self, w: &World, new: &mut Vec<Record>) {
        let catalog = std::sync::Arc::clone(&self.catalog);
        let mut at = 0;
        for ((program, spec), (place, first)) in w.spec().logs.iter().zip(&catalog.authored) {
            let unit = w.spec().hosts.get(&spec.on).and_then(|h| h.units.get(program));
            let service = unit.and_then(|u| u.service.as_deref()).unwrap_or(&spec.on);
            let us = || w.service(service).map_or(0, |s| super::write::us(s.latency_ms));
            let live = w.host(&spec.on).and_then(|h| h.units.get(program));
            let pid = live.map_or(0, |u| u.last_pid);
            let before = self.unit_before(w, &spec.on, program);
            let died = live.filter(|u| u.state == UnitState::Failed && u.why == crate::sim::NO_SPACE);
            let last_words = died.is_some_and(|u| {
                before.is_some_and(|b| (b.state, b.since) != (u.state, u.since) && b.given_up == u.given_up)
            });
            for (i, t) in spec.lines.iter().enumerate() {
                let carry = at;
                at += 1;
                let mut write = |seed: u64, count: u32| {
                    let (place, template) = (*place, first + i as u32);
                    let shipped = super::write::reaches(w, service);
                    new.push(Record { utc: w.utc(), seed, trace: 0, place, template, count, pid, us: us(), shipped });
                };
                if last_words && matches!(t.when, LogWhen::DiskFull(_)) {
                    write(self.stream.bits(), 1);
                }
                // A dead program writes nothing, and one that has just started comes after the line that says so.
                let dead = live.is_some_and(|u| u.state != UnitState::Active || u.since == w.utc());
                if dead || !writes(w, spec, program, &t.when) {
                    continue;
                }
                let Some(carry) = self.carries.get_mut(carry) else { continue };
                let n = carry.take(1, Rate::of(&ratio(i64::from(t.per_minute), 60)));
                if n > 0 {
                    let seed = self.stream.bits();
                    // What a program says once a minute is about the same thing.
                    let seed = if t.per_minute <= 1 { w.utc().0.div_euclid(60) as u64 } else { seed };
                    write(seed, u32::try_from(n).unwrap_or(u32::MAX).min(BURST_MAX));
                }
            }
        }
    }
}

/// Whether a program that works on a queue finds less room on a mount than an item needs.
fn cramped(w: &World, spec: &LogSpec, program: &str, mount: &str) -> bool {
    let unit = w.spec().hosts.get(&spec.on).and_then(|h| h.units.get(program));
    let service = unit.and_then(|u| u.service.as_ref()).and_then(|s| w.spec().services.get(s));
    let Some(ServiceKind::Worker { queue }) = service.map(|s| &s.kind) else { return false };
    let needs = w.spec().queues.get(queue).and_then(|q| q.needs.as_ref());
    needs.is_some_and(|(at, bytes)| at == mount && w.mount(mount).is_some_and(|m| m.avail() < *bytes))
}

/// Whether the situation of a template holds.
fn writes(w: &World, spec: &LogSpec, program: &str, when: &LogWhen) -> bool {
    let unit_down = |host: &str, unit: &str| {
        w.host(host).and_then(|h| h.units.get(unit)).is_some_and(|u| u.state != UnitState::Active)
    };
    match when {
        LogWhen::Running => runs(w, spec, program),
        LogWhen::Release(id) => {
            let service = w.spec().releases.get(id).map(|r| r.service.as_str());
            let live = service.and_then(|s| w.service(s)).is_some_and(|s| s.release.as_ref() == Some(id));
            live && runs(w, spec, program)
        }
        LogWhen::DiskFull(place) => {
            w.mount(place).is_some_and(crate::sim::vfs::Mount::is_full) || cramped(w, spec, program, place)
        }
        LogWhen::Down(name) => match name.split_once([':', '/']) {
            Some((host, unit)) => unit_down(host, unit),
            None if w.service(name).is_some() => !w.is_up(name),
            None => w.hosts().any(|(h, _)| unit_down(h, name)),
        },
        LogWhen::UsersFail(service) => w.users_fail(service),
    }
}

/// Whether the program behind a log runs: its own unit on that host if there is one, or the service it is on.
fn runs(w: &World, spec: &LogSpec, program: &str) -> bool {
    if w.service(&spec.on).is_some() {
        return w.is_up(&spec.on);
    }
    let unit = w.host(&spec.on).and_then(|h| h.units.get(program));
    unit.is_none_or(|u| u.state == UnitState::Active)
}

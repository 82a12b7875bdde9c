//! What was on whose screen: panels after a second, terminal output as it prints.

use super::Session;
use super::state::View;
use crate::console::Source;
use crate::fact::{Actor, FactKind};
use crate::scenario::{ObservedKind, Signal};

/// Seconds for which a program that goes on printing the same thing counts as one look.
const SAME_LOOK_SECONDS: u64 = 60;

impl Session {
    /// A panel shows a subject; shown again, it is a new look.
    pub(super) fn view(&mut self, seat: &str, panel: &str, subject: &str) {
        let key = (seat.to_owned(), panel.to_owned(), subject.to_owned());
        // A seat has one board and one query open.
        if matches!(panel, "board" | "promql") {
            self.state.views.retain(|(s, p, _), _| s != seat || p != panel);
        }
        self.state.views.insert(key, View { since: self.state.tick, observed: false, open: true });
    }

    /// A panel no longer shows a subject. What was there for less than a second was not seen.
    pub(super) fn unview(&mut self, seat: &str, panel: &str, subject: &str) {
        let key = (seat.to_owned(), panel.to_owned(), subject.to_owned());
        self.state.views.remove(&key);
    }

    /// Views that have been on screen for a second become facts, once.
    pub(super) fn see_views(&mut self) {
        let now = self.state.tick;
        let mut seen = Vec::new();
        for (key, view) in &mut self.state.views {
            if !view.observed && now.since(view.since) >= 1 {
                view.observed = true;
                seen.push(key.clone());
            }
        }
        for (seat, panel, subject) in seen {
            if let Some(kind) = self.observed_panel(&panel, &subject) {
                self.emit(Actor::Seat(seat), kind, Vec::new());
            }
        }
    }

    /// Output reached a terminal.
    pub(super) fn saw_output(&mut self, terminal: u32, source: &Source) {
        let now = self.state.tick;
        let key = (terminal, format!("{:?} {}", source.what, source.target));
        if self.state.printed.get(&key).is_some_and(|last| now.since(*last) < SAME_LOOK_SECONDS) {
            return;
        }
        self.state.printed.insert(key, now);
        let kind = FactKind::Observed {
            what: source.what,
            target: source.target.clone(),
            service: source.service.clone(),
            user_facing: source.user_facing,
        };
        let by = Actor::Seat(self.seat_of(terminal));
        let look = self.emit(by.clone(), kind, Vec::new());
        if let Some(guard) = self.guard_of(terminal, source) {
            self.emit(by, guard, vec![look]);
        }
    }

    /// A new line was typed: what it prints is a new look.
    pub(super) fn new_look(&mut self, terminal: u32) {
        self.state.printed.retain(|(t, _), _| *t != terminal);
    }

    fn observed_panel(&self, panel: &str, subject: &str) -> Option<FactKind> {
        let world = &self.scenario.world;
        if matches!(panel, "board" | "promql") {
            let (target, service) = self.explored(panel, subject);
            return Some(FactKind::Observed { what: ObservedKind::Metric, target, service, user_facing: false });
        }
        let (what, service, user_facing) = match panel {
            "graph" => {
                let graph = world.graphs.iter().find(|g| g.id == subject)?;
                (ObservedKind::Metric, self.service_of_signal(&graph.signal), graph.user_facing)
            }
            "log" => (ObservedKind::Log, Some(subject.to_owned()), false),
            "map" => (ObservedKind::Map, world.services.contains_key(subject).then(|| subject.to_owned()), false),
            "pager" => {
                let page = subject.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
                let service = page.and_then(|i| self.state.incident.pages.get(i)).map(|p| p.service.clone());
                (if service.is_some() { ObservedKind::Page } else { ObservedKind::Alert }, service, false)
            }
            "alert" => (ObservedKind::Alert, world.alerts.get(subject).map(|a| a.service.clone()), false),
            "channel" => (ObservedKind::Message, None, false),
            "ticket" => (ObservedKind::Ticket, Some(subject.to_owned()).filter(|s| !s.is_empty()), false),
            "change" => (ObservedKind::Release, world.releases.get(subject).map(|r| r.service.clone()), false),
            "runbook" => (ObservedKind::Runbook, self.scenario.runbooks.get(subject).map(|r| r.service.clone()), false),
            "status" => (ObservedKind::Status, None, false),
            _ => return None,
        };
        let target = if subject.is_empty() { panel.to_owned() } else { subject.to_owned() };
        Some(FactKind::Observed { what, target, service, user_facing })
    }

    /// The service that a signal is about.
    pub(super) fn service_of_signal(&self, signal: &Signal) -> Option<String> {
        let world = &self.scenario.world;
        let before_colon = |s: &str| s.split(':').next().unwrap_or(s).to_owned();
        match signal {
            Signal::RequestRate(s) | Signal::ErrorShare(s) | Signal::Latency(s) | Signal::OkRate(s) => {
                Some(before_colon(s))
            }
            Signal::Probe(p) => world.probes.get(p).map(|p| before_colon(&p.target)),
            Signal::QueueDepth(q) | Signal::QueueSuccess(q) => world
                .services
                .iter()
                .find(|(_, s)| matches!(&s.kind, crate::scenario::ServiceKind::Worker { queue } if queue == q))
                .map(|(id, _)| id.clone()),
            Signal::DiskUsed(mount) => {
                let host = before_colon(mount);
                self.service_on(&host)
            }
            Signal::Load(host) => self.service_on(host),
            // An expression is about the first service that it names.
            Signal::Query { expr, .. } => {
                let place = |s: &String| expr.find(&format!("\"{s}\""));
                world.services.keys().filter_map(|s| Some((place(s)?, s))).min().map(|(_, s)| s.clone())
            }
        }
    }

    pub(super) fn service_on(&self, host: &str) -> Option<String> {
        // A host that runs an affected service is about that one first: it is what people look for there.
        let on = |id: &&String| self.scenario.world.services.get(*id).is_some_and(|s| s.on.iter().any(|h| h == host));
        self.scenario.truth.affected.iter().find(on).cloned().or_else(|| {
            self.scenario.world.services.iter().find(|(_, s)| s.on.iter().any(|h| h == host)).map(|(id, _)| id.clone())
        })
    }
}

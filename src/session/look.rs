//! What was on whose screen: panels after a second, terminal output as it prints.

use super::Session;
use super::explore::{RANGE_S, ranged};
use super::state::View;
use crate::console::Source;
use crate::fact::{Actor, FactId, FactKind, Shown};
use crate::scenario::{Channel, ObservedKind, Signal};

/// Messages that a channel shows at once; what lies further up is not on the screen.
const MESSAGES: usize = 20;

/// Seconds for which a program that goes on printing the same thing counts as one look.
const SAME_LOOK_SECONDS: u64 = 60;

/// What a look at a panel is called.
fn target_of<'a>(panel: &'a str, subject: &'a str) -> &'a str {
    if subject.is_empty() { panel } else { subject }
}

fn graph(query: String, range_s: i64) -> Option<Box<Shown>> {
    Some(Box::new(Shown::Graph { query, range_s: u64::try_from(range_s).unwrap_or_default() }))
}

impl Session {
    /// A panel shows a subject; shown again, it is a new look.
    pub(super) fn view(&mut self, seat: &str, panel: &str, subject: &str) {
        let key = (seat.to_owned(), panel.to_owned(), subject.to_owned());
        // A seat has one board and one query open.
        if matches!(panel, "board" | "promql") {
            let mine = |(s, p, _): &(String, String, String)| s == seat && p == panel;
            let others: Vec<_> = self.state.views.keys().filter(|k| mine(k) && **k != key).cloned().collect();
            for (seat, panel, subject) in others {
                self.unview(&seat, &panel, &subject);
            }
        }
        self.state.views.insert(key, View { since: self.state.tick, look: None, read_to: 0 });
    }

    /// A panel no longer shows a subject. What was there for less than a second was not seen, and nothing is said of it.
    pub(super) fn unview(&mut self, seat: &str, panel: &str, subject: &str) {
        let key = (seat.to_owned(), panel.to_owned(), subject.to_owned());
        let Some(look) = self.state.views.remove(&key).and_then(|v| v.look) else { return };
        let target = target_of(panel, subject).to_owned();
        self.emit(Actor::Seat(seat.to_owned()), FactKind::ViewClosed { target }, vec![look]);
    }

    /// Views that have been on screen for a second become facts, once; a channel again for each message that comes in.
    pub(super) fn see_views(&mut self) {
        let now = self.state.tick;
        let end = self.facts.len();
        let mut seen = Vec::new();
        for (key, view) in &mut self.state.views {
            let message = matches!(key.1.as_str(), "channel" | "status");
            if (view.look.is_none() && now.since(view.since) >= 1)
                || (message && view.look.is_some() && view.read_to < end)
            {
                seen.push((key.clone(), view.look.is_none(), view.read_to));
                view.read_to = end;
            }
        }
        for (key, first, read_to) in seen {
            let (seat, panel, subject) = &key;
            let evidence = self.read_in(seat, panel, subject, read_to);
            if !first && evidence.is_empty() {
                continue;
            }
            if let Some(kind) = self.observed_panel(panel, subject) {
                let look = self.emit(Actor::Seat(seat.clone()), kind, evidence);
                if panel == "log" {
                    self.read_logs(subject);
                }
                if let Some(view) = self.state.views.get_mut(&key).filter(|v| v.look.is_none()) {
                    view.look = Some(look);
                }
            }
        }
    }

    /// The facts that a panel shows: its page, its ticket, messages of others that this seat had not read there before.
    fn read_in(&self, seat: &str, panel: &str, subject: &str, from: usize) -> Vec<FactId> {
        let all = self.facts();
        let page: Option<u32> = subject.parse().ok();
        match panel {
            "pager" => {
                let mine = |k: &FactKind| matches!(k, FactKind::PageOpened { page: n, .. } if Some(*n) == page);
                all.iter().rev().find(|f| mine(&f.what)).map(|f| f.id).into_iter().collect()
            }
            "ticket" => {
                let mine = |k: &FactKind| matches!(k, FactKind::TicketArrived { about, .. } if about == subject);
                all.iter().rev().find(|f| mine(&f.what)).map(|f| f.id).into_iter().collect()
            }
            "channel" | "status" => {
                let shown = if panel == "status" { Channel::Status } else { Channel::Internal };
                let by = Actor::Seat(seat.to_owned());
                let new = all.iter().skip(from).filter(|f| f.by != by);
                let said = new.filter(|f| matches!(f.what, FactKind::Said { channel, .. } if channel == shown));
                let mut ids: Vec<FactId> = said.map(|f| f.id).collect();
                ids.drain(..ids.len().saturating_sub(MESSAGES));
                ids
            }
            _ => Vec::new(),
        }
    }

    /// Output reached a terminal.
    pub(super) fn saw_output(&mut self, terminal: u32, source: &Source, text: &str) {
        self.find_calls(source, text);
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
            shown: Some(Box::new(Shown::Output {
                terminal,
                line: self.state.typed.get(&terminal).cloned().unwrap_or_default(),
                text: Shown::cut(text),
            })),
        };
        let by = Actor::Seat(self.seat_of(terminal));
        let look = self.emit(by.clone(), kind, Vec::new());
        if let Some(guard) = self.guard_of(terminal, source) {
            self.emit(by, guard, vec![look]);
        }
    }

    /// A new line was typed: what it prints is a new look.
    pub(super) fn new_look(&mut self, terminal: u32, line: &str) {
        self.state.typed.insert(terminal, Shown::cut(line));
        self.state.printed.retain(|(t, _), _| *t != terminal);
    }

    /// The lines that a log panel of a host or service shows.
    fn read_logs(&mut self, subject: &str) {
        let lines: Vec<String> = self
            .log_views()
            .into_iter()
            .filter(|l| subject.is_empty() || l.on == subject || l.program == subject)
            .map(|l| format!("{} {}", l.program, l.text))
            .collect();
        let source = Source {
            what: ObservedKind::Log,
            target: subject.to_owned(),
            service: self.scenario.world.services.contains_key(subject).then(|| subject.to_owned()),
            user_facing: false,
        };
        self.find_calls(&source, &lines.join("\n"));
    }

    fn observed_panel(&self, panel: &str, subject: &str) -> Option<FactKind> {
        let world = &self.scenario.world;
        if matches!(panel, "board" | "promql") {
            let (target, service) = self.explored(panel, subject);
            let (range_s, query) = ranged(subject);
            let shown = graph(query.to_owned(), range_s);
            return Some(FactKind::Observed { what: ObservedKind::Metric, target, service, user_facing: false, shown });
        }
        let mut shown = None;
        let (what, service, user_facing) = match panel {
            "graph" => {
                let spec = world.graphs.iter().find(|g| g.id == subject)?;
                shown = graph(crate::observe::query(&spec.signal), RANGE_S);
                (ObservedKind::Metric, self.service_of_signal(&spec.signal), spec.user_facing)
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
        Some(FactKind::Observed { what, target: target_of(panel, subject).to_owned(), service, user_facing, shown })
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

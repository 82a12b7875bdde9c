//! Pages: what the alerts' routes tell, whom a page reaches, when it is over, and whom it rings when nobody takes it.
//!
//! A page is the incident of a pager service. A group of alerts has one at a time: what joins the group or goes on
//! changes what the page says and rings nobody; when the receiver is told that nothing of the group fires any more the
//! page has resolved, and what comes after that is a new page.

use super::Session;
use super::state::Page;
use crate::fact::{Actor, Fact, FactId, FactKind};
use crate::observe::{Notification, Told};
use crate::scenario::{AlertSeverity, AlertSpec, EVERY_SEAT, EscalationSpec, LangText};
use std::sync::Arc;

/// Whom a receiver's name reaches now.
enum Reach {
    /// A seat, or every seat of the team.
    Seat(String),
    /// A person.
    Person(String),
}

impl Page {
    /// Whether it waits for somebody: it was not acknowledged and has not resolved.
    pub fn is_open(&self) -> bool {
        self.acked.is_none() && self.resolved.is_none()
    }

    /// Whether it reaches a seat.
    pub fn reaches(&self, seat: &str) -> bool {
        self.to.iter().any(|to| to == EVERY_SEAT || to == seat)
    }
}

impl Session {
    /// Whom a receiver's name reaches now: the seat of that name if it is played, else the person, else who has the
    /// role. A name that nobody answers to reaches every seat, so that no page is lost.
    fn reach(&self, name: &str) -> Reach {
        let holder = self.state.incident.roles.get(name).map(String::as_str);
        for who in std::iter::once(name).chain(holder) {
            if self.header.seats.iter().any(|s| s == who) {
                return Reach::Seat(who.to_owned());
            }
            if self.scenario.people.contains_key(who) {
                return Reach::Person(who.to_owned());
            }
        }
        Reach::Seat(EVERY_SEAT.to_owned())
    }

    /// Tells whom the routes name.
    pub(super) fn notify(&mut self) {
        for n in self.state.telemetry.notifications() {
            // Routes may tell several receivers of one group: each has a page of its own.
            let key = format!("{} {}", n.route, n.group);
            let open =
                self.state.incident.pages.iter().position(|p| p.resolved.is_none() && p.key.as_ref() == Some(&key));
            match (open, self.worst(&n.firing, open)) {
                (Some(index), None) => self.resolve_page(index),
                (Some(index), Some((alert, spec))) => {
                    if let Some(page) = self.state.incident.pages.get_mut(index) {
                        (page.source, page.service, page.text) = (alert, spec.service, spec.summary);
                        page.severity = spec.severity;
                        page.firing = n.firing.into_iter().map(|t| t.rule).collect();
                    }
                }
                (None, Some((alert, spec))) => self.tell_of(&n, key, &alert, spec),
                (None, None) => {}
            }
        }
    }

    /// The rule that gives a page its words: the worst that fires; of several the one that the page names already, else
    /// the first by name.
    fn worst(&self, firing: &[Told], page: Option<usize>) -> Option<(String, AlertSpec)> {
        let named = page.and_then(|i| self.state.incident.pages.get(i)).map(|p| p.source.as_str());
        let rules = firing.iter().filter_map(|t| Some((&t.rule, self.scenario.world.alerts.get(&t.rule)?)));
        let worst = rules
            .min_by_key(|(id, s)| (s.severity != AlertSeverity::Critical, named != Some(id.as_str()), (*id).clone()));
        worst.map(|(id, spec)| (id.clone(), spec.clone()))
    }

    /// Tells a receiver of a group that it has no page of.
    fn tell_of(&mut self, n: &Notification, key: String, alert: &str, spec: AlertSpec) {
        match self.reach(&n.receiver) {
            // A person who was called is not called again for what joins the group, unless they have not come by the
            // time at which it is told again.
            Reach::Person(person) => {
                let came = self.state.people.get(&person).is_some_and(|p| p.here);
                if n.begins || (n.repeat && !came) {
                    self.call(Actor::World, &person, alert);
                }
            }
            Reach::Seat(seat) => {
                let last = |f: &&Fact| matches!(&f.what, FactKind::AlertFired { alert: a, .. } if a == alert);
                let evidence = self.facts().iter().rev().find(last).map(|f| f.id).into_iter().collect();
                let about = (alert, spec.service.as_str());
                self.open_page(Actor::World, about, spec.summary, spec.severity, &seat, evidence);
                if let Some(page) = self.state.incident.pages.last_mut() {
                    page.key = Some(key);
                    page.firing = n.firing.iter().map(|t| t.rule.clone()).collect();
                }
            }
        }
    }

    /// Opens a page about an alert or person and a service, to a seat or every seat.
    pub(super) fn open_page(
        &mut self,
        by: Actor,
        (source, service): (&str, &str),
        text: LangText,
        severity: AlertSeverity,
        to: &str,
        evidence: Vec<FactId>,
    ) {
        let number = u32::try_from(self.state.incident.pages.len()).unwrap_or(u32::MAX).saturating_add(1);
        let kind = FactKind::PageOpened {
            page: number,
            source: source.to_owned(),
            service: service.to_owned(),
            text: text.clone(),
            to: to.to_owned(),
        };
        let fact = self.emit(by, kind, evidence);
        self.state.incident.pages.push(Page {
            fact,
            text,
            source: source.to_owned(),
            service: service.to_owned(),
            severity,
            at: self.state.tick,
            to: vec![to.to_owned()],
            key: None,
            firing: Vec::new(),
            acked: None,
            resolved: None,
            escalated: 0,
        });
    }

    /// What a page speaks of is over: it rings nobody else.
    fn resolve_page(&mut self, index: usize) {
        let now = self.state.tick;
        let Some(page) = self.state.incident.pages.get_mut(index) else { return };
        page.resolved = Some(now);
        page.firing.clear();
        let (service, fact) = (page.service.clone(), page.fact);
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        self.emit(Actor::World, FactKind::PageResolved { page: number, service }, vec![fact]);
    }

    /// The first page that waits for whoever asks.
    pub(super) fn open_page_number(&self, by: &Actor) -> Option<u32> {
        let mine = |p: &Page| match by {
            Actor::Seat(seat) => p.reaches(seat),
            _ => true,
        };
        let index = self.state.incident.pages.iter().position(|p| p.is_open() && mine(p))?;
        u32::try_from(index).ok()?.checked_add(1)
    }

    /// A page that is open is acknowledged.
    pub(super) fn ack(&mut self, by: &Actor, page: u32) {
        let now = self.state.tick;
        let page = if page == 0 { self.open_page_number(by).unwrap_or(0) } else { page };
        let index = usize::try_from(page).ok().and_then(|n| n.checked_sub(1));
        let open = index.and_then(|i| self.state.incident.pages.get_mut(i)).filter(|p| p.is_open());
        let Some(open) = open else { return };
        open.acked = Some(now);
        let (service, fact) = (open.service.clone(), open.fact);
        self.emit(by.clone(), FactKind::Acked { page, service }, vec![fact]);
    }

    /// The next step of the escalation policy for a page, if there is one and the page waits.
    pub(super) fn escalation(&self, page: &Page) -> Option<&EscalationSpec> {
        self.scenario.world.escalation.get(page.escalated).filter(|_| page.is_open())
    }

    /// Rings whom the escalation policy names about pages that wait, each step once a page.
    pub(super) fn escalate(&mut self) {
        let now = self.state.tick;
        let scenario = Arc::clone(&self.scenario);
        let mut called: Vec<String> = Vec::new();
        for index in 0..self.state.incident.pages.len() {
            while let Some(page) = self.state.incident.pages.get_mut(index).filter(|p| p.is_open())
                && let Some(step) = scenario.world.escalation.get(page.escalated)
                && now.since(page.at) >= step.after.0
            {
                page.escalated += 1;
                match self.reach(&step.to) {
                    // One call tells of every page.
                    Reach::Person(person) if called.contains(&person) => {}
                    Reach::Person(person) => {
                        self.call(Actor::World, &person, "page");
                        called.push(person);
                    }
                    Reach::Seat(seat) => self.page_seat_too(index, &seat),
                }
            }
        }
    }

    /// A page reaches one more seat; a seat that has it already is not told again.
    fn page_seat_too(&mut self, index: usize, seat: &str) {
        let Some(page) = self.state.incident.pages.get_mut(index).filter(|p| !p.reaches(seat)) else { return };
        page.to.push(seat.to_owned());
        let kind = FactKind::PageOpened {
            page: u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1),
            source: page.source.clone(),
            service: page.service.clone(),
            text: page.text.clone(),
            to: seat.to_owned(),
        };
        let first = page.fact;
        self.emit(Actor::World, kind, vec![first]);
    }
}

//! One tick: the world steps, telemetry records, shells run, screens count as seen, the script's rules fire.

use super::Session;
use super::state::Page;
use crate::fact::{Actor, Fact, FactKind};
use crate::scenario::{AlertSeverity, EscalationSpec};
use crate::stdx::time::Tick;
use std::sync::Arc;

/// Seconds for which a shadow runs.
pub(super) const SHADOW_SECONDS: u64 = 600;

/// Seconds of relief that show it.
const RELIEF_SECONDS: u64 = 60;

/// Rounds in one tick in which a rule may set off another.
const RULE_ROUNDS: usize = 8;

impl Session {
    /// Advances one simulated second. Total; after the end it advances the world only.
    pub fn advance(&mut self) {
        self.state.tick = self.state.tick.plus(1);
        for kind in self.state.world.step() {
            self.world_fact(kind);
        }
        let telemetry = self.state.telemetry.record(&self.state.world);
        for kind in telemetry {
            self.telemetry_fact(kind);
        }
        self.notify();
        self.with_console(|console, desk| console.advance(desk));
        self.step_shadows();
        self.see_views();
        self.escalate();
        self.step_rules();
        if self.state.clock.ended.is_none() && self.state.tick >= self.horizon() {
            self.end(Actor::World);
        }
    }

    /// A fact of the world, kept in the state where the session needs it.
    pub(super) fn world_fact(&mut self, kind: FactKind) {
        if let FactKind::DurableLoss { amount, .. } = &kind {
            self.state.durable_loss = self.state.durable_loss.saturating_add(*amount);
        }
        self.emit(Actor::World, kind, Vec::new());
    }

    fn telemetry_fact(&mut self, kind: FactKind) {
        let fired = match &kind {
            FactKind::AlertFired { alert, .. } => Some(alert.clone()),
            _ => None,
        };
        if let FactKind::AlertResolved { alert, .. } = &kind {
            self.end_pages(|p| p.group.is_none() && p.source == *alert);
        }
        let id = self.emit(Actor::World, kind, Vec::new());
        // Where alerts are routed, the routes say who hears of them.
        let Some(alert) = fired.filter(|_| !self.state.telemetry.manager().routes()) else { return };
        let Some(spec) = self.scenario.world.alerts.get(&alert).cloned() else { return };
        match spec.pages.as_deref() {
            Some("you") => self.open_page(Actor::World, &alert, &spec.service, spec.summary, spec.severity, vec![id]),
            Some(person) => {
                let person = person.to_owned();
                self.call(Actor::World, &person, &alert);
            }
            None => {}
        }
    }

    /// Marks pages whose cause is over: they ring nobody else.
    fn end_pages(&mut self, of: impl Fn(&Page) -> bool) {
        let now = self.state.tick;
        for page in self.state.incident.pages.iter_mut().filter(|p| p.ended.is_none() && of(p)) {
            page.ended = Some(now);
        }
    }

    /// Tells whom the routes name. A group has one page at a time, as a pager keeps one incident a group: what joins
    /// the group or goes on does not ring again, and when nothing of it fires any more the page is over.
    fn notify(&mut self) {
        for n in self.state.telemetry.notifications() {
            let key = format!("{} {}", n.route, n.group);
            if n.firing.is_empty() {
                self.end_pages(|p| p.group.as_ref() == Some(&key));
                continue;
            }
            let rules = n.firing.iter().filter_map(|id| Some((id, self.scenario.world.alerts.get(id)?)));
            // The worst of the group gives the page its words.
            let worst = rules.min_by_key(|(_, s)| s.severity != AlertSeverity::Critical);
            let Some((alert, spec)) = worst.map(|(id, s)| (id.clone(), s.clone())) else { continue };
            if n.receiver == "you" {
                if self.state.incident.pages.iter().any(|p| p.ended.is_none() && p.group.as_ref() == Some(&key)) {
                    continue;
                }
                let last = |f: &&Fact| matches!(&f.what, FactKind::AlertFired { alert: a, .. } if *a == alert);
                let evidence = self.facts().iter().rev().find(last).map(|f| f.id).into_iter().collect();
                self.open_page(Actor::World, &alert, &spec.service, spec.summary, spec.severity, evidence);
                if let Some(page) = self.state.incident.pages.last_mut() {
                    page.group = Some(key);
                }
            } else {
                self.call(Actor::World, &n.receiver, &alert);
            }
        }
    }

    /// Runs every shadow one second and says where an effect brought relief.
    fn step_shadows(&mut self) {
        let now = self.state.tick;
        let (n, of) = self.state.world.users();
        let mut shadows = std::mem::take(&mut self.state.shadows);
        shadows.retain_mut(|shadow| {
            shadow.world.step();
            let (without, _) = shadow.world.users();
            let worse = super::guard::worse(n, without, of) && !shadow.told;
            if let Some(at) = super::guard::worsened(&mut shadow.worse, worse, now) {
                shadow.told = true;
                self.emit(Actor::World, FactKind::Worsened { action: shadow.action, at }, vec![shadow.action]);
            }
            // At least a tenth fewer users affected than without the effect.
            if without > 0 && u128::from(n) * 10 <= u128::from(without) * 9 {
                let since = *shadow.since.get_or_insert(now);
                if now.since(since) + 1 >= RELIEF_SECONDS {
                    let kind = FactKind::Relief { action: shadow.action, at: since };
                    self.emit(Actor::Seat(shadow.seat.clone()), kind, vec![shadow.action]);
                    return false;
                }
            } else {
                shadow.since = None;
            }
            now < shadow.until || shadow.since.is_some() || (shadow.worse.is_some() && !shadow.told)
        });
        // Effects are applied between ticks, so nothing was added meanwhile.
        self.state.shadows = shadows;
    }

    /// The next step of the escalation policy for a page, if there is one.
    pub(super) fn escalation(&self, page: &Page) -> Option<&EscalationSpec> {
        self.scenario.world.escalation.get(page.escalated)
    }

    /// Rings whom the escalation policy names about pages that nobody has taken.
    fn escalate(&mut self) {
        let now = self.state.tick;
        let scenario = Arc::clone(&self.scenario);
        let mut due: Vec<&str> = Vec::new();
        for page in self.state.incident.pages.iter_mut().filter(|p| p.acked.is_none() && p.ended.is_none()) {
            while let Some(step) = scenario.world.escalation.get(page.escalated)
                && now.since(page.at) >= step.after.0
            {
                page.escalated += 1;
                if !due.contains(&step.to.as_str()) {
                    due.push(&step.to);
                }
            }
        }
        for person in due {
            self.call(Actor::World, person, "page");
        }
    }

    /// Feeds the facts that the script has not seen, those of entries since the last tick too, and does what fires;
    /// again for what that brought, a few rounds.
    pub(super) fn step_rules(&mut self) {
        let mut from = self.state.rules.fed();
        for _ in 0..RULE_ROUNDS {
            let now: Tick = self.state.tick;
            let new = self.facts.since(from).to_vec();
            from = self.facts.len();
            let fired = self.state.rules.step(&new, now);
            for rule in fired {
                self.run_rule(&rule);
            }
            if self.facts.len() == from {
                break;
            }
        }
        self.state.rules.seen(self.facts.len());
    }
}

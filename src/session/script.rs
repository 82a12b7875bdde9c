//! What script rules and cards do, action by action.

use super::Session;
use crate::fact::{Actor, FactKind, UpdateFields};
use crate::scenario::{Action, AlertSeverity, Channel, Deed, EVERY_SEAT};
use crate::sim::Effect;

impl Session {
    /// Does what a rule says.
    pub(super) fn run_rule(&mut self, id: &str) {
        let scenario = self.scenario.clone();
        if let Some(rule) = scenario.script.iter().find(|r| r.id == id) {
            let by = Actor::Script(id.to_owned());
            for action in &rule.actions {
                self.run_action(&by, action);
            }
        }
    }

    /// Does one action. What the world refuses (a release that already runs, a unit that is already down) changes nothing.
    pub(super) fn run_action(&mut self, by: &Actor, action: &Action) {
        match action {
            Action::Say { who, text, about } => {
                let by = Actor::Person(who.clone());
                self.say(by, Channel::Internal, text.clone(), UpdateFields::default(), about.clone());
            }
            Action::Ticket { who, text, about } => {
                let kind = FactKind::TicketArrived { who: who.clone(), text: text.clone(), about: about.clone() };
                self.emit(by.clone(), kind, Vec::new());
            }
            Action::Page { by: person, text, service } => {
                let who = Actor::Person(person.clone());
                self.open_page(who, (person, service), text.clone(), AlertSeverity::Critical, EVERY_SEAT, Vec::new());
            }
            Action::Promote { service, to, who } => {
                let _ = self.intervene(&Effect::Release { service: service.clone(), release: to.clone() }, who);
            }
            Action::Stage { service, release, who } => {
                let _ = self.intervene(&Effect::Stage { service: service.clone(), release: release.clone() }, who);
            }
            Action::Begin(fault, course) => {
                let _ = self.intervene(&Effect::Begin(fault.clone(), course.clone()), "");
            }
            Action::Clear(fault) => {
                let _ = self.intervene(&Effect::Clear(fault.clone()), "");
            }
            Action::Join { who } => self.join(who),
            Action::Does { who, effect } => self.does(who, effect),
        }
    }
}

impl Session {
    /// A person does something to the world. The fact is theirs, whether it was done or refused; it is not one of the
    /// team's actions, because the script acts and nobody asked.
    fn does(&mut self, who: &str, deed: &Deed) {
        let Some(effect) = Effect::of(deed) else { return };
        let (verb, component) = effect.named();
        let to = match self.intervene(&effect, who) {
            Ok(_) => verb,
            Err(why) => format!("{verb} refused: {}", why.message),
        };
        self.emit(Actor::Person(who.to_owned()), FactKind::StateChanged { component, to }, Vec::new());
    }

    /// Seconds from T0 of the next rule that goes by time and has not fired.
    pub fn next_script_time(&self) -> Option<i64> {
        let pending = self.scenario.script.iter().filter(|r| self.state.rules.fired(&r.id).is_none());
        let times = pending.filter_map(|r| match &r.when {
            crate::scenario::Predicate::After(at) => Some(at.0),
            _ => None,
        });
        times.filter(|at| *at > self.offset().0).min()
    }
}

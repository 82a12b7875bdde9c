//! What sessions do: emit facts, apply effects to the world with a shadow beside it, call people, post messages.

use super::Session;
use super::state::Shadow;
use super::tick::SHADOW_SECONDS;
use crate::console::{Console, ConsoleEvent};
use crate::fact::{Actor, FactId, FactKind, UpdateFields, UpdateStatus};
use crate::scenario::{Channel, Fails, LangText, Setback, is_meant};
use crate::session::desk::Desk;
use crate::sim::{Applied, Effect, Refusal};
use crate::stdx::rng::Stream;

/// Shadows that run at once: each is a world more that every second steps. While so many run, an effect on files gets
/// none, and any other effect takes the place of the oldest. What has no shadow is not measured: neither relief nor harm
/// is said of that action, and it counts as one of which nobody knows.
pub const MAX_SHADOWS: usize = 12;

impl Session {
    /// Appends a fact of now.
    pub(super) fn emit(&mut self, by: Actor, what: FactKind, evidence: Vec<FactId>) -> FactId {
        self.facts.push(self.state.tick, by, what, evidence)
    }

    /// Lends the console together with its window on the world, then turns what reached a screen into facts.
    pub(super) fn with_console<R>(&mut self, f: impl FnOnce(&mut Console, &mut Desk<'_>) -> R) -> R {
        let mut console = std::mem::take(&mut self.state.console);
        let out = f(&mut console, &mut Desk { session: self });
        let events = console.events();
        self.state.console = console;
        for event in events {
            match event {
                ConsoleEvent::Observed { terminal, source, text } => self.saw_output(terminal, &source, &text),
                ConsoleEvent::UnknownTool { terminal, name } => {
                    let by = Actor::Seat(self.seat_of(terminal));
                    self.emit(by, FactKind::UnknownTool { name }, Vec::new());
                }
            }
        }
        out
    }

    /// The seat that a terminal belongs to.
    pub(super) fn seat_of(&self, terminal: u32) -> String {
        let index = usize::try_from(terminal.saturating_sub(1) / super::TERMINALS).unwrap_or(0);
        self.header.seats.get(index).cloned().unwrap_or_else(|| super::PRIMARY.to_owned())
    }

    /// A responder's effect: applied to the world and to every shadow but its own; a fact either way.
    pub(super) fn respond(
        &mut self,
        seat: &str,
        effect: &Effect,
        verb: &str,
        target: &str,
    ) -> Result<Applied, Refusal> {
        let by = Actor::Seat(seat.to_owned());
        let before = self.state.world.clone();
        let done = self.state.world.apply_by(effect, seat);
        let done = match self.setback(verb, target).filter(|_| done.is_ok()) {
            Some(message) => {
                self.state.world = before.clone();
                Err(Refusal { message })
            }
            None => done,
        };
        match done {
            Ok((applied, kinds)) => {
                let announcement = self.before_action(seat, target);
                let kind = FactKind::Acted {
                    verb: verb.to_owned(),
                    target: target.to_owned(),
                    mutating: true,
                    hazard: self.scenario.scoring.hazard(verb, target),
                };
                let action = self.emit(by.clone(), kind, Vec::new());
                self.after_action(seat, verb, target, action, announcement);
                if let Applied::Job { job, seconds } = applied {
                    let what = format!("{verb} {target}");
                    self.emit(by, FactKind::JobStarted { job, what, seconds }, vec![action]);
                }
                for kind in kinds {
                    self.world_fact(kind);
                }
                self.weigh_logs();
                self.shadow_effect(effect);
                let small = matches!(
                    effect,
                    Effect::Write { .. } | Effect::MakeDir { .. } | Effect::Rename { .. } | Effect::File(_)
                );
                if self.state.shadows.len() < MAX_SHADOWS || !small {
                    if self.state.shadows.len() >= MAX_SHADOWS {
                        self.state.shadows.remove(0);
                    }
                    self.state.shadows.push(Shadow {
                        action,
                        seat: seat.to_owned(),
                        world: before,
                        until: self.state.tick.plus(SHADOW_SECONDS),
                        since: None,
                        worse: None,
                        told: false,
                    });
                }
                Ok(applied)
            }
            Err(refusal) => {
                self.refused(seat, verb, target, &refusal.message);
                Err(refusal)
            }
        }
    }

    /// What the tool says if this attempt fails though nothing forbids it.
    fn setback(&mut self, verb: &str, target: &str) -> Option<String> {
        let scenario = self.scenario.clone();
        let fits = |s: &Setback| s.verb == verb && s.target.as_deref().is_none_or(|t| is_meant(t, target));
        for (i, s) in scenario.world.setbacks.iter().enumerate().filter(|(_, s)| fits(s)) {
            let tries = self.state.tried.entry(i).or_default();
            *tries += 1;
            let fails = match &s.fails {
                Fails::First(n) => *tries <= *n,
                Fails::Share(share) => {
                    let part = |n: &num_bigint::BigInt| u64::try_from(n).unwrap_or(u64::MAX);
                    let mut luck = Stream::new(self.header.seed, &format!("setback {i} {tries}"));
                    luck.below(part(share.denom())) < part(share.numer())
                }
            };
            if fails {
                return Some(s.says.clone());
            }
        }
        None
    }

    /// The actions whose effect is being measured, oldest first; [`MAX_SHADOWS`] at most.
    pub fn shadowed(&self) -> Vec<FactId> {
        self.state.shadows.iter().map(|s| s.action).collect()
    }

    /// Records that something was refused.
    pub(super) fn refused(&mut self, seat: &str, verb: &str, target: &str, why: &str) {
        let kind = FactKind::Refused { verb: verb.to_owned(), target: target.to_owned(), why: why.to_owned() };
        self.emit(Actor::Seat(seat.to_owned()), kind, Vec::new());
    }

    /// An effect of the script or the GM.
    pub(super) fn intervene(&mut self, effect: &Effect, who: &str) -> Result<Applied, Refusal> {
        let (applied, kinds) = self.state.world.apply_by(effect, who)?;
        for kind in kinds {
            self.world_fact(kind);
        }
        self.shadow_effect(effect);
        Ok(applied)
    }

    /// What is done to the world is done to every shadow too; one that refuses goes on as it is.
    fn shadow_effect(&mut self, effect: &Effect) {
        for shadow in &mut self.state.shadows {
            let _ = shadow.world.apply(effect);
        }
    }

    /// Calls a person; they join after their delay if they ever do.
    pub(super) fn call(&mut self, by: Actor, person: &str, topic: &str) {
        let Some(spec) = self.scenario.people.get(person) else { return };
        let comes_in = spec.comes_in(self.state.world.utc());
        let now = self.state.tick;
        self.emit(by, FactKind::Called { person: person.to_owned(), topic: topic.to_owned() }, Vec::new());
        if let Some(p) = self.state.people.get_mut(person) {
            p.called = Some(topic.to_owned());
            p.asked = p.here.then_some(now);
            if !p.here && p.joins_at.is_none() {
                p.joins_at = comes_in.map(|s| now.plus(s));
            }
        }
    }

    /// A person comes into the channel.
    pub(super) fn join(&mut self, person: &str) {
        let now = self.state.tick;
        if let Some(p) = self.state.people.get_mut(person)
            && !p.here
        {
            p.here = true;
            p.joins_at = None;
            p.asked = Some(now);
            self.emit(Actor::Person(person.to_owned()), FactKind::Joined { person: person.to_owned() }, Vec::new());
        }
    }

    /// A message in a channel.
    pub(super) fn say(
        &mut self,
        by: Actor,
        channel: Channel,
        text: LangText,
        fields: UpdateFields,
        about: Vec<String>,
    ) {
        let truthful = if by.is_responder() { self.truth_of(&fields) } else { None };
        let responder = by.is_responder();
        if responder && (channel == Channel::Status || fields.count() > 0) {
            self.state.incident.last_update = Some(self.state.tick);
            self.state.incident.promised = fields.again_min.map(|m| self.state.tick.plus(u64::from(m) * 60));
        }
        let mut about = about;
        if let Some(impact) = &fields.impact {
            about.push(impact.clone());
        }
        self.emit(by, FactKind::Said { channel, text, fields, about, truthful }, Vec::new());
    }

    /// Whether a message fits the state now: the service that it names is affected, and its status word fits the phase.
    /// `None` if nothing in it can be checked.
    fn truth_of(&self, fields: &UpdateFields) -> Option<bool> {
        let (n, of) = self.state.world.users();
        let truth = &self.scenario.truth;
        let hurt = share_above(n, of, &truth.tau);
        let service = fields.impact.as_deref().map(|i| i.split(':').next().unwrap_or(i).to_owned());
        let named = service
            .filter(|s| self.scenario.world.services.contains_key(s) || self.scenario.world.queues.contains_key(s));
        // What an update names stays true after the relief: it was affected in this incident.
        let affected = named.map(|s| truth.affected.contains(&s));
        let phase = fields.status.map(|status| match status {
            UpdateStatus::Investigating | UpdateStatus::Identified | UpdateStatus::Mitigating => hurt,
            UpdateStatus::Monitoring | UpdateStatus::Resolved => !hurt,
        });
        match (affected, phase) {
            (None, None) => None,
            (a, p) => Some(a.unwrap_or(true) && p.unwrap_or(true)),
        }
    }

    /// Ends the session for the trainees.
    pub(super) fn end(&mut self, by: Actor) {
        if self.state.clock.ended.is_none() {
            self.state.clock.ended = Some(self.state.tick);
            self.emit(by, FactKind::Ended, Vec::new());
        }
    }

    /// Adds a curve that the host found by folding again (SCORING §2.9).
    pub fn conclude_with(&mut self, curve: FactKind) {
        self.emit(Actor::World, curve, Vec::new());
    }
}

/// Whether `n` of `of` users is more than a share.
fn share_above(n: u64, of: u64, share: &crate::stdx::rational::Ratio) -> bool {
    use num_bigint::BigInt;
    BigInt::from(n) * share.denom() > BigInt::from(of) * share.numer()
}

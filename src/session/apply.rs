//! `apply`: an entry changes the state. Total: what can no longer be done does nothing.

use super::{Command, Entry, Session, TermSignal, grammar};
use crate::fact::{Actor, FactKind, UpdateFields};
use crate::scenario::{Channel, LangText};
use crate::sim::Effect;

/// What a person who has enlarged a volume has "said": they do it once.
pub(crate) const ENLARGED: &str = "enlarged";

impl Session {
    /// Applies an accepted entry at the present tick.
    pub fn apply(&mut self, entry: &Entry) {
        self.state.seq = entry.seq;
        if let Actor::Seat(seat) = &entry.by {
            self.state.active.insert(seat.clone(), self.state.tick);
        }
        self.execute(&entry.by, &entry.command);
    }

    /// Does a command: from an entry, or from an incident tool inside a typed line.
    pub(super) fn execute(&mut self, by: &Actor, command: &Command) {
        // Whoever has led once may answer in place of a tool; a clock that is stopped by itself is nobody's lead.
        let clock = matches!(command, Command::Pause | Command::Resume | Command::Speed { .. } | Command::End);
        if *by == Actor::Gm && !clock {
            self.state.console.lead();
        }
        match command {
            Command::LineSubmitted { terminal, text } => {
                self.new_look(*terminal, text);
                if super::guard::is_check(text) {
                    self.state.checking.insert(*terminal);
                } else {
                    self.state.checking.remove(terminal);
                }
                self.with_console(|console, desk| console.submit(*terminal, text, desk));
            }
            Command::KeyPressed { terminal, key } => {
                self.with_console(|console, desk| console.key(*terminal, key, desk))
            }
            Command::Signal { terminal, signal } => {
                let signal = match signal {
                    TermSignal::Int => crate::console::ConsoleSignal::Int,
                    TermSignal::Tstp => crate::console::ConsoleSignal::Tstp,
                    TermSignal::Eof => crate::console::ConsoleSignal::Eof,
                };
                self.with_console(|console, desk| console.signal(*terminal, signal, desk));
            }
            Command::Answered { seat, terminal, text } => {
                let command = self.state.console.answer(*terminal, text).unwrap_or_default();
                let seat = seat.clone();
                self.emit(by.clone(), FactKind::Improvised { seat, command, text: text.clone() }, Vec::new());
                self.with_console(|console, desk| console.go_on(desk));
            }
            Command::Viewed { panel, subject } => {
                if let Actor::Seat(seat) = by {
                    self.view(seat, panel, subject);
                }
            }
            Command::Unviewed { panel, subject } => {
                if let Actor::Seat(seat) = by {
                    self.unview(seat, panel, subject);
                }
            }
            Command::Ack { page } => self.ack(by, *page),
            Command::Declare { severity } => {
                let first = self.state.incident.severity.is_none();
                self.state.incident.severity = Some(*severity);
                let kind = if first {
                    self.state.incident.declared = Some(self.state.tick);
                    FactKind::Declared { severity: *severity }
                } else {
                    FactKind::SeveritySet { severity: *severity }
                };
                self.emit(by.clone(), kind, Vec::new());
            }
            Command::Role { role, to } => {
                self.state.incident.roles.insert(role.clone(), to.clone());
                self.emit(by.clone(), FactKind::RoleAssigned { role: role.clone(), to: to.clone() }, Vec::new());
            }
            Command::Update { channel, text, fields, about } => {
                let text = LangText { en: text.clone(), ko: String::new() };
                self.say(by.clone(), *channel, text, fields.clone(), about.clone());
            }
            Command::Page { person, topic } => self.call(by.clone(), person, topic),
            Command::Help { topic } => {
                self.emit(by.clone(), FactKind::Help { topic: topic.clone() }, Vec::new());
                // Whoever is here and knows something about it feels asked.
                for (id, person) in &mut self.state.people {
                    let knows = self.scenario.people.get(id).is_some_and(|p| p.says.contains_key(topic));
                    if person.here && knows {
                        person.called = Some(topic.clone());
                        person.asked = Some(self.state.tick);
                    }
                }
            }
            Command::Hypothesis { component } => {
                self.state.incident.hypothesis = Some(component.clone());
                self.emit(by.clone(), FactKind::Hypothesis { component: component.clone() }, Vec::new());
            }
            Command::Cause { components, mechanisms, evidence, confidence } => {
                self.state.incident.cause.clone_from(components);
                let kind = FactKind::Cause {
                    components: components.clone(),
                    mechanisms: mechanisms.clone(),
                    confidence: *confidence,
                };
                self.emit(by.clone(), kind, evidence.clone());
            }
            Command::Handover { to } => {
                self.emit(by.clone(), FactKind::HandedOver { to: to.clone() }, Vec::new());
            }
            Command::Learn { what, text } => {
                self.emit(by.clone(), FactKind::Learned { what: *what, text: text.clone() }, Vec::new());
            }
            Command::Resolve => {
                self.state.incident.resolved = Some(self.state.tick);
                self.emit(by.clone(), FactKind::Resolved, Vec::new());
            }
            Command::FollowUp { text, owner } => {
                self.state.incident.followups.push((text.clone(), owner.clone()));
                self.emit(by.clone(), FactKind::FollowUp { text: text.clone(), owner: owner.clone() }, Vec::new());
            }
            Command::End => self.end(by.clone()),
            Command::Reflect { on, text, owner } => {
                let kind = FactKind::Reflected { on: *on, text: text.clone(), owner: owner.clone() };
                self.emit(by.clone(), kind, Vec::new());
            }
            Command::RateWorkload { scale, value } => {
                self.emit(by.clone(), FactKind::WorkloadRated { scale: *scale, value: *value }, Vec::new());
            }
            Command::Witness { row, text } => {
                self.emit(by.clone(), FactKind::Witnessed { row: row.clone(), text: text.clone() }, Vec::new());
            }
            Command::Join { person } => self.join(person),
            Command::Tell { person, topic } => self.tell(person, topic),
            Command::Enlarge { person, volume, bytes } => {
                if let Some(p) = self.state.people.get_mut(person) {
                    p.said.push(ENLARGED.to_owned());
                }
                let effect = Effect::Resize { volume: volume.clone(), bytes: *bytes };
                if self.intervene(&effect, person).is_ok() {
                    let kind = FactKind::Acted {
                        verb: "resize".to_owned(),
                        target: volume.clone(),
                        mutating: true,
                        hazard: None,
                    };
                    self.emit(by.clone(), kind, Vec::new());
                }
            }
            Command::Inject { card } => self.fire_card(card),
            Command::Triage { card } => {
                self.emit(by.clone(), FactKind::Triaged { card: card.clone() }, Vec::new());
            }
            Command::CloseInject { card } => {
                self.emit(by.clone(), FactKind::InjectClosed { card: card.clone() }, Vec::new());
            }
            Command::Adjudicate { ruling, of, evidence, reason } => {
                let kind = FactKind::Adjudicated { ruling: *ruling, of: of.clone(), reason: reason.clone() };
                self.emit(by.clone(), kind, evidence.clone());
            }
            Command::BeginFault { fault, course } => {
                let text = format!("{}{}", grammar::fault::show(fault), grammar::fault::show_course(course));
                if self.intervene(&Effect::Begin(fault.clone(), course.clone()), "gm").is_ok() {
                    let text = LangText { en: text, ko: String::new() };
                    let kind = FactKind::Injected { card: "ad-hoc".to_owned(), text, allowance: 0 };
                    self.emit(by.clone(), kind, Vec::new());
                }
            }
            Command::ClearFault { fault } => {
                let _ = self.intervene(&Effect::Clear(fault.clone()), "gm");
            }
            Command::Nudge { rung, text } => {
                self.state.nudged = self.state.nudged.max(*rung);
                let written = self.scenario.nudges.iter().find(|n| n.rung == *rung).map(|n| n.text.clone());
                let text = match written {
                    Some(t) if text.is_empty() => t,
                    _ => LangText { en: text.clone(), ko: String::new() },
                };
                self.emit(by.clone(), FactKind::Nudged { rung: *rung, text }, Vec::new());
            }
            Command::SpeakAs { person, text } => {
                let text = LangText { en: text.clone(), ko: String::new() };
                let by = Actor::Person(person.clone());
                self.say(by, Channel::Internal, text, UpdateFields::default(), Vec::new());
            }
            Command::Bookmark { text } => {
                self.emit(by.clone(), FactKind::Bookmarked { text: text.clone() }, Vec::new());
            }
            Command::Hold { rule, held } => self.state.rules.hold(rule, *held),
            Command::Pause => self.state.clock.paused = true,
            Command::Resume => self.state.clock.paused = false,
            Command::Speed { factor } => {
                self.state.clock.speed = *factor;
                self.emit(by.clone(), FactKind::SpeedSet { factor: *factor }, Vec::new());
            }
        }
    }

    /// A person says what they know about a topic.
    fn tell(&mut self, person: &str, topic: &str) {
        let text = self.scenario.people.get(person).and_then(|p| p.says.get(topic)).cloned();
        if let Some(p) = self.state.people.get_mut(person) {
            p.said.push(topic.to_owned());
        }
        if let Some(text) = text {
            let by = Actor::Person(person.to_owned());
            self.say(by, Channel::Internal, text, UpdateFields::default(), vec![topic.to_owned()]);
        }
    }

    fn fire_card(&mut self, id: &str) {
        let scenario = self.scenario.clone();
        let Some(card) = scenario.deck.iter().find(|c| c.id == id) else { return };
        self.state.fired_cards.insert(id.to_owned(), self.state.tick);
        let kind = FactKind::Injected { card: id.to_owned(), text: card.title.clone(), allowance: card.allowance.0 };
        self.emit(Actor::Gm, kind, Vec::new());
        for action in &card.actions {
            self.run_action(&Actor::Gm, action);
        }
    }
}

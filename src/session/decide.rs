//! `decide`: the only thing that may refuse a command, and it changes nothing.

use super::projection::{Arg, Text};
use super::{Command, Session};
use crate::fact::{Actor, FactId, Ruling};

/// Longest line or message, in characters.
pub const MAX_TEXT: usize = 4_000;

/// Fastest clock, in ticks a second of real time.
pub const MAX_SPEED: u32 = 60;

/// Why a command was refused: a message of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection(pub Text);

impl Rejection {
    fn new(key: &str, args: &[(&str, &str)]) -> Rejection {
        let args = args.iter().map(|(n, v)| ((*n).to_owned(), Arg::Word((*v).to_owned()))).collect();
        Rejection(Text::Key(key.to_owned(), args))
    }
}

impl Session {
    /// Whether `by` may do `command` now. Pure.
    pub fn decide(&self, by: &Actor, command: &Command) -> Result<(), Rejection> {
        let gm = !by.is_responder();
        if command.is_gm() && !gm {
            return Err(Rejection::new("refuse-gm-only", &[]));
        }
        match (self.ended(), command.is_afterword()) {
            // A ruling may come in the debrief too.
            (true, false) if !matches!(command, Command::Adjudicate { .. }) => {
                return Err(Rejection::new("refuse-ended", &[]));
            }
            (false, true) => return Err(Rejection::new("refuse-not-ended", &[])),
            _ => {}
        }
        if self.paused() && !self.ended() && !command.is_gm() && !gm {
            return Err(Rejection::new("refuse-paused", &[]));
        }
        match command {
            Command::LineSubmitted { terminal, text } => {
                short(text)?;
                self.own_terminal(by, *terminal)
            }
            Command::KeyPressed { terminal, .. } | Command::Signal { terminal, .. } => self.own_terminal(by, *terminal),
            Command::Answered { seat, terminal, text } => {
                short(text)?;
                self.own_terminal(&Actor::Seat(seat.clone()), *terminal)
            }
            Command::Viewed { panel, subject } | Command::Unviewed { panel, subject } => {
                short(panel)?;
                short(subject)
            }
            Command::Ack { page: 0 } if self.open_page_number(by).is_none() => {
                Err(Rejection::new("refuse-no-open-page", &[]))
            }
            Command::Ack { page: 0 } => Ok(()),
            Command::Ack { page } => {
                let index = usize::try_from(*page).ok().and_then(|n| n.checked_sub(1));
                let refuse = |key| Err(Rejection::new(key, &[("page", &page.to_string())]));
                match index.and_then(|i| self.state.incident.pages.get(i)) {
                    None => refuse("refuse-no-page"),
                    Some(p) if matches!(by, Actor::Seat(seat) if !p.reaches(seat)) => {
                        let to = p.to.join(", ");
                        Err(Rejection::new("refuse-page-of-other", &[("page", &page.to_string()), ("to", &to)]))
                    }
                    Some(p) if p.acked.is_some() => refuse("refuse-already-acked"),
                    Some(p) if p.resolved.is_some() => refuse("refuse-page-resolved"),
                    Some(_) => Ok(()),
                }
            }
            Command::Declare { severity } => {
                if (1..=4).contains(severity) {
                    Ok(())
                } else {
                    Err(Rejection::new("refuse-severity", &[]))
                }
            }
            Command::Role { role, to } => {
                if !["ic", "comms", "scribe", "ops"].contains(&role.as_str()) {
                    return Err(Rejection::new("refuse-role", &[("role", role)]));
                }
                let known = self.header.seats.contains(to) || self.state.people.get(to).is_some_and(|p| p.here);
                if known { Ok(()) } else { Err(Rejection::new("refuse-not-here", &[("who", to)])) }
            }
            Command::Update { text, fields, .. } => {
                short(text)?;
                for field in [&fields.impact, &fields.action, &fields.next].into_iter().flatten() {
                    short(field)?;
                }
                if text.trim().is_empty() && fields.count() == 0 {
                    Err(Rejection::new("refuse-empty-update", &[]))
                } else {
                    Ok(())
                }
            }
            Command::Page { person, topic } => {
                short(topic)?;
                self.person(person)
            }
            Command::Hypothesis { component } => self.component(component),
            Command::Cause { components, mechanisms, evidence, confidence } => {
                if confidence.is_some_and(|c| c > 100) {
                    return Err(Rejection::new("refuse-confidence", &[]));
                }
                if components.is_empty() {
                    return Err(Rejection::new("refuse-no-component", &[]));
                }
                for c in components {
                    self.component(c)?;
                }
                for m in mechanisms {
                    short(m)?;
                }
                self.known(evidence)
            }
            Command::Handover { to } => {
                let known = self.header.seats.contains(to) || self.state.people.get(to).is_some_and(|p| p.here);
                if known { Ok(()) } else { Err(Rejection::new("refuse-not-here", &[("who", to)])) }
            }
            Command::Learn { text, .. } => {
                short(text)?;
                if text.trim().is_empty() { Err(Rejection::new("refuse-empty-note", &[])) } else { Ok(()) }
            }
            Command::Help { topic } => short(topic),
            Command::Reflect { text, owner, .. } => {
                short(owner)?;
                words(text)
            }
            Command::RateWorkload { value, .. } => {
                if *value <= 100 {
                    Ok(())
                } else {
                    Err(Rejection::new("refuse-workload", &[]))
                }
            }
            Command::Witness { row, text } => {
                words(text)?;
                if self.scenario.original.iter().any(|r| r.id == *row) {
                    return Ok(());
                }
                let rows = self.scenario.original.iter().map(|r| r.id.as_str());
                let near = crate::stdx::text::nearest(row, rows).unwrap_or("-");
                Err(Rejection::new("refuse-no-row", &[("row", row), ("near", near)]))
            }
            Command::FollowUp { text, owner } => {
                short(text)?;
                short(owner)
            }
            Command::Inject { card } => {
                if !self.scenario.deck.iter().any(|c| c.id == *card) {
                    Err(Rejection::new("refuse-no-card", &[("card", card)]))
                } else if self.state.fired_cards.contains_key(card) {
                    Err(Rejection::new("refuse-card-fired", &[("card", card)]))
                } else {
                    Ok(())
                }
            }
            Command::Triage { card } | Command::CloseInject { card } => {
                if self.state.fired_cards.contains_key(card) {
                    Ok(())
                } else {
                    Err(Rejection::new("refuse-card-not-fired", &[("card", card)]))
                }
            }
            Command::Adjudicate { ruling, of, evidence, reason } => {
                short(reason)?;
                let milestone = self.scenario.milestones.iter().any(|m| m.id == *of);
                // What a check is called is scoring's business; its form is a letter and a digit.
                let mut letters = of.chars();
                let check = matches!((letters.next(), letters.next(), letters.next()), (Some(a), Some(n), None)
                    if a.is_ascii_uppercase() && n.is_ascii_digit());
                match ruling {
                    Ruling::Confirm if !milestone => Err(Rejection::new("refuse-no-milestone", &[("of", of)])),
                    Ruling::Confirm if evidence.is_empty() => Err(Rejection::new("refuse-no-evidence", &[])),
                    Ruling::Void if !milestone && !check => Err(Rejection::new("refuse-no-milestone", &[("of", of)])),
                    _ => self.known(evidence),
                }
            }
            Command::BeginFault { fault, .. } | Command::ClearFault { fault } => {
                let effect = match command {
                    Command::BeginFault { course, .. } => crate::sim::Effect::Begin(fault.clone(), course.clone()),
                    _ => crate::sim::Effect::Clear(fault.clone()),
                };
                // A dry run on a copy: what the world refuses is refused here, with its words.
                match self.state.world.clone().apply(&effect) {
                    Ok(_) => Ok(()),
                    Err(r) => Err(Rejection::new("refuse-fault", &[("why", &r.message)])),
                }
            }
            Command::Nudge { rung, text } => {
                short(text)?;
                if (1..=5).contains(rung) { Ok(()) } else { Err(Rejection::new("refuse-rung", &[])) }
            }
            Command::SpeakAs { person, text } => {
                short(text)?;
                self.person(person)
            }
            Command::Bookmark { text } => short(text),
            Command::Hold { rule, .. } => {
                if self.scenario.script.iter().any(|r| r.id == *rule) {
                    Ok(())
                } else {
                    Err(Rejection::new("refuse-no-rule", &[("rule", rule)]))
                }
            }
            Command::Speed { factor } => {
                if (1..=MAX_SPEED).contains(factor) {
                    Ok(())
                } else {
                    Err(Rejection::new("refuse-speed", &[("max", &MAX_SPEED.to_string())]))
                }
            }
            Command::Join { person } | Command::Tell { person, .. } | Command::Enlarge { person, .. } => {
                self.person(person)
            }
            Command::Resolve | Command::End | Command::Pause | Command::Resume => Ok(()),
        }
    }

    /// Refuses evidence that is not in the log.
    fn known(&self, evidence: &[FactId]) -> Result<(), Rejection> {
        match evidence.iter().find(|id| !self.facts().iter().any(|f| f.id == **id)) {
            Some(id) => Err(Rejection::new("refuse-no-fact", &[("id", &id.to_string())])),
            None => Ok(()),
        }
    }

    fn own_terminal(&self, by: &Actor, terminal: u32) -> Result<(), Rejection> {
        let exists = terminal >= 1
            && usize::try_from(terminal).is_ok_and(|t| t <= self.header.seats.len() * super::TERMINALS as usize);
        match by {
            Actor::Seat(seat) if exists && self.seat_of(terminal) == *seat => Ok(()),
            Actor::Gm if exists => Ok(()),
            _ => Err(Rejection::new("refuse-terminal", &[("terminal", &terminal.to_string())])),
        }
    }

    fn person(&self, person: &str) -> Result<(), Rejection> {
        if self.scenario.people.contains_key(person) {
            return Ok(());
        }
        let near = crate::stdx::text::nearest(person, self.scenario.people.keys().map(String::as_str)).unwrap_or("-");
        Err(Rejection::new("refuse-no-person", &[("who", person), ("near", near)]))
    }

    /// Services, hosts, queues and traffic sources can be named as components; `host:/path` is about its host.
    fn component(&self, component: &str) -> Result<(), Rejection> {
        let w = &self.scenario.world;
        let name = component.split(':').next().unwrap_or(component);
        let names = || {
            w.services.keys().chain(w.hosts.keys()).chain(w.queues.keys()).chain(w.traffic.keys()).map(String::as_str)
        };
        if names().any(|n| n == name) {
            return Ok(());
        }
        let near = crate::stdx::text::nearest(name, names()).unwrap_or("-");
        Err(Rejection::new("refuse-no-component-named", &[("name", component), ("near", near)]))
    }
}

fn short(text: &str) -> Result<(), Rejection> {
    if text.chars().count() <= MAX_TEXT {
        Ok(())
    } else {
        Err(Rejection::new("refuse-too-long", &[("max", &MAX_TEXT.to_string())]))
    }
}

/// Words that are there and not too many.
fn words(text: &str) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::new("refuse-empty-update", &[]));
    }
    short(text)
}

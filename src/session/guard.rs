//! Safeguards and announcements: what was checked, known and said before an action, as facts that scoring reads.

use super::Session;
use crate::console::Source;
use crate::fact::{Actor, EffectiveClock, Fact, FactId, FactKind, Guard, UpdateFields};
use crate::scenario::ObservedKind;
use crate::stdx::time::Tick;
use std::collections::BTreeSet;

/// Words on a line that say that it changes nothing: a dry run, a diff, a plan.
const CHECKS: &[&str] = &["--dry-run", "--check", "-n", "check", "diff", "dry-run", "plan", "validate"];

/// Whether a line only checks what it would do.
pub(super) fn is_check(line: &str) -> bool {
    line.split_whitespace().any(|w| CHECKS.contains(&w))
}

/// The names in the fields and topics of a message, word by word.
fn names<'m>(fields: &'m UpdateFields, about: &'m [String]) -> BTreeSet<&'m str> {
    let texts = [&fields.impact, &fields.action, &fields.next].into_iter().flatten().chain(about);
    let part = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '\'' | '`');
    texts.flat_map(|t| t.split(part)).map(|w| w.trim_end_matches(['.', ':'])).filter(|w| w.len() > 1).collect()
}

/// Whether one of the names is the target: all of it, the part on its host, or a directory above that.
fn named(target: &str, names: &BTreeSet<&str>) -> bool {
    let part = target.split_once(':').map_or(target, |(_, part)| part);
    let above =
        |n: &str| n.starts_with('/') && n.len() > 1 && part.strip_prefix(n).is_some_and(|rest| rest.starts_with('/'));
    let below = |n: &str| n.strip_prefix(target).is_some_and(|rest| rest.starts_with(':'));
    names.iter().any(|n| *n == target || *n == part || above(n) || below(n))
}

impl Session {
    /// What a terminal showed may be a safeguard: which host or object it is, or which release one can go back to.
    pub(super) fn guard_of(&self, terminal: u32, source: &Source) -> Option<FactKind> {
        let check = self.state.checking.contains(&terminal);
        let guard = match source.what {
            ObservedKind::Release if !check => Guard::RestorePoint,
            ObservedKind::Release | ObservedKind::Files => Guard::Target,
            ObservedKind::Host if source.target.contains(':') => return None,
            ObservedKind::Host => Guard::Target,
            // A unit, not the whole list of processes of a host.
            ObservedKind::Process if source.target.contains(':') || check => Guard::Target,
            _ => return None,
        };
        Some(FactKind::Guarded { guard, target: source.target.clone() })
    }

    /// The message in which a seat announced what it is about to do, not longer ago than announcements hold.
    fn announcement(&self, seat: &str, target: &str) -> Option<FactId> {
        let clock = EffectiveClock::of(self.facts());
        let now = clock.seconds(self.state.tick);
        let holds = self.scenario.scoring.windows.announce.0;
        let recent = self.facts().iter().rev().take_while(|f| now.saturating_sub(clock.seconds(f.id.tick)) <= holds);
        let mut own = recent.filter(|f| f.by == Actor::Seat(seat.to_owned()));
        own.find(|f| match &f.what {
            FactKind::Said { fields, about, .. } => named(target, &names(fields, about)),
            _ => false,
        })
        .map(|f| f.id)
    }

    /// Whether another seat or a colleague answered a message.
    fn answered(&self, seat: &str, message: FactId) -> Option<FactId> {
        let later = self.facts().iter().filter(|f| f.id > message);
        let asked = |person: &str| {
            self.facts().iter().any(|f| {
                f.by == Actor::Seat(seat.to_owned())
                    && matches!(&f.what, FactKind::Called { person: p, .. } if p == person)
            }) || self.state.people.get(person).is_some_and(|p| p.called.is_some())
        };
        let answers = |f: &&Fact| match (&f.by, &f.what) {
            (Actor::Seat(other), FactKind::Said { .. }) => other != seat,
            // What the script lets people say anyway is no answer; what somebody was asked about is.
            (Actor::Person(person), FactKind::Said { about, .. }) => about.is_empty() || asked(person),
            _ => false,
        };
        later.into_iter().find(answers).map(|f| f.id)
    }

    /// Before an action's own fact: the second person, if its announcement was answered. Returns the announcement.
    pub(super) fn before_action(&mut self, seat: &str, target: &str) -> Option<FactId> {
        let message = self.announcement(seat, target)?;
        if let Some(answer) = self.answered(seat, message) {
            let kind = FactKind::Guarded { guard: Guard::SecondPerson, target: target.to_owned() };
            self.emit(Actor::Seat(seat.to_owned()), kind, vec![message, answer]);
        }
        Some(message)
    }

    /// After an action's own fact: that it was announced, and the way back that it made.
    pub(super) fn after_action(
        &mut self,
        seat: &str,
        verb: &str,
        target: &str,
        action: FactId,
        announcement: Option<FactId>,
    ) {
        let by = || Actor::Seat(seat.to_owned());
        if let Some(message) = announcement {
            let kind = FactKind::Announced { action, target: target.to_owned() };
            self.emit(by(), kind, vec![message, action]);
        }
        if matches!(verb, "backup" | "verify") {
            let store = target.split(':').next().unwrap_or(target).to_owned();
            self.emit(by(), FactKind::Guarded { guard: Guard::RestorePoint, target: store }, vec![action]);
        }
    }

    /// The scored time ends later by what injects held the clock for.
    pub(super) fn held(&self) -> u64 {
        let held = self.state.fired_cards.keys().filter_map(|id| self.scenario.deck.iter().find(|c| c.id == *id));
        held.map(|c| c.allowance.0).fold(0, u64::saturating_add)
    }
}

/// Seconds of the run in which an effect made it worse that show it.
pub(super) const WORSE_SECONDS: u64 = 60;

/// Whether with an effect a tenth of all users more are affected than without it.
pub(super) fn worse(with: u64, without: u64, of: u64) -> bool {
    of > 0 && with > without && u128::from(with - without) * 10 >= u128::from(of)
}

/// When a run of worse seconds began, once it is long enough.
pub(super) fn worsened(since: &mut Option<Tick>, worse: bool, now: Tick) -> Option<Tick> {
    if !worse {
        *since = None;
        return None;
    }
    let from = *since.get_or_insert(now);
    (now.since(from) + 1 == WORSE_SECONDS).then_some(from)
}

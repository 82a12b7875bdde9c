//! On what grounds each action stood: what was on that person's screen before it, without looking at how it turned out;
//! and, apart from that, how it turned out. Words only, never points.

use super::words::text;
use crate::fact::{Actor, Fact, FactId, FactKind};
use crate::session::projection::Text;
use crate::stdx::time::Tick;

/// Looks older than this are no longer what was on a screen when an action came, in seconds.
pub const RECENT_S: u64 = 900;

/// Facts that are named at most.
const NAMED: usize = 4;

/// What an action rested on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Something about its target or the target's service was on that person's screen shortly before.
    OnScreen,
    /// Nothing about it was; it came on other grounds: experience, a runbook, somebody's word.
    Other,
}

impl Basis {
    /// The stable name in exports.
    pub fn name(self) -> &'static str {
        match self {
            Basis::OnScreen => "on_screen",
            Basis::Other => "other_grounds",
        }
    }
}

/// How it turned out, as the world shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Fewer users were affected than without it.
    Better,
    /// More were, or data was lost with it.
    Worse,
    /// Neither was seen.
    Same,
}

impl Outcome {
    /// The stable name in exports.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Better => "better",
            Outcome::Worse => "worse",
            Outcome::Same => "no_change_seen",
        }
    }
}

/// An action with its grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Grounds {
    /// The action's fact.
    pub action: FactId,
    /// Who.
    pub seat: String,
    /// What it rested on.
    pub basis: Basis,
    /// Looks that support it, the latest last, a few.
    pub seen: Vec<FactId>,
    /// How it turned out.
    pub outcome: Outcome,
    /// The fact that shows that.
    pub proof: Option<FactId>,
    /// All of it as a sentence.
    pub text: Text,
}

impl Grounds {
    /// It turned out well though nothing on the screen spoke for it.
    pub fn is_lucky(&self) -> bool {
        (self.basis, self.outcome) == (Basis::Other, Outcome::Better)
    }

    /// What was on the screen spoke for it, and it turned out badly all the same.
    pub fn is_sound(&self) -> bool {
        (self.basis, self.outcome) == (Basis::OnScreen, Outcome::Worse)
    }
}

/// The parts of a name that something seen can share: the whole, what stands before the colon, what after it.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let cut = name.split_once(':');
    [Some(name), cut.map(|c| c.0), cut.map(|c| c.1)].into_iter().flatten().filter(|p| p.len() > 1)
}

fn related(target: &str, seen: &str) -> bool {
    let under = |a: &str, b: &str| a.starts_with('/') && b.strip_prefix(a).is_some_and(|r| r.starts_with('/'));
    parts(target).any(|t| parts(seen).any(|s| t == s || under(s, t) || under(t, s)))
}

/// Whether a fact is a look of a seat that speaks for an action on a target.
fn supports(f: &Fact, by: &Actor, target: &str) -> bool {
    if f.by != *by {
        return false;
    }
    match &f.what {
        FactKind::Observed { target: seen, service, .. } => {
            related(target, seen) || service.as_deref().is_some_and(|s| related(target, s))
        }
        FactKind::Acked { service, .. } => related(target, service),
        _ => false,
    }
}

/// Every action of the trainees that changed something, in order. Pure: from the facts alone.
pub fn grounds(facts: &[Fact]) -> Vec<Grounds> {
    let mut out = Vec::new();
    for (at, f) in facts.iter().enumerate() {
        let (FactKind::Acted { target, mutating: true, .. }, Actor::Seat(seat)) = (&f.what, &f.by) else { continue };
        // What came later does not count: the grounds are those of the moment.
        let earlier = facts.get(..at).unwrap_or_default();
        let recent = earlier.partition_point(|b| f.id.tick.since(b.id.tick) > RECENT_S);
        let before = earlier.iter().skip(recent);
        let mut seen: Vec<FactId> = before.filter(|b| supports(b, &f.by, target)).map(|b| b.id).collect();
        let basis = if seen.is_empty() { Basis::Other } else { Basis::OnScreen };
        seen.drain(..seen.len().saturating_sub(NAMED));
        let (outcome, proof) = outcome(facts, at, f.id);
        let key = match (basis, outcome) {
            (Basis::OnScreen, Outcome::Better) => "grounds-seen-better",
            (Basis::OnScreen, Outcome::Worse) => "grounds-seen-worse",
            (Basis::OnScreen, Outcome::Same) => "grounds-seen-same",
            (Basis::Other, Outcome::Better) => "grounds-other-better",
            (Basis::Other, Outcome::Worse) => "grounds-other-worse",
            (Basis::Other, Outcome::Same) => "grounds-other-same",
        };
        let chips = seen.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(" ");
        let proof_text = proof.map(|p| p.to_string()).unwrap_or_default();
        let args = [("ev", f.id.to_string()), ("target", target.clone()), ("seen", chips), ("proof", proof_text)];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        out.push(Grounds { action: f.id, seat: seat.clone(), basis, seen, outcome, proof, text: text(key, &args) });
    }
    out
}

/// How an action turned out: data lost in its own tick, or what the world measured against a copy without it.
fn outcome(facts: &[Fact], at: usize, action: FactId) -> (Outcome, Option<FactId>) {
    let tick: Tick = action.tick;
    let mut better = None;
    for f in facts.iter().skip(at) {
        match &f.what {
            FactKind::DurableLoss { .. } if f.id.tick == tick => return (Outcome::Worse, Some(f.id)),
            FactKind::Worsened { action: of, .. } if *of == action => return (Outcome::Worse, Some(f.id)),
            FactKind::Relief { action: of, .. } if *of == action && better.is_none() => better = Some(f.id),
            _ => {}
        }
    }
    if better.is_some() { (Outcome::Better, better) } else { (Outcome::Same, None) }
}

//! The raw measures of one run: times from anchors nobody can move, harm, alignment; each with its evidence.

mod impact;
mod inject;
mod people;
mod step;
mod suspend;
mod words;

pub use inject::{InjectSeen, surprise};
pub use people::{HazardSeen, HelpSeen};
pub use step::Steps;
pub(super) use step::{align_kept, engaged_share};
pub use suspend::Suspended;
pub use words::{Claim, Content};

use super::curve::{EffectiveClock, minutes};
use super::model::{Mistake, Mode, Model};
use crate::fact::{Actor, Fact, FactId, FactKind, Learning, Ruling};
use crate::milestone::Occurrence;
use crate::scenario::Scenario;
use crate::stdx::rational::{Ratio, whole};
use crate::stdx::time::Tick;
use std::collections::BTreeSet;

/// A measured time in effective minutes since the impact began, and the facts behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timed {
    /// Minutes; `None` is never.
    pub x: Option<Ratio>,
    /// Facts.
    pub evidence: Vec<FactId>,
}

/// What became of one milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Milestone's id.
    pub id: String,
    /// Weight.
    pub weight: u32,
    /// Whether this run needed it.
    pub needed: bool,
    /// The occurrence that the alignment matched.
    pub matched: Option<Occurrence>,
    /// The first occurrence.
    pub first: Option<Occurrence>,
}

/// Everything that is measured of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// D1: recognised.
    pub recognise: Timed,
    /// D2: impact in words.
    pub assessed: Timed,
    /// D3: severity in force at the end of its window, and its fact.
    pub severity: Option<(u8, FactId)>,
    /// G1–G3: the last statement of a cause.
    pub claim: Option<Claim>,
    /// G4: first statement that overlaps the truth and is not much longer than it.
    pub first_cause: Timed,
    /// When the cause was first stated with a true component.
    pub cause_at: Option<Tick>,
    /// G5: a hypothesis and the look that tested it.
    pub tested: Option<(FactId, FactId)>,
    /// M1: the affected share came down for good.
    pub mitigated: Timed,
    /// The same as a tick.
    pub mitigated_at: Option<Tick>,
    /// M2: first relief.
    pub relief: Timed,
    /// When relief began.
    pub relief_at: Option<Tick>,
    /// M3: a look as a user, and the message about it.
    pub verified: (Option<FactId>, Option<FactId>),
    /// M4: closed after the relief.
    pub closed: Option<FactId>,
    /// M5: follow-ups with an owner.
    pub followups: Vec<FactId>,
    /// C1: first internal note.
    pub internal: Timed,
    /// C2: first external update.
    pub external: Timed,
    /// C3: minutes of silence beyond the agreed rhythm while users were affected.
    pub silence: Ratio,
    /// C3: the longest gap in minutes.
    pub longest_gap: Ratio,
    /// C3, C4: external updates.
    pub updates: Vec<FactId>,
    /// C4: fields of the best update, and of the best one after the relief.
    pub content: Content,
    /// C5: closing message.
    pub closing: Option<FactId>,
    /// O1: declared.
    pub declared: Timed,
    /// O2: roles that somebody was named for.
    pub roles: Vec<(String, FactId)>,
    /// O3: one a need point.
    pub help: Vec<HelpSeen>,
    /// O4: whether it was over before the end of the shift, and the first handover after that anchor's start.
    pub handover: (bool, Timed),
    /// O5: mutating actions that nobody announced.
    pub unannounced: Vec<FactId>,
    /// O5: announcements of the others.
    pub announced: Vec<FactId>,
    /// S1: hazardous actions.
    pub hazards: Vec<HazardSeen>,
    /// S1: the loss.
    pub loss: Ratio,
    /// H1: user-minutes, durable loss included.
    pub harm: Ratio,
    /// User-minutes of it that data lost for good counts for.
    pub lost: Ratio,
    /// Facts that the harm is read from.
    pub harm_evidence: Vec<FactId>,
    /// User-minutes if nobody responds; `None` if the stream does not say.
    pub hands_off: Option<Ratio>,
    /// Affected users over time, injects removed.
    pub curve: Vec<(Tick, u64)>,
    /// The same if nobody responds.
    pub hands_off_curve: Vec<(Tick, u64)>,
    /// Population.
    pub of: u64,
    /// Engagement, 0 to 1, and its facts.
    pub engagement: (Ratio, Vec<FactId>),
    /// Milestones in the scenario's order.
    pub milestones: Vec<Seen>,
    /// Cost and weight of the alignment.
    pub aligned: (u64, u64),
    /// Facts that the alignment matched.
    pub aligned_evidence: Vec<FactId>,
    /// The injects' ledger.
    pub injects: Vec<InjectSeen>,
    /// Checks and milestones that an inject made impossible for the whole of their window.
    pub suspended: Vec<Suspended>,
    /// Learning marks.
    pub learned: Vec<(Learning, FactId)>,
    /// Nudges: rung and fact.
    pub hints: Vec<(u8, FactId)>,
    /// Rulings of the GM: what, of what, and their fact.
    pub rulings: Vec<(Ruling, String, FactId)>,
    /// Impact start and end of the scored time, as ticks.
    pub window: (Tick, Tick),
    /// Where the clock was held: from and to, in ticks.
    pub held: Vec<(u64, u64)>,
    /// Looks, for the wrong variant that counts them.
    pub looks: u64,
    /// Letters written, for the wrong variant that counts them.
    pub letters: u64,
}

/// What all measures share.
pub(super) struct Frame<'a> {
    pub model: &'a Model,
    pub scenario: &'a Scenario,
    pub facts: &'a [Fact],
    /// Facts of the trainees.
    pub ours: Vec<&'a Fact>,
    pub clock: EffectiveClock,
    /// How fast the clock ran: effective seconds from which on it did, and the factor.
    pub pace: Vec<(u64, u32)>,
    pub anchor: Tick,
    pub horizon: Tick,
}

impl<'a> Frame<'a> {
    fn new(model: &'a Model, scenario: &'a Scenario, facts: &'a [Fact]) -> Frame<'a> {
        let held = EffectiveClock::of(facts);
        // The horizon is effective time: what an inject took is added at the end, whatever the wrong variant does.
        let mut horizon = scenario.horizon.tick(scenario.opens).unwrap_or_default().plus(held.held_seconds());
        let clock = if model.mistake == Some(Mistake::ThawOnClose) { inject::thawed(facts, &held) } else { held };
        if model.mistake == Some(Mistake::EarlyExit) {
            let end = facts.iter().find(|f| matches!(f.what, FactKind::Ended)).map(|f| f.id.tick);
            horizon = end.map_or(horizon, |e| e.min(horizon));
        }
        Frame {
            ours: facts.iter().filter(|f| f.by.is_responder()).collect(),
            anchor: scenario.truth.impact.tick(scenario.opens).unwrap_or_default(),
            pace: pace(facts, &clock),
            model,
            scenario,
            facts,
            clock,
            horizon,
        }
    }

    /// The minutes that people had between two moments of effective time: where the game master let the clock run faster, a
    /// minute of the scenario was less than one of theirs (SCORING §2.4). Reading and writing take people's time.
    pub fn attended(&self, from_s: u64, to_s: u64) -> Ratio {
        if self.model.mistake == Some(Mistake::RushedPeople) {
            return minutes(to_s.saturating_sub(from_s));
        }
        let (mut sum, mut at, mut factor) = (whole(0), from_s, 1);
        for (since, next) in &self.pace {
            let until = (*since).clamp(at, to_s.max(at));
            sum += minutes(until - at) / whole(i64::from(factor));
            (at, factor) = (until, *next);
        }
        sum + minutes(to_s.saturating_sub(at)) / whole(i64::from(factor))
    }

    /// People's minutes since users were first affected, at least 0.
    pub fn attended_since(&self, t: Tick) -> Ratio {
        self.attended(self.clock.seconds(self.anchor), self.clock.seconds(t))
    }

    /// A fact's time as people's minutes.
    pub fn reacted(&self, fact: Option<&Fact>) -> Timed {
        fact.map_or_else(Timed::default, |f| Timed { x: Some(self.attended_since(f.id.tick)), evidence: vec![f.id] })
    }

    /// Effective minutes since users were first affected, at least 0.
    pub fn since(&self, t: Tick) -> Ratio {
        let from = if self.model.mistake == Some(Mistake::FromOpening) { Tick(0) } else { self.anchor };
        self.between(from, t)
    }

    /// Effective minutes from one tick to a later one, at least 0.
    pub fn between(&self, from: Tick, to: Tick) -> Ratio {
        minutes(self.clock.seconds(to).saturating_sub(self.clock.seconds(from)))
    }

    /// Minutes for a deadline: effective, as every time is.
    pub fn deadline(&self, t: Tick) -> Ratio {
        if self.model.mistake == Some(Mistake::WallDeadlines) {
            return minutes(t.0.saturating_sub(self.anchor.0));
        }
        self.since(t)
    }

    pub fn timed(&self, fact: Option<&Fact>) -> Timed {
        match fact {
            Some(f) => Timed { x: Some(self.since(f.id.tick)), evidence: vec![f.id] },
            None => Timed::default(),
        }
    }

    /// The first fact of the trainees that a test picks.
    pub fn first(&self, test: impl Fn(&FactKind) -> bool) -> Option<&'a Fact> {
        self.ours.iter().find(|f| test(&f.what)).copied()
    }
}

/// How fast the game master let the clock run, from when on.
fn pace(facts: &[Fact], clock: &EffectiveClock) -> Vec<(u64, u32)> {
    let set = facts.iter().filter_map(|f| match f.what {
        FactKind::SpeedSet { factor } if f.by == Actor::Gm => Some((clock.seconds(f.id.tick), factor.max(1))),
        _ => None,
    });
    set.collect()
}

/// Measures a run as a team's. Total: an empty stream has measures too.
pub fn measure(scenario: &Scenario, facts: &[Fact]) -> Measures {
    let model = Model::of(scenario, Mode::Team);
    measure_with(&model, scenario, facts, Steps::of(scenario, facts))
}

/// Measures a run with a model and what the matcher saw of its milestones.
pub fn measure_with(model: &Model, scenario: &Scenario, facts: &[Fact], mut steps: Steps) -> Measures {
    let frame = Frame::new(model, scenario, facts);
    let impact = frame.impact();
    let relief = frame.relief();
    let mitigated_at = impact.mitigated_at;
    let (look, post) = frame.verified(mitigated_at);
    steps.rule(model, scenario, facts);
    let suspended = frame.suspended();
    for (at, _) in scenario.milestones.iter().enumerate().filter(|(_, m)| suspended.iter().any(|s| s.of == m.id)) {
        steps.void(at);
    }
    let (milestones, aligned, aligned_evidence) = steps.alignment(&frame);
    let engagement = steps.engagement(&frame, relief.as_ref().map(|r| (r.at, r.action)));
    let (silence, longest_gap, updates) = frame.silence(impact.end);
    let (unannounced, announced) = frame.announced();
    let hazards = frame.hazards();
    let claim = frame.claim();
    let cause_at = frame.cause_at();
    let mut relief_timed = relief
        .as_ref()
        .map_or_else(Timed::default, |r| Timed { x: Some(frame.since(r.at)), evidence: vec![r.action, r.fact] });
    let recognise = frame.recognise();
    match (model.mistake, &mut relief_timed.x) {
        (Some(Mistake::OwnAnchor), Some(x)) => {
            let from = recognise.x.clone().unwrap_or_else(|| whole(0));
            *x = (&*x - from).max(whole(0));
        }
        (Some(Mistake::ReliefBeforeCause), x) if cause_at.zip(relief.as_ref()).is_some_and(|(c, r)| c <= r.at) => {
            *x = None;
        }
        _ => {}
    }
    let loss = match (model.mistake, hazards.last()) {
        (Some(Mistake::LastHazardOnly), Some(last)) => last.loss(),
        _ => hazards.iter().fold(whole(0), |a, h| a + h.loss()),
    };
    Measures {
        assessed: frame.assessed(),
        severity: frame.severity(),
        first_cause: frame.first_cause(),
        tested: frame.tested(),
        mitigated: impact.mitigated,
        verified: (look, post),
        closed: frame.after(mitigated_at, |k| matches!(k, FactKind::Resolved)),
        followups: frame.followups(),
        internal: frame.internal(),
        external: frame.external(),
        content: frame.content(mitigated_at),
        closing: frame.closing(mitigated_at),
        declared: frame.reacted(frame.first(|k| matches!(k, FactKind::Declared { .. }))),
        roles: frame.roles(),
        help: frame.help(mitigated_at, &steps_evidence(mitigated_at, &impact.evidence_at)),
        handover: frame.handover(mitigated_at),
        harm: impact.harm,
        lost: impact.lost,
        harm_evidence: impact.evidence,
        hands_off: impact.hands_off,
        curve: impact.points,
        hands_off_curve: impact.hands_off_points,
        of: impact.of,
        injects: frame.injects(),
        suspended,
        learned: frame.learned(),
        hints: frame.hints(),
        rulings: frame.rulings(),
        window: (frame.anchor, frame.horizon),
        held: frame.clock.bands().to_vec(),
        looks: frame.ours.iter().filter(|f| matches!(f.what, FactKind::Observed { .. })).count() as u64,
        letters: frame.letters(),
        relief_at: relief.as_ref().map(|r| r.at),
        relief: relief_timed,
        recognise,
        claim,
        cause_at,
        mitigated_at,
        silence,
        longest_gap,
        updates,
        unannounced,
        announced,
        hazards,
        loss,
        engagement,
        milestones,
        aligned,
        aligned_evidence,
    }
}

fn steps_evidence(mitigated: Option<Tick>, at: &[FactId]) -> Vec<FactId> {
    if mitigated.is_some() { at.to_vec() } else { Vec::new() }
}

/// Whether `name` is `service` or one of its endpoints.
pub(super) fn covers(service: &str, name: &str) -> bool {
    name == service || name.strip_prefix(service).is_some_and(|rest| rest.starts_with(':'))
}

pub(super) fn unique(ids: Vec<FactId>) -> Vec<FactId> {
    let mut met = BTreeSet::new();
    ids.into_iter().filter(|id| met.insert(*id)).collect()
}

//! The compiled predicate: a small tree whose nodes remember what they saw. Plain data, part of a session's digest.

use super::{MatchContext, event};
use crate::fact::{Fact, FactId, FactKind};
use crate::scenario::Predicate;
use crate::stdx::rational::{Exact, Ratio, whole};
use crate::stdx::time::Tick;
use num_bigint::BigInt;
use serde::Serialize;

/// What moves a tree on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    /// Where the clock stands.
    pub tick: Tick,
    /// A fact that counts at this tick.
    pub fact: Option<&'a Fact>,
    /// It begins to count: states that hold now occur now.
    pub opens: bool,
    /// Before a `Since` opened: states follow, events do not count.
    pub primes: bool,
}

impl<'a> Step<'a> {
    /// The clock alone moves.
    pub(super) fn clock(tick: Tick) -> Step<'a> {
        Step { tick, fact: None, opens: false, primes: false }
    }

    /// A fact that counts.
    pub(super) fn fact(fact: &'a Fact, tick: Tick) -> Step<'a> {
        Step { fact: Some(fact), ..Step::clock(tick) }
    }

    /// Counting begins here.
    pub(super) fn open(tick: Tick) -> Step<'a> {
        Step { opens: true, ..Step::clock(tick) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Node {
    kind: Kind,
    holds: bool,
    evidence: Vec<FactId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
enum Kind {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    After(Tick),
    Since {
        open: bool,
        gate: Box<Node>,
        then: Box<Node>,
    },
    Delay {
        by: u64,
        due: Option<Tick>,
        first: Box<Node>,
    },
    /// How often something occurred, and on what.
    Times {
        least: usize,
        distinct: bool,
        on: Vec<String>,
        of: Box<Node>,
    },
    /// A state since when, and for how long it has to last.
    Lasts {
        by: u64,
        since: Option<Tick>,
        that: Box<Node>,
    },
    /// The share of affected users is at most (or above) this.
    Share {
        limit: Exact,
        above: bool,
    },
    /// The share came down to the limit and stays there to the horizon. `start` is the fact that brought it down last.
    Sustained {
        limit: Exact,
        horizon: Tick,
        exceeded: bool,
        start: Option<FactId>,
    },
    /// The same where the stream is complete: the start is known.
    Start(Option<FactId>),
    Running {
        service: String,
        release: String,
    },
    Event(Predicate),
    Never,
}

/// What a fact is about, or who it is by where it names nothing.
fn place(fact: &Fact) -> String {
    match &fact.what {
        FactKind::Observed { target, .. } | FactKind::Acted { target, .. } | FactKind::Refused { target, .. } => {
            target.clone()
        }
        FactKind::Said { channel, .. } => format!("{channel:?}"),
        FactKind::Acked { page, .. } => page.to_string(),
        FactKind::AlertFired { alert, .. } => alert.clone(),
        FactKind::Called { person, .. } | FactKind::Joined { person } => person.clone(),
        _ => crate::fact::words::who(&fact.by).to_owned(),
    }
}

/// Affected users as an exact share; nobody of nobody is 0.
pub(super) fn share(n: u64, of: u64) -> Ratio {
    if of == 0 { whole(0) } else { Ratio::new(BigInt::from(n), BigInt::from(of)) }
}

impl Node {
    fn new(kind: Kind) -> Node {
        Node { kind, holds: false, evidence: Vec::new() }
    }

    /// `open` holds the milestones being compiled, so that a circle of `Since` ends instead of growing for ever.
    pub(super) fn compile(predicate: &Predicate, ctx: &MatchContext, open: &mut Vec<String>) -> Node {
        let many = |parts: &[Predicate], open: &mut Vec<String>| {
            parts.iter().map(|p| Node::compile(p, ctx, open)).collect::<Vec<_>>()
        };
        match predicate {
            Predicate::All(parts) => Node::new(Kind::All(many(parts, open))),
            Predicate::Any(parts) => Node::new(Kind::Any(many(parts, open))),
            Predicate::Not(p) => Node::new(Kind::Not(Box::new(Node::compile(p, ctx, open)))),
            Predicate::After(at) => Node::new(Kind::After(at.tick(ctx.opens).unwrap_or_default())),
            Predicate::Since { milestone, then } => {
                let gate = match ctx.milestones.get(milestone) {
                    Some(when) if !open.contains(milestone) => {
                        open.push(milestone.clone());
                        let gate = Node::compile(when, ctx, open);
                        open.pop();
                        gate
                    }
                    _ => Node::new(Kind::Never),
                };
                let then = Box::new(Node::compile(then, ctx, open));
                Node::new(Kind::Since { open: false, gate: Box::new(gate), then })
            }
            Predicate::Delay { by, first } => {
                let first = Box::new(Node::compile(first, ctx, open));
                Node::new(Kind::Delay { by: by.0, due: None, first })
            }
            Predicate::UsersAffected { at_most, sustained: true } => Node::new(Kind::Sustained {
                limit: at_most.clone(),
                horizon: ctx.horizon,
                exceeded: false,
                start: None,
            }),
            Predicate::UsersAffected { at_most, sustained: false } => {
                // Nobody is affected until the world says so.
                Node { holds: true, ..Node::new(Kind::Share { limit: at_most.clone(), above: false }) }
            }
            Predicate::Times { at_least, distinct, of } => {
                let of = Box::new(Node::compile(of, ctx, open));
                let least = usize::try_from(*at_least).unwrap_or(usize::MAX);
                Node::new(Kind::Times { least, distinct: *distinct, on: Vec::new(), of })
            }
            Predicate::Lasts { by, that } => {
                let that = Box::new(Node::compile(that, ctx, open));
                Node::new(Kind::Lasts { by: by.0, since: None, that })
            }
            Predicate::Impact { above } => Node::new(Kind::Share { limit: above.clone(), above: true }),
            Predicate::Running { service, release } => {
                let holds = ctx.running.get(service) == Some(release);
                Node { holds, ..Node::new(Kind::Running { service: service.clone(), release: release.clone() }) }
            }
            event => Node::new(Kind::Event(event.clone())),
        }
    }

    pub(super) fn holds(&self) -> bool {
        self.holds
    }

    /// Facts that prove the latest occurrence.
    pub(super) fn evidence(&self) -> Vec<FactId> {
        match &self.kind {
            Kind::All(parts) => parts.iter().flat_map(Node::evidence).collect(),
            Kind::Since { gate, then, .. } => gate.evidence().into_iter().chain(then.evidence()).collect(),
            Kind::Delay { first, .. } => first.evidence(),
            Kind::Lasts { that, .. } => that.evidence(),
            _ => self.evidence.clone(),
        }
    }

    /// The next tick at which time alone changes it.
    pub(super) fn deadline(&self) -> Option<Tick> {
        match &self.kind {
            Kind::All(parts) | Kind::Any(parts) => parts.iter().filter_map(Node::deadline).min(),
            Kind::Not(part) => part.deadline(),
            Kind::After(at) => (!self.holds).then_some(*at),
            Kind::Since { open: true, then, .. } => then.deadline(),
            Kind::Since { gate, then, .. } => [gate.deadline(), then.deadline()].into_iter().flatten().min(),
            Kind::Delay { due, first, .. } if !self.holds => due.or_else(|| first.deadline()),
            Kind::Times { of, .. } => of.deadline(),
            Kind::Lasts { by, since, that } => {
                let due = since.filter(|_| !self.holds).map(|s| s.plus(*by));
                due.into_iter().chain(that.deadline()).min()
            }
            Kind::Sustained { horizon, start, .. } => (start.is_some() && !self.holds).then_some(*horizon),
            _ => None,
        }
    }

    /// Takes one step; whether it occurs at it.
    pub(super) fn step(&mut self, step: &Step<'_>) -> bool {
        let was = self.holds;
        let impact = match step.fact {
            Some(Fact { id, what: FactKind::Impact { n, of }, .. }) => Some((*id, share(*n, *of))),
            _ => None,
        };
        let mut occurred = false;
        match &mut self.kind {
            Kind::Event(predicate) => {
                if let (Some(fact), false) = (step.fact, step.primes)
                    && event::matches(predicate, fact)
                {
                    self.evidence = match &fact.what {
                        FactKind::Relief { action, .. } => vec![*action, fact.id],
                        _ => vec![fact.id],
                    };
                    self.holds = true;
                    return true;
                }
                return false;
            }
            Kind::All(parts) => {
                // Every part takes the step: no short cut, or a part would forget what it saw.
                occurred = parts.iter_mut().fold(false, |any, p| p.step(step) | any);
                self.holds = parts.iter().all(Node::holds);
            }
            Kind::Any(parts) => {
                for part in parts.iter_mut() {
                    if part.step(step) && !occurred {
                        occurred = true;
                        self.evidence = part.evidence();
                    }
                }
                self.holds = parts.iter().any(Node::holds);
                return occurred;
            }
            Kind::Not(part) => {
                // An absence looks at the whole session, also at what came before a `Since`.
                part.step(&Step { primes: false, ..*step });
                self.holds = !part.holds;
            }
            Kind::After(at) => self.holds = self.holds || step.tick >= *at,
            Kind::Delay { by, due, first } => {
                if due.is_none() {
                    first.step(step);
                    if first.holds && !step.primes {
                        *due = Some(step.tick.plus(*by));
                    }
                }
                self.holds = self.holds || due.is_some_and(|d| step.tick >= d);
            }
            Kind::Times { least, distinct, on, of } => {
                if of.step(step) && !step.primes {
                    let place = step.fact.map(place).unwrap_or_default();
                    if !*distinct || !on.contains(&place) {
                        on.push(place);
                        self.evidence.extend(of.evidence());
                        occurred = on.len() >= *least;
                    }
                }
                self.holds = on.len() >= *least;
                return occurred;
            }
            Kind::Lasts { by, since, that } => {
                that.step(step);
                *since = if that.holds { since.or(Some(step.tick)) } else { None };
                self.holds = since.is_some_and(|s| step.tick >= s.plus(*by));
            }
            Kind::Since { open, gate, then } => {
                if *open {
                    occurred = then.step(step);
                } else if gate.step(&Step { primes: false, ..*step }) {
                    *open = true;
                    occurred = then.step(step);
                    if !step.primes {
                        occurred |= then.step(&Step::open(step.tick));
                    }
                } else {
                    then.step(&Step { primes: true, opens: false, ..*step });
                }
                self.holds = *open && then.holds;
                return occurred && self.holds;
            }
            Kind::Share { limit, above } => {
                if let Some((id, share)) = impact {
                    self.holds = if *above { share > limit.0 } else { share <= limit.0 };
                    if self.holds != was {
                        self.evidence = vec![id];
                    }
                }
            }
            Kind::Sustained { limit, horizon, exceeded, start } => {
                if let Some((id, share)) = impact {
                    if share > limit.0 {
                        (*exceeded, *start) = (true, None);
                    } else if *exceeded && start.is_none() {
                        *start = Some(id);
                    }
                }
                self.holds = start.is_some() && step.tick >= *horizon;
                self.evidence = start.iter().copied().collect();
            }
            Kind::Start(start) => {
                if let (Some(fact), Some(start)) = (step.fact, *start)
                    && fact.id == start
                {
                    self.holds = true;
                    self.evidence = vec![start];
                }
            }
            Kind::Running { service, release } => {
                if let Some(Fact { id, what: FactKind::Deployed { service: of, release: to, stage }, .. }) = step.fact
                    && of == service
                    && stage == "production"
                {
                    self.holds = to == release;
                    self.evidence = vec![*id];
                    return self.holds && !step.primes;
                }
                // What runs from the opening on is a state but no occurrence: nothing happened.
                return self.holds && step.opens && !self.evidence.is_empty();
            }
            Kind::Never => {}
        }
        self.holds && !step.primes && (occurred || !was || step.opens)
    }

    /// Replaces `sustained` by its known start, for a finished stream: `start` tells it for a limit.
    pub(super) fn settle(&mut self, start: &dyn Fn(&Ratio) -> Option<FactId>) {
        match &mut self.kind {
            Kind::All(parts) | Kind::Any(parts) => parts.iter_mut().for_each(|p| p.settle(start)),
            Kind::Not(part) => part.settle(start),
            Kind::Since { gate, then, .. } => {
                gate.settle(start);
                then.settle(start);
            }
            Kind::Delay { first, .. } => first.settle(start),
            Kind::Times { of, .. } => of.settle(start),
            Kind::Lasts { that, .. } => that.settle(start),
            Kind::Sustained { limit, .. } => {
                let start = start(&limit.0);
                self.kind = Kind::Start(start);
            }
            _ => {}
        }
    }
}

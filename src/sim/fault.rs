//! Faults in a world: asleep, awake or resting; how each takes its course.

use crate::fact::FactKind;
use crate::scenario::{Course, Fault, Wake, fault_words};
use crate::sim::World;
use crate::sim::change::Carried;
use crate::stdx::rational::{Exact, Ratio, ratio};
use crate::stdx::time::Span;
use serde::Serialize;

/// A fault in the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Ailment {
    pub fault: Fault,
    pub course: Course,
    pub state: Phase,
    /// Millionths of its size that there are of it now, while it rises or falls.
    #[serde(skip_serializing_if = "is_whole")]
    pub part: u32,
}

/// All of a fault's size, in millionths.
const WHOLE: u32 = 1_000_000;

fn is_whole(part: &u32) -> bool {
    *part == WHOLE
}

/// What a fault does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Phase {
    /// Begins at this tick.
    Due(u64),
    /// Until what wakes it happens.
    Asleep,
    /// At work since this tick.
    Awake(u64),
    /// Between two pulses; back at this tick. `since` is when it first woke.
    Resting { back: u64, since: u64 },
}

impl Ailment {
    /// A fault that is all there as long as it does not rise.
    pub fn new(fault: Fault, course: Course, state: Phase) -> Ailment {
        let part = if course.rise.is_some() { 0 } else { WHOLE };
        Ailment { fault, course, state, part }
    }

    /// Its dial, above 0 and at most 1.
    pub fn severity(&self) -> f64 {
        (self.course.severity.to_f64() * f64::from(self.part) / f64::from(WHOLE)).clamp(1e-6, 1.0)
    }

    /// Whether there is more or less of it from second to second.
    pub fn moves(&self) -> bool {
        self.course.rise.is_some() || self.course.fall.is_some()
    }

    /// Whether it has begun and there is more of it still to come.
    pub fn grows(&self, now: u64) -> bool {
        let young = |since: u64| self.course.rise.is_some_and(|rise| now.saturating_sub(since) < rise.0);
        matches!(self.state, Phase::Awake(since) if young(since))
    }

    /// The same exactly.
    pub fn exact_severity(&self) -> Ratio {
        &self.course.severity.0 * ratio(i64::from(self.part), i64::from(WHOLE))
    }

    /// Millionths of its size so long after it began.
    fn part_after(&self, seconds: u64) -> u32 {
        let of = |n: u64, whole: Span| (n.min(whole.0) * u64::from(WHOLE) / whole.0.max(1)) as u32;
        let risen = self.course.rise.map_or(WHOLE, |rise| of(seconds, rise));
        let left = match (self.course.lasts, self.course.fall) {
            (Some(lasts), Some(fall)) => of(lasts.0.saturating_sub(seconds), fall),
            _ => WHOLE,
        };
        risen.min(left)
    }
}

/// Every fault of a world, in the order in which they came; and those that versions, flags and jobs carry.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Ailments(Vec<Ailment>, Vec<Ailment>);

impl Ailments {
    /// Those at work.
    pub fn awake(&self) -> impl Iterator<Item = &Ailment> {
        self.0.iter().filter(|a| matches!(a.state, Phase::Awake(_))).chain(&self.1)
    }

    /// Whether any has begun and not ended, one that rests between two pulses too.
    fn any_begun(&self) -> bool {
        let begun = |a: &Ailment| matches!(a.state, Phase::Awake(_) | Phase::Resting { .. });
        self.0.iter().any(begun)
    }

    /// All, in the order in which they came.
    pub fn all(&self) -> &[Ailment] {
        &self.0
    }

    /// Takes out those on which `out` says so.
    pub fn take(&mut self, out: impl Fn(&Ailment) -> bool) -> Vec<Ailment> {
        let (gone, kept) = self.0.drain(..).partition(out);
        self.0 = kept;
        gone
    }

    pub fn push(&mut self, a: Ailment) {
        self.0.push(a);
    }

    /// Moves the clock back by so many ticks: the prehistory is over.
    pub fn rebase(&mut self, past: u64) {
        for a in &mut self.0 {
            a.state = match a.state {
                Phase::Due(t) => Phase::Due(t.saturating_sub(past)),
                Phase::Asleep => Phase::Asleep,
                Phase::Awake(t) => Phase::Awake(t.saturating_sub(past)),
                Phase::Resting { back, since } => {
                    Phase::Resting { back: back.saturating_sub(past), since: since.saturating_sub(past) }
                }
            };
        }
    }
}

/// Whether two faults are the same defect on the same component, whatever their size.
pub(super) fn same_fault(a: &Fault, b: &Fault) -> bool {
    if let (Fault::Capacity(a), Fault::Capacity(b)) = (a, b) {
        return a.same(b);
    }
    // Sizes are numbers with a unit or fractions; names are what is left.
    const SIZES: [&str; 24] = [
        "ms",
        "ppm",
        "zone_min",
        "every",
        "timeout",
        "slots",
        "percent",
        "items",
        "bytes_per_s",
        "share",
        "factor",
        "severity",
        "by",
        "rate",
        "per_s",
        "per_minute",
        "limit",
        "rows",
        "cores",
        "size",
        "amount",
        "count",
        "offset",
        "latency",
    ];
    let named = |f: &Fault| {
        let (kind, fields) = fault_words(f);
        (kind, fields.into_iter().filter(|(n, _)| !SIZES.contains(n)).collect::<Vec<_>>())
    };
    std::mem::discriminant(a) == std::mem::discriminant(b) && named(a) == named(b)
}

impl World {
    /// Whether anything is wrong that a fault can hide behind.
    fn is_ill(&self) -> bool {
        self.ailments.any_begun() || self.change.brings_faults()
    }

    /// Puts a fault into the world; the same one on the same component is replaced.
    pub(super) fn begin(&mut self, fault: &Fault, course: &Course, facts: &mut Vec<FactKind>) {
        let replaced = self.ailments.take(|a| same_fault(&a.fault, fault));
        for a in replaced.iter().filter(|a| matches!(a.state, Phase::Awake(_))) {
            self.ends(&a.fault, facts);
        }
        let sleeps = course.wakes.is_some() || (course.behind && self.is_ill());
        let state = if sleeps { Phase::Asleep } else { Phase::Awake(self.tick) };
        let ailment = Ailment::new(fault.clone(), course.clone(), state);
        if !sleeps {
            self.starts(&ailment, facts);
        }
        self.ailments.push(ailment);
    }

    /// Ends the faults on which `which` says so; whether there were any. One that recurs comes back later, and what is yet to
    /// come comes all the same.
    pub(super) fn cure(&mut self, which: impl Fn(&Fault) -> bool, facts: &mut Vec<FactKind>) -> bool {
        self.end_those(|a| !matches!(a.state, Phase::Due(_)) && which(&a.fault), facts)
    }

    /// A unit that was started runs: whoever started it has dealt with what made it die, unless that comes again and again. What
    /// sleeps until it starts is still to come.
    pub(super) fn survived(&mut self, host: &str, unit: &str, facts: &mut Vec<FactKind>) {
        let dead = |f: &Fault| matches!(f, Fault::Crash { host: h, unit: u } if h == host && u == unit);
        let over = |a: &Ailment| matches!(a.state, Phase::Awake(_)) && a.course.pulse.is_none() && dead(&a.fault);
        self.end_those(over, facts);
    }

    fn end_those(&mut self, which: impl Fn(&Ailment) -> bool, facts: &mut Vec<FactKind>) -> bool {
        let gone = self.ailments.take(which);
        for a in &gone {
            if matches!(a.state, Phase::Awake(_)) {
                self.ends(&a.fault, facts);
            }
            if let Some(again) = a.course.again {
                self.ailments.push(Ailment { state: Phase::Due(self.tick + again.0.max(1)), ..a.clone() });
            }
        }
        !gone.is_empty()
    }

    /// Faults take their course: they begin when due, heal, pulse, and show when what hid them is gone.
    pub(super) fn ail(&mut self, facts: &mut Vec<FactKind>) {
        let now = self.tick;
        if self.ailments.all().is_empty() {
            return;
        }
        // Of several that hide, one shows at a time.
        let mut hides = self.is_ill();
        let mut all = std::mem::take(&mut self.ailments.0);
        let (mut healed, mut turned) = (Vec::new(), Vec::new());
        for a in &mut all {
            let before = a.state;
            let since = match a.state {
                Phase::Due(t) if t <= now && (a.course.wakes.is_some() || (a.course.behind && hides)) => {
                    a.state = Phase::Asleep;
                    continue;
                }
                Phase::Due(t) if t <= now => {
                    a.state = Phase::Awake(now);
                    now
                }
                Phase::Asleep if a.course.wakes.is_none() && a.course.behind && !hides => {
                    a.state = Phase::Awake(now);
                    hides = true;
                    now
                }
                Phase::Due(_) | Phase::Asleep => continue,
                Phase::Awake(since) | Phase::Resting { since, .. } => since,
            };
            if a.course.lasts.is_some_and(|s| now.saturating_sub(since) >= s.0) {
                healed.push(a.clone());
                continue;
            }
            if let Some((on, off)) = a.course.pulse {
                let round = (on.0 + off.0).max(1);
                let at = now.saturating_sub(since) % round;
                a.state =
                    if at < on.0 { Phase::Awake(since) } else { Phase::Resting { back: now + round - at, since } };
            }
            let part = a.part_after(now.saturating_sub(since));
            let turns = std::mem::replace(&mut a.part, part) != part;
            match (before, a.state) {
                (Phase::Awake(_), Phase::Awake(_)) if turns => turned.push(a.clone()),
                (Phase::Awake(_), Phase::Resting { .. }) => self.ends(&a.fault, facts),
                (Phase::Due(_) | Phase::Asleep | Phase::Resting { .. }, Phase::Awake(_)) => self.starts(a, facts),
                _ => {}
            }
        }
        // What began or ended on the way may have put faults in too.
        let more = std::mem::take(&mut self.ailments.0);
        all.retain(|a| !healed.contains(a));
        self.ailments.0 = all.into_iter().chain(more).collect();
        for a in &turned {
            self.turn(a, facts);
        }
        for a in healed {
            if matches!(a.state, Phase::Awake(_)) {
                self.ends(&a.fault, facts);
            }
            if let Some(again) = a.course.again {
                self.ailments.push(Ailment { state: Phase::Due(now + again.0.max(1)), ..a });
            }
        }
    }

    /// Wakes the faults that slept until this.
    pub(super) fn wake(&mut self, by: &Wake, facts: &mut Vec<FactKind>) {
        let sleeps = |a: &Ailment| a.state == Phase::Asleep && a.course.wakes.as_ref() == Some(by);
        if !self.ailments.all().iter().any(sleeps) {
            return;
        }
        let now = self.tick;
        let mut woken = Vec::new();
        for a in self.ailments.0.iter_mut().filter(|a| sleeps(a)) {
            (a.state, a.part) = (Phase::Awake(now), a.part_after(0));
            woken.push(a.clone());
        }
        for a in woken {
            self.starts(&a, facts);
        }
    }

    /// What a fault does once when it begins to work; what it does all the time is pressed on the flow, or in its phase.
    fn starts(&mut self, a: &Ailment, facts: &mut Vec<FactKind>) {
        self.pressure.holds = false;
        match &a.fault {
            Fault::Crash { host, unit } => self.crash(host, unit, facts),
            Fault::Net(fault) => self.net.begin(fault, a.severity(), self.utc(), facts),
            Fault::Capacity(fault) => {
                let plan = std::sync::Arc::clone(&self.plan);
                self.capacity.begin(&plan.capacity, fault, a.severity());
            }
            Fault::Change(change) => self.begin_change(change, a.severity(), facts),
            Fault::Store(fault) => self.weigh_store(fault, Some(a.severity())),
            _ => {}
        }
    }

    /// There is more or less of a fault that is at work.
    fn turn(&mut self, a: &Ailment, facts: &mut Vec<FactKind>) {
        self.pressure.holds = false;
        match &a.fault {
            Fault::Net(fault) => self.net.dial(fault, a.severity(), self.utc()),
            Fault::Crash { .. } => {}
            _ => self.starts(a, facts),
        }
    }

    /// What the end of a fault undoes.
    fn ends(&mut self, fault: &Fault, facts: &mut Vec<FactKind>) {
        self.pressure.holds = false;
        match fault {
            Fault::Crash { host, unit } => self.uncrash(host, unit, facts),
            Fault::Net(fault) => self.net.end(fault, self.utc(), facts),
            Fault::Capacity(fault) => {
                let plan = std::sync::Arc::clone(&self.plan);
                self.capacity.end(&plan.capacity, fault);
            }
            Fault::Change(change) => self.end_change(change, facts),
            Fault::Store(fault) => self.weigh_store(fault, None),
            _ => {}
        }
    }

    /// Brings the faults that versions, flags and jobs carry into line with what there is of each now.
    pub(super) fn carry(&mut self, now: &[Carried], facts: &mut Vec<FactKind>) {
        let old = std::mem::take(&mut self.ailments.1);
        for a in old.iter().filter(|a| now.iter().all(|c| c.fault != a.fault)) {
            self.ends(&a.fault, facts);
        }
        let mut all = Vec::with_capacity(now.len());
        for c in now {
            let millionths = (c.severity.clamp(1e-6, 1.0) * 1e6 + 0.5) as i64;
            let course = Course { severity: Exact(ratio(millionths, 1_000_000)), ..Course::default() };
            let before = old.iter().find(|a| a.fault == c.fault);
            let state = before.map_or(Phase::Awake(self.tick), |a| a.state);
            let ailment = Ailment::new(c.fault.clone(), course, state);
            // Whoever keeps the dial hears of every turn; what happens once happens at the beginning.
            match before {
                None => self.starts(&ailment, facts),
                Some(b) if b.course.severity == ailment.course.severity => {}
                Some(_) => self.turn(&ailment, facts),
            }
            all.push(ailment);
        }
        self.ailments.1 = all;
    }
}

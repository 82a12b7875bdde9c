//! The way of one request through a second, along outcomes that were counted in it. Each is used up once told.

use super::{End, Of, Span};
use crate::observe::log::{About, AnswerKind, CallKind, Mark};
use crate::sim::{Answers, Cut, Entry, Terms, World};
use crate::stdx::rng::scatter;

/// Services below each other, and redirects, that a trace follows.
const DEPTH_MAX: u32 = 24;
const HOPS_MAX: u32 = 3;

/// How much of the usual time the tries of one sample take, until its answers fit into their callers' patience.
const SQUEEZES: [f64; 4] = [1.0, 0.6, 0.3, 0.1];

/// Seconds that a lost call without a timeout is given.
const FOR_EVER_S: f64 = 60.0;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Whatever comes, one in four of the slowest.
    Any,
    /// One that failed.
    Failed,
}

/// Outcomes of a second that no trace has told yet.
#[derive(Clone, Debug)]
pub(super) struct Left {
    /// Where the slots of a service begin.
    first: Vec<usize>,
    /// By service and slot, in the order of [`AnswerKind`].
    answers: Vec<[u64; 7]>,
    /// By edge, in the order of [`CallKind`] up to `Exhausted`, then those that went well.
    calls: Vec<[u64; 12]>,
    refused: Vec<u64>,
}

const OK: usize = 11;

impl Left {
    pub fn new(w: &World, seen: &[Answers]) -> Left {
        let mut left = Left { first: Vec::new(), answers: Vec::new(), calls: Vec::new(), refused: Vec::new() };
        for (_, s) in w.services() {
            left.first.push(left.answers.len());
            left.refused.push(s.flow.refused);
            for now in &s.answers {
                let was = seen.get(left.answers.len()).copied().unwrap_or_default();
                left.answers.push(super::super::log::differences(now, &was));
            }
        }
        for (e, (_, _, edge)) in w.edges().enumerate() {
            let f = &edge.flow;
            let cut = w.terms(e).and_then(|t| t.cut);
            let cut_is = |c: Cut| if cut == Some(c) { f.cut } else { 0 };
            let named = [Cut::Unresolved, Cut::Tls, Cut::Denied, Cut::Limited];
            let known: u64 = named.iter().map(|c| cut_is(*c)).sum();
            left.calls.push([
                f.timeouts,
                f.faulty(),
                f.refused + f.cut - known,
                f.shed,
                f.broken,
                f.starved,
                cut_is(Cut::Unresolved),
                cut_is(Cut::Tls),
                cut_is(Cut::Denied),
                f.limited + cut_is(Cut::Limited),
                f.exhausted,
                f.ok,
            ]);
        }
        left
    }

    fn answers(&self, service: usize, slot: usize) -> [u64; 7] {
        self.first.get(service).and_then(|f| self.answers.get(f + slot)).copied().unwrap_or_default()
    }

    fn calls(&self, edge: usize) -> [u64; 12] {
        self.calls.get(edge).copied().unwrap_or_default()
    }

    fn failures(&self, edge: usize) -> u64 {
        self.calls(edge).iter().take(CallKind::Exhausted as usize).sum()
    }

    fn use_answer(&mut self, service: usize, slot: usize, kind: AnswerKind) -> Option<()> {
        let at = self.first.get(service)? + slot;
        let n = self.answers.get_mut(at)?.get_mut(kind as usize)?;
        *n = n.checked_sub(1)?;
        Some(())
    }

    fn use_call(&mut self, edge: usize, kind: usize) -> Option<()> {
        let n = self.calls.get_mut(edge)?.get_mut(kind)?;
        *n = n.checked_sub(1)?;
        Some(())
    }
}

struct Walk<'w> {
    w: &'w World,
    left: Left,
    id: u64,
    draws: u64,
    squeeze: f64,
    slow: bool,
    spans: Vec<Span>,
    marks: Vec<Mark>,
}

/// One request that enters at `entry`: its spans, and the log lines about it; `None` if nothing that was counted makes a
/// whole story.
pub(super) fn walk(
    w: &World,
    left: &mut Left,
    source: u32,
    entry: &Entry<'_>,
    wish: Wish,
    id: u64,
) -> Option<(Vec<Span>, Vec<Mark>)> {
    for (k, squeeze) in SQUEEZES.into_iter().enumerate() {
        let slow = wish == Wish::Any && scatter(id, 0).is_multiple_of(4);
        let (spans, marks) = (Vec::new(), Vec::new());
        let mut walk = Walk { w, left: left.clone(), id, draws: 1 + 1_000 * k as u64, squeeze, slow, spans, marks };
        if walk.client(source, entry, wish).is_some() {
            *left = walk.left;
            return Some((walk.spans, walk.marks));
        }
    }
    None
}

impl Walk<'_> {
    fn bits(&mut self) -> u64 {
        self.draws += 1;
        scatter(self.id, self.draws)
    }

    /// Uniform in `[0, 1)`.
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Exponential of a mean, seconds; of the slowest tenth if that is wished for.
    fn around(&mut self, mean_s: f64) -> f64 {
        let u = self.unit();
        let u = if self.slow { 0.9 + 0.1 * u } else { u };
        -libm::log(1.0 - u.min(0.999)) * mean_s * self.squeeze
    }

    /// One of so many by weight.
    fn pick(&mut self, weights: &[u64]) -> Option<usize> {
        let sum: u64 = weights.iter().sum();
        let mut at = crate::stdx::rng::within(self.bits(), sum);
        weights.iter().position(|w| {
            let here = at < *w;
            at = at.saturating_sub(*w);
            here
        })
    }

    fn open(&mut self, of: Of, depth: u32, start_us: u32) -> usize {
        self.spans.push(Span { of, end: End::Ok, depth, start_us, us: 0 });
        self.spans.len() - 1
    }

    fn close(&mut self, at: usize, end: End, us: u32) {
        if let Some(s) = self.spans.get_mut(at) {
            (s.end, s.us) = (end, us);
        }
    }

    fn client(&mut self, source: u32, entry: &Entry<'_>, wish: Wish) -> Option<()> {
        let root = self.open(Of::Client(source), 0, 0);
        let (mut service, mut slot) = self.lands(&self.w.entrances(source as usize), wish == Wish::Failed)?;
        let mut at_us = us(entry.latency_s);
        let mut hop = 0;
        let end = loop {
            let left = self.left.answers(service, slot);
            let failed = left.get(AnswerKind::Own as usize..).map_or(0, |l| l.iter().sum::<u64>());
            if wish == Wish::Failed && failed == 0 && self.left.refused.get(service).is_some_and(|n| *n > 0) {
                break End::Refused;
            }
            let fails = wish == Wish::Failed && failed > 0;
            let (end, took) = self.visit(service, slot, 1, at_us, fails, None)?;
            at_us = at_us.saturating_add(took);
            if end != End::Redirect || hop >= HOPS_MAX {
                break end;
            }
            let luck = self.unit();
            match self.w.next_hop(service, slot, luck) {
                Some(next) => (service, slot) = next,
                None => break end,
            }
            hop += 1;
        };
        if wish == Wish::Failed && end <= End::Missing {
            return None;
        }
        self.close(root, end, at_us);
        Some(())
    }

    /// Where a request arrives, if a name leads some of them elsewhere: by what is left to tell there.
    fn lands(&mut self, options: &[(usize, usize)], fails: bool) -> Option<(usize, usize)> {
        if let [only] = options {
            return Some(*only);
        }
        let weigh = |(service, slot): &(usize, usize)| {
            let left = self.left.answers(*service, *slot);
            let (good, bad) = left.split_at(AnswerKind::Own as usize);
            if fails {
                bad.iter().sum::<u64>() + self.left.refused.get(*service).copied().unwrap_or(0)
            } else {
                good.iter().sum()
            }
        };
        let weights: Vec<u64> = options.iter().map(weigh).collect();
        options.get(self.pick(&weights).unwrap_or(0)).copied()
    }

    /// A request at a service: how it ended and how long it took, microseconds.
    fn visit(
        &mut self,
        service: usize,
        slot: usize,
        depth: u32,
        start_us: u32,
        fails: bool,
        only: Option<&[AnswerKind]>,
    ) -> Option<(End, u32)> {
        use AnswerKind::{Call, Limited, Missing, Ok, Own, Redirect, Shed};
        if depth > DEPTH_MAX {
            return None;
        }
        let kinds = only.unwrap_or(if fails { &[Own, Call, Shed, Limited] } else { &[Ok, Redirect, Missing] });
        let left = self.left.answers(service, slot);
        let weights: Vec<u64> = kinds.iter().map(|k| left.get(*k as usize).copied().unwrap_or(0)).collect();
        let kind = self.pick(&weights).and_then(|i| kinds.get(i)).copied()?;
        self.left.use_answer(service, slot, kind)?;
        let span = self.open(Of::Service(service as u32, slot as u32), depth, start_us);
        let s = self.w.service_at(service)?;
        let mut spent_s = 0.0;
        if matches!(kind, Shed | Limited) {
            spent_s += 0.001;
        } else {
            // Whoever stood in line for seconds waited about as long as the others that were taken on.
            spent_s += (s.latency_ms / 1e3 - s.response.mean_s()).max(0.0);
            if self.unit() < s.response.p_wait() {
                let wait = s.response.mean_wait_s() / s.response.p_wait().max(1e-9);
                spent_s += self.around(wait);
            }
            let own = self.w.own_s(service);
            spent_s += self.around(own);
        }
        let mut took = us(spent_s);
        match kind {
            Ok | Redirect | Missing => {
                took = took.saturating_add(self.calls(service, slot, depth, start_us + took, None)?)
            }
            Call => took = took.saturating_add(self.broken(service, slot, depth, start_us.saturating_add(took))?),
            Own | Shed | Limited => {}
        }
        let end = match kind {
            Ok => End::Ok,
            Redirect => End::Redirect,
            Missing => End::Missing,
            Own => End::Own,
            Call => End::Call,
            Shed => End::Shed,
            Limited => End::Limited,
        };
        self.close(span, end, took);
        self.marks.push(Mark { about: About::Answer(service, slot, kind), trace: self.id, us: took });
        Some((end, took))
    }

    /// The calls of a request up to the one that fails, or all of them; microseconds.
    fn calls(&mut self, service: usize, slot: usize, depth: u32, start_us: u32, until: Option<usize>) -> Option<u32> {
        let w = self.w;
        let mut took: u32 = 0;
        for (stage, e) in w.calls(service, slot).iter().copied().enumerate() {
            if until == Some(stage) {
                break;
            }
            let terms = w.terms(e)?;
            let now = self.left.calls(e);
            let ok = now.get(OK).copied().unwrap_or(0);
            if !terms.always {
                let sent = w.edge_at(e).map_or(0, |e| e.flow.sent);
                let requests = w.service_at(service).map_or(0, |s| s.flow.requests).max(1);
                if ok == 0 || self.unit() * requests as f64 >= sent as f64 {
                    continue;
                }
            }
            let bad = self.left.failures(e);
            let gives_up = terms.optional && bad > 0 && (ok == 0 || self.pick(&[ok, bad]) == Some(1));
            let start = start_us.saturating_add(took);
            let more = if gives_up {
                self.fail(e, &terms, slot, depth + 1, start)?
            } else if terms.optional && ok == 0 {
                // It is under way; the request does not say how that ends.
                0
            } else {
                self.succeed(e, &terms, slot, depth + 1, start)?
            };
            took = took.saturating_add(more);
        }
        Some(took)
    }

    /// The calls of a request of which one failed; microseconds.
    fn broken(&mut self, service: usize, slot: usize, depth: u32, start_us: u32) -> Option<u32> {
        let w = self.w;
        let calls = w.calls(service, slot);
        let bad = |e: &usize| w.terms(*e).filter(|t| !t.optional).map_or(0, |_| self.left.failures(*e));
        let weights: Vec<u64> = calls.iter().map(bad).collect();
        // An edge that answers with errors by itself makes no call at all.
        if weights.iter().all(|n| *n == 0) {
            let recovers = w.service_at(service).is_some_and(|s| s.flow.failed > 0)
                && calls.iter().all(|e| w.edge_at(*e).is_none_or(|e| e.flow.failures() == 0));
            return recovers.then_some(0);
        }
        let stage = self.pick(&weights)?;
        let e = calls.get(stage).copied()?;
        let before = self.calls(service, slot, depth, start_us, Some(stage))?;
        let terms = w.terms(e)?;
        let took = self.fail(e, &terms, slot, depth + 1, start_us.saturating_add(before))?;
        Some(before.saturating_add(took))
    }

    /// A call that is answered well, maybe after an attempt that was not.
    fn succeed(&mut self, e: usize, t: &Terms, slot: usize, depth: u32, start_us: u32) -> Option<u32> {
        let now = self.left.calls(e);
        let (ok, bad) = (now.get(OK).copied().unwrap_or(0), self.attempts(e).iter().sum::<u64>());
        let mut took = 0;
        let mut attempt = 1;
        if t.retries > 0 && t.wait_s == 0 && bad > 0 && self.pick(&[ok, bad]) == Some(1) {
            took = self.attempt(e, t, slot, depth, start_us, attempt)?;
            attempt += 1;
        }
        self.left.use_call(e, OK)?;
        let begin = start_us.saturating_add(took);
        let span = self.open(Of::Call(e as u32, attempt), depth, begin);
        let way = us(t.latency_s);
        let (to, behind) = self.lands(&self.w.arrivals(e, slot), false)?;
        let (_, inner) = self.visit(to, behind, depth + 1, begin.saturating_add(way / 2), false, None)?;
        let whole = inner.saturating_add(way);
        if f64::from(whole) / 1e6 > t.timeout_s {
            return None;
        }
        self.close(span, End::Ok, whole);
        Some(took.saturating_add(whole))
    }

    /// Outcomes of attempts that failed: those that really went out.
    fn attempts(&self, e: usize) -> [u64; 10] {
        use CallKind::{Broken, Starved};
        let mut all: [u64; 10] = [0; 10];
        for (i, (slot, n)) in all.iter_mut().zip(self.left.calls(e)).enumerate() {
            *slot = if i == Broken as usize || i == Starved as usize { 0 } else { n };
        }
        all
    }

    /// A call that fails for good.
    fn fail(&mut self, e: usize, t: &Terms, slot: usize, depth: u32, start_us: u32) -> Option<u32> {
        let now = self.left.calls(e);
        let of = |k: CallKind| now.get(k as usize).copied().unwrap_or(0);
        let out = self.attempts(e);
        // With further attempts, only a call that used them up has failed.
        let sent = if t.retries == 0 { out.iter().sum() } else { of(CallKind::Exhausted).min(out.iter().sum()) };
        let kinds = [CallKind::Broken, CallKind::Starved];
        match self.pick(&[sent, of(CallKind::Broken), of(CallKind::Starved)])? {
            0 => {
                if t.retries > 0 {
                    self.left.use_call(e, CallKind::Exhausted as usize)?;
                    self.marks.push(Mark { about: About::Call(e, CallKind::Exhausted), trace: self.id, us: 0 });
                }
                let mut took: u32 = 0;
                for attempt in 1..=t.retries.saturating_add(1) {
                    let enough = self.attempts(e).iter().sum::<u64>() > 0;
                    // A budget may allow fewer attempts than there could be.
                    if attempt > 1 && !enough {
                        break;
                    }
                    if attempt > 1 {
                        took = took.saturating_add(us(t.wait_s as f64));
                    }
                    let more = self.attempt(e, t, slot, depth, start_us.saturating_add(took), attempt)?;
                    took = took.saturating_add(more);
                }
                Some(took)
            }
            i => {
                let kind = *kinds.get(i - 1)?;
                self.left.use_call(e, kind as usize)?;
                let span = self.open(Of::Call(e as u32, 1), depth, start_us);
                let (end, took) = match kind {
                    CallKind::Starved => (End::Starved, patience_us(t)),
                    _ => (End::Broken, 0),
                };
                self.close(span, end, took);
                self.marks.push(Mark { about: About::Call(e, kind), trace: self.id, us: took });
                Some(took)
            }
        }
    }

    /// One attempt that fails.
    fn attempt(&mut self, e: usize, t: &Terms, slot: usize, depth: u32, start_us: u32, n: u32) -> Option<u32> {
        use CallKind::{Denied, Error, Limited, Refused, Shed, Timeout, Tls, Unresolved};
        let weights = self.attempts(e);
        let which = self.pick(&weights)?;
        let kind = *[Timeout, Error, Refused, Shed, Refused, Refused, Unresolved, Tls, Denied, Limited].get(which)?;
        self.left.use_call(e, which)?;
        let span = self.open(Of::Call(e as u32, n), depth, start_us);
        let way = us(t.latency_s);
        let inside = start_us.saturating_add(way / 2);
        let (to, behind) = self.lands(&self.w.arrivals(e, slot), true)?;
        let (end, took) = match kind {
            Error => {
                let only = [AnswerKind::Own, AnswerKind::Call];
                let (_, inner) = self.visit(to, behind, depth + 1, inside, true, Some(&only))?;
                (End::Error, inner.saturating_add(way))
            }
            Shed => {
                let (_, inner) = self.visit(to, behind, depth + 1, inside, true, Some(&[AnswerKind::Shed]))?;
                (End::Shed, inner.saturating_add(way))
            }
            // An edge in front of the service may have answered in its place.
            Limited if self.left.answers(to, behind).last().is_none_or(|n| *n == 0) => (End::Limited, way),
            Limited => {
                let (_, inner) = self.visit(to, behind, depth + 1, inside, true, Some(&[AnswerKind::Limited]))?;
                (End::Limited, inner.saturating_add(way))
            }
            Timeout => (End::Timeout, patience_us(t)),
            Unresolved => (End::Unresolved, way),
            Tls => (End::Tls, way),
            Denied => (End::Denied, way),
            _ => (End::Refused, way),
        };
        if took > patience_us(t) {
            return None;
        }
        self.close(span, end, took);
        self.marks.push(Mark { about: About::Call(e, kind), trace: self.id, us: took });
        Some(took)
    }
}

/// How long a caller waits, microseconds.
fn patience_us(t: &Terms) -> u32 {
    us(if t.timeout_s.is_finite() { t.timeout_s } else { FOR_EVER_S })
}

fn us(seconds: f64) -> u32 {
    (seconds * 1e6).clamp(0.0, f64::from(u32::MAX)) as u32
}

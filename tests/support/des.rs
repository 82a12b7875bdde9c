//! A station simulated request by request, the judge of everything that the world computes about queues.
//!
//! Poisson arrivals at a rate that may change at given moments, c servers, exponential service, one line, and as options
//! a bound on the line and clients that give up. Arrivals and services have a random stream each and a request's service
//! is drawn when it arrives, so two stations with the same seed see the same requests with the same work.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use wheel_of_misfortune::stdx::rng::Stream;

/// What the station does with a request in the line whose client has given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It leaves the line. One that is being served is finished in vain.
    Abandon,
    /// The station does not notice, and does the work for nobody.
    Zombie,
}

/// A station to be simulated.
#[derive(Clone, Debug)]
pub struct Des {
    servers: usize,
    service_s: f64,
    rates: Vec<(f64, f64)>,
    bound: usize,
    timeout: Option<(f64, Leave)>,
    newest_first: bool,
    warm_up_s: f64,
}

impl Des {
    /// `c` servers of a mean service time, with no arrivals yet.
    pub fn new(c: u32, service_s: f64) -> Des {
        assert!(c > 0 && service_s > 0.0, "a station serves");
        Des {
            servers: c as usize,
            service_s,
            rates: Vec::new(),
            bound: usize::MAX,
            timeout: None,
            newest_first: false,
            warm_up_s: 0.0,
        }
    }

    /// Arrivals a second from the start on.
    pub fn rate(self, per_s: f64) -> Des {
        self.rate_from(0.0, per_s)
    }

    /// Arrivals a second from a moment on; moments ascend.
    pub fn rate_from(mut self, at_s: f64, per_s: f64) -> Des {
        assert!(per_s >= 0.0 && self.rates.last().is_none_or(|(before, _)| *before < at_s), "moments ascend");
        self.rates.push((at_s, per_s));
        self
    }

    /// Most requests in the line; one that finds more is rejected. Those in service do not count.
    pub fn bound(mut self, waiting: usize) -> Des {
        self.bound = waiting;
        self
    }

    /// Clients give up after this time from their arrival.
    pub fn timeout(mut self, seconds: f64, leave: Leave) -> Des {
        self.timeout = Some((seconds, leave));
        self
    }

    /// Serves the newest request first, which is wrong, for tests of tests.
    pub fn newest_first(mut self) -> Des {
        self.newest_first = true;
        self
    }

    /// Leaves the requests that arrive before this moment out of the recorded waits and sojourns (not out of the counts).
    pub fn warm_up(mut self, seconds: f64) -> Des {
        self.warm_up_s = seconds;
        self
    }

    /// Simulates from an empty station.
    pub fn run(&self, seed: u64, seconds: f64) -> Outcome {
        let mut run = Run::new(self, seed);
        run.until(seconds);
        run.close(seconds)
    }
}

/// What happened. Every request is in one of `rejected`, `abandoned`, `completed` and `left`.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Simulated time.
    pub seconds: f64,
    /// Requests that came, the rejected among them.
    pub arrivals: usize,
    /// Turned away because the line was full.
    pub rejected: usize,
    /// Left the line because their client gave up.
    pub abandoned: usize,
    /// Served.
    pub completed: usize,
    /// Of the completed, those whose client had given up before.
    pub late: usize,
    /// Still in the line or in service at the end.
    pub left: usize,
    /// Time in the line of each request that was served or is being served, in the order of the starts.
    pub waits_s: Vec<f64>,
    /// Time from arrival to completion, in the order of completion.
    pub sojourns_s: Vec<f64>,
    /// Length of the line at each whole second, from 0 on.
    pub line: Vec<usize>,
    /// When the line became empty, each time.
    pub emptied_s: Vec<f64>,
    /// When a request was first rejected.
    pub first_reject_s: Option<f64>,
    /// Integral over time of the number in the line.
    pub line_area: f64,
    /// Integral over time of the number in the line and in service.
    pub station_area: f64,
    /// Sum over requests of their time in the line, up to the end.
    pub line_time_s: f64,
    /// Sum over requests of their time in the station, up to the end.
    pub station_time_s: f64,
}

impl Outcome {
    /// The largest relative error of Little's law, L = λ W, over the run, for the line and for the whole station. Each
    /// side is added up on its own: L from the numbers over time, W from the times of the requests.
    pub fn little_error(&self) -> f64 {
        let admitted = (self.arrivals - self.rejected) as f64;
        let error = |area: f64, time_s: f64| {
            let (l, lambda, w) = (area / self.seconds, admitted / self.seconds, time_s / admitted.max(1.0));
            (l - lambda * w).abs() / l.max(1e-9)
        };
        error(self.line_area, self.line_time_s).max(error(self.station_area, self.station_time_s))
    }

    /// Whether every request is accounted for.
    pub fn conserves(&self) -> bool {
        self.arrivals == self.rejected + self.abandoned + self.completed + self.left
    }

    /// When the line was first empty after a moment at which it was not.
    pub fn drained_after(&self, at_s: f64) -> Option<f64> {
        self.emptied_s.get(self.emptied_s.partition_point(|t| *t <= at_s)).copied()
    }
}

#[derive(Clone, Copy)]
struct Request {
    arrived_s: f64,
    work_s: f64,
}

/// A request in service; the earliest end is the greatest, as the heap wants it.
struct Busy {
    ends_s: f64,
    arrived_s: f64,
}

impl Ord for Busy {
    fn cmp(&self, other: &Busy) -> Ordering {
        other.ends_s.total_cmp(&self.ends_s)
    }
}

impl PartialOrd for Busy {
    fn partial_cmp(&self, other: &Busy) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Busy {
    fn eq(&self, other: &Busy) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Busy {}

struct Run<'a> {
    des: &'a Des,
    arrivals: Stream,
    services: Stream,
    now_s: f64,
    /// The next arrival, and the piece of the rate that it falls in.
    next_s: f64,
    piece: usize,
    line: VecDeque<Request>,
    busy: BinaryHeap<Busy>,
    out: Outcome,
}

/// An exponential time of mean 1.
fn exponential(stream: &mut Stream) -> f64 {
    -libm::log(1.0 - stream.unit())
}

impl<'a> Run<'a> {
    fn new(des: &'a Des, seed: u64) -> Run<'a> {
        let mut run = Run {
            des,
            arrivals: Stream::new(seed, "des arrivals"),
            services: Stream::new(seed, "des services"),
            now_s: 0.0,
            next_s: 0.0,
            piece: 0,
            line: VecDeque::new(),
            busy: BinaryHeap::new(),
            out: Outcome::default(),
        };
        run.draw_arrival();
        run
    }

    /// Draws the next arrival. An exponential amount of intensity is used up piece by piece at the rates in force.
    fn draw_arrival(&mut self) {
        let mut rest = exponential(&mut self.arrivals);
        let mut at_s = self.now_s;
        self.next_s = f64::INFINITY;
        while let Some((from_s, per_s)) = self.des.rates.get(self.piece) {
            let until_s = self.des.rates.get(self.piece + 1).map_or(f64::INFINITY, |(s, _)| *s);
            at_s = at_s.max(*from_s);
            if *per_s > 0.0 && at_s + rest / per_s <= until_s {
                self.next_s = at_s + rest / per_s;
                return;
            }
            if until_s == f64::INFINITY {
                return;
            }
            rest -= (until_s - at_s) * per_s;
            at_s = until_s;
            self.piece += 1;
        }
    }

    /// When the oldest in the line gives up. The line is in the order of arrival and all are equally patient.
    fn gives_up_s(&self) -> f64 {
        match (self.des.timeout, self.line.front()) {
            (Some((seconds, Leave::Abandon)), Some(oldest)) => oldest.arrived_s + seconds,
            _ => f64::INFINITY,
        }
    }

    fn until(&mut self, end_s: f64) {
        loop {
            let (ends_s, gives_up_s) = (self.busy.peek().map_or(f64::INFINITY, |b| b.ends_s), self.gives_up_s());
            let next_s = self.next_s.min(ends_s).min(gives_up_s);
            if next_s >= end_s {
                return self.advance(end_s);
            }
            self.advance(next_s);
            if ends_s == next_s {
                self.complete();
            } else if gives_up_s == next_s {
                self.abandon();
            } else {
                self.arrive();
            }
        }
    }

    /// Lets time pass in which nothing changes.
    fn advance(&mut self, to_s: f64) {
        let (span_s, waiting) = (to_s - self.now_s, self.line.len());
        self.out.line_area += span_s * waiting as f64;
        self.out.station_area += span_s * (waiting + self.busy.len()) as f64;
        while (self.out.line.len() as f64) < to_s {
            self.out.line.push(waiting);
        }
        self.now_s = to_s;
    }

    fn arrive(&mut self) {
        self.out.arrivals += 1;
        let work_s = self.des.service_s * exponential(&mut self.services);
        let request = Request { arrived_s: self.now_s, work_s };
        if self.busy.len() < self.des.servers {
            self.start(request);
        } else if self.line.len() < self.des.bound {
            self.line.push_back(request);
        } else {
            self.out.rejected += 1;
            self.out.first_reject_s.get_or_insert(self.now_s);
        }
        self.draw_arrival();
    }

    fn start(&mut self, request: Request) {
        let wait_s = self.now_s - request.arrived_s;
        self.out.line_time_s += wait_s;
        if request.arrived_s >= self.des.warm_up_s {
            self.out.waits_s.push(wait_s);
        }
        self.busy.push(Busy { ends_s: self.now_s + request.work_s, arrived_s: request.arrived_s });
    }

    fn complete(&mut self) {
        let Some(done) = self.busy.pop() else { return };
        let sojourn_s = self.now_s - done.arrived_s;
        self.out.completed += 1;
        self.out.station_time_s += sojourn_s;
        if self.des.timeout.is_some_and(|(seconds, _)| sojourn_s > seconds) {
            self.out.late += 1;
        }
        if done.arrived_s >= self.des.warm_up_s {
            self.out.sojourns_s.push(sojourn_s);
        }
        let next = if self.des.newest_first { self.line.pop_back() } else { self.line.pop_front() };
        if let Some(request) = next {
            self.start(request);
            self.note_empty();
        }
    }

    fn abandon(&mut self) {
        let Some(gone) = self.line.pop_front() else { return };
        self.out.abandoned += 1;
        self.out.line_time_s += self.now_s - gone.arrived_s;
        self.out.station_time_s += self.now_s - gone.arrived_s;
        self.note_empty();
    }

    fn note_empty(&mut self) {
        if self.line.is_empty() {
            self.out.emptied_s.push(self.now_s);
        }
    }

    fn close(mut self, seconds: f64) -> Outcome {
        self.out.seconds = seconds;
        self.out.left = self.line.len() + self.busy.len();
        for waiting in &self.line {
            self.out.line_time_s += seconds - waiting.arrived_s;
            self.out.station_time_s += seconds - waiting.arrived_s;
        }
        self.out.station_time_s += self.busy.iter().map(|b| seconds - b.arrived_s).sum::<f64>();
        self.out
    }
}

/// Batches of [`estimate`].
const BATCHES: usize = 30;

/// Student's t for 29 degrees of freedom and 99.9 % on both sides: what a test allows.
pub const T_999: f64 = 3.659;

/// Student's t for 29 degrees of freedom and 95 % on both sides: what a run can resolve.
pub const T_95: f64 = 2.045;

/// An estimate and its standard error.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub value: f64,
    pub error: f64,
}

impl Estimate {
    /// How far the estimate is from a value, in standard errors; 0 where both are the same without any error.
    pub fn off(&self, exact: f64) -> f64 {
        let apart = (self.value - exact).abs();
        if apart == 0.0 { 0.0 } else { apart / self.error }
    }

    /// Whether the 95 % confidence interval is at most this share of the value to either side.
    pub fn resolves(&self, share: f64) -> bool {
        T_95 * self.error <= share * self.value
    }
}

/// Estimates a statistic of a correlated sequence by the means of 30 batches, each long against the correlation.
pub fn estimate(values: &[f64], statistic: impl Fn(&[f64]) -> f64) -> Estimate {
    let size = values.len() / BATCHES;
    assert!(size > 0, "too few values: {}", values.len());
    let batches: Vec<f64> = values.chunks_exact(size).take(BATCHES).map(statistic).collect();
    let value = mean(&batches);
    let variance = batches.iter().map(|b| (b - value) * (b - value)).sum::<f64>() / (BATCHES - 1) as f64;
    Estimate { value, error: (variance / BATCHES as f64).sqrt() }
}

/// The mean; 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The smallest value that at least the share `q` does not exceed.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut values = values.to_vec();
    let rank = ((values.len() as f64 * q).ceil() as usize).clamp(1, values.len()) - 1;
    *values.select_nth_unstable_by(rank, f64::total_cmp).1
}

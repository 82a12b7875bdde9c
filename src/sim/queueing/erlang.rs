//! Erlang's formulas, and a table of the second for a lookup in each tick.

use super::sane;

/// Cells of a [`WaitTable`]: 4 KiB, and a linear interpolation between its nodes is good to 0.5 %.
const CELLS: usize = 512;

/// How many standard deviations below full a table starts: with less load than that nobody waits, because the
/// probability is about `exp(-7²/2) / (7 √(2π))`, 10⁻¹².
const SPAN: f64 = 7.0;

/// Erlang B: the probability that a request finds all `c` servers busy where nobody may wait, for `a` Erlang offered.
///
/// Source: the recursion `B(0) = 1`, `B(n) = a B(n-1) / (n + a B(n-1))`, here for `1 / B`, which needs one division in
/// all. Every term is positive, so nothing cancels. `O(c)`. 1 without servers.
pub fn erlang_b(c: u32, a: f64) -> f64 {
    let mean_gap = 1.0 / sane(a);
    let mut inverse = 1.0;
    for n in 1..=c {
        inverse = 1.0 + f64::from(n) * mean_gap * inverse;
        if inverse == f64::INFINITY {
            // B falls from here to c, if the load is below c; it began to overflow only where n was above the load.
            return 0.0;
        }
    }
    1.0 / inverse
}

/// Erlang C: the probability that a request has to wait for one of `c` servers, for `a` Erlang offered; 1 from `a = c`
/// on and without servers.
///
/// Source: `C = B / (1 - ρ (1 - B))` with `ρ = a / c`.
pub fn erlang_c(c: u32, a: f64) -> f64 {
    let rho = sane(a) / f64::from(c);
    if c == 0 || rho >= 1.0 {
        return 1.0;
    }
    let b = erlang_b(c, a);
    b / (1.0 - rho * (1.0 - b))
}

/// The probability of waiting for one number of servers, tabulated over the utilisation.
///
/// The nodes lie evenly from the utilisation below which nobody waits, `1 - 7/√c` or 0, up to 1, because with
/// many servers everything happens near 1. Between nodes it is linear: right to 0.5 % or to 2·10⁻⁶, whichever is more.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitTable {
    servers: u32,
    from: f64,
    cells_per_rho: f64,
    nodes: Vec<f64>,
}

impl WaitTable {
    /// The table for `c` servers, in `O(c)` for each of 513 nodes; no servers are taken as one, since a station that has
    /// none does not queue but refuses.
    pub fn new(c: u32) -> WaitTable {
        let servers = c.max(1);
        let from = (1.0 - SPAN / f64::from(servers).sqrt()).max(0.0);
        let width = (1.0 - from) / CELLS as f64;
        let node = |n: usize| match n {
            0 => 0.0,
            CELLS => 1.0,
            _ => erlang_c(servers, (from + n as f64 * width) * f64::from(servers)),
        };
        let nodes = (0..=CELLS).map(node).collect();
        WaitTable { servers, from, cells_per_rho: 1.0 / width, nodes }
    }

    /// Servers of the station, at least 1.
    pub fn servers(&self) -> u32 {
        self.servers
    }

    /// The probability of waiting at a utilisation: 0 for none, 1 from full on.
    pub fn p_wait(&self, rho: f64) -> f64 {
        if rho >= 1.0 {
            return 1.0;
        }
        let at = (sane(rho) - self.from).max(0.0) * self.cells_per_rho;
        let cell = at as usize;
        match (self.nodes.get(cell), self.nodes.get(cell.saturating_add(1))) {
            (Some(low), Some(high)) => low + (high - low) * (at - cell as f64),
            _ => 1.0,
        }
    }
}

/// Tables by number of servers, made when first asked for and shared by clones.
#[derive(Clone, Debug, Default)]
pub struct Tables(Vec<Known>);

/// A table, with what decides most look-ups beside it.
#[derive(Clone, Debug)]
struct Known {
    servers: u32,
    /// Utilisation up to which nobody waits.
    from: f64,
    table: std::sync::Arc<WaitTable>,
}

impl Tables {
    /// The probability of waiting for one of `servers` at a utilisation. Above 64 servers the nearest of a series of
    /// tables that lie 1/32 of an octave apart is taken, so that a number that moves does not need a table at every step.
    #[inline]
    pub fn p_wait(&mut self, servers: u64, rho: f64) -> f64 {
        let servers = near(servers);
        let at = self.0.partition_point(|t| t.servers < servers);
        if self.0.get(at).is_none_or(|t| t.servers != servers) {
            let table = std::sync::Arc::new(WaitTable::new(servers));
            self.0.insert(at, Known { servers, from: table.from, table });
        }
        match self.0.get(at) {
            // The first node is 0, and so is everything below it.
            Some(t) if rho <= t.from => 0.0,
            Some(t) => t.table.p_wait(rho),
            None => 1.0,
        }
    }
}

/// The number of servers whose table stands for `servers`; 32,768 for all beyond.
fn near(servers: u64) -> u32 {
    let servers = u32::try_from(servers.clamp(1, 32_768)).unwrap_or(32_768);
    let octave = servers.ilog2();
    if octave < 6 { servers } else { servers >> (octave - 5) << (octave - 5) }
}

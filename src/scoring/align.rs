//! Process alignment: which steps of a partial order the log shows in order. Extra events are free, so the optimum is a
//! maximum-weight antichain (SCORING §4.2), found by one maximum flow.

/// A step of the practice order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What leaving it out costs.
    pub weight: u64,
    /// Indexes of the steps before it.
    pub after: Vec<usize>,
}

/// The result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// Weight of the steps that are not matched.
    pub cost: u64,
    /// Weight of all steps.
    pub of: u64,
    /// For each step the index of its occurrence, the earliest that fits.
    pub matched: Vec<Option<usize>>,
}

/// Which step stands before which, transitively; a circle orders nothing.
fn closure(steps: &[Step]) -> Vec<Vec<bool>> {
    let n = steps.len();
    let mut before = vec![vec![false; n]; n];
    for (b, step) in steps.iter().enumerate() {
        for a in step.after.iter().filter(|a| **a < n) {
            before[*a][b] = true;
        }
    }
    for k in 0..n {
        let row = before[k].clone();
        for line in before.iter_mut().filter(|line| line[k]) {
            for (to, through) in line.iter_mut().zip(&row) {
                *to |= through;
            }
        }
    }
    let full = before.clone();
    for (a, line) in before.iter_mut().enumerate() {
        for (b, cell) in line.iter_mut().enumerate() {
            *cell &= !full[b][a];
        }
    }
    before
}

/// Aligns: `seen[m]` are the ticks at which step `m` was seen, ascending.
pub fn align(steps: &[Step], seen: &[Vec<u64>]) -> Alignment {
    let n = steps.len();
    let before = closure(steps);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|m| (before.iter().filter(|line| line[*m]).count(), *m));
    let kept = prune(&order, &before, seen);

    let pairs: Vec<(usize, usize)> =
        kept.iter().enumerate().flat_map(|(m, ks)| ks.iter().map(move |k| (m, *k))).collect();
    let weights: Vec<u64> = pairs.iter().map(|(m, _)| steps[*m].weight).collect();
    let mut flow = Flow::new(2 * pairs.len() + 2);
    let (source, sink) = (2 * pairs.len(), 2 * pairs.len() + 1);
    for (u, (a, i)) in pairs.iter().enumerate() {
        if weights[u] == 0 {
            continue;
        }
        flow.edge(source, u, weights[u]);
        flow.edge(pairs.len() + u, sink, weights[u]);
        for (v, (b, j)) in pairs.iter().enumerate() {
            // `u` conflicts with `v`: it has to come before it and was seen later, or both are sights of one step.
            let conflict = if a == b { i > j } else { before[*a][*b] && seen[*a][*i] > seen[*b][*j] };
            if conflict && weights[v] > 0 {
                flow.edge(u, pairs.len() + v, u64::MAX / 4);
            }
        }
    }
    let total: u64 = weights.iter().sum();
    let best = total - flow.max(source, sink);
    let reach = flow.reach(source);
    let mut matched: Vec<Option<usize>> = vec![None; n];
    for (u, (m, k)) in pairs.iter().enumerate() {
        if weights[u] > 0 && reach[u] && !reach[pairs.len() + u] {
            matched[*m] = Some(*k);
        }
    }
    // Each match slides to its earliest legal sight, in topological order.
    for m in &order {
        if matched[*m].is_some() {
            let from = (0..n)
                .filter(|p| before[*p][*m])
                .filter_map(|p| matched[p].and_then(|k| seen[p].get(k)))
                .max()
                .copied()
                .unwrap_or(0);
            matched[*m] = seen[*m].iter().position(|t| *t >= from).or(matched[*m]);
        }
    }
    let of: u64 = steps.iter().map(|s| s.weight).sum();
    Alignment { cost: of - best, of, matched }
}

/// Drops sights that can never be the better choice: a later one only helps if a step before it was seen in between.
fn prune(order: &[usize], before: &[Vec<bool>], seen: &[Vec<u64>]) -> Vec<Vec<usize>> {
    let mut kept: Vec<Vec<usize>> = vec![Vec::new(); seen.len()];
    for m in order {
        let mut earlier: Vec<u64> =
            (0..seen.len()).filter(|p| before[*p][*m]).flat_map(|p| kept[p].iter().map(move |k| seen[p][*k])).collect();
        earlier.sort_unstable();
        let mut last: Option<u64> = None;
        for (k, tick) in seen[*m].iter().enumerate() {
            let useful = match last {
                None => true,
                Some(last) => {
                    let next = earlier.partition_point(|t| *t <= last);
                    earlier.get(next).is_some_and(|t| t <= tick)
                }
            };
            if useful {
                kept[*m].push(k);
                last = Some(*tick);
            }
        }
    }
    kept
}

/// Dinic's maximum flow.
struct Flow {
    out: Vec<Vec<usize>>,
    to: Vec<usize>,
    left: Vec<u64>,
}

impl Flow {
    fn new(nodes: usize) -> Flow {
        Flow { out: vec![Vec::new(); nodes], to: Vec::new(), left: Vec::new() }
    }

    fn edge(&mut self, from: usize, to: usize, capacity: u64) {
        for (a, b, c) in [(from, to, capacity), (to, from, 0)] {
            self.out[a].push(self.to.len());
            self.to.push(b);
            self.left.push(c);
        }
    }

    fn levels(&self, source: usize) -> Vec<usize> {
        let mut level = vec![usize::MAX; self.out.len()];
        level[source] = 0;
        let mut queue = vec![source];
        let mut head = 0;
        while head < queue.len() {
            let at = queue[head];
            head += 1;
            for e in &self.out[at] {
                if self.left[*e] > 0 && level[self.to[*e]] == usize::MAX {
                    level[self.to[*e]] = level[at] + 1;
                    queue.push(self.to[*e]);
                }
            }
        }
        level
    }

    fn reach(&self, source: usize) -> Vec<bool> {
        self.levels(source).into_iter().map(|l| l != usize::MAX).collect()
    }

    /// One augmenting path along the levels at a time, without recursion: a spam log makes paths long.
    fn max(&mut self, source: usize, sink: usize) -> u64 {
        let mut total = 0;
        loop {
            let mut level = self.levels(source);
            if level[sink] == usize::MAX {
                return total;
            }
            let mut next = vec![0usize; self.out.len()];
            let mut path: Vec<usize> = Vec::new();
            let mut at = source;
            loop {
                if at == sink {
                    let push = path.iter().map(|e| self.left[*e]).min().unwrap_or(0);
                    for e in path.drain(..) {
                        self.left[e] -= push;
                        self.left[e ^ 1] += push;
                    }
                    total += push;
                    at = source;
                    continue;
                }
                let step = self.out[at][next[at]..]
                    .iter()
                    .position(|e| self.left[*e] > 0 && level[self.to[*e]] == level[at].saturating_add(1));
                match step {
                    Some(skip) => {
                        next[at] += skip;
                        let e = self.out[at][next[at]];
                        path.push(e);
                        at = self.to[e];
                    }
                    None => {
                        let Some(e) = path.pop() else { break };
                        level[at] = usize::MAX;
                        at = self.to[e ^ 1];
                    }
                }
            }
        }
    }
}

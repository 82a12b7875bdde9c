//! The generic aligner, an oracle: Dijkstra over (steps done, position in the trace). Exact at any costs, slow by nature.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A model: labels, what stands before each by position, transitively.
pub struct Model {
    pub nodes: Vec<String>,
    pub before: Vec<u32>,
}

impl Model {
    pub fn new(nodes: Vec<String>, edges: &[(usize, usize)]) -> Model {
        assert!(nodes.len() <= 20, "the oracle is for small models");
        let mut before = vec![0u32; nodes.len()];
        for _ in 0..nodes.len() {
            for (a, b) in edges {
                before[*b] |= before[*a] | 1 << a;
            }
        }
        assert!((0..nodes.len()).all(|n| before[n] >> n & 1 == 0), "a circle");
        Model { nodes, before }
    }

    /// Cost of the cheapest alignment; `skip` by position, `extra` by label.
    pub fn cost(&self, trace: &[String], skip: &[u64], extra: impl Fn(&str) -> u64) -> u64 {
        let full = (1u32 << self.nodes.len()) - 1;
        let mut best: BTreeMap<(u32, usize), u64> = BTreeMap::from([((0, 0), 0)]);
        let mut queue = BinaryHeap::from([Reverse((0u64, 0u32, 0usize))]);
        while let Some(Reverse((cost, done, at))) = queue.pop() {
            if cost > best[&(done, at)] {
                continue;
            }
            if done == full && at == trace.len() {
                return cost;
            }
            let mut next = Vec::new();
            if let Some(label) = trace.get(at) {
                next.push(((done, at + 1), cost + extra(label)));
            }
            for (n, node) in self.nodes.iter().enumerate() {
                if done >> n & 1 == 0 && self.before[n] & !done == 0 {
                    next.push(((done | 1 << n, at), cost + skip[n]));
                    if trace.get(at) == Some(node) {
                        next.push(((done | 1 << n, at + 1), cost));
                    }
                }
            }
            for (state, cost) in next {
                if best.get(&state).is_none_or(|b| cost < *b) {
                    best.insert(state, cost);
                    queue.push(Reverse((cost, state.0, state.1)));
                }
            }
        }
        unreachable!("every trace has an alignment")
    }
}

/// Every order of layers whose members are unordered.
pub fn linearisations(layers: &[Vec<String>]) -> Vec<Vec<String>> {
    fn orders(items: &[String]) -> Vec<Vec<String>> {
        if items.is_empty() {
            return vec![vec![]];
        }
        let mut out = Vec::new();
        for i in 0..items.len() {
            let mut rest = items.to_vec();
            let first = rest.remove(i);
            out.extend(orders(&rest).into_iter().map(|mut o| {
                o.insert(0, first.clone());
                o
            }));
        }
        out
    }
    layers.iter().fold(vec![vec![]], |all, layer| {
        let orders = orders(layer);
        all.iter().flat_map(|head: &Vec<String>| orders.iter().map(|o| [head.clone(), o.clone()].concat())).collect()
    })
}

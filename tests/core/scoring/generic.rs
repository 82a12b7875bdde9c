//! The generic aligner, an oracle: Dijkstra over (steps done, events passed). Exact at any costs, slow by nature.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A model: labels, what stands before each by position, transitively.
pub struct Model {
    pub nodes: Vec<String>,
    pub before: Vec<u128>,
}

impl Model {
    pub fn new(nodes: Vec<String>, edges: &[(usize, usize)]) -> Model {
        assert!(nodes.len() <= 128, "the oracle knows models of 128 steps at most");
        let mut before = vec![0u128; nodes.len()];
        for _ in 0..nodes.len() {
            for (a, b) in edges {
                before[*b] |= before[*a] | 1 << a;
            }
        }
        assert!((0..nodes.len()).all(|n| before[n] >> n & 1 == 0), "a circle");
        Model { nodes, before }
    }

    /// The mask of all steps.
    pub fn full(&self) -> u128 {
        (0..self.nodes.len()).fold(0, |all, n| all | 1 << n)
    }

    /// Cost of the cheapest alignment; events of a layer come in any order. `skip` by position, `extra` by label.
    pub fn cost(&self, layers: &[Vec<String>], skip: &[u64], extra: impl Fn(&str) -> u64) -> u64 {
        // Where a run stands: steps done, layers passed, events passed of the layer it is in.
        type Place = (u128, usize, u64);
        let full = self.full();
        let start: Place = (0, 0, 0);
        let mut best: BTreeMap<Place, u64> = BTreeMap::from([(start, 0)]);
        let mut queue = BinaryHeap::from([Reverse((0u64, start))]);
        while let Some(Reverse((cost, place))) = queue.pop() {
            if cost > best[&place] {
                continue;
            }
            let (done, layer, passed) = place;
            if done == full && layer == layers.len() {
                return cost;
            }
            let mut next: Vec<(Place, u64)> = Vec::new();
            let free = |n: usize| done >> n & 1 == 0 && self.before[n] & !done == 0;
            next.extend((0..self.nodes.len()).filter(|n| free(*n)).map(|n| {
                let place = (done | 1 << n, layer, passed);
                (place, cost + skip[n])
            }));
            if let Some(labels) = layers.get(layer) {
                for (k, label) in labels.iter().enumerate().filter(|(k, _)| passed >> k & 1 == 0) {
                    let passed = passed | 1 << k;
                    let (layer, passed) =
                        if passed.count_ones() as usize == labels.len() { (layer + 1, 0) } else { (layer, passed) };
                    next.push(((done, layer, passed), cost + extra(label)));
                    let step = self.nodes.iter().position(|n| n == label).filter(|n| free(*n));
                    next.extend(step.map(|n| ((done | 1 << n, layer, passed), cost)));
                }
            }
            for (place, cost) in next {
                if best.get(&place).is_none_or(|b| cost < *b) {
                    best.insert(place, cost);
                    queue.push(Reverse((cost, place)));
                }
            }
        }
        unreachable!("every trace has an alignment")
    }
}

/// How many orders there are of layers whose members are unordered.
pub fn linearisations(layers: &[Vec<String>]) -> u64 {
    layers.iter().map(|l| (1..=l.len() as u64).product::<u64>()).product()
}

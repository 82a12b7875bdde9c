//! Benchmark of process alignment: 64 milestones with 5,000 spam events, and a log of ordinary length.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use wheel_of_misfortune::scoring::align::{Step, align};

/// A chain of milestones with a short cut every fourth; the weights repeat.
fn steps(n: usize) -> Vec<Step> {
    let after = |m: usize| match m {
        0 => vec![],
        m if m % 4 == 0 && m >= 4 => vec![m - 1, m - 4],
        m => vec![m - 1],
    };
    (0..n).map(|m| Step { weight: 1 + m as u64 % 5, after: after(m) }).collect()
}

/// Rounds of all labels from the last to the first: as wrong an order as there is.
fn spam(n: usize, events: usize) -> Vec<Vec<u64>> {
    let mut seen = vec![Vec::new(); n];
    for t in 0..events {
        seen[n - 1 - t % n].push(t as u64);
    }
    seen
}

fn alignment(c: &mut Criterion) {
    for (n, events) in [(64, 5_000), (64, 320), (16, 64), (16, 160)] {
        let (steps, seen) = (steps(n), spam(n, events));
        let got = align(&steps, &seen);
        c.bench_function(&format!("align {n} milestones, {events} events (cost {})", got.cost), |b| {
            b.iter(|| align(black_box(&steps), black_box(&seen)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = alignment
}
criterion_main!(benches);

//! Benchmarks of the core: an hour of simulated time of each small test world, with and without telemetry.

#[path = "../tests/support/mesh.rs"]
mod mesh;
#[allow(dead_code, reason = "the mesh stands on a few of its parts")]
#[path = "../tests/support/worlds.rs"]
mod worlds;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use wheel_of_misfortune::observe::Telemetry;
use wheel_of_misfortune::sim::World;
use wheel_of_misfortune::stdx::digest;

fn hour(c: &mut Criterion) {
    for s in [worlds::registry(), worlds::docs(), mesh::thirty()] {
        let world = World::new(&s, 1);
        let telemetry = Telemetry::new(&s, &world);
        c.bench_function(&format!("{} opens", s.id), |b| b.iter(|| World::new(black_box(&s), 1)));
        c.bench_function(&format!("{} clone", s.id), |b| b.iter(|| black_box(&world).clone()));
        c.bench_function(&format!("{} digest", s.id), |b| b.iter(|| digest::of(black_box(&world))));
        c.bench_function(&format!("{} 1 h", s.id), |b| {
            b.iter(|| {
                let mut w = world.clone();
                for _ in 0..3_600 {
                    black_box(w.step());
                }
                w
            });
        });
        c.bench_function(&format!("{} 1 h watched", s.id), |b| {
            b.iter(|| {
                let (mut w, mut t) = (world.clone(), telemetry.clone());
                for _ in 0..3_600 {
                    black_box(w.step());
                    black_box(t.record(&w));
                }
                t
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = hour
}
criterion_main!(benches);

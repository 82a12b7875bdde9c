//! The edge as a cache: what a purge costs its origin.

use super::*;

/// Requests of the edge and fetches from its origin in so many seconds.
fn fetches(w: &mut World, n: u64) -> (u64, u64) {
    let read = |w: &World| {
        let sent = w.edges().find(|(from, to, _)| (*from, *to) == ("cdn", "web")).map_or(0, |(.., e)| e.total.sent);
        (w.service("cdn").map_or(0, |c| c.total.requests), sent)
    };
    let before = read(w);
    steps(w, n);
    let after = read(w);
    (after.0 - before.0, after.1 - before.1)
}

#[test]
fn a_purged_edge_is_cold_and_its_origin_feels_it_until_it_is_warm_again() {
    let mut w = world();
    let share = |(all, fetched): (u64, u64)| fetched as f64 / all as f64;
    let calm = share(fetches(&mut w, 60));
    assert!((calm - 0.5).abs() < 0.01, "half is held: {calm}");
    does(&mut w, NetEffect::Purge { edge: s("cdn") });
    let cold = share(fetches(&mut w, 10));
    assert!(cold > 0.95, "nearly everything is fetched: {cold}");
    // It fills evenly, so half way there three quarters are fetched.
    let mut last = cold;
    for _ in 0..5 {
        let now = share(fetches(&mut w, 50));
        assert!(now < last, "{now} after {last}");
        last = now;
    }
    steps(&mut w, 300);
    let warm = share(fetches(&mut w, 60));
    assert!((warm - calm).abs() < 0.01, "{warm}");
}

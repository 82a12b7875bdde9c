//! The formulas on their own: published values, integrals taken numerically, limits, and numbers that make no sense.

use super::textbook_c;
use crate::des::mean;
use wheel_of_misfortune::sim::queueing::{
    HUGE, RHO_MAX, Response, Smooth, Spread, WaitTable, drain_s, erlang_b, erlang_c, gamma_cdf, overflow_s,
};
use wheel_of_misfortune::stdx::rng::Stream;

fn close(got: f64, expected: f64, error: f64) {
    assert!((got - expected).abs() <= error, "{got}, expected {expected} within {error}");
}

#[test]
fn erlang_as_in_the_tables() {
    // Fractions by hand, then values of published tables.
    close(erlang_b(1, 1.0), 0.5, 1e-15);
    close(erlang_b(2, 1.0), 0.2, 1e-15);
    close(erlang_b(5, 3.0), 2.025 / 18.4, 1e-15);
    close(erlang_b(10, 5.0), 0.018_385, 5e-7);
    close(erlang_b(100, 100.0), 0.075_70, 5e-6);
    close(erlang_c(1, 0.37), 0.37, 1e-15);
    close(erlang_c(2, 1.0), 1.0 / 3.0, 1e-15);
    close(erlang_c(10, 8.0), 0.409_2, 5e-5);
    for c in 1..=30 {
        for rho in [0.05, 0.3, 0.6, 0.9, 0.99] {
            let exact = textbook_c(c, rho * f64::from(c));
            close(erlang_c(c, rho * f64::from(c)) / exact, 1.0, 1e-12);
        }
    }
    // Many servers near full: the limit of Halfin and Whitt (1981), 1 / (1 + β Φ(β) / φ(β)) at β = 1.
    close(erlang_c(10_000, 9_900.0), 1.0 / (1.0 + 0.841_345 / 0.241_971), 0.003);
    close(erlang_c(1_000_000, 999_000.0), 1.0 / (1.0 + 0.841_345 / 0.241_971), 0.000_3);
    assert_eq!(erlang_c(1_000, 100.0), 0.0, "nobody ever waits");
}

/// The integral of a function over `0..end` by Simpson's rule.
fn integral(end: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = 20_000;
    let h = end / f64::from(steps);
    let weight = |n: i32| {
        if n == 0 || n == steps {
            1.0
        } else if n % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    (0..=steps).map(|n| weight(n) * f(f64::from(n) * h)).sum::<f64>() * h / 3.0
}

#[test]
fn moments_are_those_of_the_distribution() {
    for (p, r, s) in [(0.3, 5.0, 0.1), (1.0, 10.0, 0.1), (0.8, 10.000_001, 0.1), (0.5, 40.0, 0.2), (0.9, 3.0, 0.0)] {
        let response = Response::new(p, r, s);
        let m = integral(15.0, |t| 1.0 - response.cdf(t));
        let square = integral(15.0, |t| 2.0 * t * (1.0 - response.cdf(t)));
        close(m, response.mean_s(), 1e-5);
        close(square - m * m, response.variance(), 1e-5);
        close(response.mean_wait_s() + s, response.mean_s(), 1e-12);
        // A shift moves the mean and nothing else.
        let later = response.with_shift(2.0).with_shift(0.5);
        close(later.mean_s(), response.mean_s() + 2.5, 1e-12);
        close(later.cdf(3.0), response.cdf(0.5), 1e-12);
        close(later.quantile(0.9), response.quantile(0.9) + 2.5, 1e-8);
        assert_eq!((later.cdf(2.4), later.variance()), (0.0, response.variance()));
    }
}

#[test]
fn equal_rates_are_no_edge() {
    // The closed form for equal rates, and no jump on the way to it.
    let exact = 1.0 - libm::exp(-2.0) * (1.0 + 0.6 * 2.0);
    for apart in [0.0, 1e-15, 1e-12, 1e-9, 1e-6] {
        for side in [-1.0, 1.0] {
            close(Response::new(0.6, 10.0 * (1.0 + side * apart), 0.1).cdf(0.2), exact, 1e-15 + 2.0 * apart);
        }
    }
    // One server: the sojourn is exponential with the rate μ - λ.
    let one = Response::steady(&WaitTable::new(1), 0.02, 40.0);
    close(one.cdf(0.3), 1.0 - libm::exp(-3.0), 1e-12);
    close(one.quantile(0.99), libm::log(100.0) / 10.0, 1e-9);
}

#[test]
fn a_quantile_undoes_the_cdf() {
    let table = WaitTable::new(16);
    for rate in [0.0, 100.0, 700.0, 790.0, 5_000.0] {
        let response = Response::steady(&table, 0.02, rate).with_shift(0.25);
        for q in [0.001, 0.5, 0.9, 0.99, 0.999_999] {
            close(response.cdf(response.quantile(q)), q, 1e-9);
        }
        assert_eq!((response.quantile(0.0), response.quantile(1.0)), (0.25, f64::INFINITY));
    }
    // Without service time, those who need not wait are there at once.
    let instant = Response::new(0.2, 4.0, 0.0);
    close(instant.cdf(0.0), 0.8, 1e-15);
    close(instant.quantile(0.5), 0.0, 1e-9);
}

#[test]
fn beyond_full_the_response_stays() {
    let table = WaitTable::new(4);
    let at = |rho: f64| Response::steady(&table, 0.02, rho * 200.0);
    assert_eq!(at(1.0), at(RHO_MAX));
    assert_eq!(at(50.0), at(RHO_MAX));
    assert!(at(RHO_MAX - 0.01).mean_s() < at(RHO_MAX).mean_s());
}

#[test]
fn fluid_times() {
    assert_eq!(drain_s(600.0, 100.0, 70.0), Some(20.0));
    assert_eq!(drain_s(600.0, 100.0, 100.0), None);
    assert_eq!(drain_s(0.0, 0.0, 50.0), Some(0.0));
    assert_eq!(overflow_s(500.0, 100.0, 100.0, 120.0), Some(20.0));
    assert_eq!(overflow_s(500.0, 100.0, 100.0, 100.0), None);
    assert_eq!(overflow_s(500.0, 501.0, 100.0, 0.0), Some(0.0));
}

#[test]
fn a_smoothed_rate_follows_and_keeps_calm() {
    let mut smooth = Smooth::default();
    assert_eq!(smooth.per_s(), 0.0);
    assert_eq!(smooth.observe(100.0), 100.0);
    assert_eq!(smooth.observe(50.0), 75.0);
    let mut step = Smooth::settled(100.0);
    let after: Vec<f64> = (0..60).map(|_| step.observe(200.0)).collect();
    assert!(after.is_sorted() && after[0] < 110.0 && after[15] > 160.0 && after[59] > 195.0, "{after:?}");

    // Counts of a Poisson process at utilisation 0.9 of 100 a second: the wait is right on average to 5 %.
    let (table, mut stream) = (WaitTable::new(2), Stream::new(1, "counts"));
    let exact = Response::steady(&table, 0.02, 90.0).mean_wait_s();
    let mut smooth = Smooth::settled(90.0);
    let waits: Vec<f64> = (0..20_000)
        .map(|_| {
            let (mut rest, mut count) = (1.0, -1.0);
            while rest > 0.0 {
                rest += libm::log(1.0 - stream.unit()) / 90.0;
                count += 1.0;
            }
            Response::steady(&table, 0.02, smooth.observe(count)).mean_wait_s()
        })
        .collect();
    println!("mean wait by smoothed counts {:.2} % off", 100.0 * (mean(&waits) / exact - 1.0));
    close(mean(&waits) / exact, 1.0, 0.05);
}

#[test]
fn the_incomplete_gamma_function_is_right() {
    // Upper 5 % and 1 % points of chi-square with 1, 2, 10 and 100 degrees of freedom, as printed in any table.
    for (freedom, x, below) in [
        (1.0, 3.841, 0.95),
        (2.0, 5.991, 0.95),
        (10.0, 18.307, 0.95),
        (100.0, 124.342, 0.95),
        (1.0, 6.635, 0.99),
        (10.0, 23.209, 0.99),
        (10.0, 3.940, 0.05),
    ] {
        close(gamma_cdf(freedom / 2.0, x / 2.0), below, 2e-5);
    }
    for x in [0.01, 0.5, 1.9, 2.1, 3.0, 20.0] {
        close(gamma_cdf(1.0, x), 1.0 - libm::exp(-x), 1e-14);
        close(gamma_cdf(0.5, x), libm::erf(f64::sqrt(x)), 1e-14);
        close(gamma_cdf(3.0, x), 1.0 - libm::exp(-x) * (1.0 + x + x * x / 2.0), 1e-14);
    }
    // Where the exact series ends and the normal limit begins, both say the same.
    for x in [9_700.0, 9_950.0, 10_000.0, 10_020.0, 10_300.0] {
        close(gamma_cdf(10_000.0, x), gamma_cdf(10_000.000_1, x), 1e-6);
    }
}

#[test]
fn times_along_a_chain_add_up() {
    // Three equal exponential parts are a gamma of shape 3, exactly.
    let part = Response::new(0.0, 1.0, 0.2).spread();
    close((part + part + part).cdf(0.5), gamma_cdf(3.0, 2.5), 1e-12);
    // A fixed time is a step, and moves a distribution's mean.
    assert_eq!((Spread::fixed(0.3).cdf(0.299), Spread::fixed(0.3).cdf(0.3)), (0.0, 1.0));
    assert_eq!(part + Spread::fixed(1.0), Spread { mean_s: 1.2, variance: part.variance });

    // A chain of a busy, a calm and a slow station, drawn one by one, against the gamma with the two moments.
    let chain = [(0.6, 20.0, 0.02), (0.05, 80.0, 0.05), (0.3, 15.0, 0.1)];
    let mut stream = Stream::new(4, "chain");
    let mut draw = |(p, r, s): (f64, f64, f64)| {
        let wait_s = if stream.unit() < p { -libm::log(1.0 - stream.unit()) / r } else { 0.0 };
        wait_s - s * libm::log(1.0 - stream.unit())
    };
    let mut times: Vec<f64> = (0..100_000).map(|_| chain.into_iter().map(&mut draw).sum()).collect();
    times.sort_by(f64::total_cmp);
    let sum = chain.iter().fold(Spread::default(), |sum, (p, r, s)| sum + Response::new(*p, *r, *s).spread());
    close(mean(&times) / sum.mean_s, 1.0, 0.01);
    let worst = times.iter().enumerate().map(|(n, t)| (sum.cdf(*t) - n as f64 / times.len() as f64).abs());
    let worst = worst.fold(0.0, f64::max);
    println!("the gamma is at most {:.2} points of a hundred off a chain's distribution", 100.0 * worst);
    assert!(worst < 0.02, "{worst}");
}

#[test]
fn no_number_does_harm() {
    let odd = [
        f64::NAN,
        f64::NEG_INFINITY,
        -1.0,
        -0.0,
        0.0,
        5e-324,
        1e-13,
        0.5,
        1.0,
        3.0,
        1e9,
        HUGE,
        f64::MAX,
        f64::INFINITY,
    ];
    let share = |p: f64, what: &str| assert!((0.0..=1.0).contains(&p), "{what}: {p}");
    let time = |t: f64, what: &str| assert!((0.0..f64::INFINITY).contains(&t), "{what}: {t}");
    let tables = [WaitTable::new(0), WaitTable::new(3), WaitTable::new(500)];
    for a in odd {
        for c in [0, 1, 7, 2_000] {
            share(erlang_b(c, a), "erlang_b");
            share(erlang_c(c, a), "erlang_c");
        }
        for table in &tables {
            share(table.p_wait(a), "p_wait");
        }
        let mut smooth = Smooth::settled(a);
        time(smooth.observe(a), "smooth");
        for b in odd {
            share(gamma_cdf(a, b), "gamma");
            for c in odd {
                let steady = tables.iter().map(|t| Response::steady(t, a, b).with_shift(c));
                for response in steady.chain([Response::new(a, b, c), Response::new(b, c, 0.02).with_shift(a)]) {
                    time(response.mean_s(), "mean");
                    time(response.mean_wait_s(), "mean wait");
                    time(response.variance(), "variance");
                    for t in odd {
                        share(response.cdf(t), "cdf");
                        share(response.spread().cdf(t), "spread");
                    }
                    time(response.quantile(0.99), "quantile");
                    assert!(response.quantile(f64::NAN) >= 0.0);
                }
                for seconds in [drain_s(a, b, c), overflow_s(a, b, c, 1.0)].into_iter().flatten() {
                    time(seconds, "fluid");
                }
            }
        }
    }
    assert_eq!(tables[0].servers(), 1);
}

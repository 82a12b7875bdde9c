//! Properties of random queries: a range is its instants, and no text makes parsing or evaluation panic.

use super::format;
use std::fs;
use std::path::Path;
use wheel_of_misfortune::observe::promql::{Value, parse};
use wheel_of_misfortune::observe::series::{Labels, SeriesStore};
use wheel_of_misfortune::stdx::rng::Stream;

const SCRAPE_MS: i64 = 15_000;

/// Counters with resets, gauges and a histogram, with gaps, staleness and odd values.
fn store(s: &mut Stream) -> SeriesStore {
    let mut store = SeriesStore::new();
    for name in ["c", "g", "h_bucket"] {
        for n in 0..4_u64 {
            let le = ["0.1", "1", "10", "+Inf"][n as usize];
            let mut pairs = vec![("job", ["x", "y"][n as usize % 2]), ("n", ["0", "1", "2", "3"][n as usize])];
            if name == "h_bucket" {
                pairs = vec![("le", le)];
            }
            let id = store.series(Labels::metric(name, pairs));
            let mut value = 0.0;
            for step in 0..120 {
                let t_ms = step * SCRAPE_MS + s.below(3) as i64;
                value = match name {
                    "g" => s.signed() * 100.0,
                    _ if s.below(30) == 0 => 0.0,
                    _ => value + s.below(10) as f64,
                };
                match s.below(40) {
                    0 => store.mark_stale(id, t_ms),
                    1 => store.append(id, t_ms, f64::NAN),
                    2 | 3 => true,
                    _ => store.append(id, t_ms, value),
                };
            }
        }
    }
    store
}

fn pick<'a>(s: &mut Stream, of: &[&'a str]) -> &'a str {
    of[s.below(of.len() as u64) as usize]
}

fn shift(s: &mut Stream) -> String {
    pick(s, &["", "", "", "", " offset 1m", " offset -2m", " @ 600", " @ start()", " @ end() offset 30s"]).into()
}

fn range(s: &mut Stream, depth: u64) -> String {
    let span = pick(s, &["20s", "1m", "5m", "7m30s"]);
    if depth > 0 && s.below(3) == 0 {
        let step = pick(s, &["15s", "40s", "1m", ""]);
        return format!("({})[{span}:{step}]{}", vector(s, depth - 1), shift(s));
    }
    format!("{}[{span}]{}", selector(s), shift(s))
}

fn selector(s: &mut Stream) -> String {
    pick(s, &["c", "g", "{__name__=~'c|g'}", "c{job='x'}", "g{n!~'1|2'}", "h_bucket", "nothing"]).into()
}

fn scalar(s: &mut Stream) -> String {
    pick(s, &["0", "0.5", "2", "-1", "time()", "scalar(g{n='1'})", "NaN", "1e3"]).into()
}

fn vector(s: &mut Stream, depth: u64) -> String {
    if depth == 0 {
        return selector(s) + &shift(s);
    }
    let over = ["rate", "increase", "irate", "delta", "idelta", "deriv", "changes", "resets", "avg_over_time"];
    let more =
        ["sum_over_time", "stddev_over_time", "min_over_time", "count_over_time", "last_over_time", "absent_over_time"];
    let each = ["abs", "ceil", "sgn", "exp", "-", "sort", "absent", "timestamp", "hour"];
    let grouping = ["", " by (job)", " without (n)", " by (le, __name__)"];
    let matching = ["", " on (job, n)", " ignoring (le)", " on (job) group_left ()", " on (n) group_right (job)"];
    match s.below(10) {
        0 => selector(s) + &shift(s),
        1 | 2 => format!("{}({})", pick(s, &over), range(s, depth - 1)),
        3 => format!("{}({})", pick(s, &more), range(s, depth - 1)),
        4 => format!("{}({})", pick(s, &each), vector(s, depth - 1)),
        5 => {
            let op = pick(s, &["sum", "avg", "min", "max", "count", "stddev", "group"]);
            format!("{op}{} ({})", pick(s, &grouping), vector(s, depth - 1))
        }
        6 => {
            let op = pick(s, &["topk", "bottomk", "quantile", "limitk"]);
            format!("{op}{} ({}, {})", pick(s, &grouping), scalar(s), vector(s, depth - 1))
        }
        7 => {
            let op = pick(s, &["+", "-", "*", "/", "%", ">", "== bool", "<="]);
            format!("({}) {op}{} ({})", vector(s, depth - 1), pick(s, &matching), vector(s, depth - 1))
        }
        8 => {
            let op = pick(s, &["and", "or", "unless"]);
            format!("({}) {op}{} ({})", vector(s, depth - 1), pick(s, &matching[..3]), vector(s, depth - 1))
        }
        _ => match s.below(4) {
            0 => format!("predict_linear({}, {})", range(s, depth - 1), scalar(s)),
            1 => format!("histogram_quantile({}, {})", scalar(s), vector(s, depth - 1)),
            2 => format!("label_replace({}, 'k', '$1', 'job', '(.*)')", vector(s, depth - 1)),
            _ => format!("({}) {} {}", vector(s, depth - 1), pick(s, &["+", ">", "^"]), scalar(s)),
        },
    }
}

/// Equal to the bit, apart from which NaN it is.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn a_range_is_its_instants() {
    let mut s = Stream::new(7, "promql");
    let store = store(&mut s);
    let (mut answered, mut with_values) = (0, 0);
    for _ in 0..1500 {
        let text = vector(&mut s, 3);
        let query = parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let (start, step) = (s.below(1_200_000) as i64, [10_000, 15_000, 61_000][s.below(3) as usize]);
        let end = start + step * s.below(12) as i64;
        let Ok(Value::Matrix(range)) = query.range(&store, start, end, step) else { continue };
        answered += 1;
        with_values += usize::from(!range.is_empty());
        // `@ start()` and `@ end()` mean another time in an instant query.
        if text.contains("start()") || text.contains("end()") {
            continue;
        }
        for t in (start..=end).step_by(step as usize) {
            let at_t = range.iter().filter_map(|(labels, samples)| {
                samples.iter().find(|(sample_t, _)| *sample_t == t).map(|(_, v)| (labels.clone(), *v))
            });
            let mut expected: Vec<(Labels, f64)> = at_t.collect();
            let Ok(Value::Vector(found)) = query.instant(&store, t) else { panic!("{text} at {t}: no vector") };
            let mut found: Vec<(Labels, f64)> = found.into_iter().map(|(labels, _, v)| (labels, v)).collect();
            expected.sort_by(|a, b| a.0.cmp(&b.0));
            found.sort_by(|a, b| a.0.cmp(&b.0));
            let equal =
                expected.len() == found.len() && expected.iter().zip(&found).all(|(a, b)| a.0 == b.0 && same(a.1, b.1));
            assert!(equal, "{text} at {t}: in the range {expected:?}, at the instant {found:?}");
        }
    }
    assert!(answered > 700 && with_values > 400, "{answered} answered, {with_values} with values");
}

/// Queries of the test data, to be mangled.
fn seeds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/promql_own/semantics.test");
    let commands = format::read(&fs::read_to_string(folder).unwrap());
    let of = |c| match c {
        format::Command::Eval(case) => Some(case.expr),
        _ => None,
    };
    commands.into_iter().filter_map(of).collect()
}

#[test]
fn mangled_queries_return() {
    let mut s = Stream::new(11, "promql");
    let (store, seeds) = (store(&mut s), seeds());
    let scraps = [
        "(", ")", "[", "]", "{", "}", "5m", "-", "+", "offset", "@", "\"", "'", "\\", "é", "1e99", "inf", ":", "by",
        "=~", ",",
    ];
    let mut parsed = 0;
    for _ in 0..3000 {
        let mut text: Vec<char> = seeds[s.below(seeds.len() as u64) as usize].chars().collect();
        for _ in 0..=s.below(3) {
            let (at, len) = (s.below(text.len() as u64 + 1) as usize, s.below(4) as usize);
            let end = (at + len).min(text.len());
            let scrap: Vec<char> = pick(&mut s, &scraps).chars().collect();
            match s.below(3) {
                0 => drop(text.drain(at..end)),
                1 => drop(text.splice(at..at, scrap)),
                _ => drop(text.splice(at..end, scrap)),
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(query) = parse(&text) {
            parsed += 1;
            let _ = query.range(&store, 0, 600_000, 100_000);
        }
    }
    assert!(parsed > 300, "{parsed}: the texts are mangled too much to reach the evaluator");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_returns(text in "\\PC{0,60}") {
        if let Ok(query) = parse(&text) {
            let _ = query.instant(&SeriesStore::new(), 0);
        }
    }
}

//! Errors, limits and types of PromQL queries.

use wheel_of_misfortune::observe::promql::{QueryError, Value, parse};
use wheel_of_misfortune::observe::series::{Labels, SeriesStore};

const MINUTE_MS: i64 = 60_000;

fn store() -> SeriesStore {
    let mut store = SeriesStore::new();
    for n in 0..3_i64 {
        let id = store.series(Labels::metric("m", [("n", n.to_string())]));
        for step in 0..20 {
            store.append(id, step * MINUTE_MS, (step * n) as f64);
        }
    }
    store
}

fn error(text: &str) -> QueryError {
    let answer = parse(text).and_then(|q| q.instant(&store(), MINUTE_MS));
    answer.expect_err(text)
}

#[test]
fn values_have_their_types() {
    let s = store();
    let now = |text: &str| parse(text).unwrap().instant(&s, 5 * MINUTE_MS).unwrap();
    assert_eq!(now("1 + 1"), Value::Scalar(2.0));
    assert_eq!(now("'a'"), Value::String("a".into()));
    assert_eq!(now("sum(m)"), Value::Vector(vec![(Labels::default(), 5 * MINUTE_MS, 15.0)]));
    let one = Labels::metric("m", [("n", "1")]);
    assert_eq!(now("m{n='1'}[2m]"), Value::Matrix(vec![(one, vec![(4 * MINUTE_MS, 4.0), (5 * MINUTE_MS, 5.0)])]));
    let query = parse("time()").unwrap();
    let range = query.clone().range(&s, 0, 2 * MINUTE_MS, MINUTE_MS).unwrap();
    let times = vec![(0, 0.0), (MINUTE_MS, 60.0), (2 * MINUTE_MS, 120.0)];
    assert_eq!(range, Value::Matrix(vec![(Labels::default(), times)]));
    assert!(format!("{query:?}").contains("Time"));
}

#[test]
fn what_cannot_be_answered_is_an_error_with_a_reason() {
    for (text, reason) in [
        ("", "no expression"),
        ("m{n=", "unexpected end"),
        ("m[5m", "unexpected end"),
        ("rate(m)", "expected type range vector"),
        ("m[0]", "greater than 0"),
        ("m[5m:0]", "greater than 0"),
        ("frobnicate(m)", "unknown function"),
        ("sum(m[5m])", "expected type"),
        ("exp(NaN)", "expected type instant vector"),
        ("m and 1", "set operator"),
        ("1 > 2", "BOOL"),
        ("m + on(n) group_left(n) m", "must not occur in ON and GROUP clause"),
        ("{n=~'.*'}", "non-empty matcher"),
        ("m{n=~'('}", "regex"),
        ("label_replace(m, '', 'a', 'n', '.*')", "invalid label name"),
        ("label_replace(m, 'a', 'a', 'n', '(')", "invalid regular expression"),
        ("count_values('', m)", "invalid label name"),
        ("m + on() m", "duplicate series"),
        ("topk(1e30, m)", "overflows"),
        ("limit_ratio(NaN, m)", "Ratio value is NaN"),
        ("info(m, m)", "not supported"),
    ] {
        let e = error(text);
        assert!(e.message.contains(reason), "{text}: {e}");
    }
    assert_eq!(error("m + 'abc"), QueryError { message: "unterminated quoted string".into(), at: Some(4) });
    assert_eq!(error("m{a=\"\\q\"}").at, Some(6));
    assert_eq!(error("m + §").at, Some(4));
}

#[test]
fn limit_ratio_splits_the_series() {
    let mut s = SeriesStore::new();
    for n in 0..1000 {
        let id = s.series(Labels::metric("m", [("n", n.to_string())]));
        s.append(id, 0, 1.0);
    }
    let count = |text: &str| match parse(text).unwrap().instant(&s, 0).unwrap() {
        Value::Vector(v) => v.len(),
        other => panic!("{other:?}"),
    };
    assert!((250..350).contains(&count("limit_ratio(0.3, m)")));
    assert_eq!(count("limit_ratio(0.3, m) or limit_ratio(-0.7, m)"), 1000);
    assert_eq!(count("limit_ratio(0.3, m) and limit_ratio(-0.7, m)"), 0);
    let all = ["1", "-1", "1.5", "-7", "0"].map(|r| count(&format!("limit_ratio({r}, m)")));
    assert_eq!(all, [1000, 1000, 1000, 1000, 0]);
}

#[test]
fn ranges_have_sane_times() {
    let (s, query) = (store(), parse("m").unwrap());
    for (start, end, step) in [(0, 10, 0), (0, 10, -1), (10, 0, 1), (i64::MIN, i64::MAX, 1), (0, 20_000, 1)] {
        assert!(query.range(&s, start, end, step).is_err(), "{start} {end} {step}");
    }
    for text in ["'a'", "m[5m]"] {
        assert!(parse(text).unwrap().range(&s, 0, 10, 1).is_err(), "{text}");
    }
    // Times at the ends of the number range give nothing, and no overflow.
    for text in ["m", "rate(m[5m] offset 1h)", "sum_over_time(m[5m:1m] @ 1e14)", "m offset -300y", "timestamp(m)"] {
        for t in [i64::MIN, i64::MAX] {
            assert_eq!(parse(text).unwrap().instant(&s, t), Ok(Value::Vector(vec![])), "{text} at {t}");
        }
    }
}

#[test]
fn too_much_is_refused() {
    let many = |part: &str, n: usize| part.repeat(n);
    for text in [
        format!("{}m{}", many("(", 5000), many(")", 5000)),
        format!("{}m{}", many("(", 101), many(")", 101)),
        format!("m{}", many(" + m", 1000)),
        format!("m{}", many(" + m", 100_000)),
        format!("{}m", many("-", 3000)),
        format!("{}m{}", many("sum(", 99), many(")", 99)) + &many(" + 1", 200),
        "count_over_time(m[300y:1ms])".into(),
        "count_over_time((m or m)[300d:1ms])".into(),
    ] {
        let answer = parse(&text).and_then(|q| q.instant(&store(), MINUTE_MS));
        assert!(answer.is_err(), "{}", &text[..40.min(text.len())]);
    }
    let deep = format!("{}m{}", many("abs(", 90), many(")", 90));
    assert!(parse(&deep).unwrap().instant(&store(), MINUTE_MS).is_ok());
}

#[test]
fn nothing_makes_the_grammar_panic() {
    let odd = [
        "m[1e30]",
        "m[1e400]",
        "m offset 1e30",
        "m offset -1e30",
        "m offset inf",
        "m offset nan",
        "m[99999999999y]",
        "m[5000y]",
        "m @ 1e300",
        "m @ inf",
        "m @ -1e18",
        "0x",
        "0xffffffffffffffffffff",
        "1e",
        "0x1.8p3",
        "08",
        "m[.5]",
        "m[0x10]",
        "\"\\é\"",
        "'\\U00110000'",
        "'\\xff'",
        "\"é\"",
        "m{a=\"é\"}",
        "é",
        "m{é=\"a\"}",
        "`",
        "'",
        "\"\\",
        "m[",
        "m{",
        "(",
        "m offset",
        "m offset +",
        "m @",
        "@",
        "#",
        "m # é",
        "offset",
        "m{offset='1'}",
        "sum by (",
        "99999999999w",
        "m[1d1y]",
        "m offset 5mm",
        "\u{0}",
        "m[5m]]",
        "m}",
        "fill",
        "m + fill(1e999) m",
        "m + fill_left (-inf) m",
        "1y1w1d1h1m1s1ms",
        "m[1ms]",
        "$__interval",
        "a:b:c",
        ":",
        "m[:1m]",
        "m[1m::]",
        "on",
        "bool",
        "1 == bool 1",
    ];
    let s = store();
    for text in odd {
        if let Ok(query) = parse(text) {
            let _ = query.instant(&s, 0);
            let _ = query.range(&s, 0, 10 * MINUTE_MS, MINUTE_MS);
        }
    }
    assert!(parse("m[1e30]").is_err_and(|e| e.at == Some(2)));
    assert!(parse("m{a=\"é\"}").is_ok());
}

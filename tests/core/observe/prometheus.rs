//! Prometheus itself as the judge: the samples of a played session, every query of its boards, and further ones.
//!
//! `.ci/prometheus.sh` exports the samples, starts a server on them and runs this.

use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use wheel_of_misfortune::observe::promql::{Value, parse};
use wheel_of_misfortune::observe::series::{Labels, METRIC_NAME, SeriesStore};
use wheel_of_misfortune::observe::{components, dashboards, query, recordings, rule_of};
use wheel_of_misfortune::scenario::WorldSpec;
use wheel_of_misfortune::storage::package;

/// Further queries, and those that are left out with the reason.
const FURTHER: &str = include_str!("../../data/prometheus/queries.txt");

/// Seconds between two evaluations.
const STEP_S: i64 = 60;

type Matrix = BTreeMap<BTreeMap<String, String>, Vec<(i64, f64)>>;

/// Reads a file of samples as the program exports it.
fn load(text: &str) -> SeriesStore {
    let mut store = SeriesStore::new();
    let mut ids = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (rest, time) = line.rsplit_once(' ').expect("a time");
        let (head, value) = rest.rsplit_once(' ').expect("a value");
        let id = *ids.entry(head.to_owned()).or_insert_with(|| store.series(labels(head)));
        let (s, ms) = time.split_once('.').expect("milliseconds");
        let t = s.parse::<i64>().expect("seconds") * 1_000 + ms.parse::<i64>().expect("milliseconds");
        assert!(store.append(id, t, value.parse().expect("a number")), "{line}");
    }
    store
}

fn labels(head: &str) -> Labels {
    let (name, rest) = head.split_once('{').unwrap_or((head, "}"));
    let mut pairs = vec![(METRIC_NAME.to_owned(), name.to_owned())];
    let mut chars = rest.chars().peekable();
    loop {
        let label: String = std::iter::from_fn(|| chars.next_if(|c| *c != '=' && *c != '}')).collect();
        if chars.next() != Some('=') {
            break;
        }
        chars.next();
        let mut value = String::new();
        while let Some(c) = chars.next().filter(|c| *c != '"') {
            value.push(match c {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some(c) => c,
                    None => break,
                },
                c => c,
            });
        }
        pairs.push((label, value));
        chars.next_if(|c| *c == ',');
    }
    Labels::new(pairs)
}

/// Asks the server; its answer as a matrix, or the error.
fn theirs(server: &str, query: &str, start_s: i64, end_s: i64) -> Result<Matrix, String> {
    let encode = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let body = format!("query={}&start={start_s}&end={end_s}&step={STEP_S}", encode(query));
    let mut tcp = TcpStream::connect(server).map_err(|e| e.to_string())?;
    let request = format!(
        "POST /api/v1/query_range HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    tcp.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).map_err(|e| e.to_string())?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    let json: Json = serde_json::from_str(body).map_err(|e| format!("{e}: {body}"))?;
    if json["status"] != "success" {
        return Err(json["error"].to_string());
    }
    let mut out = Matrix::new();
    for series in json["data"]["result"].as_array().ok_or("no result")? {
        let metric = series["metric"].as_object().ok_or("no labels")?;
        let labels = metric.iter().map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned())).collect();
        let number = |v: &Json| v.as_str().and_then(|t| t.replace("Inf", "inf").parse().ok()).unwrap_or(f64::NAN);
        let values = series["values"].as_array().ok_or("no values")?;
        let points = values.iter().map(|p| ((p[0].as_f64().unwrap_or(0.0) * 1_000.0) as i64, number(&p[1]))).collect();
        out.insert(labels, points);
    }
    Ok(out)
}

fn ours(store: &SeriesStore, query: &str, start_s: i64, end_s: i64) -> Result<Matrix, String> {
    let parsed = parse(query).map_err(|e| e.to_string())?;
    match parsed.range(store, start_s * 1_000, end_s * 1_000, STEP_S * 1_000).map_err(|e| e.to_string())? {
        Value::Matrix(m) => Ok(m
            .into_iter()
            .map(|(l, points)| (l.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(), points))
            .collect()),
        other => Err(format!("no matrix: {other:?}")),
    }
}

fn same(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn difference(ours: &Matrix, theirs: &Matrix) -> Option<String> {
    if ours.keys().ne(theirs.keys()) {
        return Some(format!("series: {:?} and {:?}", ours.keys(), theirs.keys()));
    }
    for (labels, points) in ours {
        let others = &theirs[labels];
        if points.len() != others.len() {
            return Some(format!("{labels:?}: {} points and {}", points.len(), others.len()));
        }
        for (p, o) in points.iter().zip(others) {
            if p.0 != o.0 || !same(p.1, o.1) {
                return Some(format!("{labels:?}: {p:?} and {o:?}"));
            }
        }
    }
    None
}

/// Times at which a counter's samples begin, at first or after a gap.
///
/// There 2.42 and 3.x extrapolate a rate differently: 3.x looks first whether the range reaches far before the samples, and
/// only then whether the counter would have been below zero.
fn beginnings(store: &SeriesStore) -> BTreeSet<i64> {
    let mut times = BTreeSet::new();
    for id in store.ids() {
        let name = store.labels(id).get(METRIC_NAME).unwrap_or_default();
        if ["_total", "_bucket", "_count", "_sum"].iter().any(|end| name.ends_with(end)) {
            let mut before = i64::MIN / 2;
            for (t, _) in store.samples(id, i64::MIN, i64::MAX) {
                if t - before > 20_000 {
                    times.insert(t);
                }
                before = t;
            }
        }
    }
    times
}

/// How long after a beginning a query's answers are left out, milliseconds: as far back as it looks at a rate.
fn looks_back_ms(query: &str) -> i64 {
    if !query.contains("rate(") && !query.contains("increase(") {
        return 0;
    }
    if query.contains("offset") || query.contains("m:") { 1_200_000 } else { 300_000 }
}

/// Every query of a world's boards and rules.
fn queries(world: &WorldSpec) -> Vec<String> {
    let mut all: Vec<String> = world.graphs.iter().map(|g| query(&g.signal)).collect();
    all.extend(components(world).iter().flat_map(|c| dashboards(world, c)).map(|p| p.query));
    all.extend(world.alerts.iter().map(|(id, a)| rule_of(id, a).expr));
    all.extend(world.slos.iter().flat_map(|(id, s)| recordings(id, s)).map(|r| r.expr));
    all
}

#[test]
#[ignore = "needs a Prometheus server with the samples: .ci/prometheus.sh"]
fn prometheus_gives_the_same_answers() {
    let env = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let (server, slug) = (env("WOM_PROMETHEUS"), env("WOM_SCENARIO"));
    let store = load(&std::fs::read_to_string(env("WOM_SAMPLES")).expect("samples"));
    let package = package::bundled().into_iter().find(|p| p.slug == slug).expect("a scenario");
    let scenario = wheel_of_misfortune::host::load(&package).expect("valid");
    let times = store.ids().flat_map(|id| store.samples(id, i64::MIN, i64::MAX)).map(|(t, _)| t);
    let (first, last) = times.fold((i64::MAX, i64::MIN), |(a, b), t| (a.min(t), b.max(t)));
    // A quarter past the minute, so that steps of subqueries do not fall on the edge of their range either.
    let (start, end) = (first / 60_000 * 60 + 75, last / 1_000);
    let further = FURTHER.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    let (left_out, further): (Vec<&str>, Vec<&str>) = further.partition(|l| l.starts_with("left out"));
    for line in left_out {
        println!("{line}");
    }
    let all: Vec<String> = queries(&scenario.world).into_iter().chain(further.into_iter().map(str::to_owned)).collect();
    let (mut wrong, mut points, mut empty, mut skipped) = (Vec::new(), 0, 0, 0);
    let beginnings = beginnings(&store);
    for q in &all {
        let (mut a, mut b) = (ours(&store, q, start, end), theirs(&server, q, start, end));
        let back = looks_back_ms(q);
        let fresh = |t: i64| beginnings.range(t - back..=t).next().is_some();
        for m in [&mut a, &mut b].into_iter().flatten().filter(|_| back > 0) {
            for points in m.values_mut() {
                let all = points.len();
                points.retain(|(t, _)| !fresh(*t));
                skipped += all - points.len();
            }
            m.retain(|_, points| !points.is_empty());
        }
        match (&a, &b) {
            (Ok(a), Ok(b)) => {
                points += a.values().map(Vec::len).sum::<usize>();
                empty += usize::from(a.is_empty());
                wrong.extend(difference(a, b).map(|d| format!("{q}: {d}")));
            }
            _ => wrong.push(format!("{q}: {:?} and {:?}", a.err(), b.err())),
        }
    }
    println!("{slug}: {} queries, {empty} of them without a result, {points} points compared", all.len());
    println!("left out: {} points of rates just after a counter began, which 2.42 extrapolates otherwise", skipped / 2);
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    assert!(points > 10_000 && empty * 3 < all.len(), "{points} points, {empty} empty");
}

//! Telemetry of a world of thirty services: what it costs a tick, what four hours of it keep in memory, and how fast a
//! dashboard's hour is, beside Prometheus on the same samples if a server is named.
//!
//! `cargo bench --no-default-features --bench telemetry`. With `WOM_SAMPLES=FILE` it writes the samples as OpenMetrics
//! and ends; with `WOM_PROMETHEUS=HOST:PORT` it asks a server that holds them too (`benches/peers/prometheus.sh`).

#[path = "../tests/support/mesh.rs"]
mod mesh;
#[allow(dead_code, reason = "the mesh stands on a few of its parts")]
#[path = "../tests/support/worlds.rs"]
mod worlds;

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use wheel_of_misfortune::observe::promql::parse;
use wheel_of_misfortune::observe::{Telemetry, components, dashboards};
use wheel_of_misfortune::sim::World;

/// Rounds of which the fastest counts: the machine has other work to do.
const ROUNDS: usize = 7;

fn fastest(mut f: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| f()).min().unwrap_or_default()
}

/// Resident memory of this process in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

/// Seconds that the server's engine takes for a range query.
fn server_s(server: &str, query: &str, start_s: i64, end_s: i64) -> f64 {
    let encode = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let body = format!("query={}&start={start_s}&end={end_s}&step=15&stats=all", encode(query));
    let mut tcp = TcpStream::connect(server).expect("a server");
    let request = format!(
        "POST /api/v1/query_range HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    tcp.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).expect("answered");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let json: serde_json::Value = serde_json::from_str(body).expect("JSON");
    json["data"]["stats"]["timings"]["execTotalTime"].as_f64().unwrap_or_else(|| panic!("{query}: {body}"))
}

fn main() {
    // `cargo test --benches` asks for a list.
    if std::env::args().any(|a| a == "--list" || a == "--test") {
        return;
    }
    let scenario = mesh::thirty();
    let world = World::new(&scenario, 1);
    let telemetry = Telemetry::new(&scenario, &world);
    let ticks = 3_600;
    let alone = |walk: bool| {
        let mut w = world.clone();
        if walk {
            w.walk_always();
        }
        let begin = Instant::now();
        for _ in 0..ticks {
            black_box(w.step());
        }
        begin.elapsed()
    };
    let (bare, walked) = (fastest(|| alone(false)), fastest(|| alone(true)));
    let mut scrape = Duration::MAX;
    let watched = fastest(|| {
        let (mut w, mut t) = (world.clone(), telemetry.clone());
        let begin = Instant::now();
        let mut recording = Duration::ZERO;
        for n in 1..=ticks {
            black_box(w.step());
            let begin = Instant::now();
            black_box(t.record(&w));
            if n % 15 == 0 {
                recording += begin.elapsed();
            }
        }
        scrape = scrape.min(recording / (ticks / 15));
        begin.elapsed()
    });
    let per = |d: Duration| d.as_secs_f64() * 1e9 / f64::from(ticks);
    for (how, took) in [("bare", bare), ("every second walked", walked), ("with telemetry", watched)] {
        println!("30 services, a tick {how}: {:.0} ns, {:.0} times real time", per(took), 1e9 / per(took));
    }
    println!("30 services, a scrape with rules: {:.0} µs", scrape.as_secs_f64() * 1e6);
    drop((world, telemetry));

    let before = resident();
    let mut w = World::new(&scenario, 1);
    let mut t = Telemetry::new(&scenario, &w);
    for _ in 0..4 * 3_600 {
        w.step();
        t.record(&w);
    }
    let (series, samples) = (t.store().len(), t.store().sample_count());
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!("4 hours: {series} series, {samples} samples, {:.1} MB more in memory", mb(resident() - before));
    if let Ok(file) = std::env::var("WOM_SAMPLES") {
        std::fs::write(file, t.openmetrics(0)).expect("written");
        return;
    }

    let end_ms = t.scraped_ms().expect("scraped");
    let (start_ms, step_ms) = (end_ms - 3_600_000, 15_000);
    let all = components(&scenario.world);
    let queries: Vec<String> = all.iter().flat_map(|c| dashboards(&scenario.world, c)).map(|p| p.query).collect();
    let ours = fastest(|| {
        let begin = Instant::now();
        for q in &queries {
            let answer = parse(q).and_then(|q| q.range(t.store(), start_ms, end_ms, step_ms));
            black_box(answer.expect("an answer"));
        }
        begin.elapsed()
    });
    println!("a dashboard hour, {} panels in 240 steps: {:.2} ms", queries.len(), ours.as_secs_f64() * 1e3);
    if let Ok(server) = std::env::var("WOM_PROMETHEUS") {
        let total = (0..ROUNDS)
            .map(|_| queries.iter().map(|q| server_s(&server, q, start_ms / 1_000, end_ms / 1_000)).sum::<f64>());
        let theirs = total.fold(f64::INFINITY, f64::min);
        println!("the same in Prometheus's engine: {:.2} ms, {:.2} of ours", theirs * 1e3, theirs / ours.as_secs_f64());
    }
}

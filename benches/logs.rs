//! Benchmarks of the log: counting in a million lines, beside GNU grep on the same bytes in the same run.

#[path = "../tests/support/mesh.rs"]
mod mesh;
#[allow(dead_code, reason = "the mesh stands on a few of its parts")]
#[path = "../tests/support/worlds.rs"]
mod worlds;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use wheel_of_misfortune::observe::{LogQuery, Telemetry};
use wheel_of_misfortune::scenario::{Course, Fault};
use wheel_of_misfortune::sim::{Effect, World};

/// Lines to search in.
const LINES: u64 = 1_000_000;

/// A telemetry of a world in trouble with a million lines, and all of them in a file.
fn million(path: &Path) -> Telemetry {
    let s = mesh::thirty();
    let mut w = World::new(&s, 1);
    let mut t = Telemetry::new(&s, &w);
    for n in 0..12 {
        let fault = Fault::Errors { service: format!("mid{n:02}"), share: worlds::exact(1, 2) };
        w.apply(&Effect::Begin(fault, Course::default())).expect("accepted");
    }
    while t.log_kept().lines < LINES {
        w.step();
        t.record(&w);
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut at = 0;
    loop {
        let page = t.log_page(&LogQuery::default(), at, 50_000);
        for l in page.lines {
            writeln!(file, "{}", l.text).expect("it writes");
        }
        at = page.next;
        if !page.more {
            return t;
        }
    }
}

fn grep(pattern: &str, path: &Path) -> u64 {
    let out = Command::new("grep").args(["-c", "-F", "-e", pattern]).arg(path).env("LC_ALL", "C").output();
    String::from_utf8_lossy(&out.expect("grep is there").stdout).trim().parse().expect("a number")
}

fn search(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("lines");
    let t = million(&path);
    println!("{:?}, {} bytes", t.log_kept(), std::fs::metadata(&path).expect("it is there").len());
    // Decided by the fixed text; by what fills a hole; nowhere.
    for pattern in ["call failed", "request_id=00ff", "connection reset by peer"] {
        let query = LogQuery { text: Some(pattern), ..LogQuery::default() };
        assert_eq!(t.log_count(&query), grep(pattern, &path), "{pattern}");
        c.bench_function(&format!("count `{pattern}`"), |b| b.iter(|| t.log_count(black_box(&query))));
        c.bench_function(&format!("grep `{pattern}`"), |b| b.iter(|| grep(black_box(pattern), &path)));
    }
    c.bench_function("clone", |b| b.iter(|| black_box(&t).clone()));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = search
}
criterion_main!(benches);

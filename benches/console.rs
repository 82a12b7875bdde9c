//! Benchmarks of the console: how long a command's answer takes in a live session, and `grep` over a million simulated log
//! lines beside GNU grep on the same bytes in the same run.

#[path = "../tests/core/console/fixture.rs"]
#[allow(dead_code)]
mod fixture;
#[path = "../tests/core/console/fixture_change.rs"]
#[allow(dead_code)]
mod fixture_change;
#[path = "../tests/core/console/fixture_machine.rs"]
#[allow(dead_code)]
mod fixture_machine;
#[path = "../tests/core/console/fixture_system.rs"]
#[allow(dead_code)]
mod fixture_system;
#[path = "../tests/support/mesh.rs"]
mod mesh;
#[allow(dead_code, reason = "the mesh stands on a few of its parts")]
#[path = "../tests/support/worlds.rs"]
#[allow(dead_code)]
mod worlds;

use criterion::{Criterion, criterion_group, criterion_main};
use fixture::Fixture;
use std::hint::black_box;
use std::process::Command as Process;
use std::time::{Duration, Instant};
use wheel_of_misfortune::console::Console;
use wheel_of_misfortune::fact::Actor;
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::observe::{LogQuery, Telemetry};
use wheel_of_misfortune::scenario::{Course, Fault};
use wheel_of_misfortune::session::{Command, PRIMARY};
use wheel_of_misfortune::sim::{Effect, World};
use wheel_of_misfortune::storage::package;

/// Lines to search in.
const LINES: u64 = 1_000_000;
/// Rounds through all commands of the live session.
const ROUNDS: usize = 20;
/// Longest that the 99th percentile of the answers may take.
const ANSWER_P99: Duration = Duration::from_millis(50);

/// What a responder types, thirty minutes into the docs.rs incident.
const COMMANDS: &[&str] = &[
    "df -h",
    "df -i",
    "du -sh /srv/docs/*",
    "du -s /srv/docs/builder/* | sort -n | tail",
    "ls -la /srv/docs/builder",
    "ls -l /srv/docs/builder/output | head",
    "ls /srv/docs/builder/output | wc -l",
    "find /srv/docs -maxdepth 2",
    "find / -name '*.log'",
    "cat /etc/docs/builder.toml",
    "ps aux",
    "ps -ef | grep docs | grep -v grep",
    "top -b -n 1",
    "free -m",
    "uptime",
    "vmstat",
    "iostat",
    "lsof +L1",
    "ss -tlnp",
    "netstat -tlnp",
    "dmesg | tail",
    "ip -br addr",
    "dig docs.example",
    "curl -sI https://docs.example/serde",
    "ping -c 1 web-01",
    "systemctl status web",
    "systemctl list-units",
    "journalctl -u web -n 20",
    "journalctl -u web -n 1000 | grep -c error",
    "journalctl --since '10 min ago' | wc -l",
    "grep -c GET /var/log/web/access.log",
    "grep 500 /var/log/web/access.log | tail -n 3",
    "tail -n 100 /var/log/web/access.log",
    "awk '{print $9}' /var/log/web/access.log | sort | uniq -c | sort -rn",
    "awk '{n[$9]++} END {for (s in n) print s, n[s]}' /var/log/web/access.log",
    "sed -n '1,5p' /var/log/web/access.log",
    "cut -d' ' -f1 /var/log/web/access.log | sort -u | head",
    "wc -l /var/log/web/*",
    "alerts",
    "logs web -n 5",
    "promql 'up'",
    "promql 'rate(http_requests_total[5m])'",
    "promql 'node_filesystem_avail_bytes{mountpoint=\"/\"}'",
    "queue status",
    "git log -n 5",
    "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; done",
    "for d in /srv/docs/*; do du -s $d; done | sort -n",
    "x=$(hostname); echo ${x^^}; echo $((2**10))",
    "f() { [[ $1 =~ ^([a-z]+)-([0-9]+)$ ]] && echo ${BASH_REMATCH[2]}; }; f web-01",
    "seq 1000 | while read n; do ((s+=n)); done; echo done",
    "echo {1..1000} | tr ' ' '\\n' | sort -rn | head -3",
    "jq -n '[range(100)] | add'",
    "printf '%s\\n' a b c | xargs -n1 echo",
    "date; date -u +%s",
    "env | sort",
    "history | tail",
    "help",
    "man df",
    "type ls; command -v df",
    "systmctl restart web",
];

/// A session of the docs.rs incident at minute 30.
fn live() -> SessionHost {
    let package = package::find("docsrs-2019-10-21-disk-full").expect("it is bundled");
    let mut host = SessionHost::start(package, Options::default()).expect("it starts");
    host.advance(1_800).expect("it runs");
    host
}

fn answers(c: &mut Criterion) {
    let mut host = live();
    let mut took: Vec<(Duration, &str)> = Vec::new();
    for _ in 0..ROUNDS {
        for line in COMMANDS {
            let command = Command::LineSubmitted { terminal: 1, text: (*line).to_owned() };
            let begin = Instant::now();
            let sent = host.submit(Actor::Seat(PRIMARY.to_owned()), command);
            took.push((begin.elapsed(), line));
            sent.expect("it is taken");
            // What takes simulated time ends before the next one is typed.
            for _ in 0..30 {
                host.advance(1).expect("it runs");
                if host.session().console().terminal(1).is_none_or(|t| t.running.is_none()) {
                    break;
                }
            }
        }
    }
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    println!(
        "answers of {} commands, {} rounds: p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms (`{}`)",
        COMMANDS.len(),
        ROUNDS,
        ms(at(0.5).0),
        ms(at(0.99).0),
        ms(at(1.0).0),
        at(1.0).1
    );
    let mut worst: Vec<(Duration, &str)> = Vec::new();
    for (d, line) in took.iter().rev() {
        if !worst.iter().any(|(_, l)| l == line) && worst.len() < 8 {
            worst.push((*d, line));
        }
    }
    for (d, line) in worst {
        println!("  {:.3} ms  {line}", ms(d));
    }
    assert!(at(0.99).0 < ANSWER_P99, "the 99th percentile is {:?}", at(0.99).0);
    c.bench_function("an answer: df -h", |b| {
        b.iter_batched(
            || host.session().clone(),
            |s| {
                let text = "df -h".to_owned();
                let command = Command::LineSubmitted { terminal: 1, text };
                black_box(s.decide(&Actor::Seat(PRIMARY.to_owned()), &command))
            },
            criterion::BatchSize::SmallInput,
        );
    });
}

/// A million lines of a world in trouble.
fn million() -> String {
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
    let mut text = String::new();
    let (mut at, mut lines) = (0, 0);
    loop {
        let page = t.log_page(&LogQuery::default(), at, 50_000);
        for l in page.lines {
            if lines < LINES {
                text.push_str(&l.text);
                text.push('\n');
                lines += 1;
            }
        }
        at = page.next;
        if !page.more || lines >= LINES {
            return text;
        }
    }
}

/// Our `grep` in a terminal over a file of the simulated host: how long it takes, and what it prints.
fn ours(text: &str, line: &str) -> (Duration, String) {
    let mut h = Fixture::new();
    h.put("ops", "/tmp/lines", text, "primary");
    let mut c = Console::new(&[(1, "primary".to_owned(), "ops".to_owned(), "primary".to_owned())]);
    let begin = Instant::now();
    c.submit(1, line, &mut h);
    while c.terminal(1).expect("it is there").running.is_some() && h.now < 600 {
        h.now += 1;
        c.advance(&mut h);
    }
    let took = begin.elapsed();
    let t = c.terminal(1).expect("it is there");
    let said = t.lines().iter().filter(|l| l.prompt.is_none()).map(|l| l.text.clone()).collect::<Vec<_>>().join("\n");
    (took, said)
}

fn search(_: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("lines");
    let text = million();
    std::fs::write(&path, &text).expect("it writes");
    println!("{} lines, {} bytes", text.lines().count(), text.len());
    let mut worst: f64 = 0.0;
    for args in [
        "-c 'call failed'",
        "-c 'request_id=00ff'",
        "-c 'connection reset by peer'",
        "-ci 'CALL FAILED'",
        "-cE 'mid0[1-3].*failed'",
        "-cw 'error'",
        "-cv 'call'",
        "-cE '^[^ ]+ (warn|error)'",
    ] {
        let (mut mine, mut gnu) = (Duration::MAX, Duration::MAX);
        let (mut said, mut want) = (String::new(), String::new());
        for _ in 0..5 {
            let (took, out) = ours(&text, &format!("grep {args} /tmp/lines"));
            mine = mine.min(took);
            said = out;
            let begin = Instant::now();
            let script = format!("grep {args} {}", path.display());
            let out =
                Process::new("sh").args(["-c", &script]).env("LC_ALL", "C.UTF-8").output().expect("grep is there");
            gnu = gnu.min(begin.elapsed());
            want = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        }
        assert_eq!(said, want, "grep {args}");
        let ratio = mine.as_secs_f64() / gnu.as_secs_f64();
        worst = worst.max(ratio);
        println!("grep {args}: ours {mine:?}, GNU grep {gnu:?}, {ratio:.2} times, {want} lines");
    }
    println!("worst: {worst:.2} times GNU grep");
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = answers, search
}
criterion_main!(benches);

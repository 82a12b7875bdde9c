//! What the example host of the tools' tests knows about changes.

use wheel_of_misfortune::console::host::{CacheClient, CacheInfo, change};
use wheel_of_misfortune::sim::Held;
use wheel_of_misfortune::stdx::time::Utc;

pub fn changes(start: i64) -> change::Changes {
    let version = |id: &str, change: &str, text: &str| change::Version {
        id: id.to_owned(),
        change: change.to_owned(),
        text: text.to_owned(),
    };
    let row = |at: i64, id: &str| (Utc(start + at), id.to_owned(), "deployer".to_owned());
    let text = str::to_owned;
    change::Changes {
        configs: vec![change::Config {
            name: text("rules"),
            live: text("r2"),
            declared: text("r1"),
            versions: vec![version("r1", "first rules", "a\n"), version("r2", "match bodies", "a\nb\n")],
            history: vec![row(-179_940, "r1"), row(-60, "r2")],
            generator: None,
            stack: Some(text("edge")),
            service: Some(text("api")),
        }],
        flags: vec![change::Flag {
            name: text("no-rules"),
            percent: 0,
            service: text("api"),
            about: text("kill switch of the rules"),
        }],
        jobs: vec![change::Job {
            name: text("report"),
            host: text("web-01"),
            user: text("root"),
            schedule: text("30 12 * * *"),
            command: text("/usr/bin/report"),
            enabled: true,
            running: 0,
            last: None,
            next: Some(Utc(start + 720)),
        }],
        rollouts: vec![change::Rollout {
            of: text("rules"),
            from: text("r1"),
            to: text("r2"),
            percent: 40,
            paused: false,
            why: String::new(),
            by: text("deployer"),
            left_s: 24,
        }],
        running: Vec::new(),
        queues: vec![change::Depth {
            name: text("builds"),
            ready: 12,
            unacked: 1,
            dead: 340,
            oldest_s: 400,
            deliveries: 2,
            done: 900,
            redelivered: 3,
            service: Some(text("docs")),
            consumers: 1,
            passed: 1_240,
            ..change::Depth::default()
        }],
        caches: vec![(text("shelf"), 0.25)],
        vendors: vec![(text("pay"), text("status.pay.example"), text("All Systems Operational"), Utc(start - 8_280))],
        targets: vec![(text("api"), true), (text("docs"), false)],
        probes: vec![(text("uptime"), Some(text("HTTP 503")))],
        freeze: None,
    }
}

/// Its cache, in front of the documentation.
pub fn caches(now: u64, held: &Held) -> Vec<CacheInfo> {
    vec![CacheInfo {
        name: "shelf".to_owned(),
        names: vec!["shelf.example".to_owned(), "web-01".to_owned()],
        port: 6_379,
        up: true,
        held: Held { tick: now, ..held.clone() },
        hits: 9_000,
        misses: 1_000,
        requests: (10_000 + 4 * now, 4),
        clients: vec![CacheClient { name: "api".to_owned(), address: "10.0.0.20".to_owned(), count: 2, busy: false }],
        memory: Some(50 << 20),
        pid: Some(655),
        up_s: Some(7_200 + now),
        ..CacheInfo::default()
    }]
}
